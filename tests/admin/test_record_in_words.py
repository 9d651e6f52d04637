"""The audit as people read it: what was done, and each field before and after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import models
from django.utils import translation

from council.access.roles import Standing, nobody
from council.actions.models import ActionItem
from council.admin.record import lines_of, what
from council.core.models import AuditEntry
from council.meetings.models import Meeting
from council.parties.models import Organisation, Seat, User
from tests.factories import TODAY, Cast

KEEPER = replace(nobody(TODAY), administers_accounts=True)


def read(
    model: type[models.Model], column: str, before: Any, after: Any, language: str = "en", *, who: Standing = KEEPER
) -> tuple[str, str]:
    """One changed field, before and after."""
    entry = about(model, verb="row.changed", before={column: before}, after={column: after})
    with translation.override(language):
        [line] = lines_of(who, [entry])
    [change] = line.changes
    return change.before, change.after


def about(model: type[models.Model], **values: Any) -> AuditEntry:
    return AuditEntry(target_type=model._meta.model_name or "", **values)


def test_a_choice_is_read_by_its_word() -> None:
    words = dict(Meeting._meta.get_field("mode").flatchoices)
    with translation.override("ko"):
        expected = str(words["video"])
    assert read(Meeting, "mode", "", "video", "ko") == ("–", expected)
    assert expected != "video"


@pytest.mark.parametrize(("language", "shown"), [("ko", "2026. 11. 24.(화) 09:30"), ("en", "Tue 24 Nov 2026 09:30")])
def test_a_moment_is_read_in_seoul(language: str, shown: str) -> None:
    assert read(ActionItem, "submitted_at", None, "2026-11-24T00:30:00+00:00", language) == ("–", shown)


def test_a_related_row_is_read_by_its_name_and_one_that_is_gone_by_its_number(db: None) -> None:
    kt = Organisation.objects.create(code="KT", kind="carrier", name_ko="케이티", name_en="KT Corp.")
    assert read(ActionItem, "owner_id", 999_999, kt.pk, "ko") == ("999999", "케이티")


def test_a_related_row_that_the_reader_does_not_see_is_read_by_its_number(db: None) -> None:
    kt = Organisation.objects.create(code="KT", kind="carrier", name_ko="케이티", name_en="KT Corp.")
    assert read(ActionItem, "owner_id", None, kt.pk, who=nobody(TODAY)) == ("–", str(kt.pk))


def test_yes_and_no_are_words() -> None:
    assert read(Seat, "acting", True, False) == ("yes", "no")
    assert read(Seat, "acting", False, True, "ko") == ("아니요", "예")


def test_whose_an_account_is_and_to_whom_copies_go_are_read_by_name(cast: Cast) -> None:
    one, other = cast.skt_liaison.person, cast.kt_liaison.person
    assert one
    assert other
    assert read(User, "person_id", one.pk, other.pk) == (str(one), str(other))
    assert read(Seat, "office_contacts", "", f"{one.pk},{other.pk}") == ("–", f"{one}, {other}")


def test_a_column_that_is_no_more_is_read_as_it_is() -> None:
    assert read(Seat, "colour", "red", "blue") == ("red", "blue")


def test_a_new_row_is_read_without_its_empty_fields() -> None:
    entry = about(Seat, verb="seat.added", before={}, after={"role": "member", "starts_on": None, "acting": False})
    with translation.override("en"):
        fields = [change.field for change in lines_of(KEEPER, [entry])[0].changes]
    assert fields == ["Role", "Acting"]


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("meeting.convened", "meeting announced"),
        ("organisation.added", "added"),
        ("person.changed", "changed"),
        ("closure.removed", "removed"),
        ("browse", "open the list"),
        ("meeting.read", "read"),
        ("file.downloaded", "file downloaded"),
        ("meeting.dreamt_of", "meeting.dreamt_of"),
    ],
)
def test_a_verb_is_read_in_words_and_one_nobody_knows_as_it_is(verb: str, words: str) -> None:
    with translation.override("en"):
        assert what(verb) == words
        assert lines_of(KEEPER, [about(Seat, verb=verb, before={}, after={})])[0].what == words
