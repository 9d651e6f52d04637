"""The scripts that every document of Hancom's carries: empty frames unless somebody has filled them."""

from __future__ import annotations

import re

COMMENT = re.compile(r"/\*.*?\*/|//[^\r\n]*", re.DOTALL)
# Names given to the document and to its form fields, and functions without a body. Nothing in it can be called.
NAMED = r"var \w+ ?= ?[\w.]+(?:\.ItemFromName ?\( ?\"[\w -]*\" ?\))? ?;?"
EMPTY_FUNCTION = r"function \w+ ?\( ?(?:\w+(?: ?, ?\w+)*)? ?\) ?\{ ?\}"
LONGEST = 64 * 1024
FRAME = re.compile(rf"(?: ?(?:{NAMED}|{EMPTY_FUNCTION}|;))* ?")


def does_nothing(script: bytes) -> bool:
    """Whether a script is the empty frame with which documents are saved, in UTF-16 or UTF-8."""
    if len(script) > LONGEST:
        return False
    try:
        text = script.decode("utf-16-le" if b"\0" in script else "utf-8").lstrip("\ufeff")
    except UnicodeDecodeError:
        return False
    text = COMMENT.sub(" ", text.rstrip("\0"))
    return FRAME.fullmatch(" ".join(text.split())) is not None
