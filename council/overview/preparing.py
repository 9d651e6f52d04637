"""What an organisation prepares before it hands anything in: drafts, departments' parts, what the executive cleared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem, ProgressUpdate
from council.actions.operations.progress import fingerprint
from council.actions.states import OWED as OWED_ACTIONS
from council.actions.states import UpdateState
from council.clearance.models import Clearance, ClearancePiece
from council.clearance.operations import pieces_about
from council.clearance.states import ClearanceState
from council.core.calendar import local_day
from council.core.errors import Text
from council.declaration.models import Indicator
from council.parties.models import Body, Organisation
from council.reports.models import Contribution, Report, ReportDraft
from council.reports.receipt import digest, drafted
from council.reports.states import ContributionState, RoundState

# How a draft stands with the executive, in a word for the page's marks and in words.
NOT_ASKED, CHANGED = "draft", "returned"
STANDS: dict[str, tuple[str, Text]] = {
    "": (NOT_ASKED, _("not put forward")),
    "changed": (CHANGED, _("changed since it was put forward")),
    **{state.value: (state.value, state.label) for state in ClearanceState},
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report or an action item on which something may be handed in, with what there is of it.

    ``key`` names it in forms; ``stands`` is how the draft as it is now stands with the executive.
    """

    key: str
    about: Report | ActionItem
    draft: ReportDraft | ProgressUpdate | None
    parts: Sequence[Contribution]
    stands: str
    clearance: Clearance | None

    @property
    def is_whole(self) -> bool:
        """There is something to hand in."""
        if isinstance(self.draft, ReportDraft):
            return bool(self.draft.narrative.strip() and self.draft.self_rating)
        return self.draft is not None

    @property
    def is_cleared(self) -> bool:
        return self.stands == ClearanceState.CLEARED

    @property
    def mark(self) -> str:
        return STANDS[self.stands][0]

    @property
    def words(self) -> Text:
        return STANDS[self.stands][1]

    @property
    def report(self) -> Report | None:
        return self.about if isinstance(self.about, Report) else None

    @property
    def name(self) -> str:
        """For a line of a form."""
        return self.about.heading

    @property
    def due_on(self) -> date:
        return self.about.last_day if isinstance(self.about, Report) else self.about.due_on


@dataclass(frozen=True, slots=True)
class Preparation:
    """All that an organisation may hand in to a body today. ``required``: nothing leaves without clearance."""

    organisation: Organisation | None
    rows: Sequence[Prepared]
    clearances: Sequence[Clearance]

    @property
    def required(self) -> bool:
        return self.organisation is not None and self.organisation.clearance_required

    @property
    def to_clear(self) -> list[Prepared]:
        """What can be put before the executive: written, and not before them or cleared as it is."""
        waits = (ClearanceState.ASKED, ClearanceState.CLEARED)
        return [row for row in self.rows if row.is_whole and row.stands not in waits]

    @property
    def to_submit(self) -> list[Prepared]:
        return [row for row in self.rows if row.is_whole and (row.is_cleared or not self.required)]

    def chosen(self, keys: Sequence[str]) -> list[Prepared]:
        return [row for row in self.rows if row.key in keys]


def preparation(who: Standing, body: Body, *, now: datetime) -> Preparation:
    """What a reader's organisation prepares for a body; to whoever looks through its people's eyes, nothing."""
    if who.through is not None:
        return Preparation(None, [], [])
    today = local_day(now)
    reports = list(_reports(who, body, today))
    actions = list(_actions(who, body))
    updates = {row.action_id: row for row in _updates(who, actions)}
    parts = _parts(who, body)
    pieces = _pieces([row.pk for row in reports], [row.pk for row in updates.values()])
    rows = []
    for report in reports:
        draft: ReportDraft | None = getattr(report, "draft", None)
        sha256 = digest(drafted(report, draft)) if draft else ""
        stands, clearance = _stands(pieces["report", report.pk], sha256)
        key = f"{report.commitment.code}@{report.round.covers}"
        rows.append(Prepared(key, report, draft, parts["report", report.pk], stands, clearance))
    for action in actions:
        update = updates.get(action.pk)
        sha256 = fingerprint(update) if update else ""
        stands, clearance = _stands(pieces["progressupdate", update.pk] if update else [], sha256)
        rows.append(Prepared(action.reference, action, update, parts["action", action.pk], stands, clearance))
    clearances = visible_to(who, Clearance.objects.filter(body=body).select_related("approver", "asked_by__person"))
    own = visible_to(who, Organisation.objects.filter(pk=who.organisation_id or 0)).first()
    return Preparation(own, rows, list(clearances[:20]))


def _reports(who: Standing, body: Body, today: date) -> QuerySet[Report]:
    open_now = Q(round__state=RoundState.OPEN) | Q(reopened_until__gte=today)
    rows = visible_to(who, Report.objects.owed().filter(open_now, organisation=who.organisation_id, round__body=body))
    rows = rows.select_related("round", "commitment__pillar", "organisation", "draft")
    rows = rows.prefetch_related("evidence__file", "evidence__submission", "commitment__indicators")
    return rows.order_by("round__covers", "commitment__code")


def _actions(who: Standing, body: Body) -> QuerySet[ActionItem]:
    mine = visible_to(who, ActionItem.objects.filter(owner=who.organisation_id, body=body, state__in=OWED_ACTIONS))
    return mine.for_display().order_by("due_on", "number")


def _updates(who: Standing, actions: Sequence[ActionItem]) -> QuerySet[ProgressUpdate]:
    drafts = visible_to(who, ProgressUpdate.objects.filter(action__in=actions, state=UpdateState.DRAFT))
    return drafts.select_related("action__owner", "organisation").prefetch_related("evidence__file")


def _parts(who: Standing, body: Body) -> dict[tuple[str, int], list[Contribution]]:
    """What was asked of departments and is not taken over yet, by what it belongs to."""
    found: dict[tuple[str, int], list[Contribution]] = defaultdict(list)
    wanted = visible_to(who, Contribution.objects.wanted().filter(body=body)).select_related("contributor")
    for part in wanted:
        found["report" if part.report_id else "action", part.report_id or part.action_id or 0].append(part)
    return found


def _pieces(reports: Sequence[int], updates: Sequence[int]) -> dict[tuple[str, int], list[ClearancePiece]]:
    """What of these was put before an executive, the newest first."""
    found: dict[tuple[str, int], list[ClearancePiece]] = defaultdict(list)
    for model, numbers in ((Report, reports), (ProgressUpdate, updates)):
        pieces = pieces_about(model, numbers).exclude(clearance__state=ClearanceState.WITHDRAWN)
        for piece in pieces.select_related("clearance"):
            found[piece.target_type, piece.target_id].append(piece)
    return found


def _stands(pieces: Sequence[ClearancePiece], sha256: str) -> tuple[str, Clearance | None]:
    """How a content stands: as it was answered last, or changed since anything was put forward."""
    same = [piece.clearance for piece in pieces if piece.sha256 == sha256]
    cleared = [one for one in same if one.state == ClearanceState.CLEARED]
    if same:
        standing = (cleared or same)[0]
        return standing.state, standing
    return ("changed", pieces[0].clearance) if pieces else ("", None)


# --- Of a department ------------------------------------------------------------------------------------------------

SHOWN = (
    "report__commitment__pillar", "report__round", "action__commitment__pillar", "action__owner", "body",
    "organisation", "contributor", "asked_by__person", "delivered_by__person",
)  # fmt: skip


def asked_of(who: Standing) -> list[Contribution]:
    """What a reader is asked to contribute, and what they have given that is not taken over yet."""
    mine = visible_to(who, Contribution.objects.wanted().filter(contributor=who.person_id or 0))
    return list(mine.select_related(*SHOWN).order_by("due_on", "pk"))


def to_clear(who: Standing) -> list[Clearance]:
    """What waits for a reader's own clearance."""
    mine = visible_to(who, Clearance.objects.filter(approver=who.person_id or 0, state=ClearanceState.ASKED))
    return list(mine.select_related("body", "organisation", "asked_by__person").order_by("pk"))


def open_parts(who: Standing, body: Body, *, like: Contribution | None = None) -> list[Contribution]:
    """What departments are still asked for, of one contributor if ``like`` is given, with the indicators they know."""
    rows = visible_to(who, Contribution.objects.wanted().filter(body=body, state=ContributionState.ASKED))
    rows = rows.select_related(*SHOWN)
    if like is not None:
        rows = rows.filter(contributor=like.contributor_id)
    indicators = visible_to(who, Indicator.objects.order_by("pk"))
    shown = Prefetch("report__commitment__indicators", indicators)
    return list(rows.prefetch_related(shown).order_by("contributor", "due_on", "pk"))
