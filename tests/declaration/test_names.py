"""What was promised reads in both languages."""

from __future__ import annotations

import pytest
from django.utils import translation

from council.declaration.models import (
    Commitment,
    CommitmentOwner,
    Declaration,
    Incident,
    Indicator,
    Milestone,
    Pillar,
    Signatory,
    TargetGroup,
)

COMMITMENT = Commitment(
    code="C01",
    title_ko="과제",
    title_en="Commitment",
    summary_ko="요약",
    summary_en="Summary",
    legal_basis_ko="법",
    legal_basis_en="Act",
    origin_ko="선언",
    origin_en="Declaration",
    note_ko="비고",
    note_en="Note",
)
INDICATOR = Indicator(
    name_ko="이행률",
    name_en="Share",
    unit_ko="건",
    unit_en="items",
    evidence_ko="보고서",
    evidence_en="Report",
    target_note_ko="제안",
    target_note_en="Suggestion",
)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ko", ["C01 과제", "과제", "요약", "법", "선언", "비고"]),
        ("en", ["C01 Commitment", "Commitment", "Summary", "Act", "Declaration", "Note"]),
    ],
)
def test_a_commitment_reads_in_the_readers_language(language: str, words: list[str]) -> None:
    row = COMMITMENT
    with translation.override(language):
        assert [str(row), row.title, row.summary, row.legal_basis, row.origin, row.note] == words


@pytest.mark.parametrize(
    ("language", "words"),
    [("ko", ["이행률", "이행률", "건", "보고서", "제안"]), ("en", ["Share", "Share", "items", "Report", "Suggestion"])],
)
def test_an_indicator_reads_in_the_readers_language(language: str, words: list[str]) -> None:
    row = INDICATOR
    with translation.override(language):
        assert [str(row), row.name, row.unit, row.evidence, row.target_note] == words


def test_a_pillar_is_numbered_and_has_a_short_title_and_a_promise() -> None:
    pillar = Pillar(order=1, title_ko="보안체계 강화", title_en="Security", promise_ko="안심", promise_en="Peace")
    with translation.override("ko"):
        assert (str(pillar), pillar.short, pillar.promise) == ("1. 보안체계 강화", "보안체계 강화", "안심")
    pillar.short_en = "Sec."
    with translation.override("en"):
        assert (str(pillar), pillar.short, pillar.promise) == ("1. Security", "Sec.", "Peace")


def test_the_other_rows_are_named_by_what_they_say() -> None:
    with translation.override("en"):
        assert str(Declaration(title_ko="선언", title_en="Declaration")) == "Declaration"
        assert str(TargetGroup(name_ko="어르신", name_en="Older people")) == "Older people"
        assert str(Incident(title_ko="사고", title_en="Incident")) == "Incident"
        assert str(CommitmentOwner(part="co_owner")) == "co-owner"
    assert str(Milestone(title="1단계")) == "1단계"
    assert str(Signatory(position_ko="대표이사")) == "대표이사"
