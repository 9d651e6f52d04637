"""What every package's rows share, and the tables that belong to no noun: closures, the audit and its reviews."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self, overload

from django.db import models
from django.utils.translation import gettext_lazy as _

from council.core.languages import languages
from council.core.reach import within_reach


class Timestamped(models.Model):
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        abstract = True


class Bilingual:
    """``name = Bilingual()`` reads ``name_ko`` or ``name_en`` by the active language, the other one where it is empty.

    Where both are empty, the attribute called ``instead``.
    """

    def __init__(self, *, instead: str = "") -> None:
        self.instead = instead

    def __set_name__(self, owner: type[models.Model], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, row: None, owner: type[models.Model]) -> Self: ...
    @overload
    def __get__(self, row: models.Model, owner: type[models.Model]) -> str: ...
    def __get__(self, row: models.Model | None, owner: type[models.Model]) -> Self | str:
        if row is None:
            return self
        names = [f"{self.name}_{language}" for language in languages()] + [self.instead] * bool(self.instead)
        return next((str(text) for name in names if (text := getattr(row, name))), "")


class Closure(Timestamped):
    """A day that is no business day although the statutory calendar does not know it (임시공휴일 and the like)."""

    date = models.DateField(_("date"), unique=True, validators=[within_reach])
    name = models.CharField(_("name"), max_length=100)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class AuditEntry(models.Model):
    """One thing that happened, or was refused. Inserted once; only the sealer adds the chain's columns.

    Law: 공공기록물 관리에 관한 법률 시행령 제28조제3항 (access, attempts and their history, unalterable).
    """

    at = models.DateTimeField(_("at"))
    verb = models.CharField(_("verb"), max_length=60)
    actor = models.CharField(_("actor"), max_length=200)
    actor_user_id = models.BigIntegerField(null=True, blank=True, editable=False)
    organisation_id = models.BigIntegerField(null=True, blank=True, editable=False)
    on_behalf_of = models.BigIntegerField(null=True, blank=True, editable=False)
    # Of the thing, as it was then: whose secretariat reads the entry, even after the thing is gone.
    body_id = models.BigIntegerField(null=True, blank=True, editable=False)
    target_type = models.CharField(_("kind of thing"), max_length=60, blank=True)
    target_id = models.CharField(_("number of the thing"), max_length=40, blank=True)
    target = models.CharField(_("thing"), max_length=300, blank=True)
    before = models.JSONField(_("before"), default=dict, blank=True)
    after = models.JSONField(_("after"), default=dict, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    refused = models.BooleanField(_("refused"), default=False)
    ip = models.GenericIPAddressField(_("address"), null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    sequence = models.BigIntegerField(_("place in the chain"), null=True, unique=True, editable=False)
    previous_hash = models.CharField(_("hash before it"), max_length=64, blank=True, editable=False)
    hash = models.CharField(_("hash"), max_length=64, blank=True, editable=False)

    objects: ClassVar[models.Manager[AuditEntry]] = models.Manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]
        indexes = [
            # The history shown on one thing's page.
            models.Index(fields=["target_type", "target_id"], name="audit_by_target"),
            # The sealer's search for what it has not chained yet.
            models.Index(fields=["id"], condition=models.Q(sequence=None), name="audit_unsealed"),
            # A month for its review, a period for an export, a range of days in the list.
            models.Index(fields=["at"], name="audit_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                name="audit_sealed_whole_or_not_at_all",
                condition=models.Q(sequence=None, hash="")
                | models.Q(sequence__isnull=False, sequence__gte=1, hash__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.verb} {self.target}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            self._refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse()

    @staticmethod
    def _refuse() -> NoReturn:
        msg = "The audit is only ever added to."
        raise TypeError(msg)


class AuditHead(models.Model):
    """The end of the chain: how many entries it has and the last one's hash. One row."""

    length = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="audit_head_is_one_row", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return f"{self.length} {self.hash}"


class AuditReview(models.Model):
    """Somebody looked through a month of the access record and signed it off. Written once, never changed.

    Law: 개인정보의 안전성 확보조치 기준 제8조 (access records are looked through at least monthly).
    """

    month = models.DateField(_("month"), help_text=_("The first day of the month."))
    reviewer = models.CharField(_("reviewer"), max_length=200)
    reviewer_user_id = models.BigIntegerField(null=True, editable=False)
    signed_at = models.DateTimeField(_("signed at"))
    remarks = models.TextField(_("remarks"), blank=True)
    counts = models.JSONField(_("figures"), default=dict)
    faults = models.PositiveIntegerField(_("faults of the chain"), default=0)
    head_length = models.BigIntegerField(_("entries in the chain"))
    head_hash = models.CharField(_("head of the chain"), max_length=64, blank=True)

    objects: ClassVar[models.Manager[AuditReview]] = models.Manager()

    class Meta:
        verbose_name = _("monthly review of the access record")
        verbose_name_plural = _("monthly reviews of the access record")
        ordering = ["-month"]
        constraints = [models.UniqueConstraint(fields=["month"], name="audit_review_once_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
