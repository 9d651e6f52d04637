"""Who sees what is reported in a quarter: its owner, the ministry, and whoever was asked to judge it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models
from django.db.models import Q

from council.access.reach import NOTHING, by_label
from council.access.recorded import Reader
from council.access.roles import Standing
from council.actions.models import ActionItem, ProgressUpdate
from council.clearance.models import Clearance, ClearancePiece
from council.core.labels import Label
from council.declaration.models import Commitment, Indicator, IndicatorTarget
from council.parties.models import Organisation, Seat
from council.reports.models import (
    Contribution,
    ContributionFile,
    Judgement,
    Measurement,
    Report,
    ReportDraft,
    ReportEvidence,
    ReportingRound,
    Submission,
)
from council.reports.states import ContributionState, ReportState


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


def asked_of(reader: Reader) -> models.QuerySet[Contribution]:
    """What somebody is asked to contribute, while a contributor of their organisation and not recalled."""
    where = reader.who.bodies({Seat.Role.CONTRIBUTOR})
    mine = Contribution.objects.filter(contributor=reader.who.person_id, organisation=reader.own, body__in=where)
    return mine.exclude(state=ContributionState.RECALLED).exclude(action__label=Label.RED)


def _contributions(reader: Reader) -> Q:
    """Inside the organisation alone: who is asked, and who answers for it; on an item, who sees that."""
    item = Q(action=None) | reader.within(ActionItem, "action")
    return Q(pk__in=asked_of(reader).values("pk")) | (_inside(reader) & item)


def _inside(reader: Reader) -> Q:
    """The organisation's own people who answer for it, of the ministry its secretariat."""
    bodies = reader.who.answers_for_owner_in | reader.who.secretariat_of
    return Q(organisation=reader.own, body__in=bodies)


def _cleared(reader: Reader) -> Q:
    """What is before an executive is read by them, and by who sees what it is about."""
    mine = Q(clearance__approver=reader.who.person_id) if reader.who.person_id else NOTHING
    return reader.within(Clearance, "clearance") & (mine | reader.about(ProgressUpdate, Report))


def rules(reader_of: Callable[[Standing], Reader]) -> dict[type[models.Model], Callable[[Standing], Q]]:
    """The rules of this module, for whoever somebody is as a reader."""

    def asked_of(rule: Callable[[Reader], Q]) -> Callable[[Standing], Q]:
        return lambda who: rule(reader_of(who))

    return {model: asked_of(rule) for model, rule in RULES.items()}


RULES: dict[type[models.Model], Callable[[Reader], Q]] = {
    Clearance: _inside,
    ClearancePiece: _cleared,
    Contribution: _contributions,
    ContributionFile: lambda reader: reader.within(Contribution, "contribution"),
    IndicatorTarget: _targets,
    Judgement: _of_a_report,
    Measurement: _of_a_report,
    Report: reports,
    ReportDraft: lambda reader: _drafted(reader, "report__"),
    ReportEvidence: _evidence,
    ReportingRound: lambda reader: Q(body__in=reader.who.community),
    Submission: _of_a_report,
}
