"""A division's own form, small."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from hwpx import HwpxDocument


def a_form(*texts: str) -> SimpleUploadedFile:
    """With these paragraphs."""
    made = HwpxDocument.new()
    for text in texts:
        made.add_paragraph(text)
    return SimpleUploadedFile("서식.hwpx", made.to_bytes())
