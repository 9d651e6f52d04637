"""Threads for the trace sheets: what hangs together, and what a sheet says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from council.access.roles import standing
from council.actions.models import ActionItem, ProgressUpdate
from council.actions.operations.judging import return_action, submit_for_verification
from council.actions.operations.progress import save_draft, submit_progress
from council.declaration.models import Commitment
from council.meetings.models import AgendaItem, Meeting
from council.minutes.models import Decision, Minutes, MinutesRevision
from council.overview.trace import Start, Trace, trace_of
from council.parties.models import Organisation, User
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.actions.steps import a_report
from tests.factories import Cast, actor_of, an_action, moment, pdf
from tests.factories.founding import NOW

KINDS = ("commitment", "decision", "action")
# What stands on the sheets of the thread below, and whose it is.
COMMON, SKT, KT = ("안건-C", "결정-C"), ("할일-SKT", "증빙-SKT.pdf", "보완-SKT"), ("할일-KT", "증빙-KT.pdf", "보완-KT")
NOBODYS = ("초안", "철회", "초안.pdf", "철회.pdf")


def decided(item: AgendaItem, text: str, *, number: int | None = 1, **values: Any) -> Decision:
    """In force, of an item."""
    ministry = Organisation.objects.get(code="MSIT")
    minutes, _ = Minutes.objects.get_or_create(meeting=item.meeting, defaults={"convened_by": ministry})
    revision, _ = MinutesRevision.objects.get_or_create(minutes=minutes, number=1)
    given = {"in_force_at": moment("2026-11-20 09:00"), "number": number} | values
    return Decision.objects.create(
        agenda_item=item, body=item.meeting.body, year=2026, revision=revision, text=text, **given
    )


def following(decision: Decision, owner: str, title: str, **values: Any) -> ActionItem:
    """An item that follows from a decision and names no commitment of its own."""
    action = an_action(owner, title=title, decision=decision, **values)
    ActionItem.objects.filter(pk=action.pk).update(commitment=None)
    return ActionItem.objects.get(pk=action.pk)


def handed_in(cast: Cast, action: ActionItem, word: str) -> None:
    """One report that was withdrawn, one that stands and was answered, and a draft."""
    liaison, secretary = cast.skt_liaison if word == "SKT" else cast.kt_liaison, actor_of(cast.secretary)
    by, now = actor_of(liaison), NOW
    withdrawn = submit_progress(action, by=by, now=now, progress=a_report(text="철회", uploads=[pdf("철회.pdf")]))
    ProgressUpdate.objects.filter(pk=withdrawn.pk).update(state="withdrawn")
    report = a_report(percent=55, uploads=[pdf(f"증빙-{word}.pdf")], url=f"https://{word}.test/proof")
    submit_progress(action, by=by, now=now, progress=report)
    submit_for_verification(action, by=by, now=now)
    return_action(action, by=secretary, now=now, comment=f"보완-{word}")
    save_draft(action, by=by, progress=a_report(percent=77, text="초안", uploads=[pdf("초안.pdf")]))


@dataclass(frozen=True)
class Thread:
    """Of C01: an agenda item, a decision in force, and an item for each of two carriers with what was handed in."""

    meeting: Meeting
    item: AgendaItem
    decision: Decision
    skt: ActionItem
    kt: ActionItem

    @property
    def commitment(self) -> Commitment:
        assert self.item.commitment is not None
        return self.item.commitment

    def row(self, kind: str) -> int:
        return {"commitment": self.commitment.pk, "decision": self.decision.pk, "action": self.skt.pk}[kind]


@pytest.fixture
def thread(cast: Cast) -> Thread:
    meeting = an_open_meeting()
    item = an_agenda_item(meeting, title="안건-C")
    decision = decided(item, "결정-C")
    skt, kt = (following(decision, owner, f"할일-{owner}") for owner in ("SKT", "KT"))
    for action, word in ((skt, "SKT"), (kt, "KT")):
        handed_in(cast, action, word)
    return Thread(meeting, item, decision, skt, kt)


def told(text: str, words: tuple[str, ...] = COMMON + SKT + KT + NOBODYS) -> set[str]:
    return {word for word in words if word in text.split("<main")[-1]}


def traced(user: User, start: Start) -> Trace:
    return trace_of(standing(actor_of(user)), start, now=NOW)


def shared(trace: Trace) -> tuple[list[str], list[str], list[str]]:
    """What stands on a sheet: agenda items, decisions, action items, by their words."""
    return (
        [step.item.title for step in trace.items],
        [step.decision.text for step in trace.all_decisions],
        [step.action.title for step in trace.all_actions],
    )
