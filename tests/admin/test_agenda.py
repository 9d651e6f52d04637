"""The agenda on the meeting's page: adding, ordering, refusing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from council.declaration.models import Commitment, Pillar
from council.meetings.models import AgendaItem, AgendaSection, Meeting
from council.meetings.operations.agenda import reorder_agenda, save_agenda_item
from council.parties.models import User
from council.workflows.carry_over import carry_over
from tests.access.rows import an_agenda_item
from tests.admin.forms import everything_said, filled, refusals
from tests.factories import Cast, a_meeting, moment
from tests.factories.rows import TESTER

type SignIn = Callable[[User], Client]


def with_new_item(page: Any, cast: Cast, **values: Any) -> dict[str, Any]:
    """The page's form with one more row on the agenda."""
    number = int(filled(page)["agenda_items-TOTAL_FORMS"])
    given = {
        "id": "", "position": "0", "kind": "discussion", "title": "New item", "commitment": "", "pillar": "",
        "presenter": "", "duration": "10", "label": "TLP:AMBER", "owner": cast.skt.pk,
    } | values  # fmt: skip
    row = {f"agenda_items-{number}-{name}": value for name, value in given.items()}
    return filled(page, **row, **{"agenda_items-TOTAL_FORMS": number + 1})


def post(client: Client, meeting: Meeting, data: dict[str, Any]) -> Any:
    return client.post(f"/admin/council/meeting/{meeting.pk}/change/", data)


def page_of(client: Client, meeting: Meeting) -> Any:
    return client.get(f"/admin/council/meeting/{meeting.pk}/change/")


def titles(meeting: Meeting) -> list[tuple[int, str]]:
    return list(meeting.agenda_items.order_by("position", "id").values_list("position", "title"))


def test_a_new_item_goes_to_the_end(cast: Cast, as_user: SignIn) -> None:
    meeting, client = a_meeting(), as_user(cast.secretary)
    an_agenda_item(meeting, title="There already", position=1)
    response = post(client, meeting, with_new_item(page_of(client, meeting), cast))
    assert response.status_code == 302, refusals(response)
    assert titles(meeting) == [(1, "There already"), (2, "New item")]


def test_a_new_item_without_a_place_stands_before_the_closing_words(cast: Cast, as_user: SignIn) -> None:
    meeting, client = a_meeting(), as_user(cast.secretary)
    carry_over(meeting, by=TESTER)
    assert post(client, meeting, with_new_item(page_of(client, meeting), cast)).status_code == 302
    order = [title for _position, title in titles(meeting)]
    assert order.index("New item") == len(order) - 2


def test_an_older_page_changes_what_was_touched_on_it_and_nothing_else(cast: Cast, as_user: SignIn) -> None:
    meeting, client = a_meeting(), as_user(cast.secretary)
    one, two = (an_agenda_item(meeting, title=title, position=n) for n, title in enumerate(("A", "B"), 1))
    older = page_of(client, meeting)
    for item, title in ((one, "A, revised"), (two, "B, revised")):
        item.title, item.duration = title, 45
        save_agenda_item(item, by=TESTER)
    reorder_agenda(meeting, by=TESTER, item_ids=[two.pk, one.pk])
    data = filled(older, venue="세종", **{"agenda_items-1-duration": "20"})
    assert post(client, meeting, data).status_code == 302
    assert titles(meeting) == [(1, "B, revised"), (2, "A, revised")]
    assert list(meeting.agenda_items.order_by("position").values_list("duration", flat=True)) == [20, 45]
    meeting.refresh_from_db()
    assert meeting.venue == "세종"


def test_saving_the_sections_writes_the_items_that_change_theirs(cast: Cast, as_user: SignIn) -> None:
    meeting, client = a_meeting(), as_user(cast.secretary)
    one, two = (an_agenda_item(meeting, title=title, position=n) for n, title in enumerate(("A", "B"), 1))
    section = AgendaSection.objects.create(meeting=meeting, title="보고")
    AgendaItem.objects.update(updated_at=moment("2026-11-01 10:00"))
    sent = {"sections": "1", f"section-{one.pk}": section.pk, f"section-{two.pk}": ""}
    assert client.post(f"/admin/council/meeting/{meeting.pk}/agenda/", sent).status_code == 302
    touched = meeting.agenda_items.exclude(updated_at=moment("2026-11-01 10:00"))
    assert ([item.section for item in touched], [item.pk for item in touched]) == ([section], [one.pk])


def test_items_are_ordered_by_their_numbers_which_become_1_2_3(cast: Cast, as_user: SignIn) -> None:
    meeting, client = a_meeting(), as_user(cast.secretary)
    for position, title in enumerate(("A", "B", "C"), 1):
        an_agenda_item(meeting, title=title, position=position)
    data = filled(page_of(client, meeting), **{"agenda_items-0-position": "9", "agenda_items-2-position": "0"})
    assert post(client, meeting, data).status_code == 302
    assert titles(meeting) == [(1, "C"), (2, "B"), (3, "A")]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        pytest.param({"label": "TLP:RED"}, "label"),
        pytest.param({"label": "TLP:AMBER+STRICT"}, "label"),
        ({"owner": ""}, "owner"),
        ({"duration": "-5"}, "duration"),
        ({"commitment": "C01", "pillar": "1"}, "pillar"),
        ({"kind": "quarrel"}, "kind"),
    ],
)
def test_an_item_that_cannot_stand_there_is_refused_with_the_whole_form(
    cast: Cast, as_user: SignIn, values: dict[str, Any], field: str
) -> None:
    meeting, client = a_meeting(), as_user(cast.secretary)
    if "commitment" in values:
        values = {
            "commitment": Commitment.objects.get(code="C01").pk,
            "pillar": Pillar.objects.get(order=1).pk,
        }
    data = with_new_item(page_of(client, meeting), cast, **values) | {"title": "Typed beside it"}
    response = post(client, meeting, data)
    assert response.status_code == 200
    errors = refusals(response)
    assert set(errors) <= {field, "__all__"}
    assert everything_said(response) != []
    assert response.context["adminform"].form["title"].value() == "Typed beside it"
    meeting.refresh_from_db()
    assert (meeting.title, meeting.agenda_items.count()) == ("", 0)


def test_the_label_of_an_item_says_why_it_is_too_strict(cast: Cast, as_user: SignIn) -> None:
    meeting, client = a_meeting(), as_user(cast.secretary)
    response = post(client, meeting, with_new_item(page_of(client, meeting), cast, label="TLP:RED"))
    assert "TLP:AMBER" in " ".join(everything_said(response))


def test_an_item_is_withdrawn_with_a_reason_not_deleted(cast: Cast, as_user: SignIn) -> None:
    item, client = an_agenda_item(a_meeting()), as_user(cast.secretary)
    assert client.post(f"/admin/council/agendaitem/{item.pk}/delete/", {"post": "yes"}).status_code == 403
    address = f"/admin/council/agendaitem/{item.pk}/do/withdraw/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Merged into another"}).status_code == 302
    item.refresh_from_db()
    assert item.state == "withdrawn"


def test_a_row_cannot_be_ticked_away(cast: Cast, as_user: SignIn) -> None:
    meeting, client = a_meeting(), as_user(cast.secretary)
    an_agenda_item(meeting, title="Stays", position=1)
    post(client, meeting, filled(page_of(client, meeting), **{"agenda_items-0-DELETE": "on"}))
    assert titles(meeting) == [(1, "Stays")]


def test_an_item_of_another_meeting_cannot_be_smuggled_in(cast: Cast, as_user: SignIn) -> None:
    meeting, client = a_meeting(), as_user(cast.secretary)
    own = an_agenda_item(meeting, title="Own", position=1)
    other = an_agenda_item(Meeting.objects.exclude(pk=meeting.pk).filter(state="draft")[0], title="Other", position=1)
    data = filled(page_of(client, meeting), **{"agenda_items-0-id": other.pk, "agenda_items-0-title": "Taken over"})
    post(client, meeting, data)
    assert [AgendaItem.objects.get(pk=item.pk).title for item in (own, other)] == ["Own", "Other"]


def test_the_label_of_an_item_that_stands_is_not_changed_by_editing(cast: Cast, as_user: SignIn) -> None:
    meeting, client = a_meeting(), as_user(cast.secretary)
    item = an_agenda_item(meeting)
    address = f"/admin/council/agendaitem/{item.pk}/change/"
    assert client.post(address, filled(client.get(address)) | {"label": "TLP:CLEAR"}).status_code == 302
    data = filled(page_of(client, meeting), **{"agenda_items-0-label": "TLP:CLEAR"})
    assert post(client, meeting, data).status_code == 302
    item.refresh_from_db()
    assert item.label == "TLP:AMBER"
