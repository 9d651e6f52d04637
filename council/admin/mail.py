"""Letters: reading them, releasing those to people of rank, and the engine's switch."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from council.admin.base import ReadOnlyAdmin, ReasonForm, ScopedInline, Verb
from council.admin.filters import ChosenFilter
from council.core.actor import Actor
from council.core.wording import kind_text
from council.mail.models import Delivery, DeliveryAttempt, EngineState, Notice
from council.mail.operations import pause, release, resume, withhold
from council.mail.registry import registry


class ReadOnlyInline(ScopedInline):
    can_delete = False

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class InWords:
    """What a notice keeps as plain names, as people know it."""

    @admin.display(description=_("kind"), ordering="kind")
    def kind_name(self, notice: Notice) -> str:
        return capfirst(str(registry.label_of(notice.kind)))

    @admin.display(description=_("about"), ordering="target_type")
    def about(self, notice: Notice) -> str:
        return f"{kind_text(notice.target_type)} {notice.target_id}"


class KindFilter(ChosenFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(kind.code), capfirst(str(kind.label))) for kind in registry]

    def narrow(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(kind=value)


class NoticeInline(InWords, ReadOnlyInline):
    model = Notice
    fields = readonly_fields = ("kind_name", "about", "on", "outcome", "reason")


class AttemptInline(ReadOnlyInline):
    model = DeliveryAttempt
    fields = ("at", "outcome", "detail")


def _release(delivery: Delivery, by: Actor, data: dict[str, Any]) -> None:
    release(delivery, by=by, now=timezone.now())


def _withhold(delivery: Delivery, by: Actor, data: dict[str, Any]) -> None:
    withhold(delivery, by=by, reason=data["reason"])


def _waits(delivery: Delivery) -> bool:
    return delivery.awaits_release


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("subject", "recipient", "address", "state", "needs_release", "created_at", "sent_at")
    list_filter = ("state", "needs_release", "language")
    list_select_related = ("recipient",)
    search_fields = ("subject", "address", "recipient__name_ko")
    date_hierarchy = "created_at"
    fields = (
        "recipient", "address", "subject", "text", "state", "reason", "needs_release", "not_before", "attempts",
        "sent_at", "message_id",
    )  # fmt: skip
    inlines = (NoticeInline, AttemptInline)
    verbs = (
        Verb(
            "release", _("Release"), _release, _waits,
            _("The letter goes to the recipient, with a copy to the office contacts of the seat."),
        ),
        Verb("withhold", _("Do not send"), _withhold, _waits, form=ReasonForm),
    )  # fmt: skip


@admin.register(Notice)
class NoticeAdmin(InWords, ReadOnlyAdmin):
    list_display = ("kind_name", "about", "recipient", "on", "outcome", "reason", "delivery")
    list_filter = (KindFilter, "outcome", "reason")
    list_select_related = ("recipient", "delivery")
    date_hierarchy = "on"


def _pause(engine: EngineState, by: Actor, data: dict[str, Any]) -> None:
    pause(by=by, reason=data["reason"])


def _resume(engine: EngineState, by: Actor, data: dict[str, Any]) -> None:
    resume(by=by)


@admin.register(EngineState)
class EngineStateAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "paused", "heartbeat_at", "breaker_until")
    fields = ("paused", "heartbeat_at", "breaker_until")
    verbs = (
        Verb("pause", _("Pause all letters"), _pause, lambda engine: not engine.paused, form=ReasonForm),
        Verb("resume", _("Resume"), _resume, lambda engine: engine.paused),
    )
