"""Scheduling meetings, their agendas and deadlines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.admin.agenda import AgendaBoard, AgendaInline
from council.admin.base import ReasonForm, RegisterAdmin, ScopedInline, Verb
from council.admin.calendar_page import CalendarPage
from council.admin.filters import QuarterFilter, quarters_around
from council.admin.minutes_page import MinutesPage
from council.admin.paperwork import REFER_VERB, OfficialDocumentInline
from council.admin.participation import ParticipationInline
from council.admin.planning import PlanningPages
from council.admin.room import RoomPage
from council.core import wording
from council.core.actor import Actor
from council.core.calendar import BusinessCalendar, local_day
from council.core.errors import SomebodyWasFaster
from council.core.quarters import Quarter
from council.meetings.models import AgendaItem, Deadline, DeadlineTemplate, Meeting
from council.meetings.operations import agenda, schedule
from council.meetings.operations.deadlines import change_deadline
from council.meetings.operations.fixing import fix_agenda
from council.meetings.operations.participation import keep_participation
from council.meetings.queries import next_plannable, proposed_day, proposed_times
from council.meetings.states import MEETING, PLANNED, MeetingState
from council.overview.telling import told_of
from council.parties.models import Body
from council.web import gate
from council.workflows.begin_meeting import begin_meeting
from council.workflows.carry_over import carry_over
from council.workflows.close_meeting import close_meeting, lacking


class QuietForm(forms.Form):
    quiet = forms.BooleanField(label=_("Tell nobody"), required=False, help_text=_("For corrections only."))


class CancelForm(ReasonForm, QuietForm):
    pass


class BecauseForm(forms.Form):
    because = forms.CharField(
        label=_("Why the date moves"),
        max_length=300,
        required=False,
        help_text=_("Those invited see it. Needed once the meeting has been announced."),
    )


class MeetingForm(BecauseForm, forms.ModelForm[Meeting]):
    quiet = forms.BooleanField(
        label=_("Tell nobody of the change"), required=False, help_text=_("For corrections only.")
    )
    waive_because = forms.CharField(
        label=_("Why steps are left out"),
        max_length=300,
        required=False,
        help_text=_("Needed where a step lies in the past or is left out."),
    )

    class Meta:
        model = Meeting
        fields = (
            "body",
            "quarter",
            "kind",
            "starts_at",
            "ends_at",
            "mode",
            "venue",
            "title",
            "outside_quarter_because",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "quarter" in self.fields:
            self.fields["quarter"] = forms.TypedChoiceField(
                label=_("quarter"),
                choices=[(str(quarter), quarter.label) for quarter in quarters_around(1, 8)],
                coerce=Quarter.parse,
            )
        if "kind" in self.fields:
            kinds = [kind for kind in Meeting.Kind if kind != Meeting.Kind.FOUNDING]
            self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        for name in {"starts_at", "ends_at"} & self.fields.keys():
            self.fields[name].required = True

    def plan(self) -> schedule.Plan:
        """What was filled in, for the operation."""
        names = ("starts_at", "ends_at", "mode", "venue", "title", "outside_quarter_because")
        values = {name: self.cleaned_data[name] for name in names}
        return schedule.Plan(**values, waive_because=self.cleaned_data.get("waive_because", ""))


class DeadlineForm(BecauseForm, forms.ModelForm[Deadline]):
    class Meta:
        model = Deadline
        fields = ("due_at", "waived_because")


class DeadlineInline(ScopedInline):
    model = Deadline
    form = DeadlineForm
    fields = ("kind", "due_at", "because", "waived_because", "was")
    readonly_fields = ("kind", "was")

    @admin.display(description=_("was"))
    def was(self, deadline: Deadline) -> str:
        """Where it was before it moved, the latest last."""
        return ", ".join(wording.moment_text(change.was) for change in deadline.changes.all()) or "–"

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        """The reason is asked for where something can be changed."""
        may = self.has_change_permission(request, obj) and (obj is None or obj.state in PLANNED)
        return [f for f in self.fields if f != "because" or may]

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("changes")

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


def _next_state(state: str) -> Any:
    return lambda meeting: state in MEETING[meeting.state]


def _convene(meeting: Meeting, by: Actor, data: dict[str, Any]) -> None:
    schedule.convene_meeting(meeting, by=by, now=timezone.now(), quiet=data["quiet"])


def _fix(meeting: Meeting, by: Actor, data: dict[str, Any]) -> str:
    snapshot = fix_agenda(meeting, by=by, now=timezone.now())
    return gettext("The agenda has been fixed as version %(version)d.") % {"version": snapshot.version}


def _carry_over(meeting: Meeting, by: Actor, data: dict[str, Any]) -> str:
    return gettext("Added to the agenda: %(number)d.") % {"number": carry_over(meeting, by=by)}


def _begin(meeting: Meeting, by: Actor, data: dict[str, Any]) -> None:
    begin_meeting(meeting, by=by, now=timezone.now())


def _close(meeting: Meeting, by: Actor, data: dict[str, Any]) -> None:
    close_meeting(meeting, by=by, now=timezone.now())


def _cancel(meeting: Meeting, by: Actor, data: dict[str, Any]) -> None:
    schedule.cancel_meeting(meeting, by=by, now=timezone.now(), reason=data["reason"], quiet=data["quiet"])


def _told_if_open(meeting: Meeting, *, by: Actor, now: datetime) -> Any:
    return told_of(meeting, by=by, now=now) if meeting.state == MeetingState.OPEN else []


@admin.register(Meeting)
class MeetingAdmin(PlanningPages, CalendarPage, AgendaBoard, RoomPage, MinutesPage, RegisterAdmin):
    form = MeetingForm
    change_form_template = "admin/council/meeting_form.html"
    list_display = ("name", "body", "quarter_label", "when", "kind", "state")
    list_filter = ("body", QuarterFilter, "state", "kind")
    list_select_related = ("body",)
    search_fields = ("title", "venue")
    readonly_fields = ("number", "state", "opened_at", "closed_at", "cancelled_at", "cancelled_because")
    verbs = (
        Verb(
            "convene", _("Announce"), _convene, _next_state(MeetingState.OPEN),
            _("Those named below see the meeting from now on and are told by e-mail, with a calendar entry."),
            QuietForm, tells=told_of,
        ),
        Verb(
            "fix_agenda", _("Fix the agenda"), _fix, lambda meeting: meeting.state in PLANNED,
            _("It is kept as a version. What is changed afterwards is shown as a change."),
        ),
        Verb(
            "carry_over", _("Carry over"), _carry_over, lambda meeting: meeting.state in PLANNED,
            _("Standing items, what the last meeting left, and open action items are put on the agenda, each once."),
        ),
        REFER_VERB,
        Verb(
            "begin", _("Begin"), _begin, _next_state(MeetingState.IN_PROGRESS),
            _("The meeting gets its number, and the scorecard of the quarter before is kept as tabled."),
        ),
        Verb(
            "close", _("Close the meeting"), _close, _next_state(MeetingState.CLOSED),
            _("It was held. What is unfinished goes onto the next agenda that is planned."),
            lacks=lacking,
        ),
        Verb(
            "cancel", _("Cancel the meeting"), _cancel, _next_state(MeetingState.CANCELLED),
            _("Once it has been announced, those named below are told by e-mail and it leaves their calendars."),
            CancelForm, tells=_told_if_open,
        ),
    )  # fmt: skip

    @admin.display(description=_("meeting"), ordering="starts_at")
    def name(self, meeting: Meeting) -> str:
        return meeting.name

    @admin.display(description=_("quarter"), ordering="quarter")
    def quarter_label(self, meeting: Meeting) -> str:
        return meeting.quarter.label

    @admin.display(description=_("when"), ordering="starts_at")
    def when(self, meeting: Meeting) -> str:
        return wording.day_text(meeting.day) if meeting.day_only else wording.moment_text(meeting.starts_at)

    def get_fieldsets(self, request: Any, obj: Meeting | None = None) -> Any:
        plan = ["mode", "venue", "title", "outside_quarter_because"]
        if obj is None:
            return [(None, {"fields": ["body", "quarter", "kind", "starts_at", "ends_at", *plan, "waive_because"]})]
        fields = ["body", "quarter", "kind", "number", "state", "starts_at", "ends_at", *plan]
        if obj.state in PLANNED:
            fields += ["because", "waive_because"]
        if obj.state == MeetingState.OPEN:
            fields.append("quiet")
        if obj.state == MeetingState.CANCELLED:
            fields += ["cancelled_at", "cancelled_because"]
        return [(None, {"fields": fields})]

    def get_readonly_fields(self, request: Any, obj: Meeting | None = None) -> Any:
        return self.readonly_fields if obj is None else (*self.readonly_fields, "body", "quarter", "kind")

    def get_inlines(self, request: Any, obj: Meeting | None) -> Any:
        return () if obj is None else (AgendaInline, ParticipationInline, DeadlineInline, OfficialDocumentInline)

    def get_urls(self) -> list[URLPattern]:
        return [
            *self.planning_urls(),
            *self.calendar_urls(),
            *self.agenda_urls(),
            *self.room_urls(),
            *self.minutes_urls(),
            *super().get_urls(),
        ]

    def render_change_form(self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if (meeting := context.get("original")) is not None and meeting.state == MeetingState.OPEN:
            context["told"] = told_of(meeting, by=request.actor, now=timezone.now())
        return super().render_change_form(request, context, *args, **kwargs)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return (obj is None or obj.state in PLANNED) and super().has_change_permission(request, obj)

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        """A proposal: the first quarter without a meeting, on a business day that leaves time to prepare it."""
        bodies = Body.objects.filter(pk__in=request.standing.secretariat_of)
        asked = request.GET.get("body", "")
        body = next((body for body in bodies if str(body.pk) == asked), None) or bodies.first()
        if body is None:
            return {}
        today, calendar = local_day(timezone.now()), BusinessCalendar.load()
        quarter, day = self._asked_quarter(request), None
        if quarter:
            day = proposed_day(body, quarter, today=today, calendar=calendar)
        else:
            quarter, day = next_plannable(body, today=today, calendar=calendar)
        initial: dict[str, Any] = {"body": body.pk, "quarter": str(quarter), "kind": Meeting.Kind.REGULAR}
        if day:
            initial["starts_at"], initial["ends_at"] = proposed_times(day)
        return initial

    @staticmethod
    def _asked_quarter(request: Any) -> Quarter | None:
        known = {str(quarter): quarter for quarter in quarters_around(1, 8)}
        return known.get(request.GET.get("quarter", ""))

    def keep(self, row: Meeting, *, by: Actor, form: Any, is_new: bool) -> None:
        if is_new:
            made = schedule.schedule_meeting(
                by=by, body=row.body, quarter=row.quarter, kind=row.kind, plan=form.plan(), now=timezone.now()
            )
            carry_over(made, by=by)
            row.pk = made.pk
        else:
            said = form.cleaned_data
            schedule.change_meeting(
                row,
                by=by,
                plan=form.plan(),
                now=timezone.now(),
                because=said.get("because", ""),
                quiet=said.get("quiet", False),
            )

    def keep_inline(self, row: Any, *, by: Actor) -> None:
        if isinstance(row, AgendaItem):
            agenda.save_agenda_item(row, by=by)
        else:
            keep_participation(row, by=by, now=timezone.now())

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        if formset.model is Deadline:
            self._keep_deadlines(request, formset)
            return
        super().save_formset(request, form, formset, change)
        if formset.model is AgendaItem and formset.has_changed():
            added = [row for row in formset.extra_forms if row.instance.pk]
            places = [
                (
                    row.cleaned_data["position"] if "position" in row.changed_data else row.instance.position,
                    row.instance.pk,
                )
                for row in formset.initial_forms
                if row.instance.pk
            ]
            places += [(row.cleaned_data["position"], row.instance.pk) for row in added if row.cleaned_data["position"]]
            # A new one without a place is where the operation has put it: last, but before the closing words.
            moved = any("position" in row.changed_data for row in formset.initial_forms)
            if moved or any(row.cleaned_data["position"] for row in added):
                agenda.reorder_agenda(form.instance, by=request.actor, item_ids=[pk for _place, pk in sorted(places)])

    @staticmethod
    def _keep_deadlines(request: Any, formset: Any) -> None:
        """What was typed is compared with what is stored: the meeting may just have moved its steps."""
        for each in formset.initial_forms:
            if each.instance.pk is None:  # a number that was typed is none of this meeting's
                raise SomebodyWasFaster(gettext("Somebody else removed this a moment ago."))
            said = each.cleaned_data
            if {"due_at", "waived_because"} & set(each.changed_data):
                gate.require_assigned(request, "change", each.instance)
                moved = "due_at" in each.changed_data
                change_deadline(
                    each.instance,
                    by=request.actor,
                    due_at=said["due_at"] if moved else None,
                    waived_because=said["waived_because"],
                    because=said["because"],
                    now=timezone.now(),
                )
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []


@admin.register(DeadlineTemplate)
class DeadlineTemplateAdmin(RegisterAdmin):
    list_display = ("kind", "body", "meeting_kind", "offset", "unit")
    list_filter = ("body", "meeting_kind")
    list_select_related = ("body",)
