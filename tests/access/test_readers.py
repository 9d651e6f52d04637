"""Who can see this: the same people whom the rule lets in, for every kind of row."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.db import models

from council.access.readers import readers_of
from council.actions.operations.progress import submit_progress
from council.core.labels import Label
from council.files.models import StoredFile
from council.parties.models import Person, Seat, User
from tests.access.rows import a_labelled_action, an_agenda_item, an_open_meeting, an_update, who_sees
from tests.actions.steps import a_report
from tests.factories import TODAY, Cast, actor_of, an_account, moment, pdf, seat

type Counted = Callable[[int], AbstractContextManager[Any]]


def readers(row: models.Model) -> set[str]:
    """By the local part and organisation of their addresses, as the cast is named."""
    emails = {r.person.email for group in readers_of(row, on=TODAY) for r in group.people}
    return {email for email in emails if email}


def of_cast(cast: Cast, names: set[str]) -> set[str]:
    return {getattr(cast, name).email for name in names}


@pytest.mark.parametrize("label", list(Label))
def test_the_readers_of_an_item_are_those_whom_its_label_lets_in(cast: Cast, label: Label) -> None:
    action = a_labelled_action(label)
    assert readers(action) == of_cast(cast, who_sees(cast, action)) != set()


def test_the_readers_of_every_other_kind_are_those_whom_the_rule_lets_in(cast: Cast) -> None:
    meeting = an_open_meeting()
    action = a_labelled_action(Label.AMBER_STRICT)
    by, progress = actor_of(cast.skt_liaison), a_report(uploads=[pdf()])
    submit_progress(action, by=by, now=moment("2026-11-24 09:00"), progress=progress)
    rows = [
        meeting, an_agenda_item(meeting), an_update(action, Label.AMBER_STRICT, cast.skt_liaison),
        StoredFile.objects.get(), action.commitment,
    ]  # fmt: skip
    for row in rows:
        assert row is not None
        assert readers(row) == of_cast(cast, who_sees(cast, row)) != set(), row


def test_named_readers_of_a_red_item_are_among_them_and_nobody_else(cast: Cast) -> None:
    assert cast.skt_ciso.person is not None
    action = a_labelled_action(Label.RED, "SKT", cast.skt_ciso.person)
    assert readers(action) == {"secretary@msit.test", "ciso@skt.test"}


def test_whose_account_is_closed_is_not_among_them(cast: Cast) -> None:
    action = a_labelled_action(Label.AMBER_STRICT)
    User.objects.filter(pk=cast.skt_liaison.pk).update(is_active=False)
    assert readers(action) == {"secretary@msit.test", "ciso@skt.test", "ceo@skt.test"}


def test_who_has_left_a_seat_is_among_them_no_more(cast: Cast) -> None:
    action = a_labelled_action(Label.AMBER_STRICT)
    assert "liaison@skt.test" in readers(action)
    Seat.objects.filter(person=cast.skt_liaison.person).update(ends_on=date(2026, 11, 23))
    assert "liaison@skt.test" not in readers(action)


def test_the_ministry_comes_first_and_each_one_with_the_seats_held(cast: Cast) -> None:
    groups = readers_of(a_labelled_action(Label.AMBER_STRICT), on=TODAY)
    assert [group.organisation.code for group in groups] == ["MSIT", "SKT"]
    secretary = next(r for r in groups[0].people if r.person == cast.secretary.person)
    assert {(s.body.code, s.role) for s in secretary.seats} == {("council", "secretary"), ("ciso", "secretary")}


def test_somebody_without_an_account_is_told_of_too(cast: Cast) -> None:
    person = Person.objects.create(name_ko="계정 없는 담당자", organisation=cast.skt, email="paper@skt.test")
    Seat.objects.create(body=cast.council, person=person, role="liaison", starts_on=date(2026, 4, 9))
    assert "paper@skt.test" in readers(a_labelled_action(Label.AMBER_STRICT))


@pytest.mark.parametrize("people", [1, 30])
def test_the_same_number_of_questions_for_one_person_and_for_thirty(
    cast: Cast, django_assert_num_queries: Counted, people: int
) -> None:
    for n in range(people):
        seat(an_account(f"more{n}@skt.test", "SKT"), "council", "liaison")
    action = a_labelled_action(Label.AMBER_STRICT)
    with django_assert_num_queries(3):
        assert len(readers(action)) > people
