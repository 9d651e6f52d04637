"""A decision that adopts a commitment, or declares it fulfilled, does so when its minutes are approved."""

from __future__ import annotations

from datetime import timedelta

import pytest

from council.declaration.models import Commitment
from council.declaration.operations import resume_commitment, withdraw_commitment
from council.minutes.models import Decision, MinutesRevision
from council.minutes.operations.approval import Approval
from council.minutes.operations.circulation import circulate
from council.minutes.operations.decisions import Wording, change_decision
from council.minutes.operations.writing import next_version
from council.workflows.approve_minutes import approve_minutes
from tests.factories import Cast, actor_of
from tests.factories.founding import clock
from tests.minutes.held import (
    AFTER,
    a_decision,
    a_meeting_in_session,
    circulated_minutes,
    items_of,
    organisations,
    written_minutes,
)

__all__ = ["clock"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("clock")]


def the(code: str) -> Commitment:
    return Commitment.objects.get(code=code)


def told(cast: Cast, code: str, effect: str) -> MinutesRevision:
    """Minutes that were circulated, with such a decision on the first item."""
    meeting = a_meeting_in_session(cast)
    written_minutes(cast, meeting)
    decision = a_decision(cast, items_of(meeting)[0], f"{code}: {effect}", commitment=the(code), effect=effect)
    decision.no_action = "이행과제로 점검한다."
    decision.save()
    return circulated_minutes(cast, meeting=meeting)


def approved(cast: Cast, revision: MinutesRevision, *, after: timedelta = timedelta(0)) -> None:
    now = AFTER + after
    approve_minutes(
        revision, by=actor_of(cast.secretary), now=now,
        approval=Approval(approver="통신정책관 ○○○", route="delegated", on=now.date()), quiet=True,
    )  # fmt: skip


@pytest.mark.parametrize(("code", "effect", "state"), [("C16", "adopts", "tracked"), ("C12", "closes", "fulfilled")])
def test_it_waits_for_the_approval_and_gives_its_number_as_the_reason(
    cast: Cast, code: str, effect: str, state: str
) -> None:
    before = the(code).state
    revision = told(cast, code, effect)
    assert the(code).state == before != state
    approved(cast, revision)
    decision = the(code).decisions.get()
    assert (the(code).state, the(code).state_because) == (state, decision.reference)
    assert str(decision.number) in decision.reference


@pytest.mark.parametrize("effect", ["", "changes"])
def test_a_decision_that_says_something_else_about_it_leaves_its_state(cast: Cast, effect: str) -> None:
    approved(cast, told(cast, "C16", effect))
    assert (the("C16").state, the("C16").state_because) == ("discussed", "")


def test_what_has_gone_on_since_stays_as_it_is_and_the_minutes_are_approved(cast: Cast) -> None:
    revision = told(cast, "C16", "adopts")
    withdraw_commitment(the("C16"), by=actor_of(cast.secretary), reason="Not pursued")
    approved(cast, revision)
    assert (the("C16").state, the("C16").state_because) == ("withdrawn", "Not pursued")
    assert MinutesRevision.objects.approved().filter(pk=revision.pk).exists()


def test_an_amendment_of_the_minutes_does_not_apply_its_older_decisions_once_more(cast: Cast) -> None:
    """Found unfulfilled after the approval: correcting another decision does not declare it fulfilled again."""
    secretary = actor_of(cast.secretary)
    revision = told(cast, "C12", "closes")
    approved(cast, revision)
    resume_commitment(the("C12"), by=secretary, reason="Some lines are not served")
    new = next_version(revision.minutes, by=secretary, because="오기 정정")
    other = Decision.objects.get(text="합의한다.")
    change_decision(other, by=secretary, wording=Wording(kind="decision", text="다르게"))
    circulate(
        MinutesRevision.objects.get(pk=new.pk), by=secretary, now=AFTER, organisations=organisations("SKT"),
        until=AFTER + timedelta(days=5), quiet=True,
    )  # fmt: skip
    approved(cast, new, after=timedelta(days=6))
    assert Decision.objects.get(text="다르게").in_force_at == AFTER + timedelta(days=6)
    assert (the("C12").state, the("C12").state_because) == ("tracked", "Some lines are not served")
