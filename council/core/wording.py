"""How days and moments are written: "2026. 4. 9.(목)" in Korean, plainly in English.

Law: 행정업무의 운영 및 혁신에 관한 규정 제7조.
"""

from __future__ import annotations

from datetime import date, datetime

from django.apps import apps
from django.utils.text import capfirst

from council.core.calendar import SEOUL, local_day
from council.core.languages import in_english

WEEKDAYS_KO = "월화수목금토일"


def kind_text(name: str) -> str:
    """What a kind of thing is called, by its model's name; that name itself if there is no such kind any more."""
    model = apps.get_app_config("council").models.get(name)
    return capfirst(str(model._meta.verbose_name)) if model else name


def day_text(day: date) -> str:
    """A day with its year and weekday."""
    if in_english():
        return f"{day:%a} {day.day} {day:%b %Y}"
    return f"{day.year}. {day.month}. {day.day}.({WEEKDAYS_KO[day.weekday()]})"


def short_day_text(day: date) -> str:
    """A day without its year."""
    if in_english():
        return f"{day:%a} {day.day} {day:%b}"
    return f"{day.month}. {day.day}.({WEEKDAYS_KO[day.weekday()]})"


def time_text(moment: datetime) -> str:
    """The 24-hour clock in Seoul."""
    return f"{moment.astimezone(SEOUL):%H:%M}"


def moment_text(moment: datetime) -> str:
    """A day and a clock time in Seoul."""
    return f"{day_text(local_day(moment))} {time_text(moment)}"
