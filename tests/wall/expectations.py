"""To whom which page opens and who may do what there, in the domain's words. Asks no code of the product.

Not visible: 404. Visible but not allowed: 403. Nobody signed in: to the sign-in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.wall.actors import Who
from tests.wall.addresses import Route
from tests.wall.oracle import Oracle

SIGN_IN = {302}
REFUSED, GONE, NO_SUCH_METHOD = {403}, {404}, {405}
SHOWN = {200}
# What was sent is taken (and one is sent on), or shown again with what is wrong with it.
TAKEN = {200, 302, 422}

type May = Callable[[Oracle, Who, Any], bool]


@dataclass(frozen=True)
class Page:
    """A page of the portal: who, of those who see its row, may use it; and what it can be asked."""

    may: May | None = None
    may_send: May | None = None
    shows: bool = True
    takes: bool = False
    # Sends the number of a row that it names itself; without one there is none.
    chooses: bool = False
    # Who may look, where that is less than may use it.
    may_look: May | None = None
    # What looking at it gets.
    shown: frozenset[int] = frozenset({200})

    def expected(self, world: Oracle, who: Who, row: Any, method: str) -> set[int]:
        if not who.signed_in:
            return SIGN_IN
        if row is not None and not world.sees(who, row):
            return GONE
        if self.chooses and method not in {"GET", "POST"}:
            return NO_SUCH_METHOD
        if self.may and not self.may(world, who, row):
            return REFUSED
        if method == "POST" and self.may_send and not self.may_send(world, who, row):
            return REFUSED
        if method == "GET" and self.may_look and not self.may_look(world, who, row):
            return REFUSED
        if method == "GET" and self.shows:
            return set(self.shown)
        if method == "POST" and self.chooses:
            return GONE
        return TAKEN if method == "POST" and self.takes else NO_SUCH_METHOD


def speaks_for_the_owner(world: Oracle, who: Who, row: Any) -> bool:
    """The owner's liaison on that body; for what is the ministry's own, its secretary."""
    row = row if hasattr(row, "action") or hasattr(row, "owner_id") else row.update
    if hasattr(row, "percent") and not world.owns(who, row.organisation_id):
        return False
    action = row if hasattr(row, "owner_id") else row.action
    return world.owns(who, action.owner_id) and world.body(action) in who.bodies("liaison") | who.runs


def reports_for_it(world: Oracle, who: Who, row: Any) -> bool:
    """The organisation's liaison; for what is the ministry's own, its secretary."""
    report = row if hasattr(row, "commitment_id") else row.report
    return world.owns(who, report.organisation_id) and world.body(report) in who.bodies("liaison") | who.runs


def prepares_for_it(world: Oracle, who: Who, row: Any) -> bool:
    """The organisation's liaison, for the ministry's own its secretary; before a body, whosever."""
    body = row.code if type(row).__name__ == "Body" else world.body(row)
    mine = type(row).__name__ == "Body" or world.owns(who, row.organisation_id)
    return mine and body in who.bodies("liaison") | who.runs


def gives_it(world: Oracle, who: Who, row: Any) -> bool:
    if world.people.get(who.name) == row.contributor_id:
        return world.body(row) in who.bodies("contributor")
    return prepares_for_it(world, who, row)


def is_the_executive(world: Oracle, who: Who, row: Any) -> bool:
    return world.people.get(who.name) == row.approver_id and world.body(row) in who.bodies("member")


def decides_for_it(world: Oracle, who: Who, row: Any) -> bool:
    return bool(who.bodies("member"))


def judges_it(world: Oracle, who: Who, row: Any) -> bool:
    return world.body(row) in who.runs


def is_on_the_owners_side(world: Oracle, who: Who, row: Any) -> bool:
    return world.owns(who, row.owner_id) and world.body(row) in who.speaks_in | who.runs


def says_something_of_it(world: Oracle, who: Who, row: Any) -> bool:
    return is_on_the_owners_side(world, who, row) or world.body(row) in who.runs


def answers_for_the_owner(world: Oracle, who: Who, row: Any) -> bool:
    return world.owns(who, row.organisation_id) and world.body(row) in who.speaks_in


def hands_in(world: Oracle, who: Who, row: Any) -> bool:
    """Members, liaisons and the secretary of the body."""
    return world.body(row) in who.bodies("member", "liaison", "secretary")


def answers_for_member(world: Oracle, who: Who, row: Any) -> bool:
    return world.body(row) in who.bodies("member", "liaison")


def hands_in_own(world: Oracle, who: Who, row: Any) -> bool:
    return hands_in(world, who, row) and world.owns(who, row.owner_id)


def keeps_paper(world: Oracle, who: Who, row: Any) -> bool:
    return hands_in_own(world, who, row) or world.body(row) in who.runs


def stands_for(world: Oracle, who: Who, row: Any) -> bool:
    """Oneself, or the liaison for the office of a colleague."""
    near = world.people.get(who.name) == row.person_id or world.body(row) in who.bodies("liaison")
    return world.owns(who, row.organisation_id) and near


def answers(world: Oracle, who: Who, row: Any) -> bool:
    return stands_for(world, who, row) or world.body(row) in who.runs


def sends_somebody(world: Oracle, who: Who, row: Any) -> bool:
    runs = world.owns(who, row.organisation_id) and world.body(row) in who.runs
    return stands_for(world, who, row) or runs


def runs_something(world: Oracle, who: Who, row: Any) -> bool:
    return bool(who.runs)


def reads_the_file(world: Oracle, who: Who, row: Any) -> bool:
    """Everybody once it is out; before that, and of a report of the results, the secretary."""
    return (row.state == "published" and row.kind != "results") or world.body(row) in who.runs


PORTAL: dict[str, Page] = {
    "portal:desk": Page(),
    "portal:action": Page(),
    "portal:actions": Page(),
    "portal:action_report": Page(may=speaks_for_the_owner, takes=True),
    "portal:action_submit": Page(may=speaks_for_the_owner, shows=False, takes=True),
    "portal:evidence_remove": Page(may=speaks_for_the_owner, shows=False, takes=True),
    "portal:action_take_back": Page(may=speaks_for_the_owner, shows=False, takes=True),
    "portal:progress_withdraw": Page(may=speaks_for_the_owner, shows=False, takes=True),
    "portal:extension_withdraw": Page(may=speaks_for_the_owner, shows=False, takes=True),
    "portal:action_extension": Page(may=speaks_for_the_owner, takes=True),
    "portal:action_assign": Page(may=is_on_the_owners_side, takes=True),
    "portal:action_comment": Page(may=says_something_of_it, takes=True),
    "portal:commitments": Page(),
    "portal:commitment": Page(),
    "portal:meetings": Page(),
    "portal:meeting": Page(),
    "portal:room": Page(),
    "portal:meeting_calendar": Page(),
    "portal:calendar": Page(),
    "portal:search": Page(),
    "portal:subscribe": Page(takes=True),
    "portal:propose": Page(may=hands_in, takes=True),
    "portal:minutes": Page(),
    "portal:minutes_version": Page(),
    "portal:minutes_comment": Page(may=answers_for_member, takes=True),
    "portal:minutes_answer": Page(may=answers_for_member, takes=True),
    "portal:minutes_file": Page(),
    "portal:meeting_file": Page(),
    "portal:publication": Page(),
    "portal:publication_answer": Page(may=answers_for_member, takes=True),
    "portal:publication_file": Page(may_look=reads_the_file),
    "portal:records": Page(),
    "portal:records_answer": Page(may=answers_for_member, takes=True),
    "portal:decisions_file": Page(),
    "portal:actions_file": Page(),
    "portal:commitment_trace": Page(),
    "portal:commitment_trace_file": Page(),
    "portal:decision_trace": Page(),
    "portal:decision_trace_file": Page(),
    "portal:action_letter": Page(may=says_something_of_it),
    "portal:reports": Page(),
    "portal:round": Page(),
    "portal:round_paper": Page(),
    "portal:report": Page(),
    "portal:report_write": Page(may=reports_for_it, takes=True),
    "portal:report_judge": Page(may=judges_it, takes=True),
    "portal:report_withdraw": Page(may=reports_for_it, shows=False, takes=True),
    "portal:report_discard": Page(may=reports_for_it, shows=False, takes=True),
    "portal:report_evidence_remove": Page(may=reports_for_it, shows=False, takes=True),
    "portal:tokens": Page(takes=True),
    "portal:token_revoke": Page(shows=False, takes=True),
    "portal:prepare": Page(),
    "portal:parts_ask": Page(may=prepares_for_it, takes=True),
    "portal:parts_import": Page(may=prepares_for_it, takes=True),
    "portal:clearance_ask": Page(may=prepares_for_it, takes=True),
    "portal:batch_submit": Page(may=prepares_for_it, takes=True),
    "portal:clearance_rule": Page(shows=False, takes=True, may_send=decides_for_it),
    "portal:contribution": Page(),
    "portal:contribution_give": Page(may=gives_it, takes=True),
    "portal:contribution_take": Page(may=prepares_for_it, shows=False, takes=True),
    "portal:contribution_recall": Page(may=prepares_for_it, shows=False, takes=True),
    "portal:parts_sheet": Page(),
    "portal:clearance": Page(),
    "portal:clearance_answer": Page(may=is_the_executive, takes=True),
    "portal:clearance_withdraw": Page(
        may=lambda world, who, row: prepares_for_it(world, who, row) or is_the_executive(world, who, row),
        shows=False,
        takes=True,
    ),
    "portal:scorecards": Page(),
    "portal:scorecard": Page(),
    # Its own organisation's and the secretary's; the proof asks for SKT's.
    "portal:public_quarter": Page(),
    "portal:scorecard_file": Page(shown=frozenset({200, 404})),
    "portal:pillar_brief": Page(shown=frozenset({200, 404})),
    "portal:scorecard_party_file": Page(shown=frozenset({200, 404})),
    "portal:scorecard_party": Page(shown=frozenset({200, 404})),
    "portal:action_trace": Page(),
    "portal:action_trace_file": Page(),
    "portal:verify": Page(takes=True),
    "portal:decisions": Page(),
    "portal:decision": Page(),
    "portal:pack": Page(takes=True),
    "portal:pack_file": Page(shown=frozenset({200, 302, 404})),
    "portal:agenda_item": Page(),
    "portal:agenda_revise": Page(may=hands_in_own, takes=True),
    "portal:agenda_take_back": Page(may=hands_in_own, takes=True),
    "portal:paper_add": Page(may=hands_in, takes=True),
    "portal:paper_supersede": Page(may=keeps_paper, takes=True),
    "portal:paper_withdraw": Page(may=keeps_paper, takes=True),
    "portal:participation_answer": Page(may=answers, takes=True),
    "portal:delegate": Page(may=sends_somebody, takes=True),
    "portal:delegate_withdraw": Page(may=sends_somebody, takes=True),
    "portal:file": Page(),
    "portal:readers": Page(),
    "portal:release": Page(takes=True, may_send=answers_for_the_owner),
    "portal:view_as": Page(may=runs_something, chooses=True),
    "portal:view_as_end": Page(shows=False, takes=True),
}
# Open to anybody or about one's own account; each has tests of its own in tests/web. Here: never a fault, nothing of
# the council's changed, no canary.
ABOUT_ONESELF = {
    "admin_login", "set_language", "livez", "readyz", "access_forgotten", "access_link", "account_login",
    "account_logout", "account_change_password", "account_reauthenticate", "mfa_authenticate", "mfa_login_webauthn",
    "mfa_activate_totp", "mfa_add_webauthn", "mfa_deactivate_totp", "mfa_edit_webauthn", "mfa_generate_recovery_codes",
    "mfa_index", "mfa_list_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn",
    "mfa_view_recovery_codes", "session_clock", "usersessions_list", "portal:feed", "public:start",
    "public:schema", "public:csv", "public:json", "public:bodies", "public:progress", "public:quarter",
}  # fmt: skip

# --- The administration ---------------------------------------------------------------------------------------------

REGISTER = {"Body", "BodyRules", "Closure", "Organisation", "Person", "Seat"}
ONLY_READ = {
    "AuditEntry", "AuditReview", "Decision", "Delivery", "EngineState", "Minutes", "MinutesComment", "Notice",
    "OfficialDocument", "Recording",
    "Opinion", "ProgressUpdate", "Publication", "PublicQuarter", "RecordsOpinion", "ReleaseRequest", "Report",
    "FrozenScorecard",
}  # fmt: skip
# What belongs to no one body; any secretary keeps it.
SHARED = {"Incident", "TargetGroup"}
CAN_BE_REMOVED = {
    "CheckPoint",
    "EscalationRule",
    "IndicatorTarget",
    "Closure",
    "DeadlineTemplate",
    "ReminderRule",
    "StandingItem",
}
# Entered once: what was asked for stays as it came.
NOT_CHANGED = {"RecordsRequest", "DocumentForm", "ReportingRound"}
# Made elsewhere: an invitation on the meeting's page, a paper on the item's.
NOT_ADDED = {"Paper", "Participation"}
LABELS = {"release", "tighten", "disclose", "name_readers"}
VERBS = {
    "ActionItem": {
        "verify",
        "return",
        "cancel",
        "enter",
        "comment",
        "grant_extension",
        "refuse_extension",
        "stop_escalation",
        *LABELS,
    },
    "AgendaItem": {
        "accept",
        "return",
        "merge",
        "check_competition",
        "raise",
        "reconfirm",
        "withdraw",
        *LABELS,
    },
    "Decision": {"reword", "withdraw", "need_no_action", "share", "follow_up", *LABELS} - {"name_readers"},
    "Delivery": {"release", "withhold"},
    "EngineState": {"pause", "resume"},
    "Meeting": {"convene", "begin", "close", "cancel", "fix_agenda", "carry_over", "refer"},
    "Minutes": {
        "circulate",
        "revise",
        "approve",
        "register",
        "prepare_public",
        "draft_results",
        "draft_press",
        "add_recording",
        *LABELS,
    }
    - {"name_readers"},
    "Opinion": {"follow", "decline"},
    "OfficialDocument": {"withdraw"},
    "Recording": {"withdraw"},
    "DocumentForm": {"put_aside"},
    "RecordsOpinion": {"follow", "decline"},
    "RecordsRequest": {
        "collect",
        "ask",
        "settle",
        "reconsider",
        "make_archive",
        "hand_over",
        "close",
        "hold",
        "lift_hold",
    },
    "Publication": {"rewrite", "ask", "publish", "withdraw"},
    "MinutesComment": {"accept", "decline"},
    "Paper": {"withdraw", *LABELS},
    "Participation": {"confirm_delegate", "refuse_delegate", "withdraw"},
    "Person": {"invite"},
    "ProgressUpdate": LABELS - {"name_readers"},
    "ReleaseRequest": {"take_back"},
    "Seat": {"end", "succeed"},
    "Commitment": {"adopt", "fulfil", "withdraw", "resume"},
    "ReportingRound": {"plan_again", "close", "freeze", "share", "show_public"},
    "PublicQuarter": {"release", "withdraw"},
    "Report": {"accept", "return", "ask_correction", "reopen", "enter", *LABELS} - {"name_readers"},
    "FrozenScorecard": {"correct"},
    "User": {"send_link", "reset_second_factor"},
}
# Pages of the administration that are about no row: open to whoever may enter it.
OF_THE_SITE = {
    "admin:index": SHOWN,
    "admin:logout": {302, 405, 200},
    "admin:password_change": {302},  # to the page of one's own account
    "admin:password_change_done": {200, 405},
    "admin:autocomplete": {403, 405},
    "admin:jsi18n": {200, 405},
    "admin:view_on_site": GONE,
    "admin:app_list": {200, 404},
}


# The record's own pages: what a look and what something sent to them gets.
OF_THE_RECORD = {"export": ({200, 405}, TAKEN), "month": (SHOWN, TAKEN)}


def keeps(who: Who, kind: str) -> bool:
    """Whether somebody finds this kind of thing in the administration at all."""
    if kind == "User":
        return who.is_superuser
    return bool(who.runs) or (kind in REGISTER and who.is_superuser)


def may_change(world: Oracle, who: Who, row: Any) -> bool:
    """Things of a body by its own secretary, while they are not settled."""
    kind = type(row).__name__
    if kind in ONLY_READ | NOT_CHANGED or not keeps(who, kind):
        return False
    if getattr(row, "state", "") in {"ActionItem": {"verified", "cancelled"}}.get(kind, set()):
        return False
    if kind == "Meeting" and row.state not in {"draft", "open"}:
        return False
    if kind == "Participation" and row.meeting.state not in {"draft", "open"}:
        return False
    if kind == "Paper" and row.withdrawn_because:
        return False
    if kind == "Seat":
        return may_keep_seat(world, who, row)
    return kind in REGISTER | SHARED | {"User"} or world.body(row) in who.runs


def may_keep_seat(world: Oracle, who: Who, row: Any) -> bool:
    """The secretary of its body and the administrator of accounts, but nobody one of their own."""
    return world.people.get(who.name) != row.person_id and (who.is_superuser or world.body(row) in who.runs)


def may_do(world: Oracle, who: Who, row: Any) -> bool:
    kind = type(row).__name__
    if kind == "Seat":
        return may_keep_seat(world, who, row)
    return keeps(who, kind) and (kind in REGISTER | {"Delivery", "EngineState", "User"} or world.body(row) in who.runs)


def administration(world: Oracle, who: Who, route: Route, row: Any, method: str, values: dict[str, Any]) -> set[int]:
    """What a page of the administration answers. It reads every method but POST as GET, and changes nothing by it."""
    if not who.is_staff:
        return SIGN_IN
    if route.model_admin is None:
        return GONE if route.name.endswith(">") else _of_the_site(route)
    kind, post = route.model_admin.model.__name__, method == "POST"
    match route.page:
        case "changelist":
            return SHOWN if keeps(who, kind) else REFUSED
        case "add":
            may = keeps(who, kind) and kind not in ONLY_READ | NOT_ADDED
            return (TAKEN if post else SHOWN) if may else REFUSED
        case "history":
            return _change(world, who, row, kind, post=False)
        case "delete":
            return _removal(world, who, row, kind, post)
        case "do":
            return _verb(world, who, row, kind, values["verb"], post)
        case "change":
            return _change(world, who, row, kind, post)
        case "attendance" | "agenda" | "room" | "minutes" | "passages" | "pieces" | "sheet":
            return _run_by_its_own(world, who, route, row, post)
    return _other(who, route, post, values)


def _run_by_its_own(world: Oracle, who: Who, route: Route, row: Any, post: bool) -> set[int]:
    """Pages on which its own secretary runs it; in the room something is said about an item, or there is none."""
    if route.page == "attendance" and not who.runs:
        return REFUSED
    if not world.sees(who, row):
        return GONE
    if world.body(row) not in who.runs:
        return REFUSED
    nothing_sent = {"room": GONE, "minutes": TAKEN | GONE, "sheet": SHOWN}
    return nothing_sent.get(route.page, TAKEN) if post else SHOWN


def _other(who: Who, route: Route, post: bool, values: dict[str, Any]) -> set[int]:
    """Setting a password is the accounts' administrator's; a bare number leads on to the row's page, whatever it is."""
    if route.name.endswith("password_change"):
        return SHOWN if who.is_superuser else REFUSED
    if route.name.endswith(">"):
        return {302}
    if route.page == "several" and values["verb"] not in getattr(route.model_admin, "on_several", ()):
        return GONE
    if route.page == "several":  # of no rows: back to the list
        return {302} if who.runs else REFUSED
    if route.page == "import":
        return ({422} if post else SHOWN) if who.runs else REFUSED
    if route.name.endswith("_import_form"):
        return SHOWN if who.runs else REFUSED
    if route.page in {"plan", "call"}:
        return (TAKEN if post else SHOWN) if who.runs else REFUSED
    if route.page in {"calendar", "record"}:
        return SHOWN if who.runs else REFUSED
    if route.page in {"export", "month"}:
        return OF_THE_RECORD[route.page][post] if who.runs else REFUSED
    raise Unsaid(route)


def _of_the_site(route: Route) -> set[int]:
    if route.name not in OF_THE_SITE:
        raise Unsaid(route)
    return OF_THE_SITE[route.name]


def _change(world: Oracle, who: Who, row: Any, kind: str, post: bool) -> set[int]:
    if not keeps(who, kind):
        return REFUSED
    if not world.sees(who, row):
        return GONE
    if post:
        return TAKEN if may_change(world, who, row) else REFUSED
    return SHOWN


def _removal(world: Oracle, who: Who, row: Any, kind: str, post: bool) -> set[int]:
    if not keeps(who, kind):
        return REFUSED
    if not world.sees(who, row):
        return GONE
    if kind not in CAN_BE_REMOVED:
        return REFUSED
    return (TAKEN if post else SHOWN) if may_change(world, who, row) else REFUSED


def _verb(world: Oracle, who: Who, row: Any, kind: str, verb: str, post: bool) -> set[int]:
    if verb not in VERBS.get(kind, set()) or not world.sees(who, row) or (kind == "User" and not who.is_superuser):
        return GONE
    if not may_do(world, who, row):
        return REFUSED
    return TAKEN if post else SHOWN


class Unsaid(AssertionError):
    def __init__(self, route: Route) -> None:
        super().__init__(
            f"tests/wall does not know to whom {route.name} ({route.template}) opens. Say it, in the domain's words, "
            f"in tests/wall/expectations.py: PORTAL for a page of ours, VERBS and the tables below it for the "
            f"administration, ABOUT_ONESELF for what concerns only the visitor's own account."
        )


def expected(world: Oracle, who: Who, route: Route, row: Any, method: str, values: dict[str, Any]) -> set[int] | None:
    """The answers that are right; None where any will do that is no fault."""
    if route.name in ABOUT_ONESELF:
        return None
    if route.template.startswith("/admin/"):
        return administration(world, who, route, row, method, values)
    if route.name not in PORTAL:
        raise Unsaid(route)
    return PORTAL[route.name].expected(world, who, row, method)
