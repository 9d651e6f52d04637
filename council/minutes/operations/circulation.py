"""Sending a version round, and what the organisations say to it. Silence until the date blocks nobody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.errors import NotAllowedNow, SomebodyWasFaster
from council.core.lifecycle import change_if, move
from council.core.wording import moment_text
from council.mail.operations import announce
from council.meetings.states import MeetingState
from council.minutes.models import Confirmation, MinutesComment, MinutesRevision, MinutesSection
from council.minutes.operations.locking import lock_minutes
from council.minutes.operations.writing import LONGEST, MinutesRefused, check_sum, open_revision, too_long
from council.minutes.record import attendance_now, decisions_text, written
from council.minutes.states import COMMENT, MINUTES, CommentState, MinutesState
from council.parties.models import Organisation

Kind = Confirmation.Kind


def circulate(
    revision: MinutesRevision,
    *,
    by: Actor,
    now: datetime,
    organisations: Collection[Organisation],
    until: datetime,
    quiet: bool = False,
) -> None:
    """Send a version to organisations that may comment until a moment; from now on its text stays as it is.

    Its decisions and the attendance are kept with it as they are. Those who answer for the organisations are told.
    """
    if not organisations:
        raise MinutesRefused(_("Choose who is asked to confirm."), field="organisations")
    if until <= now:
        raise MinutesRefused(_("This moment has passed."), field="until")
    with transaction.atomic():
        stored = open_revision(revision.pk)
        minutes = stored.minutes
        if minutes.meeting.state != MeetingState.CLOSED:
            raise NotAllowedNow(_("Close the meeting first; then its minutes are circulated."))
        for section in written(stored):
            if section.vote == MinutesSection.Vote.HELD:  # the attendance may have changed since it was entered
                check_sum(section, minutes.meeting)
            section.decision = decisions_text(section)
            section.save(update_fields=["decision"])
            with translation.override("ko"):
                for remark in section.remarks.all():
                    remark.said_by = remark.who[:200]
                    remark.save(update_fields=["said_by"])
        stored.attendance = attendance_now(minutes.meeting)
        stored.circulated_at, stored.comments_until = now, until
        stored.save()
        for organisation in organisations:
            Confirmation.objects.create(revision=stored, organisation=organisation)
        names = ", ".join(sorted(organisation.code for organisation in organisations))
        audit.record(
            by=by,
            verb="minutes.sent_round",
            target=stored,
            after={"to": names, "until": until, "version": stored.number},
        )
        move(minutes, to=MinutesState.CIRCULATED, by=by, lifecycle=MINUTES, verb="minutes.circulated")
        announce("minutes_circulated", stored, by=by, quiet=quiet)
    revision.refresh_from_db()


def comment(
    revision: MinutesRevision, *, by: Actor, now: datetime, text: str, section: MinutesSection | None = None
) -> MinutesComment:
    """Ask, for one's organisation, that something be written otherwise; the secretariat is told."""
    if not text.strip():
        raise MinutesRefused(_("Write what is to be changed."), field="text")
    if len(text) > LONGEST:
        raise MinutesRefused(too_long(len(text)), field="text")
    if section is not None and section.revision_id != revision.pk:
        raise MinutesRefused(_("This part belongs to another version."), field="section")
    with transaction.atomic():
        locked = _taking_answers(revision, now=now)
        _asked(locked, by)
        mine = MinutesComment.objects.filter(revision=locked, organisation_id=by.organisation, section=section)
        if mine.filter(text=text.strip()).exists():
            raise MinutesRefused(_("Your organisation has said this already."), field="text")
        made = MinutesComment.objects.create(
            revision=locked, section=section, organisation_id=by.organisation, text=text.strip(), by_id=by.account
        )
        audit.record(by=by, verb="minutes.commented", target=made)
        announce("minutes_answered", locked, by=by)
    return made


def answer(revision: MinutesRevision, *, by: Actor, now: datetime, kind: str, text: str = "") -> None:
    """Confirm a version for one's organisation, or object and say why; either can be changed until the date."""
    if kind not in {Kind.CONFIRMED, Kind.OBJECTED}:
        raise MinutesRefused(_("Choose an answer."), field="kind")
    if kind == Kind.CONFIRMED and text.strip():
        raise MinutesRefused(_("What is to be written otherwise is a comment or an objection."), field="text")
    with transaction.atomic():
        locked = _taking_answers(revision, now=now)
        row = _asked(locked, by)
        if kind == Kind.OBJECTED:
            if text.strip():
                comment(revision, by=by, now=now, text=text)
            elif not MinutesComment.objects.filter(revision=locked, organisation_id=by.organisation).exists():
                raise MinutesRefused(_("Say to what you object."), field="text")
        before = row.kind
        if before == kind:
            return
        change_if(row, {"kind": before}, {"kind": kind, "by_id": by.account, "at": now})
        audit.record(
            by=by,
            verb=f"minutes.{kind}",
            target=row,
            before={"kind": before},
            after={"kind": kind},
            reason=text.strip(),
        )
        announce("minutes_answered", locked, by=by)


def _taking_answers(revision: MinutesRevision, *, now: datetime) -> MinutesRevision:
    minutes = lock_minutes(pk=revision.minutes_id)
    newest = minutes.newest
    if minutes.state != MinutesState.CIRCULATED or newest.pk != revision.pk or newest.comments_until is None:
        raise NotAllowedNow(_("Answers to this version are not taken any more."))
    if newest.comments_until < now:
        raise NotAllowedNow(
            _("Comments were taken until %(until)s. Turn to the secretary.")
            % {"until": moment_text(newest.comments_until)}
        )
    return newest


def _asked(revision: MinutesRevision, by: Actor) -> Confirmation:
    row = Confirmation.objects.select_for_update().filter(revision=revision, organisation_id=by.organisation).first()
    if row is None:
        raise NotAllowedNow(_("Your organisation was not asked to confirm this version."))
    return row


def reply(row: MinutesComment, *, by: Actor, now: datetime, accept: bool, text: str = "") -> None:
    """Accept a comment, or decline it with the reason; who made it is told.

    What is accepted comes into the next version, which the secretary writes.
    """
    if not accept and not text.strip():
        raise MinutesRefused(_("Say why the comment is declined."), field="text")
    with transaction.atomic():
        lock_minutes(pk=row.revision.minutes_id)
        stored = MinutesComment.objects.select_for_update().get(pk=row.pk)
        if stored.state != CommentState.OPEN:
            raise SomebodyWasFaster(_("This comment has been answered already."))
        to = CommentState.ACCEPTED if accept else CommentState.DECLINED
        said: dict[str, Any] = {"reply": text.strip(), "replied_by_id": by.account, "replied_at": now}
        move(stored, to=to, by=by, lifecycle=COMMENT, verb=f"minutes.comment_{to}", reason=text.strip(), **said)
        announce("minutes_comment_answered", stored, by=by)
    row.refresh_from_db()
