"""What an organisation does inside before it hands anything in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from council.overview.preparing import Prepared
from council.parties.models import Person
from council.portal.forms.layout import laid_out
from council.portal.forms.reports import FiguresForm
from council.reports.operations.contributing import LONGEST_PART
from council.web.fields import MAY_BE_ATTACHED, Day, LongText, ManyFilesField

ON_PAPER, IN_SYSTEM = "on_paper", "in_system"
CLEAR, REFUSE = "clear", "refuse"


class Things(forms.MultipleChoiceField):
    """Reports and action items out of what is prepared, all of them ticked at first."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, error_messages={"required": _("Choose at least one.")})

    def of(self, rows: Sequence[Prepared]) -> None:
        self.choices = [(row.key, row.name) for row in rows]
        self.initial = [row.key for row in rows]


class ThingsForm(forms.Form):
    def __init__(self, *args: Any, rows: Sequence[Prepared], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        things: Any = self.fields["things"]
        things.of(rows)


class AskPartsForm(ThingsForm):
    things = Things(_("On what"))
    contributor = forms.ModelChoiceField[Person](None, label=_("Contributor"))
    due_on = Day(_("By when"))
    asked = LongText(
        _("What is asked for"), rows=4, longest=2000, help_text=_("For example which figures, or what about.")
    )

    def __init__(self, *args: Any, contributors: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["contributor"]
        field.queryset = contributors
        self.fields["things"].initial = []
        self.helper = laid_out("ask", _("Ask for their part"))


class ClearForm(ThingsForm):
    things = Things(_("What is put forward"))
    approver = forms.ModelChoiceField[Person](None, label=_("Executive"))
    note = LongText(_("Note to the executive"), rows=3, longest=2000)
    document = forms.CharField(
        label=_("Signed on paper as"),
        required=False,
        max_length=200,
        help_text=_("Only if it was signed on paper: the number and day of the document in your own register."),
    )
    scan = forms.FileField(label=_("Signed paper"), required=False, help_text=_("A scan, if you keep one here."))

    def __init__(self, *args: Any, executives: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["approver"]
        field.queryset = executives
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "novalidate"}
        self.helper.add_input(Submit(IN_SYSTEM, _("Put it before the executive")))
        self.helper.add_input(Submit(ON_PAPER, _("Enter the signed paper"), css_class="btn-outline-primary"))


class SubmitBatchForm(ThingsForm):
    things = Things(_("What is handed in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("submit", _("Hand these in"))


class PartForm(FiguresForm):
    text = LongText(
        _("Your department's part"), rows=8, longest=LONGEST_PART, help_text=_("State secrets must not be entered.")
    )
    uploads = ManyFilesField(label=_("Files"), help_text=MAY_BE_ATTACHED)

    # Which state of the part it was written over.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["text", *self.places, "uploads"])
        self.helper = laid_out("give", _("Give your part"))


class SheetForm(forms.Form):
    upload = forms.FileField(label=_("Table (XLSX)"), help_text=_("As it was filled in by the department."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("take_in", _("Take it in"))


class AnswerForm(forms.Form):
    comment = LongText(
        _("Comment"), rows=4, longest=2000, help_text=_("Needed if it is not cleared: say what is to be changed.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "novalidate"}
        self.helper.add_input(Submit(CLEAR, _("Clear it")))
        self.helper.add_input(Submit(REFUSE, _("Do not clear it"), css_class="btn-outline-primary"))
