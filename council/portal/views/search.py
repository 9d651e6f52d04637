"""Searching what one may see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from council.overview.search import SHOWN, search
from council.portal.forms.search import SearchForm
from council.portal.mixins import Page


class SearchView(Page):
    """What is searched for is not written into the audit; what is opened from here is, as always."""

    template_name = "portal/search/search.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = self.get_context_data(**kwargs)
        return self.render_to_response(context, status=422 if context["form"].errors else 200)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = SearchForm(self.request.GET)
        query = form.cleaned_data["q"] if form.is_valid() else ""
        groups = search(self.request.standing, query)
        return super().get_context_data(form=form, query=query, groups=groups, shown=SHOWN, **kwargs)
