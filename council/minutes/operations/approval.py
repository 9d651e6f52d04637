"""The ministry approves: from then on the record stands, and is changed only by approving a next version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.core.lifecycle import change_if, move
from council.core.wording import moment_text
from council.meetings.models import Meeting
from council.minutes.models import Confirmation, Decision, MinutesComment, MinutesRevision
from council.minutes.operations.locking import lock_minutes
from council.minutes.operations.opinions import names_of
from council.minutes.operations.writing import MinutesRefused
from council.minutes.record import Missing, digest, missing_in, recording_missing, written
from council.minutes.states import MINUTES, MinutesState
from council.parties.models import Body


class NotComplete(DomainError):
    """What the law asks for is not all there; ``missing`` says what."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        names = dict.fromkeys(str(each.field.label) for each in missing)
        super().__init__(
            _("The minutes cannot be approved while these are empty: %(fields)s.") % {"fields": ", ".join(names)}
        )
        self.missing = missing


class NotRecorded(DomainError):
    """A designated meeting lacks what has to stand beside its minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who approved, by which route, and on which day. Law: 행정업무의 운영 및 혁신에 관한 규정 제10조."""

    approver: str
    route: str
    on: date


def approve(revision: MinutesRevision, *, by: Actor, now: datetime, approval: Approval) -> None:
    """Approve the version that was circulated, as it stands.

    NotComplete while one of the ten fields is empty, NotRecorded while a designated meeting lacks its recording;
    NotAllowedNow while a comment has no answer or one that was accepted is not in it, or while somebody who was asked
    can still answer. Whoever was silent until the date counts as having confirmed. Its decisions come into force and
    get their numbers.
    """
    if not approval.approver.strip():
        raise MinutesRefused(_("Say who approved."), field="approver")
    if approval.route not in MinutesRevision.Route.values:
        raise MinutesRefused(_("Choose the route of the approval."), field="route")
    with transaction.atomic():
        stored = _circulated(revision)
        meeting = stored.minutes.meeting
        if approval.on < meeting.day or approval.on > local_day(now):
            raise MinutesRefused(_("The day of approval lies between the meeting and today."), field="on")
        sections = written(stored)
        if missing := missing_in(stored, sections, stored.attendance):
            raise NotComplete(missing)
        if lacks := recording_missing(stored.minutes):
            raise NotRecorded(lacks)
        _settle_answers(stored, now=now)
        columns = {
            "approved_at": now,
            "approved_on": approval.on,
            "approver": approval.approver.strip(),
            "route": approval.route,
            "approval_entered_by_id": by.account,
            "sha256": digest(stored, sections),
        }
        change_if(stored, {"approved_at": None}, columns)
        audit.record(by=by, verb="minutes.approved_version", target=stored, after=columns)
        move(stored.minutes, to=MinutesState.APPROVED, by=by, lifecycle=MINUTES, verb="minutes.approved")
        _into_force(meeting, now=now, by=by)
    revision.refresh_from_db()


def _circulated(revision: MinutesRevision) -> MinutesRevision:
    minutes = lock_minutes(pk=revision.minutes_id)
    revisions = MinutesRevision.objects.select_for_update(of=("self",)).select_related("minutes__meeting__body")
    stored = revisions.get(pk=revision.pk)
    if stored.approved_at:
        raise SomebodyWasFaster(_("This version has been approved already."))
    if minutes.state != MinutesState.CIRCULATED or minutes.revisions.filter(number__gt=stored.number).exists():
        raise NotAllowedNow(_("Only the version that was circulated last is approved."))
    return stored


def _settle_answers(revision: MinutesRevision, *, now: datetime) -> None:
    said = MinutesComment.objects.filter(revision__minutes=revision.minutes_id)  # also to the versions before
    if said.filter(state=MinutesComment.State.OPEN).exists():
        raise NotAllowedNow(_("Some comments have not been answered. Accept or decline them first."))
    if revision.comments.filter(state=MinutesComment.State.ACCEPTED).exists():
        raise NotAllowedNow(
            _("A comment on this version was accepted. Write the next version with it and circulate that.")
        )
    awaited = revision.confirmations.awaited().select_related("organisation")
    if awaited and revision.comments_until and revision.comments_until >= now:
        raise NotAllowedNow(
            _("%(names)s can still answer until %(until)s.")
            % {
                "names": names_of(row.organisation for row in awaited),
                "until": moment_text(revision.comments_until),
            }
        )
    for row in awaited:
        change_if(row, {"kind": ""}, {"kind": Confirmation.Kind.DEEMED, "at": now})


def _into_force(meeting: Meeting, *, now: datetime, by: Actor) -> None:
    """The decisions of the meeting get the next numbers of their body and year, in the order of the agenda.

    Those of a meeting of chosen people get none: a gap would tell the others that it was held.
    """
    Body.objects.select_for_update(no_key=True).get(pk=meeting.body_id)
    new = Decision.objects.current().filter(agenda_item__meeting=meeting, in_force_at=None)
    for decision in new.order_by("agenda_item__position", "pk"):
        numbered = Decision.objects.filter(body=decision.body_id, year=decision.year)
        last = numbered.aggregate(last=Max("number"))["last"] or 0
        number = None if meeting.by_invitation else last + 1
        change_if(decision, {"in_force_at": None}, {"in_force_at": now, "number": number})
        audit.record(by=by, verb="decision.in_force", target=decision, after={"number": number})


def register_number(revision: MinutesRevision, *, by: Actor, number: str) -> None:
    """Enter the number under which the ministry's record system holds an approved version; once (시행령 제20조)."""
    if not number.strip():
        raise MinutesRefused(_("Enter the registration number."), field="number")
    with transaction.atomic():
        stored = MinutesRevision.objects.select_for_update().get(pk=revision.pk)
        if stored.approved_at is None:
            raise NotAllowedNow(_("Only an approved version is registered."))
        if stored.registration_number:
            raise NotAllowedNow(_("This version has its registration number already; it is not changed."))
        change_if(revision, {"registration_number": ""}, {"registration_number": number.strip()})
        audit.record(by=by, verb="minutes.registered", target=revision, after={"registration_number": number.strip()})
