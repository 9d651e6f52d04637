"""Opening an account and giving access back, each by a letter to whom it belongs: nobody sets another's password."""

from __future__ import annotations

from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit, register
from council.core.actor import Actor
from council.core.errors import DomainError
from council.mail.models import Notice
from council.mail.operations import announce, key, post
from council.meetings.models import CalendarFeed
from council.parties.accounts import end_sessions
from council.parties.models import Person, User
from council.parties.tokens import NewToken, end_tokens, give_token


def invite(person: Person, *, by: Actor) -> User:
    """Open an account for a person, and send the link to choose a password. Again, while none has been chosen.

    The account opens no administration: that is for the administrator of accounts to give.
    """
    user: User = getattr(person, "user", None) or User(email=person.email, person=person)
    if user.pk and not user.is_active:
        raise DomainError(_("This account is closed."))
    if user.has_usable_password() and user.pk:
        raise DomainError(_("This person has an account already; the link is sent from the account's own page."))
    if not user.email:
        raise DomainError(_("This person has no e-mail address to send the invitation to."))
    try:
        open_account(user, by=by)
    except IntegrityError as error:
        raise DomainError(_("There is an account with this address, or for this person.")) from error
    return user


def open_account(user: User, *, by: Actor) -> None:
    """Keep an account without a password, and send its person the link to choose one.

    Of a new one also those are told who answer for the person's organisation: nobody is let in there unnoticed.
    """
    with transaction.atomic():
        if user.pk is None:
            if user.person and user.email.lower() != user.person.email.lower():
                raise DomainError(_("An account is opened with the address of its person."), field="email")
            user.set_unusable_password()
            register.keep(user, by=by)
            if user.person:
                announce("account_opened", user.person, by=by)
        audit.record(by=by, verb="account.invited", target=user)
        announce("account_invited", user, by=by)


def change_account(user: User, *, by: Actor) -> None:
    """Keep what the administrator changed on an account. One that is closed is signed in nowhere any more.

    With a new address whoever uses the account is signed out, links that are on their way open nothing, and the old
    address is told: nobody takes an account over unnoticed.
    """
    with transaction.atomic():
        old = User.objects.select_for_update().get(pk=user.pk)
        if old.person_id != user.person_id and (old.person_id is not None or by.user_id == user.pk):
            raise DomainError(
                _("An account stays with its person. Close it, and invite the other person."), field="person"
            )
        register.keep(user, by=by)
        if user.email != old.email:
            announce("account_moved", user, by=by)
        if user.email != old.email or not user.is_active:
            end_sessions(user)
            CalendarFeed.objects.filter(user=user).delete()
            end_tokens(user)


def send_link(user: User, *, by: Actor) -> None:
    """Send the link to choose a new password to whom the account belongs. The old password holds until it is used."""
    if not user.is_active:
        raise DomainError(_("This account is closed."))
    with transaction.atomic():
        audit.record(by=by, verb="account.link_sent", target=user)
        announce("account_link" if user.has_usable_password() else "account_invited", user, by=by)


def reset_second_factor(user: User, *, by: Actor, reason: str) -> None:
    """Take all second factors from an account: its sessions end, its person is told and sets up a new one."""
    if by.user_id == user.pk:
        raise DomainError(_("Your own second factors are changed on the page of your account."))
    with transaction.atomic():
        Authenticator.objects.filter(user_id=user.pk).delete()
        end_sessions(user)
        CalendarFeed.objects.filter(user=user).delete()
        end_tokens(user)
        audit.record(by=by, verb="second_factor.reset", target=user, reason=reason)
        announce("account_factor_reset", user, by=by)


def give_access_token(user: User, *, name: str, scope: str, expires_on: date, by: Actor, now: datetime) -> NewToken:
    """A token for a program of somebody's. Its owner is told by letter: nobody else makes one unnoticed."""
    with transaction.atomic():
        made = give_token(user, name=name, scope=scope, expires_on=expires_on, by=by, now=now)
        announce("account_token", user, by=Actor.system("access token"))
    return made


def warn_of_attempts(user: User, *, today: date) -> None:
    """Tell somebody, once a day at the most, that signing in to their account has failed several times."""
    if user.person_id is None:
        return
    kind = "account_attacked"
    post(
        [
            Notice(
                kind=kind,
                target_type="user",
                target_id=user.pk,
                recipient_id=user.person_id,
                on=today,
                anchor_on=today,
                dedupe_key=key(kind, user.pk, today),
            )
        ]
    )
