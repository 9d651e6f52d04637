"""Documents for a door: of an approved version the one that was issued once, of anything else made for its reader."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from council.core import audit
from council.core.actor import Actor
from council.documents.hwpx import as_hwpx
from council.documents.official import Official, as_html, as_pdf
from council.documents.xlsx import MEDIA_TYPE as XLSX
from council.files.models import StoredFile
from council.minutes.models import IssuedDocument, MinutesRevision, Publication
from council.minutes.operations.issuing import keep_document
from council.overview.minutes import MinutesPage, minutes_page, whole_page
from council.overview.official import minutes_document
from council.overview.publication import publication_document
from council.web.downloads import attachment, download
from council.web.requests import CouncilRequest

Form, Audience = IssuedDocument.Form, IssuedDocument.Audience
MEDIA_TYPES = {Form.HWPX: "application/hwp+zip", Form.PDF: "application/pdf", Form.HTML: "text/html; charset=utf-8"}
# Whoever asks first, the document is the ministry's.
ISSUER = Actor.system("issue_minutes")
# Every form in which something can be had.
FORMS = {form.value: media_type for form, media_type in MEDIA_TYPES.items()} | {"xlsx": XLSX}


MAKERS = {Form.HWPX: as_hwpx, Form.PDF: as_pdf, Form.HTML: as_html}


def made(document: Official, form: str) -> bytes:
    """An official document in a form."""
    return MAKERS[Form(form)](document)


def file_name(document: Official, form: str) -> str:
    return f"{document.full_title}.{form}".replace("/", "-")


def minutes_file(request: CouncilRequest, revision: MinutesRevision, form: str, *, whole: bool) -> HttpResponseBase:
    """A version as a file: once approved as it was issued; before that as its reader sees it.

    The secretariat gets what everybody gets, unless it asks for the ``whole`` with the annexes of all organisations.
    """
    now, who = timezone.now(), request.standing
    runs_it = who.runs(revision.minutes.meeting.body_id)
    audience = Audience.WHOLE if whole and runs_it and _has_annexes(revision) else Audience.COMMON
    _note(request, revision, form, audience)
    if revision.approved_at:
        return download(request, issued(revision, form, audience, now=now))
    page = minutes_page(who, revision)
    if runs_it and audience == Audience.COMMON:
        page = page.without_annexes()
    return document_file(request, minutes_document(page, made_at=now), form)


def issue_all(revision: MinutesRevision, *, now: datetime) -> None:
    """Make every document of an approved version; outside any transaction, since drawing takes seconds."""
    audiences = [Audience.COMMON, *([Audience.WHOLE] if _has_annexes(revision) else [])]
    for form in (Form.HWPX, Form.PDF, Form.HTML):
        for audience in audiences:
            issued(revision, form, audience, now=now)


def issued(revision: MinutesRevision, form: str, audience: str, *, now: datetime) -> StoredFile:
    """The document that was issued of an approved version, in Korean; made now if nobody has asked for it yet."""
    there = revision.documents.filter(form=form, audience=audience).select_related("file").first()
    if there is not None:
        return there.file
    with translation.override("ko"):
        document = minutes_document(_page(revision, audience), made_at=now)
        content, name = made(document, form), file_name(document, form)
    return keep_document(
        revision, by=ISSUER, now=now, form=form, audience=audience, name=name, media_type=FORMS[form], content=content
    ).file


def publication_file(request: CouncilRequest, publication: Publication, form: str) -> HttpResponseBase:
    """A publication as a file: once it is published as it was issued, before that as it would be."""
    now = timezone.now()
    _note(request, publication.revision, form, Audience.PUBLIC)
    if publication.published_at:
        return download(request, issued_of(publication, form, now=now))
    with translation.override("ko"):
        document = publication_document(publication, made_at=now)
        return document_file(request, document, form)


def issue_publication(publication: Publication, *, now: datetime) -> None:
    """Make every document of something published; outside any transaction, since drawing takes seconds."""
    for form in Form.values:
        issued_of(publication, form, now=now)


def issued_of(publication: Publication, form: str, *, now: datetime) -> StoredFile:
    """The document that was issued of something published, in Korean; made now if nobody has asked for it yet."""
    there = publication.documents.filter(form=form).select_related("file").first()
    if there is not None:
        return there.file
    with translation.override("ko"):
        # As it is read once it is out: one file, whenever it is made.
        document = publication_document(publication, made_at=max(now, publication.embargo or now))
        content, name = made(document, form), file_name(document, form)
    return keep_document(
        publication.revision,
        by=ISSUER,
        now=now,
        form=form,
        audience=Audience.PUBLIC,
        name=name,
        media_type=FORMS[form],
        content=content,
        publication=publication,
    ).file


def _page(revision: MinutesRevision, audience: str) -> MinutesPage:
    page = whole_page(revision)
    return page if audience == Audience.WHOLE else page.without_annexes()


def _has_annexes(revision: MinutesRevision) -> bool:
    return revision.sections.filter(remarks__private=True).exists()


def document_file(request: CouncilRequest, document: Official, form: str) -> HttpResponseBase:
    """A document made for its reader."""
    content = BytesIO(made(document, form))
    return attachment(request, content, name=file_name(document, form), media_type=FORMS[form])


def _note(request: CouncilRequest, revision: MinutesRevision, form: str, audience: str) -> None:
    """That a document was read is recorded by itself. Law: 행정업무의 운영 및 혁신에 관한 규정 제18조제4항."""
    if request.method != "HEAD":
        audit.record(
            by=request.actor, verb="minutes.downloaded", target=revision, after={"form": form, "audience": audience}
        )
