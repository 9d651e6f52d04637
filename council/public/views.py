"""The public progress pages and their data. Closed, as if they were not there, while no body has switched them on.

Rendered without the request, so that no page depends on who asks, and every answer may be kept by any cache.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.generic import View

from council.documents.tables import csv_lines
from council.overview.published import COLUMNS, quarter_of, rows_of
from council.parties.models import Body
from council.public.schema import SCHEMA
from council.scorecard.publishing import published

KEPT_FOR = 60  # seconds, also after a quarter was withdrawn


def shared(request: HttpRequest, content: str, media_type: str, *, language: str = "") -> HttpResponseBase | None:
    """An answer that is the same for everybody; 304 for whoever has it already."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Language"] = language or "ko, en"
    patch_cache_control(response, public=True, max_age=KEPT_FOR)
    etag = f'"{hashlib.sha256(response.content).hexdigest()}"'
    response["ETag"] = etag
    response.for_everybody = True  # type: ignore[attr-defined]
    answer = get_conditional_response(request, etag=etag, response=response)
    if answer is not None:
        answer.for_everybody = True  # type: ignore[attr-defined]
    return answer


def bodies() -> list[Body]:
    """Those whose page is switched on; Http404 if none is."""
    found = list(Body.objects.filter(public_progress=True))
    if not found:
        raise Http404
    return found


def body_called(code: str) -> Body:
    return next((body for body in bodies() if body.code == code), None) or _nothing()


def _nothing() -> Any:
    raise Http404


class PublicView(View):
    """Read only, whoever asks."""

    http_method_names = ("get", "head", "options")


class StartView(PublicView):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        bodies()
        response = HttpResponseRedirect(reverse("public:bodies", args=[settings.LANGUAGE_CODE]))
        patch_cache_control(response, public=True, max_age=KEPT_FOR)
        response.for_everybody = True  # type: ignore[attr-defined]
        return response


class PublicPage(PublicView):
    """A page in the language of its address."""

    template_name = ""

    def page(self, **kwargs: Any) -> dict[str, Any]:
        raise NotImplementedError

    def get(self, request: HttpRequest, *, language: str, **kwargs: Any) -> HttpResponseBase | None:
        if language not in dict(settings.LANGUAGES):
            raise Http404
        with translation.override(language):
            context = self.page(**kwargs)
            match = request.resolver_match
            name = match.view_name if match else "public:start"
            others = [
                (
                    code,
                    translation.get_language_info(code)["name_local"],
                    reverse(name, kwargs={"language": code, **kwargs}),
                )
                for code, _name in settings.LANGUAGES
            ]
            site = {
                "SITE_NAME": settings.SITE_NAME, "CONTACT": settings.CONTACT,
                "OFFICIAL_BANNER": settings.OFFICIAL_BANNER, "language": language, "other_languages": others,
            }  # fmt: skip
            content = render_to_string(self.template_name, site | context)
        return shared(request, content, "text/html; charset=utf-8", language=language)


class BodiesView(PublicPage):
    template_name = "public/bodies.html"

    def page(self, **kwargs: Any) -> dict[str, Any]:
        return {"bodies": bodies()}


class ProgressView(PublicPage):
    """A body's newest quarter, or the one in the address."""

    template_name = "public/progress.html"

    def page(self, **kwargs: Any) -> dict[str, Any]:
        code, quarter = kwargs["code"], kwargs.get("quarter", "")
        body = body_called(code)
        told = [quarter_of(payload) for payload in published(body)]
        chosen = next((one for one in told if not quarter or str(one.quarter) == quarter), None)
        if quarter and chosen is None:
            raise Http404
        return {"body": body, "told": chosen, "quarters": [one.quarter for one in told]}


class JsonView(PublicView):
    def get(self, request: HttpRequest, *, code: str) -> HttpResponseBase | None:
        body = body_called(code)
        name = {"ko": body.name_ko, "en": body.name_en}
        data = {"body": {"code": body.code, "name": name}, "quarters": published(body)}
        return shared(request, json.dumps(data, ensure_ascii=False, indent=1), "application/json")


class CsvView(PublicView):
    def get(self, request: HttpRequest, *, code: str) -> HttpResponseBase | None:
        lines = "".join(csv_lines(COLUMNS, rows_of(published(body_called(code)))))
        answer = shared(request, lines, "text/csv; charset=utf-8")
        if answer is not None:
            answer["Content-Disposition"] = f'attachment; filename="{code}.csv"'
        return answer


class SchemaView(PublicView):
    def get(self, request: HttpRequest) -> HttpResponseBase | None:
        bodies()
        return shared(request, json.dumps(SCHEMA, ensure_ascii=False, indent=1), "application/schema+json")
