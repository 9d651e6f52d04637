"""The one Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from council import checks

__all__ = ["CouncilConfig", "checks"]


class CouncilConfig(AppConfig):
    name = "council"
    verbose_name = _("Council")

    def ready(self) -> None:
        """Tell the outbox about the kinds of letters, and how documents are drawn.

        The system checks registered themselves on import.
        """
        from council.reminders import kinds  # noqa: PLC0415 - models exist only from here on
        from council.web import (  # noqa: PLC0415
            account_signals,  # noqa: F401 - its receivers connect themselves
            issuing,
        )

        kinds.register()
        issuing.register()
