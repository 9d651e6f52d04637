"""A meeting that was held: its minutes go round, one carrier objects, they are amended, confirmed, approved, published.

Every step is taken through the doors: the secretary's in the administration, the carriers' in the portal.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hwpx import validate_package
from time_machine import Traveller

from council.actions.models import ActionItem
from council.core.models import AuditEntry
from council.meetings.models import Meeting
from council.minutes.models import (
    Confirmation,
    Decision,
    IssuedDocument,
    Minutes,
    MinutesComment,
    MinutesRevision,
    MinutesSection,
    Opinion,
    Publication,
)
from council.parties.models import User
from tests.admin.forms import asked, shown
from tests.documents.reading import words_of
from tests.factories import Cast, link
from tests.factories.founding import clock
from tests.minutes.held import HELD, a_meeting_in_session, organisations, sections, speaker
from tests.minutes.published import place_of

__all__ = ["clock"]
type SignIn = Callable[[User], Client]
SAID, AMENDED, SECRET = "KT가 처음 말한 것", "KT가 고쳐 말한 것", "KT의 영업비밀"


class Journey:
    """Who takes the steps, and when."""

    def __init__(self, cast: Cast, as_user: SignIn, clock: Traveller) -> None:
        self.cast, self.as_user, self.clock = cast, as_user, clock
        self.now: datetime = HELD

    def after(self, **time: int) -> None:
        """Later; whoever was signed in signs in again."""
        self.now += timedelta(**time)
        self.clock.move_to(self.now)

    @property
    def secretary(self) -> Client:
        return self.as_user(self.cast.secretary)

    def liaison(self, code: str) -> Client:
        return self.as_user(getattr(self.cast, f"{code.lower()}_liaison"))

    def step(self, model: str, pk: int, verb: str, /, **answers: Any) -> None:
        """A named step in the administration: its page first, then what it asks for."""
        client, page = self.secretary, f"/admin/council/{model}/{pk}/do/{verb}/"
        answer = client.post(page, asked(client.get(page), **answers))
        assert answer.status_code == 302, answer.context["form"].errors

    def say(self, code: str, page: str, pk: int, **said: str) -> None:
        assert self.liaison(code).post(link(page, pk), said).status_code == 302


@pytest.fixture
def journey(cast: Cast, as_user: SignIn, clock: Traveller) -> Journey:
    clock.move_to(HELD)
    return Journey(cast, as_user, clock)


def written(journey: Journey, meeting: Meeting) -> MinutesRevision:
    client, page = journey.secretary, f"/admin/council/meeting/{meeting.pk}/minutes/"
    assert client.post(page, {"start": "1"}).status_code == 302
    revision = MinutesRevision.objects.get()
    first, second = sections(revision)
    send(client, page, first, meeting, ("SKT", "SKT가 말한 것"), vote="none")
    send(client, page, second, meeting, ("KT", f"{SAID}\n{SECRET}"), vote="none", no_decision="on")
    decision = shown(client.get(page).context["lines"][0].decision)
    said = {f"decision-{first.pk}-text": "분기마다 점검한다.", f"decision-{first.pk}-kind": "decision"}
    assert client.post(page, {"part": first.pk, "decide": "1"} | decision | said).status_code == 302
    made = Decision.objects.get()
    owners = [one.pk for one in organisations("SKT", "KT", "LGU")]
    follow: dict[str, Any] = {"title": "점검 결과 제출", "due_on": "2027-08-20", "owners": owners}
    data = {f"follow-{made.pk}-{name}": value for name, value in follow.items()}
    assert client.post(page, {"decision": made.pk} | data).status_code == 302
    head = shown(client.get(page).context["head"]) | {"head-summary": "요지", "head-keywords": "보안"}
    assert client.post(page, {"head": "1"} | head).status_code == 302
    assert client.get(page).context["missing"] == []
    return MinutesRevision.objects.get()


def send(
    client: Client, page: str, section: MinutesSection, meeting: Meeting, said: tuple[str, str], **values: Any
) -> None:
    """One item's form, with one speaker."""
    prefix, (code, text) = f"said-{section.pk}", said
    section.refresh_from_db()
    fields = {"seen": section.version, "gist": section.gist} | values
    data: dict[str, Any] = {"part": section.pk, f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 0}
    data |= {f"{prefix}-0-speaker": speaker(meeting, code).pk, f"{prefix}-0-text": text}
    data |= {f"part-{section.pk}-{name}": value for name, value in fields.items()}
    assert client.post(page, data).status_code == 302


def test_from_the_meeting_to_the_public_version(journey: Journey) -> None:
    meeting = a_meeting_in_session(journey.cast)
    revision = written(journey, meeting)
    journey.step("meeting", meeting.pk, "close")
    assert set(ActionItem.objects.filter(decision__isnull=False).values_list("state", flat=True)) == {"draft"}
    minutes = Minutes.objects.get()

    circulated(journey, minutes)
    one_carrier_objects(journey, minutes, revision)
    amended = amended_and_confirmed(journey, minutes, meeting)
    approved(journey, minutes, amended)
    publication = published(journey, minutes)
    read_by_everybody(journey, publication, amended)


def circulated(journey: Journey, minutes: Minutes) -> None:
    until = (journey.now + timedelta(days=7)).date().isoformat()
    journey.step("minutes", minutes.pk, "circulate", until=until)
    minutes.refresh_from_db()
    assert minutes.state == "circulated"


def one_carrier_objects(journey: Journey, minutes: Minutes, revision: MinutesRevision) -> None:
    journey.after(days=1)
    journey.say("KT", "minutes_answer", revision.pk, kind="objected", text="그렇게 말하지 않았습니다.")
    journey.say("SKT", "minutes_answer", revision.pk, kind="confirmed", text="")
    comment = MinutesComment.objects.get()
    assert "그렇게 말하지" not in journey.liaison("SKT").get(link("minutes", minutes.pk)).text
    journey.step("minutescomment", comment.pk, "accept", reply="고치겠습니다.")


def amended_and_confirmed(journey: Journey, minutes: Minutes, meeting: Meeting) -> MinutesRevision:
    journey.step("minutes", minutes.pk, "revise", reason="수정의견 반영")
    new = minutes.newest
    second = sections(new)[1]
    page = f"/admin/council/meeting/{meeting.pk}/minutes/"
    send(journey.secretary, page, second, meeting, ("KT", f"{AMENDED}\n{SECRET}"), vote="none", no_decision="on")
    circulated(journey, minutes)
    journey.after(days=1)
    for code in ("SKT", "KT", "LGU"):
        journey.say(code, "minutes_answer", new.pk, kind="confirmed", text="")
    assert set(Confirmation.objects.filter(revision=new).values_list("kind", flat=True)) == {"confirmed"}
    differs = journey.liaison("KT").get(link("minutes_version", new.pk)).text
    assert "<del>" in differs
    assert "<ins>" in differs
    return new


def approved(journey: Journey, minutes: Minutes, revision: MinutesRevision) -> None:
    on = journey.now.date().isoformat()
    journey.step("minutes", minutes.pk, "approve", approver="통신정책관 ○○○", route="delegated", on=on)
    journey.step("minutes", minutes.pk, "register", number="통신정책과-2027-31")
    revision.refresh_from_db()
    assert revision.approved_at is not None
    assert revision.registration_number == "통신정책과-2027-31"
    assert Decision.objects.get().reference == "2027-1"
    assert set(ActionItem.objects.filter(decision__isnull=False).values_list("state", flat=True)) == {"open"}


def published(journey: Journey, minutes: Minutes) -> Publication:
    journey.step("minutes", minutes.pk, "prepare_public")
    publication = Publication.objects.get()
    page = f"/admin/council/publication/{publication.pk}/passages/"
    place = place_of(publication, SECRET)
    said = {"place": [place], "grounds": ["7"], "reason": "경영상 비밀", "review_on": "2028-05-31", "withhold": "1"}
    lacking = journey.secretary.post(page, said | {"reason": ""})
    assert (lacking.status_code, publication.redactions.count()) == (422, 0)
    assert f'value="{place}" checked' in lacking.text  # nothing that was ticked is lost
    assert journey.secretary.post(page, said).status_code == 302
    journey.step("publication", publication.pk, "ask", until=(journey.now + timedelta(days=5)).date().isoformat())
    journey.after(days=1)
    assert SECRET in journey.liaison("KT").get(link("publication", publication.pk)).text
    assert SECRET not in journey.liaison("SKT").get(link("publication", publication.pk)).text
    journey.say("KT", "publication_answer", publication.pk, kind="agreed", text="")
    client, ask = journey.secretary, f"/admin/council/publication/{publication.pk}/do/publish/"
    too_early = client.post(ask, asked(client.get(ask)))
    assert too_early.status_code == 422  # the others can still answer
    assert Opinion.objects.awaited().count() == 2
    journey.after(days=6)
    journey.step("publication", publication.pk, "publish")
    publication.refresh_from_db()
    minutes.refresh_from_db()
    assert (publication.state, minutes.state) == ("published", "published")
    return publication


def read_by_everybody(journey: Journey, publication: Publication, revision: MinutesRevision) -> None:
    observer = journey.as_user(journey.cast.observer)
    assert observer.get(link("minutes_version", revision.pk)).status_code == 404
    files = {form: taken(observer, publication, form) for form in ("hwpx", "pdf", "html")}
    for form, content in files.items():
        assert AMENDED in words_of(content), form
        assert SECRET not in words_of(content), form
        assert "제9조제1항" in words_of(content), form
    assert validate_package(files["hwpx"]).ok
    assert IssuedDocument.objects.filter(audience="public").count() == 3
    checked = observer.post("/verify/", {"upload": SimpleUploadedFile("받은 파일.pdf", files["pdf"])})
    assert "일치하는 파일" in checked.text
    changed = SimpleUploadedFile("고친 파일.pdf", files["pdf"] + b" ")
    assert "일치하는 파일" not in observer.post("/verify/", {"upload": changed}).text
    assert AuditEntry.objects.filter(verb="publication.published").count() == 1


def taken(client: Client, publication: Publication, form: str) -> bytes:
    answer = client.get(link("publication_file", publication.pk, form=form))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]
