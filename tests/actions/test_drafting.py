"""The owner's one draft on an item, before anybody else sees it."""

from __future__ import annotations

import pytest

from council.actions.models import Evidence, ProgressUpdate
from council.actions.operations.progress import save_draft
from council.actions.states import ActionState, UpdateState
from council.core.actor import Actor
from council.mail.models import Notice
from tests.actions.steps import a_report
from tests.factories import Cast, actor_of, an_action, pdf


def test_a_second_draft_replaces_the_first(cast: Cast) -> None:
    action, by = an_action(), actor_of(cast.skt_liaison)
    save_draft(action, by=by, progress=a_report(percent=10, text="First"))
    save_draft(action, by=by, progress=a_report(percent=20, text="Second"))
    draft = ProgressUpdate.objects.get()
    assert (draft.percent, draft.text, draft.state) == (20, "Second", UpdateState.DRAFT)


def test_the_files_of_the_first_stay_with_the_second(cast: Cast) -> None:
    action, by = an_action(), actor_of(cast.skt_liaison)
    save_draft(action, by=by, progress=a_report(uploads=[pdf("one.pdf")]))
    save_draft(action, by=by, progress=a_report(uploads=[pdf("two.pdf")]))
    assert list(Evidence.objects.values_list("title", flat=True)) == ["one.pdf", "two.pdf"]


def test_the_same_address_is_kept_once(cast: Cast) -> None:
    action, by = an_action(), actor_of(cast.skt_liaison)
    for _ in range(2):
        save_draft(action, by=by, progress=a_report(url="https://skt.test/proof"))
    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.url) == (Evidence.Kind.LINK, "https://skt.test/proof")


def test_a_colleague_goes_on_with_the_same_draft(cast: Cast) -> None:
    action = an_action()
    save_draft(action, by=actor_of(cast.skt_liaison), progress=a_report(percent=10))
    save_draft(action, by=actor_of(cast.skt_ciso), progress=a_report(percent=20))
    draft = ProgressUpdate.objects.get()
    assert (draft.percent, draft.by) == (20, cast.skt_ciso)


def test_a_draft_moves_nothing_and_tells_nobody(cast: Cast) -> None:
    action = an_action()
    save_draft(action, by=actor_of(cast.skt_liaison), progress=a_report())
    action.refresh_from_db()
    assert action.state == ActionState.OPEN
    assert Notice.objects.count() == 0


def test_only_a_person_of_an_organisation_can_draft(cast: Cast) -> None:
    action = an_action()
    with pytest.raises(TypeError):
        save_draft(action, by=Actor.system("job"), progress=a_report())
    assert ProgressUpdate.objects.count() == 0
