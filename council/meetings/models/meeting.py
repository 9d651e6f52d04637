"""A meeting of a body."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.core.calendar import local_day
from council.core.models import Timestamped
from council.core.quarters import Quarter, QuarterField
from council.core.reach import within_reach
from council.declaration.models import Declaration
from council.meetings.states import PLANNED, MeetingState
from council.parties.models import Body

# Told to others once: a draft was not, nor what was cancelled while it was one.
ANNOUNCED = ~Q(state=MeetingState.DRAFT) & ~Q(state=MeetingState.CANCELLED, opened_at=None)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def announced(self) -> Self:
        return self.filter(ANNOUNCED)

    def of_quarter(self, quarter: Quarter) -> Self:
        return self.filter(quarter=quarter)

    def planned(self) -> Self:
        """Still to be held."""
        return self.filter(state__in=PLANNED)

    def next_regular(self, body_id: int, *, after: Meeting) -> Meeting | None:
        """A body's first planned regular meeting after another meeting; None if none is planned."""
        rows = self.planned().filter(body=body_id, kind=Meeting.Kind.REGULAR, starts_at__gt=after.starts_at)
        return rows.order_by("starts_at").first()

    def not_cancelled(self) -> Self:
        return self.exclude(state=MeetingState.CANCELLED)


class Meeting(Timestamped):
    """A founding, regular or extraordinary meeting. It gets its number when it is held."""

    class Kind(models.TextChoices):
        FOUNDING = "founding", _("founding meeting")
        REGULAR = "regular", _("regular meeting")
        EXTRAORDINARY = "extraordinary", _("extraordinary meeting")

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        VIDEO = "video", _("by video")
        WRITTEN = "written", _("in writing")

    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings", verbose_name=_("body"))
    quarter = QuarterField(_("quarter"))
    kind = models.CharField(_("kind"), max_length=14, choices=Kind, default=Kind.REGULAR)
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True, editable=False)
    title = models.CharField(
        _("title"), max_length=200, blank=True, help_text=_("Empty: kind and quarter make the title.")
    )
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, default=Mode.IN_PERSON)
    starts_at = models.DateTimeField(_("starts at"), validators=[within_reach])
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True, validators=[within_reach])
    day_only = models.BooleanField(_("only the day is known"), default=False, editable=False)
    outside_quarter_because = models.CharField(_("reason for a date outside the quarter"), max_length=300, blank=True)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    by_invitation = models.BooleanField(
        _("only those invited"),
        default=False,
        editable=False,
        help_text=_("Whoever is seated on the body and not invited does not learn of the meeting."),
    )
    state = models.CharField(
        _("state"), max_length=12, choices=MeetingState, default=MeetingState.DRAFT, editable=False
    )
    opened_at = models.DateTimeField(_("convened at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True, editable=False)
    cancelled_because = models.CharField(_("reason for the cancellation"), max_length=300, blank=True, editable=False)
    declaration = models.ForeignKey(
        Declaration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("declaration"),
        editable=False,
    )
    # Which item is being dealt with, and since when.
    current_item = models.ForeignKey(
        "AgendaItem",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("current item"),
        editable=False,
    )
    current_since = models.DateTimeField(_("current since"), null=True, blank=True, editable=False)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at", "body"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "quarter"],
                condition=Q(kind="regular") & ~Q(state="cancelled"),
                name="meeting_one_regular_a_quarter",
                violation_error_message=_("This body has a regular meeting in this quarter already."),
            ),
            models.UniqueConstraint(fields=["body", "kind", "number"], name="meeting_number_once"),
            models.CheckConstraint(
                name="meeting_by_invitation_is_extraordinary",
                condition=Q(by_invitation=False) | Q(kind="extraordinary"),
            ),
            # A count would tell the others that it was held.
            models.CheckConstraint(
                name="meeting_by_invitation_has_no_number", condition=Q(by_invitation=False) | Q(number=None)
            ),
            models.CheckConstraint(
                name="meeting_ends_after_it_starts",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The meeting must end after it starts."),
            ),
            models.CheckConstraint(
                name="meeting_has_an_end_unless_only_the_day_is_known",
                condition=Q(day_only=True) | Q(ends_at__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_opened_at_goes_with_state",
                condition=(
                    Q(state="draft", opened_at=None)
                    | Q(state="cancelled")
                    | Q(kind="founding")
                    | Q(state__in=["open", "in_progress", "closed"], opened_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="meeting_closed_at_goes_with_state",
                condition=Q(kind="founding")
                | (Q(state="closed") & Q(closed_at__isnull=False))
                | (~Q(state="closed") & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="meeting_cancelled_at_goes_with_state",
                condition=(Q(state="cancelled") & Q(cancelled_at__isnull=False))
                | (~Q(state="cancelled") & Q(cancelled_at=None)),
            ),
        ]
        indexes = [
            # The list of one quarter, and the search for the next meeting of a body.
            models.Index(fields=["body", "starts_at"], name="meeting_by_body_and_day"),
            models.Index(fields=["quarter"], name="meeting_by_quarter"),
        ]

    def lies_ahead(self, now: datetime) -> bool:
        """Announced and not begun, neither by the clock nor by the secretary: answers and items are taken."""
        return self.state == MeetingState.OPEN and self.starts_at > now

    def __str__(self) -> str:
        return self.name

    @property
    def is_announced(self) -> bool:
        """As ``ANNOUNCED`` says it."""
        return self.state != MeetingState.DRAFT and (self.state != MeetingState.CANCELLED or self.opened_at is not None)

    @property
    def day(self) -> date:
        """The day in Seoul on which it begins."""
        return local_day(self.starts_at)

    @property
    def name(self) -> str:
        """The written title, else for example "제3차 정기회의(2026년 4분기)" in the reader's language."""
        return self.title or self.plain_name

    @property
    def plain_name(self) -> str:
        """What it is called without its title, for those who are told of it and do not see it."""
        words = {"kind": self.get_kind_display(), "quarter": self.quarter.label, "number": self.number}
        if self.number:
            return gettext("%(number)d. %(kind)s (%(quarter)s)") % words
        return gettext("%(kind)s (%(quarter)s)") % words
