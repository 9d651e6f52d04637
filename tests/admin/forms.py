"""Filling in a form of the administration as a person does: what it shows, with a few changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.forms.boundfield import BoundField
from django.test import Client
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext


def filled(response: Any, **changes: Any) -> dict[str, Any]:
    """The form of a page as the browser would send it back, with changes (None: left out)."""
    data: dict[str, Any] = {}
    for form in forms_of(response):
        for field in form:
            data |= sent(field)
    return {name: value for name, value in (data | changes).items() if value is not None}


def shown(form: forms.BaseForm) -> dict[str, Any]:
    """One form of a page as the browser would send it back."""
    return {name: value for field in form for name, value in sent(field).items()}


def asked(response: Any, **answers: Any) -> dict[str, Any]:
    """What the page of a step sends back, with these answers."""
    return {"_version": response.context["version"]} | shown(response.context["form"]) | answers


def step(client: Client, kind: str, pk: int, verb: str, /, **answers: Any) -> Any:
    """A step taken as a person does: its page first, then what it asks for."""
    page = f"/admin/council/{kind}/{pk}/do/{verb}/"
    return client.post(page, asked(client.get(page), **answers))


def forms_of(response: Any) -> Iterator[forms.BaseForm]:
    yield response.context["adminform"].form
    for inline in response.context["inline_admin_formsets"]:
        yield inline.formset.management_form
        yield from inline.formset.forms


def sent(field: BoundField) -> dict[str, Any]:
    """What one field sends, and what it says that it showed."""
    typed = _typed(field)
    if not field.field.show_hidden_initial:
        return typed
    if isinstance(field.field.widget, forms.CheckboxInput):
        shown = {field.html_initial_name: str(bool(field.value()))}
    else:
        shown = {field.html_initial_name + name.removeprefix(field.html_name): typed[name] for name in typed}
    return typed | shown | {name: field.form.data[name] for name in shown if name in field.form.data}


def _typed(field: BoundField) -> dict[str, Any]:
    widget, value = field.field.widget, field.value()
    if isinstance(widget, RelatedFieldWidgetWrapper):
        widget = widget.widget
    if isinstance(widget, forms.MultiWidget):
        parts = zip(widget.widgets, widget.decompress(value) or [], strict=True)
        return {f"{field.html_name}_{n}": part.format_value(v) or "" for n, (part, v) in enumerate(parts)}
    if isinstance(widget, forms.CheckboxInput):
        return {field.html_name: "on"} if value else {}
    if isinstance(widget, forms.SelectMultiple | forms.CheckboxSelectMultiple):
        return {field.html_name: [getattr(one, "pk", one) for one in value or []]}
    return {field.html_name: "" if value is None else value}


def refusals(response: Any) -> dict[str, list[str]]:
    """Every message on a page's form, by field."""
    said: dict[str, list[str]] = {}
    for form in forms_of(response):
        for name, messages in form.errors.items():
            said.setdefault(name, []).extend(map(str, messages))
    for inline in response.context["inline_admin_formsets"]:
        if extra := [str(message) for message in inline.formset.non_form_errors()]:
            said.setdefault("__all__", []).extend(extra)
    return said


def everything_said(response: Any) -> list[str]:
    """Every message on a page's form."""
    return [message for messages in refusals(response).values() for message in messages]


def in_language(text: str, language: str) -> str:
    """A message as a page shows it."""
    with translation.override(language):
        return escape(gettext(text))
