"""The words of letters: a subject line, and one entry a notice, grouped by pillar, in a frame that is the same for all.

A letter carries no content of the council, only what is due, when, and where to look (see mail.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from council.actions.models import ActionComment, ActionItem, Escalation, ExtensionRequest, ProgressUpdate
from council.clearance.models import Clearance
from council.core.calendar import BusinessCalendar, local_day
from council.core.labels import Label
from council.core.quarters import Quarter
from council.declaration.models import Pillar, pillar_order
from council.mail.models import Notice
from council.mail.registry import Letter
from council.meetings.models import AgendaItem, Deadline, Meeting, Participation
from council.minutes.models import MinutesComment, MinutesRevision, Opinion, Publication, RecordsOpinion
from council.parties.models import Body, Organisation, Person, User
from council.release.models import ReleaseRequest
from council.reminders import invitations
from council.reminders.accounts import account_path
from council.reminders.targets import TARGETS
from council.reports.models import Contribution, Report, ReportingRound
from council.scorecard.models import PublicQuarter

# What belongs to a meeting, and is not one.
OF_A_MEETING = (Deadline, Participation, AgendaItem, MinutesRevision, MinutesComment, Publication, Opinion)
# What has one page, whoever reads it.
OWN_PAGE: dict[type[Any], str] = {
    ReleaseRequest: "portal:release", Report: "portal:report", ReportingRound: "portal:round",
    PublicQuarter: "portal:public_quarter", Contribution: "portal:contribution", Clearance: "portal:clearance",
}  # fmt: skip
# What belongs to an action item.
OF_AN_ACTION = (ActionComment, Escalation, ExtensionRequest, ProgressUpdate)
# Wider than this, a label is not put before the subject.
SHOWN_IN_SUBJECT = {Label.RED, Label.AMBER_STRICT, Label.AMBER}


@dataclass(frozen=True, slots=True)
class Entry:
    """One notice, ready for the templates of its kind. ``days_left`` counts business days; negative: past."""

    notice: Notice
    target: Any
    body: Body
    pillar: Pillar | None
    about_on: date
    days_left: int
    quarter: Quarter
    meeting: Meeting | None
    label: str
    url: str
    # Where an invitation can be answered without signing in, or nothing.
    reply_url: str

    @property
    def days_past(self) -> int:
        return -self.days_left

    @property
    def reference(self) -> str:
        """An action item's number, for a reader outside its owner with the owner's name: numbers count for each."""
        action = self.action
        outside = self.notice.recipient.organisation_id != action.owner_id
        return f"{action.owner.short} {action.reference}" if outside else action.reference

    @property
    def action(self) -> ActionItem:
        """The item it is about, or that what it is about belongs to."""
        action: ActionItem = self.target.action if isinstance(self.target, OF_AN_ACTION) else self.target
        return action


def render(notices: Sequence[Notice], now: datetime) -> Letter:
    """One letter of one or several notices to the same person, in the active language."""
    entries = sorted(_entries(notices, now), key=_order)
    first = entries[0]
    context = {
        "entries": entries,
        "first": first,
        "recipient": first.notice.recipient,
        "site_url": settings.SITE_URL,
        "contact": settings.CONTACT,
        "today": local_day(now),
        "groups": [(pillar, list(group)) for pillar, group in groupby(entries, key=lambda entry: entry.pillar)],
        "label": _label(entries),
    }
    alike = len({entry.notice.kind for entry in entries}) == 1
    kind = first.notice.kind if alike else "digest"
    method, calendar = invitations.calendar_entry(first.meeting, first.notice) if first.meeting else ("", "")
    return Letter(
        calendar_method=method,
        calendar_body=calendar,
        subject=" ".join(render_to_string(f"mail/{kind}/subject.txt", context).split()),
        text=render_to_string("mail/letter/body.txt", context).strip() + "\n",
        html=render_to_string("mail/letter/body.html", context),
    )


def _entries(notices: Iterable[Notice], now: datetime) -> Iterable[Entry]:
    today, calendar = local_day(now), BusinessCalendar.load()
    for notice in notices:
        target = TARGETS[notice.target_type].get(pk=notice.target_id)
        about_on, meeting = _about_on(target, notice), _meeting(target, notice)
        yield Entry(
            notice=notice,
            target=target,
            meeting=meeting,
            body=_body(target),
            pillar=_pillar(target),
            about_on=about_on,
            days_left=calendar.business_days_until(today, about_on),
            quarter=target.quarter if isinstance(target, Meeting) else Quarter.of(notice.anchor_on),
            label=_own_label(target, now),
            url=settings.SITE_URL.rstrip("/") + _path(target, meeting, notice),
            reply_url=_reply_url(meeting, notice),
        )


def _own_label(target: Any, now: datetime) -> str:
    """The label of what a letter is about; a version of minutes and what was said to it carry that of the minutes."""
    match target:
        case MinutesRevision():
            return target.minutes.label
        case Publication() if target.published_at:
            return target.label_at(now)
        case MinutesComment() | Publication():
            return target.revision.minutes.label
        case Opinion():
            return target.publication.revision.minutes.label
        case ReportingRound() | PublicQuarter():
            return ""
        case RecordsOpinion() | ActionComment() | Escalation() | ExtensionRequest() | Contribution() | Clearance():
            return Label.AMBER_STRICT
        case _:
            return str(getattr(target, "label", "") or getattr(target, "label_from", ""))


def _reply_url(meeting: Meeting | None, notice: Notice) -> str:
    path = invitations.reply_path(meeting, notice) if meeting else ""
    return settings.SITE_URL.rstrip("/") + path if path else ""


def _pillar(target: Any) -> Pillar | None:
    """The pillar it belongs to, by way of what it is about."""
    if isinstance(target, ReleaseRequest):
        return _pillar(target.target)
    if isinstance(target, OF_AN_ACTION):
        return target.action.own_pillar
    if isinstance(target, Report):
        return target.commitment.pillar
    if isinstance(target, Contribution):
        return _pillar(target.about)
    return target.own_pillar if isinstance(target, ActionItem | AgendaItem) else None


def _about_on(target: Any, notice: Notice) -> date:
    match target:
        case ActionItem() | ReportingRound() | Contribution():
            return target.due_on
        case Report():
            return target.last_day
        case _ if isinstance(target, OF_AN_ACTION):
            return target.action.due_on
        case Meeting():
            return target.day
        case Participation() | AgendaItem():
            return target.meeting.day
        case Publication() if notice.kind == "publication_asked" and target.opinions_until:
            return local_day(target.opinions_until)
        case RecordsOpinion() if notice.kind == "records_asked" and target.request.opinions_until:
            return local_day(target.request.opinions_until)
        case MinutesRevision() if notice.kind == "minutes_circulated" and target.comments_until:
            return local_day(target.comments_until)
        case _:
            return notice.anchor_on


def _body(target: Any) -> Body:
    match target:
        case Body():
            return target
        case _ if isinstance(target, OF_A_MEETING):
            return _minuted(target).body
        case RecordsOpinion():
            return target.request.body
        case Report():
            return target.round.body
        case _ if isinstance(target, OF_AN_ACTION):
            return target.action.body
        case User() | Person():
            council = Body.objects.filter(parent=None).order_by("pk").first()
            return council or Body(pk=0, name_ko=str(settings.SITE_NAME))
        case _:
            body: Body = target.body
            return body


def _meeting(target: Any, notice: Notice) -> Meeting | None:
    """The meeting it concerns: itself, a step's, or the regular one of the quarter if there is one."""
    match target:
        case Meeting():
            return target
        case _ if isinstance(target, OF_A_MEETING):
            return _minuted(target)
        case Body():
            regular = target.meetings.not_cancelled().filter(kind=Meeting.Kind.REGULAR)
            found: Meeting | None = regular.of_quarter(Quarter.of(notice.anchor_on)).first()
            return found
        case _:
            return None


def _minuted(target: Any) -> Meeting:
    """The meeting of what belongs to one."""
    match target:
        case MinutesRevision():
            return target.minutes.meeting
        case MinutesComment() | Publication():
            return target.revision.minutes.meeting
        case Opinion():
            return target.publication.revision.minutes.meeting
        case _:
            meeting: Meeting = target.meeting
            return meeting


def _path(target: Any, meeting: Meeting | None, notice: Notice) -> str:
    """Where it can be acted on, not merely read: for the secretariat in the administration."""
    if isinstance(target, User | Person):
        return account_path(notice)
    target = target.action if isinstance(target, OF_AN_ACTION) else target
    acts_in_admin = notice.kind == "quarter_unplanned" or (
        isinstance(target, ActionItem | Deadline) and notice.recipient.organisation.kind == Organisation.Kind.MINISTRY
    )
    door = "admin:council_{}_change" if acts_in_admin else "portal:{}"
    if page := OWN_PAGE.get(type(target)):
        return reverse(page, args=[target.pk])
    if isinstance(target, ActionItem):
        return reverse(door.format("actionitem" if acts_in_admin else "action"), args=[target.pk])
    if isinstance(target, Participation):
        return _path_to(target, notice)
    if isinstance(target, AgendaItem):
        proposed = notice.kind == "agenda_proposed"
        door = "admin:council_agendaitem_change" if proposed else "portal:agenda_item"
        return reverse(door, args=[target.pk])
    if isinstance(target, Publication | Opinion | RecordsOpinion):
        return _path_to_opinion(target, notice)
    if isinstance(target, MinutesRevision | MinutesComment):
        return _path_to_minutes(target, notice)
    if meeting:
        return reverse(door.format("meeting"), args=[meeting.pk])
    if not acts_in_admin:
        return reverse("portal:meetings")
    return f"{reverse('admin:council_meeting_plan')}?{urlencode({'quarter': str(Quarter.of(notice.anchor_on))})}"


def _path_to_minutes(target: MinutesRevision | MinutesComment, notice: Notice) -> str:
    if notice.kind == "minutes_answered":
        return reverse("admin:council_minutes_change", args=[_minuted(target).minutes.pk])
    if isinstance(target, MinutesComment):  # it stands, with the answer, beside the version that it was made on
        return reverse("portal:minutes_version", args=[target.revision_id])
    return reverse("portal:minutes", args=[target.minutes_id])


def _path_to_opinion(target: Publication | Opinion | RecordsOpinion, notice: Notice) -> str:
    """Where somebody says what is theirs; for the secretariat, what was said."""
    to_admin = notice.kind in {"publication_answered", "records_answered"}
    if isinstance(target, RecordsOpinion):
        return reverse("admin:council_recordsopinion_change" if to_admin else "portal:records", args=[target.pk])
    number = target.pk if isinstance(target, Publication) else target.publication_id
    return reverse("admin:council_publication_change" if to_admin else "portal:publication", args=[number])


def _path_to(row: Participation, notice: Notice) -> str:
    """Where a delegate is confirmed or one's own attendance looked after; for a guest, the answer's own page."""
    if notice.kind == "delegation_named":
        return reverse("admin:council_participation_change", args=[row.pk])
    if row.withdrawn_because or row.capacity == Participation.Capacity.GUEST:
        return reverse("portal:reply", args=[row.pk])
    return reverse("portal:meeting", args=[row.meeting_id])


def _order(entry: Entry) -> tuple[tuple[bool, int, int], date, int]:
    """By pillar, then by day."""
    return pillar_order(entry.pillar), entry.about_on, entry.notice.pk or 0


def _label(entries: Iterable[Entry]) -> str:
    """The strictest label among them, where it is to be shown before the subject."""
    labels = [entry.label for entry in entries if entry.label in SHOWN_IN_SUBJECT]
    return Label.strictest(labels) if labels else ""
