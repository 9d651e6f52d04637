"""Whether a letter is still wanted, asked again when it is written and when it goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from council.access.roles import standing
from council.access.visibility import visible_to
from council.core.calendar import local_day
from council.mail.models import Notice
from council.mail.states import Unwanted
from council.parties.queries import actor_of
from council.reminders.targets import target_of


def unless(check: Callable[[Any, Notice], Unwanted | None]) -> Callable[[Notice, datetime], Unwanted | None]:
    """A second look: gone, not visible to the recipient on that day, or what the kind itself looks at."""

    def unwanted(notice: Notice, now: datetime) -> Unwanted | None:
        target = target_of(notice)
        if target is None:
            return Unwanted.GONE
        reader = standing(actor_of(notice.recipient), on=local_day(now))
        if not visible_to(reader, type(target)._default_manager.filter(pk=target.pk)).exists():
            return Unwanted.NOT_VISIBLE
        return check(target, notice)

    return unwanted
