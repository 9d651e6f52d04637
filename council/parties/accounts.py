"""What is done to accounts, beside keeping them plainly: a password chosen, sessions ended."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.db import transaction

from council.core import audit
from council.core.actor import Actor
from council.parties.models import User
from council.parties.tokens import end_tokens


def choose_password(user: User, *, by: Actor, password: str) -> None:
    """Keep the password that somebody chose by a link; its sessions and tokens end, and so does the link."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        end_sessions(user)
        end_tokens(user)
        audit.record(by=by, verb="user.password_set", target=user)


def end_sessions(user: User, *, but: str | None = None, only: int | None = None) -> int:
    """End an account's sessions, all ``but`` the one with this key, or ``only`` the one numbered so; how many."""
    found = UserSession.objects.filter(user_id=user.pk).exclude(session_key=but or "")
    sessions = list(found if only is None else found.filter(pk=only))
    for session in sessions:
        session.end()
    return len(sessions)
