"""Which answers an operation may give beside its own."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Schema
from ninja.errors import ValidationError

from council.api.schemas import Invalid, Problem
from council.web.addresses import SealedNumber

# What no program sends; without a good token; not as the document says; too often.
READING: dict[int, Any] = {400: Problem, 401: Problem, 422: Invalid, 429: Problem}
# And of one thing: not the visitor's to see.
ONE: dict[int, Any] = READING | {403: Problem, 404: Problem}
# And of a change: against a rule.
CHANGE: dict[int, Any] = ONE | {409: Problem}


def refuse_unknown(request: HttpRequest, asked: Schema) -> None:
    """422 for a word in the query that the document does not name: whoever mistypes one gets no other list."""
    unknown = request.GET.keys() - type(asked).model_fields.keys()
    if unknown:
        raise ValidationError(
            [
                {"type": "extra_forbidden", "loc": ["query", name], "msg": "Extra inputs are not permitted"}
                for name in sorted(unknown)
            ]
        )


def number_of(kind: str, key: str) -> int:
    """What a key stands for; Http404 for one that was not given out."""
    try:
        return SealedNumber(kind).to_python(key)
    except ValueError as error:
        raise Http404 from error
