"""Declaration, pillars, commitments, incidents."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from council.admin.base import RegisterAdmin, ScopedInline
from council.declaration.models import (
    Commitment,
    CommitmentOwner,
    Declaration,
    Incident,
    Indicator,
    Milestone,
    Pillar,
    Signatory,
    TargetGroup,
)


class SignatoryInline(ScopedInline):
    model = Signatory


@admin.register(Declaration)
class DeclarationAdmin(RegisterAdmin):
    list_display = ("title_ko", "body", "issued_on")
    list_select_related = ("body",)
    exclude = ("file",)
    inlines = (SignatoryInline,)


@admin.register(Pillar)
class PillarAdmin(RegisterAdmin):
    list_display = ("order", "title_ko", "title_en", "commitments")
    list_display_links = ("title_ko",)

    def get_queryset(self, request: Any) -> QuerySet[Pillar]:
        pillars: QuerySet[Pillar] = super().get_queryset(request)
        return pillars.annotate(commitment_count=Count("commitments"))

    @admin.display(description=_("commitments"), ordering="commitment_count")
    def commitments(self, pillar: Any) -> int:
        return int(pillar.commitment_count)


class OwnerInline(ScopedInline):
    model = CommitmentOwner


class IndicatorInline(ScopedInline):
    model = Indicator
    fields = ("name_ko", "name_en", "unit_ko", "unit_en", "direction", "baseline", "target", "cadence", "source")


class MilestoneInline(ScopedInline):
    model = Milestone


@admin.register(Commitment)
class CommitmentAdmin(RegisterAdmin):
    list_display = ("code", "pillar", "title_ko", "kind", "owner_names", "sensitivity", "due_on", "state")
    list_display_links = ("code", "title_ko")
    list_filter = ("pillar", "owners", "kind", "state", "sensitivity")
    list_select_related = ("pillar",)
    search_fields = ("code", "title_ko", "title_en", "summary_ko", "summary_en")
    readonly_fields = ("state",)
    filter_horizontal = ("target_groups", "tracked_through")
    inlines = (OwnerInline, IndicatorInline, MilestoneInline)

    def get_queryset(self, request: Any) -> QuerySet[Commitment]:
        return super().get_queryset(request).prefetch_related("owners")

    @admin.display(description=_("owners"))
    def owner_names(self, commitment: Commitment) -> str:
        return ", ".join(owner.short for owner in commitment.owners.all())


@admin.register(Incident)
class IncidentAdmin(RegisterAdmin):
    list_display = ("title_ko", "organisation", "happened")
    list_select_related = ("organisation",)
    filter_horizontal = ("commitments",)


@admin.register(TargetGroup)
class TargetGroupAdmin(RegisterAdmin):
    list_display = ("code", "name_ko", "name_en")
