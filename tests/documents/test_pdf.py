"""PDF: pages of ours ask for nothing from outside, and of the pages of others nothing but their look is kept."""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.request import Request

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, Permissions, Stream, String
from pypdf import PdfReader

from council.documents.pdf import BAND, Stamps, Unreadable, bind, drawn, font_file, letter_size, own_files, redraw

A4, LANDSCAPE, CARD, POSTER, STRIP = (595, 842), (842, 595), (243, 153), (2384, 3370), (1200, 60)
MARK = "LEAK-4711"


def one_page(content: bytes = b"BT /F1 12 Tf 70 700 Td (Seite) Tj ET", size: tuple[int, int] = A4) -> Pdf:
    """A PDF of one page, as somebody else would have made it."""
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=size)
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(helvetica)))
    page.Contents = pdf.make_stream(content)
    return pdf


def saved(pdf: Pdf, **options: Any) -> bytes:
    pdf.save(file := BytesIO(), **options)
    return file.getvalue()


@pytest.fixture
def redrawn(tmp_path: Path) -> Callable[[Pdf | bytes], Path]:
    def redrawn(source: Pdf | bytes) -> Path:
        (tmp_path / "source").write_bytes(saved(source) if isinstance(source, Pdf) else source)
        redraw(tmp_path / "source", tmp_path / "redrawn")
        return tmp_path / "redrawn"

    return redrawn


def unpacked(file: Path) -> str:
    """All that is in it, readable."""
    with pikepdf.open(file) as pdf:
        return saved(pdf, qdf=True, stream_decode_level=pikepdf.StreamDecodeLevel.all).decode("latin-1")


def texts(file: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(file).pages]


# --- Pages of ours ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["own:regular", "own:bold"])
def test_a_page_gets_our_fonts(address: str) -> None:
    assert own_files()(address).read() == font_file(address).read_bytes()


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/a.css",
        "https://example.com/a.png",
        "ftp://example.com/a",
        "file:///etc/passwd",
        f"file://{font_file('own:bold')}",
        "data:text/css,*{color:red}",
        "own:other",
        "own:regular?",
        "own:../settings",
        "/etc/passwd",
        "",
    ],
)
def test_a_page_gets_nothing_else(address: str) -> None:
    with pytest.raises(PermissionError):
        own_files()(address)


@pytest.fixture
def redirecting() -> Iterator[tuple[str, list[str]]]:
    """The address of a server that sends everybody on to a file of this machine, and what was asked of it."""
    asked: list[str] = []

    class Redirect(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "own:regular")
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Redirect) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/a.png", asked
        server.shutdown()


def test_an_address_that_leads_on_to_another_one_is_not_even_opened(redirecting: tuple[str, list[str]]) -> None:
    address, asked = redirecting
    for ask in (own_files(), lambda url: own_files().open(Request(url))):
        with pytest.raises(PermissionError):
            ask(address)
    assert asked == []


def template(folder: Path, settings: Any, body: str) -> str:
    (folder / "page.html").write_text(f"<html lang=ko><title>가</title>{body}", encoding="utf-8")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [folder], "APP_DIRS": False}]
    return "page.html"


@pytest.mark.parametrize(
    "body",
    [
        '<img src="{address}">',
        '<p style="background: url({address})">',
        '<link rel="stylesheet" href="{address}">',
        "<style>@import url({address});</style>",
        '<object data="{address}"></object>',
    ],
)
def test_a_page_that_asks_for_something_foreign_is_not_made(
    tmp_path: Path, settings: Any, redirecting: tuple[str, list[str]], body: str
) -> None:
    address, asked = redirecting
    page = template(tmp_path, settings, body.format(address=address))
    with pytest.raises(BaseException, match=re.escape(f'Error fetching "{address}"')):
        drawn(page, {}, language="ko").content()
    assert asked == []


def test_a_document_says_on_which_page_its_anchors_stand_and_is_in_the_language_asked_for(
    tmp_path: Path, settings: Any
) -> None:
    body = '{% load i18n %}<p id="a">{% translate "Agenda" %}<p id="b" style="break-before: page">{{ word }}'
    page = template(tmp_path, settings, body)
    korean, english = (drawn(page, {"word": "<b>&"}, language=language) for language in ("ko", "en"))
    assert (korean.pages, dict(korean.places)) == (2, {"a": 0, "b": 1})
    assert [leaf.extract_text() for leaf in PdfReader(BytesIO(korean.content())).pages] == ["의사일정", "<b>&"]
    assert PdfReader(BytesIO(english.content())).pages[0].extract_text() == "Agenda"


# --- Pages of others: the look ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [A4, LANDSCAPE, CARD, POSTER, STRIP])
@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_keeps_its_size_and_leaves_head_and_foot_free(
    redrawn: Callable[..., Path], size: tuple[int, int], turned: int
) -> None:
    pdf = one_page(size=size)
    # Not from the origin, as cut pages are.
    pdf.pages[0].mediabox = Array([0, 0, size[0] + 50, size[1] + 30])
    pdf.pages[0].cropbox = Array([50, 30, size[0] + 50, size[1] + 30])
    pdf.pages[0].trimbox = Array([90, 90, 100, 100])
    pdf.pages[0].obj.Rotate = turned
    with pikepdf.open(redrawn(pdf)) as made:
        page = made.pages[0]
        width, height = size if turned in {0, 180} else size[::-1]
        assert [float(side) for side in page.mediabox] == [0, 0, width, height]
        picture = page.Resources.XObject.Paper
        placed = pikepdf.Matrix(*(float(x) for x in page.Contents.read_bytes().split()[1:7]))
        turning = pikepdf.Matrix(picture.get("/Matrix", pikepdf.Matrix()))
        frame = placed.transform(turning.transform(pikepdf.Rectangle(Array(picture.BBox))))
        free = BAND * letter_size(width, height)
        assert [float(frame.lly), float(frame.ury)] == pytest.approx([free, height - free], abs=0.01)
        assert frame.llx == pytest.approx(width - frame.urx, abs=0.01)
        assert frame.height / height == pytest.approx(frame.width / width, abs=0.001)


def test_a_page_measured_in_larger_units_is_as_large(redrawn: Callable[..., Path]) -> None:
    pdf = one_page(size=(200, 300))
    pdf.pages[0].obj.UserUnit = 2
    with pikepdf.open(redrawn(pdf)) as made:
        assert [float(side) for side in made.pages[0].mediabox] == [0, 0, 400, 600]


def test_what_a_page_inherits_from_those_above_it_comes_along(redrawn: Callable[..., Path]) -> None:
    pdf = one_page()
    pdf.Root.Pages.Resources, pdf.Root.Pages.MediaBox = pdf.pages[0].obj.Resources, Array([0, 0, 300, 400])
    del pdf.pages[0].obj.Resources, pdf.pages[0].obj.MediaBox
    file = redrawn(pdf)
    assert texts(file) == ["Seite"]
    assert PdfReader(file).pages[0].mediabox[2:] == [300, 400]


def annotated(pdf: Pdf, text: bytes, *, flags: int = 4, **more: Any) -> None:
    look = pdf.make_stream(b"BT /F1 9 Tf 0 0 Td (%s) Tj ET" % text, Type=Name.XObject, Subtype=Name.Form)
    look.BBox, look.Resources = Array([0, 0, 90, 20]), pdf.pages[0].obj.Resources
    note = Dictionary(Type=Name.Annot, Rect=[100, 100, 190, 120], F=flags, AP=Dictionary(N=look), **more)
    if "/Annots" not in pdf.pages[0].obj:
        pdf.pages[0].obj.Annots = Array()
    pdf.pages[0].obj.Annots.append(pdf.make_indirect(note))


def test_comments_and_what_was_filled_in_are_drawn_and_hidden_ones_are_not(redrawn: Callable[..., Path]) -> None:
    pdf = one_page()
    annotated(pdf, b"Stempel", Subtype=Name.Stamp)
    annotated(pdf, b"Feld", Subtype=Name.Widget, FT=Name.Tx, T=String("name"), V=String("Feld"))
    annotated(pdf, b"versteckt", flags=2, Subtype=Name.Stamp)
    pdf.Root.AcroForm = Dictionary(Fields=[pdf.pages[0].obj.Annots[1]])
    text = texts(redrawn(pdf))[0]
    assert ("Stempel" in text, "Feld" in text, "versteckt" in text) == (True, True, False)


@pytest.mark.parametrize("by", ["OFF", "BaseState"])
def test_a_layer_that_is_off_stays_off(redrawn: Callable[..., Path], tmp_path: Path, by: str) -> None:
    pdf = one_page(b"/OC /L1 BDC BT /F1 12 Tf 70 700 Td (Entwurf) Tj ET EMC")
    off, on = (pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(name))) for name in ("off", "on"))
    pdf.pages[0].Resources.Properties = Dictionary(L1=off, L2=on)
    state = Dictionary(OFF=[off]) if by == "OFF" else Dictionary(BaseState=Name.OFF, ON=[on])
    pdf.Root.OCProperties = Dictionary(OCGs=[off, on], D=state)
    (tmp_path / "own").write_bytes(saved(one_page()))
    with bind([(tmp_path / "own", "1"), (redrawn(pdf), "1-z")]) as bound:
        made = pikepdf.open(BytesIO(saved(bound)))
    layers = made.Root.OCProperties
    assert {str(layer.Name) for layer in layers.OCGs} == {"off", "on"}
    assert [str(layer.Name) for layer in layers.D.OFF] == ["off"]
    assert made.pages[1].Resources.XObject.Paper.Resources.Properties.L1.objgen == layers.D.OFF[0].objgen


def test_names_that_the_author_chose_are_kept_whatever_they_are(redrawn: Callable[..., Path]) -> None:
    pdf = one_page(b"BT /AF 12 Tf 70 700 Td (eins) Tj /Metadata 12 Tf (zwei) Tj ET")
    fonts = pdf.pages[0].Resources.Font
    fonts.AF, fonts.Metadata = fonts.F1, fonts.F1
    with pikepdf.open(redrawn(pdf)) as made:
        assert {"/AF", "/Metadata"} <= set(made.pages[0].Resources.XObject.Paper.Resources.Font.keys())


def test_drawing_commands_that_leave_something_open_do_not_reach_the_label(redrawn: Callable[..., Path]) -> None:
    file = redrawn(one_page(b"Q Q q q 0.01 0 0 0.01 9 9 cm 0 0 1 1 re W n BT /F1 9 Tf (Seite) Tj ET"))
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        Stamps(pdf).put(pdf.pages[0], "TLP:RED", "1 / 1")
        written = b" ".join(stream.read_bytes() for stream in pdf.pages[0].Contents)
        assert b"0.01 0 0 0.01" not in written
        assert written.split().count(b"q") == written.split().count(b"Q")
        pdf.save(file)
    assert texts(file)[0].count("TLP:RED") == 2


# --- Pages of others: all the rest ------------------------------------------------------------------------------------


def hostile() -> Pdf:
    """A PDF that does, carries and reaches for all sorts of things, each of them marked."""
    pdf = one_page()
    page = pdf.pages[0]
    script = Dictionary(Type=Name.Action, S=Name.JavaScript, JS=String(f"app.alert('{MARK}')"))
    bare = Dictionary(S=Name.JavaScript, JS=pdf.make_stream(MARK.encode()))
    carried = pdf.make_stream(MARK.encode(), Type=Name.EmbeddedFile)
    file = pdf.make_indirect(Dictionary(Type=Name.Filespec, F=String(f"{MARK}.exe"), EF=Dictionary(F=carried)))
    url = Dictionary(S=Name.URI, URI=String(f"https://{MARK}.example/"))
    launch = Dictionary(S=Name.Launch, F=String(f"\\\\{MARK}\\cmd.exe"))
    submit = Dictionary(S=Name.SubmitForm, F=String(f"https://{MARK}.example/"), Next=script)
    about = pdf.make_stream(f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{MARK}</x:xmpmeta>".encode(), Type=Name.Metadata)
    page.obj.AA, page.obj.Metadata, page.obj.AF = Dictionary(O=script, C=launch), about, Array([file])
    page.obj.PieceInfo, page.obj.LastModified = Dictionary(A=String(MARK)), String(MARK)
    page.obj.Annots = Array()
    for action in (url, launch, submit, bare, Dictionary(S=Name.GoToR, F=file), Dictionary(S=Name.GoToE, F=file)):
        page.obj.Annots.append(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 595, 842], A=action))
    page.obj.Annots.append(Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9], FS=file))
    annotated(pdf, b"Stempel", Subtype=Name.Stamp, A=launch, AA=Dictionary(E=bare), Contents=String(MARK))
    inner = pdf.make_stream(b"0 g", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9], Metadata=about, AF=file)
    inner.Ref, inner.OPI, inner.StructParent = Dictionary(F=file), Dictionary(A=String(MARK)), 7
    outside = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, F=String(f"https://{MARK}.example/"))
    page.Resources.XObject = Dictionary(X1=inner, X2=outside, X3=carried)
    page.Resources.Properties = Dictionary(P1=Dictionary(A=script, B=[bare, file]), P2=launch)
    page.Resources.Font.F1.Metadata = about
    pdf.Root.OpenAction, pdf.Root.AA, pdf.Root.Metadata = script, Dictionary(WC=launch), about
    pdf.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=[String("a"), script]), EmbeddedFiles=Dictionary(Names=[String(MARK), file])
    )
    pdf.Root.AcroForm = Dictionary(Fields=[], XFA=pdf.make_stream(MARK.encode()), CO=[Dictionary(AA=bare)])
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=Dictionary(Title=String(MARK), A=url)))
    pdf.Root.Extra, pdf.trailer.Extra = String(MARK), String(MARK)
    pdf.docinfo.Author, pdf.docinfo.Producer, pdf.docinfo.Title = String(MARK), String(MARK), String(MARK)
    return pdf


def test_nothing_that_acts_or_is_carried_or_leads_out_or_says_whose_it_was_comes_along(
    redrawn: Callable[..., Path],
) -> None:
    assert MARK in saved(hostile(), qdf=True).decode("latin-1")
    file = redrawn(hostile())
    rest = unpacked(file)
    assert MARK not in rest
    names = (
        r"/(?:JavaScript|JS|Launch|URI|SubmitForm|GoTo\w|EmbeddedFile|Filespec|Metadata|Annots|AA|AF|AcroForm|Names)\b"
    )
    assert re.findall(names, rest) == []
    assert re.findall(r"/(?:Outlines|OpenAction|PieceInfo|Ref|OPI|StructParent|Info|Author|Producer)\b", rest) == []
    assert texts(file)[0].split() == ["Seite", "Stempel"]


@pytest.mark.parametrize(("as_names", "as_itself"), [("/XObject", "/ExtGState"), ("/ExtGState", "/XObject")])
def test_what_is_reached_as_a_list_of_names_too_is_stripped(
    redrawn: Callable[..., Path], as_names: str, as_itself: str
) -> None:
    pdf = one_page()
    both = pdf.make_indirect(Dictionary(PieceInfo=Dictionary(A=String(MARK))))
    pdf.pages[0].Resources[as_names], pdf.pages[0].Resources[as_itself] = both, Dictionary(G=both)
    assert MARK not in unpacked(redrawn(pdf))


# --- Pages of others: what cannot be had ------------------------------------------------------------------------------


def locked(password: str) -> bytes:
    return saved(one_page(), encryption=Encryption(owner="o", user=password, allow=Permissions(extract=False)))


def broken_inside() -> bytes:
    whole = saved(one_page(b"BT /F1 12 Tf (x) Tj ET " * 99), compress_streams=True)
    at = whole.index(b"stream\n") + 20
    return whole[:at] + b"\xff" * 8 + whole[at + 8 :]


def without_pages() -> bytes:
    pdf = one_page()
    del pdf.pages[0]
    return saved(pdf)


def of_size(width: int, height: int) -> bytes:
    pdf = one_page()
    pdf.pages[0].mediabox = Array([0, 0, width, height])
    return saved(pdf)


def packed(size: int, **how: Any) -> bytes:
    pdf = one_page()
    pdf.pages[0].Contents = Stream(pdf, zlib.compress(b" " * size), Filter=Name.FlateDecode, **how)
    return saved(pdf, compress_streams=False)


def many_times(pages: int, size: int) -> bytes:
    pdf = Pdf.new()
    commands = Stream(pdf, zlib.compress(b" " * size), Filter=Name.FlateDecode)
    for _page in range(pages):
        pdf.add_blank_page().Contents = pdf.make_indirect(commands)
    return saved(pdf, compress_streams=False)


def in_an_old_packing() -> bytes:
    pdf = one_page()
    pdf.pages[0].Contents = Stream(pdf, b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", Filter=Array([Name.LZWDecode]))
    return saved(pdf, compress_streams=False)


def to_be_filled_in() -> bytes:
    pdf = one_page()
    pdf.Root.AcroForm = Dictionary(Fields=[], NeedAppearances=True)
    return saved(pdf)


UNREADABLE = {
    "nothing in it": lambda: b"",
    "no PDF": lambda: b"%PDF-1.7 and no more",
    "half of it": lambda: saved(one_page())[:-300],
    "a stream that breaks off": broken_inside,
    "a password": lambda: locked("secret"),
    "rights but no password": lambda: locked(""),
    "no page": without_pages,
    "a page of no size": lambda: of_size(0, 0),
    "a page too large for any reader": lambda: of_size(20000, 100),
    "a page that unpacks without end": lambda: packed(33 * 1024**2),
    "many pages that do": lambda: many_times(9, 31 * 1024**2),
    "more pages than anybody reads": lambda: many_times(1001, 1),
    "commands packed in an old way": in_an_old_packing,
    "a form whose answers are not drawn": to_be_filled_in,
}


@pytest.mark.parametrize("made", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_damaged_protected_or_without_end_is_unreadable(
    redrawn: Callable[..., Path], made: Callable[[], bytes]
) -> None:
    with pytest.raises(Unreadable):
        redrawn(made())


def test_pictures_stay_packed_as_they_are(redrawn: Callable[..., Path]) -> None:
    pdf = one_page()
    picture = Stream(pdf, b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", Type=Name.XObject, Filter=Name.LZWDecode)
    pdf.pages[0].Resources.XObject = Dictionary(X=picture)
    with pikepdf.open(redrawn(saved(pdf, compress_streams=False))) as made:
        assert made.pages[0].Resources.XObject.Paper.Resources.XObject.X.Filter == Name.LZWDecode


def test_a_large_page_is_still_read(redrawn: Callable[..., Path]) -> None:
    assert texts(redrawn(packed(31 * 1024**2))) == [""]


# --- Labels -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [A4, LANDSCAPE, CARD, POSTER, STRIP, (20, 20)])
def test_label_and_number_are_within_the_free_head_and_foot_of_any_page(size: tuple[int, int]) -> None:
    pdf = one_page(size=size)
    Stamps(pdf).put(pdf.pages[0], "TLP:AMBER+STRICT", "1000 / 1000")
    written = pdf.pages[0].Contents[-1].read_bytes().decode()
    free = BAND * letter_size(*size)
    boxes = [[float(x) for x in box] for box in re.findall(r"g (\S+) (\S+) (\S+) (\S+) re f", written)]
    assert len(boxes) == 2
    for (left, low, long, high), (least, most) in zip(boxes, ((0, free), (size[1] - free, size[1])), strict=True):
        assert (left > 0, left + long < size[0]) == (True, True)
        assert (low >= least - 0.01, low + high <= most + 0.01) == (True, True)
    letters, left = (float(x) for x in re.findall(r"Tf|([\d.]+) Tf ([\d.]+)", written)[0])
    assert left + letters * 0.7 * len("1000 / 1000") < boxes[0][0]


def test_labels_are_of_twelve_points_on_a4_and_grow_with_larger_pages() -> None:
    assert [round(letter_size(*size)) for size in (A4, LANDSCAPE, (842, 1191), POSTER)] == [12, 12, 17, 48]


def test_letters_of_the_label_are_in_the_file_and_can_be_read_out_of_it() -> None:
    pdf = one_page()
    Stamps(pdf).put(pdf.pages[0], "TLP:CLEAR", "7 / 12")
    text = PdfReader(BytesIO(saved(pdf))).pages[0].extract_text()
    assert (text.count("TLP:CLEAR"), "7 / 12" in text) == (2, True)
    font = pdf.pages[0].Resources.Font.Label
    assert len(font.FontDescriptor.FontFile2.read_bytes()) < 20_000
    assert len(font.Widths) == font.LastChar - font.FirstChar + 1
