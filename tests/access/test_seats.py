"""A seat opens from its first day to its last; an account alone opens nothing."""

from __future__ import annotations

from datetime import date

import pytest

from council.access.policy import can
from council.access.roles import nobody, standing
from council.access.visibility import RULES, visible_to
from council.actions.models import ActionItem
from council.core.actor import Actor
from council.meetings.models import Meeting
from council.parties.models import Seat, User
from tests.access.rows import ANONYMOUS, a_labelled_action, an_open_meeting
from tests.factories import TODAY, Cast, actor_of, an_account, an_action, seat

DAY_BEFORE, DAY_AFTER = date(2026, 11, 23), date(2026, 11, 25)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "sees"),
    [
        (date(2026, 4, 9), DAY_BEFORE, False),
        (date(2026, 4, 9), TODAY, True),
        (DAY_AFTER, None, False),
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (date(2026, 4, 9), DAY_AFTER, True),
    ],
    ids=["ended yesterday", "ends today", "begins tomorrow", "begins today", "one day", "ends tomorrow"],
)
def test_a_seat_counts_on_its_days(cast: Cast, starts_on: date, ends_on: date | None, sees: bool) -> None:
    action = an_action("SKT")
    newcomer = an_account("new@skt.test", "SKT")
    seat(newcomer, "council", "liaison", starts_on=starts_on, ends_on=ends_on)
    who = actor_of(newcomer)
    assert visible_to(who, ActionItem.objects.all(), on=TODAY).exists() is sees
    assert can(who, "report", action, on=TODAY) is sees
    assert bool(standing(who, on=TODAY).seats) is sees


def test_what_was_seen_through_a_seat_is_gone_the_day_after_it_ended(cast: Cast) -> None:
    a_labelled_action("TLP:GREEN")
    an_open_meeting()
    who = actor_of(cast.former_liaison)
    last, after = standing(who, on=date(2026, 6, 30)), standing(who, on=date(2026, 7, 1))
    for rows in (ActionItem.objects.all(), Meeting.objects.all()):
        assert visible_to(last, rows).exists()
        assert not visible_to(after, rows).exists()


def test_an_account_that_was_closed_stands_nowhere(cast: Cast) -> None:
    User.objects.filter(pk=cast.secretary.pk).update(is_active=False)
    assert standing(actor_of(cast.secretary), on=TODAY) == nobody(TODAY)


def test_an_account_without_a_person_stands_nowhere(cast: Cast) -> None:
    account = User.objects.create_user("machine@msit.test")
    assert standing(actor_of(account), on=TODAY).seats == frozenset()


def test_nobody_and_the_system_itself_see_nothing_of_anything(cast: Cast) -> None:
    an_action("SKT", label="TLP:CLEAR")
    for who in (ANONYMOUS, Actor.system("job")):
        assert standing(who, on=TODAY) == nobody(TODAY)
        for model in RULES:
            assert not visible_to(who, model._default_manager.all(), on=TODAY).exists(), model


def test_a_person_without_an_account_stands_by_the_seat(cast: Cast) -> None:
    ceo = Seat.objects.get(role="member", body__code="council", person__name_ko="박윤영").person
    an_action("KT")
    an_action("SKT")
    who = Actor(label="letter", person_id=ceo.pk, organisation_id=ceo.organisation_id)
    seen = visible_to(who, ActionItem.objects.all(), on=TODAY)
    assert [action.owner.code for action in seen] == ["KT"]


def test_administering_accounts_opens_no_paper(cast: Cast) -> None:
    an_action("SKT", label="TLP:CLEAR")
    an_open_meeting()
    who = standing(actor_of(cast.accounts), on=TODAY)
    seen = {model._meta.model_name for model in RULES if visible_to(who, model._default_manager.all()).exists()}
    assert seen == {"body", "organisation", "person", "seat", "user"}


def test_a_secretary_who_does_not_belong_to_the_ministry_runs_nothing(cast: Cast) -> None:
    odd = an_account("odd@kt.test", "KT")
    seat(odd, "council", "secretary")
    action = an_action("SKT")
    assert standing(actor_of(odd), on=TODAY).secretariat_of == frozenset()
    assert not can(actor_of(odd), "verify", action, on=TODAY)
    assert not visible_to(actor_of(odd), ActionItem.objects.all(), on=TODAY).exists()


def test_the_secretary_of_the_working_group_does_not_run_the_council(cast: Cast) -> None:
    clerk = an_account("clerk@msit.test", "MSIT")
    seat(clerk, "ciso", "secretary")
    an_action("SKT")
    who = actor_of(clerk)
    assert standing(who, on=TODAY).secretariat_of == {cast.ciso.pk}
    assert not visible_to(who, ActionItem.objects.all(), on=TODAY).exists()


def test_an_actor_that_claims_another_organisation_stands_for_its_persons(cast: Cast) -> None:
    """The organisation is read from the person, not from what the actor carries."""
    an_action("SKT")
    claim = Actor(
        label="x", user_id=cast.kt_liaison.pk, person_id=cast.kt_liaison.person_id, organisation_id=cast.skt.pk
    )
    assert standing(claim, on=TODAY).organisation_id == cast.kt.pk
    assert not visible_to(claim, ActionItem.objects.all(), on=TODAY).exists()
