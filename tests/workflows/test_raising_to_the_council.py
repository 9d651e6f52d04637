"""An item of the working group goes up to the council in words of its own, provisional until it is borne out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from council.access.roles import standing
from council.core.errors import DomainError, NotAllowedNow
from council.core.models import AuditEntry
from council.meetings.models import AgendaItem, Meeting, Paper
from council.meetings.operations.agenda import AgendaRefused, save_agenda_item, withdraw_agenda_item
from council.meetings.operations.schedule import Plan, begin_meeting, cancel_meeting, convene_meeting
from council.minutes.models import Minutes, MinutesRevision
from council.overview.papers import item_page
from council.parties.models import Organisation, User
from council.workflows.call_meeting import call_meeting
from council.workflows.carry_over import carry_over
from council.workflows.escalate_to_council import Raised, escalate_to_council, reconfirm
from tests.access.rows import an_agenda_item, who_sees
from tests.factories import TODAY, Cast, a_meeting, actor_of, an_account, link, moment, seat
from tests.factories.founding import clock
from tests.factories.rows import TESTER
from tests.mail.letters import person_of

__all__ = ["clock"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("clock")]
type SignIn = Callable[[User], Client]
NOW = moment("2026-11-24 09:00")
CANARY = "CANARY-OF-THE-GROUP"
RAISED = Raised(title="정보보호 강화 방안", label="TLP:AMBER", background="협의체가 읽는 배경", duration=15)


@pytest.fixture
def group(cast: Cast) -> Meeting:
    """The working group's, announced; the council's comes three weeks later."""
    return _announced("ciso")


@pytest.fixture
def council(cast: Cast) -> Meeting:
    return _announced("council")


def _announced(body: str) -> Meeting:
    meeting = Meeting.objects.get(body__code=body, kind="regular")
    convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)
    return meeting


def theirs(group: Meeting, **values: Any) -> AgendaItem:
    """An item of the group's, with a paper, full of what the council must not read."""
    given = {"owner": "SKT", "title": f"{CANARY} 제목", "background": f"{CANARY} 배경"} | values
    item = an_agenda_item(group, **given)
    item.presenter = person_of(User.objects.get(email="ciso@skt.test"))
    item.competition_opinion = f"{CANARY} 의견"
    item.save()
    Paper.objects.create(agenda_item=item, title=f"{CANARY} 자료", owner=item.owner, document_number=CANARY)
    return item


def raised(cast: Cast, item: AgendaItem, what: Raised = RAISED) -> AgendaItem:
    return escalate_to_council(item, by=actor_of(cast.secretary), raised=what)


def refusal[E: DomainError](kind: type[E], cast: Cast, item: AgendaItem, what: Raised = RAISED) -> E:
    before = AgendaItem.objects.count(), AuditEntry.objects.count()
    with pytest.raises(kind) as error:
        raised(cast, item, what)
    assert (AgendaItem.objects.count(), AuditEntry.objects.count()) == before
    return error.value


def test_it_stands_on_the_councils_next_agenda_in_words_of_its_own(
    cast: Cast, group: Meeting, council: Meeting
) -> None:
    item = theirs(group)
    new = AgendaItem.objects.get(pk=raised(cast, item).pk)
    assert (new.meeting, new.title, new.background) == (council, "정보보호 강화 방안", "협의체가 읽는 배경")
    assert (new.state, new.kind, new.label, new.duration) == ("accepted", "report", "TLP:AMBER", 15)
    assert (new.provisional, new.raised_from, new.owner.code, new.commitment) == (True, item, "MSIT", item.commitment)
    assert AgendaItem.objects.get(pk=item.pk).title == f"{CANARY} 제목"


def test_it_stands_before_the_closing_words(cast: Cast, group: Meeting, council: Meeting) -> None:
    carry_over(council, by=TESTER)
    new = raised(cast, theirs(group))
    assert [item.pk for item in council.agenda_items.order_by("position")][-2] == new.pk


def test_nothing_of_the_groups_text_goes_along(cast: Cast, group: Meeting, council: Meeting) -> None:
    new = raised(cast, theirs(group))
    values = AgendaItem.objects.filter(pk=new.pk).values().get()
    assert CANARY not in str({name: value for name, value in values.items() if name != "raised_from_id"})
    assert (new.papers.count(), new.presenter, new.competition_checked_at) == (0, None, None)
    entry = AuditEntry.objects.get(verb="agenda.item_raised")
    assert CANARY not in str([entry.target, entry.before, entry.after, entry.reason])


@pytest.mark.parametrize("door", ["portal", "administration"])
def test_a_secretary_of_the_council_alone_reads_nothing_of_the_group(cast: Cast, as_user: SignIn, door: str) -> None:
    group, council = _announced("ciso"), _announced("council")
    item = theirs(group)
    new = raised(cast, item)
    clerk = an_account("clerk@msit.test", "MSIT", is_staff=True)
    seat(clerk, "council", "secretary")
    pages = {
        "portal": [link("agenda_item", new.pk), link("meeting", council.pk)],
        "administration": [f"/admin/council/agendaitem/{new.pk}/change/", "/admin/council/auditentry/"],
    }
    for page in pages[door]:
        shown = as_user(clerk).get(page)
        assert (shown.status_code, CANARY in shown.text) == (200, False), page
    assert as_user(clerk).get(link("agenda_item", item.pk)).status_code == 404


def test_the_link_is_seen_by_whoever_sees_both_ends(cast: Cast, group: Meeting, council: Meeting) -> None:
    item = theirs(group)
    new = raised(cast, item)
    assert who_sees(cast, new) & who_sees(cast, item) == {"secretary", "skt_liaison", "kt_liaison", "lgu_liaison"}
    for name in who_sees(cast, new) | who_sees(cast, item):
        who = standing(actor_of(getattr(cast, name)), on=TODAY)
        assert item_page(who, new).raised_from == (item if name in who_sees(cast, item) else None), name
        assert item_page(who, item).raised_to == ([new] if name in who_sees(cast, new) else []), name


def test_who_sees_one_end_reads_nothing_of_the_other(
    cast: Cast, group: Meeting, council: Meeting, as_user: SignIn
) -> None:
    item = theirs(group)
    new = raised(cast, item)
    page = as_user(cast.kt_ceo).get(link("agenda_item", new.pk))
    assert (page.status_code, CANARY in page.text) == (200, False)
    assert as_user(cast.kt_ceo).get(link("agenda_item", item.pk)).status_code == 404
    page = as_user(cast.kt_ciso).get(link("agenda_item", item.pk))
    assert (page.status_code, RAISED.title in page.text) == (200, False)
    assert RAISED.title in as_user(cast.kt_liaison).get(link("agenda_item", item.pk)).text


def test_the_council_reads_a_title(cast: Cast, group: Meeting, council: Meeting) -> None:
    assert refusal(AgendaRefused, cast, theirs(group), Raised(title="  ", label="TLP:AMBER")).field == "title"


@pytest.mark.parametrize("label", ["TLP:RED", "TLP:AMBER+STRICT"])
def test_what_is_raised_is_amber_or_wider(cast: Cast, group: Meeting, council: Meeting, label: str) -> None:
    assert refusal(AgendaRefused, cast, theirs(group), Raised(title="제목", label=label)).field == "label"


@pytest.mark.parametrize("state", ["proposed", "returned", "withdrawn"])
def test_only_what_stands_on_the_groups_agenda_is_raised(
    cast: Cast, group: Meeting, council: Meeting, state: str
) -> None:
    refusal(NotAllowedNow, cast, theirs(group, state=state))


def test_the_council_raises_nothing(cast: Cast, council: Meeting) -> None:
    refusal(DomainError, cast, an_agenda_item(council, owner="MSIT"))


def test_what_chosen_people_spoke_about_is_not_told_by_raising_it(cast: Cast, council: Meeting) -> None:
    plan = Plan(starts_at=moment("2027-01-16 20:00"), ends_at=moment("2027-01-16 21:00"), title=CANARY)
    secret = call_meeting(
        by=TESTER, body=cast.ciso, plan=plan, only=[person_of(cast.skt_ciso)], announce_now=False, now=NOW
    )
    refusal(NotAllowedNow, cast, theirs(secret))


def test_without_a_meeting_of_the_council_after_the_groups_it_is_refused_in_words(cast: Cast, group: Meeting) -> None:
    item = theirs(group)
    only = Meeting.objects.get(body__code="council", kind="regular")
    Meeting.objects.filter(pk=only.pk).update(starts_at=moment("2027-01-28 10:00"), ends_at=moment("2027-01-28 11:00"))
    a_meeting(kind="extraordinary")
    said = str(refusal(DomainError, cast, item))
    assert said
    assert CANARY not in said
    a_meeting()
    assert raised(cast, item).meeting.quarter.number == 2


def test_a_cancelled_meeting_gives_way_to_the_next(cast: Cast, group: Meeting, council: Meeting) -> None:
    later = a_meeting()
    cancel_meeting(council, by=TESTER, now=NOW, reason="일정", quiet=True)
    assert raised(cast, theirs(group)).meeting == later


def test_it_is_raised_once_for_each_meeting(cast: Cast, group: Meeting, council: Meeting) -> None:
    item = theirs(group)
    first = raised(cast, item)
    refusal(NotAllowedNow, cast, item)
    withdraw_agenda_item(first, by=TESTER, reason="착오")
    second = raised(cast, item)
    assert (second.meeting, second.pk == first.pk) == (council, False)
    begin_meeting(council, by=TESTER)
    later = a_meeting()
    assert raised(cast, item).meeting == later


def minuted(cast: Cast, group: Meeting) -> None:
    """The group's minutes, approved."""
    minutes = Minutes.objects.create(meeting=group, convened_by=Organisation.objects.get(code="MSIT"), state="approved")
    sent = {"circulated_at": NOW, "comments_until": NOW + timedelta(days=1)}
    said = {"approved_at": NOW, "approved_on": NOW.date(), "approver": "○○○", "route": "approval", "sha256": "0" * 64}
    MinutesRevision.objects.create(minutes=minutes, number=1, **sent, **said)


def test_it_is_provisional_until_the_groups_minutes_are_approved_and_it_is_confirmed(
    cast: Cast, group: Meeting, council: Meeting
) -> None:
    new = raised(cast, theirs(group))
    older = AgendaItem.objects.get(pk=new.pk)
    with pytest.raises(NotAllowedNow):
        reconfirm(new, by=actor_of(cast.secretary))
    assert AgendaItem.objects.get(pk=new.pk).provisional
    minuted(cast, group)
    reconfirm(new, by=actor_of(cast.secretary))
    assert AgendaItem.objects.get(pk=new.pk).provisional is False
    entry = AuditEntry.objects.get(verb="agenda.item_reconfirmed")
    assert (entry.before, entry.after) == ({"provisional": True}, {"provisional": False, "version": 1})
    for row in (new, older):
        with pytest.raises(DomainError):
            reconfirm(row, by=actor_of(cast.secretary))
    assert AuditEntry.objects.filter(verb="agenda.item_reconfirmed").count() == 1


def test_what_is_changed_on_the_agenda_stays_provisional(cast: Cast, group: Meeting, council: Meeting) -> None:
    new = AgendaItem.objects.get(pk=raised(cast, theirs(group)).pk)
    new.title = "고친 제목"
    save_agenda_item(new, by=TESTER)
    stored = AgendaItem.objects.get(pk=new.pk)
    assert (stored.title, stored.provisional, stored.raised_from_id) == ("고친 제목", True, new.raised_from_id)


def test_once_the_meeting_has_begun_nothing_is_borne_out_on_its_agenda(
    cast: Cast, group: Meeting, council: Meeting
) -> None:
    new = raised(cast, theirs(group))
    minuted(cast, group)
    begin_meeting(council, by=TESTER)
    with pytest.raises(NotAllowedNow):
        reconfirm(new, by=actor_of(cast.secretary))
    assert AgendaItem.objects.get(pk=new.pk).provisional is True
