"""Evidence comes off a draft again, by its owner; what was submitted stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from council.actions.models import Evidence
from council.actions.operations import remove_from_draft, save_draft, submit_progress
from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.files.models import StoredFile
from council.parties.models import User
from tests.actions.steps import a_report
from tests.factories import Cast, actor_of, an_action, moment, pdf

type SignIn = Callable[[User], Client]
NOW = moment("2026-11-24 10:00")


@pytest.fixture
def drafted(cast: Cast) -> Evidence:
    """A file on a draft of SKT's."""
    save_draft(an_action(), by=actor_of(cast.skt_liaison), progress=a_report(uploads=[pdf()]))
    return Evidence.objects.get()


@pytest.fixture
def handed_in(cast: Cast) -> Evidence:
    """A file on a submitted update of SKT's."""
    progress = a_report(uploads=[pdf()])
    submit_progress(an_action(), by=actor_of(cast.skt_liaison), now=NOW, progress=progress)
    return Evidence.objects.get()


def left(settings: Any) -> tuple[int, int, int]:
    """Evidence, files in the database and files on disk."""
    on_disk = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    return Evidence.objects.count(), StoredFile.objects.count(), len(on_disk)


def press(client: Client, evidence: Evidence) -> Any:
    return client.post(reverse("portal:evidence_remove", args=[evidence.pk]))


def test_evidence_of_a_draft_is_gone_with_its_file(
    cast: Cast, drafted: Evidence, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    assert left(settings) == (1, 1, 1)
    pk = drafted.pk
    with django_capture_on_commit_callbacks(execute=True):
        remove_from_draft(drafted, by=actor_of(cast.skt_liaison))
    assert left(settings) == (0, 0, 0)
    assert AuditEntry.objects.get(verb="progress.evidence_removed").target_id == str(pk)


def test_a_link_on_a_draft_is_removed_and_the_file_beside_it_stays(cast: Cast, settings: Any) -> None:
    progress = a_report(uploads=[pdf()], url="https://skt.test/proof")
    save_draft(an_action(), by=actor_of(cast.skt_liaison), progress=progress)
    remove_from_draft(Evidence.objects.get(kind="link"), by=actor_of(cast.skt_liaison))
    assert left(settings) == (1, 1, 1)


def test_evidence_of_a_submitted_update_stays(cast: Cast, handed_in: Evidence, settings: Any) -> None:
    with pytest.raises(NotAllowedNow):
        remove_from_draft(handed_in, by=actor_of(cast.skt_liaison))
    assert left(settings) == (1, 1, 1)


def test_the_owners_liaison_removes_it_with_one_press(cast: Cast, as_user: SignIn, drafted: Evidence) -> None:
    response = press(as_user(cast.skt_liaison), drafted)
    assert response.status_code == 302
    assert response["Location"] == reverse("portal:action_report", args=[drafted.update.action_id])
    assert Evidence.objects.count() == 0


@pytest.mark.parametrize("who", ["kt_liaison", "secretary"])
def test_for_others_the_evidence_of_a_draft_does_not_exist(
    cast: Cast, as_user: SignIn, drafted: Evidence, settings: Any, who: str
) -> None:
    assert press(as_user(getattr(cast, who)), drafted).status_code == 404
    assert left(settings) == (1, 1, 1)
