"""Whatever is handed in, it is taken or refused in words; nothing breaks over it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from council.files.flaws import FileRefused
from council.files.kinds import MEDIA_TYPES, check
from tests.files.samples import CONTENT


@pytest.mark.parametrize("ending", CONTENT)
@given(data=st.data())
def test_a_damaged_file_is_taken_or_refused(ending: str, data: st.DataObject) -> None:
    content = bytearray(CONTENT[ending])
    places = st.integers(0, len(content) - 1)
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=8)):
        content[place] = byte
    length = data.draw(st.integers(1, len(content)))
    upload = SimpleUploadedFile("실적", bytes(content[:length]))
    with suppress(FileRefused):
        assert check(upload, name=f"실적.{ending}") == MEDIA_TYPES[ending]
