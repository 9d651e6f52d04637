"""Asking whose words a publication uses, deciding on what they say, and letting it out.

Law: 공공기관의 정보공개에 관한 법률 제11조제3항 and 제21조 (third parties).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import NotAllowedNow, SomebodyWasFaster, Text
from council.core.labels import Disclosure
from council.core.lifecycle import change_if, move
from council.mail.operations import announce
from council.minutes.models import MinutesRevision, Opinion, Publication
from council.minutes.operations import opinions
from council.minutes.operations.publication import PublicationRefused, draft, locked
from council.minutes.passages import digest_of, marks_of
from council.minutes.queries.opinions import without_a_voice
from council.minutes.queries.publications import all_passages, closed_places, concerned, earliest_day
from council.minutes.states import MINUTES, PUBLICATION, MinutesState, PublicationState
from council.parties.models import Organisation

PROCEDURE = opinions.Procedure("publication", PublicationRefused)


def ask(
    publication: Publication,
    *,
    by: Actor,
    now: datetime,
    organisations: Collection[Organisation],
    until: datetime,
    on_paper: str = "",
) -> None:
    """Ask the organisations whose words it uses; its text stays as it is from now on. They are told by e-mail.

    ``on_paper`` says how those were asked for whom nobody here could answer.
    """
    with transaction.atomic():
        stored = draft(publication)
        _require_all_asked(stored, organisations, on_paper=on_paper, now=now)
        opinions.require_time(PROCEDURE, until=until, now=now, by_law=stored.hides)
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
            asked_on_paper=on_paper.strip()[:300],
        )
        announce("publication_asked", stored, by=by)
    publication.refresh_from_db()


def _require_all_asked(
    publication: Publication, organisations: Collection[Organisation], *, on_paper: str, now: datetime
) -> None:
    words_of = concerned(publication)
    body = publication.revision.minutes.meeting.body_id
    silent = without_a_voice(body, {*words_of, *organisations}, on=local_day(now))
    opinions.require_on_paper(PROCEDURE, silent, on_paper)
    left_out = [one for one in words_of if one not in organisations and one not in silent]
    if left_out:
        said: Text = _("It uses words of %(names)s: ask them, too.") % {"names": opinions.names_of(left_out)}
        raise PublicationRefused(said, field="organisations")
    if not organisations and not silent:
        raise PublicationRefused(_("Choose who is asked."), field="organisations")
    if asked_in_vain := [one for one in organisations if one in silent]:
        raise PublicationRefused(opinions.no_voice(asked_in_vain), field="organisations")


def answer(publication: Publication, *, by: Actor, now: datetime, kind: str, text: str = "") -> None:
    """Agree for one's organisation, or ask that something be not disclosed; either can be changed until the date."""
    opinions.require_an_answer(PROCEDURE, kind=kind, text=text)
    with transaction.atomic():
        stored = locked(publication)
        row = stored.opinions.select_for_update().filter(organisation_id=by.organisation).first()
        if opinions.answer(row, procedure=PROCEDURE, about=stored, by=by, now=now, kind=kind, text=text):
            announce("publication_answered", stored, by=by)


def decide(opinion: Opinion, *, by: Actor, now: datetime, follow: bool, reply: str) -> None:
    """Say what is done about an objection: followed, or not and why; the organisation is told.

    What is not followed of a public version is published thirty days later at the earliest; what is followed of it has
    been withheld before.
    """
    opinions.require_a_reply(PROCEDURE, reply)
    with transaction.atomic():
        locked(opinion.publication)
        rows = Opinion.objects.select_for_update(of=("self",))
        stored = rows.select_related("publication__revision__minutes__convened_by", "organisation").get(pk=opinion.pk)
        if follow and stored.is_undecided and stored.publication.hides and not _withheld_since(stored):
            raise NotAllowedNow(_("Nothing of that organisation's has been withheld since it objected. Do that first."))
        opinions.decide(stored, procedure=PROCEDURE, by=by, now=now, follow=follow, reply=reply)
    opinion.refresh_from_db()


def _withheld_since(opinion: Opinion) -> bool:
    """Whether something that is the organisation's, or names it, was withheld after it objected."""
    new = opinion.publication.redactions.filter(updated_at__gte=opinion.at)
    named = {one.place for one in all_passages(opinion.publication) if opinion.organisation.is_named_in(one.text)}
    return any(row.organisation_id == opinion.organisation_id or row.place in named for row in new)


def publish(publication: Publication, *, by: Actor, now: datetime) -> None:
    """Let it out. Silence until the day counts as no objection; an objection has been decided on before.

    The first public version of minutes makes them published.
    """
    with transaction.atomic():
        stored = locked(publication)
        _require_asked(stored, now=now)
        revision = stored.revision
        if stored.hides:
            if revision.minutes.disclosure == Disclosure.CLOSED:
                raise NotAllowedNow(_("The minutes are marked as not open. Decide on their disclosure first."))
            if revision.minutes.revisions.approved().filter(number__gt=revision.number).exists():
                raise NotAllowedNow(_("A newer version was approved meanwhile. Publish that."))
            if closed_places(revision).keys() - set(stored.redactions.values_list("place", flat=True)):
                raise NotAllowedNow(_("An item or a decision was marked as not open meanwhile. Withhold it first."))
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
        # Who is told of an embargo's end is told when it is certainly over.
        later = local_day(stored.embargo) + timedelta(days=1) if stored.embargo and stored.embargo > now else None
        announce("publication_published", stored, by=by, quiet=not stored.is_public, not_before=later)
    publication.refresh_from_db()


def _digest(publication: Publication) -> str:
    if publication.hides:
        with translation.override("ko"):
            return digest_of(all_passages(publication), marks_of(publication.redactions.all()))
    return publication.text_digest


def _require_asked(publication: Publication, *, now: datetime) -> None:
    if not publication.is_under_way:
        raise SomebodyWasFaster(_("This has been published or withdrawn; it stays as it is."))
    if publication.is_draft and (names := opinions.names_of(concerned(publication))):
        raise NotAllowedNow(_("It uses words of %(names)s: ask them first.") % {"names": names})
    if not publication.hides and publication.opinions.filter(followed=True).exists():
        raise NotAllowedNow(_("An objection to this text is followed: withdraw it, and write it anew."))
    opinions.require_heard(publication, publication.opinions.all(), now=now)
    opinions.require_day(earliest_day(publication), now=now)


def _minutes_published(revision: MinutesRevision, *, by: Actor, now: datetime) -> None:
    if revision.published_at is None:
        change_if(revision, {"published_at": None}, {"published_at": now})
    if revision.minutes.state == MinutesState.APPROVED:
        move(revision.minutes, to=MinutesState.PUBLISHED, by=by, lifecycle=MINUTES, verb="minutes.published")
