"""Answering an invitation and naming a delegate."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from council.meetings.models import Participation
from council.parties.models import Person
from council.portal.forms.layout import laid_out
from council.web.addresses import SealedNumber

ANSWERS = [(rsvp.value, rsvp.label) for rsvp in Participation.Rsvp if rsvp != Participation.Rsvp.NEEDS_ACTION]


class RsvpForm(forms.Form):
    rsvp = forms.ChoiceField(label=_("Answer"), choices=ANSWERS, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, help_text=_("The secretary reads it, for example the reason.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("answer", _("Send the answer"))


class DelegateForm(forms.Form):
    """Somebody known, or a colleague who is entered with it."""

    delegate = forms.ChoiceField(label=_("Delegate"), required=False)
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    position = forms.CharField(label=_("Position"), max_length=100, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    letter = forms.FileField(
        label=_("Letter of delegation"), help_text=_("PDF, HWP, HWPX, DOCX, PNG or JPG, up to 30 MB.")
    )

    def __init__(self, *args: Any, colleagues: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A plain number would tell how many people others have.
        seal = SealedNumber("person")
        self.colleagues = {seal.to_url(person.pk): person for person in colleagues}
        known = [(sealed, person.name) for sealed, person in self.colleagues.items()]
        self.fields["delegate"].choices = [("", _("Somebody who is not in this list")), *known]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "novalidate"}
        self.helper.layout = Layout(
            "delegate",
            Fieldset(_("If not in the list"), "name", "position", "email"),
            "letter",
        )
        self.helper.add_input(Submit("name_delegate", _("Name the delegate")))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["delegate"] = self.colleagues.get(data.get("delegate", ""))
        if not data["delegate"]:
            for name in ("name", "position"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose somebody from the list, or enter this."))
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("withdraw", _("The delegate does not come"))
