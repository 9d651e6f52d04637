"""The secretariat looks through the access record once a month and signs it off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from council.core import audit
from council.core.models import AuditEntry, AuditReview
from council.parties.models import Seat, User
from tests.core.entries import an_entry
from tests.factories import Cast
from tests.guards import behind_the_guards

type SignIn = Callable[[User], Client]

MONTHS, OCTOBER = "/admin/council/auditreview/", "/admin/council/auditreview/month/2026-10/"


@pytest.fixture
def record(cast: Cast) -> None:
    an_entry("2026-09-15 10:00", "meeting.read", actor="SEPTEMBER")
    an_entry("2026-10-10 03:00", "file.downloaded", actor="NIGHT-OWL", actor_user_id=7, organisation_id=cast.skt.pk)
    an_entry("2026-10-12 10:00", "view", actor="WANTED-IN", refused=True, reason="not visible", target_type="meeting")
    an_entry("2026-10-13 10:00", "user.signed_in", actor="GUESSER", refused=True)
    an_entry("2026-10-14 10:00", "progress.drafted", actor="CANARY-DRAFT", organisation_id=cast.skt.pk)
    an_entry("2026-11-02 10:00", "meeting.read", actor="NOVEMBER")
    audit.seal()


@pytest.mark.usefixtures("record")
def test_the_months_that_are_over_are_listed_and_the_unsigned_ones_are_marked(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.secretary)
    client.post(OCTOBER, {"remarks": ""})
    response = client.get(MONTHS)
    lines = [(f"{line.month:%Y-%m}", bool(line.review)) for line in response.context["months"]]
    assert lines == [("2026-10", True), ("2026-09", False)]
    assert response.text.count("미점검") == 1


@pytest.mark.usefixtures("record")
def test_a_months_page_shows_its_figures_refusals_and_who_was_there_at_night(cast: Cast, as_user: SignIn) -> None:
    response = as_user(cast.secretary).get(OCTOBER)
    page = response.context["page"]
    assert {kind: count for kind, _label, count in page.kinds} == {
        "sign_in": 0, "failed_sign_in": 1, "read": 0, "download": 1, "refusal": 1, "change": 0,
    }  # fmt: skip
    assert [(line.organisation, line.usage.label, line.usage.outside) for line in page.people] == [
        (cast.skt.short, "NIGHT-OWL", 1)
    ]
    assert [(line.organisation, line.usage.downloads) for line in page.organisations] == [(cast.skt.short, 1)]
    assert [entry.actor for entry in page.refusals] == ["WANTED-IN", "GUESSER"]
    for name in ("NIGHT-OWL", "WANTED-IN", "GUESSER", "열람 시도"):
        assert name in response.text
    for name in ("SEPTEMBER", "NOVEMBER", "CANARY"):
        assert name not in response.text
    assert (list(page.faults), list(page.guards_missing)) == ([], [])


@pytest.mark.usefixtures("record")
def test_a_month_is_signed_off_with_remarks_once(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.secretary)
    assert client.post(OCTOBER, {"remarks": "야간 내려받기 확인"}).status_code == 302
    review = AuditReview.objects.get()
    assert (review.reviewer_user_id, review.remarks) == (cast.secretary.pk, "야간 내려받기 확인")
    assert review.signed_at == timezone.now()
    assert (review.counts["download"], review.counts["change"], review.counts["outside"]) == (1, 0, 1)
    page = client.get(OCTOBER)
    assert "야간 내려받기 확인" in page.text
    assert 'name="remarks"' not in page.text
    assert client.post(OCTOBER, {"remarks": "again"}).status_code == 422
    assert AuditReview.objects.get().remarks == "야간 내려받기 확인"
    assert client.get(f"{MONTHS}{review.pk}/change/").status_code == 200


@pytest.mark.usefixtures("record")
def test_a_chain_that_does_not_hold_is_shown_and_not_signed_without_a_word(cast: Cast, as_user: SignIn) -> None:
    with behind_the_guards():
        AuditEntry.objects.filter(actor="WANTED-IN").update(actor="somebody else")
    client = as_user(cast.secretary)
    response = client.get(OCTOBER)
    assert response.context["page"].fault_lines == [(3, "수정됨")]
    assert "3번 기록: 수정됨" in response.text
    assert client.post(OCTOBER, {"remarks": " "}).status_code == 422
    assert not AuditReview.objects.exists()
    assert client.post(OCTOBER, {"remarks": "백업에서 확인"}).status_code == 302
    assert AuditReview.objects.get().faults == 1


@pytest.mark.parametrize("month", ["2026-11", "2027-01", "2026-13", "2026-0", "0-1", "99999999-1"])
@pytest.mark.usefixtures("record")
def test_there_is_no_page_for_a_month_that_is_not_over_or_none(cast: Cast, as_user: SignIn, month: str) -> None:
    client = as_user(cast.secretary)
    assert client.get(f"{MONTHS}month/{month}/").status_code == 404
    assert client.post(f"{MONTHS}month/{month}/", {"remarks": "x"}).status_code == 404
    assert not AuditReview.objects.exists()


@pytest.mark.parametrize("who", ["accounts", "skt_liaison"])
@pytest.mark.usefixtures("record")
def test_nobody_else_reviews(cast: Cast, as_user: SignIn, who: str) -> None:
    User.objects.filter(pk=getattr(cast, who).pk).update(is_staff=True)
    client = as_user(User.objects.get(pk=getattr(cast, who).pk))
    for response in (client.get(MONTHS), client.get(OCTOBER), client.post(OCTOBER, {"remarks": "x"})):
        assert response.status_code == 403
        assert "NIGHT-OWL" not in response.text
    assert not AuditReview.objects.exists()
    refused = AuditEntry.objects.filter(refused=True, actor_user_id=getattr(cast, who).pk)
    assert sorted(refused.values_list("verb", flat=True)) == ["browse", "browse", "sign"]


def test_a_review_is_neither_added_nor_changed_nor_deleted_by_hand(cast: Cast, as_user: SignIn) -> None:
    an_entry("2026-10-12 10:00", "meeting.read")
    client = as_user(cast.secretary)
    client.post(OCTOBER, {"remarks": "x"})
    review = AuditReview.objects.get()
    for address in (f"{MONTHS}add/", f"{MONTHS}{review.pk}/change/", f"{MONTHS}{review.pk}/delete/"):
        assert client.post(address, {"remarks": "forged", "post": "yes"}).status_code == 403
    assert AuditReview.objects.get().remarks == "x"


@pytest.mark.usefixtures("record")
def test_the_overview_says_which_months_wait(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.secretary)
    assert "2026-10, 2026-09" in client.get("/admin/").text
    client.post(OCTOBER, {"remarks": ""})
    client.post(OCTOBER.replace("10", "09"), {"remarks": ""})
    response = client.get("/admin/")
    assert list(response.context["dashboard"].unsigned_months) == []
    assert "접속기록 점검을 확인하지 않은 달" not in response.text


@pytest.mark.usefixtures("record")
def test_of_another_secretariats_body_only_the_number_of_refusals_is_said(cast: Cast, as_user: SignIn) -> None:
    for body, name in ((cast.council.pk, "OF-MINE"), (cast.ciso.pk, "CANARY-OF-THE-GROUP")):
        values = {"body_id": body, "target_type": "meeting", "target": name, "refused": True}
        an_entry("2026-10-20 10:00", "view", actor="WANTED-IN", reason="not visible", **values)
    audit.seal()
    client = as_user(cast.secretary)
    both = client.get(OCTOBER)
    assert "CANARY-OF-THE-GROUP" in both.text
    Seat.objects.filter(person=cast.secretary.person, body=cast.ciso).delete()
    only_one = client.get(OCTOBER)
    assert "OF-MINE" in only_one.text
    assert "CANARY" not in only_one.text
    assert "그 밖에 1건" in only_one.text
    assert "그 밖에" not in both.text
    assert only_one.context["page"].figures.as_kept()["refusal"] == 3
