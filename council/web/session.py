"""No sign-in of its own for the administration, and choosing a language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView

from council.parties.models import User
from council.web.requests import way_back


class AdminSignInRedirect(RedirectView):
    """The administration has no sign-in of its own. Who is signed in and comes here may not enter it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        target = self.request.GET.get("next") or reverse("admin:index")
        return f"{reverse('account_login')}?{urlencode({'next': target})}"


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember a language on the account and in a cookie, and go back where one was."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    target = way_back(request, request.POST.get("next", ""), otherwise=reverse("portal:desk"))
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=language)
    response = HttpResponseRedirect(target)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 60 * 60,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response
