"""A stored file: content under a generated name, the name people see beside it."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from council.core.models import Timestamped
from council.parties.models import Organisation, User


def generated_name(stored: StoredFile, filename: str) -> str:
    """Two letters of folder and a random name without an ending, so that nothing of the sender's name is used."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


class StoredFile(Timestamped):
    file = models.FileField(upload_to=generated_name, max_length=60)
    name = models.CharField(_("file name"), max_length=150)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    media_type = models.CharField(_("type"), max_length=100)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
