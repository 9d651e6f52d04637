"""Every kind of letter about everything it can be about, to everybody: no foreign canary, no title, no content."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from council.core.labels import Label
from council.mail.models import Notice
from council.mail.registry import MailKind, registry
from council.parties.models import Person, User
from council.reminders.targets import TARGETS
from tests.factories import TODAY
from tests.proofs import EVERYTHING, PROOF, Figures
from tests.wall import feeders
from tests.wall.actors import BY_NAME, EVERYBODY, Who
from tests.wall.sowing import NOW
from tests.wall.world import World

# What a letter may say of a thing: which meeting of which body, and where.
MAY_STAND_IN_A_LETTER = {
    "Meeting.title",
    "Meeting.venue",
    "Body.name_ko",
    "Body.name_en",
    "Body.short_ko",
    "Body.short_en",
    "User.email",  # to the account's own person, about the account
}
KINDS: dict[str, MailKind] = {kind.code: kind for kind in registry}
# What a kind is about, where its code does not begin with it.
ABOUT = {
    "quarter": "body", "action": "actionitem", "meeting": "meeting", "account": "user", "release": "releaserequest",
    "participation": "participation", "guest": "participation", "delegation": "participation", "agenda": "agendaitem",
    "minutes": "minutesrevision", "publication": "publication", "records": "recordsopinion",
    "report": "report", "round": "reportinground", "progress": "progressupdate", "extension": "extensionrequest",
    "contribution": "contribution", "clearance": "clearance",
}  # fmt: skip
STEPS = {
    "meeting_deadline": "deadline", "account_opened": "person", "minutes_comment_answered": "minutescomment",
    "publication_decided": "opinion", "action_commented": "actioncomment", "action_escalated": "escalation",
    "public_quarter_shown": "publicquarter",
}  # fmt: skip


def about(world: World, kind: MailKind) -> list[Any]:
    """Every planted thing a letter of this kind could be about."""
    code = str(kind.code)
    name = STEPS.get(code) or ABOUT.get(code.partition("_")[0])
    assert name in TARGETS, f"Say in ABOUT or STEPS of tests/wall/test_letters.py what {code!r} is about."
    rows = [row for row in world.rows if row._meta.model_name == name]
    planted = {row.pk for row in (rows if EVERYTHING else feeders.spread(rows, 12 if PROOF else 2))}
    found = list(TARGETS[name].filter(pk__in=planted))
    return found or list(TARGETS[name])


def letters(world: World, kind: MailKind, who: Who) -> Iterator[tuple[Any, Any, bool]]:
    """Each such letter to somebody, and whether it is wanted: the second look comes before the composing."""
    person = Person.objects.select_related("user", "organisation").get(pk=world.person(who.name).pk)
    for target in about(world, kind):
        if isinstance(target, User) and target.person_id != person.pk:
            continue  # written to nobody but the account's own person; tests/reminders has that
        notice = Notice(
            kind=kind.code, target_type=target._meta.model_name, target_id=target.pk, recipient=person, on=TODAY,
            anchor_on=getattr(target, "due_on", TODAY),
        )  # fmt: skip
        unwanted = kind.unwanted(notice, NOW)
        yield target, notice, unwanted is None


PEOPLE = [who for who in EVERYBODY if who.signed_in]


@pytest.mark.parametrize("code", KINDS)
def test_no_letter_carries_content(world: World, code: str, request: pytest.FixtureRequest) -> None:
    figures, wrong = Figures(kinds=1), []
    for who in PEOPLE:
        for target, notice, wanted in letters(world, KINDS[code], who):
            figures["notices"] += 1
            if not wanted:
                continue
            sees = world.oracle.sees(who, target)
            if not sees:
                wrong.append(f"{code} about {target!r} would be written to {who.name}, who does not see it")
            for language in ("ko", "en")[: None if PROOF else 1]:
                with translation.override(language):
                    letter = registry.render([notice], NOW)
                figures["letters"] += 1
                text = "\n".join((letter.subject, letter.text, letter.html, letter.calendar_body))
                wrong += [f"{code} to {who.name}: {leak}" for leak in world.leaks(who, text)]
                wrong += content(world, f"{code} to {who.name}", text, notice.recipient)
                wrong += labels(target, f"{code} to {who.name}", letter.subject)
    figures.report(request, "letters")
    assert wrong == []


def content(world: World, letter: str, text: str, recipient: Person) -> list[str]:
    """Titles and texts that stand in a letter, even to those who may see them; not how its recipient is addressed."""
    found = [world.canaries.by_token[token] for token in world.canaries.in_text(text)]
    found = [canary for canary in found if canary.row != recipient]
    return [f"{letter}: {c}" for c in found if f"{type(c.row).__name__}.{c.field}" not in MAY_STAND_IN_A_LETTER]


def labels(target: Any, letter: str, subject: str) -> list[str]:
    """A thing labelled AMBER or stricter says so before the subject."""
    label = getattr(target, "label", "")
    if label in {Label.RED, Label.AMBER_STRICT, Label.AMBER} and f"[{label}]" not in subject:
        return [f"{letter}: {subject!r} does not say {label}"]
    return []


def test_letters_of_every_family_are_wanted_by_somebody(world: World) -> None:
    """So that the proof above has letters to look into."""
    written = {
        code.partition("_")[0]
        for code, kind in KINDS.items()
        for who in (BY_NAME["secretary"], BY_NAME["skt_liaison"])
        if any(wanted for _target, _notice, wanted in letters(world, kind, who))
    }
    assert written >= {"action", "meeting", "quarter"}
