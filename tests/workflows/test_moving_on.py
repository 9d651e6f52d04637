"""Somebody changes organisation, address or seat: nothing of a rival's comes into view, and nobody is surprised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from council.access.policy import can
from council.core.errors import DomainError
from council.mail import engine
from council.mail.operations import compose
from council.parties.models import Body, Person, Seat, User
from council.parties.operations import end_seat, keep_person
from council.parties.queries import office_contacts
from council.workflows.give_access import change_account, open_account
from tests.access.rows import who_sees
from tests.factories import TODAY, Cast, actor_of, an_account, an_action, moment, seat
from tests.factories.founding import clock
from tests.factories.second_factor import signed_in

__all__ = ["clock"]
pytestmark = pytest.mark.both_databases
type SignIn = Callable[[User], Client]
NOW = moment("2026-11-24 10:00")


def test_nobody_takes_a_seat_to_another_organisation(cast: Cast) -> None:
    person = Person.objects.get(user=cast.skt_liaison)
    person.organisation = cast.kt
    with pytest.raises(DomainError) as refusal:
        keep_person(person, by=actor_of(cast.secretary), today=TODAY)
    assert refusal.value.field == "organisation"
    for held in Seat.objects.filter(person=person):
        end_seat(held, by=actor_of(cast.secretary), on=TODAY, at_once=True)
    with pytest.raises(DomainError):  # not in the course of the day it ends either
        keep_person(person, by=actor_of(cast.secretary), today=TODAY)
    Seat.objects.filter(person=person).update(ends_on="2026-11-23")
    keep_person(person, by=actor_of(cast.secretary), today=TODAY)
    assert "skt_liaison" not in who_sees(cast, an_action("KT"))


def test_seats_are_kept_by_their_bodys_secretariat_and_nobody_gives_one_to_themselves(cast: Cast) -> None:
    clerk = an_account("clerk@msit.test", "MSIT", is_staff=True)
    seat(clerk, "ciso", "secretary")
    theirs, of_council = (seat(cast.nobody, body, "observer") for body in ("ciso", "council"))
    assert can(actor_of(clerk), "change", theirs, on=TODAY)
    assert not can(actor_of(clerk), "change", of_council, on=TODAY)
    for user in (clerk, cast.accounts):
        own = seat(user, "council", "observer")
        assert not can(actor_of(user), "change", own, on=TODAY)
        assert not can(actor_of(user), "end", own, on=TODAY)


@pytest.mark.parametrize("who", ["accounts", "secretary"])
def test_whoever_seats_themselves_in_the_administration_is_refused(cast: Cast, as_user: SignIn, who: str) -> None:
    user: User = getattr(cast, who)
    values = {"body": cast.council.pk, "person": user.person_id, "role": "member", "starts_on": "2026-11-24"}
    before = Seat.objects.count()
    assert as_user(user).post("/admin/council/seat/add/", values).status_code == 403
    assert Seat.objects.count() == before
    values["person"] = cast.nobody.person_id
    assert as_user(user).post("/admin/council/seat/add/", values).status_code == 302


def test_a_copy_goes_to_colleagues_only(cast: Cast, as_user: SignIn) -> None:
    held = Seat.objects.get(person=cast.kt_ceo.person)
    held.office_contacts.set([cast.skt_liaison.person, cast.kt_liaison.person])  # type: ignore[list-item]
    assert list(office_contacts(held.person, on=TODAY)) == [cast.kt_liaison.person]
    values = {
        "body": held.body_id, "person": held.person_id, "role": held.role, "starts_on": "2026-04-09", "acting": "on",
        "office_contacts": [cast.skt_liaison.person_id],
    }  # fmt: skip
    answer = as_user(cast.secretary).post(f"/admin/council/seat/{held.pk}/change/", values)
    assert answer.context["adminform"].form.errors.keys() == {"office_contacts"}


def test_a_new_address_signs_everybody_out_and_the_old_one_is_told(cast: Cast, settings: Any) -> None:
    settings.SITE_URL = "http://testserver"
    client = signed_in(cast.kt_liaison)
    user = User.objects.get(pk=cast.kt_liaison.pk)
    user.email = "attacker@skt.test"
    change_account(user, by=actor_of(cast.accounts))
    assert client.get("/meetings/").headers["Location"].startswith("/login/")
    compose(now=NOW)
    engine.run(now=NOW)
    assert [letter.to for letter in mail.outbox] == [["liaison@kt.test"]]


def test_a_contributor_sits_at_no_table(cast: Cast) -> None:
    helper = an_account("helper@skt.test", "SKT")
    seat(helper, "council", "contributor")
    assert not can(actor_of(helper), "view", an_action("KT", label="TLP:AMBER"), on=TODAY)
    assert not can(actor_of(helper), "view", an_action("KT", label="TLP:GREEN"), on=TODAY)
    assert Body.objects.count() == 2


def test_an_account_stays_with_its_person(cast: Cast) -> None:
    """Else its administrator would be whoever they like, in one form."""
    taken = Person.objects.create(name_ko="대표이사", organisation=cast.kt, email="ceo2@kt.test")
    for user in (cast.accounts, cast.skt_liaison):
        user.person = taken
        with pytest.raises(DomainError) as refusal:
            change_account(user, by=actor_of(cast.accounts))
        assert refusal.value.field == "person"
    assert not User.objects.filter(person=taken).exists()


def test_an_account_is_opened_with_the_address_of_its_person(cast: Cast) -> None:
    person = Person.objects.create(name_ko="대표이사", organisation=cast.kt, email="ceo2@kt.test")
    with pytest.raises(DomainError) as refusal:
        open_account(User(email="mine@elsewhere.test", person=person), by=actor_of(cast.accounts))
    assert refusal.value.field == "email"
    open_account(User(email="CEO2@kt.test", person=person), by=actor_of(cast.accounts))
