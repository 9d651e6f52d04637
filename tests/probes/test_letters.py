"""Every kind of letter about rows whose every text is bad input: one header a line, no markup, no second recipient."""

from __future__ import annotations

import os
from datetime import date
from email import message_from_bytes, policy
from itertools import chain

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.utils import translation

from council.actions.models import ActionItem
from council.declaration.models import Commitment, Pillar
from council.mail.registry import Letter, registry
from council.meetings.models import Deadline, Meeting
from council.parties.models import Body, Organisation, Person
from council.release.models import ReleaseRequest
from tests.access.rows import an_open_meeting
from tests.factories import Cast, an_action, moment
from tests.mail.letters import a_notice
from tests.probes.corpus import EVIL, FAMILIES, MARK
from tests.probes.pages import leaks

NOW = moment("2026-11-24 10:00")
EACH = 1 if os.environ.get("PROOF") else 29
FIXED = {"target_type", "label_from", "label_to", "state"}
# Text that a database keeps and a form may let through.
TEXTS = [text for text in chain(FAMILIES["markup"], FAMILIES["headers"]) if isinstance(text, str) and "\0" not in text]


@pytest.fixture
def targets(cast: Cast) -> dict[str, models.Model]:
    """One thing of each kind that letters are about."""
    meeting, action = an_open_meeting(), an_action()
    request = ReleaseRequest.objects.create(
        target_type="actionitem", target_id=action.pk, about="t", body=cast.council, organisation=cast.skt, reason="r",
        label_from="TLP:AMBER", label_to="TLP:GREEN", asked_by=cast.secretary,
    )  # fmt: skip
    return {
        "action": action, "meeting": meeting, "release": request, "quarter": cast.council, "account": cast.skt_liaison,
        "deadline": Deadline.objects.filter(meeting=meeting)[0],
    }  # fmt: skip


def poison(text: str) -> None:
    """Every text of everything a letter could name is this."""
    kinds = (Person, Organisation, Body, Pillar, Commitment, Meeting, ReleaseRequest, ActionItem)
    for kind in kinds:
        fields = [f for f in kind._meta.concrete_fields if isinstance(f, models.CharField | models.TextField)]
        plain = [f for f in fields if not f.unique and not f.choices and f.name not in {"email", "quarter", "code"}]
        kind._default_manager.update(**{f.name: text[: f.max_length] for f in plain if f.name not in FIXED})


def letters(targets: dict[str, models.Model], cast: Cast) -> dict[str, Letter]:
    """One of every kind, in both languages."""
    written = {}
    for code in registry._kinds:
        target = targets["deadline"] if code == "meeting_deadline" else targets[code.partition("_")[0]]
        notice = a_notice(
            cast.skt_liaison, kind=code, target_type=target._meta.model_name, target_id=target.pk,
            anchor_on=date(2026, 12, 10),
        )  # fmt: skip
        for language in ("ko", "en"):
            with translation.override(language):
                written[f"{code} {language}"] = registry.render([notice], NOW)
    return written


def wrong_with(letter: Letter) -> list[str]:
    message = EmailMultiAlternatives(letter.subject, letter.text, "council@council.test", ["liaison@skt.test"])
    message.attach_alternative(letter.html, "text/html")
    read = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    wrong = leaks(letter.html)
    wrong += [f"header {name}" for name in read if name.lower() in {"bcc", "cc", "set-cookie", "location", "reply-to"}]
    wrong += [f"to {read['To']}"] if str(read["To"]) != "liaison@skt.test" else []
    wrong += ["the subject has lines"] if len(letter.subject.splitlines()) != 1 else []
    wrong += ["a foreign link"] if any(f'href="{scheme}{EVIL}' in letter.html for scheme in ("http://", "//")) else []
    return wrong


def test_no_text_becomes_markup_a_header_or_a_recipient(cast: Cast, targets: dict[str, models.Model]) -> None:
    found: dict[str, str] = {}
    told = 0
    for text in TEXTS[::EACH]:
        poison(text)
        for kind, letter in letters(targets, cast).items():
            told += MARK in letter.html or MARK in letter.subject
            found |= {f"{kind}: {problem}"[:200]: ascii(text) for problem in wrong_with(letter)}
    assert found == {}
    assert told > len(TEXTS[::EACH])  # the letters do name what was poisoned


def test_a_letter_that_leaks_is_found() -> None:
    leaking = Letter("Subject", "text", f"<p><img src=x onerror={MARK}()></p>")
    assert wrong_with(leaking)
    assert not wrong_with(Letter("Subject", "text", "<p>text</p>"))
