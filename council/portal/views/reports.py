"""Quarterly reports: what is owed, a round at a glance, writing one, handing it in, judging it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from council.access.policy import allowed
from council.access.roles import FOR_THE_OWNER
from council.core.calendar import BusinessCalendar, local_day
from council.core.register import version_of
from council.declaration.models import Indicator
from council.overview.reporting import (
    ReportPage,
    first_words,
    own_reports,
    report_page,
    reports_to_judge,
    round_grid,
)
from council.parties.models import Body
from council.portal.forms.reports import ACCEPT, SUBMIT, JudgeForm, ReportForm
from council.portal.mixins import ActForm, Page, RowMixin, StepView
from council.reports.models import Report, ReportDraft, ReportEvidence, ReportingRound
from council.reports.operations.judging import accept, return_for_completion
from council.reports.operations.writing import Written, discard_draft, remove_from_draft, save_draft, submit, withdraw
from council.reports.states import OWED, ReportState
from council.web import gate
from council.web.requests import CouncilRequest

REPORTS = Report.objects.for_page()
# No submission has this number.
NONE_SHOWN = 0


class ReportsView(Page):
    """What one's organisation owes, what waits for one's judgement, and the rounds."""

    template_name = "portal/reports/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        who, today, calendar = self.request.standing, local_day(timezone.now()), BusinessCalendar.load()
        prepares = who.bodies(FOR_THE_OWNER) | who.secretariat_of
        rounds = gate.rows(self.request, ReportingRound.objects.select_related("body", "meeting"))
        judged = reports_to_judge(who, today=today, calendar=calendar)
        return super().get_context_data(
            tasks=own_reports(who, today=today, calendar=calendar),
            to_judge=[task for task in judged if allowed(who, "accept", task.report)],
            rounds=rounds.order_by("-covers", "body"),
            prepared_for=gate.rows(self.request, Body.objects.filter(pk__in=prepares)).order_by("pk"),
            **kwargs,
        )


class RoundView(RowMixin[ReportingRound], Page):
    """Who reports on what, as far as the reader may know it."""

    request: CouncilRequest
    queryset = ReportingRound.objects.select_related("body", "meeting")
    template_name = "portal/reports/round.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        grid = round_grid(self.request.standing, self.row, now=timezone.now())
        return super().get_context_data(round=self.row, grid=grid, **kwargs)


class OfAReport(RowMixin[Report]):
    """What every page about a report shows."""

    request: CouncilRequest
    queryset = REPORTS

    @cached_property
    def page(self) -> ReportPage:
        return report_page(self.request.standing, self.row, now=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, who = self.row, self.request.standing
        is_open = row.is_open(local_day(timezone.now()))
        waits = row.state == ReportState.SUBMITTED
        return super().get_context_data(
            report=row,
            page=self.page,
            may_write=is_open and row.state in OWED and allowed(who, "write", row),
            may_withdraw=is_open and waits and allowed(who, "withdraw", row),
            may_judge=waits and allowed(who, "accept", row),
            **kwargs,
        )


class ReportView(OfAReport, Page):
    request: CouncilRequest
    template_name = "portal/reports/report.html"


class WriteView(OfAReport, ActForm):
    """Write a report, keep it as a draft or hand it in."""

    request: CouncilRequest
    action = "write"
    template_name = "portal/reports/write.html"
    form_class = ReportForm

    def get_form_kwargs(self) -> dict[str, Any]:
        indicators = gate.rows(self.request, Indicator.objects.filter(commitment=self.row.commitment_id))
        submits = not self.row.organisation.clearance_required
        return super().get_form_kwargs() | {"indicators": list(indicators.order_by("pk")), "submits": submits}

    def get_initial(self) -> dict[str, Any]:
        draft = self.page.draft
        if draft is None:
            stands = self.row.narrative
            return {
                "narrative": stands or first_words(self.request.standing, self.row),
                "self_rating": self.row.self_rating,
                "seen": version_of(None),
                **{f"value_{place}": line.actual for place, line in enumerate(self.page.lines, 1)},
            }
        kept = {place: draft.values.get(str(line.indicator.pk)) for place, line in enumerate(self.page.lines, 1)}
        typed = {f"value_{place}": value for place, value in kept.items()}
        return {"narrative": draft.narrative, "self_rating": draft.self_rating, "seen": version_of(draft), **typed}

    def seen(self) -> ReportDraft | None:
        """Whoever has been told what a colleague has written may overrule it."""
        return self.page.draft

    def act(self, form: ReportForm) -> None:
        data, now = form.cleaned_data, timezone.now()
        written = Written(
            narrative=data["narrative"],
            self_rating=data["self_rating"],
            values=form.values,
            uploads=data["uploads"],
            url=data["url"],
            seen=self.request.POST.get("seen"),
        )
        if SUBMIT in self.request.POST:
            receipt = submit(self.row, by=self.request.actor, now=now, written=written)
            said = _("The report was submitted. Receipt: no. %(number)s, SHA-256 %(hash)s")
            messages.success(self.request, said % {"number": receipt.number, "hash": receipt.sha256})
        else:
            save_draft(self.row, by=self.request.actor, written=written, now=now)
            messages.success(self.request, _("The draft was saved. Nobody outside your organisation sees it."))

    def get_success_url(self) -> str:
        return reverse("portal:report", args=[self.row.pk])


class JudgeView(OfAReport, ActForm):
    """The ministry's answer: accept with a rating, or say what is missing."""

    request: CouncilRequest
    action = "accept"
    template_name = "portal/reports/judge.html"
    form_class = JudgeForm

    def get_initial(self) -> dict[str, Any]:
        standing = self.page.standing
        return {"submission": standing.sha256 if standing else ""}

    def act(self, form: JudgeForm) -> None:
        data, now, standing = form.cleaned_data, timezone.now(), self.page.standing
        seen = standing.pk if standing and standing.sha256 == data["submission"] else NONE_SHOWN
        if ACCEPT in self.request.POST:
            accept(
                self.row, by=self.request.actor, now=now, rating=data["rating"], comment=data["comment"],
                seen_submission=seen,
            )  # fmt: skip
            messages.success(self.request, _("The report was accepted; the organisation has been told."))
        else:
            return_for_completion(
                self.row, by=self.request.actor, now=now, comment=data["comment"], seen_submission=seen
            )
            messages.success(self.request, _("Completion was requested; the organisation has been told."))

    def get_success_url(self) -> str:
        return reverse("portal:report", args=[self.row.pk])


class ReportStep(StepView[Report]):
    queryset = REPORTS

    def back(self) -> str:
        return reverse("portal:report", args=[self.row.pk])


class WithdrawView(ReportStep):
    """Take back what was handed in, until it is judged."""

    action = "withdraw"

    def step(self) -> str:
        withdraw(self.row, by=self.request.actor, now=timezone.now())
        return _("The report was withdrawn; it is your organisation's draft again.")


class DiscardView(ReportStep):
    """Throw the draft away."""

    action = "discard"

    def step(self) -> str:
        discard_draft(self.row, by=self.request.actor)
        return _("The draft was discarded.")


class RemoveReportEvidenceView(StepView[ReportEvidence]):
    """Take a piece of evidence off the draft."""

    queryset = ReportEvidence.objects.select_related("report__round", "file")
    action = "remove"

    def step(self) -> str:
        remove_from_draft(self.row, by=self.request.actor)
        return _("The evidence was removed from the draft.")

    def back(self) -> str:
        return reverse("portal:report_write", args=[self.row.report_id])
