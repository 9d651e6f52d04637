"""Minutes that were approved and registered, and what is published of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from council.minutes.models import MinutesRevision, Publication
from council.minutes.operations.approval import Approval, register_number
from council.minutes.operations.publication import prepare_public_version, withhold
from council.minutes.operations.publishing import ask
from council.minutes.operations.writing import Part, Said, save_part
from council.minutes.queries.publications import all_passages
from council.workflows.approve_minutes import approve_minutes
from tests.factories import Cast, actor_of
from tests.minutes.held import (
    AFTER,
    CARRIERS,
    a_meeting_in_session,
    circulated_minutes,
    organisations,
    sections,
    speaker,
    written_minutes,
)

SECRET = "비밀-CANARY-7"
ANNEX = "붙임-CANARY-8"
OPEN = "모두에게 공개할 말"
ASKED = AFTER + timedelta(hours=1)
ANSWERS_UNTIL = AFTER + timedelta(days=6)
LATER = ANSWERS_UNTIL + timedelta(minutes=1)
REVIEW = date(2028, 6, 1)


def approved_minutes(cast: Cast, *, number: str = "과-77", items: int = 2) -> MinutesRevision:
    """KT said one thing for all to know, one that it wants to keep, and one in its annex."""
    meeting = a_meeting_in_session(cast, items=items)
    second = sections(written_minutes(cast, meeting))[1]
    kt = speaker(meeting, "KT")
    said = [
        Said(speaker=kt, text=f"{OPEN}\n{SECRET}"),
        Said(speaker=kt, text=ANNEX, private=True),
    ]
    part = Part(remarks=said, vote="none", no_decision=True)
    save_part(second, by=actor_of(cast.secretary), part=part, seen=second.version)
    revision = circulated_minutes(cast, meeting=meeting)
    approval = Approval(approver="정책관 ○○○", route="delegated", on=AFTER.date())
    approve_minutes(revision, by=actor_of(cast.secretary), now=AFTER, approval=approval, quiet=True)
    if number:
        register_number(revision, by=actor_of(cast.secretary), number=number)
    return MinutesRevision.objects.select_related("minutes__meeting__body", "minutes__convened_by").get(pk=revision.pk)


def place_of(publication: Publication, text: str) -> str:
    """Where a passage with these words is."""
    return next(one.place for one in all_passages(publication) if text in one.text)


def withheld(cast: Cast, publication: Publication, *texts: str, grounds: Sequence[int] = (7,)) -> int:
    return withhold(
        publication,
        by=actor_of(cast.secretary),
        today=AFTER.date(),
        places=[place_of(publication, text) for text in texts],
        grounds=grounds,
        reason="영업비밀",
        review_on=REVIEW,
    )


def asked_about(
    cast: Cast, publication: Publication, *, now: datetime = ASKED, until: datetime = ANSWERS_UNTIL
) -> Publication:
    ask(publication, by=actor_of(cast.secretary), now=now, organisations=organisations(*CARRIERS), until=until)
    return publication


def a_public_version(cast: Cast) -> Publication:
    """Being prepared, with KT's secret withheld."""
    publication = prepare_public_version(approved_minutes(cast), by=actor_of(cast.secretary))
    withheld(cast, publication, SECRET)
    return publication
