"""What asking organisations about their words looks like in the administration, whatever is asked about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from council.admin.base import ReadOnlyAdmin, Verb
from council.admin.mail import ReadOnlyInline
from council.core.actor import Actor
from council.core.calendar import BusinessCalendar
from council.core.errors import Text
from council.core.reach import within_reach
from council.minutes.models.opinion import AskedOpinion
from council.minutes.operations.opinions import names_of
from council.parties.models import Organisation

# How long those asked have, to begin with: business days. Never less than the three days of the law.
USUAL_TIME_TO_ANSWER = 5
SAID = ("organisation", "answer", "text", "at", "followed", "reply")


class AskForm(forms.Form):
    """Until when, and how those are asked for whom nobody here could answer."""

    until = forms.DateField(
        label=_("Opinions until the end of"),
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[within_reach],
    )
    on_paper = forms.CharField(label=_("Asked on paper"), required=False, max_length=300)

    def ask_from(self, today: date, *, silent: Sequence[Organisation]) -> None:
        self.fields["until"].initial = BusinessCalendar.load().shift(today, USUAL_TIME_TO_ANSWER)
        if silent:
            said = _("Nobody here can answer for %(names)s: the number and day of the letter by which they are asked.")
            self.fields["on_paper"].help_text = said % {"names": names_of(silent)}
        else:
            self.fields["on_paper"].widget = forms.HiddenInput()


class ReplyForm(forms.Form):
    reply = forms.CharField(label=_("Reply"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


def deciding(decide: Callable[..., None], *, follow: Text, decline: Text) -> tuple[Verb, ...]:
    """The two answers to an objection, each with what it means."""

    def run(is_followed: bool) -> Callable[[AskedOpinion, Actor, dict[str, Any]], None]:
        return lambda opinion, by, data: decide(opinion, by=by, now=timezone.now(), follow=is_followed, **data)

    return tuple(
        Verb(name, label, run(is_followed), lambda one: one.is_undecided, meaning, ReplyForm)
        for name, label, is_followed, meaning in (
            ("follow", _("Follow the objection"), True, follow),
            ("decline", _("Do not follow the objection"), False, decline),
        )
    )


class AskedInline(ReadOnlyInline):
    fields = readonly_fields = SAID
    show_change_link = True


class AskedAdmin(ReadOnlyAdmin):
    """``about``: the column of what was asked about."""

    about = ""
    list_filter = ("organisation", "answer")

    def get_list_display(self, request: Any) -> Any:
        return (self.about, "organisation", "answer", "at", "followed")

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        organisation, answer, text, at, followed, reply = SAID
        return (
            self.about, organisation, answer, text, "by", at, followed, reply, "decided_by", "decided_at",
        )  # fmt: skip
