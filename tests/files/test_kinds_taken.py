"""A file is taken when its content is what its ending says."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from council.files.kinds import MEDIA_TYPES, check
from tests.files.samples import CONTENT, JPG


def media_type(name: str, content: bytes) -> str:
    return check(SimpleUploadedFile(name, content), name=name)


def test_there_is_a_sample_of_every_kind() -> None:
    assert CONTENT.keys() == MEDIA_TYPES.keys()


@pytest.mark.parametrize("ending", CONTENT)
def test_a_true_file_is_taken_under_the_type_of_its_ending(ending: str) -> None:
    assert media_type(f"실적.{ending}", CONTENT[ending]) == MEDIA_TYPES[ending]


@pytest.mark.parametrize("name", ["실적.PDF", "실적.Pdf", "2026.11.24 실적.pdf"])
def test_the_last_ending_counts_in_any_case(name: str) -> None:
    assert media_type(name, CONTENT["pdf"]) == "application/pdf"


@pytest.mark.parametrize("ending", ["csv", "txt"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "ascii"])
def test_text_is_taken_in_the_encodings_in_use(ending: str, encoding: str) -> None:
    text = "item,value\n" if encoding == "ascii" else "항목,값\n똠방각하,1\n"
    assert media_type(f"실적.{ending}", text.encode(encoding)) == MEDIA_TYPES[ending]


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
@pytest.mark.parametrize("shift", [0, 1, 2])
def test_long_text_is_taken_although_a_character_lies_across_the_part_that_is_read(encoding: str, shift: int) -> None:
    content = b"a" * shift + ("한" * 9000).encode(encoding)
    assert media_type("실적.txt", content) == "text/plain"


def test_a_jpeg_may_be_called_either_way() -> None:
    assert media_type("사진.jpg", JPG) == media_type("사진.jpeg", JPG) == "image/jpeg"


def test_the_type_the_sender_claims_does_not_count() -> None:
    upload = SimpleUploadedFile("실적.pdf", CONTENT["pdf"], "text/html")
    assert check(upload, name="실적.pdf") == "application/pdf"
