"""What the database refuses, whatever the code does."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from council.actions.models import ActionItem, Evidence, ProgressUpdate
from council.declaration.models import Pillar
from council.files.models import StoredFile
from tests.actions.steps import a_report, reported
from tests.factories import Cast, an_action, moment
from tests.guards import behind_the_guards

pytestmark = pytest.mark.both_databases
AT = moment("2026-11-24 09:00")


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("action_verified_at_goes_with_state", {"state": "verified", "submitted_at": AT}),
        ("action_verified_at_goes_with_state", {"verified_at": AT}),
        ("action_submitted_at_goes_with_state", {"state": "submitted"}),
    ],
)
def test_an_items_moments_go_with_its_state(cast: Cast, constraint: str, columns: dict[str, Any]) -> None:
    an_action()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ActionItem.objects.update(**columns)


def test_an_item_has_no_pillar_beside_its_commitment(cast: Cast) -> None:
    an_action()
    with pytest.raises(IntegrityError, match="action_pillar_only_without_commitment"), transaction.atomic():
        ActionItem.objects.update(pillar=Pillar.objects.first())


def test_a_number_is_given_once_an_owner(cast: Cast) -> None:
    an_action("SKT")
    second = an_action("SKT")
    an_action("KT")
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionItem.objects.filter(pk=second.pk).update(number=1)
    assert ActionItem.objects.filter(number=1).count() == 2


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("update_percent_at_most_100", {"percent": 101}),
        ("update_submitted_at_goes_with_state", {"submitted_at": None}),
        ("update_submitted_at_goes_with_state", {"state": "draft"}),
    ],
)
def test_an_update_is_refused_raw(cast: Cast, constraint: str, columns: dict[str, Any]) -> None:
    reported(cast)
    guarded = behind_the_guards(["council_progressupdate"])
    with guarded, pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ProgressUpdate.objects.update(**columns)


def test_a_percentage_is_not_negative(cast: Cast) -> None:
    reported(cast)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE council_progressupdate SET percent = -1")
    assert ProgressUpdate.objects.get().percent == a_report().percent


def test_an_organisation_has_one_draft_on_an_item(cast: Cast) -> None:
    action = an_action()
    values = {"action": action, "percent": 1, "text": "t", "by": cast.skt_liaison}
    ProgressUpdate.objects.create(organisation=cast.skt, **values)
    ProgressUpdate.objects.create(organisation=cast.kt, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressUpdate.objects.create(organisation=cast.skt, **values)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "file"},
        {"kind": "file", "with_file": True, "url": "https://skt.test"},
        {"kind": "link"},
        {"kind": "link", "with_file": True, "url": "https://skt.test"},
        {"kind": "inspected_on_site", "url": "https://skt.test"},
        {"kind": "inspected_on_site", "with_file": True},
    ],
)
def test_evidence_is_what_its_kind_says(cast: Cast, values: dict[str, Any]) -> None:
    update = reported(cast).updates.get()
    given = dict(values)
    if given.pop("with_file", False):
        given["file"] = StoredFile.objects.create(file="aa/b", name="b", size=1, sha256="0" * 64, media_type="t")
    with pytest.raises(IntegrityError, match="evidence_has_what_its_kind_says"), transaction.atomic():
        Evidence.objects.create(update=update, **given)


def test_what_was_handed_in_keeps_its_item_from_being_deleted(cast: Cast) -> None:
    action = reported(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        action.delete()
    assert ActionItem.objects.count() == 1
