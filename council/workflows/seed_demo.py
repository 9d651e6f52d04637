"""Example accounts, action items and a meeting for a demonstration.

Role-only placeholders: no real person is made to act, nobody is made to say anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.actions.models import ActionItem
from council.actions.operations.items import open_action
from council.core.actor import Actor
from council.core.calendar import BusinessCalendar, at, local_day
from council.core.errors import DomainError, Text
from council.core.quarters import Quarter
from council.declaration.models import Commitment
from council.meetings.models import AgendaItem, Deadline, DeadlineKind, Meeting
from council.meetings.operations.agenda import save_agenda_item
from council.meetings.operations.participation import record_attendance
from council.meetings.operations.room import note_result, save_note
from council.meetings.operations.schedule import Plan, begin_meeting, convene_meeting, schedule_meeting
from council.parties.models import Body, Organisation, Person, Seat, User
from council.reports.models import ReportingRound
from council.reports.operations.rounds import open_round
from council.reports.queries import round_dates
from council.workflows.seed_council import founding_facts

PASSWORD = "council-demo-2026"  # noqa: S105 - printed on purpose; exists in demonstrations only
SEEDER = Actor.system("seed_council --demo")
# Title, what the secretariat noted, result. Procedure alone: a demonstration puts no words into a carrier's mouth.
HELD = (
    ("실적보고 서식(시연)", "분기 실적보고 서식의 초안을 함께 검토함. 다음 분기부터 같은 서식을 쓰기로 함.", "adopted"),
    ("모의훈련 일정(시연)", "합동 모의훈련의 시기를 논의함. 다음 회의에서 다시 다루기로 함.", "deferred"),
)


@dataclass(frozen=True, slots=True)
class Account:
    """One example account: its person, its seats and what it can do."""

    email: str
    organisation: str
    name_ko: str
    name_en: str
    seats: tuple[tuple[str, str], ...]
    can_en: str
    can: Text
    is_staff: bool = False
    is_superuser: bool = False
    acting: bool = False


def _carrier(code: str, name_ko: str, name_en: str) -> Iterable[Account]:
    domain = f"{code.lower()}.example"
    yield Account(
        f"liaison@{domain}", code, f"{name_ko} 담당자(시연)", f"{name_en} liaison (demo)",
        (("council", "liaison"), ("ciso", "liaison")),
        "reports progress for its own carrier", _("reports progress for its own carrier"),
    )  # fmt: skip
    yield Account(
        f"ciso@{domain}", code, f"{name_ko} CISO(시연)", f"{name_en} CISO (demo)", (("ciso", "member"),),
        "sits in the CISO working group, reads its own carrier's items",
        _("sits in the CISO working group, reads its own carrier's items"),
    )  # fmt: skip
    yield Account(
        f"ceo@{domain}", code, f"{name_ko} 대표실(시연)", f"{name_en} CEO's office (demo)", (("council", "member"),),
        "reads for the CEO: meetings, commitments, its own carrier's items",
        _("reads for the CEO: meetings, commitments, its own carrier's items"), acting=True,
    )  # fmt: skip


ACCOUNTS: tuple[Account, ...] = (
    Account(
        "secretary@msit.example", "MSIT", "간사(시연)", "Secretary (demo)",
        (("council", "secretary"), ("ciso", "secretary")),
        "runs the council: meetings, action items, verification, reminders",
        _("runs the council: meetings, action items, verification, reminders"), is_staff=True,
    ),
    Account(
        "assistant@msit.example", "MSIT", "주무관(시연)", "Assistant (demo)",
        (("council", "assistant"), ("ciso", "assistant")),
        "helps the secretary, verifies what the secretary has handed in",
        _("helps the secretary, verifies what the secretary has handed in"), is_staff=True,
    ),
    Account(
        "chair@msit.example", "MSIT", "주재 보좌(시연)", "Chair's office (demo)", (("council", "chair"),),
        "reads for the chair: meetings and commitments", _("reads for the chair: meetings and commitments"),
        acting=True,
    ),
    *_carrier("SKT", "SK텔레콤", "SK Telecom"),
    Account(
        "network@skt.example", "SKT", "망 운용 부서(시연)", "Network department (demo)", (("council", "contributor"),),
        "writes its department's part of what SK Telecom reports",
        _("writes its department's part of what SK Telecom reports"),
    ),
    Account(
        "executive@skt.example", "SKT", "승인 임원(시연)", "Approving executive (demo)", (("council", "approver"),),
        "clears what SK Telecom hands in", _("clears what SK Telecom hands in"),
    ),
    *_carrier("KT", "KT", "KT"),
    *_carrier("LGU", "LG유플러스", "LG Uplus"),
    Account(
        "observer@kisa.example", "KISA", "배석자(시연)", "Observer (demo)", (("ciso", "observer"),),
        "observes the CISO working group", _("observes the CISO working group"),
    ),
    Account(
        "accounts@msit.example", "MSIT", "계정 관리자(시연)", "Accounts administrator (demo)", (),
        "manages accounts, people and seats; reads no papers", _("manages accounts, people and seats; reads no papers"),
        is_staff=True, is_superuser=True,
    ),
)  # fmt: skip


class NotADemonstration(DomainError):
    """Example accounts exist in demonstrations only."""


@transaction.atomic
def seed_demo(*, today: date, allowed: bool) -> int:
    """Make what is missing of the example accounts, action items and meeting; how many rows were added.

    NotADemonstration unless ``allowed``, which only the demo settings say.
    """
    if not allowed:
        raise NotADemonstration(_("Example accounts are refused outside a demonstration."))
    yesterday = BusinessCalendar.load().shift(today, -1)
    accounts = sum(_account(account, yesterday) for account in ACCOUNTS)
    return accounts + _actions(today) + _reports(today) + _meeting_in_session(yesterday)


def _account(account: Account, since: date) -> int:
    if User.objects.filter(email=account.email).exists():
        return 0
    person = Person.objects.create(
        name_ko=account.name_ko,
        name_en=account.name_en,
        organisation=Organisation.objects.get(code=account.organisation),
        email=account.email,
    )
    for body, role in account.seats:
        Seat.objects.create(
            body=Body.objects.get(code=body), person=person, role=role, acting=account.acting, starts_on=since
        )
    User.objects.create_user(
        account.email, PASSWORD, person=person, is_staff=account.is_staff, is_superuser=account.is_superuser
    )
    return 1


def _actions(today: date) -> int:
    """The suggested first step of each commitment, one item for each owner, due when reports for the meeting are."""
    if ActionItem.objects.exists():
        return 0
    council = Body.objects.get(code="council")
    suggestions = {c["code"]: c.get("suggested_action_ko") for c in founding_facts()["commitments"]}
    tracked = Commitment.objects.filter(state=Commitment.State.TRACKED, tracked_through=None).order_by("code")
    owners = Organisation.objects.exclude(code="GOV")
    added = 0
    for commitment in tracked.select_related("pillar"):
        for owner in owners.filter(parts__commitment=commitment, parts__part="owner"):
            if suggestion := suggestions.get(commitment.code):
                due_on = _due_on(commitment, council, today)
                action = ActionItem(title=suggestion, body=council, commitment=commitment, owner=owner, due_on=due_on)
                open_action(action, by=SEEDER, today=today, quiet=True)
                added += 1
    return added


def _reports(today: date) -> int:
    """The round of reports that prepares the council's first regular meeting, with nothing written in it yet."""
    council = Body.objects.get(code="council")
    meeting = council.meetings.filter(kind=Meeting.Kind.REGULAR).order_by("starts_at").first()
    if meeting is None or ReportingRound.objects.exists():
        return 0
    covers, now = meeting.quarter.previous(), at(today, time.min)
    due_on = round_dates(council, covers, meeting=meeting).due_on
    if due_on is None or due_on < today:
        return 0
    return open_round(body=council, covers=covers, meeting=meeting, by=SEEDER, now=now, quiet=True).added


def _due_on(commitment: Commitment, council: Body, today: date) -> date:
    """The commitment's own date, else the day by which reports for the next meeting are due."""
    if commitment.due_on and commitment.due_on >= today:
        return commitment.due_on
    kinds = [DeadlineKind.REPORTS_DUE, DeadlineKind.SECURITY_REPORTS_DUE]
    security = commitment.pillar is not None and commitment.pillar.working_group_id is not None
    ahead = Deadline.objects.filter(kind=kinds[security], due_at__date__gt=today).order_by("due_at").first()
    return local_day(ahead.due_at) if ahead else BusinessCalendar.load().shift(today, 12)


def _meeting_in_session(day: date) -> int:
    """An extraordinary meeting of the working group on that day: minutes can be begun from what was noted."""
    body = Body.objects.get(code="ciso")
    if body.meetings.filter(kind=Meeting.Kind.EXTRAORDINARY).exists():
        return 0
    before = at(day, time.min)
    plan = Plan(
        starts_at=at(day, time(14)), ends_at=at(day, time(15, 30)), venue="회의실(시연)",
        title="임시회의(시연)", waive_because="시연",
    )  # fmt: skip
    meeting = schedule_meeting(
        by=SEEDER, body=body, quarter=Quarter.of(day), kind=Meeting.Kind.EXTRAORDINARY, plan=plan, now=before
    )
    items = [
        AgendaItem(meeting=meeting, title=title, owner=Organisation.objects.get(code="MSIT"), duration=30)
        for title, _note, _result in HELD
    ]
    for item in items:
        save_agenda_item(item, by=SEEDER)
    convene_meeting(meeting, by=SEEDER, now=before, quiet=True)
    begin_meeting(meeting, by=SEEDER)
    for row in meeting.participations.asked():
        record_attendance(row, by=SEEDER, attendance="present")
    for item, (_title, note, result) in zip(items, HELD, strict=True):
        save_note(item, by=SEEDER, text=note, seen=0)
        note_result(item, by=SEEDER, result=result, seen="")
    return 1
