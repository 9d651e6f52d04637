"""What went wrong elsewhere cannot go wrong here: each published hole of our peers points to the test against it.

A test stands in this module, in the lints beside it or wherever the rule is proven. Where Council has no such thing
yet, a guard fails as soon as it appears without its proof.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from council.mail.models import Notice
from council.mail.registry import registry
from council.meetings.models import Meeting
from council.parties.models import Person, User
from tests.access.rows import an_open_meeting
from tests.architecture.source import ROOT
from tests.factories import TODAY, Cast, an_action, link, moment
from tests.factories.cast import PASSWORD, an_account, seat
from tests.probes.corpus import FAMILIES, MARK
from tests.probes.pages import leaks
from tests.probes.test_bad_input import CANARY, make_places
from tests.probes.test_peers_sources import names_of
from tests.proofs import EVERYTHING, PROOF
from tests.wall.changes import put_back

type SignIn = Callable[..., Client]

SOURCES = "tests/probes/test_peers_sources.py::"
MATRIX = "tests/wall/test_matrix.py::test_each_cell_is_answered_as_the_rules_say"
CORPUS = "tests/probes/test_bad_input.py::test_no_input_is_a_fault_or_becomes_markup"
ATTACHMENTS = "tests/browser/test_attachments.py::test_every_file_is_downloaded_whole_and_none_is_shown_or_run"
GUARD = SOURCES + "test_nothing_of_the_kind_comes_without_its_proof"

PEERS: dict[str, str] = {
    "OpenProject CVE-2026-40896": "tests/wall/test_foreign_ids.py::test_no_field_takes_a_row_that_is_not_the_readers",
    "OpenProject CVE-2026-22605": "tests/access/test_policy.py::"
    "test_the_secretary_of_one_body_changes_nothing_of_another",
    "OpenProject CVE-2026-44732": "tests/admin/test_choices.py::test_an_attempt_after_assignment_is_written_down",
    "OpenProject CVE-2026-27723": MATRIX,
    "OpenProject CVE-2026-23646": "tests/web/test_own_sessions.py::test_a_number_that_is_not_ones_own_ends_nothing",
    "OpenProject CVE-2026-31974": SOURCES + "test_the_relay_is_named_by_the_settings_alone",
    "OpenProject CVE-2026-23625": ATTACHMENTS,
    "OpenProject CVE-2026-32703": ATTACHMENTS,
    "OpenProject CVE-2026-22604": "test_signing_in_and_a_forgotten_password_do_not_tell_who_has_an_account",
    "OpenProject CVE-2026-22601": SOURCES + "test_the_source_has_none_of_it",
    "OpenProject GHSA-9c69-v342-vqr7": "test_names_of_the_language_itself_open_nothing",
    "OpenProject GHSA-pggp-67cq-xgrg": SOURCES + "test_the_source_has_none_of_it",
    "Indico 3.3.13": GUARD,
    "Indico CVE-2026-33046": GUARD,
    "Indico CVE-2026-28352": "tests/web/test_routes.py::test_every_route_says_to_whom_it_opens",
    "Indico CVE-2026-25738": SOURCES + "test_the_source_has_none_of_it",
    "Indico CVE-2026-25739": ATTACHMENTS,
    "Indico CVE-2025-59034": MATRIX,
    "Indico CVE-2025-59035": CORPUS,
    "Indico 2023 href": CORPUS,
    "Indico CVE-2025-53640": "test_a_liaison_cannot_leaf_through_the_people_of_others",
    "Indico CVE-2023-37901": CORPUS,
    "Indico CVE-2024-45399": "test_nobody_is_led_to_another_site",
    "Indico 2.3.4 to 3.3.10 open redirects": "test_nobody_is_led_to_another_site",
    "Indico 3.2.4": "tests/web/test_headers.py::test_nothing_is_kept_by_any_cache",
    "pretalx 2026.1.2": CORPUS,
    "pretalx 2026 token": GUARD,
    "pretalx 1.0.2": "tests/access/test_children.py::test_a_letter_is_its_recipients_and_the_secretariats",
    "pretalx #970": "test_what_is_hidden_is_not_found_by_searching_ordering_or_filtering",
    "pretix CVE-2026-9712": "tests/portal/test_files.py::test_nobody_else_gets_a_byte_or_a_name",
    "pretix CVE-2026-5600": "tests/wall/test_crawl.py::test_nobody_is_shown_what_is_not_theirs",
    "Decidim CVE-2026-40870": MATRIX,
    "Decidim CVE-2026-40869": MATRIX,
    "Decidim CVE-2026-23891": CORPUS,
    "Decidim CVE-2024-32469": "test_a_page_number_is_a_number_or_nothing",
    "Vikunja CVE-2026-115507": "test_no_name_becomes_markup_or_a_header_of_a_letter",
    "WeasyPrint CVE-2025-68616": GUARD,
    "local-deep-research CVE-2026-43979": GUARD,
    "Django CVE-2025-64459": SOURCES + "test_the_source_has_none_of_it",
    "Django CVE-2025-57833": SOURCES + "test_the_source_has_none_of_it",
    "Django CVE-2026-1287": SOURCES + "test_the_django_in_use_is_a_mended_one",
    "Django CVE-2026-1285": SOURCES + "test_the_templates_escape",
    "allauth 65.14.2": "tests/web/test_client_ip.py::test_an_address_is_the_one_our_outermost_proxy_saw",
}
ROWS = 43


def resolves(pointer: str) -> bool:
    path, _colons, name = pointer.rpartition("::")
    path = path or "tests/probes/test_peers_vulnerabilities.py"
    return name.startswith("test_") and (ROOT / path).is_file() and name in names_of(path)


def test_every_hole_of_a_peer_has_a_test_that_exists() -> None:
    assert len(PEERS) == ROWS
    assert [peer for peer, pointer in PEERS.items() if not resolves(pointer)] == []


def test_a_test_that_is_gone_is_noticed() -> None:
    assert not resolves("tests/web/test_headers.py::test_of_this_name_there_is_none")
    assert not resolves("tests/web/test_gone.py::test_nothing_is_kept_by_any_cache")
    assert not resolves("test_of_this_name_there_is_none")


# --- Signing in -------------------------------------------------------------------------------------------------------


def leaves(location: str) -> bool:
    """Whether a browser would go to another site."""
    seen = re.sub(r"[\t\r\n]", "", location).strip("".join(map(chr, range(33)))).replace("\\", "/").lower()
    if re.match(r"[a-z][a-z0-9+.-]*:", seen):
        return not seen.startswith(("http://testserver/", "https://testserver/"))
    return seen.startswith("//")


def test_a_way_out_is_noticed() -> None:
    out = ("//e.test", r"/\e.test", "https:e.test", "\t//e.test", "/\t/e.test", "javascript:x", "http://testserver@e/")
    assert [location for location in out if not leaves(location)] == []
    assert [location for location in ("/", "/a?next=//e.test", "http://testserver/") if leaves(location)] == []


def test_nobody_is_led_to_another_site(cast: Cast) -> None:
    targets = [target for target in FAMILIES["redirects"] if isinstance(target, str)]
    assert len(targets) >= 60
    targets = targets if PROOF else targets[::4]
    led = []
    for target in targets:
        signing_in = {"login": "liaison@skt.test", "password": PASSWORD, "next": target}
        answers = [
            Client().post("/login/", signing_in),
            Client().post("/language/", {"language": "en", "next": target}),
            Client().get("/admin/login/", {"next": target}),
        ]
        in_a_query = 400 if "\0" in target else 302
        assert [answer.status_code for answer in answers] == [302, 302, in_a_query], target
        places = [answer["Location"] for answer in answers if answer.status_code == 302]
        led += [(target, place) for place in places if leaves(place)]
    assert led == []


def words_of(response: Any, address: str) -> str:
    """A page without what differs from one request to the next."""
    text = response.content.decode().replace(address, "ADDRESS")
    return re.sub(r'(nonce|name="csrfmiddlewaretoken" value)="[^"]*"', "", text)


def test_signing_in_and_a_forgotten_password_do_not_tell_who_has_an_account(cast: Cast) -> None:
    User.objects.filter(pk=cast.kt_liaison.pk).update(is_active=False)
    tried = [("nobody-of-that-name@skt.test", "wrong"), ("liaison@skt.test", "wrong"), ("liaison@kt.test", PASSWORD)]
    for page in ("/login/", "/login/forgotten/"):
        said = []
        for address, password in tried:
            client = Client()
            fields = client.get(page).context["form"].fields
            typed = {name: password if "password" in name else address for name in fields if name != "remember"}
            assert address in typed.values()
            answer = client.post(page, typed, follow=True)
            said.append((answer.status_code, answer.redirect_chain, words_of(answer, address)))
        assert len(said) == 3
        assert said[1:] == said[:1] * 2, page


# --- Lists ------------------------------------------------------------------------------------------------------------


def test_a_liaison_cannot_leaf_through_the_people_of_others(cast: Cast, as_user: SignIn) -> None:
    people, kinds = Person.objects.count(), ("person", "user", "seat", "organisation")
    addresses = [f"/admin/council/{kind}/{tail}" for kind in kinds for tail in ("", "?q=kt", "?o=1", "add/")]
    addresses += [f"/admin/council/{kind}/{pk}/change/" for kind in kinds[:3] for pk in range(1, people + 2)]
    addresses += [link("readers", pk, kind="update") for pk in range(1, people + 2)]
    question = "/admin/autocomplete/?app_label=council&model_name=seat&field_name=person&term=kt"
    addresses += [question, "/?q=kt", "/view-as/", "/account/", "/account/sessions/", "/meetings/?q=kt"]
    found = {}
    for user in (cast.skt_liaison, cast.secretary):
        client = as_user(user)
        client.raise_request_exception = False
        found[user.email] = [a for a in addresses if re.search(r"\w@kt\.test", client.get(a).content.decode())]
    assert found["liaison@skt.test"] == []
    assert len(found["secretary@msit.test"]) > 3


def test_what_is_hidden_is_not_found_by_searching_ordering_or_filtering(cast: Cast, as_user: SignIn) -> None:
    """By whoever runs the working group alone, of an item of KT's on the council."""
    group = an_account("group@msit.test", "MSIT", is_staff=True)
    seat(group, "ciso", "secretary")
    an_action("KT", title=CANARY, description=CANARY)
    part = CANARY[:-1]
    filters = ("q", "title__startswith", "description__contains", "title__regex", "commitment__items__title")
    queries = [f"{name}={part}" for name in filters] + [f"o={n}" for n in range(-8, 9)]
    client = as_user(group)
    for query in queries:
        answer = client.get(f"/admin/council/actionitem/?{query}", follow=True)
        assert CANARY not in answer.content.decode(), query
        if answer.context and "cl" in answer.context:
            assert answer.context["cl"].result_count == 0, query
    assert CANARY in as_user(cast.secretary).get(f"/admin/council/actionitem/?q={part}").text


@pytest.mark.parametrize("column", ["password__startswith", "password__regex", "person__user__password__contains"])
def test_a_password_is_not_guessed_by_narrowing_a_list(cast: Cast, as_user: SignIn, column: str) -> None:
    """Not even by whoever administers the accounts: a list answers the same whether or not the beginning is right."""
    client = as_user(cast.accounts)
    client.raise_request_exception = False
    assert client.get("/admin/council/user/").context["cl"].result_count > 1
    said = []
    for start in (cast.skt_liaison.password[:6], "nothing"):
        answer = client.get("/admin/council/user/", {column: start}, follow=True)
        rows = answer.context["cl"].result_count if answer.context and "cl" in answer.context else None
        said.append((answer.status_code, rows))
    assert said[0] == said[1]


def test_a_page_number_is_a_number_or_nothing(cast: Cast, as_user: SignIn) -> None:
    numbers = FAMILIES["ids"] if PROOF else FAMILIES["ids"][::6]
    client = as_user(cast.secretary)
    client.raise_request_exception = False
    answers = {
        (address, number): client.get(address, {name: number}).status_code
        for number in numbers
        for address, name in (("/admin/council/meeting/", "p"), ("/meetings/", "page"), ("/", "per_page"))
    }
    allowed = {(asked, 400 if "\0" in str(asked[1]) else 200) for asked in answers}
    wrong = [a for a, status in answers.items() if status not in {200, 302, 404} and (a, status) not in allowed]
    assert wrong == []


def names_of_the_language() -> list[str]:
    """What Python, the ORM and the templates would understand."""
    own = sorted({name for kind in (object, type, Client, dict, str, int, Exception) for name in dir(kind)})
    own = [name for name in own if name.startswith("__")] + [
        "_meta", "_state", "_base_manager", "objects", "pk", "save", "delete", "password", "full_clean",
    ]  # fmt: skip
    tails = ("", "__class__", ".__globals__", "__init__.__globals__", "__startswith", "[0]", "__in", "-")
    return [f"{name}{tail}" for tail in tails for name in own]


def test_names_of_the_language_itself_open_nothing(cast: Cast, as_user: SignIn) -> None:
    """As names of fields of every form, of parameters, filters and orders of every list."""
    names = names_of_the_language()
    assert len(set(names)) >= 500
    told = (settings.SECRET_KEY, cast.secretary.password, "<class '", "&lt;class &#x27;", "bound method", "__main__")
    wrong, sent = [], 0
    for number, place in enumerate(make_places(cast, as_user)):
        step = (1 if EVERYTHING else 24) if PROOF else 480
        mine = names[number % step :: step]
        inputs = [dict.fromkeys(names, MARK), *({"o": one, one: MARK} for one in mine)]
        for typed in inputs if place.method == "GET" else inputs[:1]:
            with put_back():
                answer = place.send(dict(typed))
            sent += 1
            if answer.status_code >= 500 or any(word in answer.content.decode() for word in told):
                wrong.append((place.name, answer.status_code, list(typed)[:2]))
    assert sent > 100
    assert wrong == []


# --- Letters ----------------------------------------------------------------------------------------------------------


def test_no_name_becomes_markup_or_a_header_of_a_letter(cast: Cast) -> None:
    """A meeting of any name and venue, in the letters about it."""
    meeting, typed = an_open_meeting(), [*FAMILIES["markup"], *FAMILIES["headers"]]
    names = [name for name in typed if isinstance(name, str) and len(name) < 100 and "\x00" not in name]
    assert len(names) >= 400
    recipient, shown = Person.objects.select_related("user", "organisation").get(user=cast.skt_liaison), 0
    names = names if PROOF else names[::3]
    for name in names:
        Meeting.objects.filter(pk=meeting.pk).update(title=name, venue=name)
        notice = Notice(
            kind="meeting_convened", target_type="meeting", target_id=meeting.pk, on=TODAY, anchor_on=TODAY,
            recipient=recipient,
        )  # fmt: skip
        letter = registry.render([notice], moment("2026-11-24 10:00"))
        assert leaks(letter.html) == []
        assert len(letter.subject.splitlines()) == 1, name
        shown += MARK in letter.html
    assert shown > len(names) / 2
