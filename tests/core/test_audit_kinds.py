"""Every entry of the audit is of exactly one kind."""

from __future__ import annotations

import pytest

from council.core.models import AuditEntry
from council.core.trail import Kind, of_kind
from tests.core.entries import an_entry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize(
    ("verb", "refused", "kind"),
    [
        ("user.signed_in", False, Kind.SIGN_IN),
        ("user.signed_in", True, Kind.FAILED_SIGN_IN),
        ("account.link_sent", True, Kind.REFUSAL),
        ("account.locked", True, Kind.REFUSAL),
        ("meeting.read", False, Kind.READ),
        ("file.downloaded", False, Kind.DOWNLOAD),
        ("audit.exported", False, Kind.DOWNLOAD),
        ("meeting.read", True, Kind.REFUSAL),
        ("view", True, Kind.REFUSAL),
        ("file.downloaded", True, Kind.REFUSAL),
        ("meeting.scheduled", False, Kind.CHANGE),
        ("something.nobody_knows", False, Kind.CHANGE),
    ],
)
def test_an_entry_is_of_one_kind(verb: str, refused: bool, kind: Kind) -> None:
    an_entry("2026-10-05 10:00", verb, refused=refused)
    assert [one for one in Kind if AuditEntry.objects.filter(of_kind(one)).exists()] == [kind]
