"""Reads about what was promised."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from council.declaration.models import Indicator
from council.parties.models import Organisation


@dataclass(frozen=True, slots=True)
class Targets:
    """From where to where; None is not set, never zero."""

    baseline: Decimal | None
    target: Decimal | None


def targets_for(indicator: Indicator, organisation: Organisation) -> Targets:
    """What counts for an organisation: its own baseline and target, each the shared one where it has none.

    For many indicators, prefetch their ``targets``.
    """
    own = next((one for one in indicator.targets.all() if one.organisation_id == organisation.pk), None)
    if own is None:
        return Targets(indicator.baseline, indicator.target)
    return Targets(
        indicator.baseline if own.baseline is None else own.baseline,
        indicator.target if own.target is None else own.target,
    )
