"""What the founding meeting left, and nothing that it did not."""

from __future__ import annotations

from collections import Counter

import pytest

from council.actions.models import ActionItem
from council.core.quarters import Quarter
from council.declaration.models import Commitment, Declaration, Incident, Indicator, Pillar
from council.files.models import StoredFile
from council.mail.models import Notice
from council.meetings.models import AgendaItem, DeadlineTemplate, Meeting
from council.parties.models import Body, Organisation, Person, Seat, User
from council.reminders.models import ReminderRule
from tests.factories import moment

pytestmark = pytest.mark.usefixtures("seeded")


def test_there_are_three_pillars_in_their_order() -> None:
    assert list(Pillar.objects.order_by("order").values_list("order", "code")) == [
        (1, "security"),
        (2, "benefits"),
        (3, "ai_network"),
    ]


def test_there_are_twenty_four_commitments_under_their_pillars() -> None:
    codes = list(Commitment.objects.order_by("code").values_list("code", flat=True))
    assert codes == [f"C{number:02d}" for number in range(1, 25)]
    counts = Counter(Commitment.objects.values_list("pillar__code", flat=True))
    assert counts == {"security": 10, "benefits": 7, "ai_network": 4, None: 3}


def test_only_the_one_that_was_merely_discussed_is_not_tracked() -> None:
    others = Commitment.objects.exclude(state="tracked").values_list("code", "state", "kind")
    assert list(others) == [("C16", "discussed", "discussed")]


def test_commitments_tracked_through_others_are_linked_to_them() -> None:
    links = {c.code: sorted(c.tracked_through.values_list("code", flat=True)) for c in Commitment.objects.all()}
    assert {code: through for code, through in links.items() if through} == {
        "C17": ["C11", "C12", "C13", "C14", "C15"],
        "C21": ["C18"],
    }


def test_every_commitment_has_an_owner() -> None:
    assert list(Commitment.objects.exclude(parts__part="owner").values_list("code", flat=True)) == []


def test_no_baseline_is_invented() -> None:
    assert list(Indicator.objects.exclude(baseline=None)) == []
    assert list(Indicator.objects.exclude(target=None).filter(target_note_ko="")) == []


def test_four_people_are_named_and_nobody_else() -> None:
    assert set(Person.objects.values_list("name_ko", "organisation__code")) == {
        ("배경훈", "MSIT"),
        ("정재헌", "SKT"),
        ("박윤영", "KT"),
        ("홍범식", "LGU"),
    }
    assert list(Person.objects.exclude(email="")) == []
    assert User.objects.count() == 0


def test_the_four_sit_on_the_council_and_the_working_group_waits_for_its_people() -> None:
    seats = set(Seat.objects.values_list("body__code", "person__name_ko", "role", "acting", "ends_on"))
    assert seats == {
        ("council", "배경훈", "chair", False, None),
        ("council", "정재헌", "member", False, None),
        ("council", "박윤영", "member", False, None),
        ("council", "홍범식", "member", False, None),
    }


def test_the_three_chief_executives_signed() -> None:
    declaration = Declaration.objects.get()
    signed = set(declaration.signatories.values_list("person__name_ko", "organisation__code", "position_ko"))
    assert signed == {
        ("정재헌", "SKT", "최고경영자(CEO)"),
        ("박윤영", "KT", "최고경영자(CEO)"),
        ("홍범식", "LGU", "최고경영자(CEO)"),
    }


def test_the_founding_meeting_is_not_regular_and_has_no_number() -> None:
    founding = Meeting.objects.get(kind="founding")
    assert (founding.day.isoformat(), founding.quarter, founding.number) == ("2026-04-09", Quarter(2026, 2), None)
    assert (founding.state, founding.day_only, founding.ends_at) == ("closed", True, None)
    assert founding.declaration == Declaration.objects.get()
    assert Meeting.objects.filter(kind="regular", quarter=Quarter(2026, 2)).count() == 0


def test_nothing_is_said_about_who_attended_or_what_was_on_an_agenda() -> None:
    founding = Meeting.objects.get(kind="founding")
    assert (founding.agenda_items.count(), founding.deadlines.count()) == (0, 0)
    assert (founding.opened_at, founding.closed_at) == (None, None)
    # The next meetings have what stands on every agenda, and nothing else.
    assert [
        AgendaItem.objects.filter(standing=None).count(),
        ActionItem.objects.count(),
        StoredFile.objects.count(),
    ] == [0, 0, 0]


def test_the_next_meetings_are_planned_as_drafts_the_working_groups_before_the_councils() -> None:
    planned = Meeting.objects.filter(kind="regular").order_by("starts_at")
    assert list(planned.values_list("body__code", "quarter", "state", "starts_at")) == [
        ("ciso", Quarter(2027, 1), "draft", moment("2027-02-02 10:00")),
        ("council", Quarter(2027, 1), "draft", moment("2027-02-25 10:00")),
    ]
    assert Notice.objects.count() == 0


def test_incidents_are_listed_with_the_commitments_that_answer_them() -> None:
    found = {i.code: sorted(i.commitments.values_list("code", flat=True)) for i in Incident.objects.all()}
    assert found == {
        "skt-usim": ["C02", "C03", "C04"],
        "kt-payment": ["C02", "C03", "C05"],
        "lgu-imsi": ["C02", "C03", "C06"],
    }


def test_bodies_and_organisations_are_those_of_the_file() -> None:
    assert dict(Body.objects.values_list("code", "parent__code")) == {"council": None, "ciso": "council"}
    assert Counter(Organisation.objects.values_list("kind", flat=True)) == {"ministry": 2, "carrier": 3, "agency": 3}


def test_each_body_has_its_steps_and_its_rules() -> None:
    steps = Counter(DeadlineTemplate.objects.values_list("body__code", "meeting_kind"))
    assert steps == {
        ("council", "regular"): 12,
        ("ciso", "regular"): 9,
        ("council", "extraordinary"): 3,
        ("ciso", "extraordinary"): 3,
    }
    assert set(ReminderRule.objects.values_list("active", "unit")) == {(True, "business")}
    assert set(ReminderRule.objects.values_list("body__code", flat=True)) == {"council", "ciso"}
