"""Documents that were issued of an approved version or of a publication: made once and kept with their hash."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from council.files.models import StoredFile
from council.minutes.models.minutes import MinutesRevision
from council.minutes.models.publication import Publication


class IssuedDocument(models.Model):
    """An approved version, or a publication, in one format.

    Made once: the bytes differ from making to making, the kept ones do not.
    """

    class Form(models.TextChoices):
        HWPX = "hwpx", "HWPX"
        PDF = "pdf", "PDF"
        HTML = "html", "HTML"

    class Audience(models.TextChoices):
        COMMON = "common", _("for everyone seated")
        WHOLE = "whole", _("with the annexes of all organisations, for the ministry")
        PUBLIC = "public", _("for the public")

    revision = models.ForeignKey(
        MinutesRevision, models.PROTECT, related_name="documents", verbose_name=_("version"), editable=False
    )
    form = models.CharField(_("format"), max_length=4, choices=Form, editable=False)
    audience = models.CharField(_("for whom"), max_length=6, choices=Audience, editable=False)
    publication = models.ForeignKey(
        Publication,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("publication"),
        editable=False,
    )
    file = models.OneToOneField(
        StoredFile, models.PROTECT, related_name="issued_as", verbose_name=_("file"), editable=False
    )
    issued_at = models.DateTimeField(_("issued at"), editable=False)

    objects: ClassVar[models.Manager[IssuedDocument]] = models.Manager()

    class Meta:
        verbose_name = _("issued document")
        verbose_name_plural = _("issued documents")
        ordering = ["revision", "form", "audience"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "form", "audience"],
                condition=Q(publication=None),
                name="minutes_document_issued_once",
            ),
            models.UniqueConstraint(
                fields=["publication", "form"],
                condition=Q(publication__isnull=False),
                name="publication_document_issued_once",
            ),
            models.CheckConstraint(
                name="document_for_the_public_of_a_publication",
                condition=Q(audience="public", publication__isnull=False)
                | (~Q(audience="public") & Q(publication=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} {self.form}"
