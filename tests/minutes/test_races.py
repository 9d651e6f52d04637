"""Two at once: no text is lost, nothing is approved twice, and no number is given twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from council.core.errors import DomainError
from council.core.models import AuditEntry
from council.minutes.models import Decision, MinutesRevision, MinutesSection
from council.minutes.operations.approval import Approval
from council.minutes.operations.writing import Part, PartChanged, being_written, save_part, start_minutes
from council.workflows.approve_minutes import approve_minutes
from tests.factories import Cast, actor_of
from tests.factories.rows import TESTER
from tests.minutes.held import AFTER, a_meeting_in_session, circulated_minutes, sections
from tests.processes import in_processes, together
from tests.proofs import PROOF

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
ROUNDS = 200 if PROOF else 15


def at_once(*acts: Callable[[], str]) -> list[str]:
    """What came of each, begun at the same moment, each over a connection of its own."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], str]) -> str:
        try:
            gate.wait(timeout=10)
            return act()
        except DomainError as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def writing(section: int, name: str, rounds: int) -> list[str]:
    """What came of each round: the text that was kept, or how it was refused. One of two processes runs this."""
    came = []
    for turn in range(rounds):
        together()
        text = f"{turn} {name}"
        try:
            save_part(MinutesSection.objects.get(pk=section), by=TESTER, part=Part(gist=text), seen=turn)
            came.append(text)
        except DomainError as error:
            came.append(type(error).__name__)
    return came


def test_of_two_processes_that_write_over_the_same_version_one_is_told_and_nothing_is_lost(cast: Cast) -> None:
    revision = being_written(start_minutes(a_meeting_in_session(cast), by=TESTER))
    assert revision is not None
    section = sections(revision)[0]
    one, other = in_processes(writing, (section.pk, "하나", ROUNDS), (section.pk, "둘", ROUNDS))

    kept = []
    for came in zip(one, other, strict=True):
        (refused,) = [text for text in came if text == PartChanged.__name__]
        kept += [text for text in came if text != refused]
    assert [text.split()[0] for text in kept] == [str(turn) for turn in range(ROUNDS)]
    section.refresh_from_db()
    assert (section.gist, section.version) == (kept[-1], ROUNDS)
    saved = AuditEntry.objects.filter(verb="minutes.part_saved").order_by("pk")
    assert [entry.after["gist"] for entry in saved] == kept


def test_of_two_who_approve_at_once_one_does(cast: Cast) -> None:
    revision = circulated_minutes(cast)
    approval = Approval(approver="○○○", route="approval", on=AFTER.date())
    by = actor_of(cast.secretary)

    def act() -> str:
        approve_minutes(MinutesRevision.objects.get(pk=revision.pk), by=by, now=AFTER, approval=approval, quiet=True)
        return "approved"

    assert sorted(at_once(act, act)) == ["SomebodyWasFaster", "approved"]
    assert [one.number for one in Decision.objects.all()] == [1]


def test_minutes_are_begun_once_by_two_at_once(cast: Cast) -> None:
    meeting = a_meeting_in_session(cast)

    def act() -> str:
        return str(start_minutes(meeting, by=TESTER).pk)

    first, second = at_once(act, act)
    assert first == second
    assert MinutesSection.objects.count() == 2
