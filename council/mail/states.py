"""Where a letter stands. These states are moved by fenced updates in the engine, not by people."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    DEAD = "dead", _("undeliverable")
    EXPIRED = "expired", _("no longer of use")
    SUPPRESSED = "suppressed", _("not needed any more")
    SUPERSEDED = "superseded", _("replaced by a newer one")
    UNCERTAIN = "uncertain", _("uncertain")


class NoticeOutcome(models.TextChoices):
    OPEN = "open", _("open")
    SUPPRESSED = "suppressed", _("not needed any more")
    SUPERSEDED = "superseded", _("replaced by a newer one")
    EXPIRED = "expired", _("no longer of use")


class LossPolicy(models.TextChoices):
    """What to do when the relay's answer was lost after the letter had been handed over."""

    RESEND_ONCE = "resend_once", _("send once more")
    HOLD = "hold", _("ask a person")


class Unwanted(models.TextChoices):
    """Why a notice needs no letter."""

    GONE = "gone", _("the thing is not there any more")
    SETTLED = "settled", _("nothing is expected any more")
    MOVED = "moved", _("the day has moved")
    WAIVED = "waived", _("the step was waived")
    PLANNED = "planned", _("the meeting has been announced")
    NOT_VISIBLE = "not_visible", _("the recipient may not see it (any more)")
    NO_ADDRESS = "no_address", _("the recipient has no e-mail address")
