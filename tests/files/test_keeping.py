"""A file is kept as long as what it was handed in with succeeds; else its content is gone again."""

from __future__ import annotations

import hashlib
import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import DataError, transaction

from council.core.actor import Actor
from council.files.flaws import FileRefused
from council.files.models import StoredFile
from council.files.operations import taken_in
from tests.files.samples import EXE, PDF


class Failed(Exception):
    """What goes wrong in these tests."""


def upload(name: str = "이행실적.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def on_disk(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_kept_file_has_its_name_size_hash_type_and_sender(liaison: Actor) -> None:
    with taken_in(upload(), by=liaison):
        pass
    stored = StoredFile.objects.get()
    assert (stored.name, stored.size, stored.media_type) == ("이행실적.pdf", len(PDF), "application/pdf")
    assert stored.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (stored.organisation_id, stored.uploaded_by_id) == (liaison.organisation_id, liaison.user_id)
    assert str(stored) == "이행실적.pdf"
    with stored.file.open("rb") as content:
        assert content.read() == PDF


def test_content_that_came_in_pieces_is_kept_whole(liaison: Actor) -> None:
    content = b"%PDF-1.7\n" + bytes(range(256)) * 1024 + b"%%EOF"
    with TemporaryUploadedFile("이행실적.pdf", "application/pdf", len(content), None) as temporary:
        temporary.write(content)
        temporary.seek(99)
        with taken_in(temporary, by=liaison) as stored:
            pass
    with stored.file.open("rb") as kept:
        assert kept.read() == content
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_the_stored_name_reveals_nothing(liaison: Actor) -> None:
    with taken_in(upload(), by=liaison) as one, taken_in(upload(), by=liaison) as other:
        pass
    folder, name = str(one.file.name).split("/")
    assert re.fullmatch("[0-9a-f]{32}", name)
    assert folder == name[:2]
    assert one.file.name != other.file.name


def test_the_system_may_keep_a_file_that_is_nobodys(db: None) -> None:
    with taken_in(upload(), by=Actor.system("seed")) as stored:
        pass
    assert (stored.organisation_id, stored.uploaded_by_id) == (None, None)


def test_content_is_gone_when_the_block_fails(liaison: Actor, settings: Any) -> None:
    with pytest.raises(Failed), taken_in(upload(), by=liaison):
        fail_with(len(on_disk(settings)))
    assert on_disk(settings) == []


def fail_with(count: int) -> None:
    assert count == 1
    raise Failed


def keep(by: Actor, *contents: bytes, fail: bool = False) -> None:
    with ExitStack() as files, transaction.atomic():
        for content in contents:
            files.enter_context(taken_in(upload(content=content), by=by))
        if fail:
            raise Failed


@pytest.mark.django_db(transaction=True)
def test_rows_and_content_are_gone_when_the_transaction_around_them_fails(liaison: Actor, settings: Any) -> None:
    with pytest.raises(Failed):
        keep(liaison, PDF, PDF, fail=True)
    assert (StoredFile.objects.count(), on_disk(settings)) == (0, [])
    keep(liaison, PDF, PDF)
    assert (StoredFile.objects.count(), len(on_disk(settings))) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_the_first_file_is_gone_when_the_second_is_refused(liaison: Actor, settings: Any) -> None:
    with pytest.raises(FileRefused):
        keep(liaison, PDF, EXE)
    assert (StoredFile.objects.count(), on_disk(settings)) == (0, [])


def test_a_row_that_the_database_refuses_leaves_no_content(liaison: Actor, settings: Any) -> None:
    nobody = Actor(label="nobody", user_id=2**70)
    with pytest.raises((DataError, OverflowError)), transaction.atomic(), taken_in(upload(), by=nobody):
        pass
    assert (StoredFile.objects.count(), on_disk(settings)) == (0, [])


def test_a_refused_file_leaves_nothing(liaison: Actor, settings: Any) -> None:
    with pytest.raises(FileRefused), taken_in(upload(content=EXE), by=liaison):
        pass
    assert (StoredFile.objects.count(), on_disk(settings)) == (0, [])
