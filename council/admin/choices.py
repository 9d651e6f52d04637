"""Choices among rows, of which whatever was typed instead of a row's number is simply none."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError

# Digits that every database takes for a row's number.
LONGEST_NUMBER = 18


class Choices(forms.ModelMultipleChoiceField[Any]):
    """Rows chosen several at once; a number too large for the database is not one of them."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError as error:
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": ", ".join(value)}
            ) from error


class OnlyNumbers:
    """An autocomplete that, shown again with what was typed, looks only for numbers."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        numbers = [one for one in value if str(one).isdecimal() and len(str(one)) <= LONGEST_NUMBER]
        return super().optgroups(name, numbers, attr)  # type: ignore[misc]


class Autocomplete(OnlyNumbers, AutocompleteSelect):
    pass


class AutocompleteSeveral(OnlyNumbers, AutocompleteSelectMultiple):
    pass
