"""Traffic Light Protocol 2.0 labels (FIRST, August 2022): who may see what was handed in. Never translated.

A label is no legal ground: why something is not disclosed to the public is written down beside it, separately.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.core.belonging import body_of
from council.core.errors import DomainError, Text


class Label(models.TextChoices):
    """From the strictest to the widest."""

    RED = "TLP:RED", "TLP:RED"
    AMBER_STRICT = "TLP:AMBER+STRICT", "TLP:AMBER+STRICT"
    AMBER = "TLP:AMBER", "TLP:AMBER"
    GREEN = "TLP:GREEN", "TLP:GREEN"
    CLEAR = "TLP:CLEAR", "TLP:CLEAR"

    @property
    def width(self) -> int:
        """0 for the strictest; a larger number reaches more readers."""
        return list(Label).index(self)

    @property
    def reach(self) -> Text:
        """Whom it reaches, in words."""
        return REACH[self]

    @property
    def wider(self) -> list[Label]:
        """The labels that reach more readers, the nearest first."""
        return list(Label)[self.width + 1 :]

    @property
    def stricter(self) -> list[Label]:
        """The labels that reach fewer readers, the nearest first."""
        return list(Label)[: self.width][::-1]

    @classmethod
    def strictest(cls, labels: Iterable[str]) -> Self:
        """The label that counts for a thing: the strictest of its own and its parents'."""
        return min((cls(label) for label in labels), key=lambda label: label.width)


REACH: dict[str, Text] = {
    Label.RED: _("the persons named on it and the secretary"),
    Label.AMBER_STRICT: _("the ministry and the owner only"),
    Label.AMBER: _("everyone seated on this body; on an agenda also who else is asked to the meeting"),
    Label.GREEN: _(
        "everyone seated on the council or its working group; on an agenda also who else is asked to the meeting"
    ),
    Label.CLEAR: _("may be shown to the public"),
}


class Disclosure(models.TextChoices):
    """What becomes of a record when somebody asks for it (공개구분)."""

    UNDECIDED = "", _("not decided yet")
    OPEN = "open", pgettext_lazy("disclosure", "open")
    PARTIAL = "partial", _("partly open")
    CLOSED = "closed", _("not open")


class Ground(models.IntegerChoices):
    """Why a record is not disclosed. Law: 공공기관의 정보공개에 관한 법률 제9조제1항 각 호.

    Items 1 to 4 are not among them: what falls under those is graded C in the national network security framework and
    does not belong in this system.
    """

    DECISION_UNDER_WAY = 5, _("item 5: decision-making or internal review under way")
    PERSONAL_DATA = 6, _("item 6: personal data")
    TRADE_SECRETS = 7, _("item 7: trade secrets of a corporation")
    SPECULATION = 8, _("item 8: speculation in real estate or the like")


def choices_of(labels: Iterable[Label]) -> list[tuple[str, Text]]:
    """Labels as a form offers them: each with whom it reaches, in the reader's language."""
    return [(label.value, format_lazy("{} – {}", label.value, label.reach)) for label in labels]


class Labelled(models.Model):
    """What carries a label. The label changes by release and tightening alone (``release.operations``)."""

    label = models.CharField(_("label"), max_length=16, choices=Label, default=Label.AMBER_STRICT)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True, editable=False)
    disclosure = models.CharField(_("disclosure"), max_length=8, choices=Disclosure, blank=True, editable=False)
    grounds = models.JSONField(_("grounds (Article 9 (1))"), default=list, blank=True, editable=False)
    disclosure_reason = models.CharField(_("reason for not disclosing"), max_length=300, blank=True, editable=False)
    disclosure_review_on = models.DateField(_("to be reviewed on"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def label_owner_id(self) -> int:
        """The organisation whose consent a release takes."""
        raise NotImplementedError

    @property
    def label_body_id(self) -> int:
        """The body whose seats the label reaches."""
        body = body_of(self)
        if body is None:
            msg = f"{self!r} carries a label and belongs to no body."
            raise TypeError(msg)
        return body

    @property
    def label_above(self) -> str:
        """The label of what it is part of, which counts too where stricter; the widest if of nothing."""
        return Label.CLEAR

    def refuses_label(self, label: str) -> Text | None:
        """Why the row cannot carry that label as things stand; None if it can."""
        return None

    @property
    def counting_label(self) -> Label:
        return Label.strictest([self.label, self.label_above])

    @property
    def ground_names(self) -> list[str]:
        return [str(Ground(number).label) for number in self.grounds]

    @classmethod
    def disclosure_constraint(cls, name: str) -> models.CheckConstraint:
        """Whatever is withheld has a reason and a day on which that is looked at again."""
        withheld = Q(disclosure__in=[Disclosure.PARTIAL, Disclosure.CLOSED])
        said = ~Q(disclosure_reason="") & Q(disclosure_review_on__isnull=False) & ~Q(grounds=[])
        return models.CheckConstraint(name=name, condition=~withheld | said)


class GroundMissing(DomainError):
    """Something would be withheld without a ground, a reason, or a day on which that is looked at again."""


def withholding_flaws(
    *, grounds: Collection[int], reason: str, review_on: date | None, today: date
) -> Iterator[GroundMissing]:
    """What is lacking to withhold something from the public; nothing of a flawless one."""
    if not grounds or not set(grounds) <= set(Ground.values):
        yield GroundMissing(_("Name the item of Article 9 (1) it rests on."), field="grounds")
    if not reason.strip():
        yield GroundMissing(_("Say why."), field="reason")
    if review_on is None or review_on <= today:
        yield GroundMissing(_("Name a day to come on which this is looked at again."), field="review_on")


class LabelStays(DomainError):
    """A label does not change by editing a row."""


def refuse_change(row: Labelled, stored: Labelled) -> None:
    """LabelStays if an edited row carries another label than the stored one."""
    if row.label != stored.label:
        raise LabelStays(_("A label is changed by release or tightening, with a reason."), field="label")
