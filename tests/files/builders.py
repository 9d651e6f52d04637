"""Builds files of every kind, good and bad, byte by byte."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

OPEN_XML = "application/vnd.openxmlformats-officedocument"
RELATIONS = "http://schemas.openxmlformats.example/officeDocument/2006/relationships"
MAIN = {
    "docx": ("word/document.xml", f"{OPEN_XML}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OPEN_XML}.spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OPEN_XML}.presentationml.presentation.main+xml"),
}
HEADER_SCRIPT = "var Documents = XHwpDocuments;\r\nvar Document = Documents.Active_XHwpDocument;\r\n"
SOURCE_SCRIPT = "function OnDocument_New()\r\n{\r\n\t//todo : \r\n}\r\n"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
CHAIN_END, UNUSED = 0xFFFFFFFE, 0xFFFFFFFF

type Parts = Mapping[str, bytes | str]


def zipped(parts: Parts, *, method: int = ZIP_DEFLATED) -> bytes:
    """A ZIP file with these members, in their order."""
    content = BytesIO()
    with ZipFile(content, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(ZipInfo(name), data, compress_type=method)
    return content.getvalue()


def types(main: str, content_type: str, more: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Types xmlns="http://schemas.openxmlformats.example/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{content_type}"/>{more}</Types>'
    )


def relation(kind: str, target: str, *, external: bool = False) -> str:
    mode = ' TargetMode="External"' if external else ""
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.example/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/></Relationships>'
    )


def ooxml(ending: str, parts: Parts | None = None, *, more_types: str = "", main_type: str = "") -> bytes:
    """A document of Office's with more parts in it."""
    main, content_type = MAIN[ending]
    own = {
        "[Content_Types].xml": types(main, main_type or content_type, more_types),
        "_rels/.rels": relation("officeDocument", main),
        main: "<?xml version='1.0'?><document/>",
    }
    return zipped(own | dict(parts or {}))


def hwpx(parts: Parts | None = None) -> bytes:
    """A HWPX document as Hancom saves it, with more parts in it."""
    own: dict[str, bytes | str] = {
        "mimetype": "application/hwp+zip",
        "version.xml": "<?xml version='1.0'?><HCFVersion/>",
        "Contents/header.xml": "<?xml version='1.0'?><head/>",
        "Contents/section0.xml": "<?xml version='1.0'?><sec/>",
        "META-INF/manifest.xml": "<?xml version='1.0'?><manifest/>",
        "Scripts/headerScripts.js": HEADER_SCRIPT.encode("utf-16-le"),
        "Scripts/sourceScripts.js": SOURCE_SCRIPT.encode("utf-16-le"),
    }
    return zipped(own | dict(parts or {}))


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def jscript(source: str = SOURCE_SCRIPT, header: str = HEADER_SCRIPT, *, compressed: bool = True) -> bytes:
    """The stream Scripts/DefaultJScript."""
    parts = [text.encode("utf-16-le") for text in (header, source, "", "")]
    script = b"".join(struct.pack("<I", len(part) // 2) + part for part in parts) + b"\xff" * 4
    if not compressed:
        return script
    return deflated(script) + struct.pack("<II", zlib.crc32(script), len(script))


def header(flags: int = 1, signature: bytes = b"HWP Document File") -> bytes:
    """The stream FileHeader."""
    return signature.ljust(32, b"\0") + b"\x00\x00\x05\x05" + struct.pack("<I", flags) + b"\0" * 216


def hwp(
    streams: Mapping[str, bytes] | None = None, *, flags: int = 1, signature: bytes = b"HWP Document File"
) -> bytes:
    """A HWP 5 document, with more streams in it."""
    own = {
        "FileHeader": header(flags, signature),
        "DocInfo": deflated(b"doc info" * 600),
        "BodyText/Section0": deflated("점검 결과".encode("utf-16-le") * 20),
        "Scripts/DefaultJScript": jscript(compressed=bool(flags & 1)),
        "Scripts/JScriptVersion": deflated(b"\1\0\0\0\0\0\0\0"),
    }
    return compound(own | dict(streams or {}))


@dataclass
class Item:
    """An entry in a compound file's directory."""

    name: str
    kind: int
    content: bytes = b""
    sibling: int = -1
    child: int = -1

    def packed(self, start: int, size: int) -> bytes:
        text = self.name.encode("utf-16-le") + b"\0\0"
        links = (link & 0xFFFFFFFF for link in (-1, self.sibling, self.child))
        head = text.ljust(64, b"\0") + struct.pack("<HBB3I", len(text), self.kind, 1, *links)
        return head + b"\0" * 36 + struct.pack("<IQ", start, size)


class Chains:
    """Contents cut into blocks, each chained to the next by a table."""

    def __init__(self, block: int) -> None:
        self.block, self.content, self.table = block, b"", list[int]()

    def keep(self, content: bytes) -> int:
        """Where a content begins now."""
        first, count = len(self.table), -(-len(content) // self.block)
        if not count:
            return CHAIN_END
        self.content += content.ljust(count * self.block, b"\0")
        self.table += [*range(first + 1, first + count), CHAIN_END]
        return first


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (version 3, 512 byte sectors) with these streams; small ones in the small table."""
    items, folders = [Item("Root Entry", 5)], {"": 0}

    def add(folder: int, item: Item) -> int:
        item.sibling, items[folder].child = items[folder].child, len(items)
        items.append(item)
        return len(items) - 1

    for path, content in streams.items():
        folder, __, name = path.rpartition("/")
        if folder not in folders:
            folders[folder] = add(0, Item(folder, 1))
        add(folders[folder], Item(name, 2, content))
    large, small = Chains(512), Chains(64)
    places = [(large if len(item.content) >= 4096 else small).keep(item.content) for item in items]
    places[0] = large.keep(small.content)
    sizes = [len(small.content), *(len(item.content) for item in items[1:])]
    small_table = large.keep(struct.pack(f"<{len(small.table)}I", *small.table))
    directory = b"".join(
        item.packed(*place) for item, place in zip(items, zip(places, sizes, strict=True), strict=True)
    )
    directory_start = large.keep(directory)
    count = -(-len(large.table) // 127)
    first = len(large.table)
    table = [*large.table, *[0xFFFFFFFD] * count]
    table += [UNUSED] * (count * 128 - len(table))
    header = OLE + b"\0" * 16 + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0" + b"\0" * 10
    header += struct.pack("<4I", count, directory_start, 0, 4096)
    header += struct.pack("<4I", small_table, -(-len(small.table) // 128), CHAIN_END, 0)
    header += struct.pack("<109I", *range(first, first + count), *[UNUSED] * (109 - count))
    return header + large.content + struct.pack(f"<{len(table)}I", *table)


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(extra: bytes = b"", *, width: int = 1, height: int = 1) -> bytes:
    """A white picture; ``extra`` are chunks before the picture's data."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress((b"\0" + b"\xff" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", data) + chunk(b"IEND")


def jpeg(comment: bytes = b"") -> bytes:
    """The frame of a picture: what a JPEG has to have, with a comment in it."""

    def segment(kind: int, data: bytes) -> bytes:
        return bytes([0xFF, kind]) + struct.pack(">H", len(data) + 2) + data

    parts = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0") + (segment(0xFE, comment) if comment else b"")
    parts += segment(0xDB, b"\0" + b"\1" * 64) + segment(0xC0, b"\x08\0\1\0\1\1\1\x11\0")
    parts += segment(0xC4, b"\0\1" + b"\0" * 15 + b"\0") + segment(0xC4, b"\x10\1" + b"\0" * 15 + b"\0")
    return b"\xff\xd8" + parts + segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x3f" + b"\xff\xd9"


def pdf(objects: bytes = b"", *, catalog: bytes = b"") -> bytes:
    """A PDF of one empty page; ``catalog`` goes into its catalogue, ``objects`` beside it."""
    body = [
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    ]
    content, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, text in enumerate(body, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    content += objects
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + table + b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(content)


def stream(data: bytes, dictionary: bytes = b"", *, number: int = 9) -> bytes:
    return b"%d 0 obj\n<</Length %d%s>>\nstream\n%s\nendstream\nendobj\n" % (number, len(data), dictionary, data)


def object_stream(objects: bytes, *, kind: bytes = b"/Type/ObjStm", filters: bytes = b"/Filter/FlateDecode") -> bytes:
    """A compressed stream with one object in it."""
    plain = b"12 0 " + objects
    return stream(zlib.compress(plain), kind + b"/N 1/First 5" + filters)


def stored_zip(parts: Parts) -> bytes:
    return zipped(parts, method=ZIP_STORED)
