"""Who sees which row, restated from the design's table of labels in plain Python. Asks no code of the product.

RED          the persons named on it, and the secretary of the body
AMBER+STRICT the ministry's secretary of the body, and the owner
AMBER        everyone seated on the body
GREEN, CLEAR everyone seated on the body, its parent or its working groups
The label that counts is the strictest of a thing's own and its parents'. Drafts are their owner's alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import models

from council.parties.models import Body, Organisation, Person
from tests.wall.actors import Who

# Of what a row is part, the nearest first.
PARTS = (
    "agenda_item", "item", "paper", "section", "revision", "publication", "minutes", "version", "meeting",
    "declaration", "commitment", "request", "action", "update", "round", "report", "indicator",
)  # fmt: skip

type Rule = Callable[[Oracle, Who, Any], bool]


class Oracle:
    """Knows the world's bodies and organisations by their codes, and whose person is whose."""

    def __init__(self, people: dict[str, int]) -> None:
        self.bodies: dict[int, str] = dict(Body.objects.values_list("pk", "code"))
        self.organisations: dict[int, str] = dict(Organisation.objects.values_list("pk", "code"))
        self.people = people
        self.about: dict[tuple[str, str], models.Model] = {}
        self.places: list[Any] = []
        self.parts: list[Any] = []

    def sees(self, who: Who, row: models.Model) -> bool:
        """Whether somebody may be shown anything of a row."""
        name = type(row).__name__
        if name not in RULES:
            msg = f"tests/wall/oracle.py: RULES says nothing about {name}. Restate there, in words, who sees one."
            raise LookupError(msg)
        return who.signed_in and RULES[name](self, who, row)

    def reads_in_public(self, who: Who, row: models.Model) -> bool:
        """Whether a text of a row that they do not see was published."""
        return who.signed_in and published_with(self, who, row)

    def body(self, row: Any) -> str:
        """The body that a row belongs to."""
        for part in PARTS:
            if getattr(row, part, None) is not None and not hasattr(row, "body_id"):
                return self.body(getattr(row, part))
        return self.bodies[row.body_id]

    def body_if_any(self, row: Any) -> str | None:
        """The same for any row; a file's is that of the evidence it was handed in as."""
        row = self.about.get(("file of", str(row.pk)), row) if type(row).__name__ == "StoredFile" else row
        try:
            return self.body(row)
        except AttributeError:
            return None

    def owns(self, who: Who, organisation_id: int | None) -> bool:
        return bool(organisation_id) and self.organisations.get(organisation_id or 0) == who.organisation

    def asked(self, who: Who, row: Any) -> bool:
        """Whether somebody without a seat was asked to a meeting, or is the confirmed delegate of one who was."""
        me = self.people.get(who.name)
        return any(
            place.meeting_id == row.pk
            and place.withdrawn_because == ""
            and place.capacity != "guest"
            and self.owns(who, place.organisation_id)
            and (
                (place.person_id == me and place.seat_on_id != row.body_id)
                or (place.delegate_id == me and place.delegation_confirmed_at is not None)
            )
            for place in self.places
        )

    def invited(self, who: Who, row: Any) -> bool:
        """Whether they are among those asked to a meeting of chosen people."""
        me = self.people.get(who.name)
        chosen = [one for one in self.places if one.meeting_id == row.pk and one.withdrawn_because == ""]
        return any(place.person_id == me and place.capacity != "guest" for place in chosen)

    def labelled(self, who: Who, row: Any, body: str, *, own: bool, present: bool = False) -> bool:
        theirs = own or who.organisation == "MSIT" or self.owns(who, getattr(row, "owner_id", None))
        named = (
            theirs and hasattr(row, "readers") and self.people.get(who.name) in {one.pk for one in row.readers.all()}
        )
        match row.label:
            case "TLP:RED":
                return body in who.runs or (named and body in who.community)
            case "TLP:AMBER+STRICT":
                return body in who.runs or own
            case "TLP:AMBER":
                return body in who.runs or own or present or body in who.bodies()
        return body in who.runs or own or present or body in who.community


def meeting(world: Oracle, who: Who, row: Any) -> bool:
    """In preparation: its secretary. Announced (even if cancelled since): everyone seated, or invited, or asked."""
    body, told = world.body(row), row.state != "draft" and not (row.state == "cancelled" and row.opened_at is None)
    seated = body in who.bodies() and (not row.by_invitation or world.invited(who, row))
    return body in who.runs or (told and (seated or world.asked(who, row)))


def agenda_item(world: Oracle, who: Who, row: Any) -> bool:
    """On a meeting they see; not accepted, it is its owner's and the secretary's."""
    body = world.body(row)
    present = world.asked(who, row.meeting)
    own = world.owns(who, row.owner_id) and (body in who.speaks_in or present)
    shown = own or body in who.runs or row.state == "accepted"
    return meeting(world, who, row.meeting) and shown and world.labelled(who, row, body, own=own, present=present)


def paper(world: Oracle, who: Who, row: Any) -> bool:
    """On an item they see. Before its time and withdrawn it is its owner's and the secretary's."""
    body, item = world.body(row), row.agenda_item
    present = world.asked(who, item.meeting)
    own: bool = world.owns(who, row.owner_id) and (body in who.speaks_in or present)
    out = row.withdrawn_because == "" and row.embargo is None
    seen = agenda_item(world, who, item) and (out or own or body in who.runs)
    return seen and world.labelled(who, row, body, own=own, present=present)


def place(world: Oracle, who: Who, row: Any) -> bool:
    """Of one's own organisation and the ministry; one's own place always, once it was announced."""
    near = world.organisations[row.organisation_id] in {who.organisation, "MSIT"}
    listed = row.withdrawn_because == "" and row.capacity != "guest" and near
    seen = meeting(world, who, row.meeting) and (listed or world.body(row) in who.runs)
    me = world.people.get(who.name)
    mine = me is not None and me in {row.person_id, row.delegate_id} and world.owns(who, row.organisation_id)
    told = row.meeting.opened_at is not None
    return bool(seen or (mine and told))


def receipt(world: Oracle, who: Who, row: Any) -> bool:
    mine = world.people.get(who.name) == row.person_id
    return paper(world, who, row.version.paper) and (mine or world.body(row) in who.runs)


def of_account(world: Oracle, who: Who, row: Any) -> bool:
    """What was made for one account alone."""
    return bool(world.people.get(who.name) == row.user.person_id)


def moved_date(world: Oracle, who: Who, row: Any) -> bool:
    told: bool = row.meeting.opened_at is not None and row.changed_at >= row.meeting.opened_at
    return meeting(world, who, row.meeting) and (told or world.body(row) in who.runs)


def action(world: Oracle, who: Who, row: Any) -> bool:
    """A provisional one is the secretary's; the others go by their label."""
    body = world.body(row)
    own = world.owns(who, row.owner_id) and body in who.speaks_in
    told = not unborn(row) or body in who.runs or (own and follows_a_meeting_that_is_over(row))
    return told and world.labelled(who, row, body, own=own)


def unborn(row: Any) -> bool:
    """Provisional, or cancelled while it was."""
    decision = row.decision
    return row.state == "draft" or (row.state == "cancelled" and decision is not None and decision.in_force_at is None)


def follows_a_meeting_that_is_over(row: Any) -> bool:
    return row.decision is not None and row.decision.agenda_item.meeting.state == "closed"


def minutes(world: Oracle, who: Who, row: Any) -> bool:
    """While first written, its secretary; once a version went round, everyone their label reaches."""
    body, shown = world.body(row), any(version.circulated_at for version in row.revisions.all())
    opened = shown and world.labelled(who, row, body, own=False, present=world.asked(who, row.meeting))
    return meeting(world, who, row.meeting) and (body in who.runs or opened)


def version_of_minutes(world: Oracle, who: Who, row: Any) -> bool:
    shown = row.circulated_at is not None or world.body(row) in who.runs
    return minutes(world, who, row.minutes) and shown


def part_of_minutes(world: Oracle, who: Who, row: Any) -> bool:
    return version_of_minutes(world, who, row.revision) and agenda_item(world, who, row.agenda_item)


def remark(world: Oracle, who: Who, row: Any) -> bool:
    """An annex is its speaker's organisation's and the secretary's."""
    own = world.owns(who, row.speaker.organisation_id) and speaks(world, who, row.section.revision)
    return part_of_minutes(world, who, row.section) and (not row.private or own or world.body(row) in who.runs)


def said_to_minutes(world: Oracle, who: Who, row: Any) -> bool:
    """Between an organisation and the secretary."""
    own = world.owns(who, row.organisation_id) and speaks(world, who, row.revision)
    return version_of_minutes(world, who, row.revision) and (own or world.body(row) in who.runs)


def issued(world: Oracle, who: Who, row: Any) -> bool:
    """With the version; the one with all annexes is the secretary's. Of a publication: once it is out."""
    if row.publication is not None:
        return is_out(world, who, row.publication) or world.body(row) in who.runs
    return version_of_minutes(world, who, row.revision) and (row.audience == "common" or world.body(row) in who.runs)


def publication(world: Oracle, who: Who, row: Any) -> bool:
    """The secretary's; once they were asked, also theirs whose words it uses; once out, as far as it reaches."""
    asked = row.asked_at is not None and any(world.owns(who, one.organisation_id) for one in row.opinions.all())
    concerned = asked and speaks(world, who, row.revision) and meeting(world, who, row.revision.minutes.meeting)
    return world.body(row) in who.runs or concerned or is_out(world, who, row)


def is_out(world: Oracle, who: Who, row: Any) -> bool:
    """For the public, wherever one is near; a report of the results never is."""
    near = world.body(row) in who.community
    return row.state == "published" and row.kind != "results" and row.embargo is None and near


def published_with(world: Oracle, who: Who, row: Any) -> bool:
    """Whether somebody reads a text because it was published: the minutes, and what their meeting is called."""
    kind = type(row).__name__
    if kind == "Meeting":
        versions = list(row.minutes.revisions.all()) if hasattr(row, "minutes") else []
    elif kind in {"MinutesRevision", "MinutesSection", "Remark"} and not getattr(row, "private", False):
        version = (
            row if kind == "MinutesRevision" else row.revision if kind == "MinutesSection" else row.section.revision
        )
        versions = [version]
    else:
        return False
    return any(is_out(world, who, one) for version in versions for one in version.publications.all())


def official_document(world: Oracle, who: Who, row: Any) -> bool:
    """What was sent, with its meeting; what stays inside or was taken back, the secretary's."""
    sent = row.sent_at is not None and row.withdrawn_because == ""
    return meeting(world, who, row.meeting) and (sent or world.body(row) in who.runs)


def of_a_publication(world: Oracle, who: Who, row: Any) -> bool:
    """Between an organisation and the secretary."""
    own = world.owns(who, row.organisation_id) and speaks(world, who, row.publication.revision)
    return publication(world, who, row.publication) and (own or world.body(row) in who.runs)


def records_opinion(world: Oracle, who: Who, row: Any) -> bool:
    """Between the organisation that was asked and the secretary."""
    body = world.body(row)
    return body in who.runs or (world.owns(who, row.organisation_id) and body in who.speaks_in)


def records_piece(world: Oracle, who: Who, row: Any) -> bool:
    """Of whoever was asked, what has their words and is about something that they see."""
    body = world.body(row)
    asked = any(world.owns(who, one.organisation_id) for one in row.request.opinions.all())
    theirs = any(world.owns(who, one.pk) for one in row.concerns.all())
    about = apps.get_model("council", row.target_type)._default_manager.filter(pk=row.target_id).first()
    seen = about is not None and world.sees(who, about)
    return body in who.runs or (asked and body in who.speaks_in and theirs and seen)


def speaks(world: Oracle, who: Who, version: Any) -> bool:
    return world.body(version) in who.speaks_in or world.asked(who, version.minutes.meeting)


def decision(world: Oracle, who: Who, row: Any) -> bool:
    """Once told, by its own label; of a meeting of chosen people only to who sees that."""
    body, held = world.body(row), row.agenda_item.meeting
    told = row.revision.circulated_at is not None or row.in_force_at is not None
    in_force = row.in_force_at is not None and row.withdrawn_because == ""
    wide = row.label in {"TLP:GREEN", "TLP:CLEAR"} and not held.by_invitation and in_force
    opened = world.labelled(who, row, body, own=False, present=world.asked(who, held))
    return body in who.runs or (told and opened and (wide or meeting(world, who, held)))


def update(world: Oracle, who: Who, row: Any) -> bool:
    """On an item they see; a draft is its organisation's alone, what was handed in goes by its own label too."""
    body = world.body(row)
    own = world.owns(who, row.organisation_id) and body in who.speaks_in | who.runs
    shown = own if row.state == "draft" else world.labelled(who, row, body, own=own)
    if row.state == "withdrawn":
        shown = own or body in who.runs
    return action(world, who, row.action) and shown


def evidence(world: Oracle, who: Who, row: Any) -> bool:
    """Between the owner and the ministry, also on a report that others may read."""
    body = world.body(row)
    own = world.owns(who, row.update.organisation_id) and body in who.speaks_in
    return update(world, who, row.update) and (own or body in who.runs)


def verification(world: Oracle, who: Who, row: Any) -> bool:
    """The ministry's answer is between it and the owner."""
    body = world.body(row)
    own = world.owns(who, row.action.owner_id) and body in who.speaks_in
    return action(world, who, row.action) and (own or body in who.runs)


def public_quarter(world: Oracle, who: Who, row: Any) -> bool:
    """Everybody near the table is shown it first; why it was taken back is the secretariat's to know."""
    return its_secretary(world, who, row) if row.state == "withdrawn" else community(world, who, row)


def concerned_by(world: Oracle, who: Who, row: Any) -> bool:
    """A report is between its organisation and the ministry; nobody of the wall's people was given one to judge."""
    body = world.body(row)
    return body in who.runs or (world.owns(who, row.organisation_id) and body in who.speaks_in)


def report(world: Oracle, who: Who, row: Any) -> bool:
    """Accepted, it is read as far as its label reaches; before that by nobody else."""
    shared = row.state == "accepted" and world.labelled(who, row, world.body(row), own=False)
    return concerned_by(world, who, row) or shared


def drafts_it(world: Oracle, who: Who, row: Any) -> bool:
    """What is being written is its organisation's alone."""
    return world.owns(who, row.organisation_id) and world.body(row) in who.speaks_in | who.runs


def on_the_inside(world: Oracle, who: Who, row: Any) -> bool:
    """What an organisation has not handed in: its own people who answer for it."""
    return world.owns(who, row.organisation_id) and world.body(row) in who.speaks_in | who.runs


def is_asked_for_it(world: Oracle, who: Who, row: Any) -> bool:
    mine = world.people.get(who.name) == row.contributor_id and world.owns(who, row.organisation_id)
    return mine and row.state != "recalled" and world.body(row) in who.bodies("contributor")


def contribution(world: Oracle, who: Who, row: Any) -> bool:
    """Theirs who are asked, and their organisation's."""
    item = row.action is None or action(world, who, row.action)
    return is_asked_for_it(world, who, row) or (on_the_inside(world, who, row) and item)


def commitment(world: Oracle, who: Who, row: Any) -> bool:
    """Near the table; of a department those given to it."""
    parts = [one for one in world.parts if is_asked_for_it(world, who, one)]
    given = {(one.report or one.action).commitment_id for one in parts}
    return community(world, who, row) or row.pk in given


def figures(world: Oracle, who: Who, row: Any) -> bool:
    owners = [part.organisation_id for part in row.commitment.parts.all()]
    concerned = world.body(row) in who.runs or any(world.owns(who, owner) for owner in owners)
    return commitment(world, who, row.commitment) and (row.commitment.sensitivity != "high" or concerned)


def clearance_piece(world: Oracle, who: Who, row: Any) -> bool:
    """With the batch, before the executive; of colleagues, who sees what it is about."""
    asked = world.people.get(who.name) == row.clearance.approver_id
    about = world.about.get(("piece", str(row.pk)))
    seen = about is not None and world.sees(who, about)
    return on_the_inside(world, who, row.clearance) and (asked or seen)


def stored_file(world: Oracle, who: Who, row: Any) -> bool:
    """With what it was handed in as; a letter of delegation between its two sides."""
    thing = world.about.get(("file of", str(row.pk)))
    if thing is None or not world.sees(who, thing):
        return False
    if type(thing).__name__ == "Participation":
        return world.owns(who, thing.organisation_id) or world.body(thing) in who.runs  # type: ignore[attr-defined]
    return True


def audit_entry(world: Oracle, who: Who, row: Any) -> bool:
    """The secretariat's, if it runs the body of what the entry is about, and sees it; of the register, every one's."""
    about = world.about.get((row.target_type, row.target_id))
    if about is None or type(about).__name__ in {"Seat", "BodyRules"}:
        return bool(who.runs)
    body = world.body_if_any(about)
    return (body in who.runs if body else bool(who.runs)) and world.sees(who, about)


def release(world: Oracle, who: Who, row: Any) -> bool:
    """Between the secretary and the owner's people, as far as each sees what it is about."""
    body = world.body(row)
    concerned = body in who.runs or (world.owns(who, row.organisation_id) and body in who.speaks_in)
    return concerned and world.sees(who, world.about["asked about", str(row.pk)])


def person(world: Oracle, who: Who, row: Any) -> bool:
    """Those of the own organisation and of the ministry; the register's keepers see everybody; oneself, always."""
    known = world.organisations[row.organisation_id] in {who.organisation, "MSIT"}
    return keeper(world, who, row) or (bool(who.bodies()) and known) or world.people.get(who.name) == row.pk


def account(world: Oracle, who: Who, row: Any) -> bool:
    """An address to sign in with: the administrator of accounts, the secretariat (the record names it), oneself."""
    return who.is_superuser or bool(who.runs) or world.people.get(who.name) == row.person_id


def keeper(world: Oracle, who: Who, row: Any) -> bool:
    return bool(who.runs) or who.is_superuser


def letter(world: Oracle, who: Who, row: Any) -> bool:
    inside = str(getattr(row, "kind", "")).startswith(("contribution_", "clearance_"))
    if type(row).__name__ == "Delivery":
        inside = ("inside letter", str(row.pk)) in world.about
    return (bool(who.runs) and not inside) or world.people.get(who.name) == row.recipient_id


def seated(world: Oracle, who: Who, row: Any) -> bool:
    return bool(who.bodies())


def community(world: Oracle, who: Who, row: Any) -> bool:
    return world.body(row) in who.community


def secretariat(world: Oracle, who: Who, row: Any) -> bool:
    return bool(who.runs)


def its_secretary(world: Oracle, who: Who, row: Any) -> bool:
    return world.body(row) in who.runs


RULES: dict[str, Rule] = {
    "AccessToken": of_account,
    "ActionItem": action,
    "AgendaItem": agenda_item,
    "AgendaLink": lambda world, who, row: action(world, who, row.action) and agenda_item(world, who, row.agenda_item),
    "AgendaSection": lambda world, who, row: meeting(world, who, row.meeting),
    "AgendaSnapshot": lambda world, who, row: meeting(world, who, row.meeting),
    "BriefingPack": lambda world, who, row: of_account(world, who, row) and meeting(world, who, row.meeting),
    "CalendarFeed": of_account,
    "DateChange": moved_date,
    "ItemNote": its_secretary,
    "Paper": paper,
    "PaperReceipt": receipt,
    "PaperVersion": lambda world, who, row: paper(world, who, row.paper),
    "Participation": place,
    "StandingItem": its_secretary,
    "AuditEntry": audit_entry,
    "AuditReview": secretariat,
    "AuditHead": lambda world, who, row: False,
    "Body": lambda world, who, row: keeper(world, who, row) or row.code in who.community,
    "BodyRules": lambda world, who, row: keeper(world, who, row) or community(world, who, row),
    "Closure": lambda world, who, row: keeper(world, who, row) or seated(world, who, row),
    "Clearance": on_the_inside,
    "ClearancePiece": clearance_piece,
    "Contribution": contribution,
    "ContributionFile": lambda world, who, row: contribution(world, who, row.contribution),
    "Commitment": commitment,
    "CommitmentOwner": lambda world, who, row: commitment(world, who, row.commitment),
    "Deadline": lambda world, who, row: meeting(world, who, row.meeting),
    "DeadlineTemplate": its_secretary,
    "Declaration": community,
    "Delivery": letter,
    "DeliveryAttempt": secretariat,
    "EngineState": keeper,
    "Evidence": evidence,
    "Incident": seated,
    "Indicator": figures,
    "Meeting": meeting,
    "Minutes": minutes,
    "MinutesRevision": version_of_minutes,
    "MinutesSection": part_of_minutes,
    "Remark": remark,
    "MinutesComment": said_to_minutes,
    "Confirmation": said_to_minutes,
    "Decision": decision,
    "IssuedDocument": issued,
    "Publication": publication,
    "Recording": its_secretary,
    "DocumentForm": its_secretary,
    "OfficialDocument": official_document,
    "Opinion": of_a_publication,
    "Redaction": of_a_publication,
    "RecordsRequest": its_secretary,
    "RecordsOpinion": records_opinion,
    "RecordsPiece": records_piece,
    "Milestone": figures,
    "Notice": letter,
    "Organisation": lambda world, who, row: keeper(world, who, row) or seated(world, who, row),
    "Person": person,
    "Pillar": community,
    "ProgressUpdate": update,
    "ReleaseRequest": release,
    "ReminderRule": its_secretary,
    "Seat": lambda world, who, row: person(world, who, row.person),
    "Signatory": community,
    "SignInFailure": lambda world, who, row: False,
    "StoredFile": stored_file,
    "TargetGroup": seated,
    "User": account,
    "Verification": verification,
    "ActionComment": verification,
    "Escalation": verification,
    "EscalationRule": its_secretary,
    "ExtensionRequest": verification,
    "CheckPoint": its_secretary,
    "ReportingRound": community,
    "Report": report,
    "ReportDraft": lambda world, who, row: drafts_it(world, who, row.report),
    "ReportEvidence": lambda world, who, row: (
        drafts_it(world, who, row.report) if row.submission_id is None else concerned_by(world, who, row.report)
    ),
    "Measurement": lambda world, who, row: concerned_by(world, who, row.report),
    "Submission": lambda world, who, row: concerned_by(world, who, row.report),
    "Judgement": lambda world, who, row: concerned_by(world, who, row.report),
    "IndicatorTarget": lambda world, who, row: (
        figures(world, who, row.indicator)
        and (world.body(row) in who.runs or (world.owns(who, row.organisation_id) and world.body(row) in who.speaks_in))
    ),
    "FrozenScorecard": its_secretary,
    "PublicQuarter": public_quarter,
    "SharedRow": community,
}


def named_with(row: Any) -> set[Person]:
    """The people whose names are said together with a row to whoever sees it: who will present, who holds the seat."""
    people = [getattr(row, name, None) for name in ("presenter", "person", "delegate")]
    return {one for one in people if isinstance(one, Person)}
