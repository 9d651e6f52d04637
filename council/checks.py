"""System checks: what Django's own do not notice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

MIN_SECRET = 50


@register(Tags.security)
def content_security_policy(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A strict policy is on, and nothing in it undoes it."""
    faults: list[CheckMessage] = []
    if "django.middleware.csp.ContentSecurityPolicyMiddleware" not in settings.MIDDLEWARE or not settings.SECURE_CSP:
        faults.append(
            Error(
                "No Content-Security-Policy is sent.",
                hint="Set SECURE_CSP and keep ContentSecurityPolicyMiddleware in MIDDLEWARE.",
                id="council.E001",
            )
        )
    elif any("'unsafe-" in str(sources) for sources in settings.SECURE_CSP.values()):
        faults.append(
            Error(
                "The Content-Security-Policy allows inline or evaluated code.",
                hint="Remove the 'unsafe-…' sources from SECURE_CSP.",
                id="council.E002",
            )
        )
    return faults


@register(Tags.security)
def sign_in_by_default(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every page is behind sign-in unless the table of routes says otherwise."""
    if "council.web.routes.DoorMiddleware" in settings.MIDDLEWARE:
        return []
    return [
        Error(
            "Pages are open to everybody by default.",
            hint="Keep council.web.routes.DoorMiddleware in MIDDLEWARE.",
            id="council.E003",
        )
    ]


@register(Tags.security, deploy=True)
def real_installation(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What a demonstration may do without, a real installation may not."""
    faults: list[CheckMessage] = []
    if not settings.SECOND_FACTOR_REQUIRED and not settings.DEMO:
        faults.append(
            Error(
                "A password alone opens everything.",
                hint="Remove SECOND_FACTOR_REQUIRED=false; only a demonstration may do without a second factor.",
                id="council.E005",
            )
        )
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None) and settings.TRUSTED_PROXY_COUNT < 1:
        faults.append(
            Error(
                "The site is behind a proxy, but takes the proxy's address for every visitor's.",
                hint="Set TRUSTED_PROXY_COUNT to the number of your own proxies (1 for one).",
                id="council.E006",
            )
        )
    if len(settings.SECRET_KEY) < MIN_SECRET or "demonstration" in settings.SECRET_KEY:
        faults.append(
            Error(
                "SECRET_KEY is a default or too short.",
                hint=f"Set a secret of your own with at least {MIN_SECRET} characters.",
                id="council.E007",
            )
        )
    return faults


@register(Tags.database)
def transactions_belong_to_operations(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A request is no transaction: a refusal must be written although the attempt is rolled back."""
    return [
        Error(
            f"ATOMIC_REQUESTS is on for the database “{alias}”.",
            hint="Switch it off: operations own their transactions.",
            id="council.E004",
        )
        for alias, config in settings.DATABASES.items()
        if config.get("ATOMIC_REQUESTS")
    ]


@register(Tags.security)
def files_are_not_served(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What people hand in lies in no folder from which the server hands out static files."""
    sources: list[Any] = [*settings.STATICFILES_DIRS, settings.STATIC_ROOT]
    served = [Path(source[1] if isinstance(source, list | tuple) else source).resolve() for source in sources]
    kept = Path(settings.MEDIA_ROOT).resolve()
    return [
        Error(
            f"MEDIA_ROOT lies in {folder}, whose files everybody may fetch.",
            hint="Set VAR_DIR or STATIC_ROOT so that what is handed in is kept elsewhere.",
            id="council.E020",
        )
        for folder in served
        if kept.is_relative_to(folder)
    ]


@register(Tags.security, deploy=True)
def files_are_scanned(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A real installation has a virus scanner, or says that it does without."""
    if settings.CLAMD_ADDRESS or settings.WITHOUT_SCANNER:
        return []
    return [
        checks.Warning(
            "What people hand in is not scanned for viruses.",
            hint="Set CLAMD_ADDRESS, as in tcp://clamav:3310, or WITHOUT_SCANNER=true if that is intended.",
            id="council.W021",
        )
    ]
