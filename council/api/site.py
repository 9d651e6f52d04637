"""The API and what all its answers share. Each operation asks the gate, as every page does."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError

from council.api import actions, reports
from council.api.auth import TokenAuth
from council.core.errors import DomainError
from council.parties.attempts import WINDOW, TooManyAttempts
from council.parties.tokens import TooManyRequests

api = NinjaAPI(
    title="Council",
    version="1",
    description=(
        "Read and hand in one's own organisation's action items and quarterly reports. Access tokens are given on the "
        "page of one's account; what a token sees and may do is what its account sees and may do."
    ),
    docs_url=None,  # its pages come from other sites
    urls_namespace="api",
    auth=TokenAuth(),
)
api.add_router("", actions.router)
api.add_router("", reports.router)


def _said(
    request: HttpRequest, status: int, detail: object, field: str | None = None, *, wait: int = 60
) -> HttpResponse:
    answer: HttpResponse = api.create_response(request, {"detail": str(detail), "field": field}, status=status)
    if status == 429:
        answer["Retry-After"] = str(wait)
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: Any) -> HttpResponse:
    """What the rules do not allow now, or somebody else was faster."""
    status = 429 if isinstance(error, TooManyAttempts | TooManyRequests) else 409
    wait = int(WINDOW.total_seconds()) if isinstance(error, TooManyAttempts) else 60
    return _said(request, status, error, error.field or None, wait=wait)


@api.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, error: Any) -> HttpResponse:
    return _said(request, 403, str(error) or _("You may not do this."))


@api.exception_handler(Http404)
def not_there(request: HttpRequest, error: Any) -> HttpResponse:
    return _said(request, 404, _("There is nothing of yours here."))


@api.exception_handler(HttpError)
def wrong(request: HttpRequest, error: Any) -> HttpResponse:
    return _said(request, error.status_code, error)
