"""How long a session lasts: so many minutes without a request, and eight hours whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from council.web.requests import way_back

STARTED, SEEN = "started_at", "seen_at"
# A page that asks by itself says so; such a request keeps no session alive.
BY_ITSELF = "X-By-Itself"
# Written no more often than this: a row for every request would be a write for every request.
GRAIN = timedelta(minutes=1)


def start(request: HttpRequest) -> None:
    """Let the session begin now."""
    request.session[STARTED] = request.session[SEEN] = int(timezone.now().timestamp())


def ends_at(request: HttpRequest) -> datetime | None:
    """When the session ends if nothing more is asked for; None for a stranger."""
    started, seen = request.session.get(STARTED), request.session.get(SEEN)
    if started is None or seen is None:
        return None
    idle = timedelta(minutes=settings.IDLE_MINUTES)
    whole = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return min(_moment(seen) + idle, _moment(started) + whole)


def seconds_until(end: datetime | None) -> int:
    return max(int((end - timezone.now()).total_seconds()), 0) if end else 0


def _moment(stamp: int) -> datetime:
    return datetime.fromtimestamp(stamp, UTC)


def keep_alive(request: HttpRequest, *, now: datetime) -> None:
    """Note that somebody is there."""
    request.session[SEEN] = int(now.timestamp())
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=now)


class SessionClockMiddleware:
    """Ends a session whose time is over, and says so; notes when it was last used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now()
            end = ends_at(request)
            if end is None or end <= now:
                return _ended(request)
            asked_by_somebody = BY_ITSELF not in request.headers and request.path != reverse("session_clock")
            if asked_by_somebody and now - _moment(request.session[SEEN]) >= GRAIN:
                keep_alive(request, now=now)
        return self.get_response(request)


def _ended(request: HttpRequest) -> HttpResponse:
    logout(request)
    return to_sign_in(request)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To sign in, and back to the page; what a form sent was not kept, and that is said."""
    sent = request.method not in {"GET", "HEAD"}
    back = request.headers.get("Referer", "") if sent else request.get_full_path()
    asked = {
        "next": way_back(request, back, otherwise=reverse(settings.LOGIN_REDIRECT_URL)),
        "ended": "form" if sent else "page",
    }
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode(asked)}")


@require_http_methods(["GET", "POST"])
def session_clock(request: HttpRequest) -> JsonResponse:
    """How many seconds the session still lasts. A POST is somebody's wish to stay."""
    now = timezone.now()
    if request.method == "POST":
        keep_alive(request, now=now)
    end = ends_at(request)
    ends = timezone.localtime(end).strftime("%H:%M") if end else ""
    return JsonResponse({"seconds_left": seconds_until(end), "ends_at": ends})
