"""A calendar of one's own that a calendar program reads."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from council.core.models import Timestamped
from council.parties.models import User


class CalendarFeed(Timestamped):
    """The address under which one account's meetings are read; of its secret only the hash is kept."""

    user = models.OneToOneField(User, models.CASCADE, related_name="calendar_feed", verbose_name=_("account"))
    digest = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return self.user.email
