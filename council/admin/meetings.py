"""Scheduling meetings, their agendas and deadlines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from council.admin.base import ReasonForm, RegisterAdmin, ScopedInline, Verb
from council.admin.filters import PillarFilter, QuarterFilter, quarters_around
from council.admin.labels import LABEL_VERBS, READERS_VERB
from council.core import wording
from council.core.actor import Actor
from council.core.calendar import BusinessCalendar, local_day
from council.core.quarters import Quarter
from council.meetings.models import AgendaItem, Deadline, DeadlineTemplate, Meeting
from council.meetings.operations import agenda, schedule
from council.meetings.queries import next_plannable, proposed_day, proposed_times
from council.meetings.states import AGENDA_ITEM, MEETING, PLANNED, AgendaItemState, MeetingState
from council.parties.models import Body

# Where a new item without a place goes.
LAST = 10_000


class QuietForm(forms.Form):
    quiet = forms.BooleanField(label=_("Tell nobody"), required=False, help_text=_("For corrections only."))


class CancelForm(ReasonForm, QuietForm):
    pass


class MeetingForm(forms.ModelForm[Meeting]):
    quiet = forms.BooleanField(
        label=_("Tell nobody of the new time"), required=False, help_text=_("For corrections only.")
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
        return schedule.Plan(**{name: self.cleaned_data[name] for name in names})


class AgendaLineForm(forms.ModelForm[AgendaItem]):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "label" in self.fields:
            # From then on it changes by release and tightening, with a reason.
            self.fields["label"].disabled = True


class AgendaInline(ScopedInline):
    model = AgendaItem
    form = AgendaLineForm
    fields = ("position", "kind", "title", "commitment", "pillar", "presenter", "duration", "label", "owner", "state")
    readonly_fields = ("state",)
    ordering = ("position", "id")
    show_change_link = True

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return (obj is None or obj.state in PLANNED) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return (obj is None or obj.state in PLANNED) and super().has_change_permission(request, obj)


class DeadlineInline(ScopedInline):
    model = Deadline
    fields = ("kind", "due_at", "waived_because")
    readonly_fields = ("kind",)

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


def _next_state(state: str) -> Any:
    return lambda meeting: state in MEETING[meeting.state]


def _convene(meeting: Meeting, by: Actor, data: dict[str, Any]) -> None:
    schedule.convene_meeting(meeting, by=by, now=timezone.now(), quiet=data["quiet"])


def _begin(meeting: Meeting, by: Actor, data: dict[str, Any]) -> None:
    schedule.begin_meeting(meeting, by=by)


def _close(meeting: Meeting, by: Actor, data: dict[str, Any]) -> None:
    schedule.close_meeting(meeting, by=by, now=timezone.now())


def _cancel(meeting: Meeting, by: Actor, data: dict[str, Any]) -> None:
    schedule.cancel_meeting(meeting, by=by, now=timezone.now(), reason=data["reason"], quiet=data["quiet"])


@admin.register(Meeting)
class MeetingAdmin(RegisterAdmin):
    form = MeetingForm
    list_display = ("name", "body", "quarter_label", "when", "kind", "state")
    list_filter = ("body", QuarterFilter, "state", "kind")
    list_select_related = ("body",)
    search_fields = ("title", "venue")
    readonly_fields = ("number", "state", "opened_at", "closed_at", "cancelled_at", "cancelled_because")
    verbs = (
        Verb(
            "convene", _("Announce"), _convene, _next_state(MeetingState.OPEN),
            _("Everyone seated on the body sees the meeting from now on and is told by e-mail."), QuietForm,
        ),
        Verb("begin", _("Begin"), _begin, _next_state(MeetingState.IN_PROGRESS), _("The meeting gets its number.")),
        Verb("close", _("Close the meeting"), _close, _next_state(MeetingState.CLOSED), _("The meeting was held.")),
        Verb(
            "cancel", _("Cancel the meeting"), _cancel, _next_state(MeetingState.CANCELLED),
            _("If it has been announced, those invited are told by e-mail."), CancelForm,
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
            return [(None, {"fields": ["body", "quarter", "kind", "starts_at", "ends_at", *plan]})]
        fields = ["body", "quarter", "kind", "number", "state", "starts_at", "ends_at", *plan]
        if obj.state == MeetingState.OPEN:
            fields.append("quiet")
        if obj.state == MeetingState.CANCELLED:
            fields += ["cancelled_at", "cancelled_because"]
        return [(None, {"fields": fields})]

    def get_readonly_fields(self, request: Any, obj: Meeting | None = None) -> Any:
        return self.readonly_fields if obj is None else (*self.readonly_fields, "body", "quarter", "kind")

    def get_inlines(self, request: Any, obj: Meeting | None) -> Any:
        return () if obj is None else (AgendaInline, DeadlineInline)

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
            made = schedule.schedule_meeting(by=by, body=row.body, quarter=row.quarter, kind=row.kind, plan=form.plan())
            row.pk = made.pk
        else:
            schedule.change_meeting(row, by=by, plan=form.plan(), quiet=form.cleaned_data.get("quiet", False))

    def keep_inline(self, row: Any, *, by: Actor) -> None:
        if isinstance(row, AgendaItem):
            agenda.save_agenda_item(row, by=by)
        else:
            super().keep_inline(row, by=by)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.model is AgendaItem and formset.has_changed():
            added = [row for row in formset.extra_forms if row.instance.pk]
            places = [
                (row.cleaned_data["position"], row.instance.pk) for row in formset.initial_forms if row.instance.pk
            ]
            places += [(row.cleaned_data["position"] or LAST, row.instance.pk) for row in added]
            agenda.reorder_agenda(form.instance, by=request.actor, item_ids=[pk for _place, pk in sorted(places)])


def _withdraw(item: AgendaItem, by: Actor, data: dict[str, Any]) -> None:
    agenda.withdraw_agenda_item(item, by=by, reason=data["reason"])


@admin.register(AgendaItem)
class AgendaItemAdmin(RegisterAdmin):
    list_display = ("title", "meeting", "position", "kind", "commitment", "owner", "label", "state")
    list_filter = (PillarFilter, "owner", "kind", "state")
    list_select_related = ("meeting", "commitment", "owner")
    search_fields = ("title", "background")
    readonly_fields = ("state", "result", "readers")
    verbs = (
        Verb(
            "withdraw", _("Withdraw the item"), _withdraw,
            lambda item: AgendaItemState.WITHDRAWN in AGENDA_ITEM[item.state],
            _("It stays in the record and is marked as withdrawn."), ReasonForm,
        ),
        *LABEL_VERBS,
        READERS_VERB,
    )  # fmt: skip

    def get_readonly_fields(self, request: Any, obj: AgendaItem | None = None) -> Any:
        return self.readonly_fields if obj is None else (*self.readonly_fields, "label")

    def keep(self, row: AgendaItem, *, by: Actor, form: Any, is_new: bool) -> None:
        agenda.save_agenda_item(row, by=by)


@admin.register(DeadlineTemplate)
class DeadlineTemplateAdmin(RegisterAdmin):
    list_display = ("kind", "body", "meeting_kind", "offset", "unit")
    list_filter = ("body", "meeting_kind")
    list_select_related = ("body",)
