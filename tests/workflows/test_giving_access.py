"""Accounts are opened by invitation; a password is chosen by whom it belongs to, and nobody else holds the link."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils import timezone
from time_machine import Traveller

from council.access.policy import can
from council.core.actor import Actor
from council.core.errors import DomainError
from council.core.models import AuditEntry
from council.mail import engine
from council.mail.models import Delivery, Notice
from council.mail.operations import compose
from council.mail.registry import registry
from council.mail.states import Unwanted
from council.parties.models import Person, User
from council.workflows.give_access import invite, reset_second_factor, send_link
from tests.factories import TODAY, Cast, actor_of, an_account, moment, seat
from tests.factories.cast import PASSWORD
from tests.factories.founding import clock, seeded
from tests.factories.second_factor import an_app
from tests.mail.letters import a_notice

__all__ = ["clock", "seeded"]
SUNDAY_NIGHT = moment("2026-11-22 23:00")
PHRASE = "a-phrase-of-my-own-choosing"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = "http://testserver"


def somebody(cast: Cast, email: str = "new@kt.test") -> Person:
    return Person.objects.create(name_ko="새 담당자", organisation=cast.kt, email=email)


def sent(now: Any) -> list[Any]:
    """What reaches the relay in one turn, but for what colleagues are told of a new account."""
    Notice.objects.filter(kind="account_opened").delete()
    before = len(mail.outbox)
    compose(now=now)
    engine.run(now=now)
    return mail.outbox[before:]


def links(text: str) -> list[str]:
    return re.findall(r"http://testserver(/login/link/\S+/)", text)


def the_link(clock: Traveller) -> str:
    clock.move_to(SUNDAY_NIGHT, tick=False)
    (letter,) = sent(SUNDAY_NIGHT)
    (link,) = links(letter.body)
    assert links(letter.alternatives[0].content.replace("</a>", " ").replace('"', " "))[0] == link
    return link


def choose(client: Client, link: str, phrase: str = PHRASE) -> Any:
    form = client.get(link)
    if form.status_code != 302:
        return form
    assert client.get(form["Location"]).status_code == 200
    return client.post(form["Location"], {"new_password1": phrase, "new_password2": phrase})


def test_the_secretary_invites_and_the_letter_goes_at_once(cast: Cast, clock: Traveller) -> None:
    person = somebody(cast)
    invite(person, by=actor_of(cast.secretary))
    Notice.objects.update(on=SUNDAY_NIGHT.date())
    user = User.objects.get(person=person)
    assert (user.email, user.is_staff, user.is_superuser) == ("new@kt.test", False, False)
    assert not user.has_usable_password()
    link, client = the_link(clock), Client()
    assert choose(client, link)["Location"] == "/login/"
    user.refresh_from_db()
    assert user.check_password(PHRASE)
    assert "_auth_user_id" not in client.session
    verbs = set(AuditEntry.objects.filter(target_type="user", target_id=str(user.pk)).values_list("verb", flat=True))
    assert {"user.added", "account.invited", "user.password_set"} <= verbs


def test_nobody_who_reads_the_letters_holds_the_link(cast: Cast, clock: Traveller) -> None:
    send_link(cast.kt_liaison, by=actor_of(cast.accounts))
    Notice.objects.update(on=SUNDAY_NIGHT.date())
    link = the_link(clock)
    kept = Delivery.objects.get(recipient=cast.kt_liaison.person_id)
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in kept.text + kept.html + str(list(AuditEntry.objects.values_list()))
    assert "/login/link/••••••••/" in kept.text
    assert "/login/link/••••••••/" in kept.html


def test_a_link_works_once(cast: Cast, clock: Traveller) -> None:
    send_link(cast.kt_liaison, by=actor_of(cast.accounts))
    Notice.objects.update(on=SUNDAY_NIGHT.date())
    link = the_link(clock)
    assert choose(Client(), link).status_code == 302
    used = choose(Client(), link, "another-phrase-altogether")
    assert used.status_code == 410
    assert "/login/forgotten/" in used.text
    assert User.objects.get(pk=cast.kt_liaison.pk).check_password(PHRASE)


def test_looking_changes_nothing(cast: Cast, clock: Traveller) -> None:
    send_link(cast.kt_liaison, by=actor_of(cast.accounts))
    Notice.objects.update(on=SUNDAY_NIGHT.date())
    link = the_link(clock)
    for _ in range(3):
        scanner = Client()
        scanner.get(scanner.get(link)["Location"])
    assert User.objects.get(pk=cast.kt_liaison.pk).check_password(PASSWORD)
    assert choose(Client(), link).status_code == 302


@pytest.mark.parametrize(("days", "status"), [(6, 302), (8, 410)])
def test_a_link_is_of_use_for_seven_days(cast: Cast, clock: Traveller, days: int, status: int) -> None:
    send_link(cast.kt_liaison, by=actor_of(cast.accounts))
    Notice.objects.update(on=SUNDAY_NIGHT.date())
    link = the_link(clock)
    clock.shift(timedelta(days=days))
    assert choose(Client(), link).status_code == status


def test_the_link_of_an_account_that_was_closed_opens_nothing(cast: Cast, clock: Traveller) -> None:
    send_link(cast.kt_liaison, by=actor_of(cast.accounts))
    Notice.objects.update(on=SUNDAY_NIGHT.date())
    link = the_link(clock)
    User.objects.filter(pk=cast.kt_liaison.pk).update(is_active=False)
    assert choose(Client(), link).status_code == 410


def test_the_link_of_one_account_is_not_that_of_another(cast: Cast, clock: Traveller) -> None:
    send_link(cast.kt_liaison, by=actor_of(cast.accounts))
    Notice.objects.update(on=SUNDAY_NIGHT.date())
    link = the_link(clock)
    from django.utils.encoding import force_bytes  # noqa: PLC0415
    from django.utils.http import urlsafe_base64_encode  # noqa: PLC0415

    mine, theirs = (urlsafe_base64_encode(force_bytes(u.pk)) for u in (cast.kt_liaison, cast.skt_liaison))
    assert choose(Client(), link.replace(f"/{mine}/", f"/{theirs}/")).status_code == 410


def test_a_new_password_ends_what_is_open_and_asks_for_the_second_factor(cast: Cast, clock: Traveller) -> None:
    an_app(cast.kt_liaison)
    send_link(cast.kt_liaison, by=actor_of(cast.accounts))
    Notice.objects.update(on=SUNDAY_NIGHT.date())
    link, client = the_link(clock), Client()
    choose(client, link)
    answer = client.post("/login/", {"login": cast.kt_liaison.email, "password": PHRASE})
    assert answer["Location"] == "/login/code/"


def test_the_letter_goes_to_the_accounts_address_not_to_what_the_register_says(cast: Cast, clock: Traveller) -> None:
    Person.objects.filter(user=cast.accounts).update(email="secretary@msit.test")
    send_link(cast.accounts, by=actor_of(cast.secretary))
    Notice.objects.update(on=SUNDAY_NIGHT.date())
    (letter,) = sent(SUNDAY_NIGHT)
    assert letter.to == ["accounts@msit.test"]


def test_such_a_letter_waits_for_no_release_and_travels_alone(cast: Cast, clock: Traveller) -> None:
    send_link(cast.chair, by=actor_of(cast.accounts))
    Notice.objects.update(on=SUNDAY_NIGHT.date())
    the_link(clock)
    assert Delivery.objects.get(recipient=cast.chair.person_id).needs_release is False


def test_other_letters_still_wait_for_the_morning(cast: Cast) -> None:
    a_notice(cast.skt_liaison, target_id=cast.council.pk, on=SUNDAY_NIGHT.date())
    assert sent(SUNDAY_NIGHT) == []


def test_an_invitation_that_was_followed_is_not_sent_again(cast: Cast) -> None:
    user = invite(somebody(cast), by=actor_of(cast.secretary))
    user.set_password(PHRASE)
    user.save()
    assert sent(moment("2026-11-24 10:00")) == []
    with pytest.raises(DomainError):
        invite(Person.objects.get(user=user), by=actor_of(cast.secretary))


@pytest.mark.parametrize("email", ["", "liaison@skt.test", "Liaison@SKT.test"])
def test_nobody_is_invited_without_an_address_of_their_own(cast: Cast, email: str) -> None:
    users = User.objects.count()
    with pytest.raises(DomainError):
        invite(somebody(cast, email), by=actor_of(cast.secretary))
    assert (User.objects.count(), Notice.objects.count()) == (users, 0)


def test_nobody_is_invited_to_an_account_that_was_closed(cast: Cast) -> None:
    user = invite(somebody(cast), by=actor_of(cast.secretary))
    User.objects.filter(pk=user.pk).update(is_active=False)
    before = AuditEntry.objects.count()
    with pytest.raises(DomainError):
        invite(Person.objects.get(user=user), by=actor_of(cast.secretary))
    assert (AuditEntry.objects.count(), Notice.objects.filter(kind="account_invited").count()) == (before, 1)


def test_of_two_who_invite_at_once_the_later_is_told_so(cast: Cast) -> None:
    stale = somebody(cast)
    assert not hasattr(stale, "user")  # read, and remembered, before the other one's invitation
    invite(Person.objects.get(pk=stale.pk), by=actor_of(cast.secretary))
    with pytest.raises(DomainError):
        invite(stale, by=actor_of(cast.secretary))
    assert User.objects.filter(person=stale).count() == 1
    assert Notice.objects.filter(kind="account_invited").count() == 1


# --- Forgotten passwords ----------------------------------------------------------------------------------------------


def test_the_answer_is_the_same_whether_or_not_there_is_such_an_account(cast: Cast) -> None:
    User.objects.filter(pk=cast.kt_ceo.pk).update(is_active=False)
    pages = []
    for email in ("liaison@kt.test", "stranger@kt.test", "ceo@kt.test"):
        client = Client()
        answer = client.post("/login/forgotten/", {"email": email})
        page = client.get(answer["Location"])
        pages.append((answer.status_code, answer["Location"], [str(m) for m in page.context["messages"]]))
    assert pages[0] == pages[1] == pages[2]
    assert Notice.objects.get().recipient_id == cast.kt_liaison.person_id


@pytest.mark.parametrize("email", ["liaison@kt.test", "stranger@kt.test"])
def test_asking_is_limited(cast: Cast, email: str) -> None:
    answers = [Client().post("/login/forgotten/", {"email": email}).status_code for _ in range(7)]
    assert answers == [302] * 5 + [200] * 2


# --- The second factor ------------------------------------------------------------------------------------------------


def test_a_reset_takes_it_away_with_a_reason_and_tells_the_person(cast: Cast) -> None:
    an_app(cast.kt_liaison)
    reset_second_factor(cast.kt_liaison, by=actor_of(cast.accounts), reason="Lost phone")
    assert not Authenticator.objects.filter(user=cast.kt_liaison).exists()
    entry = AuditEntry.objects.get(verb="second_factor.reset")
    assert (entry.reason, entry.actor_user_id, entry.target_id) == (
        "Lost phone", cast.accounts.pk, str(cast.kt_liaison.pk)
    )  # fmt: skip
    (letter,) = sent(moment("2026-11-24 10:00"))
    assert letter.to == ["liaison@kt.test"]


def test_nobody_resets_their_own(cast: Cast) -> None:
    an_app(cast.accounts)
    with pytest.raises(DomainError):
        reset_second_factor(cast.accounts, by=actor_of(cast.accounts), reason="x")
    assert Authenticator.objects.filter(user=cast.accounts).exists()


def test_who_may(cast: Cast) -> None:
    person, user = somebody(cast), cast.kt_liaison
    may = {
        name: (can(actor, "invite", person), can(actor, "send_link", user), can(actor, "reset_second_factor", user))
        for name, actor in {
            "secretary": actor_of(cast.secretary), "accounts": actor_of(cast.accounts),
            "liaison": actor_of(cast.kt_liaison), "stranger": Actor(label="x"),
        }.items()
    }  # fmt: skip
    assert may == {
        "secretary": (True, False, False), "accounts": (True, True, True),
        "liaison": (False, False, False), "stranger": (False, False, False),
    }  # fmt: skip
    assert moment("2026-11-24").date() == TODAY


def test_who_answers_for_the_organisation_is_told_of_a_new_account_and_nobody_else(cast: Cast) -> None:
    person = Person.objects.create(name_ko="대표이사", organisation=cast.kt, email="new-ceo@kt.test")
    seat(an_account("contributor@kt.test", "KT"), "council", "contributor")
    for _ in range(2):
        invite(person, by=actor_of(cast.accounts))
    told = Notice.objects.filter(kind="account_opened").values_list("recipient__email", flat=True)
    assert list(told) == ["liaison@kt.test"]


def test_a_liaison_of_another_organisation_by_now_is_told_no_more(cast: Cast) -> None:
    person = Person.objects.create(name_ko="대표이사", organisation=cast.kt, email="new-ceo@kt.test")
    invite(person, by=actor_of(cast.accounts))
    notice = Notice.objects.get(kind="account_opened")
    assert registry["account_opened"].unwanted(notice, timezone.now()) is None
    Person.objects.filter(pk=notice.recipient_id).update(organisation=cast.skt)
    notice.refresh_from_db()
    assert registry["account_opened"].unwanted(notice, timezone.now()) == Unwanted.NOT_VISIBLE
