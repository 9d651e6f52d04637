"""A HWPX document that somebody else made, without what tells of them: scripts, history, memos, comments, dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext_lazy as _

from council.documents.merging import HP
from council.files import office
from council.files.archives import Budget, entries
from council.files.flaws import DAMAGED, Flaw

MOST_XML = 16 * 1024**2
KEPT = re.compile(
    r"mimetype|(version|settings)\.xml|Contents/(?!.*history)[^/]+|(BinData|Chart)/[^/]+"
    r"|META-INF/(container\.xml|container\.rdf|manifest\.xml)|Preview/(PrvText\.txt|PrvImage\.png)",
    re.I,
)
OPF = "{http://www.idpf.org/2007/opf/}"
HEAD = "{http://www.hancom.co.kr/hwpml/2011/head}"
TRACKED = {f"{HP}{name}" for name in ("insertBegin", "insertEnd", "deleteBegin", "deleteEnd")}

TOO_LARGE = _("The form is too large. Take out what is no part of it, and hand it in again.")
CHANGES = _("The form holds tracked changes. Accept or reject them, save it, and hand it in again.")
NO_TEXT = _("The form has no text.")


def opened(content: bytes) -> Any:
    """The document, to be changed and saved; Flaw if it cannot be read, or could do harm."""
    from hwpx import HwpxDocument  # noqa: PLC0415 - see council.documents.hwpx
    from hwpx.opc.package import HwpxPackage  # noqa: PLC0415

    office.judge(content, "hwpx")
    parts, xml = _unpacked(content)
    with flaws():
        package = HwpxPackage.open(BytesIO(_packed(parts)))
        for name in xml:
            _take_out_comments(package, name)
        _drop(package, [name for name in parts if not KEPT.fullmatch(name)])
        made = HwpxDocument.from_package(package)
    if not made.sections:
        raise Flaw(NO_TEXT)
    for owner in texts_of(made):
        _take_out_remarks(owner.element)
    _forget(made)
    return made


@contextmanager
def flaws() -> Iterator[None]:
    """What the package says of a document in which something is amiss, as a Flaw."""
    from hwpx.opc.package import HwpxPackageError  # noqa: PLC0415 - see council.documents.hwpx

    try:
        yield
    except (HwpxPackageError, BadZipFile, ValueError, TypeError, AttributeError, LookupError, SyntaxError) as error:
        raise Flaw(DAMAGED) from error


def texts_of(made: Any) -> list[Any]:
    """What holds text: the sections, and the master pages that lie behind them."""
    return [*made.sections, *made.parts.master_pages]


def _unpacked(content: bytes) -> tuple[dict[str, bytes], list[str]]:
    """The parts, and which of them are XML that is kept."""
    budget = Budget.of(len(content))
    parts = {entry.name: b"".join(entry.pieces(budget)) for entry in entries(content) if not entry.name.endswith("/")}
    xml = [name for name in parts if name.lower().endswith((".xml", ".hpf", ".rdf")) and KEPT.fullmatch(name)]
    if sum(len(parts[name]) for name in xml) > MOST_XML:
        raise Flaw(TOO_LARGE)
    if any(office.DECLARES.search(parts[name].replace(b"\0", b"")) for name in xml):
        raise Flaw(DAMAGED)
    return parts, xml


def _packed(parts: dict[str, bytes]) -> bytes:
    """The parts packed anew: no dates, comments or other notes on them."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name in sorted(parts, key=lambda name: name != "mimetype"):
            archive.writestr(ZipInfo(name), parts[name], ZIP_STORED if name == "mimetype" else ZIP_DEFLATED)
    return out.getvalue()


def _take_out_comments(package: Any, name: str) -> None:
    root = package.get_xml(name)
    if root.getroottree().docinfo.doctype:
        raise Flaw(DAMAGED)
    hidden = [node for node in root.iter() if not isinstance(node.tag, str)]
    for node in hidden:
        before, parent = node.getprevious(), node.getparent()
        if before is not None:
            before.tail = (before.tail or "") + (node.tail or "")
        else:
            parent.text = (parent.text or "") + (node.tail or "")
        node.tail = None
        parent.remove(node)
    if hidden or root.getprevious() is not None or root.getnext() is not None:
        package.set_xml(name, root)


def _drop(package: Any, names: list[str]) -> None:
    """Take parts out of a package and of the list of what it holds."""
    listing = package.main_content.full_path
    folder = listing.rpartition("/")[0]
    dropped = {*names, *(name.removeprefix(f"{folder}/") for name in names)}
    tree = package.get_xml(listing)
    gone = [item for item in tree.iter(f"{OPF}item") if (item.get("href") or "").lstrip("/") in dropped]
    ids = {item.get("id") for item in gone}
    for element in [*gone, *(one for one in list(tree.iter(f"{OPF}itemref")) if one.get("idref") in ids)]:
        element.getparent().remove(element)
    package.set_xml(listing, tree)
    for name in names:
        package.delete(name)


def _take_out_remarks(root: Any) -> None:
    """Memos and hidden comments; Flaw if there are changes that nobody has decided about."""
    if next(root.iter(*TRACKED), None) is not None:
        raise Flaw(CHANGES)
    memos = {begin for begin in root.iter(f"{HP}fieldBegin") if begin.get("type") == "MEMO"}
    ids = {begin.get("id") for begin in memos}
    ends = {end for end in root.iter(f"{HP}fieldEnd") if end.get("beginIDRef") in ids}
    for element in [*memos, *ends, *root.iter(f"{HP}hiddenComment"), *root.iter(f"{HP}memogroup")]:
        parent = element.getparent()
        parent.remove(element)
        if parent.tag == f"{HP}ctrl" and not len(parent):
            parent.getparent().remove(parent)


def _forget(made: Any) -> None:
    """How the document looked, who changed it, and where on somebody's machine it lay."""
    made.parts.clear_preview()
    for header in made.parts.headers:
        for element in list(header.element.iter(f"{HEAD}trackChanges", f"{HEAD}trackChangeAuthors")):
            element.getparent().remove(element)
        for link in header.element.iter(f"{HEAD}linkinfo"):
            link.set("path", "")
        header.mark_dirty()
