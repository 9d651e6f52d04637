"""Release, tightening, named readers and the ground for not disclosing: the same steps for everything with a label."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.admin.base import ReasonForm, Verb
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import DomainError
from council.core.labels import Disclosure, Ground, Label, Labelled, choices_of, withholding_flaws
from council.core.reach import within_reach
from council.parties.models import Person, Seat
from council.release.operations import decide_disclosure, disclosure_flaws, name_readers, release, tighten
from council.web.errors import add_to_form


def _label_form(labels: list[Label]) -> type[forms.Form]:
    """A reason, and one of these labels with whom each reaches."""

    class LabelForm(ReasonForm):
        to = forms.ChoiceField(
            label=_("New label"),
            choices=choices_of(labels),
            widget=forms.RadioSelect,
        )
        field_order = ("to", "reason")

    return LabelForm


def _wider(row: Labelled, who: Standing) -> type[forms.Form]:
    return _label_form(Label(row.label).wider)


def _stricter(row: Labelled, who: Standing) -> type[forms.Form]:
    return _label_form([label for label in Label(row.label).stricter if row.refuses_label(label) is None])


class PeopleField(forms.ModelMultipleChoiceField[Person]):
    """People with their organisation before the name."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Person) -> str:
        return f"{obj.organisation.short} · {obj.name}"


def _readers_form(row: Any, who: Standing) -> type[forms.Form]:
    """Of those seated, the owner's people and the ministry's."""
    seated = visible_to(who, Person.objects.filter(pk__in=Seat.objects.valid_on(who.on).values("person")))
    seated = seated.filter(organisation__in=[row.label_owner_id, who.organisation_id])

    class ReadersForm(ReasonForm):
        people = PeopleField(
            seated.select_related("organisation"),
            label=_("Readers"),
            required=False,
            initial=list(row.readers.values_list("pk", flat=True)),
            help_text=_("Besides the secretary. Everybody else, colleagues too, does not see it."),
        )
        field_order = ("people", "reason")

    return ReadersForm


class GroundsForm(forms.Form):
    """By what right something is withheld from the public, why, and until when."""

    grounds = forms.TypedMultipleChoiceField(
        label=_("Grounds: Information Disclosure Act, Article 9 (1)"),
        choices=Ground.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What falls under items 1 to 4 (secrets, security, life and body, trials) does not belong here."),
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    review_on = forms.DateField(
        label=_("To be reviewed on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_(
            "Once the reason is gone, it is to be opened. Needed, like a ground and a reason, unless it is open."
        ),
        validators=[within_reach],
    )

    def flaws(self, data: dict[str, Any]) -> Iterable[DomainError]:
        """All at once, so that nobody is sent back three times."""
        return withholding_flaws(**data, today=local_day(timezone.now()))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            for flaw in self.flaws(data):
                add_to_form(self, flaw)
        return data


class DisclosureForm(GroundsForm):
    disclosure = forms.ChoiceField(label=_("Disclosure"), choices=Disclosure.choices, required=False)
    field_order = ("disclosure", "grounds", "reason", "review_on")

    def flaws(self, data: dict[str, Any]) -> Iterable[DomainError]:
        return disclosure_flaws(**data, today=local_day(timezone.now()))


def _disclosure_form(row: Labelled, who: Standing) -> type[forms.Form]:
    """The form, filled in with what was decided before."""
    decided = {
        "disclosure": row.disclosure,
        "grounds": row.grounds,
        "reason": row.disclosure_reason,
        "review_on": row.disclosure_review_on,
    }

    class Filled(DisclosureForm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.initial = decided

    return Filled


def _release(row: Labelled, by: Actor, data: dict[str, Any]) -> str | None:
    asked = release(row, to=data["to"], reason=data["reason"], by=by, now=timezone.now())
    if asked is None:
        return None
    return gettext("%(owner)s has been asked by e-mail; once it agrees, the label changes.") % {
        "owner": asked.organisation.short
    }


def _tighten(row: Labelled, by: Actor, data: dict[str, Any]) -> None:
    tighten(row, to=data["to"], reason=data["reason"], by=by, now=timezone.now())


def _name_readers(row: Any, by: Actor, data: dict[str, Any]) -> None:
    name_readers(row, people=data["people"], reason=data["reason"], by=by)


def _disclose(row: Labelled, by: Actor, data: dict[str, Any]) -> None:
    decide_disclosure(row, **data, by=by, today=local_day(timezone.now()))


LABEL_VERBS = (
    Verb(
        "release", _("Release to more readers"), _release, lambda row: bool(Label(row.label).wider),
        _("The owner is asked first and told by e-mail; once the owner agrees, the label changes."),
        form_for=_wider,
    ),
    Verb(
        "tighten", _("Tighten the label"), _tighten,
        lambda row: row.released_at is None and any(row.refuses_label(to) is None for to in Label(row.label).stricter),
        _("Whoever is not among its readers any more no longer sees it from now on. What was read was read."),
        form_for=_stricter,
    ),
    Verb(
        "disclose", _("Decide on disclosure"), _disclose, lambda row: True,
        _("A label says who reads it here. Whether the public may have it is decided separately, on a legal ground."),
        form_for=_disclosure_form,
    ),
)  # fmt: skip
READERS_VERB = Verb(
    "name_readers",
    _("Name the readers"),
    _name_readers,
    lambda row: row.label == Label.RED,
    _("A TLP:RED thing is seen by the persons named here and by the secretary."),
    form_for=_readers_form,
)
