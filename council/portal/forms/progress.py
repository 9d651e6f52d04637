"""Reporting progress on an action item."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from council.core.labels import Label
from council.web.fields import MAY_BE_ATTACHED, ManyFilesField

DRAFT, SUBMIT = "save_draft", "submit_progress"


class ProgressForm(forms.Form):
    percent = forms.IntegerField(
        label=_("Progress (%)"),
        min_value=0,
        max_value=100,
        error_messages={
            "min_value": _("A percentage lies between 0 and 100."),
            "max_value": _("A percentage lies between 0 and 100."),
            "invalid": _("Write a whole number between 0 and 100."),
        },
    )
    text = forms.CharField(
        label=_("What was done"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=10_000,
        help_text=_("State secrets must not be entered."),
    )
    label = forms.ChoiceField(
        label=_("Label"),
        choices=[(Label.AMBER_STRICT, Label.AMBER_STRICT)],
        initial=Label.AMBER_STRICT,
        help_text=_("TLP:AMBER+STRICT: the ministry and your organisation only."),
    )
    uploads = ManyFilesField(label=_("Evidence: files"), help_text=MAY_BE_ATTACHED)
    url = forms.URLField(
        label=_("Evidence: address"), required=False, max_length=500, help_text=_("A public page that shows it.")
    )

    # Which state of the draft it was written over.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, submits: bool = True, **kwargs: Any) -> None:
        """``submits``: hands in by itself; else it keeps a draft, which leaves once it was cleared."""
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "novalidate"}
        self.helper.layout = Layout(
            Fieldset(_("Progress report"), "percent", "text", "label", "seen"),
            Fieldset(_("Evidence"), "uploads", "url"),
        )
        if submits:
            self.helper.add_input(Submit(SUBMIT, _("Submit progress")))
        self.helper.add_input(Submit(DRAFT, _("Save draft"), css_class="btn-outline-primary"))
