"""What stands inside the organisations of the world before anything is handed in: parts, clearances, letters."""

from __future__ import annotations

from itertools import count
from typing import Any

from council.actions.models import ActionItem, ProgressUpdate
from council.clearance.models import Clearance, ClearancePiece
from council.core.models import AuditEntry
from council.files.models import StoredFile
from council.mail.models import Delivery, DeliveryAttempt
from council.parties.models import Body, Organisation, Person, Seat, User
from council.reports.models import Contribution, ContributionFile, Report
from tests.factories import TODAY, moment
from tests.mail.letters import a_letter, a_notice

AT = moment("2026-11-24 09:00")
NUMBERS = count(1)
LETTERS = {
    "contribution_asked": "skt_council_contributor", "contribution_delivered": "skt_liaison",
    "clearance_asked": "skt_council_approver", "clearance_answered": "kt_liaison",
}  # fmt: skip
# Who is asked for a part, or for clearance: of the same organisation with the seat, without it, and of a rival.
CONTRIBUTORS = {
    "SKT": ("skt_council_contributor", "skt_council_observer"),
    "KT": ("kt_liaison", "skt_council_contributor"),
    "MSIT": ("msit_council_contributor", "msit_ciso_contributor"),
}
EXECUTIVES = {
    "SKT": ("skt_council_approver", "skt_ceo", "skt_liaison"),
    "KT": ("kt_ceo", "skt_council_approver"),
    "MSIT": ("msit_council_approver", "msit_ciso_member"),
}


def inside(bodies: list[Body], users: dict[str, User]) -> None:
    """On two reports and on items of each body and organisation."""
    for body in bodies:
        for code, names in CONTRIBUTORS.items():
            owner = Organisation.objects.get(code=code)
            reports = list(Report.objects.filter(round__body=body, organisation=owner).order_by("pk")[:2])
            actions = [
                ActionItem.objects.filter(body=body, owner=owner, label=label, state="open", description="")[0]
                for label in ("TLP:RED", "TLP:AMBER")
            ]
            for name in names:
                for about in (*reports, *actions):
                    _part(body, owner, about, _person(users[name]), users["secretary"])
            if code == "SKT" and body.code == "council":  # asked, but in no seat of a contributor
                for role in Seat.Role.values:
                    _part(body, owner, reports[0], _person(users[f"skt_council_{role}"]), users["secretary"], "taken")
            for name in EXECUTIVES[code]:
                _batch(body, owner, [*reports, *actions], _person(users[name]), users["secretary"])
    for kind, user in LETTERS.items():
        letter: Delivery = a_letter(users[user])
        a_notice(users[user], letter, kind=kind)
        DeliveryAttempt.objects.create(delivery=letter, at=AT, outcome="accepted")


def _person(user: User) -> Person:
    assert user.person is not None
    return user.person


def _file() -> StoredFile:
    return StoredFile.objects.create(file=f"aa/i{next(NUMBERS)}", name="i", size=1, sha256="0" * 64, media_type="t")


def _part(body: Body, owner: Organisation, about: Any, contributor: Person, by: User, state: str = "") -> None:
    """Asked for, recalled, given and taken: each on its own report or item, in turn."""
    state = state or ("asked", "recalled", "delivered", "taken")[next(NUMBERS) % 4]
    given = {"delivered_at": AT, "delivered_by": by} if state in {"delivered", "taken"} else {}
    row = Contribution.objects.create(
        organisation=owner, body=body, contributor=contributor, due_on=TODAY, asked_by=by, state=state, **given,
        **{"report" if isinstance(about, Report) else "action": about},
    )  # fmt: skip
    piece = ContributionFile.objects.create(contribution=row, file=_file())
    _recorded(row, piece)


def _batch(body: Body, owner: Organisation, about: list[Any], approver: Person, by: User) -> None:
    row = Clearance.objects.create(
        organisation=owner, body=body, approver=approver, asked_by=by, asked_at=AT, state="cleared", answered_by=by,
        answered_at=AT, on_paper="p", signed=_file(),
    )  # fmt: skip
    reports = [one for one in about if isinstance(one, Report)]
    items = [one for one in about if isinstance(one, ActionItem)]
    drafts = list(ProgressUpdate.objects.filter(action__in=items, organisation=owner, state="draft"))
    assert {update.action.label for update in drafts} == {"TLP:RED", "TLP:AMBER"}
    pieces = ClearancePiece.objects.bulk_create(
        ClearancePiece(
            clearance=row, target_type=str(target._meta.model_name), target_id=target.pk, about="a", content=[],
            sha256="0" * 64,
        )
        for target in (*reports, *drafts)
    )  # fmt: skip
    _recorded(row, pieces[0])


def _recorded(*rows: Any) -> None:
    """What the record says of some of them."""
    if next(NUMBERS) % 5 == 0:
        body, organisation = rows[0].body_id, rows[0].organisation_id
        about = [(str(row._meta.model_name), str(row.pk), "contribution.asked") for row in rows]
        said = ("organisation.clearance_required", "organisation.clearance_not_required")
        about += [("organisation", str(organisation), verb) for verb in said]
        AuditEntry.objects.bulk_create(
            AuditEntry(
                at=AT, verb=verb, actor="x", organisation_id=organisation, body_id=body, target_type=kind, target_id=pk
            )
            for kind, pk, verb in about
        )
