"""Posting notices and making letters of them. Sending is the engine's part."""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.calendar import SEOUL, BusinessCalendar, local_day
from council.core.errors import NotAllowedNow, SomebodyWasFaster
from council.mail.models import Delivery, EngineState, Notice
from council.mail.registry import registry
from council.mail.states import DeliveryState, NoticeOutcome, Unwanted
from council.parties.models import Person
from council.parties.queries import high_ranking, language_of, office_contacts

logger = logging.getLogger(__name__)

BATCH = 500
OPENS, CLOSES = time(9), time(18)


def key(*parts: object) -> str:
    """One unique key out of what makes a notice or a letter the same as another."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def announce(
    kind: str, target: models.Model, *, by: Actor, quiet: bool = False, not_before: date | None = None
) -> None:
    """Tell the people concerned, in the transaction of what happened. ``quiet`` tells nobody.

    Nobody is told what they did themselves.
    """
    if quiet:
        return
    now = timezone.now()
    today = local_day(now)
    post(
        Notice(
            kind=kind,
            target_type=target._meta.model_name or "",
            target_id=target.pk,
            recipient=person,
            on=not_before or today,
            anchor_on=today,
            dedupe_key=key(kind, target._meta.model_name, target.pk, person.pk, now.isoformat()),
        )
        for person in registry[kind].recipients(target, today)
        if person.pk != by.person_id
    )


def post(notices: Iterable[Notice]) -> None:
    """Insert notices; those already there by their key stay as they are."""
    Notice.objects.bulk_create(notices, batch_size=BATCH, ignore_conflicts=True)


def compose(*, now: datetime) -> int:
    """Make letters of the notices that are due: one digest a person and day, the others by their kind.

    Only on business days between 09:00 and 18:00 in Seoul, but for kinds that go at once. How many were made.
    """
    local = now.astimezone(SEOUL)
    in_hours = OPENS <= local.time() < CLOSES and BusinessCalendar.load().is_business_day(local.date())
    waiting = _waiting(local.date(), {} if in_hours else {"kind__in": registry.at_once})
    digests = [key("digest", recipient.pk, local.date()) for recipient in waiting]
    written = set(Delivery.objects.filter(dedupe_key__in=digests).values_list("dedupe_key", flat=True))
    return sum(_write_for(recipient, notices, written, now) for recipient, notices in waiting.items())


def _write_for(recipient: Person, notices: list[Notice], written: set[str], now: datetime) -> int:
    """One person's letters. What goes wrong with them must not keep others from theirs; the next turn tries again."""
    made = 0
    try:
        for group in _letters(_newest_wanted(notices, now)):
            letter_key = _letter_key(group, local_day(now))
            if letter_key not in written:
                made += _write(recipient, group, letter_key, now=now)
    except Exception:
        logger.exception("The letters of notices %s could not be written.", [notice.pk for notice in notices])
    return made


def _letter_key(group: Sequence[Notice], day: date) -> str:
    """One digest a person and day; otherwise one letter for what it is about."""
    if registry[group[0].kind].digest:
        return key("digest", group[0].recipient_id, day)
    return key("letter", group[0].dedupe_key)


def _letters(notices: Iterable[Notice]) -> Iterable[list[Notice]]:
    """What travels together: everything that goes into the digest, and the rest kind by kind, or each by itself."""
    groups: dict[tuple[object, ...], list[Notice]] = defaultdict(list)
    for notice in notices:
        kind = registry[notice.kind]
        about = (notice.target_type, notice.target_id) if kind.alone else ()
        groups["digest" if kind.digest else notice.kind, *about].append(notice)
    return groups.values()


def _waiting(day: date, kinds: dict[str, list[str]]) -> dict[Person, list[Notice]]:
    waiting: dict[Person, list[Notice]] = defaultdict(list)
    rows = Notice.objects.filter(delivery=None, outcome=NoticeOutcome.OPEN, on__lte=day, **kinds)
    for notice in rows.select_related("recipient__user").order_by("recipient", "on", "id"):
        waiting[notice.recipient].append(notice)
    return waiting


def _newest_wanted(notices: Sequence[Notice], now: datetime) -> list[Notice]:
    """Of several occasions for the same thing and day only the newest, and only while it is of use."""
    newest = {_about(notice): notice for notice in notices}
    wanted = []
    for notice in notices:
        if newest[_about(notice)] is not notice:
            settle(notice, NoticeOutcome.SUPERSEDED)
        elif notice.useful_until and now > notice.useful_until:
            settle(notice, NoticeOutcome.EXPIRED)
        elif reason := registry[notice.kind].unwanted(notice, now):
            settle(notice, NoticeOutcome.SUPPRESSED, reason)
        elif not registry[notice.kind].address(notice.recipient):
            settle(notice, NoticeOutcome.SUPPRESSED, Unwanted.NO_ADDRESS)
        else:
            wanted.append(notice)
    return wanted


def _about(notice: Notice) -> tuple[object, ...]:
    return notice.kind, notice.target_type, notice.target_id, notice.anchor_on


def settle(notice: Notice, outcome: NoticeOutcome, reason: Unwanted | None = None) -> None:
    """Close a notice that needs no letter (any more)."""
    notice.outcome, notice.reason = outcome, reason or ""
    notice.save(update_fields=["outcome", "reason", "updated_at"])


def _write(recipient: Person, notices: list[Notice], letter_key: str, *, now: datetime) -> bool:
    """Render outside any transaction, then keep the letter and tie its notices to it; False if another did."""
    language, kind = language_of(recipient), registry[notices[0].kind]
    with translation.override(language):
        letter = registry.render(notices, now)
    ends = [notice.useful_until for notice in notices if notice.useful_until]
    delivery = Delivery(
        recipient=recipient,
        address=kind.address(recipient),
        language=language,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        calendar_method=letter.calendar_method,
        calendar_body=letter.calendar_body,
        dedupe_key=letter_key,
        message_id=Delivery.new_message_id(settings.MAIL_DOMAIN),
        policy=kind.policy,
        needs_release=not kind.at_once and bool(high_ranking([recipient], on=local_day(now))),
        not_before=now,
        useful_until=max(ends) if len(ends) == len(notices) else None,
    )
    try:
        with transaction.atomic():
            delivery.save()
            rows = Notice.objects.filter(pk__in=[notice.pk for notice in notices], delivery=None)
            if rows.update(delivery=delivery) != len(notices):
                raise SomebodyWasFaster("")
    except (IntegrityError, SomebodyWasFaster):
        return False
    return True


def release(delivery: Delivery, *, by: Actor, now: datetime) -> None:
    """Let a letter to a chair, a CEO or an executive go, with a copy to the office contacts of their seats.

    NotAllowedNow if none of its reasons is left: the copies, which have none of their own, would go all the same.
    """
    reasons = [registry[one.kind].unwanted(one, now) for one in delivery.notices.select_related("recipient")]
    if reasons and all(reasons):
        raise NotAllowedNow(_("What this letter is about has been settled. It is not needed any more; withhold it."))
    with transaction.atomic():
        rows = Delivery.objects.awaiting_release().filter(pk=delivery.pk)
        if not rows.update(needs_release=False):
            raise NotAllowedNow(_("This letter does not wait for release."))
        for contact in office_contacts(delivery.recipient, on=local_day(now)):
            _copy(delivery, contact)
        audit.record(by=by, verb="letter.released", target=delivery)


def _copy(delivery: Delivery, contact: Person) -> None:
    Delivery.objects.create(
        recipient=contact,
        address=contact.email,
        language=delivery.language,
        subject=delivery.subject,
        text=delivery.text,
        html=delivery.html,
        calendar_method=delivery.calendar_method,
        calendar_body=delivery.calendar_body,
        copy_of=delivery,
        dedupe_key=key("copy", delivery.pk, contact.pk),
        message_id=Delivery.new_message_id(settings.MAIL_DOMAIN),
        policy=delivery.policy,
        not_before=delivery.not_before,
        useful_until=delivery.useful_until,
    )


def withhold(delivery: Delivery, *, by: Actor, reason: str) -> None:
    """Do not send a letter that waits for release."""
    with transaction.atomic():
        rows = Delivery.objects.awaiting_release().filter(pk=delivery.pk)
        if not rows.update(state=DeliveryState.SUPPRESSED, needs_release=False, reason=reason):
            raise NotAllowedNow(_("This letter does not wait for release."))
        audit.record(by=by, verb="letter.withheld", target=delivery, reason=reason)


def pause(*, by: Actor, reason: str) -> None:
    """Send nothing until resumed; letters go on being written."""
    _switch(to=True, by=by, reason=reason)


def resume(*, by: Actor) -> None:
    """Send again, what is still of use first."""
    _switch(to=False, by=by, reason="")


def _switch(*, to: bool, by: Actor, reason: str) -> None:
    engine = EngineState.load()
    with transaction.atomic():
        if not EngineState.objects.filter(pk=1, paused=not to).update(paused=to):
            raise NotAllowedNow(_("The engine is in that state already."))
        audit.record(by=by, verb="engine.paused" if to else "engine.resumed", target=engine, reason=reason)
