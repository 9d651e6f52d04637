"""Errors in the reader's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from council.core.errors import DomainError, SomebodyWasFaster
from council.core.register import version_of

SESSION_KEY = re.compile("[a-z0-9]{32}")


class SoundRequestMiddleware:
    """Answers what no browser of a reader's sends before anything stumbles over it, and says so where a page is empty.

    400 for text in another encoding than UTF-8 and for a NUL in the query; a session's key that is none is no key.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
        if charset.lower() not in {"utf-8", "utf8"} or "%00" in request.META.get("QUERY_STRING", ""):
            return _bad_request(request)
        if not SESSION_KEY.fullmatch(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response.content = render_to_string("405.html")
        return response


def _bad_request(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": _("This cannot be read."), "field": None}, status=400)
    return HttpResponseBadRequest(render_to_string("400.html"))


def add_to_form(form: BaseForm, error: DomainError) -> None:
    """Show what the domain refused beside the field it concerns, or above the form."""
    form.add_error(error.field if error.field in form.fields else NON_FIELD_ERRORS, str(error))


def version_shown(row: Model | None, *, sent: str | None, refusal: DomainError | None) -> str:
    """The version of a row that a page carries.

    A page shown again keeps the one it was sent with: only who has been told of the other change may overrule it.
    """
    return version_of(row) if sent is None or isinstance(refusal, SomebodyWasFaster) else sent


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "404.html", status=404)
