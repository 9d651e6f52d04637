"""PDF: our own pages drawn from templates, and the pages of others redrawn so that nothing but their look comes along.

A page of another's PDF becomes a picture (a form XObject) on a new page of the same size. So it cannot reach out of its
own frame, whatever its drawing commands leave open, and what hung on the page or the file does not come with it.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pikepdf
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from pikepdf import Array, Dictionary, Name, Object, ObjectSet, Page, Pdf, Stream

# What a page of ours may ask for. Addresses of our own making: none of them leads anywhere.
FONTS = {"own:regular": "Pretendard-Regular.ttf", "own:bold": "Pretendard-Bold.ttf"}
FONT_FOLDER = "pretendard/dist/public/static/alternative"

# Points. A page is no smaller and no larger in any reader.
SMALLEST, LARGEST = 18, 14400
# A small file may hold drawing commands without end: of a page, and of all pages together.
MOST_OF_A_PAGE, MOST_OF_ALL, MOST_PAGES = 32 * 1024**2, 256 * 1024**2, 1000
pikepdf.settings.set_qpdf_limits(flate_max_memory=MOST_OF_A_PAGE, run_length_max_memory=MOST_OF_A_PAGE)
# How much of a page's height the label takes at the head and again at the foot, by its letters' size.
BAND = 3
# TLP 2.0: in colour on black, to the right, at the head and at the foot.
INKS = {"TLP:RED": "1 .169 .169", "TLP:AMBER": "1 .753 0", "TLP:AMBER+STRICT": "1 .753 0", "TLP:GREEN": ".2 1 0"}
# Our own mark on a layer that is not shown.
HIDDEN = "/Hidden"
# Dictionaries whose keys are names that the author chose.
CHOSEN = {"/CharProcs", "/ColorSpace", "/Colorants", "/ExtGState", "/Font", "/Pattern"}
CHOSEN |= {"/Properties", "/Shading", "/XObject"}
# What may hang on anything that is drawn and is not drawn itself.
SAID = {"/AF", "/LastModified", "/Metadata", "/OPI", "/PieceInfo", "/StructParent", "/StructParents", "/Thumb"}
HANGS_ON = SAID | {"/AA", "/Annots", "/EF", "/JS", "/Ref"}
ELSEWHERE = {"/F", "/FFilter", "/FDecodeParms"}
CARRIERS = {"/Action", "/Annot", "/EmbeddedFile", "/FileSpec", "/Filespec"}
LEADS_OUT = {"/GoToE", "/GoToR", "/ImportData", "/Launch", "/SubmitForm", "/URI"}
ACTIONS = LEADS_OUT | {"/JavaScript", "/Movie", "/Rendition", "/RichMediaExecute", "/Sound"}
# What is said of forms and comments loses nothing that is seen.
OF_NO_HARM = re.compile(r"annotation|appearance|form field|AcroForm|whitespace")


class Unreadable(Exception):
    """A PDF that is damaged or protected, or has no pages."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document of ours, laid out: what writes it, and the page (from 0) on which each of its anchors stands."""

    content: Callable[[], bytes]
    pages: int
    places: Mapping[str, int]


def drawn(template: str, context: Mapping[str, object], *, language: str) -> Drawn:
    """A page template as PDF in that language. It holds our fonts and nothing else from outside the template."""
    with translation.override(language):
        html = render_to_string(template, dict(context))
    document = _weasyprint().HTML(string=html, url_fetcher=own_files()).render()
    # From the end, so that what runs on over several pages stands where it begins.
    places = {anchor: at for at, page in reversed([*enumerate(document.pages)]) for anchor in page.anchors}
    return Drawn(document.write_pdf, len(document.pages), places)


def own_files() -> Any:
    """What fetches for a page: our fonts by their own addresses. Anything else ends the drawing."""
    weasyprint = _weasyprint()

    class OwnFiles(weasyprint.urls.URLFetcher):  # type: ignore[misc, name-defined]
        def fetch(self, url: str, headers: object = None) -> Any:
            """Opens no address at all, so there is nothing that could lead on to another one."""
            if url not in FONTS:
                raise PermissionError(url)
            return weasyprint.urls.URLFetcherResponse(url, font_file(url).read_bytes(), {"Content-Type": "font/ttf"})

    return OwnFiles(fail_on_errors=True)


def font_file(address: str) -> Path:
    """Where a font of ours lies."""
    return Path(settings.NODE_MODULES, FONT_FOLDER, FONTS[address])


@cache
def _weasyprint() -> Any:
    import weasyprint  # noqa: PLC0415 - takes seconds, and few processes draw

    return weasyprint


def redraw(source: Path, out: Path) -> int:
    """Write a PDF whose pages look like the source's and have their sizes, and which holds nothing else; how many.

    Each is drawn a little smaller, so that head and foot are free for ``Stamps``; they are for ``bind``. Unreadable if
    something of the source is missing.
    """
    try:
        with pikepdf.open(source) as pdf:
            _keep_the_look(pdf)
            # What is packed stays so: it need not be unpacked to pack it better.
            pdf.save(out, min_version="1.7", compress_streams=False)
            if lost := [said for said in pdf.get_warnings() if not OF_NO_HARM.search(said)]:
                raise Unreadable(lost[0])
            return len(pdf.pages)
    except Exception as error:
        # Whatever a parser stumbles over: the file was made by somebody else.
        raise Unreadable(str(error)) from error


def _keep_the_look(pdf: Pdf) -> None:
    pages = list(pdf.pages)
    # Where appearances are needed, what was filled in is not drawn yet, and Hangul cannot be drawn here.
    undrawn = pdf.Root.get("/AcroForm", Dictionary()).get("/NeedAppearances", False)
    if pdf.is_encrypted or undrawn or not 0 < len(pages) <= MOST_PAGES:
        raise Unreadable
    # Comments, stamps and what was filled in are seen, so they are drawn into the pages.
    pdf.flatten_annotations("screen")
    _mark_layers(pdf)
    left = MOST_OF_ALL
    for page in pages:
        commands = _commands(page)
        left -= len(commands)
        if left < 0:
            raise Unreadable
        pdf.pages.append(_redrawn(page, commands, pdf))
    del pdf.pages[: len(pages)]
    for holder, kept in ((pdf.Root, {"/Type", "/Pages"}), (pdf.trailer, {"/Root", "/Size"})):
        for key in set(holder.keys()) - kept:
            del holder[key]
    _strip(page.obj for page in pdf.pages)


def _commands(page: Page) -> bytes:
    """A page's drawing commands, unpacked."""
    commands: list[bytes] = []
    contents = page.obj.get("/Contents", Array())
    for stream in contents if isinstance(contents, Array) else [contents]:
        # LZW is the one way of packing of which there is no telling how much comes out.
        if "LZW" in str(stream.get("/Filter")) or sum(map(len, commands)) > MOST_OF_A_PAGE:
            raise Unreadable
        commands.append(stream.read_bytes())
    return b"\n".join(commands)


def _mark_layers(pdf: Pdf) -> None:
    """Write on each layer that is off that it is: what says so elsewhere is left behind."""
    layers = pdf.Root.get("/OCProperties", Dictionary())
    state = layers.get("/D", Dictionary())
    off = [*state.get("/OFF", [])]
    if state.get("/BaseState") == Name.OFF:
        on = ObjectSet(state.get("/ON", []))
        off += [layer for layer in layers.get("/OCGs", []) if layer not in on]
    for layer in off:
        layer[HIDDEN] = True


def _redrawn(page: Page, commands: bytes, pdf: Pdf) -> Page:
    """A new page on which that page is a picture between the head and the foot."""
    page.trimbox = page.cropbox
    picture = pdf.make_indirect(page.as_form_xobject())
    picture.write(zlib.compress(commands), filter=Name.FlateDecode)
    turned = pikepdf.Matrix(picture.get("/Matrix", pikepdf.Matrix()))
    frame = turned.transform(pikepdf.Rectangle(cast(Array, picture.BBox)))
    width, height = float(frame.width), float(frame.height)
    if not all(SMALLEST <= side <= LARGEST for side in (width, height)):
        raise Unreadable
    free = BAND * letter_size(width, height)
    scale = 1 - 2 * free / height
    left = (1 - scale) * width / 2 - scale * float(frame.llx)
    low = free - scale * float(frame.lly)
    made = Dictionary(
        Type=Name.Page,
        MediaBox=[0, 0, round(width, 3), round(height, 3)],
        Resources=Dictionary(XObject=Dictionary(Paper=picture)),
        Contents=pdf.make_stream(b"q %.6f 0 0 %.6f %.4f %.4f cm /Paper Do Q" % (scale, scale, left, low)),
    )
    return Page(pdf.make_indirect(made))


def bind(parts: Iterable[tuple[Path, str]]) -> Pdf:
    """One PDF of these pages ("3-5", counted from 1) of these files, which have to stay till it is saved.

    It is the first file with other pages; the rest are ``redraw``'s. What is drawn is read when it is written, so that
    memory does not grow with it.
    """
    (first, _pages), *_rest = parts = [*parts]
    # An output has to be named though none is written here.
    job = pikepdf.JobBuilder().input(first).output(os.devnull)
    for file, pages in parts:
        job.add_pages(file, pages)
    pdf = job.create_pdf()
    layers = [thing for thing in pdf.objects if isinstance(thing, Dictionary) and thing.get("/Type") == Name.OCG]
    if layers:
        off = [layer for layer in layers if HIDDEN in layer]
        pdf.Root.OCProperties = Dictionary(OCGs=layers, D=Dictionary(OFF=off))
    return pdf


def _strip(roots: Iterable[Object]) -> None:
    """Take off whatever hangs on these and on all they lead to without being drawn, and empty what acts or carries."""
    seen = {True: ObjectSet(), False: ObjectSet()}
    pending = [(root, False) for root in roots]
    while pending:
        thing, chosen = pending.pop()
        if not seen[chosen].add(thing):
            continue
        if isinstance(thing, Array):
            pending += [(item, False) for item in thing if isinstance(item, Array | Dictionary | Stream)]
            continue
        if not chosen:
            _take_off(thing)
        for key, value in thing.items():
            if key != "/Parent" and isinstance(value, Array | Dictionary | Stream):
                pending.append((value, key in CHOSEN and isinstance(value, Dictionary)))


def _take_off(thing: Object) -> None:
    acts = str(thing.get("/Type")) in CARRIERS or str(thing.get("/S")) in ACTIONS
    if acts and isinstance(thing, Stream):
        thing.write(b"")
    keys = set(thing.keys()) - {"/Length"}
    for key in keys if acts else keys & (HANGS_ON | ELSEWHERE if isinstance(thing, Stream) else HANGS_ON):
        del thing[key]


def letter_size(width: float, height: float) -> float:
    """How large a label is on a page of that size: 12 points on A4 and what is like it, else as the page allows."""
    return min(12 * max(1, min(width, height) / 595), width / 21, height / 24)


class Stamps:
    """Writes a label at the head and foot of pages of one PDF, and the number of the page beside the lower one."""

    def __init__(self, pdf: Pdf) -> None:
        program, self.widths, measures = _letters()
        # Six letters before a font's name: it holds some of its letters only.
        name = Name("/LABELS+Pretendard-Bold")
        file = pdf.make_stream(program, Length1=len(program))
        look = Dictionary(Type=Name.FontDescriptor, FontName=name, Flags=32, FontFile2=file, **measures)
        font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=name, FontDescriptor=pdf.make_indirect(look))
        font.Encoding, font.FirstChar, font.LastChar = Name.WinAnsiEncoding, 32, 126
        font.Widths = Array(self.widths)
        self.font = pdf.make_indirect(font)

    def put(self, page: Page, label: str, number: str) -> None:
        """On a page that starts at 0, 0 and is not turned; both in ASCII. Without a label the number alone."""
        _, _, width, height = (float(side) for side in page.mediabox)
        size = letter_size(width, height)
        long = size * (sum(self.widths[ord(letter) - 32] for letter in label) / 1000 + 0.8)
        left = width - 1.2 * size - long
        # A blank after it, for those who copy the line.
        written = [b"Q", _line(f"{number} ", 1.2 * size, 1.6 * size, 0.8 * size, ".2 .2 .2")]
        for low in (1.2 * size, height - 2.7 * size) if label else ():
            written.append(b"0 g %.2f %.2f %.2f %.2f re f" % (left, low, long, 1.5 * size))
            written.append(_line(label, left + 0.4 * size, low + 0.4 * size, size, INKS.get(label, "1 1 1")))
        page.contents_add(b"q", prepend=True)
        page.contents_add(b"\n".join(written))
        page.add_resource(self.font, Name.Font, Name.Label, replace_existing=True)


def _line(text: str, left: float, low: float, size: float, ink: str) -> bytes:
    return f"q {ink} rg BT /Label {size:.2f} Tf {left:.2f} {low:.2f} Td <{text.encode('ascii').hex()}> Tj ET Q".encode()


@cache
def _letters() -> tuple[bytes, tuple[int, ...], dict[str, Any]]:
    """ASCII of our bold font: the font program, how wide each letter is in thousandths, and what describes the font."""
    from fontTools import subset, ttLib  # noqa: PLC0415 - comes with WeasyPrint

    with ttLib.TTFont(font_file("own:bold"), lazy=True, recalcTimestamp=False) as font:
        cutter = subset.Subsetter(subset.Options(layout_features=[], name_IDs=[6], hinting=False))
        cutter.populate(unicodes=range(32, 127))
        cutter.subset(font)
        font.save(program := BytesIO())
        thousandth = 1000 / font["head"].unitsPerEm
        names, advances, lines, box = font.getBestCmap(), font["hmtx"], font["hhea"], font["head"]
        measures = {
            "FontBBox": [round(side * thousandth) for side in (box.xMin, box.yMin, box.xMax, box.yMax)],
            "ItalicAngle": 0,
            "Ascent": round(lines.ascent * thousandth),
            "Descent": round(lines.descent * thousandth),
            "CapHeight": round(font["OS/2"].sCapHeight * thousandth),
            "StemV": 140,
        }
        widths = tuple(round(advances[names[code]][0] * thousandth) for code in range(32, 127))
    return program.getvalue(), widths, measures
