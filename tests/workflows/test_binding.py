"""The briefing pack: made for one reader, of what that reader may have at that moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from council.actions.models import ActionItem
from council.core.labels import Label
from council.core.models import AuditEntry
from council.documents.briefing import briefing_pack
from council.meetings.models import AgendaItem, BriefingPack, Meeting, Paper, PaperReceipt
from council.meetings.operations.papers import add_paper, withdraw_paper
from council.parties.models import Organisation, Seat, User
from council.workflows import bind_papers
from council.workflows.bind_papers import ask_for_pack, make_waiting
from tests.access.rows import a_labelled_action, an_agenda_item, an_open_meeting
from tests.factories import Cast, actor_of, link, moment, pdf
from tests.files import samples
from tests.files.test_keeping import on_disk

type SignIn = Callable[[User], Client]

NOW = moment("2026-11-24 10:00")


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return an_open_meeting()


def a_paper(meeting: Meeting, owner: User, label: str, title: str) -> Paper:
    organisation = Organisation.objects.get(pk=owner.person.organisation_id)  # type: ignore[union-attr]
    item = an_agenda_item(meeting, title="An item", owner=organisation.code)
    paper = Paper(agenda_item=item, title=title, label=label, owner=organisation)
    add_paper(paper, by=actor_of(owner), upload=pdf(f"{title}.pdf", samples.PDF), now=NOW)
    return paper


def text_of(pack: BriefingPack) -> str:
    with pack.file.open("rb") as content:
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content.read())).pages)


def bound(reader: User, meeting: Meeting) -> BriefingPack:
    ask_for_pack(meeting, user=reader, by=actor_of(reader))
    assert make_waiting(now=NOW) == 1
    return BriefingPack.objects.get(user=reader, meeting=meeting)


def test_a_pack_holds_what_its_reader_sees_and_nothing_else(cast: Cast, meeting: Meeting) -> None:
    a_paper(meeting, cast.skt_liaison, Label.AMBER, "SHARED-PAPER")
    a_paper(meeting, cast.skt_liaison, Label.AMBER_STRICT, "SKT-PAPER")
    a_paper(meeting, cast.kt_liaison, Label.AMBER_STRICT, "CANARY-KT-PAPER")
    a_labelled_action(Label.AMBER_STRICT, "KT", title="CANARY-KT-ACTION")
    text = text_of(bound(cast.skt_liaison, meeting))
    assert "SHARED-PAPER" in text
    assert "SKT-PAPER" in text
    assert "CANARY" not in text


def test_what_is_red_is_read_on_its_own_page_alone(cast: Cast, meeting: Meeting) -> None:
    paper = a_paper(meeting, cast.skt_liaison, Label.RED, "CANARY-RED")
    paper.readers.add(cast.skt_liaison.person)  # type: ignore[arg-type]
    assert "CANARY-RED" not in text_of(bound(cast.skt_liaison, meeting))


def test_the_label_of_the_strictest_thing_inside_stands_on_its_cover(cast: Cast, meeting: Meeting) -> None:
    an_agenda_item(meeting, title="Shared")
    assert "TLP:AMBER+STRICT" not in text_of(bound(cast.skt_liaison, meeting))
    a_labelled_action(Label.AMBER_STRICT, "SKT", title="Own")
    assert "TLP:AMBER+STRICT" in text_of(bound(cast.skt_liaison, meeting))


@pytest.mark.parametrize("what", ["an action tightened", "a paper withdrawn", "a seat lost"])
def test_a_pack_of_another_state_is_not_handed_out(cast: Cast, as_user: SignIn, meeting: Meeting, what: str) -> None:
    action = a_labelled_action(Label.AMBER, "KT", title="Shared by KT")
    paper = a_paper(meeting, cast.kt_liaison, Label.AMBER, "Paper of KT")
    bound(cast.skt_liaison, meeting)
    client, file = as_user(cast.skt_liaison), link("pack_file", meeting.pk)
    first = client.get(file)
    assert (first.status_code, bool(first.getvalue())) == (200, True)
    if what == "an action tightened":
        ActionItem.objects.filter(pk=action.pk).update(label=Label.AMBER_STRICT)
    elif what == "a paper withdrawn":
        withdraw_paper(paper, by=actor_of(cast.kt_liaison), reason="r")
    else:
        Seat.objects.filter(person=cast.skt_liaison.person).update(ends_on="2026-10-01")
    assert client.get(file).status_code == (404 if what == "a seat lost" else 302)


def test_a_pack_is_its_readers_alone(cast: Cast, as_user: SignIn, meeting: Meeting) -> None:
    bound(cast.skt_liaison, meeting)
    for other in (cast.kt_liaison, cast.skt_ceo, cast.secretary):
        assert as_user(other).get(link("pack_file", meeting.pk)).status_code == 404


def test_whoever_downloads_a_pack_has_opened_the_papers_whose_pages_are_in_it(
    cast: Cast, as_user: SignIn, meeting: Meeting
) -> None:
    paper = a_paper(meeting, cast.kt_liaison, Label.AMBER, "Shared")
    table = Paper(agenda_item=paper.agenda_item, title="A table", label=Label.AMBER, owner=cast.kt)
    add_paper(table, by=actor_of(cast.kt_liaison), upload=pdf("table.csv", b"a,b\r\n"), now=NOW)
    bound(cast.skt_liaison, meeting)
    client, file = as_user(cast.skt_liaison), link("pack_file", meeting.pk)
    assert client.head(file).status_code == 200
    assert client.get(link("pack", meeting.pk)).status_code == 200
    assert not PaperReceipt.objects.exists()
    assert not AuditEntry.objects.filter(verb__in=["pack.downloaded", "meeting.read"]).exists()
    for _twice in range(2):
        assert client.get(file).getvalue().startswith(b"%PDF")
    receipt = PaperReceipt.objects.get()
    assert (receipt.person, receipt.version.paper) == (cast.skt_liaison.person, paper)
    assert AuditEntry.objects.filter(verb="pack.downloaded").count() == 2


def test_a_paper_and_a_result_count_by_the_strictest_label_of_what_they_are_part_of(
    cast: Cast, meeting: Meeting
) -> None:
    paper = a_paper(meeting, cast.skt_liaison, Label.CLEAR, "Clear by itself")
    AgendaItem.objects.filter(pk=paper.agenda_item_id).update(label=Label.GREEN)
    text = text_of(bound(cast.skt_liaison, meeting))
    assert ("TLP:GREEN" in text, "TLP:CLEAR" in text) == (True, False)
    last = Meeting.objects.create(
        body=meeting.body, quarter="2026-Q3", kind="regular", starts_at=moment("2026-08-20 10:00"),
        ends_at=moment("2026-08-20 11:00"), state="closed", opened_at=NOW, closed_at=NOW,
    )  # fmt: skip
    an_agenda_item(last, title="RESULT-OF-THEN", label=Label.AMBER, result="adopted")
    text = text_of(bound(cast.skt_liaison, meeting))
    assert ("RESULT-OF-THEN" in text, "TLP:AMBER" in text.split("RESULT-OF-THEN")[0]) == (True, True)


def test_a_pack_that_another_driver_made_meanwhile_leaves_no_second_file(
    cast: Cast, meeting: Meeting, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def and_lose_it(*args: Any, **kwargs: Any) -> int:
        pages = briefing_pack(*args, **kwargs)
        BriefingPack.objects.update(stage="ready", made_at=NOW, lease_until=None)
        return pages

    ask_for_pack(meeting, user=cast.skt_liaison, by=actor_of(cast.skt_liaison))
    monkeypatch.setattr(bind_papers, "briefing_pack", and_lose_it)
    before = on_disk(settings)
    assert make_waiting(now=NOW) == 0
    assert on_disk(settings) == before


def test_one_that_fails_says_so_and_can_be_asked_for_again(
    cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> int:
        raise OSError("the disk is full")

    ask_for_pack(meeting, user=cast.skt_liaison, by=actor_of(cast.skt_liaison))
    with monkeypatch.context() as patch:
        patch.setattr(bind_papers, "briefing_pack", fail)
        assert make_waiting(now=NOW) == 0
    pack = BriefingPack.objects.get()
    assert (pack.stage, pack.made_at) == ("failed", None)
    assert bound(cast.skt_liaison, meeting).stage == "ready"


def test_one_whose_driver_died_is_taken_over_when_its_lease_has_run_out(cast: Cast, meeting: Meeting) -> None:
    ask_for_pack(meeting, user=cast.skt_liaison, by=actor_of(cast.skt_liaison))
    BriefingPack.objects.update(stage="making", lease_until=NOW + timedelta(minutes=1))
    assert make_waiting(now=NOW) == 0
    assert make_waiting(now=NOW + timedelta(minutes=2)) == 1
