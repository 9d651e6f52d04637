"""The scorecard on paper and the one page about a pillar: what the reader sees on the page, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from hwpx import validate_package
from pypdf import PdfReader
from time_machine import Traveller

from council.core.models import AuditEntry
from council.declaration.models import Pillar
from council.meetings.models import Meeting
from council.meetings.operations.schedule import convene_meeting
from council.parties.models import User
from council.reports.models import ReportingRound
from council.scorecard.models import FrozenScorecard
from council.scorecard.operations import correct
from council.workflows.close_quarter import close_quarter
from tests.access.rows import an_open_meeting
from tests.documents.reading import holds, words_of
from tests.factories import Cast, actor_of, link, moment
from tests.factories.rows import TESTER
from tests.portal.test_documents import taken
from tests.portal.test_scorecard import FIGURE, REASON, corrected, done, frozen, share
from tests.reports.steps import CLOSED, COVERS, LATER, a_report, a_round

type SignIn = Callable[[User], Client]
FORMS = ["hwpx", "pdf", "html"]
SKT_WORD, KT_WORD = "관심 필요", "재검토 필요"


@pytest.fixture
def row(cast: Cast, clock: Traveller) -> ReportingRound:
    """SKT and KT have reported on C12, of high sensitivity, and it has been tabled."""
    clock.move_to(CLOSED, tick=False)
    made = a_round()
    done(cast, "SKT", rating="attention", own="on_track")
    done(cast, "KT", rating="review", own="done", value=FIGURE)
    return made


def whole(client: Client, cast: Cast, form: str) -> bytes:
    return taken(client, "scorecard_file", cast.council.pk, form=form)


def brief(client: Client, cast: Cast, pillar: str, form: str = "pdf") -> bytes:
    return taken(client, "pillar_brief", cast.council.pk, pillar=pillar, form=form)


@pytest.mark.parametrize("form", FORMS)
def test_an_organisations_own_quarters_are_taken_along_by_itself_and_the_ministry(
    cast: Cast, as_user: SignIn, row: ReportingRound, form: str
) -> None:
    frozen(cast)
    for user in (cast.skt_liaison, cast.secretary):
        said = words_of(taken(as_user(user), "scorecard_party_file", cast.council.pk, organisation="SKT", form=form))
        assert (SKT_WORD in said, KT_WORD in said, FIGURE in said) == (True, False, False)
        assert "C12" in said
    address = link("scorecard_party_file", cast.council.pk, organisation="SKT", form=form)
    for user in (cast.kt_liaison, cast.lgu_liaison, cast.observer):
        assert as_user(user).get(address).status_code == 404


def pillar_of_c12() -> str:
    return Pillar.objects.get(commitments__code="C12").code


def convened() -> Meeting:
    """The council's regular meeting of the quarter after, which the seed has planned."""
    meeting = Meeting.objects.get(body__code="council", kind="regular")
    convene_meeting(meeting, by=TESTER, now=moment("2026-11-24 09:00"), quiet=True)
    return meeting


@pytest.mark.parametrize("form", FORMS)
def test_the_ministrys_scorecard_has_both_ratings_of_everybody(
    cast: Cast, as_user: SignIn, row: ReportingRound, form: str
) -> None:
    content = whole(as_user(cast.secretary), cast, form)
    said = words_of(content)
    for words in (SKT_WORD, KT_WORD, "C12", "2026년 4분기", "SK텔레콤", "LG유플러스"):
        assert words in said, words
    if form == "hwpx":
        assert validate_package(content).ok
    else:
        assert "TLP:AMBER+STRICT" in said


@pytest.mark.parametrize("form", FORMS)
def test_a_carriers_copy_tells_nothing_of_its_rivals(
    cast: Cast, as_user: SignIn, row: ReportingRound, form: str
) -> None:
    card = frozen(cast)
    for content in (
        whole(as_user(cast.skt_liaison), cast, form),
        brief(as_user(cast.skt_liaison), cast, pillar_of_c12(), form),
    ):
        assert SKT_WORD in words_of(content)
        hidden = [KT_WORD, FIGURE, FIGURE.replace(",", ""), card.sha256]
        assert [words for words in hidden if holds(content, words)] == []
        assert "비공개" in words_of(content) or "표시하지" in words_of(content)
    share(cast, "C12")
    assert KT_WORD in words_of(whole(as_user(cast.skt_liaison), cast, form))


def test_the_hash_and_the_reason_of_a_correction_are_the_ministrys_to_read(
    cast: Cast, as_user: SignIn, row: ReportingRound
) -> None:
    first = frozen(cast)
    corrected(cast, a_report("KT", "C12"), "KT", rating="attention", value="7")
    second = correct(first, reason=REASON, by=actor_of(cast.secretary), now=LATER)
    ministry = words_of(whole(as_user(cast.secretary), cast, "pdf")).replace("\n", "")
    assert second.sha256[:20] in ministry
    assert REASON in ministry
    carrier = words_of(whole(as_user(cast.skt_liaison), cast, "pdf"))
    assert REASON not in carrier
    assert second.sha256[:12] not in carrier


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_brief_is_one_page_with_a_drawing_for_each_pillar(
    cast: Cast, as_user: SignIn, row: ReportingRound, language: str
) -> None:
    client = as_user(cast.secretary)
    User.objects.filter(pk=cast.secretary.pk).update(language=language)
    codes = list(Pillar.objects.filter(commitments__isnull=False).distinct().values_list("code", flat=True))
    assert len(codes) == 3
    for code in codes:
        pdf = PdfReader(BytesIO(brief(client, cast, code)))
        assert len(pdf.pages) == 1, code
    grave = words_of(brief(client, cast, pillar_of_c12()))
    assert grave.index("C12 KT") < grave.index("C12 SK")
    close_quarter(row, by=actor_of(cast.secretary), now=CLOSED)  # all the rest is missed
    for code in codes:
        content = brief(client, cast, code)
        assert len(PdfReader(BytesIO(content)).pages) == 1, code
        assert ("C01" if code == "security" else "C1") in words_of(content)


def test_a_picture_of_the_page_is_in_the_file_for_browsers_too(
    cast: Cast, as_user: SignIn, row: ReportingRound
) -> None:
    client = as_user(cast.secretary)
    page = client.get(link("scorecard", cast.council.pk)).text
    drawing = page[page.index("<svg", page.index('class="chart"')) :].partition("</svg>")[0]
    assert drawing in whole(client, cast, "html").decode()


def test_who_is_shown_no_scorecard_gets_no_file(cast: Cast, as_user: SignIn, row: ReportingRound) -> None:
    addresses = [
        link("scorecard_file", cast.council.pk, form="pdf"),
        link("pillar_brief", cast.council.pk, pillar=pillar_of_c12(), form="pdf"),
    ]
    for address in addresses:
        assert as_user(cast.skt_liaison).get(address).status_code == 404  # nothing has been tabled yet
    frozen(cast)
    for address in addresses:
        assert as_user(cast.skt_liaison).get(address).status_code == 200
        assert as_user(cast.nobody).get(address).status_code in {403, 404}
        for odd in ("?quarter=2031-Q1", "?quarter=x"):
            assert as_user(cast.secretary).get(address + odd).status_code == 404
    assert as_user(cast.secretary).get(addresses[0].replace(".pdf", ".exe")).status_code == 404
    assert as_user(cast.secretary).get(addresses[1].replace(pillar_of_c12(), "nothing")).status_code == 404


def test_beginning_a_meeting_keeps_the_scorecard_as_tabled_once(
    cast: Cast, as_user: SignIn, row: ReportingRound
) -> None:
    meeting = convened()
    client = as_user(cast.secretary)
    assert client.post(f"/admin/council/meeting/{meeting.pk}/do/begin/").status_code == 302
    card = FrozenScorecard.objects.get()
    assert (card.quarter, card.stage, card.by) == (COVERS, "tabled", cast.secretary)
    assert AuditEntry.objects.filter(verb="scorecard.frozen", target_id=card.pk).count() == 1
    assert client.post(f"/admin/council/meeting/{meeting.pk}/do/begin/").status_code in {403, 422}
    assert FrozenScorecard.objects.count() == 1


def test_what_was_frozen_by_hand_before_the_meeting_stays_as_it_was(
    cast: Cast, as_user: SignIn, row: ReportingRound
) -> None:
    by_hand = frozen(cast)
    meeting = convened()
    assert as_user(cast.secretary).post(f"/admin/council/meeting/{meeting.pk}/do/begin/").status_code == 302
    assert FrozenScorecard.objects.get() == by_hand


def test_an_extraordinary_meeting_and_one_without_reports_freeze_nothing(
    cast: Cast, as_user: SignIn, row: ReportingRound
) -> None:
    plans: list[dict[str, Any]] = [
        {"quarter": str(COVERS.next()), "kind": "extraordinary", "starts_at": moment("2027-03-25 10:00")},
        {"quarter": str(COVERS.next().next())},
    ]
    for plan in plans:
        meeting = an_open_meeting(**plan)
        assert as_user(cast.secretary).post(f"/admin/council/meeting/{meeting.pk}/do/begin/").status_code == 302
    assert not FrozenScorecard.objects.exists()
