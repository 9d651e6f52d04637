"""Children are reached through visible parents only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import models

from council.actions.models import ActionItem, Evidence, Verification
from council.actions.operations.judging import return_action
from council.actions.operations.progress import Progress, save_draft
from council.core.labels import Label
from council.files.models import StoredFile
from council.meetings.models import Deadline
from tests.access.rows import an_open_meeting, who_sees
from tests.access.test_labels import COUNCIL, SKT
from tests.factories import Cast, actor_of, an_action, moment, pdf
from tests.mail.letters import a_letter, a_notice

type Row = Callable[[], models.Model]

HANDED_IN: dict[str, Row] = {
    "evidence": Evidence.objects.get,
    "file": StoredFile.objects.get,
    "verification": Verification.objects.get,
}


@pytest.fixture
def answered(cast: Cast) -> ActionItem:
    """An item of SKT's with evidence handed in and a verdict."""
    action = an_action("SKT")
    by = actor_of(cast.skt_liaison)
    save_draft(action, by=by, progress=Progress(percent=100, text="done", uploads=[pdf()]))
    action.updates.update(state="submitted", submitted_at=moment("2026-11-24 09:00"))
    ActionItem.objects.update(state="submitted", submitted_at=moment("2026-11-24 09:00"))
    action.refresh_from_db()
    return_action(action, by=actor_of(cast.secretary), now=moment("2026-11-24 10:00"), comment="More")
    return action


@pytest.mark.parametrize("kind", HANDED_IN)
def test_what_was_handed_in_is_its_owners_and_the_ministrys(cast: Cast, answered: ActionItem, kind: str) -> None:
    assert who_sees(cast, HANDED_IN[kind]()) == {"secretary"} | SKT


@pytest.mark.parametrize("kind", ["evidence", "file"])
def test_a_wider_item_does_not_widen_the_evidence_of_a_strict_update(
    cast: Cast, answered: ActionItem, kind: str
) -> None:
    ActionItem.objects.update(label=Label.CLEAR)
    assert who_sees(cast, HANDED_IN[kind]()) == {"secretary"} | SKT


def test_a_verdict_is_between_the_ministry_and_the_owner_however_wide_the_item(
    cast: Cast, answered: ActionItem
) -> None:
    ActionItem.objects.update(label=Label.CLEAR)
    assert who_sees(cast, Verification.objects.get()) == {"secretary"} | SKT


@pytest.mark.parametrize("kind", ["evidence", "file"])
def test_what_hangs_on_a_draft_is_its_owners_alone(cast: Cast, kind: str) -> None:
    by = actor_of(cast.skt_liaison)
    save_draft(an_action("SKT"), by=by, progress=Progress(percent=1, text="t", uploads=[pdf()]))
    assert who_sees(cast, HANDED_IN[kind]()) == SKT


def test_a_file_that_hangs_on_nothing_is_nobodys(cast: Cast) -> None:
    loose = StoredFile.objects.create(
        file="aa/b", name="b", size=1, sha256="0" * 64, media_type="t", organisation=cast.skt
    )
    assert who_sees(cast, loose) == set()


def test_a_deadline_is_as_visible_as_its_meeting(cast: Cast) -> None:
    meeting = an_open_meeting()
    assert who_sees(cast, Deadline.objects.get(meeting=meeting, kind="notice")) == COUNCIL


def test_a_letter_is_its_recipients_and_the_secretariats(cast: Cast) -> None:
    letter = a_letter(cast.skt_ceo)
    assert who_sees(cast, letter) == {"secretary", "skt_ceo"}
    assert who_sees(cast, a_notice(cast.kt_ciso, letter)) == {"secretary", "kt_ciso"}
