"""Named audiences: who they are on a day."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from council.access.roles import SECRETARIAT
from council.actions.models import (
    ActionComment,
    ActionItem,
    Escalation,
    EscalationRule,
    ExtensionRequest,
    ProgressUpdate,
)
from council.actions.queries import assignable
from council.core.belonging import body_of
from council.meetings.models import AgendaItem, Meeting, Participation
from council.minutes.models import MinutesComment, MinutesRevision, Opinion, Publication, RecordsOpinion
from council.parties.models import Body, Organisation, Person, Seat
from council.parties.queries import people_seated
from council.release.models import ReleaseRequest
from council.reminders.models import ReminderRule
from council.reports.models import Report, ReportingRound
from council.scorecard.models import PublicQuarter

Audience = ReminderRule.Audience


def secretariat(body_id: int, on: date) -> QuerySet[Person]:
    return people_seated(body_id, SECRETARIAT, on=on)


def secretariat_of(target: Any, on: date) -> Collection[Person]:
    """Those who run the body that something belongs to."""
    return list(secretariat(body_of(target) or 0, on))


def seated(body_id: int, on: date) -> QuerySet[Person]:
    return people_seated(body_id, Seat.Role.values, on=on)


def asked(meeting: Meeting, on: date) -> Collection[Person]:
    """Whom a meeting is about: everybody asked but guests, and the confirmed delegates."""
    return list(meeting.participations.people())


def who_proposed(item: AgendaItem, on: date) -> Collection[Person]:
    """Who answers for the organisation that handed an item in: its liaisons, of the ministry its secretariat."""
    return answering_for(item.owner_id, item.meeting.body_id, on)


def asked_to_confirm(revision: MinutesRevision, on: date) -> Collection[Person]:
    """Who answers for the organisations that a version of the minutes was sent to: their liaisons and members."""
    people = _liaisons_and_members(revision.minutes.meeting.body_id, on)
    return list(people.filter(organisation__in=revision.confirmations.values("organisation")))


def who_commented(comment: MinutesComment, on: date) -> Collection[Person]:
    """Who answers for the organisation that commented."""
    return answering_for(comment.organisation_id, comment.revision.minutes.meeting.body_id, on)


def asked_for_opinion(publication: Publication, on: date) -> Collection[Person]:
    """Who answers for the organisations whose words it uses: their liaisons and members."""
    people = _liaisons_and_members(publication.revision.minutes.meeting.body_id, on)
    return list(people.filter(organisation__in=publication.opinions.values("organisation")))


def whose_opinion(opinion: Opinion, on: date) -> Collection[Person]:
    """Who answers for the organisation whose opinion it is: its liaisons and members."""
    people = _liaisons_and_members(opinion.publication.revision.minutes.meeting.body_id, on)
    return list(people.filter(organisation=opinion.organisation_id))


def asked_about_records(opinion: RecordsOpinion, on: date) -> Collection[Person]:
    """Who answers for the organisation whose pieces are asked for: its liaisons and members."""
    people = _liaisons_and_members(opinion.request.body_id, on)
    return list(people.filter(organisation=opinion.organisation_id))


def whose_records(opinion: RecordsOpinion, on: date) -> Collection[Person]:
    """Who answers for the organisation on whose opinion was decided."""
    return answering_for(opinion.organisation_id, opinion.request.body_id, on)


def readers_of_minutes(revision: MinutesRevision, on: date) -> Collection[Person]:
    """Everybody seated on the body; of a meeting of chosen people, those who were asked."""
    meeting = revision.minutes.meeting
    return asked(meeting, on) if meeting.by_invitation else list(seated(meeting.body_id, on))


def representing(row: Participation, on: date) -> Collection[Person]:
    """Both sides of a delegation: the delegate, who is represented, and who answers for their organisation."""
    people = [row.person_id, row.delegate_id]
    held = people_seated(row.meeting.body_id, [Seat.Role.LIAISON], on=on).filter(organisation=row.organisation_id)
    return Person.objects.filter(Q(pk__in=people) | Q(pk__in=held.values("pk")))


def liaisons(body_id: int, on: date) -> QuerySet[Person]:
    return people_seated(body_id, [Seat.Role.LIAISON], on=on).filter(organisation__kind=Organisation.Kind.CARRIER)


def responsible(action: ActionItem, on: date) -> Collection[Person]:
    """The assignee while they work on it, else the owner's liaisons; for the ministry's own items its secretariat."""
    if action.assignee_id and (assignee := list(assignable(action, on=on).filter(pk=action.assignee_id))):
        return assignee
    return answering_for(action.owner_id, action.body_id, on)


def other_side(comment: ActionComment, on: date) -> Collection[Person]:
    """Of owner and ministry the one that did not write it; of what is the ministry's own, its secretariat."""
    action = comment.action
    from_owner = comment.organisation_id == action.owner_id
    return secretariat_of(action, on) if from_owner else responsible(action, on)


def responsible_for_it(row: ExtensionRequest | ProgressUpdate, on: date) -> Collection[Person]:
    """Who works on the item that something is about."""
    return responsible(row.action, on)


def answering_for(organisation_id: int, body_id: int, on: date) -> Collection[Person]:
    """An organisation's liaisons on a body, of the ministry the secretariat."""
    people = people_seated(body_id, [Seat.Role.LIAISON, *SECRETARIAT], on=on)
    return list(people.filter(organisation=organisation_id))


def _liaisons_and_members(body_id: int, on: date) -> QuerySet[Person]:
    return people_seated(body_id, [Seat.Role.LIAISON, Seat.Role.MEMBER], on=on)


def lead(action: ActionItem, on: date) -> Collection[Person]:
    """The owner's member in the working group of the body, or in the body if it is one: its CISO."""
    groups = Body.objects.filter(Q(parent=action.body_id) | Q(pk=action.body_id, parent__isnull=False))
    return [
        person
        for group in groups.values_list("pk", flat=True)
        for person in people_seated(group, [Seat.Role.MEMBER], on=on).filter(organisation=action.owner_id)
    ]


def climbed_to(row: Escalation, on: date) -> Collection[Person]:
    """Its owner's CISO, of one that has none who runs the body; before the council, all who have to do with it."""
    if row.step == EscalationRule.Step.LEAD:
        return lead(row.action, on) or secretariat_of(row.action, on)
    council = row.action.body.parent_id or row.action.body_id
    return [*lead(row.action, on), *responsible(row.action, on), *secretariat(council, on)]


def owing(reporting_round: ReportingRound, on: date) -> Collection[Person]:
    """Who answers for the organisations that owe a report in a round."""
    owed = reporting_round.reports.owed().values("organisation")
    people = people_seated(reporting_round.body_id, [Seat.Role.LIAISON, *SECRETARIAT], on=on)
    return list(people.filter(organisation__in=owed))


def judging(report: Report, on: date) -> Collection[Person]:
    """Who runs the body, and the reviewers to whom the commitment was given."""
    body = report.round.body_id
    reviewers = people_seated(body, [Seat.Role.REVIEWER], on=on).filter(reviewed_commitments=report.commitment_id)
    return [*secretariat(body, on), *reviewers.exclude(organisation__kind=Organisation.Kind.CARRIER)]


def reporting(report: Report, on: date) -> Collection[Person]:
    """Who answers for the organisation whose report it is."""
    return answering_for(report.organisation_id, report.round.body_id, on)


def shown_first(row: PublicQuarter, on: date) -> Collection[Person]:
    """Who answers for the carriers whose promises it is about: their liaisons."""
    return list(liaisons(row.body_id, on))


def consenting(request: ReleaseRequest, on: date) -> QuerySet[Person]:
    """Who reads the question for the owner who is asked: its liaisons."""
    return people_seated(request.body_id, [Seat.Role.LIAISON], on=on).filter(organisation=request.organisation_id)


OF_REPORT: dict[str, Callable[[Report, date], Collection[Person]]] = {
    Audience.RESPONSIBLE: reporting,
    Audience.SECRETARIAT: lambda report, on: list(secretariat(report.round.body_id, on)),
}
OF_BODY: dict[str, Callable[[int, date], QuerySet[Person]]] = {
    Audience.SECRETARIAT: secretariat,
    Audience.SEATED: seated,
    Audience.LIAISONS: liaisons,
}
OF_ACTION: dict[str, Callable[[ActionItem, date], Collection[Person]]] = {
    Audience.RESPONSIBLE: responsible,
    Audience.LEAD: lead,
    Audience.SECRETARIAT: lambda action, on: list(secretariat(action.body_id, on)),
}
