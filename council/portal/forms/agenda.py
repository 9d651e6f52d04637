"""Proposing an item and handing in papers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from council.core.labels import Label, choices_of
from council.core.reach import within_reach
from council.declaration.models import Commitment, Pillar
from council.meetings.models import AgendaItem, Paper
from council.portal.forms.layout import laid_out
from council.portal.forms.participation import ReasonForm

# What somebody hands in may carry; TLP:RED names its readers and is the secretary's to give.
LABELS = choices_of(label for label in Label if label != Label.RED)


class ProposalForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=AgendaItem.Kind.choices, initial=AgendaItem.Kind.DISCUSSION)
    background = forms.CharField(
        label=_("Background"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=10_000,
        required=False,
        help_text=_("No prices, output, costs or terms of trade, and no state secrets."),
    )
    commitment = forms.ModelChoiceField[Commitment](None, label=_("Commitment"), required=False)
    pillar = forms.ModelChoiceField[Pillar](
        None, label=_("Pillar"), required=False, help_text=_("Only if it belongs to no commitment.")
    )
    duration = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=600, initial=10)
    label = forms.ChoiceField(
        label=_("Label"),
        choices=LABELS,
        initial=Label.AMBER,
        help_text=_(
            "What stands on the agenda is TLP:AMBER or wider; a stricter proposal is between you and the ministry."
        ),
    )
    # Which state of the item it was written over.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        commitments: QuerySet[Commitment],
        pillars: QuerySet[Pillar],
        keep_label: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commitment"].queryset = commitments  # type: ignore[attr-defined]
        self.fields["pillar"].queryset = pillars  # type: ignore[attr-defined]
        if keep_label:
            # Also one that nobody could choose here: it was made stricter since.
            self.fields["label"].choices = [(keep_label, keep_label)]  # type: ignore[attr-defined]
            self.fields["label"].disabled = True
            self.fields["label"].initial = keep_label
        self.helper = laid_out("propose", _("Propose the item"))


class PaperForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Paper.Kind.choices)
    label = forms.ChoiceField(label=_("Label"), choices=LABELS, initial=Label.AMBER_STRICT)
    upload = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("PDF, HWP, HWPX, DOCX, XLSX, PPTX, PNG, JPG, CSV or TXT, up to 30 MB."),
    )
    document_number = forms.CharField(
        label=_("Document number"),
        max_length=100,
        required=False,
        help_text=_("Instead of a file, if it is kept elsewhere. State secrets must not be entered."),
    )
    embargo = forms.DateTimeField(
        label=_("Not before"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=[within_reach],
        help_text=_("Until then only your organisation and the secretariat see it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("add_paper", _("Hand in the paper"))


class VersionForm(forms.Form):
    upload = forms.FileField(label=_("File"))
    remark = forms.CharField(label=_("What has changed"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("supersede", _("Hand in the newer version"))


class WithdrawForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("withdraw", _("Withdraw it"))
