"""The words of the letters about somebody's own account, in both languages. UPDATE_SNAPSHOTS=1 writes them anew."""

from __future__ import annotations

import re

import pytest

from council.mail.models import Notice
from council.mail.registry import Letter
from council.parties.models import Person, User
from council.reminders.accounts import KINDS, MASKED, WITH_LINK
from tests.reminders.test_letters import (
    CANARY,
    CONTACT,
    SITE,
    SNAPSHOTS,
    TODAY,
    UPDATE,
    Reader,
    a_liaison,
    site,
    written,
)

__all__ = ["site"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded", "site")]
every_kind = pytest.mark.parametrize("kind", [kind.code for kind in KINDS])
every_language = pytest.mark.parametrize("language", ["ko", "en"])


def a_notice(kind: str) -> Notice:
    person = a_liaison()
    Person.objects.filter(pk=person.pk).update(email=f"{CANARY}@skt.test")
    user = User.objects.create_user("liaison@skt.test", person=person)
    about = ("person", person.pk) if kind == "account_opened" else ("user", user.pk)
    return Notice(
        kind=kind, target_type=about[0], target_id=about[1], recipient=person, on=TODAY, anchor_on=TODAY,
    )  # fmt: skip


def the_letter(kind: str, language: str) -> Letter:
    return written([a_notice(kind)], language)


@every_language
@every_kind
def test_the_letter_says_what_its_snapshot_says(kind: str, language: str) -> None:
    path, letter = SNAPSHOTS / f"{kind}.{language}.txt", the_letter(kind, language)
    in_html = Reader(letter.html).text
    parts = {"subject": letter.subject + "\n", "text": letter.text, "HTML, what it says": in_html + "\n"}
    now_says = "".join(f"=== {name}\n{said}" for name, said in parts.items())
    if UPDATE:
        path.write_text(now_says, encoding="utf-8")
    assert now_says == path.read_text(encoding="utf-8")


@every_language
@every_kind
def test_it_has_one_link_to_this_site_and_a_secret_one_only_masked(kind: str, language: str) -> None:
    letter = the_letter(kind, language)
    (link,) = re.findall(r"\S*://\S+", letter.text)
    assert link == SITE + (MASKED if kind in WITH_LINK else "/" if kind == "account_opened" else "/account/")
    assert [value for name, value in Reader(letter.html).attributes if name == "href"] == [link]


@every_language
@every_kind
def test_html_and_text_say_the_same_and_nothing_is_left_over(kind: str, language: str) -> None:
    letter = the_letter(kind, language)
    heading, _, rest = Reader(letter.html).text.partition("\n")
    assert heading in letter.text
    assert rest.split() == letter.text.split()
    assert not re.search(r"\{\{|\}\}|\{%|%\}|None", letter.subject + letter.text + letter.html)
    assert CONTACT in letter.text
    assert CANARY not in letter.text


@every_language
@every_kind
def test_the_link_that_is_filled_in_is_the_accounts_own(kind: str, language: str) -> None:
    notice = a_notice(kind)
    (chosen,) = [each for each in KINDS if each.code == kind]
    secrets = chosen.secrets(notice)
    assert set(secrets) == ({SITE + MASKED} if kind in WITH_LINK else set())
    assert [value for value in secrets.values() if not value.startswith(f"{SITE}/login/link/")] == []
    if kind != "account_opened":
        assert chosen.recipients(User.objects.get(), TODAY) == [notice.recipient]
