"""Serving a stored file: always as a download, under headers with which nothing in it can run."""

from __future__ import annotations

import logging

from django.http import FileResponse, Http404

from council.core import audit
from council.files.models import StoredFile
from council.web.requests import CouncilRequest

logger = logging.getLogger(__name__)


def download(request: CouncilRequest, stored: StoredFile) -> FileResponse:
    """A file that the gate has let through; that it was downloaded is written down."""
    try:
        content = stored.file.open("rb")
    except FileNotFoundError as error:
        logger.exception("The content of file %s is missing.", stored.pk)
        raise Http404 from error
    audit.record(by=request.actor, verb="file.downloaded", target=stored)
    response = FileResponse(content, as_attachment=True, filename=stored.name, content_type="application/octet-stream")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
