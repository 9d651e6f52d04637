"""Documents to take along: minutes, notice, agenda and registers as HWPX, PDF or XLSX; and what a file is a copy of."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from council.actions.models import ActionItem
from council.core.labels import Label
from council.documents.official import Grid
from council.documents.tables import csv_lines
from council.documents.xlsx import as_xlsx
from council.files.queries import sha256
from council.meetings.models import Meeting
from council.minutes.models import IssuedDocument, MinutesRevision, OfficialDocument, RecordsRequest
from council.minutes.queries.publications import form_in_use
from council.overview import official
from council.overview.agenda import agenda_board
from council.overview.form_letter import form_letter
from council.overview.report_paper import paper_of
from council.overview.scorecard_document import party_document, pillar_brief, scorecard_document
from council.portal.forms.minutes import VerifyForm
from council.portal.mixins import ActForm, RowMixin
from council.portal.views.action_list import narrowed as narrowed_list
from council.portal.views.decisions import narrowed
from council.portal.views.scorecard import OfABody, shown_page, shown_party
from council.reports.models import ReportingRound
from council.web import gate
from council.web.downloads import attachment
from council.web.issuing import FORMS, MEDIA_TYPES, document_file, minutes_file
from council.web.requests import CouncilRequest


class MinutesFileView(RowMixin[MinutesRevision], View):
    """A version of the minutes as a file."""

    request: CouncilRequest
    queryset = MinutesRevision.objects.select_related("minutes__meeting__body", "minutes__convened_by")
    reading_is_noted = False  # the download is

    def get(self, request: Any, *args: Any, form: str, **kwargs: Any) -> HttpResponseBase:
        _known(form, MEDIA_TYPES)
        return minutes_file(self.request, self.row, form, whole="whole" in self.request.GET)


class MeetingFileView(RowMixin[Meeting], View):
    """The notice or the agenda of a meeting as its reader sees it."""

    request: CouncilRequest
    queryset = Meeting.objects.select_related("body")

    def get(self, request: Any, *args: Any, what: str, form: str, **kwargs: Any) -> HttpResponseBase:
        _known(form, MEDIA_TYPES)
        _known(what, {"notice", "agenda"})
        sent = gate.rows(
            self.request, OfficialDocument.objects.filter(meeting=self.row, kind=what, withdrawn_because="")
        )
        last = sent.order_by("-pk").first()
        document = official.agenda_document(
            self.row,
            agenda_board(self.request.standing, self.row),
            author=official.author(),
            made_at=timezone.now(),
            notice=what == "notice",
            number=last.document_number if last else "",
        )
        return document_file(self.request, document, form, house=form_in_use(self.row.body_id, what))


class FormLetterView(RowMixin[ActionItem], View):
    """The form on which an item is reported on by letter."""

    request: CouncilRequest
    queryset = ActionItem.objects.for_display()
    action = "comment"

    def get(self, request: Any, *args: Any, form: str, **kwargs: Any) -> HttpResponseBase:
        _known(form, MEDIA_TYPES)
        document = form_letter(self.row, author=official.author(), made_at=timezone.now())
        return document_file(self.request, document, form)


class RoundPaperView(RowMixin[ReportingRound], View):
    """The accepted reports of a quarter, as far as the reader sees them."""

    request: CouncilRequest
    queryset = ReportingRound.objects.select_related("body", "meeting")

    def get(self, request: Any, *args: Any, form: str, **kwargs: Any) -> HttpResponseBase:
        _known(form, MEDIA_TYPES)
        document = paper_of(self.request.standing, self.row, author=official.author(), made_at=timezone.now())
        return document_file(self.request, document, form)


class ScorecardFileView(OfABody, View):
    """The scorecard of a quarter as its reader sees it."""

    request: CouncilRequest

    def get(self, request: Any, *args: Any, form: str, **kwargs: Any) -> HttpResponseBase:
        _known(form, MEDIA_TYPES)
        if (page := shown_page(self.request, self.row)) is None:
            raise Http404
        document = scorecard_document(page, author=official.author(), made_at=timezone.now())
        return document_file(self.request, document, form)


class PartyFileView(OfABody, View):
    """One organisation over the quarters, to itself and to the ministry."""

    request: CouncilRequest

    def get(self, request: Any, *args: Any, organisation: str, form: str, **kwargs: Any) -> HttpResponseBase:
        _known(form, MEDIA_TYPES)
        page = shown_party(self.request, self.row, organisation)
        return document_file(self.request, party_document(page, author=official.author(), made_at=timezone.now()), form)


class PillarBriefView(OfABody, View):
    """One page about a pillar in a quarter, as its reader sees it."""

    request: CouncilRequest

    def get(self, request: Any, *args: Any, pillar: str, form: str, **kwargs: Any) -> HttpResponseBase:
        _known(form, MEDIA_TYPES)
        if (page := shown_page(self.request, self.row)) is None:
            raise Http404
        document = pillar_brief(page, pillar, author=official.author(), made_at=timezone.now())
        if document is None:
            raise Http404
        return document_file(self.request, document, form)


class RegisterFile(View):
    """A register as a file: as a spreadsheet or as a document."""

    request: CouncilRequest
    title: Any = ""
    widths: tuple[int, ...] = ()

    def columns(self) -> tuple[str, ...]:
        raise NotImplementedError

    def rows(self) -> tuple[tuple[str, ...], ...]:
        raise NotImplementedError

    def get(self, request: Any, *args: Any, form: str, **kwargs: Any) -> HttpResponseBase:
        _known(form, {*FORMS, "csv"})
        title, now, author = capfirst(str(self.title)), timezone.now(), official.author()
        if form == "xlsx":
            table = as_xlsx(title, self.columns(), self.rows(), widths=self.widths, author=author, made_at=now)
            return attachment(self.request, BytesIO(table), name=f"{title}.xlsx", media_type=FORMS[form])
        if form == "csv":
            lines = "".join(csv_lines(self.columns(), self.rows()))
            content = BytesIO(lines.encode())
            return attachment(self.request, content, name=f"{title}.csv", media_type="text/csv; charset=utf-8")
        grid = Grid("", self.columns(), self.rows(), self.widths)
        # Its rows were chosen for one reader, who may hold what few may read.
        label = Label.AMBER_STRICT
        document = official.register_document(title, grid, author=author, made_at=now, label=label)
        return document_file(self.request, document, form)


class DecisionsFileView(RegisterFile):
    """The register of decisions, narrowed as on its page."""

    title, widths = gettext_lazy("decisions"), official.DECISION_WIDTHS

    def columns(self) -> tuple[str, ...]:
        return official.decision_columns()

    def rows(self) -> tuple[tuple[str, ...], ...]:
        rows, _form = narrowed(self.request)
        return official.decision_rows(rows)


class ActionsFileView(RegisterFile):
    """The action items that the reader sees, narrowed as on their page."""

    title, widths = gettext_lazy("action items"), official.ACTION_WIDTHS

    def columns(self) -> tuple[str, ...]:
        return official.action_columns()

    def rows(self) -> tuple[tuple[str, ...], ...]:
        items, _form = narrowed_list(self.request)
        return official.action_rows(items)


def _known(word: str, words: Any) -> None:
    if word not in words:
        raise Http404


class VerifyView(ActForm):
    """Which approved version a file is a copy of, if it is one that the reader may know."""

    request: CouncilRequest
    template_name = "portal/minutes/verify.html"
    form_class = VerifyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=_("Verify a document"), **kwargs)

    def form_valid(self, form: Any) -> Any:
        digest = sha256(form.cleaned_data["upload"])
        documents = gate.rows(self.request, IssuedDocument.objects.filter(file__sha256=digest))
        found = documents.select_related("revision__minutes__meeting__body", "publication__revision", "file").first()
        newer = None
        if found:
            approved = gate.rows(self.request, MinutesRevision.objects.approved())
            later = approved.filter(minutes=found.revision.minutes_id, number__gt=found.revision.number)
            newer = later.order_by("-number").first()
        # To whoever answered a request, what went out with it is known too.
        given = gate.rows(self.request, RecordsRequest.objects.filter(Q(sha256=digest) | Q(pieces__sha256=digest)))
        context = self.get_context_data(
            form=form, asked=True, digest=digest, found=found, newer=newer, given=list(given.distinct()[:5])
        )
        return self.render_to_response(context)
