"""Fields of forms that both doors use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from council.core.reach import within_reach

MAY_BE_ATTACHED = _("PDF, HWP, HWPX, DOCX, XLSX, PPTX, PNG, JPG, CSV or TXT, up to 30 MB each.")


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


class Day(forms.DateField):
    """A day, chosen from a calendar where the browser has one."""

    def __init__(self, label: Any, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, widget=widget, validators=[within_reach], **options)


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files; what each is, is checked where it is taken in."""

    widget = ManyFilesInput

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        uploads = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(upload, initial) for upload in uploads if upload]
