"""Answering whether something may reach more readers."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

AGREE, DECLINE = "agree", "decline"


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Your answer"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=300,
        required=False,
        help_text=_("Needed if you do not agree. The ministry reads it."),
    )
    # Which state of the thing the answer is about.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "novalidate"}
        self.helper.add_input(Submit(AGREE, _("Agree to the release")))
        self.helper.add_input(Submit(DECLINE, _("Do not agree"), css_class="btn-outline-primary"))
