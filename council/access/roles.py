"""What an actor is on a day: the seats held, and what follows from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from council.core.actor import Actor
from council.core.calendar import local_day
from council.parties.models import Body, Organisation, Person, Seat, User
from council.parties.queries import AT_THE_TABLE

# Roles of the ministry's own staff who run a body.
SECRETARIAT = frozenset({Seat.Role.SECRETARY, Seat.Role.ASSISTANT, Seat.Role.HEAD})
# Roles through which an organisation reads and answers for its own items.
FOR_THE_OWNER = frozenset({Seat.Role.MEMBER, Seat.Role.LIAISON, Seat.Role.APPROVER})


@dataclass(frozen=True, slots=True)
class Standing:
    """What an actor may rest on: plain values, true for the day ``on``.

    With ``through`` it is somebody else's standing as that one looks at it: nothing is seen that not both see.
    """

    person_id: int | None
    organisation_id: int | None
    of_ministry: bool
    seats: frozenset[tuple[int, str]]
    family: frozenset[frozenset[int]]
    administers_accounts: bool
    on: date
    through: Standing | None = None

    def bodies(self, roles: Collection[str]) -> frozenset[int]:
        """The bodies in which the actor holds one of these roles."""
        return frozenset(body for body, role in self.seats if role in roles)

    @property
    def secretariat_of(self) -> frozenset[int]:
        """The bodies the actor runs. Only the ministry's own people run one."""
        return self.bodies(SECRETARIAT) if self.of_ministry else frozenset()

    @property
    def seated(self) -> frozenset[int]:
        """The bodies the actor sits on."""
        return self.bodies(AT_THE_TABLE)

    @property
    def community(self) -> frozenset[int]:
        """The bodies the actor sits on with their parents and working groups: TLP:GREEN reaches these."""
        return self._with_relatives(self.seated)

    @property
    def answers_for_owner_in(self) -> frozenset[int]:
        """Where the actor reads and answers for the own organisation's items. A CISO answers in the council's too."""
        return self._with_relatives(self.bodies(FOR_THE_OWNER))

    def runs(self, body_id: int) -> bool:
        """Whether both the actor and whoever looks through their eyes run a body."""
        return body_id in self.secretariat_of and (self.through is None or self.through.runs(body_id))

    def seen_through(self, viewer: Standing) -> Standing:
        """This standing as the viewer looks at it ("view as"); it allows nothing but looking."""
        return replace(self, through=viewer)

    def _with_relatives(self, bodies: frozenset[int]) -> frozenset[int]:
        return bodies.union(*(pair for pair in self.family if pair & bodies))


def nobody(on: date) -> Standing:
    """The standing of somebody who is not signed in, or whose account is closed."""
    return Standing(None, None, False, frozenset(), frozenset(), False, on)


def standing(actor: Actor, *, on: date | None = None) -> Standing:
    """An actor's standing on a day, today in Seoul if none is given. A seat that has ended counts no more."""
    day = on or local_day(timezone.now())
    accounts = User.objects.select_related("person__organisation")
    user = accounts.filter(pk=actor.user_id).first() if actor.user_id else None
    person = user.person if user and user.person_id == actor.person_id else _person(actor.person_id)
    if user and not user.is_active:
        return nobody(day)
    seats = list(Seat.objects.valid_on(day).filter(person=person)) if person else []
    return _standing(person, seats, user, _family() if seats else frozenset(), day)


def standings(held: Mapping[Person, Sequence[Seat]], *, on: date) -> list[Standing]:
    """What each person has who holds these seats on a day; the people come with their organisations."""
    family = _family()
    return [_standing(person, seats, None, family, on) for person, seats in held.items()]


def _standing(
    person: Person | None, seats: Iterable[Seat], user: User | None, family: frozenset[frozenset[int]], day: date
) -> Standing:
    return Standing(
        person_id=person.pk if person else None,
        organisation_id=person.organisation_id if person else None,
        of_ministry=bool(person and person.organisation.kind == Organisation.Kind.MINISTRY),
        seats=frozenset((seat.body_id, seat.role) for seat in seats),
        family=family,
        administers_accounts=bool(user and user.is_superuser),
        on=day,
    )


def _person(pk: int | None) -> Person | None:
    return None if pk is None else Person.objects.select_related("organisation").filter(pk=pk).first()


def _family() -> frozenset[frozenset[int]]:
    """Each working group with the body it reports to."""
    pairs = Body.objects.exclude(parent=None).values_list("pk", "parent_id")
    return frozenset(frozenset(pair) for pair in pairs)
