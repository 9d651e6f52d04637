"""Which of the two languages somebody reads, and texts that are kept in both."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language, gettext_noop

# Of Django's own, what it has no Korean for.
OF_DJANGO = (gettext_noop("- Select an option -"), gettext_noop("Filter by %(field_name)s"), gettext_noop(", "))


def in_english() -> bool:
    return (get_language() or "ko").startswith("en")


def languages() -> tuple[str, str]:
    """The reader's language, and the other one, in which a text may be where the first is empty."""
    return ("en", "ko") if in_english() else ("ko", "en")


def in_language(kept: Mapping[str, object], name: str) -> str:
    """Of a text that is kept in two languages as plain values, the reader's; the other one where it is empty."""
    return next((str(text) for language in languages() if (text := kept.get(f"{name}_{language}"))), "")
