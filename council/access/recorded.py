"""Who sees what was said to minutes and in them, and what is published of the record, before and after it is out."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from council.access.roles import Standing
from council.meetings.models import Meeting
from council.minutes.models import (
    IssuedDocument,
    MinutesRevision,
    MinutesSection,
    Opinion,
    Publication,
    RecordsOpinion,
    RecordsPiece,
)
from council.minutes.states import PublicationState

# Reached through a visible parent: what ``visibility`` says of that.
type Within = Callable[[type[models.Model], str], Q]
# To what somebody is asked without a seat: the condition on the path of a meeting.
type Speaks = Callable[[str], Q]


def remarks(who: Standing, within: Within, speaks: Speaks) -> Q:
    """An annex for one organisation alone is read by that and the secretariat."""
    meeting = "section__revision__minutes__meeting"
    own = Q(speaker__organisation=who.organisation_id) & speaks(meeting)
    entitled = Q(**{f"{meeting}__body__in": who.secretariat_of}) | own
    return within(MinutesSection, "section") & (Q(private=False) | entitled)


def answers(who: Standing, within: Within, speaks: Speaks) -> Q:
    """What an organisation says to a version is between it and the secretariat."""
    return _between_two(who, speaks, "revision__minutes__meeting") & within(MinutesRevision, "revision")


def _between_two(who: Standing, speaks: Speaks, meeting: str) -> Q:
    own = Q(organisation=who.organisation_id) & speaks(meeting)
    return Q(**{f"{meeting}__body__in": who.secretariat_of}) | own


def publications(who: Standing, within: Within, speaks: Speaks) -> Q:
    """The secretariat's while it is prepared; then also of those asked; once out, of whoever it reaches."""
    meeting = "revision__minutes__meeting"
    asked = Opinion.objects.filter(organisation=who.organisation_id).values("publication")
    concerned = Q(asked_at__isnull=False, pk__in=asked) & speaks(meeting) & within(Meeting, meeting)
    return Q(**{f"{meeting}__body__in": who.secretariat_of}) | concerned | out(who)


def out(who: Standing, path: str = "") -> Q:
    """Published, and not before its embargo: for the public. A report of the results stays inside the ministry."""

    def of(name: str) -> str:
        return f"{path}__{name}" if path else name

    published: Q = Q(**{of("state"): PublicationState.PUBLISHED})
    free = Q(**{of("embargo"): None}) | Q(**{f"{of('embargo')}__lte": Now()})
    public = ~Q(**{of("kind"): Publication.Kind.RESULTS})
    near = Q(**{of("revision__minutes__meeting__body__in"): who.community})
    return published & free & public & near


def opinions(who: Standing, within: Within, speaks: Speaks) -> Q:
    """What is withheld of an organisation's words, and what it says to that: between it and the secretariat."""
    return _between_two(who, speaks, "publication__revision__minutes__meeting") & within(Publication, "publication")


def official_documents(who: Standing, within: Within) -> Q:
    """Those that were sent, with their meeting; what stays inside the ministry and what was taken back: its own."""
    sent = Q(sent_at__isnull=False, withdrawn_because="")
    return within(Meeting, "meeting") & (Q(meeting__body__in=who.secretariat_of) | sent)


def issued(who: Standing, within: Within) -> Q:
    """Of a version what is for everybody, with it; of a publication once it is out; the rest is the secretariat's."""
    theirs = Q(revision__minutes__meeting__body__in=who.secretariat_of)
    return theirs | (within(MinutesRevision, "revision") & Q(audience="common")) | out(who, "publication")


def records_opinions(who: Standing) -> Q:
    """That an organisation was asked about its pieces, and what it says: all that others than the secretariat see."""
    own = Q(organisation=who.organisation_id, request__body__in=who.answers_for_owner_in)
    return Q(request__body__in=who.secretariat_of) | own


def records_pieces(who: Standing, about: Q) -> Q:
    """Of a request on which the own organisation was asked, what concerns it and is ``about`` what the reader sees."""
    asked = RecordsOpinion.objects.filter(records_opinions(who)).values("request")
    concerning = RecordsPiece.concerns.through.objects.filter(organisation=who.organisation_id)
    own = Q(request__in=asked, pk__in=concerning.values("recordspiece")) & about
    return Q(request__body__in=who.secretariat_of) | own


def files(who: Standing, within: Within) -> Q:
    """Documents as they were issued; the part of a piece that is handed over; what is the secretariat's alone."""
    theirs = Q(archive_of__body__in=who.secretariat_of) | Q(form_of__body__in=who.secretariat_of)
    theirs |= Q(recorded_as__minutes__meeting__body__in=who.secretariat_of)
    return within(IssuedDocument, "issued_as") | within(RecordsPiece, "part_of") | theirs
