"""A meeting's agenda: its items one by one, and the board on which they are put in order."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.admin.base import ReasonForm, RegisterAdmin, ScopedInline, Verb
from council.admin.filters import PillarFilter
from council.admin.labels import LABEL_VERBS, READERS_VERB
from council.core.actor import Actor
from council.core.errors import DomainError
from council.core.labels import Label, choices_of
from council.meetings.models import AgendaItem, AgendaSection, Meeting, StandingItem
from council.meetings.operations import agenda, proposals
from council.meetings.states import AGENDA_ITEM, PLANNED, AgendaItemState
from council.overview.agenda import agenda_board
from council.web import gate
from council.workflows.escalate_to_council import Raised, escalate_to_council, reconfirm


class AgendaLineForm(forms.ModelForm[AgendaItem]):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "label" in self.fields:
            # From then on it changes by release and tightening, with a reason.
            self.fields["label"].disabled = True


class PlannedInline(ScopedInline):
    """Rows of a meeting that are added and changed until it begins."""

    fk_name = "meeting"

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return (obj is None or obj.state in PLANNED) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return (obj is None or obj.state in PLANNED) and super().has_change_permission(request, obj)


class AgendaInline(PlannedInline):
    model = AgendaItem
    form = AgendaLineForm
    fields = ("position", "kind", "title", "commitment", "pillar", "presenter", "duration", "label", "owner", "state")
    readonly_fields = ("state",)
    ordering = ("position", "id")
    show_change_link = True


class OpinionForm(forms.Form):
    opinion = forms.CharField(
        label=_("What was found"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever sees the item reads it. For example: no prices, output or terms of trade are exchanged."),
    )  # fmt: skip


class RaiseForm(forms.Form):
    title = forms.CharField(label=_("Title, as the council reads it"), max_length=200)
    background = forms.CharField(
        label=_("Background"), required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Nothing of the group's own text goes along: write what the council may read."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), choices=AgendaItem.Kind.choices, initial=AgendaItem.Kind.REPORT)
    duration = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=600, initial=10)
    label = forms.ChoiceField(
        label=_("Label"),
        choices=choices_of(label for label in Label if label.width >= 2),
        initial=Label.AMBER,
    )


def _into_form(item: AgendaItem, who: Standing) -> type[forms.Form]:
    others = visible_to(who, AgendaItem.objects.filter(meeting=item.meeting_id, state=AgendaItemState.ACCEPTED))

    class IntoForm(forms.Form):
        into = forms.ModelChoiceField(others.exclude(pk=item.pk), label=_("Item that stands for it"))

    return IntoForm


def _withdraw(item: AgendaItem, by: Actor, data: dict[str, Any]) -> None:
    agenda.withdraw_agenda_item(item, by=by, reason=data["reason"])


def _accept(item: AgendaItem, by: Actor, data: dict[str, Any]) -> None:
    proposals.accept_item(item, by=by)


def _return(item: AgendaItem, by: Actor, data: dict[str, Any]) -> None:
    proposals.return_item(item, by=by, reason=data["reason"])


def _merge(item: AgendaItem, by: Actor, data: dict[str, Any]) -> None:
    proposals.merge_item(item, by=by, into=data["into"])


def _check(item: AgendaItem, by: Actor, data: dict[str, Any]) -> None:
    proposals.note_competition_check(item, by=by, opinion=data["opinion"], now=timezone.now())


def _raise(item: AgendaItem, by: Actor, data: dict[str, Any]) -> str:
    new = escalate_to_council(item, by=by, raised=Raised(**data))
    return gettext("It stands on the agenda of %(meeting)s, as provisional.") % {"meeting": new.meeting.name}


def _reconfirm(item: AgendaItem, by: Actor, data: dict[str, Any]) -> None:
    reconfirm(item, by=by)


def _leads_to(state: str) -> Any:
    return lambda item: state in AGENDA_ITEM[item.state] and item.meeting.state in PLANNED


def _stands(item: AgendaItem) -> bool:
    return item.state == AgendaItemState.ACCEPTED and item.meeting.state in PLANNED


def _can_be_raised(item: AgendaItem) -> bool:
    return item.state == AgendaItemState.ACCEPTED and item.meeting.body.parent_id is not None


@admin.register(AgendaItem)
class AgendaItemAdmin(RegisterAdmin):
    list_display = ("title", "meeting", "position", "kind", "commitment", "owner", "label", "late", "state")
    list_filter = (PillarFilter, "owner", "kind", "state", "late")
    list_select_related = ("meeting", "commitment", "owner")
    search_fields = ("title", "background")
    fields = (
        "meeting", "section", "kind", "title", "background", "commitment", "pillar", "presenter", "duration",
        "consent", "label", "readers", "owner", "state", "late", "proposed_at", "returned_because", "merged_into",
        "competition_checked_by", "competition_checked_at", "competition_opinion", "provisional",
        "carried_from", "about_meeting", "result",
    )  # fmt: skip
    readonly_fields = (
        "readers", "state", "late", "proposed_at", "returned_because", "merged_into", "competition_checked_by",
        "competition_checked_at", "competition_opinion", "provisional", "carried_from",
        "about_meeting", "result",
    )  # fmt: skip
    verbs = (
        Verb(
            "accept", _("Put it on the agenda"), _accept,
            lambda item: item.state == AgendaItemState.PROPOSED and item.meeting.state in PLANNED,
            _("It goes to the end of the agenda; its owner is told by e-mail."),
        ),
        Verb(
            "return", _("Return for completion"), _return, _leads_to(AgendaItemState.RETURNED),
            _("The owner is told by e-mail and can hand it in again."), ReasonForm,
        ),
        Verb(
            "merge", _("Merge into another item"), _merge, _leads_to(AgendaItemState.WITHDRAWN),
            _("It stays in the record; its owner is told by e-mail which item stands for it."), form_for=_into_form,
        ),
        Verb("check_competition", _("Check competition law"), _check, _stands, form=OpinionForm),
        Verb(
            "raise", _("Raise to the council"), _raise, _can_be_raised,
            _("It stands on the next agenda of the body above as provisional, linked with this item."), RaiseForm,
        ),
        Verb(
            "reconfirm", _("Confirm the provisional item"), _reconfirm,
            lambda item: item.provisional and item.meeting.state in PLANNED,
            _("The approved minutes of the working group bear it out."),
        ),
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

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "section" and field is not None:
            item = request.resolver_match.kwargs.get("object_id")
            field.queryset = gate.rows(request, AgendaSection.objects.filter(meeting__agenda_items=item or 0))
        return field

    def keep(self, row: AgendaItem, *, by: Actor, form: Any, is_new: bool) -> None:
        agenda.save_agenda_item(row, by=by)


@admin.register(StandingItem)
class StandingItemAdmin(RegisterAdmin):
    list_display = ("title", "body", "position", "kind", "duration", "about", "last")
    list_filter = ("body",)
    list_select_related = ("body",)


class AgendaBoard:
    """Mixed into the pages of meetings: the agenda as a timetable, put in order by buttons or by dragging."""

    admin_site: Any
    opts: Any

    def agenda_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.agenda_view)
        return [path("<path:object_id>/agenda/", page, name="council_meeting_agenda")]

    def agenda_view(self, request: Any, object_id: str) -> HttpResponse:
        meeting = gate.fetch(request, Meeting.objects.select_related("body"), action="arrange", pk=object_id)
        if request.method == "POST":
            try:
                self._arrange(request, meeting)
            except DomainError as error:
                messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:council_meeting_agenda", args=[meeting.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Agenda"),
            "meeting": meeting,
            "board": agenda_board(request.standing, meeting),
            "open_now": meeting.state in PLANNED,
        }
        return render(request, "admin/council/agenda_board.html", context)

    @staticmethod
    def _arrange(request: Any, meeting: Meeting) -> None:
        """One button, one operation."""
        sent, by = request.POST, request.actor
        items = gate.rows(request, AgendaItem.objects.filter(meeting=meeting))
        sections = gate.rows(request, AgendaSection.objects.filter(meeting=meeting))
        if (pk := sent.get("up") or sent.get("down")) and pk.isdecimal():
            agenda.move_item(gate.fetch(request, items, pk=pk), by=by, up="up" in sent)
        elif "new_section" in sent:
            agenda.save_section(AgendaSection(meeting=meeting, title=sent.get("title", "")[:100]), by=by)
        elif (pk := sent.get("remove_section", "")).isdecimal():
            agenda.remove_section(gate.fetch(request, sections, action="delete", pk=pk), by=by)
        elif "sections" in sent:
            chosen = {str(section.pk): section for section in sections}
            with transaction.atomic():
                for item in items.select_related("commitment", "section"):
                    section = chosen.get(sent.get(f"section-{item.pk}", ""))
                    if f"section-{item.pk}" in sent and section != item.section:
                        item.section = section
                        agenda.save_agenda_item(item, by=by)
        elif order := [int(pk) for pk in sent.get("order", "").split(",") if pk.isdecimal()]:
            agenda.reorder_agenda(meeting, by=by, item_ids=order)
