"""Documents for a door: of an approved version the one that was issued once, of anything else made for its reader."""

from __future__ import annotations

import logging
from datetime import datetime
from http import HTTPStatus
from io import BytesIO

from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from council.core import audit
from council.core.actor import Actor
from council.documents.forms import filled
from council.documents.hwpx import as_hwpx
from council.documents.official import Official, as_html, as_pdf
from council.documents.xlsx import MEDIA_TYPE as XLSX
from council.files.models import StoredFile
from council.files.queries import opened
from council.minutes.models import DocumentForm, IssuedDocument, MinutesRevision, Publication
from council.minutes.operations.issuing import issuer, keep_document
from council.minutes.queries.publications import form_in_use
from council.overview.minutes import MinutesPage, minutes_page, whole_page
from council.overview.official import HEADINGS, minutes_document
from council.overview.publication import publication_document
from council.web.downloads import attachment, download
from council.web.requests import CouncilRequest

logger = logging.getLogger(__name__)
Form, Audience, Kind = IssuedDocument.Form, IssuedDocument.Audience, DocumentForm.Kind
MEDIA_TYPES = {Form.HWPX: "application/hwp+zip", Form.PDF: "application/pdf", Form.HTML: "text/html; charset=utf-8"}
# Whoever asks first, the document is the ministry's.
ISSUER = Actor.system("issue_minutes")
# Every form in which something can be had.
FORMS = {form.value: media_type for form, media_type in MEDIA_TYPES.items()} | {"xlsx": XLSX}


MAKERS = {Form.HWPX: as_hwpx, Form.PDF: as_pdf, Form.HTML: as_html}


def register() -> None:
    """Tell those below how a document is made that nobody has asked for yet."""
    issuer.of_version = lambda revision, form, audience, now: issued(revision, form, audience, now=now)
    issuer.of_publication = lambda publication, form, now: issued_of(publication, form, now=now)


def made(document: Official, form: str, *, house: DocumentForm | None = None) -> bytes:
    """An official document in a form; as HWPX in the division's own one if it has one.

    That was looked at when it was handed in. If it cannot be filled all the same, the system's own is used, and the
    log says so: a document is not kept back for its looks.
    """
    if form == Form.HWPX and house is not None:
        try:
            with opened(house.file) as content:
                return filled(content.read(), document, known=HEADINGS)
        except Exception:
            logger.exception("The form %s could not be filled.", house.pk)
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
    if revision.approved_at:
        return _noted(request, revision, form, audience, download(request, issued(revision, form, audience, now=now)))
    page = minutes_page(who, revision)
    if runs_it and audience == Audience.COMMON:
        page = page.without_annexes()
    document = minutes_document(page, made_at=now)
    response = document_file(request, document, form, house=house_form(revision, Kind.MINUTES))
    return _noted(request, revision, form, audience, response)


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
        content = made(document, form, house=house_form(revision, Kind.MINUTES))
        name = file_name(document, form)
    return keep_document(
        revision, by=ISSUER, now=now, form=form, audience=audience, name=name, media_type=FORMS[form], content=content
    ).file


def publication_file(request: CouncilRequest, publication: Publication, form: str) -> HttpResponseBase:
    """A publication as a file: once it is published as it was issued, before that as it would be."""
    now = timezone.now()
    if publication.published_at:
        response = download(request, issued_of(publication, form, now=now))
    else:
        with translation.override("ko"):
            document = publication_document(publication, made_at=now)
            response = document_file(request, document, form, house=_house_of(publication))
    return _noted(request, publication.revision, form, Audience.PUBLIC, response)


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
        document = publication_document(publication, made_at=now, label=publication.label_once_out)
        content, name = made(document, form, house=_house_of(publication)), file_name(document, form)
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


def house_form(revision: MinutesRevision, kind: str) -> DocumentForm | None:
    """The division's own form for documents of that kind."""
    return form_in_use(revision.minutes.meeting.body_id, kind)


def _house_of(publication: Publication) -> DocumentForm | None:
    kind = Kind.PUBLIC if publication.hides else publication.kind
    return house_form(publication.revision, kind)


def _page(revision: MinutesRevision, audience: str) -> MinutesPage:
    page = whole_page(revision)
    return page if audience == Audience.WHOLE else page.without_annexes()


def _has_annexes(revision: MinutesRevision) -> bool:
    return revision.sections.filter(remarks__private=True).exists()


def document_file(
    request: CouncilRequest, document: Official, form: str, *, house: DocumentForm | None = None
) -> HttpResponseBase:
    """A document made for its reader."""
    content = BytesIO(made(document, form, house=house))
    return attachment(request, content, name=file_name(document, form), media_type=FORMS[form])


def _noted(
    request: CouncilRequest, revision: MinutesRevision, form: str, audience: str, response: HttpResponseBase
) -> HttpResponseBase:
    """That a document was read is recorded by itself. Law: 행정업무의 운영 및 혁신에 관한 규정 제18조제4항."""
    if request.method != "HEAD" and response.status_code == HTTPStatus.OK:
        audit.record(
            by=request.actor, verb="minutes.downloaded", target=revision, after={"form": form, "audience": audience}
        )
    return response
