"""What is published, in the portal: each reads what is theirs first, and what is withheld is in no byte of a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hwpx import validate_package
from time_machine import Traveller

from council.core.models import AuditEntry
from council.minutes.models import IssuedDocument, Opinion, Publication, Redaction
from council.minutes.operations.publication import prepare_public_version
from council.minutes.operations.publishing import publish
from council.minutes.queries.publications import all_passages
from council.parties.models import User
from tests.documents.reading import holds, words_of
from tests.factories import Cast, actor_of, link
from tests.factories.founding import clock
from tests.minutes.published import (
    ANNEX,
    ASKED,
    LATER,
    OPEN,
    SECRET,
    a_public_version,
    approved_minutes,
    asked_about,
    withheld,
)

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")
type SignIn = Callable[[User], Client]
FORMS = ["hwpx", "pdf", "html"]


@pytest.fixture
def asked(cast: Cast, clock: Traveller) -> Publication:
    publication = asked_about(cast, a_public_version(cast))
    clock.move_to(ASKED)
    return publication


@pytest.fixture
def published(cast: Cast, asked: Publication, clock: Traveller) -> Publication:
    publish(asked, by=actor_of(cast.secretary), now=LATER)
    clock.move_to(LATER)
    return asked


def file_of(client: Client, publication: Publication, form: str) -> bytes:
    response = client.get(link("publication_file", publication.pk, form=form))
    assert response.status_code == 200
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_withheld_is_in_no_byte_and_marked(
    cast: Cast, as_user: SignIn, published: Publication, form: str
) -> None:
    content = file_of(as_user(cast.skt_liaison), published, form)
    assert holds(content, OPEN)
    assert not holds(content, SECRET)
    assert not holds(content, ANNEX)
    assert not holds(content, "영업비밀")
    assert not holds(content, published.revision.sha256)  # whoever knows the rest could guess the rest by it
    assert "제9조제1항제7호" in re.sub(r"\s+", "", words_of(content))
    # Of whom a decision is could not be withheld, so it is not said.
    assert "합의한다." in words_of(content)
    assert "협의 결과 2027-1" not in words_of(content)
    if form == "hwpx":
        assert validate_package(content).ok


@pytest.mark.parametrize("form", FORMS)
def test_with_everything_withheld_no_word_of_it_is_left(
    cast: Cast, as_user: SignIn, clock: Traveller, form: str
) -> None:
    publication = prepare_public_version(approved_minutes(cast), by=actor_of(cast.secretary))
    passages = all_passages(publication)
    withheld(cast, publication, *{one.text for one in passages})
    kept = {row.place for row in Redaction.objects.all()}
    for one in passages:  # several may read alike
        if one.place not in kept:
            Redaction.objects.create(
                publication=publication, place=one.place, organisation_id=one.organisation_id, grounds=[7],
                reason="영업비밀", review_on="2028-06-01",
            )  # fmt: skip
    clock.move_to(ASKED)
    content = file_of(as_user(cast.secretary), publication, form)
    left = {one.text for one in passages if len(one.text) > 4 and holds(content, one.text)}
    # What the ministry is called, and that no vote was taken, the form itself says.
    assert left <= {"과학기술정보통신부", "해당 없음"}


def test_before_it_is_out_each_reads_its_own_and_the_files_are_the_secretariats(
    cast: Cast, as_user: SignIn, asked: Publication
) -> None:
    kt = as_user(cast.kt_liaison).get(link("publication", asked.pk))
    assert (SECRET in kt.text, "영업비밀" in kt.text) == (True, True)
    skt = as_user(cast.skt_liaison).get(link("publication", asked.pk))
    assert (SECRET in skt.text, OPEN in skt.text, "영업비밀" in skt.text) == (False, False, False)
    assert "SKT의 발언" in skt.text
    for reader, status in ((cast.kt_liaison, 403), (cast.observer, 404), (cast.secretary, 200)):
        assert as_user(reader).get(link("publication_file", asked.pk, form="pdf")).status_code == status
    assert as_user(cast.observer).get(link("publication", asked.pk)).status_code == 404
    assert not IssuedDocument.objects.filter(audience="public").exists()


def test_an_answer_is_given_from_the_desk_and_can_be_changed(cast: Cast, as_user: SignIn, asked: Publication) -> None:
    kt = as_user(cast.kt_liaison)
    assert link("publication", asked.pk) in kt.get("/").text
    refused = kt.post(link("publication_answer", asked.pk), {"kind": "opposed", "text": " "})
    assert refused.status_code == 422
    assert kt.post(link("publication_answer", asked.pk), {"kind": "agreed", "text": ""}).status_code == 302
    said = {"kind": "opposed", "text": "<b>둘째 문장</b>"}
    assert kt.post(link("publication_answer", asked.pk), said).status_code == 302
    assert Opinion.objects.get(organisation__code="KT").answer == "opposed"
    assert "&lt;b&gt;둘째 문장&lt;/b&gt;" in kt.get(link("publication", asked.pk)).text
    assert "둘째 문장" not in as_user(cast.skt_liaison).get(link("publication", asked.pk)).text
    assert as_user(cast.observer).post(link("publication_answer", asked.pk), said).status_code == 404
    assert as_user(cast.chair).post(link("publication_answer", asked.pk), said).status_code == 404


def test_once_out_everybody_gets_the_same_bytes_and_learns_what_they_are(
    cast: Cast, as_user: SignIn, published: Publication
) -> None:
    first = file_of(as_user(cast.skt_liaison), published, "hwpx")
    assert file_of(as_user(cast.observer), published, "hwpx") == first
    page = as_user(cast.observer).get(link("publication", published.pk))
    assert (OPEN in page.text, SECRET in page.text) == (True, False)
    checked = as_user(cast.kt_liaison).post("/verify/", {"upload": SimpleUploadedFile("a.hwpx", first)})
    assert "공개본" in checked.text.split("<main")[1]
    assert AuditEntry.objects.filter(verb="minutes.downloaded", after__audience="public").count() == 2
    stored = IssuedDocument.objects.get(audience="public").file
    assert as_user(cast.former_liaison).get(link("file", stored.pk)).status_code == 404


def test_a_browsers_page_needs_nothing_from_elsewhere(cast: Cast, as_user: SignIn, published: Publication) -> None:
    page = file_of(as_user(cast.kt_liaison), published, "html").decode()
    assert not re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?!#)""", page)
    assert "<script" not in page
    assert "TLP:CLEAR" in page


@pytest.mark.parametrize("items", [2, 50])
def test_reading_it_asks_the_same_number_of_questions(
    cast: Cast, as_user: SignIn, clock: Traveller, django_assert_num_queries: Any, items: int
) -> None:
    publication = prepare_public_version(approved_minutes(cast, items=items), by=actor_of(cast.secretary))
    asked_about(cast, publication)
    clock.move_to(ASKED)
    kt, secretary = as_user(cast.kt_liaison), as_user(cast.secretary)
    page, passages = link("publication", publication.pk), f"/admin/council/publication/{publication.pk}/passages/"
    kt.get(page)
    with django_assert_num_queries(17):
        assert len(kt.get(page).context["groups"]) > items / 2
    with django_assert_num_queries(14):
        assert len(secretary.get(passages).context["groups"]) == items + 1
    publish(publication, by=actor_of(cast.secretary), now=LATER)
    clock.move_to(LATER)
    kt = as_user(cast.kt_liaison)
    kt.get(page)
    with django_assert_num_queries(13):
        kt.get(page)
