"""Ratings, and which state of a reporting round, a report and what is submitted on it may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.core.lifecycle import Lifecycle


class Rating(models.TextChoices):
    """How a commitment stands: in the eyes of its owner, and of the ministry."""

    ON_TRACK = "on_track", _("on track")
    ATTENTION = "attention", _("attention needed")
    REVIEW = "review", _("review needed")
    DONE = "done", _("done")
    NO_EVIDENCE = "no_evidence", _("evidence being checked")


class RoundState(models.TextChoices):
    OPEN = "open", pgettext_lazy("reporting round", "open")
    CLOSED = "closed", pgettext_lazy("reporting round", "closed")


ROUND: Lifecycle = {
    RoundState.OPEN: frozenset({RoundState.CLOSED}),
    RoundState.CLOSED: frozenset(),
}


class ReportState(models.TextChoices):
    NOT_SUBMITTED = "not_submitted", _("not submitted")
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("completion requested")
    ACCEPTED = "accepted", pgettext_lazy("report", "accepted")
    MISSED = "missed", pgettext_lazy("report", "not submitted in time")


REPORT: Lifecycle = {
    # Straight to submitted: entered by the ministry from a letter.
    ReportState.NOT_SUBMITTED: frozenset({ReportState.DRAFT, ReportState.SUBMITTED, ReportState.MISSED}),
    ReportState.DRAFT: frozenset({ReportState.SUBMITTED, ReportState.NOT_SUBMITTED, ReportState.MISSED}),
    # Withdrawn before it is judged: back to what it was, a draft or one to be completed.
    ReportState.SUBMITTED: frozenset({ReportState.ACCEPTED, ReportState.RETURNED, ReportState.DRAFT}),
    # Back to accepted: the correction asked for did not come before the round was closed; what was accepted stands.
    ReportState.RETURNED: frozenset({ReportState.SUBMITTED, ReportState.MISSED, ReportState.ACCEPTED}),
    ReportState.ACCEPTED: frozenset({ReportState.RETURNED}),
    ReportState.MISSED: frozenset({ReportState.NOT_SUBMITTED}),
}
# Nothing was handed in yet.
UNSENT = frozenset({ReportState.NOT_SUBMITTED, ReportState.DRAFT})
# The organisation still owes something.
OWED = UNSENT | {ReportState.RETURNED}


class ContributionState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("contribution", "asked for")
    DELIVERED = "delivered", pgettext_lazy("contribution", "given")
    TAKEN = "taken", pgettext_lazy("contribution", "taken over")
    RECALLED = "recalled", pgettext_lazy("contribution", "not needed any more")


CONTRIBUTION: Lifecycle = {
    # Given once more, until it is taken over.
    ContributionState.ASKED: frozenset({ContributionState.DELIVERED, ContributionState.RECALLED}),
    ContributionState.DELIVERED: frozenset(
        {ContributionState.DELIVERED, ContributionState.TAKEN, ContributionState.RECALLED}
    ),
    ContributionState.TAKEN: frozenset(),
    ContributionState.RECALLED: frozenset(),
}
# A department may still give something.
WANTED = frozenset({ContributionState.ASKED, ContributionState.DELIVERED})


class SubmissionState(models.TextChoices):
    SUBMITTED = "submitted", _("submitted")
    WITHDRAWN = "withdrawn", _("withdrawn")


SUBMISSION: Lifecycle = {
    SubmissionState.SUBMITTED: frozenset({SubmissionState.WITHDRAWN}),
    SubmissionState.WITHDRAWN: frozenset(),
}
