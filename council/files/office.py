"""Documents in ZIP containers: those of Office Open XML and HWPX, and what in them could do something by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from council.files.archives import Budget, Entry, entries, is_archive, is_program
from council.files.compound import SIGNATURE as COMPOUND_FILE
from council.files.flaws import ACTIVE, DAMAGED, LOADED, LOCKED, MISNAMED, REACHES_OUT, SWOLLEN, Flaw
from council.files.scripts import does_nothing

# The member that a container of each kind has.
ZIP_MEMBERS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
    "hwpx": "Contents/header.xml",
}
HEAD = 1024
# Parts that say what the others are must be read whole, so they must be small.
READ_WHOLE = 4 * 1024**2
ACTIVE_PARTS = re.compile(r"vbaproject|vbadata|(^|/)(macrosheets|dialogsheets|activex)/", re.I)
ACTIVE_TYPES = re.compile(r"macro|vba|activex", re.I)
OBJECTS = re.compile(r"(^|/)oleobject[^/]*$|\.(ole|exe|dll|scr|com|bat|cmd|ps1|vbs|js|jse|wsf|hta|lnk|msi|jar)$", re.I)
WORKBOOK = re.compile(r"(word|ppt|xl)/embeddings/[^/]+\.(xlsx|docx|pptx)", re.I)
POSTSCRIPT = re.compile(r"\.(ps|eps)$", re.I)
# What a document may name outside itself: the reader follows it, or is asked first.
MAY_BE_OUTSIDE = {"hyperlink", "image", "externalLinkPath", "xlPathMissing", "xlExternalLinkPath", "video", "audio"}
DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)
# The stream in which Windows packs any file; without its last zero byte it is found faster.
PACKAGED_FILE = "\x01Ole10Native".encode("utf-16-le")[:-1]


def judge(content: bytes, ending: str) -> None:
    """Flaw unless the content is a document of that kind with nothing in it that acts by itself."""
    if content.startswith(COMPOUND_FILE):
        # What Office makes of a document with a password, and what it wrote until 2003.
        raise Flaw(LOCKED if "EncryptedPackage".encode("utf-16-le") in content else MISNAMED)
    _judge(content, ending, Budget.of(len(content)), nested=False)


def _judge(content: bytes, ending: str, budget: Budget, *, nested: bool) -> None:
    if not content.startswith(b"PK"):
        raise Flaw(MISNAMED)
    found = entries(content)
    if ZIP_MEMBERS[ending] not in {entry.name for entry in found}:
        raise Flaw(MISNAMED)
    for entry in found:
        if ending == "hwpx":
            _judge_hwpx(entry, budget)
        else:
            _judge_part(entry, budget, nested=nested)


def _judge_part(entry: Entry, budget: Budget, *, nested: bool) -> None:
    """One part of an Office Open XML document."""
    if ACTIVE_PARTS.search(entry.name):
        raise Flaw(ACTIVE)
    if OBJECTS.search(entry.name):
        raise Flaw(LOADED)
    if not nested and (workbook := WORKBOOK.fullmatch(entry.name)):
        # A chart carries its figures as a workbook; it is judged like one that is handed in, by the same budget.
        _judge(_whole(entry, budget), workbook[2].lower(), budget, nested=True)
    elif entry.name.casefold() == "[content_types].xml":
        _refuse_types(_whole(entry, budget))
    elif entry.name.lower().endswith(".rels"):
        _refuse_relations(_whole(entry, budget))
    elif "/externallinks/" in entry.name.lower():
        _refuse_conversations(_whole(entry, budget))
    else:
        _read_through(entry, budget, objects=False)


def _judge_hwpx(entry: Entry, budget: Budget) -> None:
    """One part of a HWPX document."""
    if _is_script(entry.name):
        if not does_nothing(_whole(entry, budget)):
            raise Flaw(ACTIVE)
    elif POSTSCRIPT.search(entry.name):
        raise Flaw(ACTIVE)
    elif entry.name.lower().endswith(".hpf"):
        _refuse_scripts_elsewhere(_whole(entry, budget))
    elif entry.name == "META-INF/manifest.xml":
        if b"encryption-data" in _whole(entry, budget).replace(b"\0", b""):
            raise Flaw(LOCKED)
    else:
        _read_through(entry, budget, objects=True)


def _is_script(name: str) -> bool:
    return name.lower().startswith("scripts/") or name.lower().endswith(".js")


def _whole(entry: Entry, budget: Budget) -> bytes:
    limit = READ_WHOLE if not WORKBOOK.fullmatch(entry.name) else budget.left
    pieces, total = [], 0
    for piece in entry.pieces(budget):
        total += len(piece)
        if total > limit:
            raise Flaw(SWOLLEN)
        pieces.append(piece)
    return b"".join(pieces)


def _read_through(entry: Entry, budget: Budget, *, objects: bool) -> None:
    """Unpack a part to its end and look at how it begins. ``objects``: Hancom's own (charts, formulas) may be in it."""
    head, end_of_last = b"", b""
    for piece in entry.pieces(budget):
        head = head or piece[:HEAD]
        if objects and PACKAGED_FILE in end_of_last + piece:
            raise Flaw(LOADED)
        end_of_last = piece[-len(PACKAGED_FILE) :]
    compound = COMPOUND_FILE in head[:12] and not objects
    if compound or is_archive(head) or is_program(head):
        raise Flaw(LOADED)
    if entry.name.lower().endswith(".xml") and DECLARES.search(head.replace(b"\0", b"")):
        raise Flaw(DAMAGED)


def _elements(xml: bytes) -> Iterator[ET.Element]:
    if DECLARES.search(xml.replace(b"\0", b"")):
        raise Flaw(DAMAGED)
    try:
        yield from ET.fromstring(xml).iter()  # noqa: S314 - it declares nothing, see above
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Flaw(DAMAGED) from error


def _refuse_types(xml: bytes) -> None:
    for element in _elements(xml):
        if ACTIVE_TYPES.search(element.get("ContentType", "")):
            raise Flaw(ACTIVE)
        if "oleObject" in element.get("ContentType", "") and element.get("PartName"):
            raise Flaw(LOADED)


def _refuse_relations(xml: bytes) -> None:
    for element in _elements(xml):
        kind = element.get("Type", "").rpartition("/")[2]
        if re.search("vbaproject|macrosheet", kind, re.I):
            raise Flaw(ACTIVE)
        if element.get("TargetMode", "").lower() == "external" and kind not in MAY_BE_OUTSIDE:
            raise Flaw(REACHES_OUT)


def _refuse_conversations(xml: bytes) -> None:
    """A link to another program starts that program."""
    for element in _elements(xml):
        if element.tag.rpartition("}")[2] in {"ddeLink", "oleLink"}:
            raise Flaw(ACTIVE)


def _refuse_scripts_elsewhere(xml: bytes) -> None:
    """The list of a HWPX document's parts names as scripts only what is judged as such."""
    for element in _elements(xml):
        if "script" in element.get("media-type", "").lower() and not _is_script(element.get("href", "")):
            raise Flaw(ACTIVE)
