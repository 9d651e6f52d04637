"""Papers: every version is kept and the newest counts; who opened what is written down; refused ones leave nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from council.access.visibility import visible_to
from council.core.errors import DomainError, NotAllowedNow
from council.core.labels import LabelStays
from council.core.models import AuditEntry
from council.files.flaws import FileRefused
from council.files.models import StoredFile
from council.meetings.models import AgendaItem, Meeting, Paper, PaperReceipt, PaperVersion
from council.meetings.operations.agenda import withdraw_agenda_item
from council.meetings.operations.papers import (
    PaperRefused,
    add_paper,
    change_paper,
    note_opened,
    supersede_paper,
    withdraw_paper,
)
from council.meetings.operations.schedule import begin_meeting, cancel_meeting, close_meeting
from council.parties.models import User
from tests.access.rows import an_agenda_item, an_open_meeting, who_sees
from tests.actions.test_races import at_once
from tests.factories import TODAY, Cast, actor_of, moment, pdf
from tests.factories.founding import clock
from tests.factories.rows import TESTER
from tests.files.samples import EXE, HTML
from tests.files.test_keeping import on_disk

__all__ = ["clock"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("clock")]
NOW = moment("2026-11-24 10:00")
PAST, FAR_AHEAD = moment("2026-01-01 00:00"), moment("2099-01-01 00:00")
CANARY = "CANARY-PAPER"
AT_THE_TABLE = {"secretary", "chair", "skt_liaison", "skt_ceo", "kt_liaison", "kt_ceo", "lgu_liaison"}
CONCERNED = {"secretary", "skt_liaison", "skt_ceo"}


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return an_open_meeting()


@pytest.fixture
def item(meeting: Meeting) -> AgendaItem:
    """SKT's, which everyone at the table sees."""
    return an_agenda_item(meeting)


def a_paper(cast: Cast, item: AgendaItem, *, upload: Any = "a file", by: Any = None, **values: Any) -> Paper:
    """Handed in by SKT's liaison."""
    paper = Paper(agenda_item=item, owner=cast.skt, **{"title": CANARY, "label": "TLP:AMBER"} | values)
    given = pdf("자료.pdf") if upload == "a file" else upload
    add_paper(paper, by=by or actor_of(cast.skt_liaison), upload=given, now=NOW)
    return Paper.objects.get(pk=paper.pk)


def supersede(cast: Cast, paper: Paper, content: bytes = b"%PDF-1.7\n2 0 obj\n%%EOF\n", remark: str = "") -> None:
    upload = pdf("자료 2.pdf", content)
    supersede_paper(paper, by=actor_of(cast.skt_liaison), upload=upload, remark=remark, now=NOW + timedelta(hours=1))


def kept(settings: Any) -> list[Any]:
    models: tuple[Any, ...] = (Paper, PaperVersion, StoredFile, AuditEntry)
    return [[model.objects.count() for model in models], on_disk(settings)]


def seen(user: User, rows: Any) -> set[Any]:
    return set(visible_to(actor_of(user), rows, on=TODAY).values_list("pk", flat=True))


def test_a_paper_is_kept_with_its_first_version_and_who_handed_it_in(cast: Cast, item: AgendaItem) -> None:
    paper = a_paper(cast, item)
    version = paper.versions.get()
    assert (version.number, version.added_by, version.added_at) == (1, cast.skt_liaison, NOW)
    assert (version.file.name, version.file.organisation) == ("자료.pdf", cast.skt)
    entry = AuditEntry.objects.get(verb="paper.version_added")
    assert entry.after == {"number": 1, "sha256": version.file.sha256}
    assert AuditEntry.objects.filter(verb="paper.added", target_id=str(paper.pk)).count() == 1


def test_a_newer_version_counts_and_the_older_ones_stay(cast: Cast, item: AgendaItem) -> None:
    paper = a_paper(cast, item)
    first = paper.versions.get()
    supersede(cast, paper, remark=" 수치 정정 ")
    newest, older = paper.versions.all()
    assert (newest.number, newest.remark, older) == (2, "수치 정정", first)
    assert newest.file.sha256 != older.file.sha256
    assert StoredFile.objects.count() == 2


def test_others_at_the_table_read_the_newest_version_alone(cast: Cast, item: AgendaItem) -> None:
    paper = a_paper(cast, item)
    supersede(cast, paper)
    newest, older = paper.versions.all()
    assert who_sees(cast, newest) == who_sees(cast, newest.file) == AT_THE_TABLE
    assert who_sees(cast, older) == who_sees(cast, older.file) == CONCERNED


def test_without_saying_otherwise_a_paper_is_between_its_owner_and_the_ministry(cast: Cast, item: AgendaItem) -> None:
    paper = Paper(agenda_item=item, title=CANARY, owner=cast.skt)
    add_paper(paper, by=actor_of(cast.skt_liaison), upload=pdf(), now=NOW)
    assert who_sees(cast, paper) == who_sees(cast, paper.versions.get().file) == CONCERNED


def test_a_paper_reaches_nobody_whom_its_item_does_not_reach(cast: Cast, meeting: Meeting) -> None:
    waiting = an_agenda_item(meeting, "TLP:AMBER+STRICT", state="proposed")
    assert who_sees(cast, a_paper(cast, waiting, label="TLP:CLEAR")) == CONCERNED


@pytest.mark.parametrize(("embargo", "sees"), [(FAR_AHEAD, CONCERNED), (PAST, AT_THE_TABLE), (None, AT_THE_TABLE)])
def test_before_its_time_a_paper_is_its_owners_and_the_secretariats(
    cast: Cast, item: AgendaItem, embargo: Any, sees: set[str]
) -> None:
    paper = a_paper(cast, item, embargo=embargo)
    for row in (paper, paper.versions.get(), paper.versions.get().file):
        assert who_sees(cast, row) == sees, row


def test_a_paper_taken_back_stays_for_its_owner_and_the_secretariat_and_says_so(cast: Cast, item: AgendaItem) -> None:
    paper = a_paper(cast, item)
    assert who_sees(cast, paper) == AT_THE_TABLE
    with pytest.raises(PaperRefused) as refusal:
        withdraw_paper(paper, by=actor_of(cast.skt_liaison), reason="  ")
    assert (refusal.value.field, who_sees(cast, paper)) == ("reason", AT_THE_TABLE)
    withdraw_paper(paper, by=actor_of(cast.skt_liaison), reason=" 오류 ")
    assert Paper.objects.get(pk=paper.pk).withdrawn_because == "오류"
    assert Paper.objects.standing().count() == 0
    for row in (paper, paper.versions.get().file):
        assert who_sees(cast, row) == CONCERNED
    assert AuditEntry.objects.get(verb="paper.withdrawn").reason == "오류"


def test_a_paper_taken_back_is_not_changed_superseded_or_taken_back_again(
    cast: Cast, item: AgendaItem, settings: Any
) -> None:
    paper = a_paper(cast, item)
    older = Paper.objects.get(pk=paper.pk)
    withdraw_paper(paper, by=TESTER, reason="오류")
    before = kept(settings)
    for row in (paper, older):
        with pytest.raises(NotAllowedNow):
            supersede(cast, row)
        row.title = "새 제목"
        with pytest.raises(NotAllowedNow):
            change_paper(row, by=TESTER)
        with pytest.raises(DomainError):
            withdraw_paper(row, by=TESTER, reason="다시")
    assert (kept(settings), Paper.objects.get().title) == (before, CANARY)


def test_a_paper_kept_elsewhere_has_its_document_number_and_no_file(
    cast: Cast, item: AgendaItem, settings: Any
) -> None:
    paper = a_paper(cast, item, upload=None, document_number="통신정책과-1234")
    assert (paper.document_number, paper.versions.count(), on_disk(settings)) == ("통신정책과-1234", 0, [])
    assert who_sees(cast, paper) == AT_THE_TABLE


@pytest.mark.parametrize(("upload", "number"), [(None, ""), (None, "  "), ("a file", "통신정책과-1234")])
def test_a_paper_is_here_or_elsewhere(cast: Cast, item: AgendaItem, settings: Any, upload: Any, number: str) -> None:
    before = kept(settings)
    with pytest.raises(PaperRefused) as refusal:
        a_paper(cast, item, upload=upload, document_number=number)
    assert (refusal.value.field, kept(settings)) == ("upload", before)


def test_a_paper_that_is_kept_elsewhere_does_not_lose_its_number(cast: Cast, item: AgendaItem) -> None:
    paper = a_paper(cast, item, upload=None, document_number="통신정책과-1234")
    paper.document_number = ""
    with pytest.raises(DomainError):
        change_paper(paper, by=TESTER)
    assert Paper.objects.get().document_number == "통신정책과-1234"


@pytest.mark.parametrize(
    ("name", "content"), [("자료.pdf", EXE), ("자료.exe", EXE), ("자료.html", HTML), ("자료.pdf", b"")]
)
def test_an_odd_file_is_refused_and_nothing_is_kept(
    cast: Cast, item: AgendaItem, settings: Any, name: str, content: bytes
) -> None:
    paper = a_paper(cast, item)
    before = kept(settings)
    with pytest.raises(FileRefused):
        a_paper(cast, item, upload=SimpleUploadedFile(name, content))
    with pytest.raises(FileRefused):
        supersede_paper(
            paper, by=actor_of(cast.skt_liaison), upload=SimpleUploadedFile(name, content), remark="", now=NOW
        )
    assert kept(settings) == before


@pytest.mark.parametrize("why", ["item withdrawn", "meeting cancelled", "handed in by nobody"])
def test_a_paper_that_cannot_be_handed_in_leaves_nothing(cast: Cast, item: AgendaItem, settings: Any, why: str) -> None:
    paper, by, older = a_paper(cast, item), None, AgendaItem.objects.get(pk=item.pk)
    if why == "item withdrawn":
        withdraw_agenda_item(item, by=TESTER, reason="철회")
    elif why == "meeting cancelled":
        cancel_meeting(Meeting.objects.get(pk=item.meeting_id), by=TESTER, now=NOW, reason="일정", quiet=True)
    else:
        by = TESTER
    before = kept(settings)
    for each in (older, AgendaItem.objects.get(pk=item.pk)):
        with pytest.raises(NotAllowedNow):
            a_paper(cast, each, by=by)
    with pytest.raises(NotAllowedNow):
        supersede_paper(paper, by=by or actor_of(cast.skt_liaison), upload=pdf(), remark="", now=NOW)
    assert kept(settings) == before


def test_results_are_handed_in_after_the_meeting_was_held(cast: Cast, item: AgendaItem) -> None:
    meeting = Meeting.objects.get(pk=item.meeting_id)
    begin_meeting(meeting, by=TESTER)
    close_meeting(meeting, by=TESTER, now=NOW)
    assert a_paper(cast, item, kind="results").versions.count() == 1


def test_title_kind_and_time_are_changed_and_written_down(cast: Cast, item: AgendaItem) -> None:
    paper = a_paper(cast, item)
    paper.title, paper.kind, paper.embargo = "새 제목", "talking_points", FAR_AHEAD
    change_paper(paper, by=TESTER)
    stored = Paper.objects.get()
    assert (stored.title, stored.kind, stored.embargo) == ("새 제목", "talking_points", FAR_AHEAD)
    assert AuditEntry.objects.get(verb="paper.changed").before["title"] == CANARY


@pytest.mark.parametrize("what", ["label", "owner", "agenda_item"])
def test_a_paper_keeps_its_label_its_owner_and_its_item(cast: Cast, item: AgendaItem, what: str) -> None:
    paper = a_paper(cast, item, label="TLP:AMBER+STRICT")
    other = an_agenda_item(item.meeting, owner="KT")
    setattr(paper, what, {"label": "TLP:CLEAR", "owner": cast.kt, "agenda_item": other}[what])
    with pytest.raises(LabelStays if what == "label" else PaperRefused):
        change_paper(paper, by=TESTER)
    stored = Paper.objects.get()
    assert (stored.label, stored.owner, stored.agenda_item) == ("TLP:AMBER+STRICT", cast.skt, item)


def test_whoever_opens_a_version_gets_one_receipt_for_it(cast: Cast, item: AgendaItem) -> None:
    paper = a_paper(cast, item)
    for user in (cast.kt_ceo, cast.kt_ceo, cast.skt_ceo):
        note_opened(paper.versions.get().file, by=actor_of(user), now=NOW)
    note_opened(paper.versions.get().file, by=TESTER, now=NOW)
    later = NOW + timedelta(days=1)
    note_opened(paper.versions.get().file, by=actor_of(cast.kt_ceo), now=later)
    receipts = PaperReceipt.objects.order_by("pk").values_list("person", "opened_at")
    assert list(receipts) == [(cast.kt_ceo.person_id, NOW), (cast.skt_ceo.person_id, NOW)]
    supersede(cast, paper)
    note_opened(paper.versions.all()[0].file, by=actor_of(cast.kt_ceo), now=later)
    assert PaperReceipt.objects.filter(person=cast.kt_ceo.person, opened_at=later).count() == 1


def test_who_has_opened_a_paper_is_the_secretarys_to_know_and_ones_own(cast: Cast, item: AgendaItem) -> None:
    paper = a_paper(cast, item)
    for user in (cast.kt_ceo, cast.skt_ceo):
        note_opened(paper.versions.get().file, by=actor_of(user), now=NOW)
    rows = PaperReceipt.objects.all()
    theirs, own = (rows.get(person=user.person).pk for user in (cast.kt_ceo, cast.skt_ceo))
    assert seen(cast.secretary, rows) == {theirs, own}
    assert (seen(cast.kt_ceo, rows), seen(cast.skt_ceo, rows)) == ({theirs}, {own})
    assert [seen(user, rows) for user in (cast.skt_liaison, cast.kt_liaison, cast.chair, cast.nobody)] == [set()] * 4


def test_the_database_keeps_one_version_of_a_number_and_one_receipt_of_a_person(cast: Cast, item: AgendaItem) -> None:
    version = a_paper(cast, item).versions.get()
    note_opened(version.file, by=actor_of(cast.kt_ceo), now=NOW)
    for row in (version, PaperReceipt.objects.get()):
        row.pk, row._state.adding = None, True
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


@pytest.mark.django_db(transaction=True)
def test_versions_handed_in_at_once_get_numbers_of_their_own(cast: Cast, item: AgendaItem) -> None:
    paper = a_paper(cast, item)
    acts = [lambda n=n: supersede(cast, paper, b"%%PDF-1.7\n%d 0 obj\n%%%%EOF\n" % n) for n in (2, 3)]
    assert at_once(*acts) == []
    assert list(paper.versions.values_list("number", flat=True)) == [3, 2, 1]
    note_opened(paper.versions.all()[0].file, by=actor_of(cast.kt_ceo), now=NOW)
