"""Figures as people type them: what is one is taken, nothing is guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.reports.figures import NotAFigure, check_value, parse_value, value_text

KEPT = st.decimals(min_value=-(10**13) + 1, max_value=10**13 - 1, places=3, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30", "30"),
        (" 1,234.5 ", "1234.5"),
        ("-0.125", "-0.125"),
        ("−3", "-3"),
        ("+7", "7"),
        ("１，２３４．５", "1234.5"),
        ("9,999,999,999,999.999", "9999999999999.999"),
        ("007", "7"),
    ],
)
def test_a_figure_is_read(text: str, value: str) -> None:
    assert parse_value(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "약 30%", "30명", "thirty", "NaN", "Infinity", "-inf", "1e5", "1,23", "12,34,567", "1.234,5", "1 234",
        "3²", "①", "½", "٣", "0x10", "1_000", ".5", "5.", "--1", "30~40", "30 %",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(NotAFigure) as refusal:
        parse_value(text)
    assert refusal.value.field == "values"
    assert "1,234.5" in str(refusal.value)


@pytest.mark.parametrize(("text", "unit"), [("30 %", "%"), ("30%", "%"), ("30％", "%"), ("30건", "건"), ("30", "%")])
def test_a_figure_may_carry_its_own_unit(text: str, unit: str) -> None:
    assert parse_value(text, unit=unit) == 30


@pytest.mark.parametrize(("text", "unit"), [("30 %", "건"), ("약 30%", "%"), ("%", "%"), ("30 %%", "%")])
def test_another_unit_is_refused(text: str, unit: str) -> None:
    with pytest.raises(NotAFigure):
        parse_value(text, unit=unit)


@pytest.mark.parametrize("text", ["1.2345", "10000000000000", "10,000,000,000,000.5", "9" * 400])
def test_what_the_column_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(NotAFigure):
        parse_value(text)


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+13", "0.0001"])
def test_a_number_that_cannot_be_kept_is_refused(value: str) -> None:
    with pytest.raises(NotAFigure):
        check_value(Decimal(value))


@pytest.mark.parametrize(("value", "text"), [("100", "100"), ("1E+3", "1000"), ("30.500", "30.5"), ("-0", "0")])
def test_the_same_figure_is_always_written_the_same(value: str, text: str) -> None:
    assert value_text(Decimal(value)) == text


@given(KEPT)
def test_what_is_written_is_read_back(value: Decimal) -> None:
    assert parse_value(value_text(value)) == value
    assert parse_value(f"{value:,}") == value
