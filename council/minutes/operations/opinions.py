"""Asking organisations, hearing them and deciding on what they say: one procedure for all that leaves the council.

Law: 공공기관의 정보공개에 관한 법률 제11조제3항 and 제21조 (third parties).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster, Text
from council.core.lifecycle import change_if
from council.core.wording import day_text, moment_text
from council.mail.operations import announce
from council.minutes.models.opinion import ASKED, Answer, Answers, AskedAbout, AskedOpinion
from council.minutes.operations.writing import LONGEST, too_long
from council.parties.models import Organisation

# 제21조제1항: whoever was told has three days to ask that it be not disclosed.
TIME_TO_OBJECT = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Procedure:
    """What differs from one thing asked about to the next: the record's first word of its verbs, and its refusals."""

    name: str
    refused: type[DomainError]


def require_on_paper(procedure: Procedure, silent: Collection[Organisation], on_paper: str) -> None:
    """Refuse to take the silence of those for consent whom nobody could have heard."""
    if silent and not on_paper.strip():
        raise procedure.refused(no_voice(silent), field="on_paper")


def no_voice(silent: Iterable[Organisation]) -> Text:
    return _("Nobody here can answer for %(names)s. Say how they are asked on paper.") % {"names": names_of(silent)}


def require_time(procedure: Procedure, *, until: datetime, now: datetime, by_law: bool) -> None:
    """Refuse a day for the answers that leaves less than what the law says, or that has passed."""
    if until > now + (TIME_TO_OBJECT if by_law else timedelta()):
        return
    raise procedure.refused(
        _("Whoever is asked has three days to object (Information Disclosure Act, Article 21 (1)).")
        if by_law
        else _("This moment has passed."),
        field="until",
    )


def answer(
    row: AskedOpinion | None, *, procedure: Procedure, about: AskedAbout, by: Actor, now: datetime, kind: str, text: str
) -> bool:
    """Note an answer, which can be changed until the date; whether it says something new. Both rows come locked."""
    if row is None:
        raise NotAllowedNow(_("Your organisation was not asked about this."))
    if not about.takes_answers(now):
        raise NotAllowedNow(_("Answers to this are not taken any more. Turn to the secretary."))
    if row.decided_at is not None:
        raise NotAllowedNow(_("The ministry has decided on your opinion already."))
    before = {"answer": row.answer, "text": row.text}
    after = {"answer": kind, "text": text.strip()}
    if before == after:
        return False
    change_if(row, before, after | {"by_id": by.account, "at": now})
    audit.record(by=by, verb=f"{procedure.name}.{kind}", target=row, before=before, after=after)
    return True


def require_an_answer(procedure: Procedure, *, kind: str, text: str) -> None:
    if kind not in {Answer.AGREED, Answer.OPPOSED}:
        raise procedure.refused(_("Choose an answer."), field="kind")
    if kind == Answer.OPPOSED and not text.strip():
        raise procedure.refused(_("Say what is not to be disclosed, and why."), field="text")
    if len(text) > LONGEST:
        raise procedure.refused(too_long(len(text)), field="text")


def require_a_reply(procedure: Procedure, reply: str) -> None:
    if not reply.strip():
        raise procedure.refused(_("Say what was done, or why the objection is not followed."), field="reply")


def decide(row: AskedOpinion, *, procedure: Procedure, by: Actor, now: datetime, follow: bool, reply: str) -> None:
    """Say what is done about an objection; the organisation is told. The row comes locked with what it is about."""
    if row.decided_at is not None:
        raise SomebodyWasFaster(_("This has been decided already."))
    if row.answer != Answer.OPPOSED or row.about.state != ASKED:
        raise NotAllowedNow(_("There is nothing to decide on here."))
    said: dict[str, Any] = {
        "followed": follow, "reply": reply.strip(), "decided_by_id": by.account, "decided_at": now,
    }  # fmt: skip
    change_if(row, {"decided_at": None}, said)
    verb = f"{procedure.name}.decided"
    audit.record(by=by, verb=verb, target=row, after={"followed": follow}, reason=reply.strip())
    announce(f"{procedure.name}_decided", row, by=by)


def require_heard(about: AskedAbout, opinions: Answers[Any], *, now: datetime) -> None:
    """Refuse to go on while an objection is not decided on, or somebody who has not answered still can."""
    if opinions.undecided().exists():
        raise NotAllowedNow(_("An objection has not been decided on. Follow it, or say why not."))
    awaited = opinions.awaited().select_related("organisation")
    if awaited and about.takes_answers(now):
        raise NotAllowedNow(
            _("%(names)s can still answer until %(until)s.")
            % {
                "names": names_of(row.organisation for row in awaited),
                "until": moment_text(about.opinions_until or now),
            }
        )


def require_day(earliest: date | None, *, now: datetime) -> None:
    """Refuse to disclose before that day."""
    if earliest and local_day(now) < earliest:
        raise NotAllowedNow(
            _("Against the will of an organisation it goes out on %(day)s at the earliest (Article 21 (3)).")
            % {"day": day_text(earliest)}
        )


def names_of(organisations: Iterable[Organisation]) -> str:
    return ", ".join(one.short for one in organisations)
