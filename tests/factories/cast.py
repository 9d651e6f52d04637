"""The people of the tests, by role: who owns, who belongs, who must never see anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from council.core.actor import Actor
from council.parties.models import Body, Organisation, Person, Seat, User
from council.parties.queries import actor_for

PASSWORD = "a-password-of-the-tests"
SINCE = date(2026, 4, 9)


def an_account(
    email: str, organisation: str, *, is_staff: bool = False, is_superuser: bool = False, name: str = ""
) -> User:
    """An account with a person of an organisation and no seat."""
    person = Person.objects.create(
        name_ko=name or email, organisation=Organisation.objects.get(code=organisation), email=email
    )
    return User.objects.create_user(email, PASSWORD, person=person, is_staff=is_staff, is_superuser=is_superuser)


def seat(
    user: User, body: str, role: str, *, starts_on: date = SINCE, ends_on: date | None = None, acting: bool = False
) -> Seat:
    """A seat for an account's person."""
    assert user.person is not None
    return Seat.objects.create(
        body=Body.objects.get(code=body),
        person=user.person,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        acting=acting,
    )


def actor_of(user: User) -> Actor:
    return actor_for(User.objects.select_related("person").get(pk=user.pk))


@dataclass(frozen=True)
class Cast:
    """The secretary runs it; SKT's people own, KT's are the outsiders at the same table."""

    secretary: User
    chair: User
    skt_liaison: User
    skt_ciso: User
    skt_ceo: User
    kt_liaison: User
    kt_ciso: User
    kt_ceo: User
    lgu_liaison: User
    observer: User
    former_liaison: User
    accounts: User
    nobody: User

    @property
    def council(self) -> Body:
        return Body.objects.get(code="council")

    @property
    def ciso(self) -> Body:
        return Body.objects.get(code="ciso")

    @property
    def skt(self) -> Organisation:
        return Organisation.objects.get(code="SKT")

    @property
    def kt(self) -> Organisation:
        return Organisation.objects.get(code="KT")

    @property
    def outsiders(self) -> list[User]:
        """Everybody who must not see what SKT hands in."""
        return [
            self.kt_liaison, self.kt_ciso, self.kt_ceo, self.lgu_liaison, self.observer, self.former_liaison,
            self.accounts, self.nobody, self.chair,
        ]  # fmt: skip


def make_cast() -> Cast:
    """Accounts and seats on the seeded council."""
    cast = Cast(
        secretary=an_account("secretary@msit.test", "MSIT", is_staff=True),
        chair=an_account("chair@msit.test", "MSIT"),
        skt_liaison=an_account("liaison@skt.test", "SKT"),
        skt_ciso=an_account("ciso@skt.test", "SKT"),
        skt_ceo=an_account("ceo@skt.test", "SKT"),
        kt_liaison=an_account("liaison@kt.test", "KT"),
        kt_ciso=an_account("ciso@kt.test", "KT"),
        kt_ceo=an_account("ceo@kt.test", "KT"),
        lgu_liaison=an_account("liaison@lgu.test", "LGU"),
        observer=an_account("observer@kisa.test", "KISA"),
        former_liaison=an_account("former@skt.test", "SKT"),
        accounts=an_account("accounts@msit.test", "MSIT", is_staff=True, is_superuser=True),
        nobody=an_account("nobody@nfa.test", "NFA"),
    )
    for body in ("council", "ciso"):
        seat(cast.secretary, body, "secretary")
        for liaison in (cast.skt_liaison, cast.kt_liaison, cast.lgu_liaison):
            seat(liaison, body, "liaison")
    seat(cast.chair, "council", "chair", acting=True)
    for ceo in (cast.skt_ceo, cast.kt_ceo):
        seat(ceo, "council", "member", acting=True)
    for ciso in (cast.skt_ciso, cast.kt_ciso):
        seat(ciso, "ciso", "member")
    seat(cast.observer, "ciso", "observer")
    seat(cast.former_liaison, "council", "liaison", ends_on=date(2026, 6, 30))
    return cast
