"""Reads across people, accounts and seats."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet

from council.core.actor import Actor
from council.parties.models import Organisation, Person, Seat, User

# Roles that sit at a table. A contributor helps an organisation with its part.
AT_THE_TABLE = frozenset(Seat.Role) - {Seat.Role.CONTRIBUTOR}


def ministry() -> Organisation | None:
    """The ministry that convenes; None before there is one in the register."""
    return Organisation.objects.filter(kind=Organisation.Kind.MINISTRY).order_by("pk").first()


def not_ministries() -> QuerySet[Organisation]:
    """Everybody but the ministries, one of which convenes and publishes; in the order they are listed in."""
    return Organisation.objects.exclude(kind=Organisation.Kind.MINISTRY).order_by("kind", "code")


def people_seated(body_id: int, roles: Collection[str], *, on: date) -> QuerySet[Person]:
    """The people who hold one of these roles in a body on a day, each once."""
    held = Seat.objects.valid_on(on).filter(body_id=body_id, role__in=roles)
    return Person.objects.filter(pk__in=held.values("person_id"))


def language_of(person: Person) -> str:
    """The language a person is written to in: the account's, else Korean."""
    user = getattr(person, "user", None)
    return user.language if user else User.Language.KOREAN


def actor_for(user: User, *, ip: str = "", request_id: str = "") -> Actor:
    """The actor behind an account; its person is expected to be loaded with it."""
    person = user.person
    return Actor(
        label=f"{person.name_ko} <{user.email}>" if person else user.email,
        user_id=user.pk,
        person_id=user.person_id,
        organisation_id=person.organisation_id if person else None,
        ip=ip,
        request_id=request_id,
    )


def actor_of(person: Person) -> Actor:
    """Somebody as a reader, with or without an account."""
    user = getattr(person, "user", None)
    return Actor(
        label=person.name_ko,
        user_id=user.pk if user else None,
        person_id=person.pk,
        organisation_id=person.organisation_id,
    )


def high_ranking(people: Iterable[Person], *, on: date) -> set[int]:
    """Those of them who are a chair, a member of a body that reports to no other, or an approving executive.

    Nothing is sent to them by itself.
    """
    rank = Q(role=Seat.Role.CHAIR) | Q(role=Seat.Role.APPROVER) | Q(role=Seat.Role.MEMBER, body__parent=None)
    held = Seat.objects.valid_on(on).filter(rank, person__in={person.pk for person in people})
    return set(held.values_list("person", flat=True))


def office_contacts(person: Person, *, on: date) -> QuerySet[Person]:
    """Who receives a copy of what is sent to a person, by the seats held on a day; only those with an address.

    Colleagues alone: whoever has gone to another organisation since receives none.
    """
    held = Seat.objects.valid_on(on).filter(person=person)
    colleagues = Person.objects.filter(offices__in=held, organisation=person.organisation_id)
    return colleagues.exclude(email="").exclude(pk=person.pk).distinct()
