"""What every picture here is made of: a frame with its title, words, lines of a scale. SVG, the same bytes each time.

Only attributes of SVG itself: no style, script, font or address, so that it may stand in any page and in a PDF.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal
from xml.sax.saxutils import escape

import svg

from council.core.errors import Text

FONTS = "Pretendard GOV, Pretendard, Noto Sans CJK KR, NanumGothic, sans-serif"
INK, FAINT, PAPER = "#1e2124", "#b1b8be", "#ffffff"
SIZE = 12
# XML has no way to write these.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

type Anchor = Literal["start", "middle", "end"]


def picture(width: float, height: float, title: str, description: str, elements: Sequence[svg.Element]) -> str:
    """The whole file. Title and description are what is read out in its place."""
    said: list[svg.Element] = [svg.Title(text=written(title)), svg.Desc(text=written(description))]
    frame = svg.SVG(
        width=number(width),
        height=number(height),
        viewBox=svg.ViewBoxSpec(0, 0, number(width), number(height)),
        elements=[*said, *elements],
        extra={"role": "img", "font-family": FONTS, "font-size": str(SIZE)},
    )
    return frame.as_str()


def words(x: float, y: float, text: str | Text, *, anchor: Anchor = "start", colour: str = INK) -> svg.Text:
    """A line of text on its base line. Nothing else here writes into a picture: the library does not escape."""
    return svg.Text(x=number(x), y=number(y), text=written(str(text)), text_anchor=anchor, fill=colour)


def written(text: str) -> str:
    """As it may stand between two tags."""
    return escape(UNWRITABLE.sub("\ufffd", text))


def number(value: float | Decimal) -> float | int:
    """A coordinate, to a hundredth."""
    rounded = round(float(value), 2)
    return int(rounded) if rounded == int(rounded) else rounded


def rule(
    x1: float, y1: float, x2: float, y2: float, *, colour: str, width: float = 1, dashes: Sequence[int] = ()
) -> svg.Line:
    return svg.Line(
        x1=number(x1),
        y1=number(y1),
        x2=number(x2),
        y2=number(y2),
        stroke=colour,
        stroke_width=width,
        stroke_dasharray=list(dashes) or None,
    )


def length_of(text: str) -> float:
    """About how wide a text is, so that it can be left out where it would run into the next one."""
    return SIZE * sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.6 for letter in text)


def labelled(labels: Sequence[str], room: float) -> list[int]:
    """Which of these labels are printed, each having so much room: every one, or every so-manieth up to the last."""
    every = max(1, -(-int(max(map(length_of, labels), default=0) + SIZE) // max(1, int(room))))
    return [at for at in range(len(labels)) if (len(labels) - 1 - at) % every == 0]


def ticks(low: Decimal, high: Decimal, most: int = 6) -> list[Decimal]:
    """Round numbers, evenly spaced, from one not above ``low`` to one not below ``high``."""
    reach = high - low or Decimal(1)
    step = Decimal(1).scaleb((reach / most).adjusted())
    # 1, 2, 5, 10: the first that is wide enough.
    step = next(step * by for by in (1, 2, 5, 10) if step * by * most >= reach)
    first = (low / step).to_integral_value("ROUND_FLOOR") * step
    found = [first]
    while found[-1] < high or len(found) < 2:
        found.append(found[-1] + step)
    return found


def printed(value: Decimal) -> str:
    """A number as it is read: thousands apart, no zeros behind."""
    return f"{value.normalize() + 0:,f}"
