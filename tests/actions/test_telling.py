"""Who is told of what happens to an item."""

from __future__ import annotations

from datetime import date

from council.actions.models import ActionItem
from council.actions.operations.items import open_action
from council.actions.operations.judging import return_action, submit_for_verification
from council.actions.operations.progress import save_draft
from council.core.actor import Actor
from council.declaration.models import Commitment
from council.mail.models import Notice
from tests.actions.steps import a_report, reported, submitted, verified
from tests.factories import TODAY, Cast, actor_of, an_action, moment, seat

NOW = moment("2026-11-24 11:00")


def told(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def opened(cast: Cast, by: Actor, **values: object) -> ActionItem:
    commitment = Commitment.objects.get(code="C01")
    given = {"title": "New", "body": cast.council, "owner": cast.skt, "commitment": commitment, "due_on": TODAY}
    action = ActionItem(**given | values)
    open_action(action, by=by, today=TODAY)
    return action


def test_a_new_item_reaches_its_owners_liaisons_and_no_rival(cast: Cast) -> None:
    opened(cast, actor_of(cast.secretary))
    assert told("action_assigned") == ["liaison@skt.test"]


def test_a_new_item_reaches_its_assignee_instead(cast: Cast) -> None:
    seat(cast.skt_ciso, "council", "contributor")
    opened(cast, actor_of(cast.secretary), assignee=cast.skt_ciso.person)
    assert told("action_assigned") == ["ciso@skt.test"]


def test_an_assignee_without_a_seat_is_answered_for_by_the_liaison(cast: Cast) -> None:
    opened(cast, actor_of(cast.secretary), assignee=cast.former_liaison.person)
    assert told("action_assigned") == ["liaison@skt.test"]


def test_nobody_is_told_of_a_quiet_correction(cast: Cast) -> None:
    an_action("SKT")
    assert Notice.objects.count() == 0


def test_nobody_is_told_what_they_did_themselves(cast: Cast) -> None:
    seat(cast.nobody, "council", "assistant")
    opened(cast, actor_of(cast.secretary), owner=cast.secretary.person.organisation)  # type: ignore[union-attr]
    assert told("action_assigned") == []


def test_a_submission_reaches_the_secretariat_alone(cast: Cast) -> None:
    submit_for_verification(reported(cast), by=actor_of(cast.skt_liaison), now=NOW)
    assert told("action_submitted") == ["secretary@msit.test"]


def test_a_verdict_reaches_the_owner_alone(cast: Cast) -> None:
    action, secretary = submitted(cast), actor_of(cast.secretary)
    return_action(action, by=secretary, now=NOW, comment="More")
    submit_for_verification(action, by=actor_of(cast.skt_liaison), now=NOW)
    verified(action, by=secretary, now=NOW)
    assert (told("action_returned"), told("action_verified")) == (["liaison@skt.test"], ["liaison@skt.test"])


def test_drafts_and_reports_send_nothing(cast: Cast) -> None:
    action = reported(cast)
    save_draft(action, by=actor_of(cast.skt_liaison), progress=a_report())
    assert Notice.objects.count() == 0


def test_a_notice_names_the_thing_and_the_day(cast: Cast) -> None:
    action = opened(cast, actor_of(cast.secretary))
    notice = Notice.objects.get()
    assert (notice.target_type, notice.target_id, notice.on, notice.recipient) == (
        "actionitem",
        action.pk,
        date(2026, 11, 24),
        cast.skt_liaison.person,
    )
