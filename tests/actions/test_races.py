"""Two at once, on real connections: numbers stay distinct, one verdict counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Barrier, Thread

import pytest
from django.db import connection

from council.actions.models import ActionItem, ProgressUpdate, Verification
from council.actions.operations.judging import return_action
from council.actions.operations.progress import Progress, save_draft
from council.actions.states import ActionState
from council.core.errors import DomainError
from tests.actions.steps import verified
from tests.factories import Cast, actor_of, an_action, moment

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> Sequence[str]:
    """Run everything at the same moment; the names of what was raised, sorted."""
    gate, raised = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        gate.wait(10)
        try:
            act()
        except Exception as error:  # noqa: BLE001 - every kind is looked at
            raised.append("refused" if isinstance(error, DomainError) else repr(error))
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(raised)


def test_items_opened_at_once_get_numbers_of_their_own(cast: Cast) -> None:
    raised = at_once(*[lambda: an_action("SKT")] * 4)
    assert raised == []
    assert sorted(ActionItem.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_of_two_verdicts_at_once_one_counts_and_the_other_is_refused(cast: Cast) -> None:
    action = an_action()
    ActionItem.objects.update(state=ActionState.SUBMITTED, submitted_at=moment("2026-11-24 09:00"))
    by, now = actor_of(cast.secretary), moment("2026-11-24 10:00")
    first, second = ActionItem.objects.get(pk=action.pk), ActionItem.objects.get(pk=action.pk)
    raised = at_once(
        lambda: verified(first, by=by, now=now),
        lambda: return_action(second, by=by, now=now, comment="More, please"),
    )
    assert raised == ["refused"]
    verdict = Verification.objects.get().verdict
    assert ActionItem.objects.get().state == verdict


def test_drafts_saved_at_once_are_one_draft(cast: Cast) -> None:
    action, by = an_action(), actor_of(cast.skt_liaison)
    raised = at_once(
        *[lambda n=n: save_draft(action, by=by, progress=Progress(percent=n, text="t")) for n in (10, 20, 30)]
    )
    assert raised == []
    assert ProgressUpdate.objects.count() == 1
