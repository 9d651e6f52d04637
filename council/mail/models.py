"""Notices (why somebody is written to), deliveries (the letters) and the engine's own state."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from council.core.models import Timestamped
from council.mail.states import DeliveryState, LossPolicy, NoticeOutcome, Unwanted
from council.parties.models import Person

MAX_ATTEMPTS = 8


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def awaiting_release(self) -> Self:
        """Letters to people of rank that nobody has let go yet."""
        return self.filter(state=DeliveryState.PENDING, needs_release=True)


class Delivery(Timestamped):
    """One letter to one person."""

    recipient = models.ForeignKey(Person, models.PROTECT, related_name="deliveries", verbose_name=_("recipient"))
    address = models.EmailField(_("address"))
    language = models.CharField(_("language"), max_length=2)
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"))
    html = models.TextField("HTML", blank=True)
    calendar_method = models.CharField(_("calendar entry"), max_length=8, blank=True)
    calendar_body = models.TextField(blank=True)
    # Of which letter it is the copy for an office.
    copy_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="copies", editable=False)
    dedupe_key = models.CharField(max_length=64, unique=True, editable=False)
    message_id = models.CharField("Message-ID", max_length=120, unique=True)
    policy = models.CharField(_("if the reply is lost"), max_length=12, choices=LossPolicy)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    needs_release = models.BooleanField(_("waits for release"), default=False)
    not_before = models.DateTimeField(_("not before"))
    useful_until = models.DateTimeField(_("of use until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="delivery_sent_at_goes_with_state",
                condition=(Q(state="sent") & Q(sent_at__isnull=False)) | (~Q(state="sent") & Q(sent_at=None)),
            ),
            models.CheckConstraint(
                name="delivery_lease_goes_with_sending",
                condition=(Q(state="sending") & Q(lease_until__isnull=False) & Q(lease_token__isnull=False))
                | (~Q(state="sending") & Q(lease_until=None) & Q(lease_token=None)),
            ),
            models.CheckConstraint(name="delivery_attempts_are_limited", condition=Q(attempts__lte=MAX_ATTEMPTS)),
        ]
        indexes = [
            # The claim: what may go now.
            models.Index(fields=["not_before"], condition=Q(state="pending"), name="delivery_claimable"),
            # The search for leases that ran out.
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="delivery_leased"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def awaits_release(self) -> bool:
        return self.state == DeliveryState.PENDING and self.needs_release

    @staticmethod
    def new_message_id(domain: str) -> str:
        return f"<{uuid.uuid4()}@{domain}>"


class Notice(Timestamped):
    """One reason to write to one person about one thing on one day. The unique key is what makes planning repeatable.

    ``target_type`` and ``target_id`` name the thing as plain values, since the outbox knows no domain noun.
    """

    kind = models.CharField(_("kind"), max_length=40)
    target_type = models.CharField(_("kind of thing"), max_length=40)
    target_id = models.BigIntegerField(_("number of the thing"))
    recipient = models.ForeignKey(Person, models.PROTECT, related_name="notices", verbose_name=_("recipient"))
    on = models.DateField(_("on"))
    anchor_on = models.DateField(_("about the day"))
    useful_until = models.DateTimeField(_("of use until"), null=True, blank=True)
    dedupe_key = models.CharField(max_length=64, unique=True, editable=False)
    delivery = models.ForeignKey(
        Delivery, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("letter")
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=NoticeOutcome, default=NoticeOutcome.OPEN)
    reason = models.CharField(_("reason"), max_length=12, choices=Unwanted, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-id"]
        indexes = [
            # Composing: what waits for a letter.
            models.Index(fields=["on", "recipient"], condition=Q(delivery=None, outcome="open"), name="notice_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_type}:{self.target_id} {self.on}"


class DeliveryAttempt(models.Model):
    """One try to hand a letter over, and how it ended. Appended only."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="tries", verbose_name=_("letter"))
    at = models.DateTimeField(_("at"))
    outcome = models.CharField(_("outcome"), max_length=20)
    detail = models.CharField(_("detail"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.outcome}"


class EngineState(models.Model):
    """The engine's one row: paused by a person, alive at, and until when the relay is left alone."""

    paused = models.BooleanField(_("paused"), default=False)
    heartbeat_at = models.DateTimeField(_("last alive at"), null=True, blank=True)
    breaker_until = models.DateTimeField(_("relay left alone until"), null=True, blank=True)

    class Meta:
        verbose_name = _("reminder engine")
        verbose_name_plural = _("reminder engine")
        constraints = [models.CheckConstraint(name="engine_state_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return "engine"

    @classmethod
    def load(cls) -> EngineState:
        return cls.objects.get_or_create(pk=1)[0]
