"""Publishing: preparing what leaves the council, withholding passages, asking whose words it uses, and sending it out.

Law: 공공기관의 정보공개에 관한 법률 제9조제1항 (grounds), 제14조 (in part), 제11조제3항 and 제21조 (third parties).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.core.labels import Disclosure, withholding_flaws
from council.core.lifecycle import change_if, move
from council.core.wording import day_text, moment_text
from council.mail.operations import announce
from council.minutes.models import Minutes, MinutesRevision, Opinion, Publication, Redaction
from council.minutes.models.publication import ASKED
from council.minutes.operations.writing import LONGEST, too_long
from council.minutes.passages import Passage, digest_of, marks_of, passages
from council.minutes.record import written
from council.minutes.states import MINUTES, PUBLICATION, MinutesState, PublicationState
from council.parties.models import Organisation

Kind = Publication.Kind
# 제21조제1항: whoever was told has three days to ask that it be not disclosed.
TIME_TO_OBJECT = timedelta(days=3)
# 제21조제3항: at least thirty days lie between the decision against their will and the disclosure.
DAYS_BEFORE_DISCLOSURE = 30


class PublicationRefused(DomainError):
    """What was entered cannot be published so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a report of the results or a press release says. ``embargo``: not to be used by anybody before that."""

    title: str
    text: str
    embargo: datetime | None = None


def prepare_public_version(revision: MinutesRevision, *, by: Actor) -> Publication:
    """Begin the public version of approved and registered minutes, with what the one before it withheld."""
    with transaction.atomic():
        stored = _locked_revision(revision)
        if stored.approved_at is None or not stored.registration_number:
            raise NotAllowedNow(
                _("The public version is made of approved minutes that have their registration number.")
            )
        made = _begun(stored, Kind.MINUTES)
        before = Publication.objects.filter(revision=stored, kind=Kind.MINUTES).exclude(pk=made.pk).first()
        made.save()
        if before is not None:
            kept = ("place", "section", "organisation", "grounds", "reason", "review_on", "by")
            Redaction.objects.bulk_create(
                Redaction(publication=made, **{name: getattr(row, name) for name in kept})
                for row in before.redactions.select_related("section", "organisation", "by")
            )
        audit.record(by=by, verb="publication.prepared", target=made, after={"kind": made.kind, "number": made.number})
    return made


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
        made.title, made.text, made.embargo = words.title.strip(), words.text.strip(), words.embargo
        made.save()
        audit.record(by=by, verb="publication.prepared", target=made, after={"kind": kind, "number": made.number})
    return made


def rewrite(publication: Publication, *, by: Actor, now: datetime, words: Words) -> None:
    """Change the text of a report or a press release that nobody was asked about yet."""
    _check(words, now=now)
    with transaction.atomic():
        stored = _draft(publication)
        if stored.hides:
            raise NotAllowedNow(_("A public version has the words of the minutes."))
        before = {"title": stored.title, "text": stored.text, "embargo": stored.embargo}
        stored.title, stored.text, stored.embargo = words.title.strip(), words.text.strip(), words.embargo
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
    Minutes.objects.select_for_update().get(pk=revision.minutes_id)
    return MinutesRevision.objects.select_related("minutes__meeting").get(pk=revision.pk)


def _begun(revision: MinutesRevision, kind: str) -> Publication:
    alike = Publication.objects.filter(revision=revision, kind=kind)
    if alike.under_way().exists():
        raise NotAllowedNow(_("One is being prepared already. Go on with that, or withdraw it."))
    last = alike.aggregate(last=Max("number"))["last"] or 0
    return Publication(revision=revision, kind=kind, number=last + 1)


def _locked(publication: Publication) -> Publication:
    """The minutes first, as everywhere: two who lock in another order would wait for each other."""
    Minutes.objects.select_for_update().get(revisions__publications=publication)
    stored = Publication.objects.select_for_update(of=("self",)).select_related("revision__minutes__meeting__body")
    return stored.get(pk=publication.pk)


def _draft(publication: Publication) -> Publication:
    stored = _locked(publication)
    if not stored.is_draft:
        raise NotAllowedNow(ASKED)
    return stored


def all_passages(publication: Publication) -> list[Passage]:
    """What the public version could say, in Korean, in which it is issued."""
    with translation.override("ko"):
        return list(passages(publication.revision, written(publication.revision)))


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

    What was withheld before keeps its place and gets the new ground.
    """
    for flaw in withholding_flaws(grounds=grounds, reason=reason, review_on=review_on, today=today):
        raise flaw
    with transaction.atomic():
        stored = _locked(publication)
        if stored.state not in {PublicationState.DRAFT, PublicationState.ASKED}:
            raise NotAllowedNow(_("This has been published or withdrawn; it stays as it is."))
        chosen = _chosen(stored, places)
        said = {"grounds": sorted(grounds), "reason": reason.strip(), "review_on": review_on}
        for one in chosen:
            row, _made = Redaction.objects.update_or_create(
                publication=stored,
                place=one.place,
                defaults=said,
                create_defaults={
                    **said, "section": one.section, "organisation_id": one.organisation_id, "by_id": by.account,
                },
            )  # fmt: skip
            audit.record(by=by, verb="publication.withheld", target=row, after={"place": one.place, **said})
        change_if(stored, {"state": stored.state}, {"state": stored.state})
    return len(chosen)


def show_again(publication: Publication, *, by: Actor, places: Collection[str]) -> int:
    """No longer withhold passages; only before the organisations are asked, which see what will be shown of theirs."""
    with transaction.atomic():
        stored = _draft(publication)
        chosen = {one.place for one in _chosen(stored, places)}
        rows = stored.redactions.filter(place__in=chosen)
        for row in rows:
            audit.record(by=by, verb="publication.shown_again", target=row, before={"place": row.place})
        number, _each = rows.delete()
        stored.save()
    return number


def _chosen(publication: Publication, places: Collection[str]) -> list[Passage]:
    if not publication.hides:
        raise NotAllowedNow(_("Nothing is withheld of a text of one's own: leave out what is not to be read."))
    chosen = [one for one in all_passages(publication) if one.place in set(places)]
    if not chosen:
        raise PublicationRefused(_("Choose the passages."))
    return chosen


def concerned(publication: Publication) -> list[Organisation]:
    """Whose words it uses besides the ministry's: of the minutes whoever came or spoke, of a text whom it names."""
    others = Organisation.objects.exclude(pk=publication.revision.minutes.convened_by_id).order_by("kind", "code")
    if publication.hides:
        return list(others.filter(pk__in={one.organisation_id for one in all_passages(publication)}))
    return [one for one in others if one.is_named_in(f"{publication.title}\n{publication.text}")]


def ask(
    publication: Publication, *, by: Actor, now: datetime, organisations: Collection[Organisation], until: datetime
) -> None:
    """Ask the organisations whose words it uses; its text stays as it is from now on. They are told by e-mail."""
    with transaction.atomic():
        stored = _draft(publication)
        left_out = {one.pk: one for one in concerned(stored)}
        for one in organisations:
            left_out.pop(one.pk, None)
        if left_out:
            names = ", ".join(one.short for one in left_out.values())
            raise PublicationRefused(
                _("It uses words of %(names)s: ask them, too.") % {"names": names}, field="organisations"
            )
        if not organisations:
            raise PublicationRefused(_("Choose who is asked."), field="organisations")
        shortest = now + (TIME_TO_OBJECT if stored.hides else timedelta())
        if until <= shortest:
            raise PublicationRefused(
                _("Whoever is asked has three days to object (Information Disclosure Act, Article 21 (1)).")
                if stored.hides
                else _("This moment has passed."),
                field="until",
            )
        for one in organisations:
            Opinion.objects.create(publication=stored, organisation=one)
        move(
            stored,
            to=PublicationState.ASKED,
            by=by,
            lifecycle=PUBLICATION,
            verb="publication.asked",
            asked_at=now,
            opinions_until=until,
        )
        announce("publication_asked", stored, by=by)
    publication.refresh_from_db()


def answer(publication: Publication, *, by: Actor, now: datetime, kind: str, text: str = "") -> None:
    """Agree for one's organisation, or ask that something be not disclosed; either can be changed until the date."""
    if kind not in {Opinion.Answer.AGREED, Opinion.Answer.OPPOSED}:
        raise PublicationRefused(_("Choose an answer."), field="kind")
    if kind == Opinion.Answer.OPPOSED and not text.strip():
        raise PublicationRefused(_("Say what is not to be disclosed, and why."), field="text")
    if len(text) > LONGEST:
        raise PublicationRefused(too_long(len(text)), field="text")
    with transaction.atomic():
        stored = _locked(publication)
        row = stored.opinions.select_for_update().filter(organisation_id=by.organisation).first()
        if row is None:
            raise NotAllowedNow(_("Your organisation was not asked about this."))
        if not stored.takes_answers(now):
            raise NotAllowedNow(_("Answers to this are not taken any more. Turn to the secretary."))
        if row.decided_at is not None:
            raise NotAllowedNow(_("The ministry has decided on your opinion already."))
        before = {"answer": row.answer, "text": row.text}
        after = {"answer": kind, "text": text.strip()}
        if before == after:
            return
        change_if(row, before, after | {"by_id": by.account, "at": now})
        audit.record(by=by, verb=f"publication.{kind}", target=row, before=before, after=after)
        announce("publication_answered", stored, by=by)


def decide(opinion: Opinion, *, by: Actor, now: datetime, follow: bool, reply: str) -> None:
    """Say what is done about an objection: followed, or not and why; the organisation is told.

    What is not followed of a public version is published thirty days later at the earliest.
    """
    if not reply.strip():
        raise PublicationRefused(_("Say what was done, or why the objection is not followed."), field="reply")
    with transaction.atomic():
        _locked(opinion.publication)
        stored = Opinion.objects.select_for_update(of=("self",)).select_related("publication").get(pk=opinion.pk)
        if stored.answer != Opinion.Answer.OPPOSED or stored.publication.state != PublicationState.ASKED:
            raise NotAllowedNow(_("There is nothing to decide on here."))
        said = {"followed": follow, "reply": reply.strip(), "decided_by_id": by.account, "decided_at": now}
        try:
            change_if(stored, {"decided_at": None}, said)
        except SomebodyWasFaster as error:
            raise SomebodyWasFaster(_("This has been decided already.")) from error
        audit.record(by=by, verb="publication.decided", target=stored, after={"followed": follow}, reason=reply.strip())
        announce("publication_decided", stored, by=by)
    opinion.refresh_from_db()


def earliest_day(publication: Publication) -> date | None:
    """Before which day a public version may not go out against the will of somebody; None if there is no such day."""
    if not publication.hides:
        return None
    decided = publication.opinions.filter(followed=False).aggregate(last=Max("decided_at"))["last"]
    return local_day(decided) + timedelta(days=DAYS_BEFORE_DISCLOSURE + 1) if decided else None


def publish(publication: Publication, *, by: Actor, now: datetime) -> None:
    """Let it out. Silence until the day counts as no objection; an objection has been decided on before.

    The first public version of minutes makes them published.
    """
    with transaction.atomic():
        stored = _locked(publication)
        _require_asked(stored, now=now)
        revision = stored.revision
        if stored.hides:
            if revision.minutes.disclosure == Disclosure.CLOSED:
                raise NotAllowedNow(_("The minutes are marked as not open. Decide on their disclosure first."))
            if revision.minutes.revisions.approved().filter(number__gt=revision.number).exists():
                raise NotAllowedNow(_("A newer version was approved meanwhile. Publish that."))
        move(
            stored,
            to=PublicationState.PUBLISHED,
            by=by,
            lifecycle=PUBLICATION,
            verb="publication.published",
            published_at=now,
            sha256=_digest(stored),
        )
        if stored.hides:
            _minutes_published(revision, by=by, now=now)
        announce("publication_published", stored, by=by)
    publication.refresh_from_db()


def _digest(publication: Publication) -> str:
    if publication.hides:
        with translation.override("ko"):
            return digest_of(all_passages(publication), marks_of(publication.redactions.all()))
    return publication.text_digest


def _require_asked(publication: Publication, *, now: datetime) -> None:
    if publication.state not in {PublicationState.DRAFT, PublicationState.ASKED}:
        raise SomebodyWasFaster(_("This has been published or withdrawn; it stays as it is."))
    if publication.is_draft and (names := ", ".join(one.short for one in concerned(publication))):
        raise NotAllowedNow(_("It uses words of %(names)s: ask them first.") % {"names": names})
    if publication.opinions.undecided().exists():
        raise NotAllowedNow(_("An objection has not been decided on. Follow it, or say why not."))
    awaited = publication.opinions.awaited().select_related("organisation")
    if awaited and publication.takes_answers(now):
        raise NotAllowedNow(
            _("%(names)s can still answer until %(until)s.")
            % {
                "names": ", ".join(row.organisation.short for row in awaited),
                "until": moment_text(publication.opinions_until or now),
            }
        )
    earliest = earliest_day(publication)
    if earliest and local_day(now) < earliest:
        raise NotAllowedNow(
            _("Against the will of an organisation it goes out on %(day)s at the earliest (Article 21 (3)).")
            % {"day": day_text(earliest)}
        )


def _minutes_published(revision: MinutesRevision, *, by: Actor, now: datetime) -> None:
    if revision.published_at is None:
        change_if(revision, {"published_at": None}, {"published_at": now})
    if revision.minutes.state == MinutesState.APPROVED:
        move(revision.minutes, to=MinutesState.PUBLISHED, by=by, lifecycle=MINUTES, verb="minutes.published")


def withdraw(publication: Publication, *, by: Actor, reason: str) -> None:
    """Go no further with it; whoever was asked reads why. The next one begins with what it withheld."""
    if not reason.strip():
        raise PublicationRefused(_("Say why."), field="reason")
    with transaction.atomic():
        stored = _locked(publication)
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
