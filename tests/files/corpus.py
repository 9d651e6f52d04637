"""Hostile and odd files, built here, each with what becomes of it: ``None`` is taken, anything else is why not."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from council.core.errors import Text
from council.files.flaws import (
    ACTIVE,
    DAMAGED,
    EMPTY,
    HIDDEN,
    LOADED,
    LOCKED,
    MISNAMED,
    OTHER_KIND,
    REACHES_OUT,
    SWOLLEN,
    TOO_LARGE,
)
from tests.files.builders import (
    EICAR,
    OLE,
    compound,
    deflated,
    header,
    hwp,
    hwpx,
    jpeg,
    jscript,
    object_stream,
    ooxml,
    pdf,
    png,
    relation,
    stored_zip,
    stream,
    zipped,
)
from tests.files.forging import Forged, bomb, forged, overlapping, quoted, zlib_bomb
from tests.files.samples import EXE, HTML

SVG = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"document.title='CANARY';fetch('/livez?beacon')\"></svg>"
PAGE = b"<html><script>document.title='CANARY';fetch('/livez?beacon');alert(1)</script></html>"
SCRIPT = b"document.title='CANARY';fetch('/livez?beacon');alert(1)"
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>'
EVIL = 'new ActiveXObject("WScript.Shell").Run("calc");'
PACKAGE = compound({"\x01Ole10Native": EXE})
ENDINGS = (
    "html htm xhtml svg xml js mjs exe zip hta docm xlsm pptm dotm doc xls ppt rtf odt gif webp mht swf lnk iso "
    "pdf.exe pdf.html php jar bat"
)
LARGE = 31 * 1024**2


@dataclass(frozen=True)
class Case:
    """One file and its fate."""

    what: str
    name: str
    content: bytes
    fate: Text | None = None


def corpus() -> list[Case]:
    """Every file, each different from all the others."""
    parts = (texts, endings, images, pdfs, archives, nested, macros, objects, connections, declarations, hwpxs, hwps)
    return [case for part in parts for case in part()]


def texts() -> Iterator[Case]:
    taken = {
        "page": PAGE,
        "picture": SVG,
        "script": SCRIPT,
        "declared": LAUGHS,
        "eicar": EICAR,
        "shell": b"#!/bin/sh\nrm -rf /\n",
        "php": b"<?php system($_GET[0]); ?>",
        "utf7": b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        "one": b"a",
        "bom": b"\xef\xbb\xbf",
        "escape": b"\x1b]0;title\x07\x1b[2J",
        "line": b"a" * 1_000_000,
        "batch": b"@echo off\r\ndel *",
        "direction": "실적\u202egpj".encode(),
        "meta": b'<meta http-equiv=refresh content="0;url=/livez?beacon">',
        "mime": b"Content-Type: text/html\r\n\r\n" + PAGE,
        "cp949": "똠방각하".encode("cp949"),
        "control": bytes(range(1, 32)),
    }
    for what, content in taken.items():
        yield Case(f"text: {what}", f"{what}.txt", content)
    formulas = [b"=cmd|' /C calc'!A0", b"@SUM(1+1)", b"+1+1", b"-2+3", "＝1+1".encode(), b'=HYPERLINK("/livez?beacon")']
    for number, content in enumerate(formulas):
        yield Case(f"csv: formula {number}", f"formula{number}.csv", content)
    yield Case("csv: page", "page.csv", PAGE + b"\n")
    refused = {
        "zero": b"a\0b",
        "zeros": bytes(600),
        "utf-16": "실적".encode("utf-16"),
        "program": EXE,
        "noise": b"\xff\xfe\xfd" * 9,
        "archive": stored_zip({"a": b"b"}),
        "picture": png(),
        "half": "실적".encode()[:-1],
    }
    for what, content in refused.items():
        yield Case(f"text: {what} is none", f"{what}.txt", content, MISNAMED)


def endings() -> Iterator[Case]:
    for ending in ENDINGS.split():
        yield Case(f"ending: {ending}", f"file.{ending}", PAGE + ending.encode(), OTHER_KIND)
    yield Case("ending: none", "file", PAGE + b"0", OTHER_KIND)
    yield Case("ending: turned around", "file\u202efdp.exe", PAGE + b"1", OTHER_KIND)
    for ending in ("pdf", "txt", "docx"):
        yield Case(f"empty: {ending}", f"empty.{ending}", b"", EMPTY)
    yield Case("too large", "large.txt", b"a" * LARGE, TOO_LARGE)


def images() -> Iterator[Case]:
    archive, picture, photo = zipped({"a.class": b"x"}), png(), jpeg()
    yield Case("png: plain", "a.png", png(width=2))
    yield Case("png: a page in a comment", "a.png", png(text_chunk(PAGE)))
    yield Case(
        "png: enormous", "a.png", png(width=1, height=1).replace(b"\0\0\0\1\0\0\0\1", b"\0\0\xff\xff\0\0\xff\xff", 1)
    )
    yield Case("png: padded", "a.png", picture + bytes(4096))
    yield Case("jpeg: plain", "a.jpg", jpeg(b"plain"))
    yield Case("jpeg: a page in a comment", "a.jpg", jpeg(PAGE))
    yield Case("jpeg: a film behind it, as telephones do", "a.jpg", photo + b"\0\0\0\x18ftypmp42" + b"film" * 99)
    bad: dict[str, tuple[str, bytes, Text]] = {
        "png: archive behind it": ("png", picture + archive, HIDDEN),
        "png: page behind it": ("png", picture + PAGE, HIDDEN),
        "png: program behind it": ("png", picture + EXE, HIDDEN),
        "png: archive in a comment": ("png", png(text_chunk(archive)), HIDDEN),
        "png: cut off": ("png", picture[:-20], DAMAGED),
        "png: only its beginning": ("png", picture[:8], DAMAGED),
        "png: without picture": ("png", picture[:33] + picture[-12:], DAMAGED),
        "png: without header": ("png", picture[:8] + picture[33:], DAMAGED),
        "png: a length beyond the end": ("png", picture[:8] + b"\xff" * 4 + picture[12:], DAMAGED),
        "jpeg: archive behind it": ("jpg", photo + archive, HIDDEN),
        "jpeg: rar behind it": ("jpg", photo + b"Rar!\x1a\x07\x01\0" + bytes(40), HIDDEN),
        "jpeg: archive in a comment": ("jpg", jpeg(archive), HIDDEN),
        "jpeg: cut off": ("jpg", photo[:-2], DAMAGED),
        "jpeg: only its beginning": ("jpg", photo[:11], DAMAGED),
        "jpeg: without frame": ("jpg", photo.replace(b"\xff\xc0", b"\xff\xe1"), DAMAGED),
        "jpeg: page after the magic": ("jpg", b"\xff\xd8\xff" + PAGE, DAMAGED),
    }
    for what, content in {
        "gif": b"GIF89a" + bytes(60),
        "svg": SVG,
        "webp": b"RIFF\x24\0\0\0WEBPVP8 ",
        "bmp": b"BM" + bytes(60),
        "tiff": b"II*\0" + bytes(60),
        "html": HTML,
        "ico": b"\0\0\1\0\1\0" + bytes(60),
        "program": EXE,
    }.items():
        bad[f"png: {what}"], bad[f"jpg: {what}"] = ("png", content, MISNAMED), ("jpg", content + b"\n", MISNAMED)
    for what, (ending, content, fate) in bad.items():
        yield Case(what, f"a.{ending}", content, fate)


def text_chunk(data: bytes) -> bytes:
    return len(data).to_bytes(4) + b"tEXt" + data + zlib.crc32(b"tEXt" + data).to_bytes(4)


def pdfs() -> Iterator[Case]:
    js = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
    archive = zipped({"a.js": SCRIPT})
    taken = {
        "plain": pdf(catalog=b"/Lang(ko)"),
        "a link to a page about scripts": pdf(
            b"5 0 obj\n<</S/URI/URI(https://a.example/JavaScript/Launch)>>\nendobj\n"
        ),
        "page in its title": pdf(b"5 0 obj\n<</Title(<script>document.title='CANARY'</script>)>>\nendobj\n"),
        "object stream": pdf(object_stream(b"<</Type/Font>>")),
        "unknown filter in a stream of no objects": pdf(stream(b"\x80\x0b\x60\x50", b"/Filter/LZWDecode")),
    }
    for what, content in taken.items():
        yield Case(f"pdf: {what}", "a.pdf", content)
    active = {
        "script on opening": pdf(catalog=b"/OpenAction" + js),
        "script by name": pdf(catalog=b"/Names<</JavaScript<</Names[(a)" + js + b"]>>>>"),
        "script, escaped": pdf(catalog=b"/OpenAction<</S/J#61v#61Script/JS(1)>>"),
        "script, name and key apart": pdf(catalog=b"/OpenAction<</S\n%a\n/JavaScript/JS(1)>>"),
        "script in a stream of objects": pdf(object_stream(js)),
        "script in one that does not say so": pdf(object_stream(js, kind=b"")),
        "script in one, escaped": pdf(object_stream(js.replace(b"/JavaScript", b"/#4aavaScript"))),
        "kind of action elsewhere": pdf(b"5 0 obj\n<</S 6 0 R/JS(1)>>\nendobj\n"),
        "program on opening": pdf(catalog=b"/OpenAction<</S/Launch/F(cmd.exe)>>"),
        "program, escaped": pdf(catalog=b"/OpenAction<</S/#4Caunch/F(cmd.exe)>>"),
        "rendition": pdf(b"5 0 obj\n<</S/Rendition/JS(1)>>\nendobj\n"),
        "import": pdf(b"5 0 obj\n<</S/ImportData/F(a.fdf)>>\nendobj\n"),
        "xfa form": pdf(catalog=b"/AcroForm<</XFA[(template)5 0 R]>>"),
    }
    loaded = {
        "file": pdf(catalog=b"/Names<</EmbeddedFiles<</Names[(a)5 0 R]>>>>"),
        "file in a stream of objects": pdf(object_stream(b"<</Type/EmbeddedFile>>")),
        "file pinned to a page": pdf(b"5 0 obj\n<</Subtype/FileAttachment>>\nendobj\n"),
        "film": pdf(b"5 0 obj\n<</Subtype/RichMedia>>\nendobj\n"),
        "jump into a file": pdf(catalog=b"/OpenAction<</S/GoToE/T<<>>>>"),
    }
    damaged = {
        "cut off": pdf()[:-8],
        "only its magic": b"%PDF-1.7\n",
        "objects in hexadecimal": pdf(hexadecimal(js)),
        "objects with a predictor": pdf(object_stream_raw(zlib.compress(b"\2" + b"12 0 " + js))),
        "no trailer in sight": pdf() + EXE * 4,
    }
    misnamed = {
        "page before it": PAGE + pdf(),
        "line before it": b"\n" + pdf(),
        "program before it": EXE + pdf(),
        "postscript": b"%!PS-Adobe-3.0\n%%EOF\n",
        "form data": b"%FDF-1.2\n%%EOF\n",
        "page": PAGE + b"%%EOF",
        "version": b"%PDF-x\n%%EOF",
    }
    hidden = {
        "archive behind it": pdf() + archive,
        "archive that ends as a pdf": pdf() + archive[:-2] + b"\7\0%%EOF\n\n",
        "archive in a stream": pdf(stream(archive)),
        "rar in a stream": pdf(stream(b"Rar!\x1a\x07\x01\0")),
    }
    groups: list[tuple[Text, dict[str, bytes]]] = [
        (ACTIVE, active),
        (LOADED, loaded),
        (DAMAGED, damaged),
        (MISNAMED, misnamed),
        (HIDDEN, hidden),
    ]
    for fate, files in groups:
        for what, content in files.items():
            yield Case(f"pdf: {what}", "a.pdf", content, fate)
    yield Case("pdf: locked", "a.pdf", pdf(b"5 0 obj\n<</Encrypt 6 0 R>>\nendobj\n"), LOCKED)
    yield Case("pdf: bomb", "a.pdf", pdf(stream(zlib_bomb(600, b"12 0 "), b"/Type/ObjStm/N 1/First 5")), SWOLLEN)


def hexadecimal(objects: bytes) -> bytes:
    packed = zlib.compress(b"12 0 " + objects).hex().encode()
    return stream(b"<" + packed, b"/Type/ObjStm/N 1/First 5/Filter[/ASCIIHexDecode/FlateDecode]")


def object_stream_raw(packed: bytes) -> bytes:
    return stream(packed, b"/Type/ObjStm/N 1/First 5/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 9>>")


def archives() -> Iterator[Case]:
    whole = ooxml("docx")
    for ending in ("docx", "xlsx", "pptx"):
        swollen = forged(Forged("media/a.bmp", bytes(8 * 1024**2)), own=ending)
        yield Case(f"{ending}: bomb", f"a.{ending}", swollen, SWOLLEN)
    yield Case("hwpx: bomb", "a.hwpx", hwpx({"BinData/a.bmp": bytes(8 * 1024**2)}), SWOLLEN)
    yield Case("docx: bomb that says it is small", "a.docx", forged(Forged("a.xml", packed=bomb(20), size=10)), SWOLLEN)
    yield Case("docx: larger than everything", "a.docx", forged(Forged("a.xml", packed=bomb(600), size=600)), SWOLLEN)
    yield Case("docx: 2001 entries", "a.docx", forged(*[Forged(f"{n}.xml") for n in range(1999)]), SWOLLEN)
    yield Case("docx: 1999 entries", "a.docx", forged(*[Forged(f"{n}.xml") for n in range(1997)]))
    damaged = {
        "size that is too large": forged(Forged("a.xml", size=99)),
        "size that is too small": forged(Forged("a.xml", size=3)),
        "wrong checksum": forged(Forged("a.xml", crc=1)),
        "entries in one place": overlapping(),
        "entries in one another": quoted(),
        "link": forged(Forged("a.xml", b"/etc/passwd", attributes=0o120777 << 16)),
        "same name twice": forged(Forged("a.xml"), Forged("a.xml", b"<y/>")),
        "same name in capitals": forged(Forged("a.xml"), Forged("A.XML")),
        "another name in its own header": forged(Forged("a.xml", local_name="b.xml")),
        "another method in its own header": forged(Forged("a.xml", local_method=0)),
        "bzip2": forged(Forged("a.xml", method=12)),
        "lzma": forged(Forged("a.xml", method=14)),
        "deflate64": forged(Forged("a.xml", method=9)),
        "more behind a packed entry": forged(Forged("a.xml", packed=deflated(b"<x/>") + b"more")),
        "packed entry cut off": forged(Forged("a.xml", b"<x/>" * 99, packed=deflated(b"<x/>" * 99)[:-2])),
        "cut off in the middle": whole[: len(whole) // 2],
        "cut off at the end": whole[:-5],
        "only a beginning": b"PK\3\4" + bytes(26),
        "nothing in it": b"PK\5\6" + bytes(18),
    }
    for number, name in enumerate(
        [
            "../a.xml",
            "word/../../a.xml",
            "/etc/passwd",
            "C:/a.xml",
            "C:\\a.xml",
            "word\\a.xml",
            "\\\\server\\a",
            "a\0.xml",
        ]
    ):
        damaged[f"name that leads elsewhere {number}"] = forged(Forged(name))
    for what, content in damaged.items():
        yield Case(f"docx: {what}", "a.docx", content, DAMAGED)
    locked = [Forged("a.xml", flags=1), Forged("a.xml", flags=0x41), Forged("a.xml", local_flags=1)]
    for number, entry in enumerate(locked):
        yield Case(f"docx: locked entry {number}", "a.docx", forged(entry), LOCKED)
    yield Case("docx: page behind it", "a.docx", whole + PAGE, HIDDEN)
    yield Case("docx: page in its comment", "a.docx", forged(comment=PAGE), HIDDEN)
    yield Case("docx: two in one", "a.docx", whole + ooxml("docx", {"a.xml": "<x/>"}), HIDDEN)
    yield Case("docx: program before it", "a.docx", EXE + whole, MISNAMED)
    others: dict[str, dict[str, str | bytes]] = {
        "jar": {"META-INF/MANIFEST.MF": "", "A.class": b"\xca\xfe\xba\xbe"},
        "apk": {"AndroidManifest.xml": "", "classes.dex": ""},
        "odt": {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"},
        "zip": {"a.txt": "a"},
        "epub": {"mimetype": "application/epub+zip"},
        "xlsb": {"xl/workbook.bin": "x"},
    }
    for what, parts in others.items():
        yield Case(f"docx: {what}", "a.docx", zipped(parts), MISNAMED)
        yield Case(f"xlsx: {what}", "a.xlsx", zipped(parts | {"b": "b"}), MISNAMED)
    yield Case("xlsx: docx", "a.xlsx", ooxml("docx", {"b.xml": "<b/>"}), MISNAMED)
    yield Case("hwpx: docx", "a.hwpx", ooxml("docx", {"c.xml": "<c/>"}), MISNAMED)
    yield Case("docx: of 2003", "a.docx", compound({"WordDocument": b"text"}), MISNAMED)
    yield Case("docx: with a password", "a.docx", compound({"EncryptedPackage": b"text"}), LOCKED)


def nested() -> Iterator[Case]:
    magic = {
        "zip": zipped({"a": b"b"}),
        "rar": b"Rar!\x1a\x07\x01\0",
        "7z": b"7z\xbc\xaf\x27\x1c\0\4",
        "gz": b"\x1f\x8b\x08\0",
        "bz2": b"BZh91AY",
        "xz": b"\xfd7zXZ\0",
        "cab": b"MSCF\0\0",
        "tar": bytes(257) + b"ustar\x0000",
        "zst": b"\x28\xb5\x2f\xfd",
    }
    for what, content in magic.items():
        yield Case(f"docx: {what} in it", "a.docx", ooxml("docx", {"word/media/a.png": content}), LOADED)
        yield Case(f"hwpx: {what} in it", "a.hwpx", hwpx({"BinData/a.png": content}), LOADED)
    book = ooxml("xlsx")
    place = "ppt/embeddings/Microsoft_Excel_Sheet1.xlsx"
    swollen = forged(Forged("xl/a.bmp", bytes(8 * 1024**2)), own="xlsx")
    yield Case("pptx: workbook of a chart", "a.pptx", ooxml("pptx", {place: book}))
    yield Case("pptx: workbook elsewhere", "a.pptx", ooxml("pptx", {"ppt/media/a.xlsx": book}), LOADED)
    yield Case(
        "pptx: workbook with macros",
        "a.pptx",
        ooxml("pptx", {place: ooxml("xlsx", {"xl/vbaProject.bin": OLE})}),
        ACTIVE,
    )
    yield Case(
        "pptx: workbook in a workbook",
        "a.pptx",
        ooxml("pptx", {place: ooxml("xlsx", {"xl/embeddings/b.xlsx": book})}),
        LOADED,
    )
    yield Case("pptx: workbook that swells", "a.pptx", ooxml("pptx", {place: swollen}), SWOLLEN)
    yield Case("pptx: archive called a workbook", "a.pptx", ooxml("pptx", {place: magic["zip"]}), MISNAMED)


def macros() -> Iterator[Case]:
    for number, part in enumerate(
        [
            "word/vbaProject.bin",
            "vbaProject.bin",
            "custom/a/VBAPROJECT.BIN",
            "word/vbaData.xml",
            "word/activeX/activeX1.xml",
            "word/activeX/activeX1.bin",
            "xl/macrosheets/sheet1.xml",
            "xl/dialogsheets/sheet1.xml",
            "word/vbaProjectSignature.bin",
        ]
    ):
        ending = "xlsx" if part.startswith("xl/") else "docx"
        yield Case(f"macros: part {number}", f"a.{ending}", ooxml(ending, {part: OLE}), ACTIVE)
    for ending, kind in {
        "docx": "application/vnd.ms-word.document.macroEnabled.main+xml",
        "xlsx": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        "pptx": "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
    }.items():
        yield Case(f"macros: {ending} renamed", f"a.{ending}", ooxml(ending, main_type=kind), ACTIVE)
    hidden = "application/vnd.ms-word.document.&#109;acroEnabled.main+xml"
    yield Case("macros: type in character references", "a.docx", ooxml("docx", main_type=hidden), ACTIVE)
    utf16 = '<?xml version="1.0" encoding="UTF-16"?><Types><Default ContentType="macroEnabled"/></Types>'.encode(
        "utf-16"
    )
    yield Case("macros: type in UTF-16", "a.docx", ooxml("docx", {"[Content_Types].xml": utf16}), ACTIVE)
    project = '<Default Extension="dat" ContentType="application/vnd.ms-office.vbaProject"/>'
    yield Case("macros: project by type", "a.docx", ooxml("docx", {"word/a.dat": "x"}, more_types=project), ACTIVE)
    relations = {"word/_rels/document.xml.rels": relation("vbaProject", "a.dat")}
    yield Case("macros: project by relation", "a.docx", ooxml("docx", relations), ACTIVE)


def objects() -> Iterator[Case]:
    for number, (name, content) in enumerate(
        {
            "word/embeddings/oleObject1.bin": OLE,
            "word/oleObject2.dat": b"x",
            "word/embeddings/a.exe": EXE,
            "word/embeddings/a.bin": EXE,
            "word/embeddings/b.bin": b"\x7fELF" + bytes(60),
            "word/embeddings/c.bin": PACKAGE,
            "word/media/image1.png": PACKAGE + b"1",
            "word/a.vbs": b"x",
            "word/a.js": SCRIPT,
            "word/a.lnk": b"L\0\0\0",
            "word/a.hta": PAGE,
            "word/run.bin": b"#!/bin/sh\n",
            "word/embeddings/old.xls": OLE + b"1",
            "word/a.ps1": b"calc",
            "word/a.jar": b"x",
        }.items()
    ):
        yield Case(f"objects: {number}", "a.docx", ooxml("docx", {name: content}), LOADED)
    override = (
        '<Override PartName="/word/x.dat" ContentType="application/vnd.openxmlformats-officedocument.oleObject"/>'
    )
    yield Case("objects: by type", "a.docx", ooxml("docx", {"word/x.dat": "x"}, more_types=override), LOADED)


def connections() -> Iterator[Case]:
    def document(kind: str, target: str) -> bytes:
        return ooxml("docx", {"word/_rels/settings.xml.rels": relation(kind, target, external=True)})

    for kind in ("attachedTemplate", "oleObject", "frame", "subDocument", "aFChunk"):
        for target in ("https://a.example/t.dotm", "file://///server/share/t.dotm"):
            yield Case(f"outside: {kind} {target[:5]}", "a.docx", document(kind, target), REACHES_OUT)
    lower = relation("attachedTemplate", "https://a.example", external=True).replace("External", "external")
    yield Case("outside: in small letters", "a.docx", ooxml("docx", {"_rels/a.rels": lower}), REACHES_OUT)
    for kind in ("hyperlink", "image", "externalLinkPath"):
        yield Case(f"outside: {kind}", "a.docx", document(kind, "https://a.example"))


def declarations() -> Iterator[Case]:
    for number, part in enumerate(["word/styles.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"]):
        yield Case(f"xml: declares {number}", "a.docx", ooxml("docx", {part: LAUGHS}), DAMAGED)
    wide = LAUGHS.decode().encode("utf-16")
    yield Case("xml: declares in UTF-16", "a.docx", ooxml("docx", {"word/styles.xml": wide}), DAMAGED)
    yield Case("xml: types cut off", "a.docx", ooxml("docx", {"[Content_Types].xml": "<Types"}), DAMAGED)
    yield Case("xml: types too long", "a.docx", ooxml("docx", {"[Content_Types].xml": noise(5 * 1024**2)}), SWOLLEN)
    dde = "<externalLink><ddeLink ddeService='cmd' ddeTopic='/C calc'/></externalLink>"
    yield Case("xlsx: talks to a program", "a.xlsx", ooxml("xlsx", {"xl/externalLinks/externalLink1.xml": dde}), ACTIVE)
    book = "<externalLink><externalBook/></externalLink>"
    yield Case("xlsx: looks into another", "a.xlsx", ooxml("xlsx", {"xl/externalLinks/externalLink1.xml": book}))
    outside = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    yield Case("xml: asks for a file", "a.hwpx", hwpx({"Contents/section0.xml": outside}), DAMAGED)


def noise(length: int) -> bytes:
    """Text that does not shrink to nothing."""
    return b"".join(b"%08x" % (n * 2654435761 % 2**32) for n in range(length // 8))


def hwpxs() -> Iterator[Case]:
    form = 'var Edit = Document.XHwpFormEdits.ItemFromName("Edit");\nfunction OnEdit_Click()\n{\n}\n'.encode(
        "utf-16-le"
    )
    yield Case("hwpx: as saved", "a.hwpx", hwpx({"Preview/PrvText.txt": "실적"}))
    yield Case("hwpx: a form's frame", "a.hwpx", hwpx({"Scripts/sourceScripts.js": form}))
    yield Case("hwpx: a chart", "a.hwpx", hwpx({"BinData/ole1.ole": compound({"Contents": b"chart"})}))
    scripts = {
        "in UTF-16": f"function OnDocument_Open() {{ {EVIL} }}".encode("utf-16-le"),
        "in UTF-8": EVIL.encode(),
        "behind a comment": f"/* empty */ {EVIL} // function A() {{}}".encode(),
        "in a name": b'var a = eval("1");',
        "in no text": b"\xff\xff\xff",
        "too long": b"function A() {}\n" * 5000,
    }
    for what, script in scripts.items():
        yield Case(f"hwpx: script {what}", "a.hwpx", hwpx({"Scripts/sourceScripts.js": script}), ACTIVE)
    yield Case("hwpx: script elsewhere", "a.hwpx", hwpx({"Contents/a.js": EVIL}), ACTIVE)
    listed = '<package><item href="{}" media-type="application/x-javascript"/></package>'
    plain, elsewhere = listed.format("Scripts/headerScripts.js"), listed.format("BinData/a.png")
    yield Case("hwpx: list of parts", "a.hwpx", hwpx({"Contents/content.hpf": plain}))
    parts = {"Contents/content.hpf": elsewhere, "BinData/a.png": EVIL}
    yield Case("hwpx: script under another name", "a.hwpx", hwpx(parts), ACTIVE)
    yield Case("hwpx: postscript", "a.hwpx", hwpx({"BinData/a.eps": "%!PS"}), ACTIVE)
    yield Case("hwpx: program", "a.hwpx", hwpx({"BinData/a.bin": EXE}), LOADED)
    yield Case("hwpx: packaged file", "a.hwpx", hwpx({"BinData/ole1.ole": PACKAGE}), LOADED)
    locked = "<manifest><encryption-data/></manifest>"
    yield Case("hwpx: with a password", "a.hwpx", hwpx({"META-INF/manifest.xml": locked}), LOCKED)


def small_letters(script: bytes) -> bytes:
    """A document whose script is stored under another spelling of its name, which readers find all the same."""
    spelt = "Scripts/defaultJSCRIPT"
    return compound({"FileHeader": header(), "DocInfo": b"x", spelt: script})


def hwps() -> Iterator[Case]:
    yield Case("hwp: as saved", "a.hwp", hwp({"PrvText": b"x"}))
    yield Case("hwp: not packed", "a.hwp", hwp(flags=0))
    chart = b"\0\0\1\0" + compound({"Contents": b"chart"})
    yield Case("hwp: a chart", "a.hwp", hwp({"BinData/BIN0001.OLE": deflated(chart)}))
    yield Case("hwp: picture", "a.hwp", hwp({"BinData/BIN0001.png": png(width=9)}))
    script = "Scripts/DefaultJScript"
    for what, content in {
        "source": jscript(f"function OnDocument_Open() {{ {EVIL} }}"),
        "header": jscript(header=EVIL),
        "length beyond the end": deflated(b"\xff\xff\0\0" + b"a\0" * 9),
        "too long": deflated(bytes(2 * 1024**2)),
    }.items():
        yield Case(f"hwp: script {what}", "a.hwp", hwp({script: content}), ACTIVE)
    yield Case("hwp: script in small letters", "a.hwp", small_letters(jscript(EVIL)), ACTIVE)
    yield Case("hwp: script twice", "a.hwp", hwp({"scripts/DefaultJScript": jscript(EVIL)}), DAMAGED)
    yield Case("hwp: postscript", "a.hwp", hwp({"BinData/BIN0001.eps": deflated(b"%!PS")}), ACTIVE)
    loaded = {
        "program": deflated(EXE),
        "program, not packed": EXE,
        "packaged file": deflated(PACKAGE),
        "packaged, not packed": PACKAGE,
        "archive": deflated(zipped({"a": b"b"})),
    }
    for what, content in loaded.items():
        yield Case(f"hwp: {what}", "a.hwp", hwp({"BinData/BIN0001.OLE": content}), LOADED)
    for what, flags in {"password": 3, "distribution": 5, "rights": 17}.items():
        yield Case(f"hwp: {what}", "a.hwp", hwp(flags=flags), LOCKED)
    whole = hwp()
    damaged = {
        "cut off": whole[:1024],
        "header only": whole[:512],
        "magic only": OLE,
        "magic and noise": OLE + noise(4096),
        "script cut off": hwp({script: jscript()[:20]}),
        "no table": whole[:44] + b"\xff" * 4 + whole[48:],
        "no DocInfo": compound({"FileHeader": b"HWP Document File".ljust(256, b"\0")}),
        "chain that never ends": whole[:-512] + b"".join(n.to_bytes(4, "little") for n in range(128)),
    }
    for what, content in damaged.items():
        yield Case(f"hwp: {what}", "a.hwp", content, DAMAGED)
    for what, content in {
        "version 3": b"HWP Document File V3.00 \x1a\1\2\3\4\5" + bytes(99),
        "of Word": compound({"WordDocument": b"x" * 99}),
        "of another name": hwp(signature=b"Some Document"),
        "page": PAGE + b"2",
        "program": EXE + b"2",
    }.items():
        yield Case(f"hwp: {what} is none", "a.hwp", content, MISNAMED)
    yield Case("hwp: bomb", "a.hwp", hwp({"BinData/BIN0001.bmp": bomb(600)}), SWOLLEN)
