"""The things letters are about, by the plain name the outbox knows them under."""

from __future__ import annotations

from typing import Any

from django.db import models

from council.actions.models import ActionComment, ActionItem, Escalation, ExtensionRequest, ProgressUpdate
from council.clearance.models import Clearance
from council.mail.models import Notice
from council.meetings.models import AgendaItem, Deadline, Meeting, Participation
from council.minutes.models import MinutesComment, MinutesRevision, Opinion, Publication, RecordsOpinion
from council.parties.models import Body, Person, User
from council.release.models import ReleaseRequest
from council.reports.models import Contribution, Report, ReportingRound
from council.scorecard.models import PublicQuarter


def _of_an_action(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """With the item that what a letter is about belongs to, as ``ActionItem.objects.for_display`` would give it."""
    return rows.select_related(
        "action__owner", "action__assignee", "action__commitment__pillar", "action__pillar", "action__body"
    )


TARGETS: dict[str, models.QuerySet[Any]] = {
    "actionitem": ActionItem.objects.for_display(),
    "actioncomment": _of_an_action(ActionComment.objects.all()),
    "escalation": _of_an_action(Escalation.objects.all()),
    "extensionrequest": _of_an_action(ExtensionRequest.objects.all()),
    "progressupdate": _of_an_action(ProgressUpdate.objects.all()),
    "deadline": Deadline.objects.select_related("meeting__body"),
    "meeting": Meeting.objects.select_related("body"),
    "participation": Participation.objects.select_related("meeting__body", "person", "delegate", "organisation"),
    "agendaitem": AgendaItem.objects.select_related("meeting__body", "commitment__pillar", "pillar", "owner"),
    "minutesrevision": MinutesRevision.objects.select_related("minutes__meeting__body"),
    "minutescomment": MinutesComment.objects.select_related("revision__minutes__meeting__body", "organisation"),
    "publication": Publication.objects.select_related("revision__minutes__meeting__body"),
    "opinion": Opinion.objects.select_related("publication__revision__minutes__meeting__body", "organisation"),
    "recordsopinion": RecordsOpinion.objects.select_related("request__body", "organisation"),
    "report": Report.objects.select_related("round__body", "commitment__pillar", "organisation"),
    "contribution": Contribution.objects.select_related(
        "report__commitment__pillar",
        "report__round",
        "report__organisation",
        "action__commitment__pillar",
        "action__pillar",
        "action__owner",
        "body",
        "organisation",
    ),
    "clearance": Clearance.objects.select_related("body", "organisation"),
    "reportinground": ReportingRound.objects.select_related("body", "meeting"),
    "publicquarter": PublicQuarter.objects.select_related("body"),
    "body": Body.objects.all(),
    "releaserequest": ReleaseRequest.objects.select_related("body", "organisation"),
    "person": Person.objects.select_related("organisation"),
    "user": User.objects.select_related("person"),
}


def target_of(notice: Notice) -> Any | None:
    """The thing a notice is about, read afresh; None when it is gone."""
    return TARGETS[notice.target_type].filter(pk=notice.target_id).first()
