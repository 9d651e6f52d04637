"""Named readers are written down; why something is not disclosed stands apart from its label."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from council.actions.models import ActionItem
from council.core.labels import Disclosure, Ground, GroundMissing, Label
from council.core.models import AuditEntry
from council.parties.models import Person
from council.release.operations import ReleaseRefused, decide_disclosure, name_readers, tighten
from tests.access.rows import a_labelled_action, who_sees
from tests.factories import TODAY, Cast, actor_of, moment

pytestmark = pytest.mark.both_databases
UNTIL = date(2027, 3, 31)
NOW = moment("2026-11-24 10:00")


def person(user: Any) -> Person:
    assert user.person is not None
    return user.person  # type: ignore[no-any-return]


def test_named_readers_see_it_and_the_record_says_who_named_them_and_why(cast: Cast) -> None:
    action, by = a_labelled_action(Label.RED), actor_of(cast.secretary)
    name_readers(action, people=[person(cast.skt_ceo), person(cast.skt_ciso)], reason="They decide", by=by)
    assert who_sees(cast, action) == {"secretary", "skt_ceo", "skt_ciso"}
    name_readers(action, people=[person(cast.skt_ceo)], reason="One is enough", by=by)
    assert who_sees(cast, action) == {"secretary", "skt_ceo"}
    entries = AuditEntry.objects.filter(verb="label.readers_named").order_by("id")
    both = ",".join(map(str, sorted([cast.skt_ceo.person_id or 0, cast.skt_ciso.person_id or 0])))
    assert [(e.before["readers"], e.after["readers"], e.reason) for e in entries] == [
        ("", both, "They decide"), (both, str(cast.skt_ceo.person_id), "One is enough"),
    ]  # fmt: skip


def test_a_rival_is_not_named_behind_the_owners_back(cast: Cast) -> None:
    """Reaching others takes a release, to which the owner agrees."""
    action = a_labelled_action(Label.RED)
    with pytest.raises(ReleaseRefused) as refusal:
        name_readers(action, people=[person(cast.kt_ciso)], reason="r", by=actor_of(cast.secretary))
    assert (refusal.value.field, who_sees(cast, action)) == ("people", {"secretary"})


def test_what_becomes_red_stays_with_those_who_work_on_it(cast: Cast) -> None:
    action = a_labelled_action(Label.AMBER_STRICT)
    tighten(action, to=Label.RED, reason="Names a supplier", by=actor_of(cast.secretary), now=NOW)
    assert who_sees(cast, action) == {"secretary", "skt_liaison", "skt_ceo"}


@pytest.mark.parametrize("label", [label for label in Label if label != Label.RED])
def test_readers_are_named_on_red_only(cast: Cast, label: Label) -> None:
    action = a_labelled_action(label)
    with pytest.raises(ReleaseRefused):
        name_readers(action, people=[person(cast.kt_ciso)], reason="r", by=actor_of(cast.secretary))
    assert action.readers.count() == 0


def decide(cast: Cast, action: ActionItem, **values: Any) -> None:
    given: dict[str, Any] = {
        "disclosure": Disclosure.CLOSED, "grounds": [Ground.TRADE_SECRETS, Ground.DECISION_UNDER_WAY],
        "reason": "Prices", "review_on": UNTIL,
    } | values  # fmt: skip
    decide_disclosure(action, **given, by=actor_of(cast.secretary), today=TODAY)


def test_what_is_not_open_rests_on_items_of_the_act_with_a_reason_and_a_day(cast: Cast) -> None:
    action = a_labelled_action(Label.GREEN)
    decide(cast, action)
    action.refresh_from_db()
    assert (action.disclosure, action.grounds, action.disclosure_reason, action.disclosure_review_on) == (
        "closed", [5, 7], "Prices", UNTIL,
    )  # fmt: skip
    assert action.label == Label.GREEN
    assert AuditEntry.objects.get(verb="disclosure.decided").after["disclosure"] == "closed"


def test_deciding_the_same_again_is_no_change(cast: Cast) -> None:
    action = a_labelled_action(Label.GREEN)
    decide(cast, action)
    decide(cast, action)
    assert AuditEntry.objects.filter(verb="disclosure.decided").count() == 1


def test_what_is_open_keeps_no_ground(cast: Cast) -> None:
    action = a_labelled_action(Label.AMBER_STRICT)
    decide(cast, action)
    decide(cast, action, disclosure=Disclosure.OPEN)
    action.refresh_from_db()
    assert (action.grounds, action.disclosure_reason, action.disclosure_review_on) == ([], "", None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"grounds": []}, "grounds"), ({"reason": " "}, "reason"), ({"review_on": None}, "review_on"),
        ({"review_on": TODAY}, "review_on"), ({"disclosure": Disclosure.PARTIAL, "grounds": []}, "grounds"),
    ],
)  # fmt: skip
def test_a_decision_that_lacks_something_names_it_and_keeps_nothing(
    cast: Cast, values: dict[str, Any], field: str
) -> None:
    action = a_labelled_action(Label.GREEN)
    with pytest.raises(GroundMissing) as refusal:
        decide(cast, action, **values)
    action.refresh_from_db()
    assert (refusal.value.field, action.disclosure) == (field, "")


def test_what_is_graded_secret_has_no_place_among_the_grounds(cast: Cast) -> None:
    assert {1, 2, 3, 4} & set(Ground.values) == set()
    with pytest.raises(GroundMissing):
        decide(cast, a_labelled_action(Label.GREEN), grounds=[4])


@pytest.mark.parametrize(
    "columns",
    [
        {"disclosure": "closed"}, {"disclosure": "partial", "grounds": [7], "disclosure_reason": "r"},
        {"disclosure": "closed", "disclosure_reason": "r", "disclosure_review_on": UNTIL},
    ],
)  # fmt: skip
def test_the_database_withholds_nothing_without_its_reason(cast: Cast, columns: dict[str, Any]) -> None:
    action = a_labelled_action(Label.GREEN)
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionItem.objects.filter(pk=action.pk).update(**columns)
