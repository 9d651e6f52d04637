"""The secretariat's first page: this quarter, the next deadlines, what waits for whom, what is past its date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem, ExtensionRequest
from council.actions.states import OWED, ActionState, ExtensionState
from council.core.calendar import BusinessCalendar, local_day
from council.core.quarters import Quarter
from council.core.review import unsigned_months
from council.mail import engine
from council.mail.models import Delivery, EngineState
from council.mail.states import DeliveryState
from council.meetings.models import AgendaItem, Meeting, Participation
from council.meetings.states import PLANNED, AgendaItemState, MeetingState
from council.minutes.models import (
    MinutesComment,
    MinutesRevision,
    Opinion,
    Publication,
    RecordsOpinion,
    RecordsRequest,
)
from council.minutes.states import RECORDS_SETTLED, CommentState, PublicationState, RecordsState
from council.overview.desk import DueStep, Task, next_steps, shown_actions, task
from council.parties.models import Body, Organisation
from council.reports.models import Report
from council.reports.states import ReportState

SHOWN = 8


@dataclass(frozen=True, slots=True)
class BodyQuarter:
    """One body in one quarter, with its regular meeting if there is one."""

    body: Body
    quarter: Quarter
    meeting: Meeting | None


@dataclass(frozen=True, slots=True)
class OwnerLoad:
    """What one organisation owes, and what waits for the ministry."""

    organisation: Organisation
    owed: int
    overdue: int
    submitted: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of what the carriers have sent nobody has answered yet."""

    proposals: int
    delegates: int
    comments: int
    objections: int
    # To what is to be given on a records request.
    records: int
    reports: int
    extensions: int

    @property
    def any(self) -> bool:
        return any(astuple(self))


@dataclass(frozen=True, slots=True)
class Dashboard:
    quarter: Quarter
    quarters: Sequence[BodyQuarter]
    unclosed: Sequence[Meeting]
    to_publish: Sequence[Publication]
    # Approved, and the record system's number is not known yet.
    unregistered: Sequence[MinutesRevision]
    # Neither answered nor closed.
    records: Sequence[RecordsRequest]
    steps: Sequence[DueStep]
    to_verify: Sequence[Task]
    overdue: Sequence[Task]
    loads: Sequence[OwnerLoad]
    to_release: int
    waiting: Waiting
    undeliverable: int
    engine_silent: bool
    engine_paused: bool
    unsigned_months: Sequence[date]

    @property
    def to_verify_total(self) -> int:
        return sum(load.submitted for load in self.loads)

    @property
    def overdue_total(self) -> int:
        return sum(load.overdue for load in self.loads)


def dashboard(who: Standing, *, now: datetime) -> Dashboard:
    """What a secretary needs to know at a moment."""
    today, calendar = local_day(now), BusinessCalendar.load()
    quarter, state = Quarter.of(today), EngineState.load()
    letters = visible_to(who, Delivery.objects.all())
    shown = shown_actions(who, ActionItem.objects.all()).order_by("due_on", "owner", "number")
    return Dashboard(
        quarter=quarter,
        quarters=[row for one in (quarter, quarter.next()) for row in _meetings_of(who, one)],
        unclosed=_unclosed(who),
        to_publish=_to_publish(who, now=now),
        unregistered=_unregistered(who),
        records=_records(who),
        steps=next_steps(who, now=now, calendar=calendar),
        to_verify=[task(a, today, calendar) for a in shown.filter(state=ActionState.SUBMITTED)[:SHOWN]],
        overdue=[task(a, today, calendar) for a in shown.overdue(today=today)[:SHOWN]],
        loads=_loads(who, now=now),
        to_release=letters.awaiting_release().count(),
        waiting=_waiting(who),
        undeliverable=letters.filter(state__in=[DeliveryState.DEAD, DeliveryState.UNCERTAIN]).count(),
        engine_silent=engine.is_silent(state, now=now),
        engine_paused=state.paused,
        unsigned_months=unsigned_months(now=now),
    )


def _meetings_of(who: Standing, quarter: Quarter) -> list[BodyQuarter]:
    regular = visible_to(who, Meeting.objects.not_cancelled().of_quarter(quarter)).filter(kind=Meeting.Kind.REGULAR)
    by_body = {meeting.body_id: meeting for meeting in regular.select_related("body")}
    bodies = Body.objects.filter(pk__in=who.secretariat_of, cadence=Body.Cadence.QUARTERLY)
    return [BodyQuarter(body, quarter, by_body.get(body.pk)) for body in bodies]


def _unclosed(who: Standing) -> list[Meeting]:
    """Meetings that were begun, also long ago: each has minutes to write, and stays until somebody closes it."""
    begun = visible_to(who, Meeting.objects.filter(state=MeetingState.IN_PROGRESS, body__in=who.secretariat_of))
    return list(begun.select_related("body").order_by("starts_at", "pk"))


def _waiting(who: Standing) -> Waiting:
    """What waits for the secretary's answer on meetings that are still ahead, and on minutes."""
    ahead = Q(meeting__state__in=PLANNED)
    proposed = visible_to(who, AgendaItem.objects.filter(ahead, state=AgendaItemState.PROPOSED))
    named = visible_to(who, Participation.objects.awaiting_confirmation().filter(ahead))
    said = visible_to(who, MinutesComment.objects.filter(state=CommentState.OPEN))
    opposed = visible_to(who, Opinion.objects.undecided().filter(publication__state=PublicationState.ASKED))
    withheld = visible_to(who, RecordsOpinion.objects.undecided().filter(request__state=RecordsState.ASKED))
    handed_in = visible_to(who, Report.objects.filter(state=ReportState.SUBMITTED, round__body__in=who.secretariat_of))
    late = visible_to(who, ExtensionRequest.objects.filter(state=ExtensionState.REQUESTED))
    answered = (proposed, named, said, opposed, withheld, handed_in, late)
    return Waiting(*(rows.count() for rows in answered))


def _to_publish(who: Standing, *, now: datetime) -> list[Publication]:
    """What the organisations were asked about, and can say nothing more to."""
    asked = visible_to(who, Publication.objects.filter(state=PublicationState.ASKED, opinions_until__lt=now))
    return list(asked.select_related("revision__minutes__meeting__body").order_by("opinions_until", "pk"))


def _unregistered(who: Standing) -> list[MinutesRevision]:
    rows = visible_to(who, MinutesRevision.objects.approved().filter(registration_number=""))
    own = rows.filter(minutes__meeting__body__in=who.secretariat_of)
    return list(own.select_related("minutes__meeting__body").order_by("approved_at", "pk"))


def _records(who: Standing) -> list[RecordsRequest]:
    rows = visible_to(who, RecordsRequest.objects.exclude(state__in=RECORDS_SETTLED))
    return list(rows.order_by("due_at", "pk"))


def _loads(who: Standing, *, now: datetime) -> list[OwnerLoad]:
    owed = Q(state__in=OWED)
    counted = (
        visible_to(who, ActionItem.objects.all())
        .order_by()
        .values("owner")
        .annotate(
            owed=Count("pk", filter=owed),
            overdue=Count("pk", filter=owed & Q(due_on__lt=local_day(now))),
            submitted=Count("pk", filter=Q(state=ActionState.SUBMITTED)),
        )
    )
    organisations = {o.pk: o for o in Organisation.objects.all()}
    loads = [OwnerLoad(organisations[c["owner"]], c["owed"], c["overdue"], c["submitted"]) for c in counted]
    return sorted(loads, key=lambda load: (load.organisation.kind, load.organisation.pk))
