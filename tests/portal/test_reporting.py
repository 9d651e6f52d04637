"""Reporting progress through the form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from time_machine import Traveller

from council.actions.models import ActionItem, Evidence, ProgressUpdate
from council.actions.operations.progress import save_draft
from council.files.models import StoredFile
from council.parties.models import User
from tests.actions.steps import a_report, submitted
from tests.factories import Cast, actor_of, an_action, link, pdf

type SignIn = Callable[[User], Client]

FIFTY_MB = b"%PDF-1.7" + bytes(50 * 1024**2)
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 200


def report(client: Client, action: ActionItem, button: str = "submit_progress", **values: Any) -> Any:
    given = {"percent": "40", "text": "Half is done", "label": "TLP:AMBER+STRICT", button: "1"} | values
    return client.post(link("action_report", action.pk), given)


def written(settings: Any) -> tuple[int, int, int, int]:
    """Updates, evidence, files in the database and files on disk."""
    on_disk = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    return ProgressUpdate.objects.count(), Evidence.objects.count(), StoredFile.objects.count(), len(on_disk)


def test_progress_with_two_files_and_an_address_is_handed_in(cast: Cast, as_user: SignIn, settings: Any) -> None:
    action = an_action()
    uploads = [pdf("하나.pdf"), pdf("둘.pdf", b"%PDF-1.7 other %%EOF")]
    response = report(as_user(cast.skt_liaison), action, uploads=uploads, url="https://skt.test/proof")
    assert (response.status_code, response["Location"]) == (302, link("action", action.pk))
    update = ProgressUpdate.objects.get()
    assert (update.percent, update.text, update.state, update.by) == (40, "Half is done", "submitted", cast.skt_liaison)
    assert sorted(update.evidence.values_list("title", flat=True)) == ["https://skt.test/proof", "둘.pdf", "하나.pdf"]
    assert written(settings) == (1, 3, 2, 2)
    action.refresh_from_db()
    assert action.state == "in_progress"


def test_a_draft_is_kept_and_comes_back_into_the_form(cast: Cast, as_user: SignIn) -> None:
    client, action = as_user(cast.skt_liaison), an_action()
    assert report(client, action, "save_draft", percent="15", text="So far").status_code == 302
    assert ProgressUpdate.objects.get().state == "draft"
    initial = client.get(link("action_report", action.pk)).context["form"].initial
    assert (initial["percent"], initial["text"]) == (15, "So far")


def test_the_form_starts_from_the_percentage_last_handed_in(cast: Cast, as_user: SignIn) -> None:
    client, action = as_user(cast.skt_liaison), an_action()
    report(client, action, percent="35")
    assert client.get(link("action_report", action.pk)).context["form"].initial == {"percent": 35, "seen": ""}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"percent": "140"}, "percent"),
        ({"percent": "-1"}, "percent"),
        ({"percent": "half"}, "percent"),
        ({"percent": "12.5"}, "percent"),
        ({"percent": ""}, "percent"),
        ({"text": "   "}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"label": "TLP:CLEAR"}, "label"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "not an address"}, "url"),
        ({"uploads": [SimpleUploadedFile("report.pdf", EXE, "application/pdf")]}, "uploads"),
        ({"uploads": [pdf("good.pdf"), SimpleUploadedFile("x.exe", EXE, "application/x-msdownload")]}, "uploads"),
        ({"uploads": [SimpleUploadedFile("empty.pdf", b"", "application/pdf")]}, "uploads"),
        ({"uploads": [SimpleUploadedFile("large.pdf", FIFTY_MB, "application/pdf")]}, "uploads"),
    ],
    ids=[
        "140 percent", "minus one", "a word", "a fraction", "no percentage", "blanks", "too long", "another label",
        "a script", "no address", "a program called pdf", "a program after a good file", "an empty file", "50 MB",
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_said_on_the_form_and_nothing_is_written(
    cast: Cast, as_user: SignIn, settings: Any, values: dict[str, Any], field: str
) -> None:
    action = an_action()
    for upload in values.get("uploads", []):
        upload.seek(0)
    response = report(as_user(cast.skt_liaison), action, **values)
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert list(errors) in ([field], ["__all__"])
    assert all(str(message) for message in errors.values())
    assert written(settings) == (0, 0, 0, 0)
    action.refresh_from_db()
    assert action.state == "open"


def test_a_refused_file_is_named_beside_the_field_for_files(cast: Cast, as_user: SignIn) -> None:
    upload = SimpleUploadedFile("report.pdf", EXE, "application/pdf")
    response = report(as_user(cast.skt_liaison), an_action(), uploads=[upload])
    assert "report.pdf" in str(response.context["form"].errors.get("uploads"))


def test_the_form_keeps_what_was_typed(cast: Cast, as_user: SignIn) -> None:
    response = report(as_user(cast.skt_liaison), an_action(), percent="140", text="A long and careful text")
    assert response.context["form"]["text"].value() == "A long and careful text"
    assert "A long and careful text" in response.text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_bounds_of_a_percentage_are_said_in_the_readers_language(
    cast: Cast, as_user: SignIn, language: str
) -> None:
    User.objects.filter(pk=cast.skt_liaison.pk).update(language=language)
    response = report(as_user(User.objects.get(pk=cast.skt_liaison.pk)), an_action(), percent="140")
    said = {"ko": "0부터 100 사이로", "en": "A percentage lies between 0 and 100."}
    assert [name for name, words in said.items() if words in response.text] == [language]


def test_a_text_is_shown_as_text_and_not_as_markup(cast: Cast, as_user: SignIn) -> None:
    client, action = as_user(cast.skt_liaison), an_action()
    report(client, action, text="<script>alert('CANARY')</script>")
    text = client.get(link("action", action.pk)).text
    assert "CANARY" in text
    assert "<script>alert" not in text


@pytest.mark.parametrize("who", ["kt_liaison", "lgu_liaison", "former_liaison", "observer"])
def test_nobody_reports_on_a_foreign_item(cast: Cast, as_user: SignIn, settings: Any, who: str) -> None:
    action = an_action()
    assert report(as_user(getattr(cast, who)), action, uploads=[pdf()]).status_code == 404
    assert written(settings) == (0, 0, 0, 0)


def test_nothing_is_taken_while_the_ministry_looks_and_the_page_says_so(cast: Cast, as_user: SignIn) -> None:
    action = submitted(cast)
    response = report(as_user(cast.skt_liaison), action, text="Sneaked in")
    assert response.status_code == 422
    assert response.context["form"].non_field_errors()
    assert not ProgressUpdate.objects.filter(text="Sneaked in").exists()


def test_another_site_cannot_report(cast: Cast) -> None:
    client, action = Client(enforce_csrf_checks=True), an_action()
    client.force_login(cast.skt_liaison)
    assert report(client, action).status_code == 403
    assert ProgressUpdate.objects.count() == 0


def test_submitting_for_verification_takes_one_press(cast: Cast, as_user: SignIn) -> None:
    client, action = as_user(cast.skt_liaison), an_action()
    report(client, action, percent="100")
    assert client.post(link("action_submit", action.pk)).status_code == 302
    action.refresh_from_db()
    assert action.state == "submitted"


@pytest.mark.parametrize("drafted", [True, False])
def test_submitting_too_early_is_refused_with_a_message(cast: Cast, as_user: SignIn, drafted: bool) -> None:
    client, action = as_user(cast.skt_liaison), an_action()
    if drafted:
        save_draft(action, by=actor_of(cast.skt_liaison), progress=a_report())
    response = client.post(link("action_submit", action.pk), follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    action.refresh_from_db()
    assert action.state == "open"


def test_submitting_needs_a_post(cast: Cast, as_user: SignIn) -> None:
    assert as_user(cast.skt_liaison).get(link("action_submit", an_action().pk)).status_code == 405


def test_what_a_colleague_saved_meanwhile_is_shown_and_not_lost(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    action = an_action()
    address = link("action_report", action.pk)
    mine, theirs = as_user(cast.skt_liaison), as_user(cast.skt_liaison)
    seen = mine.get(address).context["form"].initial["seen"]
    given = {"percent": "20", "label": "TLP:AMBER+STRICT", "save_draft": "1", "seen": seen}
    assert theirs.post(address, given | {"text": "the colleague's long text"}).status_code == 302
    late = mine.post(address, given | {"text": "my own text"})
    assert late.status_code == 422
    assert "the colleague&#x27;s long text" in late.text
    assert "my own text" in late.text
    assert ProgressUpdate.objects.get().text == "the colleague's long text"
    shown = late.context["form"]["seen"].value()
    clock.shift(1)
    assert mine.post(address, given | {"text": "my own text", "seen": shown}).status_code == 302
    assert ProgressUpdate.objects.get().text == "my own text"


def test_a_draft_sent_twice_is_no_conflict(cast: Cast, as_user: SignIn) -> None:
    address = link("action_report", an_action().pk)
    given = {"percent": "20", "text": "t", "label": "TLP:AMBER+STRICT", "save_draft": "1", "seen": ""}
    client = as_user(cast.skt_liaison)
    assert [client.post(address, given).status_code for _ in range(2)] == [302, 302]


def test_a_draft_that_a_colleague_handed_in_meanwhile_is_not_started_again(cast: Cast, as_user: SignIn) -> None:
    action = an_action()
    address = link("action_report", action.pk)
    save_draft(action, by=actor_of(cast.skt_liaison), progress=a_report(text="t"))
    client = as_user(cast.skt_liaison)
    seen = client.get(address).context["form"].initial["seen"]
    ProgressUpdate.objects.update(state="submitted", submitted_at="2026-11-24T01:00:00+00:00")
    given = {"percent": "20", "text": "late", "label": "TLP:AMBER+STRICT", "save_draft": "1", "seen": seen}
    answer = client.post(address, given)
    assert (answer.status_code, ProgressUpdate.objects.count()) == (422, 1)
    assert "late" in answer.text
