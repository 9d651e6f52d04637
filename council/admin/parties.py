"""Organisations, people, bodies, seats, accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.forms import DateField, DateInput, Form, ModelChoiceField, ModelForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.admin.base import ReasonForm, RegisterAdmin, ScopedInline, Verb
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.reach import within_reach
from council.parties.models import Body, BodyRules, Organisation, Person, Seat, User
from council.parties.operations import end_seat, keep_person
from council.web import second_factor
from council.workflows.give_access import change_account, invite, open_account, reset_second_factor, send_link
from council.workflows.succeed_seat import succeed_seat


@admin.register(Organisation)
class OrganisationAdmin(RegisterAdmin):
    list_display = ("code", "kind", "name_ko", "name_en")
    list_filter = ("kind",)
    search_fields = ("code", "name_ko", "name_en")


class SeatInline(ScopedInline):
    model = Seat
    fk_name = "person"
    fields = ("body", "role", "acting", "starts_on", "ends_on")


def _invite(person: Person, by: Actor, data: dict[str, Any]) -> None:
    invite(person, by=by)


def _has_no_password(person: Person) -> bool:
    user = getattr(person, "user", None)
    return bool(person.email) and (user is None or (user.is_active and not user.has_usable_password()))


@admin.register(Person)
class PersonAdmin(RegisterAdmin):
    list_display = ("name_ko", "organisation", "position_ko", "email")
    list_filter = ("organisation",)
    list_select_related = ("organisation",)
    search_fields = ("name_ko", "name_en", "email")
    inlines = (SeatInline,)
    verbs = (
        Verb(
            "invite",
            _("Invite"),
            _invite,
            _has_no_password,
            _("Opens an account with the person's address. A letter with a link to choose a password goes there."),
        ),
    )

    def keep(self, row: Person, *, by: Actor, form: Any, is_new: bool) -> None:
        keep_person(row, by=by, today=local_day(timezone.now()))


class RulesInline(ScopedInline):
    model = BodyRules


@admin.register(Body)
class BodyAdmin(RegisterAdmin):
    list_display = ("code", "name_ko", "parent", "cadence")
    list_select_related = ("parent",)
    inlines = (RulesInline,)

    def get_readonly_fields(self, request: Any, obj: Body | None = None) -> Any:
        """What the public is told is decided by who runs the body, not by who merely keeps the register."""
        runs = obj is not None and obj.pk in request.standing.secretariat_of
        return () if runs else ("public_progress",)


class EndSeatForm(forms.Form):
    on = forms.DateField(
        label=_("last day"), widget=forms.DateInput(attrs={"type": "date"}), required=False, validators=[within_reach]
    )
    at_once = forms.BooleanField(label=_("At once: access ends now, not with the day"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "on" not in self.errors and bool(data.get("on")) == bool(data.get("at_once")):
            self.add_error("on", _("Name the last day, or choose “at once”."))
        return data


def _end(seat: Seat, by: Actor, data: dict[str, Any]) -> None:
    end_seat(seat, by=by, on=data["on"] or local_day(timezone.now()), at_once=data["at_once"])


def _has_not_ended(seat: Seat) -> bool:
    return not seat.cut_short and (seat.ends_on is None or seat.ends_on >= local_day(timezone.now()))


def _successor_form(seat: Seat, who: Standing) -> type[Form]:
    colleagues = visible_to(who, Person.objects.filter(organisation=seat.person.organisation_id))

    class SuccessorForm(Form):
        successor = ModelChoiceField(colleagues.exclude(pk=seat.person_id), label=_("Successor"))
        on = DateField(
            label=_("From"), initial=local_day(timezone.now()), widget=DateInput(attrs={"type": "date"}),
            validators=[within_reach],
        )  # fmt: skip

    return SuccessorForm


def _succeed(seat: Seat, by: Actor, data: dict[str, Any]) -> None:
    succeed_seat(seat, by=by, now=timezone.now(), **data)


class SeatForm(ModelForm[Seat]):
    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        person = data.get("person")
        if person and any(one.organisation_id != person.organisation_id for one in data.get("office_contacts", ())):
            self.add_error("office_contacts", _("A copy of what is sent to somebody goes to colleagues only."))
        return data


@admin.register(Seat)
class SeatAdmin(RegisterAdmin):
    form = SeatForm
    list_display = ("person", "organisation", "body", "role", "acting", "starts_on", "ends_on")
    list_filter = ("body", "role", "person__organisation")
    list_select_related = ("person__organisation", "body")
    search_fields = ("person__name_ko", "person__name_en", "person__email")
    autocomplete_fields = ("person", "office_contacts")
    verbs = (
        Verb(
            "end",
            _("End the seat"),
            _end,
            _has_not_ended,
            _("What the person could see through this seat is no longer visible from the day after."),
            EndSeatForm,
        ),
        Verb(
            "succeed",
            _("Pass the seat on"),
            _succeed,
            _has_not_ended,
            _("Open invitations with their delegations, action items and the place as an office contact pass on."),
            form_for=_successor_form,
        ),
    )

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        return {"starts_on": local_day(timezone.now())} | super().get_changeform_initial_data(request)

    @admin.display(description=_("organisation"), ordering="person__organisation")
    def organisation(self, seat: Seat) -> Organisation:
        return seat.person.organisation


def _send_link(user: User, by: Actor, data: dict[str, Any]) -> None:
    send_link(user, by=by)


def _reset_second_factor(user: User, by: Actor, data: dict[str, Any]) -> None:
    reset_second_factor(user, by=by, reason=data["reason"])


@admin.register(User)
class AccountAdmin(RegisterAdmin):
    """Accounts: an address, a person, a language. What they may do follows from the person's seats.

    Nobody sets somebody else's password: a new account is invited, and a forgotten password is chosen anew by a link.
    """

    ordering = ("email",)
    list_display = ("email", "person", "language", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", "person__organisation")
    list_select_related = ("person",)
    search_fields = ("email", "person__name_ko", "person__name_en")
    autocomplete_fields = ("person",)
    readonly_fields = ("last_login",)
    fieldsets = (
        (None, {"fields": ("email", "person", "language")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser", "last_login")}),
    )
    verbs = (
        Verb(
            "send_link",
            _("Send a new link"),
            _send_link,
            lambda user: user.is_active,
            _("A letter with a link to choose a password goes to the account's address; you do not see the link."),
        ),
        Verb(
            "reset_second_factor",
            _("Reset the second factor"),
            _reset_second_factor,
            lambda user: second_factor.enrolled(user),
            _("All sessions of the account end, and its person is told by letter. Be sure who has asked for it."),
            ReasonForm,
        ),
    )

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        new = ((None, {"fields": ("email", "person", "language", "is_staff")}),)
        return super().get_fieldsets(request, obj) if obj else new

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm[Any]]:
        """A new account is somebody's: the invitation goes to them."""
        form_class = super().get_form(request, obj, change=change, **kwargs)
        if not change and "person" in form_class.base_fields:
            form_class.base_fields["person"].required = True
        return form_class

    def keep(self, row: User, *, by: Actor, form: Any, is_new: bool) -> None:
        """A new account is invited."""
        if is_new:
            open_account(row, by=by)
            return
        change_account(row, by=by)
