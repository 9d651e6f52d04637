"""Names in two languages."""

from __future__ import annotations

import pytest
from django.utils import translation

from council.core.models import Bilingual
from council.parties.models import Organisation, Person


@pytest.mark.parametrize(
    ("language", "name_ko", "name_en", "shown"),
    [
        ("ko", "담당자", "Liaison", "담당자"),
        ("en", "담당자", "Liaison", "Liaison"),
        ("en-gb", "담당자", "Liaison", "Liaison"),
        ("en", "담당자", "", "담당자"),
        ("ko", "", "Liaison", "Liaison"),
        (None, "담당자", "Liaison", "담당자"),
    ],
)
def test_a_name_is_shown_in_the_readers_language_or_in_the_one_there_is(
    language: str | None, name_ko: str, name_en: str, shown: str
) -> None:
    with translation.override(language):
        assert Person(name_ko=name_ko, name_en=name_en).name == shown


def test_where_both_names_are_empty_there_is_another_or_nothing() -> None:
    with translation.override("en"):
        assert Organisation(name_ko="케이티", name_en="KT Corp.").short == "KT Corp."
        assert Organisation(name_ko="케이티", name_en="KT Corp.", short_ko="KT").short == "KT"
        assert Person().position == ""


def test_on_the_class_it_is_the_description_of_the_two_columns() -> None:
    assert isinstance(Person.name, Bilingual)
