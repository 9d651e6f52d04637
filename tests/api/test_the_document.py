"""The API against its own document: every operation with made-up input, by a program that may and by one that may not.

Schemathesis makes the input and judges the answers: no fault of ours, no status, header or content that the document
does not name, nothing invalid taken, nothing valid refused for its form, nothing opened without a token.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from config.wsgi import application
from council.api.schemas import key_of
from council.parties import tokens
from council.parties.models import SignInFailure
from council.reports.models import Report
from tests.api.conftest import a_token
from tests.factories import Cast, an_action
from tests.proofs import EVERYTHING, PROOF, Figures
from tests.reports.steps import a_report

pytestmark = pytest.mark.django_db
EXAMPLES = 400 if EVERYTHING else 60 if PROOF else 8
DOCUMENT = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
FOUND: list[Any] = list(DOCUMENT.get_all_operations())
OPERATIONS = {one.ok().label: one.ok() for one in FOUND}


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The database stays open from one request to the next, as Django's own test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def keys(cast: Cast) -> dict[str, list[str]]:
    """Of SKT's own things, of a rival's, and one that was never given out."""
    a_report()
    own = [an_action("SKT", due_on=date(2027, 3, 2)).pk for _turn in range(2)]
    actions = [*own, an_action("KT", due_on=date(2027, 3, 2)).pk]
    reports = [*Report.objects.filter(organisation=cast.skt)[:3], *Report.objects.filter(organisation=cast.kt)[:1]]
    nowhere = "x" * 32
    return {
        "/actions/": [*(key_of("action", pk) for pk in actions), nowhere],
        "/reports/": [*(key_of("report", row.pk) for row in reports), nowhere],
    }


@pytest.mark.parametrize("label", OPERATIONS)
@pytest.mark.parametrize("kind", ["as the document says", "otherwise"])
def test_every_answer_is_one_that_the_document_names(
    cast: Cast,
    keys: dict[str, list[str]],
    label: str,
    kind: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    operation, figures = OPERATIONS[label], Figures(operations=1)
    monkeypatch.setattr(tokens, "RATE", 10**9)
    token = a_token(cast.skt_liaison).secret
    ours = next((cycle(rows) for place, rows in keys.items() if place in label), None)
    modes = schemathesis.GenerationMode
    mode = modes.POSITIVE if kind == "as the document says" else modes.NEGATIVE
    cases: st.SearchStrategy[Any] = operation.as_strategy(generation_mode=mode)

    @hypothesis_settings(EXAMPLES)
    @given(case=cases)
    def proof(case: Any) -> None:
        if ours and mode is modes.POSITIVE and "key" in (case.path_parameters or {}):
            case.path_parameters["key"] = next(ours)
        assume(kind == "as the document says" or is_sent(case))
        SignInFailure.objects.all().delete()  # that wrong tokens are counted is proved elsewhere
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"})
        figures["answers"] += 1

    proof()
    figures.report(request, "API")


def is_sent(case: Any) -> bool:
    """What was made up to be wrong with the query is still there once it is written as one."""
    written = {name: value for name, value in (case.query or {}).items() if name and value not in (None, [], {}, "")}
    return len(written) == len(case.query or {})


def hypothesis_settings(examples: int) -> Any:
    return settings(
        max_examples=examples, deadline=None, database=None, derandomize=True,
        phases=(Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck),
    )  # fmt: skip
