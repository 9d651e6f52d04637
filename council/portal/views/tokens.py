"""One's own access tokens, for programs that use the API."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from council.core.calendar import local_day
from council.parties.models import AccessToken
from council.parties.tokens import RATE, NewToken, revoke_token
from council.portal.forms.tokens import TokenForm
from council.portal.mixins import ActForm, StepView
from council.web import gate
from council.web.requests import CouncilRequest
from council.workflows.give_access import give_access_token


class TokensView(ActForm):
    """What tokens there are, and a new one, whose secret is shown this once."""

    request: CouncilRequest
    template_name = "portal/tokens/list.html"
    form_class = TokenForm
    made: NewToken | None = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        gate.require(self.request, "give", AccessToken)
        return super().post(request, *args, **kwargs)

    def act(self, form: TokenForm) -> None:
        data = form.cleaned_data
        self.made = give_access_token(
            self.request.user, name=data["name"], scope=data["scope"], expires_on=data["expires_on"],
            by=self.request.actor, now=timezone.now(),
        )  # fmt: skip

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        if self.made is None:
            return answer
        # Not led on to another page: the secret is in no session and in no message.
        return self.render_to_response(self.get_context_data(form=TokenForm()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tokens = gate.rows(self.request, AccessToken.objects.filter(revoked_at=None))
        today = local_day(timezone.now())
        return super().get_context_data(
            tokens=[(token, token.expires_on < today) for token in tokens.order_by("-pk")],
            secret=self.made.secret if self.made else "",
            rate=RATE,
            document=self.request.build_absolute_uri(reverse("api:openapi-json")),
            **kwargs,
        )

    def get_success_url(self) -> str:
        return reverse("portal:tokens")


class RevokeView(StepView[AccessToken]):
    queryset = AccessToken.objects.all()
    action = "revoke"

    def step(self) -> str:
        revoke_token(self.row, by=self.request.actor, now=timezone.now())
        return _("The token was revoked; it opens nothing any more.")

    def back(self) -> str:
        return reverse("portal:tokens")
