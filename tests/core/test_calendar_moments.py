"""Days and moments in Seoul."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from council.core.calendar import SEOUL, at, end_of, local_day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 24, 14, 59, 59, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 24, 15, 0, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 11, 24, 23, 59, 59, tzinfo=SEOUL), date(2026, 11, 24)),
        (datetime(2026, 11, 25, 0, 0, tzinfo=SEOUL), date(2026, 11, 25)),
        (datetime(2026, 12, 31, 15, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_a_day_changes_at_midnight_in_seoul(moment: datetime, day: date) -> None:
    assert local_day(moment) == day


def test_a_day_given_as_a_deadline_ends_one_second_before_midnight_in_seoul() -> None:
    end = end_of(date(2026, 11, 24))
    assert end == datetime(2026, 11, 24, 14, 59, 59, tzinfo=UTC)
    assert local_day(end) == date(2026, 11, 24)
    assert local_day(end + timedelta(seconds=1)) == date(2026, 11, 25)


def test_a_clock_time_is_one_in_seoul() -> None:
    assert at(date(2026, 11, 24), time(10)) == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
