"""The trace sheet as a document: what it says to its reader, and the label that counts for all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from hwpx import validate_package

from council.actions.models import ActionItem, ProgressUpdate
from council.declaration.models import Commitment, Milestone
from council.meetings.models import Meeting
from council.minutes.models import MinutesRevision
from council.overview.trace import Start
from council.overview.trace_document import is_for_the_ministry, label_of
from council.parties.models import User
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.documents.reading import words_of
from tests.factories import Cast, an_action, link, moment
from tests.factories.founding import NOW
from tests.portal.test_documents import taken
from tests.portal.threads import (
    COMMON,
    KINDS,
    KT,
    NOBODYS,
    SKT,
    Thread,
    decided,
    following,
    thread,
    told,
    traced,
)

__all__ = ["thread"]
type SignIn = Callable[[User], Client]


@pytest.mark.parametrize("form", ["hwpx", "pdf"])
def test_the_document_says_what_its_reader_sees_and_carries_the_label_of_that(
    cast: Cast, as_user: SignIn, thread: Thread, form: str
) -> None:
    for who, seen, label in (
        ("secretary", {*COMMON, *SKT, *KT}, "TLP:AMBER+STRICT"),
        ("skt_liaison", {*COMMON, *SKT}, "TLP:AMBER+STRICT"),
        ("lgu_liaison", {*COMMON}, "TLP:AMBER"),
    ):
        content = taken(as_user(getattr(cast, who)), "commitment_trace_file", thread.commitment.pk, form=form)
        said = words_of(content)
        assert told(said) == seen, who
        assert [word for word in SKT + KT + NOBODYS if word.encode() in content] == []
        for words in ("이행과제 C01 이행 경로표", "열람 기준", "2026-1", "끝."):
            assert words in said, words
        assert ("주관 부처 한정" in said) is (who == "secretary")
        if form == "pdf":
            assert f"{label} " in f"{said} "
            assert ("+STRICT" in said) is ("STRICT" in label)
        else:
            assert validate_package(content).ok
    skt = as_user(cast.skt_liaison)
    for kind in KINDS:
        said = words_of(taken(skt, f"{kind}_trace_file", thread.row(kind), form=form))
        assert told(said) == {*COMMON, *SKT}
        assert ("(조회 대상)" in said) is (kind != "commitment")
        assert skt.get(link(f"{kind}_trace_file", thread.row(kind), form="exe")).status_code == 404


def test_the_document_is_in_the_readers_language(cast: Cast, as_user: SignIn, thread: Thread) -> None:
    User.objects.filter(pk=cast.skt_liaison.pk).update(language="en")
    said = words_of(taken(as_user(cast.skt_liaison), "action_trace_file", thread.skt.pk, form="hwpx"))
    assert "Trace sheet of: Action item SKT A-001" in said.replace("SK Telecom", "SKT")
    assert "starting point" in said


def labelled(user: User, start: Start) -> tuple[str, bool]:
    trace = traced(user, start)
    return str(label_of(trace)), is_for_the_ministry(trace)


def test_the_label_is_the_strictest_of_what_is_on_the_sheet(cast: Cast, thread: Thread) -> None:
    empty = Commitment.objects.get(code="C02")
    assert labelled(cast.secretary, empty) == ("TLP:GREEN", False)
    assert labelled(cast.lgu_liaison, thread.commitment) == ("TLP:AMBER", False)
    assert labelled(cast.skt_liaison, thread.commitment) == ("TLP:AMBER+STRICT", False)
    assert labelled(cast.secretary, thread.commitment) == ("TLP:AMBER+STRICT", True)
    assert labelled(cast.secretary, thread.skt) == ("TLP:AMBER+STRICT", False)
    ActionItem.objects.filter(pk=thread.skt.pk).update(label="TLP:RED")
    assert labelled(cast.secretary, thread.skt) == ("TLP:RED", False)


def test_what_was_released_keeps_the_sheet_strict_while_there_is_evidence_on_it(cast: Cast, thread: Thread) -> None:
    ActionItem.objects.filter(pk=thread.skt.pk).update(label="TLP:AMBER")
    ProgressUpdate.objects.filter(action=thread.skt).update(label="TLP:AMBER")
    assert labelled(cast.skt_liaison, thread.skt) == ("TLP:AMBER+STRICT", False)
    assert labelled(cast.kt_liaison, thread.skt) == ("TLP:AMBER", False)


def test_what_is_of_two_bodies_is_for_nobody_who_sits_on_one(cast: Cast, thread: Thread) -> None:
    an_agenda_item(an_open_meeting(body="ciso"), title="안건-CISO")
    assert labelled(cast.lgu_liaison, thread.commitment) == ("TLP:AMBER+STRICT", False)
    assert labelled(cast.kt_ciso, thread.commitment) == ("TLP:AMBER", False)


@pytest.mark.parametrize(
    ("item", "meeting", "label", "alone"),
    [
        ({}, {}, "TLP:AMBER", False),
        ({"label": "TLP:GREEN"}, {}, "TLP:GREEN", False),
        ({"label": "TLP:CLEAR"}, {}, "TLP:GREEN", False),
        ({"state": "proposed"}, {}, "TLP:AMBER+STRICT", False),
        ({"state": "proposed", "label": "TLP:RED"}, {}, "TLP:RED", False),
        ({}, {"by_invitation": True, "kind": "extraordinary"}, "TLP:AMBER+STRICT", False),
        ({}, {"state": "draft", "opened_at": None}, "TLP:AMBER+STRICT", True),
        ({}, {"state": "cancelled", "opened_at": None, "cancelled_at": NOW}, "TLP:AMBER+STRICT", True),
    ],
)
def test_an_agenda_item_reaches_those_who_see_it(
    cast: Cast, item: dict[str, Any], meeting: dict[str, Any], label: str, alone: bool
) -> None:
    row = an_agenda_item(an_open_meeting(), **item)
    Meeting.objects.filter(pk=row.meeting_id).update(**meeting)
    assert labelled(cast.secretary, Commitment.objects.get(code="C01")) == (label, alone)


@pytest.mark.parametrize(
    ("values", "label", "alone"),
    [
        ({"label": "TLP:GREEN"}, "TLP:GREEN", False),
        ({"label": "TLP:GREEN", "in_force_at": None, "number": None}, "TLP:AMBER+STRICT", True),
    ],
)
def test_a_decision_that_nobody_was_told_of_is_the_ministrys(
    cast: Cast, values: dict[str, Any], label: str, alone: bool
) -> None:
    decision = decided(an_agenda_item(an_open_meeting(), "TLP:GREEN"), "결정", **values)
    assert labelled(cast.secretary, decision) == (label, alone)
    meeting = Meeting.objects.filter(pk=decision.agenda_item.meeting_id)
    meeting.update(by_invitation=True, kind="extraordinary")
    assert labelled(cast.secretary, decision)[0] == "TLP:AMBER+STRICT"


@pytest.mark.parametrize(("state", "strict"), [("open", False), ("draft", True), ("cancelled", True)])
def test_a_provisional_item_is_between_its_owner_and_the_ministry(cast: Cast, state: str, strict: bool) -> None:
    item = an_agenda_item(an_open_meeting(), "TLP:GREEN")
    decision = decided(item, "결정", label="TLP:GREEN", in_force_at=None, number=None)
    action = following(decision, "SKT", "할일", label="TLP:GREEN")
    MinutesRevision.objects.update(circulated_at=NOW, comments_until=moment("2026-12-01 09:00"))
    ActionItem.objects.filter(pk=action.pk).update(state=state)
    assert labelled(cast.secretary, action)[0] == ("TLP:AMBER+STRICT" if strict else "TLP:GREEN")


def test_the_milestones_of_keen_competition_are_for_its_owners(cast: Cast) -> None:
    commitment = Commitment.objects.get(code="C01")
    commitment.parts.exclude(organisation=cast.skt).delete()
    Commitment.objects.filter(pk=commitment.pk).update(sensitivity="high")
    Milestone.objects.create(commitment=commitment, title="일정", due_on=date(2026, 12, 1))
    assert labelled(cast.skt_liaison, commitment) == ("TLP:AMBER+STRICT", False)
    assert labelled(cast.kt_liaison, commitment) == ("TLP:GREEN", False)
    an_action("KT")
    assert labelled(cast.secretary, commitment) == ("TLP:AMBER+STRICT", True)


def test_looking_as_a_carrier_the_secretary_takes_the_carriers_sheet(
    cast: Cast, as_user: SignIn, thread: Thread
) -> None:
    looking = as_user(cast.secretary)
    assert looking.post("/view-as/", {"person": cast.kt_liaison.person_id}).status_code == 302
    said = words_of(taken(looking, "commitment_trace_file", thread.commitment.pk, form="hwpx"))
    assert told(said) == {*COMMON, *KT}
    assert "주관 부처 한정" not in said
    assert looking.get(link("action_trace", thread.skt.pk)).status_code == 404
