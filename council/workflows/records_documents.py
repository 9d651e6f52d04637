"""What of a records request is drawn: pieces that are no files yet, the index that goes with them, its manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from council.actions.models import ActionItem, ProgressUpdate
from council.actions.states import UpdateState
from council.core.calendar import local_day
from council.core.labels import Ground, Label
from council.core.languages import languages
from council.core.wording import day_text, moment_text
from council.documents.official import Grid, Line, Official, rows_of
from council.meetings.models import AgendaItem, AgendaSnapshot
from council.minutes.models import Decision, IssuedDocument, RecordsPiece, RecordsRequest

Outcome = RecordsPiece.Outcome


def agenda_sheet(row: AgendaSnapshot, *, made_at: datetime, author: str) -> Official:
    """The agenda as it was fixed."""
    kinds = dict(AgendaItem.Kind.choices)
    rows = rows_of(
        (number, item["title"], kinds.get(item["kind"], ""), item["duration"])
        for number, item in enumerate(row.items, 1)
    )
    columns = (_("No."), _("Agenda item"), _("Kind"), _("Minutes (time)"))
    facts = [
        (_("Meeting"), row.meeting.name),
        (_("When"), moment_text(row.meeting.starts_at)),
        (_("Place"), row.meeting.venue),
        (_("Fixed on"), moment_text(row.fixed_at)),
    ]
    title = _("Agenda of: %(meeting)s") % {"meeting": row.meeting.name}
    return _sheet(title, facts, [Grid("", columns, rows, (8, 60, 18, 14))], Label.AMBER, made_at, author)


def decision_sheet(row: Decision, *, made_at: datetime, author: str) -> Official:
    """A decision with where it comes from."""
    facts = [
        (_("Body"), row.body.name),
        (_("Meeting"), row.agenda_item.meeting.name),
        (_("Agenda item"), row.agenda_item.title),
        (_("Kind"), str(row.get_kind_display())),
        (_("Number"), row.reference),
        (_("Of whom"), row.by_whom.name if row.by_whom else ""),
        (_("Commitment"), str(row.commitment or "")),
        (_("In force since"), moment_text(row.in_force_at) if row.in_force_at else ""),
    ]
    title = f"{capfirst(str(row.get_kind_display()))} {row.reference}"
    return _sheet(title, facts, [Line(row.text)], row.label, made_at, author)


def action_sheet(row: ActionItem, *, made_at: datetime, author: str) -> Official:
    """An action item with the ministry's answers. What was handed in on it is decided on piece by piece, not here."""
    facts = [
        (_("Body"), row.body.name),
        (_("Owner"), row.owner.name),
        (_("Number"), row.reference),
        (_("Title"), row.title),
        (_("Commitment"), str(row.commitment or "")),
        (_("Decision"), row.decision.reference if row.decision else ""),
        (_("Originally due"), day_text(row.original_due_on)),
        (_("Due"), day_text(row.due_on)),
        (_("State"), str(row.get_state_display())),
        (_("Reason for the cancellation"), row.cancelled_because),
    ]
    handed_in = [one.submitted_at for one in row.updates.all() if one.state == UpdateState.SUBMITTED]
    history = [(local_day(moment), _("progress submitted")) for moment in handed_in if moment]
    history += [
        (local_day(one.at), f"{one.get_verdict_display()} {one.comment}".strip()) for one in row.verifications.all()
    ]
    lines = [Line(row.description)] if row.description else []
    lines += [Line(f"{day_text(day)} {what}", 0) for day, what in sorted(history)]
    return _sheet(f"{_('Action item')} {row.reference}", facts, lines, row.label, made_at, author)


def update_sheet(row: ProgressUpdate, *, made_at: datetime, author: str) -> Official:
    """What was said of the progress. Files that were attached are pieces of their own; links stand here."""
    facts = [
        (_("Action item"), f"{row.action.owner.short} {row.action.reference} {row.action.title}"),
        (_("Organisation"), row.organisation.name),
        (_("Progress"), f"{row.percent}%"),
        (_("Submitted at"), moment_text(row.submitted_at) if row.submitted_at else ""),
    ]
    shown = [one for one in row.evidence.all() if not one.file_id]
    lines = [Line(row.text)]
    lines += [Line(f"{one.get_kind_display()}: {one.title} {one.url}".strip(), 0) for one in shown]
    title = f"{_('Progress report')} {row.action.reference}"
    return _sheet(title, facts, lines, row.counting_label, made_at, author)


def _sheet(
    title: str,
    facts: Iterable[tuple[str, str]],
    parts: Sequence[Line | Grid],
    label: str,
    made_at: datetime,
    author: str,
) -> Official:
    return Official(
        title=title,
        language=languages()[0],
        author=author,
        made_at=made_at,
        label=label,
        facts=tuple((name, text) for name, text in facts if text),
        parts=tuple(parts),
    )


def index(
    request: RecordsRequest, pieces: Sequence[RecordsPiece], *, made_at: datetime, author: str, outside: bool
) -> Official:
    """Every piece with what becomes of it and why. ``outside``: for the requester, who is told no more than that.

    A title can betray what is refused: outside only the kind of thing is said of that.
    """
    columns = (
        _("No."), _("Title"), _("Day"), _("Of whom"), _("Label"), _("Outcome"), _("Ground"), "SHA-256",
    )  # fmt: skip
    rows = rows_of(
        (
            piece.position,
            name_outside(piece) if outside else piece.title,
            day_text(piece.day),
            piece.owner.short,
            piece.label,
            outcome_text(piece),
            ground_text(piece),
            "\n".join(piece.sha256[at : at + 16] for at in range(0, len(piece.sha256), 16)),
        )
        for piece in pieces
    )
    labels = [piece.label for piece in pieces if not outside or piece.outcome == Outcome.HANDED_OVER]
    return Official(
        title=_("Index of records: %(kind)s") % {"kind": request.get_kind_display()},
        language=languages()[0],
        author=author,
        made_at=made_at,
        label=Label.strictest(labels) if labels else Label.CLEAR,
        facts=tuple((name, text) for name, text in _facts(request, pieces, inside=not outside) if text),
        parts=(Grid(_("Records"), columns, rows, (5, 25, 11, 10, 10, 11, 15, 13)),),
    )


def _facts(request: RecordsRequest, pieces: Sequence[RecordsPiece], *, inside: bool) -> Iterator[tuple[str, str]]:
    yield _("Requester"), request.requester
    yield _("Document number of the request"), request.reference
    yield _("Received on"), day_text(request.received_on)
    yield _("Due"), moment_text(request.due_at)
    yield _("Body"), request.body.name
    yield _("Period"), f"{day_text(request.from_day)} – {day_text(request.to_day)}"
    yield _("Commitment"), str(request.commitment or "")
    counted = {name: sum(piece.outcome == value for piece in pieces) for value, name in Outcome.choices}
    yield _("Pieces"), ", ".join(f"{name} {number}" for name, number in counted.items() if number)
    if not inside:
        return
    yield _("SHA-256 of the archive"), request.sha256
    if request.answered_at:
        yield _("Handed over"), f"{moment_text(request.answered_at)} · {request.handed_to} · {request.handed_how}"
    yield _("Legal hold"), request.hold_reason
    yield _("Closed because"), request.closed_because


def kind_of(piece: RecordsPiece) -> str:
    """What kind of thing a piece is, in a word."""
    return capfirst(str(apps.get_model("council", piece.target_type)._meta.verbose_name))


def name_outside(piece: RecordsPiece) -> str:
    """What a piece is called to the requester: of what is not given as a whole, its title is not said."""
    return piece.title if piece.leaves and not piece.in_part else kind_of(piece)


def outcome_text(piece: RecordsPiece) -> str:
    """What becomes of a piece: how far, and of minutes in which version."""
    version = str(IssuedDocument.Audience(piece.audience).label) if piece.audience and piece.leaves else ""
    parts = [str(piece.get_outcome_display()), _("in part") if piece.in_part else "", version]
    return "\n".join(filter(None, parts))


def ground_text(piece: RecordsPiece) -> str:
    """By what right, why, and when that is looked at again."""
    if not piece.grounds:
        return ""
    review = f"{_('to be reviewed on')} {day_text(piece.review_on)}" if piece.review_on else ""
    return "\n".join([*(str(Ground(number).label) for number in piece.grounds), piece.reason, review])


def manifest(sums: Iterable[tuple[str, str]]) -> bytes:
    """The names and hashes of files as ``sha256sum -c`` reads them."""
    return "".join(f"{digest}  {path}\n" for path, digest in sums).encode()
