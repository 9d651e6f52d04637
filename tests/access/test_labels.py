"""The truth table of the labels (access.md): five labels, everybody of the cast, own and foreign rows."""

from __future__ import annotations

import pytest

from council.core.labels import Label
from council.meetings.states import AgendaItemState
from council.parties.models import Person
from tests.access.rows import a_labelled_action, an_agenda_item, an_open_meeting, an_update, swapped, who_sees
from tests.factories import Cast

pytestmark = pytest.mark.both_databases

LIAISONS = {"skt_liaison", "kt_liaison", "lgu_liaison"}
SKT = {"skt_liaison", "skt_ciso", "skt_ceo"}
COUNCIL = {"secretary", "chair", "skt_ceo", "kt_ceo"} | LIAISONS
EVERYONE_SEATED = COUNCIL | {"skt_ciso", "kt_ciso", "observer"}

# Who sees what SKT owns in the council. The rows of KT are seen by the same with KT's people in place of SKT's.
TABLE = {
    Label.RED: {"secretary"},
    Label.AMBER_STRICT: {"secretary"} | SKT,
    Label.AMBER: COUNCIL | SKT,
    Label.GREEN: EVERYONE_SEATED,
    Label.CLEAR: EVERYONE_SEATED,
}


@pytest.mark.parametrize("label", list(Label))
def test_an_action_item_is_seen_as_its_label_says(cast: Cast, label: Label) -> None:
    assert who_sees(cast, a_labelled_action(label)) == TABLE[label]
    assert who_sees(cast, a_labelled_action(label, "KT")) == swapped(TABLE[label])


def test_whom_a_red_item_names_sees_it_and_no_colleague_does(cast: Cast) -> None:
    assert cast.skt_ciso.person is not None
    action = a_labelled_action(Label.RED, "SKT", cast.skt_ciso.person)
    assert who_sees(cast, action) == {"secretary", "skt_ciso"}


def test_whom_a_red_item_names_leaves_it_behind_on_going_to_a_rival(cast: Cast) -> None:
    person = cast.skt_ciso.person
    assert person is not None
    action = a_labelled_action(Label.RED, "SKT", person)
    Person.objects.filter(pk=person.pk).update(organisation=cast.kt)
    assert who_sees(cast, action) == {"secretary"}


def test_whom_a_red_item_names_sees_it_no_more_once_the_seat_has_ended(cast: Cast) -> None:
    assert cast.former_liaison.person is not None
    action = a_labelled_action(Label.RED, "SKT", cast.former_liaison.person)
    assert who_sees(cast, action) == {"secretary"}


@pytest.mark.parametrize("label", [label for label in Label if label != Label.RED])
def test_names_on_an_item_that_is_not_red_open_nothing(cast: Cast, label: Label) -> None:
    people = [cast.kt_ciso.person, cast.nobody.person]
    action = a_labelled_action(label, "SKT", *[person for person in people if person])
    assert who_sees(cast, action) == TABLE[label]


@pytest.mark.parametrize("own", list(Label))
@pytest.mark.parametrize("parents", list(Label))
def test_an_update_is_seen_as_the_stricter_of_its_label_and_its_items_says(
    cast: Cast, own: Label, parents: Label
) -> None:
    update = an_update(a_labelled_action(parents), own, cast.skt_liaison)
    assert who_sees(cast, update) == TABLE[Label.strictest([own, parents])]


@pytest.mark.parametrize("label", list(Label))
def test_an_update_of_the_other_carrier_is_its_own(cast: Cast, label: Label) -> None:
    update = an_update(a_labelled_action(Label.CLEAR, "KT"), label, cast.kt_liaison)
    assert who_sees(cast, update) == swapped(TABLE[label])


@pytest.mark.parametrize("label", [Label.AMBER, Label.GREEN, Label.CLEAR])
def test_an_accepted_agenda_item_is_seen_by_those_who_see_its_meeting(cast: Cast, label: Label) -> None:
    assert who_sees(cast, an_agenda_item(an_open_meeting(), label)) == COUNCIL


@pytest.mark.parametrize(
    ("label", "names"),
    [
        (Label.RED, {"secretary"}),
        *[(label, {"secretary", "skt_liaison", "skt_ceo"}) for label in Label if label != Label.RED],
    ],
)
@pytest.mark.parametrize("state", [AgendaItemState.PROPOSED, AgendaItemState.RETURNED, AgendaItemState.WITHDRAWN])
def test_an_agenda_item_that_was_not_accepted_stays_between_its_owner_and_the_secretariat(
    cast: Cast, label: Label, names: set[str], state: str
) -> None:
    meeting = an_open_meeting()
    assert who_sees(cast, an_agenda_item(meeting, label, state=state)) == names
    assert who_sees(cast, an_agenda_item(meeting, label, "KT", state=state)) == swapped(names)


def test_a_red_agenda_item_is_seen_by_the_owners_people_it_names(cast: Cast) -> None:
    item = an_agenda_item(an_open_meeting(), Label.RED, state=AgendaItemState.PROPOSED)
    item.readers.set([person for person in (cast.skt_ceo.person, cast.kt_ceo.person, cast.skt_ciso.person) if person])
    assert who_sees(cast, item) == {"secretary", "skt_ceo"}


def test_an_item_of_the_working_group_is_strict_within_it(cast: Cast) -> None:
    action = a_labelled_action(Label.AMBER)
    action.body = cast.ciso
    action.save()
    assert who_sees(cast, action) == {"secretary", "observer", "skt_ciso", "kt_ciso", "skt_ceo"} | LIAISONS
