"""How far a label reaches, as a condition on rows: what the rules of all kinds of things have in common."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from council.access.roles import Standing
from council.core.labels import Label

NOTHING = Q(pk__in=[])
EVERYTHING = ~Q(pk__in=[])


def given(condition: bool) -> Q:
    return EVERYTHING if condition else NOTHING


def runs_a_body(who: Standing) -> Q:
    return given(bool(who.secretariat_of))


def keeps_the_register(who: Standing) -> Q:
    return given(bool(who.secretariat_of) or who.administers_accounts)


def anyone_seated(who: Standing) -> Q:
    return given(bool(who.seated))


def by_label(who: Standing, *, body: str, own: Q, named: Q = NOTHING, present: Q = NOTHING) -> Q:
    """The truth table of the labels for rows of a body, strictest first (access.md).

    ``own`` finds the rows of the organisation for which the actor answers, ``named`` those that name them as reader,
    ``present`` those of meetings to which they were asked without being seated on the body.
    """
    ministry = Q(**{f"{body}__in": who.secretariat_of})
    return (
        ministry
        | (Q(label=Label.RED, **{f"{body}__in": who.community}) & named)
        | (~Q(label=Label.RED) & own)
        | Q(label=Label.AMBER, **{f"{body}__in": who.seated})
        | (Q(label__in=[Label.AMBER, Label.GREEN, Label.CLEAR]) & present)
        | Q(label__in=[Label.GREEN, Label.CLEAR], **{f"{body}__in": who.community})
    )


def named_reader(who: Standing, through: Any, column: str) -> Q:
    """Named as its reader, while of the owner's or the ministry's people: whoever went to a rival left it behind."""
    entitled = Q(owner=who.organisation_id) | given(who.of_ministry)
    return entitled & Q(pk__in=through.objects.filter(person=who.person_id).values(column))


def as_text(rows: models.QuerySet[Any], column: str) -> models.QuerySet[Any]:
    """A column as the audit keeps it."""
    return rows.values_list(Cast(column, models.TextField()))
