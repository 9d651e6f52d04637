"""Commitments by pillar, and the thread of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from council.declaration.models import Commitment, Indicator, Milestone
from council.parties.models import User
from council.reports.models import Report
from council.reports.operations.judging import accept
from council.reports.operations.writing import save_draft, submit
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.factories import Cast, a_meeting, actor_of, an_action, link
from tests.reports.steps import COVERS, IN_TIME, LATER, a_report, a_round, a_text, waiting

type SignIn = Callable[[User], Client]


def test_everyone_seated_sees_them_all_by_pillar_in_order(cast: Cast, as_user: SignIn) -> None:
    for who in ("secretary", "skt_liaison", "kt_ciso", "observer", "chair"):
        groups = as_user(getattr(cast, who)).get("/commitments/").context["groups"]
        orders = [pillar.order if pillar else None for pillar, _ in groups]
        assert orders == [1, 2, 3, None], who
        assert sum(len(rows) for _, rows in groups) == 24
        assert all([row.code for row in rows] == sorted(row.code for row in rows) for _, rows in groups)


def test_the_reports_on_it_are_listed_on_its_page_and_its_sheet_to_those_who_see_them(
    cast: Cast, as_user: SignIn
) -> None:
    a_round()
    drafted, handed_in = a_report("SKT", "C12"), a_report("KT", "C12")
    save_draft(drafted, by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text(narrative="DRAFT"))
    submit(handed_in, by=actor_of(cast.kt_liaison), now=IN_TIME, written=a_text())
    page, sheet = (link(name, handed_in.commitment_id) for name in ("commitment", "commitment_trace"))
    own, theirs = link("report", drafted.pk), link("report", handed_in.pk)
    shown = {
        name: [(own in text, theirs in text) for text in (as_user(who).get(page).text, as_user(who).get(sheet).text)]
        for name, who in (("skt", cast.skt_liaison), ("kt", cast.kt_liaison), ("ministry", cast.secretary))
    }
    # Drafts are no part of a sheet; the ministry is told of no draft, only that a report is owed.
    assert shown == {
        "skt": [(True, False), (False, False)],
        "kt": [(False, True), (False, True)],
        "ministry": [(True, True), (False, True)],
    }
    assert "임시저장" not in as_user(cast.secretary).get(page).text
    assert COVERS.label in as_user(cast.kt_liaison).get(sheet).text


def test_until_when_a_rivals_report_was_reopened_is_not_told_beside_it(cast: Cast, as_user: SignIn) -> None:
    a_round()
    report = a_report("KT", "C12")
    submit(report, by=actor_of(cast.kt_liaison), now=IN_TIME, written=a_text())
    accept(report, by=actor_of(cast.secretary), now=LATER, rating="done", seen_submission=waiting(report))
    Report.objects.filter(pk=report.pk).update(label="TLP:AMBER", reopened_until="2027-02-20", reopened_because="r")
    for page in ("commitment", "commitment_trace"):
        text = as_user(cast.skt_liaison).get(link(page, report.commitment_id)).text
        assert link("report", report.pk) in text
        assert "2027. 2. 20." not in text


@pytest.mark.parametrize("who", ["former_liaison", "accounts", "nobody"])
def test_without_a_seat_there_is_none(cast: Cast, as_user: SignIn, who: str) -> None:
    client = as_user(getattr(cast, who))
    assert client.get("/commitments/").context["groups"] == []
    assert client.get(link("commitment", Commitment.objects.get(code="C01").pk)).status_code == 404


def test_a_thread_shows_what_of_it_the_reader_may_see(cast: Cast, as_user: SignIn) -> None:
    commitment = Commitment.objects.get(code="C01")
    an_action("SKT", title="CANARY-SKT")
    an_action("KT", title="CANARY-KT")
    an_agenda_item(an_open_meeting(), title="ITEM-OPEN")
    an_agenda_item(a_meeting(quarter="2027-Q3", outside_quarter_because="trial"), title="CANARY-HIDDEN-ITEM")
    seen = {}
    for who in ("secretary", "skt_liaison", "kt_ceo", "observer"):
        text = as_user(getattr(cast, who)).get(link("commitment", commitment.pk)).text
        words = ("CANARY-SKT", "CANARY-KT", "ITEM-OPEN", "CANARY-HIDDEN-ITEM")
        seen[who] = [word for word in words if word in text]
    assert seen == {
        "secretary": ["CANARY-SKT", "CANARY-KT", "ITEM-OPEN", "CANARY-HIDDEN-ITEM"],
        "skt_liaison": ["CANARY-SKT", "ITEM-OPEN"],
        "kt_ceo": ["CANARY-KT", "ITEM-OPEN"],
        "observer": [],
    }


@pytest.mark.parametrize(("sensitivity", "rival_reads"), [("high", False), ("medium", True)])
def test_the_figures_of_a_keenly_contested_commitment_are_its_owners_and_the_ministrys(
    cast: Cast, as_user: SignIn, sensitivity: str, rival_reads: bool
) -> None:
    commitment = Commitment.objects.get(code="C01")
    commitment.parts.exclude(organisation=cast.skt).delete()
    Commitment.objects.filter(pk=commitment.pk).update(sensitivity=sensitivity)
    Indicator.objects.create(commitment=commitment, name_ko="CANARY-FIGURE", name_en="CANARY-FIGURE", target=77)
    Milestone.objects.create(commitment=commitment, title="CANARY-STEP", due_on=date(2026, 12, 1))
    read = {}
    for who in ("skt_liaison", "secretary", "kt_liaison"):
        text = as_user(getattr(cast, who)).get(link("commitment", commitment.pk)).text
        read[who] = ("CANARY-FIGURE" in text, "CANARY-STEP" in text)
    rival = (rival_reads, rival_reads)
    assert read == {"skt_liaison": (True, True), "secretary": (True, True), "kt_liaison": rival}
