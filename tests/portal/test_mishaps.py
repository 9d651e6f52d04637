"""Buttons pressed twice, files gone from the disk, dates nobody means."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.test import Client
from django.urls import reverse

from council.actions.models import Evidence, ProgressUpdate
from council.actions.operations.progress import Progress, submit_progress
from council.core.models import AuditEntry
from council.meetings.models import Meeting
from council.parties.models import User
from tests.factories import Cast, actor_of, an_action, moment, pdf

type SignIn = Callable[[User], Client]


def test_the_same_report_sent_twice_is_one_report(cast: Cast, as_user: SignIn) -> None:
    client, action = as_user(cast.skt_liaison), an_action()
    data = {"percent": 40, "text": "추진 중", "label": "TLP:AMBER+STRICT", "submit_progress": "1"}
    address = reverse("portal:action_report", args=[action.pk])
    assert [client.post(address, data).status_code for _time in range(2)] == [302, 422]
    assert list(ProgressUpdate.objects.values_list("state", flat=True)) == ["submitted"]
    assert client.post(address, data | {"text": "완료"}).status_code == 302


def test_a_file_gone_from_the_disk_is_not_found_and_not_noted_as_downloaded(cast: Cast, as_user: SignIn) -> None:
    progress = Progress(percent=10, text="추진 중", uploads=[pdf()])
    submit_progress(an_action(), by=actor_of(cast.skt_liaison), now=moment("2026-11-24 10:00"), progress=progress)
    stored = Evidence.objects.get().file
    assert stored is not None
    Path(stored.file.path).unlink()
    assert as_user(cast.skt_liaison).get(reverse("portal:file", args=[stored.pk])).status_code == 404
    assert not AuditEntry.objects.filter(verb="file.downloaded", refused=False).exists()


def test_signing_in_from_the_sign_in_page_leads_to_the_desk(cast: Cast, as_user: SignIn) -> None:
    answer = as_user(cast.skt_liaison).get("/login/?next=/login/")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("portal:desk"))


def test_a_meeting_in_the_year_9999_is_refused_in_words(cast: Cast, as_user: SignIn) -> None:
    meetings = Meeting.objects.count()
    data = {
        "body": cast.council.pk,
        "quarter": "2027-Q3",
        "kind": "regular",
        "starts_at_0": "9999-12-31",
        "starts_at_1": "22:00",
        "ends_at_0": "9999-12-31",
        "ends_at_1": "23:00",
        "mode": "in_person",
        "outside_quarter_because": "시험",
    }
    answer = as_user(cast.secretary).post(reverse("admin:council_meeting_add"), data)
    assert answer.status_code == 200
    assert "2000년부터 2100년 사이" in answer.text
    assert Meeting.objects.count() == meetings
