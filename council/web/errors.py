"""Errors in the reader's words."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from council.core.errors import DomainError


def add_to_form(form: BaseForm, error: DomainError) -> None:
    """Show what the domain refused beside the field it concerns, or above the form."""
    form.add_error(error.field if error.field in form.fields else NON_FIELD_ERRORS, str(error))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "404.html", status=404)
