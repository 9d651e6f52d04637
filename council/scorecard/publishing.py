"""What the public is told of a quarter: statuses out of reports that are TLP:CLEAR, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.calendar import BusinessCalendar, local_day
from council.core.errors import NotAllowedNow
from council.core.labels import Disclosure, Label
from council.core.lifecycle import move
from council.core.quarters import Quarter
from council.core.wording import day_text
from council.declaration.models import Commitment, Pillar
from council.mail.operations import announce
from council.parties.models import Body
from council.reports.models import Report, ReportingRound
from council.scorecard.models import PUBLIC_QUARTER, PublicQuarter
from council.scorecard.operations import ScorecardRefused
from council.scorecard.payload import Payload, digest

State = PublicQuarter.State
# For how many business days the carriers have it before the public does.
SHOWN_FOR = 3

type Key = tuple[str, str]  # the codes of a commitment and of an organisation


def clear_reports(body: Body, quarters: Iterable[Quarter]) -> list[Report]:
    """The accepted reports that everybody may know: CLEAR, and not withheld from disclosure by a ground of the law.

    While a correction is asked for, what was accepted stands: that it is asked for is nobody's to see.
    """
    rows = Report.objects.accepted().filter(round__body=body, round__covers__in=list(quarters))
    rows = rows.filter(label=Label.CLEAR).exclude(disclosure__in=[Disclosure.PARTIAL, Disclosure.CLOSED])
    rows = rows.exclude(commitment__state=Commitment.State.WITHDRAWN)
    related = rows.select_related("round", "commitment__pillar", "organisation")
    ordered = related.order_by("commitment__code", "organisation__code")
    return [report for report in ordered if report.counting_label == Label.CLEAR]


def payload_for(body: Body, quarter: Quarter) -> Payload:
    """What may be published of a quarter as things stand: by pillar, each organisation's status on each promise."""
    reports = clear_reports(body, [quarter])
    pillars: list[Pillar | None] = [
        *Pillar.objects.filter(declaration__body=body).order_by("declaration", "order"),
        None,
    ]
    parts = [_pillar(pillar, [one for one in reports if one.commitment.pillar == pillar]) for pillar in pillars]
    return {"quarter": str(quarter), "pillars": [part for part in parts if part["commitments"]]}


def _pillar(pillar: Pillar | None, reports: list[Report]) -> Payload:
    commitments: dict[int, Payload] = {}
    for report in reports:
        one = report.commitment
        kept = commitments.setdefault(
            one.pk, {"code": one.code, "title": _words(one.title_ko, one.title_en), "statuses": []}
        )
        owner = report.organisation
        name = _words(owner.short_ko or owner.name_ko, owner.short_en or owner.name_en)
        kept["statuses"].append({"organisation": {"code": owner.code, "name": name}, "status": report.ministry_rating})
    title = _words(pillar.title_ko, pillar.title_en) if pillar else None
    return {"code": pillar.code if pillar else None, "title": title, "commitments": list(commitments.values())}


def _words(ko: str, en: str) -> Mapping[str, str]:
    return {"ko": ko, "en": en or ko}


def show_quarter(reporting_round: ReportingRound, *, by: Actor, now: datetime) -> PublicQuarter:
    """Show the carriers what the public will be told of a quarter; they are told by e-mail.

    ScorecardRefused if nothing may be published; NotAllowedNow if it was shown already.
    """
    payload = payload_for(reporting_round.body, reporting_round.covers)
    if not payload["pillars"]:
        raise ScorecardRefused(
            _("No accepted report of this quarter is TLP:CLEAR. Release those that may be published.")
        )
    row = PublicQuarter(
        body=reporting_round.body, quarter=reporting_round.covers, payload=payload, sha256=digest(payload), shown_at=now
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise NotAllowedNow(_("This quarter has been shown already. Withdraw that first.")) from error
        after = {"quarter": str(row.quarter), "sha256": row.sha256}
        audit.record(by=by, verb="public.shown", target=row, after=after)
        announce("public_quarter_shown", row, by=by)
    return row


def release_quarter(row: PublicQuarter, *, by: Actor, now: datetime) -> None:
    """Tell the public what the carriers were shown, word for word.

    NotAllowedNow before they have had it for ``SHOWN_FOR`` business days; ScorecardRefused if what may be published is
    not what they were shown any more. What is tightened afterwards is taken off by ``published``, on every read.
    """
    first = BusinessCalendar.load().shift(local_day(row.shown_at), SHOWN_FOR)
    if local_day(now) < first:
        raise NotAllowedNow(
            _("The carriers see it first: it can be released from %(day)s on.") % {"day": day_text(first)}
        )
    with transaction.atomic():
        if digest(payload_for(row.body, row.quarter)) != row.sha256:
            raise ScorecardRefused(
                _("What may be published has changed since it was shown. Withdraw it and show it anew.")
            )
        move(row, to=State.RELEASED, by=by, lifecycle=PUBLIC_QUARTER, verb="public.released", released_at=now)


def withdraw_quarter(row: PublicQuarter, *, by: Actor, reason: str) -> None:
    """Take a quarter back, with a reason; it can be shown anew."""
    if not (because := reason.strip()):
        raise ScorecardRefused(_("Say why."), field="reason")
    move(
        row, to=State.WITHDRAWN, by=by, lifecycle=PUBLIC_QUARTER, verb="public.withdrawn", reason=because,
        withdrawn_because=because,
    )  # fmt: skip


def published(body: Body) -> list[Payload]:
    """The released quarters, the newest first, less what has been tightened, corrected or withdrawn since."""
    rows = list(PublicQuarter.objects.filter(body=body, state=State.RELEASED).order_by("-quarter"))
    clear = {
        (report.round.covers, report.commitment.code, report.organisation.code): report.ministry_rating
        for report in clear_reports(body, [row.quarter for row in rows])
    }
    return [_still(row, {key[1:]: rating for key, rating in clear.items() if key[0] == row.quarter}) for row in rows]


def _still(row: PublicQuarter, clear: Mapping[Key, str]) -> Payload:
    """Of what was released that which is CLEAR today, with the status it had."""

    def shown(code: str, statuses: list[Any]) -> list[Any]:
        return [one for one in statuses if clear.get((code, one["organisation"]["code"])) == one["status"]]

    pillars = []
    for pillar in row.payload["pillars"]:
        kept = [one | {"statuses": shown(one["code"], one["statuses"])} for one in pillar["commitments"]]
        if commitments := [one for one in kept if one["statuses"]]:
            pillars.append(pillar | {"commitments": commitments})
    return {"quarter": row.payload["quarter"], "pillars": pillars}
