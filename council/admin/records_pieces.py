"""The page on which it is said what becomes of the pieces of a records request: many at once, by ticking."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.admin.labels import GroundsForm
from council.core.calendar import local_day
from council.core.errors import DomainError
from council.minutes.models import IssuedDocument, RecordsPiece, RecordsRequest
from council.minutes.operations.records import Ruling, hand_in_part, rule_on
from council.web import gate
from council.web.errors import add_to_form


class RulingForm(GroundsForm):
    """What becomes of the pieces that were ticked."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[choice for choice in RecordsPiece.Outcome.choices if choice[0]],
        widget=forms.RadioSelect,
    )
    in_part = forms.BooleanField(
        label=_("In part"),
        required=False,
        help_text=_("Of minutes their public version. Of anything else attach the part as a file, piece by piece."),
    )
    audience = forms.ChoiceField(
        label=_("Of minutes, the version"),
        choices=[("", _("as it was")), *IssuedDocument.Audience.choices],
        required=False,
        help_text=_("The annexes are private to each organisation: to nobody by the Information Disclosure Act."),
    )
    field_order = ("outcome", "in_part", "audience", "grounds", "reason", "review_on")

    def flaws(self, data: dict[str, Any]) -> Any:
        """A ground is needed only where something is withheld."""
        withholds = data["in_part"] or data["outcome"] == RecordsPiece.Outcome.REFUSED
        grounds = {name: data[name] for name in ("grounds", "reason", "review_on")}
        return super().flaws(grounds) if withholds else []


class PiecesPage:
    """Of the pages of a records request: the one about its pieces."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.pieces_view)
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return [path("<path:object_id>/pieces/", page, name="council_recordsrequest_pieces"), *urls]

    def pieces_view(self, request: Any, object_id: str) -> HttpResponse:
        """Say what becomes of the pieces, or attach the part of one that is handed over."""
        row = gate.fetch(request, RecordsRequest.objects.select_related("body"), action="rule", pk=object_id)
        form = RulingForm(request.POST if "rule" in request.POST else None)
        chosen = request.POST.getlist("piece")
        if request.method == "POST" and self._taken(request, row, form, chosen):
            return HttpResponseRedirect(reverse("admin:council_recordsrequest_pieces", args=[row.pk]))
        pieces = row.pieces.select_related("owner", "part")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("What becomes of the pieces"),
            "records": row,
            "pieces": pieces,
            "form": form,
            "chosen": chosen,
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "admin/council/records_pieces.html", context, status=status)

    @staticmethod
    def _taken(request: Any, row: RecordsRequest, form: RulingForm, chosen: list[str]) -> bool:
        try:
            if key := request.POST.get("part"):
                hand_in_part(row, by=request.actor, key=key, upload=request.FILES.get(f"file-{key}"))
                messages.success(request, gettext("The part was attached."))
                return True
            if not form.is_valid():
                return False
            number = rule_on(
                row,
                by=request.actor,
                today=local_day(timezone.now()),
                keys=chosen,
                ruling=Ruling(**form.cleaned_data),
            )
        except DomainError as error:
            if form.is_bound:
                add_to_form(form, error)
            else:
                messages.error(request, str(error))
            return False
        messages.success(request, gettext("Pieces decided on: %(number)d.") % {"number": number})
        return True
