"""The words of every letter, in both languages, for one notice and for several.

UPDATE_SNAPSHOTS=1 writes tests/snapshots/mail anew; read the difference before it is committed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext

from council.actions.models import ActionItem
from council.core.actor import Actor
from council.core.models import Closure
from council.declaration.models import Commitment, Pillar
from council.mail.models import Notice
from council.mail.registry import Letter
from council.meetings.models import AgendaItem, Deadline, DeadlineKind, Meeting, Participation
from council.meetings.operations.delegation import confirm_delegate, name_delegate, refuse_delegate
from council.meetings.operations.participation import keep_participation, withdraw_invitation
from council.meetings.operations.schedule import Plan, cancel_meeting, change_meeting, convene_meeting
from council.minutes.models import (
    Minutes,
    MinutesComment,
    MinutesRevision,
    Opinion,
    Publication,
    RecordsOpinion,
    RecordsRequest,
)
from council.parties.models import Body, Organisation, Person
from council.release.models import ReleaseRequest
from council.release.operations import agree, release
from council.reminders.messages import render
from council.reminders.targets import TARGETS
from council.reports.models import Report
from tests.access.rows import an_agenda_item
from tests.factories import a_meeting, actor_of, an_account, an_action, moment, pdf
from tests.reminders.reported import INSIDE, REPORTS, SAID, inside, reported, said_about

SNAPSHOTS = Path(__file__).resolve().parents[1] / "snapshots" / "mail"
UPDATE = os.environ.get("UPDATE_SNAPSHOTS") == "1"
NOW = moment("2027-02-02 09:00")
TODAY = NOW.date()
SITE = "https://council.test"
CONTACT = "council@msit.test"
TESTER = Actor.system("test")
CANARY = "canary-of-a-title"

ACTIONS = [
    "action_due",
    "action_overdue",
    "action_assigned",
    "action_submitted",
    "action_returned",
    "action_verified",
]
MEETINGS = ["meeting_convened", "meeting_called", "meeting_moved", "meeting_cancelled"]
PLACES = [
    "participation_invited",
    "participation_withdrawn",
    "guest_told",
    "delegation_named",
    "delegation_confirmed",
    "delegation_ended",
]
ITEMS = ["agenda_proposed", "agenda_answered"]
RELEASES = ["release_asked", "release_answered"]
QUARTERS = ["quarter_unplanned", "quarter_ahead"]
MINUTES = ["minutes_circulated", "minutes_answered", "minutes_comment_answered", "minutes_approved"]
PUBLICATIONS = ["publication_asked", "publication_answered", "publication_decided", "publication_published"]
RECORDS = ["records_asked", "records_answered", "records_decided"]
KINDS = [
    *QUARTERS, "meeting_deadline", *ACTIONS, *MEETINGS, *PLACES, *ITEMS, *RELEASES, *MINUTES, *PUBLICATIONS, *RECORDS,
    *SAID, *REPORTS, *INSIDE,
]  # fmt: skip
TO_THE_MINISTRY = {
    "quarter_unplanned", "action_submitted", "release_answered", "delegation_named", "agenda_proposed",
    "minutes_answered", "publication_answered", "records_answered", "extension_requested", "report_submitted",
}  # fmt: skip
LANGUAGES = ["ko", "en"]

pytestmark = pytest.mark.django_db
on_the_facts = pytest.mark.usefixtures("seeded", "site")
WRITTEN: dict[tuple[str, str], dict[str, Letter]] = {}
every_kind = pytest.mark.parametrize("kind", [*KINDS, "digest"])
every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def site(settings):
    settings.SITE_URL = SITE
    settings.CONTACT = CONTACT


def a_liaison() -> Person:
    """A role for a name, as in the demonstration."""
    return a_person("SKT", name_ko="SK텔레콤 담당자", name_en="SK Telecom liaison")


def a_secretary() -> Person:
    return a_person("MSIT", name_ko="○○○", name_en="N. N.", position_ko="간사", position_en="Secretary")


def a_person(organisation: str, **names: str) -> Person:
    return Person.objects.create(organisation=Organisation.objects.get(code=organisation), **names)


def notice(
    kind: str,
    target: Model,
    recipient: Person,
    anchor_on: date,
) -> Notice:
    return Notice(
        kind=kind,
        target_type=target._meta.model_name or "",
        target_id=target.pk,
        recipient=recipient,
        on=TODAY,
        anchor_on=anchor_on,
    )


def some_actions(due_on: date) -> list[ActionItem]:
    """One under each of two pillars, one about the council's own running, each due a day before the last."""
    return [
        an_action(due_on=due_on - timedelta(days=n), commitment=code, title=f"{CANARY} {n}", description=CANARY)
        for n, code in enumerate([code_under("security"), code_under("benefits"), code_under(None)])
    ]


def some_releases(kind: str) -> list[ReleaseRequest]:
    """The owner is asked about some items, and has agreed before such a letter is written to the ministry."""
    asking, answering = an_actor("MSIT"), an_actor("SKT")
    asked = []
    for action in some_actions(date(2027, 2, 5))[:2]:
        request = release(action, to="TLP:AMBER", reason=CANARY, by=asking, now=NOW)
        assert request is not None
        ReleaseRequest.objects.filter(pk=request.pk).update(created_at=NOW)
        request.created_at = NOW
        if kind == "release_answered":
            agree(request, by=answering, now=NOW, answer=CANARY)
        asked.append(request)
    return asked


def an_actor(organisation: str, name: str = "actor") -> Actor:
    return actor_of(an_account(f"{name}@{organisation.lower()}.test", organisation))


def code_under(pillar: str | None) -> str:
    """The first commitment of a pillar, or without one."""
    pillars = Pillar.objects.filter(code=pillar)
    founding = Body.objects.get(code="council").declarations.get().commitments
    found = founding.filter(pillar__in=pillars) if pillar else founding.filter(pillar=None)
    return found.values_list("code", flat=True)[0]


def notices(kind: str, recipient: Person | None = None) -> list[Notice]:
    """Several notices of one kind, about what the seed and the operations have made."""
    recipient = recipient or (a_secretary() if kind in TO_THE_MINISTRY else a_liaison())
    if kind == "quarter_ahead":
        announce_the_second_quarter()
    if kind in QUARTERS:
        return [notice(kind, body, recipient, date(2027, 4, 1)) for body in Body.objects.order_by("pk")]
    if kind in ACTIONS:
        due_on = date(2027, 1, 29) if kind == "action_overdue" else date(2027, 2, 5)
        return [notice(kind, action, recipient, action.due_on) for action in moved_on(kind, some_actions(due_on))]
    if kind in RELEASES:
        return [notice(kind, asked, recipient, TODAY) for asked in some_releases(kind)]
    if kind in {*SAID, *REPORTS, *INSIDE}:
        return said_or_reported(kind, recipient)
    if kind in RECORDS:
        return [notice(kind, said, recipient, TODAY) for said in some_records(kind)]
    meetings = list(Meeting.objects.filter(quarter="2027-Q1", kind=Meeting.Kind.REGULAR).order_by("-starts_at"))
    if kind == "meeting_deadline":
        steps = [DeadlineKind.ITEMS_DUE, DeadlineKind.ATTENDANCE_SETTLED, DeadlineKind.COMMENTS_DUE]
        ahead = Deadline.objects.filter(meeting__in=meetings, kind__in=steps, due_at__gt=NOW)
        return [notice(kind, deadline, recipient, deadline.due_at.date()) for deadline in ahead]
    for meeting in meetings:
        told(kind, meeting)
    if kind in PLACES:
        return [notice(kind, a_place(kind, meeting, recipient), recipient, TODAY) for meeting in meetings]
    made = next((make for kinds, make in OF_A_MEETING if kind in kinds), lambda kind, meeting: meeting)
    return [notice(kind, made(kind, meeting), recipient, TODAY) for meeting in meetings]


def said_or_reported(kind: str, recipient: Person) -> list[Notice]:
    by = an_account(f"{kind}@skt.test", "SKT")
    if kind in INSIDE:
        return [notice(kind, row, recipient, TODAY) for row in inside(kind, recipient, by, CANARY, NOW)]
    if kind in SAID:
        said = said_about(kind, some_actions(date(2027, 2, 5)), by, CANARY, NOW)
        return [notice(kind, about, recipient, TODAY) for about in said]
    about = reported(kind, by, CANARY, NOW)
    return [notice(kind, one, recipient, getattr(one, "last_day", TODAY)) for one in about]


def announce_the_second_quarter() -> None:
    """Each body's regular meeting of 2027-Q2 stands and everyone knows."""
    for day, body in enumerate(Body.objects.exclude(meetings__quarter="2027-Q2").values_list("code", flat=True), 18):
        meeting = a_meeting(body, quarter="2027-Q2", starts_at=moment(f"2027-05-{day} 10:00"))
        convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)


def moved_on(kind: str, actions: Sequence[ActionItem]) -> Iterable[ActionItem]:
    """The items as they stand when such a letter is written."""
    columns = {
        "action_submitted": {"state": "submitted", "submitted_at": NOW},
        "action_returned": {"state": "returned", "submitted_at": NOW},
        "action_verified": {"state": "verified", "submitted_at": NOW, "verified_at": NOW},
    }.get(kind, {})
    if columns:
        ActionItem.objects.filter(pk__in=[action.pk for action in actions]).update(**columns)
    return actions


def told(kind: str, meeting: Meeting) -> None:
    """What happens to a meeting before such a letter is written."""
    convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)
    if kind == "meeting_moved":
        starts_at = meeting.starts_at + timedelta(weeks=2)
        later = Plan(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
        change_meeting(meeting, by=TESTER, plan=later, now=NOW, because=CANARY, quiet=True)
    if kind == "meeting_cancelled":
        cancel_meeting(meeting, by=TESTER, now=NOW, reason=CANARY, quiet=True)


def a_place(kind: str, meeting: Meeting, recipient: Person) -> Participation:
    """Somebody's place at a meeting as it is when such a letter is written to the recipient."""
    if kind == "guest_told":
        item = an_item(kind, meeting)
        row = Participation(meeting=meeting, person=recipient, capacity="guest", item=item)
    elif kind in {"participation_invited", "participation_withdrawn"}:
        row = Participation(meeting=meeting, person=recipient, capacity="member")
    else:
        row = Participation(meeting=meeting, person=a_person("SKT", name_ko="대표", name_en="Chief"), capacity="member")
    keep_participation(row, by=TESTER, now=NOW, quiet=True)
    if kind == "participation_withdrawn":
        withdraw_invitation(row, by=TESTER, reason=CANARY)
    if kind.startswith("delegation"):
        delegate = a_liaison() if kind == "delegation_named" else recipient
        name_delegate(row, by=TESTER, delegate=delegate, letter=pdf(), now=NOW)
    if kind == "delegation_confirmed":
        confirm_delegate(row, by=an_actor("MSIT", f"of.{meeting.pk}"), now=NOW)
    if kind == "delegation_ended":
        refuse_delegate(row, by=TESTER, reason=CANARY, now=NOW)
    return row


def an_item(kind: str, meeting: Meeting) -> AgendaItem:
    """On the agenda with a guest asked for it, or handed in and not answered, or answered."""
    state = {"guest_told": "accepted", "agenda_proposed": "proposed", "agenda_answered": "returned"}[kind]
    commitment = Commitment.objects.get(declaration__body__code="council", code=code_under("security"))
    label = "TLP:AMBER" if state == "accepted" else "TLP:AMBER+STRICT"
    return an_agenda_item(meeting, label=label, state=state, title=CANARY, background=CANARY, commitment=commitment)


def some_minutes(kind: str, meeting: Meeting) -> MinutesRevision | MinutesComment:
    """A version that was sent round, a comment on it that was answered, or the version once it was approved."""
    ministry = Organisation.objects.get(code="MSIT")
    minutes = Minutes.objects.create(meeting=meeting, convened_by=ministry, state="circulated")
    sent = {"circulated_at": NOW, "comments_until": moment("2027-02-09 23:59")}
    revision = MinutesRevision.objects.create(minutes=minutes, number=1, title=CANARY, summary=CANARY, **sent)
    if kind == "minutes_approved":
        said = {"approved_at": NOW, "approved_on": TODAY, "approver": CANARY, "route": "approval", "sha256": "0" * 64}
        MinutesRevision.objects.filter(pk=revision.pk).update(**said)
    if kind != "minutes_comment_answered":
        return revision
    by = an_account(f"comment.{meeting.pk}@skt.test", "SKT")
    answered = {"state": "declined", "reply": CANARY, "replied_by": by, "replied_at": NOW}
    return MinutesComment.objects.create(
        revision=revision, organisation=Organisation.objects.get(code="SKT"), text=CANARY, by=by, **answered
    )


def something_published(kind: str, meeting: Meeting) -> Publication | Opinion:
    """A public version about which an organisation was asked, or what it said to that and what was decided."""
    revision = some_minutes("minutes_circulated", meeting)
    assert isinstance(revision, MinutesRevision)
    asked = {"asked_at": NOW, "opinions_until": moment("2027-02-16 23:59")}
    publication = Publication.objects.create(revision=revision, kind="minutes", number=1, state="asked", **asked)
    if kind != "publication_decided":
        return publication
    by = an_account(f"opinion.{meeting.pk}@skt.test", "SKT")
    said = {"answer": "opposed", "text": CANARY, "by": by, "at": NOW}
    decided = {"followed": False, "reply": CANARY, "decided_by": by, "decided_at": NOW}
    skt = Organisation.objects.get(code="SKT")
    return Opinion.objects.create(publication=publication, organisation=skt, **said, **decided)


def some_records(kind: str) -> Iterable[RecordsOpinion]:
    """An organisation was asked about its pieces of what parliament and somebody by the disclosure act ask for."""
    by, skt = an_account(f"{kind}@skt.test", "SKT"), Organisation.objects.get(code="SKT")
    said = {"answer": "opposed", "text": CANARY, "by": by, "at": NOW}
    decided = {"followed": False, "reply": CANARY, "decided_by": by, "decided_at": NOW}
    terms = {"requester": CANARY, "reference": CANARY, "received_on": TODAY, "due_at": moment("2027-03-02 18:00")}
    asked = {"state": "asked", "asked_at": NOW, "opinions_until": moment("2027-02-16 23:59")}
    for body, asks in zip(Body.objects.order_by("pk"), ("assembly", "disclosure"), strict=False):
        request = RecordsRequest.objects.create(body=body, kind=asks, from_day=TODAY, to_day=TODAY, **terms)
        answered = {} if kind == "records_asked" else said if kind == "records_answered" else said | decided
        opinion = RecordsOpinion.objects.create(request=request, organisation=skt, **answered)
        RecordsOpinion.objects.filter(pk=opinion.pk).update(created_at=NOW)
        RecordsRequest.objects.filter(pk=request.pk).update(**asked)
        yield RecordsOpinion.objects.get(pk=opinion.pk)


OF_A_MEETING: list[tuple[list[str], Callable[[str, Meeting], Model]]] = [
    (MINUTES, some_minutes), (PUBLICATIONS, something_published), (ITEMS, an_item),
]  # fmt: skip


def a_digest() -> list[Notice]:
    """What one liaison may be told of on one day."""
    liaison = a_liaison()
    actions = [
        *notices("action_overdue", liaison)[:1],
        *notices("action_due", liaison)[1:],
    ]
    return [*notices("quarter_ahead", liaison)[:1], *notices("meeting_deadline", liaison)[:1], *actions]


@pytest.fixture
def letters(kind: str, language: str, request: pytest.FixtureRequest) -> dict[str, Letter]:
    """A letter of one notice and a letter of several; a digest is always of several. Written for the first who asks."""
    if (kind, language) not in WRITTEN:
        for needed in ("seeded", "site"):
            request.getfixturevalue(needed)
        WRITTEN[kind, language] = all_letters(kind, language)
    return WRITTEN[kind, language]


def all_letters(kind: str, language: str) -> dict[str, Letter]:
    if kind == "digest":
        return {"several": written(a_digest(), language)}
    several = notices(kind)
    return {"one": written(several[:1], language), "several": written(several, language)}


def written(several: Sequence[Notice], language: str) -> Letter:
    with translation.override(language):
        return render(several, NOW)


class Reader(HTMLParser):
    """What a page says, a line for each block, and what it refers to."""

    BLOCKS = {"h1", "h2", "h3", "p", "li", "br", "ul"}

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page.partition("<body")[2].partition(">")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag in self.BLOCKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        self.said.append(re.sub(r"\s+", " ", data))

    @property
    def text(self) -> str:
        lines = (line.strip() for line in "".join(self.said).splitlines())
        return "\n".join(line for line in lines if line)


def as_snapshot(letters: dict[str, Letter]) -> str:
    """Both letters with their numbers in addresses left out, since databases count on from test to test."""
    said = "\n".join(
        f"=== {how_many}: subject\n{letter.subject}\n"
        f"=== {how_many}: text\n{letter.text}"
        f"=== {how_many}: HTML, what it says\n{Reader(letter.html).text}\n"
        for how_many, letter in letters.items()
    )
    return re.sub(r"/(\d+|[\w-]{32})/", "/N/", said)


@every_language
@every_kind
def test_the_letter_says_what_its_snapshot_says(kind, language, letters):
    path = SNAPSHOTS / f"{kind}.{language}.txt"
    now_says = as_snapshot(letters)
    if UPDATE:
        path.write_text(now_says, encoding="utf-8")
    assert now_says == path.read_text(encoding="utf-8")


@every_language
@every_kind
def test_no_letter_prints_what_an_action_item_says_or_why_a_meeting_was_cancelled(letters):
    for letter in letters.values():
        assert CANARY not in letter.subject + letter.text + letter.html


@on_the_facts
@every_language
@every_kind
def test_every_letter_names_the_pillar_of_each_entry(kind, language):
    notices_written = a_digest() if kind == "digest" else notices(kind)
    letter = written(notices_written, language)
    with translation.override(language):
        for each in notices_written:
            pillar = pillar_of(each)
            none = "All pillars" if kind in {"round_opened", "public_quarter_shown"} else "Running of the council"
            name = pillar.title if pillar else gettext(none)
            assert name in letter.text
            assert name in Reader(letter.html).text


def pillar_of(each: Notice) -> Pillar | None:
    """The pillar of the action or agenda item that a notice is about, or that it asks to release."""
    if each.target_type == "agendaitem":
        return AgendaItem.objects.get(pk=each.target_id).own_pillar
    if each.target_type == "report":
        return Report.objects.get(pk=each.target_id).commitment.pillar
    if each.target_type in {"actioncomment", "escalation", "extensionrequest", "progressupdate"}:
        said: Any = TARGETS[each.target_type].get(pk=each.target_id)
        pillar: Pillar | None = said.action.own_pillar
        return pillar
    asked = ReleaseRequest.objects.filter(pk=each.target_id) if each.target_type == "releaserequest" else None
    number = asked.get().target_id if asked else each.target_id
    about_an_action = asked or each.target_type == "actionitem"
    return ActionItem.objects.get(pk=number).own_pillar if about_an_action else None


@every_language
@every_kind
def test_every_entry_has_a_link_to_this_site_and_no_link_leads_elsewhere(letters):
    for letter in letters.values():
        in_text = re.findall(r"\S*://\S+", letter.text)
        in_html = [value or "" for name, value in Reader(letter.html).attributes if name == "href"]
        assert in_text
        assert in_text == in_html
        assert [link for link in in_text if not link.startswith(f"{SITE}/")] == []


@every_language
@every_kind
def test_the_html_shows_the_address_of_each_link_and_says_what_the_text_says(letters):
    for letter in letters.values():
        heading, _, rest = Reader(letter.html).text.partition("\n")
        assert heading in letter.text
        assert rest.split() == letter.text.split()


@every_language
@every_kind
def test_no_letter_has_an_unrendered_tag_or_an_empty_value(letters):
    for letter in letters.values():
        assert not re.search(r"\{\{|\}\}|\{%|%\}|\{#|#\}|%\(|None", letter.subject + letter.text + letter.html)
        assert not re.search(r"\(\)|\[\]|: *$|\n\n\n| \n", letter.text)


@every_language
@every_kind
def test_the_html_asks_for_nothing_from_anywhere_and_states_its_language(letters, language):
    for letter in letters.values():
        read = Reader(letter.html)
        assert not {"img", "link", "script", "iframe", "object", "video", "style"} & set(read.tags)
        assert not {"src", "srcset", "background", "onclick"} & {name for name, _ in read.attributes}
        assert "url(" not in letter.html
        assert f'<html lang="{language}">' in letter.html
        assert read.tags.count("h1") == 1


@every_language
@every_kind
def test_the_subject_is_one_line_of_a_bearable_length(letters):
    for letter in letters.values():
        assert letter.subject == " ".join(letter.subject.split())
        assert 0 < len(letter.subject) <= 120


@on_the_facts
@every_language
def test_the_longest_meeting_title_leaves_the_subject_within_what_is_stored(language):
    Meeting.objects.update(title="가" * 200)
    Body.objects.update(short_ko="나" * 60, short_en="n" * 60)
    assert len(written(notices("meeting_deadline"), language).subject) <= 200
    assert len(written(notices("meeting_moved"), language).subject) <= 200


@on_the_facts
@every_language
def test_only_the_html_escapes(language):
    Meeting.objects.update(title='R&D <AI> "6G"')
    letter = written(notices("meeting_deadline")[:1], language)
    assert 'R&D <AI> "6G"' in letter.subject
    assert 'R&D <AI> "6G"' in letter.text
    assert "R&amp;D &lt;AI&gt; &quot;6G&quot;" in letter.html


@on_the_facts
@every_language
def test_a_strict_label_stands_before_the_subject_and_in_the_letter(language):
    letter = written(notices("action_due")[:1], language)
    assert letter.subject.startswith("[TLP:AMBER+STRICT] [")
    assert "TLP:AMBER+STRICT" in letter.text
    assert "TLP:AMBER+STRICT" in letter.html


@on_the_facts
@every_language
def test_a_wide_label_is_not_printed(language):
    several = notices("action_due")
    ActionItem.objects.update(label="TLP:GREEN")
    letter = written(several, language)
    assert "TLP" not in letter.subject + letter.text + letter.html


def subject_and_text(due_on: date, language: str) -> tuple[str, str]:
    """Of a letter about one action item due on a day."""
    action = an_action(due_on=due_on)
    letter = written([notice("action_due", action, a_liaison(), due_on)], language)
    return letter.subject, letter.text


@on_the_facts
def test_days_are_counted_in_business_days():
    subject, text = subject_and_text(date(2027, 2, 10), "en")  # Seollal is on 7 February, its substitute on the 9th
    assert "(4 business days left)" in subject
    assert "Due date: Wed 10 Feb 2027 (4 business days left)" in text


@on_the_facts
def test_the_day_itself_is_said_plainly():
    subject, text = subject_and_text(TODAY, "en")
    assert "(due today)" in subject
    assert "(Due today)" in text


@on_the_facts
def test_a_due_date_on_a_day_off_is_not_called_today_on_the_last_business_day_before_it():
    letter_on = moment("2027-01-29 09:00")
    action = an_action(due_on=date(2027, 2, 1))
    Closure.objects.create(date=action.due_on, name="임시공휴일")  # announced after the item was given out
    with translation.override("en"):
        letter = render([notice("action_due", action, a_liaison(), action.due_on)], letter_on)
    assert "today" not in letter.subject + letter.text
    assert "(No business day left)" in letter.text


@on_the_facts
def test_a_step_with_a_clock_time_names_it():
    deadline = notices("meeting_deadline")[0]
    Deadline.objects.filter(pk=deadline.target_id).update(due_at=moment("2027-02-05 18:00"))
    letter = written([deadline], "en")
    assert "by Fri 5 Feb, 18:00" in letter.subject
    assert "Fri 5 Feb 2027 18:00 (3 business days left)" in letter.text


@on_the_facts
def test_a_letter_of_several_starts_with_the_day_that_comes_first():
    several = notices("action_due")
    assert "(1 business day left) Action item A-003: due by Wed 3 Feb and 2 more" in written(several, "en").subject


@on_the_facts
def test_the_ministry_is_not_asked_for_a_carriers_progress():
    several = notices("action_overdue")
    to_the_owner = written(several[:1], "en").text
    for each in several:
        each.recipient = a_secretary()
    to_the_ministry = written(several[:1], "en").text
    assert "report your progress" in to_the_owner
    assert "report your progress" not in to_the_ministry


@on_the_facts
def test_a_letter_without_a_contact_has_no_line_for_it(settings):
    settings.CONTACT = ""
    letter = written(notices("quarter_ahead")[:1], "en")
    assert "Contact" not in letter.text + letter.html
