"""Minutes and decisions in the administration: the page on which they are written, and their steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.actions.operations.items import follow_up
from council.admin.base import ReadOnlyAdmin, ReasonForm, Verb
from council.admin.labels import LABEL_VERBS
from council.admin.mail import ReadOnlyInline
from council.admin.meetings import QuietForm
from council.admin.minutes_forms import DecisionForm, FollowUpForm, decision_choices, organisations_for
from council.admin.paperwork import RECORDING_VERB, RecordingInline
from council.admin.publication import PUBLISHING_VERBS
from council.core.actor import Actor
from council.core.calendar import BusinessCalendar, end_of, local_day
from council.core.reach import within_reach
from council.meetings.models import Deadline, DeadlineKind
from council.minutes.models import Confirmation, Decision, Minutes, MinutesComment, MinutesRevision, Publication
from council.minutes.operations import approval, circulation, decisions, writing
from council.minutes.operations.opinions import names_of
from council.minutes.states import MINUTES, MinutesState
from council.parties.models import Organisation
from council.web import gate
from council.web.issuing import issue_all
from council.workflows.approve_minutes import approve_minutes

# How long the organisations have where no step of the meeting says it: business days.
USUAL_TIME_TO_COMMENT = 5


def _circulate_form(minutes: Minutes, who: Standing) -> type[forms.Form]:
    """Asked are, to begin with, the organisations whose members were there, until the step for comments."""
    meeting, today = minutes.meeting, who.on
    there = meeting.participations.asked().filter(capacity="member").values("organisation")
    choices = visible_to(who, Organisation.objects.filter(pk__in=there).exclude(pk=minutes.convened_by_id))
    steps = visible_to(who, Deadline.objects.filter(meeting=meeting, kind=DeadlineKind.COMMENTS_DUE, waived_because=""))
    due = steps.first()
    usual = BusinessCalendar.load().shift(today, USUAL_TIME_TO_COMMENT)
    proposed = local_day(due.due_at) if due and local_day(due.due_at) > today else usual

    class CirculateForm(QuietForm):
        organisations = forms.ModelMultipleChoiceField(
            choices, label=_("Who is asked to confirm"), widget=forms.CheckboxSelectMultiple, initial=list(choices)
        )
        until = forms.DateField(
            label=_("Comments until the end of"),
            widget=forms.DateInput(attrs={"type": "date"}),
            initial=proposed,
            validators=[within_reach],
        )
        field_order = ("organisations", "until", "quiet")

    return CirculateForm


class VersionForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Everybody who reads the minutes reads it; name no organisation.")


class ApproveForm(QuietForm):
    approver = forms.CharField(
        label=_("Approved by"), max_length=100, help_text=_("Position and name of whoever signed, as on the document.")
    )
    route = forms.ChoiceField(label=_("Route"), choices=MinutesRevision.Route.choices, widget=forms.RadioSelect)
    on = forms.DateField(
        label=_("Day of approval"), widget=forms.DateInput(attrs={"type": "date"}), validators=[within_reach]
    )
    field_order = ("approver", "route", "on", "in_spite", "quiet")


def _approving(minutes: Minutes, who: Standing) -> type[forms.Form]:
    """With what was answered; where an objection stands, that it is approved all the same has to be said."""
    answers = list(minutes.newest.confirmations.select_related("organisation").order_by("organisation"))
    objecting = [row.organisation for row in answers if row.kind == Confirmation.Kind.OBJECTED]
    said = ", ".join(f"{row.organisation.short} – {row.get_kind_display()}" for row in answers)

    class Approving(ApproveForm):
        in_spite = forms.BooleanField(
            label=gettext("It is approved although %(names)s objected") % {"names": names_of(objecting)},
            help_text=gettext("Answers: %(answers)s.") % {"answers": said},
        )

    return Approving if objecting else ApproveForm


class NumberForm(forms.Form):
    number = forms.CharField(
        label=_("Registration number"),
        max_length=60,
        help_text=_("As the record system gave it, for example the division's name and a number. It is not changed."),
    )


def _circulate(minutes: Minutes, by: Actor, data: dict[str, Any]) -> None:
    circulation.circulate(
        minutes.newest,
        by=by,
        now=timezone.now(),
        organisations=data["organisations"],
        until=end_of(data["until"]),
        quiet=data["quiet"],
    )


def _revise(minutes: Minutes, by: Actor, data: dict[str, Any]) -> str:
    new = writing.next_version(minutes, by=by, because=data["reason"])
    return gettext("Version %(number)d is being written.") % {"number": new.number}


def _approve(minutes: Minutes, by: Actor, data: dict[str, Any]) -> None:
    said = approval.Approval(approver=data["approver"], route=data["route"], on=data["on"])
    revision = minutes.newest
    approve_minutes(revision, by=by, now=timezone.now(), approval=said, quiet=data["quiet"])
    # Drawing takes seconds; whoever asks first makes what is not there yet.
    transaction.on_commit(lambda: issue_all(revision, now=timezone.now()), robust=True)


def _register(minutes: Minutes, by: Actor, data: dict[str, Any]) -> None:
    if (version := _without_a_number(minutes)) is not None:
        approval.register_number(version, by=by, number=data["number"])


def _without_a_number(minutes: Minutes) -> MinutesRevision | None:
    """The oldest approved version that the record system's number is not known of."""
    return minutes.revisions.approved().filter(registration_number="").order_by("number").first()


def _needs_a_number(minutes: Minutes) -> bool:
    return _without_a_number(minutes) is not None


class RevisionInline(ReadOnlyInline):
    model = MinutesRevision
    fields = readonly_fields = (
        "number", "because", "circulated_at", "comments_until", "approved_on", "approver", "route",
        "registration_number",
    )  # fmt: skip
    ordering = ("-number",)


@admin.register(Minutes)
class MinutesAdmin(ReadOnlyAdmin):
    list_display = ("meeting", "body", "state", "label")
    list_filter = ("meeting__body", "state")
    list_select_related = ("meeting__body",)
    fields = ("meeting", "convened_by", "state", "label")
    inlines = (RevisionInline, RecordingInline)
    change_form_template = "admin/council/minutes_form.html"
    verbs = (
        Verb(
            "circulate", _("Circulate for comments"), _circulate,
            lambda minutes: minutes.state == MinutesState.DRAFT and minutes.meeting.state == "closed",
            _("The text stays as it is from now on. Those asked are told by e-mail; silence until the day counts as"
              " confirmation."),
            form_for=_circulate_form,
        ),
        Verb(
            "revise", _("Write the next version"), _revise,
            lambda minutes: MinutesState.DRAFT in MINUTES[minutes.state],
            _("It begins with the words of the last one. What others have read stays, and says that a newer one"
              " follows."),
            VersionForm,
        ),
        Verb(
            "approve", _("Enter the approval"), _approve,
            lambda minutes: minutes.state == MinutesState.CIRCULATED,
            _("From now on the record stands. Its decisions come into force and get their numbers; provisional action"
              " items are to be done, and everybody concerned is told by e-mail."),
            form_for=_approving,
        ),
        Verb(
            "register", _("Enter the registration number"), _register, _needs_a_number,
            _("The number under which the ministry's record system holds the approved version."), NumberForm,
        ),
        RECORDING_VERB,
        *PUBLISHING_VERBS,
        *LABEL_VERBS,
    )  # fmt: skip

    def render_change_form(self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        rows = gate.rows(request, Publication.objects.filter(revision__minutes=context["original"]))
        context["publications"] = rows.select_related("revision__minutes__meeting__body").order_by("-pk")
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("body"), ordering="meeting__body")
    def body(self, minutes: Minutes) -> str:
        return minutes.meeting.body.short


def _accept(comment: MinutesComment, by: Actor, data: dict[str, Any]) -> None:
    circulation.reply(comment, by=by, now=timezone.now(), accept=True, text=data["reply"])


def _decline(comment: MinutesComment, by: Actor, data: dict[str, Any]) -> None:
    circulation.reply(comment, by=by, now=timezone.now(), accept=False, text=data["reason"])


class ReplyForm(forms.Form):
    reply = forms.CharField(label=_("Reply"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


def _open(comment: MinutesComment) -> bool:
    return comment.state == MinutesComment.State.OPEN


@admin.register(MinutesComment)
class MinutesCommentAdmin(ReadOnlyAdmin):
    list_display = ("text", "organisation", "revision", "section", "state")
    list_filter = ("organisation", "state")
    list_select_related = ("organisation", "revision", "section")
    fields = ("revision", "section", "organisation", "text", "by", "state", "reply", "replied_by", "replied_at")
    verbs = (
        Verb(
            "accept", _("Accept the comment"), _accept, _open,
            _("Whoever made it is told by e-mail. It comes into the next version, which you write."), ReplyForm,
        ),
        Verb(
            "decline", _("Decline the comment"), _decline, _open,
            _("Whoever made it is told by e-mail, with the reason."), ReasonForm,
        ),
    )  # fmt: skip


def _wording_form(decision: Decision, who: Standing) -> type[forms.Form]:
    class Wording(DecisionForm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            names = ("kind", "text", "by_whom", "commitment", "effect", "label")
            kwargs["initial"] = {name: getattr(decision, name) for name in names}
            keep = "" if decision.is_told else decision.label
            super().__init__(*args, **decision_choices(who), keep_label=keep, **kwargs)

    return Wording


def _follow_up_form(decision: Decision, who: Standing) -> type[forms.Form]:
    class FollowUp(FollowUpForm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, organisations=organisations_for(who), **kwargs)

    return FollowUp


def _reword(decision: Decision, by: Actor, data: dict[str, Any]) -> None:
    decisions.change_decision(decision, by=by, wording=decisions.Wording(**data))


def _withdraw(decision: Decision, by: Actor, data: dict[str, Any]) -> None:
    decisions.withdraw_decision(decision, by=by, reason=data["reason"])


def _no_action(decision: Decision, by: Actor, data: dict[str, Any]) -> None:
    decisions.need_no_action(decision, by=by, because=data["reason"])


def _share(decision: Decision, by: Actor, data: dict[str, Any]) -> None:
    decisions.share_measure(decision, by=by, today=local_day(timezone.now()))


def _follow_up(decision: Decision, by: Actor, data: dict[str, Any]) -> str:
    made = follow_up(decision, by=by, today=local_day(timezone.now()), **data)
    return gettext("Action items given out: %(number)d.") % {"number": len(made)}


def _being_written(decision: Decision) -> bool:
    return decision.is_current and writing.being_written(decision.revision.minutes) is not None


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("reference", "text", "kind", "body", "by_whom", "in_force_at", "label")
    list_filter = ("body", "kind", "year", "label")
    list_select_related = ("body", "by_whom")
    search_fields = ("text",)
    fields = (
        "kind", "text", "by_whom", "commitment", "effect", "label", "in_force_at", "no_action",
        "withdrawn_because", "shared_with", "shared_on",
    )  # fmt: skip
    verbs = (
        Verb(
            "follow_up", _("Give out action items"), _follow_up, lambda one: one.is_current,
            _("One for each organisation chosen, under the decision's commitment. Provisional until the minutes are"
              " approved."),
            form_for=_follow_up_form,
        ),
        Verb(
            "need_no_action", _("No action needed"), _no_action, lambda one: one.is_current and not one.no_action,
            _("Then the meeting can be closed without an action item for it."), ReasonForm,
        ),
        Verb(
            "reword", _("Change the wording"), _reword, _being_written,
            _("What others have read stays in the record, and says by what it was replaced."), form_for=_wording_form,
        ),
        Verb(
            "withdraw", _("Withdraw the decision"), _withdraw,
            lambda one: _being_written(one) and one.in_force_at is None,
            _("It was written down by mistake; it stays in the record."), ReasonForm,
        ),
        Verb(
            "share", _("Share the measure with the council"), _share,
            lambda one: one.kind == Decision.Kind.MEASURE and one.in_force_at is not None and one.shared_on is None,
        ),
        *LABEL_VERBS,
    )  # fmt: skip

    @admin.display(description=_("number"), ordering="number")
    def reference(self, decision: Decision) -> str:
        return decision.reference or "–"
