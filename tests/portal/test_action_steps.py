"""What the owner of an item does beside reporting: more time, another assignee, comments, taking back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from council.actions.models import ActionComment, ActionItem, ExtensionRequest, ProgressUpdate
from council.actions.operations.comments import comment_on
from council.actions.operations.extensions import grant_extension, request_extension
from council.core.models import AuditEntry
from council.parties.models import User
from tests.actions.steps import reported, submitted
from tests.documents.reading import words_of
from tests.factories import Cast, actor_of, an_action, link, moment

type SignIn = Callable[[User], Client]

NOW = moment("2026-11-24 10:00")
STEPS = ("action_extension", "action_assign", "action_comment", "action_take_back")


def address(name: str, action: ActionItem) -> str:
    return reverse(f"portal:{name}", args=[action.pk])


def test_more_time_is_asked_for_and_the_page_says_so(cast: Cast, as_user: SignIn) -> None:
    action, client = an_action(), as_user(cast.skt_liaison)
    answer = client.post(
        address("action_extension", action),
        {"requested_due_on": "2026-12-17", "reason": "부품 수급이 늦음"},
        follow=True,
    )
    assert "기한 연장을 요청하였으며" in answer.text
    assert "부품 수급이 늦음" in answer.text
    assert address("action_extension", action) not in answer.text  # one request at a time
    assert ExtensionRequest.objects.get().requested_due_on == date(2026, 12, 17)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-20", "현재 이행기한보다 뒤여야"),
        ("2026-12-25", "2026. 12. 28.(월)"),
        ("내일", "날짜"),
        ("", "필수"),
    ],
)
def test_a_day_that_cannot_be_is_explained_and_what_was_typed_stays(
    cast: Cast, as_user: SignIn, day: str, said: str
) -> None:
    action = an_action()
    answer = as_user(cast.skt_liaison).post(
        address("action_extension", action), {"requested_due_on": day, "reason": "부품 수급이 늦음"}
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert "부품 수급이 늦음" in answer.text
    assert ExtensionRequest.objects.count() == 0


def test_granted_extensions_stay_visible_with_their_number(cast: Cast, as_user: SignIn) -> None:
    action, liaison = an_action(), actor_of(cast.skt_liaison)
    for day in (date(2026, 12, 17), date(2026, 12, 24)):
        request = request_extension(
            ActionItem.objects.get(), by=liaison, now=NOW, requested_due_on=day, reason="부품 수급이 늦음"
        )
        grant_extension(request, by=actor_of(cast.secretary), now=NOW)
    page = as_user(cast.skt_liaison).get(link("action", action.pk)).text
    assert "1차 연장" in page
    assert "2차 연장" in page
    assert "2026. 12. 10.(목)" in page


def test_colleagues_alone_can_be_chosen_as_assignee(cast: Cast, as_user: SignIn) -> None:
    action, client = an_action(), as_user(cast.skt_liaison)
    page = client.get(address("action_assign", action))
    offered = {str(person.pk) for person in page.context["form"].fields["assignee"].queryset}
    assert str(cast.skt_ciso.person_id) in offered
    assert str(cast.kt_liaison.person_id) not in offered
    refused = client.post(address("action_assign", action), {"assignee": cast.kt_liaison.person_id})
    assert (refused.status_code, ActionItem.objects.get().assignee) == (422, None)
    client.post(address("action_assign", action), {"assignee": cast.skt_ciso.person_id})
    assert ActionItem.objects.get().assignee == cast.skt_ciso.person


def test_the_carriers_lead_assigns_and_does_not_report(cast: Cast, as_user: SignIn) -> None:
    action, client = an_action(), as_user(cast.skt_ciso)
    assert client.post(address("action_assign", action), {"assignee": cast.skt_ciso.person_id}).status_code == 302
    assert client.get(address("action_report", action)).status_code == 403
    assert client.get(address("action_extension", action)).status_code == 403


def test_comments_of_both_sides_stand_in_the_history(cast: Cast, as_user: SignIn) -> None:
    action = an_action()
    as_user(cast.skt_liaison).post(address("action_comment", action), {"text": "범위를 알려 주십시오."})
    as_user(cast.secretary).post(address("action_comment", action), {"text": "전국을 뜻합니다."})
    page = as_user(cast.skt_liaison).get(link("action", action.pk)).text
    assert page.index("전국을 뜻합니다.") < page.index("범위를 알려 주십시오.")
    assert ActionComment.objects.count() == 2


def test_a_report_and_a_submission_are_taken_back_by_their_owner(cast: Cast, as_user: SignIn) -> None:
    action, client = submitted(cast), as_user(cast.skt_liaison)
    update = ProgressUpdate.objects.get()
    withdraw = reverse("portal:progress_withdraw", args=[update.pk])
    assert withdraw not in client.get(link("action", action.pk)).text
    client.post(address("action_take_back", action))
    assert ActionItem.objects.get().state == "in_progress"
    assert withdraw in client.get(link("action", action.pk)).text
    client.post(withdraw)
    assert ProgressUpdate.objects.get().state == "withdrawn"


@pytest.mark.parametrize("step", STEPS)
def test_a_rival_finds_no_such_item_and_the_attempt_is_written_down(cast: Cast, as_user: SignIn, step: str) -> None:
    action = submitted(cast)
    answer = as_user(cast.kt_liaison).post(address(step, action), {"text": "x", "reason": "x"})
    assert answer.status_code == 404
    assert AuditEntry.objects.filter(refused=True, actor_user_id=cast.kt_liaison.pk).count() == 1


@pytest.mark.parametrize("step", STEPS)
def test_who_only_reads_a_shared_item_takes_no_step_on_it(cast: Cast, as_user: SignIn, step: str) -> None:
    action = an_action(label="TLP:AMBER")
    assert as_user(cast.kt_liaison).get(link("action", action.pk)).status_code == 200
    answer = as_user(cast.kt_liaison).post(address(step, action), {"text": "x", "reason": "x"})
    assert answer.status_code == 403


def test_who_reads_a_shared_item_reads_nothing_of_what_is_said_between_owner_and_ministry(
    cast: Cast, as_user: SignIn
) -> None:
    action = reported(cast, label="TLP:AMBER")
    liaison = actor_of(cast.skt_liaison)
    comment_on(action, by=liaison, now=NOW, text="CANARY-COMMENT")
    request = request_extension(
        action, by=liaison, now=NOW, requested_due_on=date(2026, 12, 17), reason="CANARY-REASON"
    )
    grant_extension(request, by=actor_of(cast.secretary), now=NOW, answer="CANARY-ANSWER")
    assert as_user(cast.skt_liaison).get(link("action", action.pk)).text.count("CANARY") == 3
    for outsider in (cast.kt_liaison, cast.chair, cast.observer):
        answer = as_user(outsider).get(link("action", action.pk))
        assert "CANARY" not in answer.text
        assert "차 연장" not in answer.text


def test_the_form_for_a_letter_names_the_item_and_has_room_to_write(cast: Cast, as_user: SignIn) -> None:
    action = an_action(title="점검 결과 제출")
    for user in (cast.skt_liaison, cast.secretary):
        letter = as_user(user).get(reverse("portal:action_letter", args=[action.pk, "hwpx"]))
        words = words_of(b"".join(letter.streaming_content))  # type: ignore[attr-defined]
        assert "점검 결과 제출" in words
        assert "담당 기관 작성란" in words
    wide = an_action("KT", label="TLP:AMBER")
    rival = as_user(cast.skt_liaison).get(reverse("portal:action_letter", args=[wide.pk, "hwpx"]))
    assert rival.status_code == 403
