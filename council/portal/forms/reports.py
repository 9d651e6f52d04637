"""Writing a report on a commitment, and judging it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.core.errors import DomainError
from council.declaration.models import Indicator
from council.reports.figures import parse_value
from council.reports.operations.contributing import LONGEST_TEXT
from council.reports.states import Rating
from council.web.fields import MAY_BE_ATTACHED, LongText, ManyFilesField

DRAFT, SUBMIT = "save_draft", "submit_report"
ACCEPT, RETURN = "accept", "return"
RATINGS = [(rating.value, rating.label) for rating in Rating]


class FigureField(forms.CharField):
    """One figure as people type it; empty where it is not known. Words are refused, never guessed at."""

    def __init__(self, unit: str, **options: Any) -> None:
        super().__init__(required=False, max_length=40, **options)
        self.unit = unit

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return parse_value(typed, unit=self.unit)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


class FiguresForm(forms.Form):
    """A form with a figure for each of some indicators; ``places`` names their fields."""

    def __init__(self, *args: Any, indicators: Sequence[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {f"value_{place}": one for place, one in enumerate(indicators, 1)}
        for name, indicator in self.places.items():
            unit = f" ({indicator.unit})" if indicator.unit else ""
            self.fields[name] = FigureField(
                indicator.unit,
                label=f"{indicator.name}{unit}",
                help_text=_("A figure such as 1,234.5; leave it empty if it is not known."),
            )

    @property
    def values(self) -> dict[int, Decimal | None]:
        return {indicator.pk: self.cleaned_data[name] for name, indicator in self.places.items()}


class ReportForm(FiguresForm):
    """Narrative, own rating, a figure for each indicator, evidence. A draft may lack any of it."""

    narrative = LongText(
        _("What was done in the quarter"),
        rows=10,
        longest=LONGEST_TEXT,
        help_text=_("State secrets must not be entered."),
    )
    self_rating = forms.ChoiceField(label=_("Own rating"), choices=RATINGS, required=False, widget=forms.RadioSelect)
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
        figures = [Fieldset(pgettext_lazy("of a report", "Figures"), *self.places)] if self.places else []
        self.helper.layout = Layout(
            Fieldset(_("Report"), "narrative", "self_rating", "seen"),
            *figures,
            Fieldset(_("Evidence"), "uploads", "url"),
        )
        if submits:
            self.helper.add_input(Submit(SUBMIT, _("Submit the report")))
        self.helper.add_input(Submit(DRAFT, _("Save draft"), css_class="btn-outline-primary"))


class JudgeForm(forms.Form):
    rating = forms.ChoiceField(
        label=_("The ministry's rating"),
        choices=RATINGS,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Needed to accept the report. It stands beside the organisation's own."),
    )
    comment = LongText(
        _("Comment"), rows=5, longest=4000, help_text=_("Needed to ask for completion: say what is missing.")
    )
    # Which submission was shown.
    submission = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "novalidate"}
        self.helper.add_input(Submit(ACCEPT, _("Accept the report")))
        self.helper.add_input(Submit(RETURN, _("Request completion"), css_class="btn-outline-primary"))
