"""Action items: giving them out, reading what was handed in, verifying or returning it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from council.actions.models import ActionItem, ProgressUpdate
from council.actions.operations import cancel_action, change_action, open_action, return_action, verify_action
from council.actions.states import ACTION, SETTLED, ActionState
from council.admin.base import ReasonForm, RegisterAdmin, Verb
from council.admin.choices import Choices
from council.admin.filters import ChosenFilter, DueQuarterFilter, PillarFilter
from council.admin.labels import LABEL_VERBS, READERS_VERB
from council.core.actor import Actor
from council.core.calendar import local_day
from council.overview.thread import action_thread
from council.parties.models import Organisation
from council.web import gate


class OverdueFilter(ChosenFilter):
    title = _("past its date")
    parameter_name = "overdue"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("past its date"))]

    def narrow(self, queryset: Any, value: str) -> QuerySet[Any]:
        overdue: QuerySet[Any] = queryset.overdue(today=local_day(timezone.now()))
        return overdue


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


class VerifyForm(forms.Form):
    comment = forms.CharField(label=_("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 4}))


class ReturnForm(forms.Form):
    comment = forms.CharField(label=_("What is missing"), widget=forms.Textarea(attrs={"rows": 4}))


def _verify(action: ActionItem, by: Actor, data: dict[str, Any]) -> None:
    verify_action(action, by=by, now=timezone.now(), comment=data["comment"])


def _return(action: ActionItem, by: Actor, data: dict[str, Any]) -> None:
    return_action(action, by=by, now=timezone.now(), comment=data["comment"])


def _cancel(action: ActionItem, by: Actor, data: dict[str, Any]) -> None:
    cancel_action(action, by=by, reason=data["reason"])


def _leads_to(state: str) -> Any:
    return lambda action: state in ACTION[action.state]


@admin.register(ActionItem)
class ActionItemAdmin(RegisterAdmin):
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
    list_filter = ("state", OverdueFilter, "owner", "label", PillarFilter, DueQuarterFilter)
    search_fields = ("title", "description", "commitment__code", "commitment__title_ko")
    readonly_fields = ("reference", "state", "original_due_on")
    change_form_template = "admin/council/action_form.html"
    verbs = (
        Verb(
            "verify", _("Verify"), _verify, _leads_to(ActionState.VERIFIED),
            _("The item is done. Its owner is told by e-mail."), VerifyForm,
        ),
        Verb(
            "return", _("Request completion"), _return, _leads_to(ActionState.RETURNED),
            _("The owner is told by e-mail what is missing."), ReturnForm,
        ),
        Verb(
            "cancel", _("Cancel the item"), _cancel, _leads_to(ActionState.CANCELLED),
            _("Nothing more is expected on it."), ReasonForm,
        ),
        *LABEL_VERBS,
        READERS_VERB,
    )  # fmt: skip

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
