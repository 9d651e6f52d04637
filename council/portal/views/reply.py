"""Answering an invitation by the link in its letter, without signing in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from council.core.actor import Actor
from council.core.calendar import local_day
from council.meetings.models import Participation
from council.meetings.operations.participation import answer_invitation
from council.meetings.queries import invitation
from council.portal.forms.participation import RsvpForm
from council.portal.mixins import ActForm


class ReplyView(ActForm):
    """Shows what the letter says, and takes the answer of the one it was sent to.

    The address cannot be guessed; whoever was sent the letter may answer as with any invitation by mail. It opens
    nothing else, and closes when the meeting begins or the invitation is withdrawn.
    """

    template_name = "portal/meetings/reply.html"
    extra_context = {"title": gettext_lazy("Answer the invitation")}
    form_class = RsvpForm
    row: Participation

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        row = invitation(kwargs["pk"], on=local_day(timezone.now()))
        if row is None:
            raise Http404
        self.row = row
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting = self.row.meeting
        open_now = meeting.lies_ahead(timezone.now())
        return super().get_context_data(row=self.row, meeting=meeting, open_now=open_now, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"rsvp": self.row.rsvp, "note": self.row.rsvp_note}

    def act(self, form: RsvpForm) -> None:
        person = self.row.person
        by = Actor(
            label=f"{person.name_ko} (link in the letter, {self.request.actor.label})",
            person_id=person.pk,
            organisation_id=self.row.organisation_id,
            ip=self.request.actor.ip,
            request_id=self.request.actor.request_id,
        )
        answer_invitation(self.row, by=by, now=timezone.now(), **form.cleaned_data)
        messages.success(self.request, _("The answer has arrived. It can be changed until the meeting begins."))

    def get_success_url(self) -> str:
        return reverse("portal:reply", args=[self.row.pk])
