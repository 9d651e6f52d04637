"""Downloading what was handed in."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase

from council.files.models import StoredFile
from council.portal.mixins import RowMixin
from council.web.downloads import download


class FileView(RowMixin[StoredFile]):
    queryset = StoredFile.objects.all()
    reading_is_noted = False  # a download is written down as one

    def get(self, request: Any, pk: int) -> HttpResponseBase:
        return download(request, self.row)
