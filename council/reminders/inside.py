"""Letters inside an organisation about what it has not handed in yet: told at once, and read by nobody outside."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from council.clearance.models import Clearance
from council.clearance.states import ClearanceState
from council.mail.models import Notice
from council.mail.registry import MailKind
from council.mail.states import Unwanted
from council.parties.models import Person
from council.reminders.recipients import answering_for
from council.reminders.second_look import unless
from council.reports.models import Contribution
from council.reports.states import ContributionState


def preparing(row: Contribution | Clearance, on: date) -> Collection[Person]:
    """Who hands in for the organisation."""
    return answering_for(row.organisation_id, row.body_id, on)


def not_in(*states: str) -> Callable[[Contribution | Clearance, Notice], Unwanted | None]:
    return lambda row, notice: None if row.state in states else Unwanted.SETTLED


def _inside(
    code: str,
    label: Any,
    audience: Callable[[Any, date], Collection[Person]],
    check: Callable[[Any, Notice], Unwanted | None],
) -> MailKind:
    return MailKind(code, label, audience, unless(check), digest=False, at_once=True, inside=True)


KINDS = (
    _inside(
        "contribution_asked",
        _("a contribution was asked for"),
        lambda row, on: [row.contributor],
        not_in(ContributionState.ASKED),
    ),
    _inside(
        "contribution_delivered",
        _("a contribution was given"),
        preparing,
        not_in(ContributionState.DELIVERED),
    ),
    _inside(
        "clearance_asked",
        _("a clearance was asked for"),
        lambda row, on: [row.approver],
        not_in(ClearanceState.ASKED),
    ),
    _inside(
        "clearance_entered",
        _("a clearance was entered from paper"),
        lambda row, on: [row.approver],
        not_in(ClearanceState.CLEARED),
    ),
    _inside(
        "clearance_answered",
        _("an executive answered on a clearance"),
        preparing,
        not_in(ClearanceState.CLEARED, ClearanceState.REFUSED),
    ),
)
