"""More readers: the ministry asks, the owner agrees, and only then does the label change."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from council.actions.models import ActionItem
from council.core.errors import NotAllowedNow, SomebodyWasFaster
from council.core.labels import Label
from council.core.models import AuditEntry
from council.mail.models import Notice
from council.release.models import ReleaseRequest
from council.release.operations import ReleaseRefused, agree, decline, release, take_back, tighten
from tests.access.rows import a_labelled_action, an_update, who_sees
from tests.factories import Cast, actor_of, an_action, moment

pytestmark = pytest.mark.both_databases
NOW = moment("2026-11-24 10:00")


def asked(cast: Cast, row: Any, to: str = Label.GREEN) -> ReleaseRequest:
    request = release(row, to=to, reason="For the council", by=actor_of(cast.secretary), now=NOW)
    assert request is not None
    return request


def told_of(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def test_asking_changes_nothing_and_tells_the_owners_liaison_alone(cast: Cast) -> None:
    action = a_labelled_action(Label.AMBER_STRICT)
    before = who_sees(cast, action)
    asked(cast, action)
    action.refresh_from_db()
    assert (action.label, action.released_at, who_sees(cast, action)) == (Label.AMBER_STRICT, None, before)
    assert told_of("release_asked") == {"liaison@skt.test"}


def test_once_the_owner_agrees_the_label_reaches_more_and_the_secretary_is_told(cast: Cast) -> None:
    action = a_labelled_action(Label.AMBER_STRICT)
    assert "kt_liaison" not in who_sees(cast, action)
    agree(asked(cast, action), by=actor_of(cast.skt_liaison), now=NOW)
    action.refresh_from_db()
    assert (action.label, action.released_at) == (Label.GREEN, NOW)
    assert "kt_liaison" in who_sees(cast, action)
    assert told_of("release_answered") == {"secretary@msit.test"}
    entry = AuditEntry.objects.get(verb="label.released")
    assert (entry.before, entry.after, entry.reason) == (
        {"label": "TLP:AMBER+STRICT"}, {"label": "TLP:GREEN"}, "For the council",
    )  # fmt: skip


def test_an_owner_who_does_not_agree_says_why_and_the_label_stays(cast: Cast) -> None:
    action = a_labelled_action(Label.AMBER_STRICT)
    request = asked(cast, action)
    with pytest.raises(ReleaseRefused) as refusal:
        decline(request, by=actor_of(cast.skt_liaison), now=NOW, answer=" ")
    assert refusal.value.field == "answer"
    decline(request, by=actor_of(cast.skt_liaison), now=NOW, answer="It names a supplier")
    action.refresh_from_db()
    assert (action.label, request.state) == (Label.AMBER_STRICT, "declined")


def test_what_was_answered_is_not_answered_again(cast: Cast) -> None:
    action, by = a_labelled_action(Label.AMBER_STRICT), actor_of(cast.skt_liaison)
    request = asked(cast, action)
    decline(request, by=by, now=NOW, answer="No")
    with pytest.raises(NotAllowedNow):
        agree(request, by=by, now=NOW)
    with pytest.raises(NotAllowedNow):
        take_back(request, by=actor_of(cast.secretary), now=NOW, reason="Not needed")
    action.refresh_from_db()
    assert action.label == Label.AMBER_STRICT


def test_two_answers_at_once_count_once(cast: Cast) -> None:
    action, by = a_labelled_action(Label.AMBER_STRICT), actor_of(cast.skt_liaison)
    request = asked(cast, action)
    stale = ReleaseRequest.objects.get(pk=request.pk)
    decline(request, by=by, now=NOW, answer="No")
    with pytest.raises(SomebodyWasFaster):
        agree(stale, by=by, now=NOW)
    action.refresh_from_db()
    assert (action.label, AuditEntry.objects.filter(verb="label.released").count()) == (Label.AMBER_STRICT, 0)


def test_agreement_does_not_reach_a_label_that_was_not_asked_about(cast: Cast) -> None:
    """Tightened between question and answer: the owner agreed to something else."""
    action = a_labelled_action(Label.AMBER_STRICT)
    request = asked(cast, action, Label.AMBER)
    tighten(action, to=Label.RED, reason="Names a supplier", by=actor_of(cast.secretary), now=NOW)
    with pytest.raises(SomebodyWasFaster):
        agree(request, by=actor_of(cast.skt_liaison), now=NOW)
    action.refresh_from_db()
    request.refresh_from_db()
    assert (action.label, request.state) == (Label.RED, "taken_back")
    assert asked(cast, action, Label.AMBER_STRICT).state == "asked"


def test_an_owner_is_asked_once_at_a_time(cast: Cast) -> None:
    action = a_labelled_action(Label.AMBER_STRICT)
    request = asked(cast, action)
    with pytest.raises(ReleaseRefused):
        asked(cast, action, Label.AMBER)
    take_back(request, by=actor_of(cast.secretary), now=NOW, reason="Asked too much")
    assert asked(cast, action, Label.AMBER).state == "asked"


def test_the_ministry_releases_its_own_by_itself(cast: Cast) -> None:
    action = an_action("MSIT", label=Label.AMBER_STRICT)
    assert release(action, to=Label.AMBER, reason="Ours", by=actor_of(cast.secretary), now=NOW) is None
    action.refresh_from_db()
    assert (action.label, action.released_at, ReleaseRequest.objects.count()) == (Label.AMBER, NOW, 0)


@pytest.mark.parametrize("to", [Label.AMBER_STRICT, Label.RED])
def test_a_release_leads_to_a_wider_label(cast: Cast, to: str) -> None:
    with pytest.raises(ReleaseRefused) as refusal:
        asked(cast, a_labelled_action(Label.AMBER_STRICT), to)
    assert (refusal.value.field, ReleaseRequest.objects.count()) == ("to", 0)


def test_a_release_has_a_reason(cast: Cast) -> None:
    with pytest.raises(ReleaseRefused) as refusal:
        release(
            a_labelled_action(Label.AMBER_STRICT), to=Label.AMBER, reason="  ", by=actor_of(cast.secretary), now=NOW
        )
    assert refusal.value.field == "reason"


def test_an_update_is_not_released_past_its_item(cast: Cast) -> None:
    update = an_update(a_labelled_action(Label.AMBER_STRICT), Label.AMBER_STRICT, cast.skt_liaison)
    with pytest.raises(ReleaseRefused):
        asked(cast, update, Label.AMBER)
    ActionItem.objects.filter(pk=update.action_id).update(label=Label.GREEN)
    update.refresh_from_db()
    agree(asked(cast, update, Label.AMBER), by=actor_of(cast.skt_liaison), now=NOW)
    assert "kt_liaison" in who_sees(cast, update)


def test_tightening_takes_readers_away_at_once(cast: Cast) -> None:
    action = a_labelled_action(Label.GREEN)
    assert "kt_liaison" in who_sees(cast, action)
    tighten(action, to=Label.AMBER_STRICT, reason="Filed under the wrong label", by=actor_of(cast.secretary), now=NOW)
    assert "kt_liaison" not in who_sees(cast, action)
    assert AuditEntry.objects.get(verb="label.tightened").reason == "Filed under the wrong label"


def test_what_was_released_is_not_tightened_and_it_is_said_why(cast: Cast) -> None:
    action = a_labelled_action(Label.AMBER_STRICT)
    agree(asked(cast, action), by=actor_of(cast.skt_liaison), now=NOW)
    action.refresh_from_db()
    with pytest.raises(ReleaseRefused) as refusal:
        tighten(action, to=Label.AMBER, reason="Regretted", by=actor_of(cast.secretary), now=NOW)
    assert "TLP:GREEN" in str(refusal.value)
    action.refresh_from_db()
    assert action.label == Label.GREEN


@pytest.mark.parametrize(("to", "reason"), [(Label.GREEN, "r"), (Label.AMBER, "r"), (Label.RED, "")])
def test_tightening_leads_to_a_stricter_label_and_has_a_reason(cast: Cast, to: str, reason: str) -> None:
    action = a_labelled_action(Label.AMBER)
    with pytest.raises(ReleaseRefused):
        tighten(action, to=to, reason=reason, by=actor_of(cast.secretary), now=NOW)
    action.refresh_from_db()
    assert action.label == Label.AMBER


def test_a_question_that_is_open_is_one_in_the_database_too(cast: Cast) -> None:
    request = asked(cast, a_labelled_action(Label.AMBER_STRICT))
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseRequest.objects.filter(pk=request.pk).update(state="agreed")
    request.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        request.save()


def test_the_question_is_between_the_secretary_and_the_owner(cast: Cast) -> None:
    request = asked(cast, a_labelled_action(Label.AMBER_STRICT))
    assert who_sees(cast, request) == {"secretary", "skt_liaison", "skt_ceo", "skt_ciso"}


def test_a_question_about_a_red_item_is_seen_by_those_of_the_owner_whom_the_item_names(cast: Cast) -> None:
    assert cast.skt_ceo.person is not None
    action = a_labelled_action(Label.RED, "SKT", cast.skt_ceo.person)
    assert who_sees(cast, asked(cast, action)) == {"secretary", "skt_ceo"}
