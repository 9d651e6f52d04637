"""Asking organisations about what is theirs before it leaves the council, and what they say to that.

Law: 공공기관의 정보공개에 관한 법률 제11조제3항, 제21조제1항 and 제2항 (who is overruled is told why).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from council.core.models import Timestamped
from council.parties.models import Organisation, User

# The state, of whatever is asked about, in which answers are taken.
ASKED = "asked"


class AskedAbout(models.Model):
    """What organisations are asked about, until a day."""

    state: Any
    asked_at = models.DateTimeField(_("asked at"), null=True, blank=True, editable=False)
    opinions_until = models.DateTimeField(_("opinions until"), null=True, blank=True, editable=False)
    # How those were asked for whom nobody here could answer.
    asked_on_paper = models.CharField(_("asked on paper"), max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_asked_until",
                condition=Q(asked_at=None, opinions_until=None)
                | Q(asked_at__isnull=False, opinions_until__gt=F("asked_at")),
            ),
        ]

    def takes_answers(self, now: datetime) -> bool:
        """Whether the organisations asked can still say something."""
        return self.state == ASKED and self.opinions_until is not None and now <= self.opinions_until


class Answer(models.TextChoices):
    AWAITED = "", _("awaited")
    AGREED = "agreed", _("no objection")
    OPPOSED = "opposed", _("asked not to disclose")


class Answers[M: AskedOpinion](models.QuerySet[M]):
    def awaited(self) -> Self:
        return self.filter(answer="")

    def undecided(self) -> Self:
        """Opposed, and the ministry has not said yet what it does about that."""
        return self.filter(answer=Answer.OPPOSED, decided_at=None)


class AskedOpinion(Timestamped):
    """That an organisation was asked, what it said, and what was decided on that."""

    Answer = Answer

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"), editable=False
    )
    answer = models.CharField(_("answer"), max_length=7, choices=Answer, blank=True, editable=False)
    text = models.TextField(_("opinion"), blank=True, editable=False)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by"), editable=False
    )
    at = models.DateTimeField(_("at"), null=True, blank=True, editable=False)
    followed = models.BooleanField(_("followed"), null=True, blank=True, editable=False)
    reply = models.TextField(_("what was decided, and why"), blank=True, editable=False)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by"), editable=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_is_complete",
                condition=Q(answer="", by=None, at=None, text="")
                | Q(answer="agreed", by__isnull=False, at__isnull=False)
                | (Q(answer="opposed", by__isnull=False, at__isnull=False) & ~Q(text="")),
            ),
            models.CheckConstraint(
                name="%(class)s_decided_with_a_reply",
                condition=Q(followed=None, decided_at=None, decided_by=None, reply="")
                | (
                    Q(answer="opposed", followed__isnull=False, decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(reply="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.short} · {self.get_answer_display()}"

    @property
    def about(self) -> AskedAbout:
        """What it is an opinion on."""
        raise NotImplementedError

    def takes_answer(self, now: datetime) -> bool:
        """Whether the organisation can still say something, or something else."""
        return self.decided_at is None and self.about.takes_answers(now)

    @property
    def is_undecided(self) -> bool:
        return self.answer == Answer.OPPOSED and self.decided_at is None
