"""How the portal's forms are laid out."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit


def laid_out(name: str, text: Any) -> FormHelper:
    """The fields as they stand in the form, and one button. What is wrong is said by the server, in words."""
    helper = FormHelper()
    helper.attrs = {"novalidate": "novalidate"}
    helper.add_input(Submit(name, text))
    return helper
