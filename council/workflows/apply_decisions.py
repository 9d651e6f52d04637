"""What decisions that came into force do to the commitments they name."""

from __future__ import annotations

from collections.abc import Iterable

from council.core.actor import Actor
from council.declaration.models import Commitment
from council.declaration.operations import adopt_commitment, fulfil_commitment
from council.declaration.states import CommitmentState
from council.minutes.models import Decision

DOES = {
    Decision.Effect.ADOPTS: (CommitmentState.DISCUSSED, adopt_commitment),
    Decision.Effect.CLOSES: (CommitmentState.TRACKED, fulfil_commitment),
}


def apply_decisions(decisions: Iterable[Decision], *, by: Actor) -> int:
    """Adopt what a meeting adopted, and settle what it declared fulfilled; how many commitments changed.

    One that has gone on since stays as it is: the minutes say what was decided then. A change of its wording is made by
    hand, with the decision as its reason.
    """
    changed = 0
    for decision in decisions:
        if decision.effect not in DOES or decision.commitment_id is None:
            continue
        state, operation = DOES[Decision.Effect(decision.effect)]
        commitment = Commitment.objects.select_for_update().get(pk=decision.commitment_id)
        if commitment.state == state:
            # Its number alone: the commitment is read by more people than the decision may be.
            operation(commitment, by=by, reason=decision.reference)
            changed += 1
    return changed
