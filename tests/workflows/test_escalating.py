"""What hangs climbs by its body's rules: to the owner's CISO, then to the agenda of the council; and can be stopped."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest

from council.access.visibility import visible_to
from council.actions.models import ActionItem, AgendaLink, Escalation, EscalationRule, Verification
from council.actions.operations.errors import ActionRefused
from council.actions.operations.escalation import climb
from council.actions.operations.judging import return_action, submit_for_verification
from council.actions.operations.progress import submit_progress
from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.mail.models import Notice
from council.meetings.models import Meeting, StandingItem
from council.parties.models import Body
from council.workflows.carry_over import carry_over
from council.workflows.escalate_overdue import CLIMBER, escalate_overdue, stop_climbing
from tests.actions.steps import a_report, reported, submitted
from tests.factories import Cast, actor_of, an_action, link, moment
from tests.factories.founding import clock
from tests.factories.rows import TESTER

__all__ = ["clock"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("clock")]
DUE = date(2026, 11, 30)  # a Monday
LATER = date(2026, 12, 18)
# The second, the third and the tenth business day after it.
SECOND, THIRD, TENTH = (moment(f"2026-12-{day} 09:00") for day in ("02", "03", "14"))


def late(owner: str = "SKT", **values: Any) -> ActionItem:
    return an_action(owner, due_on=DUE, original_due_on=DUE, **values)


def of_the_group() -> ActionItem:
    action = late()
    ActionItem.objects.filter(pk=action.pk).update(body=Body.objects.get(code="ciso"))
    return action


def steps(action: ActionItem) -> list[str]:
    return list(Escalation.objects.filter(action=action).order_by("pk").values_list("step", flat=True))


def told(action: ActionItem) -> set[str]:
    rows = Escalation.objects.filter(action=action)
    notices = Notice.objects.filter(target_type="escalation", target_id__in=rows.values("pk"))
    return set(notices.values_list("recipient__user__email", flat=True))


@pytest.fixture
def agenda(cast: Cast) -> Meeting:
    """The council's next regular meeting, whose agenda has the standing item about open action items."""
    meeting = Meeting.objects.get(body__code="council", kind="regular")
    carry_over(meeting, by=TESTER)
    return meeting


def links(meeting: Meeting) -> dict[int, str]:
    return dict(AgendaLink.objects.filter(agenda_item__meeting=meeting).values_list("action", "reason"))


def test_an_overdue_item_climbs_to_the_ciso_on_the_third_business_day_and_not_before(cast: Cast) -> None:
    action = late()
    assert escalate_overdue(now=SECOND) == 0
    assert escalate_overdue(now=THIRD) == 1
    assert steps(action) == ["lead"]
    assert cast.skt_ciso.email in told(action)
    assert not {email for email in told(action) if "kt.test" in email and "skt.test" not in email}


def test_a_step_is_taken_once_however_often_it_is_looked_at(cast: Cast) -> None:
    action = late()
    assert [escalate_overdue(now=THIRD) for _again in range(3)] == [1, 0, 0]
    assert escalate_overdue(now=moment("2026-12-04 09:00")) == 0
    assert steps(action) == ["lead"]
    assert AuditEntry.objects.filter(verb="action.escalated").count() == 1


def test_after_ten_business_days_it_stands_on_the_next_agenda_of_the_council(cast: Cast, agenda: Meeting) -> None:
    action, other = late(), late("KT", label="TLP:AMBER+STRICT")
    in_time = an_action("SKT", due_on=LATER, original_due_on=LATER)
    carry_over(agenda, by=TESTER)
    assert links(agenda) == {action.pk: "open", other.pk: "open", in_time.pk: "open"}
    escalate_overdue(now=TENTH)
    assert steps(action) == ["lead", "council"]
    assert links(agenda) == {action.pk: "escalated", other.pk: "escalated", in_time.pk: "open"}
    assert cast.secretary.email in told(action)
    seen = visible_to(actor_of(cast.skt_liaison), AgendaLink.objects.all()).values_list("action", flat=True)
    assert other.pk not in seen


def test_an_item_of_the_working_group_goes_on_the_agenda_of_the_council_above_it(cast: Cast, agenda: Meeting) -> None:
    action = of_the_group()
    escalate_overdue(now=TENTH)
    assert links(agenda) == {action.pk: "escalated"}
    assert cast.skt_ciso.email in told(action)


def test_a_meeting_planned_later_takes_up_what_has_climbed_before(cast: Cast) -> None:
    Meeting.objects.filter(kind="regular").update(state="cancelled", cancelled_at=TENTH)
    action = late()
    escalate_overdue(now=TENTH)
    assert steps(action) == ["lead", "council"]
    Meeting.objects.filter(kind="regular").update(state="draft", cancelled_at=None)
    meeting = Meeting.objects.get(body__code="council", kind="regular")
    carry_over(meeting, by=TESTER)
    escalate_overdue(now=TENTH)
    assert links(meeting) == {action.pk: "escalated"}


def test_what_is_handed_in_or_put_off_is_an_open_item_of_the_agenda_again(cast: Cast, agenda: Meeting) -> None:
    handed_in, put_off, of_group = late(), late(), of_the_group()
    escalate_overdue(now=TENTH)
    assert set(links(agenda).values()) == {"escalated"}
    ActionItem.objects.filter(pk__in=[handed_in.pk, of_group.pk]).update(state="submitted", submitted_at=TENTH)
    ActionItem.objects.filter(pk=put_off.pk).update(due_on=LATER)
    escalate_overdue(now=TENTH)
    assert links(agenda) == {handed_in.pk: "open", put_off.pk: "open"}
    assert not Escalation.objects.running().exists()


def test_a_later_date_that_is_missed_as_well_climbs_anew(cast: Cast) -> None:
    action = late()
    escalate_overdue(now=THIRD)
    ActionItem.objects.filter(pk=action.pk).update(due_on="2026-12-07")
    assert escalate_overdue(now=moment("2026-12-09 09:00")) == 0
    assert escalate_overdue(now=moment("2026-12-10 09:00")) == 1
    assert steps(action) == ["lead", "lead"]


def test_an_item_that_was_returned_and_not_completed_climbs_from_the_day_it_was_returned(cast: Cast) -> None:
    action = reported(cast, due_on=LATER, original_due_on=LATER)
    ActionItem.objects.filter(pk=action.pk).update(state="returned")

    def returned(at: datetime) -> None:
        Verification.objects.create(action=action, verdict="returned", by=cast.secretary, at=at)

    returned(moment("2026-11-24 10:00"))
    assert escalate_overdue(now=moment("2026-11-30 23:00")) == 0
    assert escalate_overdue(now=moment("2026-12-01 09:00")) == 1
    running = Escalation.objects.running()
    assert list(running.values_list("cause", "step")) == [("returned", "lead")]
    returned(moment("2026-12-02 10:00"))  # once more, and in between it was handed in
    assert not Escalation.objects.running().exists()
    assert escalate_overdue(now=moment("2026-12-08 09:00")) == 0
    assert escalate_overdue(now=moment("2026-12-09 09:00")) == 1


def test_a_word_on_progress_is_no_completion_and_lets_it_climb_all_the_same(cast: Cast) -> None:
    action = submitted(cast, due_on=LATER, original_due_on=LATER)
    by = actor_of(cast.secretary)
    return_action(action, by=by, now=moment("2026-11-24 10:00"), comment="Sign it", met=())
    submit_progress(
        action,
        by=actor_of(cast.skt_liaison),
        now=moment("2026-11-25 10:00"),
        progress=a_report(text="We are on it", percent=50),
    )
    assert ActionItem.objects.get().state == "in_progress"
    assert escalate_overdue(now=moment("2026-12-01 09:00")) == 1
    assert Escalation.objects.running().count() == 1
    submit_for_verification(ActionItem.objects.get(), by=actor_of(cast.skt_liaison), now=moment("2026-12-02 10:00"))
    assert not Escalation.objects.running().exists()
    assert escalate_overdue(now=moment("2026-12-17 09:00")) == 0


def test_a_stop_is_for_all_that_the_item_hung_on(cast: Cast) -> None:
    action = late()
    ActionItem.objects.filter(pk=action.pk).update(state="returned")
    Verification.objects.create(action=action, verdict="returned", by=cast.secretary, at=moment("2026-12-01 10:00"))
    escalate_overdue(now=THIRD)
    assert steps(action) == ["lead"]
    stop_climbing(action, by=actor_of(cast.secretary), now=THIRD, reason="A plan was agreed")
    assert [escalate_overdue(now=moment(day)) for day in ("2026-12-08 09:00", "2026-12-22 09:00")] == [0, 0]


def test_of_an_owner_without_a_ciso_the_secretariat_is_told(cast: Cast) -> None:
    action = late("GOV")
    escalate_overdue(now=THIRD)
    assert cast.secretary.email in told(action)


def test_the_page_of_the_agenda_item_says_which_climbed(cast: Cast, agenda: Meeting, as_user: Any) -> None:
    action, in_time = late(label="TLP:AMBER"), an_action("SKT", due_on=LATER, label="TLP:AMBER")
    escalate_overdue(now=TENTH)
    carry_over(agenda, by=TESTER)
    place = AgendaLink.objects.get(action=action).agenda_item
    page = as_user(cast.secretary).get(link("agenda_item", place.pk)).text
    lines = re.findall(r"<li>.*?</li>", page, re.DOTALL)
    shown = {row.pk: next(line for line in lines if link("action", row.pk) in line) for row in (action, in_time)}
    assert ("<strong>" in shown[action.pk], "<strong>" in shown[in_time.pk]) == (True, False)


def test_stopping_needs_a_reason_and_takes_the_item_off_the_agenda(cast: Cast, agenda: Meeting) -> None:
    own, of_group = late(), of_the_group()
    escalate_overdue(now=TENTH)
    by = actor_of(cast.secretary)
    with pytest.raises(ActionRefused):
        stop_climbing(own, by=by, now=TENTH, reason="  ")
    for action in (own, of_group):
        stop_climbing(action, by=by, now=TENTH, reason="Agreed with the carrier on a plan")
    assert links(agenda) == {own.pk: "open"}
    assert escalate_overdue(now=moment("2027-01-29 09:00")) == 0
    kept = Escalation.objects.filter(action=own).values_list("stopped_because", flat=True)
    assert list(kept) == ["Agreed with the carrier on a plan"] * 2
    with pytest.raises(NotAllowedNow):
        stop_climbing(own, by=by, now=TENTH, reason="Again")


def test_stopping_one_leaves_every_other_where_it_stands(cast: Cast, agenda: Meeting) -> None:
    one, other = late(), late("KT")
    escalate_overdue(now=TENTH)
    AgendaLink.objects.filter(action=other).update(reason="open")  # the next turn will put that right
    stop_climbing(one, by=actor_of(cast.secretary), now=TENTH, reason="A plan")
    assert links(agenda) == {one.pk: "open", other.pk: "open"}
    entries = AuditEntry.objects.filter(verb__startswith="agenda.action", actor_user_id=cast.secretary.pk)
    assert [entry.verb for entry in entries] == ["agenda.action_not_escalated"]


def test_one_stopped_after_its_first_step_never_takes_the_second(cast: Cast) -> None:
    action = late()
    escalate_overdue(now=THIRD)
    stop_climbing(action, by=actor_of(cast.secretary), now=THIRD, reason="Force majeure")
    assert escalate_overdue(now=TENTH) == 0
    assert steps(action) == ["lead"]


def test_a_body_without_rules_lets_nothing_climb(cast: Cast) -> None:
    EscalationRule.objects.filter(body__code="council").delete()
    late()
    assert climb(by=CLIMBER, now=TENTH) == 0


def test_what_is_submitted_settled_or_provisional_does_not_climb(cast: Cast) -> None:
    for state in ("draft", "submitted", "verified", "cancelled"):
        action = late()
        times = {"submitted_at": THIRD} if state in {"submitted", "verified"} else {}
        times |= {"verified_at": THIRD} if state == "verified" else {}
        ActionItem.objects.filter(pk=action.pk).update(state=state, **times)
    assert escalate_overdue(now=TENTH) == 0


def test_an_agenda_without_the_standing_item_waits_and_breaks_nothing(cast: Cast, agenda: Meeting) -> None:
    agenda.agenda_items.filter(standing__about=StandingItem.About.OPEN_ACTIONS).update(state="withdrawn")
    action = late()
    assert escalate_overdue(now=TENTH) == 2
    assert links(agenda) == {}
    assert steps(action) == ["lead", "council"]
