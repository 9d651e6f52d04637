"""An account is its e-mail address, whatever its upper and lower case."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from council.parties.models import Person, User
from council.parties.queries import actor_for, language_of
from tests.factories import an_account
from tests.factories.cast import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("twin", ["liaison@skt.test", "LIAISON@skt.test", "Liaison@SKT.test"])
def test_an_address_in_any_case_is_taken_once(twin: str) -> None:
    User.objects.create_user("liaison@skt.test", PASSWORD)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(twin, PASSWORD)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email=twin)])
    assert User.objects.create_user("liaison2@skt.test", PASSWORD).pk


def test_a_form_says_so_before_the_database_does() -> None:
    User.objects.create_user("liaison@skt.test", PASSWORD)
    with pytest.raises(ValidationError):
        User(email="Liaison@skt.test", password=PASSWORD).full_clean()
    User(email="other@skt.test", password=PASSWORD).full_clean()


@pytest.mark.parametrize("written", ["liaison@skt.test", "Liaison@SKT.TEST"])
def test_one_signs_in_with_the_address_in_any_case(written: str) -> None:
    user = User.objects.create_user("liaison@skt.test", PASSWORD)
    assert authenticate(username=written, password=PASSWORD) == user


def test_a_wrong_password_or_an_inactive_account_does_not_sign_in() -> None:
    user = User.objects.create_user("liaison@skt.test", PASSWORD)
    assert authenticate(username="liaison@skt.test", password="another-password") is None
    user.is_active = False
    user.save()
    assert authenticate(username="liaison@skt.test", password=PASSWORD) is None


def test_an_account_without_a_password_does_not_sign_in() -> None:
    user = User.objects.create_user("liaison@skt.test")
    assert (user.has_usable_password(), authenticate(username="liaison@skt.test", password="")) == (False, None)


def test_an_ordinary_account_opens_no_administration_and_a_superuser_does() -> None:
    ordinary = User.objects.create_user("a@skt.test", PASSWORD)
    root = User.objects.create_superuser("root@msit.test", PASSWORD)
    assert (ordinary.is_staff, ordinary.is_superuser, ordinary.language) == (False, False, "ko")
    assert (root.is_staff, root.is_superuser) == (True, True)
    assert str(root) == "root@msit.test"


def test_an_actor_is_the_account_its_person_and_its_organisation() -> None:
    user = an_account("liaison@skt.test", "SKT", name="담당자")
    actor = actor_for(user, ip="192.0.2.1", request_id="abc")
    assert user.person is not None
    assert (actor.label, actor.user_id, actor.person_id) == ("담당자 <liaison@skt.test>", user.pk, user.person.pk)
    assert (actor.organisation_id, actor.ip) == (user.person.organisation_id, "192.0.2.1")
    assert actor.request_id == "abc"


def test_an_account_without_a_person_acts_for_no_organisation() -> None:
    actor = actor_for(User.objects.create_user("root@msit.test", PASSWORD))
    assert (actor.label, actor.person_id, actor.organisation_id) == ("root@msit.test", None, None)


def test_a_person_is_written_to_in_the_accounts_language_and_else_in_korean() -> None:
    user = an_account("liaison@skt.test", "SKT")
    assert user.person is not None
    assert language_of(user.person) == "ko"
    user.language = "en"
    user.save()
    assert language_of(Person.objects.get(pk=user.person.pk)) == "en"
    without = Person.objects.create(name_ko="위원", organisation=user.person.organisation)
    assert language_of(without) == "ko"
