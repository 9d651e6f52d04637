"""A browser in words, out of what it says of itself. For its owner to recognise; nothing is decided by it."""

from __future__ import annotations

# The first that is found counts: most name others beside themselves.
BROWSERS = {
    "Whale/": "Whale", "SamsungBrowser/": "Samsung Internet", "Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox",
    "CriOS/": "Chrome", "Chrome/": "Chrome", "Safari/": "Safari",
}  # fmt: skip
SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS X": "macOS",
    "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip


def in_words(user_agent: str) -> str:
    """For example "Whale · Windows"; a dash where nothing is known."""
    names = (next((name for mark, name in known.items() if mark in user_agent), "") for known in (BROWSERS, SYSTEMS))
    return " · ".join(filter(None, names)) or "–"
