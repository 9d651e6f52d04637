"""Rows for tests, explicit and unsurprising."""

from tests.factories.cast import Cast, actor_of, an_account, make_cast, seat
from tests.factories.rows import TODAY, a_meeting, an_action, link, moment, pdf

__all__ = [
    "TODAY",
    "Cast",
    "a_meeting",
    "actor_of",
    "an_account",
    "an_action",
    "link",
    "make_cast",
    "moment",
    "pdf",
    "seat",
]
