"""Taking in action items and commitments from a table: all of its lines, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from council.actions.models import ActionItem
from council.actions.operations.items import open_action
from council.actions.states import ActionState
from council.core import audit, register
from council.core.actor import Actor
from council.core.errors import DomainError, Text
from council.core.labels import Label
from council.declaration.models import Commitment, CommitmentOwner, Declaration, Pillar
from council.documents.sheet import Column, SheetRow
from council.parties.models import Body, Organisation

ACTION_COLUMNS = (
    Column("title", "제목", "Title", required=True),
    Column("description", "설명", "Description"),
    Column("owner", "담당 기관", "Owner", required=True),
    Column("commitment", "이행과제", "Commitment"),
    Column("due_on", "이행기한", "Due", required=True),
    Column("label", "공유 등급", "Label"),
)
COMMITMENT_COLUMNS = (
    Column("code", "코드", "Code", required=True),
    Column("title_ko", "과제명(국문)", "Title (Korean)", required=True),
    Column("title_en", "과제명(영문)", "Title (English)", required=True),
    Column("pillar", "분야", "Pillar"),
    Column("kind", "유형", "Kind", required=True),
    Column("owners", "담당 기관", "Owners", required=True),
    Column("sensitivity", "경쟁 민감도", "Sensitivity"),
    Column("due_on", "이행기한", "Due"),
)


class RowRefused(DomainError):
    """A line of the table cannot be taken in."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a line: it is taken in, or ``problem`` says why not."""

    row: SheetRow
    problem: Text | str | None


class _Undone(Exception):
    """Nothing of it is kept."""


def import_actions(rows: Sequence[SheetRow], *, body: Body, by: Actor, today: date, dry: bool = False) -> list[Fate]:
    """Open an item for each line, as if each had been opened by hand; its owner is told.

    If a line cannot be taken in, none is, and the fates say which; ``dry`` keeps nothing in any case.
    """

    owners = {row.values.get("owner", "").strip() for row in rows}

    def lock() -> None:
        """Each item is numbered among its owner's: all owners in one order, or two tables wait for each other."""
        list(Organisation.objects.select_for_update(no_key=True).filter(code__in=owners).order_by("pk"))

    def make(row: SheetRow) -> None:
        say = row.values.get
        owner = _organisation(say("owner", ""))
        commitment = _commitment(say("commitment", ""), body)
        action = ActionItem(
            title=say("title", ""), description=say("description", ""), body=body, owner=owner, commitment=commitment,
            due_on=_day(say("due_on", "")), label=_choice(say("label", ""), Label, Label.AMBER_STRICT),
        )  # fmt: skip
        there = ActionItem.objects.filter(body=body, owner=owner, title=action.title, due_on=action.due_on)
        if there.exclude(state=ActionState.CANCELLED).exists():
            raise RowRefused(_("There is such an item already."))
        action.full_clean(exclude=["number", "original_due_on"])
        open_action(action, by=by, today=today)

    return all_or_none(rows, make=make, about=body, verb="actions.imported", by=by, dry=dry, lock=lock)


def import_commitments(
    rows: Sequence[SheetRow], *, declaration: Declaration, by: Actor, dry: bool = False
) -> list[Fate]:
    """Add a commitment with its owners for each line, all or none; as ``import_actions`` does."""

    def make(row: SheetRow) -> None:
        say = row.values.get
        kind = _choice(say("kind", ""), Commitment.Kind)
        discussed = kind == Commitment.Kind.DISCUSSED
        commitment = Commitment(
            declaration=declaration, code=say("code", ""), title_ko=say("title_ko", ""), title_en=say("title_en", ""),
            pillar=_pillar(say("pillar", ""), declaration), kind=kind,
            state=Commitment.State.DISCUSSED if discussed else Commitment.State.TRACKED,
            sensitivity=_choice(say("sensitivity", ""), Commitment.Sensitivity, Commitment.Sensitivity.MEDIUM),
            due_on=_day(say("due_on", "")) if say("due_on", "") else None,
        )  # fmt: skip
        owners = {code.strip() for code in say("owners", "").split(",") if code.strip()}
        if not owners:
            raise RowRefused(_("Name the organisations that own it."))
        commitment.full_clean()
        register.keep(commitment, by=by)
        for owner in sorted(map(_organisation, owners), key=lambda one: one.pk):
            register.keep(CommitmentOwner(commitment=commitment, organisation=owner), by=by)

    return all_or_none(rows, make=make, about=declaration, verb="commitments.imported", by=by, dry=dry)


def all_or_none(
    rows: Sequence[SheetRow],
    *,
    make: Callable[[SheetRow], None],
    about: Model,
    verb: str,
    by: Actor,
    dry: bool,
    lock: Callable[[], None] = lambda: None,
) -> list[Fate]:
    """Make something of each line, or of none if one cannot be taken in or it is ``dry``; what becomes of each."""
    fates: list[Fate] = []
    try:
        with transaction.atomic():
            lock()
            fates = [Fate(row, _problem(row, make)) for row in rows]
            if dry or not fates or any(fate.problem for fate in fates):
                raise _Undone
            audit.record(by=by, verb=verb, target=about, after={"rows": len(fates)})
    except _Undone:
        pass
    return fates


def _problem(row: SheetRow, make: Callable[[SheetRow], None]) -> Text | str | None:
    try:
        with transaction.atomic():
            make(row)
    except DomainError as error:
        return error.message
    except ValidationError as error:
        return " ".join(error.messages)
    return None


def _organisation(code: str) -> Organisation:
    if (found := Organisation.objects.filter(code=code.strip()).first()) is None:
        raise RowRefused(_("There is no organisation with the code “%(code)s”.") % {"code": code[:40]})
    return found


def _commitment(code: str, body: Body) -> Commitment | None:
    if not code:
        return None
    of_body = Commitment.objects.filter(declaration__body__in=[body.pk, body.parent_id or body.pk], code=code)
    if (found := of_body.first()) is None:
        raise RowRefused(_("There is no commitment with the code “%(code)s”.") % {"code": code[:40]})
    return found


def _pillar(code: str, declaration: Declaration) -> Pillar | None:
    if not code:
        return None
    if (found := Pillar.objects.filter(declaration=declaration, code=code).first()) is None:
        raise RowRefused(_("There is no pillar with the code “%(code)s”.") % {"code": code[:40]})
    return found


def _day(text: str) -> date:
    """2027-05-20, also as 2027.5.20 or 2027. 5. 20."""
    parts = [part.strip() for part in text.strip().rstrip(".").replace("-", ".").replace("/", ".").split(".")]
    try:
        year, month, day = map(int, parts)
        return date(year, month, day)
    except (ValueError, OverflowError) as error:
        raise RowRefused(_("“%(text)s” is not a day. Write it like 2027-05-20.") % {"text": text[:40]}) from error


def _choice(text: str, choices: type, default: str = "") -> str:
    """By its plain name or as it is called in either language."""
    values: Sequence[str] = choices.values  # type: ignore[attr-defined]
    labels: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            labels |= {str(label).casefold(): value for value, label in choices.choices}  # type: ignore[attr-defined]
    if not text and default:
        return default
    found = text if text in values else labels.get(text.casefold())
    if found is None:
        raise RowRefused(_("“%(text)s” is none of: %(choices)s.") % {"text": text[:40], "choices": ", ".join(values)})
    return found
