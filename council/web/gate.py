"""Load, ask, refuse: how a door gets at a row. Not visible is 404, visible but not allowed is 403; both are audited."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404

from council.access.policy import allowed
from council.access.visibility import visible_to
from council.core import audit
from council.web.requests import CouncilRequest


def rows[M: models.Model](request: CouncilRequest, queryset: models.QuerySet[M]) -> models.QuerySet[M]:
    """What of a queryset the visitor sees."""
    return visible_to(request.standing, queryset)


def fetch[M: models.Model](
    request: CouncilRequest, queryset: models.QuerySet[M], *, action: str = "view", **lookup: Any
) -> M:
    """One row for one action. Http404 or PermissionDenied, each written down, if it is not to be had."""
    row = rows(request, queryset).filter(**lookup).first()
    if row is None:
        hidden = queryset.model._default_manager.filter(**lookup).first()
        if hidden is not None:
            audit.record_refusal(by=request.actor, verb=action, target=hidden, reason="not visible")
        raise Http404
    require(request, action, row)
    return row


def require(request: CouncilRequest, action: str, target: models.Model | type[models.Model]) -> None:
    """PermissionDenied, written down, unless the policy allows it. The row must come from ``rows`` or ``fetch``."""
    if action != "view" and not allowed(request.standing, action, target):
        row = None if isinstance(target, type) else target
        audit.record_refusal(by=request.actor, verb=action, target=row, reason="not allowed")
        raise PermissionDenied
