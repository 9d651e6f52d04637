"""Which rows an actor sees: one predicate a model. Lists, choices, counts, files and letters take their rows here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from council.access import audited, recorded, reported
from council.access.reach import (
    NOTHING,
    anyone_seated,
    by_label,
    given,
    keeps_the_register,
    named_reader,
    runs_a_body,
)
from council.access.roles import Standing, standing
from council.actions.models import (
    UNBORN,
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
from council.clearance.models import Clearance
from council.core.actor import Actor
from council.core.labels import Label
from council.core.models import AuditEntry, AuditReview, Closure
from council.declaration.models import (
    Commitment,
    CommitmentOwner,
    Declaration,
    Incident,
    Indicator,
    Milestone,
    Pillar,
    Signatory,
    TargetGroup,
)
from council.files.models import StoredFile
from council.mail.models import Delivery, DeliveryAttempt, EngineState, Notice
from council.mail.registry import registry
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
from council.meetings.models.meeting import ANNOUNCED
from council.meetings.states import AgendaItemState, MeetingState
from council.minutes.models import (
    Decision,
    DocumentForm,
    Minutes,
    MinutesRevision,
    MinutesSection,
    Recording,
    RecordsRequest,
)
from council.minutes.models.decision import TOLD
from council.parties.models import AccessToken, Body, BodyRules, Organisation, Person, Seat, SignInFailure, User
from council.release.models import ReleaseRequest
from council.reports.models import ContributionFile, Report, ReportEvidence

type Rule = Callable[[Standing], Q]


def _meetings(who: Standing) -> Q:
    """Once announced, to everyone seated on the body, or of them to those invited alone; and to whoever was asked."""
    takes_part = Participation.objects.of_person(who.person_id, on=who.on).values("meeting")
    seated = Q(body__in=who.seated) & (Q(by_invitation=False) | Q(pk__in=takes_part))
    return Q(body__in=who.secretariat_of) | (ANNOUNCED & (seated | Q(pk__in=_asked_without_a_seat(who))))


def _asked_without_a_seat(who: Standing) -> models.QuerySet[Any]:
    """The meetings to which somebody was asked themselves, or is the confirmed delegate of one who was."""
    rows = Participation.objects.of_person(who.person_id, on=who.on)
    return rows.exclude(person=who.person_id, seat_on=F("meeting__body")).values("meeting")


def _agenda_items(who: Standing) -> Q:
    present = Q(meeting__in=_asked_without_a_seat(who))
    own = Q(owner=who.organisation_id) & (Q(meeting__body__in=who.answers_for_owner_in) | present)
    named = named_reader(who, AgendaItem.readers.through, "agendaitem")
    shown = Q(meeting__body__in=who.secretariat_of) | own | Q(state=AgendaItemState.ACCEPTED)
    labelled = by_label(who, body="meeting__body", own=own, named=named, present=present)
    return _in(Meeting, "meeting", who) & shown & labelled


def _date_changes(who: Standing) -> Q:
    """What was moved before anybody was told is the secretariat's alone."""
    told = Q(changed_at__gte=F("meeting__opened_at"))
    return _in(Meeting, "meeting", who) & (Q(meeting__body__in=who.secretariat_of) | told)


def _participations(who: Standing) -> Q:
    """Those of the own organisation and the ministry's; who comes from a competitor is the secretariat's to know."""
    known = Q(organisation=who.organisation_id) | Q(organisation__kind=Organisation.Kind.MINISTRY)
    asked = Q(withdrawn_because="") & ~Q(capacity=Participation.Capacity.GUEST)
    listed = _in(Meeting, "meeting", who) & (Q(meeting__body__in=who.secretariat_of) | (known & asked))
    return listed | (_own_participations(who) & Q(meeting__opened_at__isnull=False))


def _own_participations(who: Standing) -> Q:
    """What was said to them of it: a guest is asked, a delegate named, somebody asked no more."""
    if who.person_id is None:
        return NOTHING
    theirs = Q(organisation=who.organisation_id) & (Q(person=who.person_id) | Q(delegate=who.person_id))
    held = Participation.objects.while_seated(who.on).values("pk")
    return theirs & (~Q(withdrawn_because="") | Q(pk__in=held))


def _stored_files(who: Standing) -> Q:
    """With what they are attached to; a letter of delegation to the two sides between which it went."""
    delegations = Participation.objects.filter(pk__in=_visible_keys(Participation, who)).filter(
        Q(meeting__body__in=who.secretariat_of) | Q(organisation=who.organisation_id)
    )
    versions = PaperVersion.objects.filter(pk__in=_visible_keys(PaperVersion, who)).values("file")
    handed_in = _in(Evidence, "evidence", who) | _in(ReportEvidence, "report_evidence", who)
    handed_in |= Q(pk__in=delegations.values("delegation_letter"))
    handed_in |= _in(ContributionFile, "contribution_file", who) | _in(Clearance, "clearance", who)
    return handed_in | Q(pk__in=versions) | recorded.files(_reader(who))


def _papers(who: Standing) -> Q:
    """On an item that is seen, by its own label; before its time, or withdrawn, its owner's and the secretariat's."""
    present = Q(agenda_item__meeting__in=_asked_without_a_seat(who))
    own = Q(owner=who.organisation_id) & (Q(agenda_item__meeting__body__in=who.answers_for_owner_in) | present)
    named = named_reader(who, Paper.readers.through, "paper")
    body = "agenda_item__meeting__body"
    out = Q(withdrawn_because="") & (Q(embargo=None) | Q(embargo__lte=Now()))
    concerned = Q(**{f"{body}__in": who.secretariat_of}) | own
    labelled = by_label(who, body=body, own=own, named=named, present=present)
    return _in(AgendaItem, "agenda_item", who) & (out | concerned) & labelled


def _paper_versions(who: Standing) -> Q:
    """The newest one; what it took the place of stays between its owner and the secretariat."""
    newer = PaperVersion.objects.filter(paper=OuterRef("paper"), number__gt=OuterRef("number"))
    meeting = "paper__agenda_item__meeting"
    own = Q(paper__owner=who.organisation_id) & (
        Q(**{f"{meeting}__body__in": who.answers_for_owner_in}) | Q(**{f"{meeting}__in": _asked_without_a_seat(who)})
    )
    kept = Q(**{f"{meeting}__body__in": who.secretariat_of}) | own
    return _in(Paper, "paper", who) & (~Exists(newer) | kept)


def _receipts(who: Standing) -> Q:
    """Who has opened a paper is the secretariat's to know, and one's own."""
    theirs = Q(version__paper__agenda_item__meeting__body__in=who.secretariat_of)
    own = NOTHING if who.person_id is None else Q(person=who.person_id)
    return _in(PaperVersion, "version", who) & (theirs | own)


def _packs(who: Standing) -> Q:
    """Made for one reader, and nobody else's."""
    return NOTHING if who.person_id is None else Q(user__person=who.person_id) & _in(Meeting, "meeting", who)


def _minutes(who: Standing) -> Q:
    """Being written for the first time they are the secretariat's; once a version was sent round, by their label."""
    shown = Q(pk__in=MinutesRevision.objects.shown().values("minutes"))
    present = Q(meeting__in=_asked_without_a_seat(who))
    labelled = by_label(who, body="meeting__body", own=NOTHING, present=present)
    return _in(Meeting, "meeting", who) & (Q(meeting__body__in=who.secretariat_of) | (shown & labelled))


def _revisions(who: Standing) -> Q:
    shown = Q(circulated_at__isnull=False) | Q(minutes__meeting__body__in=who.secretariat_of)
    return _in(Minutes, "minutes", who) & shown


def _speaks_at(who: Standing, meeting: str) -> Q:
    """Where somebody reads what is their own organisation's: on the body, or as one asked to the meeting."""
    return Q(**{f"{meeting}__body__in": who.answers_for_owner_in}) | Q(**{f"{meeting}__in": _asked_without_a_seat(who)})


def _decisions(who: Standing) -> Q:
    """Once told, by their own label: what is in force also beyond its meeting, unless that was of chosen people."""
    present = Q(agenda_item__meeting__in=_asked_without_a_seat(who))
    labelled = by_label(who, body="body", own=NOTHING, present=present)
    wide = Q(label__in=[Label.GREEN, Label.CLEAR], agenda_item__meeting__by_invitation=False)
    wide &= Q(in_force_at__isnull=False, withdrawn_because="")
    met = Q(agenda_item__meeting__in=_visible_keys(Meeting, who))
    return Q(body__in=who.secretariat_of) | (TOLD & labelled & (wide | met))


def _actions(who: Standing) -> Q:
    """A provisional one, also if cancelled as such, is shown to its owner alone once its meeting is over."""
    own = Q(owner=who.organisation_id, body__in=who.answers_for_owner_in)
    named = named_reader(who, ActionItem.readers.through, "actionitem")
    over = Q(decision__agenda_item__meeting__state=MeetingState.CLOSED)
    told = ~UNBORN | Q(body__in=who.secretariat_of) | (own & over)
    return told & by_label(who, body="body", own=own, named=named)


def _updates(who: Standing) -> Q:
    own = Q(organisation=who.organisation_id, action__body__in=who.answers_for_owner_in | who.secretariat_of)
    handed_in = Q(state=UpdateState.SUBMITTED) & by_label(who, body="action__body", own=own)
    taken_back = Q(state=UpdateState.WITHDRAWN) & (own | Q(action__body__in=who.secretariat_of))
    return _in(ActionItem, "action", who) & (handed_in | taken_back | (Q(state=UpdateState.DRAFT) & own))


def _evidence(who: Standing) -> Q:
    """Released with no report: what is attached to one stays between its owner and the ministry."""
    own = Q(update__organisation=who.organisation_id, update__action__body__in=who.answers_for_owner_in)
    return _in(ProgressUpdate, "update", who) & (Q(update__action__body__in=who.secretariat_of) | own)


def _figures(who: Standing) -> Q:
    """What a commitment is measured by and when: where competition is keen, its owners' and the ministry's to know."""
    keen = Q(commitment__sensitivity=Commitment.Sensitivity.HIGH)
    parts = CommitmentOwner.objects.filter(organisation=who.organisation_id)
    concerned = Q(commitment__in=parts.values("commitment")) | Q(commitment__declaration__body__in=who.secretariat_of)
    return _in(Commitment, "commitment", who) & (~keen | concerned)


def _between_owner_and_ministry(who: Standing) -> Q:
    """What both say of an item tells of what was handed in, which may be stricter than the item itself."""
    own = Q(action__owner=who.organisation_id, action__body__in=who.answers_for_owner_in)
    return _in(ActionItem, "action", who) & (Q(action__body__in=who.secretariat_of) | own)


def _commitments(who: Standing) -> Q:
    """Everybody's near the table; of a department those it is asked about, to nobody who looks through its eyes."""
    near, parts = Q(declaration__body__in=who.community), reported.asked_of(_reader(who))
    asked = Q(pk__in=parts.values("report__commitment")) | Q(pk__in=parts.values("action__commitment"))
    return near | asked if who.through is None else near


def _people(who: Standing) -> Q:
    known = Q(organisation=who.organisation_id) | Q(organisation__kind=Organisation.Kind.MINISTRY)
    return keeps_the_register(who) | (anyone_seated(who) & known)


def _notices(who: Standing) -> Q:
    """A secretariat's, but for those inside an organisation; and one's own."""
    return (runs_a_body(who) & ~Q(kind__in=registry.inside)) | Q(recipient=who.person_id)


def _letters(who: Standing) -> Q:
    inside = Exists(Notice.objects.filter(delivery=OuterRef("pk"), kind__in=registry.inside))
    return (runs_a_body(who) & ~inside) | Q(recipient=who.person_id)


def _release_requests(who: Standing) -> Q:
    """Between the secretariat and the owner who is asked; of the owner's people, those who see what it is about."""
    about = _about(who, ActionItem, AgendaItem, Decision, Minutes, Paper, ProgressUpdate, Report)
    asked = Q(organisation=who.organisation_id, body__in=who.answers_for_owner_in)
    return about & (Q(body__in=who.secretariat_of) | asked)


def _about(who: Standing, *kinds: type[models.Model], path: str = "") -> Q:
    """What is about a thing of one of these kinds that somebody sees."""
    about = NOTHING
    for model in kinds:
        seen = {f"{path}target_type": model._meta.model_name, f"{path}target_id__in": _visible_keys(model, who)}
        about |= Q(**seen)
    return about


RULES: dict[type[models.Model], Rule] = {
    AccessToken: lambda who: NOTHING if who.person_id is None else Q(user__person=who.person_id),
    ActionItem: _actions,
    AgendaItem: _agenda_items,
    AgendaLink: lambda who: _in(ActionItem, "action", who) & _in(AgendaItem, "agenda_item", who),
    AgendaSection: lambda who: _in(Meeting, "meeting", who),
    AgendaSnapshot: lambda who: _in(Meeting, "meeting", who),
    AuditEntry: audited.entries,
    AuditReview: runs_a_body,
    Body: lambda who: keeps_the_register(who) | Q(pk__in=who.community),
    BodyRules: lambda who: keeps_the_register(who) | Q(body__in=who.community),
    BriefingPack: _packs,
    CalendarFeed: lambda who: NOTHING if who.person_id is None else Q(user__person=who.person_id),
    Commitment: _commitments,
    Closure: lambda who: keeps_the_register(who) | anyone_seated(who),
    CommitmentOwner: lambda who: _in(Commitment, "commitment", who),
    DateChange: _date_changes,
    Deadline: lambda who: _in(Meeting, "meeting", who),
    Decision: _decisions,
    Declaration: lambda who: Q(body__in=who.community),
    Delivery: _letters,
    DeliveryAttempt: lambda who: runs_a_body(who) & _in(Delivery, "delivery", who),
    EngineState: keeps_the_register,
    Evidence: _evidence,
    Incident: lambda who: anyone_seated(who),
    Indicator: _figures,
    ItemNote: lambda who: Q(item__meeting__body__in=who.secretariat_of),
    Meeting: _meetings,
    Milestone: _figures,
    Minutes: _minutes,
    MinutesRevision: _revisions,
    MinutesSection: lambda who: _in(MinutesRevision, "revision", who) & _in(AgendaItem, "agenda_item", who),
    Notice: _notices,
    Organisation: lambda who: keeps_the_register(who) | anyone_seated(who),
    Paper: _papers,
    PaperReceipt: _receipts,
    PaperVersion: _paper_versions,
    Participation: _participations,
    Person: _people,
    ProgressUpdate: _updates,
    Recording: lambda who: Q(minutes__meeting__body__in=who.secretariat_of),
    ReleaseRequest: _release_requests,
    Seat: lambda who: _in(Person, "person", who),
    SignInFailure: lambda who: NOTHING,
    StoredFile: _stored_files,
    TargetGroup: anyone_seated,
    User: lambda who: given(who.administers_accounts),
}
RULES |= dict.fromkeys(
    (CheckPoint, DeadlineTemplate, DocumentForm, EscalationRule, RecordsRequest, StandingItem),
    lambda who: Q(body__in=who.secretariat_of),
)
RULES |= dict.fromkeys((ActionComment, Escalation, ExtensionRequest, Verification), _between_owner_and_ministry)
RULES |= recorded.rules(lambda who: _reader(who)) | reported.rules(lambda who: _reader(who))
RULES |= dict.fromkeys((Pillar, Signatory), lambda who: Q(declaration__body__in=who.community))
# Models of packages above this one, which may not be imported here, by their names.
RULES_ABOVE: dict[str, Rule] = {
    "frozenscorecard": lambda who: Q(body__in=who.secretariat_of),
    "publicquarter": lambda who: Q(body__in=who.secretariat_of) | (Q(body__in=who.community) & ~Q(state="withdrawn")),
    "reminderrule": lambda who: Q(body__in=who.secretariat_of),
    "sharedrow": lambda who: Q(body__in=who.community),
}


def _in(parent: type[models.Model], path: str, who: Standing) -> Q:
    """Reached through a visible parent."""
    return Q(**{f"{path}__in": _visible_keys(parent, who)})


def _reader(who: Standing) -> recorded.Reader:
    return recorded.Reader(
        who, lambda parent, path: _in(parent, path, who), partial(_speaks_at, who), partial(_about, who)
    )


# A standing is plain values, and what follows from it is asked of the database anew each time: only the question is
# kept, in the words of the database. Pages ask dozens, most of them about the same few parents, and putting such a
# question into words takes longer than answering it.
@lru_cache(maxsize=1024)
def _visible_keys(model: type[models.Model], who: Standing) -> RawSQL | list[int]:
    try:
        rows = model._default_manager.filter(RULES[model](who)).values("pk")
        return RawSQL(*rows.query.sql_with_params())  # noqa: S611 - Django's own words, with what was asked beside them
    except EmptyResultSet:
        return []


def rule_for(model: type[models.Model]) -> Rule:
    """The rule of a model; LookupError if it has none."""
    return RULES.get(model) or RULES_ABOVE[str(model._meta.model_name)]


def visible_to[Rows: models.QuerySet[Any]](who: Actor | Standing, queryset: Rows, *, on: date | None = None) -> Rows:
    """The rows of a queryset that somebody sees on a day (today if none is given).

    LookupError for a model without a rule: what has no rule is shown to nobody.
    """
    known = who if isinstance(who, Standing) else standing(who, on=on)
    return _through(known, queryset, rule_for(queryset.model))


def _through[Rows: models.QuerySet[Any]](who: Standing, queryset: Rows, rule: Rule) -> Rows:
    """What a rule leaves of the rows, to somebody and to whoever looks through their eyes."""
    seen = queryset.filter(rule(who))
    return seen if who.through is None else seen.filter(rule(who.through))


def counted_for(who: Standing, entries: models.QuerySet[AuditEntry]) -> models.QuerySet[AuditEntry]:
    """The entries that the figures of the monthly review are made of, without those about drafts.

    They say of each account how much it read, was refused and changed, and of no thing what it is called."""
    return _through(who, entries, audited.told)
