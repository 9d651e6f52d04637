"""What stands beside the minutes: recordings, the ministry's own documents, and the forms of its divisions."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from council.core.models import Timestamped
from council.core.reach import within_reach
from council.files.models import StoredFile
from council.meetings.models import Meeting
from council.minutes.models.minutes import Minutes, MinutesRevision
from council.parties.models import Body, User


class RecordingQuerySet(models.QuerySet["Recording"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_because="")


class Recording(Timestamped):
    """A stenographic record, a sound recording or its transcript: here as a file, or kept elsewhere under a number.

    Law: 공공기록물 관리에 관한 법률 제17조제2항; 시행령 제18조제3항 (withheld for ten years at the most).
    """

    class Kind(models.TextChoices):
        STENOGRAPHIC = "steno", _("stenographic record")
        SOUND = "sound", _("sound recording")
        TRANSCRIPT = "transcript", _("transcript of the recording")

    minutes = models.ForeignKey(
        Minutes, models.PROTECT, related_name="recordings", verbose_name=_("meeting"), editable=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, editable=False)
    file = models.OneToOneField(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recorded_as",
        verbose_name=_("file"),
        editable=False,
    )
    kept_as = models.CharField(_("kept elsewhere as"), max_length=100, blank=True, editable=False)
    closed_until = models.DateField(_("not open until"), null=True, blank=True, editable=False)
    added_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("added by"), editable=False
    )
    added_at = models.DateTimeField(_("added at"), editable=False)
    withdrawn_because = models.CharField(_("withdrawn because"), max_length=300, blank=True, editable=False)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("recording of a meeting")
        verbose_name_plural = _("recordings of meetings")
        ordering = ["minutes", "id"]
        constraints = [
            models.CheckConstraint(
                name="recording_is_here_or_elsewhere",
                condition=Q(file__isnull=False, kept_as="") | (Q(file=None) & ~Q(kept_as="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.minutes}"


class OfficialDocument(Timestamped):
    """The ministry's own document around a meeting: registered in its document system, referred to here.

    Law: 행정업무의 운영 및 혁신에 관한 규정 제10조 (routes of approval), 제16조 (how it is sent).
    """

    class Kind(models.TextChoices):
        REQUEST = "request", _("call for agenda items")
        NOTICE = "notice", _("notice of the meeting")
        AGENDA = "agenda", _("agenda")
        MINUTES = "minutes", _("minutes of the meeting")
        RESULTS = "results", _("report of the results")

    class Channel(models.TextChoices):
        EXCHANGE = "exchange", _("document exchange")
        EMAIL = "email", _("official e-mail")
        POST = "post", _("post or in person")
        INTERNAL = "internal", _("not sent, kept inside")

    # What stays inside the ministry.
    INSIDE = frozenset({Kind.RESULTS})

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="official_documents", verbose_name=_("meeting"), editable=False
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, editable=False)
    document_number = models.CharField(_("document number"), max_length=60, editable=False)
    approver = models.CharField(_("approved by"), max_length=100, editable=False)
    route = models.CharField(_("route"), max_length=10, choices=MinutesRevision.Route, editable=False)
    channel = models.CharField(_("sent by"), max_length=8, choices=Channel, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True, validators=[within_reach], editable=False)
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by"), editable=False
    )
    withdrawn_because = models.CharField(_("withdrawn because"), max_length=300, blank=True, editable=False)

    objects: ClassVar[models.Manager[OfficialDocument]] = models.Manager()

    class Meta:
        verbose_name = _("official document")
        verbose_name_plural = _("official documents")
        ordering = ["meeting", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "kind", "document_number"],
                condition=Q(withdrawn_because=""),
                name="official_document_entered_once",
                violation_error_message=_("This document has been entered already."),
            ),
            models.CheckConstraint(
                name="official_document_sent_unless_inside",
                condition=Q(channel="internal", sent_at=None) | (~Q(channel="internal") & Q(sent_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="official_report_stays_inside", condition=~Q(kind="results") | Q(channel="internal")
            ),
            models.CheckConstraint(
                name="official_document_is_complete", condition=~Q(document_number="") & ~Q(approver="") & ~Q(route="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.document_number}"


class DocumentForm(Timestamped):
    """A division's own HWPX form for one kind of document; the newest that was not put aside counts."""

    class Kind(models.TextChoices):
        NOTICE = "notice", _("notice of the meeting")
        AGENDA = "agenda", _("agenda")
        MINUTES = "minutes", _("minutes of the meeting")
        PUBLIC = "public", _("public version of the minutes")
        RESULTS = "results", _("report of the results")
        PRESS = "press", _("press release")

    body = models.ForeignKey(Body, models.PROTECT, related_name="document_forms", verbose_name=_("body"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    file = models.OneToOneField(
        StoredFile, models.PROTECT, related_name="form_of", verbose_name=_("file"), editable=False
    )
    fields_found = models.JSONField(_("merge fields"), default=list, editable=False)
    added_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("added by"), editable=False
    )
    put_aside_at = models.DateTimeField(_("put aside at"), null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager[DocumentForm]] = models.Manager()

    class Meta:
        verbose_name = _("form for documents")
        verbose_name_plural = _("forms for documents")
        ordering = ["body", "kind", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "kind"], condition=Q(put_aside_at=None), name="document_form_one_of_a_kind_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.body}"
