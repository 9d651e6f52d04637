"""What somebody reads of the record."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from council.access.reach import as_text, runs_a_body
from council.access.roles import Standing
from council.actions.models import Evidence, ProgressUpdate
from council.actions.states import UpdateState
from council.parties.models import BodyRules, Seat
from council.reports.models import ReportEvidence

# What is done to a draft, by the record's verbs.
DRAFTING = (
    "progress.drafted", "progress.evidence_removed", "report.begun", "report.drafted", "report.not_begun",
    "report.draft_discarded", "report.evidence_removed", "organisation.clearance_required",
    "organisation.clearance_not_required", "contributions.imported", "require_clearance", "ask_parts", "import_parts",
    "clear", "submit_batch",
)  # fmt: skip
# What stays inside an organisation before it hands anything in, and with it what is drafted.
INSIDE = ("reportdraft", "contribution", "contributionfile", "clearance", "clearancepiece")


def entries(who: Standing) -> Q:
    """A secretariat reads what the record says about its own bodies, about the register and about no body."""
    register = Q(target_type__in=[model._meta.model_name for model in (Seat, BodyRules)])
    return told(who) & (Q(body_id=None) | Q(body_id__in=who.secretariat_of) | register)


def told(who: Standing) -> Q:
    """The record, but not what it says about drafts: those are their owner's alone, also what was taken off them."""
    updates = ProgressUpdate.objects.exclude(state=UpdateState.DRAFT)
    evidence = Evidence.objects.filter(update__in=updates)
    of_reports = ReportEvidence.objects.exclude(submission=None)
    drafts = Q(verb__in=DRAFTING) | Q(target_type__in=INSIDE)
    about: tuple[tuple[str, list[tuple[models.QuerySet[Any], str]]], ...] = (
        ("progressupdate", [(updates, "pk")]),
        ("evidence", [(evidence, "pk")]),
        ("reportevidence", [(of_reports, "pk")]),
        ("storedfile", [(evidence, "file"), (of_reports, "file")]),
    )
    for kind, handed_in in about:
        drafts |= _not_among(kind, handed_in)
    return runs_a_body(who) & (~drafts | Q(organisation_id=who.organisation_id))


def _not_among(kind: str, handed_in: list[tuple[models.QuerySet[Any], str]]) -> Q:
    about = Q(target_type=kind)
    for rows, column in handed_in:
        about &= ~Q(target_id__in=as_text(rows, column))
    return about
