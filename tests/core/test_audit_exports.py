"""An export of the audit can be followed without the database, and what was done to it afterwards is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from council.core import audit, trail
from council.core.actor import Actor
from council.core.audit import Fault
from council.core.models import AuditEntry, AuditHead

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
type Lines = list[dict[str, Any]]


@pytest.fixture
def lines() -> Lines:
    """Entries 2 to 6 of a chain of seven; what entry 4 says is withheld."""
    who = Actor(label="담당자", user_id=7, organisation_id=3, ip="192.0.2.1")
    for number in range(1, 8):
        secret = f"SECRET-{number}"
        audit.record(by=who, verb=f"step {number}", before={"percent": 10}, after={"퍼센트": 20}, reason=secret)
    audit.seal()
    entries = AuditEntry.objects.filter(sequence__range=(2, 6)).order_by("sequence")
    return [json.loads(trail.line_of(entry, shown=entry.sequence != 4)) for entry in entries]


def check(lines: Lines) -> list[Fault]:
    return trail.check(json.dumps(line) for line in lines).faults


def test_what_nobody_touched_holds_also_from_the_middle_and_around_what_is_withheld(lines: Lines) -> None:
    checked = trail.check([*(json.dumps(line) for line in lines), "\n"])
    assert (checked.faults, checked.first, checked.last, checked.withheld) == ([], 2, 6, 1)
    assert checked.head == AuditEntry.objects.get(sequence=6).hash
    assert "SECRET-3" in json.dumps(lines)
    assert "SECRET-4" not in json.dumps(lines)


def edited(lines: Lines) -> None:
    lines[1]["entry"]["actor"] = "somebody else"


def edited_with_its_hash(lines: Lines) -> None:
    lines[1]["entry"]["actor"] = "somebody else"
    lines[1]["hash"] = audit.digest_of(lines[1]["entry"], sequence=3, previous_hash=lines[1]["previous_hash"])


def deleted(lines: Lines) -> None:
    del lines[1]


def inserted(lines: Lines) -> None:
    lines.insert(1, lines[0] | {"sequence": 3})


def reordered(lines: Lines) -> None:
    lines[1], lines[3] = lines[3], lines[1]


@pytest.mark.parametrize(
    ("tamper", "first"),
    [
        (edited, Fault(3, "edited")),
        (edited_with_its_hash, Fault(4, "misplaced")),
        (deleted, Fault(3, "missing")),
        (inserted, Fault(3, "misplaced")),
        (reordered, Fault(3, "missing")),
    ],
)
def test_what_was_done_to_it_is_found(lines: Lines, tamper: Callable[[Lines], None], first: Fault) -> None:
    tamper(lines)
    assert check(lines)[0] == first


@pytest.mark.parametrize("text", ["no json", "[]", "{}", '{"sequence": 1}', '{"sequence": "x", "withheld": true}'])
def test_a_line_that_is_none_of_an_export_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        trail.check([text])


def written(path: Path, lines: Lines) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_the_command_follows_a_file(lines: Lines, tmp_path: Path) -> None:
    out = StringIO()
    call_command("verify_audit", file=written(tmp_path / "audit.jsonl", lines), stdout=out)
    assert out.getvalue() == f"The export holds: entries 2 to 6, 1 of them withheld, head {lines[-1]['hash']}\n"


def test_the_command_names_the_places_of_a_file_and_fails(lines: Lines, tmp_path: Path) -> None:
    edited(lines)
    path, err = written(tmp_path / "audit.jsonl", lines), StringIO()
    with pytest.raises(CommandError, match=r"The export does not hold: 2 fault\(s\)\."):
        call_command("verify_audit", file=path, expect_head=AuditHead.objects.get().hash, stderr=err)
    assert err.getvalue() == "entry 3: edited\nafter entry 6: truncated\n"


def test_a_file_that_is_not_there_or_no_export_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\xff\xfe")
    for name in ("x", "nothing"):
        with pytest.raises(CommandError, match="The export cannot be read"):
            call_command("verify_audit", file=tmp_path / name)


def test_the_command_prints_the_head_alone_to_note_elsewhere(lines: Lines) -> None:
    out = StringIO()
    call_command("verify_audit", head=True, stdout=out)
    assert out.getvalue() == f"7 {AuditHead.objects.get().hash}\n"
    call_command("verify_audit", expect_head=out.getvalue().split()[1], stdout=out)
