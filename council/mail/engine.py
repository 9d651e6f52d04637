"""Sending: claim, look again, hand over, note the outcome. Any number of drivers may run it at once.

A claim is a lease with a token, committed before any network call and measured by the database's clock; every later
step is fenced by the token, so that a driver that was given up for dead cannot overwrite its successor's work.
"""

from __future__ import annotations

import logging
import random
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import translation

from council.core.calendar import local_day
from council.mail import outcome
from council.mail.models import MAX_ATTEMPTS, Delivery, DeliveryAttempt, EngineState, Notice
from council.mail.operations import settle
from council.mail.outcome import Fault, Outcome
from council.mail.registry import registry
from council.mail.states import DeliveryState, LossPolicy, NoticeOutcome, Unwanted
from council.parties.queries import office_contacts

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=180)
BREAK = timedelta(seconds=60)
LADDER = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120)]
RUN_LIMIT = 500
# A turn ends well before a worker is stopped for taking too long (CELERY_TASK_TIME_LIMIT).
RUN_SECONDS = 60
SILENT_AFTER = timedelta(minutes=10)
NO_LEASE: dict[str, Any] = {"lease_until": None, "lease_token": None}


@dataclass(frozen=True, slots=True)
class Claim:
    """One letter that this driver may hand over until its lease ends."""

    pk: int
    token: uuid.UUID | None

    @property
    def rows(self) -> QuerySet[Delivery]:
        """The letter, as long as the claim holds."""
        return Delivery.objects.filter(pk=self.pk, state=DeliveryState.SENDING, lease_token=self.token)


def run(*, now: datetime, limit: int = RUN_LIMIT) -> int:
    """Send what may go now; how many letters the relay accepted."""
    EngineState.load()
    recover(now=now)
    sent = 0
    for claim in _claims(now, limit):
        result = _deliver(claim, now)
        sent += result is None
        if result is not None and result.fault is Fault.RELAY:
            break
    return sent


def is_silent(state: EngineState, *, now: datetime) -> bool:
    """Whether no turn has gone well for longer than a driver may take."""
    return state.heartbeat_at is None or now - state.heartbeat_at > SILENT_AFTER


def beat(*, now: datetime) -> None:
    """Note that a whole turn went well; a silent engine shows itself by the age of this."""
    EngineState.objects.filter(pk=1).update(heartbeat_at=now)


def recover(*, now: datetime) -> None:
    """Take up letters whose driver vanished. One that may have been handed over follows its policy."""
    for delivery in Delivery.objects.filter(state=DeliveryState.SENDING, lease_until__lt=Now()):
        claim = Claim(delivery.pk, delivery.lease_token)
        if delivery.handed_at:
            _note(claim, delivery, Outcome(Fault.LOST, "the driver vanished after handing over"), now)
        elif delivery.attempts >= MAX_ATTEMPTS:
            _note(claim, delivery, Outcome(Fault.DEAD, "every driver vanished before handing over"), now)
        else:
            claim.rows.update(state=DeliveryState.PENDING, **NO_LEASE)


def _claims(now: datetime, limit: int) -> Iterator[Claim]:
    ends = time.monotonic() + RUN_SECONDS
    for _ in range(limit):
        if time.monotonic() > ends:
            return
        engine = EngineState.objects.filter(pk=1, paused=False)
        if not engine.filter(Q(breaker_until=None) | Q(breaker_until__lte=Now())).exists():
            return
        if (claim := _claim(now)) is None:
            return
        yield claim


def _claim(now: datetime) -> Claim | None:
    """Lease the oldest letter that may go; None when there is none."""
    ready = Delivery.objects.filter(state=DeliveryState.PENDING, needs_release=False, not_before__lte=now)
    token = uuid.uuid4()
    lease_until = ExpressionWrapper(Now() + LEASE, output_field=DateTimeField())
    with transaction.atomic():
        rows = ready.order_by("not_before", "id")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        pk = rows.values_list("pk", flat=True).first()
        # Where rows cannot be locked, the state in this filter makes it a compare-and-swap.
        changed = ready.filter(pk__in=[pk]).update(
            state=DeliveryState.SENDING, lease_until=lease_until, lease_token=token, attempts=F("attempts") + 1
        )
    return Claim(pk, token) if pk and changed else None


def _deliver(claim: Claim, now: datetime) -> Outcome | None:
    """Hand one claimed letter over; None if it was accepted, else why not."""
    delivery = claim.rows.select_related("recipient").first()
    if delivery is None or not _looked_at_again(claim, delivery, now):
        return Outcome(Fault.DEAD, "not sent")
    mailer = mail.mailers.default
    try:
        mailer.open()
        if not claim.rows.filter(lease_until__gt=Now()).update(handed_at=Now()):
            return Outcome(Fault.RETRY, "the lease ended")
        mailer.send_messages([_message(delivery)])
    except Exception as error:  # noqa: BLE001 - whatever one letter raises must not stop the others
        result = outcome.of(error, reply_was_lost=getattr(mailer, "reply_was_lost", False))
        logger.warning("letter %s: %s", delivery.pk, result.fault.value)
        _note(claim, delivery, result, now)
        return result
    finally:
        _close(mailer)
    if claim.rows.update(state=DeliveryState.SENT, sent_at=now, **NO_LEASE):
        DeliveryAttempt.objects.create(delivery=delivery, at=now, outcome="accepted")
    return None


def _close(mailer: Any) -> None:
    try:
        mailer.close()
    except OSError as error:
        logger.info("closing the connection to the relay: %s", error)


def _looked_at_again(claim: Claim, delivery: Delivery, now: datetime) -> bool:
    """Whether the second look lets it go. One letter that cannot be looked at must not stop the others."""
    try:
        return _still_wanted(claim, delivery, now)
    except Exception as error:
        logger.exception("letter %s could not be looked at", delivery.pk)
        _note(claim, delivery, Outcome(Fault.RETRY, repr(error)[:500]), now)
        return False


def _still_wanted(claim: Claim, delivery: Delivery, now: datetime) -> bool:
    """The second look: drop what is not wanted any more, and the letter with it if nothing is left."""
    if delivery.useful_until and now > delivery.useful_until:
        claim.rows.update(state=DeliveryState.EXPIRED, **NO_LEASE)
        return False
    notices = list(Notice.objects.filter(delivery=delivery).select_related("recipient"))
    if not notices:
        return _copy_still_wanted(claim, delivery, now)
    address = registry[notices[0].kind].address(notices[0].recipient)
    if address != delivery.address:  # corrected since
        delivery.address = address
        claim.rows.update(address=address)
    wanted = []
    for notice in notices:
        if reason := Unwanted.NO_ADDRESS if not delivery.address else registry[notice.kind].unwanted(notice, now):
            settle(notice, NoticeOutcome.SUPPRESSED, reason)
        elif notice.outcome == NoticeOutcome.OPEN:
            wanted.append(notice)
    if not wanted:
        claim.rows.update(state=DeliveryState.SUPPRESSED, reason="no reason for it is left", **NO_LEASE)
        return False
    if len(wanted) < len(notices):
        with translation.override(delivery.language):
            letter = registry.render(wanted, now)
        delivery.subject, delivery.text, delivery.html = letter.subject, letter.text, letter.html
        claim.rows.update(subject=letter.subject, text=letter.text, html=letter.html)
    return True


def _copy_still_wanted(claim: Claim, delivery: Delivery, now: datetime) -> bool:
    """A copy for an office goes as long as its letter has a reason left and the office is still theirs."""
    original = delivery.copy_of
    if original is None:
        return True
    reasons = [registry[one.kind].unwanted(one, now) for one in original.notices.select_related("recipient")]
    offices = office_contacts(original.recipient, on=local_day(now))
    if (reasons and all(reasons)) or not offices.filter(pk=delivery.recipient_id).exists():
        claim.rows.update(state=DeliveryState.SUPPRESSED, reason="no reason for it is left", **NO_LEASE)
        return False
    return True


def _message(delivery: Delivery) -> EmailMultiAlternatives:
    """The letter as it goes out: with what nobody may read in the kept one."""
    text, html = delivery.text, delivery.html
    for notice in delivery.notices.all():
        for shown, secret in registry[notice.kind].secrets(notice).items():
            text, html = text.replace(shown, secret), html.replace(shown, secret)
    message = EmailMultiAlternatives(
        subject=delivery.subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[delivery.address],
        headers={
            "Message-ID": delivery.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": delivery.language,
        },
    )
    if html:
        message.attach_alternative(html, "text/html")
    if delivery.calendar_body:
        # The form in which mail programs offer to accept it (RFC 6047, 2.4).
        message.attach_alternative(
            delivery.calendar_body, f"text/calendar; method={delivery.calendar_method}; charset=UTF-8"
        )
    return message


def _note(claim: Claim, delivery: Delivery, result: Outcome, now: datetime) -> None:
    """Write down what went wrong and what follows from it, if the claim still holds."""
    if not claim.rows.update(**_consequence(delivery, result, now)):
        return
    DeliveryAttempt.objects.create(delivery=delivery, at=now, outcome=result.fault.value, detail=result.detail)
    if result.fault is Fault.RELAY:
        until = ExpressionWrapper(Now() + BREAK, output_field=DateTimeField())
        EngineState.objects.filter(pk=1).update(breaker_until=until)


def _consequence(delivery: Delivery, result: Outcome, now: datetime) -> dict[str, Any]:
    """The columns that a letter gets after an attempt that went wrong."""
    again: dict[str, Any] = {"state": DeliveryState.PENDING, "handed_at": None, **NO_LEASE}
    ends: dict[str, Any] = {"reason": result.detail[:300], **NO_LEASE}
    once = delivery.policy == LossPolicy.RESEND_ONCE and not delivery.tries.filter(outcome=Fault.LOST.value).exists()
    may_try = delivery.attempts < MAX_ATTEMPTS
    match result.fault:
        case Fault.RELAY:
            return again | {"attempts": F("attempts") - 1}
        case Fault.RETRY if may_try:
            wait = LADDER[min(delivery.attempts, len(LADDER)) - 1] * random.uniform(0.5, 1)  # noqa: S311
            return again | {"not_before": now + wait}
        case Fault.LOST if once and may_try:
            return again | {"not_before": now + LADDER[0]}
        case Fault.LOST:
            return ends | {"state": DeliveryState.UNCERTAIN}
        case _:
            return ends | {"state": DeliveryState.DEAD}
