"""A scanner for tests: a real socket that speaks clamd's protocol byte by byte, or misbehaves in a given way."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.files.builders import EICAR

LARGEST = 40 * 1024**2


class Clamd(socketserver.BaseRequestHandler):
    """INSTREAM and PING, as clamd(8) describes them; ``server.manner`` is how it behaves."""

    def handle(self) -> None:
        server: Any = self.server
        command = self._until_zero()
        server.commands.append(command)
        if server.manner == "hangs":
            server.released.wait(20)
        elif server.manner == "talks rubbish":
            self.request.sendall(b"\xff\xfe HTTP/1.1 400 stream: OK FOUND OK\0")
        elif server.manner == "says nothing":
            pass
        elif server.manner == "stops in the middle":
            self.request.sendall(b"stream: O")
        elif server.manner == "never ends":
            self.request.sendall(b"stream: " + b"O" * 10_000)
        elif command == b"PING":
            self.request.sendall(b"PONG\0")
        elif command == b"INSTREAM":
            self.request.sendall(self._verdict(self._stream()))
        else:
            self.request.sendall(b"UNKNOWN COMMAND\0")

    def _verdict(self, content: bytes | None) -> bytes:
        server: Any = self.server
        if content is None or server.manner == "finds all too large":
            return b"INSTREAM size limit exceeded. ERROR\0"
        server.scanned.append(content)
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"

    def _stream(self) -> bytes | None:
        content = b""
        while length := int.from_bytes(self._exactly(4)):
            content += self._exactly(length)
            if len(content) > LARGEST:
                return None
        return content

    def _until_zero(self) -> bytes:
        command = b""
        while not command.endswith(b"\0"):
            command += self._exactly(1)
        assert command.startswith(b"z"), "a command that ends with a zero byte begins with z"
        return command[1:-1]

    def _exactly(self, length: int) -> bytes:
        content = b""
        while len(content) < length:
            piece = self.request.recv(length - len(content))
            if not piece:
                raise EOFError
            content += piece
        return content


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True

    def __init__(self, address: Any, family: int = socket.AF_INET) -> None:
        self.address_family = family
        self.manner, self.commands, self.scanned = "", list[bytes](), list[bytes]()
        self.released = threading.Event()
        super().__init__(address, Clamd)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The other side hung up."""

    def get_request(self) -> Any:
        connection, __ = super().get_request()
        return connection, ("", 0)


@contextmanager
def clamd(path: Path | None = None) -> Iterator[tuple[Server, str]]:
    """A scanner at an address of this machine: a free port, or a socket in the file system."""
    server = Server(("127.0.0.1", 0)) if path is None else Server(str(path), socket.AF_UNIX)
    address = f"unix://{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server, address
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
