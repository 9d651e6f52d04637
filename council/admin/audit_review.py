"""The monthly review of the access record: the list of months, a month's page, the signature."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.access.visibility import counted_for
from council.admin.base import ReadOnlyAdmin
from council.admin.record import lines_of
from council.core.errors import DomainError
from council.core.models import AuditEntry, AuditReview
from council.core.review import months_over, sign_review
from council.overview.access_review import month_page, months
from council.web import gate
from council.web.errors import add_to_form


class SignForm(forms.Form):
    remarks = forms.CharField(
        label=_("Remarks"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, required=False,
        help_text=_("What was noticed, whom it was taken up with, what was done about it."),
    )  # fmt: skip


@admin.register(AuditReview)
class AuditReviewAdmin(ReadOnlyAdmin):
    fields = ("month", "reviewer", "signed_at", "remarks", "counts", "faults", "head_length", "head_hash")

    def get_urls(self) -> list[URLPattern]:
        month = path(
            "month/<int:year>-<int:number>/",
            self.admin_site.admin_view(self.month_view),
            name="council_auditreview_month",
        )
        return [month, *super().get_urls()]

    def changelist_view(self, request: Any, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The months, each signed off or not, instead of a list of signatures."""
        gate.require(request, "browse", AuditReview)
        lines = months(request.standing, now=timezone.now())
        context = self._context(request, title=capfirst(str(self.opts.verbose_name_plural)), months=lines)
        return render(request, "admin/council/audit_reviews.html", context)

    def month_view(self, request: Any, year: int, number: int) -> HttpResponse:
        """What the month's record says, and the form that signs it off."""
        gate.require(request, "sign" if request.method == "POST" else "browse", AuditReview)
        month, form = _month(year, number), SignForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid() and self._signed(request, month, form):
            return HttpResponseRedirect(reverse("admin:council_auditreview_changelist"))
        page = month_page(request.standing, month)
        context = self._context(
            request,
            title=gettext("Access record of %(month)s") % {"month": f"{month:%Y-%m}"},
            page=page,
            refusals=lines_of(request.standing, page.refusals),
            form=form,
        )
        return render(request, "admin/council/audit_month.html", context, status=422 if form.errors else 200)

    def _signed(self, request: Any, month: date, form: SignForm) -> bool:
        """Whether the operation took it; what it refuses is put on the form."""
        counted = counted_for(request.standing, AuditEntry.objects.all())
        remarks = form.cleaned_data["remarks"]
        try:
            sign_review(month, by=request.actor, now=timezone.now(), remarks=remarks, counted=counted)
        except DomainError as error:
            add_to_form(form, error)
            return False
        messages.success(request, gettext("%(month)s is signed off.") % {"month": f"{month:%Y-%m}"})
        return True

    def _context(self, request: Any, **values: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, **values}


def _month(year: int, number: int) -> date:
    """A month of the record that is over; Http404 for any other, and for what is none."""
    try:
        month = date(year, number, 1)
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    if month not in months_over(now=timezone.now()):
        raise Http404
    return month
