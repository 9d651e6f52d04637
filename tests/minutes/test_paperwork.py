"""What stands beside the minutes: recordings, which a designated meeting needs, official documents, own forms."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.files.models import StoredFile
from council.minutes.models import DocumentForm, MinutesRevision, OfficialDocument, Recording
from council.minutes.operations.approval import Approval, NotRecorded
from council.minutes.operations.paperwork import (
    PaperworkRefused,
    Reference,
    add_recording,
    put_aside,
    refer_to,
    use_form,
    withdraw_recording,
    withdraw_reference,
)
from council.minutes.operations.writing import start_minutes
from council.minutes.queries.publications import form_in_use, latest_opening
from council.parties.models import Body
from council.workflows.approve_minutes import approve_minutes
from tests.access.rows import who_sees
from tests.documents.house import a_form
from tests.factories import Cast, actor_of
from tests.factories.founding import clock
from tests.files import samples
from tests.minutes.held import AFTER, a_meeting_in_session, circulated_minutes

__all__ = ["clock"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("clock")]
APPROVAL = Approval(approver="정책관 ○○○", route="delegated", on=AFTER.date())
SENT = Reference(
    kind="notice", document_number="통신정책과-123", approver="과장 ○○○", route="delegated", channel="exchange",
    sent_at=AFTER - timedelta(days=1),
)  # fmt: skip


def a_pdf(name: str = "속기록.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, samples.PDF)


@pytest.fixture
def designated(cast: Cast) -> MinutesRevision:
    revision = circulated_minutes(cast)
    Body.objects.filter(pk=revision.minutes.meeting.body_id).update(designated_meeting=True)
    return MinutesRevision.objects.select_related("minutes__meeting").get(pk=revision.pk)


def approve(cast: Cast, revision: MinutesRevision) -> None:
    approve_minutes(revision, by=actor_of(cast.secretary), now=AFTER, approval=APPROVAL)


def add(cast: Cast, revision: MinutesRevision, kind: str, **values: Any) -> Recording:
    said: dict[str, Any] = {"kept_as": "기록관-1"} | values
    return add_recording(revision.minutes, by=actor_of(cast.secretary), now=AFTER, kind=kind, **said)


def test_a_meeting_that_is_not_designated_needs_no_recording(cast: Cast) -> None:
    approve(cast, circulated_minutes(cast))
    assert MinutesRevision.objects.approved().exists()


@pytest.mark.parametrize(
    ("kinds", "is_enough"),
    [
        ([], False), (["sound"], False), (["transcript"], False), (["sound", "transcript"], True), (["steno"], True),
    ],
)  # fmt: skip
def test_a_designated_one_needs_a_stenographic_record_or_a_recording_with_its_transcript(
    cast: Cast, designated: MinutesRevision, kinds: list[str], is_enough: bool
) -> None:
    for kind in kinds:
        add(cast, designated, kind)
    if is_enough:
        approve(cast, designated)
        assert MinutesRevision.objects.approved().exists()
        return
    with pytest.raises(NotRecorded):
        approve(cast, designated)
    assert not MinutesRevision.objects.approved().exists()


def test_what_was_withdrawn_does_not_count_and_what_was_approved_with_stays(
    cast: Cast, designated: MinutesRevision
) -> None:
    first = add(cast, designated, "steno", upload=a_pdf(), kept_as="")
    assert who_sees(cast, first) == {"secretary"}
    assert first.file is not None
    assert who_sees(cast, first.file) == {"secretary"}
    withdraw_recording(first, by=actor_of(cast.secretary), reason="다른 회의의 것")
    with pytest.raises(NotRecorded):
        approve(cast, designated)
    second = add(cast, designated, "steno")
    approve(cast, designated)
    with pytest.raises(NotAllowedNow):
        withdraw_recording(second, by=actor_of(cast.secretary), reason="이유")
    later = add_recording(
        designated.minutes,
        by=actor_of(cast.secretary),
        now=AFTER + timedelta(hours=1),
        kind="sound",
        kept_as="기록관-9",
    )
    withdraw_recording(later, by=actor_of(cast.secretary), reason="다른 회의의 것")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "film"}, "kind"), ({"kept_as": " "}, "upload"), ({"upload": a_pdf()}, "upload"),
        ({"closed_until": date(2038, 1, 2)}, "closed_until"), ({"closed_until": date(2027, 5, 20)}, "closed_until"),
    ],
)  # fmt: skip
def test_a_recording_that_lacks_something_is_not_kept(
    cast: Cast, designated: MinutesRevision, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(PaperworkRefused) as refusal:
        add(cast, designated, **{"kind": "steno"} | values)
    assert (refusal.value.field, Recording.objects.count(), StoredFile.objects.count()) == (field, 0, 0)


def test_ten_years_are_counted_from_the_year_that_follows(cast: Cast, designated: MinutesRevision) -> None:
    assert latest_opening(designated.minutes.meeting) == date(2038, 1, 1)
    assert add(cast, designated, "steno", closed_until=date(2038, 1, 1)).closed_until == date(2038, 1, 1)


def test_while_the_meeting_lasts_it_can_be_added(cast: Cast) -> None:
    meeting = a_meeting_in_session(cast)
    minutes = start_minutes(meeting, by=actor_of(cast.secretary))
    assert add_recording(minutes, by=actor_of(cast.secretary), now=AFTER, kind="sound", kept_as="기록관-2").pk


# --- Official documents -----------------------------------------------------------------------------------------------


def enter(cast: Cast, revision: MinutesRevision, **values: Any) -> OfficialDocument:
    fields = {name: getattr(SENT, name) for name in Reference.__slots__} | values
    meeting = revision.minutes.meeting
    return refer_to(meeting, by=actor_of(cast.secretary), now=AFTER, reference=Reference(**fields))


def test_what_was_sent_is_seen_with_its_meeting_and_what_stays_inside_is_not(cast: Cast) -> None:
    revision = circulated_minutes(cast)
    notice = enter(cast, revision)
    assert {"skt_liaison", "kt_ceo", "chair", "secretary"} <= who_sees(cast, notice)
    assert not {"former_liaison", "nobody", "accounts"} & who_sees(cast, notice)
    report = enter(cast, revision, kind="results", channel="internal", sent_at=None)
    assert who_sees(cast, report) == {"secretary"}
    withdraw_reference(notice, by=actor_of(cast.secretary), reason="번호 오기")
    assert who_sees(cast, notice) == {"secretary"}
    assert enter(cast, revision).pk  # entered anew
    with pytest.raises(SomebodyWasFaster):
        withdraw_reference(OfficialDocument.objects.get(pk=notice.pk), by=actor_of(cast.secretary), reason="또")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"document_number": " "}, "document_number"), ({"approver": ""}, "approver"), ({"kind": "x"}, "kind"),
        ({"route": "x"}, "route"), ({"channel": "x"}, "channel"), ({"sent_at": None}, "sent_at"),
        ({"channel": "internal"}, "sent_at"), ({"sent_at": AFTER + timedelta(days=1)}, "sent_at"),
        ({"kind": "results"}, "channel"),
    ],
)  # fmt: skip
def test_an_entry_that_lacks_something_is_not_kept(cast: Cast, values: dict[str, Any], field: str) -> None:
    with pytest.raises(PaperworkRefused) as refusal:
        enter(cast, circulated_minutes(cast), **values)
    assert (refusal.value.field, OfficialDocument.objects.count()) == (field, 0)


def test_the_same_document_is_entered_once(cast: Cast) -> None:
    revision = circulated_minutes(cast)
    enter(cast, revision)
    with pytest.raises(PaperworkRefused):
        enter(cast, revision)


# --- A division's forms -----------------------------------------------------------------------------------------------


def test_the_newest_form_counts_until_it_is_put_aside(cast: Cast) -> None:
    by = actor_of(cast.secretary)
    first = use_form(cast.council, by=by, now=AFTER, kind="minutes", upload=a_form("{{제목}}"), fields=["제목"])
    second = use_form(cast.council, by=by, now=AFTER, kind="minutes", upload=a_form("{{본문}}"), fields=["본문"])
    first.refresh_from_db()
    assert (first.put_aside_at, form_in_use(cast.council.pk, "minutes")) == (AFTER, second)
    assert form_in_use(cast.council.pk, "agenda") is None
    assert (who_sees(cast, second), who_sees(cast, second.file)) == ({"secretary"}, {"secretary"})
    put_aside(second, by=by, now=AFTER)
    assert form_in_use(cast.council.pk, "minutes") is None
    with pytest.raises(SomebodyWasFaster):
        put_aside(second, by=by, now=AFTER)


def test_what_is_no_document_is_no_form(cast: Cast) -> None:
    with pytest.raises(DomainError):
        use_form(
            cast.council,
            by=actor_of(cast.secretary),
            now=AFTER,
            kind="minutes",
            upload=SimpleUploadedFile("서식.hwpx", BytesIO(b"not a zip").getvalue()),
            fields=[],
        )
    assert (DocumentForm.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="The guards are PostgreSQL's.")
def test_the_database_keeps_what_was_entered(cast: Cast, designated: MinutesRevision) -> None:
    add(cast, designated, "steno")
    enter(cast, designated)
    use_form(
        cast.council, by=actor_of(cast.secretary), now=AFTER, kind="agenda", upload=a_form("{{제목}}"), fields=["제목"]
    )
    for rows, change in (
        (Recording.objects, {"kept_as": "x"}),
        (OfficialDocument.objects, {"document_number": "x"}),
        (DocumentForm.objects, {"kind": "notice"}),
    ):
        for attempt in (lambda rows=rows, change=change: rows.update(**change), lambda rows=rows: rows.all().delete()):
            with pytest.raises(DatabaseError, match="What was entered stays as it is"), transaction.atomic():
                attempt()
