"""What the carriers, and the ministry for them, have written: in every state, under every label."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import date, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.base import ContentFile

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
from council.actions.states import ActionState, ExtensionState
from council.clearance.models import Clearance, ClearancePiece
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
    TargetGroup,
)
from council.files.models import StoredFile
from council.mail.models import Delivery, DeliveryAttempt, EngineState, Notice
from council.mail.states import DeliveryState
from council.meetings.models import (
    AgendaItem,
    AgendaSection,
    AgendaSnapshot,
    DateChange,
    Deadline,
    DeadlineKind,
    ItemNote,
    Meeting,
    Paper,
    PaperReceipt,
    PaperVersion,
    Participation,
    StandingItem,
)
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
from council.parties.models import AccessToken, Body, BodyRules, Organisation, Person
from council.release.models import ReleaseRequest
from council.reports.models import (
    Contribution,
    ContributionFile,
    Judgement,
    Report,
    ReportDraft,
    ReportEvidence,
    ReportingRound,
    Submission,
)
from council.reports.states import ReportState
from council.scorecard.models import FrozenScorecard, PublicQuarter
from council.scorecard.payload import payload_of
from council.scorecard.publishing import payload_for
from council.scorecard.values import Card
from council.web.issuing import issued_of
from council.workflows.seed_council import seed_council
from tests.factories import TODAY, moment
from tests.wall.actors import CARRIERS, CISO, COUNCIL, OTHER
from tests.wall.world import World

NOW = moment("2026-11-24 10:00")
OWNERS = (*CARRIERS, "MSIT")
WIDE = (Label.AMBER, Label.GREEN, Label.CLEAR)


def a_world() -> World:
    """The whole of it, in the database of the moment."""
    AuditEntry.objects.create(at=moment("2026-09-01 09:00"), verb="engine.resumed", actor="cron")  # the record's first
    seed_council(today=TODAY)
    EngineState.load()
    world = World()
    third = Body(code=OTHER, cadence=Body.Cadence.AS_NEEDED)
    world.add(third, "ALL")
    world.people()
    meetings = shared(world)
    for owner in OWNERS:
        speaker = f"{owner.lower()}_liaison" if owner in CARRIERS else "secretary"
        sown = Sower(world, owner, speaker)
        sown.actions()
        sown.agenda(meetings)
        sown.places(meetings)
        sown.quarterly()
        sown.inside()
    minuted = recorded_meetings(world, meetings)
    for owner in OWNERS:
        of_the_minutes(world, owner, minuted)
    sent_round(world, minuted)
    beside_the_minutes(world, minuted)
    for code in CARRIERS:
        of_a_carrier(world, code)
    return world.finished()


def shared(world: World) -> dict[str, Meeting]:
    """What belongs to no carrier: promises, rules, meetings."""
    world.add(Organisation(kind="agency"), "ALL")
    world.add(Body(parent=None, cadence=Body.Cadence.AS_NEEDED), "ALL")
    world.add(TargetGroup(), "ALL")
    world.add(Closure(date="2031-01-02"), "ALL")
    world.add(AuditReview(month=date(2026, 10, 1), signed_at=NOW, head_length=0), "ALL")
    for code in (COUNCIL, OTHER):
        body = Body.objects.get(code=code)
        world.add(BodyRules(body=body, version=90, effective_on=TODAY), "ALL", code)
        declaration = world.add(Declaration(body=body, issued_on=TODAY), "ALL", code)
        pillar = world.add(Pillar(declaration=declaration, order=90), "ALL", code)
        kind = Commitment.Kind.PLEDGE
        promise = world.add(Commitment(declaration=declaration, pillar=pillar, kind=kind), "ALL", code)
        CommitmentOwner.objects.create(commitment=promise, organisation=Organisation.objects.get(code="SKT"))
        world.add(Milestone(commitment=promise, due_on=TODAY), "ALL", code)
        world.add(Indicator(commitment=promise), "ALL", code)
    world.oracle = type(world.oracle)(world.oracle.people)
    return meetings_of_all(world)


def meetings_of_all(world: World) -> dict[str, Meeting]:
    """A meeting in every state, of each body."""
    made = {}
    for code in (COUNCIL, CISO, OTHER):
        for number, (name, columns) in enumerate(MEETINGS.items()):
            starts_at = moment("2027-05-20 10:00") + timedelta(days=number)
            row = Meeting(
                body=Body.objects.get(code=code), quarter=Quarter.of(starts_at.date()), kind="extraordinary",
                starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), **columns,
            )  # fmt: skip
            made[f"{code} {name}"] = world.add(row, "ALL", f"{code} {name}")
            steps = list(DeadlineKind.values)[:2]
            for step in steps:
                world.add(Deadline(meeting=row, kind=step, due_at=starts_at - timedelta(days=9)), "ALL", code)
            Deadline.objects.create(meeting=row, kind=DeadlineKind.REPORTS_DUE, due_at=starts_at - timedelta(days=8))
            world.recorded("meeting.scheduled", row, "ALL", world.actor("secretary"))
            world.add(AgendaSection(meeting=row), "ALL", code)
            for at in (NOW - timedelta(days=1), NOW):
                world.add(DateChange(meeting=row, was=starts_at, became=starts_at, changed_at=at), "ALL", code)
            secretary = world.users["secretary"]
            AgendaSnapshot.objects.create(
                meeting=row, version=1, fixed_at=NOW, fixed_by=secretary, items=[], sha256="0"
            )
        world.add(CheckPoint(body=Body.objects.get(code=code), position=90), "ALL", code)
        # The first that the form offers, so that it can be sent as it is.
        EscalationRule.objects.filter(body__code=code, cause="overdue", step="lead").delete()
        world.add(StandingItem(body=Body.objects.get(code=code), position=90), "ALL", code)
    return made


MEETINGS: dict[str, dict[str, Any]] = {
    "draft": {"state": "draft"},
    "open": {"state": "open", "opened_at": NOW},
    "in session": {"state": "in_progress", "opened_at": NOW},
    "held": {"state": "closed", "opened_at": NOW, "closed_at": NOW, "number": 90},
    "cancelled after": {"state": "cancelled", "opened_at": NOW, "cancelled_at": NOW},
    "cancelled before": {"state": "cancelled", "cancelled_at": NOW},
    "chosen": {"state": "open", "opened_at": NOW, "by_invitation": True},
}


class Sower:
    """Plants one organisation's items."""

    def __init__(self, world: World, owner: str, speaker: str) -> None:
        self.world, self.owner, self.speaker = world, owner, speaker
        self.organisation = Organisation.objects.get(code=owner)
        self.by, self.user = world.actor(speaker), world.users[speaker]
        self.commitment = Commitment.objects.get(code="C01")
        self.numbers = count(1)

    def actions(self) -> None:
        strict = Label.AMBER_STRICT
        for state in ActionState.values:
            action = self.action(COUNCIL, strict, state)
            if state in {"open", "submitted", "returned", "verified"}:
                self.reports(action, [strict], draft=state != "verified")
            if state in {"returned", "verified"}:
                self.verified(action, state)
            self.said(action, state)
        wide = self.action(COUNCIL, Label.AMBER, "in_progress")
        self.reports(wide, list(Label), draft=True, withdrawn=True)
        self.verified(wide, "returned")
        for label in (Label.GREEN, Label.CLEAR):
            self.reports(self.action(COUNCIL, label, "open"), [strict, label], draft=True)
        self.red()
        for label in Label:
            self.reports(self.action(CISO, label, "in_progress"), [strict, label], draft=label == Label.GREEN)
        self.action(OTHER, Label.AMBER, "open")

    def said(self, action: ActionItem, state: str) -> None:
        """Comments of both sides, and a request for more time: open, granted, not granted, withdrawn."""
        secretary = self.world.users["secretary"]
        ministry = Organisation.objects.get(code="MSIT")
        for who, organisation in ((self.user, self.organisation), (secretary, ministry)):
            row = ActionComment(action=action, by=who, organisation=organisation, at=NOW)
            self.world.add(row, self.owner, state)
        for answer in ExtensionState.values if state in {"open", "in_progress"} else ():
            asked = answer == ExtensionState.REQUESTED
            request = ExtensionRequest(
                action=action, due_on="2026-12-10", requested_due_on="2026-12-17", by=self.user, asked_at=NOW,
                state=answer, answered_by=None if asked else secretary, answered_at=None if asked else NOW,
            )  # fmt: skip
            self.world.add(request, self.owner, answer, leave="answer" if asked else "")
            self.world.recorded("extension.requested", request, self.owner, self.by)
        if state == "returned":
            stopped = {"stopped_at": NOW, "stopped_by": secretary}
            climbed = Escalation(
                action=action, cause="returned", step="lead", since_on=NOW.date(), raised_at=NOW, **stopped
            )
            self.world.add(climbed, self.owner, state)

    def quarterly(self) -> None:
        """A report in every state, and released ones; what is drafted, handed in, judged and frozen of them."""
        body = Body.objects.get(code=COUNCIL)
        cases = [(state, Label.AMBER_STRICT) for state in ReportState.values]
        cases += [("accepted", label) for label in WIDE] + [("submitted", Label.AMBER)]
        for number, (state, label) in enumerate(cases):
            covers = Quarter(2030 + number // 4, number % 4 + 1)
            one, _new = ReportingRound.objects.get_or_create(
                body=body, covers=covers, defaults={"as_of": TODAY, "opens_on": TODAY, "due_on": TODAY}
            )
            self.report(one, state, label)
        indicator = Indicator.objects.filter(commitment=self.commitment).order_by("pk")[0]
        self.world.add(IndicatorTarget(indicator=indicator, organisation=self.organisation), self.owner)
        if self.owner == "MSIT":
            over = {"as_of": TODAY, "opens_on": TODAY, "due_on": TODAY, "state": "closed", "closed_at": NOW}
            ReportingRound.objects.create(body=body, covers=Quarter(2029, 1), **over)
            frozen = FrozenScorecard(
                body=body, quarter=Quarter(2029, 1), stage="tabled", frozen_at=NOW, by=self.user, sha256="0",
                payload=payload_of(Card(Quarter(2029, 1), (), (), (), ())),
            )  # fmt: skip
            self.world.add(frozen, self.owner, leave="reason")
            later = FrozenScorecard(
                body=body, quarter=frozen.quarter, stage="tabled", frozen_at=NOW, by=self.user, sha256="1",
                payload=frozen.payload, supersedes=frozen,
            )  # fmt: skip
            self.world.add(later, self.owner)
            said = {"body": body, "shown_at": NOW}
            told = PublicQuarter(quarter=frozen.quarter, payload={"quarter": "2029-Q1", "pillars": []}, **said)
            told.state = PublicQuarter.State.WITHDRAWN
            self.world.add(told, self.owner)
            # Everybody may read what is CLEAR, so that whoever has not signed in has pages to walk through.
            body.public_progress = True
            body.save(update_fields=["public_progress"])
            clear = Report.objects.filter(label=Label.CLEAR, state="accepted", round__body=body).order_by("pk")[0]
            payload = payload_for(body, clear.round.covers)
            assert payload["pillars"]
            times = {"state": PublicQuarter.State.RELEASED, "released_at": NOW}
            PublicQuarter.objects.create(quarter=clear.round.covers, payload=payload, **said, **times)

    def report(self, one: ReportingRound, state: str, label: str) -> None:
        secretary = self.world.users["secretary"]
        handed_in = state in {"submitted", "returned", "accepted"}
        times: dict[str, Any] = {"submitted_at": NOW, "first_submitted_at": NOW} if handed_in else {}
        if state in {"returned", "accepted"}:
            times |= {"judged_at": NOW, "judged_by": secretary}
        row = Report(
            round=one, commitment=self.commitment, organisation=self.organisation, label=label, state=state,
            due_on=TODAY, ministry_rating="done" if state == "accepted" else "", **times,
        )  # fmt: skip
        leave = "" if handed_in else "narrative comment"
        if state == "not_submitted":
            row.reopened_until = TODAY
        leave = leave if row.reopened_until else f"{leave} reopened_because"
        self.world.add(row, self.owner, f"{state} {label}", leave=leave)
        if state in {"draft", "returned"}:
            draft = ReportDraft(report=row, by=self.user)
            self.world.add(draft, self.owner, state)
            self.world.recorded("report.drafted", draft, self.owner, self.by)
            self.report_evidence(row, None, state)
        if handed_in:
            self.receipt(row, state, secretary)

    def receipt(self, row: Report, state: str, secretary: Any) -> None:
        """What was handed in, and the answer to it."""
        receipt = Submission(report=row, number=1, sha256="0", submitted_at=NOW, by=self.user)
        token = self.world.canaries.token(self.owner)
        receipt.payload = {"narrative": token}
        receipt.save()
        self.world.rows.append(receipt)
        self.world.canaries.note(token, self.owner, "payload", state, receipt)
        self.report_evidence(row, receipt, state)
        if state in {"returned", "accepted"}:
            verdict = Judgement(
                report=row, submission=receipt, verdict=state, rating="done" if state == "accepted" else "",
                by=secretary, at=NOW,
            )  # fmt: skip
            self.world.add(verdict, self.owner, state)

    def report_evidence(self, report: Report, receipt: Submission | None, state: str) -> None:
        stored = self.stored(state)
        row = ReportEvidence(report=report, submission=receipt, kind="file", file=stored)
        self.world.add(row, self.owner, state, leave="url")
        self.world.oracle.about["file of", str(stored.pk)] = row
        self.world.add(ReportEvidence(report=report, submission=receipt, kind="link"), self.owner, state)

    def inside(self) -> None:
        """What was asked of a department and put before an executive, and the letters about it."""
        body = Body.objects.get(code=COUNCIL)
        rows = [row for row in self.world.rows if isinstance(row, Report) and row.organisation == self.organisation]
        report = next(row for row in rows if row.state == "draft")
        item = ActionItem.objects.filter(owner=self.organisation, body=body, state="open", label=Label.AMBER_STRICT)
        department = self.world.person("skt_network" if self.owner == "SKT" else self.speaker)
        part = Contribution()
        for state, about in (("asked", {"report": report}), ("taken", {"action": item.order_by("pk")[0]})):
            given = {"delivered_at": NOW, "delivered_by": self.user} if state == "taken" else {}
            part = Contribution(
                organisation=self.organisation, body=body, contributor=department, due_on=TODAY, asked_by=self.user,
                state=state, **given, **about,
            )  # fmt: skip
            self.world.add(part, self.owner, state)
            self.world.oracle.parts.append(part)
            self.world.recorded("contribution.asked", part, self.owner, self.by)
            stored = self.stored(state)
            piece = ContributionFile.objects.create(contribution=part, file=stored)
            self.world.rows.append(piece)
            self.world.oracle.about["file of", str(stored.pk)] = piece
        executive = self.world.person(f"{self.owner.lower()}_ceo" if self.owner in CARRIERS else "chair")
        batch = Clearance(
            organisation=self.organisation, body=body, approver=executive, asked_by=self.user, asked_at=NOW,
            signed=self.stored("asked"),
        )  # fmt: skip
        self.world.add(batch, self.owner, "asked")
        self.world.oracle.about["file of", str(batch.signed_id)] = batch
        self.world.recorded("clearance.asked", batch, self.owner, self.by)
        about_it = ClearancePiece(clearance=batch, target_type="report", target_id=report.pk, sha256="0")
        said = self.world.canaries.token(self.owner)
        about_it.content = [["said", said]]
        self.world.add(about_it, self.owner, "asked")
        self.world.canaries.note(said, self.owner, "content", "asked", about_it)
        self.world.oracle.about["piece", str(about_it.pk)] = report
        for kind, row, person in (
            ("contribution_asked", part, department), ("clearance_asked", batch, executive),
        ):  # fmt: skip
            letter = Delivery(
                recipient=person, language="ko", policy="resend_once", not_before=NOW, address="inside@carrier.test",
                message_id=f"<inside-{kind}-{self.owner}@council.test>", dedupe_key=f"inside-{kind}-{self.owner}",
            )  # fmt: skip
            self.world.add(letter, self.owner, "inside", leave="calendar_body")
            self.world.oracle.about["inside letter", str(letter.pk)] = letter
            told = Notice(
                kind=kind, target_type=str(row._meta.model_name), target_id=row.pk, recipient=person, on=TODAY,
                anchor_on=TODAY, delivery=letter, dedupe_key=f"inside-{kind}-{self.owner}",
            )  # fmt: skip
            self.world.add(told, self.owner, "inside")

    def red(self) -> None:
        """For the secretary alone, and for named persons: one of the owner's, one of a rival's."""
        self.action(COUNCIL, Label.RED, "open")
        rival = {"SKT": "kt", "KT": "lgu"}.get(self.owner, "skt")
        own = f"{self.owner.lower()}_ciso" if self.owner in CARRIERS else "chair"
        named = self.action(COUNCIL, Label.RED, "returned", own, f"{rival}_ciso", "former_liaison")
        self.reports(named, [Label.AMBER_STRICT, Label.GREEN], draft=True)

    def action(self, body: str, label: str, state: str, *readers: str) -> ActionItem:
        row = ActionItem(
            body=Body.objects.get(code=body), owner=self.organisation, number=next(self.numbers), label=label,
            state=state, due_on="2026-12-10", original_due_on="2026-12-10", commitment=self.commitment,
            assignee=self.world.person(self.speaker), verified_at=NOW if state == "verified" else None,
            submitted_at=NOW if state in {"submitted", "verified"} else None,
        )  # fmt: skip
        self.world.add(row, self.owner, f"{body} {label} {state}")
        row.readers.set([self.world.person(name) for name in readers])
        self.world.recorded("action.opened", row, self.owner, self.world.actor("secretary"))
        self.asked(row, "asked" if state == "in_progress" else "declined")
        return row

    def asked(self, row: ActionItem, state: str) -> None:
        """The ministry's question whether the row may reach more readers."""
        answered = {"answered_by": self.user, "answered_at": NOW} if state == "declined" else {}
        question = ReleaseRequest(
            target_type="actionitem", target_id=row.pk, body=row.body, organisation=self.organisation,
            label_from=row.label, label_to=Label.CLEAR, state=state, asked_by=self.world.users["secretary"], **answered,
        )  # fmt: skip
        self.world.add(question, self.owner, state)
        self.world.oracle.about["asked about", str(question.pk)] = row

    def reports(self, action: ActionItem, labels: list[Label], *, draft: bool, withdrawn: bool = False) -> None:
        cases = [("submitted", label) for label in labels]
        cases += [("draft", Label.AMBER)] * draft + [("withdrawn", Label.AMBER)] * withdrawn
        for state, label in cases:
            update = ProgressUpdate(
                action=action, percent=50, by=self.user, organisation=self.organisation, label=label, state=state,
                submitted_at=None if state == "draft" else NOW, on_behalf=state == "withdrawn",
            )  # fmt: skip
            leave = "" if update.on_behalf else "received"
            self.world.add(update, self.owner, f"{state} {label}", leave=leave)
            verb = "progress.drafted" if state == "draft" else "progress.submitted"
            self.world.recorded(verb, update, self.owner, self.by)
            self.evidence(update, state)

    def evidence(self, update: ProgressUpdate, state: str) -> None:
        link = self.world.add(Evidence(update=update, kind="link"), self.owner, state)
        self.world.add(Evidence(update=update, kind="inspected_on_site"), self.owner, state, leave="url")
        stored = self.stored(state)
        row = self.world.add(Evidence(update=update, kind="file", file=stored), self.owner, state, leave="url")
        self.world.oracle.about["file of", str(stored.pk)] = row
        for thing in (link, stored):
            self.world.recorded(f"{type(thing).__name__.lower()}.added", thing, self.owner, self.by)

    def stored(self, state: str) -> StoredFile:
        """A file with a canary in its name and one inside, plain or packed."""
        token = self.world.canaries.token(self.owner)
        packed = token.endswith("1Z")
        content = packed_text(token) if packed else b"%PDF-1.7\n" + token.encode()
        ending = "docx" if packed else "pdf"
        stored = StoredFile(
            name=f"{self.world.canaries.token(self.owner)}.{ending}", size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            media_type="application/pdf", organisation=self.organisation, uploaded_by=self.user,
        )  # fmt: skip
        stored.file.save("content", ContentFile(content), save=False)
        stored.save()
        self.world.rows.append(stored)
        self.world.canaries.note(token, self.owner, "content", state, stored)
        self.world.canaries.note(stored.name.partition(".")[0], self.owner, "name", state, stored)
        return stored

    def verified(self, action: ActionItem, verdict: str) -> None:
        answer = Verification(action=action, verdict=verdict, by=self.world.users["secretary"], at=NOW)
        self.world.add(answer, self.owner, verdict)

    def agenda(self, meetings: dict[str, Meeting]) -> None:
        for place, meeting in meetings.items():
            for state, labels in AGENDA.items():
                for label in labels if place in {"council open", "ciso open"} else labels[:1]:
                    self.agenda_item(meeting, state, label)

    def agenda_item(self, meeting: Meeting, state: str, label: str) -> None:
        row = AgendaItem(
            meeting=meeting, label=label, owner=self.organisation, state=state, commitment=self.commitment,
            presenter=self.world.person(self.speaker) if state == "accepted" else None,
        )  # fmt: skip
        self.world.add(row, self.owner, f"{state} {label}")
        if label == Label.RED:
            row.readers.set([self.world.person("observer"), self.world.person(self.speaker)])
        self.world.recorded("agenda.item_saved", row, self.owner, self.by)
        if (state, label) == ("accepted", Label.AMBER) and meeting.state == "open":
            self.papers(row)
            self.world.add(ItemNote(item=row), self.owner, state)
            action = ActionItem.objects.filter(owner=self.organisation, state="open").order_by("pk")[0]
            AgendaLink.objects.create(action=action, agenda_item=row)
        if (state, label) == ("proposed", Label.AMBER_STRICT):
            self.papers(row, Label.AMBER_STRICT)

    def papers(self, item: AgendaItem, *labels: str) -> None:
        """Under every label; one before its time, one withdrawn, one kept elsewhere; an annex on a rival's item."""
        for label in labels or Label.values:
            self.paper(item, label, leave="withdrawn_because document_number")
        if not labels:
            later = NOW + timedelta(days=9999)
            self.paper(item, Label.AMBER, leave="withdrawn_because document_number", embargo=later)
            self.paper(item, Label.AMBER, leave="document_number")
            self.world.add(Paper(agenda_item=item, owner=self.organisation), self.owner, leave="withdrawn_because")
            other = AgendaItem.objects.filter(meeting=item.meeting, state="accepted").exclude(owner=self.organisation)
            for annex in other.order_by("pk")[:1]:
                self.paper(annex, Label.AMBER_STRICT, leave="withdrawn_because document_number")

    def paper(self, item: AgendaItem, label: str, *, leave: str, **values: Any) -> None:
        paper = Paper(agenda_item=item, owner=self.organisation, label=label, **values)
        self.world.add(paper, self.owner, f"{label} {values}", leave=leave)
        if label == Label.RED:
            paper.readers.set([self.world.person("observer"), self.world.person(self.speaker)])
        stored = self.stored(label)
        version = PaperVersion(paper=paper, number=1, file=stored, added_at=NOW, added_by=self.user)
        self.world.add(version, self.owner, label)
        self.world.oracle.about["file of", str(stored.pk)] = version
        PaperReceipt.objects.create(version=version, person=self.world.person("secretary"), opened_at=NOW)
        self.world.recorded("paper.added", paper, self.owner, self.by)

    def places(self, meetings: dict[str, Meeting]) -> None:
        """Who is asked: the organisation's people, by their seats; for SKT's CEO a delegate; an expert without one."""
        code = self.owner.lower()
        people = [f"{code}_ceo", f"{code}_liaison"] if self.owner in CARRIERS else ["chair", "secretary"]
        for name, meeting in meetings.items():
            if not name.startswith(COUNCIL) or meeting.opened_at is None:
                continue
            if not meeting.by_invitation or self.owner in {"SKT", "MSIT"}:
                for number, who in enumerate(people):
                    self.place(meeting, who, capacity="observer" if number else "member", seat_on=meeting.body)
            if self.owner == "MSIT" and name == "council open":
                self.place(meeting, "expert", organisation=Organisation.objects.get(code="KISA"))
            if self.owner == "SKT":
                self.place(meeting, f"{code}_ciso", leave="", seat_on=Body.objects.get(code=CISO))

    def place(self, meeting: Meeting, who: str, *, leave: str = "withdrawn_because", **values: Any) -> None:
        row = Participation(
            meeting=meeting, person=self.world.person(who), **{"organisation": self.organisation} | values
        )
        if who == "skt_ceo":
            letter = self.stored("letter")
            row.delegate, row.delegation_letter = self.world.person("skt_delegate"), letter
            if meeting.state == "open" and not meeting.by_invitation:
                row.delegation_confirmed_at, row.delegation_confirmed_by = NOW, self.world.users["secretary"]
                leave += " delegation_ended_because"
            self.world.oracle.about["file of", str(letter.pk)] = row
        self.world.add(row, self.owner, who, leave=leave)
        self.world.oracle.places.append(row)
        self.world.recorded("participation.invited", row, self.owner, self.world.actor("secretary"))


# Of what was said at a meeting and at which stage its minutes are: still written, sent round, approved and amended.
MINUTED = {"council in session": "draft", "council held": "approved", "ciso held": "circulated"}
HEAD = "approver registration_number"


def recorded_meetings(world: World, meetings: dict[str, Meeting]) -> dict[str, MinutesRevision]:
    made = {}
    host = Organisation.objects.get(code="MSIT")
    for name in MINUTED:
        minutes = world.add(Minutes(meeting=meetings[name], convened_by=host), "ALL", name)
        made[name] = a_version(world, minutes, 1)
        world.recorded("minutes.started", minutes, "ALL", world.actor("secretary"))
    return made


def a_version(world: World, minutes: Minutes, number: int) -> MinutesRevision:
    token = world.canaries.token("ALL")
    kept = dict.fromkeys(("organisation_ko", "organisation_en", "name_ko", "name_en", "position_ko"), token)
    there = {"organisation": 0, "capacity": "member", "presides": False, "attendance": "absent", "reason": token}
    row = MinutesRevision(minutes=minutes, number=number, attendance=[kept | there])
    world.add(row, "ALL", minutes.state, leave=HEAD)
    world.canaries.note(token, "ALL", "attendance", minutes.state, row)
    return row


def of_the_minutes(world: World, owner: str, minuted: dict[str, MinutesRevision]) -> None:
    """What one organisation said, also in an annex of its own, what it says to the minutes, and what it promised."""
    organisation = Organisation.objects.get(code=owner)
    user = world.users[f"{owner.lower()}_liaison" if owner in CARRIERS else "secretary"]
    for name, version in minuted.items():
        meeting = version.minutes.meeting
        item = meeting.agenda_items.filter(owner=organisation, state="accepted").order_by("pk")[0]
        part = world.add(MinutesSection(revision=version, agenda_item=item), owner, name)
        for place in meeting.participations.filter(organisation=organisation, withdrawn_because="")[:1]:
            for private in (False, True):
                world.add(Remark(section=part, position=1, speaker=place, private=private), owner, f"private {private}")
        said = {"revision": version, "organisation": organisation}
        world.add(MinutesComment(section=part, by=user, **said), owner, name, leave="reply")
        answered = {"state": "declined", "replied_by": world.users["secretary"], "replied_at": NOW}
        world.add(MinutesComment(by=user, **said, **answered), owner, name)
        world.add(Confirmation(**said), owner, name)
        decided = [
            Decision(
                agenda_item=item, body=meeting.body, year=2026, revision=version, label=label, kind="pledge",
                by_whom=organisation,
            )
            for label in WIDE
        ]  # fmt: skip
        for row in decided:
            world.add(row, owner, f"{name} {row.label}", leave="withdrawn_because")
            world.recorded("decision.recorded", row, owner, world.actor("secretary"))
        follows = ActionItem(
            body=meeting.body, owner=organisation, number=500 + item.pk, state="draft", decision=decided[0],
            due_on="2026-12-10", original_due_on="2026-12-10",
        )  # fmt: skip
        world.add(follows, owner, f"follows {name}", leave="cancelled_because")


def sent_round(world: World, minuted: dict[str, MinutesRevision]) -> None:
    """Sent round and approved once everything is in it: from then on the database takes nothing more."""
    for name, version in minuted.items():
        if MINUTED[name] == "draft":
            continue
        said: dict[str, Any] = {"circulated_at": NOW, "comments_until": NOW + timedelta(days=5)}
        if MINUTED[name] == "approved":
            said |= {"approved_at": NOW, "approved_on": TODAY, "route": "approval", "sha256": "0" * 64}
            for field in HEAD.split():
                said[field] = world.canaries.token("ALL")
                world.canaries.note(said[field], "ALL", field, name, version)
        MinutesRevision.objects.filter(pk=version.pk).update(**said)
        version.refresh_from_db()
        Minutes.objects.filter(pk=version.minutes_id).update(state=MINUTED[name])
        version.minutes.refresh_from_db()
        if MINUTED[name] == "approved":
            a_document(world, version)
            published(world, version)
            asked_for(world, version)
            a_version(world, version.minutes, 2)
    withdrawn = Decision.objects.filter(label=Label.AMBER).order_by("pk")[0]
    row = next(one for one in world.rows if isinstance(one, Decision) and one.pk == withdrawn.pk)
    row.withdrawn_because = token = world.canaries.token("ALL")
    row.save()
    world.canaries.note(token, "ALL", "withdrawn_because", "withdrawn", row)


def published(world: World, version: MinutesRevision) -> None:
    """What is published of it: each organisation asked has said something, and something of its words is withheld."""
    # Of a kind one at a time is under way, so that one comes last.
    for number, state in enumerate(("published", "withdrawn", ""), 1):
        for kind in Publication.Kind.values:
            state = state or ("draft" if kind == "results" else "asked")
            texts = "" if kind == "minutes" else "title text"
            row = Publication(revision=version, kind=kind, number=number)
            leave = "withdrawn_because" if texts else "title text withdrawn_because"
            world.add(row, "ALL", f"{kind} {state}", leave=leave)
            for owner in CARRIERS:
                organisation = Organisation.objects.get(code=owner)
                user = world.users[f"{owner.lower()}_liaison"]
                said = {"publication": row, "organisation": organisation, "answer": "opposed", "by": user, "at": NOW}
                decided = {"followed": True, "decided_by": world.users["secretary"], "decided_at": NOW}
                is_decided = state == "published"
                row_of = Opinion(**said, **(decided if is_decided else {}))
                world.add(row_of, owner, state, leave="" if is_decided else "reply")
                if not texts:
                    withheld = {"grounds": [7], "review_on": TODAY, "place": f"part {owner}"}
                    world.add(Redaction(publication=row, organisation=organisation, **withheld), owner, state)
            stand_at(world, row, state)
            if state == "published":
                stored = issued_of(row, "hwpx", now=NOW)
                world.oracle.about["file of", str(stored.pk)] = row


def beside_the_minutes(world: World, minuted: dict[str, MinutesRevision]) -> None:
    """Recordings and official documents of each meeting that was held, and a form of each body."""
    sown = Sower(world, "MSIT", "secretary")
    for name, version in minuted.items():
        minutes, meeting = version.minutes, version.minutes.meeting
        stored = sown.stored(f"recorded {name}")
        row = Recording(minutes=minutes, kind="steno", file=stored, added_at=NOW)
        world.add(row, "ALL", name, leave="kept_as withdrawn_because")
        world.oracle.about["file of", str(stored.pk)] = row
        world.add(Recording(minutes=minutes, kind="sound", added_at=NOW), "ALL", name)
        plain = {"meeting": meeting, "route": "approval"}
        sent = OfficialDocument(kind="notice", channel="email", sent_at=NOW, **plain)
        world.add(sent, "ALL", f"{name} sent", leave="withdrawn_because")
        world.add(OfficialDocument(kind="agenda", channel="email", sent_at=NOW, **plain), "ALL", f"{name} taken back")
        inside = OfficialDocument(kind="results", channel="internal", **plain)
        world.add(inside, "ALL", f"{name} inside", leave="withdrawn_because")
    for code in (COUNCIL, OTHER):
        stored = sown.stored(f"form {code}")
        form = world.add(DocumentForm(body=Body.objects.get(code=code), kind="press", file=stored), "ALL", code)
        world.oracle.about["file of", str(stored.pk)] = form


# At every stage of it: what is known of a request when, and whether its archive is made.
REQUESTS: dict[str, dict[str, Any]] = {
    "collecting": {},
    "asked": {"asked_at": NOW, "opinions_until": NOW + timedelta(days=5)},
    "decided": {"asked_at": NOW, "opinions_until": NOW + timedelta(days=5), "decided_at": NOW},
    "answered": {
        "asked_at": NOW, "opinions_until": NOW + timedelta(days=5), "decided_at": NOW, "answered_at": NOW,
    },
    "closed": {"asked_at": NOW, "opinions_until": NOW + timedelta(days=5)},
}  # fmt: skip
SAID = {
    "answered": "hold_reason handed_to handed_how", "decided": "hold_reason", "closed": "closed_because failed_because",
}  # fmt: skip


def asked_for(world: World, version: MinutesRevision) -> None:
    """Records requests on which each carrier was asked about a paper of its own and about the minutes."""
    body = version.minutes.meeting.body
    world.oracle.about["minutesrevision", str(version.pk)] = version
    host = Organisation.objects.get(code="MSIT")
    for state, moments in REQUESTS.items():
        period = {"from_day": TODAY, "to_day": TODAY, "received_on": TODAY, "due_at": NOW + timedelta(days=9)}
        request = RecordsRequest(body=body, kind="audit", **period)
        world.add(request, "ALL", state, leave=" ".join(SAID.values()))
        world.recorded("records.opened", request, "ALL", world.actor("secretary"))
        piece = {"request": request, "day": TODAY, "label": Label.AMBER_STRICT}
        minutes = {"target_type": "minutesrevision", "target_id": version.pk, "audience": "common", "owner": host}
        of_all = world.add(RecordsPiece(position=1, **piece, **minutes), "ALL", state, leave="reason")
        of_all.concerns.set(Organisation.objects.filter(code__in=OWNERS))
        for number, owner in enumerate(CARRIERS, 2):
            organisation = Organisation.objects.get(code=owner)
            paper = PaperVersion.objects.filter(paper__owner=organisation, paper__agenda_item__meeting__body=body)
            target = paper.order_by("pk")[0].pk
            of_theirs = {"target_type": "paperversion", "target_id": target, "owner": organisation}
            withheld = {"outcome": "refused", "grounds": [7], "review_on": TODAY}
            world.add(RecordsPiece(position=number, **piece, **of_theirs, **withheld), owner, state).concerns.set(
                [organisation]
            )
            if "asked_at" in moments:
                user = world.users[f"{owner.lower()}_liaison"]
                said = {"request": request, "organisation": organisation, "answer": "opposed", "by": user, "at": NOW}
                decided = {"followed": True, "decided_by": world.users["secretary"], "decided_at": NOW}
                is_decided = state != "asked"
                opinion = RecordsOpinion(**said, **(decided if is_decided else {}))
                world.add(opinion, owner, state, leave="" if is_decided else "reply")
        request_at(world, request, state, moments)


def request_at(world: World, request: RecordsRequest, state: str, moments: dict[str, Any]) -> None:
    said: dict[str, Any] = {"state": state, **moments}
    if "decided_at" in moments:
        stored = Sower(world, "MSIT", "secretary").stored("archive")
        world.oracle.about["file of", str(stored.pk)] = request
        said |= {"stage": "ready", "archive": stored, "made_at": NOW, "sha256": "0" * 64, "legal_hold": True}
    for name in SAID.get(state, "").split():
        said[name] = world.canaries.token("ALL")
        world.canaries.note(said[name], "ALL", name, state, request)
    RecordsRequest.objects.filter(pk=request.pk).update(**said)
    request.refresh_from_db()


def stand_at(world: World, row: Publication, state: str) -> None:
    asked: dict[str, Any] = {"asked_at": NOW, "opinions_until": NOW + timedelta(days=5)} if state != "draft" else {}
    if state == "published":
        asked |= {"published_at": NOW, "sha256": "0" * 64}
    if state == "withdrawn":
        asked["withdrawn_because"] = world.canaries.token("ALL")
        world.canaries.note(asked["withdrawn_because"], "ALL", "withdrawn_because", state, row)
    Publication.objects.filter(pk=row.pk).update(state=state, **asked)
    row.refresh_from_db()


def a_document(world: World, version: MinutesRevision) -> None:
    """With the annexes of all, for the ministry alone; of the annexes each names whose it is."""
    sown = Sower(world, "MSIT", "secretary")
    for audience in ("common", "whole"):
        stored = sown.stored(audience)
        row = IssuedDocument(revision=version, form="pdf", audience=audience, file=stored, issued_at=NOW)
        world.add(row, "ALL", audience)
        world.oracle.about["file of", str(stored.pk)] = row


AGENDA = {
    "accepted": WIDE,
    "proposed": (Label.AMBER_STRICT, Label.RED, *WIDE),
    "returned": (Label.AMBER,),
    "withdrawn": (Label.AMBER,),
}


def packed_text(text: str) -> bytes:
    """A document as word processors write it: a compressed archive."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", text * 20)
    return content.getvalue()


def of_a_carrier(world: World, code: str) -> None:
    """Its people and the letters to them, in every state; what is said of it in public."""
    organisation = Organisation.objects.get(code=code)
    world.add(Person(organisation=organisation), code, "without an account")
    declaration = Declaration.objects.filter(body__code=COUNCIL).order_by("pk")[0]
    ceo = world.person(f"{code.lower()}_ceo")
    world.add(Signatory(declaration=declaration, person=ceo, organisation=organisation), code)
    world.add(Incident(organisation=organisation), code)
    world.add(AccessToken(user=world.users[f"{code.lower()}_liaison"], digest=code, expires_on=TODAY), code)
    item = ActionItem.objects.filter(owner=organisation, state="open").order_by("pk")[0]
    for name in ("liaison", "ceo", "ciso"):
        for number, state in enumerate(DeliveryState.values):
            recipient = world.person(f"{code.lower()}_{name}")
            letter = a_letter(world, code, recipient, state)
            Notice.objects.create(
                kind="action_due", target_type="actionitem", target_id=item.pk, recipient=recipient, on=TODAY,
                anchor_on=TODAY, dedupe_key=f"{recipient.pk}-{number}", delivery=letter,
            )  # fmt: skip


def a_letter(world: World, code: str, recipient: Person, state: str) -> Delivery:
    sending = {"lease_until": NOW, "lease_token": "0" * 32} if state == "sending" else {}
    row = Delivery(
        recipient=recipient, language="ko", policy="hold", state=state, not_before=NOW, dedupe_key="", message_id="",
        needs_release=state == "pending", sent_at=NOW if state == "sent" else None, **sending,
    )  # fmt: skip
    row.dedupe_key = row.message_id = f"{recipient.pk} {state}"
    world.add(row, code, state)
    world.add(DeliveryAttempt(delivery=row, at=NOW, outcome="accepted"), code, state)
    return row
