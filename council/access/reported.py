"""Who sees what is reported in a quarter: its owner, the ministry, and whoever was asked to judge it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models
from django.db.models import Q

from council.access.reach import NOTHING, by_label
from council.access.recorded import Reader
from council.access.roles import Standing
from council.core.labels import Label
from council.declaration.models import Commitment, Indicator, IndicatorTarget
from council.parties.models import Organisation, Seat
from council.reports.models import (
    Judgement,
    Measurement,
    Report,
    ReportDraft,
    ReportEvidence,
    ReportingRound,
    Submission,
)
from council.reports.states import ReportState


def reports(reader: Reader) -> Q:
    """Between its owner and the ministry, with whoever judges it; others read by its label what was accepted."""
    shared = Q(state=ReportState.ACCEPTED) & by_label(reader.who, body="round__body", own=NOTHING)
    return concerned(reader, "") | shared


def concerned(reader: Reader, path: str) -> Q:
    """Of the two between whom a report goes, at that path, or its judge."""
    mine = own(reader, path) | judges(reader, path)
    return reader.runs(f"{path}round__body") | (~Q(**{f"{path}label": Label.RED}) & mine)


def own(reader: Reader, path: str) -> Q:
    theirs = {f"{path}organisation": reader.own, f"{path}round__body__in": reader.who.answers_for_owner_in}
    return Q(**theirs)


def judges(reader: Reader, path: str) -> Q:
    """On a commitment that was given to them to judge, while a reviewer; nobody of a carrier judges anything."""
    given = Commitment.reviewers.through.objects.filter(person=reader.who.person_id)
    given = given.exclude(person__organisation__kind=Organisation.Kind.CARRIER)
    where = reader.who.bodies({Seat.Role.REVIEWER})
    return Q(**{f"{path}commitment__in": given.values("commitment"), f"{path}round__body__in": where})


def _drafted(reader: Reader, path: str) -> Q:
    """A draft is its owner's alone, of the ministry's own its secretariat's."""
    bodies = reader.who.answers_for_owner_in | reader.who.secretariat_of
    return Q(**{f"{path}organisation": reader.own, f"{path}round__body__in": bodies})


def _of_a_report(reader: Reader) -> Q:
    """Figures, receipts and answers stay between the two, also where the report itself is released."""
    return concerned(reader, "report__")


def _evidence(reader: Reader) -> Q:
    handed_in = Q(submission__isnull=False) & _of_a_report(reader)
    return handed_in | (Q(submission=None) & _drafted(reader, "report__"))


def _targets(reader: Reader) -> Q:
    """From where to where an organisation wants to come is its own and the ministry's to know."""
    body = "indicator__commitment__declaration__body"
    mine = Q(organisation=reader.own, **{f"{body}__in": reader.who.answers_for_owner_in})
    return reader.within(Indicator, "indicator") & (mine | reader.runs(body))


def rules(reader_of: Callable[[Standing], Reader]) -> dict[type[models.Model], Callable[[Standing], Q]]:
    """The rules of this module, for whoever somebody is as a reader."""

    def asked_of(rule: Callable[[Reader], Q]) -> Callable[[Standing], Q]:
        return lambda who: rule(reader_of(who))

    return {model: asked_of(rule) for model, rule in RULES.items()}


RULES: dict[type[models.Model], Callable[[Reader], Q]] = {
    IndicatorTarget: _targets,
    Judgement: _of_a_report,
    Measurement: _of_a_report,
    Report: reports,
    ReportDraft: lambda reader: _drafted(reader, "report__"),
    ReportEvidence: _evidence,
    ReportingRound: lambda reader: Q(body__in=reader.who.community),
    Submission: _of_a_report,
}
