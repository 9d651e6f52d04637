"""Asking for a later day, and the ministry's answer."""

from __future__ import annotations

from datetime import date

import pytest

from council.actions.models import ActionItem, ExtensionRequest
from council.actions.operations.errors import ActionRefused
from council.actions.operations.extensions import (
    grant_extension,
    refuse_extension,
    request_extension,
    withdraw_extension,
)
from council.actions.operations.items import cancel_action, change_action
from council.actions.queries import open_extension, ordinals
from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.core.models import AuditEntry, Closure
from council.mail.models import Notice
from tests.actions.steps import submitted
from tests.factories import TODAY, Cast, actor_of, an_action, moment

NOW = moment("2026-11-24 10:00")
LATER = date(2026, 12, 17)


def asked(cast: Cast, action: ActionItem, day: date = LATER, reason: str = "Parts are late") -> ExtensionRequest:
    return request_extension(action, by=actor_of(cast.skt_liaison), now=NOW, requested_due_on=day, reason=reason)


def test_the_day_stays_until_the_ministry_has_answered(cast: Cast) -> None:
    action = an_action()
    request = asked(cast, action)
    assert (ActionItem.objects.get().due_on, open_extension(action)) == (action.due_on, request)


def test_a_granted_extension_moves_the_day_and_keeps_the_earlier_ones(cast: Cast) -> None:
    action, first, secretary = an_action(), date(2026, 12, 10), actor_of(cast.secretary)
    for day in (LATER, date(2026, 12, 24)):
        grant_extension(asked(cast, ActionItem.objects.get(), day), by=secretary, now=NOW)
    kept = ActionItem.objects.get(pk=action.pk)
    assert (kept.due_on, kept.original_due_on) == (date(2026, 12, 24), first)
    requests = list(ExtensionRequest.objects.order_by("id"))
    assert [(one.due_on, one.requested_due_on) for one in requests] == [(first, LATER), (LATER, date(2026, 12, 24))]
    assert [ordinals(requests)[one.pk] for one in requests] == [1, 2]
    assert AuditEntry.objects.filter(verb="action.due_moved").count() == 2


def test_one_that_is_not_granted_leaves_the_day_and_counts_for_nothing(cast: Cast) -> None:
    request = asked(cast, an_action())
    refuse_extension(request, by=actor_of(cast.secretary), now=NOW, answer="The meeting is before that")
    kept = ExtensionRequest.objects.get()
    assert (ActionItem.objects.get().due_on, kept.state, kept.answer) == (
        date(2026, 12, 10),
        "refused",
        "The meeting is before that",
    )
    assert ordinals([kept]) == {}


@pytest.mark.parametrize(
    ("day", "field"),
    [
        (date(2026, 12, 10), "requested_due_on"),  # the day it is due on already
        (date(2026, 11, 23), "requested_due_on"),  # before today
        (date(2026, 12, 19), "requested_due_on"),  # a Saturday
        (date(2026, 12, 25), "requested_due_on"),  # a holiday
    ],
)
def test_a_day_that_cannot_be_is_refused_and_nothing_is_kept(cast: Cast, day: date, field: str) -> None:
    with pytest.raises(ActionRefused) as refused:
        asked(cast, an_action(), day)
    assert refused.value.field == field
    assert (ExtensionRequest.objects.count(), Notice.objects.count()) == (0, 0)


def test_a_day_off_is_refused_with_the_next_day_on_which_somebody_works(cast: Cast) -> None:
    with pytest.raises(ActionRefused, match=r"2026\. 12\. 28\.\(월\)"):
        asked(cast, an_action(), date(2026, 12, 25))


def test_an_overdue_item_is_not_extended_to_a_day_that_is_over(cast: Cast) -> None:
    action = an_action(due_on=TODAY)
    with pytest.raises(ActionRefused):
        request_extension(
            action,
            by=actor_of(cast.skt_liaison),
            now=moment("2026-12-03 10:00"),
            requested_due_on=date(2026, 12, 2),
            reason="Parts are late",
        )
    assert ExtensionRequest.objects.count() == 0


def test_a_reason_is_needed(cast: Cast) -> None:
    with pytest.raises(ActionRefused) as refused:
        asked(cast, an_action(), reason="  ")
    assert refused.value.field == "reason"


def test_one_request_at_a_time(cast: Cast) -> None:
    action = an_action()
    request = asked(cast, action)
    with pytest.raises(NotAllowedNow):
        asked(cast, action, date(2026, 12, 24))
    withdraw_extension(request, by=actor_of(cast.skt_liaison), now=NOW)
    asked(cast, action, date(2026, 12, 24))
    assert list(ExtensionRequest.objects.order_by("id").values_list("state", flat=True)) == ["withdrawn", "requested"]


def test_what_is_not_owed_any_more_needs_no_time(cast: Cast) -> None:
    with pytest.raises(NotAllowedNow):
        asked(cast, submitted(cast))
    cancelled = an_action()
    request = asked(cast, cancelled)
    cancel_action(cancelled, by=actor_of(cast.secretary), reason="Superseded")
    with pytest.raises(NotAllowedNow):
        grant_extension(request, by=actor_of(cast.secretary), now=NOW)
    assert ExtensionRequest.objects.get(pk=request.pk).state == "requested"


def test_a_day_that_was_moved_meanwhile_is_not_moved_again_by_an_old_request(cast: Cast) -> None:
    action, secretary = an_action(), actor_of(cast.secretary)
    request = asked(cast, action)
    action.due_on = date(2026, 12, 15)
    change_action(action, by=secretary, today=TODAY)
    with pytest.raises(NotAllowedNow):
        grant_extension(request, by=secretary, now=NOW)
    assert ActionItem.objects.get().due_on == date(2026, 12, 15)
    refuse_extension(request, by=secretary, now=NOW, answer="It has been moved to the 15th")


def test_a_requested_day_that_became_a_day_off_is_not_granted(cast: Cast) -> None:
    request = asked(cast, an_action())
    Closure.objects.create(date=LATER, name="임시공휴일")
    with pytest.raises(DomainError):
        grant_extension(request, by=actor_of(cast.secretary), now=NOW)
    assert ActionItem.objects.get().due_on == date(2026, 12, 10)


def test_the_second_of_two_answers_is_told_that_somebody_was_faster(cast: Cast) -> None:
    asked(cast, an_action())
    first, second = ExtensionRequest.objects.get(), ExtensionRequest.objects.get()
    refuse_extension(first, by=actor_of(cast.secretary), now=NOW, answer="No")
    with pytest.raises(SomebodyWasFaster):
        grant_extension(second, by=actor_of(cast.secretary), now=NOW)
    assert ActionItem.objects.get().due_on == date(2026, 12, 10)


def test_the_secretary_is_told_of_the_request_and_the_owner_alone_of_the_answer(cast: Cast) -> None:
    request = asked(cast, an_action())
    told = Notice.objects.filter(kind="extension_requested")
    assert {notice.recipient_id for notice in told} == {cast.secretary.person_id}
    grant_extension(request, by=actor_of(cast.secretary), now=NOW)
    told = Notice.objects.filter(kind="extension_answered")
    assert {notice.recipient_id for notice in told} == {cast.skt_liaison.person_id}
