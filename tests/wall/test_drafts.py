"""A draft is its owner's alone, also in what the record says of it: no percentage, no file name."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models
from django.test import Client

from council.actions.models import ActionItem, ProgressUpdate
from council.actions.operations.progress import save_draft, submit_progress
from council.core.models import AuditEntry
from council.files.models import StoredFile
from council.parties.models import User
from tests.actions.steps import a_report
from tests.factories import link, moment, pdf
from tests.wall.world import World

NOW = moment("2026-11-24 10:00")
type SignIn = Callable[[User], Client]


def test_the_record_shows_the_ministry_nothing_of_a_draft(world: World, as_user: SignIn) -> None:
    action = ActionItem.objects.exclude(pk__in=ProgressUpdate.objects.values("action")).filter(
        owner__code="SKT", body__code="council", state="in_progress"
    )[0]
    report = a_report(percent=77, uploads=[pdf("kept-back.pdf")])
    draft = save_draft(action, by=world.actor("skt_liaison"), progress=report)
    file = StoredFile.objects.get(name="kept-back.pdf")
    assert as_user(world.users["skt_ciso"]).get(link("file", file.pk)).getvalue().startswith(b"%PDF")
    secretary = as_user(world.users["secretary"])
    assert secretary.get(link("file", file.pk)).status_code == 404
    assert told(secretary, draft, file) == set()
    submit_progress(action, by=world.actor("skt_liaison"), now=NOW, progress=report)
    assert told(secretary, draft, file) == {"kept-back.pdf", "(77 %)"}


def told(reader: Client, *things: models.Model) -> set[str]:
    """What the record says to a reader of the draft's percentage and file, in its list and on its pages."""
    texts = [reader.get("/admin/council/auditentry/").text]
    for thing in things:
        entries = AuditEntry.objects.filter(target_type=thing._meta.model_name, target_id=str(thing.pk))
        texts += [reader.get(f"/admin/council/auditentry/{entry.pk}/change/").text for entry in entries]
    assert len(texts) >= 4
    return {word for word in ("kept-back.pdf", "(77 %)") if any(word in text for text in texts)}
