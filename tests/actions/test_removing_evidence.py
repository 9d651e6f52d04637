"""Evidence can be taken off a draft by its owner; what was submitted stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from council.actions.models import Evidence
from council.actions.operations.progress import Progress, remove_from_draft, save_draft, submit_progress
from council.core.errors import NotAllowedNow
from council.files.models import StoredFile
from council.parties.models import User
from tests.factories import Cast, actor_of, an_action, moment, pdf

type SignIn = Callable[[User], Client]

NOW = moment("2026-11-24 10:00")
REPORT = {"percent": 50, "text": "추진 중"}


def drafted(cast: Cast) -> Evidence:
    progress = Progress(**REPORT, uploads=[pdf()])  # type: ignore[arg-type]
    save_draft(an_action(), by=actor_of(cast.skt_liaison), progress=progress)
    return Evidence.objects.get()


def remove(client: Client, evidence: Evidence) -> int:
    return client.post(reverse("portal:evidence_remove", args=[evidence.pk])).status_code


@pytest.mark.both_databases
def test_it_is_gone_with_its_file(
    cast: Cast, settings: Any, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    evidence = drafted(cast)
    with django_capture_on_commit_callbacks(execute=True):
        remove_from_draft(evidence, by=actor_of(cast.skt_liaison))
    left = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert (Evidence.objects.count(), StoredFile.objects.count(), left) == (0, 0, [])


def test_what_was_submitted_stays(cast: Cast) -> None:
    by = actor_of(cast.skt_liaison)
    progress = Progress(**REPORT, uploads=[pdf()])  # type: ignore[arg-type]
    submit_progress(an_action(), by=by, now=NOW, progress=progress)
    with pytest.raises(NotAllowedNow):
        remove_from_draft(Evidence.objects.get(), by=by)
    assert Evidence.objects.count() == 1


def test_the_owners_liaison_may_and_nobody_else(cast: Cast, as_user: SignIn) -> None:
    evidence = drafted(cast)
    assert remove(as_user(cast.skt_ceo), evidence) == 403
    for stranger in [*cast.outsiders, cast.secretary]:
        assert (stranger.email, remove(as_user(stranger), evidence)) == (stranger.email, 404)
    assert Evidence.objects.count() == 1
    assert remove(as_user(cast.skt_liaison), evidence) == 302
    assert Evidence.objects.count() == 0
