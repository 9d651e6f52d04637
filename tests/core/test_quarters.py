"""The quarter as a value."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from council.core.quarters import Quarter

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))


@given(days)
def test_every_day_lies_in_its_quarter_and_in_no_neighbour(day: date) -> None:
    quarter = Quarter.of(day)
    assert day in quarter
    assert day not in quarter.next()
    assert day not in quarter.previous()


@given(days)
def test_quarters_follow_one_another_without_a_gap(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.ends_on + timedelta(days=1) == quarter.next().starts_on
    assert quarter.next().previous() == quarter
    assert quarter.previous() < quarter < quarter.next()


@given(days)
def test_what_is_written_is_read_back(day: date) -> None:
    quarter = Quarter.of(day)
    assert Quarter.parse(str(quarter)) == quarter


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-Q5", "2026-Q0", "26-Q1", "2026-4", "Q4 2026", "2026-Q4x", "0000-Q1"]
)
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="quarter"):
        Quarter.parse(text)


def test_text_order_is_time_order() -> None:
    quarters = [Quarter(2026, 4), Quarter(2025, 1), Quarter(2027, 1), Quarter(2026, 1)]
    assert sorted(map(str, quarters)) == [str(quarter) for quarter in sorted(quarters)]


def test_it_is_named_in_english() -> None:
    with translation.override("en"):
        assert Quarter(2026, 4).label == "Q4 2026"
