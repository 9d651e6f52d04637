"""What becomes of a commitment: adopted, fulfilled, withdrawn, taken up again, amended. Each time with its reason."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit, register
from council.core.actor import Actor
from council.core.errors import DomainError
from council.core.lifecycle import move, not_possible_while
from council.declaration.models import Commitment
from council.declaration.states import COMMITMENT, CommitmentState

# What a commitment says. Whoever changes it afterwards says why.
WORDS = ("kind", "title_ko", "title_en", "summary_ko", "summary_en", "due_on", "pillar_id", "legal_basis_ko")


class CommitmentRefused(DomainError):
    """A commitment does not change like this."""


def adopt_commitment(commitment: Commitment, *, by: Actor, reason: str) -> None:
    """What was merely discussed is kept to from now on: it is scored, and reports are owed from the next round on."""
    _require(commitment, CommitmentState.DISCUSSED)
    _settle(commitment, CommitmentState.TRACKED, by=by, reason=reason, verb="commitment.adopted")


def fulfil_commitment(commitment: Commitment, *, by: Actor, reason: str) -> None:
    """Nothing more is owed: no report is asked for in the rounds to come."""
    _settle(commitment, CommitmentState.FULFILLED, by=by, reason=reason, verb="commitment.fulfilled")


def withdraw_commitment(commitment: Commitment, *, by: Actor, reason: str) -> None:
    """It is not kept to any more; it stays in the record and says so."""
    _settle(commitment, CommitmentState.WITHDRAWN, by=by, reason=reason, verb="commitment.withdrawn")


def resume_commitment(commitment: Commitment, *, by: Actor, reason: str) -> None:
    """Found to be unfulfilled after all: it is tracked again."""
    _require(commitment, CommitmentState.FULFILLED)
    _settle(commitment, CommitmentState.TRACKED, by=by, reason=reason, verb="commitment.resumed")


def _require(commitment: Commitment, state: CommitmentState) -> None:
    """Two steps lead to the same state, from different ones."""
    if commitment.state != state:
        raise not_possible_while(commitment.get_state_display())


def _settle(commitment: Commitment, to: CommitmentState, *, by: Actor, reason: str, verb: str) -> None:
    if not reason.strip():
        raise CommitmentRefused(_("Say why."), field="reason")
    said = reason.strip()
    move(commitment, to=to, by=by, lifecycle=COMMITMENT, verb=verb, reason=said, state_because=said[:300])


def amend_commitment(commitment: Commitment, *, by: Actor, reason: str) -> None:
    """Keep an edited commitment. CommitmentRefused if what it says has changed without a reason."""
    with transaction.atomic():
        stored = Commitment.objects.select_for_update().get(pk=commitment.pk)
        before, after = audit.snapshot(stored), audit.snapshot(commitment)
        if not reason.strip() and any(before[name] != after[name] for name in WORDS):
            raise CommitmentRefused(_("Say why what it says is changed."), field="reason")
        register.write(commitment, stored)
        audit.record_change(by=by, verb="commitment.changed", target=commitment, before=before, reason=reason.strip())
