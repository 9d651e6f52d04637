"""Where an organisation starts from and what it is to reach, and when an indicator's value is due."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from council.core.belonging import body_of
from council.core.quarters import Quarter
from council.declaration.models import Declaration, Indicator, IndicatorTarget, Pillar
from council.declaration.queries import Targets, targets_for
from council.parties.models import Body, Organisation
from tests.declaration.test_constraints import a_commitment


@pytest.fixture
def indicator(declaration: Declaration) -> Indicator:
    commitment = a_commitment(declaration)
    commitment.save()
    return Indicator.objects.create(
        commitment=commitment, name_ko="이행률", name_en="Share", baseline=Decimal(10), target=Decimal(90)
    )


def test_without_a_target_of_its_own_the_shared_one_counts(indicator: Indicator, skt: Organisation) -> None:
    assert targets_for(indicator, skt) == Targets(Decimal(10), Decimal(90))


def test_an_organisations_own_values_count_and_the_shared_one_where_it_has_none(
    indicator: Indicator, skt: Organisation
) -> None:
    own = IndicatorTarget.objects.create(indicator=indicator, organisation=skt, baseline=Decimal(0))
    assert targets_for(indicator, skt) == Targets(Decimal(0), Decimal(90))
    IndicatorTarget.objects.filter(pk=own.pk).update(baseline=None, target=Decimal(50))
    assert targets_for(indicator, skt) == Targets(Decimal(10), Decimal(50))


def test_the_target_of_another_organisation_does_not_count(indicator: Indicator, skt: Organisation) -> None:
    other = Organisation.objects.create(code="KT", kind="carrier", name_ko="KT", name_en="KT")
    IndicatorTarget.objects.create(indicator=indicator, organisation=other, baseline=Decimal(1), target=Decimal(2))
    assert targets_for(indicator, skt) == Targets(Decimal(10), Decimal(90))


def test_what_nobody_has_set_is_not_zero(indicator: Indicator, skt: Organisation) -> None:
    Indicator.objects.update(baseline=None, target=None)
    indicator.refresh_from_db()
    assert targets_for(indicator, skt) == Targets(None, None)


def test_an_organisation_has_one_target_an_indicator(indicator: Indicator, skt: Organisation) -> None:
    row = IndicatorTarget.objects.create(indicator=indicator, organisation=skt, target=Decimal(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorTarget.objects.create(indicator=indicator, organisation=skt, target=Decimal(2))
    assert str(row).endswith(": SK텔레콤")
    assert body_of(row) == indicator.commitment.declaration.body_id


@pytest.mark.parametrize(
    ("cadence", "quarters"),
    [("quarterly", [1, 2, 3, 4]), ("half_yearly", [2, 4]), ("yearly", [4]), ("once", [1, 2, 3, 4])],
)
def test_a_value_is_due_as_often_as_the_indicator_says(cadence: str, quarters: list[int]) -> None:
    indicator = Indicator(cadence=cadence)
    assert [number for number in (1, 2, 3, 4) if indicator.is_due_in(Quarter(2027, number))] == quarters


def test_a_pillar_may_be_discussed_by_a_working_group_first(security: Pillar) -> None:
    group = Body.objects.create(code="ciso", name_ko="실무협의체", name_en="Group", parent=security.declaration.body)
    Pillar.objects.filter(pk=security.pk).update(working_group=group)
    assert list(group.pillars.all()) == [security]
    with pytest.raises(IntegrityError), transaction.atomic():
        group.delete()
