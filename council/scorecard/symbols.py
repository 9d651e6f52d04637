"""A sign for each status: told apart by its shape as well as by its colour, and never without its word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import svg
from django.utils.translation import gettext_lazy as _

from council.core.errors import Text
from council.scorecard.drawing import PAPER, picture
from council.scorecard.values import Status

# Each stands out from white by 4.5 to 1, so that small figures can be read on it.
COLOURS: dict[Status, str] = {
    Status.ON_TRACK: "#267337",
    Status.ATTENTION: "#a15c00",
    Status.REVIEW: "#bd2c0f",
    Status.DONE: "#0b50d0",
    Status.NO_EVIDENCE: "#6d7882",
    Status.SUBMITTED: "#7b4fa3",
    Status.NOT_SUBMITTED: "#464c53",
    Status.MISSED: "#9c1f6d",
}
HIDDEN_COLOUR, HIDDEN_WORD = "#58616a", _("not shown")
SIDE = 16


@dataclass(frozen=True, slots=True)
class Symbol:
    """``word`` is printed beside the picture."""

    svg: str
    word: str


def symbol(status: Status | None) -> Symbol:
    """The sign of a status, or of one that the reader is not told (None)."""
    word = str(word_of(status))
    return Symbol(picture(SIDE, SIDE, word, word, shape(status)), word)


def word_of(status: Status | None) -> Text:
    return HIDDEN_WORD if status is None else status.label


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws in one colour, in a square of ``SIDE`` from a corner."""

    x: float
    y: float
    colour: str

    def disc(self, radius: float, at: float = 8) -> svg.Element:
        return svg.Circle(cx=self.x + at, cy=self.y + 8, r=radius, fill=self.colour)

    def dotted_ring(self) -> svg.Element:
        ring = svg.Circle(cx=self.x + 8, cy=self.y + 8, r=6, fill="none", stroke=self.colour, stroke_width=2)
        ring.stroke_dasharray = [2, 2]
        return ring

    def area(self, *corners: tuple[float, float]) -> svg.Element:
        return svg.Polygon(points=self._places(corners), fill=self.colour)

    def line(self, *corners: tuple[float, float], colour: str = "") -> svg.Element:
        return svg.Polyline(points=self._places(corners), fill="none", stroke=colour or self.colour, stroke_width=2)

    def _places(self, corners: Sequence[tuple[float, float]]) -> list[svg.Point]:
        return [svg.Point(self.x + right, self.y + down) for right, down in corners]


SHAPES: dict[Status | None, Callable[[Pen], list[svg.Element]]] = {
    Status.ON_TRACK: lambda pen: [pen.disc(6)],
    Status.ATTENTION: lambda pen: [pen.area((8, 1), (15, 14), (1, 14))],
    Status.REVIEW: lambda pen: [pen.area((8, 1), (15, 8), (8, 15), (1, 8))],
    Status.DONE: lambda pen: [pen.disc(7), pen.line((4.5, 8), (7, 11), (12, 5), colour=PAPER)],
    Status.NO_EVIDENCE: lambda pen: [pen.dotted_ring()],
    Status.SUBMITTED: lambda pen: [pen.line((2, 2), (14, 2), (14, 14), (2, 14), (2, 1))],
    Status.NOT_SUBMITTED: lambda pen: [pen.line((2, 8), (14, 8))],
    Status.MISSED: lambda pen: [pen.line((3, 3), (13, 13)), pen.line((3, 13), (13, 3))],
    None: lambda pen: [pen.disc(1.5, at) for at in (3, 8, 13)],
}


def colour_of(status: Status | None) -> str:
    return HIDDEN_COLOUR if status is None else COLOURS[status]


def shape(status: Status | None, x: float = 0, y: float = 0) -> list[svg.Element]:
    """The sign alone, from that corner."""
    return SHAPES[status](Pen(x, y, colour_of(status)))
