"""Answering a records request: asking whose pieces they are, deciding, having the archive made, handing over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import NotAllowedNow, SomebodyWasFaster
from council.core.lifecycle import change_if, move
from council.core.wording import moment_text
from council.files.models import StoredFile
from council.files.operations import discard
from council.files.queries import NotServed, opened
from council.mail.operations import announce
from council.minutes.models import RecordsOpinion, RecordsPiece, RecordsRequest
from council.minutes.models.records import SETTLED
from council.minutes.operations import opinions
from council.minutes.operations.records import (
    Outcome,
    RecordsRefused,
    locked,
    require_all_asked,
    require_version,
)
from council.minutes.queries.records import concerned, earliest_day, public_versions, silent_of, under_embargo
from council.minutes.states import RECORDS, RecordsState
from council.parties.models import Organisation

PROCEDURE = opinions.Procedure("records", RecordsRefused)
Stage = RecordsRequest.Stage
# Of a paper without a version there is no content here.
KEPT_ELSEWHERE = "paper"
NO_ARCHIVE: dict[str, Any] = {
    "stage": Stage.NONE, "done": 0, "total": 0, "lease_until": None, "failed_because": "", "made_at": None,
    "archive": None, "sha256": "",
}  # fmt: skip


def ask(
    request: RecordsRequest, *, by: Actor, now: datetime, until: datetime, on_paper: str = ""
) -> list[Organisation]:
    """Ask everybody whose words are to be given away, and tell them by e-mail; the pieces stay the same from now on.

    ``on_paper`` says how those were asked for whom nobody here could answer.
    """
    with transaction.atomic():
        stored = locked(request)
        if stored.state != RecordsState.COLLECTING:
            raise NotAllowedNow(SETTLED if stored.is_settled else _("They have been asked already."))
        pieces = list(stored.pieces.all())
        _require_outcomes(pieces)
        _require_contents(stored, pieces)
        asked = concerned(stored)
        if not asked:
            raise NotAllowedNow(_("Nothing of another organisation is given away; nobody has to be asked."))
        silent = silent_of(stored, asked, on=local_day(now))
        opinions.require_on_paper(PROCEDURE, silent, on_paper)
        opinions.require_time(PROCEDURE, until=until, now=now, by_law=True)
        if until > stored.due_at:
            raise RecordsRefused(_("By then the request is to have been answered already."), field="until")
        made = [RecordsOpinion.objects.create(request=stored, organisation=one) for one in asked]
        move(
            stored,
            to=RecordsState.ASKED,
            by=by,
            lifecycle=RECORDS,
            verb="records.asked",
            asked_at=now,
            opinions_until=until,
            asked_on_paper=on_paper.strip()[:300],
        )
        _keep(pieces, "asked_as", "at_most")
        for opinion in made:
            announce("records_asked", opinion, by=by)
    request.refresh_from_db()
    return asked


def _keep(pieces: Sequence[RecordsPiece], *names: str) -> None:
    """Keep what is given of them now: as what was told, or as the most that is given from now on."""
    for piece in pieces:
        for name in names:
            setattr(piece, name, piece.given_as)
    RecordsPiece.objects.bulk_update(pieces, names, batch_size=500)


def answer(opinion: RecordsOpinion, *, by: Actor, now: datetime, kind: str, text: str = "") -> None:
    """Agree for one's organisation, or ask that something be not disclosed; either can be changed until the date."""
    opinions.require_an_answer(PROCEDURE, kind=kind, text=text)
    with transaction.atomic():
        stored, row = _locked_opinion(opinion)
        own = row if row.organisation_id == by.organisation else None
        if opinions.answer(own, procedure=PROCEDURE, about=stored, by=by, now=now, kind=kind, text=text):
            announce("records_answered", row, by=by)
    opinion.refresh_from_db()


def decide(opinion: RecordsOpinion, *, by: Actor, now: datetime, follow: bool, reply: str) -> None:
    """Say what is done about an objection: followed, or not and why; the organisation is told.

    What is not followed on a disclosure request is handed over thirty days later at the earliest; of what is followed
    less is given than the organisation was asked about.
    """
    opinions.require_a_reply(PROCEDURE, reply)
    with transaction.atomic():
        _stored, row = _locked_opinion(opinion)
        less = _given_less(row) if follow else []
        if follow and row.is_undecided and not less:
            raise NotAllowedNow(_("Nothing of that organisation's is given less since it objected. Do that first."))
        opinions.decide(row, procedure=PROCEDURE, by=by, now=now, follow=follow, reply=reply)
        if less:
            _keep(less, "at_most")
    opinion.refresh_from_db()


def _given_less(opinion: RecordsOpinion) -> list[RecordsPiece]:
    """What concerns the organisation and is given less than it was told, or in another part."""
    theirs = opinion.request.pieces.filter(concerns=opinion.organisation_id)
    return [
        piece
        for piece in theirs
        if piece.given_as[:3] != piece.asked_as[:3] or piece.part_id not in {None, piece.asked_as[3]}
    ]


def _locked_opinion(opinion: RecordsOpinion) -> tuple[RecordsRequest, RecordsOpinion]:
    """The request first, as everywhere: two who lock in another order would wait for each other."""
    stored = locked(opinion.request)
    row = RecordsOpinion.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=opinion.pk)
    row.request = stored
    return stored, row


def settle(request: RecordsRequest, *, by: Actor, now: datetime) -> None:
    """What becomes of the pieces is decided; from now on their archive can be made.

    Silence until the day counts as no objection; an objection has been decided on before.
    """
    with transaction.atomic():
        stored = locked(request)
        if not stored.takes_decisions:
            raise SomebodyWasFaster(SETTLED if stored.is_settled else _("This has been decided already."))
        pieces = list(stored.pieces.all())
        _require_outcomes(pieces)
        _require_contents(stored, pieces)
        require_all_asked(stored)
        opinions.require_heard(stored, stored.opinions.all(), now=now)
        move(stored, to=RecordsState.DECIDED, by=by, lifecycle=RECORDS, verb="records.settled", decided_at=now)
    request.refresh_from_db()


def _require_outcomes(pieces: Iterable[RecordsPiece]) -> None:
    if lacking := [piece for piece in pieces if not piece.outcome]:
        raise NotAllowedNow(
            ngettext_lazy(
                "Of %(number)d piece it has not been said what becomes of it: %(first)s",
                "Of %(number)d pieces it has not been said what becomes of them, the first of them: %(first)s",
                len(lacking),
            )
            % {"number": len(lacking), "first": lacking[0].title}
        )


def _require_contents(request: RecordsRequest, pieces: Iterable[RecordsPiece]) -> None:
    """Whatever is handed over in part is there as a file, and minutes in the version that was chosen."""
    public = public_versions(pieces)
    for piece in pieces:
        require_version(piece, request, public)
        if piece.takes_a_part and piece.part_id is None:
            raise NotAllowedNow(
                _("“%(title)s” is handed over in part: attach the part as a file.") % {"title": piece.title}
            )


def reconsider(request: RecordsRequest, *, by: Actor, reason: str) -> None:
    """Take back what was decided, while nothing was handed over; the archive is thrown away."""
    if not reason.strip():
        raise RecordsRefused(_("Say why."), field="reason")
    with transaction.atomic():
        stored = locked(request)
        if stored.state != RecordsState.DECIDED:
            raise NotAllowedNow(SETTLED if stored.is_settled else _("It has not been decided yet."))
        older = _without_archive(stored)
        move(
            stored,
            to=RecordsState.ASKED if stored.asked_at else RecordsState.COLLECTING,
            by=by,
            lifecycle=RECORDS,
            verb="records.reconsidered",
            reason=reason.strip(),
            decided_at=None,
            **NO_ARCHIVE,
        )
        discard(older)
    request.refresh_from_db()


def ask_for_archive(request: RecordsRequest, *, by: Actor) -> None:
    """Have the archive made in the background; one that was made before is thrown away."""
    with transaction.atomic():
        stored = locked(request)
        if stored.state != RecordsState.DECIDED:
            raise NotAllowedNow(SETTLED if stored.is_settled else _("Decide first what becomes of the pieces."))
        if stored.is_being_made:
            raise NotAllowedNow(_("It is being made already."))
        older = _without_archive(stored)
        given = stored.pieces.filter(outcome=Outcome.HANDED_OVER).exclude(target_type=KEPT_ELSEWHERE, part=None)
        becomes = NO_ARCHIVE | {"stage": Stage.WAITING, "total": given.count()}
        change_if(stored, {"stage": stored.stage}, becomes)
        discard(older)
        audit.record(by=by, verb="records.archive_asked", target=stored)
    request.refresh_from_db()


def _without_archive(request: RecordsRequest) -> list[StoredFile]:
    """Nothing of a piece lies in the archive any more; the file that is not needed any more."""
    request.pieces.exclude(path="").update(path="", sha256="")
    return [request.archive] if request.archive else []


def hand_over(request: RecordsRequest, *, by: Actor, now: datetime, to: str, how: str) -> None:
    """Note that the archive was handed over, to whom and how. From now on nothing of it changes."""
    if not to.strip():
        raise RecordsRefused(_("Say to whom."), field="to")
    if not how.strip():
        raise RecordsRefused(_("Say how."), field="how")
    with transaction.atomic():
        stored = locked(request)
        if stored.is_settled:
            raise SomebodyWasFaster(SETTLED)
        if stored.state != RecordsState.DECIDED or stored.stage != Stage.READY:
            raise NotAllowedNow(_("Decide what becomes of the pieces and have the archive made first."))
        opinions.require_day(earliest_day(stored), now=now)
        _require_archive(stored)
        if (early := under_embargo(stored, now=now)) is not None:
            raise NotAllowedNow(
                _("“%(title)s” is under embargo until %(until)s.")
                % {"title": early.title, "until": moment_text(early.embargo or now)}
            )
        move(
            stored,
            to=RecordsState.ANSWERED,
            by=by,
            lifecycle=RECORDS,
            verb="records.handed_over",
            reason=f"SHA-256 {stored.sha256}",
            answered_at=now,
            handed_to=to.strip(),
            handed_how=how.strip(),
        )
    request.refresh_from_db()


def _require_archive(request: RecordsRequest) -> None:
    """Refuse to note that something was handed over that is not there any more, or is not what was made."""
    try:
        if request.archive is not None:
            opened(request.archive).close()
    except NotServed as refusal:
        raise NotAllowedNow(_("The archive cannot be read any more: make it again.")) from refusal


def close(request: RecordsRequest, *, by: Actor, reason: str) -> None:
    """Close it without an answer: it was withdrawn, or passed on to somebody else."""
    if not reason.strip():
        raise RecordsRefused(_("Say why."), field="reason")
    with transaction.atomic():
        stored = locked(request)
        if stored.is_settled:
            raise SomebodyWasFaster(SETTLED)
        older = _without_archive(stored)
        move(
            stored,
            to=RecordsState.CLOSED,
            by=by,
            lifecycle=RECORDS,
            verb="records.closed",
            reason=reason.strip(),
            closed_because=reason.strip()[:300],
            **NO_ARCHIVE,
        )
        discard(older)
    request.refresh_from_db()
