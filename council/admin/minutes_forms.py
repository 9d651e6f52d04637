"""The forms in which minutes are written: the meeting as a whole, one item, a decision, what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Case, QuerySet, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.core.labels import Label, choices_of
from council.core.reach import within_reach
from council.declaration.models import Commitment
from council.meetings.models import Participation
from council.minutes.models import Decision, MinutesRevision, MinutesSection
from council.minutes.operations.decisions import Wording
from council.minutes.operations.writing import COLUMNS, LONGEST, Head, Part, Said
from council.parties.models import Organisation
from council.web.fields import Day, LongText

# Lines for further speakers, on every page anew.
BLANK = 2
LABELS = choices_of(label for label in Label if label.width >= Label.AMBER.width)


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=[within_reach],
    )


class HeadForm(forms.Form):
    """What a version says of the meeting as a whole."""

    title = forms.CharField(label=_("Name of the meeting"), max_length=200, required=False)
    starts_at = _moment(_("Began at"))
    ends_at = _moment(_("Ended at"))
    venue = forms.CharField(label=_("Place"), max_length=200, required=False)
    proceedings = LongText(_("Order of proceedings"), rows=6, longest=LONGEST)
    summary = LongText(_("Summary"), rows=4, longest=LONGEST)
    keywords = forms.CharField(label=_("Keywords"), max_length=300, required=False, help_text=_("Separated by commas."))
    seen = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, revision: MinutesRevision) -> HeadForm:
        stored = {name: getattr(revision, name) for name in Head.__slots__}
        return cls(initial=stored | {"seen": revision.version}, prefix="head")

    def head(self) -> Head:
        return Head(**{name: self.cleaned_data[name] for name in Head.__slots__})


class SpeakerField(forms.ModelChoiceField[Participation]):
    def label_from_instance(self, obj: Participation) -> str:
        return f"{obj.organisation.short} · {obj.attends_in_person.name}"


def offer(field: Any, rows: Sequence[Any]) -> None:
    """Let a field show rows that were read once for all forms of a page; what is sent is looked for as always."""
    blank = [] if isinstance(field, forms.ModelMultipleChoiceField) else [("", "–")]
    field.choices = [*blank, *((row.pk, field.label_from_instance(row)) for row in rows)]


class SaidForm(forms.Form):
    """What one speaker said."""

    speaker = SpeakerField(None, label=_("Speaker"), required=False, empty_label="–")
    text = LongText(_("Gist of the remarks"), rows=3, longest=LONGEST)
    private = forms.BooleanField(
        label=_("Annex for this organisation alone"),
        required=False,
        help_text=_("Only this organisation and the secretariat read it."),
    )

    def __init__(
        self,
        *args: Any,
        speakers: QuerySet[Participation],
        offered: Sequence[Participation] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["speaker"]
        field.queryset = speakers
        if offered is not None:
            offer(field, offered)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("text", "").strip() and not data.get("speaker") and "speaker" not in self.errors:
            self.add_error("speaker", _("Say who spoke."))
        return data


SaidFormSet = forms.formset_factory(SaidForm, extra=BLANK)


class PartForm(forms.Form):
    """What was said and decided on one item; the lines of the speakers are a set of forms beside it (``said``)."""

    gist = LongText(
        _("Gist, without a speaker"),
        rows=3,
        longest=LONGEST,
        help_text=_("From the notes of the meeting. If nothing was remarked, write so."),
    )
    no_decision = forms.BooleanField(label=_("Nothing was decided"), required=False)
    vote = forms.ChoiceField(label=_("Vote"), choices=MinutesSection.Vote.choices, required=False)
    voters = forms.IntegerField(label=_("Who voted"), min_value=0, max_value=1000, required=False)
    votes_for = forms.IntegerField(label=_("For"), min_value=0, max_value=1000, required=False)
    votes_against = forms.IntegerField(label=_("Against"), min_value=0, max_value=1000, required=False)
    votes_abstained = forms.IntegerField(label=_("Abstained"), min_value=0, max_value=1000, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    said: Any

    @classmethod
    def of(
        cls, section: MinutesSection, speakers: QuerySet[Participation], offered: Sequence[Participation]
    ) -> PartForm:
        form = cls(
            initial={name: getattr(section, name) for name in COLUMNS} | {"seen": section.version},
            prefix=f"part-{section.pk}",
        )
        stored = [
            {"speaker": one.speaker_id, "text": one.text, "private": one.private} for one in section.remarks.all()
        ]
        lines = {"speakers": speakers, "offered": offered}
        form.said = SaidFormSet(initial=stored, prefix=f"said-{section.pk}", form_kwargs=lines)
        return form

    @classmethod
    def sent(cls, data: Any, section: MinutesSection, speakers: QuerySet[Participation]) -> PartForm:
        form = cls(data, prefix=f"part-{section.pk}")
        form.said = SaidFormSet(data, prefix=f"said-{section.pk}", form_kwargs={"speakers": speakers})
        return form

    @property
    def vote_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("vote", "voters", "votes_for", "votes_against", "votes_abstained")]

    def is_whole(self) -> bool:
        """Whether both what is here and the lines of the speakers are filled in rightly."""
        return all([self.is_valid(), self.said.is_valid()])

    def part(self) -> Part:
        lines = [line.cleaned_data for line in self.said if line.cleaned_data.get("text", "").strip()]
        remarks = [Said(speaker=line["speaker"], text=line["text"], private=line["private"]) for line in lines]
        return Part(remarks=remarks, **{name: self.cleaned_data[name] for name in COLUMNS})


def organisations_for(who: Standing) -> QuerySet[Organisation]:
    """Of whom a decision can be, and who can be given something to do: the carriers first, whom it mostly is."""
    carriers_first = Case(When(kind=Organisation.Kind.CARRIER, then=0), default=1)
    return visible_to(who, Organisation.objects.order_by(carriers_first, "kind", "code"))


def decision_choices(who: Standing) -> dict[str, Any]:
    """What a decision's form offers: of whom it is, and to which commitment it belongs."""
    commitments = visible_to(who, Commitment.objects.exclude(state=Commitment.State.WITHDRAWN).order_by("code"))
    return {"organisations": organisations_for(who), "commitments": commitments}


class DecisionForm(forms.Form):
    """A decision on an item, or its new wording."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Decision.Kind.choices)
    text = LongText(_("Text"), rows=3, longest=LONGEST, required=True)
    by_whom = forms.ModelChoiceField[Organisation](
        None,
        label=_("Of whom"),
        required=False,
        empty_label="–",
        help_text=_("Who promises, or who is asked; empty: all together."),
    )
    commitment = forms.ModelChoiceField[Commitment](None, label=_("Commitment"), required=False, empty_label="–")
    effect = forms.ChoiceField(label=_("Effect on the commitment"), choices=Decision.Effect.choices, required=False)
    label = forms.ChoiceField(label=_("Label"), choices=LABELS, initial=Label.AMBER)

    def __init__(
        self,
        *args: Any,
        organisations: QuerySet[Organisation],
        commitments: QuerySet[Commitment],
        keep_label: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["by_whom"].queryset, fields["commitment"].queryset = organisations, commitments
        if keep_label:
            fields["label"].disabled, fields["label"].initial = True, keep_label

    def offer(self, organisations: Sequence[Organisation], commitments: Sequence[Commitment]) -> DecisionForm:
        """The same with choices that were read before."""
        offer(self.fields["by_whom"], organisations)
        offer(self.fields["commitment"], commitments)
        return self

    def wording(self) -> Wording:
        return Wording(**self.cleaned_data)


class FollowUpForm(forms.Form):
    """What is to be done on a decision: one item for each organisation chosen."""

    owners = forms.ModelMultipleChoiceField[Organisation](
        None,
        label=pgettext_lazy("action", "For whom"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each gets an item of its own."),
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    due_on = Day(_("Due on"))

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners: Any = self.fields["owners"]
        owners.queryset = organisations

    def offer(self, organisations: Sequence[Organisation]) -> FollowUpForm:
        """The same with choices that were read before."""
        offer(self.fields["owners"], organisations)
        return self
