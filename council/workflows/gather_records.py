"""Collecting the pieces of a records request: everything of a body and a period that others than its writer have.

Drafts are no part of it, nor what was withdrawn. What is strictly labelled is: somebody decides on it like on the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import translation
from django.utils.translation import gettext as _

from council.actions.models import (
    UNBORN,
    ActionComment,
    ActionItem,
    Evidence,
    ExtensionRequest,
    ProgressUpdate,
    Verification,
)
from council.actions.states import ExtensionState, UpdateState
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.labels import Label
from council.core.wording import day_text
from council.meetings.models import AgendaSnapshot, Paper, PaperVersion
from council.minutes.models import Decision, IssuedDocument, MinutesRevision, Publication, RecordsRequest
from council.minutes.operations.records import Found, RecordsRefused, keep_pieces, open_request
from council.parties.queries import ministry, not_ministries
from council.workflows.gather_reports import OF_REPORTS
from council.workflows.records_documents import label_between, label_of_evidence, of_action
from council.workflows.records_scope import Scope, found


def open_records(request: RecordsRequest, *, by: Actor, now: datetime) -> int:
    """Keep a new request with everything that is in its scope; how many pieces. Refused if there is nothing."""
    with transaction.atomic():
        open_request(request, by=by, now=now)
        return collect(request, by=by, now=now)


def collect(request: RecordsRequest, *, by: Actor, now: datetime) -> int:
    """Collect the pieces anew, with what came meanwhile; what was decided on the others stays. How many there are."""
    with translation.override("ko"):
        found = sorted(pieces_of(request, now=now), key=_place)
    return keep_pieces(request, by=by, now=now, found=found)


def _place(one: Found) -> tuple[date, int, int]:
    return one.day, ORDER.index(one.target_type), one.target_id


# Of one day, in this order.
ORDER = (
    "agendasnapshot", "paperversion", "paper", "minutesrevision", "publication", "decision", "actionitem",
    "progressupdate", "evidence", "verification", "actioncomment", "extensionrequest", "submission", "reportevidence",
    "judgement", "frozenscorecard",
)  # fmt: skip


def pieces_of(request: RecordsRequest, *, now: datetime) -> Iterator[Found]:
    """Everything in the scope, in the active language: one query for each kind of thing."""
    host = ministry()
    if host is None:
        raise RecordsRefused(_("There is no ministry in the register."))
    scope = Scope(request, host.pk, now, tuple(not_ministries()))
    for pieces in (*OF_MEETINGS, *OF_ACTIONS, *OF_REPORTS):
        yield from pieces(scope)


def _newest(rows: models.QuerySet[Any], whole: str) -> Subquery:
    """The number of the newest of those that belong to the same whole."""
    return Subquery(rows.filter(**{whole: OuterRef(whole)}).order_by("-number").values("pk")[:1])


def _agendas(scope: Scope) -> Iterator[Found]:
    rows = AgendaSnapshot.objects.filter(meeting__in=scope.meetings).select_related("meeting__body")
    newest = {row.meeting_id: row for row in rows.order_by("version")}
    for row in newest.values():
        title = _("Agenda of: %(meeting)s") % {"meeting": row.meeting.name}
        said = "\n".join(item["title"] for item in row.items)
        named = scope.named(said, meeting=row.meeting)
        yield found(row, f"{title} ({_version(row.version)})", row.meeting.day, scope.host, Label.AMBER, named)


def _papers(scope: Scope) -> Iterator[Found]:
    shown = Paper.objects.standing().filter(scope.about("agenda_item__commitment"))
    versions = PaperVersion.objects.filter(
        paper__in=shown,
        paper__agenda_item__meeting__in=scope.announced,
        pk=_newest(PaperVersion.objects.all(), "paper"),
    )
    for row in versions.select_related("paper__agenda_item__meeting"):
        paper = row.paper
        title = f"{paper.get_kind_display()}: {paper.title} ({_version(row.number)})"
        named = _named_by_the_ministry(scope, paper)
        yield found(row, title, paper.agenda_item.meeting.day, paper.owner_id, paper.counting_label, named)


def _elsewhere(scope: Scope) -> Iterator[Found]:
    """Papers without a file: where they are is said, and by what number."""
    rows = Paper.objects.standing().filter(scope.about("agenda_item__commitment"), versions=None)
    for row in rows.filter(agenda_item__meeting__in=scope.announced).select_related("agenda_item__meeting"):
        elsewhere = _("kept elsewhere as %(number)s") % {"number": row.document_number}
        title = f"{row.get_kind_display()}: {row.title} ({elsewhere})"
        named = _named_by_the_ministry(scope, row)
        yield found(row, title, row.agenda_item.meeting.day, row.owner_id, row.counting_label, named)


def _named_by_the_ministry(scope: Scope, paper: Paper) -> set[int]:
    if paper.owner_id != scope.host:
        return set()
    return scope.named(paper.title, label=paper.counting_label, meeting=paper.agenda_item.meeting)


def _minutes(scope: Scope) -> Iterator[Found]:
    """The version of each meeting that was approved last."""
    rows = _approved(scope)
    published = set(_public(scope).values_list("revision", flat=True))
    for row in rows.select_related("minutes__meeting__body"):
        title = _("Minutes of: %(meeting)s") % {"meeting": row.title or row.minutes.meeting.name}
        public = scope.request.rests_on_disclosure and row.pk in published
        yield found(
            row,
            f"{title} ({_version(row.number)})",
            row.minutes.meeting.day,
            row.minutes.convened_by_id,
            row.minutes.label,
            scope.in_minutes(row),
            audience=IssuedDocument.Audience.PUBLIC if public else IssuedDocument.Audience.COMMON,
        )


def _approved(scope: Scope) -> models.QuerySet[MinutesRevision]:
    approved = MinutesRevision.objects.approved()
    return approved.filter(minutes__meeting__in=scope.meetings, pk=_newest(approved, "minutes"))


def _public(scope: Scope) -> models.QuerySet[Publication]:
    meetings = Publication.objects.published().filter(revision__minutes__meeting__in=scope.meetings)
    return meetings.filter(kind=Publication.Kind.MINUTES)


def _publications(scope: Scope) -> Iterator[Found]:
    rows = Publication.objects.published().filter(
        scope.within("published_at"), revision__minutes__meeting__body=scope.request.body_id
    )
    if scope.request.commitment_id:
        rows = rows.filter(revision__minutes__meeting__in=scope.meetings)
    # Of minutes in the scope it is the version that is given to the public, and no piece of its own.
    rows = rows.exclude(kind=Publication.Kind.MINUTES, revision__in=_approved(scope).values("pk"))
    for row in rows.select_related("revision__minutes__meeting__body"):
        if row.published_at:
            owner = row.revision.minutes.convened_by_id
            label = Label.CLEAR if row.is_out(scope.now) else Label.AMBER_STRICT
            # What goes out was read by whom it names; a report of the results stays inside.
            meeting = row.revision.minutes.meeting
            named = set() if row.is_public else scope.named(f"{row.title}\n{row.text}", meeting=meeting)
            yield found(row, str(row), local_day(row.published_at), owner, label, named)


def _decisions(scope: Scope) -> Iterator[Found]:
    rows = Decision.objects.standing().filter(
        scope.within("in_force_at"), scope.about("commitment"), body=scope.request.body_id
    )
    for row in rows.select_related("revision__minutes", "agenda_item__meeting"):
        if row.in_force_at:
            title = f"{row.get_kind_display()} {row.reference}: {row.text}"
            day = local_day(row.in_force_at)
            meeting = row.agenda_item.meeting
            concerns = scope.named(f"{row.agenda_item.title}\n{row.text}", label=row.label, meeting=meeting)
            concerns |= {row.by_whom_id} if row.by_whom_id else set()
            yield found(row, title, day, row.label_owner_id, row.label, concerns)


def _actions(scope: Scope) -> Iterator[Found]:
    """Given out in the period; not what was provisional only."""
    rows = ActionItem.objects.filter(
        scope.within("created_at"), scope.about("commitment"), body=scope.request.body_id
    ).exclude(UNBORN)
    for row in rows.select_related("owner"):
        title = f"{_('Action item')} {row.owner.short} {row.reference}: {row.title}"
        named = scope.named(f"{row.title}\n{row.description}\n{row.cancelled_because}", label=row.label)
        yield found(row, title, local_day(row.created_at), row.owner_id, row.label, named)


def _handed_in(scope: Scope, path: str) -> Q:
    """Updates that were submitted in the period and not withdrawn."""
    update = f"{path}__" if path else ""
    mine = Q(**{f"{update}state": UpdateState.SUBMITTED, f"{update}action__body": scope.request.body_id})
    return mine & scope.within(f"{update}submitted_at") & scope.about(f"{update}action__commitment")


def _updates(scope: Scope) -> Iterator[Found]:
    rows = ProgressUpdate.objects.filter(_handed_in(scope, "")).select_related("action__owner")
    for row in rows:
        if row.submitted_at:
            day = local_day(row.submitted_at)
            title = f"{_('Progress report')} {of_action(row.action)} ({row.percent}%, {day_text(day)})"
            yield found(row, title, day, row.organisation_id, row.counting_label)


def _evidence(scope: Scope) -> Iterator[Found]:
    rows = Evidence.objects.filter(_handed_in(scope, "update")).select_related("update__action__owner", "file")
    for row in rows:
        update = row.update
        if update.submitted_at:
            name = str(row) or (row.file.name if row.file else str(row.get_kind_display()))
            title = f"{_('Evidence')} {of_action(update.action)}: {name}"
            yield found(row, title, local_day(update.submitted_at), update.organisation_id, label_of_evidence(row))


def _of_actions(scope: Scope, moment: str) -> Q:
    """What was said of items at such a moment."""
    return scope.within(moment) & scope.about("action__commitment") & Q(action__body=scope.request.body_id)


def _verifications(scope: Scope) -> Iterator[Found]:
    rows = Verification.objects.filter(_of_actions(scope, "at"))
    for row in rows.select_related("action__owner"):
        title = f"{_('Verification')} {of_action(row.action)}: {row.get_verdict_display()}"
        owner = row.action.owner_id
        yield found(row, title, local_day(row.at), scope.host, label_between(row.action), {owner})


def _comments(scope: Scope) -> Iterator[Found]:
    rows = ActionComment.objects.filter(_of_actions(scope, "at"))
    for row in rows.select_related("action__owner"):
        title = f"{_('Comment')} {of_action(row.action)}"
        between = {row.action.owner_id, scope.host}
        yield found(row, title, local_day(row.at), row.organisation_id, label_between(row.action), between)


def _extensions(scope: Scope) -> Iterator[Found]:
    rows = ExtensionRequest.objects.filter(_of_actions(scope, "asked_at")).exclude(state=ExtensionState.WITHDRAWN)
    for row in rows.select_related("action__owner"):
        title = _("Request for an extension of %(action)s") % {"action": of_action(row.action)}
        title += f": {row.get_state_display()}"
        between = {row.action.owner_id, scope.host}
        yield found(row, title, local_day(row.asked_at), row.action.owner_id, label_between(row.action), between)


OF_MEETINGS = (_agendas, _papers, _elsewhere, _minutes, _publications, _decisions)
OF_ACTIONS = (_actions, _updates, _evidence, _verifications, _comments, _extensions)


def _version(number: int) -> str:
    return _("version %(number)d") % {"number": number}
