"""How a route is fed: what goes into its address, its query, its form. The one place to add to for a new route.

Most routes need nothing here: a number is fed from the rows of the model behind the view (its ``queryset``, or its
page in the administration). A route that cannot be fed fails the proofs with the sentence of ``Unfed``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models

from council.actions.models import ActionItem, Evidence
from council.core.models import AuditEntry
from council.files.models import StoredFile
from council.meetings.models import AgendaItem, Meeting, Paper, Participation
from council.minutes.models import Decision, Minutes, MinutesRevision, Publication, RecordsOpinion
from tests.documents.house import a_form
from tests.proofs import EVERYTHING, PROOF
from tests.wall.addresses import Route
from tests.wall.world import World

# The whole of it, or a slice for the daily suite. The whole takes one row of each kind that differs for the wall: the
# hundredth row of a kind says what the first one says.
SLICE = 1
WHOLE = 12 if EVERYTHING else 2
# Of these the slice takes more: what the wall is about, and what people hand in.
MORE = {
    ActionItem: 4, AgendaItem: 3, Evidence: 2, StoredFile: 3, Meeting: 3, AuditEntry: 3, Paper: 3, Participation: 3,
    Minutes: 3, MinutesRevision: 3, Decision: 2, Publication: 3, RecordsOpinion: 3,
}  # fmt: skip
# Pages that say little of a row beside its name: the slice asks fewer.
SAY_LITTLE = {
    "delete",
    "do",
    "history",
    "portal:readers",
    "portal:propose",
    "portal:pack",
    "portal:pack_file",
    "portal:room",
    "portal:minutes_comment",
    "portal:minutes_answer",
    "portal:minutes_file",
    "portal:meeting_file",
    "portal:publication_answer",
    "portal:publication_file",
    "portal:records_answer",
    "passages",
    "pieces",
    "sheet",
    "portal:commitment_trace_file",
    "portal:decision_trace_file",
    "portal:action_trace_file",
    "minutes",
    "portal:meeting_calendar",
    "portal:agenda_take_back",
    "portal:agenda_revise",
    "portal:paper_withdraw",
    "portal:paper_supersede",
    "portal:delegate_withdraw",
    "attendance",
    "agenda",
    "room",
}

NO_VERB = "no-such-verb"

# Named parts of an address that are no row of the model behind it.
VALUES: dict[str, Callable[[Route], list[Any]]] = {
    "verb": lambda route: [verb.name for verb in getattr(route.model_admin, "verbs", ())] + [NO_VERB],
    "app_label": lambda route: ["council"],
    "url": lambda route: ["no/such/page/"],
    "uidb64": lambda route: ["MQ"],
    "token": lambda route: ["set-password", "c0ffee-0123456789abcdef"],
    "year": lambda route: [2026],
    "number": lambda route: [9, 10],
    "secret": lambda route: ["no-such-secret"],
    # Of what is drawn one form says what the others say.
    "form": lambda route: ["hwpx"],
    "what": lambda route: ["notice"],
    "organisation": lambda route: ["SKT"],
    "pillar": lambda route: ["security"],
    "language": lambda route: ["en"],
    "code": lambda route: ["council"],
    "quarter": lambda route: ["2030-Q1"],
    "content_type_id": lambda route: [ContentType.objects.get_for_model(ActionItem).pk],
}
# The rows behind a route whose view does not tell its model.
MODELS: dict[str, type[models.Model]] = {
    "admin:view_on_site": ActionItem,
    "admin:council_participation_attendance": Meeting,
    "portal:reply": Participation,
    "mfa_edit_webauthn": Authenticator,
    "mfa_remove_webauthn": Authenticator,
}
NUMBERS = {"pk", "object_id", "id"}
# Routes that must not be asked with a plain GET or POST, each with the reason.
LEFT_OUT: dict[str, str] = {
    "portal:reply": "opens by what stands in one person's letter alone; tests/portal/test_replying.py asks it",
}
BY_TOKEN = (
    "openapi-json api-root me commitments list_actions one_action progress keep_draft hand_in list_reports one_report "
    "take_back"
)
LEFT_OUT |= dict.fromkeys(
    [f"api:{name}" for name in BY_TOKEN.split()], "opens by an access token alone; tests/wall/test_api.py asks it"
)
# After these the visitor is signed out, or somebody else.
ENDS_SESSION = {"account_logout", "admin:logout"}


class Unfed(AssertionError):
    def __init__(self, route: Route, place: str) -> None:
        super().__init__(
            f"tests/wall does not know how to feed <{place}> of {route.name} ({route.template}). Give the view a "
            f"`queryset`, or add {place!r} to VALUES or {route.name!r} to MODELS in tests/wall/feeders.py."
        )


def model_of(route: Route) -> type[models.Model]:
    model = MODELS.get(route.name) or route.model
    if model is None:
        raise Unfed(route, "pk")
    return model


def arguments(world: World, route: Route, *, most: int | None = None) -> Iterator[dict[str, Any]]:
    """Every way to fill in a route's address; of a slice, with ``most`` rows that differ as much as possible."""
    choices = []
    for place in route.places:
        if place in NUMBERS:
            few = route.page in SAY_LITTLE or route.name.endswith(">")
            model = model_of(route)
            limit = SLICE if few else MORE.get(model, SLICE)
            choices.append([row.pk for row in rows(world, model, min(limit, most or limit))])
        elif place in VALUES:
            choices.append(VALUES[place](route))
        else:
            raise Unfed(route, place)
    for values in product(*choices):
        yield dict(zip(route.places, values, strict=True))


def rows(world: World, model: type[models.Model], limit: int) -> list[Any]:
    """Rows of a model with canaries that differ as much as possible, then one of the founding facts."""
    planted = [row for row in world.rows if type(row) is model]
    plain = model._default_manager.exclude(pk__in=[row.pk for row in planted]).order_by("pk")
    kinds = len({kind_of(row) for row in planted})
    return [*spread(planted, min(max(kinds, limit), WHOLE) if PROOF else limit), *plain[:1]]


def spread(planted: list[Any], limit: int) -> list[Any]:
    """Rows that differ in owner, state and label as much as possible, always the same ones."""
    by_kind: dict[Any, list[Any]] = {}
    for row in planted:
        by_kind.setdefault(kind_of(row), []).append(row)
    kinds = sorted(by_kind, key=str)
    step = max(len(kinds) / limit, 1)
    picked = [by_kind[kinds[int(n * step)]][0] for n in range(min(limit, len(kinds)))]
    return picked + [row for row in planted if row not in picked][: limit - len(picked)]


def kind_of(row: Any) -> tuple[Any, ...]:
    """What makes two rows different for the wall."""
    names = ("state", "label", "owner_id", "organisation_id", "body_id", "recipient_id", "target_type", "verb")
    return tuple(str(getattr(row, name, "")) for name in names)


def queries(route: Route) -> Iterator[str]:
    """What else can be asked of a page by its query: searches, orders, filters, popups, completions."""
    asked: list[str] = []
    if route.page == "changelist":
        asked = ["?o=1.-2", "?o=-1.2", "?_to_field=id&_popup=1", "?_popup=1", "?all=", "?e=1", "?o=-3", "?p=2"]
    if route.page in {"change", "add"} and route.model_admin:
        asked = ["?_to_field=id&_popup=1", "?_popup=1"]
    if route.name == "portal:search":
        asked = ["?q=CNRYSKT", "?q=CNRYKT", "?q=CNRYALL"]
    if route.name == "portal:actions":
        asked = ["?whose=all&which=any&q=CNRY", "?whose=all&which=any&order=-owner", "?whose=mine&owner=KT&pillar=x"]
    if route.name == "portal:actions_file":
        asked = ["?whose=all&which=any"]
    if route.name == "portal:decisions":
        asked = ["?q=CNRY", "?year=2026&kind=decision"]
    if route.name in {"portal:calendar", "admin:council_meeting_calendar"}:
        asked = ["?quarter=2027-Q2"]
    if route.name == "admin:autocomplete":
        asked = list(completions())
        yield from asked if PROOF else asked[::2]
    else:
        yield from asked if PROOF else asked[:1]


def completions() -> Iterator[str]:
    """Every field of every model that points somewhere, for what begins like a canary."""
    for model in apps.get_app_config("council").get_models():
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created:
                path = f"app_label=council&model_name={model._meta.model_name}&field_name={field.name}"
                yield from (f"?{path}&term=CNRY", f"?{path}&term=&page=2")


def row_of(world: World, model: type[models.Model], pk: Any) -> Any:
    """The row as it was planted, with what the oracle reads of it at hand; else as it is stored."""
    planted = next((row for row in world.rows if type(row) is model and row.pk == pk), None)
    return planted or model._default_manager.get(pk=pk)


# Values for fields by their names, where the kind of field does not say what is meant.
TYPED: dict[str, str] = {
    "percent": "60", "text": "Filled in by the proof", "label": "TLP:AMBER+STRICT", "save_draft": "1",
    "requested_due_on": "2026-12-28", "received": "For the proof",
    "reason": "For the proof", "comment": "For the proof", "on": "2026-12-31", "title": "Filled in by the proof",
    "language": "ko", "action": "", "due_on": "2026-12-21",
}  # fmt: skip


def filled_in(world: World, route: Route, values: dict[str, Any]) -> dict[str, str]:
    """What a person might send to a route, without having seen its form."""
    return dict(TYPED)


# What a form of the administration must hold to be taken, where the kind of field does not say it.
TYPED_IN_ADMIN: dict[str, str] = {
    "covers": "2027-Q3", "order": "91", "offset": "-17", "quarter": "2027-Q3", "due_on": "2026-12-21",
    "received_on": "2026-11-20",
    "from_day": "2026-01-01", "to_day": "2027-12-31",
}  # fmt: skip
# The same where what it offers itself would not be taken in this world.
FIXED = {"meeting_kind": "founding", "outside_quarter_because": "For the proof", "due_on": "2026-12-21"}


def typed(name: str, field: forms.Field, theirs: Callable[[Any], bool]) -> dict[str, Any]:
    """A value for a required field that a form left empty. Of rows, the first that passes ``theirs``."""
    if isinstance(field, forms.FileField):
        return {name: a_form("{{제목}}")}
    if isinstance(field, forms.SplitDateTimeField):
        return {f"{name}_0": "2027-08-19", f"{name}_1": "11:00" if name.startswith("ends") else "10:00"}
    if isinstance(field, forms.ModelChoiceField):
        row = next((row for row in field.queryset or () if theirs(row)), None)
        pk = "" if row is None else row.pk
        return {name: [pk] if isinstance(field, forms.ModelMultipleChoiceField) else pk}
    if name in TYPED_IN_ADMIN:
        return {name: TYPED_IN_ADMIN[name]}
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return {name: next(value for value, _label in choices if value)}
    if isinstance(field, forms.DateField):
        return {name: "2026-12-21"}
    return {name: "7" if isinstance(field, forms.IntegerField) else "a-proof"}
