"""The briefing pack: what its reader may have, in one PDF, and nothing that a paper brought along."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import IO, Any

import pikepdf
import pytest
from django.utils import translation
from django.utils.translation import ngettext
from pypdf import PdfReader
from pypdf.generic import Destination

from council.documents import pdf
from council.documents.briefing import (
    KEPT_ELSEWHERE,
    NOT_PUT_IN,
    OWN_FILE,
    AgendaLine,
    Pack,
    PaperPart,
    Table,
    briefing_pack,
)
from council.files.queries import Changed
from tests.documents.test_pdf import LANDSCAPE, MARK, UNREADABLE, hostile, one_page, saved

LABEL = re.compile(r"TLP:\w+(?:\+STRICT)?")
HWPX = "application/hwp+zip"
WHY = ("nothing in it", "half of it", "a stream that breaks off", "a password", "no page")


def several_pages(*texts: str, size: tuple[int, int] = (595, 842)) -> bytes:
    book = pikepdf.Pdf.new()
    for text in texts:
        page = one_page(b"BT /F1 12 Tf 70 90 Td (%s) Tj ET" % text.encode(), size=size)
        book.add_pages_from(page)
    return saved(book)


def paper(number: str, title: str, content: bytes | None = None, **more: Any) -> PaperPart:
    given: dict[str, Any] = {
        "item_number": number,
        "title": title,
        "kind": "보고자료",
        "label": "TLP:AMBER",
        "owner": "KT",
        "version": 1,
        "file_name": f"{title}.pdf",
        "size": 20480,
        "sha256": "ab" * 32,
        "media_type": "application/pdf",
        "content": (lambda: BytesIO(content)) if content is not None else None,
    }
    return PaperPart(**given | more)


def line(number: str, title: str, **more: Any) -> AgendaLine:
    given: dict[str, Any] = {
        "number": number,
        "title": title,
        "kind": "보고안건",
        "section": "1. 보안·신뢰",
        "starts": "10:00",
        "minutes": 15,
        "presenter": "홍길동",
        "pillar": "보안·신뢰",
        "commitment": "C03 침해사고 정보 공유",
        "label": "TLP:GREEN",
        "marks": (),
    }
    return AgendaLine(**given | more)


PACK = Pack(
    title="제3차 정기회의(2026년 4분기)",
    body="이동통신 3사 최고경영자(CEO) 협의체",
    when="2026. 11. 26.(목) 10:00",
    venue="정부세종청사 6동",
    reader="김철수(KT)",
    made="2026. 11. 24.(화) 18:00",
    label="TLP:GREEN",
    notice="경쟁상 민감한 정보를 교환하지 않습니다.",
    author="과학기술정보통신부",
    language="ko",
    agenda=(),
    papers=(),
    tables=(),
)
FULL = replace(
    PACK,
    agenda=(
        line("1", "침해사고 대응 점검", marks=("기한 경과 후 제출", "잠정"), background="배경 첫째\n배경 둘째"),
        line("2", "재난 시 로밍", minutes=20, starts="10:15"),
        line(
            "3", "번호이동 안내", section="2. 민생", minutes=30, starts="10:35", presenter="", pillar="", commitment=""
        ),
    ),
    papers=(
        paper("3", "첨부 한글", media_type=HWPX, file_name="첨부 1.hwpx", label="TLP:CLEAR", content=b"unread"),
        paper("", "안건 없는 자료", saved(hostile()), label="TLP:GREEN"),
        paper("1", "점검 결과", several_pages("eins", "zwei", "drei"), label="TLP:AMBER"),
        paper("2", "가로 자료", several_pages("quer", size=LANDSCAPE), label="TLP:AMBER+STRICT", version=4),
        paper("2", "다른 곳의 문서", media_type="", file_name="", elsewhere="네트워크정책과-1234", label="TLP:GREEN"),
        paper("2", "검사 중인 자료", b"unread", withheld="악성코드 검사가 끝나지 않았습니다.", label="TLP:GREEN"),
        *(paper("3", f"못 읽는 자료 {at}", UNREADABLE[why]()) for at, why in enumerate(WHY)),
    ),
    tables=(
        Table(
            title="진행 중인 조치사항", columns=("번호", "내용"), rows=(("A-1", "로밍 시험"), ("A-2", "")), empty="-"
        ),
        Table(title="지난 회의 협의 결과", columns=("번호",), rows=(), empty="협의 결과가 없습니다."),
    ),
)


def made(pack: Pack) -> PdfReader:
    pages = briefing_pack(pack, file := BytesIO())
    reader = PdfReader(file)
    assert len(reader.pages) == pages
    return reader


@pytest.fixture(scope="module")
def full() -> PdfReader:
    return made(FULL)


@pytest.fixture(scope="module")
def texts(full: PdfReader) -> list[str]:
    return [page.extract_text() for page in full.pages]


def marks(reader: PdfReader) -> list[tuple[int, str, int]]:
    """The bookmarks: how deep, what they say, and the page from 1 they lead to."""

    def walk(outline: Any, depth: int) -> Iterator[tuple[int, str, int]]:
        for mark in outline:
            if isinstance(mark, Destination):
                page = reader.get_destination_page_number(mark)
                yield depth, str(mark.title), -1 if page is None else page + 1
            else:
                yield from walk(mark, depth + 1)

    return list(walk(reader.outline, 0))


def page_of(reader: PdfReader, title: str) -> int:
    return next(page for _depth, mark, page in marks(reader) if mark.endswith(title))


def in_korean(text: Any) -> str:
    with translation.override("ko"):
        return str(text)


# --- What is in it ----------------------------------------------------------------------------------------------------


def test_the_cover_says_of_what_when_and_for_whom_it_was_made(texts: list[str]) -> None:
    cover = texts[0]
    for said in (FULL.title, FULL.body, FULL.when, FULL.venue, FULL.reader, FULL.made, FULL.notice):
        assert said in cover
    with translation.override("ko"):
        papers = ngettext("%(papers)s paper", "%(papers)s papers", 11)
    assert papers % {"papers": 11} in cover


def test_the_agenda_has_its_sections_with_their_minutes_and_its_items_with_all_that_is_said_of_them(
    full: PdfReader, texts: list[str]
) -> None:
    agenda = texts[page_of(full, "의사일정") - 1]
    assert re.search(r"1\. 보안·신뢰 35\n", agenda)
    assert re.search(r"2\. 민생 30\n", agenda)
    assert re.search(r" 65\n", agenda)
    first = agenda[agenda.index("침해사고 대응 점검") : agenda.index("재난 시 로밍")]
    for said in ("TLP:GREEN", "기한 경과 후 제출", "잠정", "C03 침해사고", "배경 첫째", "보고안건", "홍길동", "15"):
        assert said in first


def test_bookmarks_lead_to_each_part_item_and_paper_in_the_order_of_the_agenda(
    full: PdfReader, texts: list[str]
) -> None:
    found = marks(full)
    assert [mark for depth, mark, _page in found if depth == 0][-2:] == ["진행 중인 조치사항", "지난 회의 협의 결과"]
    assert [mark for depth, mark, _page in found if depth == 1][:8] == [
        *("1 침해사고 대응 점검", "2 재난 시 로밍", "3 번호이동 안내"),
        *("1 점검 결과", "2 가로 자료", "2 다른 곳의 문서", "2 검사 중인 자료", "3 첨부 한글"),
    ]
    assert found[-3][1].strip() == "안건 없는 자료"
    pages = [page for _depth, _mark, page in found]
    assert (pages == sorted(pages), pages[0]) == (True, 1)
    for title, text in (("1 점검 결과", "eins"), ("2 가로 자료", "quer"), ("3 첨부 한글", "첨부 1.hwpx")):
        assert text in texts[page_of(full, title) - 1]


def test_the_list_of_papers_names_the_page_on_which_each_begins_and_leads_there(
    full: PdfReader, texts: list[str]
) -> None:
    begins = page_of(full, "1 점검 결과")
    leaves: Any = full.pages[2 : begins - 1]
    links = {link.get_object()["/Dest"] for leaf in leaves for link in leaf["/Annots"]}
    assert len(links) == len(FULL.papers)
    reached = {full.get_destination_page_number(full.named_destinations[link]) for link in links}
    assert reached == {page - 1 for depth, _mark, page in marks(full) if depth == 1 and page >= begins}
    listed = "\n".join(texts[2 : begins - 1])
    for title in ("점검 결과", "가로 자료", "첨부 한글", "안건 없는 자료"):
        assert re.search(rf"{title}\n(?:.*\n)*?보고자료 KT \d {page_of(full, title)}\n", listed), title


def test_the_list_is_right_too_where_what_is_said_of_a_paper_runs_on_over_several_pages() -> None:
    long = paper("", "긴 사유", withheld="검사가 끝나지 않았습니다. " * 400)
    reader = made(replace(PACK, papers=(long, paper("", "다음", several_pages("eins")))))
    begins = page_of(reader, "다음")
    assert begins > page_of(reader, "긴 사유") + 1
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert re.search(rf"다음\n(?:.*\n)*?.*보고자료 KT 1 {begins}\n", text)


def test_pages_of_a_paper_stand_together_in_their_own_size(full: PdfReader, texts: list[str]) -> None:
    first = page_of(full, "1 점검 결과") - 1
    assert [text.split()[0] for text in texts[first : first + 4]] == ["eins", "zwei", "drei", "quer"]
    sizes = [tuple(float(side) for side in page.mediabox[2:]) for page in full.pages[first : first + 4]]
    assert sizes == [(595, 842)] * 3 + [LANDSCAPE]
    assert all(page.mediabox == page.trimbox == page.bleedbox == page.cropbox for page in full.pages)


def test_what_is_no_pdf_or_not_here_gets_a_page_that_says_where_it_is(full: PdfReader, texts: list[str]) -> None:
    own_file = texts[page_of(full, "3 첨부 한글") - 1]
    for said in (in_korean(OWN_FILE), "첨부 1.hwpx", "ab" * 32, "20.0"):
        assert said in own_file
    elsewhere = texts[page_of(full, "2 다른 곳의 문서") - 1]
    assert in_korean(KEPT_ELSEWHERE) in elsewhere
    assert ("네트워크정책과-1234" in elsewhere, "SHA-256" in elsewhere) == (True, False)
    withheld = texts[page_of(full, "2 검사 중인 자료") - 1]
    assert ("악성코드 검사가 끝나지 않았습니다." in withheld, in_korean(OWN_FILE) in withheld) == (True, False)


def test_a_paper_that_cannot_be_read_gets_a_page_that_says_so_and_the_rest_stays(
    full: PdfReader, texts: list[str]
) -> None:
    for at, why in enumerate(WHY):
        assert in_korean(NOT_PUT_IN) in texts[page_of(full, f"3 못 읽는 자료 {at}") - 1], why
    assert "Seite" in texts[page_of(full, "안건 없는 자료") - 1]


def test_tables_come_last_and_say_so_when_they_are_empty(full: PdfReader, texts: list[str]) -> None:
    assert page_of(full, "지난 회의 협의 결과") == len(texts)
    assert "협의 결과가 없습니다." in texts[-1]
    assert re.search(r"번호 내용\nA-1 로밍 시험\nA-2 -\n", texts[-2])


# --- On every page ----------------------------------------------------------------------------------------------------


def test_pages_are_numbered_through_the_whole(texts: list[str]) -> None:
    assert [re.findall(r"\d+ / \d+", text)[-1] for text in texts] == [
        f"{number} / {len(texts)}" for number in range(1, len(texts) + 1)
    ]


def test_each_page_has_its_label_at_the_head_and_at_the_foot(full: PdfReader) -> None:
    """The paper's on a paper's pages, on all others the strictest in the pack, though it was given a wider one."""
    labels = []
    for page in full.pages:
        found: list[tuple[float, str]] = []

        def see(text: str, _cm: Any, tm: list[float], _font: Any, size: float, found: Any = found) -> None:
            found += [(tm[5], label) for label in LABEL.findall(text) if size >= 12]

        page.extract_text(visitor_text=see)
        head, foot = max(found), min(found)
        assert (head[0] > 0.95 * float(page.mediabox.height), foot[0] < 40) == (True, True)
        assert head[1] == foot[1]
        labels.append(head[1])
    first, last = page_of(full, "1 점검 결과") - 1, page_of(full, "진행 중인 조치사항") - 1
    strictest = "TLP:AMBER+STRICT"
    assert labels[:first] == [strictest] * first
    assert labels[first : first + 7] == ["TLP:AMBER"] * 3 + [strictest] + ["TLP:GREEN"] * 2 + ["TLP:CLEAR"]
    assert labels[last - 1 :] == ["TLP:GREEN", strictest, strictest]


def test_a_paper_s_page_carries_no_other_label_than_its_own(full: PdfReader, texts: list[str]) -> None:
    for title, label in (
        ("1 점검 결과", "TLP:AMBER"),
        ("3 첨부 한글", "TLP:CLEAR"),
        ("2 가로 자료", "TLP:AMBER+STRICT"),
    ):
        assert LABEL.findall(texts[page_of(full, title) - 1]) == [label, label]


def test_all_our_fonts_are_in_the_file(full: PdfReader) -> None:
    leaves: Any = full.pages
    fonts = [font.get_object() for leaf in leaves for font in leaf["/Resources"]["/Font"].values()]
    described = [font.get("/DescendantFonts", [font])[0].get_object() for font in fonts]
    assert all("/FontFile2" in font["/FontDescriptor"] for font in described)
    assert {str(font["/BaseFont"]).split("+")[1] for font in described} >= {"Pretendard", "Pretendard-Bold"}


def test_the_file_says_that_it_is_ours_and_in_which_language(full: PdfReader) -> None:
    assert full.metadata == {"/Title": FULL.title, "/Author": FULL.author}
    root: Any = full.trailer["/Root"]
    assert (root["/Lang"], root["/PageMode"], root["/ViewerPreferences"]) == (
        *("ko", "/UseOutlines"),
        {"/DisplayDocTitle": True},
    )
    assert set(root) == {"/Type", "/Pages", "/Lang", "/PageMode", "/ViewerPreferences", "/Outlines", "/Names"}
    assert set(root["/Names"]) == {"/Dests"}


def test_nothing_that_a_paper_brought_along_is_in_the_file(full: PdfReader) -> None:
    full.stream.seek(0)
    with pikepdf.open(BytesIO(full.stream.read())) as book:
        rest = saved(book, qdf=True).decode("latin-1")
    assert MARK not in rest
    assert re.findall(r"/(?:JavaScript|JS|Launch|URI|SubmitForm|GoTo[RE]|EmbeddedFile|OpenAction|AA|AF)\b", rest) == []


# --- Readers ----------------------------------------------------------------------------------------------------------


def test_the_same_pack_is_the_same_file_and_tells_how_far_it_is() -> None:
    pack = replace(FULL, papers=FULL.papers[:3])
    told: list[tuple[int, int]] = []
    briefing_pack(pack, first := BytesIO(), progress=lambda done, of: told.append((done, of)))
    briefing_pack(pack, second := BytesIO())
    assert first.getvalue() == second.getvalue()
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


def test_what_another_reader_does_not_get_leaves_no_trace() -> None:
    mine = replace(FULL, papers=FULL.papers[2:3], agenda=FULL.agenda[:1], tables=())
    other = replace(mine, reader="이영희(SK텔레콤)", papers=(), agenda=(), language="en")
    text = "\n".join(page.extract_text() for page in made(other).pages)
    assert ("이영희" in text, "Agenda" in text, "김철수" in text) == (True, True, False)
    for title in ("점검 결과", "침해사고 대응 점검", "eins"):
        assert title not in text
        assert title in "\n".join(page.extract_text() for page in made(mine).pages)


# --- What people wrote ------------------------------------------------------------------------------------------------

WRITTEN = (
    "<script>alert(1)</script>",
    "<img src=file:///etc/passwd>",
    "</style><style>*{display:none}</style>",
    '"><link rel=attachment href=/etc/passwd>',
    "'; } @import url(http://127.0.0.1/a); a { content: \"",
    "{{ pack.author }}{% debug %}",
)


def test_whatever_people_wrote_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = set()
    own_files = pdf.own_files

    def listening() -> Any:
        fetcher = own_files()
        fetch = fetcher.fetch

        def heard(url: str, headers: object = None) -> Any:
            asked.add(url)
            return fetch(url, headers)

        fetcher.fetch = heard
        return fetcher

    monkeypatch.setattr(pdf, "own_files", listening)
    said = " ".join(WRITTEN)
    pack = replace(
        PACK,
        **dict.fromkeys(("title", "body", "when", "venue", "reader", "made", "notice", "author"), said),
        agenda=(line(said, said, section=said, kind=said, presenter=said, marks=(said,), background=said),),
        papers=(paper(said, said, media_type=said, kind=said, owner=said, file_name=said, elsewhere=said),),
        tables=(Table(title=said, columns=(said,), rows=((said,),), empty=said),),
    )
    reader = made(pack)
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    for piece in WRITTEN:
        assert text.count(re.sub(r"\s", "", piece)) >= 20, piece
    assert asked == {"own:regular", "own:bold"}
    assert reader.metadata == {"/Title": said, "/Author": said}


# --- Storage ----------------------------------------------------------------------------------------------------------


def test_contents_are_closed_again() -> None:
    contents = [BytesIO(several_pages("eins")), BytesIO(b"no PDF")]
    opened = iter(contents)
    made(replace(PACK, papers=(replace(paper("1", "a"), content=lambda: next(opened)),) * 2))
    assert all(content.closed for content in contents)


def gone() -> IO[bytes]:
    raise OSError("the disk is gone")


def changed() -> IO[bytes]:
    raise Changed("not what was handed in")


def test_what_the_storage_says_is_for_the_caller() -> None:
    with pytest.raises(OSError, match="the disk is gone"):
        briefing_pack(replace(PACK, papers=(replace(paper("1", "a"), content=gone),)), BytesIO())


def test_a_file_that_is_not_handed_out_any_more_is_not_put_in_and_that_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING, "council.documents"):
        reader = made(replace(PACK, papers=(replace(paper("1", "a"), content=changed),)))
    assert in_korean(NOT_PUT_IN) in reader.pages[-1].extract_text()
    assert (caplog.text.count("ab" * 32), "not what was handed in" in caplog.text) == (1, True)


def test_a_meeting_without_items_or_papers_has_a_pack_too() -> None:
    assert len(made(PACK).pages) == 3
