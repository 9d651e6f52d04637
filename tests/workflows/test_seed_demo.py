"""Example accounts exist in demonstrations only, and are nobody."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from council.actions.models import ActionItem
from council.declaration.models import Commitment
from council.mail.models import Notice
from council.meetings.models import Meeting, Participation
from council.minutes.operations.writing import being_written, start_minutes
from council.parties.models import Person, Seat, User
from council.workflows.seed_demo import ACCOUNTS, HELD, PASSWORD, NotADemonstration, seed_demo
from tests.factories import TODAY
from tests.factories.rows import TESTER
from tests.workflows.dump import everything

pytestmark = pytest.mark.usefixtures("seeded")

YESTERDAY = TODAY - timedelta(days=1)  # a Monday
CARRIERS = ("SKT", "KT", "LGU")
EXPECTED = {
    "secretary@msit.example": {("council", "secretary", False), ("ciso", "secretary", False)},
    "assistant@msit.example": {("council", "assistant", False), ("ciso", "assistant", False)},
    "chair@msit.example": {("council", "chair", True)},
    "observer@kisa.example": {("ciso", "observer", False)},
    "accounts@msit.example": set(),
    "network@skt.example": {("council", "contributor", False)},
    "executive@skt.example": {("council", "approver", False)},
}
for code in CARRIERS:
    domain = f"{code.lower()}.example"
    EXPECTED[f"liaison@{domain}"] = {("council", "liaison", False), ("ciso", "liaison", False)}
    EXPECTED[f"ciso@{domain}"] = {("ciso", "member", False)}
    EXPECTED[f"ceo@{domain}"] = {("council", "member", True)}


def test_it_is_refused_outside_a_demonstration_and_leaves_nothing() -> None:
    before = everything()
    with pytest.raises(NotADemonstration):
        seed_demo(today=TODAY, allowed=False)
    assert everything() == before
    assert seed_demo(today=TODAY, allowed=True) > 0


def test_each_account_has_the_seats_of_its_role_since_the_last_business_day() -> None:
    seed_demo(today=TODAY, allowed=True)
    accounts = User.objects.select_related("person")
    seats = {
        user.email: set(Seat.objects.filter(person=user.person).values_list("body__code", "role", "acting"))
        for user in accounts
    }
    assert seats == EXPECTED
    terms = set(Seat.objects.filter(person__user__in=accounts).values_list("starts_on", "ends_on"))
    assert terms == {(YESTERDAY, None)}


def test_three_accounts_open_the_administration_and_one_of_them_manages_accounts() -> None:
    seed_demo(today=TODAY, allowed=True)
    assert set(User.objects.filter(is_staff=True).values_list("email", "is_superuser")) == {
        ("secretary@msit.example", False),
        ("assistant@msit.example", False),
        ("accounts@msit.example", True),
    }
    assert User.objects.filter(is_superuser=True).get().email == "accounts@msit.example"


def test_accounts_belong_to_organisations_by_their_address() -> None:
    seed_demo(today=TODAY, allowed=True)
    for email, organisation in User.objects.values_list("email", "person__organisation__code"):
        assert email.endswith(f"@{organisation.lower()}.example")


def test_nobody_real_is_made_to_act() -> None:
    real = set(Person.objects.values_list("name_ko", flat=True))
    seed_demo(today=TODAY, allowed=True)
    made_up = Person.objects.exclude(name_ko__in=real)
    assert [person.name_ko for person in made_up if not person.name_ko.endswith("(시연)")] == []
    assert made_up.count() == User.objects.count() == len(ACCOUNTS) == 16
    assert set(User.objects.values_list("person__name_ko", flat=True)) & real == set()
    assert set(Participation.objects.values_list("person__name_ko", flat=True)) & real == set()


def test_minutes_can_be_begun_from_what_was_noted_in_the_meeting_of_the_day_before() -> None:
    seed_demo(today=TODAY, allowed=True)
    meeting = Meeting.objects.get(kind="extraordinary")
    assert (meeting.body.code, meeting.state, meeting.day) == ("ciso", "in_progress", YESTERDAY)
    assert set(meeting.participations.values_list("organisation__code", "attendance")) >= {
        (code, "present") for code in (*CARRIERS, "MSIT")
    }
    revision = being_written(start_minutes(meeting, by=TESTER))
    assert revision is not None
    assert list(revision.sections.order_by("position").values_list("gist", "agenda_item__result")) == [
        (note, result) for _title, note, result in HELD
    ]
    assert Notice.objects.count() == 0


def test_the_password_that_is_printed_opens_them() -> None:
    seed_demo(today=TODAY, allowed=True)
    assert [user.email for user in User.objects.all() if not user.check_password(PASSWORD)] == []


def test_each_owner_of_a_tracked_commitment_gets_its_first_step() -> None:
    seed_demo(today=TODAY, allowed=True)
    assert Counter(ActionItem.objects.values_list("owner__code", flat=True)) == {
        "SKT": 14,
        "KT": 13,
        "LGU": 13,
        "MSIT": 4,
    }
    codes = set(ActionItem.objects.values_list("commitment__code", flat=True))
    assert {"C16", "C17", "C20", "C21"} & codes == set()  # discussed, tracked through others, the government's
    assert set(ActionItem.objects.values_list("state", "body__code", "label")) == {
        ("open", "council", "TLP:AMBER+STRICT")
    }
    assert Notice.objects.count() == 0


def test_a_commitment_for_which_no_first_step_is_suggested_gets_none() -> None:
    Commitment.objects.get(code="C17").tracked_through.clear()
    seed_demo(today=TODAY, allowed=True)
    assert ActionItem.objects.filter(commitment__code="C17").count() == 0
    assert ActionItem.objects.filter(commitment__code="C11").count() == 3


def test_a_first_step_is_due_with_the_reports_or_on_the_commitments_own_day() -> None:
    seed_demo(today=TODAY, allowed=True)
    due = {code: str(day) for code, day in ActionItem.objects.values_list("commitment__code", "due_on")}
    assert due["C03"] == "2027-04-01"  # the law's
    assert due["C01"] == "2027-01-28"  # security: three business days before the working group
    assert due["C11"] == "2027-02-05"  # the council's reports


def test_a_day_of_its_own_that_has_passed_counts_no_more() -> None:
    late = TODAY.replace(year=2027)
    seed_demo(today=late, allowed=True)
    due = dict(ActionItem.objects.values_list("commitment__code", "due_on"))
    assert str(due["C03"]) == str(due["C11"]) == "2027-12-10"  # no meeting is ahead: twelve business days


def test_a_second_run_adds_nothing_and_keeps_what_was_changed() -> None:
    seed_demo(today=TODAY, allowed=True)
    User.objects.filter(email="liaison@skt.example").update(language="en")
    ActionItem.objects.filter(commitment__code="C01").update(title="고친 제목")
    after = everything()
    assert seed_demo(today=TODAY, allowed=True) == 0
    assert everything() == after


def test_an_account_that_is_missing_is_made_again() -> None:
    seed_demo(today=TODAY, allowed=True)
    user = User.objects.get(email="observer@kisa.example")
    Seat.objects.filter(person=user.person).delete()
    user.delete()
    assert seed_demo(today=TODAY, allowed=True) == 1
    assert User.objects.filter(email="observer@kisa.example").count() == 1
