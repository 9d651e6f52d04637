"""Rows without states are kept and removed plainly, each time written down."""

from __future__ import annotations

from datetime import date

import pytest

from council.core.actor import Actor
from council.core.errors import DomainError
from council.core.models import AuditEntry, Closure
from council.core.register import keep, remove
from council.parties.models import Organisation, Person

SECRETARY = Actor(label="간사", user_id=3)
pytestmark = pytest.mark.django_db


def a_closure() -> Closure:
    return Closure.objects.create(date=date(2026, 11, 25), name="임시공휴일")


def test_a_new_row_is_written_down_with_its_values() -> None:
    closure = Closure(date=date(2026, 11, 25), name="임시공휴일")
    keep(closure, by=SECRETARY)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.target) == ("closure.added", "간사", "2026-11-25 임시공휴일")
    assert entry.before == {"id": None, "date": None, "name": None, "reason": None}
    assert entry.after == {"id": closure.pk, "date": "2026-11-25", "name": "임시공휴일", "reason": ""}


def test_a_changed_row_is_written_down_with_what_changed_and_nothing_else() -> None:
    closure = a_closure()
    closure.name = "청사 휴무"
    keep(closure, by=SECRETARY)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.before, entry.after) == ("closure.changed", {"name": "임시공휴일"}, {"name": "청사 휴무"})
    assert Closure.objects.get().name == "청사 휴무"


def test_a_save_that_changes_nothing_leaves_no_entry() -> None:
    keep(a_closure(), by=SECRETARY)
    assert Closure.objects.count() == 1
    assert AuditEntry.objects.count() == 0


def test_a_row_that_nothing_rests_on_is_removed_and_stays_in_the_history() -> None:
    closure = a_closure()
    number = closure.pk
    remove(closure, by=SECRETARY)
    entry = AuditEntry.objects.get()
    assert Closure.objects.count() == 0
    assert (entry.verb, entry.target_id, entry.after) == ("closure.removed", str(number), {})
    assert entry.before == {"id": number, "date": "2026-11-25", "name": "임시공휴일", "reason": ""}


def test_a_row_that_others_rest_on_is_refused_in_words_and_stays() -> None:
    kt = Organisation.objects.create(code="KT", kind="carrier", name_ko="KT", name_en="KT")
    Person.objects.create(name_ko="담당자", organisation=kt)
    with pytest.raises(DomainError):
        remove(kt, by=SECRETARY)
    assert Organisation.objects.get() == kt
    assert AuditEntry.objects.count() == 0
