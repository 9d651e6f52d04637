"""Who asks: the account of an access token, within the token's scope, as often as it may."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer

from council.access.roles import standing
from council.core import audit
from council.parties import attempts
from council.parties.models import AccessToken, SignInFailure
from council.parties.tokens import token_for, use_token
from council.web.requests import actor_from, client_ip
from council.web.second_factor import compulsory, enrolled

READS = frozenset({"GET", "HEAD"})


class TokenAuth(HttpBearer):
    """``Authorization: Bearer council_…``. A cookie opens nothing here, so that no other site can use a browser's."""

    def authenticate(self, request: HttpRequest, token: str) -> AccessToken:
        now = timezone.now()
        found = token_for(token, now=now)
        if found is None:
            _count_failure(request)
            raise AuthenticationError(message=_("This access token is not right, or not good any more."))
        use_token(found, now=now)
        user: Any = found.user
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language
        asked: Any = request
        asked.user = user
        actor = actor_from(request, user)
        asked.actor = replace(actor, label=f"{actor.label} (API {found.mark})")
        asked.standing = standing(asked.actor)
        if compulsory(user, seated=bool(asked.standing.seats)) and not enrolled(user):
            audit.record_refusal(by=asked.actor, verb="token.used", target=found, reason="no second factor")
            raise PermissionDenied(_("Set up a second factor for your account first."))
        if request.method not in READS and found.scope != AccessToken.Scope.WRITE:
            audit.record_refusal(by=asked.actor, verb="token.used", target=found, reason="reads only")
            raise PermissionDenied(_("This access token only reads."))
        return found


def _count_failure(request: HttpRequest) -> None:
    """TooManyAttempts for more than signing in allows from one place; what is counted is written down."""
    claim = attempts.Claim(account="api", origin=client_ip(request), known=True)
    attempts.count_attempt(claim, step=SignInFailure.Step.TOKEN, now=timezone.now())
    audit.record_refusal(by=actor_from(request), verb="token.used", target=None, reason="no such token")
