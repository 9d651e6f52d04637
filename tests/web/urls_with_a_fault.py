"""The site's addresses and one that fails; it bears the name of one that is open to anybody."""

from __future__ import annotations

from typing import NoReturn

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.urls import path

from config.urls import handler403, handler404, urlpatterns

__all__ = ["handler403", "handler404", "urlpatterns"]


@login_not_required
def fail(request: HttpRequest) -> NoReturn:
    msg = "CANARY of the fault"
    raise RuntimeError(msg)


urlpatterns = [path("fail/", fail, name="livez"), *urlpatterns]
