"""The page on which the minutes of a meeting are written, item by item, with what was decided and follows from it.

Each part is saved by itself, also by itself while somebody types (``autosave.js``), and never over what somebody else
has written meanwhile: then both texts are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from council.actions.operations.items import follow_up
from council.admin.minutes_forms import (
    DecisionForm,
    FollowUpForm,
    HeadForm,
    PartForm,
    decision_choices,
    organisations_for,
)
from council.core.calendar import local_day
from council.core.errors import DomainError
from council.core.wording import time_text
from council.meetings.models import Meeting, Participation
from council.meetings.states import BEGUN
from council.minutes.models import Decision, Minutes, MinutesRevision, MinutesSection
from council.minutes.operations.decisions import record_decision
from council.minutes.operations.writing import PartChanged, save_head, save_part, start_minutes
from council.minutes.record import Missing, attendance_now, missing_in, recording_missing, written
from council.overview.minutes import MinutesPage as Shown
from council.overview.minutes import PartPage, minutes_page, versions_of
from council.web import gate
from council.web.errors import add_to_form


@dataclass(slots=True)
class Bounced:
    """A form that comes back with what was typed; ``theirs``: what somebody else saved meanwhile."""

    form: Any
    theirs: MinutesRevision | MinutesSection | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An item on the page, with its forms."""

    page: PartPage
    form: Any
    decision: Any
    follow_ups: list[tuple[Decision, Any]]
    theirs: MinutesSection | None


class MinutesPage:
    """Mixed into the pages of meetings."""

    admin_site: Any
    opts: Any

    def minutes_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.minutes_view)
        return [path("<path:object_id>/minutes/", page, name="council_meeting_minutes")]

    def minutes_view(self, request: Any, object_id: str) -> HttpResponse:
        meeting = gate.fetch(request, Meeting.objects.select_related("body"), action="write_minutes", pk=object_id)
        minutes = gate.rows(request, Minutes.objects.filter(meeting=meeting)).first()
        if minutes is not None:
            minutes.meeting = meeting
        bounced: dict[str, Bounced] = {}
        if request.method == "POST":
            answer = Taking(request, meeting, minutes, bounced).answer()
            if answer is not None:
                return answer
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": pgettext("record", "Minutes"),
            "meeting": meeting,
            "minutes": minutes,
            "begun": meeting.state in BEGUN,
            **(_shown(request, minutes, bounced) if minutes else {}),
        }
        return render(request, "admin/council/minutes.html", context, status=422 if bounced else 200)


def _shown(request: Any, minutes: Minutes, bounced: dict[str, Bounced]) -> dict[str, Any]:
    newest = versions_of(request.standing, minutes)[0]
    page = minutes_page(request.standing, newest)
    lines = list(_lines(request, page, bounced))
    shown = {f"{kind}-{part.section.pk}" for part in page.parts for kind in ("part", "decision")} | {"head"}
    shown |= {f"follow-{decision.pk}" for part in page.parts for decision in part.decisions}
    head = bounced.get("head") or Bounced(HeadForm.of(newest))
    return {
        "page": page,
        "revision": newest,
        "head": head.form,
        "head_theirs": head.theirs,
        "lines": lines,
        "unplaced": _unplaced(bounced, shown if newest.is_open else {key for key in shown if key.startswith("follow")}),
        "missing": _missing(newest),
        "unrecorded": recording_missing(minutes),
    }


def _missing(revision: MinutesRevision) -> list[Missing]:
    return missing_in(revision, written(revision), attendance_now(revision.minutes.meeting))


def _speakers(request: Any, meeting_id: int) -> QuerySet[Participation]:
    rows = gate.rows(request, Participation.objects.asked().filter(meeting=meeting_id))
    return rows.select_related("organisation", "person", "delegate").order_by("-presides", "organisation", "pk")


def _lines(request: Any, page: Shown, bounced: dict[str, Bounced]) -> Iterator[Line]:
    """The items; what their forms offer is read once for all of them."""
    who = request.standing
    speakers = _speakers(request, page.minutes.meeting_id)
    offered, choices = list(speakers), decision_choices(who)
    organisations, commitments = list(choices["organisations"]), list(choices["commitments"])

    def follow_up_form(decision: Decision) -> Any:
        sent = bounced.get(f"follow-{decision.pk}")
        plain = FollowUpForm(prefix=f"follow-{decision.pk}", organisations=choices["organisations"])
        return sent.form if sent else plain.offer(organisations)

    for part in page.parts:
        pk = part.section.pk
        sent, decision = bounced.get(f"part-{pk}"), bounced.get(f"decision-{pk}")
        plain = DecisionForm(prefix=f"decision-{pk}", **choices)
        yield Line(
            page=part,
            form=sent.form if sent else PartForm.of(part.section, speakers, offered),
            decision=decision.form if decision else plain.offer(organisations, commitments),
            follow_ups=[(one, follow_up_form(one)) for one in part.decisions],
            theirs=sent.theirs if sent and isinstance(sent.theirs, MinutesSection) else None,
        )


def _unplaced(bounced: dict[str, Bounced], shown: Collection[str]) -> list[tuple[str, list[str]]]:
    """What was typed into forms that the page has no more, since the version was circulated meanwhile."""
    lost = {key: one.form for key, one in bounced.items() if key not in shown}
    return [(_said(form), [text for name, text in form.data.items() if _is_text(name, text)]) for form in lost.values()]


def _said(form: forms.Form) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _is_text(name: str, text: str) -> bool:
    """What a person wrote, among what a form sends."""
    return name.rpartition("-")[2] in {"text", "gist", "title", "venue", "proceedings", "summary", "keywords"} and bool(
        text
    )


class Taking:
    """Takes one form of the page to its operation."""

    def __init__(self, request: Any, meeting: Meeting, minutes: Minutes | None, bounced: dict[str, Bounced]) -> None:
        self.request, self.meeting, self.minutes, self.bounced = request, meeting, minutes, bounced

    def answer(self) -> HttpResponse | None:
        """Where to go on to, or what to tell a page that saves by itself; None if the page is shown again."""
        sent = self.request.POST
        if "start" in sent:
            return self._started()
        if self.minutes is None:
            return None
        if "head" in sent:
            return self._head()
        if "part" in sent:
            section = gate.fetch(
                self.request,
                MinutesSection.objects.select_related("revision", "agenda_item"),
                pk=sent["part"],
                revision__minutes=self.minutes,
            )
            return self._decided(section) if "decide" in sent else self._part(section)
        decision = gate.fetch(
            self.request,
            Decision.objects.select_related("agenda_item"),
            action="follow_up",
            pk=sent.get("decision", ""),
            agenda_item__meeting=self.meeting,
        )
        return self._followed_up(decision)

    def _started(self) -> HttpResponse:
        try:
            start_minutes(self.meeting, by=self.request.actor)
        except DomainError as error:
            messages.error(self.request, str(error))
        return self._back()

    def _head(self) -> HttpResponse | None:
        newest = versions_of(self.request.standing, self._minutes)[0]
        form = HeadForm(self.request.POST, prefix="head")
        if not form.is_valid():
            return self._bounce("head", form)
        try:
            version = save_head(newest, by=self.request.actor, head=form.head(), seen=form.cleaned_data["seen"])
        except PartChanged as changed:
            newest.refresh_from_db()
            form = HeadForm(self._over("head", changed), prefix="head")
            form.is_valid()
            return self._changed("head", form, changed, theirs=newest)
        except DomainError as error:
            add_to_form(form, error)
            return self._bounce("head", form)
        return self._saved(version, "head")

    def _part(self, section: MinutesSection) -> HttpResponse | None:
        key, speakers = f"part-{section.pk}", _speakers(self.request, self.meeting.pk)
        form = PartForm.sent(self.request.POST, section, speakers)
        if not form.is_whole():
            return self._bounce(key, form)
        try:
            version = save_part(section, by=self.request.actor, part=form.part(), seen=form.cleaned_data["seen"])
        except PartChanged as changed:
            section.refresh_from_db()
            form = PartForm.sent(self._over(key, changed), section, speakers)
            form.is_whole()
            return self._changed(key, form, changed, theirs=section)
        except DomainError as error:
            add_to_form(form, error)
            return self._bounce(key, form)
        return self._saved(version, key)

    def _decided(self, section: MinutesSection) -> HttpResponse | None:
        key = f"decision-{section.pk}"
        form = DecisionForm(self.request.POST, prefix=key, **decision_choices(self.request.standing))
        return self._done(
            key,
            form,
            lambda: record_decision(section.agenda_item, by=self.request.actor, wording=form.wording()),
            anchor=f"part-{section.pk}",
        )

    def _followed_up(self, decision: Decision) -> HttpResponse | None:
        key = f"follow-{decision.pk}"
        form = FollowUpForm(self.request.POST, prefix=key, organisations=organisations_for(self.request.standing))
        return self._done(
            key,
            form,
            lambda: follow_up(decision, by=self.request.actor, today=local_day(timezone.now()), **form.cleaned_data),
            anchor=f"decision-{decision.pk}",
        )

    def _done(self, key: str, form: forms.Form, act: Any, *, anchor: str) -> HttpResponse | None:
        if not form.is_valid():
            return self._bounce(key, form)
        try:
            act()
        except DomainError as error:
            add_to_form(form, error)
            return self._bounce(key, form)
        messages.success(self.request, gettext("Saved."))
        return self._back(anchor)

    def _over(self, key: str, changed: PartChanged) -> Any:
        """What was sent, to be saved over what somebody else has stored meanwhile and is shown now."""
        over = self.request.POST.copy()
        over[f"{key}-seen"] = changed.version
        return over

    def _changed(self, key: str, form: forms.Form, changed: PartChanged, *, theirs: Any) -> HttpResponse | None:
        form.add_error(None, str(changed))
        return self._bounce(key, form, theirs=theirs, status=409)

    @property
    def _minutes(self) -> Minutes:
        if self.minutes is None:
            raise AssertionError("There are minutes wherever something of them is saved.")
        return self.minutes

    def _bounce(self, key: str, form: Any, *, theirs: Any = None, status: int = 422) -> HttpResponse | None:
        if _saves_by_itself(self.request):
            said = [str(error) for errors in form.errors.values() for error in errors]
            return JsonResponse({"said": " ".join(said) or gettext("Not saved.")}, status=status)
        self.bounced[key] = Bounced(form, theirs)
        return None

    def _saved(self, version: int, anchor: str) -> HttpResponse:
        if _saves_by_itself(self.request):
            said = gettext("Saved at %(clock)s") % {"clock": time_text(timezone.now())}
            return JsonResponse({"seen": version, "said": said})
        messages.success(self.request, gettext("Saved."))
        return self._back(anchor)

    def _back(self, anchor: str = "") -> HttpResponse:
        address = reverse("admin:council_meeting_minutes", args=[self.meeting.pk])
        return HttpResponseRedirect(f"{address}#{anchor}" if anchor else address)


def _saves_by_itself(request: HttpRequest) -> bool:
    """Whether the page's script asks, which reads JSON; a browser takes pages."""
    return request.headers.get("Accept", "") == "application/json"
