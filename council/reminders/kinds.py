"""Every kind of letter the system writes: whom an announcement reaches, and when a notice is not wanted any more.

Filled into the outbox's registry once, when the application starts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from council.actions.models import ActionItem, Escalation, ExtensionRequest
from council.actions.states import OWED, ActionState, ExtensionState, UpdateState
from council.core.calendar import local_day
from council.core.quarters import Quarter
from council.mail.models import Notice
from council.mail.registry import MailKind, registry
from council.mail.states import Unwanted
from council.meetings.models import AgendaItem, Deadline
from council.meetings.states import AgendaItemState, MeetingState
from council.minutes.models import MinutesRevision, Publication, RecordsOpinion
from council.minutes.states import IN_FORCE, MinutesState, PublicationState, RecordsState
from council.parties.models import Body, Organisation, Person
from council.release.models import ReleaseRequest
from council.release.states import ReleaseState
from council.reminders import accounts, inside, invitations, messages, recipients
from council.reminders.models import ReminderRule
from council.reminders.queries import announced, still_owes
from council.reminders.second_look import unless
from council.reports.models import Report, ReportingRound
from council.reports.states import OWED as REPORTS_OWED
from council.reports.states import ReportState, RoundState
from council.scorecard.models import PublicQuarter


def action_not_owed(action: ActionItem, notice: Notice) -> Unwanted | None:
    if action.state not in OWED:
        return Unwanted.SETTLED
    return Unwanted.MOVED if action.due_on != notice.anchor_on else None


def action_not_in(*states: str) -> Callable[[ActionItem, Notice], Unwanted | None]:
    return lambda action, notice: None if action.state in states else Unwanted.SETTLED


def extension_not_in(*states: str) -> Callable[[ExtensionRequest, Notice], Unwanted | None]:
    return lambda request, notice: None if request.state in states else Unwanted.SETTLED


def escalation_not_running(row: Escalation, notice: Notice) -> Unwanted | None:
    running = Escalation.objects.running().filter(pk=row.pk)
    return None if running.exists() else Unwanted.SETTLED


def release_not_in(*states: str) -> Callable[[ReleaseRequest, Notice], Unwanted | None]:
    return lambda request, notice: None if request.state in states else Unwanted.SETTLED


def item_not_in(*states: str) -> Callable[[AgendaItem, Notice], Unwanted | None]:
    return lambda item, notice: None if item.state in states else Unwanted.SETTLED


def minutes_not_in(*states: str) -> Callable[[MinutesRevision, Notice], Unwanted | None]:
    """Unwanted once the minutes went on, or another version follows."""

    def check(revision: MinutesRevision, notice: Notice) -> Unwanted | None:
        newest = not revision.minutes.revisions.filter(number__gt=revision.number).exists()
        return None if newest and revision.minutes.state in states else Unwanted.SETTLED

    return check


def publication_not_in(*states: str) -> Callable[[Publication, Notice], Unwanted | None]:
    return lambda publication, notice: None if publication.state in states else Unwanted.SETTLED


def records_not_asked(opinion: RecordsOpinion, notice: Notice) -> Unwanted | None:
    return None if opinion.request.state == RecordsState.ASKED else Unwanted.SETTLED


def deadline_not_open(deadline: Deadline, notice: Notice) -> Unwanted | None:
    if deadline.waived_because:
        return Unwanted.WAIVED
    if deadline.meeting.state == MeetingState.CANCELLED:
        return Unwanted.SETTLED
    if notice.recipient.organisation.kind == Organisation.Kind.CARRIER and not still_owes(
        deadline, notice.recipient.organisation_id
    ):
        return Unwanted.SETTLED
    return Unwanted.MOVED if local_day(deadline.due_at) != notice.anchor_on else None


def report_not_owed(report: Report, notice: Notice) -> Unwanted | None:
    if report.state not in REPORTS_OWED:
        return Unwanted.SETTLED
    return Unwanted.MOVED if report.last_day != notice.anchor_on else None


def report_not_in(*states: str) -> Callable[[Report, Notice], Unwanted | None]:
    return lambda report, notice: None if report.state in states else Unwanted.SETTLED


def round_not_open(reporting_round: ReportingRound, notice: Notice) -> Unwanted | None:
    return None if reporting_round.state == RoundState.OPEN else Unwanted.SETTLED


def quarter_announced(body: Body, notice: Notice) -> Unwanted | None:
    return Unwanted.PLANNED if announced(body.pk, Quarter.of(notice.anchor_on)) else None


def quarter_not_announced(body: Body, notice: Notice) -> Unwanted | None:
    return None if announced(body.pk, Quarter.of(notice.anchor_on)) else Unwanted.SETTLED


def nobody(target: Any, on: date) -> Collection[Person]:
    """Reminders are planned from rules, not announced."""
    return []


def register() -> None:
    """Tell the outbox about every kind of letter."""
    registry.render = messages.render
    registry.add(
        *accounts.KINDS, *invitations.KINDS, *_reminders(), *_about_actions(), *_about_what_is_said(),
        *_about_reports(), *_about_releases(), *_about_items(), *_about_minutes(), *_about_publications(),
        *_about_records(), *_about_the_public(), *inside.KINDS,
    )  # fmt: skip


def _reminders() -> list[MailKind]:
    """Planned from rules, not announced."""
    kinds = ReminderRule.Kind
    checks: dict[ReminderRule.Kind, Callable[[Any, Notice], Unwanted | None]] = {
        kinds.QUARTER_UNPLANNED: quarter_announced,
        kinds.QUARTER_AHEAD: quarter_not_announced,
        kinds.MEETING_DEADLINE: deadline_not_open,
        kinds.ACTION_DUE: action_not_owed,
        kinds.ACTION_OVERDUE: action_not_owed,
        kinds.REPORT_OVERDUE: report_not_owed,
    }
    return [MailKind(kind, kind.label, nobody, unless(check)) for kind, check in checks.items()]


def _about_actions() -> list[MailKind]:
    return [
        _announcement(
            "action_assigned", _("an action item was assigned"), recipients.responsible, action_not_in(*OWED)
        ),
        _announcement(
            "action_submitted",
            _("an action item was submitted"),
            recipients.secretariat_of,
            action_not_in(ActionState.SUBMITTED),
        ),
        _announcement(
            "action_returned",
            _("completion of an action item was requested"),
            recipients.responsible,
            action_not_in(*OWED),
        ),
        _announcement(
            "action_verified",
            _("an action item was verified"),
            recipients.responsible,
            action_not_in(ActionState.VERIFIED),
        ),
    ]


def _about_what_is_said() -> list[MailKind]:
    """Beside progress and verdicts on an action item."""
    return [
        _announcement(
            "progress_entered",
            _("a report was entered for its owner"),
            recipients.responsible_for_it,
            lambda update, notice: Unwanted.SETTLED if update.state == UpdateState.WITHDRAWN else None,
        ),
        _announcement(
            "action_commented",
            _("an action item was commented on"),
            recipients.other_side,
            lambda comment, notice: None,
        ),
        _announcement(
            "action_escalated",
            _("an action item was escalated"),
            recipients.climbed_to,
            escalation_not_running,
        ),
        _announcement(
            "extension_requested",
            _("an extension was requested"),
            recipients.secretariat_of,
            extension_not_in(ExtensionState.REQUESTED),
        ),
        _announcement(
            "extension_answered",
            _("a request for an extension was answered"),
            recipients.responsible_for_it,
            extension_not_in(ExtensionState.GRANTED, ExtensionState.REFUSED),
        ),
    ]


def _about_reports() -> list[MailKind]:
    unsent = (ReportState.NOT_SUBMITTED, ReportState.DRAFT)
    return [
        _announcement("round_opened", _("a round of reports was opened"), recipients.owing, round_not_open),
        _announcement(
            "report_submitted",
            _("a report was submitted"),
            recipients.judging,
            report_not_in(ReportState.SUBMITTED),
        ),
        _announcement(
            "report_entered",
            _("a report was entered for its organisation"),
            recipients.reporting,
            report_not_in(ReportState.SUBMITTED),
        ),
        _announcement(
            "report_accepted", _("a report was accepted"), recipients.reporting, report_not_in(ReportState.ACCEPTED)
        ),
        _announcement(
            "report_returned",
            _("completion of a report was requested"),
            recipients.reporting,
            report_not_in(ReportState.RETURNED),
        ),
        _announcement("report_reopened", _("a report was reopened"), recipients.reporting, report_not_in(*unsent)),
    ]


def _about_the_public() -> list[MailKind]:
    return [
        _announcement(
            "public_quarter_shown",
            _("what the public will be told of a quarter was shown"),
            recipients.shown_first,
            lambda row, notice: None if row.state == PublicQuarter.State.SHOWN else Unwanted.SETTLED,
        ),
    ]


def _about_releases() -> list[MailKind]:
    return [
        _announcement(
            "release_asked",
            _("the owner was asked to agree to a release"),
            lambda request, on: list(recipients.consenting(request, on)),
            release_not_in(ReleaseState.ASKED),
        ),
        _announcement(
            "release_answered",
            _("the owner answered on a release"),
            recipients.secretariat_of,
            release_not_in(ReleaseState.AGREED, ReleaseState.DECLINED),
        ),
    ]


def _about_items() -> list[MailKind]:
    return [
        _announcement(
            "agenda_proposed",
            _("an agenda item was proposed"),
            recipients.secretariat_of,
            item_not_in(AgendaItemState.PROPOSED),
        ),
        _announcement(
            "agenda_answered",
            _("a proposed agenda item was answered"),
            recipients.who_proposed,
            item_not_in(AgendaItemState.ACCEPTED, AgendaItemState.RETURNED, AgendaItemState.WITHDRAWN),
        ),
    ]


def _about_minutes() -> list[MailKind]:
    return [
        _announcement(
            "minutes_circulated",
            _("minutes were circulated for comments"),
            recipients.asked_to_confirm,
            minutes_not_in(MinutesState.CIRCULATED),
        ),
        _announcement(
            "minutes_answered",
            _("an organisation answered on minutes"),
            recipients.secretariat_of,
            minutes_not_in(MinutesState.CIRCULATED),
        ),
        _announcement(
            "minutes_comment_answered",
            _("a comment on minutes was answered"),
            recipients.who_commented,
            lambda comment, notice: None,
        ),
        _announcement(
            "minutes_approved",
            _("minutes were approved"),
            recipients.readers_of_minutes,
            minutes_not_in(*IN_FORCE),
        ),
    ]


def _about_publications() -> list[MailKind]:
    return [
        _announcement(
            "publication_asked",
            _("an organisation was asked about a publication"),
            recipients.asked_for_opinion,
            publication_not_in(PublicationState.ASKED),
        ),
        _announcement(
            "publication_answered",
            _("an organisation answered on a publication"),
            recipients.secretariat_of,
            publication_not_in(PublicationState.ASKED),
        ),
        _announcement(
            "publication_decided",
            _("an objection to a publication was decided on"),
            recipients.whose_opinion,
            lambda opinion, notice: None,
        ),
        _announcement(
            "publication_published",
            _("a publication went out"),
            recipients.asked_for_opinion,
            publication_not_in(PublicationState.PUBLISHED),
        ),
    ]


def _about_records() -> list[MailKind]:
    return [
        _announcement(
            "records_asked",
            _("an organisation was asked about its pieces of a records request"),
            recipients.asked_about_records,
            records_not_asked,
        ),
        _announcement(
            "records_answered",
            _("an organisation answered on a records request"),
            recipients.secretariat_of,
            records_not_asked,
        ),
        _announcement(
            "records_decided",
            _("an objection to a records request was decided on"),
            recipients.whose_records,
            lambda opinion, notice: None,
        ),
    ]


def _announcement(
    code: str,
    label: Any,
    audience: Callable[[Any, date], Collection[Person]],
    check: Callable[[Any, Notice], Unwanted | None],
) -> MailKind:
    return MailKind(code, label, audience, unless(check), digest=False)
