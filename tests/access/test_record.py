"""Of the record, a secretariat reads what concerns its own bodies, the register, or no body."""

from __future__ import annotations

import pytest
from django.db import models

from council.actions.operations.progress import Progress, remove_from_draft, save_draft, submit_progress
from council.core import audit
from council.core.labels import Label
from council.core.models import AuditEntry
from council.files.models import StoredFile
from council.parties.models import BodyRules, Seat
from tests.access.rows import an_agenda_item, an_open_meeting, who_sees
from tests.factories import Cast, a_meeting, actor_of, an_account, an_action, moment, pdf, seat

COUNCILS = {"secretary", "chair"}  # the second one is made a secretary of the council alone


@pytest.fixture(autouse=True)
def two_secretariats(cast: Cast) -> None:
    seat(cast.chair, "council", "secretary")


def entry_about(cast: Cast, row: models.Model | None) -> AuditEntry:
    return audit.record(by=actor_of(cast.secretary), verb="thing.changed", target=row)


def test_what_concerns_another_secretariats_body_is_not_read(cast: Cast) -> None:
    ours, theirs = an_open_meeting(), a_meeting("ciso", starts_at=moment("2027-05-12 10:00"))
    for row in (ours, ours.deadlines.first(), an_agenda_item(ours, Label.AMBER), an_action("KT")):
        assert who_sees(cast, entry_about(cast, row)) == COUNCILS
    for row in (theirs, theirs.deadlines.first(), an_agenda_item(theirs, Label.AMBER)):
        assert who_sees(cast, entry_about(cast, row)) == {"secretary"}


def test_an_entry_stays_its_bodys_when_the_thing_is_gone(cast: Cast) -> None:
    item = an_agenda_item(a_meeting("ciso", starts_at=moment("2027-05-12 10:00")))
    entry = entry_about(cast, item)
    item.delete()
    assert who_sees(cast, entry) == {"secretary"}


def test_a_file_belongs_where_it_was_handed_in(cast: Cast) -> None:
    action = an_action("KT")
    by = actor_of(cast.kt_liaison)
    handed_in = Progress(percent=10, text="Done.", uploads=[pdf()])
    submit_progress(action, by=by, now=moment("2026-11-24 10:00"), progress=handed_in)
    entry = entry_about(cast, StoredFile.objects.get())
    assert entry.body_id == cast.council.pk
    assert who_sees(cast, entry) == COUNCILS


def test_the_register_and_what_belongs_to_no_body_are_read_by_every_secretariat(cast: Cast) -> None:
    about_group = Seat.objects.filter(body=cast.ciso).first(), BodyRules.objects.filter(body=cast.ciso).first()
    for row in (*about_group, cast.kt, an_account("new@kt.test", "KT"), None):
        assert who_sees(cast, entry_about(cast, row)) == COUNCILS


def test_what_was_taken_off_a_draft_is_not_told_afterwards(cast: Cast) -> None:
    by = actor_of(cast.kt_liaison)
    draft = save_draft(an_action("KT"), by=by, progress=Progress(percent=10, text="t", uploads=[pdf("CANARY.pdf")]))
    evidence = draft.evidence.get()
    read = audit.record(by=by, verb="file.downloaded", target=evidence.file)
    remove_from_draft(evidence, by=by)
    removed = AuditEntry.objects.get(verb="progress.evidence_removed")
    assert [who_sees(cast, entry) for entry in (read, removed)] == [set(), set()]
