"""The things letters are about, by the plain name the outbox knows them under."""

from __future__ import annotations

from typing import Any

from django.db import models

from council.actions.models import ActionItem
from council.mail.models import Notice
from council.meetings.models import Deadline, Meeting
from council.parties.models import Body, Person, User
from council.release.models import ReleaseRequest

TARGETS: dict[str, models.QuerySet[Any]] = {
    "actionitem": ActionItem.objects.for_display(),
    "deadline": Deadline.objects.select_related("meeting__body"),
    "meeting": Meeting.objects.select_related("body"),
    "body": Body.objects.all(),
    "releaserequest": ReleaseRequest.objects.select_related("body", "organisation"),
    "person": Person.objects.select_related("organisation"),
    "user": User.objects.select_related("person"),
}


def target_of(notice: Notice) -> Any | None:
    """The thing a notice is about, read afresh; None when it is gone."""
    return TARGETS[notice.target_type].filter(pk=notice.target_id).first()
