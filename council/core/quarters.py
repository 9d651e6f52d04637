"""The quarter as a value: 2026-Q4 is what the council plans, reports and is judged by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WRITTEN = re.compile(r"(\d{4})-Q([1-4])")


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """A quarter of a calendar year; ordered by time, written ``2026-Q4``."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 4 and 1 <= self.year <= 9999):
            msg = f"There is no quarter {self.number} of {self.year}."
            raise ValueError(msg)

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter in which a day lies."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read ``2026-Q4``; ValueError for anything else."""
        if not (match := WRITTEN.fullmatch(text.strip())):
            msg = f"{text!r} is not a quarter such as 2026-Q4."
            raise ValueError(msg)
        return cls(int(match[1]), int(match[2]))

    @property
    def starts_on(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends_on(self) -> date:
        if self.number == 4:
            return date(self.year, 12, 31)
        return date(self.year, 3 * self.number + 1, 1) - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def next(self) -> Quarter:
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    def previous(self) -> Quarter:
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.number}"

    @property
    def label(self) -> str:
        """In the reader's language: "2026년 4분기", "Q4 2026"."""
        return _("Q%(number)d %(year)d") % {"year": self.year, "number": self.number}


class QuarterField(models.CharField[Quarter | str, Quarter]):
    """One sortable column that holds a Quarter as ``2026-Q4``."""

    description = gettext_lazy("A quarter of a year, written 2026-Q4")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 7
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, list(args), kwargs

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Quarter | None:
        return None if value is None else Quarter.parse(value)

    def to_python(self, value: Any) -> Quarter | None:
        if value is None or isinstance(value, Quarter):
            return value
        try:
            return Quarter.parse(str(value))
        except ValueError as error:
            raise ValidationError(_("Write the quarter like 2026-Q4."), code="invalid") from error

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else str(self.to_python(value))

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(str(value) if value is not None else value, model_instance)

    def run_validators(self, value: Any) -> None:
        super().run_validators("" if value is None else str(value))
