"""Collecting the pieces of a records request: everything of a body and a period that others than its writer have.

Drafts are no part of it, nor what was withdrawn. What is strictly labelled is: somebody decides on it like on the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import translation
from django.utils.translation import gettext as _

from council.actions.models import UNBORN, ActionItem, Evidence, ProgressUpdate, Verification
from council.actions.states import UpdateState
from council.core.actor import Actor
from council.core.calendar import at, local_day
from council.core.labels import Label
from council.core.wording import day_text
from council.meetings.models import AgendaItem, AgendaSnapshot, Meeting, Paper, PaperVersion
from council.minutes.models import Decision, IssuedDocument, MinutesRevision, Publication, RecordsRequest
from council.minutes.operations.records import Found, RecordsRefused, keep_pieces, open_request
from council.minutes.queries.publications import named_in, passages_of
from council.parties.models import Organisation
from council.parties.queries import ministry, not_ministries
from council.workflows.records_documents import label_of_evidence, label_of_verification, of_action


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
    "progressupdate", "evidence", "verification",
)  # fmt: skip


def pieces_of(request: RecordsRequest, *, now: datetime) -> Iterator[Found]:
    """Everything in the scope, in the active language: one query for each kind of thing."""
    host = ministry()
    if host is None:
        raise RecordsRefused(_("There is no ministry in the register."))
    scope = _Scope(request, host.pk, now, tuple(not_ministries()))
    for found in (*OF_MEETINGS, *OF_ACTIONS):
        yield from found(scope)


@dataclass(frozen=True, slots=True)
class _Scope:
    request: RecordsRequest
    host: int
    now: datetime
    others: tuple[Organisation, ...]

    def within(self, moment: str) -> Q:
        """A moment that lies in the period."""
        begins, after = at(self.request.from_day, time(0)), at(self.request.to_day + timedelta(days=1), time(0))
        return Q(**{f"{moment}__gte": begins, f"{moment}__lt": after})

    def named(self, text: str, *, label: str = Label.AMBER, meeting: Meeting | None = None) -> set[int]:
        """Who is named in a text of the ministry's, of those who may know of it.

        Nobody is asked about what is between others, or about a meeting of chosen people that they were not asked to:
        the question would tell them of it.
        """
        if Label(label).width <= Label.AMBER_STRICT.width:
            return set()
        named = {one.pk for one in named_in(text, self.others)}
        if meeting is not None and meeting.by_invitation:
            named &= set(meeting.participations.asked().values_list("organisation", flat=True))
        return named

    def in_minutes(self, revision: MinutesRevision) -> set[int]:
        """Who came, spoke or is named, as before they are published; and whose annexes are with them."""
        passages = list(passages_of(revision))
        annexes = revision.sections.exclude(remarks=None).values_list("remarks__speaker__organisation", flat=True)
        return (
            {one.organisation_id for one in passages}
            | set(annexes)
            | self.named("\n".join(one.text for one in passages))
        )

    def about(self, path: str) -> Q:
        """What belongs to the commitment, if only that is asked for."""
        return Q(**{path: self.request.commitment_id}) if self.request.commitment_id else Q()

    @property
    def announced(self) -> models.QuerySet[Meeting]:
        """Also if they were cancelled since."""
        return Meeting.objects.announced().filter(self.within("starts_at"), body=self.request.body_id)

    @property
    def meetings(self) -> models.QuerySet[Meeting]:
        """Those at which it was about the commitment, if only that is asked for."""
        if not self.request.commitment_id:
            return self.announced
        return self.announced.filter(pk__in=AgendaItem.objects.filter(self.about("commitment")).values("meeting"))


def _newest(rows: models.QuerySet[Any], whole: str) -> Subquery:
    """The number of the newest of those that belong to the same whole."""
    return Subquery(rows.filter(**{whole: OuterRef(whole)}).order_by("-number").values("pk")[:1])


def _agendas(scope: _Scope) -> Iterator[Found]:
    rows = AgendaSnapshot.objects.filter(meeting__in=scope.meetings).select_related("meeting__body")
    newest = {row.meeting_id: row for row in rows.order_by("version")}
    for row in newest.values():
        title = _("Agenda of: %(meeting)s") % {"meeting": row.meeting.name}
        said = "\n".join(item["title"] for item in row.items)
        named = scope.named(said, meeting=row.meeting)
        yield _found(row, f"{title} ({_version(row.version)})", row.meeting.day, scope.host, Label.AMBER, named)


def _papers(scope: _Scope) -> Iterator[Found]:
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
        yield _found(row, title, paper.agenda_item.meeting.day, paper.owner_id, paper.counting_label, named)


def _elsewhere(scope: _Scope) -> Iterator[Found]:
    """Papers without a file: where they are is said, and by what number."""
    rows = Paper.objects.standing().filter(scope.about("agenda_item__commitment"), versions=None)
    for row in rows.filter(agenda_item__meeting__in=scope.announced).select_related("agenda_item__meeting"):
        elsewhere = _("kept elsewhere as %(number)s") % {"number": row.document_number}
        title = f"{row.get_kind_display()}: {row.title} ({elsewhere})"
        named = _named_by_the_ministry(scope, row)
        yield _found(row, title, row.agenda_item.meeting.day, row.owner_id, row.counting_label, named)


def _named_by_the_ministry(scope: _Scope, paper: Paper) -> set[int]:
    if paper.owner_id != scope.host:
        return set()
    return scope.named(paper.title, label=paper.counting_label, meeting=paper.agenda_item.meeting)


def _minutes(scope: _Scope) -> Iterator[Found]:
    """The version of each meeting that was approved last."""
    rows = _approved(scope)
    published = set(_public(scope).values_list("revision", flat=True))
    for row in rows.select_related("minutes__meeting__body"):
        title = _("Minutes of: %(meeting)s") % {"meeting": row.title or row.minutes.meeting.name}
        public = scope.request.rests_on_disclosure and row.pk in published
        yield _found(
            row,
            f"{title} ({_version(row.number)})",
            row.minutes.meeting.day,
            row.minutes.convened_by_id,
            row.minutes.label,
            scope.in_minutes(row),
            audience=IssuedDocument.Audience.PUBLIC if public else IssuedDocument.Audience.COMMON,
        )


def _approved(scope: _Scope) -> models.QuerySet[MinutesRevision]:
    approved = MinutesRevision.objects.approved()
    return approved.filter(minutes__meeting__in=scope.meetings, pk=_newest(approved, "minutes"))


def _public(scope: _Scope) -> models.QuerySet[Publication]:
    meetings = Publication.objects.published().filter(revision__minutes__meeting__in=scope.meetings)
    return meetings.filter(kind=Publication.Kind.MINUTES)


def _publications(scope: _Scope) -> Iterator[Found]:
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
            yield _found(row, str(row), local_day(row.published_at), owner, label, named)


def _decisions(scope: _Scope) -> Iterator[Found]:
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
            yield _found(row, title, day, row.label_owner_id, row.label, concerns)


def _actions(scope: _Scope) -> Iterator[Found]:
    """Given out in the period; not what was provisional only."""
    rows = ActionItem.objects.filter(
        scope.within("created_at"), scope.about("commitment"), body=scope.request.body_id
    ).exclude(UNBORN)
    for row in rows.select_related("owner"):
        title = f"{_('Action item')} {row.owner.short} {row.reference}: {row.title}"
        named = scope.named(f"{row.title}\n{row.description}\n{row.cancelled_because}", label=row.label)
        yield _found(row, title, local_day(row.created_at), row.owner_id, row.label, named)


def _handed_in(scope: _Scope, path: str) -> Q:
    """Updates that were submitted in the period and not withdrawn."""
    update = f"{path}__" if path else ""
    mine = Q(**{f"{update}state": UpdateState.SUBMITTED, f"{update}action__body": scope.request.body_id})
    return mine & scope.within(f"{update}submitted_at") & scope.about(f"{update}action__commitment")


def _updates(scope: _Scope) -> Iterator[Found]:
    rows = ProgressUpdate.objects.filter(_handed_in(scope, "")).select_related("action__owner")
    for row in rows:
        if row.submitted_at:
            day = local_day(row.submitted_at)
            title = f"{_('Progress report')} {of_action(row.action)} ({row.percent}%, {day_text(day)})"
            yield _found(row, title, day, row.organisation_id, row.counting_label)


def _evidence(scope: _Scope) -> Iterator[Found]:
    rows = Evidence.objects.filter(_handed_in(scope, "update")).select_related("update__action__owner", "file")
    for row in rows:
        update = row.update
        if update.submitted_at:
            name = str(row) or (row.file.name if row.file else str(row.get_kind_display()))
            title = f"{_('Evidence')} {of_action(update.action)}: {name}"
            yield _found(row, title, local_day(update.submitted_at), update.organisation_id, label_of_evidence(row))


def _verifications(scope: _Scope) -> Iterator[Found]:
    rows = Verification.objects.filter(
        scope.within("at"), scope.about("action__commitment"), action__body=scope.request.body_id
    )
    for row in rows.select_related("action__owner"):
        title = f"{_('Verification')} {of_action(row.action)}: {row.get_verdict_display()}"
        owner = row.action.owner_id
        yield _found(row, title, local_day(row.at), scope.host, label_of_verification(row), {owner})


OF_MEETINGS = (_agendas, _papers, _elsewhere, _minutes, _publications, _decisions)
OF_ACTIONS = (_actions, _updates, _evidence, _verifications)


def _version(number: int) -> str:
    return _("version %(number)d") % {"number": number}


def _found(
    row: models.Model,
    title: str,
    day: date,
    owner: int,
    label: str,
    others: Collection[int] = (),
    *,
    audience: str = "",
) -> Found:
    """``others``: whose words or data are in it besides its owner's."""
    return Found(
        target_type=str(row._meta.model_name),
        target_id=row.pk,
        title=" ".join(title.split()),
        day=day,
        owner_id=owner,
        label=label,
        concerns=frozenset({owner, *others}),
        audience=audience,
    )
