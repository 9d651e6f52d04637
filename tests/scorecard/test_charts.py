"""Pictures that say what the figures say, in any page and in a PDF, and bring nothing else along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from council.core.quarters import Quarter
from council.documents.pdf import drawn
from council.scorecard.arithmetic import Tally, span
from council.scorecard.charts import BOTTOM, LEFT, PLOT, RIGHT, WIDTH, Chart, measure_chart, trend_chart
from council.scorecard.drawing import labelled, length_of, ticks
from council.scorecard.symbols import COLOURS, HIDDEN_COLOUR, symbol
from council.scorecard.values import Measure, Status, Words
from tests.documents.reading import everything_in, words_of
from tests.scorecard.cards import Q1, Q2, Q3, SHOPS

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title><script>alert(1)</script>&\"'\x00\ud800"
Q4 = Q3.next()


def parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def texts(picture: str) -> list[str]:
    return [one.text or "" for one in parsed(picture).iter(f"{SVG}text")]


def tally(**counts: int) -> Tally:
    return Tally.of(Status(name) for name, count in counts.items() for _each in range(count))


def a_trend(title: str = "추이") -> Chart:
    series = {
        Q1: tally(on_track=6, attention=3),
        Q2: tally(on_track=12),
        Q4: Tally(tally(on_track=3, no_evidence=6).counts, withheld=4),
    }
    return trend_chart(series, title=title)


def of_an_indicator(actual: dict[Quarter, Decimal | None], **more: Any) -> Chart:
    asked: dict[str, Any] = {"baseline": Decimal(100), "target": Decimal("2500.50"), "title": "매장"} | more
    return measure_chart(asked.pop("measure", SHOPS), actual, **asked)


def an_indicator(**more: Any) -> Chart:
    return of_an_indicator({Q1: Decimal(0), Q2: Decimal(1200), Q3: None, Q4: Decimal("1500.500")}, **more)


def pictures() -> Iterator[str]:
    yield from (a_trend().svg, an_indicator().svg, symbol(None).svg, trend_chart({}, title="").svg)
    yield from (symbol(status).svg for status in Status)
    yield of_an_indicator({}, baseline=None, target=None).svg


# --- Of any picture ---------------------------------------------------------------------------------------------------


def test_a_picture_is_one_for_who_cannot_see_it_and_needs_nothing_from_anywhere() -> None:
    drawn_here = {"circle", "desc", "line", "polygon", "polyline", "rect", "svg", "text", "title"}
    for picture in pictures():
        root = parsed(picture)
        assert (root.get("role"), [one.tag for one in root][:2]) == ("img", [f"{SVG}title", f"{SVG}desc"])
        assert {one.tag.removeprefix(SVG) for one in root.iter()} <= drawn_here
        assert not {name for one in root.iter() for name in one.attrib if re.search("^on|href|style|class|id$", name)}
        assert re.findall(r"url\(|https?:[^\"]*", picture) == ["http://www.w3.org/2000/svg"]


def test_the_same_is_drawn_the_same() -> None:
    assert list(pictures()) == list(pictures())


def test_whatever_is_written_into_a_picture_is_text() -> None:
    measure = Measure("x", Words(HOSTILE), Words(HOSTILE))
    for chart in (a_trend(HOSTILE), an_indicator(title=HOSTILE, measure=measure)):
        root = parsed(chart.svg)
        title = root.find(f"{SVG}title")
        assert title is not None
        assert title.text == HOSTILE.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
        assert "<script" not in chart.svg
        assert {one.tag for one in root} & {f"{SVG}script", "script"} == set()
    assert any("alert(1)" in text for text in texts(an_indicator(measure=measure).svg))


def contrast_with_white(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@pytest.mark.parametrize("colour", [*COLOURS.values(), HIDDEN_COLOUR])
def test_colours_stand_out_from_white_well_enough_for_text(colour: str) -> None:
    assert contrast_with_white(colour) >= 4.5


def test_signs_are_told_apart_by_shape_and_word_alone() -> None:
    signs = [symbol(status) for status in [*Status, None]]
    grey = [re.sub("#[0-9a-f]{6}", "", re.sub("<(title|desc)>.*?</\\1>", "", sign.svg)) for sign in signs]
    assert len(set(grey)) == len({sign.word for sign in signs}) == len({*COLOURS.values()}) + 1 == len(signs)
    assert all(f"<title>{sign.word}</title>" in sign.svg for sign in signs)


# --- The trend --------------------------------------------------------------------------------------------------------


def bars(picture: str) -> list[dict[str, Any]]:
    """The boxes of the bars; those of the legend are below the quarters."""
    boxes: list[dict[str, Any]] = [dict(one.attrib) for one in parsed(picture).iter(f"{SVG}rect")]
    measured = [box | {name: float(box[name]) for name in ("x", "y", "width", "height")} for box in boxes]
    return [box for box in measured if box["y"] < BOTTOM]


def test_bars_are_as_high_as_the_counts_and_stand_on_one_another() -> None:
    found = bars(a_trend().svg)
    by_place: dict[float, list[tuple[str, int]]] = {}
    for box in found:
        by_place.setdefault(box["x"], []).append((box["fill"], round(box["height"] * 15 / PLOT)))
    green, amber, grey = (COLOURS[s] for s in (Status.ON_TRACK, Status.ATTENTION, Status.NO_EVIDENCE))
    assert list(by_place.values()) == [
        [(green, 6), (amber, 3)],
        [(green, 12)],
        [(green, 3), (grey, 6), ("#ffffff", 4)],
    ]
    for one, other in pairwise(found):
        if one["x"] == other["x"]:
            assert other["y"] + other["height"] == pytest.approx(one["y"], abs=0.02)
        else:
            assert other["y"] + other["height"] == pytest.approx(BOTTOM, abs=0.02)


def test_the_table_says_what_the_bars_do_with_a_gap_where_there_is_no_scorecard() -> None:
    with translation.override("en"):
        chart = a_trend()
    assert chart.header == ("quarter", "on track", "attention needed", "evidence being checked", "not shown", "total")
    assert chart.rows == (
        ("Q1 2027", "6", "3", "0", "0", "9"),
        ("Q2 2027", "12", "0", "0", "0", "12"),
        ("Q3 2027", "–", "–", "–", "–", "–"),
        ("Q4 2027", "3", "0", "6", "4", "13"),
    )
    said = texts(chart.svg)
    assert {*chart.header[1:-1], *(row[0] for row in chart.rows)} <= set(said)
    assert {"6", "3", "12", "4"} <= set(said)


def test_forty_quarters_stay_readable() -> None:
    quarters = span([Quarter(2026, 2), Quarter(2036, 1)])
    for language in ("ko", "en"):
        with translation.override(language):
            chart = trend_chart({quarter: tally(on_track=3, done=2) for quarter in quarters}, title="추이")
            labels = {quarter.label for quarter in quarters}
        assert (len(chart.rows), len(bars(chart.svg))) == (40, 80)
        placed = [
            (float(one.get("x", "")), length_of(one.text or ""))
            for one in parsed(chart.svg).iter(f"{SVG}text")
            if one.text in labels
        ]
        assert len(placed) >= 5
        assert all(x + wide / 2 < y - other / 2 for (x, wide), (y, other) in pairwise(placed))
        assert all(x - wide / 2 >= 0 and x + wide / 2 <= WIDTH for x, wide in placed)
        last = WIDTH - RIGHT - (WIDTH - LEFT - RIGHT) / 80
        assert placed[-1][0] == pytest.approx(last, abs=0.01)


@given(st.integers(0, 60), st.integers(1, 300))
def test_labels_are_thinned_from_the_last_and_never_meet(count: int, room: int) -> None:
    labels = ["2026년 4분기"] * count
    kept = labelled(labels, room)
    assert kept[-1:] == ([count - 1] if count else [])
    assert all((other - one) * room >= length_of(labels[one]) for one, other in pairwise(kept))


# --- One indicator ----------------------------------------------------------------------------------------------------


def test_what_is_missing_is_a_gap_and_no_zero() -> None:
    root = parsed(an_indicator().svg)
    points = [(float(one.get("cx", "")), float(one.get("cy", ""))) for one in root.iter(f"{SVG}circle")]
    joined = [one for one in root.iter(f"{SVG}line") if one.get("stroke") == "#0b50d0"]
    assert len(points) == 3
    ends = [(float(joined[0].get(f"x{n}", "")), float(joined[0].get(f"y{n}", ""))) for n in (1, 2)]
    assert (len(joined), ends) == (1, points[:2])
    # 0, 1,200 and 1,500.5 on a scale of 0 to 3,000.
    heights = [(BOTTOM - y) / PLOT * 3000 for _x, y in points]
    assert heights == pytest.approx([0, 1200, 1500.5], abs=0.1)


def test_baseline_and_target_are_lines_with_their_names_and_the_table_has_them() -> None:
    with translation.override("en"):
        chart = an_indicator()
    assert {"Baseline 100", "Target 2,500.5", "Shops (shops)", "1,200", "1,500.5"} <= set(texts(chart.svg))
    assert chart.header == ("quarter", "Shops (shops)", "Baseline", "Target")
    assert [row[1:] for row in chart.rows] == [
        ("0", "100", "2,500.5"),
        ("1,200", "100", "2,500.5"),
        ("–", "100", "2,500.5"),
        ("1,500.5", "100", "2,500.5"),
    ]
    dashed = [one for one in parsed(chart.svg).iter(f"{SVG}line") if one.get("stroke-dasharray")]
    heights = [(BOTTOM - float(one.get("y1", ""))) / PLOT * 3000 for one in dashed]
    assert heights == pytest.approx([2500.5, 100], abs=0.1)


def test_what_is_not_set_is_neither_drawn_nor_listed() -> None:
    with translation.override("en"):
        chart = an_indicator(baseline=None, target=None)
        empty = of_an_indicator({}, baseline=None, target=None)
    assert chart.header == ("quarter", "Shops (shops)")
    assert not re.search("Baseline|Target|dasharray", chart.svg.split("</desc>")[1])
    assert (empty.rows, "circle" in empty.svg) == ((), False)


@given(st.decimals(-1000, 10**9, places=3), st.decimals(0, 10**9, places=3))
def test_a_scale_has_few_round_steps_and_holds_everything(low: Decimal, reach: Decimal) -> None:
    scale = ticks(low, low + reach)
    assert scale[0] <= low <= low + reach <= scale[-1]
    assert 2 <= len(scale) <= 8
    step = scale[1] - scale[0]
    assert {other - one for one, other in pairwise(scale)} == {step}
    assert step.normalize().as_tuple().digits in {(1,), (2,), (5,)}


# --- In a document ----------------------------------------------------------------------------------------------------


def test_in_a_pdf_the_words_of_a_chart_can_be_read_in_hangul(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "page.html").write_text(
        "<html lang=ko><title>가</title><style>@font-face { font-family: Pretendard; src: url('own:regular') }</style>"
        "{% autoescape off %}{{ trend }}{{ indicator }}{{ sign }}{% endautoescape %}",
        encoding="utf-8",
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path], "APP_DIRS": False}]
    with translation.override("ko"):
        asked = {"trend": a_trend().svg, "indicator": an_indicator().svg, "sign": symbol(Status.DONE).svg}
    content = drawn("page.html", asked, language="ko").content()
    said = words_of(content)
    assert [word for word in (Q1.label, "2,500.5", "매장 수 (개소)", "12") if word not in said] == []
    assert any(b"Pretendard" in part for part in everything_in(content))
