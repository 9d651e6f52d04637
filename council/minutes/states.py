"""Which state of the minutes may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.core.lifecycle import Lifecycle


class MinutesState(models.TextChoices):
    DRAFT = "draft", _("being written")
    CIRCULATED = "circulated", _("circulated for comments")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("public version issued")


MINUTES: Lifecycle = {
    MinutesState.DRAFT: frozenset({MinutesState.CIRCULATED}),
    # Back to writing, as the next version: after comments, or as an amendment of what was approved.
    MinutesState.CIRCULATED: frozenset({MinutesState.DRAFT, MinutesState.APPROVED}),
    MinutesState.APPROVED: frozenset({MinutesState.DRAFT, MinutesState.PUBLISHED}),
    MinutesState.PUBLISHED: frozenset({MinutesState.DRAFT}),
}


class CommentState(models.TextChoices):
    OPEN = "open", _("not answered yet")
    ACCEPTED = "accepted", pgettext_lazy("comment", "accepted")
    DECLINED = "declined", _("declined")


COMMENT: Lifecycle = {
    CommentState.OPEN: frozenset({CommentState.ACCEPTED, CommentState.DECLINED}),
    CommentState.ACCEPTED: frozenset(),
    CommentState.DECLINED: frozenset(),
}


class PublicationState(models.TextChoices):
    DRAFT = "draft", _("being prepared")
    ASKED = "asked", _("organisations asked")
    PUBLISHED = "published", pgettext_lazy("publication", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("publication", "withdrawn")


PUBLICATION: Lifecycle = {
    PublicationState.DRAFT: frozenset({
        PublicationState.ASKED, PublicationState.PUBLISHED, PublicationState.WITHDRAWN,
    }),
    PublicationState.ASKED: frozenset({PublicationState.PUBLISHED, PublicationState.WITHDRAWN}),
    PublicationState.PUBLISHED: frozenset(),
    PublicationState.WITHDRAWN: frozenset(),
}  # fmt: skip
# Not out yet, and not given up.
UNDER_WAY = frozenset({PublicationState.DRAFT, PublicationState.ASKED})


class RecordsState(models.TextChoices):
    COLLECTING = "collecting", _("being collected")
    ASKED = "asked", _("organisations asked")
    DECIDED = "decided", pgettext_lazy("records request", "decided")
    ANSWERED = "answered", pgettext_lazy("records request", "answered")
    CLOSED = "closed", pgettext_lazy("records request", "closed without an answer")


RECORDS: Lifecycle = {
    RecordsState.COLLECTING: frozenset({RecordsState.ASKED, RecordsState.DECIDED, RecordsState.CLOSED}),
    RecordsState.ASKED: frozenset({RecordsState.DECIDED, RecordsState.CLOSED}),
    # Back to where it came from, while nothing was handed over.
    RecordsState.DECIDED: frozenset({
        RecordsState.COLLECTING, RecordsState.ASKED, RecordsState.ANSWERED, RecordsState.CLOSED,
    }),
    RecordsState.ANSWERED: frozenset(),
    RecordsState.CLOSED: frozenset(),
}  # fmt: skip
# Nothing more happens to it, but for its legal hold.
RECORDS_SETTLED = frozenset({RecordsState.ANSWERED, RecordsState.CLOSED})
# What was approved is in force.
IN_FORCE = frozenset({MinutesState.APPROVED, MinutesState.PUBLISHED})
