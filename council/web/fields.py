"""Fields of forms that both doors use."""

from __future__ import annotations

from typing import Any

from django import forms


class LongText(forms.CharField):
    """A text of some length. The browser is not told how long it may be: it would cut what is pasted without a word."""

    def __init__(self, label: Any, *, rows: int, longest: int, required: bool = False, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(label=label, widget=widget, max_length=longest, required=required, strip=False, **options)

    def to_python(self, value: Any) -> str:
        """Browsers send two characters for the end of a line."""
        return str(super().to_python(value)).replace("\r\n", "\n")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs: dict[str, Any] = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs
