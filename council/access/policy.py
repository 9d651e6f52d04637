"""May this actor do this? One table; nothing can be done to what is not visible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import models

from council.access.roles import FOR_THE_OWNER, SECRETARIAT, Standing, standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem, CheckPoint, EscalationRule, Evidence, ExtensionRequest, ProgressUpdate
from council.clearance.models import Clearance
from council.clearance.operations import MAY_CLEAR
from council.core.actor import Actor
from council.core.belonging import body_of
from council.core.models import AuditEntry, AuditReview, Closure
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
from council.mail.models import Delivery, EngineState, Notice
from council.meetings.models import (
    AgendaItem,
    AgendaSection,
    CalendarFeed,
    Deadline,
    DeadlineTemplate,
    Meeting,
    Paper,
    Participation,
    StandingItem,
)
from council.minutes.models import (
    Decision,
    DocumentForm,
    Minutes,
    MinutesComment,
    MinutesRevision,
    OfficialDocument,
    Opinion,
    Publication,
    Recording,
    RecordsOpinion,
    RecordsRequest,
)
from council.parties.models import AccessToken, Body, BodyRules, Organisation, Person, Seat, User
from council.release.models import ReleaseRequest
from council.reports.models import Contribution, Report, ReportEvidence, ReportingRound

# Roles that propose items and hand in papers.
HANDS_IN = FOR_THE_OWNER | SECRETARIAT

type Predicate = Callable[[Standing, models.Model | None], bool]


def runs_its_body(who: Standing, row: models.Model | None) -> bool:
    """In the secretariat of the body the row belongs to; of any body, for a row that is yet to be made."""
    if row is None:
        return bool(who.secretariat_of)
    return body_of(row) in who.secretariat_of


def runs_a_body(who: Standing, row: models.Model | None) -> bool:
    return bool(who.secretariat_of)


def keeps_the_register(who: Standing, row: models.Model | None) -> bool:
    return bool(who.secretariat_of) or who.administers_accounts


def keeps_the_seat(who: Standing, row: models.Model | None) -> bool:
    """The secretariat of its body, and the administrator of accounts; nobody gives or takes a seat of their own."""
    if row is None:
        return keeps_the_register(who, row)
    if isinstance(row, Person):  # on whose page seats are given
        return row.pk != who.person_id and keeps_the_register(who, row)
    return (
        isinstance(row, Seat)
        and row.person_id != who.person_id
        and (who.administers_accounts or row.body_id in who.secretariat_of)
    )


def passes_the_seat_on(who: Standing, row: models.Model | None) -> bool:
    """Who keeps it; and an assistant hands over to a successor."""
    own = isinstance(row, Seat) and row.person_id == who.person_id and row.role == Seat.Role.ASSISTANT
    return keeps_the_seat(who, row) or (own and isinstance(row, Seat) and row.body_id in who.secretariat_of)


def is_somebody(who: Standing, row: models.Model | None) -> bool:
    return who.person_id is not None


def administers_accounts(who: Standing, row: models.Model | None) -> bool:
    return who.administers_accounts


def reports_for_it(who: Standing, row: models.Model | None) -> bool:
    """The liaisons of the organisation that owes the report, of the ministry its secretariat."""
    report = row.report if isinstance(row, ReportEvidence) else row
    return (
        isinstance(report, Report)
        and report.organisation_id == who.organisation_id
        and report.round.body_id in who.bodies({Seat.Role.LIAISON}) | who.secretariat_of
    )


def judges_it(who: Standing, row: models.Model | None) -> bool:
    """Whoever runs the body, and the reviewer to whom the commitment was given."""
    if not isinstance(row, Report):
        return False
    if runs_its_body(who, row):
        return True
    if who.person_id is None or row.round.body_id not in who.bodies({Seat.Role.REVIEWER}):
        return False
    given = row.commitment.reviewers.filter(pk=who.person_id).exclude(organisation__kind=Organisation.Kind.CARRIER)
    return given.exists()


def prepares_for_it(who: Standing, row: models.Model | None) -> bool:
    """Who hands in for an organisation to a body: its liaisons there, of the ministry the secretariat."""
    where = who.bodies({Seat.Role.LIAISON}) | who.secretariat_of
    if isinstance(row, Body):
        return row.pk in where
    if not isinstance(row, Contribution | Clearance):
        return False
    return row.organisation_id == who.organisation_id and row.body_id in where


def gives_it(who: Standing, row: models.Model | None) -> bool:
    """The contributor who was asked, and a liaison who enters what came by other ways."""
    if isinstance(row, Contribution) and row.contributor_id == who.person_id:
        return row.body_id in who.bodies({Seat.Role.CONTRIBUTOR})
    return prepares_for_it(who, row)


def clears_it(who: Standing, row: models.Model | None) -> bool:
    """The executive before whom it was put."""
    return isinstance(row, Clearance) and row.approver_id == who.person_id and row.body_id in who.bodies(MAY_CLEAR)


def withdraws_it(who: Standing, row: models.Model | None) -> bool:
    """Who put it forward, and the executive in whose name it stands."""
    return prepares_for_it(who, row) or clears_it(who, row)


def decides_for_it(who: Standing, row: models.Model | None) -> bool:
    """An executive of the organisation itself: what may leave the house is nobody else's to decide."""
    return isinstance(row, Organisation) and row.pk == who.organisation_id and bool(who.bodies(MAY_CLEAR))


def is_liaison_of_the_owner(who: Standing, row: models.Model | None) -> bool:
    if isinstance(row, Evidence):
        return is_liaison_of_the_owner(who, row.update)
    if isinstance(row, ProgressUpdate):
        return row.organisation_id == who.organisation_id and is_liaison_of_the_owner(who, row.action)
    if isinstance(row, ExtensionRequest):
        return is_liaison_of_the_owner(who, row.action)
    return (
        isinstance(row, ActionItem)
        and row.owner_id == who.organisation_id
        and (row.body_id in who.bodies({Seat.Role.LIAISON}) or row.body_id in who.secretariat_of)
    )


def answers_for_its_owner(who: Standing, row: models.Model | None) -> bool:
    """The owner's members and liaisons, of the ministry its secretariat: who may say who works on it."""
    own = isinstance(row, ActionItem) and row.owner_id == who.organisation_id
    return own and isinstance(row, ActionItem) and row.body_id in who.answers_for_owner_in | who.secretariat_of


def speaks_about_it(who: Standing, row: models.Model | None) -> bool:
    """Between the owner and the ministry."""
    return isinstance(row, ActionItem) and (answers_for_its_owner(who, row) or runs_its_body(who, row))


def answers_for_the_owner(who: Standing, row: models.Model | None) -> bool:
    """May agree, for the organisation asked, that something of theirs reaches more readers."""
    return (
        isinstance(row, ReleaseRequest)
        and row.organisation_id == who.organisation_id
        and row.body_id in who.answers_for_owner_in
    )


def answers_for_the_invited(who: Standing, row: models.Model | None) -> bool:
    """They themselves, a liaison of their organisation for their office, and the secretariat that was telephoned."""
    return isinstance(row, Participation) and (_represents(who, row) or runs_its_body(who, row))


def represents_the_invited(who: Standing, row: models.Model | None) -> bool:
    """They themselves or a liaison of their organisation; for the ministry's own people its secretariat."""
    own = isinstance(row, Participation) and row.organisation_id == who.organisation_id
    return own and (_represents(who, row) or runs_its_body(who, row))


def _represents(who: Standing, row: models.Model | None) -> bool:
    if not isinstance(row, Participation) or row.organisation_id != who.organisation_id or row.withdrawn_because:
        return False
    return row.person_id == who.person_id or row.meeting.body_id in who.bodies({Seat.Role.LIAISON})


def hands_in(who: Standing, row: models.Model | None) -> bool:
    """Who proposes items for a meeting and hands in papers for it: its members, liaisons and the ministry's staff."""
    return row is not None and body_of(row) in who.bodies(HANDS_IN)


def hands_in_their_own(who: Standing, row: models.Model | None) -> bool:
    """The same, for an item or a paper of their own organisation."""
    return isinstance(row, AgendaItem | Paper) and row.owner_id == who.organisation_id and hands_in(who, row)


def answers_for_a_member(who: Standing, row: models.Model | None) -> bool:
    """A member of the row's body, or a liaison or approving executive who answers for the member's organisation."""
    return row is not None and body_of(row) in who.bodies(FOR_THE_OWNER)


def keeps_the_paper(who: Standing, row: models.Model | None) -> bool:
    return hands_in_their_own(who, row) or (isinstance(row, Paper) and runs_its_body(who, row))


def is_seated_where_the_actor_runs(who: Standing, row: models.Model | None) -> bool:
    """Somebody else who holds a seat, on that day, in a body the actor runs."""
    return (
        isinstance(row, Person)
        and row.pk != who.person_id
        and Seat.objects.valid_on(who.on).filter(person=row.pk, body__in=who.secretariat_of).exists()
    )


type Key = tuple[str, str]

# Of a package above this one, which may not be imported here.
REMINDER_RULE, FROZEN, PUBLIC_QUARTER = "reminderrule", "frozenscorecard", "publicquarter"


def _name(model: type[models.Model] | str) -> str:
    return model if isinstance(model, str) else str(model._meta.model_name)


def _each(verbs: str, model: type[models.Model] | str, predicate: Predicate) -> dict[Key, Predicate]:
    return {(_name(model), verb): predicate for verb in verbs.split()}


def _once(*parts: dict[Key, Predicate]) -> dict[Key, Predicate]:
    """All of them together; ValueError for what is given twice, of which the first would be lost."""
    table: dict[Key, Predicate] = {}
    for part in parts:
        if twice := table.keys() & part.keys():
            msg = f"The policy says twice who may: {sorted(twice)}"
            raise ValueError(msg)
        table |= part
    return table


TABLE: dict[Key, Predicate] = _once(
    _each("add change convene begin close cancel reorder", Meeting, runs_its_body),
    _each("attendance arrange fix_agenda carry_over run write_minutes refer", Meeting, runs_its_body),
    _each("propose", Meeting, hands_in),
    _each("bind", Meeting, is_somebody),
    _each("add change withdraw release tighten name_readers disclose", AgendaItem, runs_its_body),
    _each("accept return merge check_competition raise reconfirm", AgendaItem, runs_its_body),
    _each("revise take_back", AgendaItem, hands_in_their_own),
    _each("add_paper", AgendaItem, hands_in),
    _each("supersede change take_back", Paper, keeps_the_paper),
    _each("withdraw release tighten name_readers disclose", Paper, runs_its_body),
    _each("circulate revise approve register release tighten disclose", Minutes, runs_its_body),
    _each("answer comment", MinutesRevision, answers_for_a_member),
    _each("prepare_public draft_results draft_press add_recording", Minutes, runs_its_body),
    _each("withdraw", Recording, runs_its_body),
    _each("withdraw", OfficialDocument, runs_its_body),
    _each("add put_aside", DocumentForm, runs_its_body),
    _each("rewrite redact preview ask publish withdraw", Publication, runs_its_body),
    _each("answer", Publication, answers_for_a_member),
    _each("follow decline", Opinion, runs_its_body),
    _each("add collect rule ask settle reconsider make_archive", RecordsRequest, runs_its_body),
    _each("hand_over close hold lift_hold", RecordsRequest, runs_its_body),
    _each("answer", RecordsOpinion, answers_for_a_member),
    _each("follow decline", RecordsOpinion, runs_its_body),
    _each("accept decline", MinutesComment, runs_its_body),
    _each("reword withdraw need_no_action share follow_up release tighten disclose", Decision, runs_its_body),
    _each("add change delete", AgendaSection, runs_its_body),
    _each("add change delete", StandingItem, runs_its_body),
    _each("release tighten disclose", ProgressUpdate, runs_its_body),
    _each("answer", ReleaseRequest, answers_for_the_owner),
    _each("take_back", ReleaseRequest, runs_its_body),
    _each("choose_view_as", Person, runs_a_body),
    _each("view_as", Person, is_seated_where_the_actor_runs),
    _each("change", Deadline, runs_its_body),
    _each("add change confirm_delegate refuse_delegate attend withdraw", Participation, runs_its_body),
    _each("answer", Participation, answers_for_the_invited),
    _each("give", CalendarFeed, is_somebody),
    _each("give revoke", AccessToken, is_somebody),
    _each("name_delegate withdraw_delegate", Participation, represents_the_invited),
    _each("add change verify return cancel release tighten name_readers disclose", ActionItem, runs_its_body),
    _each("enter grant_extension refuse_extension stop_escalation", ActionItem, runs_its_body),
    _each("report submit take_back request_extension", ActionItem, is_liaison_of_the_owner),
    _each("reassign", ActionItem, answers_for_its_owner),
    _each("comment", ActionItem, speaks_about_it),
    _each("remove", Evidence, is_liaison_of_the_owner),
    _each("withdraw", ProgressUpdate, is_liaison_of_the_owner),
    _each("withdraw", ExtensionRequest, is_liaison_of_the_owner),
    _each("add change delete", CheckPoint, runs_its_body),
    _each("add change delete", EscalationRule, runs_its_body),
    _each("add change", Declaration, runs_its_body),
    _each("add change delete", Signatory, runs_its_body),
    _each("add change", Pillar, runs_its_body),
    _each("add change adopt fulfil withdraw resume", Commitment, runs_its_body),
    _each("add change delete", CommitmentOwner, runs_its_body),
    _each("add change delete", Milestone, runs_its_body),
    _each("add change delete", Indicator, runs_its_body),
    _each("add plan_again close freeze share show_public", ReportingRound, runs_its_body),
    _each("ask_parts import_parts clear submit_batch", Body, prepares_for_it),
    _each("deliver", Contribution, gives_it),
    _each("take recall", Contribution, prepares_for_it),
    _each("answer", Clearance, clears_it),
    _each("withdraw", Clearance, withdraws_it),
    _each("require_clearance", Organisation, decides_for_it),
    _each("write submit withdraw discard", Report, reports_for_it),
    _each("remove", ReportEvidence, reports_for_it),
    _each("accept return ask_correction", Report, judges_it),
    _each("enter reopen release tighten disclose", Report, runs_its_body),
    _each("add change delete", IndicatorTarget, runs_its_body),
    _each("correct", FROZEN, runs_its_body),
    _each("release withdraw", PUBLIC_QUARTER, runs_its_body),
    _each("add change", Incident, runs_a_body),
    _each("add change", TargetGroup, runs_a_body),
    _each("add change delete", DeadlineTemplate, runs_its_body),
    _each("add change delete", REMINDER_RULE, runs_its_body),
    _each("add change delete", Closure, keeps_the_register),
    _each("add change", Organisation, keeps_the_register),
    _each("add change invite", Person, keeps_the_register),
    _each("add change", Body, keeps_the_register),
    _each("add change", BodyRules, keeps_the_register),
    _each("add change end", Seat, keeps_the_seat),
    _each("succeed", Seat, passes_the_seat_on),
    _each("add change send_link reset_second_factor", User, administers_accounts),
    _each("release withhold", Delivery, runs_a_body),
    _each("pause resume", EngineState, runs_a_body),
    _each("export", AuditEntry, runs_a_body),
    _each("sign", AuditReview, runs_a_body),
    # Opening the list of a kind of thing in the administration.
    {
        (_name(model), "browse"): runs_a_body
        for model in (
            ActionItem, AgendaItem, AuditEntry, AuditReview, CheckPoint, Commitment, Deadline, DeadlineTemplate,
            Decision, Declaration, Delivery, DocumentForm, EngineState, EscalationRule, Incident, Meeting, Minutes,
            MinutesComment, Notice, OfficialDocument, Opinion, Paper, Participation, Pillar, ProgressUpdate,
            Publication, Recording, RecordsOpinion, RecordsRequest, ReleaseRequest, REMINDER_RULE, FROZEN,
            PUBLIC_QUARTER, Report, ReportingRound, IndicatorTarget, StandingItem, TargetGroup,
        )
    },
    {(_name(model), "browse"): keeps_the_register for model in (Body, BodyRules, Closure, Organisation, Person, Seat)},
    {(_name(User), "browse"): administers_accounts},
)  # fmt: skip


def allowed(who: Standing, action: str, target: models.Model | type[models.Model]) -> bool:
    """Whether the table allows it, for a row already known to be visible or for a new row of a model."""
    if isinstance(target, type):
        return allowed_for(who, action, target, None)
    return allowed_for(who, action, type(target), target)


def allowed_for(who: Standing, action: str, model: type[models.Model], row: models.Model | None) -> bool:
    """The same for a model with the row it is asked about, which may be the parent the new row will belong to.

    Who looks through somebody else's eyes may do nothing.
    """
    predicate = TABLE.get((_name(model), action))
    return who.through is None and predicate is not None and predicate(who, row)


def can(
    who: Actor | Standing, action: str, target: models.Model | type[models.Model], *, on: date | None = None
) -> bool:
    """May they do this to that? ``target`` is a stored row, or a model for "make a new one"; "view" is being visible.

    What has no entry in the table is not allowed.
    """
    known = who if isinstance(who, Standing) else standing(who, on=on)
    if not isinstance(target, type):
        rows = type(target)._default_manager.filter(pk=target.pk)
        if not visible_to(known, rows).exists():
            return False
        if action == "view":
            return True
    return allowed(known, action, target)
