"""The pieces of a scope and their archive: what belongs to it is there as it was approved, and nothing else is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from io import BytesIO
from pathlib import PurePosixPath
from time import monotonic
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hwpx import validate_package

from council.actions.models import ActionItem, Evidence, ProgressUpdate, Verification
from council.core.labels import Label
from council.core.models import AuditEntry
from council.documents.hwpx import as_hwpx
from council.files.models import StoredFile
from council.meetings.models import AgendaItem, AgendaSnapshot, Meeting, Paper
from council.minutes.models import Decision, IssuedDocument, RecordsRequest
from council.minutes.operations import records
from council.minutes.operations.publication import prepare_public_version
from council.minutes.operations.publishing import publish
from council.minutes.operations.records_answer import ask_for_archive, reconsider
from council.minutes.operations.writing import next_version
from council.minutes.queries.records import concerned
from council.parties.models import Organisation
from council.workflows import archive_records
from council.workflows.archive_records import make_waiting
from council.workflows.gather_records import collect
from council.workflows.tick import tick
from tests.documents.reading import everything_in, holds, words_of
from tests.factories import Cast, actor_of, moment, pdf
from tests.factories.founding import clock
from tests.files import samples
from tests.guards import behind_the_guards
from tests.minutes.published import ANNEX, OPEN, SECRET, asked_about, withheld
from tests.minutes.requested import (
    EVIDENCE,
    HEARD,
    PAPER,
    RECEIVED,
    REQUESTER,
    UPDATE,
    WITHHELD,
    a_file,
    a_paper,
    archived,
    asked,
    asked_for,
    handed_in,
    keys,
    piece_of,
    records_of,
    ruled,
    settled,
)

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DAY = timedelta(days=1)


def content_of(request: RecordsRequest) -> bytes:
    assert request.archive is not None
    with request.archive.file.open("rb") as content:
        return content.read()  # type: ignore[no-any-return]


def files_of(request: RecordsRequest) -> dict[str, bytes]:
    with ZipFile(BytesIO(content_of(request))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def anywhere(request: RecordsRequest, text: str) -> list[str]:
    """In which files of the archive a text is, in whatever is packed in them, or in a name."""
    found = [name for name, content in files_of(request).items() if text in name or holds(content, text)]
    plain = [text.encode() in part for part in everything_in(content_of(request))]
    assert any(plain) <= bool(found)
    return found


def decided(cast: Cast, request: RecordsRequest) -> RecordsRequest:
    """Everything is handed over but for what was refused before."""
    open_ones = keys(request, outcome="")
    if open_ones:
        ruled(cast, request, open_ones)
    return asked(cast, request)


# --- What belongs to a scope ------------------------------------------------------------------------------------------


def test_everything_of_a_period_is_there_once_and_nothing_of_a_draft(cast: Cast) -> None:
    revision = records_of(cast)
    next_version(revision.minutes, by=actor_of(cast.secretary), because="오기 정정")
    action = ActionItem.objects.get(owner__code="SKT", decision__revision=revision)
    for state, at in (("draft", None), ("withdrawn", RECEIVED - DAY)):
        ProgressUpdate.objects.create(
            action=action, percent=1, text="DRAFT", by=cast.skt_liaison, organisation=action.owner, state=state,
            submitted_at=at,
        )  # fmt: skip
    item = AgendaItem.objects.filter(meeting=revision.minutes.meeting)[0]
    Paper.objects.filter(pk=a_paper(cast, item, "KT", "GONE").paper_id).update(withdrawn_because="w")
    newer = Paper.objects.get(title=PAPER).versions.create(
        number=2, file=a_file(samples.PDF), added_at=RECEIVED, added_by=cast.secretary
    )
    Paper.objects.create(agenda_item=item, title="elsewhere", owner=cast.skt, document_number="과-1")
    draft = ActionItem.objects.get(owner__code="LGU", decision__revision=revision)
    ActionItem.objects.filter(pk=draft.pk).update(state="draft")
    request = asked_for(cast)
    kinds = [piece.target_type for piece in request.pieces.all()]
    assert sorted(kinds) == [
        "actionitem", "actionitem", "agendasnapshot", "decision", "evidence", "minutesrevision", "paper",
        "paperversion", "progressupdate",
    ]  # fmt: skip
    assert piece_of(request, "minutesrevision").target_id == revision.pk
    assert piece_of(request, "paperversion").target_id == newer.pk
    assert "과-1" in piece_of(request, "paper").title
    owners = dict(request.pieces.values_list("target_type", "owner__code"))
    assert (owners["paperversion"], owners["evidence"], owners["minutesrevision"]) == ("KT", "SKT", "MSIT")
    days = list(request.pieces.values_list("day", flat=True))
    assert days == sorted(days)


def test_a_period_and_a_commitment_narrow_it(cast: Cast) -> None:
    revision = records_of(cast)
    only_june = asked_for(cast, from_day=date(2027, 6, 1), to_day=date(2027, 6, 30))
    assert set(only_june.pieces.values_list("target_type", flat=True)) == {"decision", "progressupdate", "evidence"}
    action = ActionItem.objects.get(owner__code="SKT", decision__revision=revision)
    commitment = action.body.declarations.get().commitments.filter(agenda_items=None).order_by("pk")[0]
    ActionItem.objects.filter(pk=action.pk).update(pillar=None, commitment=commitment)
    about = asked_for(cast, commitment=commitment)
    assert set(about.pieces.values_list("target_type", flat=True)) == {"actionitem", "progressupdate", "evidence"}


def test_another_body_is_another_scope(cast: Cast) -> None:
    records_of(cast)
    with pytest.raises(records.RecordsRefused):
        asked_for(cast, body=cast.ciso)


def test_what_came_meanwhile_is_added_without_losing_a_decision(cast: Cast) -> None:
    revision = records_of(cast)
    request = asked_for(cast)
    ruled(cast, request, keys(request, "evidence"), outcome="refused", **WITHHELD)
    handed_in(cast, ActionItem.objects.get(owner__code="KT", decision__revision=revision))
    before = request.pieces.count()
    assert collect(request, by=actor_of(cast.secretary), now=HEARD) == before + 2
    assert request.pieces.filter(outcome="refused").count() == 1


INDEX = ("자료 목록.hwpx", "자료 목록.pdf")


def of_kind(request: RecordsRequest, kind: str) -> dict[str, Any]:
    piece = piece_of(request, kind)
    return {"label": piece.label, "concerns": {one.code for one in piece.concerns.all()}}


def test_each_piece_says_whose_words_it_has_and_how_strict_it_is(cast: Cast) -> None:
    revision = records_of(cast)
    action = ActionItem.objects.get(owner__code="SKT", decision__revision=revision)
    skt = ProgressUpdate.objects.get()
    ActionItem.objects.filter(pk=action.pk).update(label=Label.GREEN)
    ProgressUpdate.objects.filter(pk=skt.pk).update(label=Label.GREEN)
    Evidence.objects.create(update=skt, kind="link", title="LINK-CANARY", url="https://skt.example/report")
    Verification.objects.create(
        action=action, verdict="returned", comment="VERDICT-CANARY", by=cast.secretary, at=RECEIVED - timedelta(days=1)
    )
    fixed = AgendaSnapshot.objects.get()
    fixed.pk, fixed.version, fixed.items = None, 2, [fixed.items[0] | {"title": "KT 보고"}]
    fixed.save(force_insert=True)
    request = asked_for(cast)
    assert of_kind(request, "minutesrevision")["concerns"] == {"MSIT", "SKT", "KT", "LGU"}
    assert of_kind(request, "agendasnapshot")["concerns"] == {"MSIT", "KT"}
    assert of_kind(request, "verification") == {"label": Label.AMBER_STRICT, "concerns": {"MSIT", "SKT"}}
    assert of_kind(request, "progressupdate") == {"label": Label.GREEN, "concerns": {"SKT"}}
    assert {piece.label for piece in request.pieces.filter(target_type="evidence")} == {Label.AMBER_STRICT}
    # What was said to what was handed in, and what was attached, is decided on by itself.
    ruled(cast, request, keys(request, "evidence", "verification"), outcome="refused", **WITHHELD)
    archived(cast, decided(cast, request))
    assert (anywhere(request, "LINK-CANARY"), anywhere(request, "VERDICT-CANARY")) == ([], [])
    again = asked_for(cast, "audit")
    archived(cast, decided(cast, again))
    for kind, canary in (("evidence", "LINK-CANARY"), ("verification", "VERDICT-CANARY")):
        paths = {piece.path for piece in again.pieces.filter(target_type=kind)}
        assert paths & set(anywhere(again, canary))


def test_nobody_is_asked_about_what_they_must_not_know_of(cast: Cast) -> None:
    """Whoever is named in something between others, or of a meeting to which they were not asked."""
    revision = records_of(cast)
    meeting = revision.minutes.meeting
    fixed = AgendaSnapshot.objects.get()
    fixed.pk, fixed.version, fixed.items = None, 2, [fixed.items[0] | {"title": "KISA 보고"}]
    fixed.save(force_insert=True)
    ActionItem.objects.filter(owner__code="SKT", decision__revision=revision).update(description="LG유플러스와 비교")
    request = asked_for(cast)
    kisa = {"KISA"} if Organisation.objects.filter(code="KISA").exists() else set()
    assert of_kind(request, "agendasnapshot")["concerns"] == {"MSIT"} | kisa
    item = request.pieces.get(target_type="actionitem", owner__code="SKT")
    assert {one.code for one in item.concerns.all()} == {"SKT"}
    Meeting.objects.filter(pk=meeting.pk).update(by_invitation=True, number=None, kind="extraordinary")
    assert of_kind(asked_for(cast, "audit"), "agendasnapshot")["concerns"] == {"MSIT"}


def test_a_decision_concerns_whom_it_asks_and_whom_it_names(cast: Cast) -> None:
    revision = records_of(cast)
    row = Decision.objects.filter(revision=revision).order_by("pk")[0]
    asked_for_it = Decision.objects.create(
        agenda_item=row.agenda_item, body=row.body, year=2027, revision=revision, kind="request", label=Label.AMBER,
        by_whom=Organisation.objects.get(code="SKT"), text="KT와 함께 점검할 것", in_force_at=row.in_force_at,
    )  # fmt: skip
    request = asked_for(cast)
    piece = request.pieces.get(target_type="decision", target_id=asked_for_it.pk)
    assert {one.code for one in piece.concerns.all()} == {"MSIT", "SKT", "KT"}
    ruled(cast, request, outcome="refused", reason="법률 제4조")
    ruled(cast, request, [piece.key])
    assert [one.code for one in concerned(request)] == ["KT", "SKT"]


# --- The archive ------------------------------------------------------------------------------------------------------


def test_the_archive_holds_what_is_handed_over_as_it_is_kept(cast: Cast) -> None:
    records_of(cast)
    request = archived(cast, decided(cast, asked_for(cast)))
    files = files_of(request)
    assert hashlib.sha256(content_of(request)).hexdigest() == request.sha256
    assert AuditEntry.objects.get(verb="records.archive_made").after == {"sha256": request.sha256}
    # As ``sha256sum -c`` reads it.
    lines = files.pop("SHA256SUMS").decode().splitlines()
    assert {line.split("  ", 1)[1]: line.split("  ", 1)[0] for line in lines} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    for piece in request.pieces.all():
        assert hashlib.sha256(files[piece.path]).hexdigest() == piece.sha256
    issued = IssuedDocument.objects.get(audience="common", form="pdf")
    assert piece_of(request, "minutesrevision").sha256 == issued.file.sha256
    stored = Evidence.objects.get().file
    assert stored is not None
    assert piece_of(request, "evidence").sha256 == stored.sha256
    assert validate_package(files["자료 목록.hwpx"]).ok
    for index in INDEX:
        words = "".join(words_of(files[index]).split())
        for said in (REQUESTER, PAPER, "제출", piece_of(request, "paperversion").sha256):
            assert "".join(said.split()) in words
        assert "TLP:" not in words  # how those inside handle it
    assert request.archive is not None
    assert request.archive.name == "국회 자료요구(의안과-1) 제출자료.zip"
    assert (request.done, request.total) == (len(files) - 2, len(files) - 2)


def test_what_is_refused_is_in_no_byte_of_it(cast: Cast) -> None:
    records_of(cast)
    request = asked_for(cast)
    ruled(cast, request, keys(request, "evidence", "progressupdate", "paperversion"), outcome="refused", **WITHHELD)
    archived(cast, decided(cast, request))
    for canary in (EVIDENCE, UPDATE, PAPER):
        assert anywhere(request, canary) == []
    # Of the minutes everybody's version: no annex.
    assert anywhere(request, ANNEX) == []
    assert anywhere(request, OPEN) != []
    assert anywhere(request, "영업비밀") == sorted(INDEX)


def test_only_whom_the_law_lets_gets_the_annexes(cast: Cast) -> None:
    records_of(cast)
    request = asked_for(cast, "audit")
    ruled(cast, request, keys(request, "minutesrevision"), audience="whole")
    archived(cast, decided(cast, request))
    assert anywhere(request, ANNEX) == [piece_of(request, "minutesrevision").path]


def test_in_part_is_the_public_version_or_the_part_that_was_attached(cast: Cast) -> None:
    revision = records_of(cast)
    publication = prepare_public_version(revision, by=actor_of(cast.secretary))
    withheld(cast, publication, SECRET)
    asked_about(cast, publication)
    publish(publication, by=actor_of(cast.secretary), now=RECEIVED - 10 * DAY)
    request = asked_for(cast, "disclosure")
    paper = keys(request, "paperversion")
    ruled(cast, request, [*paper, *keys(request, "minutesrevision")], in_part=True, **WITHHELD)
    part = samples.PDF + b"\n% THE-PART"
    records.hand_in_part(request, by=actor_of(cast.secretary), key=paper[0], upload=pdf("part.pdf", part))
    archived(cast, decided(cast, request))
    for canary in (SECRET, ANNEX, PAPER):
        assert anywhere(request, canary) == []
    assert anywhere(request, "THE-PART") == [piece_of(request, "paperversion").path]
    assert files_of(request)[piece_of(request, "minutesrevision").path].startswith(b"%PDF")


AWKWARD = ["../../etc/passwd", "a\\b\\..\\c", "con", "가" * 190, "x\u202efdp.exe", 'a:b*c?d"e<f>g|h', "  .  "]


def test_names_are_plain_and_lead_nowhere(cast: Cast) -> None:
    revision = records_of(cast)
    item = AgendaItem.objects.filter(meeting=revision.minutes.meeting)[0]
    for title in AWKWARD:
        a_paper(cast, item, "KT", title)
    request = archived(cast, decided(cast, asked_for(cast)))
    for name in files_of(request):
        path = PurePosixPath(name)
        assert not path.is_absolute()
        assert len(path.parts) <= 2
        assert not set(path.name) & set('\\<>:"|?*\n\u202e')
        assert ".." not in path.parts
        assert len(path.name.encode()) < 256
    names = ZipFile(BytesIO(content_of(request))).namelist()
    assert len(names) == len(set(names)) == request.pieces.count() + 3


def test_what_cannot_be_had_is_named_and_nothing_half_made_stays(cast: Cast) -> None:
    records_of(cast)
    request = settled(cast, decided(cast, asked_for(cast)))
    evidence = StoredFile.objects.filter(evidence__in=Evidence.objects.all())
    evidence.update(scan="infected", scan_finding="EICAR", scanned_at=HEARD)
    kept = StoredFile.objects.count()
    ask_for_archive(request, by=actor_of(cast.secretary))
    assert make_waiting(now=HEARD) == 0
    request.refresh_from_db()
    assert (request.stage, EVIDENCE in request.failed_because, request.archive) == ("failed", True, None)
    assert StoredFile.objects.count() - kept <= 1  # the minutes were issued, if anything
    evidence.update(scan="clean", scan_finding="")
    archived(cast, request)


def test_a_worker_that_died_gives_it_up_to_the_next(cast: Cast) -> None:
    records_of(cast)
    request = settled(cast, decided(cast, asked_for(cast)))
    ask_for_archive(request, by=actor_of(cast.secretary))
    RecordsRequest.objects.update(stage="making", lease_until=HEARD + archive_records.LEASE)
    assert make_waiting(now=HEARD) == 0
    later = HEARD + archive_records.LEASE + timedelta(seconds=1)
    assert tick(now=later, archives=False).archived == 0
    assert tick(now=later).archived == 1


def test_a_driver_that_lost_its_lease_spoils_nothing_of_the_next_ones(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one is held up so long that the second one finishes; then it fails."""
    records_of(cast)
    request = settled(cast, decided(cast, asked_for(cast)))
    ask_for_archive(request, by=actor_of(cast.secretary))
    later = HEARD + archive_records.LEASE + timedelta(seconds=1)
    whole = archive_records._packed
    made: list[int] = []

    def held_up(*args: Any, **kwargs: Any) -> Any:
        if not made:
            made.append(0)
            made[0] = make_waiting(now=later)
            raise OSError
        return whole(*args, **kwargs)

    monkeypatch.setattr(archive_records, "_packed", held_up)
    assert make_waiting(now=HEARD) == 0
    request.refresh_from_db()
    assert (made[0], request.stage, request.made_at, request.failed_because) == (1, "ready", later, "")


def test_what_came_in_the_last_second_of_a_day_belongs_to_that_day(cast: Cast) -> None:
    records_of(cast)
    with behind_the_guards(["council_progressupdate"]):
        ProgressUpdate.objects.update(submitted_at=moment("2027-06-30 23:59:59.999"))
    for first, last, is_in in (("2027-06-01", "2027-06-30", True), ("2027-07-01", "2027-07-01", False)):
        with suppress(records.RecordsRefused):
            asked_for(cast, from_day=date.fromisoformat(first), to_day=date.fromisoformat(last), requester=first)
        found = RecordsRequest.objects.filter(requester=first, pieces__target_type="progressupdate")
        assert found.exists() is is_in


def test_what_was_taken_back_meanwhile_is_not_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    records_of(cast)
    request = settled(cast, decided(cast, asked_for(cast)))
    ask_for_archive(request, by=actor_of(cast.secretary))

    def taken_back(document: Any) -> bytes:
        reconsider(request, by=actor_of(cast.secretary), reason="누락")
        return as_hwpx(document)

    monkeypatch.setattr(archive_records, "as_hwpx", taken_back)
    assert make_waiting(now=HEARD) == 0
    request.refresh_from_db()
    assert (request.state, request.stage, request.archive) == ("asked", "", None)


def test_made_anew_the_older_one_is_gone(cast: Cast) -> None:
    records_of(cast)
    request = archived(cast, decided(cast, asked_for(cast)))
    first = request.archive
    archived(cast, request)
    assert first is not None
    assert request.archive != first
    assert first not in StoredFile.objects.all()


# --- A year's records -------------------------------------------------------------------------------------------------


def many(cast: Cast, number: int) -> Iterator[Decision]:
    """So many papers, updates and decisions more."""
    revision = records_of(cast)
    item = AgendaItem.objects.filter(meeting=revision.minutes.meeting)[0]
    action = ActionItem.objects.get(owner__code="SKT", decision__revision=revision)
    for n in range(number):
        a_paper(cast, item, "KT", f"paper {n}")
        handed_in(cast, action)
        yield Decision(
            agenda_item=item, body=item.meeting.body, year=2027, number=1000 + n, revision=revision, text=f"결정 {n}",
            in_force_at=RECEIVED - DAY,
        )  # fmt: skip


def queries_for(cast: Cast, number: int) -> tuple[int, int]:
    Decision.objects.bulk_create(many(cast, number))
    request = settled(cast, decided(cast, asked_for(cast)))
    ask_for_archive(request, by=actor_of(cast.secretary))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert make_waiting(now=HEARD) == 1
    request.refresh_from_db()
    return len(captured), request.total


def test_a_years_records_are_made_in_minutes_and_ask_little_for_each(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is drawn takes its time by itself; the rest is to be as good as nothing."""
    monkeypatch.setattr(archive_records, "as_pdf", lambda document: document.title.encode())
    begun = monotonic()
    asked_in_all, pieces = queries_for(cast, 100)
    assert pieces > 400
    assert asked_in_all < 1.2 * pieces + 80  # one that says how far it is, and some for every fifty
    assert monotonic() - begun < 60
