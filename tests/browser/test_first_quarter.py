"""The main job in a real browser: schedule, report, submit, verify; a competitor finds nothing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from council.actions.states import ActionState
from council.core.models import Closure
from council.core.quarters import Quarter
from council.mail.models import EngineState
from council.meetings.models import Meeting
from council.parties.models import Person
from tests.factories import Cast, an_action, moment
from tests.proofs import PROOF

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture(autouse=True)
def tuesday() -> Any:
    with time_machine.travel(moment("2026-11-24 10:00"), tick=True):
        yield


def test_the_secretary_schedules_the_next_regular_meeting_as_proposed(cast: Cast, visit: Any) -> None:
    secretary = visit(cast.secretary)
    secretary.go(reverse("admin:index"))
    secretary.go(reverse("admin:council_meeting_add"))
    secretary.page.click("input[name=_save]")
    meeting = Meeting.objects.get(quarter=Quarter(2027, 2))
    assert (meeting.body, meeting.starts_at) == (cast.council, moment("2027-05-20 10:00"))
    assert meeting.ends_at == meeting.starts_at + timedelta(minutes=90)
    assert secretary.faults == []


def test_a_liaison_reports_and_submits_and_the_secretary_verifies(cast: Cast, visit: Any, tmp_path: Path) -> None:
    item = an_action("SKT", title="정보보호 강화계획 수립")
    an_action("SKT", commitment="C13", title="통합요금제 출시 준비 현황 보고", due_on=date(2026, 12, 17))
    an_action("KT", title="정보보호 강화계획 수립")
    EngineState.objects.create(pk=1, heartbeat_at=moment("2026-11-24 10:00"))
    for user, name in ((cast.secretary, "간사(시연)"), (cast.skt_liaison, "SK텔레콤 담당자(시연)")):
        Person.objects.filter(user=user).update(name_ko=name)
    plan = tmp_path / "계획서.pdf"
    plan.write_bytes(b"%PDF-1.7\n1 0 obj\n%%EOF\n")

    liaison = visit(cast.skt_liaison)
    liaison.picture("desk")
    liaison.page.click(f"a[href='{reverse('portal:action', args=[item.pk])}']")
    liaison.page.click(f"a[href='{reverse('portal:action_report', args=[item.pk])}']")
    liaison.page.fill("input[name=percent]", "140")
    liaison.page.fill("textarea[name=text]", "강화계획을 수립하였습니다.")
    liaison.page.click("input[name=submit_progress], button[name=submit_progress]")
    assert liaison.page.locator("[aria-invalid=true], .is-invalid").count() >= 1
    assert liaison.page.input_value("textarea[name=text]") == "강화계획을 수립하였습니다."
    liaison.page.fill("input[name=percent]", "100")
    liaison.page.set_input_files("input[name=uploads]", plan)
    liaison.page.click("input[name=submit_progress], button[name=submit_progress]")
    liaison.page.click(f"form[action='{reverse('portal:action_submit', args=[item.pk])}'] button")
    item.refresh_from_db()
    assert item.state == ActionState.SUBMITTED
    liaison.picture("action")

    secretary = visit(cast.secretary)
    secretary.go(reverse("admin:index"))
    secretary.picture("dashboard")
    secretary.go(reverse("admin:council_actionitem_change", args=[item.pk]))
    assert "강화계획을 수립하였습니다." in secretary.page.content()
    secretary.picture("verify")
    secretary.page.click(f"a[href='{reverse('admin:council_actionitem_do', args=[item.pk, 'verify'])}']")
    for box in secretary.page.locator("#content form [type=checkbox]").all():
        box.check()
    secretary.page.click("#content form [type=submit]")
    item.refresh_from_db()
    assert item.state == ActionState.VERIFIED
    # The 422 of the refused form is the one thing the console may mention.
    assert [fault for fault in liaison.faults if "422" not in fault] == []
    assert secretary.faults == []


def test_a_form_that_is_pressed_twice_is_sent_once(cast: Cast, visit: Any) -> None:
    secretary, sent = visit(cast.secretary), []
    secretary.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    secretary.go(reverse("admin:council_closure_add"))
    secretary.page.fill("input[name=date]", "2026-12-28")
    secretary.page.fill("input[name=name]", "임시공휴일")
    # A hand is slower than the browser and faster than the server.
    secretary.page.evaluate("""() => {
        const save = document.querySelector("input[name=_save]");
        save.click();
        setTimeout(() => save.click(), 40);
    }""")
    secretary.page.wait_for_url("**/closure/")
    assert len(sent) == 1
    assert Closure.objects.filter(name="임시공휴일").count() == 1


def test_a_competitor_does_not_learn_that_the_item_exists(cast: Cast, visit: Any) -> None:
    item = an_action("SKT", title="비밀 과제")
    competitor = visit(cast.kt_liaison)
    assert "비밀 과제" not in competitor.page.content()
    assert competitor.go(reverse("portal:action", args=[item.pk])) == 404
    hidden = competitor.page.inner_text("main")
    assert competitor.go(reverse("portal:action", args=[999_999])) == 404
    assert competitor.page.inner_text("main") == hidden


@pytest.mark.parametrize("width", [1280, 390] if PROOF else [390])
def test_no_page_of_a_role_violates_the_policy_or_asks_elsewhere(cast: Cast, visit: Any, width: int) -> None:
    item = an_action("SKT")
    meeting = Meeting.objects.get(kind=Meeting.Kind.FOUNDING)
    liaison, secretary = visit(cast.skt_liaison, width=width), visit(cast.secretary, width=width)
    shared = [
        reverse("portal:desk"), reverse("portal:commitments"), reverse("portal:meetings"),
        reverse("portal:action", args=[item.pk]), reverse("portal:meeting", args=[meeting.pk]),
        reverse("portal:commitment", args=[item.commitment_id]),
    ]  # fmt: skip
    for path in [*shared, reverse("portal:action_report", args=[item.pk])]:
        assert (path, liaison.go(path)) == (path, 200)
    models = ["meeting", "agendaitem", "actionitem", "commitment", "seat", "reminderrule", "closure", "delivery"]
    admin_pages = [reverse("admin:index"), *(reverse(f"admin:council_{model}_changelist") for model in models)]
    admin_pages += [reverse(f"admin:council_{model}_add") for model in models if model != "delivery"]
    admin_pages += [
        reverse("admin:council_actionitem_change", args=[item.pk]),
        reverse("admin:council_meeting_change", args=[Meeting.objects.get(quarter="2027-Q1", body__code="council").pk]),
    ]
    for path in [*shared, *admin_pages]:
        assert (path, secretary.go(path)) == (path, 200)
    assert (liaison.faults, secretary.faults) == ([], [])
