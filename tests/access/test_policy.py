"""What may be done: one table, agreeing with what is visible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from council.access.policy import TABLE, allowed, can
from council.access.roles import standing
from council.access.visibility import RULES, rule_for, visible_to
from council.actions.models import ActionItem
from council.core.models import AuditHead, Closure
from council.mail.models import DeliveryAttempt, EngineState
from council.meetings.models import Meeting
from council.parties.models import BodyRules
from tests.access.rows import actors, an_agenda_item, an_open_meeting
from tests.actions.steps import submitted
from tests.factories import TODAY, Cast, a_meeting, actor_of, an_account, an_action, seat
from tests.mail.letters import a_letter

pytestmark = pytest.mark.both_databases


def everything(cast: Cast) -> None:
    """At least one row of every model that has a rule."""
    action = submitted(cast)
    an_action("KT", label="TLP:AMBER")
    a_meeting()
    an_agenda_item(an_open_meeting(quarter="2027-Q3", starts_at=None, **THIRD_QUARTER))
    Closure.objects.create(date=TODAY, name="closed")
    EngineState.load()
    letter = a_letter(cast.skt_liaison)
    DeliveryAttempt.objects.create(delivery=letter, at=letter.not_before, outcome="accepted")
    BodyRules.objects.create(body=cast.council, version=1, text="t", effective_on=TODAY)
    assert action.updates.count() == 1


THIRD_QUARTER = {"outside_quarter_because": "no other day"}


def table_models() -> Iterator[type[models.Model]]:
    for name in sorted({name for name, _ in TABLE}):
        yield apps.get_model("council", name)


def test_whatever_can_be_done_to_a_row_is_visible_and_in_the_table_and_the_other_way_round(cast: Cast) -> None:
    everything(cast)
    seen_at_all = 0
    for actor in actors(cast).values():
        who = standing(actor, on=TODAY)
        for model in table_models():
            rows = list(model._default_manager.order_by("-pk")[:3])
            seen = set(visible_to(who, model._default_manager.all()).values_list("pk", flat=True))
            verbs = [verb for name, verb in TABLE if name == model._meta.model_name]
            for row in rows:
                assert can(who, "view", row) is (row.pk in seen)
                for verb in verbs:
                    assert can(who, verb, row) is (row.pk in seen and allowed(who, verb, row)), (model, verb)
                seen_at_all += row.pk in seen
    assert seen_at_all > 0


def test_the_secretary_of_one_body_changes_nothing_of_another(cast: Cast) -> None:
    """Also where the row is visible: here as an observer of the council."""
    clerk = an_account("clerk@msit.test", "MSIT")
    seat(clerk, "ciso", "secretary")
    seat(clerk, "council", "observer")
    action, meeting = an_action("SKT", label="TLP:AMBER"), an_open_meeting()
    item = an_agenda_item(meeting)
    who = standing(actor_of(clerk), on=TODAY)
    assert [can(who, "view", row) for row in (action, meeting, item)] == [True, True, True]
    assert [can(who, "change", row) for row in (action, meeting, item, meeting.deadlines.get(kind="notice"))] == [
        False,
        False,
        False,
        False,
    ]


def test_a_model_without_a_rule_is_shown_to_nobody(cast: Cast) -> None:
    with pytest.raises(LookupError):
        visible_to(actor_of(cast.secretary), AuditHead.objects.all(), on=TODAY)
    with pytest.raises(LookupError):
        can(actor_of(cast.secretary), "view", AuditHead(pk=1), on=TODAY)


def test_every_model_has_a_rule_except_the_chains_head() -> None:
    without = []
    for model in apps.get_app_config("council").get_models():
        try:
            rule_for(model)
        except LookupError:
            without.append(model)
    assert without == [AuditHead]


def test_a_row_that_is_not_stored_cannot_be_acted_on(cast: Cast) -> None:
    unsaved = ActionItem(owner=cast.skt, body=cast.council)
    assert not can(actor_of(cast.secretary), "change", unsaved, on=TODAY)


def test_every_row_a_carrier_sees_of_the_rest_is_seen_by_the_secretary_too_but_for_drafts(cast: Cast) -> None:
    everything(cast)
    secretary, liaison = (standing(actor_of(user), on=TODAY) for user in (cast.secretary, cast.kt_liaison))
    for model in RULES:
        seen, known = (
            set(visible_to(who, model._default_manager.all()).values_list("pk", flat=True))
            for who in (liaison, secretary)
        )
        assert seen <= known, model


def test_a_standing_costs_three_queries_and_its_rows_one(
    cast: Cast, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    an_action("SKT")
    for user in (cast.secretary, cast.skt_liaison, cast.kt_ciso):
        actor = actor_of(user)
        with django_assert_num_queries(3):
            who = standing(actor, on=TODAY)
        with django_assert_num_queries(0):
            actions, meetings = visible_to(who, ActionItem.objects.all()), visible_to(who, Meeting.objects.all())
        with django_assert_num_queries(2):
            list(actions)
            list(meetings)
