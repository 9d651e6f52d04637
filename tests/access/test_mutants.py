"""Every predicate of the access rules is broken in every way, and the truth table notices each time.

A slice of the mutants in the ordinary run; all of them with PROOF=1 (some minutes).
"""

from __future__ import annotations

from collections import Counter
from types import ModuleType

import pytest
from django.db import transaction

from council.access import policy
from council.access.roles import Standing
from tests.access.judge import Judge
from tests.access.mutants import ASKED, MUTATED, Mutant, loaded, mutants
from tests.access.rows import PEOPLE
from tests.access.world import make_world
from tests.factories import Cast
from tests.proofs import EVERYTHING, PROOF, Figures

# All of them with PROOF=all; PROOF=1 takes every tenth, since the whole takes an hour by itself.
SHARDS, EACH = (4, 1 if EVERYTHING else 10) if PROOF else (1, 240)
# Mutants that change nothing anybody could observe, each with the reason.
EQUIVALENT = {
    "reported: _of_a_report  ->  _evidence": (
        "Every judgement has a submission; the other rows that answer to the one have no such column, and die of it."
    ),
    "reach.anyone_seated: who.seated  ->  who.community": (
        "Whoever sits somewhere is near that place, and whoever sits nowhere is near none: both are empty or neither."
    ),
}


def same_table(changed: ModuleType) -> bool:
    """A verb given once more in a line that another line overrules gives nobody anything: no mutant at all."""
    return {key: p.__name__ for key, p in changed.TABLE.items()} == {key: p.__name__ for key, p in policy.TABLE.items()}


def survives(judge: Judge, mutant: Mutant) -> bool | None:
    """Whether no answer differs. A mutant that cannot answer at all has not survived; None: it is none."""
    try:
        with transaction.atomic(), loaded(mutant) as modules:
            # What lies below those that are asked may change anything.
            changed = modules[ASKED.index(mutant.module)] if mutant.module in ASKED else modules[0]
            if same_table(modules[2]) and mutant.where == "policy":
                return None
            return next(judge.differences(*modules, only=changed), None) is None
    except Exception:  # noqa: BLE001 - whatever it fails with, the failure is the answer that differs
        return False


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_mutant_of_the_rules_survives(cast: Cast, shard: int, request: pytest.FixtureRequest) -> None:
    everything = mutants()
    judge = Judge(make_world(cast))
    fates = [(mutant, survives(judge, mutant)) for mutant in everything[shard * EACH :: SHARDS * EACH]]
    chosen = [mutant for mutant, fate in fates if fate is not None]
    alive = [str(mutant) for mutant, fate in fates if fate]
    strange = [name for name in alive if name not in EQUIVALENT]
    figures = Figures(made=len(chosen), killed=len(chosen) - len(alive), equivalent=len(alive) - len(strange))
    figures.report(request, "mutants")
    assert chosen
    assert not strange, "\n".join(strange)


def test_an_unchanged_copy_of_the_rules_survives(cast: Cast) -> None:
    """Else the mutants would die of being loaded, and not of what they changed."""
    everybody = make_world(cast)
    judge = Judge(everybody if PROOF else {name: everybody[name] for name in PEOPLE})
    one_of_each = {mutant.module: mutant for mutant in mutants()}.values()
    assert len(one_of_each) == len(MUTATED) + 1
    for mutant in one_of_each if PROOF else [one for one in one_of_each if one.module is policy]:
        mutant.new = mutant.old
        with transaction.atomic(), loaded(mutant) as modules:
            assert list(judge.differences(*modules, only=None if PROOF else policy)) == []


def test_mutants_come_from_every_part_of_the_rules() -> None:
    per_place = Counter(mutant.where for mutant in mutants())
    predicates = {
        "reach.by_label", "visibility._minutes", "visibility._decisions", "visibility._meetings",
        "visibility._agenda_items", "visibility._actions",
        "visibility._updates", "visibility._people", "audited.entries", "audited.told",
        "reported.reports", "reported.judges", "visibility",
        "policy.runs_its_body", "policy.is_liaison_of_the_owner", "policy.can", "policy", "roles.standing", "roles",
        "models.SeatQuerySet.valid_on", "roles.Standing.secretariat_of",
    }  # fmt: skip
    assert predicates <= set(per_place)
    assert all(per_place[f"roles.Standing.{name}"] for name, m in vars(Standing).items() if isinstance(m, property))
    assert sum(per_place.values()) > 800
