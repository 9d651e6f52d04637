"""Which organisation owes a report on what, for which quarter."""

from __future__ import annotations

import pytest

from council.core.quarters import Quarter
from council.declaration.models import Commitment, CommitmentOwner, Indicator
from council.parties.models import Body
from council.reports.operations.rounds import open_round
from council.reports.queries import indicators_due, slots
from tests.factories import Cast, moment
from tests.factories.rows import TESTER
from tests.reports.steps import a_report, accepted, council

pytestmark = pytest.mark.both_databases


def owing(covers: str, commitment: str) -> list[str]:
    found = slots(council(), Quarter.parse(covers))
    return [slot.organisation.code for slot in found if slot.commitment.code == commitment]


@pytest.mark.parametrize(("covers", "number"), [("2026-Q4", 45), ("2027-Q1", 39), ("2027-Q2", 42), ("2027-Q3", 39)])
def test_the_declaration_asks_for_so_many_reports_in_a_quarter(seeded: None, covers: str, number: int) -> None:
    assert len(slots(council(), Quarter.parse(covers))) == number


@pytest.mark.parametrize(
    ("commitment", "quarters"),
    [
        ("C12", ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"]),
        ("C15", ["2027-Q2", "2027-Q4"]),
        ("C11", ["2027-Q4"]),
    ],
    ids=["quarterly", "half-yearly", "yearly"],
)
def test_a_report_follows_the_cadence_of_its_indicator(seeded: None, commitment: str, quarters: list[str]) -> None:
    year = [f"2027-Q{number}" for number in (1, 2, 3, 4)]
    assert [quarter for quarter in year if owing(quarter, commitment)] == quarters
    assert owing("2027-Q4", commitment) == ["KT", "LGU", "SKT"]


def test_one_indicator_that_is_due_is_enough(seeded: None) -> None:
    yearly = Commitment.objects.get(code="C11")
    Indicator.objects.create(commitment=yearly, name_ko="추가", name_en="More", cadence="quarterly")
    assert owing("2027-Q1", "C11") == ["KT", "LGU", "SKT"]


def test_without_an_indicator_a_report_is_due_every_quarter(seeded: None) -> None:
    Commitment.objects.get(code="C11").indicators.all().delete()
    assert owing("2027-Q1", "C11") == ["KT", "LGU", "SKT"]


def test_whoever_only_has_a_part_in_it_owes_nothing(seeded: None) -> None:
    assert CommitmentOwner.objects.filter(commitment__code="C07", part="co_owner").count() == 3
    assert owing("2026-Q4", "C07") == ["MSIT"]


@pytest.mark.parametrize("commitment", ["C16", "C17", "C21"], ids=["only discussed", "tracked through", "through one"])
def test_nothing_is_owed_on_what_is_not_scored_by_itself(seeded: None, commitment: str) -> None:
    assert owing("2026-Q4", commitment) == []


@pytest.mark.parametrize("state", ["fulfilled", "withdrawn", "discussed"])
def test_nothing_is_owed_on_what_is_not_tracked_any_more(seeded: None, state: str) -> None:
    assert owing("2026-Q4", "C12") == ["KT", "LGU", "SKT"]
    Commitment.objects.filter(code="C12").update(state=state)
    assert owing("2026-Q4", "C12") == []


def test_another_body_owes_nothing_on_this_declaration(seeded: None) -> None:
    assert slots(Body.objects.get(code="ciso"), Quarter.parse("2026-Q4")) == []


@pytest.mark.parametrize(("rating", "owed"), [("done", ["KT", "LGU"]), ("on_track", ["KT", "LGU", "SKT"])])
def test_what_is_reported_once_is_owed_until_it_was_accepted_as_done(cast: Cast, rating: str, owed: list[str]) -> None:
    Indicator.objects.filter(commitment__code="C12").update(cadence="once")
    accepted(cast, rating=rating)
    assert owing("2027-Q1", "C12") == owed
    assert owing("2026-Q4", "C12") == ["KT", "LGU", "SKT"]


def test_what_is_reported_every_quarter_is_owed_also_after_it_was_done(cast: Cast) -> None:
    accepted(cast, rating="done")
    assert owing("2027-Q1", "C12") == ["KT", "LGU", "SKT"]


def test_only_the_values_that_are_due_belong_in_a_report(seeded: None) -> None:
    commitment = Commitment.objects.get(code="C12")
    Indicator.objects.create(commitment=commitment, name_ko="연간", name_en="Yearly", cadence="yearly")
    assert [one.cadence for one in indicators_due(a_report())] == ["quarterly", "yearly"]
    opening = open_round(
        body=council(), covers=Quarter.parse("2027-Q1"), meeting=None, due_on=moment("2027-05-03").date(),
        by=TESTER, now=moment("2027-04-05"),
    )  # fmt: skip
    spring = opening.round.reports.get(commitment=commitment, organisation__code="SKT")
    assert [one.cadence for one in indicators_due(spring)] == ["quarterly"]
