"""Records requests: what is asked for, whose it is, what becomes of it, and that it was handed over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.access.roles import Standing
from council.admin.base import ReasonForm, RegisterAdmin, Verb
from council.admin.opinions import AskedAdmin, AskedInline, AskForm, deciding
from council.admin.records_pieces import PiecesPage
from council.core.actor import Actor
from council.core.calendar import end_of
from council.minutes.models import RecordsOpinion, RecordsRequest
from council.minutes.operations import records, records_answer
from council.minutes.operations.opinions import names_of
from council.minutes.queries.records import concerned, earliest_day, outcomes, silent_of
from council.minutes.states import RecordsState
from council.parties.queries import ministry
from council.web import gate
from council.web.doorbell import ring
from council.web.issuing import MEDIA_TYPES, document_file
from council.workflows.gather_records import collect, open_records
from council.workflows.records_documents import index


def _collect(request: RecordsRequest, by: Actor, data: dict[str, Any]) -> str:
    number = collect(request, by=by, now=timezone.now())
    return gettext("Pieces in the scope: %(number)d.") % {"number": number}


def _asking(request: RecordsRequest, who: Standing) -> type[forms.Form]:
    """Who is asked follows from the pieces; the day is for the secretary to say."""
    asked = concerned(request)
    silent = silent_of(request, asked, on=who.on)

    class AskThem(AskForm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.ask_from(who.on, silent=silent)
            self.fields["until"].help_text = gettext("Asked are: %(names)s.") % {"names": names_of(asked) or "–"}

    return AskThem


def _ask(request: RecordsRequest, by: Actor, data: dict[str, Any]) -> str:
    until = end_of(data["until"])
    asked = records_answer.ask(request, by=by, now=timezone.now(), until=until, on_paper=data["on_paper"])
    return gettext("Asked are: %(names)s.") % {"names": names_of(asked)}


def _settle(request: RecordsRequest, by: Actor, data: dict[str, Any]) -> None:
    records_answer.settle(request, by=by, now=timezone.now())


def _reconsider(request: RecordsRequest, by: Actor, data: dict[str, Any]) -> None:
    records_answer.reconsider(request, by=by, reason=data["reason"])


def _make_archive(request: RecordsRequest, by: Actor, data: dict[str, Any]) -> str:
    records_answer.ask_for_archive(request, by=by)
    ring("archive")
    return gettext("The archive is being made. How far it is, this page says.")


class HandOverForm(forms.Form):
    to = forms.CharField(label=_("Handed over to"), max_length=200, help_text=_("Person and office."))
    how = forms.CharField(
        label=_("How"),
        max_length=200,
        help_text=_("With the number and day of the letter, for example: by electronic document, in person."),
    )


def _hand_over(request: RecordsRequest, by: Actor, data: dict[str, Any]) -> None:
    records_answer.hand_over(request, by=by, now=timezone.now(), **data)


def _close(request: RecordsRequest, by: Actor, data: dict[str, Any]) -> None:
    records_answer.close(request, by=by, reason=data["reason"])


def _hold(request: RecordsRequest, by: Actor, data: dict[str, Any]) -> None:
    records.hold(request, by=by, reason=data["reason"])


def _lift_hold(request: RecordsRequest, by: Actor, data: dict[str, Any]) -> None:
    records.lift_hold(request, by=by, reason=data["reason"])


def _is_decided(request: RecordsRequest) -> bool:
    return bool(request.state == RecordsState.DECIDED)


class RecordsOpinionInline(AskedInline):
    model = RecordsOpinion


ASKED_FOR = (
    "body", "kind", "requester", "reference", "received_on", "due_at", "from_day", "to_day", "commitment", "note",
)  # fmt: skip


@admin.register(RecordsRequest)
class RecordsRequestAdmin(PiecesPage, RegisterAdmin):
    list_display = ("__str__", "body", "state", "due_at", "legal_hold")
    list_filter = ("body", "kind", "state", "legal_hold")
    list_select_related = ("body",)
    change_form_template = "admin/council/records_form.html"
    verbs = (
        Verb(
            "collect", _("Collect again"), _collect, lambda one: one.state == RecordsState.COLLECTING,
            _("What came meanwhile is added, newer versions take the place of older ones. What you decided on the"
              " others stays."),
        ),
        Verb(
            "ask", _("Ask whose it is"), _ask, lambda one: one.state == RecordsState.COLLECTING,
            _("Each organisation learns that records are asked for, and what is to become of what is its own; not who"
              " asks, nor what else there is. They are told by e-mail; silence until the day counts as no objection."),
            form_for=_asking,
        ),
        Verb(
            "settle", _("Decide"), _settle, lambda one: one.takes_decisions,
            _("What becomes of the pieces stays so from now on, and the archive can be made of it."),
        ),
        Verb(
            "reconsider", _("Take the decision back"), _reconsider, _is_decided,
            _("The archive is thrown away; what becomes of the pieces can be changed again."), ReasonForm,
        ),
        Verb(
            "make_archive", _("Make the archive"), _make_archive,
            lambda one: _is_decided(one) and not one.is_being_made,
            _("Everything that is handed over, with an index and the hash of each file. It is made in the background."),
        ),
        Verb(
            "hand_over", _("Enter the handing over"), _hand_over, lambda one: _is_decided(one) and one.stage == "ready",
            _("From now on nothing of this request changes. This cannot be undone."), HandOverForm,
        ),
        Verb(
            "close", _("Close without an answer"), _close, lambda one: not one.is_settled,
            _("It was withdrawn, say, or passed on. This cannot be undone."), ReasonForm,
        ),
        Verb(
            "hold", _("Put on legal hold"), _hold, lambda one: not one.legal_hold,
            _("Nothing of what it asks for may be destroyed until the hold is lifted."), ReasonForm,
        ),
        Verb("lift_hold", _("Lift the legal hold"), _lift_hold, lambda one: one.legal_hold, form=ReasonForm),
    )  # fmt: skip

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        """The rest is shown above the form, with its meaning."""
        return ASKED_FOR

    def get_inlines(self, request: Any, obj: Any = None) -> Any:
        return [RecordsOpinionInline] if obj else []

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """What is asked for stays as it came; another wish is another request."""
        return False

    def keep(self, row: Any, *, by: Actor, form: Any, is_new: bool) -> None:
        open_records(row, by=by, now=timezone.now())

    def render_change_form(self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if (row := context.get("original")) is not None:
            context["outcomes"] = outcomes(row.pieces.all())
            context["earliest"] = earliest_day(row)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        sheet = path(
            "<path:object_id>/sheet/<slug:form>/",
            self.admin_site.admin_view(self.sheet_view),
            name="council_recordsrequest_sheet",
        )
        return [sheet, *super().get_urls()]

    def sheet_view(self, request: Any, object_id: str, form: str) -> HttpResponseBase:
        """The index as it stands now, for the ministry: with every title, and the hash of the whole."""
        row = gate.fetch(
            request, RecordsRequest.objects.select_related("body", "commitment"), action="rule", pk=object_id
        )
        host = ministry()
        pieces = list(row.pieces.select_related("owner"))
        if form not in MEDIA_TYPES:
            raise Http404
        gate.note_read(request, row)
        with translation.override("ko"):
            now, author = timezone.now(), host.name if host else ""
            document = index(row, pieces, made_at=now, author=author, outside=False)
            return document_file(request, document, form)


@admin.register(RecordsOpinion)
class RecordsOpinionAdmin(AskedAdmin):
    about = "request"
    list_select_related = ("request", "organisation")
    verbs = deciding(
        records_answer.decide,
        follow=_("First refuse what is asked for, or give it in part. The organisation is told by e-mail."),
        decline=_(
            "The organisation is told by e-mail, with the reason. On a disclosure request it is then handed over"
            " thirty days later at the earliest (Information Disclosure Act, Article 21 (3))."
        ),
    )
