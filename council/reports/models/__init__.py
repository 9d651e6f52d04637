"""Reporting rounds, the reports in them, what was submitted and how it was judged."""

from council.reports.models.contribution import Contribution, ContributionFile
from council.reports.models.report import Measurement, Report, ReportDraft
from council.reports.models.round import ReportingRound
from council.reports.models.submission import Judgement, ReportEvidence, Submission

__all__ = [
    "Contribution",
    "ContributionFile",
    "Judgement",
    "Measurement",
    "Report",
    "ReportDraft",
    "ReportEvidence",
    "ReportingRound",
    "Submission",
]
