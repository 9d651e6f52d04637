"""How days and moments are written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from council.core.wording import day_text, moment_text, short_day_text, time_text

DAY = date(2026, 4, 9)
MOMENT = datetime(2026, 11, 24, 15, 5, tzinfo=UTC)  # after midnight in Seoul


def test_korean_dates_follow_the_rules_for_official_documents() -> None:
    with translation.override("ko"):
        assert day_text(DAY) == "2026. 4. 9.(목)"
        assert short_day_text(DAY) == "4. 9.(목)"
        assert moment_text(MOMENT) == "2026. 11. 25.(수) 00:05"


@pytest.mark.parametrize("language", ["en", "en-gb"])
def test_english_dates_are_plain(language: str) -> None:
    with translation.override(language):
        assert day_text(DAY) == "Thu 9 Apr 2026"
        assert short_day_text(DAY) == "Thu 9 Apr"
        assert moment_text(MOMENT) == "Wed 25 Nov 2026 00:05"


@pytest.mark.parametrize(("day", "letter"), list(zip(range(6, 13), "월화수목금토일", strict=True)))
def test_each_weekday_has_its_letter(day: int, letter: str) -> None:
    with translation.override("ko"):
        assert day_text(date(2026, 4, day)) == f"2026. 4. {day}.({letter})"


def test_where_no_language_is_active_it_is_korean() -> None:
    with translation.override(None):
        assert day_text(DAY) == "2026. 4. 9.(목)"


def test_the_clock_is_the_one_in_seoul() -> None:
    assert time_text(MOMENT) == "00:05"
