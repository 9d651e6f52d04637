"""Whatever was taken is downloaded by a real browser and never shown or run by it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import Error

from council.actions.operations.progress import submit_progress
from council.files.models import StoredFile
from tests.actions.steps import a_report
from tests.factories import Cast, actor_of, an_action, moment
from tests.files.builders import hwpx, jpeg, ooxml, pdf, png
from tests.files.corpus import PAGE, SCRIPT, SVG, corpus

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

TAKEN = [case for case in corpus() if case.fate is None]
# The same page under every ending that lets it through, beside what the corpus has.
DISGUISED = {
    "page.csv": PAGE,
    "picture.csv": SVG,
    "script.csv": SCRIPT,
    "page.html.txt": PAGE,
    "picture.svg.txt": SVG,
    "script.js.txt": SCRIPT,
    "a.pdf": pdf(b"5 0 obj\n<</T(" + PAGE + b")>>\nendobj\n"),
    "a.jpg": jpeg(PAGE),
    "a.png": png(),
    "a.docx": ooxml("docx", {"word/a.html": PAGE}),
    "a.hwpx": hwpx({"Preview/a.html": PAGE}),
    "<img src=x onerror=\"document.title='CANARY'\">.txt": PAGE,
}


def everything(cast: Cast) -> dict[int, bytes]:
    """Every file that is taken, handed in; the contents by the numbers of the files."""
    given = [*((case.name, case.content) for case in TAKEN), *DISGUISED.items()]
    uploads = [SimpleUploadedFile("x", content) for __, content in given]
    for upload, (name, __) in zip(uploads, given, strict=True):
        upload.name = name
    by, now = actor_of(cast.skt_liaison), moment("2026-11-24 09:00")
    submit_progress(an_action(), by=by, now=now, progress=a_report(uploads=uploads))
    numbers = StoredFile.objects.order_by("id").values_list("pk", flat=True)
    return dict(zip(numbers, [content for __, content in given], strict=True))


def noted(dialogs: list[str], dialog: Any) -> None:
    dialogs.append(dialog.message)
    dialog.dismiss()


def test_every_file_is_downloaded_whole_and_none_is_shown_or_run(cast: Cast, visit: Any) -> None:
    files = everything(cast)
    visitor = visit(cast.secretary)
    page = visitor.page
    asked: list[str] = []
    dialogs: list[str] = []
    wrong: list[tuple[int, str, str]] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: noted(dialogs, dialog))
    visitor.go(reverse("portal:desk"))
    title, shown = page.title(), page.url
    for number, content in files.items():
        path = reverse("portal:file", args=[number])
        with page.expect_download() as download, pytest.raises(Error, match=r"Download is starting|ERR_ABORTED"):
            page.goto(visitor.address + path)
        kept = Path(download.value.path()).read_bytes()
        if hashlib.sha256(kept).digest() != hashlib.sha256(content).digest() or (page.title(), page.url) != (
            title,
            shown,
        ):
            wrong.append((number, page.title(), page.url))
    assert wrong == []
    assert [url for url in asked if "beacon" in url] == []
    assert (dialogs, visitor.faults) == ([], [])
    assert len(files) >= 60


def test_the_same_page_would_run_if_it_were_shown(cast: Cast, visit: Any) -> None:
    """So that the tests beside this one can fail."""
    visitor = visit(cast.secretary)
    page = visitor.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/shown", lambda route: route.fulfill(body=PAGE.decode(), content_type="text/html"))
    visitor.go("/shown")
    assert page.title() == "CANARY"
    assert any("beacon" in url for url in asked)


def test_a_page_of_ours_that_embeds_a_file_shows_and_runs_nothing_of_it(cast: Cast, visit: Any) -> None:
    """Should somebody ever manage to put markup into a page: the file itself still does nothing."""
    everything(cast)
    visitor = visit(cast.secretary)
    page = visitor.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visitor.go(reverse("portal:desk"))
    title = page.title()
    for stored in StoredFile.objects.filter(name__iregex=r"page|picture|script"):
        page.evaluate(
            """async (address) => {
                for (const [tag, key] of [["script", "src"], ["img", "src"], ["link", "href"], ["iframe", "src"],
                                          ["object", "data"], ["embed", "src"]]) {
                    const element = document.createElement(tag);
                    if (tag === "link") element.rel = "stylesheet";
                    element[key] = address;
                    document.body.append(element);
                }
                await new Promise((done) => setTimeout(done, 150));
            }""",
            reverse("portal:file", args=[stored.pk]),
        )
    assert any("/files/" in url for url in asked)
    assert [url for url in asked if "beacon" in url] == []
    assert page.title() == title
