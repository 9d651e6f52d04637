"""A council's year at random: after every step everybody sees exactly what the oracle says, of every kind of row.

The oracle's facts are kept here in plain dictionaries, changed as the design says a step changes them; only what the
machine has no rule about is read once, at the beginning.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from council.access.roles import Standing, standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem, Evidence, ProgressUpdate, Verification
from council.actions.operations.items import cancel_action, open_action
from council.actions.operations.judging import return_action, submit_for_verification, verify_action
from council.actions.operations.progress import Progress, save_draft, submit_progress
from council.actions.states import ACTION, OWED
from council.core.actor import Actor
from council.core.labels import Label
from council.core.models import AuditEntry
from council.meetings.models import AgendaItem, DateChange, Deadline, Meeting, Participation
from council.meetings.operations.agenda import withdraw_agenda_item
from council.meetings.operations.schedule import begin_meeting, cancel_meeting, close_meeting, convene_meeting
from council.parties.models import Body, Organisation, Person, Seat
from council.parties.operations import end_seat
from tests.access.oracle import SEES, Facts, Reader
from tests.access.rows import actors
from tests.factories import TODAY, Cast, a_meeting, moment, pdf
from tests.proofs import EVERYTHING, PROOF, Figures
from tests.wall.changes import put_back

pytestmark = pytest.mark.both_databases

SHARDS, EXAMPLES, STEPS = (4, 60 if EVERYTHING else 3, 30) if PROOF else (1, 1, 12)
NOW = moment("2026-11-24 10:00")
CARRIERS = ("SKT", "KT", "LGU")
LABELS = st.sampled_from(Label.values)
WIDE = (Label.AMBER, Label.GREEN, Label.CLEAR)
# Not followed here: what no rule of the machine writes to stands still, and nobody sees the letters change.
KINDS = sorted(SEES.keys() - {"notice", "delivery", "deliveryattempt"})


class Year(RuleBasedStateMachine):
    """Each rule does one thing through the operation, and says in ``facts`` what it has come to."""

    people: dict[str, Actor]
    start: Facts
    questions: dict[Standing, tuple[str, Any]] = {}
    figures = Figures()

    def __init__(self) -> None:
        super().__init__()
        self.undone = ExitStack()
        self.undone.enter_context(put_back())
        self.facts = Facts(
            {name: {pk: dict(row) for pk, row in rows.items()} for name, rows in self.start.tables.items()}
        )
        self.changes = 0
        self.standings: dict[str, Standing] = {}

    def teardown(self) -> None:
        self.undone.close()

    # --- Finding something to do it to ------------------------------------------------------------------------------

    def _pick(self, name: str, number: int, **values: Any) -> int | None:
        """One of the rows with these values, if there is any."""
        rows = self.facts[name].items()
        fitting = [pk for pk, row in rows if all(row[key] in wanted for key, wanted in values.items())]
        return fitting[number % len(fitting)] if fitting else None

    def _person(self, who: str) -> Person:
        number = self.people[who].person_id
        assert number is not None
        return Person.objects.get(pk=number)

    def _liaison(self, action: int) -> Actor:
        code = self.facts["organisation"][self.facts["actionitem"][action]["owner_id"]]["code"]
        return self.people[f"{code.lower()}_liaison"]

    def _keep(self, row: Any, name: str, **more: Any) -> None:
        """Write down a row the machine has just made."""
        values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        self.facts[name][row.pk] = values | more

    # --- Action items -----------------------------------------------------------------------------------------------

    @rule(owner=st.sampled_from(CARRIERS), label=LABELS, body=st.sampled_from(["council", "ciso"]))
    def open_an_action(self, owner: str, label: str, body: str) -> None:
        action = ActionItem(
            body=Body.objects.get(code=body), owner=Organisation.objects.get(code=owner), title="t", label=label,
            due_on=date(2026, 12, 10),
        )  # fmt: skip
        open_action(action, by=self.people["secretary"], today=TODAY, quiet=True)
        self._keep(action, "actionitem", readers=set(), state="open")

    @rule(number=st.integers(0, 99), label=LABELS, with_file=st.booleans())
    def save_a_draft(self, number: int, label: str, with_file: bool) -> None:
        pk = self._pick("actionitem", number, state=OWED)
        if pk is not None:
            uploads = [pdf()] if with_file else []
            progress = Progress(percent=1, text="t", label=label, uploads=uploads)
            update = save_draft(ActionItem.objects.get(pk=pk), by=self._liaison(pk), progress=progress)
            self._keep_update(update, "draft")

    @rule(number=st.integers(0, 99), label=LABELS)
    def report(self, number: int, label: str) -> None:
        pk = self._pick("actionitem", number, state=OWED)
        if pk is not None:
            self.changes += 1
            progress = Progress(percent=2, text=f"t{self.changes}", label=label, uploads=[pdf()])
            update = submit_progress(ActionItem.objects.get(pk=pk), by=self._liaison(pk), now=NOW, progress=progress)
            self._keep_update(update, "submitted")
            self.facts["actionitem"][pk]["state"] = "in_progress"

    def _keep_update(self, update: ProgressUpdate, state: str) -> None:
        self._keep(update, "progressupdate", state=state)
        for evidence in Evidence.objects.filter(update=update):
            self._keep(evidence, "evidence")
            self._keep(evidence.file, "storedfile")

    @rule(number=st.integers(0, 99))
    def submit(self, number: int) -> None:
        ready = [
            pk for pk, row in self.facts["actionitem"].items()
            if row["state"] in OWED and self._updates(pk) and "draft" not in self._updates(pk)
        ]  # fmt: skip
        if ready:
            pk = ready[number % len(ready)]
            submit_for_verification(ActionItem.objects.get(pk=pk), by=self._liaison(pk), now=NOW)
            self.facts["actionitem"][pk]["state"] = "submitted"

    def _updates(self, action: int) -> set[str]:
        return {row["state"] for row in self.facts["progressupdate"].values() if row["action_id"] == action}

    @rule(number=st.integers(0, 99), verified=st.booleans())
    def judge(self, number: int, verified: bool) -> None:
        pk = self._pick("actionitem", number, state={"submitted"})
        if pk is not None:
            verdict = verify_action if verified else return_action
            verdict(ActionItem.objects.get(pk=pk), by=self.people["secretary"], now=NOW, comment="c")
            self.facts["actionitem"][pk]["state"] = "verified" if verified else "returned"
            self._keep(Verification.objects.latest("pk"), "verification")

    @rule(number=st.integers(0, 99))
    def cancel(self, number: int) -> None:
        pk = self._pick("actionitem", number, state={state for state in ACTION if "cancelled" in ACTION[state]})
        if pk is not None:
            cancel_action(ActionItem.objects.get(pk=pk), by=self.people["secretary"], reason="r")
            self.facts["actionitem"][pk]["state"] = "cancelled"

    @rule(
        number=st.integers(0, 99), who=st.sampled_from(["kt_ciso", "skt_ceo", "observer", "nobody"]), item=st.booleans()
    )
    def name_a_reader(self, number: int, who: str, item: bool) -> None:
        name, model = ("agendaitem", AgendaItem) if item else ("actionitem", ActionItem)
        pk = self._pick(name, number, label={Label.RED}) or self._pick(name, number)
        if pk is not None:
            person = self._person(who)
            model._default_manager.get(pk=pk).readers.add(person)
            self.facts[name][pk]["readers"].add(person.pk)

    # --- Meetings ---------------------------------------------------------------------------------------------------

    @rule(body=st.sampled_from(["council", "ciso"]))
    def plan_a_meeting(self, body: str) -> None:
        meeting = a_meeting(body, quarter="2027-Q2", kind="extraordinary")
        self._keep(meeting, "meeting")
        for deadline in Deadline.objects.filter(meeting=meeting):
            self._keep(deadline, "deadline")

    @rule(number=st.integers(0, 99))
    def convene(self, number: int) -> None:
        pk = self._pick("meeting", number, state={"draft"})
        if pk is not None:
            convene_meeting(Meeting.objects.get(pk=pk), by=self.people["secretary"], now=NOW, quiet=True)
            self.facts["meeting"][pk] |= {"state": "open", "opened_at": NOW}

    @rule(number=st.integers(0, 99))
    def hold(self, number: int) -> None:
        pk = self._pick("meeting", number, state={"open", "in_progress"})
        if pk is not None:
            meeting, begun = Meeting.objects.get(pk=pk), self.facts["meeting"][pk]["state"] == "in_progress"
            if begun:
                close_meeting(meeting, by=self.people["secretary"], now=NOW)
            else:
                begin_meeting(meeting, by=self.people["secretary"])
            self.facts["meeting"][pk]["state"] = "closed" if begun else "in_progress"

    @rule(number=st.integers(0, 99))
    def call_off(self, number: int) -> None:
        pk = self._pick("meeting", number, state={"draft", "open"})
        if pk is not None:
            cancel_meeting(Meeting.objects.get(pk=pk), by=self.people["secretary"], now=NOW, reason="r", quiet=True)
            self.facts["meeting"][pk]["state"] = "cancelled"

    @rule(number=st.integers(0, 99), owner=st.sampled_from(CARRIERS), label=LABELS)
    def propose(self, number: int, owner: str, label: str) -> None:
        """Proposing has no operation yet: the row is put there as one would."""
        self._add_item(number, owner, label, "proposed")

    @rule(number=st.integers(0, 99), owner=st.sampled_from(CARRIERS), label=st.sampled_from(WIDE))
    def put_on_the_agenda(self, number: int, owner: str, label: str) -> None:
        self._add_item(number, owner, label, "accepted")

    def _add_item(self, number: int, owner: str, label: str, state: str) -> None:
        pk = self._pick("meeting", number, state={"draft", "open"})
        if pk is not None:
            organisation = Organisation.objects.get(code=owner)
            item = AgendaItem.objects.create(meeting_id=pk, title="t", label=label, owner=organisation, state=state)
            self._keep(item, "agendaitem", readers=set())

    @rule(number=st.integers(0, 99))
    def withdraw(self, number: int) -> None:
        planned = {pk for pk, row in self.facts["meeting"].items() if row["state"] in {"draft", "open"}}
        pk = self._pick("agendaitem", number, state={"proposed", "accepted"}, meeting_id=planned)
        if pk is not None:
            withdraw_agenda_item(AgendaItem.objects.get(pk=pk), by=self.people["secretary"], reason="r")
            self.facts["agendaitem"][pk]["state"] = "withdrawn"

    # --- Seats ------------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.facts["seat"]) < 60)
    @rule(
        who=st.sampled_from(["skt_ciso", "kt_ceo", "lgu_liaison", "observer", "nobody", "accounts", "chair"]),
        body=st.sampled_from(["council", "ciso"]),
        role=st.sampled_from(Seat.Role.values),
        begins=st.integers(-2, 1),
    )
    def begin_a_seat(self, who: str, body: str, role: str, begins: int) -> None:
        person, at = self._person(who).pk, Body.objects.get(code=body)
        held = {(row["person_id"], row["body_id"], row["role"]) for row in self.facts["seat"].values()}
        if (person, at.pk, role) not in held:
            starts_on = TODAY + timedelta(days=begins)
            seat = Seat.objects.create(person_id=person, body=at, role=role, starts_on=starts_on, acting=True)
            self._keep(seat, "seat")
            self.standings.clear()

    @rule(number=st.integers(0, 999), on=st.integers(-1, 1))
    def end_a_seat(self, number: int, on: int) -> None:
        day = TODAY + timedelta(days=on)
        running = {pk for pk, row in self.facts["seat"].items() if row["ends_on"] is None and row["starts_on"] <= day}
        pk = self._pick("seat", number, id=running)
        if pk is not None:
            end_seat(Seat.objects.get(pk=pk), by=self.people["secretary"], on=day)
            self.facts["seat"][pk]["ends_on"] = day
            self.standings.clear()

    # --- What holds after every step --------------------------------------------------------------------------------

    @invariant()
    def everybody_sees_what_the_design_says(self) -> None:
        for model in (AuditEntry, Participation, DateChange):
            rows = {row["id"]: dict(row) for row in model._default_manager.values()}
            self.facts.tables[model._meta.model_name or ""] = rows
        self.figures.update({"moments compared": 1, "lists compared": len(self.people) * len(KINDS)})
        for name, actor in self.people.items():
            reader, shown = Reader(self.facts, actor.user_id, actor.person_id, TODAY), self._shown(name)
            for kind in KINDS:
                assert shown.get(kind, set()) == reader.seen(kind), f"{name}, {kind}"

    def _shown(self, name: str) -> dict[str, set[int]]:
        """Everything somebody sees, by one question, which follows from the standing alone."""
        if name not in self.standings:
            self.standings[name] = standing(self.people[name], on=TODAY)
        who = self.standings[name]
        if who not in self.questions:
            parts = [_question(who, kind) for kind in KINDS]
            try:
                self.questions[who] = parts[0].union(*parts[1:], all=True).order_by().query.sql_with_params()
            except EmptyResultSet:
                self.questions[who] = "SELECT 0, 0 WHERE 1 = 0", ()
        shown: dict[str, set[int]] = {}
        with connection.cursor() as cursor:
            cursor.execute(*self.questions[who])
            for kind, pk in cursor.fetchall():
                shown.setdefault(KINDS[kind], set()).add(pk)
        return shown


def _question(who: Standing, kind: str) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = visible_to(who, apps.get_model("council", kind)._base_manager.all())
    number = models.Value(KINDS.index(kind), output_field=models.IntegerField())
    return rows.order_by().values_list(number, "pk")


@pytest.mark.parametrize("shard", range(SHARDS))
def test_whatever_happens_everybody_sees_what_the_design_says(
    cast: Cast, shard: int, request: pytest.FixtureRequest
) -> None:
    @seed(shard)
    class OneYear(Year):
        people, start, figures = actors(cast), Facts.read(), Figures()

    run_state_machine_as_test(
        OneYear,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            verbosity=Verbosity.quiet,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    OneYear.figures.report(request, "states")


def test_the_oracle_would_notice_a_carrier_that_sees_too_much(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine can fail: with a reader who is taken for another carrier's, its invariant does."""
    Year.people, Year.start = actors(cast), Facts.read()
    machine = Year()
    machine.open_an_action(owner="SKT", label=Label.AMBER_STRICT, body="council")
    machine.everybody_sees_what_the_design_says()
    Person.objects.filter(email=cast.kt_liaison.email).update(organisation=cast.skt)
    machine.standings.clear()
    with pytest.raises(AssertionError, match="kt_liaison"):
        machine.everybody_sees_what_the_design_says()
    machine.teardown()
