"""What a records request asks for, and how a piece that belongs to it is told of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Q

from council.core.calendar import at
from council.core.labels import Label
from council.meetings.models import AgendaItem, Meeting
from council.minutes.models import MinutesRevision, RecordsRequest
from council.minutes.operations.records import Found
from council.minutes.queries.publications import named_in, passages_of
from council.parties.models import Organisation


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked for: of a body and a period, perhaps of one commitment alone. ``host`` is the ministry."""

    request: RecordsRequest
    host: int
    now: datetime
    others: tuple[Organisation, ...]

    def within(self, moment: str) -> Q:
        """A moment that lies in the period."""
        begins, after = at(self.request.from_day, time(0)), at(self.request.to_day + timedelta(days=1), time(0))
        return Q(**{f"{moment}__gte": begins, f"{moment}__lt": after})

    def named(self, text: str, *, label: str = Label.AMBER, meeting: Meeting | None = None) -> set[int]:
        """Who is named in a text of the ministry's, of those who may know of it.

        Nobody is asked about what is between others, or about a meeting of chosen people that they were not asked to:
        the question would tell them of it.
        """
        if Label(label).width <= Label.AMBER_STRICT.width:
            return set()
        named = {one.pk for one in named_in(text, self.others)}
        if meeting is not None and meeting.by_invitation:
            named &= set(meeting.participations.asked().values_list("organisation", flat=True))
        return named

    def in_minutes(self, revision: MinutesRevision) -> set[int]:
        """Who came, spoke or is named, as before they are published; and whose annexes are with them."""
        passages = list(passages_of(revision))
        annexes = revision.sections.exclude(remarks=None).values_list("remarks__speaker__organisation", flat=True)
        return (
            {one.organisation_id for one in passages}
            | set(annexes)
            | self.named("\n".join(one.text for one in passages))
        )

    def about(self, path: str) -> Q:
        """What belongs to the commitment, if only that is asked for."""
        return Q(**{path: self.request.commitment_id}) if self.request.commitment_id else Q()

    @property
    def announced(self) -> models.QuerySet[Meeting]:
        """Also if they were cancelled since."""
        return Meeting.objects.announced().filter(self.within("starts_at"), body=self.request.body_id)

    @property
    def meetings(self) -> models.QuerySet[Meeting]:
        """Those at which it was about the commitment, if only that is asked for."""
        if not self.request.commitment_id:
            return self.announced
        return self.announced.filter(pk__in=AgendaItem.objects.filter(self.about("commitment")).values("meeting"))


def found(
    row: models.Model,
    title: str,
    day: date,
    owner: int,
    label: str,
    others: Collection[int] = (),
    *,
    audience: str = "",
) -> Found:
    """``others``: whose words or data are in it besides its owner's."""
    return Found(
        target_type=str(row._meta.model_name),
        target_id=row.pk,
        title=" ".join(title.split()),
        day=day,
        owner_id=owner,
        label=label,
        concerns=frozenset({owner, *others}),
        audience=audience,
    )
