"""The SMTP backend, made to tell whether the relay had the whole letter when something went wrong."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend as DjangoEmailBackend


class Witness:
    """Notes that the body left; from then on, an error does not say whether the letter was accepted (RFC 1047)."""

    body_left = False

    def data(self, msg: Any) -> Any:
        self.body_left = True
        reply = super().data(msg)  # type: ignore[misc]
        self.body_left = False
        return reply


class WitnessedSMTP(Witness, smtplib.SMTP):
    pass


class WitnessedSMTPOverTLS(Witness, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangoEmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return WitnessedSMTPOverTLS if self.use_ssl else WitnessedSMTP

    @property
    def reply_was_lost(self) -> bool:
        """Whether the last letter's body had left when its sending failed."""
        return bool(getattr(self.connection, "body_left", False))
