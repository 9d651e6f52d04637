"""The access record: who read, downloaded, changed and was refused what, in words; and a period of it to take out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db.models import Exists, Max, Min, OuterRef, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from council.access.visibility import visible_to
from council.admin.base import ReadOnlyAdmin, ReasonForm, Verb
from council.admin.filters import ChosenFilter
from council.admin.record import kind_of_thing, lines_of, reason_in_words, what, who_in_words
from council.core import audit
from council.core.calendar import SEOUL, at
from council.core.models import AuditEntry, AuditHead
from council.core.reach import within_reach
from council.core.trail import Kind, line_of, of_kind
from council.documents.tables import csv_lines
from council.parties.models import Organisation
from council.web import gate

CONTENT_TYPES = {"csv": "text/csv", "jsonl": "application/x-ndjson"}
COLUMNS = (
    "sequence", "at", "actor", "organisation_id", "ip", "verb", "what", "refused", "target_type", "target_id",
    "target", "reason", "before", "after", "hash",
)  # fmt: skip


class KindFilter(ChosenFilter):
    title = _("what happened")
    parameter_name = "kind"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.value, str(kind.label)) for kind in Kind]

    def narrow(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(of_kind(Kind(value)))


class OrganisationFilter(ChosenFilter):
    title = _("organisation")
    parameter_name = "organisation"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(one.pk), one.short) for one in visible_to(request.standing, Organisation.objects.all())]

    def narrow(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(organisation_id=value)


class ThingFilter(ChosenFilter):
    title = _("kind of thing")
    parameter_name = "thing"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        models = apps.get_app_config(AuditEntry._meta.app_label).get_models()
        names = [
            (str(model._meta.model_name), capfirst(str(model._meta.verbose_name)))
            for model in models
            if model is not AuditHead
        ]
        return sorted(names, key=lambda name: name[1])

    def narrow(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(target_type=value)


class ExportForm(ReasonForm):
    """A period, by days in Seoul, and why it is taken out."""

    since = forms.DateField(
        label=_("From"), validators=[within_reach], widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until, this day included"), validators=[within_reach],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Format"),
        choices=[
            ("csv", _("CSV, for a spreadsheet")),
            ("jsonl", _("JSON Lines with hashes, with which the chain can be followed elsewhere")),
        ],
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            self.add_error("until", gettext("The period ends before it begins."))
        return cleaned


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "who", "words", "thing_kind", "target", "refusal")
    list_filter = (KindFilter, "refused", OrganisationFilter, ThingFilter)
    search_fields = ("actor", "verb", "target")
    search_help_text = _("Who (name or address), what, or the name of the thing.")
    date_hierarchy = "at"
    fields = (
        "at", "who", "organisation", "words", "verb", "thing_kind", "target", "target_id", "refused", "why", "ip",
        "sequence", "hash", "previous_hash",
    )  # fmt: skip
    change_list_template = "admin/council/audit_list.html"
    change_form_template = "admin/council/audit_entry.html"

    @admin.display(description=_("who"), ordering="actor")
    def who(self, entry: AuditEntry) -> str:
        return who_in_words(entry.actor)

    @admin.display(description=_("reason"))
    def why(self, entry: AuditEntry) -> str:
        return reason_in_words(entry.reason)

    @admin.display(description=_("what"))
    def words(self, entry: AuditEntry) -> str:
        return what(entry.verb)

    @admin.display(description=_("kind of thing"))
    def thing_kind(self, entry: AuditEntry) -> str:
        return kind_of_thing(entry)

    @admin.display(description=_("refused"), ordering="refused")
    def refusal(self, entry: AuditEntry) -> str:
        """A word where it was refused and nothing where it was not: a cross would read the other way round."""
        return gettext("Refused") if entry.refused else ""

    @admin.display(description=_("organisation"))
    def organisation(self, entry: AuditEntry) -> str:
        return str(Organisation.objects.filter(pk=entry.organisation_id or 0).first() or "–")

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return self.fields

    def render_change_form(self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        entry = context.get("original")
        context["line"] = lines_of(request.standing, [entry])[0] if entry else None
        return super().render_change_form(request, context, *args, **kwargs)

    # --- Taking a period out ----------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        export = path("export/", self.admin_site.admin_view(self.export_view), name="council_auditentry_export")
        return [export, *super().get_urls()]

    def export_view(self, request: Any) -> HttpResponse | StreamingHttpResponse:
        """Ask for the period and the reason, write both down, then hand out what the reader sees of it."""
        gate.require(request, "export", AuditEntry)
        form = ExportForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            return _exported(request, **form.cleaned_data)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": EXPORT.label,
            "row": capfirst(str(self.opts.verbose_name_plural)),
            "verb": EXPORT,
            "form": form,
            "back": reverse("admin:council_auditentry_changelist"),
        }
        return render(request, "admin/council/verb.html", context, status=422 if form.errors else 200)


EXPORT = Verb(
    "export", _("Export"), lambda *_args: None, lambda _row: False,
    _("The export itself is written down with its reason. It holds what you may see of the record."),
)  # fmt: skip


def _exported(request: Any, *, since: date, until: date, kind: str, reason: str) -> StreamingHttpResponse:
    audit.seal()
    period = AuditEntry.objects.filter(at__gte=at(since, time.min), at__lt=at(until + timedelta(days=1), time.min))
    # Fixed before the export's own entry is written: it is not part of what it takes out.
    ends = period.exclude(sequence=None).aggregate(first=Min("sequence"), last=Max("sequence"))
    section = (ends["first"] or 0, ends["last"] or 0)
    asked = {"since": since, "until": until, "format": kind}
    audit.record(by=request.actor, verb="audit.exported", after=asked, reason=reason)
    lines = _table(request, period, section) if kind == "csv" else _chain(request, section)
    response = StreamingHttpResponse(lines, content_type=f"{CONTENT_TYPES[kind]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{since}-{until}.{kind}"'
    return response


def _table(request: Any, period: QuerySet[AuditEntry], section: tuple[int, int]) -> Iterator[str]:
    """What the reader sees of the period, in the language the page was asked in: it is written after the answer."""
    entries = gate.rows(request, period.filter(sequence__range=section)).order_by("sequence")
    language = get_language() or settings.LANGUAGE_CODE
    return csv_lines(COLUMNS, (_cells(entry, language) for entry in entries.iterator(chunk_size=audit.BATCH)))


def _chain(request: Any, section: tuple[int, int]) -> Iterator[str]:
    """The chain from the period's first entry to its last, without a gap: of what is not the reader's, the hashes."""
    seen = gate.rows(request, AuditEntry.objects.filter(pk=OuterRef("pk")))
    entries = AuditEntry.objects.filter(sequence__range=section).annotate(shown=Exists(seen)).order_by("sequence")
    rows = entries.iterator(chunk_size=audit.BATCH)
    return (line_of(entry, shown=entry.shown) + "\n" for entry in rows)


def _cells(entry: AuditEntry, language: str) -> list[object]:
    with override(language):
        words = what(entry.verb)
    return [
        entry.sequence, entry.at.astimezone(SEOUL).isoformat(timespec="seconds"), entry.actor, entry.organisation_id,
        entry.ip, entry.verb, words, "refused" if entry.refused else "", entry.target_type, entry.target_id,
        entry.target, entry.reason, _as_json(entry.before), _as_json(entry.after), entry.hash,
    ]  # fmt: skip


def _as_json(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False) if values else ""
