"""The trace sheet: from the pillar to the evidence and back, for each reader what that one sees and no hint of more."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.test import Client

from council.actions.models import ActionItem, AgendaLink
from council.actions.operations.progress import submit_progress
from council.core.models import AuditEntry
from council.declaration.models import Commitment, Declaration, Incident, Milestone, Pillar
from council.meetings.models import AgendaItem, Meeting
from council.minutes.models import Decision
from council.parties.models import Body, User
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.actions.steps import a_report
from tests.documents.reading import words_of
from tests.factories import Cast, a_meeting, actor_of, an_action, link, moment, pdf
from tests.factories.founding import NOW
from tests.portal.test_documents import taken
from tests.portal.threads import (
    COMMON,
    KINDS,
    KT,
    SKT,
    Thread,
    decided,
    following,
    handed_in,
    shared,
    thread,
    told,
    traced,
)

__all__ = ["thread"]
type SignIn = Callable[[User], Client]
type Counted = Callable[[int], AbstractContextManager[Any]]


@pytest.mark.parametrize("kind", KINDS)
def test_the_owner_sees_its_own_thread_both_ways_whatever_it_starts_from(
    cast: Cast, as_user: SignIn, thread: Thread, kind: str
) -> None:
    page = as_user(cast.skt_liaison).get(link(f"{kind}_trace", thread.row(kind)))
    assert told(page.text) == {*COMMON, *SKT}
    for words in ("C01", "55%", "A-001", "2026-1", "https://SKT.test/proof", "이행 확인", "보완 요청", 'id="steps"'):
        assert words in page.text, words
    assert page.text.count('class="trace-start" aria-current="true"') == 1
    assert "조회 대상" in page.text
    assert page.context["trace"].pillars[0].order == 1


@pytest.mark.parametrize("kind", ["commitment", "decision"])
def test_each_reader_sees_of_it_what_that_one_may_and_counts_nothing_else(
    cast: Cast, as_user: SignIn, thread: Thread, kind: str
) -> None:
    seen = {}
    for who in ("secretary", "skt_ceo", "kt_liaison", "lgu_liaison", "chair"):
        page = as_user(getattr(cast, who)).get(link(f"{kind}_trace", thread.row(kind)))
        seen[who] = (told(page.text), page.context["trace"].counts["actions"], "77%" in page.text)
    assert seen == {
        "secretary": ({*COMMON, *SKT, *KT}, 2, False),
        "skt_ceo": ({*COMMON, *SKT}, 1, False),
        "kt_liaison": ({*COMMON, *KT}, 1, False),
        "lgu_liaison": (set(COMMON), 0, False),
        "chair": (set(COMMON), 0, False),
    }


@pytest.mark.parametrize("form", ["", "_file"])
def test_what_is_not_visible_has_no_sheet(cast: Cast, as_user: SignIn, thread: Thread, form: str) -> None:
    values = {"form": "pdf"} if form else {}
    for who in (cast.kt_liaison, cast.chair, cast.observer, cast.former_liaison, cast.nobody):
        assert as_user(who).get(link(f"action_trace{form}", thread.skt.pk, **values)).status_code == 404
    for kind in KINDS:
        for who in (cast.former_liaison, cast.nobody, cast.accounts):
            assert as_user(who).get(link(f"{kind}_trace{form}", thread.row(kind), **values)).status_code == 404
    assert AuditEntry.objects.filter(refused=True, target_type="actionitem").exists()


@pytest.fixture
def measure(cast: Cast) -> ActionItem:
    """The working group's, read in the council too; its agenda item, which alone names the commitment, is not."""
    item = an_agenda_item(an_open_meeting(body="ciso"), title="안건-CISO", owner="KT")
    return following(decided(item, "조치-CISO", kind="measure", label="TLP:GREEN"), "SKT", "할일-SKT")


def test_a_hidden_agenda_item_betrays_neither_itself_nor_its_commitment(cast: Cast, measure: ActionItem) -> None:
    decision, commitment = measure.decision, Commitment.objects.get(code="C01")
    assert decision is not None
    whole = (["안건-CISO"], ["조치-CISO"], ["할일-SKT"])
    for start in (measure, decision, commitment):
        trace = traced(cast.skt_ciso, start)
        assert (shared(trace), trace.commitment) == (whole, commitment)
    for start in (measure, decision):
        trace = traced(cast.skt_ceo, start)
        assert (shared(trace), trace.commitment, trace.pillars) == (([], ["조치-CISO"], ["할일-SKT"]), None, [])
    assert shared(traced(cast.skt_ceo, commitment)) == ([], [], [])
    assert shared(traced(cast.kt_ceo, commitment)) == ([], [], [])


def test_behind_a_hidden_decision_an_item_stands_like_one_that_comes_from_none(cast: Cast, as_user: SignIn) -> None:
    item = an_agenda_item(an_open_meeting(body="ciso"), title="안건-CISO")
    hidden = decided(item, "조치-CISO", kind="measure")
    for decision in (hidden, None):
        an_action("SKT", title="할일", decision=decision)
    actions = traced(cast.skt_ceo, Commitment.objects.get(code="C01")).actions
    assert [step.action.title for step in actions] == ["할일", "할일"]
    for step in actions:
        text = as_user(cast.skt_ceo).get(link("action_trace", step.action.pk)).text
        assert ("CISO" in text.split("<main")[1], "협의 결과" in text.split('id="steps"')[1]) == (False, False)
    assert len([*traced(cast.skt_ciso, Commitment.objects.get(code="C01")).all_decisions]) == 1


def test_through_a_hidden_decision_nothing_belongs_to_its_commitment(cast: Cast) -> None:
    one = Commitment.objects.get(code="C01")
    hidden = decided(an_agenda_item(an_open_meeting(body="ciso"), commitment=None), "조치-CISO", commitment=one)
    action = following(hidden, "SKT", "할일")
    assert shared(traced(cast.skt_ciso, one))[2] == ["할일"]
    assert shared(traced(cast.skt_ceo, one)) == ([], [], [])
    assert (traced(cast.skt_ciso, action).commitment, traced(cast.skt_ceo, action).commitment) == (one, None)


def test_of_a_shared_item_rivals_learn_no_percentage_and_no_agenda_that_they_do_not_see(cast: Cast) -> None:
    action = an_action("SKT", label="TLP:AMBER")
    handed_in(cast, action, "SKT")
    AgendaLink.objects.create(action=action, agenda_item=an_agenda_item(an_open_meeting(body="ciso")))
    seen = {}
    for who in ("skt_ciso", "skt_ceo", "kt_ceo"):
        (step,) = traced(getattr(cast, who), action).actions
        seen[who] = (step.progress, len(step.events), len(step.agendas))
    assert seen == {"skt_ciso": (55, 2, 1), "skt_ceo": (55, 2, 0), "kt_ceo": (None, 0, 0)}


def test_a_commitment_of_a_body_that_the_reader_is_not_of_is_not_named(cast: Cast) -> None:
    body = Body.objects.create(code="other", name_ko="다른 협의체", name_en="Other")
    theirs = Declaration.objects.create(body=body, code="d", title_ko="d", title_en="d", issued_on=date(2026, 4, 9))
    pillar = Pillar.objects.create(declaration=theirs, order=1, code="p", title_ko="p", title_en="p")
    hidden = Commitment.objects.create(
        declaration=theirs, pillar=pillar, code="X1", kind="joint", title_ko="X", title_en="X"
    )
    one = Commitment.objects.get(code="C01")
    one.tracked_through.add(hidden)
    assert traced(cast.skt_liaison, one).tracked_through == []
    action = an_action("SKT")
    for values in ({"commitment": hidden, "pillar": None}, {"commitment": None, "pillar": pillar}):
        ActionItem.objects.filter(pk=action.pk).update(**values)
        trace = traced(cast.skt_liaison, ActionItem.objects.get(pk=action.pk))
        assert (trace.commitment, trace.pillars, len(trace.actions)) == (None, [], 1)


def test_a_row_belongs_to_the_commitment_it_names(cast: Cast, thread: Thread) -> None:
    other = Commitment.objects.get(code="C02")
    named = decided(thread.item, "다른 과제", number=2, commitment=other)
    an_action("SKT", title="다른 할일", commitment="C02", decision=thread.decision)
    trace = traced(cast.secretary, thread.commitment)
    assert shared(trace) == (["안건-C"], ["결정-C"], ["할일-KT", "할일-SKT"])
    assert shared(traced(cast.secretary, other)) == (["안건-C"], ["결정-C", "다른 과제"], ["다른 할일"])
    assert traced(cast.secretary, named).commitment == other


def test_replaced_raised_carried_over_and_moved_things_say_so(cast: Cast, as_user: SignIn, thread: Thread) -> None:
    new = decided(thread.item, "새 결정", number=2)
    raised = an_agenda_item(thread.meeting, title="상정된 것", position=2, raised_from=thread.item)
    Decision.objects.filter(pk=thread.decision.pk).update(superseded_by=new, raised_to=raised, no_action="")
    AgendaLink.objects.create(action=thread.skt, agenda_item=raised)
    ActionItem.objects.filter(pk=thread.skt.pk).update(due_on=date(2026, 11, 2))
    decision = as_user(cast.skt_liaison).get(link("decision_trace", thread.decision.pk)).text
    for words in ("대체한 협의 결과", "2026-2", "상정된 안건", "상정된 것", "당초 기한", "기한 경과", "관련 안건"):
        assert words in decision, words
    assert "대체된 협의 결과" in as_user(cast.skt_liaison).get(link("decision_trace", new.pk)).text
    said = words_of(taken(as_user(cast.skt_liaison), "decision_trace_file", thread.decision.pk, form="hwpx"))
    for words in ("대체한 협의 결과: 2026-2", "상정된 안건: 상정된 것", "당초 기한 2026. 12. 10.(목)", "기한 경과"):
        assert words in said, words


def test_what_replaces_a_decision_is_not_betrayed_before_it_is_told(cast: Cast, thread: Thread) -> None:
    new = decided(thread.item, "아직", number=None, in_force_at=None)
    Decision.objects.filter(pk=thread.decision.pk).update(superseded_by=new)
    for who, replaced in ((cast.skt_liaison, None), (cast.secretary, new)):
        steps = [*traced(who, thread.decision).all_decisions]
        assert [step.replaced_by for step in steps] == [replaced]


def test_the_page_leads_to_the_sheet_and_the_sheet_to_the_pages(cast: Cast, as_user: SignIn, thread: Thread) -> None:
    skt = as_user(cast.skt_liaison)
    for kind in KINDS:
        sheet = link(f"{kind}_trace", thread.row(kind))
        assert sheet in skt.get(link(kind, thread.row(kind))).text
        text = skt.get(sheet).text
        pages = [link(one, thread.row(one)) for one in KINDS] + [link("agenda_item", thread.item.pk)]
        for address in [*pages, link(f"{kind}_trace_file", thread.row(kind), form="pdf")]:
            assert address in text, address


def test_incidents_milestones_and_the_commitment_that_stands_for_it_are_on_it(cast: Cast, as_user: SignIn) -> None:
    one, other = Commitment.objects.get(code="C01"), Commitment.objects.get(code="C02")
    one.tracked_through.add(other)
    incident = Incident.objects.create(code="x", organisation=cast.skt, title_ko="사고 하나", title_en="One")
    incident.commitments.add(one)
    Milestone.objects.create(commitment=one, title="주요 일정 하나", due_on=date(2026, 12, 1))
    text = as_user(cast.kt_liaison).get(link("commitment_trace", one.pk)).text
    for words in ("사고 하나", "주요 일정 하나", other.title, "열람할 수 있는 후속 내용이 없습니다."):
        assert words in text, words


# One of each is the entry that it was read.
QUESTIONS = {"commitment": 25, "decision": 23, "action": 24}


@pytest.mark.both_databases
@pytest.mark.parametrize("rows", [1, 50])
@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_asks_the_same_number_of_questions_however_long_it_is(
    cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, kind: str, rows: int
) -> None:
    meeting, by = a_meeting_of(rows), actor_of(cast.skt_liaison)
    items = list(AgendaItem.objects.filter(meeting=meeting).order_by("position"))
    decisions = [decided(item, f"DECIDED-{n}-", number=n + 1) for n, item in enumerate(items)]
    first = following(decisions[0], "SKT", "ROW-FIRST")
    for n in range(rows):
        action = following(decisions[0], "SKT", f"ROW-{n}-")
        AgendaLink.objects.create(action=first, agenda_item=items[n])
        report = a_report(text=f"{n}", uploads=[pdf(f"FILE-{n}-.pdf")])
        submit_progress(first, by=by, now=NOW, progress=report)
        submit_progress(action, by=by, now=NOW, progress=report)
        following(decisions[n], "SKT", "OTHER")
    start = {"commitment": items[0].commitment_id, "decision": decisions[0].pk, "action": first.pk}[kind]
    client = as_user(cast.skt_liaison)
    client.get(link(f"{kind}_trace", start))  # what is read once a process
    with django_assert_num_queries(QUESTIONS[kind]):
        page = client.get(link(f"{kind}_trace", start))
    assert sum(f"FILE-{n}-" in page.text for n in range(rows)) == rows
    if kind == "commitment":
        assert sum(f"DECIDED-{n}-" in page.text for n in range(rows)) == rows


def a_meeting_of(items: int) -> Meeting:
    meeting = an_open_meeting()
    for n in range(items):
        an_agenda_item(meeting, title=f"ITEM-{n}-", position=n)
    return meeting


def test_what_was_deferred_says_where_it_stood_before(cast: Cast) -> None:
    before = an_agenda_item(an_open_meeting(), title="지난 안건", commitment=None)
    later = a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-19 10:00"))
    an_agenda_item(later, title="이월 안건", carried_from=before)
    step = traced(cast.secretary, Commitment.objects.get(code="C01")).items[0]
    assert (step.item.title, step.carried_from) == ("이월 안건", before)
    Meeting.objects.filter(pk=later.pk).update(state="open", opened_at=NOW)
    Meeting.objects.filter(pk=before.meeting_id).update(state="draft", opened_at=None)
    assert traced(cast.kt_liaison, Commitment.objects.get(code="C01")).items[0].carried_from is None
