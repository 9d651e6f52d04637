"""What the database refuses of a declaration whatever the code does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from council.declaration.models import Commitment, CommitmentOwner, Declaration, Indicator, Pillar, Signatory
from council.parties.models import Body, Organisation, Person


def a_commitment(declaration: Declaration, code: str = "C01", **values: Any) -> Commitment:
    return Commitment(declaration=declaration, code=code, kind="joint", title_ko="과제", title_en="C", **values)


def another(declaration: Declaration) -> Declaration:
    body = Body.objects.get(pk=declaration.body_id)
    return Declaration.objects.create(code="next", body=body, title_ko="다음", title_en="Next", issued_on="2027-04-09")


def once(name: str, row: Model, twin: Model, allowed: Model) -> None:
    """The twin of a row is refused, by the constraint of that name (SQLite names the columns), another is taken."""
    row.save()
    with pytest.raises(IntegrityError, match=f"{name}|UNIQUE"), transaction.atomic():
        type(twin)._default_manager.bulk_create([twin])
    assert len(type(allowed)._default_manager.bulk_create([allowed])) == 1


def test_a_commitments_code_is_there_once_a_declaration(declaration: Declaration) -> None:
    rows = [a_commitment(declaration), a_commitment(declaration), a_commitment(another(declaration))]
    once("commitment_code_once", *rows)


def test_a_pillars_order_and_code_are_there_once_a_declaration(declaration: Declaration) -> None:
    def pillar(order: int, code: str, of: Declaration = declaration) -> Pillar:
        return Pillar(declaration=of, order=order, code=code, title_ko="분야", title_en="P")

    once("pillar_order_once", pillar(3, "ai"), pillar(3, "other"), pillar(4, "other"))
    once("pillar_code_once", pillar(5, "fifth"), pillar(6, "fifth"), pillar(5, "fifth", another(declaration)))


def test_somebody_signs_once(declaration: Declaration, signer: Person, skt: Organisation) -> None:
    def signature(of: Declaration) -> Signatory:
        return Signatory(declaration=of, person=signer, organisation=skt, position_ko="대표")

    once("signatory_once", signature(declaration), signature(declaration), signature(another(declaration)))


def test_an_organisation_has_one_part_in_a_commitment(declaration: Declaration, skt: Organisation) -> None:
    first, second = a_commitment(declaration), a_commitment(declaration, "C02")
    first.save()
    second.save()
    once(
        "commitment_owner_once",
        CommitmentOwner(commitment=first, organisation=skt, part="owner"),
        CommitmentOwner(commitment=first, organisation=skt, part="co_owner"),
        CommitmentOwner(commitment=second, organisation=skt, part="co_owner"),
    )


def test_an_indicators_name_is_there_once_a_commitment(declaration: Declaration) -> None:
    first, second = a_commitment(declaration), a_commitment(declaration, "C02")
    first.save()
    second.save()
    once(
        "indicator_name_once",
        Indicator(commitment=first, name_ko="이행률", name_en="Share"),
        Indicator(commitment=first, name_ko="이행률", name_en="Rate"),
        Indicator(commitment=second, name_ko="이행률", name_en="Share"),
    )


def test_a_second_pillar_is_another_one_and_never_the_only_one(
    declaration: Declaration, security: Pillar, benefits: Pillar
) -> None:
    commitment = a_commitment(declaration, pillar=security)
    commitment.save()
    rows = Commitment.objects.filter(pk=commitment.pk)
    wrong: list[dict[str, Any]] = [{"second_pillar": security}, {"pillar": None, "second_pillar": benefits}]
    for columns in wrong:
        with pytest.raises(IntegrityError, match="commitment_second_pillar_is_another"), transaction.atomic():
            rows.update(**columns)
    assert rows.update(second_pillar=benefits) == 1
    assert rows.update(second_pillar=None) == 1
    assert rows.update(pillar=None) == 1


def test_a_form_refuses_the_same_pillar_twice_in_words(declaration: Declaration, security: Pillar) -> None:
    commitment = a_commitment(declaration, pillar=security, lead_division="과")
    commitment.full_clean()
    commitment.second_pillar = security
    with pytest.raises(ValidationError):
        commitment.full_clean()
