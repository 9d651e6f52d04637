"""When a rule speaks: pure arithmetic, no database, no clock."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.core.calendar import BusinessCalendar
from council.reminders.schedule import LOOK_BACK, Fact, Occasion, Rule, occasion_day, occasions

days = st.dates(min_value=date(2026, 1, 1), max_value=date(2030, 12, 31))
calendars = st.builds(BusinessCalendar, st.frozensets(days, max_size=20))
rules = st.builds(
    Rule,
    pk=st.integers(1, 5),
    kind=st.sampled_from(["action_due", "action_overdue"]),
    body_id=st.integers(1, 2),
    deadline_kind=st.just(""),
    offset=st.integers(-30, 30),
    business_days=st.booleans(),
    audience=st.just("responsible"),
)
facts = st.builds(
    Fact,
    kind=st.sampled_from(["action_due", "action_overdue"]),
    body_id=st.integers(1, 2),
    deadline_kind=st.just(""),
    target_type=st.just("actionitem"),
    target_id=st.integers(1, 9),
    anchor_on=days,
    known_on=days,
    useful_until=st.none(),
)
NO_CLOSURES = BusinessCalendar(frozenset())


def a_rule(offset: int, *, business_days: bool = True) -> Rule:
    return Rule(1, "action_due", 1, "", offset, business_days, "responsible")


def a_fact(anchor_on: date, known_on: date = date(2026, 11, 1)) -> Fact:
    return Fact("action_due", 1, "", "actionitem", 1, anchor_on, known_on, None)


def spoken(rules: list[Rule], facts: list[Fact], day: date, calendar: BusinessCalendar = NO_CLOSURES) -> list[Occasion]:
    return list(occasions(rules, facts, day, calendar))


@given(rules, days, calendars)
def test_a_rule_speaks_on_business_days_only(rule: Rule, anchor: date, calendar: BusinessCalendar) -> None:
    assert calendar.is_business_day(occasion_day(rule, anchor, calendar))


@given(rules, days, calendars)
def test_before_is_never_later_and_after_never_earlier(rule: Rule, anchor: date, calendar: BusinessCalendar) -> None:
    on = occasion_day(rule, anchor, calendar)
    assert on <= anchor if rule.offset <= 0 else on > anchor


@given(st.lists(rules, max_size=4), st.lists(facts, max_size=4), days, calendars)
def test_asking_again_gives_the_same(
    rules: list[Rule], facts: list[Fact], day: date, calendar: BusinessCalendar
) -> None:
    assert spoken(rules, facts, day, calendar) == spoken(rules, facts, day, calendar)


@given(st.lists(rules, min_size=1, max_size=4), st.lists(facts, min_size=1, max_size=4), calendars, st.data())
def test_nobody_is_reminded_too_early_too_late_or_of_what_was_not_known_yet(
    rules: list[Rule], facts: list[Fact], calendar: BusinessCalendar, data: st.DataObject
) -> None:
    # Near an anchor, or almost every day drawn would be far from everything.
    day = data.draw(st.sampled_from(facts)).anchor_on + timedelta(days=data.draw(st.integers(-40, 40)))
    for occasion in occasions(rules, facts, day, calendar):
        assert day - LOOK_BACK <= occasion.on <= day
        assert occasion.on >= occasion.fact.known_on
        assert (occasion.rule.kind, occasion.rule.body_id) == (occasion.fact.kind, occasion.fact.body_id)


@given(rules, days, calendars)
def test_what_was_missed_is_still_there_a_month_later_and_then_no_more(
    rule: Rule, anchor: date, calendar: BusinessCalendar
) -> None:
    fact = Fact(rule.kind, rule.body_id, "", "actionitem", 1, anchor, date.min, None)
    on = occasion_day(rule, anchor, calendar)
    said = [bool(spoken([rule], [fact], on + timedelta(days=n), calendar)) for n in (-1, 0, 1, 31, 32)]
    assert said == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("offset", "business_days", "on"),
    [
        (-7, True, date(2026, 12, 1)),
        (-1, True, date(2026, 12, 9)),
        (0, True, date(2026, 12, 10)),
        (1, True, date(2026, 12, 11)),
        (3, True, date(2026, 12, 15)),
        (-4, False, date(2026, 12, 4)),  # 6 December is a Sunday: the Friday before
        (2, False, date(2026, 12, 14)),  # 12 December is a Saturday: the Monday after
    ],
)
def test_counting_from_thursday_10_december(offset: int, business_days: bool, on: date) -> None:
    assert occasion_day(a_rule(offset, business_days=business_days), date(2026, 12, 10), NO_CLOSURES) == on


def test_a_day_closed_at_short_notice_moves_the_occasion_forward_not_back() -> None:
    closed = BusinessCalendar(frozenset({date(2026, 12, 9)}))
    assert occasion_day(a_rule(-1), date(2026, 12, 10), closed) == date(2026, 12, 8)
    assert occasion_day(a_rule(-1, business_days=False), date(2026, 12, 10), closed) == date(2026, 12, 8)


def test_what_became_known_after_the_occasion_is_not_reminded_of() -> None:
    rule, anchor = a_rule(-7), date(2026, 12, 10)
    assert len(spoken([rule], [a_fact(anchor, known_on=date(2026, 12, 1))], date(2026, 12, 3))) == 1
    assert spoken([rule], [a_fact(anchor, known_on=date(2026, 12, 2))], date(2026, 12, 3)) == []


def test_a_rule_speaks_of_its_own_step_only() -> None:
    fact = Fact("meeting_deadline", 1, "notice", "deadline", 1, date(2026, 12, 10), date(2026, 11, 1), None)
    same = Rule(1, "meeting_deadline", 1, "notice", 0, True, "liaisons")
    other = Rule(2, "meeting_deadline", 1, "items_due", 0, True, "liaisons")
    assert [occasion.rule for occasion in spoken([same, other], [fact], date(2026, 12, 10))] == [same]
