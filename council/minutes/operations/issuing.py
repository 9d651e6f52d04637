"""Keeping the documents of an approved version as they were issued."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.errors import NotAllowedNow
from council.files.models import StoredFile
from council.files.operations import made_here
from council.minutes.models import IssuedDocument, MinutesRevision, Publication


def _nobody(*_args: object) -> NoReturn:
    msg = "Nobody has said how documents are drawn."
    raise LookupError(msg)


@dataclass(slots=True)
class Issuer:
    """Gives the document of an approved version or of a publication in one form, made now if there is none yet.

    What it looks like is known further up; it is told once, when the application starts.
    """

    # The version, the form, for whom, and the moment.
    of_version: Callable[[MinutesRevision, str, str, datetime], StoredFile] = _nobody
    of_publication: Callable[[Publication, str, datetime], StoredFile] = _nobody


issuer = Issuer()


def keep_document(
    revision: MinutesRevision,
    *,
    by: Actor,
    now: datetime,
    form: str,
    audience: str,
    name: str,
    media_type: str,
    content: bytes,
    publication: Publication | None = None,
) -> IssuedDocument:
    """Keep a document of an approved version, or of something published of it.

    If one of its kind was kept meanwhile, that one stays and is returned.
    """
    if publication is None and revision.approved_at is None:
        raise NotAllowedNow(_("Documents are issued of an approved version."))
    if publication is not None and publication.published_at is None:
        raise NotAllowedNow(_("Documents are issued of what has been published."))
    with ExitStack() as stack, transaction.atomic():
        MinutesRevision.objects.select_for_update().get(pk=revision.pk)
        alike = IssuedDocument.objects.filter(revision=revision, form=form, publication=publication)
        there = alike.filter(audience=audience).first()
        if there is not None:
            return there
        stored = stack.enter_context(made_here(content, name=name, media_type=media_type, by=by, now=now))
        document = IssuedDocument.objects.create(
            revision=revision, form=form, audience=audience, publication=publication, file=stored, issued_at=now
        )
        audit.record(
            by=by, verb="minutes.document_issued", target=document, after={"form": form, "sha256": stored.sha256}
        )
    return document
