"""The secretary's page on the day, beside the room's: call items, note results, take notes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.core.errors import DomainError
from council.meetings.models import AgendaItem, ItemNote, Meeting
from council.meetings.operations.room import ResultChanged, TextChanged, call_item, note_result, save_note
from council.overview.room import room
from council.web import gate


class NoteForm(forms.Form):
    result = forms.ChoiceField(label=_("Result"), choices=[("", "–"), *AgendaItem.Result.choices], required=False)
    text = forms.CharField(
        label=_("Notes"), widget=forms.Textarea(attrs={"rows": 6}), max_length=20_000, required=False, strip=False
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    # The result that the page showed: one that a colleague noted meanwhile is not taken back by saving notes.
    shown = forms.CharField(widget=forms.HiddenInput, required=False)


class RoomPage:
    """Mixed into the pages of meetings."""

    admin_site: Any
    opts: Any

    def room_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.room_view)
        return [path("<path:object_id>/room/", page, name="council_meeting_room")]

    def room_view(self, request: Any, object_id: str) -> HttpResponse:
        meeting = gate.fetch(request, Meeting.objects.select_related("body"), action="run", pk=object_id)
        form, theirs, item = None, None, None
        if request.method == "POST":
            asked = request.POST.get("item", "")
            item = gate.fetch(request, AgendaItem.objects.select_related("meeting"), pk=asked, meeting=meeting)
            if "call" in request.POST:
                return self._turned_to(request, meeting, item)
            form = NoteForm(request.POST)
            if form.is_valid():
                try:
                    self._noted(request, item, form.cleaned_data)
                except TextChanged as changed:
                    theirs = changed.theirs
                    # Whoever has read the other text may now save over it, with both in hand.
                    form = _over(request, seen=changed.version)
                    form.add_error("text", str(changed))
                except ResultChanged as changed:
                    form = _over(request, shown=changed.theirs)
                    form.add_error("result", str(changed))
                except DomainError as error:
                    form.add_error(None, str(error))
                else:
                    messages.success(request, gettext("Saved."))
                    return _back(meeting, item)
        shown = room(request.standing, meeting, now=timezone.now())
        notes = {note.item_id: note for note in gate.rows(request, ItemNote.objects.filter(item__meeting=meeting))}
        lines = [
            (slot, form if form and item and item.pk == slot.item.pk else _blank(slot.item, notes.get(slot.item.pk)))
            for slot in shown.board.table.slots
        ]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("On the day"),
            "meeting": meeting,
            "room": shown,
            "lines": lines,
            "theirs": theirs,
        }
        return render(request, "admin/council/room.html", context, status=422 if form and form.errors else 200)

    @staticmethod
    def _turned_to(request: Any, meeting: Meeting, item: AgendaItem) -> HttpResponse:
        try:
            call_item(meeting, by=request.actor, item=item, now=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
        return _back(meeting, item)

    @staticmethod
    def _noted(request: Any, item: AgendaItem, data: dict[str, Any]) -> None:
        """The notes first: if they cannot be saved, the page comes back with all that was typed."""
        save_note(item, by=request.actor, text=data["text"], seen=data["seen"])
        if data["result"] != data["shown"]:
            note_result(item, by=request.actor, result=data["result"], seen=data["shown"])


def _over(request: Any, **stored: Any) -> NoteForm:
    """What was typed, over what the page shows now as stored."""
    form = NoteForm(request.POST.dict() | stored)
    form.is_valid()
    return form


def _back(meeting: Meeting, item: AgendaItem) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('admin:council_meeting_room', args=[meeting.pk])}#item-{item.pk}")


def _blank(item: AgendaItem, note: ItemNote | None) -> NoteForm:
    noted = {"text": note.text, "seen": note.version} if note else {"text": "", "seen": 0}
    return NoteForm(initial={"result": item.result, "shown": item.result} | noted, auto_id=f"id_{item.pk}_%s")
