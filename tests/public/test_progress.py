"""The public progress page: off until it is switched on, CLEAR material alone, shown to the carriers before anybody."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve
from jsonschema import Draft202012Validator
from time_machine import Traveller

from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.mail.models import Notice
from council.parties.models import Body, User
from council.reports.models import Report, ReportingRound
from council.reports.operations.judging import ask_correction
from council.scorecard.models import FrozenScorecard, PublicQuarter
from council.scorecard.operations import ScorecardRefused
from council.scorecard.publishing import release_quarter, show_quarter, withdraw_quarter
from tests.factories import Cast, actor_of, link
from tests.portal.test_scorecard import FIGURE, corrected, done
from tests.reports.steps import CLOSED, a_round

type SignIn = Callable[[User], Client]
pytestmark = pytest.mark.both_databases
PAGE, DATA, TABLE = "/progress/ko/council/", "/progress/council.json", "/progress/council.csv"
SHOWN, FOURTH = CLOSED, CLOSED + timedelta(days=6)  # a Friday, and the Thursday after a holiday
# What must never be found in public: of KT, whose report is not CLEAR, and of anybody's text and figures.
HIDDEN = ("KT C12", "SKT C12", FIGURE, FIGURE.replace(",", ""), "재검토 필요")


@pytest.fixture
def row(cast: Cast, clock: Traveller) -> ReportingRound:
    """SKT's and KT's reports on C12 were accepted; SKT's is CLEAR."""
    clock.move_to(CLOSED, tick=False)
    made = a_round()
    ours = done(cast, "SKT", rating="attention", own="done", value=FIGURE)
    done(cast, "KT", rating="review")
    Report.objects.filter(pk=ours.pk).update(label="TLP:CLEAR")
    return made


def switched_on() -> None:
    Body.objects.filter(code="council").update(public_progress=True)


def shown(cast: Cast, row: ReportingRound) -> PublicQuarter:
    return show_quarter(row, by=actor_of(cast.secretary), now=SHOWN)


def released(cast: Cast, row: ReportingRound) -> PublicQuarter:
    told = shown(cast, row)
    release_quarter(told, by=actor_of(cast.secretary), now=FOURTH)
    return told


def everything(client: Client) -> str:
    """All that the public can reach from the first page on, each address once."""
    waiting, seen, texts = ["/progress/"], set(), []
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith("/static/"):
            continue
        seen.add(address)
        assert resolve(address).namespace == "public", address
        answer = client.get(address)
        assert answer.status_code in {200, 302}, address
        texts.append(answer.text)
        waiting += [answer["Location"]] if answer.status_code == 302 else re.findall(r'href="(/[^"]*)"', answer.text)
    return "\n".join(texts)


def test_as_long_as_it_is_switched_off_nothing_is_there(cast: Cast, row: ReportingRound) -> None:
    released(cast, row)
    every = ["/progress/", "/progress/ko/", PAGE, f"{PAGE}2026-Q4/", DATA, TABLE, "/progress/schema.json"]
    assert {Client().get(address).status_code for address in every} == {404}
    switched_on()
    assert {Client().get(address).status_code for address in every} == {200, 302}


def test_what_is_clear_is_told_and_nothing_else_of_all_that_can_be_reached(cast: Cast, row: ReportingRound) -> None:
    switched_on()
    released(cast, row)
    text = everything(Client())
    assert "C12" in text
    for words in ("SK텔레콤", "관심 필요", "attention", "2026년 4분기"):
        assert words in text, words
    assert [words for words in HIDDEN if words in text] == []
    assert '"KT"' not in text
    assert "review" not in Client().get(DATA).text + Client().get(TABLE).text
    assert "C13" not in text


def test_the_carriers_see_it_first_and_three_business_days_later_it_can_be_released(
    cast: Cast, as_user: SignIn, row: ReportingRound
) -> None:
    switched_on()
    told = shown(cast, row)
    page = link("public_quarter", told.pk)
    assert all(
        "관심 필요" in as_user(who).get(page).text for who in (cast.skt_liaison, cast.kt_liaison, cast.secretary)
    )
    assert as_user(cast.nobody).get(page).status_code == 404
    assert "관심 필요" not in Client().get(PAGE).text
    notices = Notice.objects.filter(kind="public_quarter_shown").values_list("recipient__user__email", flat=True)
    assert {cast.skt_liaison.email, cast.kt_liaison.email, cast.lgu_liaison.email} <= set(notices)
    by = actor_of(cast.secretary)
    for early in (SHOWN, SHOWN + timedelta(days=1), SHOWN + timedelta(days=5)):
        with pytest.raises(NotAllowedNow):
            release_quarter(told, by=by, now=early)
    release_quarter(told, by=by, now=FOURTH)
    assert "관심 필요" in Client().get(PAGE).text


def test_what_has_changed_since_it_was_shown_is_not_released(cast: Cast, row: ReportingRound) -> None:
    told = shown(cast, row)
    Report.objects.filter(organisation=cast.kt).exclude(ministry_rating="").update(label="TLP:CLEAR")
    with pytest.raises(ScorecardRefused):
        release_quarter(told, by=actor_of(cast.secretary), now=FOURTH)
    told.refresh_from_db()
    assert told.state == "shown"


def test_what_is_tightened_withheld_or_corrected_afterwards_is_gone_at_once(cast: Cast, row: ReportingRound) -> None:
    switched_on()
    released(cast, row)
    ours = Report.objects.filter(label="TLP:CLEAR")
    pk = ours.get().pk
    assert "관심 필요" in Client().get(PAGE).text
    ours.update(label="TLP:GREEN")
    assert "관심 필요" not in everything(Client())
    Report.objects.filter(pk=pk).update(
        label="TLP:CLEAR", disclosure="closed", grounds=[7], disclosure_reason="r", disclosure_review_on="2028-01-01"
    )
    assert "관심 필요" not in everything(Client())
    Report.objects.filter(pk=pk).update(disclosure="", grounds=[], disclosure_reason="", disclosure_review_on=None)
    assert "관심 필요" in everything(Client())
    corrected(cast, Report.objects.get(pk=pk), "SKT", rating="done", value="7")
    assert "관심 필요" not in everything(Client())
    assert "완료" not in Client().get(PAGE).text


def test_that_a_correction_is_asked_for_is_nobodys_to_see(cast: Cast, row: ReportingRound) -> None:
    switched_on()
    released(cast, row)
    before = Client().get(DATA).text
    report = Report.objects.get(label="TLP:CLEAR")
    until = CLOSED.date() + timedelta(days=5)
    ask_correction(report, by=actor_of(cast.secretary), now=CLOSED, reason="The figure", until=until)
    assert Client().get(DATA).text == before


def test_why_a_quarter_was_withdrawn_is_not_told_to_rivals(cast: Cast, as_user: SignIn, row: ReportingRound) -> None:
    told = released(cast, row)
    withdraw_quarter(told, by=actor_of(cast.secretary), reason="CANARY-REASON")
    page = link("public_quarter", told.pk)
    assert as_user(cast.kt_liaison).get(page).status_code == 404
    assert "CANARY-REASON" in as_user(cast.secretary).get(page).text


def test_the_page_is_switched_on_by_who_runs_the_body_and_not_by_who_keeps_the_register(
    cast: Cast, as_user: SignIn
) -> None:
    where = f"/admin/council/body/{cast.council.pk}/change/"
    assert 'name="public_progress"' in as_user(cast.secretary).get(where).text
    page = as_user(cast.accounts).get(where)
    assert page.status_code == 200
    assert 'name="public_progress"' not in page.text


def test_a_withdrawn_quarter_is_gone_and_can_be_shown_anew(cast: Cast, row: ReportingRound) -> None:
    switched_on()
    told = released(cast, row)
    by = actor_of(cast.secretary)
    with pytest.raises(NotAllowedNow):
        shown(cast, row)
    with pytest.raises(ScorecardRefused):
        withdraw_quarter(told, by=by, reason=" ")
    withdraw_quarter(told, by=by, reason="오기")
    assert "관심 필요" not in everything(Client())
    assert shown(cast, row).pk != told.pk


def test_a_quarter_without_anything_clear_cannot_be_shown(cast: Cast, row: ReportingRound) -> None:
    Report.objects.update(label="TLP:GREEN")
    with pytest.raises(ScorecardRefused):
        shown(cast, row)
    assert PublicQuarter.objects.count() == 0


def test_the_data_keep_to_their_schema_and_say_what_the_page_says(cast: Cast, row: ReportingRound) -> None:
    switched_on()
    released(cast, row)
    data = Client().get(DATA).json()
    schema = Client().get("/progress/schema.json").json()
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(data)) == []
    assert list(Draft202012Validator(schema).iter_errors(data | {"secret": 1})) != []
    (line,) = csv.DictReader(StringIO(Client().get(TABLE).text.removeprefix("\ufeff")))
    (pillar,) = data["quarters"][0]["pillars"]
    (commitment,) = pillar["commitments"]
    (status,) = commitment["statuses"]
    assert (line["quarter"], line["commitment_code"], line["organisation_code"]) == ("2026-Q4", "C12", "SKT")
    assert (line["status"], line["status_ko"], line["status_en"]) == (status["status"], "관심 필요", "Attention needed")
    assert line["commitment_ko"] == commitment["title"]["ko"]
    assert json.dumps(data)


def test_each_language_has_its_address_and_no_word_of_the_other(cast: Cast, row: ReportingRound) -> None:
    switched_on()
    released(cast, row)
    korean, english = Client().get(PAGE), Client().get("/progress/en/council/")
    assert (korean["Content-Language"], english["Content-Language"]) == ("ko", "en")
    main = [answer.text.partition("<main")[2].partition("</main>")[0] for answer in (korean, english)]
    assert "관심 필요" in main[0]
    assert "Attention" in main[1]
    assert not re.search("[가-힣]", main[1])
    assert Client().get("/progress/fr/council/").status_code == 404
    assert Client().get(f"{PAGE}2031-Q1/").status_code == 404
    assert Client().get("/progress/ko/ciso/").status_code == 404


@pytest.mark.parametrize("address", [PAGE, DATA, TABLE, "/progress/schema.json", "/progress/ko/"])
def test_every_answer_can_be_kept_by_any_cache_and_depends_on_nobody(
    cast: Cast, as_user: SignIn, row: ReportingRound, address: str
) -> None:
    switched_on()
    released(cast, row)
    stranger = Client().get(address)
    insider = as_user(cast.secretary).get(address)
    for answer in (stranger, insider):
        assert "public" in answer["Cache-Control"]
        assert "no-store" not in answer["Cache-Control"]
        assert "Vary" not in answer
        assert answer.cookies == {}
    assert stranger.content == insider.content
    assert Client().get(address, headers={"if-none-match": stranger["ETag"]}).status_code == 304
    assert Client().post(address).status_code in {403, 405}


def test_questions_do_not_grow_with_the_quarters(
    cast: Cast, row: ReportingRound, django_assert_num_queries: Any
) -> None:
    switched_on()
    told = released(cast, row)
    for n in range(40):
        quarter = told.quarter
        for _step in range(n + 1):
            quarter = quarter.previous()
        PublicQuarter.objects.create(
            body=told.body, quarter=quarter, payload=told.payload | {"quarter": str(quarter)}, state="released",
            shown_at=SHOWN, released_at=FOURTH,
        )  # fmt: skip
    with django_assert_num_queries(3):
        Client().get(PAGE)


def test_the_secretary_does_it_by_buttons_and_it_is_written_down(
    cast: Cast, as_user: SignIn, row: ReportingRound, clock: Traveller
) -> None:
    client = as_user(cast.secretary)
    assert client.post(f"/admin/council/reportinground/{row.pk}/do/show_public/").status_code == 302
    told = PublicQuarter.objects.get()
    where = f"/admin/council/publicquarter/{told.pk}"
    assert link("public_quarter", told.pk) in client.get(f"{where}/change/").text
    assert client.post(f"{where}/do/release/").status_code == 422
    clock.move_to(FOURTH, tick=False)
    client = as_user(cast.secretary)
    assert client.post(f"{where}/do/release/").status_code == 302
    assert client.post(f"{where}/do/withdraw/", {"reason": ""}).status_code == 422
    assert client.post(f"{where}/do/withdraw/", {"reason": "오기"}).status_code == 302
    verbs = AuditEntry.objects.filter(verb__startswith="public.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["public.shown", "public.released", "public.withdrawn"]
    assert as_user(cast.skt_liaison).get(f"{where}/change/").status_code in {302, 403, 404}
    assert FrozenScorecard.objects.count() == 0
