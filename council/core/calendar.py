"""Days in Korea: business days, counting them, and the moment at which a day ends.

The statutory holidays come from ``holidays``; what it cannot know (temporary holidays announced late, the ministry's
own closed days) are ``Closure`` rows which staff edit. Counting follows 행정기본법 제6조 and 민법 제157조: the first
day is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from council.core.models import Closure

SEOUL = ZoneInfo("Asia/Seoul")
END_OF_DAY = time(23, 59, 59)


def local_day(now: datetime) -> date:
    """The day it is in Seoul at that moment. ``now`` must be aware."""
    return now.astimezone(SEOUL).date()


def at(day: date, clock: time) -> datetime:
    """A moment given by a day and a clock time in Seoul."""
    return datetime.combine(day, clock, tzinfo=SEOUL)


def end_of(day: date) -> datetime:
    """23:59:59 in Seoul: when a day given as a deadline is over."""
    return at(day, END_OF_DAY)


@lru_cache(maxsize=64)
def statutory_holidays(year: int) -> dict[date, str]:
    """관공서의 공휴일에 관한 규정, with substitute and election days, in Korean."""
    days = holidays.country_holidays("KR", years=year, language="ko")
    return {day: name.replace("대체 휴일", "대체공휴일") for day, name in days.items()}


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Business days in Korea, given the closures known when it was made."""

    closures: frozenset[date]

    @classmethod
    def load(cls) -> BusinessCalendar:
        """With the closures of now, by one query. Make one per piece of work and pass it on."""
        return cls(frozenset(Closure.objects.values_list("date", flat=True)))

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.closures and day not in statutory_holidays(day.year)

    def on_or_before(self, day: date) -> date:
        """The day itself, or the last business day before it."""
        while not self.is_business_day(day):
            day -= timedelta(days=1)
        return day

    def on_or_after(self, day: date) -> date:
        """The day itself, or the first business day after it."""
        while not self.is_business_day(day):
            day += timedelta(days=1)
        return day

    def shift(self, day: date, count: int) -> date:
        """``count`` business days later (earlier if negative); the day itself is not counted.

        0 gives the day itself when it is a business day, else the last one before it.
        """
        if count == 0:
            return self.on_or_before(day)
        step = timedelta(days=1 if count > 0 else -1)
        for _step in range(abs(count)):
            day += step
            while not self.is_business_day(day):
                day += step
        return day

    def business_days_until(self, start: date, end: date) -> int:
        """Business days after ``start`` up to and with ``end``; negative when ``end`` lies before ``start``."""
        if end < start:
            return -self.business_days_until(end, start)
        span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_business_day(day) for day in span)
