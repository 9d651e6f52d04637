"""What stands beside the minutes in the administration: recordings, official documents, forms of a division."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.admin.base import ReadOnlyAdmin, ReasonForm, RegisterAdmin, Verb
from council.admin.mail import ReadOnlyInline
from council.core.actor import Actor
from council.core.reach import within_reach
from council.documents.forms import FIELDS, NotAForm, fields_in, filled, unknown_fields
from council.documents.official import Grid, Line, Official
from council.meetings.models import Meeting
from council.meetings.states import BEGUN
from council.minutes.models import DocumentForm, Minutes, MinutesRevision, OfficialDocument, Recording
from council.minutes.operations import paperwork
from council.overview.official import HEADINGS

SCANNED = _("State secrets (Ⅰ to Ⅲ) do not belong in this system: give the number under which they are kept.")


class RecordingForm(forms.Form):
    kind = forms.ChoiceField(label=_("What it is"), choices=Recording.Kind.choices, widget=forms.RadioSelect)
    upload = forms.FileField(label=_("File"), required=False, help_text=SCANNED)
    kept_as = forms.CharField(
        label=_("Kept elsewhere as"),
        max_length=100,
        required=False,
        help_text=_("The number in the ministry's record system. Sound is kept there."),
    )
    closed_until = forms.DateField(
        label=_("Not open until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Ten years at the most, from the first of January after the meeting."),
        validators=[within_reach],
    )


def _add_recording(minutes: Minutes, by: Actor, data: dict[str, Any]) -> None:
    paperwork.add_recording(minutes, by=by, now=timezone.now(), **data)


# On the page of minutes.
RECORDING_VERB = Verb(
    "add_recording",
    _("Add a recording"),
    _add_recording,
    lambda minutes: minutes.meeting.state in BEGUN,
    _("A stenographic record, or a recording with its transcript: a designated meeting needs it before the approval."),
    RecordingForm,
)


class RecordingInline(ReadOnlyInline):
    model = Recording
    fields = readonly_fields = ("kind", "file", "kept_as", "closed_until", "added_at", "withdrawn_because")
    show_change_link = True


def _withdraw_recording(row: Recording, by: Actor, data: dict[str, Any]) -> None:
    paperwork.withdraw_recording(row, by=by, reason=data["reason"])


@admin.register(Recording)
class RecordingAdmin(ReadOnlyAdmin):
    list_display = ("minutes", "kind", "kept_as", "closed_until", "added_at", "withdrawn_because")
    list_filter = ("kind",)
    list_select_related = ("minutes__meeting",)
    fields = ("minutes", "kind", "file", "kept_as", "closed_until", "added_by", "added_at", "withdrawn_because")
    verbs = (
        Verb(
            "withdraw", _("Withdraw the recording"), _withdraw_recording, lambda row: not row.withdrawn_because,
            _("It was added by mistake; it stays in the record."), ReasonForm,
        ),
    )  # fmt: skip


class ReferForm(forms.Form):
    kind = forms.ChoiceField(label=_("What it is"), choices=OfficialDocument.Kind.choices)
    document_number = forms.CharField(label=_("Document number"), max_length=60)
    approver = forms.CharField(
        label=_("Approved by"), max_length=100, help_text=_("Position and name of whoever signed, as on the document.")
    )
    route = forms.ChoiceField(label=_("Route"), choices=MinutesRevision.Route.choices, widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=_("Sent by"), choices=OfficialDocument.Channel.choices, widget=forms.RadioSelect)
    sent_at = forms.DateTimeField(
        label=_("Sent at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=[within_reach],
    )


def _refer(meeting: Meeting, by: Actor, data: dict[str, Any]) -> None:
    paperwork.refer_to(meeting, by=by, now=timezone.now(), reference=paperwork.Reference(**data))


# On the page of a meeting.
REFER_VERB = Verb(
    "refer",
    _("Enter an official document"),
    _refer,
    lambda meeting: True,
    _(
        "The number of a document that was approved and sent in the ministry's document system. What was sent is shown"
        " with the meeting."
    ),
    ReferForm,
)


class OfficialDocumentInline(ReadOnlyInline):
    model = OfficialDocument
    fields = readonly_fields = (
        "kind",
        "document_number",
        "approver",
        "route",
        "channel",
        "sent_at",
        "withdrawn_because",
    )
    show_change_link = True


def _withdraw_reference(row: OfficialDocument, by: Actor, data: dict[str, Any]) -> None:
    paperwork.withdraw_reference(row, by=by, reason=data["reason"])


@admin.register(OfficialDocument)
class OfficialDocumentAdmin(ReadOnlyAdmin):
    list_display = ("document_number", "kind", "meeting", "approver", "route", "channel", "sent_at")
    list_filter = ("meeting__body", "kind", "channel")
    list_select_related = ("meeting__body",)
    search_fields = ("document_number",)
    fields = (
        "meeting", "kind", "document_number", "approver", "route", "channel", "sent_at", "entered_by",
        "withdrawn_because",
    )  # fmt: skip
    verbs = (
        Verb(
            "withdraw", _("Take the entry back"), _withdraw_reference, lambda row: not row.withdrawn_because,
            _("It was entered by mistake; it stays in the record."), ReasonForm,
        ),
    )  # fmt: skip


# A form is filled with this when it is handed in: one that breaks is refused then, and not on the day it is needed.
A_TRIAL = Official(
    title="제목", language="ko", author="기관", made_at=datetime(2026, 1, 1, tzinfo=UTC), label="TLP:AMBER",
    marking="안", facts=(("일시", "2026. 1. 1."),), parts=(Line("본문", 0), Grid("표", ("열",), (("칸",),), (100,))),
    attachments=("붙임",),
)  # fmt: skip


class HouseForm(forms.ModelForm[DocumentForm]):
    """A form that is handed in; which merge fields it has is looked at before it is kept."""

    upload = forms.FileField(
        label=_("Form (HWPX)"),
        help_text=_(
            "With merge fields such as {{제목}}, {{본문}} or click-here fields of these names. Documents issued before"
            " stay as they are."
        ),
    )

    class Meta:
        model = DocumentForm
        fields = ("body", "kind")

    found: tuple[str, ...] = ()

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        content = upload.read()
        upload.seek(0)
        try:
            self.found = fields_in(content)
            strange = unknown_fields(self.found, HEADINGS)
            if not strange:
                filled(content, A_TRIAL, known=HEADINGS)
        except NotAForm as flaw:
            raise forms.ValidationError(str(flaw)) from flaw
        if strange:
            raise forms.ValidationError(
                gettext("These merge fields are not known: %(names)s.") % {"names": ", ".join(strange)}
            )
        if not self.found:
            raise forms.ValidationError(gettext("The form has no merge fields."))
        return upload


def _put_aside(row: DocumentForm, by: Actor, data: dict[str, Any]) -> None:
    paperwork.put_aside(row, by=by, now=timezone.now())


@admin.register(DocumentForm)
class DocumentFormAdmin(RegisterAdmin):
    form = HouseForm
    list_display = ("kind", "body", "created_at", "put_aside_at")
    list_filter = ("body", "kind")
    list_select_related = ("body",)
    readonly_fields = ("file", "found", "added_by", "put_aside_at")
    verbs = (
        Verb(
            "put_aside", _("Put the form aside"), _put_aside, lambda row: row.put_aside_at is None,
            _("Documents come out in the system's own form again. What was issued stays as it is."),
        ),
    )  # fmt: skip

    def get_fieldsets(self, request: Any, obj: DocumentForm | None = None) -> Any:
        if obj is not None:
            return [(None, {"fields": ["body", "kind", "file", "found", "added_by", "put_aside_at"]})]
        names = [korean[0] for korean in FIELDS.values()] + [gettext(one) for one in HEADINGS]
        marked = " ".join(f"{{{{{name}}}}}" for name in dict.fromkeys(names))
        said = gettext("Merge fields: %(names)s") % {"names": marked}
        return [(None, {"fields": ["body", "kind", "upload"], "description": said})]

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("merge fields"))
    def found(self, row: DocumentForm) -> str:
        return ", ".join(row.fields_found) or "–"

    def keep(self, row: DocumentForm, *, by: Actor, form: Any, is_new: bool) -> None:
        made = paperwork.use_form(
            row.body,
            by=by,
            now=timezone.now(),
            kind=row.kind,
            upload=form.cleaned_data["upload"],
            fields=form.found,
        )
        row.pk = made.pk
