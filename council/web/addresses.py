"""Addresses of rows that betray nothing: a plain number would tell a carrier how many things its rivals have."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from functools import cache, partial

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.urls import register_converter
from django.utils.crypto import salted_hmac

PLAIN_BYTES = 8


class SealedNumber:
    """A path converter: in the address the number sealed for its kind of thing, in the view the number.

    The same number has always the same address, so that links in letters last as long as the SECRET_KEY or its place
    among the SECRET_KEY_FALLBACKS. Sealed by AES-SIV (RFC 5297): an address that was not given out leads nowhere.
    """

    regex = "[A-Za-z0-9_-]{32}"

    def __init__(self, kind: str) -> None:
        self.kind = kind.encode()

    def to_python(self, value: str) -> int:
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            try:
                return int.from_bytes(_seal(secret).decrypt(urlsafe_b64decode(value), [self.kind]))
            except InvalidTag:
                continue
        msg = "Not an address of this site"
        raise ValueError(msg)

    def to_url(self, value: int | str) -> str:
        number = int(value).to_bytes(PLAIN_BYTES)
        return urlsafe_b64encode(_seal(settings.SECRET_KEY).encrypt(number, [self.kind])).decode()


@cache
def _seal(secret: str) -> AESSIV:
    return AESSIV(salted_hmac("council.web.addresses", "number", secret=secret, algorithm="sha256").digest())


def register(kinds: Iterable[str]) -> None:
    """A converter for each kind of thing, by that name."""
    for kind in kinds:
        register_converter(partial(SealedNumber, kind), kind)  # type: ignore[arg-type]  # it is only called
