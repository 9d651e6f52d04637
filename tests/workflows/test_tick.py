"""One turn of the engine: seal, plan, write, send."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import mail

from council.actions.operations.progress import submit_progress
from council.core import audit
from council.core.models import AuditEntry, AuditHead
from council.files.models import StoredFile
from council.mail.models import Delivery, EngineState, Notice
from council.reminders.models import ReminderRule
from council.tasks import tick as task
from council.workflows.tick import Turn, tick
from tests.actions.steps import a_report
from tests.factories import Cast, actor_of, an_action, moment, pdf
from tests.files.clamd import clamd

MORNING = moment("2026-12-01 09:30")  # seven business days before the action is due


def only_action_due() -> None:
    ReminderRule.objects.exclude(kind="action_due", body__code="council").delete()


def test_a_turn_seals_plans_writes_and_sends_and_the_next_finds_nothing_to_do(cast: Cast) -> None:
    only_action_due()
    an_action()
    unsealed = AuditEntry.objects.filter(sequence=None).count()
    assert tick(now=MORNING) == Turn(sealed=unsealed, composed=1, sent=1)
    assert [letter.to for letter in mail.outbox] == [[cast.skt_liaison.email]]
    assert AuditHead.objects.get().length == unsealed
    assert list(audit.verify()) == []
    assert tick(now=MORNING + timedelta(minutes=1)) == Turn(sealed=0, composed=0, sent=0)
    assert len(mail.outbox) == 1


def test_a_turn_before_office_hours_plans_and_writes_nothing_yet(cast: Cast) -> None:
    only_action_due()
    an_action()
    turn = tick(now=moment("2026-12-01 08:59"))
    assert (turn.composed, turn.sent, Delivery.objects.count()) == (0, 0, 0)
    assert list(Notice.objects.values_list("kind", "recipient__email")) == [("action_due", cast.skt_liaison.email)]
    assert tick(now=moment("2026-12-01 09:00")) == Turn(sealed=0, composed=1, sent=1)


def test_a_turn_has_files_scanned_and_goes_well_although_the_scanner_is_down(cast: Cast, settings: Any) -> None:
    by, now = actor_of(cast.skt_liaison), moment("2026-11-24 09:00")
    with clamd() as (__, settings.CLAMD_ADDRESS):
        submit_progress(an_action(), by=by, now=now, progress=a_report(uploads=[pdf()]))
        address, settings.CLAMD_ADDRESS = settings.CLAMD_ADDRESS, "unix:///nowhere/at/all"
        assert (tick(now=MORNING).scanned, EngineState.objects.get().heartbeat_at) == (0, MORNING)
        settings.CLAMD_ADDRESS = address
        assert tick(now=MORNING + timedelta(minutes=1)).scanned == 1
    assert StoredFile.objects.get().scan == StoredFile.Scan.CLEAN


def test_a_turn_that_went_well_is_noted(db: None) -> None:
    tick(now=MORNING)
    assert EngineState.objects.get().heartbeat_at == MORNING


def test_the_task_takes_a_turn_at_the_moment_it_is_given(cast: Cast) -> None:
    only_action_due()
    an_action()
    task("2026-12-01T00:30:00+00:00")
    assert EngineState.objects.get().heartbeat_at == MORNING
    assert len(mail.outbox) == 1
