"""Filters that several lists share."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from council.access.visibility import visible_to
from council.core.calendar import local_day
from council.core.quarters import Quarter
from council.declaration.models import Pillar

NO_PILLAR = "none"


class ChosenFilter(admin.SimpleListFilter):
    """A filter that takes a value which is not among its choices for somebody's typing: it narrows nothing."""

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = {str(value) for value, _label in self.lookup_choices}
        value = self.value()
        return self.narrow(queryset, value) if value is not None and value in known else queryset

    def narrow(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        raise NotImplementedError


class QuarterFilter(ChosenFilter):
    """By quarter: the last four, this one and the next four."""

    title = _("quarter")
    parameter_name = "quarter"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(quarter), quarter.label) for quarter in quarters_around(4, 4)]

    def narrow(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(quarter=Quarter.parse(value))


class DueQuarterFilter(QuarterFilter):
    title = _("due in the quarter")

    def narrow(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        quarter = Quarter.parse(value)
        return queryset.filter(due_on__range=(quarter.starts_on, quarter.ends_on))


class PillarFilter(ChosenFilter):
    """By pillar: the commitment's, else the row's own."""

    title = _("pillar")
    parameter_name = "pillar"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        pillars = visible_to(request.standing, Pillar.objects.all())
        return [(str(pillar.pk), pillar.short) for pillar in pillars] + [(NO_PILLAR, str(_("none")))]

    def narrow(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value == NO_PILLAR:
            return queryset.filter(pillar=None).exclude(commitment__pillar__isnull=False)
        return queryset.filter(Q(pillar=value) | Q(commitment__pillar=value))


def quarters_around(before: int, after: int) -> list[Quarter]:
    """This quarter with some before and after it, in order."""
    quarter = Quarter.of(local_day(timezone.now()))
    for _unused in range(before):
        quarter = quarter.previous()
    row = [quarter]
    while len(row) < before + after + 1:
        row.append(row[-1].next())
    return row


class ScopedRelatedFilter(admin.RelatedFieldListFilter):
    """By a related row, of which only those are offered that the reader sees."""

    def field_choices(self, field: Any, request: Any, model_admin: Any) -> Any:
        ordering = self.field_admin_ordering(field, request, model_admin)
        seen = visible_to(request.standing, field.remote_field.model._default_manager.all())
        limits = {"pk__in": seen.values("pk")}
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=limits)


admin.FieldListFilter.register(lambda field: bool(field.remote_field), ScopedRelatedFilter, take_priority=True)
