"""The access record: found by what happened, who, for whom and when; each entry has a page in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from council.actions.models import ActionItem, Evidence
from council.core import audit
from council.core.actor import Actor
from council.core.models import AuditEntry, Closure
from council.files.models import StoredFile
from council.parties.models import Seat, User
from tests.access.rows import an_update
from tests.core.entries import an_entry
from tests.factories import TODAY, Cast, actor_of, an_action
from tests.mail.letters import a_letter, a_notice

type SignIn = Callable[[User], Client]

AN_ITEM = {"number": 1, "title": "t", "due_on": date(2026, 12, 10), "original_due_on": date(2026, 12, 10)}
LIST = "/admin/council/auditentry/"


@pytest.fixture
def record(cast: Cast) -> None:
    skt, kt = cast.skt.pk, cast.kt.pk
    an_entry("2026-11-20 10:00", "meeting.read", target="ROW-READ-", target_type="meeting", organisation_id=kt)
    file = {"target_type": "storedfile", "target_id": str(a_file_handed_in(cast).pk), "organisation_id": skt}
    an_entry("2026-11-20 11:00", "file.downloaded", target="ROW-FILE-", **file)
    an_entry(
        "2026-10-20 11:00", "meeting.scheduled", target="ROW-CHANGE-", target_type="meeting", actor="김간사 <a@b.c>"
    )
    an_entry("2026-11-21 11:00", "browse", target="ROW-REFUSED-", target_type="person", refused=True)
    an_entry("2026-11-22 11:00", "user.signed_in", target="ROW-IN-", target_type="user")
    an_entry("2025-11-22 11:00", "user.signed_in", target="ROW-FAILED-", refused=True)


def a_file_handed_in(cast: Cast) -> StoredFile:
    action = ActionItem.objects.create(**AN_ITEM, body=cast.council, owner=cast.skt)
    update = an_update(action, "TLP:AMBER", cast.skt_liaison)
    file = StoredFile.objects.create(file="a", name="a", size=1, sha256="0" * 64, media_type="t", organisation=cast.skt)
    Evidence.objects.create(update=update, kind="file", title="a", file=file)
    return file


def shown(client: Client, query: str) -> set[str]:
    text = client.get(f"{LIST}?{query}").text
    names = ("READ", "FILE", "CHANGE", "REFUSED", "IN", "FAILED")
    return {name for name in names if f"ROW-{name}-" in text}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"READ", "FILE", "CHANGE", "REFUSED", "IN", "FAILED"}),
        ("kind=read", {"READ"}),
        ("kind=download", {"FILE"}),
        ("kind=change", {"CHANGE"}),
        ("kind=refusal", {"REFUSED"}),
        ("kind=sign_in", {"IN"}),
        ("kind=failed_sign_in", {"FAILED"}),
        ("thing=person", {"REFUSED"}),
        ("refused__exact=1", {"REFUSED", "FAILED"}),
        ("q=김간사", {"CHANGE"}),
        ("at__year=2026&at__month=11", {"READ", "FILE", "REFUSED", "IN"}),
        ("at__year=2026&at__month=11&at__day=20", {"READ", "FILE"}),
        ("kind=nonsense", {"READ", "FILE", "CHANGE", "REFUSED", "IN", "FAILED"}),
        ("organisation=nonsense", {"READ", "FILE", "CHANGE", "REFUSED", "IN", "FAILED"}),
        ("thing=nonsense", {"READ", "FILE", "CHANGE", "REFUSED", "IN", "FAILED"}),
    ],
)
@pytest.mark.usefixtures("record")
def test_the_record_is_narrowed_down(cast: Cast, as_user: SignIn, query: str, names: set[str]) -> None:
    assert shown(as_user(cast.secretary), query) == names


@pytest.mark.usefixtures("record")
def test_the_record_is_narrowed_down_to_what_an_organisation_did(cast: Cast, as_user: SignIn) -> None:
    assert shown(as_user(cast.secretary), f"organisation={cast.kt.pk}") == {"READ"}
    assert shown(as_user(cast.secretary), f"organisation={cast.skt.pk}") == {"FILE"}


@pytest.mark.usefixtures("record")
def test_what_happened_to_which_kind_of_thing_is_said_in_words(cast: Cast, as_user: SignIn) -> None:
    rows = {row.target: row for row in as_user(cast.secretary).get(LIST).context["cl"].result_list}
    page = as_user(cast.secretary).get(LIST).text
    assert len(rows) == 6
    for words in ("파일 내려받기", "열람", "목록 열람 시도", "로그인 실패"):
        assert words in page
    assert page.count("거부됨</td>") == 2
    for raw in ("file.downloaded", "meeting.read", "storedfile<"):
        assert raw not in page


def test_an_entry_has_a_page_that_says_what_changed_from_what_to_what(cast: Cast, as_user: SignIn) -> None:
    audit.record(
        by=actor_of(cast.secretary),
        verb="seat.changed",
        target=Seat.objects.get(person=cast.skt_liaison.person, body=cast.council),
        before={"role": "liaison", "starts_on": "2026-04-09"},
        after={"role": "contributor", "starts_on": "2026-04-10"},
        reason="인사 이동",
    )
    entry = AuditEntry.objects.get(verb="seat.changed")
    response = as_user(cast.secretary).get(f"{LIST}{entry.pk}/change/")
    changes = {(one.field, one.before, one.after) for one in response.context["line"].changes}
    words = dict(Seat._meta.get_field("role").flatchoices)
    assert ("역할", str(words["liaison"]), str(words["contributor"])) in changes
    for text in ("인사 이동", "2026. 4. 10.(금)", "secretary@msit.test"):
        assert text in response.text


def test_what_was_removed_is_shown_as_it_was(cast: Cast, as_user: SignIn) -> None:
    before = {"name": "임시공휴일", "reason": ""}
    entry = audit.record(by=Actor.system("x"), verb="closure.removed", before=before, target=Closure(pk=1, date=TODAY))
    [change] = as_user(cast.secretary).get(f"{LIST}{entry.pk}/change/").context["line"].changes
    assert (change.before, change.after) == ("임시공휴일", "–")


def test_an_entry_about_a_kind_of_thing_that_is_no_more_has_a_page(cast: Cast, as_user: SignIn) -> None:
    entry = an_entry("2026-11-20 10:00", "gadget.changed", target_type="gadget", before={"a": 1}, after={"a": 2})
    response = as_user(cast.secretary).get(f"{LIST}{entry.pk}/change/")
    assert response.status_code == 200
    assert "gadget" in response.text
    assert as_user(cast.secretary).get(LIST).status_code == 200


@pytest.mark.parametrize("who", ["accounts", "skt_liaison", "chair"])
def test_nobody_else_reads_the_record(cast: Cast, as_user: SignIn, who: str) -> None:
    entry = an_entry("2026-11-20 10:00", "meeting.read", target="CANARY")
    for address in (LIST, f"{LIST}{entry.pk}/change/"):
        response = as_user(getattr(cast, who)).get(address, follow=True)
        assert "CANARY" not in response.text


FAR = ["9999", "10000", "99999999999999999999", "1", "0", "-1", "abc", ""]


@pytest.mark.parametrize("year", FAR)
@pytest.mark.parametrize(
    ("kind", "field"), [("closure", "date"), ("auditentry", "at"), ("delivery", "created_at"), ("notice", "on")]
)
def test_a_year_that_no_calendar_reaches_is_a_wrong_address_and_no_fault(
    cast: Cast, as_user: SignIn, kind: str, field: str, year: str
) -> None:
    Closure.objects.create(date=TODAY, name="x")
    an_action()
    a_notice(cast.skt_liaison, a_letter(cast.skt_liaison))
    client = as_user(cast.secretary)
    address = f"/admin/council/{kind}/?{field}__year={year}"
    for query in ("", f"&{field}__month=12", f"&{field}__month=12&{field}__day=31", f"&{field}__month=13"):
        assert client.get(address + query, follow=True).status_code == 200
    for query in (f"{field}__gte=0001-01-01", f"{field}__lt=9999-12-31", f"{field}__gte=x", f"{field}__month={year}"):
        assert client.get(f"/admin/council/{kind}/?{query}", follow=True).status_code == 200
