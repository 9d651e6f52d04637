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

from council.admin.attempts import VERSION, attempt
from council.admin.labels import GroundsForm
from council.core.calendar import local_day
from council.minutes.models import IssuedDocument, RecordsPiece, RecordsRequest
from council.minutes.operations.records import Ruling, hand_in_part, rule_on
from council.web import gate
from council.web.errors import version_shown


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

    def __init__(self, *args: Any, records: RecordsRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.records = records
        if not records.rests_on_disclosure:
            del self.fields["grounds"], self.fields["review_on"]
            self.fields["reason"].label = _("Legal ground and reason")
            self.fields["reason"].help_text = _(
                "Needed if something is withheld: parliament and the auditors ask by laws of their own. Name the"
                " article by which it is not given, and why."
            )

    def flaws(self, data: dict[str, Any]) -> Any:
        return Ruling(**data).flaws(self.records, today=local_day(timezone.now()))


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
        form = RulingForm(request.POST if "rule" in request.POST else None, records=row)
        chosen = request.POST.getlist("piece")
        refusal = None
        if request.method == "POST":
            taken, refusal = attempt(request, row, form, lambda: self._taken(request, row, form, chosen))
            if taken:
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
            "undecided": sum(not piece.outcome for piece in pieces),
            "version": version_shown(row, sent=request.POST.get(VERSION), refusal=refusal),
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "admin/council/records_pieces.html", context, status=status)

    @staticmethod
    def _taken(request: Any, row: RecordsRequest, form: RulingForm, chosen: list[str]) -> bool:
        if key := request.POST.get("part"):
            hand_in_part(row, by=request.actor, key=key, upload=request.FILES.get(f"file-{key}"))
            messages.success(request, gettext("The part was attached."))
            return True
        if not form.is_valid():
            return False
        if request.POST.get("rule") == "rest":
            chosen = [piece.key for piece in row.pieces.filter(outcome="")]
        number = rule_on(row, by=request.actor, now=timezone.now(), keys=chosen, ruling=Ruling(**form.cleaned_data))
        messages.success(request, gettext("Pieces decided on: %(number)d.") % {"number": number})
        return True
