"""Whole turns: planned, written, sent. By function, by command, by task."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from council import tasks
from council.actions.models import ActionItem
from council.core.models import AuditEntry
from council.mail.models import Delivery, EngineState, Notice
from council.mail.operations import release
from council.mail.states import NoticeOutcome, Unwanted
from council.parties.models import Seat
from council.workflows.tick import tick
from tests.factories import Cast, actor_of, an_action, moment
from tests.mail.letters import a_letter, person_of
from tests.reminders.told import announced, nine, seeded_meeting
from tests.services import Sink, database_url, wait_for

ROOT = Path(__file__).resolve().parents[2]
WEEK_BEFORE = date(2026, 12, 1)


def sent_to() -> list[str]:
    return [recipient for message in mail.outbox for recipient in message.to]


def test_a_turn_says_what_it_did(cast: Cast) -> None:
    an_action()
    turn = tick(now=nine(WEEK_BEFORE))
    assert (turn.composed, turn.sent) == (1, 1)
    assert turn.sealed == AuditEntry.objects.exclude(sequence=None).count() > 0
    assert sent_to() == ["liaison@skt.test"]
    assert EngineState.objects.get().heartbeat_at == nine(WEEK_BEFORE)


def test_turn_after_turn_sends_each_reminder_once(cast: Cast) -> None:
    an_action()
    for minutes in range(0, 30, 10):
        tick(now=nine(WEEK_BEFORE) + timedelta(minutes=minutes))
    assert sent_to() == ["liaison@skt.test"]


def test_the_whole_life_of_an_item_nobody_touches(cast: Cast) -> None:
    an_action()
    days = [date(2026, 12, 1) + timedelta(days=n) for n in range(20)]
    letters = {}
    for day in days:
        for message in mail.outbox:
            assert len(message.to) == 1
        mail.outbox.clear()
        tick(now=nine(day))
        if reached := [to for to in sent_to() if "skt" in to]:
            letters[f"{day:%m-%d}"] = reached
    assert letters == {
        "12-01": ["liaison@skt.test"],
        "12-07": ["liaison@skt.test"],
        "12-09": ["liaison@skt.test"],
        "12-10": ["liaison@skt.test"],
        "12-11": ["liaison@skt.test"],
        "12-15": ["ciso@skt.test"],
    }


def test_after_ten_days_of_silence_only_the_newest_reminder_goes(cast: Cast) -> None:
    an_action()
    tick(now=nine(date(2026, 12, 9)))
    mine = Notice.objects.filter(recipient=cast.skt_liaison.person).order_by("on")
    assert [(notice.on.day, notice.outcome) for notice in mine] == [
        (1, NoticeOutcome.SUPERSEDED),
        (7, NoticeOutcome.SUPERSEDED),
        (9, NoticeOutcome.OPEN),
    ]
    assert sent_to().count("liaison@skt.test") == 1


def test_a_reminder_before_the_date_does_not_go_after_it(cast: Cast) -> None:
    an_action()
    tick(now=nine(date(2026, 12, 11)))
    before = Notice.objects.filter(kind="action_due")
    assert before.count() == 4
    assert NoticeOutcome.OPEN not in before.values_list("outcome", flat=True)
    assert Delivery.objects.get(address="liaison@skt.test").notices.get().kind == "action_overdue"


def test_a_moved_due_date_takes_the_written_letter_back_and_counts_anew(cast: Cast) -> None:
    an_action()
    EngineState.load()
    EngineState.objects.update(paused=True)
    tick(now=nine(WEEK_BEFORE))
    ActionItem.objects.update(due_on=date(2026, 12, 22))
    EngineState.objects.update(paused=False)
    tick(now=nine(WEEK_BEFORE) + timedelta(hours=1))
    old = Notice.objects.get(anchor_on=date(2026, 12, 10))
    assert (old.outcome, old.reason) == (NoticeOutcome.SUPPRESSED, Unwanted.MOVED)
    assert sent_to() == []
    tick(now=nine(date(2026, 12, 11)))  # seven business days before the new date
    assert "liaison@skt.test" in sent_to()


def test_who_was_removed_between_planning_and_sending_gets_nothing(cast: Cast) -> None:
    an_action()
    EngineState.load()
    EngineState.objects.update(paused=True)
    tick(now=nine(WEEK_BEFORE))
    Seat.objects.filter(person=cast.skt_liaison.person).update(ends_on=WEEK_BEFORE)
    EngineState.objects.update(paused=False)
    tick(now=nine(WEEK_BEFORE + timedelta(days=1)))
    assert sent_to() == []


def test_nothing_goes_to_a_chair_or_a_ceo_by_itself(cast: Cast) -> None:
    announced(seeded_meeting("council"))
    tick(now=nine(date(2026, 12, 24)))
    waiting = Delivery.objects.filter(needs_release=True)
    assert set(waiting.values_list("address", flat=True)) == {"chair@msit.test", "ceo@skt.test", "ceo@kt.test"}
    assert set(sent_to()) == {"liaison@skt.test", "liaison@kt.test", "liaison@lgu.test", "secretary@msit.test"}
    release(waiting.get(address="ceo@kt.test"), by=actor_of(cast.secretary), now=nine(date(2026, 12, 24)))
    mail.outbox.clear()
    tick(now=nine(date(2026, 12, 24)) + timedelta(minutes=1))
    assert sent_to() == ["ceo@kt.test"]


@pytest.mark.parametrize("written", ["2026-12-01T09:00", "2026-12-01T00:00+00:00"])
def test_the_command_takes_one_turn_at_the_moment_it_is_given(cast: Cast, written: str) -> None:
    an_action()
    out = StringIO()
    call_command("run_reminders", "--once", "--now", written, stdout=out)
    assert sent_to() == ["liaison@skt.test"]
    assert "written: 1, sent: 1" in out.getvalue()


def test_a_turn_with_nothing_to_do_says_nothing(cast: Cast) -> None:
    out = StringIO()
    call_command("run_reminders", "--once", "--now", "2026-11-28T09:00", stdout=out)
    assert out.getvalue() == ""


@pytest.mark.parametrize("arguments", [["--once", "--now", "tomorrow"], ["--loop", "--now", "2026-12-01"], []])
def test_the_command_refuses_what_makes_no_sense(cast: Cast, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("run_reminders", *arguments)
    assert not EngineState.objects.exclude(heartbeat_at=None).exists()


def test_the_task_takes_a_turn(cast: Cast) -> None:
    an_action()
    tasks.tick(now=nine(WEEK_BEFORE).isoformat())
    assert sent_to() == ["liaison@skt.test"]


def test_the_task_without_a_moment_takes_the_clocks(cast: Cast) -> None:
    tasks.tick()
    assert EngineState.objects.get().heartbeat_at == moment("2026-11-24 10:00")


@pytest.mark.both_databases
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_the_loop_sends_and_stops_within_seconds_when_asked(cast: Cast, smtp_sink: Sink) -> None:
    letter = a_letter(cast.skt_liaison, not_before=moment("2026-01-02 09:00"))
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": database_url(),
        "TEST_SMTP_PORT": str(smtp_sink.port),
    }
    command = [sys.executable, "manage.py", "run_reminders", "--loop", "--interval", "60"]
    loop = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: bool(smtp_sink.letters), "the letter")
        wait_for(lambda: EngineState.objects.exclude(heartbeat_at=None).exists(), "the heartbeat")
        loop.send_signal(signal.SIGTERM)
        said, _ = loop.communicate(timeout=10)
    finally:
        loop.kill()
    assert loop.returncode == 0
    assert "has stopped" in said.decode()
    assert [message["Message-ID"] for message in smtp_sink.letters] == [letter.message_id]
    assert person_of(cast.skt_liaison).email == smtp_sink.recipients[0][0]
