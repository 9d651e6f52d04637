"""Every field of every form that names another row, filled in with a row that is not the reader's: refused.

Also rows that the reader does see, but that belong to a body somebody else runs: the policy is asked again with the
values of the form on the row (per object, never "may change such things" in general).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.db import models
from django.test import Client

from council.parties.models import User
from tests.admin.forms import filled, forms_of
from tests.proofs import EVERYTHING, PROOF, Figures
from tests.wall import feeders
from tests.wall.actors import BY_NAME, Who
from tests.wall.addresses import routes
from tests.wall.changes import fingerprint, undone
from tests.wall.expectations import REGISTER
from tests.wall.reading import said_by
from tests.wall.world import World

type SignIn = Callable[[User], Client]

# Those who may use the forms at all: of two bodies, of one and seated on the other, of one alone, of the accounts.
NAMES = ("secretary", "clerk", "group_secretary", "accounts") if PROOF else ("clerk", "accounts")
PEOPLE = [BY_NAME[name] for name in NAMES]
KINDS = sorted(admin.site._registry, key=lambda model: model.__name__)
# Fields that say which body a row belongs to; what they name must be the reader's to run.
OF_A_BODY = {"body", "meeting", "declaration"}
NOWHERE = 987_654_321
# Of each kind of thing: the pages tried, and for each field of them the rows that are hidden, and that are others';
# of fields that are alike in the rows of an inline: how many.
PAGES, HIDDEN, OF_OTHERS, ALIKE = (4, 4, 4, 2) if EVERYTHING else (2, 2, 2, 2) if PROOF else (1, 2, 2, 1)


class Form:
    """One form of the administration, as one reader got it."""

    def __init__(self, world: World, who: Who, client: Client, address: str) -> None:
        self.world, self.who, self.client, self.address = world, who, client, address
        self.kind = next(model.__name__ for model in KINDS if f"/{model._meta.model_name}/" in address)
        client.raise_request_exception = False
        self.page = client.get(address)
        self.wrong: list[str] = []
        self.figures = Figures()

    @property
    def usable(self) -> bool:
        return self.page.status_code == 200 and "adminform" in (self.page.context or ())

    @property
    def only_shown(self) -> set[str]:
        """The inline forms in which the reader may change nothing."""
        inlines = self.page.context["inline_admin_formsets"]
        return {one.formset.prefix for one in inlines if not one.has_change_permission}

    def fields(self) -> Iterator[tuple[str, Any]]:
        """Every field that names another row: of the form, of its first inline rows, and of those yet to be added."""
        seen: Counter[str] = Counter()
        for form in [*forms_of(self.page), *(i.formset.empty_form for i in self.page.context["inline_admin_formsets"])]:
            for bound in form:
                alike = re.sub(r"\d+|__prefix__", "", bound.html_name)
                if isinstance(bound.field, forms.ModelChoiceField) and seen[alike] < ALIKE:
                    seen[alike] += 1
                    yield bound.html_name.replace("__prefix__", "0"), bound.field

    def attempts(self) -> Iterator[tuple[str, Any, Any]]:
        """Field by field: a row that is hidden from the reader, one of a body not theirs, and one that is not there."""
        for name, field in self.fields():
            model = field.queryset.model
            for row in [*self.hidden(model), *(self.of_others(model) if self.must_be_theirs(name) else [])]:
                yield name, field, row
            yield name, field, None

    def must_be_theirs(self, name: str) -> bool:
        """Whether a field says to which body the row belongs; the register's keepers seat people on all of them."""
        return last(name) in OF_A_BODY and self.kind not in REGISTER

    def hidden(self, model: type[models.Model]) -> list[Any]:
        rows = [r for r in self.world.rows if type(r) is model and not self.world.oracle.sees(self.who, r)]
        return feeders.spread(rows, HIDDEN)

    def of_others(self, model: type[models.Model]) -> list[Any]:
        """Visible, but run by somebody else."""
        oracle = self.world.oracle
        body = (lambda r: r.code) if model.__name__ == "Body" else oracle.body
        rows = [r for r in model._default_manager.all() if body(r) not in self.who.runs and oracle.sees(self.who, r)]
        return feeders.spread(rows, OF_OTHERS)

    def attempt(self, name: str, field: Any, row: Any) -> None:
        pk = NOWHERE if row is None else row.pk
        value = [pk] if isinstance(field, forms.ModelMultipleChoiceField) else pk
        was = stored(row)
        with undone(self.client) as writes:
            response = self.client.post(self.address, self.data(name, value))
            self.figures["attempts"] += 1
            what = f"{self.address}: {name}={row!r} by {self.who.name} ({response.status_code})"
            # A row that is not one of the page's is passed over, as if it had not been sent; so is what is only shown.
            passed_over = last(name) == "id" and response.status_code == 302
            only_shown = name.partition("-")[0] in self.only_shown and response.status_code == 302
            if response.status_code not in {200, 403, 404, 422} and not passed_over and not only_shown:
                self.wrong.append(f"{what} was taken")
            if (stored(row) != was) if passed_over else (writes.tables and fingerprint() != self.before):
                self.wrong.append(f"{what} wrote to {sorted(writes.tables)}")
            said = said_by(response)
            if response.status_code == 200 and last(name) != "id" and name not in self.complaints(response, name):
                self.wrong.append(f"{what} was refused, but not for this field")
            self.wrong += [f"{self.address} answers {name} with {leak}" for leak in self.world.leaks(self.who, said)]

    @staticmethod
    def complaints(response: Any, name: str) -> set[str]:
        """The fields that the page complains about, as the browser names them."""
        return {bound.html_name for form in forms_of(response) for bound in form if bound.errors}

    def data(self, name: str = "", value: Any = None) -> dict[str, Any]:
        """What the page sends with this field set to that; what it asks for is filled in; an inline row is added."""
        fixed = {name: text for name, text in feeders.FIXED.items() if name in self.names()}
        data = filled(self.page) | (fixed if self.address.endswith("/add/") else {})
        for bound in self.page.context["adminform"].form:
            if bound.field.required and not data.get(bound.html_name):
                data |= feeders.typed(bound.html_name, bound.field, self.theirs)
        prefix, _, field = name.rpartition("-0-")
        if prefix and f"{prefix}-TOTAL_FORMS" in data and not int(data[f"{prefix}-TOTAL_FORMS"]):
            data |= {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": int(field == "id")}
        return data | ({name: value} if name else {})

    def names(self) -> set[str]:
        return {bound.html_name for form in forms_of(self.page) for bound in form}

    def theirs(self, row: Any) -> bool:
        return theirs(self.world, self.who, row) and getattr(row, "state", "") not in SETTLED

    def control(self) -> None:
        """The same form with the reader's own rows is taken: so it is the foreign row that is refused elsewhere."""
        names = [name for name, field in self.fields() if self.must_be_theirs(name) and "-" not in name]
        if not names or not all(any(map(self.theirs, f.queryset)) for n, f in self.fields() if n in names):
            return
        with undone(self.client):
            response = self.client.post(self.address, self.data())
            if response.status_code != 302:
                said = {b.html_name: list(b.errors) for f in forms_of(response) for b in f if b.errors}
                self.wrong.append(f"{self.address} is not filled in (TYPED_IN_ADMIN of feeders.py): {said}")
            self.figures["forms taken with one's own rows"] += 1

    def try_all(self) -> None:
        self.before = fingerprint()
        self.control()
        for name, field, row in self.attempts():
            self.attempt(name, field, row)


def theirs(world: World, who: Who, row: Any) -> bool:
    """Whether a row is of a body that somebody runs, or of none."""
    if type(row).__name__ == "Body":
        return row.code in who.runs
    belongs = any(hasattr(row, f"{name}_id") for name in OF_A_BODY)
    return not belongs or world.oracle.body(row) in who.runs


def stored(row: Any) -> Any:
    return row and type(row)._base_manager.filter(pk=row.pk).values().first()


def last(name: str) -> str:
    return name.rpartition("-")[2]


def addresses(world: World, who: Who, model: type[models.Model]) -> Iterator[str]:
    """The page to add one, and the pages of rows that the reader may change."""
    base = f"/admin/council/{model._meta.model_name}/"
    yield f"{base}add/"
    shown = [row for row in world.rows if type(row) is model and world.oracle.sees(who, row)]
    shown = [row for row in shown if theirs(world, who, row) and getattr(row, "state", "") not in SETTLED]
    for row in feeders.spread(shown, PAGES):
        yield f"{base}{row.pk}/change/"


SETTLED = {"verified", "cancelled", "withdrawn", "closed", "in_progress"}


@pytest.mark.parametrize("who", PEOPLE, ids=[who.name for who in PEOPLE])
def test_no_field_takes_a_row_that_is_not_the_readers(
    world: World, who: Who, as_user: SignIn, request: pytest.FixtureRequest
) -> None:
    client, figures, wrong = as_user(world.users[who.name]), Figures(actors=1), []
    for model in KINDS:
        for address in addresses(world, who, model):
            form = Form(world, who, client, address)
            if form.usable and '<input type="submit"' in form.page.text:
                form.try_all()
                figures["forms"] += 1
                figures.update(form.figures)
                wrong += form.wrong
    figures.report(request, "foreign numbers")
    assert wrong == []
    assert figures["attempts"] >= (10 if who.name == "accounts" else 60)


def test_the_forms_of_the_portal_name_no_rows() -> None:
    """Theirs are about the row of their address alone. One that offers a choice of rows is to be tried here too."""
    with_rows = {
        route.name
        for route in routes()
        if not route.template.startswith("/admin/") and route.form_class
        for field in getattr(route.form_class, "base_fields", {}).values()
        if isinstance(field, forms.ModelChoiceField)
    }
    # Tried in tests/portal/test_proposing_from_elsewhere.py, test_action_steps.py and test_preparing.py.
    tried = {
        "portal:propose", "portal:agenda_revise", "portal:action_assign", "portal:parts_ask", "portal:clearance_ask",
    }  # fmt: skip
    assert with_rows == tried, "Try this form in tests/wall/test_foreign_ids.py as Form does with the administration's."
