"""A department's part of what its organisation hands in: asked for, given, taken over."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from council.access.policy import allowed
from council.core.register import version_of
from council.declaration.models import Indicator
from council.documents.xlsx import MEDIA_TYPE, as_xlsx
from council.overview import official
from council.overview.preparing import SHOWN, open_parts
from council.overview.reporting import first_words
from council.portal.forms.preparing import PartForm
from council.portal.mixins import ActForm, Page, RowMixin, StepView
from council.reports.models import Contribution, ContributionFile
from council.reports.operations.contributing import Part, deliver, recall, take_over
from council.reports.states import WANTED, ContributionState
from council.web import gate
from council.web.downloads import attachment
from council.web.requests import CouncilRequest
from council.workflows.import_parts import PART_WIDTHS, part_headings, part_rows


class OfAPart(RowMixin[Contribution]):
    request: CouncilRequest
    queryset = Contribution.objects.select_related(*SHOWN)
    reading_is_noted = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        who, row = self.request.standing, self.row
        files = gate.rows(self.request, ContributionFile.objects.filter(contribution=row)).select_related("file")
        wanted = row.is_wanted
        return super().get_context_data(
            part=row,
            files=list(files),
            figures=[(one, row.values[str(one.pk)]) for one in self.indicators if str(one.pk) in row.values],
            version=version_of(row),
            may_give=wanted and allowed(who, "deliver", row),
            may_take=wanted and row.state == ContributionState.DELIVERED and allowed(who, "take", row),
            may_recall=row.state in WANTED and allowed(who, "recall", row),
            **kwargs,
        )

    @cached_property
    def indicators(self) -> list[Indicator]:
        if self.row.report is None:
            return []
        about = gate.rows(self.request, Indicator.objects.filter(commitment=self.row.report.commitment_id))
        return list(about.order_by("pk"))

    def get_success_url(self) -> str:
        return reverse("portal:contribution", args=[self.row.pk])


class ContributionView(OfAPart, Page):
    request: CouncilRequest
    template_name = "portal/preparing/contribution.html"


class GiveView(OfAPart, ActForm):
    """Write what was asked for; a liaison enters what came by other ways."""

    request: CouncilRequest
    action = "deliver"
    form_class = PartForm
    template_name = "portal/preparing/give.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"indicators": self.indicators}

    def get_initial(self) -> dict[str, Any]:
        values = self.row.values
        figures = {f"value_{at}": values.get(str(one.pk)) for at, one in enumerate(self.indicators, 1)}
        return {"text": self.row.text, "seen": version_of(self.row), **figures}

    def seen(self) -> Contribution:
        """Whoever has been told what was given meanwhile may replace it."""
        return gate.rows(self.request, Contribution.objects.filter(pk=self.row.pk)).get()

    def act(self, form: PartForm) -> None:
        data = form.cleaned_data
        seen = self.request.POST.get("seen")
        part = Part(text=data["text"], values=form.values, uploads=data["uploads"], seen=seen)
        deliver(self.row, part=part, by=self.request.actor, now=timezone.now())
        messages.success(self.request, _("Your part was given. Nobody outside your organisation sees it."))


class PartStep(StepView[Contribution]):
    queryset = Contribution.objects.select_related(*SHOWN)

    def back(self) -> str:
        return reverse("portal:prepare", args=[self.row.body_id])


class TakeView(PartStep):
    """Put what a department gave into the draft."""

    action = "take"

    def step(self) -> str:
        beginning = first_words(self.request.standing, self.row.report) if self.row.report else ""
        seen = self.request.POST.get("seen")
        take_over(self.row, by=self.request.actor, now=timezone.now(), beginning=beginning, seen=seen)
        return _("It is in the draft now.")


class RecallView(PartStep):
    """Say that it is not needed any more."""

    action = "recall"

    def step(self) -> str:
        recall(self.row, by=self.request.actor)
        return _("The contributor is not asked for it any more.")


class PartsSheetView(RowMixin[Contribution], View):
    """What one contributor is asked for by a body's reports and items, as a table to fill in."""

    request: CouncilRequest
    queryset = Contribution.objects.select_related(*SHOWN)
    reading_is_noted = False

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        parts = open_parts(self.request.standing, self.row.body, like=self.row)
        title = _("Parts of %(name)s") % {"name": self.row.contributor.name}
        now, author = timezone.now(), official.author()
        table = as_xlsx(title, part_headings(), part_rows(parts), widths=PART_WIDTHS, author=author, made_at=now)
        return attachment(self.request, BytesIO(table), name=f"{title}.xlsx", media_type=MEDIA_TYPE)
