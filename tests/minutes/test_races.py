"""Two at once: no text is lost, nothing is approved twice, and no number is given twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from council.core.errors import DomainError
from council.minutes.models import Decision, MinutesRevision, MinutesSection
from council.minutes.operations.approval import Approval
from council.minutes.operations.writing import Part, PartChanged, being_written, save_part, start_minutes
from council.workflows.approve_minutes import approve_minutes
from tests.factories import Cast, actor_of
from tests.factories.rows import TESTER
from tests.minutes.held import AFTER, a_meeting_in_session, circulated_minutes, sections
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


def test_of_two_who_write_over_the_same_version_one_is_told_and_nothing_is_lost(cast: Cast) -> None:
    revision = being_written(start_minutes(a_meeting_in_session(cast), by=TESTER))
    assert revision is not None
    pk, seen = sections(revision)[0].pk, 0

    def writing(text: str) -> Callable[[], str]:
        def act() -> str:
            save_part(MinutesSection.objects.get(pk=pk), by=TESTER, part=Part(gist=text), seen=seen)
            return text

        return act

    for turn in range(ROUNDS):
        texts = [f"{turn} 하나", f"{turn} 둘"]
        came = at_once(*map(writing, texts))
        stored = MinutesSection.objects.get(pk=pk)
        (kept,) = [text for text in texts if text in came]
        assert sorted(came) == sorted([kept, PartChanged.__name__])
        assert (stored.gist, stored.version) == (kept, seen + 1)
        seen += 1


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
