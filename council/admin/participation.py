"""Who is asked to a meeting, delegates that wait for confirmation, and who was there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.admin.agenda import PlannedInline
from council.admin.base import ReasonForm, RegisterAdmin, Verb
from council.core.actor import Actor
from council.core.errors import DomainError
from council.meetings.models import AgendaItem, Meeting, Participation
from council.meetings.operations.delegation import confirm_delegate, refuse_delegate
from council.meetings.operations.participation import keep_participation, record_attendance, withdraw_invitation
from council.meetings.states import BEGUN, PLANNED
from council.overview.attendance import attendance_history
from council.parties.models import Body
from council.web import gate
from council.web.errors import add_to_form

COLUMNS = ("person", "capacity", "presides", "item", "rsvp", "delegate", "attendance")
SAID_ELSEWHERE = ("rsvp", "delegate", "attendance")


class ParticipationInline(PlannedInline):
    """On the meeting's page: who is asked, and more who can be."""

    model = Participation
    fields = COLUMNS
    readonly_fields = SAID_ELSEWHERE
    autocomplete_fields = ("person",)
    show_change_link = True
    can_delete = False

    def get_queryset(self, request: Any) -> Any:
        return (
            super()
            .get_queryset(request)
            .filter(withdrawn_because="")
            .select_related("person__organisation", "delegate")
        )

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "item":
            meeting = request.resolver_match.kwargs.get("object_id")
            kwargs["queryset"] = gate.rows(request, AgendaItem.objects.filter(meeting=meeting))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def _confirm(row: Participation, by: Actor, data: dict[str, Any]) -> None:
    confirm_delegate(row, by=by, now=timezone.now())


def _refuse(row: Participation, by: Actor, data: dict[str, Any]) -> None:
    refuse_delegate(row, by=by, reason=data["reason"], now=timezone.now())


def _withdraw(row: Participation, by: Actor, data: dict[str, Any]) -> None:
    withdraw_invitation(row, by=by, reason=data["reason"])


@admin.register(Participation)
class ParticipationAdmin(RegisterAdmin):
    list_display = ("person", "organisation", "meeting", "capacity", "rsvp", "delegate", "attendance")
    list_filter = ("organisation", "rsvp", "attendance", "capacity")
    list_select_related = ("person", "organisation", "meeting", "delegate")
    search_fields = ("person__name_ko", "person__name_en")
    fields = (
        "meeting", "person", "organisation", "position", "capacity", "presides", "item", "rsvp", "rsvp_note",
        "answered_at", "delegate", "letter", "delegation_confirmed_by", "delegation_confirmed_at",
        "delegation_ended_because", "attendance", "reason", "withdrawn_because",
    )  # fmt: skip
    verbs = (
        Verb(
            "confirm_delegate", _("Confirm the delegate"), _confirm, lambda row: row.awaits_confirmation,
            _("The delegate sees this meeting from now on; both sides are told by e-mail."),
        ),
        Verb(
            "refuse_delegate", _("Do not take the delegate"), _refuse,
            lambda row: bool(row.delegate_id) and not row.delegation_ended_because,
            _("The organisation is told by e-mail and reads the reason."), ReasonForm,
        ),
        Verb(
            "withdraw", _("Withdraw the invitation"), _withdraw,
            lambda row: not row.withdrawn_because and not row.attendance,
            _("The person is told by e-mail, and the meeting leaves their calendar."), ReasonForm,
        ),
    )  # fmt: skip

    @admin.display(description=_("letter of delegation"))
    def letter(self, row: Participation) -> Any:
        if row.delegation_letter is None:
            return "–"
        url = reverse("portal:file", args=[row.delegation_letter_id])
        return format_html('<a href="{}">{}</a>', url, row.delegation_letter.name)

    @admin.display(description=_("Position"))
    def position(self, row: Participation) -> str:
        return row.position

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return [name for name in self.fields or () if name not in {"capacity", "presides"}]

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return (obj is None or obj.meeting.state in PLANNED) and super().has_change_permission(request, obj)

    def keep(self, row: Participation, *, by: Actor, form: Any, is_new: bool) -> None:
        keep_participation(row, by=by, now=timezone.now())

    # --- The list of those present ----------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        name = "council_participation_attendance"
        history = path("history/", wrap(self.record_view), name="council_participation_record")
        attendance = path("attendance/<path:object_id>/", wrap(self.attendance_view), name=name)
        return [history, attendance, *super().get_urls()]

    def record_view(self, request: Any) -> HttpResponse:
        """Who came to the last meetings, by organisation."""
        gate.require(request, "browse", Participation)
        bodies = gate.rows(request, Body.objects.filter(pk__in=request.standing.secretariat_of))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Attendance record"),
            "histories": [attendance_history(request.standing, body) for body in bodies],
        }
        return render(request, "admin/council/attendance_record.html", context)

    def attendance_view(self, request: Any, object_id: str) -> HttpResponse:
        """Everybody asked, one touch each; those who are away with their reason."""
        gate.require(request, "browse", Participation)
        meeting = gate.fetch(request, Meeting.objects.select_related("body"), action="attendance", pk=object_id)
        rows = gate.rows(request, Participation.objects.asked().filter(meeting=meeting))
        places = list(rows.select_related("person", "organisation", "delegate"))
        sent = request.POST if request.method == "POST" else None
        lines = [(row, AttendanceForm(sent, row=row)) for row in places]
        if sent is not None and _all_valid(form for _row, form in lines) and self._kept(request, lines):
            messages.success(request, gettext("The attendance has been recorded."))
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Attendance"),
            "meeting": meeting,
            "lines": lines,
            "open_now": meeting.state in BEGUN,
        }
        wrong = any(form.errors for _row, form in lines)
        return render(request, "admin/council/attendance.html", context, status=422 if wrong else 200)

    @staticmethod
    def _kept(request: Any, lines: list[tuple[Participation, AttendanceForm]]) -> bool:
        """All of it or nothing; only what differs from what the page showed, so that two can tap at once."""
        with transaction.atomic():
            for row, form in lines:
                if not form.has_changed():
                    continue
                said = form.cleaned_data
                try:
                    record_attendance(row, by=request.actor, attendance=said["attendance"], reason=said["reason"])
                except DomainError as error:
                    add_to_form(form, error)
                    transaction.set_rollback(True)
                    return False
        return True


def _all_valid(found: Iterable[forms.Form]) -> bool:
    """Each is looked at, so that every fault is shown at once."""
    return min([form.is_valid() for form in found], default=True)


class AttendanceForm(forms.Form):
    attendance = forms.ChoiceField(
        label=_("Attendance"),
        choices=[*Participation.Attendance.choices, ("", _("not recorded"))],
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    # What the page showed: whatever differs from it is what this reader decided.
    shown_attendance = forms.CharField(widget=forms.HiddenInput, required=False)
    shown_reason = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, row: Participation) -> None:
        initial = {
            "attendance": row.attendance,
            "reason": row.reason,
            "shown_attendance": row.attendance,
            "shown_reason": row.reason,
        }
        super().__init__(data, prefix=str(row.pk), initial=initial)
        if not row.has_confirmed_delegate:
            proxy = Participation.Attendance.BY_PROXY
            self.fields["attendance"].choices = [  # type: ignore[attr-defined]
                choice
                for choice in self.fields["attendance"].choices  # type: ignore[attr-defined]
                if choice[0] != proxy
            ]

    def has_changed(self) -> bool:
        said = self.cleaned_data
        return (said["attendance"], said["reason"]) != (said["shown_attendance"], said["shown_reason"])
