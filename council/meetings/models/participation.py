"""Who is asked to a meeting, what they answered, who comes in their place, and who was there."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from council.core.models import Bilingual, Timestamped
from council.files.models import StoredFile
from council.meetings.models.agenda import AgendaItem
from council.meetings.models.meeting import Meeting
from council.parties.models import Body, Organisation, Person, Seat, User


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def asked(self) -> Self:
        """Those still asked."""
        return self.filter(withdrawn_because="")

    def awaiting_confirmation(self) -> Self:
        """A delegate was named and the ministry has not said anything yet."""
        named = self.asked().exclude(delegate=None)
        return named.filter(delegation_confirmed_at=None, delegation_ended_because="")

    def guests(self) -> Self:
        """Those still asked for one item alone, who see nothing of the meeting and are told all the same."""
        return self.asked().filter(capacity="guest")

    def people(self) -> models.QuerySet[Person]:
        """Those asked, but guests, and the confirmed delegates, each once."""
        rows = self.asked().exclude(capacity="guest")
        instead = rows.filter(delegation_confirmed_at__isnull=False)
        return Person.objects.filter(Q(pk__in=rows.values("person")) | Q(pk__in=instead.values("delegate")))

    def while_seated(self, day: date) -> Self:
        """Of those asked as holders of a seat, the ones who hold it on that day."""
        held = Seat.objects.valid_on(day).filter(person=OuterRef("person"), body=OuterRef("seat_on"))
        return self.filter(Q(seat_on=None) | Exists(held))

    def of_person(self, person_id: int | None, *, on: date) -> Self:
        """Where somebody takes part, or stands in for one who does; a guest for one item does not count.

        Not where they were asked, or stand in, for an organisation that they have left, or for a seat that has ended.
        """
        if person_id is None:
            return self.none()
        own = Q(person=person_id, organisation=F("person__organisation"))
        instead = Q(
            delegate=person_id,
            delegation_confirmed_at__isnull=False,
            organisation=F("delegate__organisation"),
        )
        return self.asked().exclude(capacity="guest").filter(own | instead).while_seated(on)


class Participation(Timestamped):
    """One person asked to one meeting. The position is that of the day, which the record keeps."""

    class Capacity(models.TextChoices):
        MEMBER = "member", _("attendee")
        OBSERVER = "observer", _("in attendance")
        GUEST = "guest", _("guest for one item")

    class Rsvp(models.TextChoices):
        NEEDS_ACTION = "needs_action", _("no answer yet")
        ACCEPTED = "accepted", _("will attend")
        DECLINED = "declined", _("will not attend")
        TENTATIVE = "tentative", _("not certain yet")

    class Attendance(models.TextChoices):
        PRESENT = "present", _("present")
        BY_PROXY = "by_proxy", _("by proxy")
        EXCUSED = "excused", _("excused")
        ABSENT = "absent", _("absent")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="participations", verbose_name=_("meeting"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="participations", verbose_name=_("organisation"), editable=False
    )
    position_ko = models.CharField(_("position (Korean)"), max_length=100, blank=True, editable=False)
    position_en = models.CharField(_("position (English)"), max_length=100, blank=True, editable=False)
    capacity = models.CharField(_("capacity"), max_length=8, choices=Capacity, default=Capacity.OBSERVER)
    presides = models.BooleanField(_("presides"), default=False)
    # The body on which they held the seat as whose holder they were asked: with the seat goes what followed from it.
    seat_on = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked as seated on"),
        editable=False,
    )
    # Letters about this place alone raise this, and no other calendar (RFC 5546, 3.2.5).
    sequence = models.PositiveIntegerField(default=0, editable=False)
    item = models.ForeignKey(
        AgendaItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="guests",
        verbose_name=_("asked for this item alone"),
    )
    rsvp = models.CharField(_("answer"), max_length=12, choices=Rsvp, default=Rsvp.NEEDS_ACTION, editable=False)
    rsvp_note = models.CharField(_("note on the answer"), max_length=300, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    delegate = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("delegate"), editable=False
    )
    # Confirmed once and not any more: they are told so, and their calendars are cleared.
    former_delegates = models.ManyToManyField(
        Person, blank=True, related_name="+", verbose_name=_("former delegates"), editable=False
    )
    delegation_letter = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations",
        verbose_name=_("letter of delegation"),
        editable=False,
    )
    delegation_ended_because = models.CharField(
        _("delegate does not come because"), max_length=300, blank=True, editable=False
    )
    delegation_confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("confirmed by"), editable=False
    )
    delegation_confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    attendance = models.CharField(_("attendance"), max_length=8, choices=Attendance, blank=True, editable=False)
    reason = models.CharField(_("reason for the absence"), max_length=300, blank=True, editable=False)

    withdrawn_because = models.CharField(_("not asked any more because"), max_length=300, blank=True, editable=False)

    objects = ParticipationQuerySet.as_manager()

    position = Bilingual()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["meeting", "-presides", "-capacity", "organisation", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"],
                name="participation_once_a_meeting",
                violation_error_message=_("This person has been asked to this meeting already."),
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(presides=True),
                name="participation_one_presides",
                violation_error_message=_("Somebody else presides at this meeting already."),
            ),
            models.CheckConstraint(
                name="participation_guest_for_an_item",
                condition=(Q(capacity="guest") & Q(item__isnull=False)) | (~Q(capacity="guest") & Q(item=None)),
                violation_error_message=_("A guest is asked for one item, and only a guest is."),
            ),
            models.CheckConstraint(
                name="participation_presides_as_attendee",
                condition=Q(presides=False) | Q(capacity="member"),
                violation_error_message=_("Only an attendee presides."),
            ),
            models.CheckConstraint(
                name="participation_delegate_is_somebody_else", condition=Q(delegate=None) | ~Q(delegate=F("person"))
            ),
            models.CheckConstraint(
                name="participation_confirmed_delegate_is_complete",
                condition=Q(delegation_confirmed_at=None, delegation_confirmed_by=None)
                | Q(
                    delegation_confirmed_at__isnull=False,
                    delegation_confirmed_by__isnull=False,
                    delegate__isnull=False,
                    delegation_letter__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="participation_by_proxy_needs_a_confirmed_delegate",
                condition=~Q(attendance="by_proxy") | Q(delegation_confirmed_at__isnull=False),
                violation_error_message=_("Nobody has been confirmed to come in this person's place."),
            ),
            models.CheckConstraint(
                name="participation_absent_with_a_reason",
                condition=~Q(attendance__in=["excused", "absent"]) | ~Q(reason=""),
                violation_error_message=_("Give the reason for the absence."),
            ),
        ]
        indexes = [
            # What somebody sees because they were asked, or stand in for one who was: read at every request.
            models.Index(fields=["delegate"], condition=Q(delegate__isnull=False), name="participation_by_delegate"),
        ]

    def __str__(self) -> str:
        return self.person.name

    @property
    def has_confirmed_delegate(self) -> bool:
        return self.delegation_confirmed_at is not None

    @property
    def awaits_confirmation(self) -> bool:
        """A delegate was named and the ministry has not said anything yet."""
        return self.delegate_id is not None and not (self.has_confirmed_delegate or self.delegation_ended_because)

    @property
    def attends_in_person(self) -> Person:
        """Whose name stands on the plate: the delegate's once confirmed."""
        return self.delegate if self.has_confirmed_delegate and self.delegate else self.person
