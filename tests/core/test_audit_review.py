"""A month of the access record: its figures, its chain, and the one signature it gets once it is over."""

from __future__ import annotations

from datetime import date

import pytest

from council.core import audit
from council.core.actor import Actor
from council.core.audit import Fault
from council.core.calendar import BusinessCalendar
from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.core.models import AuditEntry, AuditReview
from council.core.review import Figures, chain_of, figures, months_over, sign_review, unsigned_months
from council.core.trail import Kind
from tests.core.entries import an_entry
from tests.factories import moment
from tests.guards import behind_the_guards

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
OCTOBER, NOW = date(2026, 10, 1), moment("2026-11-24 10:00")
REVIEWER = Actor(label="간사", user_id=5)


def counted(month: date = OCTOBER) -> Figures:
    return figures(month, entries=AuditEntry.objects.all(), calendar=BusinessCalendar(frozenset()))


def sign(month: date = OCTOBER, *, remarks: str = "", by: Actor = REVIEWER) -> AuditReview:
    return sign_review(month, by=by, now=NOW, remarks=remarks, counted=AuditEntry.objects.all())


def test_a_month_begins_and_ends_at_midnight_in_seoul() -> None:
    for at in ("2026-09-30 23:59", "2026-10-01 00:00", "2026-10-31 23:59", "2026-11-01 00:00"):
        an_entry(at, "meeting.read")
    assert counted().kinds[Kind.READ] == 2


def test_each_kind_is_counted() -> None:
    for verb, refused in (
        ("user.signed_in", False), ("user.signed_in", True), ("meeting.read", False), ("meeting.read", False),
        ("file.downloaded", False), ("view", True), ("meeting.scheduled", False),
    ):  # fmt: skip
        an_entry("2026-10-06 10:00", verb, refused=refused)
    assert counted().kinds == {
        Kind.SIGN_IN: 1, Kind.FAILED_SIGN_IN: 1, Kind.READ: 2, Kind.DOWNLOAD: 1, Kind.REFUSAL: 1, Kind.CHANGE: 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("at", "outside"),
    [
        ("2026-10-06 08:59", 1),
        ("2026-10-06 09:00", 0),
        ("2026-10-06 17:59", 0),
        ("2026-10-06 18:00", 1),
        ("2026-10-10 10:00", 1),
        ("2026-10-09 10:00", 1),
    ],
    ids=["before nine", "nine", "before six", "six", "a Saturday", "Hangul Day"],
)
def test_reads_outside_working_hours_are_counted(at: str, outside: int) -> None:
    an_entry(at, "meeting.read")
    an_entry(at, "meeting.scheduled")
    assert counted().outside == outside


def test_who_downloaded_most_comes_first_and_each_organisation_is_added_up() -> None:
    for person, organisation, verb in (
        (1, 9, "meeting.read"), (1, 9, "meeting.read"), (2, 9, "file.downloaded"), (3, 8, "file.downloaded"),
        (3, 8, "audit.exported"),
    ):  # fmt: skip
        an_entry("2026-10-06 10:00", verb, actor=f"person {person}", actor_user_id=person, organisation_id=organisation)
    people = [(one.label, one.reads, one.downloads) for one in counted().people]
    assert people == [("person 3", 0, 2), ("person 2", 0, 1), ("person 1", 2, 0)]
    organisations = [(one.organisation_id, one.reads, one.downloads) for one in counted().organisations]
    assert organisations == [(8, 0, 2), (9, 2, 1)]


def test_months_wait_from_the_first_entry_to_the_last_month_that_is_over() -> None:
    assert unsigned_months(now=NOW) == []
    an_entry("2026-08-31 23:00", "meeting.scheduled")
    assert months_over(now=NOW) == [OCTOBER, date(2026, 9, 1), date(2026, 8, 1)]
    sign(date(2026, 9, 1))
    assert unsigned_months(now=NOW) == [OCTOBER, date(2026, 8, 1)]


def test_a_signature_keeps_the_figures_and_the_head_and_is_written_down_itself() -> None:
    an_entry("2026-10-06 20:00", "meeting.read")
    review = sign(remarks="  이상 없음 ")
    assert (review.reviewer, review.reviewer_user_id, review.signed_at) == ("간사", 5, NOW)
    assert (review.remarks, review.faults) == ("이상 없음", 0)
    assert review.counts == {
        "sign_in": 0, "failed_sign_in": 0, "read": 1, "download": 0, "refusal": 0, "change": 0, "outside": 1,
    }  # fmt: skip
    assert (review.head_length, review.head_hash) == (1, AuditEntry.objects.get(sequence=1).hash)
    entry = AuditEntry.objects.get(verb="audit.reviewed")
    assert (entry.target_type, entry.target_id, entry.actor_user_id) == ("auditreview", str(review.pk), 5)
    assert entry.after["head_hash"] == review.head_hash
    an_entry("2026-10-07 20:00", "meeting.read")
    assert AuditReview.objects.get().counts["read"] == 1


@pytest.mark.parametrize("month", [date(2026, 11, 1), date(2026, 12, 1), date(2026, 10, 2)])
def test_only_a_whole_month_that_is_over_is_signed(month: date) -> None:
    with pytest.raises(NotAllowedNow):
        sign(month)
    assert not AuditReview.objects.exists()


def test_a_month_is_signed_once_whoever_comes_second() -> None:
    sign()
    with pytest.raises(SomebodyWasFaster):
        sign(by=Actor(label="somebody else", user_id=6))
    assert AuditReview.objects.get().reviewer == "간사"
    assert AuditEntry.objects.filter(verb="audit.reviewed").count() == 1


def test_only_an_account_signs() -> None:
    with pytest.raises(TypeError):
        sign(by=Actor.system("cron"))


def test_a_chain_that_does_not_hold_is_signed_with_remarks_only() -> None:
    for hour in (10, 11, 12):
        an_entry(f"2026-10-06 {hour}:00", "meeting.read")
    audit.seal()
    with behind_the_guards():
        AuditEntry.objects.filter(sequence=2).update(actor="somebody else")
    for remarks in ("", "  "):
        with pytest.raises(DomainError) as refusal:
            sign(remarks=remarks)
        assert refusal.value.field == "remarks"
    assert sign(remarks="restored from the backup").faults == 1


@pytest.mark.parametrize(
    ("place", "faults"),
    [
        (2, [Fault(2, "missing")]),
        (3, [Fault(3, "missing"), Fault(4, "misplaced")]),
        (4, [Fault(4, "missing"), Fault(5, "misplaced")]),
    ],
    ids=["first", "middle", "last"],
)
def test_an_entry_deleted_from_the_month_is_seen_on_its_page(place: int, faults: list[Fault]) -> None:
    days = ("2026-09-30 10:00", "2026-10-01 10:00", "2026-10-15 10:00", "2026-10-31 10:00", "2026-11-02 10:00")
    for day in days:
        an_entry(day, "meeting.read")
    audit.seal()
    assert chain_of(OCTOBER) == []
    with behind_the_guards():
        AuditEntry.objects.filter(sequence=place).delete()
    assert chain_of(OCTOBER) == faults
