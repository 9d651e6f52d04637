"""Answering on minutes that were sent round."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.minutes.models import Confirmation, Decision, MinutesSection, Opinion
from council.minutes.operations.writing import LONGEST
from council.parties.models import Body
from council.portal.forms.layout import laid_out
from council.web.fields import LongText


class CommentForm(forms.Form):
    """By its place in the version, not by its number: numbers run across bodies."""

    section = forms.ChoiceField(label=_("About"), required=False)
    text = LongText(
        _("What is to be written otherwise"),
        rows=6,
        longest=LONGEST,
        required=True,
        help_text=_("Only your organisation and the secretariat read it."),
    )

    def __init__(self, *args: Any, sections: Iterable[MinutesSection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = {str(section.position): section for section in sections}
        named = [(place, f"{place}. {section.title}") for place, section in self.sections.items()]
        self.fields["section"].choices = [("", _("the minutes as a whole")), *named]  # type: ignore[attr-defined]
        self.helper = laid_out("comment", _("Send the comment"))

    def clean_section(self) -> MinutesSection | None:
        return self.sections.get(self.cleaned_data["section"])


class AnswerForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            (Confirmation.Kind.CONFIRMED.value, _("We confirm this version")),
            (Confirmation.Kind.OBJECTED.value, _("We object")),
        ],
        widget=forms.RadioSelect,
    )
    text = LongText(
        _("To what you object"),
        rows=4,
        longest=LONGEST,
        help_text=_("Needed for an objection, unless your organisation has commented on this version already."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("answer", _("Send the answer"))


class OpinionForm(forms.Form):
    """What an organisation says before something of its own leaves the council."""

    kind = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            (Opinion.Answer.AGREED.value, _("We have no objection")),
            (Opinion.Answer.OPPOSED.value, _("We ask that something be not disclosed")),
        ],
        widget=forms.RadioSelect,
    )
    text = LongText(
        _("What is not to be disclosed, and why"),
        rows=5,
        longest=LONGEST,
        help_text=_("Only your organisation and the secretariat read it. Needed for an objection."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("opinion", _("Send the answer"))


class DecisionFilter(forms.Form):
    """What the register is narrowed by; kept in the address."""

    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    body = forms.ChoiceField(label=_("Body"), required=False)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("all")), *Decision.Kind.choices], required=False)

    def __init__(self, *args: Any, bodies: Iterable[Body], years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.bodies = {body.code: body for body in bodies}
        fields["body"].choices = [("", _("all")), *((code, body.short) for code, body in self.bodies.items())]
        fields["year"].choices = [("", _("all")), *((str(year), str(year)) for year in years)]

    def clean_body(self) -> Body | None:
        return self.bodies.get(self.cleaned_data["body"])


class VerifyForm(forms.Form):
    upload = forms.FileField(
        label=_("Document"), help_text=_("It is compared with the documents that were issued, and not kept.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("verify", pgettext_lazy("document", "Verify"))
