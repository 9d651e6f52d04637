"""What organisations, people, bodies and rules are called, in both languages."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from council.parties.models import Body, BodyRules, Organisation, Person


@pytest.mark.parametrize(
    ("language", "name", "short"),
    [("ko", "SK텔레콤", "SKT"), ("en", "SK Telecom", "SKT")],
)
def test_an_organisation_has_a_name_and_a_short_name(language: str, name: str, short: str) -> None:
    with translation.override(language):
        skt = Organisation.objects.get(code="SKT")
        assert (skt.name, str(skt), skt.short) == (name, name, short)


def test_without_a_short_name_the_name_is_used(council: Body) -> None:
    with translation.override("ko"):
        assert Organisation.objects.get(code="MSIT").short == "과기정통부"
        assert (council.name, council.short, str(council)) == ("협의체", "협의체", "협의체")
    council.short_ko = "협의"
    with translation.override("ko"):
        assert (council.name, council.short, str(council)) == ("협의체", "협의", "협의")


def test_a_person_has_a_name_and_a_position() -> None:
    person = Person(name_ko="담당자", name_en="Liaison", position_ko="과장", position_en="Manager")
    with translation.override("ko"):
        assert (str(person), person.position) == ("담당자", "과장")
    with translation.override("en"):
        assert (str(person), person.position) == ("Liaison", "Manager")


def test_a_version_of_the_rules_is_named_and_there_once(council: Body) -> None:
    rules = BodyRules.objects.create(body=council, version=1, text="제1조", effective_on=date(2026, 7, 1))
    with translation.override("ko"):
        assert str(rules) == "협의체 1"
    twin = BodyRules(body=council, version=1, text="제1조", effective_on=date(2026, 7, 1))
    with pytest.raises(IntegrityError, match=r"body_rules_version_once|UNIQUE"), transaction.atomic():
        BodyRules.objects.bulk_create([twin])
    twin.version = 2
    assert len(BodyRules.objects.bulk_create([twin])) == 1
