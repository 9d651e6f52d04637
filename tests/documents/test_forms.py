"""Forms are made here as a division makes them, filled, and read back by the validators and by a second package."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hwpx import HwpxDocument, validate_package
from hwpx.tools.validator import validate_document

from council.documents.forms import NotAForm, UnknownFields, fields_in, filled, unknown_fields
from council.documents.hwpx import as_hwpx
from council.documents.official import Grid, Line, Official

SECTION, HEADER, LISTING = "Contents/section0.xml", "Contents/header.xml", "Contents/content.hpf"
BEGIN = '<hp:ctrl><hp:fieldBegin id="77" type="CLICK_HERE" name="요지"/></hp:ctrl>'
TRICKY = '<b>A</b> & "B" {{title}} =HYPERLINK("http://x") {{제목}}'
DOCUMENT = Official(
    title="제1차 정기회의 회의록",
    language="ko",
    author="과학기술정보통신부",
    made_at=datetime(2027, 6, 2, 1, tzinfo=UTC),
    marking="안",
    facts=(("일시", "2027. 6. 1.(화) 10:00"), ("참석자", "SK텔레콤 ○○○\nKT ○○○"), ("진행 순서", TRICKY)),
    parts=(
        Line("안건 하나", 0, heading=True),
        Line("발언 요지", 1),
        Line(TRICKY, 2),
        Line("둘째 발언\n둘째 줄", 2),
        Grid("조치사항", ("번호", "내용"), (("A-001", TRICKY), ("A-002", "둘\n줄")), (20, 80)),
        Line("안건 둘", 0, heading=True),
    ),
    summary="요지입니다",
    keywords=("보안", "투자"),
    attachments=("참석자 명단", "조치사항 목록"),
)
LABELLED = replace(DOCUMENT, label="TLP:AMBER+STRICT")


def form(*texts: str, also: Callable[[Any], object] = lambda made: None) -> bytes:
    """A form with a paragraph for each text."""
    made: Any = HwpxDocument.new()
    for text in texts:
        made.add_paragraph(text, style="바탕글", inherit_style=False)
    also(made)
    return bytes(made.to_bytes())


def parts_of(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(ZipInfo(name), content, 0 if name == "mimetype" else ZIP_DEFLATED)
    return out.getvalue()


def edited(content: bytes, part: str, old: str, new: str) -> bytes:
    parts = parts_of(content)
    assert old.encode() in parts[part]
    return packed(parts | {part: parts[part].replace(old.encode(), new.encode(), 1)})


def read(content: bytes) -> str:
    """The text of a file that all validators pass."""
    assert validate_document(content).ok
    assert validate_package(content).ok
    return str(HwpxDocument.open(content).text.plain())


def lines_of(content: bytes) -> list[str]:
    return [line for line in read(content).splitlines() if line.strip()]


def section(content: bytes) -> str:
    return parts_of(content)[SECTION].decode()


def paragraph_with(content: bytes, text: str) -> str:
    return next(str(found) for found in re.findall(r"<hp:p\b.*?</hp:p>", section(content)) if text in found)


def test_a_marker_is_filled_wherever_it_is_typed() -> None:
    def also(made: Any) -> None:
        made.add_table(1, 2, width=40_000, height=2_000).rows[0].cells[1].text = "시각: {{일시}}"
        made.page.set_header(text="{{작성기관}} 문서")
        made.page.set_footer(text="- {{ 작성일 }} -")

    content = form("제목: {{제목}} ({{author}})", "{{TITLE}} / {{title}}", also=also)
    assert fields_in(content) == ("작성기관", "작성일", "제목", "author", "TITLE", "일시")
    made = filled(content, DOCUMENT)
    text = read(made)
    assert "제목: 제1차 정기회의 회의록(안) (과학기술정보통신부)" in text
    assert "제1차 정기회의 회의록(안) / 제1차 정기회의 회의록(안)" in text
    assert "시각: 2027. 6. 1.(화) 10:00" in text
    assert section(made).count("과학기술정보통신부 문서") == section(content).count("{{작성기관}} 문서")
    assert "- 2027. 6. 2.(수) -" in section(made)
    assert "{{" not in section(made)


def test_a_marker_is_found_though_it_is_split_over_runs_and_marks() -> None:
    split = (
        '앞 {</hp:t></hp:run><hp:run charPrIDRef="5"><hp:t>{제</hp:t><hp:t/></hp:run>'
        '<hp:run charPrIDRef="6"><hp:t><hp:markpenBegin color="#FFFF00"/>목<hp:markpenEnd/>}</hp:t></hp:run>'
        '<hp:run charPrIDRef="0"><hp:t>} 뒤 {{요</hp:t></hp:run><hp:run charPrIDRef="0"><hp:t>지}}'
    )
    content = edited(form("HERE"), SECTION, "HERE", split)
    assert fields_in(content) == ("제목", "요지")
    made = filled(content, DOCUMENT)
    assert lines_of(made) == ["앞 제1차 정기회의 회의록(안) 뒤 요지입니다"]
    assert "markpenBegin" in section(made)


def test_a_click_here_field_is_filled_in_the_look_of_the_text_around_it_and_is_gone() -> None:
    def also(made: Any) -> None:
        made.fields.add("제목", prompt="CANARY 안내문", memo="CANARY 도움말")
        made.fields.add("참석자")
        made.fields.add("CANARY", prompt="이름 없는 칸")

    content = edited(form(also=also), SECTION, 'name="CANARY"', 'name=""')
    assert fields_in(content) == ("제목", "참석자")
    made = filled(content, DOCUMENT)
    assert lines_of(made) == ["제1차 정기회의 회의록(안)", "SK텔레콤 ○○○", "KT ○○○", "이름 없는 칸"]
    assert "CANARY" not in section(made)
    assert section(made).count("<hp:fieldBegin") == 1
    assert 'charPrIDRef="0"' in paragraph_with(made, "제1차")


def test_a_click_here_field_over_several_paragraphs_becomes_one_value() -> None:
    end = '<hp:ctrl><hp:fieldEnd beginIDRef="77"/></hp:ctrl>'
    content = form("앞 HERE", "weg", "THERE hinten", "Schluss")
    content = edited(content, SECTION, "HERE", f"</hp:t>{BEGIN}<hp:t>eins")
    content = edited(content, SECTION, "THERE", f"zwei</hp:t>{end}<hp:t>")
    made = filled(content, DOCUMENT)
    assert lines_of(made) == ["앞 요지입니다 hinten", "Schluss"]


def test_the_text_comes_as_numbered_paragraphs_and_tables_in_the_look_of_its_field() -> None:
    content = form("위", "{{본문}}", "{{붙임}}", "아래")
    content = edited(
        content, SECTION, '<hp:run charPrIDRef="0"><hp:t>{{본문}}', '<hp:run charPrIDRef="5"><hp:t>{{본문}}'
    )
    made = filled(content, DOCUMENT)
    assert lines_of(made) == [
        "위", "1. 안건 하나", "가. 발언 요지", f"1) {TRICKY}", "2) 둘째 발언", "둘째 줄", "조치사항", "번호\t내용",
        f"A-001\t{TRICKY}", "A-002\t둘", "줄", "2. 안건 둘", "붙임  1. 참석자 명단 1부.",
        "\u3000\u3000  2. 조치사항 목록 1부.  끝.", "아래",
    ]  # fmt: skip
    assert 'charPrIDRef="5"' in paragraph_with(made, "발언 요지")
    opened: Any = HwpxDocument.open(made)
    ids = [one.element.get("id") for one in opened.paragraphs if one.element.get("id") != "0"]
    assert len(ids) == len(set(ids))
    marks = [one.para_pr_id_ref for one in opened.paragraphs if one.text.startswith(("1. ", "가. ", "1) ", "2. "))]
    lefts = [int(opened.styles.paragraph_property(mark).margin.left) for mark in marks]
    assert lefts == [0, 1701, 3402, 0]


def test_notes_master_pages_and_further_sections_have_fields_too() -> None:
    def also(made: Any) -> None:
        made.paragraphs[0].text = "{{본문}}"
        made.add_section()
        made.add_paragraph("{{일시}}", section=made.sections[1])
        made.parts.add_master_page(text="바탕 {{작성기관}}", page_type="BOTH", section=0)
        made.notes.add_footnote("각주 {{요지}}", paragraph=made.paragraphs[-1])

    # Not every Hangul calls its first style by the same name.
    content = edited(form(also=also), HEADER, 'name="바탕글"', 'name="Normal"')
    assert set(fields_in(content)) == {"본문", "일시", "요지", "작성기관"}
    made = filled(content, LABELLED)
    assert {"1. 안건 하나", "2027. 6. 1.(화) 10:00"} <= set(lines_of(made))
    parts = {name: part.decode("utf-8", "ignore") for name, part in parts_of(made).items()}
    assert "바탕 과학기술정보통신부" in parts["Contents/masterpage0.xml"]
    assert "각주 요지입니다" in parts["Contents/section1.xml"]
    assert all("TLP:AMBER+STRICT" in parts[f"Contents/section{at}.xml"] for at in (0, 1))
    assert "secPr" in parts[SECTION]


def test_the_text_stands_in_a_cell_no_wider_than_it() -> None:
    def also(made: Any) -> None:
        table = made.add_table(1, 2, width=40_000, height=2_000)
        table.rows[0].cells[1].text = "{{본문}}"

    made = filled(form(also=also), DOCUMENT)
    assert "A-002" in read(made)
    widths = [int(width) for width in re.findall(r'<hp:tbl .*?<hp:sz width="(\d+)"', section(made))]
    assert widths[0] == 40_000
    assert widths[1] < 20_000


def test_the_facts_come_as_a_table_where_the_form_has_a_place_for_it() -> None:
    assert lines_of(filled(form("{{개요}}"), DOCUMENT)) == [
        "일시\t2027. 6. 1.(화) 10:00", "참석자\tSK텔레콤 ○○○", "KT ○○○", f"진행 순서\t{TRICKY}",
    ]  # fmt: skip


def test_several_lines_become_paragraphs_alone_and_line_breaks_beside_other_text() -> None:
    made = filled(form("{{참석자}}", "참석: {{참석자}}, 끝"), DOCUMENT)
    assert lines_of(made) == ["SK텔레콤 ○○○", "KT ○○○", "참석: SK텔레콤 ○○○", "KT ○○○, 끝"]
    assert section(made).count("<hp:lineBreak/>") == 1
    alone = paragraph_with(made, "<hp:t>KT ○○○</hp:t>")
    assert 'paraPrIDRef="0" styleIDRef="0"' in alone


def test_a_value_is_text_and_is_never_looked_at_again() -> None:
    made = filled(form("{{진행 순서}} | {{요지}} | {{진행 순서}}"), DOCUMENT)
    assert lines_of(made) == [f"{TRICKY} | 요지입니다 | {TRICKY}"]
    assert fields_in(made) == ("title", "제목")


def test_what_no_document_holds_is_left_out_of_a_value() -> None:
    document = replace(DOCUMENT, summary="a\x00b\x0b\u2028c\td\uffff")
    assert lines_of(filled(form("{{요지}}!"), document)) == ["ab", "c\td!"]


def test_a_fact_is_called_as_its_heading_in_either_language() -> None:
    english = replace(DOCUMENT, language="en", facts=(("When", "Tue 1 Jun 2027"),))
    names = ("{{일시}}", "{{When}}", "{{ w h e n }}")
    assert lines_of(filled(form(*names), english)) == ["Tue 1 Jun 2027"] * 3
    assert lines_of(filled(form(*names[:2]), DOCUMENT)) == ["2027. 6. 1.(화) 10:00"] * 2
    assert unknown_fields(fields_in(form(*names)), ("When",)) == ()
    assert unknown_fields(fields_in(form(*names[:2])), ("일시",)) == ()


def test_a_field_that_nobody_knows_is_refused_by_name() -> None:
    content = form("{{제목}} {{결재}} {{없는 칸}}")
    assert unknown_fields(fields_in(content), ()) == ("결재", "없는 칸")
    assert unknown_fields(fields_in(content), ("결재",)) == ("없는 칸",)
    with pytest.raises(UnknownFields) as refused:
        filled(content, DOCUMENT)
    assert refused.value.names == ("결재", "없는 칸")


def test_a_known_fact_that_the_document_lacks_is_empty_and_so_is_what_it_says_nothing_about() -> None:
    content = form("결재: {{결재}}.", "{{요지}}", "{{키워드}}", "{{붙임}}", "{{본문}}", "{{개요}}")
    empty = Official(title="t", language="ko", author="a", made_at=DOCUMENT.made_at)
    assert lines_of(filled(content, empty, known=("결재",))) == ["결재: ."]
    assert lines_of(filled(form("{{일시}}"), DOCUMENT, known=("When",))) == ["2027. 6. 1.(화) 10:00"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{}}", ("{{}}",)),
        ("{{  }}", ("{{ }}",)),
        ("{{제목}", ("{{제목}",)),
        ("제목}}", ("제목}}",)),
        ("{{제 {{제목}}", ("제목", "{{제")),
        ("{{{제목}}}", ("제목",)),
        ("a {b} c", ()),
    ],
)
def test_a_broken_marker_is_named_as_it_stands(text: str, names: tuple[str, ...]) -> None:
    assert tuple(" ".join(name.split()) for name in fields_in(form(text))) == names


def test_a_label_without_a_field_stands_at_the_head_of_every_page() -> None:
    plain = filled(form("{{제목}}"), LABELLED)
    assert "TLP:AMBER+STRICT" in section(plain)
    assert read(plain).count("TLP:") == 0
    headed = form("{{제목}}", also=lambda made: made.page.set_header(text="우리 과", page_type="ODD"))
    headed = edited(headed, SECTION, 'hideFirstHeader="0"', 'hideFirstHeader="1"')
    made = filled(headed, LABELLED)
    read(made)
    headers = re.findall(r'<hp:ctrl><hp:header [^>]*applyPageType="(\w+)".*?</hp:header>', section(made))
    assert sorted(headers) == ["EVEN", "ODD"]
    for header in re.findall(r"<hp:header .*?</hp:header>", section(made)):
        assert "TLP:AMBER+STRICT" in header
    assert 'hideFirstHeader="0"' in section(made)
    placed = filled(form("{{공유 등급}} {{제목}}"), LABELLED)
    assert section(placed).count("TLP:AMBER+STRICT") == 1


def test_a_marking_stands_behind_the_title_unless_the_form_has_a_field_for_it() -> None:
    assert lines_of(filled(form("{{제목}}"), DOCUMENT)) == ["제1차 정기회의 회의록(안)"]
    assert lines_of(filled(form("{{제목}} [{{표시}}]"), DOCUMENT)) == ["제1차 정기회의 회의록 [안]"]


def test_nothing_of_who_made_the_form_comes_along() -> None:
    def also(made: Any) -> None:
        made.parts.set_document_metadata(title="CANARY", creator="CANARY", subject="CANARY", keyword="CANARY")
        made.notes.add_memo("CANARY", anchor=made.paragraphs[-1])
        made.tracking.add_change("Insert", author_name="CANARY")

    content = form("양식의 글 {{제목}}", also=also)
    text = "<hp:p><hp:run><hp:t>CANARY {{x}}</hp:t></hp:run></hp:p>"
    hidden = f"<hp:ctrl><hp:hiddenComment><hp:subList>{text}</hp:subList></hp:hiddenComment></hp:ctrl>"
    content = edited(content, SECTION, "양식의 글", f"</hp:t>{hidden}<hp:t>양식의<!-- CANARY --> 글")
    content = edited(content, HEADER, "<hh:beginNum", "<!-- CANARY --><hh:beginNum")
    content = edited(
        content, LISTING, "</opf:metadata>", '<opf:meta name="lastsaveby">CANARY</opf:meta></opf:metadata>'
    )
    content = edited(
        content,
        LISTING,
        "</opf:manifest>",
        '<opf:item id="js" href="Scripts/headerScripts" media-type="application/x-javascript"/>'
        '<opf:item id="his" href="Contents/history.xml" media-type="application/xml"/></opf:manifest>',
    )
    content = edited(content, LISTING, "</opf:spine>", '<opf:itemref idref="js"/></opf:spine>')
    canaries = {
        "Scripts/headerScripts": "// CANARY\r\nvar Documents = XHwpDocuments;".encode("utf-16-le"),
        "Contents/history.xml": b"<h>CANARY</h>",
        "DocHistory/1": b"CANARY",
        "Preview/PrvText.txt": b"CANARY",
        "Preview/PrvImage.png": b"CANARY",
        "Preview/PrvImage.jpg": b"CANARY",
    }
    content = packed(parts_of(content) | canaries)
    assert fields_in(content) == ("제목",)
    made = filled(content, DOCUMENT)
    assert lines_of(made) == ["양식의 글 제1차 정기회의 회의록(안)"]
    parts = parts_of(made)
    everything = b"".join(parts.values()) + made
    assert b"CANARY" not in everything
    assert "CANARY".encode("utf-16-le") not in everything
    assert not [name for name in parts if name.startswith(("Scripts", "DocHistory")) or name.endswith(".jpg")]
    about = parts[LISTING].decode()
    for said in ("과학기술정보통신부", "제1차 정기회의 회의록(안)", "2027-06-02T01:00:00Z", "보안, 투자"):
        assert said in about, said
    assert "Scripts" not in about
    assert 'idref="js"' not in about


def test_a_second_engine_reads_a_filled_form() -> None:
    hwpforge = pytest.importorskip("hwpforge", reason="it has no wheel for this machine")
    content = form("{{제목}}", "{{일시}}", "{{본문}}", "{{붙임}}", also=lambda made: made.fields.add("요지"))
    document = hwpforge.Document.from_bytes(filled(content, LABELLED))
    assert document.validate()["ok"]
    said = str(document.to_md())
    for words in ("제1차 정기회의", "발언 요지", "A-002", "둘째 줄", "요지입니다"):
        assert words in said, words


def test_our_own_document_is_a_form_without_fields() -> None:
    content = as_hwpx(replace(DOCUMENT, parts=(Line("하나", 0),), facts=()))
    assert fields_in(content) == ()
    assert lines_of(filled(content, DOCUMENT)) == lines_of(content)


def bomb() -> bytes:
    return packed(parts_of(form("x")) | {"BinData/a.bin": bytes(60_000_000)})


def with_doctype(text: str, part: str = SECTION) -> bytes:
    parts = parts_of(form("&amp;x;"))
    body = parts[part].split(b"?>", 1)[1].replace(b"&amp;x;", b"&x;")
    return packed(parts | {part: b'<?xml version="1.0"?>' + text.encode() + body})


def without(*names: str) -> bytes:
    return packed({name: content for name, content in parts_of(form("x")).items() if name not in names})


ENTITY = '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LOCKED = (
    '<odf:manifest xmlns:odf="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><odf:file-entry '
    'odf:full-path="Contents/section0.xml"><odf:encryption-data/></odf:file-entry></odf:manifest>'
)
NOT_FORMS: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no archive": lambda: b"{{title}}" * 100,
    "half a file": lambda: form("{{title}}")[:-300],
    "another archive": lambda: packed({"word/document.xml": b"<w/>"}),
    "a bomb": bomb,
    "no sections": lambda: edited(without(SECTION), LISTING, '<opf:itemref idref="section0" linear="yes"/>', ""),
    "no header": lambda: without(HEADER),
    "no listing": lambda: without(LISTING),
    "no mimetype": lambda: without("mimetype"),
    "a password": lambda: packed(parts_of(form("x")) | {"META-INF/manifest.xml": LOCKED.encode()}),
    "an entity": lambda: with_doctype(ENTITY),
    "an entity far down": lambda: with_doctype(f"<!--{'x' * 9_000}-->{ENTITY}"),
    "an entity in the listing": lambda: with_doctype(ENTITY, LISTING),
    "no XML": lambda: packed(parts_of(form("x")) | {SECTION: b"<hs:sec>"}),
    "too deep": lambda: edited(form("HERE"), SECTION, "HERE", "<hp:b>" * 300 + "</hp:b>" * 300),
    "too much XML": lambda: packed(parts_of(form("x")) | {"Contents/masterpage0.xml": b"<a>" + b"x" * 2**24 + b"</a>"}),
    "a script": lambda: packed(parts_of(form("x")) | {"Scripts/headerScripts": b"function OnLoad() { go(); }"}),
    "tracked changes": lambda: edited(form("HERE"), SECTION, "HERE", '<hp:insertBegin Id="1"/>a<hp:insertEnd Id="1"/>'),
    "a field without an end": lambda: edited(
        form("HERE"), SECTION, "HERE", f"</hp:t>{BEGIN}<hp:t>"
    ),
    "the text in the middle of a line": lambda: form("본문: {{본문}}"),
    "the text twice": lambda: form("{{본문}}", "{{body}}"),
    "too many fields": lambda: form("{{제목}}" * 2_000),
}  # fmt: skip


@pytest.mark.parametrize("kind", NOT_FORMS)
def test_what_is_no_form_is_refused_with_a_reason(kind: str) -> None:
    content = NOT_FORMS[kind]()
    began = time.monotonic()
    for look in (fields_in, lambda one: filled(one, DOCUMENT)):
        with pytest.raises(NotAForm) as refused:
            look(content)
        assert str(refused.value)
        assert "%(" not in str(refused.value)
    assert time.monotonic() - began < 10


def test_a_thousand_fields_and_sixty_pages_are_filled_within_seconds() -> None:
    lines = [Line("발언 요지 " * 12, 1 + at % 2, heading=at % 30 == 0) for at in range(1_200)]
    grid = Grid("표", ("a", "b"), tuple((f"A-{at}", "x" * 40) for at in range(300)), (20, 80))
    document = replace(DOCUMENT, parts=(*lines, grid))
    content = form(*["{{제목}}"] * 998, "{{본문}}", "{{요지}}")
    began = time.monotonic()
    made = filled(content, document)
    assert time.monotonic() - began < 20  # some three seconds on a machine that does nothing else
    assert made.startswith(b"PK")
    assert section(made).count("발언 요지 " * 12) == 1_200
