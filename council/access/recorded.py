"""Who sees what was said to minutes and in them, and what is published of the record, before and after it is out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from council.access.roles import Standing
from council.actions.models import ActionComment, ActionItem, Evidence, ExtensionRequest, ProgressUpdate, Verification
from council.meetings.models import AgendaSnapshot, Meeting, Paper, PaperVersion
from council.minutes.models import (
    Confirmation,
    Decision,
    IssuedDocument,
    MinutesComment,
    MinutesRevision,
    MinutesSection,
    OfficialDocument,
    Opinion,
    Publication,
    RecordsOpinion,
    RecordsPiece,
    Redaction,
    Remark,
)
from council.minutes.states import PublicationState
from council.reports.models import Judgement, ReportEvidence, Submission


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody, and what ``visibility`` says of the rest.

    ``within``: reached through a visible parent. ``speaks``: to what they are asked without a seat, by the path of a
    meeting. ``about``: about a thing of one of these kinds that they see, by the path of what is about it.
    """

    who: Standing
    within: Callable[[type[models.Model], str], Q]
    speaks: Callable[[str], Q]
    about: Callable[..., Q]

    @property
    def own(self) -> int | None:
        return self.who.organisation_id

    def runs(self, body: str) -> Q:
        """In the secretariat of the body at that path."""
        return Q(**{f"{body}__in": self.who.secretariat_of})


def remarks(reader: Reader) -> Q:
    """An annex for one organisation alone is read by that and the secretariat."""
    meeting = "section__revision__minutes__meeting"
    own = Q(speaker__organisation=reader.own) & reader.speaks(meeting)
    return reader.within(MinutesSection, "section") & (Q(private=False) | reader.runs(f"{meeting}__body") | own)


def answers(reader: Reader) -> Q:
    """What an organisation says to a version is between it and the secretariat."""
    return _between_two(reader, "revision__minutes__meeting") & reader.within(MinutesRevision, "revision")


def _between_two(reader: Reader, meeting: str) -> Q:
    own = Q(organisation=reader.own) & reader.speaks(meeting)
    return reader.runs(f"{meeting}__body") | own


def publications(reader: Reader) -> Q:
    """The secretariat's while it is prepared; then also of those asked; once out, of whoever it reaches."""
    meeting = "revision__minutes__meeting"
    asked = Opinion.objects.filter(organisation=reader.own).values("publication")
    concerned = Q(asked_at__isnull=False, pk__in=asked) & reader.speaks(meeting) & reader.within(Meeting, meeting)
    return reader.runs(f"{meeting}__body") | concerned | _out(reader)


def _out(reader: Reader, path: str = "") -> Q:
    """Published, and not before its embargo: for the public. A report of the results stays inside the ministry."""

    def of(name: str) -> str:
        return f"{path}__{name}" if path else name

    published: Q = Q(**{of("state"): PublicationState.PUBLISHED})
    free = Q(**{of("embargo"): None}) | Q(**{f"{of('embargo')}__lte": Now()})
    public = ~Q(**{of("kind"): Publication.Kind.RESULTS})
    near = Q(**{of("revision__minutes__meeting__body__in"): reader.who.community})
    return published & free & public & near


def opinions(reader: Reader) -> Q:
    """What is withheld of an organisation's words, and what it says to that: between it and the secretariat."""
    two = _between_two(reader, "publication__revision__minutes__meeting")
    return two & reader.within(Publication, "publication")


def official_documents(reader: Reader) -> Q:
    """Those that were sent, with their meeting; what stays inside the ministry and what was taken back: its own."""
    sent = Q(sent_at__isnull=False, withdrawn_because="")
    return reader.within(Meeting, "meeting") & (reader.runs("meeting__body") | sent)


def issued(reader: Reader) -> Q:
    """Of a version what is for everybody, with it; of a publication once it is out; the rest is the secretariat's."""
    common = reader.within(MinutesRevision, "revision") & Q(audience="common")
    return reader.runs("revision__minutes__meeting__body") | common | _out(reader, "publication")


def records_opinions(reader: Reader) -> Q:
    """That an organisation was asked about its pieces, and what it says: all that others than the secretariat see."""
    own = Q(organisation=reader.own, request__body__in=reader.who.answers_for_owner_in)
    return reader.runs("request__body") | own


def records_pieces(reader: Reader, path: str = "") -> Q:
    """Of a request on which the own organisation was asked: what has its words, and is about what the reader sees."""
    asked = RecordsOpinion.objects.filter(records_opinions(reader)).values("request")
    concerning = RecordsPiece.concerns.through.objects.filter(organisation=reader.own).values("recordspiece")
    own = Q(**{f"{path}request__in": asked, f"{path}pk__in": concerning})
    return reader.runs(f"{path}request__body") | (own & reader.about(*PIECES, path=path))


def files(reader: Reader) -> Q:
    """Documents as they were issued; the part of a piece that is handed over; what is the secretariat's alone."""
    theirs = reader.runs("archive_of__body") | reader.runs("form_of__body")
    theirs |= reader.runs("recorded_as__minutes__meeting__body")
    # Not within the piece: SQLite parses no deeper questions than this one.
    return reader.within(IssuedDocument, "issued_as") | records_pieces(reader, "part_of__") | theirs


# What can be a piece of a records request.
PIECES = (
    AgendaSnapshot, Paper, PaperVersion, MinutesRevision, Publication, Decision, ActionItem, ProgressUpdate, Evidence,
    Verification, ActionComment, ExtensionRequest, Submission, ReportEvidence, Judgement,
)  # fmt: skip
RULES: dict[type[models.Model], Callable[[Reader], Q]] = {
    Confirmation: answers,
    IssuedDocument: issued,
    MinutesComment: answers,
    OfficialDocument: official_documents,
    Opinion: opinions,
    Publication: publications,
    RecordsOpinion: records_opinions,
    RecordsPiece: records_pieces,
    Redaction: opinions,
    Remark: remarks,
}


def rules(reader_of: Callable[[Standing], Reader]) -> dict[type[models.Model], Callable[[Standing], Q]]:
    """The rules of this module, for whoever somebody is as a reader."""

    def asked_of(rule: Callable[[Reader], Q]) -> Callable[[Standing], Q]:
        return lambda who: rule(reader_of(who))

    return {model: asked_of(rule) for model, rule in RULES.items()}
