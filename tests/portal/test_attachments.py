"""The attachment corpus through the form on which people hand in: taken whole, or refused beside the field."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from council.actions.models import ActionItem, Evidence, ProgressUpdate
from council.files.models import StoredFile
from council.files.names import readable_name
from council.parties.models import User
from tests.factories import Cast, an_action, link
from tests.files.corpus import Case, corpus

type SignIn = Callable[[User], Client]

CASES = corpus()
TAKEN = [case for case in CASES if case.fate is None]
REFUSED = [case for case in CASES if case.fate is not None]


def hand_in(client: Client, action: ActionItem, case: Case) -> Any:
    upload = SimpleUploadedFile(case.name, case.content)
    given = {"percent": "40", "text": case.what, "label": "TLP:AMBER+STRICT", "save_draft": "1", "uploads": [upload]}
    return client.post(link("action_report", action.pk), given)


def on_disk(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


# In parts, so that they run side by side.
@pytest.mark.parametrize("part", range(6))
def test_what_is_hostile_is_refused_beside_the_field_and_nothing_is_kept(
    cast: Cast, as_user: SignIn, settings: Any, part: int
) -> None:
    client, action, wrong = as_user(cast.skt_liaison), an_action(), []
    for case in REFUSED[part::6]:
        response = hand_in(client, action, case)
        said = response.context["form"].errors.get("uploads") if response.status_code == 422 else None
        # What is empty Django itself refuses, in its own words.
        if not said or (case.content and f"“{readable_name(case.name)}”" not in str(said[0])):
            wrong.append((case.what, response.status_code, said))
    assert wrong == []
    kept = (ProgressUpdate.objects.count(), Evidence.objects.count(), StoredFile.objects.count(), on_disk(settings))
    assert kept == (0, 0, 0, [])


@pytest.mark.parametrize("part", range(2))
def test_what_is_only_odd_is_taken_whole_and_comes_back_as_it_was(cast: Cast, as_user: SignIn, part: int) -> None:
    client, action, wrong = as_user(cast.skt_liaison), an_action(), []
    for case in TAKEN[part::2]:
        response = hand_in(client, action, case)
        stored = StoredFile.objects.order_by("-id").first()
        back = client.get(link("file", stored.pk)) if stored else None
        kept = stored.sha256 if stored else ""
        same = back is not None and back.status_code == 200 and back.getvalue() == case.content
        if response.status_code != 302 or not same or kept != hashlib.sha256(case.content).hexdigest():
            wrong.append(case.what)
    assert wrong == []
    assert StoredFile.objects.count() == len(TAKEN[part::2])
