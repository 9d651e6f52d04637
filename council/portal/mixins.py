"""Load → ask the policy → act: what every page of the portal does, in this order."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.generic import TemplateView, View
from django.views.generic.base import ContextMixin
from django.views.generic.edit import FormView

from council.core.errors import DomainError
from council.web import gate
from council.web.errors import add_to_form, version_shown
from council.web.requests import CouncilRequest


class Page(TemplateView):
    """A page that only shows."""

    request: CouncilRequest


class RowMixin[M: Model](ContextMixin, View):
    """A page about one row, which it gets through the gate or not at all."""

    queryset: QuerySet[M]
    action: ClassVar[str] = "view"
    reading_is_noted: ClassVar[bool] = True
    request: CouncilRequest
    row: M

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.row = gate.fetch(self.request, self.queryset.all(), action=self.action, pk=kwargs["pk"])
        response = super().dispatch(request, *args, **kwargs)
        if request.method == "GET" and response.status_code == 200 and self.reading_is_noted:
            gate.note_read(self.request, self.row)
        return response


class StepView[M: Model](RowMixin[M]):
    """A button: one operation on a row, what it refuses or what was done said on the page that one is led to."""

    http_method_names = ["post"]

    def step(self) -> str:
        """Make the one call; what to say afterwards."""
        raise NotImplementedError

    def back(self) -> str:
        """The address one is led to."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            messages.success(request, self.step())
        except DomainError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(self.back())


class ActForm(FormView[Any]):
    """A form whose valid data is handed to one operation; what that refuses is shown on the form."""

    request: CouncilRequest
    # What the operation refused.
    refusal: DomainError | None = None
    # Django's own takes PUT for POST.
    http_method_names = ["get", "post", "head", "options"]

    def act(self, form: Any) -> None:
        """Make the one call."""
        raise NotImplementedError

    def seen(self) -> Model | None:
        """The row whose version the form carries in its field ``seen``, if it has one."""
        return None

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.act(form)
        except DomainError as error:
            self.refusal = error
            add_to_form(form, error)
            return self.form_invalid(form)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        if "seen" in form.fields:
            data = self.request.POST.copy()
            data["seen"] = version_shown(self.seen(), sent=data.get("seen"), refusal=self.refusal)
            form.data = data
        return self.render_to_response(self.get_context_data(form=form), status=422)
