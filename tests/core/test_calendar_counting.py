"""Counting business days: the first day is not counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.core.calendar import BusinessCalendar

PLAIN = BusinessCalendar(frozenset())
CLOSED = BusinessCalendar(frozenset({date(2026, 11, 25), date(2026, 11, 26)}))

days = st.dates(min_value=date(2026, 1, 1), max_value=date(2035, 12, 31))
counts = st.integers(min_value=-60, max_value=60)
business_days = days.map(PLAIN.on_or_after)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 24), 1, date(2026, 11, 25)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # over a weekend
        (date(2026, 11, 30), -1, date(2026, 11, 27)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # from a Saturday
        (date(2026, 11, 28), -1, date(2026, 11, 27)),
        (date(2027, 2, 5), 1, date(2027, 2, 10)),  # over 설 and its substitute
        (date(2027, 2, 10), -1, date(2027, 2, 5)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # over the turn of the year
        (date(2028, 4, 11), 1, date(2028, 4, 13)),  # over an election
    ],
)
def test_holidays_and_weekends_are_not_counted(start: date, count: int, end: date) -> None:
    assert PLAIN.shift(start, count) == end


def test_a_closure_is_not_counted_either() -> None:
    assert PLAIN.shift(date(2026, 11, 24), 2) == date(2026, 11, 26)
    assert CLOSED.shift(date(2026, 11, 24), 2) == date(2026, 11, 30)
    assert CLOSED.shift(date(2026, 11, 27), -1) == date(2026, 11, 24)


def test_a_shift_by_nothing_stays_on_a_business_day_and_leaves_a_free_day_backwards() -> None:
    assert PLAIN.shift(date(2026, 11, 24), 0) == date(2026, 11, 24)
    assert PLAIN.shift(date(2026, 11, 29), 0) == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (date(2026, 11, 24), date(2026, 11, 24), date(2026, 11, 24)),
        (date(2026, 11, 28), date(2026, 11, 27), date(2026, 11, 30)),
        (date(2027, 2, 7), date(2027, 2, 5), date(2027, 2, 10)),
        (date(2027, 1, 1), date(2026, 12, 31), date(2027, 1, 4)),
    ],
)
def test_a_free_day_gives_way_to_the_business_day_before_or_after(day: date, before: date, after: date) -> None:
    assert PLAIN.on_or_before(day) == before
    assert PLAIN.on_or_after(day) == after


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2026, 11, 24), date(2026, 11, 24), 0),
        (date(2026, 11, 24), date(2026, 11, 25), 1),
        (date(2026, 11, 25), date(2026, 11, 24), -1),
        (date(2026, 11, 27), date(2026, 11, 30), 1),
        (date(2026, 11, 28), date(2026, 11, 29), 0),
        (date(2027, 2, 5), date(2027, 2, 12), 3),
        (date(2027, 2, 12), date(2027, 2, 5), -3),
    ],
)
def test_business_days_between_two_days(start: date, end: date, count: int) -> None:
    assert PLAIN.business_days_until(start, end) == count


@given(days, counts)
def test_a_shift_always_lands_on_a_business_day(day: date, count: int) -> None:
    assert PLAIN.is_business_day(PLAIN.shift(day, count)) is True


@given(business_days, counts)
def test_a_shift_from_a_business_day_is_undone_by_the_opposite_shift(day: date, count: int) -> None:
    assert PLAIN.shift(PLAIN.shift(day, count), -count) == day


@given(business_days, counts)
def test_counting_agrees_with_shifting(day: date, count: int) -> None:
    shifted = PLAIN.shift(day, count)
    assert PLAIN.business_days_until(*sorted([day, shifted])) == abs(count)


@given(days, st.integers(min_value=1, max_value=30), st.integers(min_value=1, max_value=30))
def test_two_shifts_in_one_direction_add_up(day: date, first: int, second: int) -> None:
    assert PLAIN.shift(PLAIN.shift(day, first), second) == PLAIN.shift(day, first + second)


@given(days, counts, counts)
def test_a_larger_shift_never_ends_earlier(day: date, one: int, other: int) -> None:
    smaller, larger = sorted([one, other])
    assert PLAIN.shift(day, smaller) <= PLAIN.shift(day, larger)


@given(days)
def test_no_business_day_lies_between_a_free_day_and_its_neighbours(day: date) -> None:
    before, after = PLAIN.on_or_before(day), PLAIN.on_or_after(day)
    assert before <= day <= after
    between = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert [d for d in between if PLAIN.is_business_day(d)] == []
