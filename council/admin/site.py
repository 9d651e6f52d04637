"""The site itself: its first page is the dashboard, its menu is ordered by the council's year."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from council.overview.dashboard import dashboard

GROUPS = (
    (_("Meetings"), (
        "Meeting", "AgendaItem", "Paper", "Participation", "StandingItem", "DeadlineTemplate",
    )),
    (_("Minutes and decisions"), (
        "Minutes", "MinutesComment", "Decision", "Publication", "Opinion", "Recording", "OfficialDocument",
        "RecordsRequest", "RecordsOpinion", "DocumentForm",
    )),
    (
        _("Promises and follow-up"),
        (
            "ActionItem", "ProgressUpdate", "CheckPoint", "EscalationRule", "ReleaseRequest", "Commitment", "Pillar",
            "Declaration", "Incident", "TargetGroup",
        ),
    ),
    (_("Quarterly reports"), ("ReportingRound", "Report", "IndicatorTarget", "FrozenScorecard", "PublicQuarter")),
    (_("Reminders and letters"), ("ReminderRule", "Delivery", "Notice", "EngineState")),
    (_("People and bodies"), ("Person", "Seat", "Organisation", "Body", "User")),
    (_("Calendar and record"), ("Closure", "AuditEntry", "AuditReview")),
)  # fmt: skip


class SecretariatSite(admin.AdminSite):
    site_header = _("Secretariat of the council")
    site_title = _("Secretariat")
    index_title = _("Overview")
    index_template = "admin/dashboard.html"
    enable_nav_sidebar = True

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The models in groups of our own, instead of one long list of the one app."""
        models = {m["object_name"]: m for app in super().get_app_list(request, app_label) for m in app["models"]}
        groups = []
        for name, members in GROUPS:
            shown = [models[member] for member in members if member in models]
            if shown:
                groups.append(
                    {"name": name, "app_label": "council", "app_url": "", "has_module_perms": True, "models": shown}
                )
        return groups

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One's own password is changed where everybody changes it."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        now = timezone.now()
        context = {"dashboard": dashboard(request.standing, now=now), "now": now}  # type: ignore[attr-defined]
        return super().index(request, context | (extra_context or {}))
