"""The sender's name for a file, made fit to be shown and saved under."""

from __future__ import annotations

import re
import unicodedata

NAME_LENGTH = 150
# What Windows takes for a device, whatever ending follows.
DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)
# Characters that show nothing or no more than a blank although they are letters or marks.
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
ENDING = re.compile(r"\.([A-Za-z0-9]{1,10})$")


def readable_name(name: str) -> str:
    """The last part of a name in composed Hangul, without what cannot be read; never empty, never a device.

    Characters that control the line or its direction, halves of characters and unassigned ones are dropped, every
    blank becomes a plain one. Its ending is kept when the name is cut to ``NAME_LENGTH`` characters.
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(_shown(char) for char in name).strip(" .")
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if DEVICE.match(name):
        name = f"_{name}"
    return _fitting(name) or "file"


def _shown(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] == "C" or char in UNSEEN:
        return ""
    return " " if category[0] == "Z" else char


def _fitting(name: str) -> str:
    if len(name) <= NAME_LENGTH:
        return name
    ending = found[0] if (found := ENDING.search(name)) else ""
    return name[: NAME_LENGTH - len(ending)].rstrip(" .") + ending
