"""Reports of results, press releases and objections in the administration."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from time_machine import Traveller

from council.minutes.models import Opinion, Publication
from council.minutes.operations.publishing import answer
from council.parties.models import User
from tests.admin.forms import step
from tests.factories import Cast, actor_of
from tests.factories.founding import clock
from tests.minutes.held import SENT, circulated_minutes
from tests.minutes.published import ASKED, LATER, OPEN, a_public_version, asked_about, withheld

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")
type SignIn = Callable[[User], Client]


@pytest.mark.parametrize(("verb", "kind"), [("draft_results", "results"), ("draft_press", "press")])
def test_a_text_is_drafted_changed_and_withdrawn(
    cast: Cast, as_user: SignIn, clock: Traveller, verb: str, kind: str
) -> None:
    revision = circulated_minutes(cast)
    clock.move_to(SENT)
    client = as_user(cast.secretary)
    assert step(client, "minutes", revision.minutes_id, verb).status_code == 302
    made = Publication.objects.get(kind=kind)
    assert "합의한다." in made.text
    assert str(made.pk) in client.get(f"/admin/council/minutes/{revision.minutes_id}/change/").text
    again = step(client, "minutes", revision.minutes_id, verb)
    assert (again.status_code, Publication.objects.count()) == (422, 1)
    empty = step(client, "publication", made.pk, "rewrite", text="")
    assert empty.status_code == 422
    assert step(client, "publication", made.pk, "rewrite", text="- <b>새 글</b>").status_code == 302
    page = client.get(f"/admin/council/publication/{made.pk}/change/").text
    assert "&lt;b&gt;새 글&lt;/b&gt;" in page
    assert "<b>새 글" not in page
    assert step(client, "publication", made.pk, "withdraw", reason="불필요").status_code == 302
    made.refresh_from_db()
    assert (made.state, made.withdrawn_because) == ("withdrawn", "불필요")
    assert client.get(f"/admin/council/publication/{made.pk}/passages/").status_code == 200


@pytest.mark.parametrize(("verb", "followed"), [("follow", True), ("decline", False)])
def test_an_objection_is_followed_or_not_and_the_page_says_from_when_it_may_go_out(
    cast: Cast, as_user: SignIn, clock: Traveller, verb: str, followed: bool
) -> None:
    publication = asked_about(cast, a_public_version(cast))
    clock.move_to(ASKED)
    answer(publication, by=actor_of(cast.kt_liaison), now=ASKED, kind="opposed", text="비공개 요청")
    client, opinion = as_user(cast.secretary), Opinion.objects.get(answer="opposed")
    assert "비공개 요청" in client.get(f"/admin/council/publication/{publication.pk}/change/").text
    first = client.get("/admin/").context["dashboard"]
    assert (first.waiting.objections, first.to_publish) == (1, [])
    assert step(client, "opinion", opinion.pk, verb, reply="").status_code == 422
    if followed:
        assert step(client, "opinion", opinion.pk, verb, reply="검토 결과").status_code == 422
        clock.shift(60)
        assert withheld(cast, publication, OPEN) == 1
    assert step(client, "opinion", opinion.pk, verb, reply="검토 결과").status_code == 302
    opinion.refresh_from_db()
    assert opinion.followed is followed
    page = client.get(f"/admin/council/publication/{publication.pk}/change/").text
    assert ("비공개 요청을 수용하지 않아" in page) is not followed
    assert as_user(cast.kt_liaison).get(f"/admin/council/opinion/{opinion.pk}/change/").status_code in {302, 403}


def test_the_first_page_names_what_may_go_out_now(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    publication = asked_about(cast, a_public_version(cast))
    clock.move_to(LATER)
    assert as_user(cast.secretary).get("/admin/").context["dashboard"].to_publish == [publication]
