"""Fixing the agenda: what is printed and sent is a version; what comes after is shown as a change."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.meetings.agenda import as_fixed, digest, timetable
from council.meetings.models import AgendaSnapshot, Meeting
from council.meetings.operations.agenda import AgendaRefused, open_agenda


def fix_agenda(meeting: Meeting, *, by: Actor, now: datetime) -> AgendaSnapshot:
    """Keep the agenda as it stands as the next version.

    AgendaRefused while it is empty, longer than the meeting, the same as the last version, or while an item has not
    been checked against competition law, naming which.
    """
    with transaction.atomic():
        locked = open_agenda(meeting.pk)
        table = timetable(locked, locked.agenda_items.select_related("section"))
        if not table.slots:
            raise AgendaRefused(_("There is no item on this agenda yet."))
        if table.overrun:
            raise AgendaRefused(
                _("The agenda is %(minutes)d minutes longer than the meeting. Shorten items, or let it end later.")
                % {"minutes": table.overrun}
            )
        if unchecked := [str(slot.number) for slot in table.slots if slot.item.competition_checked_at is None]:
            raise AgendaRefused(
                _("These items have not been checked against competition law: %(numbers)s.")
                % {"numbers": ", ".join(unchecked)}
            )
        items = as_fixed(table.slots)
        last = locked.snapshots.order_by("-version").first()
        if last and last.sha256 == digest(items):
            raise AgendaRefused(_("Nothing has changed since the agenda was fixed."))
        snapshot = AgendaSnapshot.objects.create(
            meeting=locked,
            version=last.version + 1 if last else 1,
            fixed_at=now,
            fixed_by_id=by.user_id,
            items=items,
            sha256=digest(items),
        )
        audit.record(
            by=by, verb="agenda.fixed", target=meeting, after={"version": snapshot.version, "sha256": snapshot.sha256}
        )
    return snapshot
