"""A stored file: content under a generated name, the name people see beside it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from council.core.models import Timestamped
from council.files import scanner
from council.parties.models import Organisation, User


def generated_name(stored: StoredFile, filename: str) -> str:
    """Two letters of folder and a random name without an ending, so that nothing of the sender's name is used."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


class StoredFile(Timestamped):
    class Scan(models.TextChoices):
        NOT_SCANNED = "not_scanned", _("not scanned")
        WAITING = "waiting", _("waiting for the virus scan")
        CLEAN = "clean", _("no virus found")
        INFECTED = "infected", _("virus found")

    file = models.FileField(upload_to=generated_name, max_length=60)
    name = models.CharField(_("file name"), max_length=150)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    media_type = models.CharField(_("type"), max_length=100)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    scan = models.CharField(_("virus scan"), max_length=11, choices=Scan, default=Scan.NOT_SCANNED, editable=False)
    scanned_at = models.DateTimeField(_("scanned at"), null=True, blank=True, editable=False)
    scan_finding = models.CharField(_("virus"), max_length=200, blank=True, editable=False)
    scan_not_before = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-id"]
        indexes = [
            # The scanner's search for what it has not judged yet.
            models.Index(fields=["id"], condition=Q(scanned_at=None), name="file_unscanned"),
        ]
        constraints = [
            models.CheckConstraint(
                name="file_scan_has_what_its_state_says",
                condition=Q(scan__in=["not_scanned", "waiting"], scanned_at=None, scan_finding="")
                | Q(scan="clean", scanned_at__isnull=False, scan_finding="", scan_not_before=None)
                | (Q(scan="infected", scanned_at__isnull=False, scan_not_before=None) & ~Q(scan_finding="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_infected(self) -> bool:
        return self.scan == self.Scan.INFECTED

    @property
    def awaits_scan(self) -> bool:
        """It is not opened before the scanner has judged it; what came while there was none included."""
        return self.scan == self.Scan.WAITING or (self.scan == self.Scan.NOT_SCANNED and scanner.is_on())
