"""What is done to accounts, beside keeping them plainly: ending their sessions."""

from __future__ import annotations

from allauth.usersessions.models import UserSession

from council.parties.models import User


def end_sessions(user: User, *, but: str | None = None) -> int:
    """End an account's sessions, all ``but`` the one with this key; how many there were."""
    sessions = list(UserSession.objects.filter(user_id=user.pk).exclude(session_key=but or ""))
    for session in sessions:
        session.end()
    return len(sessions)
