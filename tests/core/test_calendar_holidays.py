"""Which days are business days in Korea."""

from __future__ import annotations

from datetime import date

import pytest

from council.core.calendar import BusinessCalendar, statutory_holidays
from council.core.models import Closure

PLAIN = BusinessCalendar(frozenset())


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 5, 1), "노동절"),
        (date(2026, 6, 3), "지방선거일"),
        (date(2026, 7, 17), "제헌절"),
        (date(2027, 2, 8), "설날 다음날"),
        (date(2027, 2, 9), "설날 대체공휴일"),
        (date(2027, 5, 3), "노동절 대체공휴일"),
        (date(2027, 7, 19), "제헌절 대체공휴일"),
        (date(2027, 12, 27), "기독탄신일 대체공휴일"),
        (date(2028, 4, 12), "국회의원 선거일"),
        (date(2028, 10, 5), "추석 대체공휴일"),
    ],
)
def test_a_weekday_that_is_a_public_holiday_is_no_business_day(day: date, name: str) -> None:
    assert day.weekday() < 5
    assert statutory_holidays(day.year)[day] == name
    assert PLAIN.is_business_day(day) is False


@pytest.mark.parametrize(
    "day",
    [
        date(2027, 2, 5),  # Friday before 설
        date(2027, 2, 10),  # the day after its substitute
        date(2025, 7, 17),  # 제헌절 before it became a holiday again
        date(2027, 6, 7),  # 현충일 on a Sunday has no substitute
        date(2028, 4, 11),  # the day before the election
    ],
)
def test_the_days_around_holidays_are_business_days(day: date) -> None:
    assert PLAIN.is_business_day(day) is True


@pytest.mark.parametrize("day", [date(2026, 11, 28), date(2026, 11, 29)])
def test_saturday_and_sunday_are_no_business_days(day: date) -> None:
    assert PLAIN.is_business_day(day) is False


@pytest.mark.django_db
def test_a_closure_is_no_business_day_from_the_moment_it_is_entered() -> None:
    day = date(2026, 11, 25)
    before = BusinessCalendar.load()
    Closure.objects.create(date=day, name="임시공휴일")
    assert before.is_business_day(day) is True
    assert BusinessCalendar.load().is_business_day(day) is False
    assert BusinessCalendar.load().is_business_day(date(2026, 11, 26)) is True


@pytest.mark.django_db
def test_closures_are_loaded_by_one_query(django_assert_num_queries: object) -> None:
    Closure.objects.create(date=date(2026, 11, 25), name="임시공휴일")
    Closure.objects.create(date=date(2026, 11, 26), name="청사 휴무")
    with django_assert_num_queries(1):  # type: ignore[operator]
        calendar = BusinessCalendar.load()
    assert calendar.closures == {date(2026, 11, 25), date(2026, 11, 26)}


def test_a_closure_says_when_and_why() -> None:
    assert str(Closure(date=date(2026, 11, 25), name="임시공휴일")) == "2026-11-25 임시공휴일"
