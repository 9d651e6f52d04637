"""The quarter in a column and in a form."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.forms import modelform_factory

from council.core.quarters import Quarter, QuarterField
from council.meetings.models import Meeting
from council.parties.models import Body
from tests.factories import moment

START = moment("2026-11-24 10:00")


def stored_meeting(body: Body, quarter: Quarter | str) -> Meeting:
    meeting = Meeting(body=body, quarter=quarter, starts_at=START, ends_at=START + timedelta(hours=1))
    meeting.save()
    return Meeting.objects.get(pk=meeting.pk)


@pytest.mark.parametrize("given", [Quarter(2026, 4), "2026-Q4"])
def test_a_quarter_comes_back_from_the_database_as_a_quarter(council: Body, given: Quarter | str) -> None:
    assert stored_meeting(council, given).quarter == Quarter(2026, 4)


def test_the_column_holds_readable_text(council: Body) -> None:
    meeting = stored_meeting(council, Quarter(2026, 4))
    with connection.cursor() as cursor:
        cursor.execute("SELECT quarter FROM council_meeting WHERE id = %s", [meeting.pk])
        assert cursor.fetchone() == ("2026-Q4",)


def test_the_database_sorts_quarters_by_time(council: Body) -> None:
    for quarter in (Quarter(2026, 4), Quarter(2027, 1), Quarter(2025, 1), Quarter(2026, 1)):
        stored_meeting(council, quarter)
    quarters = list(Meeting.objects.order_by("quarter").values_list("quarter", flat=True))
    assert quarters == [Quarter(2025, 1), Quarter(2026, 1), Quarter(2026, 4), Quarter(2027, 1)]


def test_the_database_compares_quarters_by_time(council: Body) -> None:
    for quarter in (Quarter(2026, 4), Quarter(2027, 1)):
        stored_meeting(council, quarter)
    assert Meeting.objects.get(quarter__gte=Quarter(2027, 1)).quarter == Quarter(2027, 1)
    assert Meeting.objects.get(quarter="2026-Q4").quarter == Quarter(2026, 4)


def test_text_that_is_no_quarter_is_refused_by_full_clean(council: Body) -> None:
    meeting = Meeting(body=council, quarter="2026-Q4", starts_at=START, ends_at=START + timedelta(hours=1))
    meeting.full_clean()
    meeting.quarter = "2026-Q5"
    with pytest.raises(ValidationError) as refusal:
        meeting.full_clean()
    assert [error.code for error in refusal.value.error_dict["quarter"]] == ["invalid"]


def test_a_form_takes_a_quarter_and_refuses_what_is_none() -> None:
    form_class = modelform_factory(Meeting, fields=["quarter"])
    good, bad, empty = form_class({"quarter": " 2026-Q4 "}), form_class({"quarter": "Q4"}), form_class({"quarter": ""})
    assert good.is_valid()
    assert good.instance.quarter == Quarter(2026, 4)
    assert list(bad.errors) == ["quarter"]
    assert list(empty.errors) == ["quarter"]


def test_a_quarter_that_must_be_there_cannot_be_left_out(council: Body) -> None:
    meeting = stored_meeting(council, Quarter(2026, 4))
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(quarter=None)


def test_nothing_stays_nothing_where_a_quarter_may_be_missing() -> None:
    field = QuarterField(blank=True)
    field.null = True
    assert field.to_python(None) is None
    assert field.get_prep_value(None) is None
    assert field.from_db_value(None, None, connection) is None
    assert field.clean(None, None) is None


def test_a_fixture_writes_it_as_text() -> None:
    assert Meeting._meta.get_field("quarter").value_to_string(Meeting(quarter=Quarter(2026, 4))) == "2026-Q4"


def test_a_migration_names_it_without_the_length_it_always_has() -> None:
    field = QuarterField("quarter")
    assert field.deconstruct()[1:] == ("council.core.quarters.QuarterField", [], {"verbose_name": "quarter"})
    assert field.max_length == 7
