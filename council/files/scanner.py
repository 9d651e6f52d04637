"""The virus scanner: clamd, spoken to over TCP or a unix socket (``zINSTREAM`` and ``zPING`` of its protocol)."""

from __future__ import annotations

import socket
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings

PIECE = 64 * 1024
# A file of the largest size takes clamd a few seconds; a ping is answered at once or not at all.
SECONDS, PING_SECONDS = 20, 1
LONGEST_ANSWER = 4096


class ScannerUnreachable(Exception):
    """Nobody answers at the scanner's address."""


class NoVerdict(Exception):
    """The scanner answered, but neither that the content is clean nor what is in it."""


def is_on() -> bool:
    """Whether files are scanned here."""
    return bool(settings.CLAMD_ADDRESS)


def state() -> str:
    """``off``, ``ready`` or ``unreachable``."""
    if not is_on():
        return "off"
    try:
        with _connected(PING_SECONDS) as connection:
            connection.sendall(b"zPING\0")
            return "ready" if _answer(connection) == "PONG" else "unreachable"
    except (ScannerUnreachable, NoVerdict):
        return "unreachable"


def finding(content: IO[bytes]) -> str:
    """The name of what is in a content; "" if it is clean. ScannerUnreachable or NoVerdict if that cannot be said."""
    with _connected(SECONDS) as connection:
        try:
            connection.sendall(b"zINSTREAM\0")
            while piece := content.read(PIECE):
                connection.sendall(len(piece).to_bytes(4) + piece)
            connection.sendall(bytes(4))
        except TimeoutError as error:
            raise NoVerdict("no answer in time") from error
        except OSError:
            pass  # it hangs up on what is too large for it, and has said so before
        answer = _answer(connection)
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK" and verdict != answer:
        return ""
    if verdict.endswith(" FOUND") and verdict != answer:
        return verdict.removesuffix(" FOUND")[:200] or "?"
    raise NoVerdict(answer[:200])


def _connected(seconds: float) -> socket.socket:
    try:
        address = urlsplit(settings.CLAMD_ADDRESS)
        if address.scheme == "tcp":
            return socket.create_connection((address.hostname or "", address.port or 3310), timeout=seconds)
        if address.scheme == "unix":
            return _at_path(address.path, seconds)
    except (OSError, ValueError) as error:
        raise ScannerUnreachable(settings.CLAMD_ADDRESS) from error
    raise ScannerUnreachable(settings.CLAMD_ADDRESS)


def _at_path(path: str, seconds: float) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket) -> str:
    """What it says up to the zero byte that ends an answer."""
    answer = b""
    try:
        while not answer.endswith(b"\0"):
            piece = connection.recv(LONGEST_ANSWER)
            answer += piece
            if not piece or len(answer) > LONGEST_ANSWER:
                raise NoVerdict(repr(answer[:100]))
    except OSError as error:
        raise NoVerdict(str(error)) from error
    return answer[:-1].decode("utf-8", "replace")
