"""The attachment corpus: what is hostile is refused for the right reason, what is only odd is taken."""

from __future__ import annotations

import hashlib
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from council.files.flaws import FileRefused, Flaw
from council.files.kinds import MEDIA_TYPES, check
from council.files.names import readable_name
from tests.files.corpus import Case, corpus

CASES = corpus()
# Not the harmless repetitions of one idea: at least so many files, all different.
AT_LEAST = 300


def test_the_corpus_is_large_and_no_file_is_in_it_twice() -> None:
    assert len({(case.name, hashlib.sha256(case.content).digest()) for case in CASES}) == len(CASES) >= AT_LEAST
    assert len({case.what for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_a_file_meets_its_fate_quickly_and_in_words(case: Case) -> None:
    begun = time.monotonic()
    upload, name = SimpleUploadedFile("x", case.content), readable_name(case.name)
    if case.fate is None:
        assert check(upload, name=name) == MEDIA_TYPES[name.rpartition(".")[2]]
    else:
        with pytest.raises(FileRefused) as refusal:
            check(upload, name=name)
        cause = refusal.value.__cause__
        assert isinstance(cause, Flaw)
        with translation.override("en"):
            assert str(cause.text) == str(case.fate)
            assert str(refusal.value).count(f"“{name}”") == 1
        assert refusal.value.field == "uploads"
    assert time.monotonic() - begun < 10
