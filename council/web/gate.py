"""Load, ask, refuse: how a door gets at a row. Not visible is 404, visible but not allowed is 403; both are audited."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404

from council.access.policy import allowed
from council.access.visibility import visible_to
from council.core import audit
from council.web.requests import CouncilRequest


def rows[Rows: models.QuerySet[Any]](request: CouncilRequest, queryset: Rows) -> Rows:
    """What of a queryset the visitor sees."""
    return visible_to(request.standing, queryset)


def fetch[M: models.Model](
    request: CouncilRequest, queryset: models.QuerySet[M], *, action: str = "view", **lookup: Any
) -> M:
    """One row for one action. Http404 or PermissionDenied, each written down, if it is not to be had."""
    try:
        row = rows(request, queryset).filter(**lookup).first()
    except (ValueError, ValidationError) as error:
        # An address that was typed: its number is none.
        raise Http404 from error
    if row is None:
        hidden = queryset.model._default_manager.filter(**lookup).first()
        if hidden is not None:
            audit.record_refusal(by=request.actor, verb=action, target=hidden, reason="not visible", hidden=True)
        raise Http404
    require(request, action, row)
    return row


class RefusedAfterAssignment(PermissionDenied):
    """What was filled in names something that is not the visitor's. Raised inside the transaction it undoes."""

    def __init__(self, action: str, row: models.Model) -> None:
        super().__init__()
        self.action, self.row = action, row


def require_assigned(request: CouncilRequest, action: str, row: models.Model) -> None:
    """Ask the policy again, now that the values of a form are on the row."""
    if not allowed(request.standing, action, row):
        raise RefusedAfterAssignment(action, row)


def hide(request: CouncilRequest, action: str, row: models.Model) -> NoReturn:
    """Http404, written down: there is nothing of the row to be seen for this action."""
    audit.record_refusal(by=request.actor, verb=action, target=row, reason="not visible", hidden=True)
    raise Http404


def refuse(request: CouncilRequest, refusal: RefusedAfterAssignment) -> None:
    """Write such a refusal down, once its transaction is gone."""
    row = refusal.row if refusal.row.pk else None
    audit.record_refusal(by=request.actor, verb=refusal.action, target=row, reason="not allowed with these values")


def note_read(request: CouncilRequest, row: models.Model) -> None:
    """Write down that a row's own page was read. Law: 공공기록물 관리에 관한 법률 시행령 제28조제3항."""
    audit.record(by=request.actor, verb=f"{row._meta.model_name}.read", target=row)


def require(request: CouncilRequest, action: str, target: models.Model | type[models.Model]) -> None:
    """PermissionDenied, written down, unless the policy allows it. The row must come from ``rows`` or ``fetch``."""
    if action != "view" and not allowed(request.standing, action, target):
        deny(request, action, target)


def deny(request: CouncilRequest, action: str, target: models.Model | type[models.Model]) -> NoReturn:
    """PermissionDenied, written down."""
    row = None if isinstance(target, type) else target
    audit.record_refusal(by=request.actor, verb=action, target=row, reason="not allowed")
    raise PermissionDenied
