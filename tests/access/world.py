"""A compact world for the whole truth table: every role, every label, every state, in five bodies of one family."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, product
from typing import Any

from django.apps import apps

from council.actions.models import (
    ActionComment,
    ActionItem,
    AgendaLink,
    CheckPoint,
    Escalation,
    EscalationRule,
    Evidence,
    ExtensionRequest,
    ProgressUpdate,
    Verification,
)
from council.actions.states import UpdateState
from council.core.actor import Actor
from council.core.belonging import body_of
from council.core.labels import Label
from council.core.models import AuditEntry, AuditReview, Closure
from council.core.quarters import Quarter
from council.declaration.models import (
    Commitment,
    CommitmentOwner,
    Declaration,
    Incident,
    Indicator,
    IndicatorTarget,
    Milestone,
    Pillar,
    Signatory,
)
from council.files.models import StoredFile
from council.mail.models import Delivery, DeliveryAttempt, EngineState
from council.meetings.models import (
    AgendaItem,
    AgendaSection,
    AgendaSnapshot,
    BriefingPack,
    CalendarFeed,
    DateChange,
    Deadline,
    DeadlineTemplate,
    ItemNote,
    Meeting,
    Paper,
    PaperReceipt,
    PaperVersion,
    Participation,
    StandingItem,
)
from council.meetings.states import AgendaItemState, MeetingState
from council.minutes.models import (
    Confirmation,
    Decision,
    DocumentForm,
    IssuedDocument,
    Minutes,
    MinutesComment,
    MinutesRevision,
    MinutesSection,
    OfficialDocument,
    Opinion,
    Publication,
    Recording,
    RecordsOpinion,
    RecordsPiece,
    RecordsRequest,
    Redaction,
    Remark,
)
from council.parties.models import AccessToken, Body, BodyRules, Organisation, Person, Seat, SignInFailure, User
from council.release.models import ReleaseRequest
from council.reminders.models import ReminderRule
from council.reports.models import (
    Judgement,
    Measurement,
    Report,
    ReportDraft,
    ReportEvidence,
    ReportingRound,
    Submission,
)
from council.reports.states import ReportState
from council.scorecard.models import FrozenScorecard, PublicQuarter, SharedRow
from tests.access.inside import inside
from tests.access.rows import ANONYMOUS, PEOPLE
from tests.factories import TODAY, Cast, actor_of, an_account, moment, seat
from tests.mail.letters import a_letter, a_notice

AT = moment("2026-11-24 09:00")
TOMORROW = date(2026, 11, 25)
DAY = timedelta(days=1)
OWNERS = ("SKT", "KT", "MSIT")
WIDE = (Label.AMBER, Label.GREEN, Label.CLEAR)
NUMBERS = count(1)
# Of the places at a meeting those that say something in its minutes: of two competitors, and one who left for another.
SPEAKERS = ["ceo@skt.test", "liaison@kt.test", "moved-away@world.test"]
# Reviewers of the ministry, those of it in every other role, and one of a carrier whom nobody should have named.
REVIEWERS = (
    *(f"msit_{body}_{role}" for body in ("council", "ciso") for role in Seat.Role.values),
    "skt_council_reviewer",
    *(f"kisa_council_{role}" for role in ("secretary", "assistant", "head")),
)
READERS = ("kt_ciso", "skt_council_observer", "msit_council_observer", "former_liaison", "nobody")


def make_world(cast: Cast) -> dict[str, Actor]:
    """All rows, and the actors by name."""
    bodies = _bodies()
    users = {name: getattr(cast, name) for name in PEOPLE} | _people()
    readers = [users[name].person for name in READERS]
    actions = _actions(bodies, readers)
    _handed_in(actions, cast)
    meetings = _meetings(bodies, readers)
    _around_meetings(meetings, users)
    _papers(meetings, users, readers)
    _minutes(meetings)
    _promises(bodies)
    _reports(bodies, users)
    _records(bodies)
    inside(bodies, users)
    _odds_and_ends(bodies, cast)
    _asked(cast)
    return {name: actor_of(user) for name, user in users.items()} | _unusual(cast)


def _bodies() -> list[Body]:
    """The council with its group, a group beside that, one below it, and a body that belongs to nobody's family."""
    council, ciso = Body.objects.get(code="council"), Body.objects.get(code="ciso")
    made = [
        Body.objects.create(code=code, name_ko=code, name_en=code, parent=parent)
        for code, parent in (("beside", council), ("below", ciso), ("apart", None))
    ]
    return [council, ciso, *made]


def _people() -> dict[str, User]:
    """Somebody of a carrier and of the ministry in every role, and those whose seats are out of the ordinary."""
    users = {}
    for organisation, body in (("SKT", "council"), ("MSIT", "council"), ("LGU", "ciso"), ("MSIT", "ciso")):
        for role in Seat.Role.values:
            name = f"{organisation.lower()}_{body}_{role}"
            users[name] = an_account(f"{name}@world.test", organisation)
            seat(users[name], body, role, acting=True)
    for body in ("beside", "below", "apart"):
        for organisation, role in (("KT", "liaison"), ("MSIT", "secretary")):
            name = f"{organisation.lower()}_{body}"
            users[name] = an_account(f"{name}@world.test", organisation)
            seat(users[name], body, role)
    # Of an agency, which runs no body in whatever seat.
    for role in (Seat.Role.SECRETARY, Seat.Role.ASSISTANT, Seat.Role.HEAD):
        users[f"kisa_council_{role}"] = an_account(f"kisa-{role}@world.test", "KISA")
        seat(users[f"kisa_council_{role}"], "council", role, acting=True)
    users["two_hats"] = an_account("two-hats@world.test", "MSIT")
    seat(users["two_hats"], "council", "secretary")
    seat(users["two_hats"], "beside", "observer")
    for name, ends_on, cut_short in (
        ("cut today", TODAY, True),
        ("cut tomorrow", TOMORROW, True),
        ("ends", TOMORROW, False),
    ):
        users[name] = an_account(f"{name.replace(' ', '-')}@world.test", "SKT")
        seat(users[name], "council", "liaison", ends_on=ends_on)
        Seat.objects.filter(person=users[name].person).update(cut_short=cut_short)
    for name, organisation in (("stand_in", "SKT"), ("kt_stand_in", "KT"), ("moved_away", "MSIT")):
        users[name] = an_account(f"{name.replace('_', '-')}@world.test", organisation)
    users["until_today"] = an_account("until@world.test", "SKT")
    seat(users["until_today"], "council", "liaison", ends_on=TODAY)
    users["from_tomorrow"] = an_account("from@world.test", "SKT")
    seat(users["from_tomorrow"], "council", "liaison", starts_on=TOMORROW)
    users["shut"] = an_account("shut@world.test", "MSIT", is_superuser=True)
    seat(users["shut"], "council", "secretary")
    User.objects.filter(pk=users["shut"].pk).update(is_active=False)
    users["machine"] = User.objects.create_user("machine@world.test", is_superuser=True)
    return users


def _unusual(cast: Cast) -> dict[str, Actor]:
    ceo = Seat.objects.filter(role="member", body__code="council", person__user=None).select_related("person")[0].person
    return {
        "anonymous": ANONYMOUS,
        "no account": Actor(label="letter", person_id=ceo.pk, organisation_id=ceo.organisation_id),
        "impostor": Actor(
            label="x", user_id=cast.kt_liaison.pk, person_id=cast.kt_liaison.person_id, organisation_id=cast.skt.pk
        ),
        "moved": Actor(label="x", user_id=cast.kt_liaison.pk, person_id=ceo.pk, organisation_id=ceo.organisation_id),
    }


def _organisations() -> list[Organisation]:
    return [Organisation.objects.get(code=code) for code in OWNERS]


def _actions(bodies: list[Body], readers: list[Person]) -> list[ActionItem]:
    kinds = product(bodies, _organisations(), Label.values, ("open", "draft"), (False, True))
    rows = [
        ActionItem(
            number=1000 + n, title=f"{n}", body=body, owner=owner, label=label, state=state,
            due_on=TODAY, original_due_on=TODAY, description="named" if named else "",
        )
        for n, (body, owner, label, state, named) in enumerate(kinds)
        if not (state == "draft" and body.code in {"below", "beside"})
    ]  # fmt: skip
    made = ActionItem.objects.bulk_create(rows)
    _name(ActionItem.readers.through, "actionitem", [row for row in made if row.description], readers)
    return made


def _name(through: Any, column: str, rows: list[Any], readers: list[Person]) -> None:
    through.objects.bulk_create(
        through(**{f"{column}_id": row.pk, "person_id": person.pk}) for row in rows for person in readers
    )


def _handed_in(actions: list[ActionItem], cast: Cast) -> None:
    """On every item a verdict, and updates of its owner and of another, with a file each."""
    by = {"SKT": cast.skt_liaison, "KT": cast.kt_liaison, "MSIT": cast.secretary}
    updates = ProgressUpdate.objects.bulk_create(
        ProgressUpdate(
            action=action, percent=1, text="t", by=by[code], organisation=Organisation.objects.get(code=code),
            label=label, state=state, submitted_at=None if state == "draft" else AT,
        )
        for action in actions if not action.description
        for code, label, state in _updates_on(action)
    )  # fmt: skip
    files = StoredFile.objects.bulk_create(
        StoredFile(file=f"aa/{n}", name=f"{n}", size=1, sha256="0" * 64, media_type="t") for n in range(len(updates))
    )
    loose = StoredFile.objects.create(file="aa/loose", name="loose", size=1, sha256="0" * 64, media_type="t")
    Evidence.objects.bulk_create(
        Evidence(update=update, kind="file", file=file) for update, file in zip(updates, files, strict=True)
    )
    draft = next(update for update in updates if update.state == "draft")
    handed_in = next(update for update in updates if update.state == "submitted")
    for update in (draft, handed_in):
        Evidence.objects.create(update=update, kind="inspected_on_site")
    Verification.objects.bulk_create(
        Verification(action=action, verdict="returned", by=cast.secretary, at=AT) for action in actions
    )
    ActionComment.objects.bulk_create(
        ActionComment(action=action, text="t", by=cast.secretary, organisation_id=action.owner_id, at=AT)
        for action in actions
    )
    ExtensionRequest.objects.bulk_create(
        ExtensionRequest(
            action=action, due_on=TODAY, requested_due_on=TOMORROW, reason="r", by=cast.secretary, asked_at=AT
        )
        for action in actions
    )
    Escalation.objects.bulk_create(
        Escalation(action=action, cause="overdue", step="lead", since_on=TODAY, raised_at=AT) for action in actions
    )
    for body in Body.objects.filter(escalation_rules=None):
        EscalationRule.objects.create(body=body, cause="overdue", step="lead", business_days=3)
    CheckPoint.objects.bulk_create(CheckPoint(body=body, position=9, text_ko="t") for body in Body.objects.all())
    _record(updates, loose)


def _updates_on(action: ActionItem) -> Iterator[tuple[str, str, str]]:
    if action.label == Label.RED:
        yield action.owner.code, Label.CLEAR, UpdateState.SUBMITTED
        yield action.owner.code, Label.AMBER_STRICT, UpdateState.DRAFT
        return
    for label in Label.values:
        yield action.owner.code, label, UpdateState.SUBMITTED
    yield action.owner.code, Label.AMBER, UpdateState.WITHDRAWN
    yield action.owner.code, Label.RED, UpdateState.DRAFT
    if action.owner.code != "KT":
        yield "KT", Label.AMBER_STRICT, UpdateState.DRAFT
        yield "KT", Label.AMBER_STRICT, UpdateState.SUBMITTED


# What the record calls what is done to the draft of a report.
OF_REPORTS = (
    "report.begun", "report.drafted", "report.not_begun", "report.draft_discarded", "report.evidence_removed",
    "contributions.imported", "require_clearance", "ask_parts", "import_parts", "clear", "submit_batch",
)  # fmt: skip


def _record(updates: list[ProgressUpdate], loose: StoredFile) -> None:
    """What the audit says about drafts, about what was handed in, and about neither."""
    about: list[tuple[str, Any]] = [("meeting", 1), ("seat", 1), ("bodyrules", 1), ("storedfile", loose.pk), ("", "")]
    AuditEntry.objects.bulk_create(
        AuditEntry(at=AT, verb=verb, actor="x", organisation_id=_organisations()[0].pk, target_type=kind, target_id="1")
        for verb, kind in (*((verb, "meeting") for verb in OF_REPORTS), ("seed.added", "reportdraft"))
    )
    for update in [next(u for u in updates if u.state == state) for state in UpdateState.values]:
        evidence = update.evidence.get(kind="file")
        about += [("progressupdate", update.pk), ("evidence", evidence.pk), ("storedfile", evidence.file_id)]
        about += [("meeting", update.pk), ("meeting", evidence.pk)]
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=AT, verb=verb, actor="x", organisation_id=organisation, body_id=body, target_type=kind, target_id=str(pk)
        )
        for body in (None, *Body.objects.values_list("pk", flat=True))
        for verb in ("progress.drafted", "progress.evidence_removed", "file.downloaded")
        for organisation in (None, *[each.pk for each in _organisations()])
        for kind, pk in about
    )


MEETINGS: tuple[dict[str, Any], ...] = (
    {"state": MeetingState.DRAFT},
    {"state": MeetingState.OPEN, "opened_at": AT},
    {"state": MeetingState.IN_PROGRESS, "opened_at": AT},
    {"state": MeetingState.CLOSED, "opened_at": AT, "closed_at": AT},
    {"state": MeetingState.CANCELLED, "opened_at": AT, "cancelled_at": AT},
    {"state": MeetingState.CANCELLED, "cancelled_at": AT},
    {"state": MeetingState.CLOSED, "closed_at": AT, "kind": Meeting.Kind.FOUNDING},
    {"state": MeetingState.OPEN, "opened_at": AT, "by_invitation": True},
    {"state": MeetingState.DRAFT, "by_invitation": True},
)


def _meetings(bodies: list[Body], readers: list[Person]) -> list[Meeting]:
    plain = {"quarter": Quarter.parse("2029-Q1"), "starts_at": AT, "day_only": True, "kind": "extraordinary"}
    meetings = Meeting.objects.bulk_create(Meeting(body=body, **plain | state) for body in bodies for state in MEETINGS)
    Deadline.objects.bulk_create(Deadline(meeting=meeting, kind="notice", due_at=AT) for meeting in meetings)
    items = AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting, title="named" if named else "", label=label, state=state, owner=owner, returned_because="r"
        )
        for meeting in meetings
        for owner in _organisations()
        for state in AgendaItemState.values
        for label in (WIDE if state == "accepted" else Label.values)
        for named in ((False, True) if meeting.state in {"open", "draft"} and not meeting.by_invitation else (True,))
        if (meeting.state == "open" and not meeting.by_invitation) or label in {Label.RED, Label.AMBER}
    )
    _name(AgendaItem.readers.through, "agendaitem", [item for item in items if item.title], readers)
    return meetings


def _around_meetings(meetings: list[Meeting], users: dict[str, User]) -> None:
    """Sections, places and the like: of every meeting of the council, of others where that makes a difference."""
    some = [one for one in meetings if one.body.code == "council" or one.state == "open"]
    AgendaSection.objects.bulk_create(AgendaSection(meeting=meeting, title="t") for meeting in some)
    AgendaSnapshot.objects.bulk_create(
        AgendaSnapshot(meeting=meeting, version=1, fixed_at=AT, items=[], sha256="0" * 64) for meeting in some
    )
    DateChange.objects.bulk_create(
        DateChange(meeting=meeting, was=AT, became=AT, changed_at=at)
        for meeting in some
        for at in (AT - DAY, AT, AT + DAY)
    )
    BriefingPack.objects.bulk_create(
        BriefingPack(meeting=meeting, user=users[name])
        for meeting in some
        for name in ("secretary", "kt_liaison", "stand_in")
    )
    Participation.objects.bulk_create(place for meeting in some for place in _places(meeting, users))
    for name in ("secretary", "kt_liaison", "machine"):
        CalendarFeed.objects.create(user=users[name], digest=name)
    for body in Body.objects.all():
        StandingItem.objects.create(body=body, position=9, title="t")


def _places(meeting: Meeting, users: dict[str, User]) -> Iterator[Participation]:
    """Everybody who may be asked: seated, unseated, a guest, gone to another organisation, with delegates."""
    letter = StoredFile.objects.create(file="aa/letter", name="letter", size=1, sha256="0" * 64, media_type="t")
    item = meeting.agenda_items.order_by("pk")[0]
    confirmed = {
        "delegation_letter": letter, "delegation_confirmed_at": AT, "delegation_confirmed_by": users["secretary"],
    }  # fmt: skip
    places: tuple[tuple[str, dict[str, Any]], ...] = (
        ("skt_council_observer", {"seat_on": meeting.body}),
        ("lgu_ciso_reviewer", {"seat_on": meeting.body}),
        ("former_liaison", {"seat_on": meeting.body}),
        ("kt_liaison", {"seat_on": meeting.body if meeting.body.code == "council" else Body.objects.get(code="ciso")}),
        ("nobody", {}),
        ("observer", {}),
        ("lgu_ciso_chair", {"seat_on": Body.objects.get(code="ciso")}),
        ("kt_ciso", {"withdrawn_because": "w"}),
        ("lgu_liaison", {"capacity": "guest", "item": item}),
        ("skt_ceo", {"capacity": "member", "seat_on": meeting.body, "delegate": users["stand_in"].person} | confirmed),
        ("kt_ceo", {"capacity": "member", "seat_on": meeting.body, "delegate": users["kt_stand_in"].person}),
        ("chair", {"capacity": "member", "presides": True, "delegate": users["moved_away"].person} | confirmed),
        ("moved_away", {"organisation": Organisation.objects.get(code="KT")}),
        ("msit_beside", {}),
    )
    for name, values in places:
        person = users[name].person
        assert person is not None
        row = {"organisation_id": person.organisation_id} if "organisation" not in values else {}
        yield Participation(meeting=meeting, person=person, **row | values)


def _minutes(meetings: list[Meeting]) -> None:
    """Of meetings in every state: versions sent round and being written, with everything that hangs on them."""
    # The footing of what is written down is the same in every state; a draft has nothing to write down.
    some = [one for one in meetings if one.state not in {"draft", "cancelled"} and one.participations.exists()]
    ministry = Organisation.objects.get(code="MSIT")
    for number, meeting in enumerate(some):
        minutes = Minutes.objects.create(meeting=meeting, convened_by=ministry, label=WIDE[number % 3])
        for turn in range(2):
            revision = MinutesRevision.objects.create(minutes=minutes, number=turn + 1)
            _parts(revision, meeting, silent=turn == 1 and number % 2 == 0)
            _decided(revision, meeting)
            for audience in ("common", "whole"):
                file = StoredFile.objects.create(file="aa/m", name="m", size=1, sha256="0" * 64, media_type="t")
                IssuedDocument.objects.create(revision=revision, form="pdf", audience=audience, file=file, issued_at=AT)
            if turn == 0:
                _published(revision, number)
                _beside(minutes, number)
            if turn == 0 and number % 4 != 3:
                MinutesRevision.objects.filter(pk=revision.pk).update(circulated_at=AT, comments_until=AT + DAY)
            else:
                break  # still the first one that is written, or the second


def _beside(minutes: Minutes, number: int) -> None:
    """A recording here and one elsewhere; official documents that were sent, kept inside, and taken back."""
    file = StoredFile.objects.create(file="aa/r", name="r", size=1, sha256="0" * 64, media_type="t")
    Recording.objects.create(minutes=minutes, kind="steno", file=file, added_at=AT)
    Recording.objects.create(minutes=minutes, kind="sound", kept_as="k", added_at=AT)
    plain: dict[str, Any] = {"meeting": minutes.meeting, "approver": "a", "route": "approval"}
    for values in (
        {"kind": "notice", "channel": "email", "sent_at": AT},
        {"kind": "results", "channel": "internal"},
        {"kind": "agenda", "channel": "email", "sent_at": AT, "withdrawn_because": "w"},
    ):
        OfficialDocument.objects.create(document_number=f"n{number}", **plain, **values)


def _published(revision: MinutesRevision, turn: int) -> None:
    """Of every kind, at every stage and out; of the embargoes one that is over and one to come."""
    stages = ("asked", "published", "draft", "withdrawn")
    for number, embargo in enumerate((AT - DAY, AT + 9999 * DAY), 3):
        _a_publication(revision, "press", number, "published", TEXT | {"embargo": embargo})
    for number, (kind, values) in enumerate((("minutes", {}), ("press", TEXT), ("results", TEXT)), 1):
        _a_publication(revision, kind, 1, "published", values)
        _a_publication(revision, kind, 2, stages[(turn + number) % 4], values)


def _records(bodies: list[Body]) -> None:
    """Of each body one on which two were asked, one on which nobody was; pieces of all, with the words of some."""
    terms = {"requester": "r", "received_on": TODAY, "due_at": AT + DAY, "from_day": TODAY, "to_day": TODAY}
    for number, body in enumerate(bodies):
        revisions = list(MinutesRevision.objects.filter(minutes__meeting__body=body).values_list("pk", flat=True))
        for asked in (_organisations()[:2], _organisations()[:1], []):
            request = RecordsRequest.objects.create(body=body, kind="audit", **terms)
            papers = PaperVersion.objects.filter(paper__agenda_item__meeting__body=body).order_by("pk")
            targets = [("paperversion", pk, owner) for pk, owner in papers.values_list("pk", "paper__owner")]
            # Its number is that of minutes: the kind counts, not the number alone.
            targets += [("evidence", pk, _organisations()[2].pk) for pk in revisions[:1]]
            targets += [("minutesrevision", pk, _organisations()[2].pk) for pk in (*revisions, 10**9)]
            taken = {(kind, pk) for kind, pk, _owner in targets}
            targets += [one for one in _of_each_kind(body) if one[:2] not in taken]
            for position, (kind, pk, owner) in enumerate(targets, 1):
                minutes = kind == "minutesrevision"
                piece = RecordsPiece.objects.create(
                    request=request, position=position, target_type=kind, target_id=pk, title="t", day=TODAY,
                    owner_id=owner, label=Label.AMBER, audience="common" if minutes else "",
                    part=None if minutes else _a_file(),
                )  # fmt: skip
                piece.concerns.set([owner, *([_organisations()[position % 2].pk] if minutes else [])])
            for organisation in asked:
                RecordsOpinion.objects.create(request=request, organisation=organisation)
            if number < 2:
                _archived(request)


# Where the body of a thing is that can be a piece, and whose it is; an owner in question marks is the first's.
KINDS = {
    "agendasnapshot": "meeting__body", "paper": "agenda_item__meeting__body", "decision": "body",
    "publication": "revision__minutes__meeting__body", "actionitem": "body", "progressupdate": "action__body",
    "evidence": "update__action__body", "verification": "action__body", "actioncomment": "action__body",
    "extensionrequest": "action__body", "submission": "report__round__body", "reportevidence": "report__round__body",
    "judgement": "report__round__body",
}  # fmt: skip
OWNED = {
    "actionitem": "owner", "progressupdate": "organisation", "evidence": "update__organisation", "paper": "owner",
    "verification": "action__owner", "actioncomment": "action__owner", "extensionrequest": "action__owner",
    "submission": "report__organisation", "reportevidence": "report__organisation",
    "judgement": "report__organisation",
}  # fmt: skip


def _of_each_kind(body: Body) -> Iterator[tuple[str, int, int]]:
    """Some of each, of the organisation that is asked first."""
    first = _organisations()[0]
    for kind, path in KINDS.items():
        owned = {OWNED[kind]: first} if kind in OWNED else {}
        rows = apps.get_model("council", kind)._default_manager.filter(**{path: body}, **owned)
        for pk in rows.order_by("-pk").values_list("pk", flat=True)[:4]:
            yield kind, pk, first.pk


def _a_file() -> StoredFile:
    return StoredFile.objects.create(file="aa/r", name="r", size=1, sha256="0" * 64, media_type="t")


def _archived(request: RecordsRequest) -> None:
    made = {"stage": "ready", "archive": _a_file(), "made_at": AT, "sha256": "0" * 64}
    RecordsRequest.objects.filter(pk=request.pk).update(state="decided", decided_at=AT, **made)


TEXT: dict[str, Any] = {"title": "t", "text": "t"}


def _a_publication(revision: MinutesRevision, kind: str, number: int, state: str, values: dict[str, Any]) -> None:
    made = Publication.objects.create(revision=revision, kind=kind, number=number, **values)
    for organisation in _organisations():
        Opinion.objects.create(publication=made, organisation=organisation)
        if kind == "minutes":
            said = {"grounds": [7], "reason": "r", "review_on": TODAY, "place": f"p{organisation.pk}"}
            Redaction.objects.create(publication=made, organisation=organisation, **said)
    asked: dict[str, Any] = {"asked_at": AT, "opinions_until": AT + DAY} if state != "draft" else {}
    if state == "published":
        asked |= {"published_at": AT, "sha256": "0" * 64}
    if state == "withdrawn":
        asked |= {"withdrawn_because": "w"}
    Publication.objects.filter(pk=made.pk).update(state=state, **asked)
    if state == "published":
        file = StoredFile.objects.create(file="aa/p", name="p", size=1, sha256="0" * 64, media_type="t")
        IssuedDocument.objects.create(
            revision=revision, form="pdf", audience="public", publication=made, file=file, issued_at=AT
        )


def _parts(revision: MinutesRevision, meeting: Meeting, *, silent: bool) -> None:
    """Silent: nobody's remarks are in it, so that whoever has an item on it has a part in it by that alone."""
    items = AgendaItem.objects.filter(meeting=meeting).order_by("pk")
    accepted, proposed = items.filter(state="accepted").first(), items.filter(state="proposed").first()
    speakers = meeting.participations.filter(person__user__email__in=SPEAKERS)
    for item in filter(None, (accepted, proposed)):
        section = MinutesSection.objects.create(revision=revision, agenda_item=item, title="t")
        Remark.objects.bulk_create(
            Remark(section=section, position=1, speaker=speaker, text="t", private=private)
            for speaker in speakers
            for private in (False, True)
            if not silent
        )
        for organisation in _organisations()[:2]:
            by = User.objects.filter(person__organisation=organisation)[0]
            MinutesComment.objects.create(
                revision=revision, section=section, organisation=organisation, text="t", by=by
            )
    Confirmation.objects.bulk_create(Confirmation(revision=revision, organisation=one) for one in _organisations())


def _decided(revision: MinutesRevision, meeting: Meeting) -> None:
    """Under each label, in force or not; with something provisional to do for each of three."""
    item = AgendaItem.objects.filter(meeting=meeting, state="accepted").order_by("pk")[0]
    decided = [
        Decision.objects.create(
            agenda_item=item, body=meeting.body, year=2026, revision=revision, text="t", label=label,
            in_force_at=in_force, withdrawn_because=reason,
        )
        for label in WIDE
        for in_force in (None, AT)
        for reason in ("", "w")
    ]  # fmt: skip
    ActionItem.objects.bulk_create(
        ActionItem(
            number=100_000 + next(NUMBERS), title="t", body=meeting.body, owner=owner, state=state,
            decision=decision, label=Label.AMBER,
            due_on=TODAY, original_due_on=TODAY,
        )
        for owner in _organisations()
        for state in ("draft", "cancelled")
        for decision in (decided[0], decided[-1])
    )  # fmt: skip


def _papers(meetings: list[Meeting], users: dict[str, User], readers: list[Person]) -> None:
    """Under every label, of every owner, before and after their time, withdrawn; on items that all or few see."""
    items = AgendaItem.objects.filter(meeting__state="open", meeting__body__code__in=["council", "ciso"]).order_by("pk")
    shown, few = items.filter(state="accepted", label=Label.AMBER), items.filter(state="proposed", label=Label.RED)
    first = [group.filter(meeting=meeting).first() for meeting in meetings for group in (shown, few)]
    for item in filter(None, first):
        for owner, label in product(_organisations()[:2], Label.values):
            for values in ({}, {"embargo": AT - DAY}, {"embargo": AT + 9999 * DAY}, {"withdrawn_because": "w"}):
                if not values or label == Label.AMBER:
                    paper = Paper.objects.create(agenda_item=item, title="t", owner=owner, label=label, **values)
                    if label == Label.RED:
                        paper.readers.set(readers)
        note = ItemNote.objects.create(item=item, text="t")
        assert note.pk
        AgendaLink.objects.create(
            action=ActionItem.objects.filter(state="open").order_by("pk")[item.pk % 40], agenda_item=item
        )
    for paper in Paper.objects.order_by("pk"):
        file = StoredFile.objects.create(file="aa/paper", name="p", size=1, sha256="0" * 64, media_type="t")
        version = PaperVersion.objects.create(
            paper=paper, number=1, file=file, added_at=AT, added_by=users["secretary"]
        )
        if paper.label == Label.AMBER:
            for name in ("kt_liaison", "secretary"):
                PaperReceipt.objects.create(version=version, person_id=users[name].person_id or 0, opened_at=AT)


def _asked(cast: Cast) -> None:
    """Owners asked to release one thing of each kind, label and body, and some answered; also about what is gone."""
    kinds: tuple[tuple[str, Any, str], ...] = (
        ("actionitem", ActionItem.objects.filter(number__gte=1000), "owner"),
        ("agendaitem", AgendaItem.objects.filter(meeting__state="open"), "owner"),
        ("progressupdate", ProgressUpdate.objects.filter(action__number__gte=1000), "organisation"),
        ("paper", Paper.objects.all(), "owner"),
        ("decision", Decision.objects.all(), "label_owner"),
        ("minutes", Minutes.objects.all(), "convened_by"),
    )
    rows = []
    for kind, about, owner in kinds:
        for row in about.order_by("pk")[::3]:
            body = Body.objects.get(pk=body_of(row) or 0)
            whose = Organisation.objects.get(code="SKT") if owner == "label_owner" else getattr(row, owner)
            rows.append(_request(kind, row.pk, body, whose, cast))
        rows.append(_request(kind, 10**9, cast.council, cast.skt, cast))
    # A number that is an agenda item's, said to be an action item's: the kind counts, not the number alone.
    items = AgendaItem.objects.filter(meeting__state="open", meeting__body=cast.council, state="accepted")
    stray = items[0]
    stray.pk = 10**8
    stray.save(force_insert=True)
    rows.append(_request("actionitem", stray.pk, cast.council, cast.skt, cast))
    made = ReleaseRequest.objects.bulk_create(rows)
    pks = [request.pk for request in made[::5]]
    ReleaseRequest.objects.filter(pk__in=pks).update(state="declined", answered_by=cast.skt_liaison, answered_at=AT)


def _request(kind: str, pk: int, body: Body, owner: Organisation, cast: Cast) -> ReleaseRequest:
    return ReleaseRequest(
        target_type=kind, target_id=pk, about="t", body=body, organisation=owner, reason="r",
        label_from=Label.AMBER, label_to=Label.GREEN, asked_by=cast.secretary,
    )  # fmt: skip


def _promises(bodies: list[Body]) -> None:
    people = list(Person.objects.all()[:1])
    for body in bodies[1:]:
        declaration = Declaration.objects.create(
            code=f"d-{body.code}", body=body, title_ko="t", title_en="t", issued_on=TODAY
        )
        organisation, rival = Organisation.objects.get(code="KT"), Organisation.objects.get(code="SKT")
        Signatory.objects.create(declaration=declaration, person=people[0], organisation=organisation, position_ko="p")
        Pillar.objects.create(declaration=declaration, order=1, code="p", title_ko="t", title_en="t")
        for code, keen, owners in (
            ("C", "medium", [organisation]),
            ("H", "high", [organisation, rival]),
            ("N", "high", []),
        ):
            commitment = Commitment.objects.create(
                declaration=declaration, code=code, kind="pledge", title_ko="t", title_en="t", sensitivity=keen
            )
            for owner in owners:
                CommitmentOwner.objects.create(commitment=commitment, organisation=owner)
            Milestone.objects.create(commitment=commitment, title="m", due_on=TODAY)
            Indicator.objects.create(commitment=commitment, name_ko="i", name_en="i")


def _reports(bodies: list[Body], users: dict[str, User]) -> None:
    """On a commitment with a judge and on one without, of each owner, in each state, under each label."""
    for body in bodies:
        declaration = Declaration.objects.create(code=f"reports-{body.pk}", body=body, issued_on=TODAY)
        judged, plain = (
            Commitment.objects.create(declaration=declaration, code=code, kind="pledge", title_ko="t", title_en="t")
            for code in ("judged", "plain")
        )
        judged.reviewers.set(Person.objects.filter(user__in=[users[name] for name in REVIEWERS]))
        indicator = Indicator.objects.create(commitment=judged, name_ko="t", name_en="t")
        for number, label in enumerate(Label.values if body.code in {"council", "ciso"} else [Label.AMBER]):
            for turn, state in enumerate([ReportState.DRAFT, ReportState.SUBMITTED, ReportState.ACCEPTED], 1):
                covers = Quarter(2030 + number, turn)
                _round(body, covers, [judged, plain], label, state, indicator, users["secretary"])
        for owner in _organisations():
            IndicatorTarget.objects.create(indicator=indicator, organisation=owner, target=1)
        FrozenScorecard.objects.create(
            body=body,
            quarter=Quarter(2030, 1),
            stage="tabled",
            payload={},
            sha256="0" * 64,
            frozen_at=AT,
            by=users["secretary"],
        )
        PublicQuarter.objects.create(body=body, quarter=Quarter(2030, 1), payload={}, sha256="0" * 64, shown_at=AT)
        PublicQuarter.objects.create(
            body=body, quarter=Quarter(2030, 1), payload={}, sha256="0" * 64, shown_at=AT, state="withdrawn",
            withdrawn_because="w",
        )  # fmt: skip
        SharedRow.objects.create(body=body, commitment=judged, quarter=Quarter(2030, 1), by=users["secretary"])


def _round(
    body: Body,
    covers: Quarter,
    commitments: list[Commitment],
    label: str,
    state: str,
    indicator: Indicator,
    by: User,
) -> None:
    one = ReportingRound.objects.create(body=body, covers=covers, as_of=TODAY, opens_on=TODAY, due_on=TODAY)
    handed_in = state in {"submitted", "returned", "accepted"}
    times: dict[str, Any] = {"submitted_at": AT, "first_submitted_at": AT} if handed_in else {}
    if state in {"returned", "accepted"}:
        times |= {"judged_at": AT, "judged_by": by}
    rating = "done" if state == "accepted" else ""
    for commitment in commitments:
        for owner in _organisations():
            report = Report.objects.create(
                round=one, commitment=commitment, organisation=owner, label=label, state=state, due_on=TODAY,
                ministry_rating=rating, **times,
            )  # fmt: skip
            _on_a_report(report, indicator, by, handed_in)


def _on_a_report(report: Report, indicator: Indicator, by: User, handed_in: bool) -> None:
    ReportDraft.objects.create(report=report, by=by)
    _report_evidence(report, None)
    if handed_in:
        submission = Submission.objects.create(
            report=report, number=1, payload={}, sha256="0" * 64, submitted_at=AT, by=by
        )
        _report_evidence(report, submission)
        Judgement.objects.create(report=report, submission=submission, verdict="returned", comment="c", by=by, at=AT)
    if report.commitment_id == indicator.commitment_id:
        Measurement.objects.create(report=report, indicator=indicator, value=1)


def _report_evidence(report: Report, submission: Submission | None) -> None:
    file = StoredFile.objects.create(file=f"aa/r{next(NUMBERS)}", name="r", size=1, sha256="0" * 64, media_type="t")
    evidence = ReportEvidence.objects.create(report=report, submission=submission, kind="file", file=file)
    if next(NUMBERS) % 9 < 2:  # what the record says of some of those drafted, and of some of those handed in
        AuditEntry.objects.bulk_create(
            AuditEntry(
                at=AT, verb="file.downloaded", actor="x", organisation_id=report.organisation_id,
                body_id=report.round.body_id, target_type=kind, target_id=str(pk),
            )
            for kind, pk in (("reportevidence", evidence.pk), ("storedfile", file.pk))
        )  # fmt: skip


def _odds_and_ends(bodies: list[Body], cast: Cast) -> None:
    for body in bodies:
        file = StoredFile.objects.create(file="aa/f", name="f", size=1, sha256="0" * 64, media_type="t")
        DocumentForm.objects.create(body=body, kind="minutes", file=file)
        BodyRules.objects.create(body=body, version=9, text="t", effective_on=TODAY)
        DeadlineTemplate.objects.create(body=body, meeting_kind="founding", kind="notice", offset=-1)
        ReminderRule.objects.create(body=body, kind="action_due", anchor="due_date", offset=-99, audience="lead")
    Closure.objects.create(date=TODAY, name="closed")
    Incident.objects.get_or_create(code="world", organisation=cast.kt, title_ko="t", title_en="t")
    EngineState.load()
    AuditReview.objects.create(month=date(2026, 10, 1), reviewer="r", signed_at=AT, head_length=0)
    SignInFailure.objects.create(account="a", step="password", origin="o", known=False, at=AT)
    for user in (cast.secretary, cast.kt_liaison, cast.nobody):
        AccessToken.objects.create(user=user, name="t", digest=f"{user.pk}", expires_on=TODAY)
        letter: Delivery = a_letter(user)
        a_notice(user, letter)
        DeliveryAttempt.objects.create(delivery=letter, at=AT, outcome="accepted")
