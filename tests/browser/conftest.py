"""A real Chromium that reports everything a page should not do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, Page, sync_playwright

from council.parties.models import User
from tests.factories.cast import PASSWORD
from tests.factories.second_factor import an_app, code_of
from tests.services import missing

SCREENSHOTS = Path(__file__).resolve().parents[2] / "docs" / "screenshots"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright's own loop runs in this thread; Django would refuse the database for it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("Chromium")
    with sync_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        browser = playwright.chromium.launch(executable_path=path, args=quiet)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Somebody at a browser; ``faults`` collects console errors, policy violations and requests to elsewhere."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", self._same_origin)

    def _same_origin(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "about", "blob"} and parts.netloc != urlsplit(self.address).netloc:
            self.faults.append(f"request to {request.url}")

    def go(self, path: str) -> int:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        return answer.status

    def sign_in(self, user: User) -> None:
        """As a person does: the password, then what an authenticator app shows."""
        an_app(user)
        self.go("/login/")
        self.page.fill("input[name=login]", user.email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("form:has(input[name=password]) button")
        self.page.fill("input[name=code]", code_of())
        self.page.click("form:has(input[name=code]) button")

    def picture(self, name: str) -> None:
        """Keep what the reader sees, for the README, when asked to."""
        if os.environ.get("UPDATE_SCREENSHOTS"):
            self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@pytest.fixture
def answered(live_server: Any) -> Iterator[None]:
    """Waits at the end until every request has been answered: the tables are emptied next."""
    asked = {"now": 0}

    def count(by: int) -> Callable[..., None]:
        def counted(**_: Any) -> None:
            with lock:
                asked["now"] += by

        return counted

    lock, begun, over = Lock(), count(1), count(-1)
    request_started.connect(begun)
    request_finished.connect(over)
    yield
    until = monotonic() + 20
    while asked["now"] > 0 and monotonic() < until:
        sleep(0.05)
    request_started.disconnect(begun)
    request_finished.disconnect(over)


@pytest.fixture
def visit(chromium: Browser, live_server: Any, answered: None) -> Iterator[Any]:
    """``visit(user)`` opens a browser of their own and signs them in."""
    visitors: list[Visitor] = []

    def open_for(user: User, *, width: int = 1280) -> Visitor:
        context = chromium.new_context(
            locale="ko-KR", timezone_id="Asia/Seoul", viewport={"width": width, "height": 900}
        )
        visitor = Visitor(context.new_page(), live_server.url)
        visitor.watch()
        visitors.append(visitor)
        visitor.sign_in(user)
        return visitor

    yield open_for
    for visitor in visitors:
        visitor.page.context.close()
