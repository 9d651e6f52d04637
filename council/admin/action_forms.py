"""The forms of what the secretariat does to action items."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from council.access.roles import Standing
from council.actions.models import ActionItem
from council.actions.queries import check_points
from council.web.fields import LongText, ManyFilesField


class JudgementForm(forms.Form):
    """With the points of the checklist that count for the item's body."""

    met = forms.TypedMultipleChoiceField(
        label=_("Checklist: what is met"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is ticked, and what is not, is kept with the answer and shown to the owner."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["met", "comment"])


def _judging(form: type[JudgementForm], action: ActionItem) -> type[JudgementForm]:
    points = [(point.pk, point.text) for point in check_points(action)]

    class Offered(form):  # type: ignore[misc, valid-type]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            if points:
                self.fields["met"].choices = points
            else:
                del self.fields["met"]

    return Offered


class VerifyForm(JudgementForm):
    comment = LongText(_("Comment"), rows=4, longest=4000)


class ReturnForm(JudgementForm):
    comment = LongText(_("What is missing"), rows=4, longest=4000, required=True)


def verify_form(action: ActionItem, who: Standing) -> type[forms.Form]:
    return _judging(VerifyForm, action)


def return_form(action: ActionItem, who: Standing) -> type[forms.Form]:
    return _judging(ReturnForm, action)


class EnterForm(forms.Form):
    """What came by letter, entered for the owner."""

    received = forms.CharField(
        label=_("Received as"),
        max_length=200,
        help_text=_("How it came: the letter's number and day, for example. It is shown with the report."),
    )
    percent = forms.IntegerField(label=_("Progress (%)"), min_value=0, max_value=100)
    text = LongText(_("What was done"), rows=6, longest=10_000, required=True)
    uploads = ManyFilesField(label=_("The letter and evidence: files"))


class CommentForm(forms.Form):
    text = LongText(_("Comment"), rows=5, longest=4000, required=True)


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class RefusalForm(forms.Form):
    answer = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
