"""What is searched for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from council.overview.search import composed

LONGEST = 100


class WordsField(forms.CharField):
    """Its length is said, not enforced by the browser, which would cut off what is pasted without a word."""

    def to_python(self, value: Any) -> str:
        return composed(super().to_python(value) or "")


class SearchForm(forms.Form):
    q = WordsField(
        label=_("What to search for"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
        validators=[MaxLengthValidator(LONGEST, _("Search for %(limit_value)d characters at the most."))],
        help_text=_("Every word has to occur, in any order. A single syllable is enough."),
    )
