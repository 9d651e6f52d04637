"""Days and moments that a consultative body could mean."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 2000, 2100


def within_reach(value: date) -> None:
    """Validator of a day or a moment: others are slips of the keyboard, which no calendar could bear."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(
            _("Choose a day between %(first)d and %(last)d."), params={"first": FIRST_YEAR, "last": LAST_YEAR}
        )
