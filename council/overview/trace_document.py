"""A trace sheet as an official document, with the label that counts for all that is on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext

from council.actions.models import ActionItem, Evidence
from council.core.calendar import local_day
from council.core.labels import Label
from council.core.languages import languages
from council.core.wording import day_text, moment_text
from council.declaration.models import Commitment
from council.documents.official import Line, Official
from council.meetings.models import AgendaItem
from council.meetings.states import AgendaItemState
from council.minutes.models import Decision
from council.overview.reporting import ReportTask
from council.overview.thread import Event
from council.overview.trace import ActionStep, DecisionStep, ItemStep, Start, Trace
from council.reports.states import ReportState

# Nobody beside the ministry: for what nobody has been told of yet.
NOBODY: frozenset[int] = frozenset()


class Reach(NamedTuple):
    """Whom one thing on the sheet reaches; of what is strict, the organisations beside the ministry."""

    label: str
    body: int | None = None
    owners: frozenset[int] | None = None

    @property
    def is_strict(self) -> bool:
        return Label(self.label).width <= Label.AMBER_STRICT.width


def label_of(trace: Trace) -> Label:
    """The strictest of all that is on the sheet; commitments are read by the bodies' people and nobody else."""
    reaches = list(_reaches(trace))
    strictest = Label.strictest([Label.GREEN, *(one.label for one in reaches)])
    # Each body has its own circle: what is of two is for those alone who sit on both.
    bodies = {one.body for one in reaches if one.label == Label.AMBER}
    return Label.AMBER_STRICT if strictest == Label.AMBER and len(bodies) > 1 else strictest


def is_for_the_ministry(trace: Trace) -> bool:
    """Whether no organisation but the ministry may read the whole of it."""
    circles = [one.owners for one in _reaches(trace) if one.is_strict and one.owners is not None]
    return bool(circles) and not frozenset.intersection(*circles)


def _reaches(trace: Trace) -> Iterator[Reach]:
    if trace.milestones and trace.commitment and trace.commitment.sensitivity == Commitment.Sensitivity.HIGH:
        yield Reach(Label.AMBER_STRICT, owners=frozenset(part.organisation_id for part in trace.parts))
    for item in trace.items:
        yield from map(_of_item, filter(None, [item.item, item.carried_from, item.raised_from]))
    for step in trace.all_decisions:
        yield from map(_of_decision, filter(None, [step.decision, *step.replaces, step.replaced_by]))
        yield from map(_of_item, filter(None, [step.raised_to]))
    for action in trace.all_actions:
        yield from _of_action(action)
    yield from map(_of_report, trace.reports)


def _of_item(item: AgendaItem) -> Reach:
    """Off the agenda it is between its owner and the ministry; at a meeting of chosen people it is for those."""
    if not item.meeting.is_announced:
        return Reach(Label.AMBER_STRICT, owners=NOBODY)
    if item.state != AgendaItemState.ACCEPTED:
        return Reach(Label.strictest([Label.AMBER_STRICT, item.counting_label]), owners=frozenset([item.owner_id]))
    if item.meeting.by_invitation:
        return Reach(Label.AMBER_STRICT)
    return Reach(item.counting_label, item.meeting.body_id)


def _of_decision(decision: Decision) -> Reach:
    if not decision.is_told:
        return Reach(Label.AMBER_STRICT, owners=NOBODY)
    if decision.agenda_item.meeting.by_invitation:
        return Reach(Label.AMBER_STRICT)
    return Reach(decision.counting_label, decision.body_id)


def _of_action(step: ActionStep) -> Iterator[Reach]:
    """Provisional or with evidence and answers, it is between its owner and the ministry whatever its label."""
    action = step.action
    labels: list[str] = [action.counting_label]
    if action.is_unborn:
        labels.append(Label.AMBER_STRICT)
    labels += [update.counting_label for update in step.updates]
    if any(event.verification for event in step.events) or any(update.evidence.all() for update in step.updates):
        labels.append(Label.AMBER_STRICT)
    yield Reach(Label.strictest(labels), action.body_id, frozenset([action.owner_id]))
    yield from map(_of_item, step.agendas)


def _of_report(task: ReportTask) -> Reach:
    """Before it is accepted it is between its organisation and the ministry, whatever its label."""
    report = task.report
    accepted = report.state == ReportState.ACCEPTED
    label = report.counting_label if accepted else Label.strictest([Label.AMBER_STRICT, report.counting_label])
    return Reach(label, report.round.body_id, frozenset([report.organisation_id]))


def name_of(start: Start) -> str:
    """What the sheet is of, in few words."""
    match start:
        case Commitment():
            return f"{gettext('Commitment')} {start.code}"
        case Decision():
            number = start.reference or f"({gettext('provisional')})"
            return f"{capfirst(start.get_kind_display())} {number}"
        case ActionItem():
            return f"{gettext('Action item')} {start.owner.short} {start.reference}"


def trace_document(trace: Trace, *, author: str, made_at: datetime) -> Official:
    """The sheet as a document. Nothing that is not in ``trace`` comes in: it was put together for its reader."""
    nothing = [Line(gettext("Nothing further is shown to you."))]
    return Official(
        title=gettext("Trace sheet of: %(what)s") % {"what": name_of(trace.start)},
        language=languages()[0],
        author=author,
        made_at=made_at,
        label=label_of(trace),
        marking=gettext("for the ministry alone") if is_for_the_ministry(trace) else "",
        facts=tuple((name, text) for name, text in _facts(trace, made_at) if text),
        parts=tuple(_lines(trace)) or tuple(nothing),
    )


def _facts(trace: Trace, made_at: datetime) -> Iterator[tuple[str, str]]:
    yield gettext("Starting from"), _whole_name(trace.start)
    yield gettext("As seen by"), _dotted(trace.reader.short if trace.reader else "", moment_text(made_at))
    yield gettext("Pillar"), "\n".join(str(pillar) for pillar in trace.pillars) or gettext("Running of the council")
    if commitment := trace.commitment:
        owners = ", ".join(part.organisation.short for part in trace.parts)
        due = f"{gettext('Due')} {day_text(commitment.due_on)}" if commitment.due_on else ""
        state = commitment.get_state_display()
        yield gettext("Commitment"), f"{commitment}\n{_dotted(owners, due, state)}"
    yield gettext("Tracked through"), "\n".join(map(str, trace.tracked_through))
    yield gettext("Incidents and issues"), "\n".join(_dotted(str(one), one.happened) for one in trace.incidents)
    milestones = (f"{day_text(one.due_on)} {one.title}" for one in trace.milestones)
    yield gettext("Milestones"), "\n".join(milestones)
    yield gettext("On this sheet"), counts_text(trace)


def counts_text(trace: Trace) -> str:
    """How many steps of each kind the sheet has."""
    return gettext(
        "agenda items: %(items)d, decisions: %(decisions)d, action items: %(actions)d "
        "(verified: %(verified)d, past the due date: %(overdue)d), quarterly reports: %(reports)d"
    ) % dict(trace.counts)


def _whole_name(start: Start) -> str:
    return f"{name_of(start)} {start.text if isinstance(start, Decision) else start.title}"


def _dotted(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _marked(text: str, label: str, *, here: bool = False) -> str:
    return " ".join(
        filter(None, [text, f"[{label}]" if label else "", f"({gettext('starting point')})" if here else ""])
    )


def _lines(trace: Trace) -> Iterator[Line]:
    for item in trace.items:
        yield from _item(item, trace.start)
    for decision in trace.decisions:
        yield from _decision(decision, trace.start, 0)
    for action in trace.actions:
        yield from _action(action, trace.start, 0)
    if trace.reports:
        yield Line(gettext("Quarterly reports"), 0, heading=True)
    for task in trace.reports:
        said = _dotted(task.report.round.covers.label, task.report.organisation.short, str(task.state.label))
        yield Line(_marked(said, task.report.label), 1)


def _item(step: ItemStep, start: Start) -> Iterator[Line]:
    item = step.item
    where = _dotted(_meeting(item), item.get_result_display() if item.result else item.get_state_display())
    yield Line(_marked(f"{gettext('Agenda item')}: {item.title} – {where}", item.label), 0, heading=True)
    for words, near in ((gettext("Carried over from"), step.carried_from), (gettext("Raised from"), step.raised_from)):
        if near:
            yield Line(f"{words}: {near.title} – {_meeting(near)}", 1)
    for decision in step.decisions:
        yield from _decision(decision, start, 1)


def _meeting(item: AgendaItem) -> str:
    return _dotted(item.meeting.body.short, item.meeting.name, day_text(item.meeting.day))


def _decision(step: DecisionStep, start: Start, level: int) -> Iterator[Line]:
    decision = step.decision
    since = f"{gettext('In force since')} {day_text(local_day(decision.in_force_at))}" if decision.in_force_at else ""
    about = _dotted(decision.by_whom.short if decision.by_whom else "", since)
    text = f"{name_of(decision)}{f'({about})' if about else ''}: {decision.text}"
    yield Line(_marked(text, decision.label, here=decision == start), level, heading=level == 0)
    for words, value in (
        (gettext("Withdrawn"), decision.withdrawal_told),
        (gettext("Replaced by"), _short(step.replaced_by) if step.replaced_by else ""),
        (gettext("Replaces"), ", ".join(map(_short, step.replaces))),
        (gettext("Raised to"), f"{step.raised_to.title} – {_meeting(step.raised_to)}" if step.raised_to else ""),
        (gettext("No action needed"), decision.no_action),
    ):
        if value:
            yield Line(f"{words}: {value}", level + 1)
    for action in step.actions:
        yield from _action(action, start, level + 1)


def _short(decision: Decision) -> str:
    return decision.reference or decision.text


def _action(step: ActionStep, start: Start, level: int) -> Iterator[Line]:
    action = step.action
    moved = action.original_due_on != action.due_on
    state = _dotted(
        f"{gettext('Due')} {day_text(action.due_on)}",
        f"{gettext('Originally due')} {day_text(action.original_due_on)}" if moved else "",
        action.get_state_display(),
        gettext("Overdue") if step.task.overdue else "",
        action.cancelled_because,
    )
    yield Line(
        _marked(f"{name_of(action)} {action.title} – {state}", action.label, here=action == start),
        level,
        heading=level == 0,
    )
    for item in step.agendas:
        yield Line(f"{gettext('On the agenda')}: {item.title} – {_meeting(item)}", level + 1)
    for event in step.events:
        yield from _event(event, level + 1)


def _event(event: Event, level: int) -> Iterator[Line]:
    if answer := event.verification:
        organisation = answer.by.person.organisation.short if answer.by.person else ""
        self_check = gettext("Self-check") if answer.self_check else ""
        said = _dotted(answer.get_verdict_display(), moment_text(event.at), organisation, self_check, answer.comment)
        yield Line(f"{gettext('Verification')}: {said}", level)
    if update := event.update:
        said = _dotted(f"{update.percent}%", moment_text(event.at), update.organisation.short)
        yield Line(_marked(f"{gettext('Progress report')}: {said}", update.label), level)
        for evidence in update.evidence.all():
            yield Line(f"{gettext('Evidence')}: {_evidence(evidence)}", level + 1)


def _evidence(evidence: Evidence) -> str:
    if evidence.file:
        return evidence.file.name
    words = evidence.get_kind_display() if evidence.kind == Evidence.Kind.INSPECTED_ON_SITE else ""
    title = evidence.title if evidence.title != evidence.url else ""
    return _dotted(words, title, evidence.url)
