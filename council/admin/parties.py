"""Organisations, people, bodies, seats, accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from council.admin.base import RegisterAdmin, ScopedInline, Verb
from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.parties.models import Body, BodyRules, Organisation, Person, Seat, User
from council.parties.operations import end_seat


@admin.register(Organisation)
class OrganisationAdmin(RegisterAdmin):
    list_display = ("code", "kind", "name_ko", "name_en")
    list_filter = ("kind",)
    search_fields = ("code", "name_ko", "name_en")


class SeatInline(ScopedInline):
    model = Seat
    fk_name = "person"
    fields = ("body", "role", "acting", "starts_on", "ends_on")


@admin.register(Person)
class PersonAdmin(RegisterAdmin):
    list_display = ("name_ko", "organisation", "position_ko", "email")
    list_filter = ("organisation",)
    list_select_related = ("organisation",)
    search_fields = ("name_ko", "name_en", "email")
    inlines = (SeatInline,)


class RulesInline(ScopedInline):
    model = BodyRules


@admin.register(Body)
class BodyAdmin(RegisterAdmin):
    list_display = ("code", "name_ko", "parent", "cadence")
    list_select_related = ("parent",)
    inlines = (RulesInline,)


class EndSeatForm(forms.Form):
    on = forms.DateField(label=_("last day"), widget=forms.DateInput(attrs={"type": "date"}))


def _end(seat: Seat, by: Actor, data: dict[str, Any]) -> None:
    end_seat(seat, by=by, on=data["on"])


@admin.register(Seat)
class SeatAdmin(RegisterAdmin):
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
            lambda seat: seat.ends_on is None or seat.ends_on > local_day(timezone.now()),
            _("What the person could see through this seat is no longer visible from the day after."),
            EndSeatForm,
        ),
    )

    @admin.display(description=_("organisation"), ordering="person__organisation")
    def organisation(self, seat: Seat) -> Organisation:
        return seat.person.organisation


class AccountForm(UserChangeForm[User]):
    class Meta:
        model = User
        fields = "__all__"


class NewAccountForm(AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("email", "person", "language", "is_staff")


@admin.register(User)
class AccountAdmin(RegisterAdmin, UserAdmin[User]):
    """Accounts: an address, a person, a language. What they may do follows from the person's seats."""

    form = AccountForm
    add_form = NewAccountForm
    ordering = ("email",)
    list_display = ("email", "person", "language", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", "person__organisation")
    list_select_related = ("person",)
    search_fields = ("email", "person__name_ko", "person__name_en")
    autocomplete_fields = ("person",)
    filter_horizontal = ()
    readonly_fields = ("last_login",)
    fieldsets = (
        (None, {"fields": ("email", "password", "person", "language")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser", "last_login")}),
    )

    def user_change_password(self, request: Any, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 - Django's
        """Set a password; that it was set is written down with it."""
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == 302:
                user = self.get_object(request, unquote(id))
                audit.record(by=request.actor, verb="user.password_set", target=user)
        return response

    add_fieldsets = (
        (None, {"fields": ("email", "person", "language", "is_staff", "usable_password", "password1", "password2")}),
    )
