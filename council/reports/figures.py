"""Figures as people type them, and as they are kept: never guessed."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from council.core.errors import DomainError

WHOLE_DIGITS, DECIMALS = 13, 3
TYPED = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
# What a Korean keyboard writes for ASCII, and the minus sign of word processors.
PLAIN = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20, 0x2212: 0x2D}


class NotAFigure(DomainError):
    """What was typed is not one figure, or not one that can be kept."""


def parse_value(text: str, *, unit: str = "") -> Decimal:
    """One figure as it was typed: "1,234.5", "30"; with its indicator's ``unit`` after it, "30 %" too.

    NotAFigure for words, for anything that would have to be guessed, and for what ``check_value`` refuses.
    """
    bare = text.translate(PLAIN).strip()
    if unit:
        bare = bare.removesuffix(unit.translate(PLAIN)).rstrip()
    if not TYPED.fullmatch(bare):
        raise NotAFigure(
            _("“%(text)s” is not a figure. Write it like 1,234.5, without words; leave it empty if it is not known.")
            % {"text": text.strip()[:40]},
            field="values",
        )
    value = Decimal(bare.replace(",", ""))
    check_value(value)
    return value


def check_value(value: Decimal) -> None:
    """NotAFigure for what has no end, more than three decimals, or more than thirteen digits before them."""
    if not value.is_finite():
        raise NotAFigure(_("This is not a figure. Write it like 1,234.5."), field="values")
    if abs(value) >= 10**WHOLE_DIGITS:
        raise NotAFigure(
            _("This figure is too large: at most %(digits)d digits before the point, such as 1,234.5.")
            % {"digits": WHOLE_DIGITS},
            field="values",
        )
    if int(value.as_tuple().exponent) < -DECIMALS:
        raise NotAFigure(
            _("Give at most %(decimals)d decimals, such as 1,234.567.") % {"decimals": DECIMALS}, field="values"
        )


def value_text(value: Decimal) -> str:
    """A figure as it is kept in a draft and a receipt: the same text for the same figure."""
    return f"{(value + 0).normalize():f}"
