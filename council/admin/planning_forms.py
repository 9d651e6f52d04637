"""The forms of planning: one proposal of a quarter, and an extraordinary meeting."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.admin.labels import PeopleField
from council.core.calendar import SEOUL, at, end_of, local_day
from council.core.errors import DomainError
from council.meetings.models import DeadlineKind, DeadlineTemplate, Meeting
from council.meetings.operations.schedule import Plan
from council.parties.models import Body, Person, Seat
from council.parties.queries import AT_THE_TABLE
from council.web.errors import add_to_form
from council.web.fields import Day
from council.workflows.open_quarter import Proposal


def _clock(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class PlanForm(forms.Form):
    """When and how a meeting is to be held."""

    day = Day(_("Day"))
    starts = _clock(_("Start time"))
    ends = _clock(_("End time"))
    mode = forms.ChoiceField(label=_("Mode"), choices=Meeting.Mode.choices, initial=Meeting.Mode.IN_PERSON)
    venue = forms.CharField(label=_("Place"), max_length=200, required=False)
    waive_because = forms.CharField(
        label=_("Why steps are left out"),
        max_length=300,
        required=False,
        help_text=_("Needed where a step lies in the past or is left out."),
    )

    def _plan(self, **values: Any) -> Plan:
        data = self.cleaned_data
        names = ("mode", "venue", "waive_because")
        return Plan(
            starts_at=at(data["day"], data["starts"]),
            ends_at=at(data["day"], data["ends"]),
            **{name: data[name] for name in names},
            **values,
        )


class ProposalForm(PlanForm):
    """One proposal: its times, and a day for each step. An empty day leaves the step out."""

    include = forms.BooleanField(label=_("Plan this meeting"), required=False, initial=True)
    outside_quarter_because = forms.CharField(
        label=_("Reason for a date outside the quarter"), max_length=300, required=False
    )
    # For which start the steps were worked out.
    based_on = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("include", "day", "starts", "ends", "mode", "venue", "outside_quarter_because", "waive_because")

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        for step in proposal.steps:
            field = self.fields[f"step_{step.kind}"] = Day(DeadlineKind(step.kind).label, required=False)
            field.show_hidden_initial = True  # so that a day chosen by hand is told from one that was worked out

    @classmethod
    def of(cls, proposal: Proposal, data: Any, *, afresh: bool) -> ProposalForm:
        """Filled in with the proposal, or with what was sent; ``afresh`` takes the steps from the proposal."""
        initial = cls._initial(proposal)
        if data is None:
            return cls(prefix=proposal.key, proposal=proposal, initial=initial)
        if afresh:
            data = cls._with_steps(data, proposal)
        return cls(data, prefix=proposal.key, proposal=proposal, initial=initial)

    @staticmethod
    def _initial(proposal: Proposal) -> dict[str, Any]:
        initial: dict[str, Any] = {f"step_{step.kind}": local_day(step.due_at) for step in proposal.steps}
        if proposal.times:
            starts_at, ends_at = proposal.times
            initial |= {"day": local_day(starts_at), "starts": starts_at.time(), "ends": ends_at.time()}
            initial["based_on"] = starts_at.isoformat()
        return initial

    @classmethod
    def _with_steps(cls, data: Any, proposal: Proposal) -> Any:
        """What was sent, with the proposal's steps in place of those that were; what was chosen by hand stays."""
        shown = data.copy()
        for name, value in cls._initial(proposal).items():
            key, was = f"{proposal.key}-{name}", f"initial-{proposal.key}-{name}"
            if name == "based_on":
                shown[key] = value
            elif name.startswith("step_"):
                if was not in data or data.get(key) == data[was]:
                    shown[key] = value
                shown[was] = value
        return shown

    @staticmethod
    def typed_times(data: Any, prefix: str) -> tuple[datetime, datetime] | None:
        """The start and the end that were sent, if they make sense by themselves."""
        typed = forms.Form({name: data.get(f"{prefix}-{name}", "") for name in ("day", "starts", "ends")})
        typed.fields = {"day": Day(""), "starts": _clock(""), "ends": _clock("")}
        if not typed.is_valid():
            return None
        found = typed.cleaned_data
        return at(found["day"], found["starts"]), at(found["day"], found["ends"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("include"):
            for name in list(self.errors):
                del self.errors[name]
        elif self.proposal.times and data.get("based_on") != self.proposal.times[0].isoformat():
            # What is shown next time are the steps of the new date.
            self.data = self._with_steps(self.data, self.proposal)
            self.add_error(None, _("The date was changed: the steps have been worked out anew. Look, and save again."))
        return data

    def plan(self) -> Plan:
        """What was filled in, for the operation. A step without a clock time of its own ends with its day."""
        shown = {step.kind: step.due_at for step in self.proposal.steps}
        return self._plan(
            outside_quarter_because=self.cleaned_data["outside_quarter_because"],
            steps={kind: _moment(self.cleaned_data[f"step_{kind}"], due_at) for kind, due_at in shown.items()},
        )

    def refuse(self, field: str, error: DomainError) -> None:
        """Show what an operation refused beside the field it concerns."""
        names = {"starts_at": "day", "ends_at": "ends"}
        name = names.get(field, field if field in self.fields else f"step_{field}")
        add_to_form(self, DomainError(error.message, field=name))


def _moment(day: date | None, proposed: datetime) -> datetime | None:
    if day is None:
        return None
    return proposed if day == local_day(proposed) else end_of(day)


class CallForm(PlanForm):
    """An extraordinary meeting: when, who, what is left out, and whether it is announced at once."""

    body = forms.ModelChoiceField[Body](None, label=_("Body"))
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    chosen_only = forms.BooleanField(
        label=_("Only the people chosen below"),
        required=False,
        help_text=_("Whoever is not chosen does not learn of the meeting, nor that there is one."),
    )
    people = PeopleField(None, label=_("People"), required=False)
    leave_out = forms.MultipleChoiceField(
        label=_("Steps left out"), choices=DeadlineKind.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    announce_now = forms.BooleanField(
        label=_("Announce it now, urgently"),
        required=False,
        help_text=_("Letters go at once, at night and on holidays too, and wait for nobody's release."),
    )
    field_order = (
        "body", "title", "day", "starts", "ends", "mode", "venue", "chosen_only", "people", "leave_out",
        "waive_because", "announce_now",
    )  # fmt: skip

    def __init__(self, *args: Any, who: Standing, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = visible_to(who, Body.objects.filter(pk__in=who.secretariat_of))
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]
        self.fields["body"].initial = bodies.first()
        self.fields["people"].queryset = _at_some_table(who)  # type: ignore[attr-defined]
        in_hours = Meeting.Kind.EXTRAORDINARY
        templates = visible_to(who, DeadlineTemplate.objects.filter(body__in=bodies, meeting_kind=in_hours))
        used = set(templates.values_list("kind", flat=True))
        offered = [(kind.value, kind.label) for kind in DeadlineKind if kind in used]
        self.fields["leave_out"].choices = offered  # type: ignore[attr-defined]
        soon = (now + timedelta(hours=3)).astimezone(SEOUL).replace(minute=0, second=0, microsecond=0)
        # A meeting ends on the day it begins.
        end = min(soon + timedelta(hours=1), soon.replace(hour=23, minute=59))
        self.initial = {"day": soon.date(), "starts": soon.time(), "ends": end.time()}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("chosen_only") and not data.get("people"):
            self.add_error("people", _("Choose who is to come."))
        if data.get("people") and not data.get("chosen_only"):
            self.add_error("chosen_only", _("Tick this if only the chosen people are to come; else choose nobody."))
        return data

    def only(self) -> list[Person] | None:
        """The chosen people, or None for everyone seated."""
        return list(self.cleaned_data["people"]) if self.cleaned_data["chosen_only"] else None

    def plan(self) -> Plan:
        return self._plan(title=self.cleaned_data["title"], steps=dict.fromkeys(self.cleaned_data["leave_out"], None))


def _at_some_table(who: Standing) -> Any:
    """Everybody who holds a seat on one of the bodies the secretary runs or on one related to them."""
    seats = visible_to(who, Seat.objects.valid_on(who.on).filter(body__in=who.community, role__in=AT_THE_TABLE))
    people = visible_to(who, Person.objects.filter(pk__in=seats.values("person")))
    return people.select_related("organisation").order_by("organisation", "name_ko", "pk")
