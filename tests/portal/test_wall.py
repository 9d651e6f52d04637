"""The wall: a canary in every text of each carrier; every page as everybody; no foreign canary anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.test import Client

from council.actions.models import ActionItem, Evidence, ProgressUpdate
from council.actions.operations import return_action, save_draft, submit_for_verification, submit_progress
from council.core.models import AuditEntry
from council.declaration.models import Commitment
from council.files.models import StoredFile
from council.meetings.models import Meeting
from council.parties.models import User
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.actions.steps import a_report
from tests.factories import Cast, actor_of, an_action, moment, pdf

type SignIn = Callable[[User], Client]

NOW = moment("2026-11-24 09:00")
OWN = {"SKT": {"skt_liaison", "skt_ciso", "skt_ceo"}, "KT": {"kt_liaison", "kt_ciso", "kt_ceo"}}
EVERYBODY = {
    "secretary", "chair", "lgu_liaison", "observer", "former_liaison", "accounts", "nobody", *OWN["SKT"], *OWN["KT"],
}  # fmt: skip


def hand_in(cast: Cast, owner: str, liaison: User) -> None:
    """One item of everything, each text with the owner's canary."""
    by, canary = actor_of(liaison), f"CANARY-{owner}"
    action = an_action(owner, title=f"{canary}-title", description=f"{canary}-description")
    progress = a_report(text=f"{canary}-update", uploads=[pdf(f"{canary}.pdf")], url=f"https://x.test/{canary}")
    submit_progress(action, by=by, now=NOW, progress=progress)
    submit_for_verification(action, by=by, now=NOW)
    return_action(action, by=actor_of(cast.secretary), now=NOW, comment=f"{canary}-comment")
    save_draft(action, by=by, progress=a_report(text=f"{canary}-draft", uploads=[pdf(f"{canary}-draft.pdf")]))
    meeting = Meeting.objects.get(quarter="2027-Q2", body__code="council")
    an_agenda_item(meeting, "TLP:AMBER+STRICT", owner, title=f"{canary}-proposal", state="proposed")


def pages() -> Iterator[str]:
    yield from ("/", "/commitments/", "/meetings/", "/admin/")
    yield from (f"/commitments/{pk}/" for pk in Commitment.objects.values_list("pk", flat=True)[:2])
    yield from (f"/meetings/{pk}/" for pk in Meeting.objects.values_list("pk", flat=True))
    for pk in ActionItem.objects.values_list("pk", flat=True):
        yield from (f"/actions/{pk}/", f"/actions/{pk}/report/", f"/admin/council/actionitem/{pk}/change/")
    yield from (f"/files/{pk}/" for pk in StoredFile.objects.values_list("pk", flat=True))
    yield from (f"/admin/council/{kind}/" for kind in ("actionitem", "agendaitem", "delivery", "notice"))


def test_no_page_shows_anybody_a_canary_that_is_not_theirs(cast: Cast, as_user: SignIn) -> None:
    an_open_meeting()
    hand_in(cast, "SKT", cast.skt_liaison)
    hand_in(cast, "KT", cast.kt_liaison)
    assert (ProgressUpdate.objects.count(), Evidence.objects.count()) == (4, 6)
    leaks, shown = [], set()
    for name in sorted(EVERYBODY):
        client = as_user(getattr(cast, name))
        for address in pages():
            response = client.get(address, follow=True)
            body = response.getvalue() if response.streaming else response.content
            text = body.decode(errors="replace") + str(response.headers)
            for owner in OWN:
                if f"CANARY-{owner}" in text:
                    shown.add((name, owner))
                    if name not in OWN[owner] | {"secretary"}:
                        leaks.append((name, owner, address))
                if f"CANARY-{owner}-draft" in text and name not in OWN[owner]:
                    leaks.append((name, f"draft of {owner}", address))
    assert leaks == []
    assert shown == {(name, owner) for owner, names in OWN.items() for name in names | {"secretary"}}


def test_the_record_shows_the_ministry_nothing_of_a_draft(cast: Cast, as_user: SignIn) -> None:
    draft = save_draft(
        an_action(), by=actor_of(cast.skt_liaison), progress=a_report(percent=77, uploads=[pdf("CANARY-draft.pdf")])
    )
    file = StoredFile.objects.get()
    as_user(cast.skt_ciso).get(f"/files/{file.pk}/").getvalue()
    secretary = as_user(cast.secretary)
    assert secretary.get(f"/files/{file.pk}/").status_code == 404
    texts = [secretary.get("/admin/council/auditentry/").text]
    entries = AuditEntry.objects.filter(target_type__in=["progressupdate", "storedfile"])
    texts += [secretary.get(f"/admin/council/auditentry/{entry.pk}/change/").text for entry in entries]
    assert len(texts) == 4
    told = [word for word in ("CANARY-draft.pdf", f"{draft.action_id} 77 %") if any(word in text for text in texts)]
    assert told == []
