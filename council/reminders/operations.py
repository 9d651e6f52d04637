"""Planning: rules and facts become notices. Run it a hundred times, nothing changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime

from council.access.roles import standing
from council.access.visibility import visible_to
from council.core.calendar import BusinessCalendar, local_day
from council.mail.models import Notice
from council.mail.operations import key, post
from council.parties.models import Person
from council.parties.queries import actor_of
from council.reminders.models import ReminderRule
from council.reminders.queries import active_rules, facts, still_owes
from council.reminders.recipients import OF_ACTION, OF_BODY, OF_REPORT
from council.reminders.schedule import Occasion, occasions
from council.reminders.targets import TARGETS

BATCH = 500


def plan(*, now: datetime) -> None:
    """Note down whom the rules want to be told of what by today. What is noted already stays as it is."""
    day = local_day(now)
    due = list(occasions(active_rules(), facts(day), day, BusinessCalendar.load()))
    for start in range(0, len(due), BATCH):
        post(_notice(occasion, person) for occasion, person in addressed(due[start : start + BATCH], day))


def addressed(due: Collection[Occasion], day: date) -> Iterator[tuple[Occasion, Person]]:
    """Each occasion with each person it is for and who sees the thing on that day."""
    pairs = [(occasion, person) for occasion in due for person in _audience(occasion, day)]
    wanted: dict[tuple[Person, str], set[int]] = defaultdict(set)
    for occasion, person in pairs:
        wanted[person, occasion.fact.target_type].add(occasion.fact.target_id)
    readers = {person: standing(actor_of(person), on=day) for person, _ in wanted}
    visible = {
        (person, target_type): set(
            visible_to(readers[person], TARGETS[target_type].filter(pk__in=ids)).values_list("pk", flat=True)
        )
        for (person, target_type), ids in wanted.items()
    }
    for occasion, person in pairs:
        if occasion.fact.target_id in visible[person, occasion.fact.target_type]:
            yield occasion, person


def _audience(occasion: Occasion, day: date) -> Iterable[Person]:
    rule, fact = occasion.rule, occasion.fact
    if fact.target_type == "actionitem" and rule.audience in OF_ACTION:
        return OF_ACTION[rule.audience](TARGETS["actionitem"].get(pk=fact.target_id), day)
    if fact.target_type == "report" and rule.audience in OF_REPORT:
        return OF_REPORT[rule.audience](TARGETS["report"].get(pk=fact.target_id), day)
    if rule.audience not in OF_BODY:
        return []
    people = OF_BODY[rule.audience](rule.body_id, day).select_related("user")
    if fact.target_type != "deadline" or rule.audience != ReminderRule.Audience.LIAISONS:
        return people
    deadline = TARGETS["deadline"].get(pk=fact.target_id)
    return [person for person in people if still_owes(deadline, person.organisation_id)]


def _notice(occasion: Occasion, person: Person) -> Notice:
    rule, fact = occasion.rule, occasion.fact
    return Notice(
        kind=rule.kind,
        target_type=fact.target_type,
        target_id=fact.target_id,
        recipient=person,
        on=occasion.on,
        anchor_on=fact.anchor_on,
        useful_until=fact.useful_until,
        dedupe_key=key(rule.pk, fact.target_type, fact.target_id, fact.anchor_on, person.pk),
    )
