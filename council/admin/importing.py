"""Taking in a filled-in table: first what would become of each line, then, on a second press, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from council.core.actor import Actor
from council.core.errors import DomainError
from council.documents.sheet import MOST_ROWS, Column, SheetRow, read_upload
from council.documents.xlsx import MEDIA_TYPE, as_xlsx
from council.overview import official
from council.web import gate
from council.web.downloads import attachment
from council.web.errors import add_to_form
from council.workflows.import_rows import Fate

# How long somebody may look at what would happen before they say yes, in seconds.
LOOKED_AT_FOR = 3600


@dataclass(frozen=True, slots=True)
class Import:
    """How one kind of row is taken in. ``targets`` are the rows that it is taken in under, of those the reader runs."""

    columns: Sequence[Column]
    targets: Callable[[Any], QuerySet[Any]]
    target_label: Any
    run: Callable[[Sequence[SheetRow], Any, Actor, bool], list[Fate]]
    explains: Any


class ImportingAdmin:
    """A list with "Import from XLSX". Mixed into a page of the administration."""

    importing: Import
    change_list_template: Any = "admin/council/importing_list.html"
    opts: Any
    model: type[Model]
    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("import/", wrap(self.import_view), name=f"{name}_import"),
            path("import.xlsx", wrap(self.import_form_view), name=f"{name}_import_form"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_import"
        shown: HttpResponse = super().changelist_view(  # type: ignore[misc]
            request, {"import_url": reverse(name)} | (extra_context or {})
        )
        return shown

    def import_form_view(self, request: Any) -> HttpResponseBase:
        """The table to fill in: its headings alone."""
        gate.require(request, "add", self.model)
        title = capfirst(str(self.opts.verbose_name_plural))
        korean = get_language() == "ko"
        heads = [column.ko if korean else column.en for column in self.importing.columns]
        made = as_xlsx(title, heads, [], widths=[24] * len(heads), author=official.author(), made_at=timezone.now())
        return attachment(request, BytesIO(made), name=f"{title}.xlsx", media_type=MEDIA_TYPE)

    def import_view(self, request: Any) -> HttpResponse:
        gate.require(request, "add", self.model)
        targets = self.importing.targets(request)
        said_yes = request.method == "POST" and bool(request.POST.get("rows"))
        sent = (request.POST, request.FILES) if request.method == "POST" and not said_yes else ()
        form = _form(self.importing, targets)(*sent)
        fates: list[Fate] = []
        if said_yes:
            target, rows = self._looked_at(request, targets)
            fates = self.importing.run(rows, target, request.actor, False) if target else []
            if fates and not any(fate.problem for fate in fates):
                said = ngettext("%(number)d line was taken in.", "%(number)d lines were taken in.", len(fates))
                messages.success(request, said % {"number": len(fates)})
                return HttpResponseRedirect(self._list_url())
            if target is None:
                messages.error(
                    request, _("What was looked at is too old, or not yours any more. Choose the file again.")
                )
        elif request.method == "POST" and form.is_valid():
            fates = self._tried(request, form)
        sound = bool(fates) and not any(fate.problem for fate in fates)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Import from XLSX"),
            "form": form,
            "explains": self.importing.explains,
            "most": MOST_ROWS,
            "columns": [column.ko if get_language() == "ko" else column.en for column in self.importing.columns],
            "fates": [(fate, [fate.row.values.get(one.name, "") for one in self.importing.columns]) for fate in fates],
            "sound": sound,
            "rows": self._kept(request, form, fates) if sound else "",
            "form_url": f"{self._list_url()}import.xlsx",
            "back": self._list_url(),
        }
        refused = request.method == "POST" and not sound
        return render(request, "admin/council/import.html", context, status=422 if refused else 200)

    def _list_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _tried(self, request: Any, form: forms.Form) -> list[Fate]:
        """What would become of each line; what is wrong with the whole file stands on the form."""
        upload, target = form.cleaned_data["upload"], form.cleaned_data["target"]
        try:
            rows = read_upload(upload, self.importing.columns)
        except DomainError as error:
            add_to_form(form, error)
            return []
        return self.importing.run(rows, target, request.actor, True)

    def _kept(self, request: Any, form: forms.Form, fates: Sequence[Fate]) -> str:
        """The lines as they were looked at, for the second press: signed, and good for the same person."""
        lines = [(fate.row.number, dict(fate.row.values)) for fate in fates]
        said = [request.user.pk, form.cleaned_data["target"].pk, lines]
        return signing.dumps(said, salt=self._salt, compress=True)

    def _looked_at(self, request: Any, targets: QuerySet[Any]) -> tuple[Any, list[SheetRow]]:
        try:
            said = signing.loads(request.POST["rows"], salt=self._salt, max_age=LOOKED_AT_FOR)
        except signing.BadSignature:
            return None, []
        user, target, lines = said
        found = targets.filter(pk=target).first() if user == request.user.pk else None
        return found, [SheetRow(number, values) for number, values in lines]

    @property
    def _salt(self) -> str:
        return f"council.import.{self.opts.model_name}"


def _form(importing: Import, targets: QuerySet[Any]) -> type[forms.Form]:
    class ImportForm(forms.Form):
        target = forms.ModelChoiceField(targets, label=importing.target_label, empty_label=None)
        upload = forms.FileField(
            label=_("Table (XLSX)"), widget=forms.ClearableFileInput(attrs={"accept": f".xlsx,{MEDIA_TYPE}"})
        )

        def clean_upload(self) -> Any:
            upload = self.cleaned_data["upload"]
            if not upload.name.lower().endswith(".xlsx"):
                raise forms.ValidationError(_("Choose a file of the kind XLSX."))
            return upload

    return ImportForm
