"""What the outbox is told about letters: filled once at start-up by ``reminders.kinds``, by nobody else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from council.core.errors import Text
from council.mail.models import Notice
from council.mail.states import LossPolicy, Unwanted
from council.parties.models import Person


def _their_own(person: Person) -> str:
    return person.email


def _nothing(notice: Notice) -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered letter. ``subject`` is one line; a calendar entry comes with what is to be done with it (RFC 5546)."""

    subject: str
    text: str
    html: str
    calendar_method: str = ""
    calendar_body: str = ""


@dataclass(frozen=True, slots=True)
class MailKind:
    """One kind of notice.

    ``recipients(target, today)`` names whom an announcement of this kind goes to; ``unwanted(notice, now)`` says why
    a notice is not wanted any more, or None; ``digest`` kinds travel in the day's one letter. ``at_once``: written at
    any hour, and let go without release. ``alone``: one letter for each notice, since it carries a calendar entry.
    ``inside``: about what an organisation has not handed in yet; nobody but its recipient reads the letter.
    ``address(person)`` is where it goes. ``secrets(notice)`` names what the kept letter shows in place of something
    that nobody but its recipient may read, with what is put there at hand-over.
    """

    code: str
    label: Text
    recipients: Callable[[Any, date], Collection[Person]]
    unwanted: Callable[[Notice, datetime], Unwanted | None]
    digest: bool = True
    policy: LossPolicy = LossPolicy.RESEND_ONCE
    at_once: bool = False
    alone: bool = False
    inside: bool = False
    address: Callable[[Person], str] = _their_own
    secrets: Callable[[Notice], dict[str, str]] = _nothing


class Registry:
    """The kinds by their codes, and how a letter is made of notices."""

    def __init__(self) -> None:
        self._kinds: dict[str, MailKind] = {}
        self.render: Callable[[Sequence[Notice], datetime], Letter] = _not_registered

    def add(self, *kinds: MailKind) -> None:
        self._kinds |= {kind.code: kind for kind in kinds}

    @property
    def at_once(self) -> list[str]:
        return [code for code, kind in self._kinds.items() if kind.at_once]

    @property
    def inside(self) -> list[str]:
        return [code for code, kind in self._kinds.items() if kind.inside]

    def __iter__(self) -> Iterator[MailKind]:
        return iter(self._kinds.values())

    def label_of(self, code: str) -> Text:
        """A kind in words; its code if there is no such kind any more."""
        kind = self._kinds.get(code)
        return kind.label if kind else code

    def __getitem__(self, code: str) -> MailKind:
        return self._kinds[code]


def _not_registered(notices: Sequence[Notice], now: datetime) -> Letter:
    msg = "No renderer has been registered."
    raise LookupError(msg)


registry = Registry()
