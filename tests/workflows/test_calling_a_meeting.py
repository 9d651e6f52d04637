"""An extraordinary meeting is called at any hour, of chosen people, and nobody else learns of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.test import Client
from time_machine import Traveller

from council.access.visibility import visible_to
from council.core.calendar import at
from council.core.errors import DomainError, NotAllowedNow
from council.core.models import AuditEntry
from council.core.quarters import Quarter
from council.mail.models import Delivery, Notice
from council.mail.operations import compose
from council.meetings.models import AgendaItem, AgendaSection, Deadline, DeadlineKind, Meeting, Participation
from council.meetings.operations.deadlines import StepRefused
from council.meetings.operations.participation import withdraw_invitation
from council.meetings.operations.schedule import (
    MeetingRefused,
    Plan,
    begin_meeting,
    close_meeting,
    convene_meeting,
    schedule_meeting,
)
from council.parties.models import Person, User
from council.workflows.call_meeting import call_meeting
from tests.access.rows import actors, an_agenda_item, who_sees
from tests.factories import TODAY, Cast, a_meeting, actor_of, link, moment
from tests.factories.founding import clock
from tests.factories.rows import TESTER
from tests.mail.letters import person_of

__all__ = ["clock"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("cast")]
type SignIn = Callable[[User], Client]
SATURDAY_NIGHT = moment("2026-11-28 22:00")
BECAUSE = "침해사고 긴급 대응"
CANARY = "CANARY-INCIDENT"
PAGES = ("/", "/meetings/", "/meetings/calendar/?quarter=2026-Q4", "/search/?q=CANARY")
INVITED = ("skt_ciso", "skt_ceo", "observer")


def times(start: str, end: str) -> dict[str, Any]:
    return {"starts_at": moment(start), "ends_at": moment(end)}


def called(
    cast: Cast, *, invited: Sequence[str] | None = INVITED, announce_now: bool = True, body: str = "ciso", **plan: Any
) -> Meeting:
    """By the secretary, on Saturday night for Sunday morning."""
    values = times("2026-11-29 08:00", "2026-11-29 09:00") | {"title": CANARY, "waive_because": BECAUSE} | plan
    return call_meeting(
        by=actor_of(cast.secretary),
        body=getattr(cast, body),
        plan=Plan(**values),
        only=None if invited is None else [person_of(getattr(cast, name)) for name in invited],
        announce_now=announce_now,
        now=SATURDAY_NIGHT,
    )


def refusal[E: DomainError](kind: type[E], cast: Cast, **values: Any) -> E:
    """The refusal, after which nothing at all is kept."""
    before = _counts()
    with pytest.raises(kind) as error:
        called(cast, **values)
    assert _counts() == before
    return error.value


def _counts() -> list[int]:
    return [model._default_manager.count() for model in (Meeting, Deadline, Participation, Notice, AuditEntry)]


def asked(meeting: Meeting) -> set[str]:
    return set(meeting.participations.values_list("person__email", flat=True))


def test_it_is_planned_its_people_asked_and_announced_in_one_step(cast: Cast) -> None:
    meeting = Meeting.objects.get(pk=called(cast).pk)
    assert (meeting.kind, meeting.state, meeting.opened_at) == ("extraordinary", "open", SATURDAY_NIGHT)
    assert (meeting.by_invitation, meeting.quarter, meeting.title) == (True, Quarter(2026, 4), CANARY)
    assert asked(meeting) == {"ciso@skt.test", "ceo@skt.test", "observer@kisa.test"}
    verbs = set(AuditEntry.objects.filter(target_id=str(meeting.pk), target_type="meeting").values_list("verb"))
    assert verbs == {("meeting.scheduled",), ("meeting.convened",)}


def test_its_steps_run_on_hours_through_the_night_and_the_sunday(cast: Cast) -> None:
    meeting = called(cast)
    assert set(meeting.deadlines.values_list("kind", "due_at", "waived_because")) == {
        ("notice", moment("2026-11-28 08:00"), BECAUSE),
        ("papers_out", moment("2026-11-29 02:00"), ""),
        ("attendance_settled", moment("2026-11-29 05:00"), ""),
    }


@pytest.mark.parametrize("because", ["", "  "])
def test_steps_that_have_passed_are_named_and_need_a_reason(cast: Cast, because: str) -> None:
    error = refusal(StepRefused, cast, waive_because=because)
    assert error.field == "waive_because"
    assert str(DeadlineKind.NOTICE.label) in str(error)
    assert str(DeadlineKind.PAPERS_OUT.label) not in str(error)


def test_with_time_for_every_step_no_reason_is_needed_but_for_one_left_out(cast: Cast) -> None:
    later = times("2026-11-30 08:00", "2026-11-30 09:00") | {"waive_because": ""}
    assert called(cast, **later).deadlines.filter(waived_because="").count() == 3
    error = refusal(StepRefused, cast, **later, steps={"papers_out": None})
    assert str(DeadlineKind.PAPERS_OUT.label) in str(error)


def test_only_the_chosen_and_the_secretary_see_it_and_anything_of_it(cast: Cast) -> None:
    meeting = called(cast)
    item = an_agenda_item(meeting, "TLP:GREEN", owner="MSIT", title=CANARY)
    section = AgendaSection.objects.create(meeting=meeting, title=CANARY)
    for row in (meeting, item, section, meeting.deadlines.get(kind="papers_out")):
        assert who_sees(cast, row) == {"secretary", *INVITED}, row


def test_the_uninvited_see_no_more_than_before_there_was_one(cast: Cast) -> None:
    models = (Meeting, Deadline, AgendaItem, Participation, Person)
    uninvited = {name: actor for name, actor in actors(cast).items() if name not in {"secretary", *INVITED}}

    def seen() -> dict[str, list[int]]:
        rows = [model._default_manager.all() for model in models]
        return {name: [visible_to(who, each, on=TODAY).count() for each in rows] for name, who in uninvited.items()}

    before = seen()
    an_agenda_item(called(cast), "TLP:CLEAR", owner="MSIT", title=CANARY)
    assert seen() == before


def test_no_page_of_a_rivals_shows_it(cast: Cast, as_user: SignIn) -> None:
    meeting = called(cast)
    an_agenda_item(meeting, owner="MSIT", title=CANARY)
    for who, shown in (("skt_ciso", True), ("kt_ciso", False), ("kt_liaison", False), ("skt_liaison", False)):
        client = as_user(getattr(cast, who))
        pages = "".join(client.get(url).text for url in PAGES)
        assert (CANARY in pages) is shown, who
        assert client.get(link("meeting", meeting.pk)).status_code == (200 if shown else 404), who


def test_no_number_betrays_it(cast: Cast) -> None:
    secret = called(cast)
    begin_meeting(secret, by=TESTER)
    close_meeting(secret, by=TESTER, now=moment("2026-11-29 09:00"))
    assert Meeting.objects.get(pk=secret.pk).number is None
    for kind, starts_at in (("extraordinary", "2027-05-21 10:00"), ("regular", "2027-05-20 10:00")):
        known = a_meeting("ciso", kind=kind, starts_at=moment(starts_at))
        convene_meeting(known, by=TESTER, now=SATURDAY_NIGHT, quiet=True)
        begin_meeting(known, by=TESTER)
        assert Meeting.objects.get(pk=known.pk).number == 1


def test_urgent_letters_are_written_at_night_and_wait_for_nobody(cast: Cast, clock: Traveller) -> None:
    clock.move_to(SATURDAY_NIGHT, tick=False)
    called(cast)
    assert compose(now=SATURDAY_NIGHT) == 3
    assert set(Delivery.objects.values_list("address", "calendar_method", "needs_release", "not_before")) == {
        (address, "REQUEST", False, SATURDAY_NIGHT)
        for address in ("ciso@skt.test", "ceo@skt.test", "observer@kisa.test")
    }


def test_letters_of_a_meeting_that_is_not_urgent_wait_for_office_hours_and_for_release(
    cast: Cast, clock: Traveller
) -> None:
    clock.move_to(SATURDAY_NIGHT, tick=False)
    tuesday = called(cast, announce_now=False, **times("2026-12-01 08:00", "2026-12-01 09:00"))
    convene_meeting(tuesday, by=TESTER, now=SATURDAY_NIGHT)
    assert Notice.objects.count() == 3
    assert compose(now=SATURDAY_NIGHT) == 0
    assert compose(now=moment("2026-11-30 09:00")) == 3
    assert dict(Delivery.objects.values_list("address", "needs_release")) == {
        "ciso@skt.test": False, "ceo@skt.test": True, "observer@kisa.test": False,
    }  # fmt: skip


def test_nobody_is_invited_to_a_meeting_whose_hour_has_passed(cast: Cast, clock: Traveller) -> None:
    clock.move_to(SATURDAY_NIGHT, tick=False)
    convene_meeting(called(cast, announce_now=False), by=TESTER, now=SATURDAY_NIGHT)
    assert Notice.objects.count() == 3
    assert compose(now=moment("2026-11-30 09:00")) == 0


def test_one_that_is_not_announced_yet_is_the_secretarys_alone(cast: Cast) -> None:
    meeting = called(cast, announce_now=False)
    assert (meeting.state, Notice.objects.count()) == ("draft", 0)
    assert who_sees(cast, meeting) == {"secretary"}
    assert asked(meeting) == {"ciso@skt.test", "ceo@skt.test", "observer@kisa.test"}


def test_without_a_choice_everyone_seated_is_asked_and_it_is_counted(cast: Cast) -> None:
    meeting = called(cast, invited=None)
    assert meeting.by_invitation is False
    assert who_sees(cast, meeting) == {
        "secretary", "skt_liaison", "kt_liaison", "lgu_liaison", "skt_ciso", "kt_ciso", "observer",
    }  # fmt: skip
    begin_meeting(meeting, by=TESTER)
    assert meeting.number == 1


def test_a_meeting_of_nobody_is_not_announced(cast: Cast) -> None:
    refusal(NotAllowedNow, cast, invited=())
    assert called(cast, invited=(), announce_now=False).state == "draft"


def test_what_breaks_a_rule_leaves_nothing_behind(cast: Cast) -> None:
    assert refusal(MeetingRefused, cast, ends_at=moment("2026-11-29 08:00")).field == "ends_at"
    assert refusal(StepRefused, cast, steps={"papers_out": moment("2026-11-29 08:30")}).field == "papers_out"


def test_people_are_chosen_for_extraordinary_meetings_only(cast: Cast) -> None:
    plan = Plan(starts_at=moment("2027-05-20 10:00"), ends_at=moment("2027-05-20 11:00"))
    with pytest.raises(MeetingRefused) as error:
        schedule_meeting(
            by=TESTER, body=cast.ciso, quarter=Quarter(2027, 2), kind="regular", plan=plan, now=SATURDAY_NIGHT,
            only=[person_of(cast.skt_ciso)],
        )  # fmt: skip
    assert error.value.field == "invitees"
    assert Meeting.objects.filter(quarter=Quarter(2027, 2)).count() == 0


def test_somebody_from_outside_the_body_is_in_attendance_and_its_member_an_attendee(cast: Cast) -> None:
    capacities = dict(called(cast).participations.values_list("person__email", "capacity"))
    assert capacities == {"ciso@skt.test": "member", "ceo@skt.test": "observer", "observer@kisa.test": "observer"}


def test_whoever_is_asked_no_more_sees_it_no_more(cast: Cast) -> None:
    meeting = called(cast)
    withdraw_invitation(meeting.participations.get(person=cast.skt_ceo.person), by=TESTER, reason="불필요")
    assert who_sees(cast, meeting) == {"secretary", "skt_ciso", "observer"}
    withdraw_invitation(meeting.participations.get(person=cast.skt_ciso.person), by=TESTER, reason="불필요")
    assert who_sees(cast, meeting) == {"secretary", "observer"}


def test_it_belongs_to_the_quarter_of_its_day_in_seoul(cast: Cast) -> None:
    first_hour = times("2027-01-01 00:30", "2027-01-01 01:30")  # still 2026 in UTC
    assert called(cast, **first_hour).quarter == Quarter(2027, 1)


@pytest.mark.parametrize("hour", ["09:10", "20:30", "20:59", "21:30"])
def test_the_time_that_the_form_proposes_is_ahead_and_ends_on_the_day_it_begins(
    cast: Cast, as_user: SignIn, clock: Traveller, hour: str
) -> None:
    now = moment(f"2026-11-28 {hour}")
    clock.move_to(now)
    proposed = as_user(cast.secretary).get("/admin/council/meeting/call/").context["form"].initial
    start, end = at(proposed["day"], proposed["starts"]), at(proposed["day"], proposed["ends"])
    assert now < start < end
