"""Preparing what leaves the council: public versions with what they withhold, reports, press releases.

Law: 공공기관의 정보공개에 관한 법률 제9조제1항 (grounds), 제14조 (disclosure in part).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.errors import DomainError, NotAllowedNow
from council.core.labels import withholding_flaws
from council.core.lifecycle import change_if, move
from council.minutes.models import MinutesRevision, Publication, Redaction
from council.minutes.models.publication import ASKED
from council.minutes.operations.locking import lock_minutes
from council.minutes.operations.writing import LONGEST, too_long
from council.minutes.passages import Passage
from council.minutes.queries.publications import all_passages, closed_places
from council.minutes.states import PUBLICATION, PublicationState

Kind = Publication.Kind


class PublicationRefused(DomainError):
    """What was entered cannot be published so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a report of the results or a press release says. ``embargo``: not to be used by anybody before that."""

    title: str
    text: str
    embargo: datetime | None = None

    @property
    def one_line(self) -> str:
        return " ".join(self.title.split())

    @property
    def lines(self) -> str:
        """With one kind of line end: each line is judged by whom it names."""
        return "\n".join(self.text.strip("\n").splitlines())


def prepare_public_version(revision: MinutesRevision, *, by: Actor) -> Publication:
    """Begin the public version of approved and registered minutes.

    To begin with it withholds the words that the one before it withheld, also where that was of an earlier version,
    and what was marked as not open.
    """
    with transaction.atomic():
        stored = _locked_revision(revision)
        if stored.approved_at is None or not stored.registration_number:
            raise NotAllowedNow(
                _("The public version is made of approved minutes that have their registration number.")
            )
        before = Publication.objects.filter(revision__minutes=stored.minutes_id, kind=Kind.MINUTES).first()
        made = _begun(stored, Kind.MINUTES)
        made.save()
        _withhold_as_before(made, before)
        _withhold_what_is_closed(made, by=by)
        audit.record(by=by, verb="publication.prepared", target=made, after={"kind": made.kind, "number": made.number})
    return made


def _withhold_as_before(made: Publication, before: Publication | None) -> None:
    """By the words: places are another version's."""
    if before is None:
        return
    withheld = {row.place: row for row in before.redactions.all()}
    by_words = {
        (one.organisation_id, one.text): withheld[one.place] for one in all_passages(before) if one.place in withheld
    }
    kept = ("grounds", "reason", "review_on", "by_id")
    Redaction.objects.bulk_create(
        _redaction(made, one, **{name: getattr(row, name) for name in kept})
        for one in all_passages(made)
        if (row := by_words.get((one.organisation_id, one.text)))
    )


def _withhold_what_is_closed(made: Publication, *, by: Actor) -> None:
    closed = closed_places(made.revision)
    Redaction.objects.bulk_create(
        [
            _redaction(
                made,
                one,
                grounds=closed[one.place].grounds,
                reason=closed[one.place].disclosure_reason,
                review_on=closed[one.place].disclosure_review_on,
                by_id=by.account,
            )
            for one in all_passages(made)
            if one.place in closed
        ],
        ignore_conflicts=True,
    )


def _redaction(publication: Publication, one: Passage, **said: Any) -> Redaction:
    return Redaction(
        publication=publication, place=one.place, section=one.section, organisation_id=one.organisation_id, **said
    )


def draft_text(revision: MinutesRevision, *, by: Actor, now: datetime, kind: str, words: Words) -> Publication:
    """Begin a report of the results or a press release on a meeting that is over."""
    if kind not in {Kind.RESULTS, Kind.PRESS}:
        raise PublicationRefused(_("Choose what is to be written."), field="kind")
    _check(words, now=now)
    with transaction.atomic():
        stored = _locked_revision(revision)
        if stored.minutes.meeting.closed_at is None:
            raise NotAllowedNow(_("Close the meeting first; then its results are reported."))
        made = _begun(stored, kind)
        made.title, made.text, made.embargo = words.one_line, words.lines, words.embargo
        made.save()
        audit.record(by=by, verb="publication.prepared", target=made, after={"kind": kind, "number": made.number})
    return made


def rewrite(publication: Publication, *, by: Actor, now: datetime, words: Words) -> None:
    """Change the text of a report or a press release that nobody was asked about yet."""
    _check(words, now=now)
    with transaction.atomic():
        stored = draft(publication)
        if stored.hides:
            raise NotAllowedNow(_("A public version has the words of the minutes."))
        before = {"title": stored.title, "text": stored.text, "embargo": stored.embargo}
        stored.title, stored.text, stored.embargo = words.one_line, words.lines, words.embargo
        stored.save()
        after = {"title": stored.title, "text": stored.text, "embargo": stored.embargo}
        audit.record(by=by, verb="publication.rewritten", target=stored, before=before, after=after)
    publication.refresh_from_db()


def _check(words: Words, *, now: datetime) -> None:
    if not words.title.strip():
        raise PublicationRefused(_("Enter a title."), field="title")
    if not words.text.strip():
        raise PublicationRefused(_("Enter the text."), field="text")
    if len(words.text) > LONGEST:
        raise PublicationRefused(too_long(len(words.text)), field="text")
    if words.embargo is not None and words.embargo <= now:
        raise PublicationRefused(_("This moment has passed."), field="embargo")


def _locked_revision(revision: MinutesRevision) -> MinutesRevision:
    lock_minutes(pk=revision.minutes_id)
    return MinutesRevision.objects.select_related("minutes__meeting").get(pk=revision.pk)


def _begun(revision: MinutesRevision, kind: str) -> Publication:
    alike = Publication.objects.filter(revision=revision, kind=kind)
    if alike.under_way().exists():
        raise NotAllowedNow(_("One is being prepared already. Go on with that, or withdraw it."))
    last = alike.aggregate(last=Max("number"))["last"] or 0
    return Publication(revision=revision, kind=kind, number=last + 1)


def locked(publication: Publication) -> Publication:
    lock_minutes(revisions__publications=publication)
    stored = Publication.objects.select_for_update(of=("self",)).select_related("revision__minutes__meeting__body")
    return stored.get(pk=publication.pk)


def draft(publication: Publication) -> Publication:
    stored = locked(publication)
    if not stored.is_draft:
        raise NotAllowedNow(ASKED)
    return stored


def withhold(
    publication: Publication,
    *,
    by: Actor,
    today: date,
    places: Collection[str],
    grounds: Sequence[int],
    reason: str,
    review_on: date | None,
) -> int:
    """Withhold passages of a public version by a legal ground; how many. Also once the organisations were asked.

    Until then what was withheld before gets the new ground.
    """
    for flaw in withholding_flaws(grounds=grounds, reason=reason, review_on=review_on, today=today):
        raise flaw
    with transaction.atomic():
        stored = locked(publication)
        if not stored.is_under_way:
            raise NotAllowedNow(_("This has been published or withdrawn; it stays as it is."))
        chosen = _chosen(stored, places)
        before = _grounds_of(stored, chosen)
        if before and not stored.is_draft:
            raise NotAllowedNow(_("The organisations have been asked with the grounds as they are; they stay."))
        said = {"grounds": sorted(grounds), "reason": reason.strip(), "review_on": review_on, "by_id": by.account}
        Redaction.objects.bulk_create(
            [_redaction(stored, one, **said) for one in chosen],
            update_conflicts=True,
            unique_fields=["publication", "place"],
            update_fields=["grounds", "reason", "review_on", "by", "updated_at"],
        )
        after = {"places": ", ".join(one.place for one in chosen), **said}
        audit.record(by=by, verb="publication.withheld", target=stored, before=before, after=after)
        change_if(stored, {}, {})  # so that an older page is told
    return len(chosen)


def _grounds_of(publication: Publication, chosen: Sequence[Passage]) -> dict[str, str]:
    """By what right these passages have been withheld so far."""
    rows = publication.redactions.filter(place__in=[one.place for one in chosen]).order_by("pk")
    return {row.place: f"{row.grounds} {row.reason}" for row in rows}


def show_again(publication: Publication, *, by: Actor, places: Collection[str]) -> int:
    """No longer withhold passages; only before the organisations are asked, which see what will be shown of theirs."""
    with transaction.atomic():
        stored = draft(publication)
        chosen = _chosen(stored, places)
        before = _grounds_of(stored, chosen)
        number, _each = stored.redactions.filter(place__in=before).delete()
        audit.record(by=by, verb="publication.shown_again", target=stored, before=before)
        change_if(stored, {}, {})  # so that an older page is told
    return number


def _chosen(publication: Publication, places: Collection[str]) -> list[Passage]:
    if not publication.hides:
        raise NotAllowedNow(_("Nothing is withheld of a text of one's own: leave out what is not to be read."))
    by_place = {one.place: one for one in all_passages(publication)}
    if not places or set(places) - by_place.keys():
        raise PublicationRefused(_("Choose the passages."))
    return [by_place[place] for place in dict.fromkeys(places)]


def withdraw(publication: Publication, *, by: Actor, reason: str) -> None:
    """Go no further with it; whoever was asked reads why. The next one begins with what it withheld."""
    if not reason.strip():
        raise PublicationRefused(_("Say why."), field="reason")
    with transaction.atomic():
        stored = locked(publication)
        move(
            stored,
            to=PublicationState.WITHDRAWN,
            by=by,
            lifecycle=PUBLICATION,
            verb="publication.withdrawn",
            reason=reason.strip(),
            withdrawn_because=reason.strip()[:300],
        )
    publication.refresh_from_db()
