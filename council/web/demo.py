"""The example accounts, for the sign-in page of a demonstration."""

from __future__ import annotations

from council.parties.models import User
from council.workflows.seed_demo import ACCOUNTS, PASSWORD


def demo_accounts() -> dict[str, object]:
    """Each account that exists, with what it can do, and the password of all."""
    there = set(User.objects.values_list("email", flat=True))
    accounts = [{"email": account.email, "what": account.can} for account in ACCOUNTS if account.email in there]
    return {"demo_accounts": accounts, "demo_password": PASSWORD}
