"""What the audit writes down, and that it is only ever added to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.calendar import SEOUL
from council.core.models import AuditEntry, AuditHead, Closure
from council.parties.models import Organisation, User

WHO = Actor(
    label="담당자 <liaison@skt.test>",
    user_id=7,
    person_id=8,
    organisation_id=9,
    ip="192.0.2.1",
    request_id="abc",
    on_behalf_of=10,
)


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_what_from_where_and_for_whom() -> None:
    closure = Closure.objects.create(date=date(2026, 11, 25), name="임시공휴일")
    audit.record(by=WHO, verb="closure.read", target=closure, before={"a": 1}, after={"a": 2}, reason="because")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.actor_user_id) == ("closure.read", "담당자 <liaison@skt.test>", 7)
    assert (entry.organisation_id, entry.on_behalf_of) == (9, 10)
    assert (entry.ip, entry.request_id) == ("192.0.2.1", "abc")
    assert (entry.target_type, entry.target_id) == ("closure", str(closure.pk))
    assert (entry.target, entry.before, entry.after) == ("2026-11-25 임시공휴일", {"a": 1}, {"a": 2})
    assert (entry.reason, entry.refused) == ("because", False)
    assert (entry.sequence, entry.previous_hash, entry.hash) == (None, "", "")
    assert str(entry) == f"{entry.at:%Y-%m-%d %H:%M:%S} closure.read 2026-11-25 임시공휴일"


@pytest.mark.django_db
def test_something_without_a_target_or_an_address_can_be_written_down() -> None:
    audit.record(by=Actor.system("cron"), verb="engine.started")
    entry = AuditEntry.objects.get()
    assert (entry.target_type, entry.target_id, entry.target, entry.ip) == ("", "", "", None)
    assert (entry.before, entry.after) == ({}, {})


@pytest.mark.django_db
def test_the_name_of_a_thing_is_cut_to_what_the_column_holds() -> None:
    audit.record(by=WHO, verb="closure.read", target=Closure(pk=1, date=date(2026, 11, 25), name="가" * 400))
    assert AuditEntry.objects.get().target == "2026-11-25 " + "가" * 289


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_when_what_it_records_is_rolled_back() -> None:
    with transaction.atomic():
        audit.record(by=WHO, verb="closure.read")
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == 0
    audit.record(by=WHO, verb="closure.read")
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_refused_attempt_is_written_in_a_transaction_of_its_own() -> None:
    audit.record_refusal(by=WHO, verb="action.read", target=None, reason="not allowed")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.reason, entry.refused) == ("action.read", "not allowed", True)
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record_refusal(by=WHO, verb="action.read", target=None, reason="inside another transaction")
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
def test_an_entry_is_neither_saved_again_nor_deleted() -> None:
    entry = audit.record(by=WHO, verb="closure.read")
    entry.verb = "closure.forged"
    with pytest.raises(TypeError, match="only ever added to"):
        entry.save()
    with pytest.raises(TypeError, match="only ever added to"):
        entry.delete()
    assert AuditEntry.objects.get().verb == "closure.read"


@pytest.mark.parametrize(
    "columns",
    [
        {"sequence": 1},
        {"sequence": 0, "hash": "0" * 64},
    ],
)
@pytest.mark.django_db
def test_an_entry_is_sealed_whole_or_not_at_all(columns: dict[str, object]) -> None:
    audit.record(by=WHO, verb="closure.read")
    with pytest.raises(IntegrityError, match="audit_sealed_whole_or_not_at_all"), transaction.atomic():
        AuditEntry.objects.update(**columns)
    assert AuditEntry.objects.update(sequence=1, hash="0" * 64) == 1


@pytest.mark.django_db
def test_the_chain_has_one_head() -> None:
    head = AuditHead.objects.create(pk=1)
    assert str(head) == "0 "
    with pytest.raises(IntegrityError, match="audit_head_is_one_row"), transaction.atomic():
        AuditHead.objects.create(pk=2)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None),
        (True, True),
        (7, 7),
        ("가", "가"),
        (date(2026, 11, 25), "2026-11-25"),
        (datetime(2026, 11, 25, 9, 0, tzinfo=SEOUL), "2026-11-25T00:00:00+00:00"),
        (datetime(2026, 11, 25, 0, 0, tzinfo=UTC), "2026-11-25T00:00:00+00:00"),
        (Decimal("1.50"), "1.50"),
        (_("lazy words"), "lazy words"),
    ],
)
def test_values_are_written_the_same_from_every_database(value: object, plain: object) -> None:
    assert audit.plain(value) == plain


def test_a_snapshot_holds_a_rows_own_columns_without_secrets_and_stamps() -> None:
    user = User(pk=1, email="a@example.test", person_id=5)
    user.set_password("a-password-of-the-tests")
    assert audit.snapshot(user) == {
        "id": 1,
        "email": "a@example.test",
        "person_id": 5,
        "language": "ko",
        "is_staff": False,
        "is_active": True,
        "is_superuser": False,
    }


def test_changes_are_the_values_that_differ() -> None:
    before = audit.snapshot(Organisation(code="KT", kind="carrier", name_ko="KT", name_en="KT"))
    after = audit.snapshot(Organisation(code="KT", kind="carrier", name_ko="케이티", name_en="KT"))
    assert audit.changes(before, after) == ({"name_ko": "KT"}, {"name_ko": "케이티"})
    assert audit.changes(after, after) == ({}, {})
    assert audit.changes({}, {"code": "KT"}) == ({"code": None}, {"code": "KT"})


def test_an_entry_sealed_before_it_noted_a_body_keeps_its_hash() -> None:
    """The hash as it was computed then, of the columns there were then."""
    entry = AuditEntry(pk=1, at=datetime(2026, 11, 24, 1, tzinfo=UTC), verb="engine.started", actor="cron")
    before = "57c3f7ff7688e1491c268321defc5ffa6e9360bc2b24648ec50942ceb5b51c2d"
    assert audit.digest(entry, sequence=1, previous_hash="") == before
    entry.body_id = 1
    assert audit.digest(entry, sequence=1, previous_hash="") != before
