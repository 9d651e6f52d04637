"""Searching: every word has to occur, and nothing is found that is not shown anyway."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from council.actions.models import ActionItem, ProgressUpdate
from council.core.models import AuditEntry
from council.declaration.models import Commitment
from council.files.models import StoredFile
from council.meetings.models import AgendaItem, Meeting, Paper, PaperVersion
from council.parties.models import Organisation, User
from tests.access.rows import a_labelled_action, an_agenda_item, an_open_meeting, an_update
from tests.factories import Cast, a_meeting, an_action, link, moment
from tests.guards import behind_the_guards

type SignIn = Callable[[User], Client]
type Counted = Callable[[int], AbstractContextManager[Any]]

pytestmark = pytest.mark.both_databases

SEARCH = "/search/"
SHOWN = 20
QUERIES = 12


def ask(client: Client, text: str) -> Any:
    response = client.get(SEARCH, {"q": text})
    assert response.status_code == 200
    return response


def found(client: Client, text: str) -> dict[str, list[str]]:
    """The titles that are found, by kind."""
    groups = ask(client, text).context["groups"]
    return {group.kind: ["".join(piece.text for piece in hit.title) for hit in group.hits] for group in groups}


def a_paper(item: AgendaItem, owner: str = "KT", **values: Any) -> Paper:
    given = {"title": f"Paper of {owner}", "label": "TLP:AMBER"} | values
    return Paper.objects.create(agenda_item=item, owner=Organisation.objects.get(code=owner), **given)


def a_version(paper: Paper, name: str, by: User, *, number: int = 1) -> PaperVersion:
    stored = StoredFile.objects.create(file=f"aa/{name}", name=name, size=1, sha256="0" * 64, media_type="t")
    return PaperVersion.objects.create(
        paper=paper, number=number, file=stored, added_at=moment("2026-11-24 09:00"), added_by=by
    )


def by_invitation(cast: Cast, **values: Any) -> Meeting:
    """An extraordinary meeting of the council to which nobody of SKT was asked."""
    return Meeting.objects.create(
        body=cast.council, quarter="2027-Q1", kind="extraordinary", by_invitation=True, state="open",
        starts_at=moment("2027-02-04 10:00"), ends_at=moment("2027-02-04 11:00"),
        opened_at=moment("2026-11-24 09:00"), **values,
    )  # fmt: skip


# --- What is searched -------------------------------------------------------------------------------------------------


@pytest.fixture
def table(cast: Cast) -> Meeting:
    """One thing of each kind, each text with a word of its own."""
    meeting = an_open_meeting(title="Meeting of ONE", venue="은행회관 TWO")
    item = an_agenda_item(meeting, title="Item of THREE", background="It is about FOUR")
    paper = a_paper(item, "SKT", title="Paper of FIVE", document_number="문서-SIX")
    a_version(paper, "SEVEN.pdf", cast.skt_liaison)
    action = an_action("SKT", title="Action of EIGHT", description="It is to NINE")
    an_update(action, "TLP:AMBER+STRICT", cast.skt_liaison)
    with behind_the_guards(["council_progressupdate"]):
        ProgressUpdate.objects.update(text="What TEN did")
    Commitment.objects.filter(code="C01").update(
        title_ko="열하나 과제", title_en="Commitment of ELEVEN", summary_ko="열둘에 관한 과제", summary_en="On TWELVE"
    )
    return meeting


FOUND = {
    "one": "meeting", "two": "meeting", "은행회관": "meeting",
    "three": "agendaitem", "four": "agendaitem",
    "five": "paper", "문서-six": "paper", "seven.PDF": "paper",
    "eight": "actionitem", "nine": "actionitem", "A-001": "actionitem",
    "ten": "progressupdate",
    "열하나": "commitment", "eleven": "commitment", "열둘": "commitment", "twelve": "commitment",
}  # fmt: skip


def test_each_kind_is_found_by_each_of_its_texts(cast: Cast, table: Meeting, as_user: SignIn) -> None:
    client = as_user(cast.skt_liaison)
    assert [word for word, kind in FOUND.items() if kind not in found(client, word)] == []


def test_what_is_found_leads_to_its_page(cast: Cast, table: Meeting, as_user: SignIn) -> None:
    client, item, action = as_user(cast.skt_liaison), Paper.objects.get().agenda_item, ActionItem.objects.get()
    for word, address in (
        ("one", link("meeting", table.pk)),
        ("three", link("agenda_item", item.pk)),
        ("five", f"{link('agenda_item', item.pk)}#papers"),
        ("eight", link("action", action.pk)),
        ("ten", link("action", action.pk)),
        ("eleven", link("commitment", Commitment.objects.get(code="C01").pk)),
    ):
        assert f'<a href="{address}">' in ask(client, word).text, word


def test_a_hit_says_where_it_belongs_when_it_is_and_whom_its_label_reaches(
    cast: Cast, table: Meeting, as_user: SignIn
) -> None:
    text = ask(as_user(cast.skt_liaison), "three").text.split("<main", 1)[1]
    assert f"{cast.council.short} · Meeting of ONE" in text
    assert ("2027. 5. 20.(목)" in text, "TLP:AMBER<" in text) == (True, True)


def test_a_member_of_another_carrier_finds_what_is_shared_and_an_outsider_nothing(
    cast: Cast, table: Meeting, as_user: SignIn
) -> None:
    kt, nobody = as_user(cast.kt_liaison), as_user(cast.nobody)
    assert [*found(kt, "of"), *found(kt, "ten")] == ["meeting", "agendaitem", "paper", "commitment"]
    assert [found(nobody, word) for word in FOUND] == [{}] * len(FOUND)


def test_only_the_newest_file_of_a_paper_gives_it_its_name(cast: Cast, table: Meeting, as_user: SignIn) -> None:
    a_version(Paper.objects.get(), "THIRTEEN.pdf", cast.skt_liaison, number=2)
    a_paper(Paper.objects.get().agenda_item, title="Kept elsewhere", document_number="문서-FOURTEEN")
    client = as_user(cast.skt_liaison)
    assert found(client, "thirteen") == found(client, "five") == {"paper": ["Paper of FIVE"]}
    assert (found(client, "seven.pdf"), found(client, "fourteen")) == ({}, {"paper": ["Kept elsewhere"]})


# --- The wall ---------------------------------------------------------------------------------------------------------


def an_update_between_kt_and_the_ministry(cast: Cast) -> None:
    an_update(an_action("KT", label="TLP:AMBER"), "TLP:AMBER+STRICT", cast.kt_liaison)
    with behind_the_guards(["council_progressupdate"]):
        ProgressUpdate.objects.update(text="Canary TAIL")


def an_action_for_named_readers(cast: Cast) -> None:
    assert cast.kt_ceo.person is not None
    a_labelled_action("TLP:RED", "KT", cast.kt_ceo.person, title="Canary TAIL")


def a_named_paper(cast: Cast, **values: Any) -> None:
    paper = a_paper(an_agenda_item(an_open_meeting()), document_number="Canary TAIL", title="Canary TAIL", **values)
    a_version(paper, "Canary TAIL.pdf", cast.kt_liaison)


# What SKT must not find, and who does.
HIDDEN: dict[str, tuple[str, Callable[[Cast], Any]]] = {
    "a proposal between KT and the ministry": ("kt_liaison", lambda cast: an_agenda_item(
        an_open_meeting(), "TLP:AMBER+STRICT", "KT", title="Canary TAIL", background="Canary TAIL", state="proposed")),
    "a proposal that is not accepted yet": ("kt_liaison", lambda cast: an_agenda_item(
        an_open_meeting(), "TLP:AMBER", "KT", title="Canary TAIL", state="proposed")),
    "a meeting nobody was told of": ("secretary", lambda cast: a_meeting(title="Canary TAIL", venue="Canary TAIL")),
    "an item of such a meeting": ("secretary", lambda cast: an_agenda_item(
        a_meeting(), owner="MSIT", title="Canary TAIL")),
    "a meeting of others": ("secretary", lambda cast: by_invitation(cast, title="Canary TAIL")),
    "an item of a meeting of others": ("secretary", lambda cast: an_agenda_item(
        by_invitation(cast), owner="MSIT", title="Canary TAIL")),
    "a paper before its time": ("kt_liaison", lambda cast: a_named_paper(cast, embargo=moment("2099-01-01"))),
    "a paper that was withdrawn": ("kt_liaison", lambda cast: a_named_paper(cast, withdrawn_because="An error")),
    "a paper between KT and the ministry": ("kt_liaison", lambda cast: a_named_paper(cast, label="TLP:AMBER+STRICT")),
    "a paper for named readers": ("secretary", lambda cast: a_named_paper(cast, label="TLP:RED")),
    "an action item of KT": ("kt_liaison", lambda cast: an_action(
        "KT", title="Canary TAIL", description="Canary TAIL")),
    "an action item for named readers": ("kt_ceo", an_action_for_named_readers),
    "a report between KT and the ministry": ("kt_liaison", an_update_between_kt_and_the_ministry),
}  # fmt: skip


@pytest.mark.parametrize("what", HIDDEN)
def test_what_is_hidden_from_somebody_is_not_found_by_them(cast: Cast, as_user: SignIn, what: str) -> None:
    sees, make = HIDDEN[what]
    make(cast)
    skt = ask(as_user(cast.skt_liaison), "canary")
    assert (skt.context["groups"], "TAIL" in skt.text) == ([], False)
    assert "TAIL" in ask(as_user(getattr(cast, sees)), "canary").text


@pytest.mark.parametrize("who", ["kt_liaison", "skt_liaison", "secretary"])
def test_a_draft_of_a_report_is_found_by_nobody(cast: Cast, as_user: SignIn, who: str) -> None:
    an_update_between_kt_and_the_ministry(cast)
    with behind_the_guards(["council_progressupdate"]):
        ProgressUpdate.objects.update(label="TLP:AMBER", state="draft", submitted_at=None)
    client = as_user(getattr(cast, who))
    assert found(client, "canary") == {}
    ProgressUpdate.objects.update(state="submitted", submitted_at=moment("2026-11-24 09:00"))
    assert list(found(client, "canary")) == ["progressupdate"]


def test_a_reference_finds_ones_own_item_of_that_number_alone(cast: Cast, as_user: SignIn) -> None:
    for owner in ("SKT", "KT"):
        for n in range(3):
            an_action(owner, title=f"{owner} {n}")
    assert found(as_user(cast.skt_liaison), "A-003") == {"actionitem": ["A-003 SKT 2"]}
    assert found(as_user(cast.kt_liaison), "a-3") == {"actionitem": ["A-003 KT 2"]}
    assert sorted(found(as_user(cast.secretary), "A-003")["actionitem"]) == ["A-003 KT 2", "A-003 SKT 2"]


def test_hidden_rows_neither_fill_the_list_nor_count_as_more(cast: Cast, as_user: SignIn) -> None:
    for n in range(SHOWN):
        an_action("KT", title=f"CANARY {n}")
        an_action("SKT", title=f"CANARY {n}")
    for who, shown, more in ((cast.skt_liaison, SHOWN, False), (cast.secretary, SHOWN, True)):
        (group,) = ask(as_user(who), "canary").context["groups"]
        assert (len(group.hits), group.more) == (shown, more)


def test_hidden_rows_do_not_change_the_order(cast: Cast, as_user: SignIn) -> None:
    meeting = an_open_meeting()
    for n in (3, 1, 2):
        an_agenda_item(meeting, title=f"CANARY {n}", position=n)
    client = as_user(cast.skt_liaison)
    before = found(client, "canary")
    for n in range(4):
        an_agenda_item(meeting, "TLP:AMBER+STRICT", "KT", title=f"CANARY KT {n}", position=n, state="proposed")
    assert before == found(client, "canary") == {"agendaitem": ["CANARY 1", "CANARY 2", "CANARY 3"]}


def test_looking_as_somebody_else_finds_what_they_find(cast: Cast, as_user: SignIn) -> None:
    an_action("KT", title="CANARY KT")
    an_action("SKT", title="CANARY SKT")
    client = as_user(cast.secretary)
    assert client.post("/view-as/", {"person": cast.kt_liaison.person_id}).status_code == 302
    assert found(client, "canary") == {"actionitem": ["A-001 CANARY KT"]}


def test_what_is_searched_for_is_not_written_down(cast: Cast, table: Meeting, as_user: SignIn) -> None:
    client, entries = as_user(cast.skt_liaison), AuditEntry.objects.count()
    ask(client, "three")
    assert AuditEntry.objects.count() == entries
    client.get(link("meeting", table.pk))
    assert AuditEntry.objects.count() > entries


# --- Words ------------------------------------------------------------------------------------------------------------


# The title holds one of "보강 비용", the description the other.
OCCUR = (
    "기지국 보강", "보강   기지국", "보강 비용", "망", "lte", "LTE망", unicodedata.normalize("NFD", "기지국"), "100%",
    "a_b", "%",
)  # fmt: skip
OCCUR_NOT = ("보강 요금", "1_0", "axb", "%%", "\\", "기지국보강")


def test_every_word_has_to_occur_as_it_was_typed(cast: Cast, as_user: SignIn) -> None:
    an_action("SKT", title="LTE망 기지국 보강", description="비용은 100% 자체 부담, a_b")
    client = as_user(cast.skt_liaison)
    assert [text for text in OCCUR if "actionitem" not in found(client, text)] == []
    assert [text for text in OCCUR_NOT if "actionitem" in found(client, text)] == []


SAID = ("2027-Q2", "2027-q2", "2027년 2분기", "Q2 2027", "정기회의 2027년 2분기", "regular meeting")
NOT_SAID = ("2027-Q3", "임시회의 2027년 2분기", "founding 2027")


@pytest.mark.parametrize("title", ["", "분기별 협의"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_meeting_is_found_by_its_quarter_and_kind_in_either_language(
    cast: Cast, as_user: SignIn, language: str, title: str
) -> None:
    User.objects.filter(pk=cast.skt_liaison.pk).update(language=language)
    an_open_meeting(title=title)
    client = as_user(cast.skt_liaison)
    assert [text for text in SAID if "meeting" not in found(client, text)] == []
    assert [text for text in NOT_SAID if "meeting" in found(client, text)] == []


def test_the_words_found_are_marked_in_the_title_and_in_an_excerpt(cast: Cast, as_user: SignIn) -> None:
    an_action("SKT", title="기지국 보강", description="가" * 500 + " 앞의 말 기지국 뒤의 말 " + "나" * 500)
    text = ask(as_user(cast.skt_liaison), "기지국").text
    assert 'A-001 <mark class="p-0">기지국</mark> 보강' in text
    assert '앞의 말 <mark class="p-0">기지국</mark> 뒤의 말' in text
    assert "가" * 100 not in text


def test_a_text_in_which_nothing_was_found_is_not_quoted(cast: Cast, as_user: SignIn) -> None:
    an_action("SKT", title="기지국 보강", description="CANARY")
    assert "CANARY" not in ask(as_user(cast.skt_liaison), "기지국").text


def test_markup_is_shown_as_it_was_typed(cast: Cast, as_user: SignIn) -> None:
    an_action("SKT", title="<script>alert(1)</script>", description="<img src=x> <script>alert(1)</script>")
    text = ask(as_user(cast.skt_liaison), "<script>alert(1)</script>").text
    assert ("<script>alert" in text, "<img src=x" in text) == (False, False)
    assert text.count('<mark class="p-0">&lt;script&gt;alert(1)&lt;/script&gt;</mark>') == 2
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in text
    assert "<script>alert" not in ask(as_user(cast.nobody), '"><script>alert(1)</script>').text


# --- The form ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "   ", "\u3000"])
def test_nothing_typed_shows_what_can_be_searched(cast: Cast, table: Meeting, as_user: SignIn, text: str) -> None:
    client = as_user(cast.skt_liaison)
    for response in (client.get(SEARCH), ask(client, text)):
        assert (response.context["groups"], 'id="help"' in response.text) == ([], True)
    assert 'id="help"' not in ask(client, "three").text


@pytest.mark.parametrize(
    ("text", "status"),
    [("x" * 100, 200), ("x" * 101, 422), (unicodedata.normalize("NFD", "망" * 100), 200), ("가 " * 60, 422)],
)
def test_a_hundred_characters_are_enough(cast: Cast, as_user: SignIn, text: str, status: int) -> None:
    response = as_user(cast.skt_liaison).get(SEARCH, {"q": text})
    assert (response.status_code, 'aria-invalid="true"' in response.text) == (status, status == 422)
    assert response.context["groups"] == []


def test_fifty_words_are_a_search_like_any_other(cast: Cast, as_user: SignIn) -> None:
    syllables = [chr(ord("가") + n) for n in range(50)]
    an_action("SKT", title="".join(syllables))
    assert list(found(as_user(cast.skt_liaison), " ".join(syllables))) == ["actionitem"]


def test_nothing_found_says_so_in_words(cast: Cast, table: Meeting, as_user: SignIn) -> None:
    text = ask(as_user(cast.skt_liaison), "no-such-word").text
    assert ('class="empty"' in text, 'id="help"' in text) == (True, False)


@pytest.mark.parametrize(("rows", "more"), [(SHOWN, False), (SHOWN + 1, True)])
def test_that_there_are_more_is_said_and_how_many_is_not(cast: Cast, as_user: SignIn, rows: int, more: bool) -> None:
    meeting = an_open_meeting()
    for n in range(rows):
        an_agenda_item(meeting, title=f"ROW-{n:02d}-", position=n)
    response = ask(as_user(cast.skt_liaison), "row-")
    assert sum(f"</mark>{n:02d}-" in response.text for n in range(rows)) == SHOWN
    assert ("notice-line" in response.text) is more


@pytest.mark.parametrize("rows", [1, 50])
def test_a_search_asks_the_same_number_of_questions(
    cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, rows: int
) -> None:
    one = an_open_meeting()
    for n in range(rows):
        item = an_agenda_item(one, title=f"ROW-{n}-", position=n)
        a_version(a_paper(item, title=f"ROW-{n}-"), f"ROW-{n}-.pdf", cast.kt_liaison)
        action = an_action("SKT", title=f"ROW-{n}-")
        an_update(action, "TLP:AMBER", cast.skt_liaison)
        Meeting.objects.create(
            body=one.body, quarter="2027-Q1", kind="extraordinary", title=f"ROW-{n}-", starts_at=one.starts_at,
            ends_at=one.ends_at, state="open", opened_at=one.opened_at,
        )  # fmt: skip
        promised = Commitment.objects.get(code="C01")
        Commitment.objects.create(
            declaration=promised.declaration, code=f"X{n:02d}", kind="joint", title_ko=f"ROW-{n}-", title_en="x"
        )
    with behind_the_guards(["council_progressupdate"]):
        ProgressUpdate.objects.update(text="ROW-")
    client = as_user(cast.skt_liaison)
    ask(client, "row-")  # what is read once a process
    with django_assert_num_queries(QUERIES):
        groups = ask(client, "row-").context["groups"]
    assert [len(group.hits) for group in groups] == [min(rows, SHOWN)] * 6
