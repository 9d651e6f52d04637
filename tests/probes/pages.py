"""Searches a page for what of an input became markup instead of text."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from tests.probes.corpus import EVIL, MARK

# Attributes in which what somebody typed may stand as text. An address is looked at by its scheme and host.
TEXTS = {"value", "title", "alt", "aria-label", "placeholder", "content", "data-prepopulated", "datetime", "download"}
ADDRESSES = {"href", "action", "src", "formaction", "data", "poster", "background", "xlink:href", "srcset", "cite"}
LOCAL = ("/", "?", "#", "http://", "https://", "mailto:")


class Page(HTMLParser):
    """Collects every place where the mark is more than text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.leaks: list[str] = []
        self.within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within = tag if tag in {"script", "style"} else ""
        if MARK in tag:
            self.leaks.append(f"<{tag}>")
        for name, value in attrs:
            if reason := _wrong(tag, name.lower(), (value or "").lower()):
                self.leaks.append(f"<{tag} {name}={value!r}>: {reason}")

    def handle_endtag(self, tag: str) -> None:
        self.within = ""

    def handle_data(self, data: str) -> None:
        if self.within and MARK in data:
            self.leaks.append(f"in <{self.within}>: {data[:80]!r}")

    def handle_comment(self, data: str) -> None:
        if MARK in data:
            self.leaks.append(f"in a comment: {data[:80]!r}")


def _wrong(tag: str, name: str, value: str) -> str:
    if MARK in name:
        return "a new attribute"
    if name.startswith("on"):
        return "a handler"
    if name in ADDRESSES:
        address = "".join(char for char in value if char > " ")
        if address and ":" in address.split("/")[0] and not address.startswith(LOCAL):
            return "a scheme that runs"
        own_link = tag == "a" and address.startswith(("http://", "https://"))
        if EVIL in address.split("?")[0] and address.startswith(("//", "http")) and not own_link:
            return "a foreign address"
        return ""
    return "text where none belongs" if MARK in value and name not in TEXTS and not name.startswith("data-") else ""


def leaks(text: str) -> list[str]:
    """Every place of a page where an input became markup."""
    page = Page()
    page.feed(text)
    page.close()
    return page.leaks


def examples() -> Iterator[tuple[str, bool]]:
    """Pages that leak, and pages that do not: what the search itself is tested with."""
    yield f"<p><img src=x onerror={MARK}()></p>", True
    yield f"<p><{MARK}></p>", True
    yield f'<input value="" {MARK}="1">', True
    yield f"<script>var x = '{MARK}'</script>", True
    yield f'<a href="javascript:{MARK}()">x</a>', True
    yield f'<a href="java&#9;script:{MARK}()">x</a>', True
    yield f'<img src="//{EVIL}/x">', True
    yield f'<p style="x:{MARK}">', True
    yield f"<!-- {MARK} -->", True
    yield f"<p>&lt;img src=x onerror={MARK}()&gt;</p>", False
    yield f'<input value="&lt;img onerror={MARK}()&gt;">', False
    yield f'<a href="/x/?q={MARK}">x</a>', False
    yield f'<a href="https://{EVIL}/x">https://{EVIL}/x</a>', False
