"""Every request gets its actor and its language; every private page is kept out of caches, and what is
public depends on no cookie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from council.access.roles import standing
from council.parties.queries import actor_of
from council.web import view_as
from council.web.requests import actor_asking

type GetResponse = Callable[[HttpRequest], HttpResponse]

NEVER_ASKED_FOR = "camera geolocation microphone payment usb serial midi display-capture"
PERMISSIONS = ", ".join(
    [f"{feature}=()" for feature in NEVER_ASKED_FOR.split()]
    + ["publickey-credentials-get=(self)", "publickey-credentials-create=(self)"]
)


class LanguageMiddleware:
    """The account's language; without one the cookie's; Korean where neither says anything."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if request.user.is_authenticated:
            language = request.user.language
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        # The API learns only from the access token whose language it is.
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ["Cookie"])
        return response


class SharedResponseMiddleware:
    """What is the same for everybody depends on no cookie, and sets none: caches may keep it for all."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(response, "for_everybody", False):
            del response["Vary"]
            response.cookies.clear()
        return response


class ActorMiddleware:
    """Puts ``actor``, ``standing`` and ``viewing_as`` on the request, for the gate and for the audit."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own: Any = SimpleLazyObject(lambda: actor_asking(request))
        own_standing: Any = SimpleLazyObject(lambda: standing(own))
        request.viewing_as = person = view_as.person_viewed_as(request, own_standing)  # type: ignore[attr-defined]
        if person is None:
            request.actor, request.standing = own, own_standing  # type: ignore[attr-defined]
        else:
            request.actor = view_as.actor(actor_asking(request), person)  # type: ignore[attr-defined]
            request.standing = standing(actor_of(person)).seen_through(own_standing)  # type: ignore[attr-defined]
        return self.get_response(request)


class PermissionsPolicyMiddleware:
    """What no page of ours asks a browser for, it is not asked for; passkeys are ours alone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class PrivateResponseMiddleware:
    """What a signed-in person was shown is not kept by any cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response
