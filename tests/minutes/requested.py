"""Records of a meeting that was held and of what followed, and somebody who asks for them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from council.actions.models import ActionItem, Evidence, ProgressUpdate
from council.core.actor import Actor
from council.files.models import StoredFile
from council.files.operations import made_here
from council.meetings.models import AgendaItem, AgendaSnapshot, Meeting, Paper, PaperVersion
from council.minutes.models import MinutesRevision, RecordsOpinion, RecordsPiece, RecordsRequest
from council.minutes.operations import records
from council.minutes.operations.records import Ruling
from council.minutes.operations.records_answer import ask, ask_for_archive, settle
from council.parties.models import Organisation
from council.workflows.archive_records import make_waiting
from council.workflows.gather_records import open_records
from tests.factories import Cast, actor_of, moment
from tests.files import samples
from tests.minutes.published import approved_minutes

# After everything that tests/minutes/held.py lets happen.
RECEIVED = moment("2027-07-01 10:00")
UNTIL = moment("2027-07-06 23:59")
HEARD = moment("2027-07-07 09:00")
REVIEW = date(2028, 6, 1)
REQUESTER = "○○○ 의원실 REQ-CANARY"
PAPER, EVIDENCE, UPDATE = "KT-PAPER-CANARY", "SKT-EVIDENCE-CANARY", "SKT-UPDATE-CANARY"
WITHHELD: dict[str, Any] = {"grounds": [7], "reason": "영업비밀", "review_on": REVIEW}


def a_file(content: bytes, name: str = "paper.pdf") -> StoredFile:
    with made_here(content, name=name, media_type="application/pdf", by=Actor.system("test"), now=RECEIVED) as stored:
        return stored


def records_of(cast: Cast) -> MinutesRevision:
    """Approved minutes with an annex, a fixed agenda, a paper of KT, and what SKT handed in on its action item."""
    revision = approved_minutes(cast)
    meeting = revision.minutes.meeting
    AgendaSnapshot.objects.create(
        meeting=meeting, version=1, fixed_at=RECEIVED, sha256="0" * 64,
        items=[{"title": "안건 1", "kind": "discussion", "duration": 10}],
    )  # fmt: skip
    item = AgendaItem.objects.filter(meeting=meeting).order_by("position")[1]
    a_paper(cast, item, "KT", PAPER)
    handed_in(cast, ActionItem.objects.get(owner__code="SKT", decision__revision=revision))
    return revision


def a_paper(cast: Cast, item: AgendaItem, owner: str, title: str) -> PaperVersion:
    paper = Paper.objects.create(agenda_item=item, title=title, owner=Organisation.objects.get(code=owner))
    content = samples.PDF + f"\n% {title}".encode()
    return PaperVersion.objects.create(
        paper=paper, number=1, file=a_file(content, f"{title}.pdf"), added_at=RECEIVED, added_by=cast.secretary
    )


def handed_in(cast: Cast, action: ActionItem) -> ProgressUpdate:
    update = ProgressUpdate.objects.create(
        action=action, percent=40, text=UPDATE, by=cast.skt_liaison, organisation=action.owner, state="submitted",
        submitted_at=moment("2027-06-10 10:00"),
    )  # fmt: skip
    content = samples.PDF + f"\n% {EVIDENCE}".encode()
    Evidence.objects.create(update=update, kind="file", title=EVIDENCE, file=a_file(content, f"{EVIDENCE}.pdf"))
    return update


def asked_for(cast: Cast, kind: str = "assembly", **values: Any) -> RecordsRequest:
    """Collected, with nothing decided."""
    meeting = Meeting.objects.exclude(minutes=None).order_by("pk")[0]
    said = {
        "body": meeting.body, "kind": kind, "requester": REQUESTER, "reference": "의안과-1",
        "received_on": RECEIVED.date(), "due_at": RECEIVED + timedelta(days=90), "from_day": date(2026, 1, 1),
        "to_day": date(2027, 12, 31),
    }  # fmt: skip
    request = RecordsRequest(**said | values)
    open_records(request, by=actor_of(cast.secretary), now=RECEIVED)
    return request


def keys(request: RecordsRequest, *kinds: str, **which: Any) -> list[str]:
    rows = request.pieces.filter(**which)
    return [piece.key for piece in rows if not kinds or piece.target_type in kinds]


def ruled(cast: Cast, request: RecordsRequest, chosen: list[str] | None = None, **ruling: Any) -> int:
    """On all pieces, if none are named: handed over, if nothing else is said."""
    return records.rule_on(
        request,
        by=actor_of(cast.secretary),
        now=RECEIVED,
        keys=keys(request) if chosen is None else chosen,
        ruling=Ruling(**{"outcome": "handed_over"} | ruling),
    )


def asked(cast: Cast, request: RecordsRequest, *, now: datetime = RECEIVED, until: datetime = UNTIL) -> RecordsRequest:
    ask(request, by=actor_of(cast.secretary), now=now, until=until)
    return request


def opinion_of(request: RecordsRequest, code: str) -> RecordsOpinion:
    return request.opinions.select_related("request").get(organisation__code=code)


def settled(cast: Cast, request: RecordsRequest, *, now: datetime = HEARD) -> RecordsRequest:
    settle(request, by=actor_of(cast.secretary), now=now)
    return request


def archived(cast: Cast, request: RecordsRequest, *, now: datetime = HEARD) -> RecordsRequest:
    """Decided on, and its archive made."""
    if request.decided_at is None:
        settled(cast, request, now=now)
    ask_for_archive(request, by=actor_of(cast.secretary))
    assert make_waiting(now=now) == 1, RecordsRequest.objects.get(pk=request.pk).failed_because
    request.refresh_from_db()
    return request


def piece_of(request: RecordsRequest, kind: str, **which: Any) -> RecordsPiece:
    return request.pieces.get(target_type=kind, **which)
