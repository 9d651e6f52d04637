"""What of a records request is drawn: pieces that are no files yet, the index that goes with them, its manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from council.actions.models import ActionItem, Evidence, ProgressUpdate, Verification
from council.core.labels import Ground, Label
from council.core.languages import languages
from council.core.wording import day_text, kind_text, moment_text
from council.documents.official import Grid, Line, Official, rows_of
from council.meetings.models import AgendaItem, AgendaSnapshot
from council.minutes.models import Decision, IssuedDocument, Minutes, Publication, RecordsPiece, RecordsRequest
from council.minutes.queries.records import outcomes
from council.reports.models import Report


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
    return sheet(title, facts, [Grid("", columns, rows, (8, 60, 18, 14))], Label.AMBER, made_at, author)


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
    return sheet(title, facts, [Line(row.text)], row.label, made_at, author)


def action_sheet(row: ActionItem, *, made_at: datetime, author: str) -> Official:
    """An action item. What was handed in on it, and the answers to that, are decided on piece by piece."""
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
    lines = [Line(row.description)] if row.description else []
    return sheet(f"{_('Action item')} {row.reference}", facts, lines, row.label, made_at, author)


def update_sheet(row: ProgressUpdate, *, made_at: datetime, author: str) -> Official:
    """What was said of the progress. What was attached is decided on by itself."""
    facts = [
        (_("Action item"), of_action(row.action)),
        (_("Organisation"), row.organisation.name),
        (_("Progress"), f"{row.percent}%"),
        (_("Submitted at"), moment_text(row.submitted_at) if row.submitted_at else ""),
    ]
    title = f"{_('Progress report')} {row.action.reference}"
    return sheet(title, facts, [Line(row.text)], row.counting_label, made_at, author)


def evidence_sheet(row: Evidence, *, made_at: datetime, author: str) -> Official:
    """Evidence that is no file."""
    facts = [
        (_("Action item"), of_action(row.update.action)),
        (_("Organisation"), row.update.organisation.name),
        (_("Kind"), str(row.get_kind_display())),
        (_("Title"), row.title),
        (_("Address"), row.url),
    ]
    return sheet(f"{_('Evidence')} {row.update.action.reference}", facts, [], label_of_evidence(row), made_at, author)


def verification_sheet(row: Verification, *, made_at: datetime, author: str) -> Official:
    """The ministry's answer to what was submitted."""
    facts = [
        (_("Action item"), of_action(row.action)),
        (_("Day"), moment_text(row.at)),
        (_("Verdict"), str(row.get_verdict_display())),
    ]
    lines = [Line(row.comment)] if row.comment else []
    title = f"{_('Verification')} {row.action.reference}"
    return sheet(title, facts, lines, label_between(row.action), made_at, author)


def of_action(row: ActionItem) -> str:
    return f"{row.owner.short} {row.reference} {row.title}"


def label_of_evidence(row: Evidence) -> str:
    """It is between its owner and the ministry."""
    return Label.strictest([row.update.counting_label, Label.AMBER_STRICT])


def label_between(action: ActionItem) -> str:
    """Of what its owner and the ministry say of it: it tells what was handed in, and is between the two like that."""
    return Label.strictest([action.label, Label.AMBER_STRICT])


def of_report(row: Report) -> str:
    return f"{row.commitment.code} {row.organisation.short} {row.round.covers.label}"


def label_of_report(row: Report) -> str:
    """Receipts, evidence and answers stay between the two, also where the report itself reaches further."""
    return Label.strictest([row.label, Label.AMBER_STRICT])


def sheet(
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

    A title can betray what is refused: outside only the kind of thing is said of that. Labels are for those inside.
    """
    inside = not outside
    rows = rows_of(
        (
            piece.position,
            name_outside(piece) if outside else piece.title,
            day_text(piece.day),
            piece.owner.short,
            *([piece.label] if inside else []),
            outcome_text(piece),
            ground_text(piece),
        )
        for piece in pieces
    )
    columns = (
        _("No."), _("Title"), _("Day"), _("Of whom"), *([_("Label")] if inside else []), _("Outcome"), _("Ground"),
    )  # fmt: skip
    widths = (5, 34, 13, 13, 11, 11, 13) if inside else (6, 40, 14, 14, 12, 14)
    hashes = rows_of((piece.position, piece.path, piece.sha256) for piece in pieces if piece.path)
    tables = [Grid(_("Records"), columns, rows, widths)]
    if hashes:
        tables.append(Grid(_("Files"), (_("No."), _("File"), "SHA-256"), hashes, (6, 44, 50)))
    return Official(
        title=_("Index of records: %(kind)s") % {"kind": request.get_kind_display()},
        language=languages()[0],
        author=author,
        made_at=made_at,
        label=Label.strictest([piece.label_given for piece in pieces]) if inside else "",
        facts=tuple((name, text) for name, text in _facts(request, pieces, inside=inside) if text),
        parts=tuple(tables),
    )


def _facts(request: RecordsRequest, pieces: Sequence[RecordsPiece], *, inside: bool) -> Iterator[tuple[str, str]]:
    yield _("Requester"), request.requester
    yield _("Document number of the request"), request.reference
    yield _("Received on"), day_text(request.received_on)
    yield _("Due"), moment_text(request.due_at)
    yield _("Body"), request.body.name
    yield _("Period"), f"{day_text(request.from_day)} – {day_text(request.to_day)}"
    yield _("Commitment"), str(request.commitment or "")
    yield _("Pieces"), ", ".join(f"{name} {number}" for name, number in outcomes(pieces) if number)
    if not inside:
        return
    yield _("SHA-256 of the archive"), request.sha256
    if request.answered_at:
        yield _("Handed over"), f"{moment_text(request.answered_at)} · {request.handed_to} · {request.handed_how}"
    yield _("Legal hold"), request.hold_reason
    yield _("Closed because"), request.closed_because


def asked_for(request: RecordsRequest) -> str:
    """What a request is called where its requester may be named by its number alone."""
    reference = f"({request.reference})" if request.reference else ""
    return f"{capfirst(str(request.get_kind_display()))}{reference}"


def kind_of(piece: RecordsPiece) -> str:
    """What kind of thing a piece is, in a word."""
    if piece.is_minutes:
        is_public = piece.audience == IssuedDocument.Audience.PUBLIC and piece.leaves
        return capfirst(str(Publication.Kind.MINUTES.label if is_public else Minutes._meta.verbose_name))
    return kind_text(piece.target_type)


def name_outside(piece: RecordsPiece) -> str:
    """What a piece is called to the requester: of what is not given as a whole, its title is not said."""
    return piece.title if piece.is_given_whole else kind_of(piece)


def outcome_text(piece: RecordsPiece) -> str:
    """What becomes of a piece: how far, and of minutes in which version."""
    version = str(IssuedDocument.Audience(piece.audience).label) if piece.audience and piece.leaves else ""
    parts = [str(piece.get_outcome_display()), _("in part") if piece.in_part else "", version]
    return "\n".join(filter(None, parts))


def ground_text(piece: RecordsPiece) -> str:
    """By what right, why, and when that is looked at again."""
    review = _("to be reviewed on %(day)s") % {"day": day_text(piece.review_on)} if piece.review_on else ""
    return "\n".join([*(str(Ground(number).label) for number in piece.grounds), piece.reason, review])


def manifest(sums: Iterable[tuple[str, str]]) -> bytes:
    """The names and hashes of files as ``sha256sum -c`` reads them."""
    return "".join(f"{digest}  {path}\n" for path, digest in sums).encode()
