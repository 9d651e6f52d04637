"""Display only: how days and names are written, and the sentence that stands wherever competitors meet."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from council.core import languages, wording
from council.core.calendar import local_day
from council.core.labels import Ground, Label
from council.meetings.agenda import COMPETITION_NOTICE
from council.scorecard.charts import Chart
from council.scorecard.drawing import printed
from council.scorecard.symbols import symbol
from council.scorecard.values import Status

register = template.Library()


@register.simple_tag
def competition_notice() -> str:
    """What is not exchanged at these meetings."""
    return str(COMPETITION_NOTICE)


@register.filter
def day(value: date | datetime | None) -> str:
    """As in "2026. 4. 9.(목)"; nothing for None."""
    if value is None:
        return ""
    return wording.day_text(local_day(value) if isinstance(value, datetime) else value)


@register.filter
def short_day(value: date | datetime) -> str:
    """For example "4. 9.(목)"."""
    return wording.short_day_text(local_day(value) if isinstance(value, datetime) else value)


@register.filter
def moment(value: datetime | None) -> str:
    """For example "2026. 4. 9.(목) 10:00"; nothing for None."""
    return "" if value is None else wording.moment_text(value)


@register.filter
def clock(value: datetime) -> str:
    """For example "10:00"."""
    return wording.time_text(value)


@register.filter
def reach(label: str) -> str:
    """Whom a label reaches, in words."""
    return str(Label(label).reach)


@register.filter
def ground_names(numbers: list[int]) -> list[str]:
    """The items of the Information Disclosure Act that something rests on."""
    return [str(Ground(number).label) for number in numbers]


@register.simple_tag
def rating(value: str) -> str:
    """A rating, or how far a report has come: colour, shape and word; a dash where there is none."""
    return _sign(Status(value)) if value else "–"


@register.simple_tag
def rating_hidden() -> str:
    """The sign of a status that the reader is not told."""
    return _sign(None)


def _sign(status: Status | None) -> str:
    sign = symbol(status)
    # Drawn by us, every text in it escaped.
    return format_html('<span class="rating">{} <span>{}</span></span>', mark_safe(sign.svg), capfirst(sign.word))  # noqa: S308


@register.simple_tag
def picture(chart: Chart) -> str:
    """A chart's drawing: ours, with every text in it escaped."""
    return mark_safe(chart.svg)  # noqa: S308


@register.filter
def figure(value: Decimal | None) -> str:
    """A figure with thousands separated and no zeros behind it; a dash where none is known."""
    return "–" if value is None else printed(value)


@register.filter
def of(table: dict[int, object], key: int) -> object | None:
    """What a table has for a key."""
    return table.get(key)


register.filter("in_language", languages.in_language)
