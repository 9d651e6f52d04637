"""What the monthly review of the access record shows: the figures of a month, its refusals, whether its chain holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from council.access.roles import Standing
from council.access.visibility import counted_for, visible_to
from council.core import audit
from council.core.audit import Fault
from council.core.calendar import BusinessCalendar
from council.core.models import AuditEntry, AuditReview
from council.core.review import Figures, Usage, chain_of, figures, months_over, within
from council.core.trail import Kind, of_kind
from council.parties.models import Organisation

REFUSALS_SHOWN, PEOPLE_SHOWN = 200, 20
FAULTS = {"edited": _("edited"), "missing": _("missing"), "misplaced": _("misplaced")}


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month that is over, with its review if it has been signed off."""

    month: date
    review: AuditReview | None


@dataclass(frozen=True, slots=True)
class UsageLine:
    organisation: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class MonthPage:
    month: date
    review: AuditReview | None
    figures: Figures
    refusals: Sequence[AuditEntry]
    refusals_elsewhere: int
    people: Sequence[UsageLine]
    organisations: Sequence[UsageLine]
    faults: Sequence[Fault]
    guards_missing: Sequence[str]

    @property
    def kinds(self) -> list[tuple[str, str, int]]:
        """Each kind's value, words and number."""
        return [(kind.value, str(kind.label), count) for kind, count in self.figures.kinds.items()]

    @property
    def fault_lines(self) -> list[tuple[int, str]]:
        """Each fault's place and its kind in words."""
        return [(fault.sequence, str(FAULTS[fault.kind])) for fault in self.faults]


def months(who: Standing, *, now: datetime) -> list[MonthLine]:
    """The months that are over, the latest first."""
    signed = {review.month: review for review in visible_to(who, AuditReview.objects.all())}
    return [MonthLine(month, signed.get(month)) for month in months_over(now=now)]


def month_page(who: Standing, month: date) -> MonthPage:
    """A month as its reviewer sees it: of drafts that are somebody else's alone nothing is said or counted.

    The figures are of all bodies; of what was refused about another secretariat's body only the number is said.
    """
    entries = counted_for(who, AuditEntry.objects.all())
    counted = figures(month, entries=entries, calendar=BusinessCalendar.load())
    refused = within(month, entries).filter(of_kind(Kind.REFUSAL) | of_kind(Kind.FAILED_SIGN_IN))
    refusals = visible_to(who, refused)
    names = {one.pk: one.short for one in visible_to(who, Organisation.objects.all())}
    lines = [
        [UsageLine(names.get(usage.organisation_id or 0, "–"), usage) for usage in usages]
        for usages in (counted.people[:PEOPLE_SHOWN], counted.organisations)
    ]
    return MonthPage(
        month=month,
        review=visible_to(who, AuditReview.objects.filter(month=month)).first(),
        figures=counted,
        refusals=list(refusals.order_by("id")[:REFUSALS_SHOWN]),
        refusals_elsewhere=refused.exclude(pk__in=refusals.values("pk")).count(),
        people=lines[0],
        organisations=lines[1],
        faults=chain_of(month),
        guards_missing=sorted(audit.guards_missing()),
    )
