"""Inside an organisation: departments' parts, the executive's clearance, and handing in what stands together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from council.access.policy import allowed
from council.actions.models import ProgressUpdate
from council.clearance.models import Clearance, ClearancePiece
from council.clearance.operations import (
    ClearanceRefused,
    Signature,
    answer_clearance,
    executives,
    require_clearance,
)
from council.clearance.states import ClearanceState
from council.core.calendar import local_day
from council.core.errors import DomainError
from council.documents.sheet import read_upload
from council.overview.preparing import Preparation, Prepared, open_parts, preparation
from council.parties.models import Body, Organisation, Person
from council.portal.forms.preparing import (
    CLEAR,
    ON_PAPER,
    AnswerForm,
    AskPartsForm,
    ClearForm,
    SheetForm,
    SubmitBatchForm,
)
from council.portal.mixins import ActForm, Page, RowMixin, StepView
from council.reports.models import ReportDraft
from council.reports.operations.contributing import ask_for_parts
from council.reports.queries import contributors
from council.web import gate
from council.web.requests import CouncilRequest
from council.workflows.hand_in_batch import put_before_executive, submit_batch, withdraw_batch
from council.workflows.import_parts import PART_COLUMNS, import_parts
from council.workflows.import_rows import Fate


class OfABody(RowMixin[Body]):
    """What the reader's organisation prepares for a body."""

    request: CouncilRequest
    queryset = Body.objects.all()
    reading_is_noted = False

    @cached_property
    def prepared(self) -> Preparation:
        return preparation(self.request.standing, self.row, now=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(body=self.row, prepared=self.prepared, **kwargs)

    def get_success_url(self) -> str:
        return reverse("portal:prepare", args=[self.row.pk])


class PrepareView(OfABody, Page):
    """Everything that can be handed in to a body, with what of it is written, asked for and cleared."""

    request: CouncilRequest
    template_name = "portal/preparing/prepare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        who, own = self.request.standing, self.prepared.organisation
        return super().get_context_data(
            may_prepare=allowed(who, "clear", self.row),
            may_decide=own is not None and allowed(who, "require_clearance", own),
            **kwargs,
        )


class OfThings(OfABody, ActForm):
    """A form about some of what is prepared."""

    request: CouncilRequest
    template_name = "portal/preparing/form.html"
    title: Any = ""

    def offered(self) -> Sequence[Prepared]:
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"rows": self.offered()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered = bool(self.offered())
        return super().get_context_data(title=self.title, none_offered=not offered, nobody=self.nobody, **kwargs)

    @property
    def nobody(self) -> str:
        """What is said where there is nobody to choose."""
        return ""


class AskPartsView(OfThings):
    """Ask somebody in a department for their part."""

    action = "ask_parts"
    form_class = AskPartsForm

    @property
    def title(self) -> str:
        return _("Ask a department for its part")

    def offered(self) -> Sequence[Prepared]:
        return self.prepared.rows

    @cached_property
    def people(self) -> QuerySet[Person]:
        today = local_day(timezone.now())
        return contributors(self.request.actor.organisation, self.row.pk, on=today).order_by("pk")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"contributors": self.people}

    @property
    def nobody(self) -> str:
        return (
            ""
            if self.people.exists()
            else _("No department of yours holds a seat as a contributor. The secretary gives one.")
        )

    def act(self, form: AskPartsForm) -> None:
        data = form.cleaned_data
        about = [row.about for row in self.prepared.chosen(data["things"])]
        made = ask_for_parts(
            about, contributor=data["contributor"], due_on=data["due_on"], asked=data["asked"],
            by=self.request.actor, now=timezone.now(),
        )  # fmt: skip
        said = ngettext("%(number)d part was asked for.", "%(number)d parts were asked for.", len(made))
        messages.success(self.request, said % {"number": len(made)})


class ClearView(OfThings):
    """Put drafts before the executive, or enter what was signed on paper."""

    action = "clear"
    form_class = ClearForm

    @property
    def title(self) -> str:
        return _("Ask for clearance")

    def offered(self) -> Sequence[Prepared]:
        return self.prepared.to_clear

    @cached_property
    def people(self) -> QuerySet[Person]:
        return executives(self.request.actor.organisation, self.row.pk, on=local_day(timezone.now()))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"executives": self.people}

    @property
    def nobody(self) -> str:
        return "" if self.people.exists() else _("No executive of yours holds a seat here. The secretary gives one.")

    def act(self, form: ClearForm) -> None:
        data = form.cleaned_data
        if ON_PAPER not in self.request.POST and (data["document"] or data["scan"]):
            said = _("If it was signed on paper, press “Enter the signed paper”; else leave this empty.")
            raise ClearanceRefused(said, field="document")
        signature = Signature(document=data["document"], scan=data["scan"]) if ON_PAPER in self.request.POST else None
        put_before_executive(
            _drafts(self.prepared.chosen(data["things"])), body=self.row, approver=data["approver"],
            note=data["note"], signature=signature, by=self.request.actor, now=timezone.now(),
        )  # fmt: skip
        said = _("The signed paper was entered.") if signature else _("It was put before the executive.")
        messages.success(self.request, said)


class SubmitBatchView(OfThings):
    """Hand in several drafts, all of them or none."""

    action = "submit_batch"
    form_class = SubmitBatchForm

    @property
    def title(self) -> str:
        return _("Hand in together")

    def offered(self) -> Sequence[Prepared]:
        return self.prepared.to_submit

    def act(self, form: SubmitBatchForm) -> None:
        chosen = self.prepared.chosen(form.cleaned_data["things"])
        number = submit_batch(_drafts(chosen), by=self.request.actor, now=timezone.now())
        said = ngettext("%(number)d was handed in.", "%(number)d were handed in.", number)
        messages.success(self.request, said % {"number": number})


def _drafts(rows: Sequence[Prepared]) -> list[ReportDraft | ProgressUpdate]:
    return [row.draft for row in rows if row.draft is not None]


class RuleView(StepView[Body]):
    """Whether the organisation hands in only what its executive has cleared."""

    queryset = Body.objects.all()

    def step(self) -> str:
        number = self.request.standing.organisation_id or 0
        own = gate.rows(self.request, Organisation.objects.filter(pk=number)).first()
        if own is None:
            gate.deny(self.request, "require_clearance", Body)
        gate.require(self.request, "require_clearance", own)
        required = "required" in self.request.POST
        require_clearance(own, required=required, by=self.request.actor)
        if required:
            return _("From now on nothing is handed in before an executive has cleared it.")
        return _("From now on the liaisons hand in by themselves.")

    def back(self) -> str:
        return reverse("portal:prepare", args=[self.row.pk])


class ImportPartsView(OfABody, ActForm):
    """Take in what a department filled into its table."""

    request: CouncilRequest
    action = "import_parts"
    form_class = SheetForm
    template_name = "portal/preparing/sheet.html"
    fates: Sequence[Fate] = ()

    def act(self, form: SheetForm) -> None:
        rows = read_upload(form.cleaned_data["upload"], PART_COLUMNS)
        parts = open_parts(self.request.standing, self.row)
        fates = import_parts(rows, parts=parts, body=self.row, by=self.request.actor, now=timezone.now())
        if wrong := [fate for fate in fates if fate.problem]:
            self.fates = wrong
            raise DomainError(_("Nothing was taken in."), field="upload")
        said = ngettext("%(number)d line was taken in.", "%(number)d lines were taken in.", len(fates))
        messages.success(self.request, said % {"number": len(fates)})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(fates=self.fates, **kwargs)


# --- A clearance ----------------------------------------------------------------------------------------------------


class OfAClearance(RowMixin[Clearance]):
    request: CouncilRequest
    queryset = Clearance.objects.select_related(
        "body", "organisation", "approver", "asked_by__person", "answered_by__person", "signed"
    )
    reading_is_noted = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        who, row = self.request.standing, self.row
        pieces = gate.rows(self.request, ClearancePiece.objects.filter(clearance=row)).order_by("pk")
        waits = row.state == ClearanceState.ASKED
        return super().get_context_data(
            clearance=row,
            pieces=list(pieces),
            may_answer=waits and allowed(who, "answer", row),
            may_withdraw=(waits or row.state == ClearanceState.CLEARED) and allowed(who, "withdraw", row),
            **kwargs,
        )

    def get_success_url(self) -> str:
        return reverse("portal:clearance", args=[self.row.pk])


class ClearanceView(OfAClearance, Page):
    request: CouncilRequest
    template_name = "portal/preparing/clearance.html"


class AnswerView(OfAClearance, ActForm):
    """The executive's answer."""

    request: CouncilRequest
    action = "answer"
    form_class = AnswerForm
    template_name = "portal/preparing/answer.html"

    def act(self, form: AnswerForm) -> None:
        cleared = CLEAR in self.request.POST
        comment = form.cleaned_data["comment"]
        answer_clearance(self.row, cleared=cleared, by=self.request.actor, now=timezone.now(), comment=comment)
        messages.success(self.request, _("It was cleared.") if cleared else _("It was not cleared; the liaisons know."))


class WithdrawView(StepView[Clearance]):
    """Take it back from the executive, or what they cleared."""

    queryset = Clearance.objects.all()
    action = "withdraw"

    def step(self) -> str:
        withdraw_batch(self.row, by=self.request.actor)
        return _("It was withdrawn; nothing more is handed in by it.")

    def back(self) -> str:
        return reverse("portal:prepare", args=[self.row.body_id])
