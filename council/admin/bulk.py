"""One verb on several rows at once: asked on one page, done to all of them or to none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.options import Action, ActionLocation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from council.access.policy import allowed
from council.admin.base import RegisterAdmin, Verb
from council.core.errors import DomainError, SomebodyWasFaster
from council.core.register import version_of
from council.web import gate
from council.web.errors import add_to_form

AT_ONCE = 100


class BulkAdmin(RegisterAdmin):
    """A list in which rows are ticked and one of the verbs in ``on_several`` is chosen for them."""

    on_several: ClassVar[Sequence[str]] = ()
    actions = ()

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        """On the list only: a row's own page has the verbs."""
        offered = self.verbs if action_location == ActionLocation.CHANGE_LIST else ()
        return {
            verb.name: Action(self._ask_for(verb), verb.name, str(verb.label), str(verb.label), [action_location])
            for verb in offered
            if verb.name in self.on_several
        }

    def _ask_for(self, verb: Verb) -> Any:
        def ask(model_admin: Any, request: Any, queryset: Any) -> HttpResponse:
            query = QueryDict(mutable=True)
            query.setlist("row", [str(pk) for pk in queryset.values_list("pk", flat=True)[:AT_ONCE]])
            return HttpResponseRedirect(f"{self._several_url(verb)}?{query.urlencode()}")

        return ask

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_several"
        several = path("several/<slug:verb>/", self.admin_site.admin_view(self.several_view), name=name)
        return [several, *super().get_urls()]

    def _several_url(self, verb: Verb) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_several", args=[verb.name])

    def several_view(self, request: Any, verb: str) -> HttpResponse:
        """Show which of the rows it can be done to, ask, and do it to all of these or to none."""
        chosen = next((one for one in self.verbs if one.name == verb and verb in self.on_several), None)
        if chosen is None:
            raise Http404
        gate.require(request, "browse", self.model)
        rows = self._chosen_rows(request)
        possible = [row for row in rows if chosen.offered(row) and allowed(request.standing, verb, row)]
        if not possible:
            messages.error(request, _("This can be done to none of the chosen rows."))
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        form_class = chosen.form_for(possible[0], request.standing) if chosen.form_for else chosen.form
        form = form_class(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if request.method == "POST" and form.is_valid() and self._done(request, chosen, possible, form):
            said = ngettext("Done to %(count)d row: %(label)s.", "Done to %(count)d rows: %(label)s.", len(possible))
            messages.success(request, said % {"count": len(possible), "label": chosen.label})
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": chosen.label,
            "verb": chosen,
            "form": form,
            "possible": [(row, version_of(row)) for row in possible],
            "left_out": [row for row in rows if row not in possible],
        }
        return render(request, "admin/council/several.html", context, status=422 if form.errors else 200)

    def _chosen_rows(self, request: Any) -> list[Any]:
        data = request.POST if request.method == "POST" else request.GET
        numbers = [int(pk) for pk in data.getlist("row")[:AT_ONCE] if pk.isdecimal() and len(pk) < len(str(2**63))]
        return list(gate.rows(request, self.get_queryset(request)).filter(pk__in=numbers))

    @staticmethod
    def _done(request: Any, verb: Verb, rows: Sequence[Any], form: Any) -> bool:
        """Whether it was done; what one of the rows refuses is said with its name, and nothing is done to any."""
        row: Any = None
        try:
            with transaction.atomic():
                for row in sorted(rows, key=lambda one: one.pk):
                    if request.POST.get(f"version-{row.pk}", "") != version_of(row):
                        raise SomebodyWasFaster(_("Somebody else changed this a moment ago. Look again."))
                    verb.run(row, request.actor, form.cleaned_data)
        except DomainError as error:
            add_to_form(form, DomainError(f"{row}: {error}"))
            return False
        return True
