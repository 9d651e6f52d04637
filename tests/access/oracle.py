"""Who sees and may do what, in plain Python out of the design's words. Shares no line and no query with ``access``.

``Facts`` are the tables as plain dictionaries. A test keeps its own or reads them once; the oracle asks no database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.apps import apps
from django.utils import timezone

type Row = dict[str, Any]

# Through what a row is reached, by the column that names it.
PARENTS = {
    "report": ("reportinground", "round_id"),
    "reportdraft": ("report", "report_id"),
    "contributionfile": ("contribution", "contribution_id"),
    "clearancepiece": ("clearance", "clearance_id"),
    "reportevidence": ("report", "report_id"),
    "measurement": ("report", "report_id"),
    "submission": ("report", "report_id"),
    "judgement": ("report", "report_id"),
    "indicatortarget": ("indicator", "indicator_id"),
    "actioncomment": ("actionitem", "action_id"),
    "escalation": ("actionitem", "action_id"),
    "extensionrequest": ("actionitem", "action_id"),
    "agendaitem": ("meeting", "meeting_id"),
    "agendalink": ("actionitem", "action_id"),
    "agendasection": ("meeting", "meeting_id"),
    "agendasnapshot": ("meeting", "meeting_id"),
    "briefingpack": ("meeting", "meeting_id"),
    "datechange": ("meeting", "meeting_id"),
    "itemnote": ("agendaitem", "item_id"),
    "paper": ("agendaitem", "agenda_item_id"),
    "paperreceipt": ("paperversion", "version_id"),
    "paperversion": ("paper", "paper_id"),
    "participation": ("meeting", "meeting_id"),
    "minutes": ("meeting", "meeting_id"),
    "minutesrevision": ("minutes", "minutes_id"),
    "minutessection": ("minutesrevision", "revision_id"),
    "remark": ("minutessection", "section_id"),
    "minutescomment": ("minutesrevision", "revision_id"),
    "confirmation": ("minutesrevision", "revision_id"),
    "issueddocument": ("minutesrevision", "revision_id"),
    "publication": ("minutesrevision", "revision_id"),
    "recording": ("minutes", "minutes_id"),
    "officialdocument": ("meeting", "meeting_id"),
    "opinion": ("publication", "publication_id"),
    "redaction": ("publication", "publication_id"),
    "recordsopinion": ("recordsrequest", "request_id"),
    "recordspiece": ("recordsrequest", "request_id"),
    "commitment": ("declaration", "declaration_id"),
    "commitmentowner": ("commitment", "commitment_id"),
    "deadline": ("meeting", "meeting_id"),
    "evidence": ("progressupdate", "update_id"),
    "indicator": ("commitment", "commitment_id"),
    "milestone": ("commitment", "commitment_id"),
    "pillar": ("declaration", "declaration_id"),
    "progressupdate": ("actionitem", "action_id"),
    "signatory": ("declaration", "declaration_id"),
    "verification": ("actionitem", "action_id"),
}
# Who may do what: a kind of thing, the verbs, and to whom they are given.
MAY = """
actionitem        add change verify return cancel                          its secretariat
actionitem        enter grant_extension refuse_extension stop_escalation   its secretariat
actionitem        report submit take_back request_extension                liaisons of its owner
actionitem        reassign                                                 who answers for its owner
actionitem        comment                                                  its owner's side and its secretariat
progressupdate    withdraw                                                 liaisons of its owner
extensionrequest  withdraw                                                 liaisons of its owner
checkpoint        add change delete                                        its secretariat
checkpoint        browse                                                   a secretariat
escalationrule    add change delete                                        its secretariat
escalationrule    browse                                                   a secretariat
evidence          remove                                                   liaisons of its owner
meeting           add change convene begin close cancel reorder            its secretariat
meeting           attendance arrange fix_agenda carry_over run             its secretariat
meeting           propose                                                  who hands in for it
meeting           write_minutes                                            its secretariat
minutes           circulate revise approve register                        its secretariat
minutes           release tighten disclose                                 its secretariat
minutes           prepare_public draft_results draft_press                 its secretariat
publication       rewrite redact preview ask publish withdraw              its secretariat
publication       answer                                                   who answers for a member of the body
publication       browse                                                   a secretariat
opinion           follow decline                                           its secretariat
minutes           add_recording                                            its secretariat
recording         withdraw                                                 its secretariat
recording         browse                                                   a secretariat
officialdocument  withdraw                                                 its secretariat
officialdocument  browse                                                   a secretariat
documentform      add put_aside                                            its secretariat
documentform      browse                                                   a secretariat
meeting           refer                                                    its secretariat
opinion           browse                                                   a secretariat
recordsrequest    add collect rule ask settle reconsider make_archive      its secretariat
recordsrequest    hand_over close hold lift_hold                           its secretariat
recordsrequest    browse                                                   a secretariat
recordsopinion    answer                                                   who answers for a member of the body
recordsopinion    follow decline                                           its secretariat
recordsopinion    browse                                                   a secretariat
minutesrevision   answer comment                                           who answers for a member of the body
minutescomment    accept decline                                           its secretariat
decision          reword withdraw need_no_action share follow_up           its secretariat
decision          release tighten disclose                                 its secretariat
minutes           browse                                                   a secretariat
minutescomment    browse                                                   a secretariat
decision          browse                                                   a secretariat
meeting           bind                                                     anybody
calendarfeed      give                                                     anybody
accesstoken       give revoke                                              anybody
agendaitem        add change withdraw                                      its secretariat
agendaitem        accept return merge check_competition raise reconfirm    its secretariat
agendaitem        revise take_back                                         who hands in their own
agendaitem        add_paper                                                who hands in for it
paper             supersede change take_back                               who keeps the paper
paper             withdraw release tighten name_readers disclose           its secretariat
agendasection     add change delete                                        its secretariat
standingitem      add change delete                                        its secretariat
participation     add change confirm_delegate refuse_delegate              its secretariat
participation     attend withdraw                                          its secretariat
participation     answer                                                   the invited, their liaison, its secretariat
participation     name_delegate withdraw_delegate                          the invited's own side
seat              succeed                                                  who passes the seat on
deadline          change                                                   its secretariat
declaration       add change                                               its secretariat
signatory         add change delete                                        its secretariat
pillar            add change                                               its secretariat
commitment        add change adopt fulfil withdraw resume                  its secretariat
commitmentowner   add change delete                                        its secretariat
milestone         add change delete                                        its secretariat
indicator         add change delete                                        its secretariat
deadlinetemplate  add change delete                                        its secretariat
reminderrule      add change delete                                        its secretariat
reportinground    add plan_again close freeze share show_public            its secretariat
reportinground    browse                                                   a secretariat
body              ask_parts import_parts clear submit_batch                who prepares for it
contribution      deliver                                                  who gives it
contribution      take recall                                              who prepares for it
clearance         answer                                                   the executive asked
clearance         withdraw                                                 who prepares for it and its executive
organisation      require_clearance                                        its own executives
report            write submit withdraw discard                            who reports for its organisation
reportevidence    remove                                                   who reports for its organisation
report            accept return ask_correction                             its judges
report            enter reopen release tighten disclose                    its secretariat
report            browse                                                   a secretariat
indicatortarget   add change delete                                        its secretariat
indicatortarget   browse                                                   a secretariat
frozenscorecard   correct                                                  its secretariat
frozenscorecard   browse                                                   a secretariat
publicquarter     release withdraw                                         its secretariat
publicquarter     browse                                                   a secretariat
incident          add change                                               a secretariat
targetgroup       add change                                               a secretariat
delivery          release withhold                                         a secretariat
enginestate       pause resume                                             a secretariat
closure           add change delete                                        the register
organisation      add change                                               the register
person            add change                                               the register
body              add change                                               the register
bodyrules         add change                                               the register
seat              add change end                                           who keeps the seats of its body
user              add change                                               accounts
actionitem        release tighten name_readers disclose                    its secretariat
agendaitem        release tighten name_readers disclose                    its secretariat
progressupdate    release tighten disclose                                 its secretariat
releaserequest    take_back                                                its secretariat
releaserequest    answer                                                   the owner that is asked
person            choose_view_as                                           a secretariat
person            view_as                                                  the secretariat of a body where they sit
person            invite                                                   the register
user              send_link reset_second_factor                            accounts
auditentry        export                                                   a secretariat
auditreview       browse sign                                              a secretariat
progressupdate    browse                                                   a secretariat
releaserequest    browse                                                   a secretariat
actionitem        browse                                                   a secretariat
agendaitem        browse                                                   a secretariat
auditentry        browse                                                   a secretariat
commitment        browse                                                   a secretariat
deadline          browse                                                   a secretariat
deadlinetemplate  browse                                                   a secretariat
declaration       browse                                                   a secretariat
delivery          browse                                                   a secretariat
enginestate       browse                                                   a secretariat
incident          browse                                                   a secretariat
meeting           browse                                                   a secretariat
notice            browse                                                   a secretariat
pillar            browse                                                   a secretariat
paper             browse                                                   a secretariat
participation     browse                                                   a secretariat
standingitem      browse                                                   a secretariat
reminderrule      browse                                                   a secretariat
targetgroup       browse                                                   a secretariat
body              browse                                                   the register
bodyrules         browse                                                   the register
closure           browse                                                   the register
organisation      browse                                                   the register
person            browse                                                   the register
seat              browse                                                   the register
user              browse                                                   accounts
"""


def table() -> dict[tuple[str, str], str]:
    """(kind of thing, verb) → to whom it is given."""
    lines = [line.split(maxsplit=1) for line in MAY.strip().splitlines()]
    parted = [(name, *rest.split("  ", 1)) for name, rest in lines]
    return {(name, verb): whom.strip() for name, verbs, whom in parted for verb in verbs.split()}


@dataclass
class Facts:
    """Every table as ``facts["meeting"][7]["body_id"]``, with the people a row names under ``readers``."""

    tables: dict[str, dict[int, Row]] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Facts:
        """What stands in the database now."""
        facts = cls()
        for model in apps.get_app_config("council").get_models():
            pk = model._meta.pk.attname
            facts[model._meta.model_name or ""].update({row[pk]: row for row in model._base_manager.values()})
        for name in ("actionitem", "agendaitem", "paper"):
            for row in facts[name].values():
                row["readers"] = set()
            through = apps.get_model("council", name).readers.through
            for pk, person in through.objects.values_list(f"{name}_id", "person_id"):
                facts[name][pk]["readers"].add(person)
        for row in facts["commitment"].values():
            row["reviewers"] = set()
        reviewing = apps.get_model("council", "commitment").reviewers.through
        for commitment, person in reviewing.objects.values_list("commitment_id", "person_id"):
            facts["commitment"][commitment]["reviewers"].add(person)
        for row in facts["recordspiece"].values():
            row["concerns"] = set()
        concerned = apps.get_model("council", "recordspiece").concerns.through
        for piece, organisation in concerned.objects.values_list("recordspiece", "organisation"):
            facts["recordspiece"][piece]["concerns"].add(organisation)
        return facts

    def __getitem__(self, name: str) -> dict[int, Row]:
        return self.tables.setdefault(name, {})


@dataclass
class Reader:
    """Somebody on a day, asked row by row."""

    facts: Facts
    user: int | None
    person: int | None
    day: date

    # --- What one is ------------------------------------------------------------------------------------------------

    @cached_property
    def open(self) -> bool:
        """An account that was closed stands for nobody."""
        return self.user is None or self.facts["user"][self.user]["is_active"]

    @cached_property
    def organisation(self) -> int | None:
        return self.facts["person"][self.person]["organisation_id"] if self.person and self.open else None

    @cached_property
    def of_ministry(self) -> bool:
        return bool(self.organisation and self.facts["organisation"][self.organisation]["kind"] == "ministry")

    @cached_property
    def superuser(self) -> bool:
        return bool(self.user and self.open and self.facts["user"][self.user]["is_superuser"])

    @cached_property
    def seats(self) -> set[tuple[int, str]]:
        """Begun, and not ended before the day, nor on it if it was cut short."""
        if self.person is None or not self.open:
            return set()
        return {
            (seat["body_id"], seat["role"])
            for seat in self.facts["seat"].values()
            if seat["person_id"] == self.person
            and seat["starts_on"] <= self.day
            and (
                seat["ends_on"] is None
                or self.day < seat["ends_on"]
                or (self.day == seat["ends_on"] and not seat["cut_short"])
            )
        }

    def _in_roles(self, *roles: str) -> set[int]:
        return {body for body, role in self.seats if role in roles}

    @cached_property
    def sits_on(self) -> set[int]:
        """A contributor sits at no table."""
        return {body for body, role in self.seats if role != "contributor"}

    @cached_property
    def near(self) -> set[int]:
        """Where one sits, and one step up or down from there."""
        return self._and_relatives(self.sits_on)

    @cached_property
    def runs(self) -> set[int]:
        return self._in_roles("secretary", "assistant", "head") if self.of_ministry else set()

    @cached_property
    def answers_in(self) -> set[int]:
        return self._and_relatives(self._in_roles("member", "liaison", "approver"))

    def _and_relatives(self, bodies: set[int]) -> set[int]:
        parents = {pk: body["parent_id"] for pk, body in self.facts["body"].items() if body["parent_id"]}
        up = {parents[pk] for pk in bodies if pk in parents}
        down = {pk for pk, parent in parents.items() if parent in bodies}
        return bodies | up | down

    @property
    def family(self) -> set[frozenset[int]]:
        """Each group with the body above it; of no interest to who sits nowhere."""
        pairs = {frozenset({pk, body["parent_id"]}) for pk, body in self.facts["body"].items() if body["parent_id"]}
        return pairs if self.seats else set()

    @property
    def keeps_the_register(self) -> bool:
        return bool(self.runs) or self.superuser

    # --- What one sees ----------------------------------------------------------------------------------------------

    def seen(self, name: str) -> set[int]:
        """The numbers of all rows of one kind that are seen."""
        return {pk for pk, row in self.facts[name].items() if self.sees(name, row)}

    def sees(self, name: str, row: Row) -> bool:
        return bool(SEES[name](self, row))

    def sees_parent(self, name: str, row: Row) -> bool:
        parent, column = PARENTS[name]
        return self.sees(parent, self.facts[parent][row[column]])

    def label_opens(self, row: Row, body: int, *, own: bool, named: bool = False, present: bool = False) -> bool:
        """The table of the labels, word for word."""
        match row["label"]:
            case _ if body in self.runs:
                return True
            case "TLP:RED":
                return named and body in self.near
            case "TLP:AMBER+STRICT":
                return own
            case "TLP:AMBER":
                return own or present or body in self.sits_on
            case "TLP:GREEN" | "TLP:CLEAR":
                return own or present or body in self.near
        raise AssertionError(row["label"])

    def is_named(self, row: Row) -> bool:
        """As a reader, and still with the owner or the ministry."""
        return self.person in row["readers"] and (self.of_ministry or row["owner_id"] == self.organisation)

    def action(self, row: Row) -> bool:
        body = row["body_id"]
        own = row["owner_id"] == self.organisation and body in self.answers_in
        told = not self._unborn(row) or body in self.runs or (own and self._follows_a_meeting_that_is_over(row))
        if not told:
            return False
        return self.label_opens(row, body, own=own, named=self.is_named(row))

    def _unborn(self, row: Row) -> bool:
        """Provisional, or cancelled while it was."""
        decision = self.facts["decision"].get(row["decision_id"])
        cancelled = row["state"] == "cancelled" and decision is not None and decision["in_force_at"] is None
        return row["state"] == "draft" or cancelled

    def _follows_a_meeting_that_is_over(self, row: Row) -> bool:
        if row["decision_id"] is None:
            return False
        item = self.facts["agendaitem"][self.facts["decision"][row["decision_id"]]["agenda_item_id"]]
        return bool(self.facts["meeting"][item["meeting_id"]]["state"] == "closed")

    def minutes(self, row: Row) -> bool:
        """While first written, the secretariat's; from the first version that went round, by their label."""
        body, meeting = self._body_of("minutes", row), self.facts["meeting"][row["meeting_id"]]
        versions = self._by_column("minutesrevision", "minutes_id").get(row["id"], ())
        shown = any(version["circulated_at"] or version["approved_at"] for version in versions)
        present = meeting["id"] in self.asked_without_a_seat
        opened = shown and self.label_opens(row, body, own=False, present=present)
        return self.sees("meeting", meeting) and (body in self.runs or opened)

    def version(self, row: Row) -> bool:
        runs = self._body_of("minutesrevision", row) in self.runs
        return self.sees_parent("minutesrevision", row) and (row["circulated_at"] is not None or runs)

    def remark(self, row: Row) -> bool:
        speaker = self.facts["participation"][row["speaker_id"]]
        own = speaker["organisation_id"] == self.organisation and self._speaks("remark", row)
        entitled = own or self._body_of("remark", row) in self.runs
        return self.sees_parent("remark", row) and (not row["private"] or entitled)

    def said_to_minutes(self, name: str, row: Row) -> bool:
        """Between an organisation and the secretariat."""
        own = row["organisation_id"] == self.organisation and self._speaks(name, row)
        return self.sees_parent(name, row) and (own or self._body_of(name, row) in self.runs)

    def publication(self, row: Row) -> bool:
        """The secretariat's; once they were asked, also theirs whose words it uses; once out, as far as it reaches."""
        asked = any(
            opinion["organisation_id"] == self.organisation
            for opinion in self._by_column("opinion", "publication_id").get(row["id"], ())
        )
        met = self.sees("meeting", self._meeting_of(row))
        concerned = row["asked_at"] is not None and asked and met and self._speaks("publication", row)
        return self._body_of("publication", row) in self.runs or concerned or self._is_out(row)

    def _is_out(self, row: Row) -> bool:
        """For the public, wherever one is near; a report of the results never is."""
        free = row["embargo"] is None or row["embargo"] <= timezone.now()
        near = self._meeting_of(row)["body_id"] in self.near
        return row["state"] == "published" and row["kind"] != "results" and free and near

    def _meeting_of(self, row: Row) -> Row:
        """Of what belongs to a version of the minutes."""
        minutes = self.facts["minutes"][self.facts["minutesrevision"][row["revision_id"]]["minutes_id"]]
        return self.facts["meeting"][minutes["meeting_id"]]

    def records_opinion(self, row: Row) -> bool:
        """Between the organisation that was asked and the secretariat."""
        body = self._body_of("recordsopinion", row)
        return body in self.runs or (row["organisation_id"] == self.organisation and body in self.answers_in)

    def records_piece(self, row: Row) -> bool:
        """The secretariat's; of whoever was asked, what has their words and is about something that they see."""
        body = self._body_of("recordspiece", row)
        if body in self.runs:
            return True
        asked = any(
            one["organisation_id"] == self.organisation
            for one in self._by_column("recordsopinion", "request_id").get(row["request_id"], ())
        )
        about = self.facts[row["target_type"]].get(row["target_id"])
        seen = about is not None and self.sees(row["target_type"], about)
        return asked and body in self.answers_in and self.organisation in row["concerns"] and seen

    def published_document(self, row: Row) -> bool:
        out = self._is_out(self.facts["publication"][row["publication_id"]])
        return out or self._body_of("issueddocument", row) in self.runs

    def _speaks(self, name: str, row: Row) -> bool:
        """On the body, or as one who was asked to the meeting without a seat on it."""
        parent, column = PARENTS[name]
        above = self.facts[parent][row[column]]
        if parent != "minutes":
            return self._speaks(parent, above)
        return self._body_of("minutes", above) in self.answers_in or above["meeting_id"] in self.asked_without_a_seat

    def decision(self, row: Row) -> bool:
        """Once told, by its own label, which may reach further than its meeting; not if that was of chosen people."""
        if row["body_id"] in self.runs:
            return True
        meeting = self.facts["meeting"][self.facts["agendaitem"][row["agenda_item_id"]]["meeting_id"]]
        version = self.facts["minutesrevision"][row["revision_id"]]
        told = version["circulated_at"] is not None or row["in_force_at"] is not None
        in_force = row["in_force_at"] is not None and row["withdrawn_because"] == ""
        wide = row["label"] in {"TLP:GREEN", "TLP:CLEAR"} and not meeting["by_invitation"] and in_force
        present = meeting["id"] in self.asked_without_a_seat
        opened = self.label_opens(row, row["body_id"], own=False, present=present)
        return told and opened and (wide or self.sees("meeting", meeting))

    def agenda_item(self, row: Row) -> bool:
        body = self.facts["meeting"][row["meeting_id"]]["body_id"]
        present = row["meeting_id"] in self.asked_without_a_seat
        own = row["owner_id"] == self.organisation and (body in self.answers_in or present)
        if not self.sees_parent("agendaitem", row):
            return False
        if row["state"] != "accepted" and not own and body not in self.runs:
            return False
        return self.label_opens(row, body, own=own, named=self.is_named(row), present=present)

    @cached_property
    def takes_part_in(self) -> dict[int, Row]:
        """The meetings one was asked to, or comes to in somebody's place, for the organisation one belongs to."""
        return {
            row["meeting_id"]: row
            for row in self.facts["participation"].values()
            if self.person is not None
            and self.open
            and row["withdrawn_because"] == ""
            and row["capacity"] != "guest"
            and row["organisation_id"] == self.organisation
            and (row["person_id"] == self.person or self._comes_instead(row))
            and self._seat_still_held(row)
        }

    def _seat_still_held(self, row: Row) -> bool:
        """Whoever was asked as the holder of a seat is asked as long as they hold it."""
        asked = Reader(self.facts, None, row["person_id"], self.day)
        return row["seat_on_id"] is None or any(body == row["seat_on_id"] for body, _ in asked.seats)

    def _comes_instead(self, row: Row) -> bool:
        return row["delegate_id"] == self.person and row["delegation_confirmed_at"] is not None

    @cached_property
    def asked_without_a_seat(self) -> set[int]:
        """Whoever was asked as the holder of a seat sees by the seat."""
        return {
            pk
            for pk, row in self.takes_part_in.items()
            if row["person_id"] != self.person or row["seat_on_id"] != self.facts["meeting"][pk]["body_id"]
        }

    def paper(self, row: Row) -> bool:
        item = self.facts["agendaitem"][row["agenda_item_id"]]
        body = self._body_of("paper", row)
        present = item["meeting_id"] in self.asked_without_a_seat
        own = row["owner_id"] == self.organisation and (body in self.answers_in or present)
        out = row["withdrawn_because"] == "" and (row["embargo"] is None or row["embargo"] <= timezone.now())
        if not self.sees("agendaitem", item) or not (out or own or body in self.runs):
            return False
        return self.label_opens(row, body, own=own, named=self.is_named(row), present=present)

    def participation(self, row: Row) -> bool:
        """Of one's own side and the ministry's, while asked; one's own place always, once it was announced."""
        meeting = self.facts["meeting"][row["meeting_id"]]
        ministry = self.facts["organisation"][row["organisation_id"]]["kind"] == "ministry"
        near = row["organisation_id"] == self.organisation or ministry
        listed = row["withdrawn_because"] == "" and row["capacity"] != "guest" and near
        if self.sees("meeting", meeting) and (listed or meeting["body_id"] in self.runs):
            return True
        concerned = self.person in {row["person_id"], row["delegate_id"]} and self.person is not None
        mine = self.open and concerned and row["organisation_id"] == self.organisation
        still = row["withdrawn_because"] != "" or self._seat_still_held(row)
        return mine and still and meeting["opened_at"] is not None

    def paper_version(self, row: Row) -> bool:
        """The newest; what it superseded stays with its owner and the secretariat."""
        paper = self.facts["paper"][row["paper_id"]]
        item = self.facts["agendaitem"][paper["agenda_item_id"]]
        body = self._body_of("paper", paper)
        near = body in self.answers_in or item["meeting_id"] in self.asked_without_a_seat
        newest = all(
            each["number"] <= row["number"] for each in self._by_column("paperversion", "paper_id")[paper["id"]]
        )
        own = paper["owner_id"] == self.organisation and near
        return self.paper(paper) and (newest or own or body in self.runs)

    def receipt(self, row: Row) -> bool:
        seen = self.sees_parent("paperreceipt", row)
        return seen and (self._body_of("paperreceipt", row) in self.runs or self._is_me(row["person_id"]))

    def _is_me(self, person: int | None) -> bool:
        return self.open and self.person is not None and person == self.person

    def date_change(self, row: Row) -> bool:
        """What moved before anybody was told stays with the secretariat."""
        meeting = self.facts["meeting"][row["meeting_id"]]
        told = meeting["opened_at"] is not None and row["changed_at"] >= meeting["opened_at"]
        return self.sees("meeting", meeting) and (told or meeting["body_id"] in self.runs)

    def meeting(self, row: Row) -> bool:
        told = row["state"] in {"open", "in_progress", "closed"} or (
            row["state"] == "cancelled" and row["opened_at"] is not None
        )
        seated = row["body_id"] in self.sits_on and (not row["by_invitation"] or row["id"] in self.takes_part_in)
        return row["body_id"] in self.runs or (told and (seated or row["id"] in self.asked_without_a_seat))

    def update(self, row: Row) -> bool:
        body = self.facts["actionitem"][row["action_id"]]["body_id"]
        own = row["organisation_id"] == self.organisation and body in self.answers_in | self.runs
        if not self.sees_parent("progressupdate", row):
            return False
        if row["state"] == "withdrawn":
            return own or body in self.runs
        return own if row["state"] == "draft" else self.label_opens(row, body, own=own)

    def _on_the_inside(self, row: Row) -> bool:
        """Those who answer for the organisation, of the ministry its secretariat."""
        return row["organisation_id"] == self.organisation and row["body_id"] in self.answers_in | self.runs

    def _is_asked_for_a_part(self, row: Row) -> bool:
        """While a contributor of the organisation, and as long as it is wanted or was taken."""
        mine = self._is_me(row["contributor_id"]) and row["organisation_id"] == self.organisation
        action = self.facts["actionitem"].get(row["action_id"])
        open_to_it = row["state"] != "recalled" and (action is None or action["label"] != "TLP:RED")
        return mine and open_to_it and row["body_id"] in self._in_roles("contributor")

    def contribution(self, row: Row) -> bool:
        action = self.facts["actionitem"].get(row["action_id"])
        inside = self._on_the_inside(row) and (action is None or self.sees("actionitem", action))
        return self._is_asked_for_a_part(row) or inside

    def clearance_piece(self, row: Row) -> bool:
        """Before the executive; of the others, who sees what it is about."""
        clearance = self.facts["clearance"][row["clearance_id"]]
        about = self.facts[row["target_type"]].get(row["target_id"])
        seen = about is not None and self.sees(row["target_type"], about)
        return self._on_the_inside(clearance) and (self._is_me(clearance["approver_id"]) or seen)

    def commitment(self, row: Row) -> bool:
        """Near the table, and in a department to which it was given."""
        asked = any(
            row["id"] == self._commitment_of(part)
            for part in self.facts["contribution"].values()
            if self._is_asked_for_a_part(part)
        )
        return asked or self.sees_parent("commitment", row)

    def _commitment_of(self, part: Row) -> int | None:
        about = self.facts["report"].get(part["report_id"]) or self.facts["actionitem"].get(part["action_id"])
        return about["commitment_id"] if about else None

    def _inside_letter(self, notices: list[Row]) -> bool:
        kinds = {"contribution_asked", "contribution_delivered", "clearance_asked", "clearance_answered"}
        return any(notice["kind"] in kinds for notice in notices)

    def notice(self, row: Row) -> bool:
        return self._is_me(row["recipient_id"]) or (bool(self.runs) and not self._inside_letter([row]))

    def letter(self, row: Row) -> bool:
        told = self._by_column("notice", "delivery_id").get(row["id"], [])
        return self._is_me(row["recipient_id"]) or (bool(self.runs) and not self._inside_letter(told))

    def attempt(self, row: Row) -> bool:
        return bool(self.runs) and self.letter(self.facts["delivery"][row["delivery_id"]])

    def file(self, row: Row) -> bool:
        parts = self._by_column("contributionfile", "file_id").get(row["id"], ())
        if any(self.sees("contributionfile", one) for one in parts):
            return True
        if any(map(self._on_the_inside, self._by_column("clearance", "signed_id").get(row["id"], ()))):
            return True
        evidence = self._evidence_of.get(row["id"])
        if evidence is not None and self.sees("evidence", evidence):
            return True
        if any(map(self.report_evidence, self._by_column("reportevidence", "file_id").get(row["id"], ()))):
            return True
        documents = self._by_column("issueddocument", "file_id").get(row["id"], ())
        if any(self.sees("issueddocument", one) for one in documents):
            return True
        beside = [(name, self._by_column(name, "file_id").get(row["id"], ())) for name in ("recording", "documentform")]
        if any(self.sees(name, one) for name, rows in beside for one in rows):
            return True
        pieces = self._by_column("recordspiece", "part_id").get(row["id"], ())
        archives = self._by_column("recordsrequest", "archive_id").get(row["id"], ())
        if any(map(self.records_piece, pieces)) or any(one["body_id"] in self.runs for one in archives):
            return True
        versions = self._by_column("paperversion", "file_id").get(row["id"], ())
        letters = self._by_column("participation", "delegation_letter_id").get(row["id"], ())
        return any(self.sees("paperversion", version) for version in versions) or any(
            self.participation(place)
            and (place["organisation_id"] == self.organisation or self._body_of("participation", place) in self.runs)
            for place in letters
        )

    def _by_column(self, name: str, column: str) -> dict[int, list[Row]]:
        """Rows by the number in one of their columns, looked up once."""
        found = self._columns.get((name, column))
        if found is None:
            found = self._columns[name, column] = {}
            for row in self.facts[name].values():
                found.setdefault(row[column], []).append(row)
        return found

    @cached_property
    def _columns(self) -> dict[tuple[str, str], dict[int, list[Row]]]:
        return {}

    @cached_property
    def _evidence_of(self) -> dict[int, Row]:
        return {row["file_id"]: row for row in self.facts["evidence"].values() if row["file_id"]}

    def evidence(self, row: Row) -> bool:
        """On a report that is seen, and never anybody's but its owner's and the ministry's."""
        update = self.facts["progressupdate"][row["update_id"]]
        body = self.facts["actionitem"][update["action_id"]]["body_id"]
        own = update["organisation_id"] == self.organisation and body in self.answers_in
        return self.sees("progressupdate", update) and (own or body in self.runs)

    def figures(self, row: Row) -> bool:
        """Of a keenly contested commitment: its owners' and its secretariat's."""
        commitment = self.facts["commitment"][row["commitment_id"]]
        body = self.facts["declaration"][commitment["declaration_id"]]["body_id"]
        owners = {
            part["organisation_id"] for part in self.facts["commitmentowner"].values()
            if part["commitment_id"] == commitment["id"]
        }  # fmt: skip
        concerned = self.organisation in owners or body in self.runs
        return self.sees("commitment", commitment) and (commitment["sensitivity"] != "high" or concerned)

    def verification(self, row: Row) -> bool:
        """The ministry's answer to the owner, which others who see the item do not read."""
        action = self.facts["actionitem"][row["action_id"]]
        own = action["owner_id"] == self.organisation and action["body_id"] in self.answers_in
        return self.sees("actionitem", action) and (own or action["body_id"] in self.runs)

    # --- Reports ----------------------------------------------------------------------------------------------------

    def _round_body(self, report: Row) -> int:
        return int(self.facts["reportinground"][report["round_id"]]["body_id"])

    def _judges(self, report: Row) -> bool:
        """A reviewer to whom the commitment was given, and nobody of a carrier."""
        if self.person is None or not self.open or self.organisation is None:
            return False
        given = self.person in self.facts["commitment"][report["commitment_id"]]["reviewers"]
        carrier = self.facts["organisation"][self.organisation]["kind"] == "carrier"
        return given and not carrier and self._round_body(report) in self._in_roles("reviewer")

    def _concerned(self, report: Row) -> bool:
        body = self._round_body(report)
        own = report["organisation_id"] == self.organisation and body in self.answers_in
        return body in self.runs or (report["label"] != "TLP:RED" and (own or self._judges(report)))

    def report(self, row: Row) -> bool:
        """Between its owner, the ministry and its judge; accepted, as far as its label reaches."""
        shared = row["state"] == "accepted" and self.label_opens(row, self._round_body(row), own=False)
        return self._concerned(row) or shared

    def of_a_report(self, row: Row) -> bool:
        return self._concerned(self.facts["report"][row["report_id"]])

    def drafted(self, row: Row) -> bool:
        report = self.facts["report"][row["report_id"]]
        mine = report["organisation_id"] == self.organisation
        return mine and self._round_body(report) in self.answers_in | self.runs

    def report_evidence(self, row: Row) -> bool:
        return self.drafted(row) if row["submission_id"] is None else self.of_a_report(row)

    def indicator_target(self, row: Row) -> bool:
        indicator = self.facts["indicator"][row["indicator_id"]]
        body = self._body_of("indicatortarget", row)
        own = row["organisation_id"] == self.organisation and body in self.answers_in
        return self.figures(indicator) and (own or body in self.runs)

    def _reports_for_it(self, name: str, row: Row) -> bool:
        report = self.facts["report"][row["report_id"]] if name == "reportevidence" else row
        mine = report["organisation_id"] == self.organisation
        return mine and self._round_body(report) in self._in_roles("liaison") | self.runs

    def _prepares(self, name: str, row: Row) -> bool:
        """A liaison on the body; of what is an organisation's, of that one."""
        mine = name == "body" or row["organisation_id"] == self.organisation
        return mine and (row["id"] if name == "body" else row["body_id"]) in self._in_roles("liaison") | self.runs

    def release(self, row: Row) -> bool:
        """Between the secretariat and the owner's people, of whom only those who see what it is about."""
        about = self.facts[row["target_type"]].get(row["target_id"])
        asked = row["body_id"] in self.runs or self._is_asked(row)
        return asked and about is not None and self.sees(row["target_type"], about)

    def colleague(self, row: Row) -> bool:
        """Own colleagues and the ministry's people; the register's keepers see everybody."""
        kind = self.facts["organisation"][row["organisation_id"]]["kind"]
        near = row["organisation_id"] == self.organisation or kind == "ministry"
        return self.keeps_the_register or (bool(self.sits_on) and near)

    def entry(self, row: Row) -> bool:
        mine = row["body_id"] in {None, *self.runs} or row["target_type"] in {"seat", "bodyrules"}
        return mine and self._counts(row)

    def counted(self) -> set[int]:
        """The entries that the monthly figures are made of: of all bodies, but of nobody else's drafts."""
        return {pk for pk, row in self.facts["auditentry"].items() if self._counts(row)}

    def _counts(self, row: Row) -> bool:
        return bool(self.runs) and (row["organisation_id"] == self.organisation or not self._about_a_draft(row))

    def _about_a_draft(self, row: Row) -> bool:
        drafting = {
            "progress.drafted", "progress.evidence_removed", "report.begun", "report.drafted", "report.not_begun",
            "report.draft_discarded", "report.evidence_removed", "organisation.clearance_required",
            "organisation.clearance_not_required", "contributions.imported", "require_clearance", "ask_parts",
            "import_parts", "clear", "submit_batch",
        }  # fmt: skip
        inside = {"reportdraft", "contribution", "contributionfile", "clearance", "clearancepiece"}
        if row["verb"] in drafting or row["target_type"] in inside:
            return True
        handed_in = self._handed_in.get(row["target_type"])
        return handed_in is not None and row["target_id"] not in handed_in

    @cached_property
    def _handed_in(self) -> dict[str, set[str]]:
        """The numbers of what is no draft, of the evidence on it and of its files, as the audit writes them."""
        updates = {pk for pk, update in self.facts["progressupdate"].items() if update["state"] != "draft"}
        evidence = {pk: row for pk, row in self.facts["evidence"].items() if row["update_id"] in updates}
        of_reports = {pk: row for pk, row in self.facts["reportevidence"].items() if row["submission_id"]}
        files = {row["file_id"] for row in [*evidence.values(), *of_reports.values()]}
        named = {
            "progressupdate": updates, "evidence": set(evidence), "reportevidence": set(of_reports),
            "storedfile": files,
        }  # fmt: skip
        return {name: set(map(str, numbers)) for name, numbers in named.items()}

    # --- What one may do --------------------------------------------------------------------------------------------

    def may(self, name: str, verb: str, row: Row | None) -> bool:
        """To a row that is seen, or to make a new one (None)."""
        whom = TABLE.get((name, verb))
        if whom in TO_ALL_ALIKE:
            return TO_ALL_ALIKE[whom](self)
        if whom == "its secretariat":
            return bool(self.runs) if row is None else self._body_of(name, row) in self.runs
        if whom == "who keeps the seats of its body":
            return self._keeps_seat(row)
        if whom == "who passes the seat on":
            return self._hands_over(row) or self._keeps_seat(row)
        return row is not None and whom is not None and OF_A_ROW[whom](self, name, row)

    def _hands_over(self, row: Row | None) -> bool:
        """An assistant the own seat."""
        own = row is not None and row["person_id"] == self.person and row["role"] == "assistant"
        return own and row is not None and row["body_id"] in self.runs

    def _keeps_seat(self, row: Row | None) -> bool:
        keeps = row is None or self.superuser or row["body_id"] in self.runs
        return self.keeps_the_register and keeps and (row is None or row["person_id"] != self.person)

    def _hands_in(self, name: str, row: Row) -> bool:
        roles = ("member", "liaison", "approver", "secretary", "assistant", "head")
        return self._body_of(name, row) in self._in_roles(*roles)

    def _stands_for(self, row: Row) -> bool:
        """Oneself, or as a liaison for the office of somebody of the same organisation."""
        liaison = self._body_of("participation", row) in self._in_roles("liaison")
        asked = row["withdrawn_because"] == "" and row["organisation_id"] == self.organisation
        return asked and (self._is_me(row["person_id"]) or liaison)

    def _hands_in_own(self, name: str, row: Row) -> bool:
        return self._hands_in(name, row) and row["owner_id"] == self.organisation

    def _answers_for_member(self, name: str, row: Row) -> bool:
        return self._body_of(name, row) in self._in_roles("member", "liaison", "approver")

    def _keeps_paper(self, name: str, row: Row) -> bool:
        return self._hands_in_own(name, row) or self._body_of(name, row) in self.runs

    def _answers_invitation(self, name: str, row: Row) -> bool:
        return self._stands_for(row) or self._body_of(name, row) in self.runs

    def _own_side(self, name: str, row: Row) -> bool:
        return row["organisation_id"] == self.organisation and self._answers_invitation(name, row)

    def _answers_for_owner(self, name: str, row: Row) -> bool:
        if name == "evidence":
            name, row = "progressupdate", self.facts["progressupdate"][row["update_id"]]
        if name == "progressupdate" and row["organisation_id"] != self.organisation:
            return False
        if name != "actionitem":
            row = self.facts["actionitem"][row["action_id"]]
        return row["owner_id"] == self.organisation and row["body_id"] in self._in_roles("liaison") | self.runs

    def _for_the_owner(self, row: Row) -> bool:
        return row["owner_id"] == self.organisation and row["body_id"] in self.answers_in | self.runs

    def _is_asked(self, row: Row) -> bool:
        return row["organisation_id"] == self.organisation and row["body_id"] in self.answers_in

    def _runs_where_sits(self, person: int) -> bool:
        return bool(self.runs & Reader(self.facts, None, person, self.day).sits_on)

    def _body_of(self, name: str, row: Row) -> int:
        if "body_id" in row:
            return int(row["body_id"])
        parent, column = PARENTS[name]
        return self._body_of(parent, self.facts[parent][row[column]])


def _through_parent(name: str) -> Callable[[Reader, Row], bool]:
    return lambda who, row: who.sees_parent(name, row)


TABLE = table()
TO_ALL_ALIKE: dict[str | None, Callable[[Reader], bool]] = {
    "a secretariat": lambda who: bool(who.runs),
    "the register": lambda who: who.keeps_the_register,
    "accounts": lambda who: who.superuser,
    "anybody": lambda who: who.open and who.person is not None,
}
OF_A_ROW: dict[str, Callable[[Reader, str, Row], bool]] = {
    "liaisons of its owner": Reader._answers_for_owner,
    "who reports for its organisation": Reader._reports_for_it,
    "who prepares for it": lambda who, name, row: who._prepares(name, row),
    "who gives it": lambda who, name, row: (
        row["body_id"] in who._in_roles("contributor")
        if who._is_me(row["contributor_id"])
        else who._prepares(name, row)
    ),
    "who prepares for it and its executive": lambda who, name, row: (
        who._prepares(name, row)
        or (who._is_me(row["approver_id"]) and row["body_id"] in who._in_roles("approver", "member"))
    ),
    "the executive asked": lambda who, name, row: (
        who._is_me(row["approver_id"]) and row["body_id"] in who._in_roles("approver", "member")
    ),
    "its own executives": lambda who, name, row: (
        row["id"] == who.organisation and bool(who._in_roles("approver", "member"))
    ),
    "its judges": lambda who, name, row: who._body_of(name, row) in who.runs or who._judges(row),
    "who answers for its owner": lambda who, name, row: who._for_the_owner(row),
    "its owner's side and its secretariat": lambda who, name, row: (
        who._for_the_owner(row) or row["body_id"] in who.runs
    ),
    "who hands in for it": Reader._hands_in,
    "who hands in their own": Reader._hands_in_own,
    "who answers for a member of the body": Reader._answers_for_member,
    "who keeps the paper": Reader._keeps_paper,
    "the invited, their liaison, its secretariat": Reader._answers_invitation,
    "the invited's own side": Reader._own_side,
    "the owner that is asked": lambda who, name, row: who._is_asked(row),
    "the secretariat of a body where they sit": lambda who, name, row: (
        row["id"] != who.person and who._runs_where_sits(row["id"])
    ),
}
SEES: dict[str, Callable[[Reader, Row], bool]] = {
    "actionitem": Reader.action,
    "agendaitem": Reader.agenda_item,
    "agendalink": lambda who, row: (
        who.sees_parent("agendalink", row) and who.sees("agendaitem", who.facts["agendaitem"][row["agenda_item_id"]])
    ),
    "briefingpack": lambda who, row: (
        who._is_me(who.facts["user"][row["user_id"]]["person_id"]) and who.sees_parent("briefingpack", row)
    ),
    "accesstoken": lambda who, row: who._is_me(who.facts["user"][row["user_id"]]["person_id"]),
    "calendarfeed": lambda who, row: who._is_me(who.facts["user"][row["user_id"]]["person_id"]),
    "datechange": Reader.date_change,
    "itemnote": lambda who, row: who._body_of("itemnote", row) in who.runs,
    "paper": Reader.paper,
    "paperreceipt": Reader.receipt,
    "paperversion": Reader.paper_version,
    "participation": Reader.participation,
    "standingitem": lambda who, row: row["body_id"] in who.runs,
    "checkpoint": lambda who, row: row["body_id"] in who.runs,
    "escalation": Reader.verification,
    "escalationrule": lambda who, row: row["body_id"] in who.runs,
    "actioncomment": Reader.verification,
    "extensionrequest": Reader.verification,
    "auditentry": Reader.entry,
    "auditreview": lambda who, row: bool(who.runs),
    "body": lambda who, row: who.keeps_the_register or row["id"] in who.near,
    "bodyrules": lambda who, row: who.keeps_the_register or row["body_id"] in who.near,
    "clearance": Reader._on_the_inside,
    "clearancepiece": Reader.clearance_piece,
    "commitment": Reader.commitment,
    "contribution": Reader.contribution,
    "closure": lambda who, row: who.keeps_the_register or bool(who.sits_on),
    "deadlinetemplate": lambda who, row: row["body_id"] in who.runs,
    "declaration": lambda who, row: row["body_id"] in who.near,
    "delivery": Reader.letter,
    "deliveryattempt": Reader.attempt,
    "enginestate": lambda who, row: who.keeps_the_register,
    "evidence": Reader.evidence,
    "indicator": Reader.figures,
    "milestone": Reader.figures,
    "incident": lambda who, row: bool(who.sits_on),
    "meeting": Reader.meeting,
    "minutes": Reader.minutes,
    "minutesrevision": Reader.version,
    "minutessection": lambda who, row: (
        who.sees_parent("minutessection", row)
        and who.sees("agendaitem", who.facts["agendaitem"][row["agenda_item_id"]])
    ),
    "remark": Reader.remark,
    "minutescomment": lambda who, row: who.said_to_minutes("minutescomment", row),
    "confirmation": lambda who, row: who.said_to_minutes("confirmation", row),
    "decision": Reader.decision,
    "recording": lambda who, row: who._body_of("recording", row) in who.runs,
    "documentform": lambda who, row: row["body_id"] in who.runs,
    "officialdocument": lambda who, row: (
        who.sees_parent("officialdocument", row)
        and (
            (row["sent_at"] is not None and row["withdrawn_because"] == "")
            or who._body_of("officialdocument", row) in who.runs
        )
    ),
    "publication": Reader.publication,
    "opinion": lambda who, row: who.said_to_minutes("opinion", row),
    "redaction": lambda who, row: who.said_to_minutes("redaction", row),
    "recordsrequest": lambda who, row: row["body_id"] in who.runs,
    "recordsopinion": Reader.records_opinion,
    "recordspiece": Reader.records_piece,
    "issueddocument": lambda who, row: (
        who.published_document(row)
        if row["publication_id"]
        else who.sees_parent("issueddocument", row)
        and (row["audience"] == "common" or who._body_of("issueddocument", row) in who.runs)
    ),
    "notice": Reader.notice,
    "organisation": lambda who, row: who.keeps_the_register or bool(who.sits_on),
    "person": Reader.colleague,
    "progressupdate": Reader.update,
    "releaserequest": Reader.release,
    "reminderrule": lambda who, row: row["body_id"] in who.runs,
    "seat": lambda who, row: (
        who.keeps_the_register
        or (bool(who.sits_on) and who.sees("person", who.facts["person"][row["person_id"]]))
    ),
    "signinfailure": lambda who, row: False,
    "storedfile": Reader.file,
    "targetgroup": lambda who, row: bool(who.sits_on),
    "user": lambda who, row: who.superuser,
    "verification": Reader.verification,
    "reportinground": lambda who, row: row["body_id"] in who.near,
    "report": Reader.report,
    "reportdraft": Reader.drafted,
    "reportevidence": Reader.report_evidence,
    "measurement": Reader.of_a_report,
    "submission": Reader.of_a_report,
    "judgement": Reader.of_a_report,
    "indicatortarget": Reader.indicator_target,
    "frozenscorecard": lambda who, row: row["body_id"] in who.runs,
    "publicquarter": lambda who, row: (
        row["body_id"] in (who.runs if row["state"] == "withdrawn" else who.near)
    ),
    "sharedrow": lambda who, row: row["body_id"] in who.near,
} | {
    name: _through_parent(name)
    for name in (
        "agendasection", "agendasnapshot", "contributionfile", "commitmentowner", "deadline", "pillar",
        "signatory",
    )
}  # fmt: skip
