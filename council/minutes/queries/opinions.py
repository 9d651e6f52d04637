"""Questions about who is asked before something leaves the council, and what follows from the answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, QuerySet

from council.core.calendar import local_day
from council.parties.models import Organisation, Seat
from council.parties.queries import people_seated

# 제21조제3항: at least thirty days lie between the decision against their will and the disclosure.
DAYS_BEFORE_DISCLOSURE = 30
# Who can say something for an organisation.
ANSWERS = (Seat.Role.LIAISON, Seat.Role.MEMBER, Seat.Role.APPROVER)


def without_a_voice(body_id: int, organisations: Iterable[Organisation], *, on: date) -> list[Organisation]:
    """Those of them for whom nobody seated on the body could answer: they are asked on paper."""
    heard = set(people_seated(body_id, ANSWERS, on=on).values_list("organisation", flat=True))
    return [one for one in organisations if one.pk not in heard]


def earliest_disclosure(opinions: QuerySet[Any]) -> date | None:
    """Before which day nothing is disclosed against the will of somebody; None if nobody was overruled."""
    decided = opinions.filter(followed=False).aggregate(last=Max("decided_at"))["last"]
    return local_day(decided) + timedelta(days=DAYS_BEFORE_DISCLOSURE + 1) if decided else None
