"""Action items: giving them out, reading what was handed in, verifying or returning it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from council.actions.models import (
    ActionItem,
    CheckPoint,
    EscalationRule,
    ExtensionRequest,
    ProgressUpdate,
)
from council.actions.operations.comments import comment_on
from council.actions.operations.extensions import grant_extension, refuse_extension
from council.actions.operations.items import cancel_action, change_action, open_action
from council.actions.operations.judging import return_action, verify_action
from council.actions.operations.progress import Progress, enter_progress
from council.actions.queries import climbing, open_extension
from council.actions.states import ACTION, OWED, SETTLED, ActionState, ExtensionState
from council.admin.action_forms import AnswerForm, CommentForm, EnterForm, RefusalForm, return_form, verify_form
from council.admin.base import ReasonForm, RegisterAdmin, Verb
from council.admin.bulk import BulkAdmin
from council.admin.choices import Choices
from council.admin.filters import ChosenFilter, DueQuarterFilter, PillarFilter
from council.admin.importing import Import, ImportingAdmin
from council.admin.labels import LABEL_VERBS, READERS_VERB
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import SomebodyWasFaster
from council.core.labels import Label
from council.overview.thread import action_thread
from council.parties.models import Body, Organisation
from council.web import gate
from council.workflows.escalate_overdue import stop_climbing
from council.workflows.import_rows import ACTION_COLUMNS, import_actions


class OverdueFilter(ChosenFilter):
    title = _("past its date")
    parameter_name = "overdue"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("past its date"))]

    def narrow(self, queryset: Any, value: str) -> QuerySet[Any]:
        overdue: QuerySet[Any] = queryset.overdue(today=local_day(timezone.now()))
        return overdue


class ExtensionFilter(ChosenFilter):
    title = _("extension")
    parameter_name = "extension"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("asked", _("requested"))]

    def narrow(self, queryset: Any, value: str) -> QuerySet[Any]:
        asked: QuerySet[Any] = queryset.filter(extensions__state=ExtensionState.REQUESTED)
        return asked


class EscalationFilter(ChosenFilter):
    title = _("escalation")
    parameter_name = "escalation"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return list(EscalationRule.Step.choices)

    def narrow(self, queryset: Any, value: str) -> QuerySet[Any]:
        climbed: QuerySet[Any] = queryset.filter(pk__in=climbing().filter(step=value).values("action"))
        return climbed


class ActionForm(forms.ModelForm[ActionItem]):
    """For a new item, owners are chosen several at once: each gets an item of its own."""

    owners = Choices(
        Organisation.objects.all(),
        label=_("owners"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each owner gets an item of its own. The others see it only if its label is TLP:AMBER or wider."),
    )

    class Meta:
        model = ActionItem
        fields = ("title", "description", "body", "commitment", "pillar", "due_on", "label")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned and (owners := cleaned.get("owners")):
            self.instance.owner = owners[0]
        return cleaned


def _verify(action: ActionItem, by: Actor, data: dict[str, Any]) -> None:
    verify_action(action, by=by, now=timezone.now(), comment=data["comment"], met=data.get("met", ()))


def _return(action: ActionItem, by: Actor, data: dict[str, Any]) -> None:
    return_action(action, by=by, now=timezone.now(), comment=data["comment"], met=data.get("met", ()))


def _cancel(action: ActionItem, by: Actor, data: dict[str, Any]) -> None:
    cancel_action(action, by=by, reason=data["reason"])


def _enter(action: ActionItem, by: Actor, data: dict[str, Any]) -> None:
    progress = Progress(percent=data["percent"], text=data["text"], label=Label.AMBER_STRICT, uploads=data["uploads"])
    enter_progress(action, by=by, now=timezone.now(), progress=progress, received=data["received"])


def _comment(action: ActionItem, by: Actor, data: dict[str, Any]) -> None:
    comment_on(action, by=by, now=timezone.now(), text=data["text"])


def _grant(action: ActionItem, by: Actor, data: dict[str, Any]) -> None:
    grant_extension(_asked(action), by=by, now=timezone.now(), answer=data["answer"])


def _refuse(action: ActionItem, by: Actor, data: dict[str, Any]) -> None:
    refuse_extension(_asked(action), by=by, now=timezone.now(), answer=data["answer"])


def _asked(action: ActionItem) -> ExtensionRequest:
    """SomebodyWasFaster if it has been answered or withdrawn meanwhile."""
    if (request := open_extension(action)) is None:
        raise SomebodyWasFaster(_("The request has been answered or withdrawn meanwhile."))
    return request


def _stop(action: ActionItem, by: Actor, data: dict[str, Any]) -> None:
    stop_climbing(action, by=by, now=timezone.now(), reason=data["reason"])


def _climbs(action: ActionItem) -> bool:
    return climbing().filter(action=action).exists()


def _extension_asked(action: ActionItem) -> bool:
    return open_extension(action) is not None


def _leads_to(state: str) -> Any:
    return lambda action: state in ACTION[action.state]


@admin.register(ActionItem)
class ActionItemAdmin(ImportingAdmin, BulkAdmin):
    importing = Import(
        ACTION_COLUMNS,
        lambda request: gate.rows(request, Body.objects.filter(pk__in=request.standing.secretariat_of)),
        _("body"),
        lambda rows, body, by, dry: import_actions(rows, body=body, by=by, today=local_day(timezone.now()), dry=dry),
        _("Each line becomes an action item, and its owner is told by e-mail. Owners and commitments by their codes."),
    )
    form = ActionForm
    list_display = (
        "reference",
        "owner",
        "title",
        "pillar_short",
        "due_on",
        "progress_percent",
        "label",
        "state",
        "overdue",
    )
    list_display_links = ("reference", "title")
    list_filter = (
        "state",
        OverdueFilter,
        ExtensionFilter,
        EscalationFilter,
        "owner",
        "label",
        PillarFilter,
        DueQuarterFilter,
    )
    search_fields = ("title", "description", "commitment__code", "commitment__title_ko")
    readonly_fields = ("reference", "state", "original_due_on")
    change_form_template = "admin/council/action_form.html"
    verbs = (
        Verb(
            "verify", _("Verify"), _verify, _leads_to(ActionState.VERIFIED),
            _("The item is done. Its owner is told by e-mail."), form_for=verify_form,
        ),
        Verb(
            "return", _("Request completion"), _return, _leads_to(ActionState.RETURNED),
            _("The owner is told by e-mail what is missing."), form_for=return_form,
        ),
        Verb(
            "grant_extension", _("Grant the extension"), _grant, _extension_asked,
            _("The item is due on the requested day from now on; the earlier days stay visible."), AnswerForm,
        ),
        Verb(
            "refuse_extension", _("Do not grant the extension"), _refuse, _extension_asked,
            _("The due date stays. The owner is told by e-mail."), RefusalForm,
        ),
        Verb(
            "enter", _("Enter a report for the owner"), _enter, lambda action: action.state in OWED,
            _("For what came by letter. It is marked as entered by the ministry, and the owner is told."), EnterForm,
        ),
        Verb(
            "comment", _("Write a comment"), _comment, lambda action: not action.is_unborn,
            _("Only the owner and the ministry read it; the owner is told by e-mail."), CommentForm,
        ),
        Verb(
            "stop_escalation", _("Stop the escalation"), _stop, _climbs,
            _("It climbs no further for what it hangs on now, and goes off the agenda it was put on."), ReasonForm,
        ),
        Verb(
            "cancel", _("Cancel the item"), _cancel, _leads_to(ActionState.CANCELLED),
            _("Nothing more is expected on it."), ReasonForm,
        ),
        *LABEL_VERBS,
        READERS_VERB,
    )  # fmt: skip

    on_several = ("verify", "return", "grant_extension", "cancel")

    def get_queryset(self, request: Any) -> QuerySet[ActionItem]:
        rows: Any = super().get_queryset(request)
        reports = gate.rows(request, ProgressUpdate.objects.all())
        shown: QuerySet[ActionItem] = rows.for_display().with_progress(reports)
        return shown

    def get_fieldsets(self, request: Any, obj: ActionItem | None = None) -> Any:
        what = ["title", "description", "body", "commitment", "pillar", "due_on", "label"]
        if obj is None:
            return [(None, {"fields": ["owners", *what]})]
        fields = ["reference", "state", "owner", "assignee", *what, "readers", "original_due_on"]
        return [(None, {"fields": fields})]

    def get_readonly_fields(self, request: Any, obj: ActionItem | None = None) -> Any:
        return self.readonly_fields if obj is None else (*self.readonly_fields, "owner", "body", "label", "readers")

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None:
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change=change, **kwargs)

    def render_change_form(self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """With what was handed in and answered, as the reader may see it."""
        if (action := context.get("original")) is not None:
            context["thread"] = action_thread(request.standing, action, now=timezone.now())
        return super().render_change_form(request, context, *args, **kwargs)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return (obj is None or obj.state not in SETTLED) and super().has_change_permission(request, obj)

    def keep(self, row: ActionItem, *, by: Actor, form: Any, is_new: bool) -> None:
        today = local_day(timezone.now())
        if not is_new:
            change_action(row, by=by, today=today)
            return
        first, *others = form.cleaned_data["owners"]
        row.owner = first
        open_action(row, by=by, today=today)
        for owner in others:
            open_action(_alike(row, owner), by=by, today=today)

    @admin.display(description=_("reference"), ordering="number")
    def reference(self, action: ActionItem) -> str:
        return action.reference

    @admin.display(description=_("pillar"))
    def pillar_short(self, action: ActionItem) -> str:
        return action.own_pillar.short if action.own_pillar else "–"

    @admin.display(description="%")
    def progress_percent(self, action: Any) -> int | None:
        percent: int | None = action.progress
        return percent

    @admin.display(description=_("past its date"), empty_value="")
    def overdue(self, action: ActionItem) -> str | None:
        return str(_("past its date")) if action.is_overdue(local_day(timezone.now())) else None


def _alike(action: ActionItem, owner: Organisation) -> ActionItem:
    """The same item for another owner."""
    names = ("title", "description", "body", "commitment", "pillar", "due_on", "label")
    return ActionItem(owner=owner, **{name: getattr(action, name) for name in names})


@admin.register(EscalationRule)
class EscalationRuleAdmin(RegisterAdmin):
    """When what hangs climbs; what climbed already stays as it is."""

    list_display = ("body", "cause", "step", "business_days")
    list_display_links = ("cause",)
    list_filter = ("body", "cause")
    list_select_related = ("body",)


@admin.register(CheckPoint)
class CheckPointAdmin(RegisterAdmin):
    """What is looked at before an item is verified; answers given before keep the words of their day."""

    list_display = ("text_ko", "body", "position")
    list_filter = ("body",)
    list_select_related = ("body",)
