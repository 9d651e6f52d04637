"""Oneself, commitments, and one's organisation's action items with the progress on them."""

from __future__ import annotations

from typing import Any, Literal

from django.utils import timezone
from ninja import Query, Router

from council.actions.models import ActionItem, ProgressUpdate
from council.actions.operations.progress import Progress, save_draft, submit_progress
from council.actions.states import UpdateState
from council.api.answers import CHANGE, ONE, READING, number_of, refuse_unknown
from council.api.schemas import (
    ActionOut,
    CommitmentOut,
    Key,
    Me,
    Page,
    Part,
    ProgressIn,
    ProgressOut,
    Receipt,
    receipt_of,
)
from council.core.labels import Label
from council.declaration.models import Commitment
from council.web import gate

router = Router()
ITEMS = ActionItem.objects.select_related("commitment", "owner", "body")
State = Literal["open", "in_progress", "submitted", "returned", "verified", "cancelled"]


class Items(Part):
    state: State | None = None


@router.get("/me", response={200: Me} | READING, summary="Whose token it is", tags=["account"])
def me(request: Any) -> Any:
    token, person = request.auth, request.user.person
    return Me(
        name=person.name if person else str(request.user),
        organisation=person.organisation.code if person else None,
        scope=token.scope,
        expires_on=token.expires_on,
    )


@router.get("/commitments", response={200: list[CommitmentOut]} | READING, summary="Commitments", tags=["commitments"])
def commitments(request: Any) -> Any:
    rows = gate.rows(request, Commitment.objects.select_related("pillar"))
    return [CommitmentOut.of(row) for row in rows.order_by("code", "pk")]


@router.get("/actions", response={200: Page[ActionOut]} | READING, summary="One's own action items", tags=["actions"])
def list_actions(request: Any, asked: Query[Items]) -> Any:
    refuse_unknown(request, asked)
    rows = gate.rows(request, ITEMS.filter(owner=request.standing.organisation_id or 0))
    rows = rows.filter(state=asked.state) if asked.state else rows
    shown = rows.order_by("due_on", "pk")[asked.slice]
    return Page[ActionOut](count=rows.count(), items=[ActionOut.of(row) for row in shown])


@router.get("/actions/{key}", response={200: ActionOut} | ONE, summary="An action item", tags=["actions"])
def one_action(request: Any, key: Key) -> Any:
    row = _own(request, key)
    gate.note_read(request, row)
    return ActionOut.of(row)


@router.get(
    "/actions/{key}/progress",
    response={200: list[ProgressOut]} | ONE,
    summary="What was handed in on it, and the draft, the newest first",
    tags=["actions"],
)
def progress(request: Any, key: Key) -> Any:
    row = _own(request, key)
    own = request.standing.organisation_id
    mine = gate.rows(request, ProgressUpdate.objects.filter(action=row, organisation=own))
    return [ProgressOut.of(update) for update in mine.order_by("-pk")]


@router.put("/actions/{key}/draft", response={200: ProgressOut} | CHANGE, summary="Keep a draft", tags=["actions"])
def keep_draft(request: Any, key: Key, sent: ProgressIn) -> Any:
    row = _own(request, key, action="report")
    return ProgressOut.of(save_draft(row, by=request.actor, progress=_written(request, row, sent)))


@router.post("/actions/{key}/progress", response={200: Receipt} | CHANGE, summary="Hand progress in", tags=["actions"])
def hand_in(request: Any, key: Key, sent: ProgressIn) -> Any:
    row = _own(request, key, action="report")
    progress = _written(request, row, sent)
    return receipt_of(submit_progress(row, by=request.actor, now=timezone.now(), progress=progress))


def _own(request: Any, key: str, *, action: str = "view") -> ActionItem:
    """An item of the visitor's organisation, through the gate; others' are read on the pages."""
    pk = number_of("action", key)
    mine = ITEMS.filter(owner=request.standing.organisation_id or 0)
    return gate.fetch(request, mine, action=action, pk=pk)


def _written(request: Any, row: ActionItem, sent: ProgressIn) -> Progress:
    draft = gate.rows(request, ProgressUpdate.objects.filter(action=row, state=UpdateState.DRAFT)).first()
    label = draft.label if draft else Label.AMBER_STRICT
    return Progress(percent=sent.percent, text=sent.text, label=label, url=sent.url, seen=sent.version)
