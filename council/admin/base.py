"""What every page of the administration does: rows from visibility, permissions from the policy, changes by operations.

A change that an operation refuses is undone and the form is shown again, as it was filled in, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import Q
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from council.access.policy import allowed, allowed_for
from council.access.readers import KINDS
from council.access.roles import Standing
from council.access.visibility import visible_to
from council.admin.attempts import VERSION, attempt, require_same_version
from council.admin.choices import Autocomplete, AutocompleteSeveral, Choices
from council.admin.record import lines_of
from council.core import register
from council.core.actor import Actor
from council.core.errors import DomainError, Text
from council.core.models import AuditEntry
from council.web import gate
from council.web.errors import add_to_form, version_shown

REFUSAL = "_domain_error"


@dataclass(frozen=True, slots=True)
class Verb:
    """A named action on one row: a button on its page, a page that asks, one operation.

    ``run(row, actor, data)`` gets the cleaned data of ``form``, or of what ``form_for(row, who)`` makes where the form
    depends on the row; it may return what to say afterwards. ``offered(row)`` says whether the button is shown.
    ``tells(row, by=, now=)`` names who is written to, by organisation; ``lacks(row)`` what stands in the way.
    """

    name: str
    label: Text
    run: Callable[[Any, Actor, dict[str, Any]], str | None]
    offered: Callable[[Any], bool]
    explains: Text = ""
    form: type[forms.Form] = forms.Form
    form_for: Callable[[Any, Standing], type[forms.Form]] | None = None
    tells: Callable[..., Any] | None = None
    lacks: Callable[[Any], Sequence[Any]] | None = None


class ReasonForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(
            label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300
        )


def _refused(form_class: type[ModelForm[Any]], error: DomainError) -> type[ModelForm[Any]]:
    """A form that shows what an operation refused when it was first saved."""

    class Refused(form_class):  # type: ignore[misc, valid-type]
        def clean(self) -> Any:
            cleaned = super().clean()
            add_to_form(self, error)
            return cleaned

    return Refused


class Scoped:
    """Choices and permissions that come from ``access`` and nowhere else."""

    model: type[models.Model]

    def get_queryset(self, request: Any) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        return visible_to(request.standing, rows)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        kwargs["queryset"] = self._choices(db_field, request, kwargs)
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs["widget"] = Autocomplete(db_field, self.admin_site)  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        kwargs["queryset"] = self._choices(db_field, request, kwargs)
        kwargs["form_class"] = Choices
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs["widget"] = AutocompleteSeveral(db_field, self.admin_site)  # type: ignore[attr-defined]
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    @staticmethod
    def _choices(db_field: Any, request: Any, kwargs: dict[str, Any]) -> models.QuerySet[Any]:
        rows = kwargs.get("queryset", db_field.remote_field.model._default_manager.all())
        return visible_to(request.standing, rows)

    def _may(self, request: Any, verb: str, row: models.Model | None) -> bool:
        return allowed_for(request.standing, verb, self.model, row)

    def has_view_permission(self, request: Any, obj: models.Model | None = None) -> bool:
        return self._may(request, "browse", None)

    def has_add_permission(self, request: Any, obj: models.Model | None = None) -> bool:
        return self._may(request, "add", obj)

    def has_change_permission(self, request: Any, obj: models.Model | None = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: Any, obj: models.Model | None = None) -> bool:
        return self._may(request, "delete", obj)


class ReachableChangeList(ChangeList):
    """A list whose address may name any year: one that no calendar reaches is a wrong address, not a fault."""

    def get_filters(self, request: Any) -> Any:
        try:
            return super().get_filters(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error

    def get_results(self, request: Any) -> None:
        try:
            super().get_results(request)
        except OverflowError as error:
            raise IncorrectLookupParameters(error) from error


class RegisterAdmin(Scoped, admin.ModelAdmin[Any]):
    """The base of every model's pages."""

    verbs: ClassVar[tuple[Verb, ...]] = ()
    actions: Any = None
    list_per_page = 50
    show_full_result_count = False
    change_form_template = "admin/council/change_form.html"
    object_history_template = "admin/council/history.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ReachableChangeList

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Only what a filter of the page offers: a column that is not shown is not searched by its first letters."""
        offered = [getattr(each, "parameter_name", each) for each in self.get_list_filter(request)]
        paths = [path for path in (*offered, self.date_hierarchy) if isinstance(path, str)]
        asked_for = any(lookup == path or lookup.startswith(f"{path}__") for path in paths)
        return asked_for and super().lookup_allowed(lookup, value, request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    # --- Saving: one operation, audited; Django's own log would be a second truth -----------------------------------

    def keep(self, row: Any, *, by: Actor, form: Any, is_new: bool) -> None:
        """Make the one call. A subclass with rules calls its package's operation."""
        register.keep(row, by=by)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if change:
            require_same_version(request, obj)
        # Asked again now that the form's values are on the row: it may name a body that is not the reader's.
        gate.require_assigned(request, "change" if change else "add", obj)
        self.keep(obj, by=request.actor, form=form, is_new=not change)

    def keep_inline(self, row: Any, *, by: Actor) -> None:
        register.keep(row, by=by)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        rows = formset.save(commit=False)
        for row, changed in formset.changed_objects:
            # The page may be older than the row: what was not touched on it stays as it is stored.
            untouched = {field.name for field in row._meta.concrete_fields if field.editable} - set(changed)
            row.refresh_from_db(fields=untouched & set(formset.form.base_fields))
        for row in formset.deleted_objects:
            register.remove(row, by=request.actor)
        for row in rows:
            gate.require_assigned(request, "add" if row.pk is None else "change", row)
            self.keep_inline(row, by=request.actor)
        formset.save_m2m()

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Also what a row is linked to, written down; links to what the reader does not see stay as they are."""
        row, names = form.instance, [f.name for f in form.instance._meta.many_to_many if f.name in form.cleaned_data]
        before = {name: set(getattr(row, name).values_list("pk", flat=True)) for name in names}
        for name in names:
            offered = set(form.fields[name].queryset.values_list("pk", flat=True))
            form.cleaned_data[name] = {one.pk for one in form.cleaned_data[name]} | (before[name] - offered)
        super().save_related(request, form, formsets, change)
        register.note_links(row, before=before, by=request.actor)

    def delete_model(self, request: Any, obj: Any) -> None:
        register.remove(obj, by=request.actor)

    def log_addition(self, request: Any, obj: Any, message: Any) -> None:  # type: ignore[override]
        return None

    def log_change(self, request: Any, obj: Any, message: Any) -> None:  # type: ignore[override]
        return None

    def log_deletions(self, request: Any, queryset: Any) -> None:  # type: ignore[override]
        return None

    # --- Refusals ---------------------------------------------------------------------------------------------------

    def _enter(self, request: Any, object_id: str | None, action: str) -> Any:
        """The row of a page, or None for a new one: 404 and 403 as at every other door, and written down.

        Django alone would lead back to the first page, and say nothing to the record.
        """
        gate.require(request, "add" if object_id is None else "browse", self.model)
        if object_id is None:
            return None
        row = gate.fetch(request, self.model._default_manager.all(), pk=unquote(object_id))
        asked = {"change": self.has_change_permission, "delete": self.has_delete_permission}.get(action)
        if asked is not None and not asked(request, row):
            gate.deny(request, action, row)
        return row

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        gate.require(request, "browse", self.model)  # type: ignore[arg-type]
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        self._enter(request, object_id, "change" if request.method == "POST" else "view")
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except gate.RefusedAfterAssignment as refusal:
            gate.refuse(request, refusal)  # type: ignore[arg-type]
            raise
        except DomainError as error:
            # The transaction is rolled back; the same form once more, now with the reason on it.
            setattr(request, REFUSAL, error)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if (row := context.get("original")) is not None:
            context["version"] = version_shown(
                row, sent=request.POST.get(VERSION), refusal=getattr(request, REFUSAL, None)
            )
            context["verbs"] = self._offered(request, row)
            kind = next((kind for kind, model in KINDS.items() if model is self.model), None)
            context["readers_url"] = reverse("portal:readers", kwargs={"kind": kind, "pk": row.pk}) if kind else ""
            if request.method == "GET":
                gate.note_read(request, row)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm[Any]]:
        form_class: type[ModelForm[Any]] = super().get_form(request, obj, change=change, **kwargs)
        error: DomainError | None = getattr(request, REFUSAL, None)
        return form_class if error is None else _refused(form_class, error)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self._enter(request, object_id, "delete")
        try:
            return super().delete_view(request, object_id, extra_context)
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(self._change_url(object_id))

    # --- Verbs ------------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_do"
        do = path("<path:object_id>/do/<slug:verb>/", self.admin_site.admin_view(self.do_view), name=name)
        return [do, *super().get_urls()]

    def _offered(self, request: Any, row: models.Model) -> list[dict[str, Any]]:
        return [
            {"label": verb.label, "url": self._do_url(row.pk, verb)}
            for verb in self.verbs
            if verb.offered(row) and allowed(request.standing, verb.name, row)
        ]

    def do_view(self, request: Any, object_id: str, verb: str) -> HttpResponse:
        """Ask, then do; what the operation refuses is shown on the page that asked."""
        chosen = next((v for v in self.verbs if v.name == verb), None)
        if chosen is None:
            raise Http404
        row = gate.fetch(request, self.model._default_manager.all(), action=verb, pk=unquote(object_id))
        form_class = chosen.form_for(row, request.standing) if chosen.form_for else chosen.form
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form, refusal = form_class(*sent), None
        if request.method == "POST" and form.is_valid():
            said, refusal = attempt(request, row, form, lambda: chosen.run(row, request.actor, form.cleaned_data))
            if refusal is None:
                messages.success(request, said or _("Done: %(label)s.") % {"label": chosen.label})
                return HttpResponseRedirect(self._change_url(object_id))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": chosen.label,
            "row": row,
            "verb": chosen,
            "form": form,
            "lacking": chosen.lacks(row) if chosen.lacks else None,
            "told": chosen.tells(row, by=request.actor, now=timezone.now()) if chosen.tells else None,
            "back": self._change_url(object_id),
            "version": version_shown(row, sent=request.POST.get(VERSION), refusal=refusal),
        }
        return render(request, "admin/council/verb.html", context, status=422 if form.errors else 200)

    def _do_url(self, pk: Any, verb: Verb) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_do", args=[pk, verb.name])

    def _change_url(self, object_id: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[object_id])

    # --- History: the audit -----------------------------------------------------------------------------------------

    def history_view(self, request: Any, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        row = self._enter(request, object_id, "view")
        entries = gate.rows(request, AuditEntry.objects.filter(target_type=self.opts.model_name, target_id=str(row.pk)))
        reads = Q(verb=f"{self.opts.model_name}.read")
        readings = "reads" in request.GET
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(row)s") % {"row": row},
            "opts": self.opts,
            "object": row,
            "readings": readings,
            "entries": lines_of(request.standing, entries.filter(reads if readings else ~reads)[:500]),
        }
        return render(request, self.object_history_template, context)


class ReadOnlyAdmin(RegisterAdmin):
    """Rows that only the system writes."""

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class ScopedInline(Scoped, admin.TabularInline[Any, Any]):
    """Rows shown on their parent's page; permissions are asked for the parent."""

    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """The page carries what it showed: a row that was changed meanwhile is not taken for one that was edited."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.show_hidden_initial = True
        return field

    def has_view_permission(self, request: Any, obj: models.Model | None = None) -> bool:
        return True
