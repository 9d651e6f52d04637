"""Declaration, pillars, commitments, incidents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from council.admin.base import ReasonForm, RegisterAdmin, ScopedInline, Verb
from council.admin.importing import Import, ImportingAdmin
from council.core.actor import Actor
from council.declaration.models import (
    Commitment,
    CommitmentOwner,
    Declaration,
    Incident,
    Indicator,
    Milestone,
    Pillar,
    Signatory,
    TargetGroup,
)
from council.declaration.operations import (
    adopt_commitment,
    amend_commitment,
    fulfil_commitment,
    resume_commitment,
    withdraw_commitment,
)
from council.declaration.states import COMMITMENT, CommitmentState
from council.web import gate
from council.workflows.import_rows import COMMITMENT_COLUMNS, import_commitments


class SignatoryInline(ScopedInline):
    model = Signatory


@admin.register(Declaration)
class DeclarationAdmin(RegisterAdmin):
    list_display = ("title_ko", "body", "issued_on")
    list_select_related = ("body",)
    exclude = ("file",)
    inlines = (SignatoryInline,)


@admin.register(Pillar)
class PillarAdmin(RegisterAdmin):
    list_display = ("order", "title_ko", "title_en", "commitments")
    list_display_links = ("title_ko",)

    def get_queryset(self, request: Any) -> QuerySet[Pillar]:
        pillars: QuerySet[Pillar] = super().get_queryset(request)
        return pillars.annotate(commitment_count=Count("commitments"))

    @admin.display(description=_("commitments"), ordering="commitment_count")
    def commitments(self, pillar: Any) -> int:
        return int(pillar.commitment_count)


class OwnerInline(ScopedInline):
    model = CommitmentOwner


class IndicatorInline(ScopedInline):
    model = Indicator
    fields = ("name_ko", "name_en", "unit_ko", "unit_en", "direction", "baseline", "target", "cadence", "source")


class MilestoneInline(ScopedInline):
    model = Milestone


class CommitmentForm(forms.ModelForm[Commitment]):
    reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        max_length=300,
        help_text=_(
            "Needed when its kind, wording, pillar, legal basis or date is changed; it is kept in the history."
        ),
    )

    class Meta:
        model = Commitment
        fields = "__all__"  # noqa: DJ007 - the page of the administration narrows them


def _by(operation: Callable[..., None]) -> Callable[[Commitment, Actor, dict[str, Any]], None]:
    return lambda commitment, by, data: operation(commitment, by=by, reason=data["reason"])


def _in_state(state: str) -> Callable[[Commitment], bool]:
    return lambda commitment: commitment.state == state


@admin.register(Commitment)
class CommitmentAdmin(ImportingAdmin, RegisterAdmin):
    importing = Import(
        COMMITMENT_COLUMNS,
        lambda request: gate.rows(request, Declaration.objects.filter(body__in=request.standing.secretariat_of)),
        _("declaration"),
        lambda rows, declaration, by, dry: import_commitments(rows, declaration=declaration, by=by, dry=dry),
        _("Each line becomes a commitment with its owners: their codes, with commas between them."),
    )
    form = CommitmentForm
    list_display = ("code", "pillar", "title_ko", "kind", "owner_names", "sensitivity", "due_on", "state")
    list_display_links = ("code", "title_ko")
    list_filter = ("pillar", "owners", "kind", "state", "sensitivity")
    list_select_related = ("pillar",)
    search_fields = ("code", "title_ko", "title_en", "summary_ko", "summary_en")
    readonly_fields = ("state", "state_because")
    filter_horizontal = ("target_groups", "tracked_through", "reviewers")
    verbs = (
        Verb(
            "adopt", _("Adopt the commitment"), _by(adopt_commitment), _in_state(CommitmentState.DISCUSSED),
            _("Usually a decision adopts it when its minutes are approved. It is scored from then on."), ReasonForm,
        ),
        Verb(
            "fulfil", _("Declare it fulfilled"), _by(fulfil_commitment), _in_state(CommitmentState.TRACKED),
            _("No report is asked for in the rounds to come."), ReasonForm,
        ),
        Verb(
            "withdraw", _("Withdraw the commitment"), _by(withdraw_commitment),
            lambda commitment: CommitmentState.WITHDRAWN in COMMITMENT[commitment.state],
            _("It stays in the record and says so. This cannot be undone."), ReasonForm,
        ),
        Verb(
            "resume", _("Track it again"), _by(resume_commitment), _in_state(CommitmentState.FULFILLED),
            _("It was found to be unfulfilled after all."), ReasonForm,
        ),
    )  # fmt: skip
    inlines = (OwnerInline, IndicatorInline, MilestoneInline)

    def get_queryset(self, request: Any) -> QuerySet[Commitment]:
        return super().get_queryset(request).prefetch_related("owners")

    def keep(self, row: Commitment, *, by: Actor, form: Any, is_new: bool) -> None:
        if is_new:
            super().keep(row, by=by, form=form, is_new=is_new)
        else:
            amend_commitment(row, by=by, reason=form.cleaned_data.get("reason", ""))

    @admin.display(description=_("owners"))
    def owner_names(self, commitment: Commitment) -> str:
        return ", ".join(owner.short for owner in commitment.owners.all())


@admin.register(Incident)
class IncidentAdmin(RegisterAdmin):
    list_display = ("title_ko", "organisation", "happened")
    list_select_related = ("organisation",)
    filter_horizontal = ("commitments",)


@admin.register(TargetGroup)
class TargetGroupAdmin(RegisterAdmin):
    list_display = ("code", "name_ko", "name_en")
