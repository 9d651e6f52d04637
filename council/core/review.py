"""The monthly review of the access record: its figures, which months wait for one, signing one off.

Law: 개인정보의 안전성 확보조치 기준 제8조 (looked through at least once a month, downloads with their reason, what
happens outside working hours or in unusual numbers); working hours by 국가공무원 복무규정 제9조.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import ExtractHour, TruncDate
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.audit import Fault
from council.core.calendar import SEOUL, BusinessCalendar, at, local_day
from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.core.models import AuditEntry, AuditHead, AuditReview
from council.core.trail import Kind, of_kind

WORKING_HOURS = range(9, 18)


def first_of(day: date) -> date:
    """The month a day lies in, which we write as its first day."""
    return day.replace(day=1)


def following(month: date) -> date:
    return first_of(month + timedelta(days=31))


def within(month: date, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """What was written down in a month of Seoul."""
    return entries.filter(at__gte=at(month, time.min), at__lt=at(following(month), time.min))


def months_over(*, now: datetime) -> list[date]:
    """The months that are over, the latest first, back to the audit's first entry."""
    first = AuditEntry.objects.order_by("id").values_list("at", flat=True).first()
    months, month = [], first_of(local_day(first or now))
    while month < first_of(local_day(now)):
        months.append(month)
        month = following(month)
    return months[::-1]


def unsigned_months(*, now: datetime) -> list[date]:
    """The months that are over and that nobody has signed off, the latest first."""
    signed = set(AuditReview.objects.values_list("month", flat=True))
    return [month for month in months_over(now=now) if month not in signed]


@dataclass(slots=True)
class Usage:
    """How much one account, or one organisation, read and downloaded; ``outside`` of working hours."""

    label: str = ""
    organisation_id: int | None = None
    reads: int = 0
    downloads: int = 0
    outside: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """A month in numbers; ``people`` with the busiest first."""

    kinds: Mapping[Kind, int]
    people: list[Usage]
    organisations: list[Usage]

    @property
    def outside(self) -> int:
        return sum(one.outside for one in self.people)

    def as_kept(self) -> dict[str, int]:
        """The figures that a review keeps."""
        return {kind.value: count for kind, count in self.kinds.items()} | {"outside": self.outside}


def figures(month: date, *, entries: QuerySet[AuditEntry], calendar: BusinessCalendar) -> Figures:
    """The figures of a month among the entries that are counted for the reader."""
    rows = within(month, entries).order_by()
    counts = rows.aggregate(**{kind.value: Count("pk", filter=of_kind(kind)) for kind in Kind})
    people: dict[Any, Usage] = defaultdict(Usage)
    organisations: dict[Any, Usage] = defaultdict(Usage)
    for row in _usage(rows):
        outside = row["hour"] not in WORKING_HOURS or not calendar.is_business_day(row["day"])
        for usage in (people[row["actor_user_id"], row["actor"]], organisations[row["organisation_id"]]):
            usage.label, usage.organisation_id = row["actor"], row["organisation_id"]
            usage.reads += row["reads"]
            usage.downloads += row["downloads"]
            usage.outside += (row["reads"] + row["downloads"]) * outside
    kinds = {kind: int(counts[kind.value]) for kind in Kind}
    return Figures(kinds, _busiest_first(people), _busiest_first(organisations))


def _usage(rows: QuerySet[AuditEntry]) -> Iterable[Mapping[str, Any]]:
    """Reads and downloads by account, day and hour: a month has few hours, however many entries."""
    reads, downloads = of_kind(Kind.READ), of_kind(Kind.DOWNLOAD)
    return (
        rows.filter(reads | downloads)
        .values("actor_user_id", "actor", "organisation_id")
        .annotate(day=TruncDate("at", tzinfo=SEOUL), hour=ExtractHour("at", tzinfo=SEOUL))
        .annotate(reads=Count("pk", filter=reads), downloads=Count("pk", filter=downloads))
    )


def _busiest_first(usages: Mapping[Any, Usage]) -> list[Usage]:
    return sorted(usages.values(), key=lambda one: (-one.downloads, -one.reads, one.label))


def chain_of(month: date) -> list[Fault]:
    """Where the chain does not hold between the month's first entry and its last."""
    ends = within(month, AuditEntry.objects.exclude(sequence=None)).aggregate(
        first=Min("sequence"), last=Max("sequence")
    )
    return [] if ends["first"] is None else list(audit.verify_section(**ends))


def sign_review(month: date, *, by: Actor, now: datetime, remarks: str, counted: QuerySet[AuditEntry]) -> AuditReview:
    """Sign a month of the access record off, once, and only when the month is over.

    The figures of what is ``counted``, the state of the month's chain and the head of the whole chain are
    kept with it. Where the chain does not hold, the remarks have to say what was done about it. Who reviews may be one
    of those whose accesses are reviewed: the page names everybody's, and the signature is an audit entry of its own.
    """
    if month != first_of(month) or month >= first_of(local_day(now)):
        raise NotAllowedNow(_("Only a month that is over can be signed off."))
    audit.seal()
    faults = chain_of(month)
    if faults and not remarks.strip():
        raise DomainError(_("The chain does not hold: say in the remarks what was done about it."), field="remarks")
    try:
        with transaction.atomic():
            return _signed(month, by=by, now=now, remarks=remarks.strip(), counted=counted, faults=len(faults))
    except IntegrityError as error:
        raise SomebodyWasFaster(_("This month has been signed off already.")) from error


def _signed(
    month: date, *, by: Actor, now: datetime, remarks: str, counted: QuerySet[AuditEntry], faults: int
) -> AuditReview:
    head, _made = AuditHead.objects.get_or_create(pk=1)
    review = AuditReview.objects.create(
        month=month,
        reviewer=by.label,
        reviewer_user_id=by.account,
        signed_at=now,
        remarks=remarks,
        counts=figures(month, entries=counted, calendar=BusinessCalendar.load()).as_kept(),
        faults=faults,
        head_length=head.length,
        head_hash=head.hash,
    )
    audit.record(by=by, verb="audit.reviewed", target=review, after=audit.snapshot(review))
    return review
