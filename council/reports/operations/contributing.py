"""A liaison asks departments for their parts of what the organisation hands in, and takes over what they gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.actions.models import ActionItem, Evidence
from council.actions.operations.progress import Progress
from council.actions.operations.progress import save_draft as save_progress
from council.actions.states import OWED as OWED_ACTIONS
from council.actions.states import UpdateState
from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import NotAllowedNow, SomebodyWasFaster
from council.core.labels import Label
from council.core.lifecycle import move
from council.core.register import version_of
from council.declaration.models import Indicator
from council.files.operations import taken_in
from council.mail.operations import announce
from council.parties.models import Organisation, Person
from council.reports.models import Contribution, ContributionFile, Report, ReportDraft, ReportEvidence
from council.reports.operations.standing import ReportRefused, locked
from council.reports.operations.writing import Written, checked_figures, save_draft
from council.reports.queries import contributors
from council.reports.states import CONTRIBUTION, OWED, WANTED, ContributionState


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a department has to say: text, values by the indicators' numbers, files.

    ``seen`` is the ``version_of`` the part it was written over; None where nobody asks.
    """

    text: str
    values: Mapping[int, Decimal | None] = field(default_factory=dict)
    uploads: Sequence[File[bytes]] = ()
    seen: str | None = None


# Letters: of a part, and of a report's text with all its parts.
LONGEST_PART, LONGEST_TEXT = 10_000, 20_000


def ask_for_parts(
    about: Sequence[Report | ActionItem],
    *,
    contributor: Person,
    due_on: date,
    by: Actor,
    now: datetime,
    asked: str = "",
) -> list[Contribution]:
    """Ask somebody in a department for their part of each of these by a day; all of them, or none.

    They are told.
    """
    if not about:
        raise ReportRefused(_("Choose what they are to contribute to."))
    if due_on < local_day(now):
        raise ReportRefused(_("This day is over."), field="due_on")
    with transaction.atomic():
        # Each asked once: those who ask at the same time wait for each other here.
        Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation)
        return [_ask(row, contributor, due_on=due_on, by=by, now=now, asked=asked.strip()) for row in about]


def _ask(
    row: Report | ActionItem, contributor: Person, *, due_on: date, by: Actor, now: datetime, asked: str
) -> Contribution:
    if isinstance(row, ActionItem) and row.label == Label.RED:
        raise ReportRefused(_("%(thing)s is for the people named on it alone.") % {"thing": row})
    body, owner = (row.round.body_id, row.organisation_id) if isinstance(row, Report) else (row.body_id, row.owner_id)
    if owner != by.organisation_id:
        raise ReportRefused(_("This belongs to another organisation."))
    if not contributors(owner, body, on=local_day(now)).filter(pk=contributor.pk).exists():
        raise ReportRefused(_("Choose a contributor of your organisation."), field="contributor")
    if row.state not in (OWED if isinstance(row, Report) else OWED_ACTIONS):
        raise NotAllowedNow(_("%(thing)s: nothing is to be handed in at the moment.") % {"thing": row})
    about = {"report": row} if isinstance(row, Report) else {"action": row}
    if Contribution.objects.filter(contributor=contributor, state__in=WANTED, **about).exists():
        raise ReportRefused(_("%(name)s was asked about %(thing)s already.") % {"name": contributor, "thing": row})
    made = Contribution.objects.create(
        organisation_id=owner, body_id=body, contributor=contributor, due_on=due_on, asked=asked,
        asked_by_id=by.account, **about,
    )  # fmt: skip
    audit.record(by=by, verb="contribution.asked", target=made)
    announce("contribution_asked", made, by=by)
    return made


def deliver(contribution: Contribution, *, part: Part, by: Actor, now: datetime) -> None:
    """Give what was asked for, in place of what was given before, until it is taken over; files are added.

    The organisation's liaisons are told.
    """
    with ExitStack() as files, transaction.atomic():
        stored = _locked(contribution)
        _refuse_older(stored, part.seen)
        if not stored.is_wanted:
            raise NotAllowedNow(_("This is not asked for any more."))
        if len(part.text) > LONGEST_PART:
            raise ReportRefused(_("At most %(most)d letters.") % {"most": LONGEST_PART}, field="text")
        values = checked_figures(part.values, commitment=stored.report.commitment if stored.report else None)
        if not part.text.strip() and not values:
            raise ReportRefused(_("Write what your department has to say."), field="text")
        for upload in part.uploads:
            kept = files.enter_context(taken_in(upload, by=by))
            ContributionFile.objects.create(contribution=stored, file=kept)
        columns: dict[str, Any] = {
            "text": part.text.strip(),
            "values": values,
            "delivered_at": now,
            "delivered_by_id": by.account,
        }
        move(
            stored,
            to=ContributionState.DELIVERED,
            by=by,
            lifecycle=CONTRIBUTION,
            verb="contribution.delivered",
            **columns,
        )
        announce("contribution_delivered", stored, by=by)
    contribution.refresh_from_db()


def _refuse_older(contribution: Contribution, seen: str | None) -> None:
    """What somebody else gave meanwhile is looked at first."""
    if seen not in {None, version_of(contribution)}:
        raise SomebodyWasFaster(
            _("Somebody gave this meanwhile: “%(text)s” Look at it first.") % {"text": contribution.text[:500]}
        )


def _locked(contribution: Contribution) -> Contribution:
    return Contribution.objects.select_for_update().get(pk=contribution.pk)


def take_over(
    contribution: Contribution, *, by: Actor, now: datetime, beginning: str = "", seen: str | None = None
) -> None:
    """Put what a department gave into the organisation's draft: its text below, its figures, its files as evidence.

    Where there is no draft yet, one begins with ``beginning``. Nobody is told.
    """
    with transaction.atomic():
        if contribution.report:
            locked(contribution.report)
        if contribution.action_id:
            ActionItem.objects.select_for_update().get(pk=contribution.action_id)
        stored = _locked(contribution)
        _refuse_older(stored, seen)
        move(stored, to=ContributionState.TAKEN, by=by, lifecycle=CONTRIBUTION, verb="contribution.taken")
        if stored.report:
            _into_the_report(stored, stored.report, by=by, now=now, beginning=beginning)
        elif stored.action:
            _into_the_progress(stored, stored.action, by=by)
    contribution.refresh_from_db()


def _into_the_report(contribution: Contribution, report: Report, *, by: Actor, now: datetime, beginning: str) -> None:
    draft = ReportDraft.objects.filter(report=report).first()
    narrative, rating = (draft.narrative, draft.self_rating) if draft else (beginning, "")
    there = draft.values if draft else {}
    _refuse_other_figures(there, contribution)
    values = there | contribution.values
    text = _below(narrative, contribution.text)
    if len(text) > LONGEST_TEXT:
        raise ReportRefused(_("Together with the draft this is more than %(most)d letters.") % {"most": LONGEST_TEXT})
    written = Written(
        narrative=text,
        self_rating=rating,
        values={int(number): Decimal(text) for number, text in values.items()},
    )
    save_draft(report, by=by, now=now, written=written)
    for piece in _given(contribution):
        ReportEvidence.objects.create(
            report=report, kind=ReportEvidence.Kind.FILE, title=piece.file.name, file=piece.file
        )


def _refuse_other_figures(there: Mapping[str, str], contribution: Contribution) -> None:
    """A figure of the draft is replaced by nobody unseen."""
    given = contribution.values
    differ = [number for number, value in given.items() if there.get(number, value) != value]
    if differ:
        names = Indicator.objects.filter(pk__in=list(map(int, differ)))
        raise ReportRefused(
            _("The draft has another figure for: %(names)s. Settle which one holds, and change the other first.")
            % {"names": ", ".join(one.name for one in names)}
        )


def _into_the_progress(contribution: Contribution, action: ActionItem, *, by: Actor) -> None:
    draft = action.updates.filter(organisation=contribution.organisation_id, state=UpdateState.DRAFT).first()
    last = action.updates.filter(state=UpdateState.SUBMITTED).order_by("-pk").first()
    percent = draft.percent if draft else last.percent if last else 0
    label = draft.label if draft else Label.AMBER_STRICT
    progress = Progress(percent=percent, text=_below(draft.text if draft else "", contribution.text), label=label)
    update = save_progress(action, by=by, progress=progress)
    for piece in _given(contribution):
        Evidence.objects.create(update=update, kind=Evidence.Kind.FILE, title=piece.file.name, file=piece.file)


def _below(above: str, text: str) -> str:
    return "\n\n".join(part for part in (above.strip(), text.strip()) if part)


def _given(contribution: Contribution) -> Iterable[ContributionFile]:
    """Its files, which are the draft's from now on."""
    for piece in list(contribution.files.select_related("file")):
        piece.delete()
        yield piece


def recall(contribution: Contribution, *, by: Actor) -> None:
    """It is not needed any more; what was given stays where it is, unseen by its contributor. Nobody is told."""
    move(contribution, to=ContributionState.RECALLED, by=by, lifecycle=CONTRIBUTION, verb="contribution.recalled")
