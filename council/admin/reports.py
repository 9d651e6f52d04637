"""Rounds of reports and the reports in them: opening, judging, closing, reopening; where organisations start from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.admin.base import ReadOnlyAdmin, ReasonForm, RegisterAdmin, Verb
from council.admin.bulk import BulkAdmin
from council.admin.choices import Choices
from council.admin.filters import ChosenFilter
from council.admin.labels import LABEL_VERBS
from council.core.actor import Actor
from council.core.calendar import local_day
from council.declaration.models import Commitment, Indicator, IndicatorTarget
from council.overview.reporting import round_grid
from council.reports.figures import parse_value
from council.reports.models import Report, ReportingRound
from council.reports.operations.judging import accept, ask_correction, return_for_completion
from council.reports.operations.rounds import open_round, plan_again, reopen
from council.reports.operations.writing import Written, submit
from council.reports.queries import standing_submission
from council.reports.states import OWED, Rating, ReportState, RoundState
from council.scorecard.models import FrozenScorecard, PublicQuarter
from council.scorecard.operations import correct, freeze, share_rows
from council.scorecard.publishing import release_quarter, show_quarter, withdraw_quarter
from council.web.fields import Day, LongText, ManyFilesField
from council.workflows.close_quarter import close_quarter


class RoundForm(forms.ModelForm[ReportingRound]):
    """Without a meeting, or where its step was left out, a date has to be given."""

    due_on = Day(_("Due on"), required=False, help_text=_("Empty: the meeting's own date for reports."))

    class Meta:
        model = ReportingRound
        fields = ("body", "covers", "meeting", "due_on")


def _plan_again(row: ReportingRound, by: Actor, data: dict[str, Any]) -> str:
    moved = plan_again(row, by=by, now=timezone.now())
    return ngettext("%(count)d date was moved.", "%(count)d dates were moved.", moved) % {"count": moved}


def _close(row: ReportingRound, by: Actor, data: dict[str, Any]) -> None:
    close_quarter(row, by=by, now=timezone.now())


def _freeze(row: ReportingRound, by: Actor, data: dict[str, Any]) -> None:
    freeze(row, stage=FrozenScorecard.Stage.TABLED, by=by, now=timezone.now())


def _share_form(row: ReportingRound, who: Standing) -> type[forms.Form]:
    """The commitments on which the round has reports, those that are keenly contested marked."""
    offered = visible_to(who, Commitment.objects.filter(reports__round=row)).distinct().order_by("code")

    class ShareForm(forms.Form):
        commitments = Choices(
            offered,
            label=_("Commitments"),
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Everybody at the table then sees the status word of each organisation on them, once frozen."),
        )
        reason = LongText(_("Reason"), rows=3, longest=300, required=True)

    return ShareForm


def _share(row: ReportingRound, by: Actor, data: dict[str, Any]) -> None:
    share_rows(row.body, quarter=row.covers, commitments=data["commitments"], by=by, reason=data["reason"])


def _show_public(row: ReportingRound, by: Actor, data: dict[str, Any]) -> None:
    show_quarter(row, by=by, now=timezone.now())


def _release(row: PublicQuarter, by: Actor, data: dict[str, Any]) -> None:
    release_quarter(row, by=by, now=timezone.now())


def _withdraw(row: PublicQuarter, by: Actor, data: dict[str, Any]) -> None:
    withdraw_quarter(row, by=by, reason=data["reason"])


def _correct(frozen: FrozenScorecard, by: Actor, data: dict[str, Any]) -> None:
    correct(frozen, reason=data["reason"], by=by, now=timezone.now())


@admin.register(ReportingRound)
class ReportingRoundAdmin(RegisterAdmin):
    form = RoundForm
    list_display = ("quarter", "body", "as_of", "due_on", "state")
    list_filter = ("body", "state")
    list_select_related = ("body",)
    change_form_template = "admin/council/round_form.html"
    verbs = (
        Verb(
            "plan_again", _("Let the dates follow the meeting"), _plan_again, lambda row: row.state == RoundState.OPEN,
            _("Dates of reports that have not been handed in move with the meeting's. None is moved into the past."),
        ),
        Verb(
            "close", _("Close the round"), _close, lambda row: row.state == RoundState.OPEN,
            _("What was not submitted is marked so, and the scorecard is frozen. Later, single reports are reopened."),
        ),
        Verb(
            "freeze", _("Freeze the scorecard as tabled"), _freeze, lambda row: row.state == RoundState.OPEN,
            _("It is kept word for word with its hash, and shown to the carriers as far as it is shared."),
        ),
        Verb(
            "share", _("Share statuses with the table"), _share, lambda row: True,
            _("Status words only. What has been shared is not taken back."), form_for=_share_form,
        ),
        Verb(
            "show_public", _("Show the carriers what is published"), _show_public, lambda row: True,
            _("Statuses out of TLP:CLEAR reports alone. Three business days later it can be released to the public."),
        ),
    )  # fmt: skip

    def get_readonly_fields(self, request: Any, obj: ReportingRound | None = None) -> Any:
        return () if obj is None else ("body", "covers", "meeting", "as_of", "opens_on", "due_on", "state")

    def get_fields(self, request: Any, obj: ReportingRound | None = None) -> Any:
        return RoundForm.Meta.fields if obj is None else self.get_readonly_fields(request, obj)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Its dates follow the meeting, by a button."""
        return False

    def render_change_form(self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if (row := context.get("original")) is not None:
            context["grid"] = round_grid(request.standing, row, now=timezone.now())
        return super().render_change_form(request, context, *args, **kwargs)

    def keep(self, row: ReportingRound, *, by: Actor, form: Any, is_new: bool) -> None:
        opening = open_round(
            body=row.body, covers=row.covers, meeting=row.meeting, by=by, now=timezone.now(),
            due_on=form.cleaned_data["due_on"],
        )  # fmt: skip
        row.pk = opening.round.pk
        row.refresh_from_db()

    @admin.display(description=_("quarter reported on"), ordering="covers")
    def quarter(self, row: ReportingRound) -> str:
        return row.covers.label


class AcceptForm(forms.Form):
    rating = forms.ChoiceField(
        label=_("The ministry's rating"), choices=[(one.value, one.label) for one in Rating], widget=forms.RadioSelect
    )
    comment = LongText(_("Comment"), rows=4, longest=4000)


class ReturnForm(forms.Form):
    comment = LongText(_("What is missing"), rows=4, longest=4000, required=True)


class CorrectionForm(forms.Form):
    reason = LongText(_("What is to be corrected"), rows=4, longest=300, required=True)
    until = Day(_("Until"), required=False, help_text=_("Needed once the round is closed."))


class ReopenForm(forms.Form):
    until = Day(_("Until"))
    reason = LongText(_("Reason"), rows=3, longest=300, required=True)


def _enter_form(report: Report, who: Standing) -> type[forms.Form]:
    """With a field for each of the commitment's indicators."""
    indicators = list(report.commitment.indicators.order_by("pk"))

    class EnterForm(forms.Form):
        narrative = LongText(_("What was done in the quarter"), rows=8, longest=20_000, required=True)
        self_rating = forms.ChoiceField(
            label=_("Own rating"), choices=[(one.value, one.label) for one in Rating], widget=forms.RadioSelect
        )
        uploads = ManyFilesField(label=_("The letter and evidence: files"))

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            for indicator in indicators:
                unit = f" ({indicator.unit})" if indicator.unit else ""
                label = f"{indicator.name}{unit}"
                self.fields[f"value_{indicator.pk}"] = forms.CharField(label=label, required=False, max_length=40)

    return EnterForm


def _enter(report: Report, by: Actor, data: dict[str, Any]) -> None:
    units: dict[int, Indicator] = report.commitment.indicators.in_bulk()
    typed = {pk: data[f"value_{pk}"] for pk in units if data[f"value_{pk}"]}
    written = Written(
        narrative=data["narrative"],
        self_rating=data["self_rating"],
        values={pk: parse_value(text, unit=units[pk].unit) for pk, text in typed.items()},
        uploads=data["uploads"],
    )
    submit(report, by=by, now=timezone.now(), written=written, on_behalf=True)


def _seen(report: Report) -> int:
    """What waits now: the page that asks carries the report's version, and a newer one is refused by it."""
    standing = standing_submission(report)
    return standing.pk if standing else 0


def _accept(report: Report, by: Actor, data: dict[str, Any]) -> None:
    accept(
        report, by=by, now=timezone.now(), rating=data["rating"], comment=data["comment"],
        seen_submission=_seen(report),
    )  # fmt: skip


def _return(report: Report, by: Actor, data: dict[str, Any]) -> None:
    return_for_completion(report, by=by, now=timezone.now(), comment=data["comment"], seen_submission=_seen(report))


def _ask_correction(report: Report, by: Actor, data: dict[str, Any]) -> None:
    ask_correction(report, by=by, now=timezone.now(), reason=data["reason"], until=data["until"])


def _reopen(report: Report, by: Actor, data: dict[str, Any]) -> None:
    reopen(report, by=by, now=timezone.now(), until=data["until"], reason=data["reason"])


def _is(*states: str) -> Any:
    return lambda report: report.state in states


def _can_be_entered(report: Report) -> bool:
    return report.state in OWED and report.is_open(local_day(timezone.now()))


class StateFilter(ChosenFilter):
    """As the secretariat may know it: whether somebody has begun to write is the organisation's alone."""

    title = _("state")
    parameter_name = "stands"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [(state.value, state.label) for state in ReportState if state != ReportState.DRAFT]

    def narrow(self, queryset: Any, value: str) -> QuerySet[Any]:
        states = [value, ReportState.DRAFT] if value == ReportState.NOT_SUBMITTED else [value]
        narrowed: QuerySet[Any] = queryset.filter(state__in=states)
        return narrowed


@admin.register(Report)
class ReportAdmin(BulkAdmin, ReadOnlyAdmin):
    """Read in the portal, where the whole of it stands; here they are found, and judged several at once."""

    list_display = ("__str__", "organisation", "due_on", "stands", "rated", "ministry_rated", "label")
    list_filter = ("round", StateFilter, "organisation", "label")
    search_fields = ("commitment__code", "commitment__title_ko")
    fields = (
        "round", "commitment", "organisation", "stands", "due_on", "submitted_at", "rated", "narrative",
        "ministry_rated", "comment", "label",
    )  # fmt: skip
    readonly_fields = fields
    change_form_template = "admin/council/report_form.html"
    on_several = ("accept", "return", "reopen")
    verbs = (
        Verb(
            "accept", _("Accept the report"), _accept, _is(ReportState.SUBMITTED),
            _("The organisation is told by e-mail; both ratings stand side by side."), AcceptForm,
        ),
        Verb(
            "return", _("Request completion"), _return, _is(ReportState.SUBMITTED),
            _("The organisation is told by e-mail what is missing."), ReturnForm,
        ),
        Verb(
            "ask_correction", _("Ask for a correction"), _ask_correction, _is(ReportState.ACCEPTED),
            _("What was accepted stands until the correction is submitted; a corrected report is marked so."),
            CorrectionForm,
        ),
        Verb(
            "reopen", _("Reopen the report"), _reopen, _is(ReportState.MISSED),
            _("For this organisation alone, with a reason. It stays marked as late."), ReopenForm,
        ),
        Verb(
            "enter", _("Enter the report for the organisation"), _enter, _can_be_entered,
            _("For what came by letter. It is marked as entered by the ministry, and the organisation is told."),
            form_for=_enter_form,
        ),
        *LABEL_VERBS,
    )  # fmt: skip

    def get_queryset(self, request: Any) -> QuerySet[Report]:
        rows: QuerySet[Report] = super().get_queryset(request)
        return rows.select_related("round__body", "commitment__pillar", "organisation")

    @admin.display(description=_("state"))
    def stands(self, report: Report) -> str:
        return str(report.told_state.label)

    @admin.display(description=_("own rating"), empty_value="–")
    def rated(self, report: Report) -> str | None:
        return report.get_self_rating_display() or None

    @admin.display(description=_("the ministry's rating"), empty_value="–")
    def ministry_rated(self, report: Report) -> str | None:
        return report.get_ministry_rating_display() or None


@admin.register(IndicatorTarget)
class IndicatorTargetAdmin(RegisterAdmin):
    """Baseline and target of one organisation, which its rivals do not see."""

    list_display = ("indicator", "organisation", "baseline", "target")
    list_filter = ("organisation",)
    list_select_related = ("indicator", "organisation")


@admin.register(FrozenScorecard)
class FrozenScorecardAdmin(ReadOnlyAdmin):
    """What was tabled and closed; a correction is a new one."""

    list_display = ("quarter_label", "body", "stage", "frozen_at", "short_hash", "corrects")
    list_filter = ("body", "stage")
    list_select_related = ("body", "supersedes")
    fields = ("body", "quarter", "stage", "frozen_at", "sha256", "supersedes", "reason")
    readonly_fields = fields
    verbs = (
        Verb(
            "correct", _("Freeze anew after a correction"), _correct,
            lambda frozen: not hasattr(frozen, "superseded_by"),
            _("This one stays; the new one is shown in its place and marked as a correction."), ReasonForm,
        ),
    )  # fmt: skip

    @admin.display(description=_("quarter"), ordering="quarter")
    def quarter_label(self, frozen: FrozenScorecard) -> str:
        return frozen.quarter.label

    @admin.display(description="SHA-256")
    def short_hash(self, frozen: FrozenScorecard) -> str:
        return frozen.sha256[:12]

    @admin.display(description=_("correction"), boolean=True)
    def corrects(self, frozen: FrozenScorecard) -> bool:
        return frozen.supersedes_id is not None


@admin.register(PublicQuarter)
class PublicQuarterAdmin(ReadOnlyAdmin):
    """What the public is told of a quarter; made from the round's page."""

    list_display = ("quarter_label", "body", "state", "shown_at", "released_at")
    list_filter = ("body", "state")
    list_select_related = ("body",)
    fields = ("body", "quarter", "state", "shown_at", "released_at", "withdrawn_because", "sha256")
    readonly_fields = fields
    change_form_template = "admin/council/public_quarter_form.html"
    verbs = (
        Verb(
            "release", _("Release to the public"), _release, lambda row: row.state == PublicQuarter.State.SHOWN,
            _("Everybody can read it as it was shown, if the body's public page is switched on."),
        ),
        Verb(
            "withdraw", _("Withdraw"), _withdraw, lambda row: row.state != PublicQuarter.State.WITHDRAWN,
            _("It is gone from the public page within a minute. It can be shown anew."), ReasonForm,
        ),
    )  # fmt: skip

    @admin.display(description=_("quarter"), ordering="quarter")
    def quarter_label(self, row: PublicQuarter) -> str:
        return row.quarter.label
