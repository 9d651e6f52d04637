"""Serving a stored file: always as a download, under headers with which nothing in it can run."""

from __future__ import annotations

from django.http import FileResponse

from council.core import audit
from council.files.models import StoredFile
from council.web.requests import CouncilRequest


def download(request: CouncilRequest, stored: StoredFile) -> FileResponse:
    """A file that the gate has let through; that it was downloaded is written down."""
    audit.record(by=request.actor, verb="file.downloaded", target=stored)
    response = FileResponse(
        stored.file.open("rb"), as_attachment=True, filename=stored.name, content_type="application/octet-stream"
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
