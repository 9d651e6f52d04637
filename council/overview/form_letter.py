"""A form on which an owner who does not report in the system does so by letter."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from council.actions.models import ActionItem
from council.core.labels import Label
from council.core.languages import languages
from council.core.wording import day_text
from council.documents.official import Grid, Line, Official

# What is filled in by hand has room for some lines.
ROOM = "\n" * 8
LITTLE_ROOM = "\n" * 2


def form_letter(action: ActionItem, *, author: str, made_at: datetime) -> Official:
    """What the ministry enters of it under "enter a report for the owner", in the same order."""
    pillar = action.own_pillar
    facts = [
        (gettext("Reference"), f"{action.owner.short} {action.reference}"),
        (gettext("Action item"), action.title),
        (gettext("Pillar"), pillar.title if pillar else gettext("Running of the council")),
        (gettext("Commitment"), str(action.commitment) if action.commitment else ""),
        (gettext("Due"), day_text(action.due_on)),
    ]
    asked = (
        (gettext("Progress (%)"), LITTLE_ROOM),
        (gettext("What was done"), ROOM),
        (gettext("Attached evidence"), LITTLE_ROOM),
        (gettext("Name and position of the sender"), LITTLE_ROOM),
    )
    return Official(
        title=gettext("Progress report by letter"),
        language=languages()[0],
        author=author,
        made_at=made_at,
        label=Label.strictest([Label.AMBER_STRICT, action.label]),
        facts=tuple((name, text) for name, text in facts if text),
        parts=(
            Grid(gettext("To be filled in by the owner"), (gettext("What"), gettext("Answer")), asked, (25, 75)),
            Line(gettext("The ministry enters this report as it is received and marks it so; you are told by e-mail.")),
            Line(gettext("State secrets must not be entered.")),
        ),
    )
