"""Serving a stored file: always as a download, under headers with which nothing in it can run."""

from __future__ import annotations

import logging
from typing import IO

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from council.core import audit
from council.files.models import StoredFile
from council.files.queries import Changed, NotServed, opened
from council.meetings.operations.papers import note_opened
from council.web.requests import CouncilRequest

logger = logging.getLogger(__name__)

NOTHING_RUNS = {"Content-Security-Policy": "sandbox; default-src 'none'"}
# Beside those of every page: kept by no cache, for this site alone, of the type it is said to be.
HEADERS = {"Accept-Ranges": "none"} | NOTHING_RUNS


def download(request: CouncilRequest, stored: StoredFile) -> HttpResponseBase:
    """A file that the gate has let through; that it was downloaded is written down, and so is that it was not.

    A page says why where it is not handed out: 409 as long as or because the scanner stands in the way, 404 where what
    lies on the disk is not what was handed in.
    """
    try:
        content = opened(stored)
    except NotServed as refusal:
        return _refused(request, stored, refusal)
    response = attachment(request, content, name=stored.name, media_type="application/octet-stream")
    if request.method == "HEAD":
        return response
    # A department's file is its organisation's own, also in the record and also once it is evidence.
    target = getattr(stored, "contribution_file", None) or stored
    audit.record(by=request.actor, verb="file.downloaded", target=target)
    note_opened(stored, by=request.actor, now=timezone.now())
    return response


def attachment(request: CouncilRequest, content: IO[bytes], *, name: str, media_type: str) -> HttpResponseBase:
    """A content to be saved under a name; of a HEAD the headers alone."""
    response = FileResponse(content, as_attachment=True, filename=name, content_type=media_type, headers=HEADERS)
    if request.method == "HEAD":
        content.close()
        return HttpResponse(headers=response.headers)
    return response


def _refused(request: CouncilRequest, stored: StoredFile, refusal: NotServed) -> HttpResponse:
    if isinstance(refusal, Changed):
        logger.error("The content of file %s is missing or not what was handed in.", stored.pk)
    audit.record_refusal(by=request.actor, verb="file.downloaded", target=stored, reason=refusal.reason)
    status = 404 if isinstance(refusal, Changed) else 409
    return render(request, "portal/files/not_served.html", {"file": stored, "reason": refusal}, status=status)
