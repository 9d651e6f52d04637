"""A draft is its owner's alone, also in what the record says of it: no percentage, no file name."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from council.actions.models import ActionItem, ProgressUpdate
from council.actions.operations import save_draft
from council.core.models import AuditEntry
from council.files.models import StoredFile
from council.parties.models import User
from tests.actions.steps import a_report
from tests.factories import pdf
from tests.wall.world import World

type SignIn = Callable[[User], Client]


def test_the_record_shows_the_ministry_nothing_of_a_draft(world: World, as_user: SignIn) -> None:
    action = ActionItem.objects.exclude(pk__in=ProgressUpdate.objects.values("action")).filter(
        owner__code="SKT", body__code="council", state="in_progress"
    )[0]
    report = a_report(percent=77, uploads=[pdf("kept-back.pdf")])
    draft = save_draft(action, by=world.actor("skt_liaison"), progress=report)
    file = StoredFile.objects.get(name="kept-back.pdf")
    assert as_user(world.users["skt_ciso"]).get(f"/files/{file.pk}/").getvalue().startswith(b"%PDF")
    secretary = as_user(world.users["secretary"])
    assert secretary.get(f"/files/{file.pk}/").status_code == 404
    texts = [secretary.get("/admin/council/auditentry/").text]
    for thing in (draft, file):
        entries = AuditEntry.objects.filter(target_type=thing._meta.model_name, target_id=str(thing.pk))
        texts += [secretary.get(f"/admin/council/auditentry/{entry.pk}/change/").text for entry in entries]
    assert len(texts) >= 4
    told = [word for word in ("kept-back.pdf", f"{draft.action_id} 77 %") if any(word in text for text in texts)]
    assert told == []
