"""Opening a quarter or a year, and calling an extraordinary meeting: the pages on which meetings are planned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from council.admin.filters import quarters_around
from council.admin.planning_forms import CallForm, ProposalForm
from council.core.calendar import BusinessCalendar, end_of, local_day
from council.core.errors import DomainError
from council.core.quarters import Quarter
from council.meetings.models import DeadlineKind, Meeting
from council.meetings.queries import Step
from council.overview.calendar import YEARS_AHEAD
from council.parties.models import Body
from council.web import gate
from council.web.errors import add_to_form
from council.workflows.call_meeting import call_meeting
from council.workflows.open_quarter import Chosen, Proposal, open_quarter, proposal_key, propose

SAVE = "save"


@dataclass(frozen=True, slots=True)
class Event:
    """One day of a timeline."""

    at: datetime
    what: Any
    is_meeting: bool = False
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal with its form; none for a meeting that is planned already."""

    proposal: Proposal
    form: ProposalForm | None

    @property
    def timeline(self) -> list[Event]:
        """The meeting among its steps, in order of time."""
        starts_at = self.proposal.meeting.starts_at if self.proposal.meeting else None
        starts_at = self.proposal.times[0] if self.proposal.times else starts_at
        planned = self.proposal.meeting.deadlines.all() if self.proposal.meeting else ()
        waived = {one.kind for one in planned if one.waived_because}
        events = [self._event(step, left_out=step.kind in waived) for step in self.proposal.steps]
        if starts_at:
            events.append(Event(starts_at, Meeting.Kind.REGULAR.label, is_meeting=True))
        return sorted(events, key=lambda event: event.at)

    def _event(self, step: Step, *, left_out: bool) -> Event:
        """A step where it lies, or was moved to on this page."""
        name, day = DeadlineKind(step.kind).label, local_day(step.due_at)
        if self.form is not None and self.form.is_bound:
            field = self.form[f"step_{step.kind}"]
            left_out = not field.value()
            with suppress(forms.ValidationError):
                day = field.field.to_python(field.value()) or day
        return Event(step.due_at if day == local_day(step.due_at) else end_of(day), name, left_out=left_out)


class PlanningPages:
    """Mixed into the pages of meetings."""

    admin_site: Any
    opts: Any

    def planning_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("plan/", wrap(self.plan_view), name="council_meeting_plan"),
            path("call/", wrap(self.call_view), name="council_meeting_call"),
        ]

    # --- A quarter, or every quarter of a year ---------------------------------------------------------------------

    def plan_view(self, request: Any) -> HttpResponse:
        """Proposals with all their steps, shown before anything is saved; any of them can be changed or left out."""
        gate.require(request, "add", Meeting)
        now = timezone.now()
        quarters, year = _asked_for(request, Quarter.of(local_day(now)))
        bodies = list(
            gate.rows(
                request,
                Body.objects.filter(pk__in=request.standing.secretariat_of, cadence=Body.Cadence.QUARTERLY),
            )
        )
        if request.method == "POST" and SAVE in request.POST:
            lines = _lines(quarters, bodies, request.POST, now=now)
            if _ready(lines) and (made := self._saved(request, lines, now)) is not None:
                messages.success(
                    request, _("Planned as drafts: %(number)d. Nobody has been told yet.") % {"number": len(made)}
                )
                return HttpResponseRedirect(f"{reverse('admin:council_meeting_changelist')}?state__exact=draft")
        else:
            lines = _lines(quarters, bodies, request.POST if request.method == "POST" else None, now=now, afresh=True)
        nearby = quarters_around(0, 7)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Plan %(what)s") % {"what": year or quarters[0].label},
            "lines": lines,
            "open_now": any(line.form for line in lines),
            "quarters": nearby,
            "years": sorted({quarter.year for quarter in nearby}),
            "chosen": year or quarters[0],
        }
        failed = any(line.form and line.form.errors for line in lines)
        return render(request, "admin/council/plan.html", context, status=422 if failed else 200)

    @staticmethod
    def _saved(request: Any, lines: Sequence[Line], now: datetime) -> list[Meeting] | None:
        """The meetings that were planned, or None with the refusal on the form it concerns."""
        forms_by_key = {line.proposal.key: line.form for line in lines if line.form}
        chosen = [
            Chosen(body=line.proposal.body, quarter=line.proposal.quarter, plan=line.form.plan())
            for line in lines
            if line.form and line.form.cleaned_data["include"]
        ]
        for one in chosen:
            gate.require_assigned(request, "add", Meeting(body=one.body, quarter=one.quarter))
        try:
            return open_quarter(chosen, by=request.actor, now=now)
        except DomainError as error:
            key = next((key for key in forms_by_key if (error.field or "").startswith(f"{key}-")), "")
            form = forms_by_key.get(key) or next(iter(forms_by_key.values()))
            form.refuse((error.field or "").removeprefix(f"{key}-"), error)
            return None

    # --- An extraordinary meeting ----------------------------------------------------------------------------------

    def call_view(self, request: Any) -> HttpResponse:
        """One form: when, who, which steps are left out and why; announced at once if so chosen."""
        gate.require(request, "add", Meeting)
        now = timezone.now()
        form = CallForm(request.POST if request.method == "POST" else None, who=request.standing, now=now)
        if request.method == "POST" and form.is_valid():
            gate.require_assigned(request, "add", Meeting(body=form.cleaned_data["body"]))
            try:
                meeting = call_meeting(
                    by=request.actor,
                    body=form.cleaned_data["body"],
                    plan=form.plan(),
                    only=form.only(),
                    announce_now=form.cleaned_data["announce_now"],
                    now=now,
                )
            except DomainError as error:
                add_to_form(form, error)
            else:
                return self._called(request, meeting)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Call an extraordinary meeting"),
            "form": form,
        }
        return render(request, "admin/council/call.html", context, status=422 if form.errors else 200)

    def _called(self, request: Any, meeting: Meeting) -> HttpResponse:
        told = _("The meeting has been announced; the letters are on their way.")
        kept = _("The meeting is planned as a draft. Nobody has been told yet.")
        messages.success(request, told if meeting.opened_at else kept)
        return HttpResponseRedirect(reverse("admin:council_meeting_change", args=[meeting.pk]))


def _asked_for(request: Any, current: Quarter) -> tuple[list[Quarter], int | None]:
    """The quarter or the quarters of the year that the address names; the next quarter if it names none."""
    year, written = request.GET.get("year", ""), request.GET.get("quarter", "")
    if year.isdecimal() and current.year <= int(year) <= current.year + YEARS_AHEAD:
        quarters = [Quarter(int(year), number) for number in range(1, 5)]
        return [quarter for quarter in quarters if quarter >= current], int(year)
    try:
        quarter = Quarter.parse(written)
    except ValueError:
        return [current.next()], None
    near = current <= quarter <= Quarter(current.year + YEARS_AHEAD, 4)
    return [quarter if near else current.next()], None


def _lines(
    quarters: Iterable[Quarter], bodies: Sequence[Body], data: Any, *, now: datetime, afresh: bool = False
) -> list[Line]:
    """The proposals with their forms. ``afresh``: steps follow from the dates that were typed, not from what was shown.

    A date that was typed is where the meeting is proposed; what it cannot be is said when it is saved.
    """
    calendar = BusinessCalendar.load()
    wished = {}
    if data is not None:
        for quarter in quarters:
            for body in bodies:
                key = proposal_key(body, quarter)
                if times := ProposalForm.typed_times(data, key):
                    wished[key] = times
    proposals = propose(quarters, bodies, today=local_day(now), calendar=calendar, wished=wished)
    return [Line(one, None if one.meeting else ProposalForm.of(one, data, afresh=afresh)) for one in proposals]


def _ready(lines: Sequence[Line]) -> bool:
    """Whether every form is filled in and none shows steps of a date that was changed since."""
    found = [line.form for line in lines if line.form]
    valid = [form.is_valid() for form in found]
    return all(valid) and any(form.cleaned_data["include"] for form in found)
