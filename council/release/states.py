"""What becomes of a question to an owner whether a thing may be released."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReleaseState(models.TextChoices):
    ASKED = "asked", _("waiting for the owner")
    AGREED = "agreed", _("agreed")
    DECLINED = "declined", _("not agreed")
    TAKEN_BACK = "taken_back", _("taken back")


RELEASE: dict[str, frozenset[str]] = {
    ReleaseState.ASKED: frozenset({ReleaseState.AGREED, ReleaseState.DECLINED, ReleaseState.TAKEN_BACK}),
}
