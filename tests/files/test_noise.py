"""Whatever is handed in, it is taken or refused in words; nothing breaks over it."""

from __future__ import annotations

from contextlib import suppress

from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from council.files.flaws import FileRefused
from council.files.kinds import MEDIA_TYPES, check
from tests.files.samples import CONTENT


@given(st.sampled_from(list(CONTENT)), st.binary(min_size=1, max_size=400))
def test_noise_is_taken_or_refused(ending: str, content: bytes) -> None:
    with suppress(FileRefused):
        assert check(SimpleUploadedFile("실적", content), name=f"실적.{ending}") == MEDIA_TYPES[ending]
