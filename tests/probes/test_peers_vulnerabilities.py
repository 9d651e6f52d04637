"""What others were broken into through: each of their published holes with the test that it is not one of ours.

A hole in something we do not have is kept shut by a guard, which fails on the day the thing appears without its test.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from importlib.metadata import distributions
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import models
from django.test import Client
from django.urls import reverse

from council.access.visibility import visible_to
from council.actions.models import ActionItem
from council.core.models import Closure
from council.meetings.models import AgendaItem, DeadlineTemplate, Meeting
from council.parties.models import Person, User
from tests.access.rows import an_open_meeting
from tests.architecture.source import ROOT, functions, modules
from tests.factories import TODAY, Cast, actor_of, an_account, an_action, seat
from tests.factories.cast import PASSWORD
from tests.probes.corpus import FAMILIES, MARK
from tests.probes.pages import leaks

type SignIn = Callable[[User], Client]

HERE = "tests/probes/test_peers_vulnerabilities.py::"
SOURCE = "tests/probes/test_source.py::"
BAD_INPUT = "tests/probes/test_bad_input.py::test_no_input_is_a_fault_or_becomes_markup"
LETTERS = "tests/probes/test_letters.py::test_no_text_becomes_markup_a_header_or_a_recipient"
TRUTH_TABLE = "tests/access/test_truth_table.py::test_every_answer_is_the_one_the_design_gives"
WALL = "tests/portal/test_wall.py::test_no_page_shows_anybody_a_canary_that_is_not_theirs"
NO_SCRIPT = "tests/portal/test_files.py::test_nothing_in_it_can_run"
ONE_DOOR = "tests/web/test_routes.py::test_every_route_says_to_whom_it_opens"
GUARD = f"{HERE}test_what_we_do_not_have_does_not_come_without_its_test"

# The published holes, as the survey of the peers lists them.
IDS = [
    "CVE-2026-40896", "CVE-2026-22605", "CVE-2026-44732", "CVE-2026-27723", "CVE-2026-23646", "CVE-2026-31974",
    "CVE-2026-23625", "CVE-2026-32703", "CVE-2026-22604", "CVE-2026-22601", "GHSA-9c69-v342-vqr7",
    "GHSA-pggp-67cq-xgrg", "indico-3.3.13", "CVE-2026-33046", "CVE-2026-28352", "CVE-2026-25738", "CVE-2026-25739",
    "CVE-2025-59034", "CVE-2025-59035", "CVE-2025-53640", "CVE-2023-37901", "CVE-2024-45399", "indico-3.2.4",
    "pretalx-2026.1.2", "pretalx-2026-token", "pretalx-1.0.2", "pretalx-970", "CVE-2026-9712", "CVE-2026-5600",
    "CVE-2026-40870", "CVE-2026-40869", "CVE-2026-23891", "CVE-2024-32469", "CVE-2026-115507", "CVE-2025-68616",
    "CVE-2026-43979", "CVE-2025-64459", "CVE-2025-57833", "CVE-2026-1287", "CVE-2026-1285", "allauth-65.14.2",
    "ical-injection", "xlsx-formula",
]  # fmt: skip
COVERED = {
    "CVE-2026-40896": f"{HERE}test_cve_2026_40896_a_foreign_parent_in_the_body_is_refused",
    "CVE-2026-22605": "tests/portal/test_meetings.py::test_the_working_groups_members_do_not_see_the_councils_meeting",
    "CVE-2026-44732": f"{HERE}test_cve_2026_44732_the_policy_is_asked_again_after_assignment",
    "CVE-2026-27723": f"{HERE}test_cve_2026_27723_nobody_adds_what_is_not_theirs_to_add",
    "CVE-2026-23646": "tests/web/test_own_sessions.py::test_a_number_that_is_not_ones_own_ends_nothing",
    "CVE-2026-31974": f"{SOURCE}test_no_user_supplied_hosts",
    "CVE-2026-23625": NO_SCRIPT,
    "CVE-2026-32703": "tests/files/test_corpus.py::test_a_file_meets_its_fate_quickly_and_in_words",
    "CVE-2026-22604": f"{HERE}test_cve_2026_22604_no_answer_tells_whether_there_is_such_an_account",
    "CVE-2026-22601": f"{SOURCE}test_no_shell_mailer",
    "GHSA-9c69-v342-vqr7": f"{SOURCE}test_the_source_expands_reaches_marks_runs_and_composes_nothing",
    "GHSA-pggp-67cq-xgrg": f"{HERE}test_ghsa_pggp_no_name_of_an_attribute_reaches_an_object",
    "indico-3.3.13": GUARD,
    "CVE-2026-33046": f"{SOURCE}test_there_is_no_latex",
    "CVE-2026-28352": ONE_DOOR,
    "CVE-2026-25738": f"{SOURCE}test_no_user_supplied_hosts",
    "CVE-2026-25739": NO_SCRIPT,
    "CVE-2025-59034": GUARD,
    "CVE-2025-59035": BAD_INPUT,
    "CVE-2025-53640": f"{HERE}test_cve_2025_53640_the_directory_cannot_be_counted_through",
    "CVE-2023-37901": f"{HERE}test_cve_2023_37901_a_page_that_asks_whether_to_delete_shows_text",
    "CVE-2024-45399": f"{HERE}test_cve_2024_45399_next_is_local_only",
    "indico-3.2.4": "tests/web/test_headers.py::test_nothing_is_kept_by_any_cache",
    "pretalx-2026.1.2": LETTERS,
    "pretalx-2026-token": GUARD,
    "pretalx-1.0.2": "tests/access/test_children.py::test_a_letter_is_its_recipients_and_the_secretariats",
    "pretalx-970": f"{HERE}test_pretalx_970_hidden_fields_are_not_searchable_or_sortable",
    "CVE-2026-9712": (
        "tests/admin/test_audit_exporting.py::test_nobody_else_takes_the_record_out_and_the_attempt_is_written_down"
    ),
    "CVE-2026-5600": WALL,
    "CVE-2026-40870": TRUTH_TABLE,
    "CVE-2026-40869": TRUTH_TABLE,
    "CVE-2026-23891": BAD_INPUT,
    "CVE-2024-32469": f"{HERE}test_cve_2024_32469_numbers_of_pages_are_numbers",
    "CVE-2026-115507": LETTERS,
    "CVE-2025-68616": GUARD,
    "CVE-2026-43979": GUARD,
    "CVE-2025-64459": f"{SOURCE}test_the_source_expands_reaches_marks_runs_and_composes_nothing",
    "CVE-2025-57833": f"{SOURCE}test_django_is_a_release_without_known_holes",
    "CVE-2026-1287": f"{SOURCE}test_django_is_a_release_without_known_holes",
    "CVE-2026-1285": f"{SOURCE}test_templates_escape_everything_but_the_plain_text_of_letters",
    "allauth-65.14.2": "tests/web/test_guessing.py::test_a_forwarded_address_is_not_believed",
    "ical-injection": GUARD,
    "xlsx-formula": GUARD,
}


# --- The table holds ----------------------------------------------------------------------------------------------


def test_every_published_hole_has_its_test() -> None:
    assert sorted(IDS) == sorted(COVERED)


@pytest.mark.parametrize("hole", IDS)
def test_the_test_of_a_hole_is_there(hole: str) -> None:
    path, _, name = COVERED[hole].partition("::")
    assert name in {function.name for function in functions(ast.parse((ROOT / path).read_text(encoding="utf-8")))}


# --- What we do not have ----------------------------------------------------------------------------------------------


def _installed(*names: str) -> Callable[[], bool]:
    wanted = {name.lower() for name in names}
    return lambda: any((each.metadata["Name"] or "").lower() in wanted for each in distributions())


def _says(text: str) -> Callable[[], bool]:
    return lambda: any(text in ast.unparse(tree) for tree in modules("council", "config").values())


def _there(path: str) -> Callable[[], bool]:
    return lambda: (ROOT / path).exists()


def _keeps_tokens() -> bool:
    """A model of ours that keeps a token by which somebody is let in."""
    ours = apps.get_app_config("council").get_models()
    return (
        any("token" in model.__name__.lower() for model in ours)
        or "rest_framework.authtoken" in settings.INSTALLED_APPS
    )


# The thing, how it shows that it has come, and the name of the test it must not come without.
ABSENT: dict[str, tuple[Callable[[], bool], str]] = {
    "minutes": (_there("council/minutes"), "test_conflict_page_escapes_both_versions"),
    "an API": (_there("council/api"), "test_the_api_asks_the_same_policy"),
    "tokens": (_keeps_tokens, "test_a_token_opens_no_more_than_its_owner_sees"),
    "calendar feeds": (_says("text/calendar"), "test_a_feed_escapes_the_corpus"),
    "PDF": (_installed("weasyprint", "reportlab", "xhtml2pdf"), "test_the_pdf_fetcher_fetches_nothing"),
    "spreadsheets": (_installed("openpyxl", "xlsxwriter"), "test_no_cell_of_a_spreadsheet_is_a_formula"),
    "Markdown": (_installed("markdown", "mistune", "nh3", "bleach"), "test_cleaned_markup_keeps_what_is_listed"),
}  # fmt: skip


@pytest.mark.parametrize("thing", ABSENT)
def test_what_we_do_not_have_does_not_come_without_its_test(thing: str) -> None:
    is_there, name = ABSENT[thing]
    tests = {function.name for tree in modules("tests").values() for function in functions(tree)}
    assert not is_there() or name in tests, f"{thing} is here; write {name} with the corpus of bad input"


def test_the_search_would_see_what_has_come() -> None:
    assert _there("council/access")()
    assert _installed("django")()
    assert _says("Content-Security-Policy")()


# --- Rows of others ---------------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(cast: Cast) -> User:
    """Runs the working group; of the council an observer who may read, and no more."""
    clerk = an_account("clerk@msit.test", "MSIT", is_staff=True)
    seat(clerk, "ciso", "secretary")
    seat(clerk, "council", "observer")
    return clerk


def test_cve_2026_40896_a_foreign_parent_in_the_body_is_refused(cast: Cast, as_user: SignIn, clerk: User) -> None:
    client, meeting = as_user(clerk), an_open_meeting()
    assert client.get(f"/meetings/{meeting.pk}/").status_code == 200
    count = (AgendaItem.objects.count(), ActionItem.objects.count(), Meeting.objects.count())
    item = {
        "meeting": meeting.pk,
        "kind": "report",
        "title": "t",
        "duration": 5,
        "label": "TLP:AMBER",
        "owner": cast.skt.pk,
    }
    action = {
        "owners": [cast.kt.pk],
        "title": "t",
        "body": cast.council.pk,
        "due_on": "2026-12-10",
        "label": "TLP:AMBER",
    }
    plan = {"body": cast.council.pk, "quarter": "2027-Q3", "kind": "extraordinary", "mode": "video"}
    plan |= {"starts_at_0": "2027-08-19", "starts_at_1": "10:00", "ends_at_0": "2027-08-19", "ends_at_1": "11:00"}
    for model, data in (("agendaitem", item), ("actionitem", action), ("meeting", plan)):
        assert client.post(f"/admin/council/{model}/add/", data).status_code in {200, 403}, model
        own = dict(data) | ({"body": cast.ciso.pk} if "body" in data else {})
        assert model == "agendaitem" or client.post(f"/admin/council/{model}/add/", own).status_code == 302, model
    assert AgendaItem.objects.count() == count[0]
    assert not ActionItem.objects.filter(body=cast.council).exists()
    assert Meeting.objects.filter(body=cast.council, quarter="2027-Q3").count() == 0
    assert (ActionItem.objects.count(), Meeting.objects.count()) == (count[1] + 1, count[2] + 1)


def test_cve_2026_44732_the_policy_is_asked_again_after_assignment(cast: Cast, as_user: SignIn, clerk: User) -> None:
    own = DeadlineTemplate.objects.filter(body=cast.ciso).first() or DeadlineTemplate.objects.create(
        body=cast.ciso, kind="notice", offset=-1
    )
    data = {"meeting_kind": "founding", "kind": own.kind, "offset": -3, "unit": "calendar"}
    address = f"/admin/council/deadlinetemplate/{own.pk}/change/"
    assert as_user(clerk).post(address, data | {"body": cast.council.pk}).status_code in {200, 403}
    own.refresh_from_db()
    assert (own.body, own.offset) != (cast.council, -3)
    assert as_user(clerk).post(address, data | {"body": cast.ciso.pk}).status_code == 302


def test_cve_2026_27723_nobody_adds_what_is_not_theirs_to_add(cast: Cast, as_user: SignIn) -> None:
    names = [model._meta.model_name for model in apps.get_app_config("council").get_models()]
    addresses = [f"/admin/council/{name}/add/" for name in names]
    refused = 0
    for user in (cast.skt_liaison, cast.kt_ceo, cast.chair, cast.observer, cast.former_liaison, cast.nobody):
        client = as_user(user)
        statuses = {client.post(address, follow=True).status_code for address in addresses}
        assert statuses <= {403, 404}, user
        refused += len(addresses)
    secretary = as_user(cast.secretary)
    assert refused > 150
    assert sum(secretary.get(address).status_code == 200 for address in addresses) > 10


def test_cve_2025_53640_the_directory_cannot_be_counted_through(cast: Cast, as_user: SignIn) -> None:
    client, liaison = as_user(cast.skt_liaison), actor_of(cast.skt_liaison)
    known = visible_to(liaison, Person.objects.all(), on=TODAY)
    assert {person.organisation.code for person in known} == {"SKT", "MSIT"}
    hidden = Person.objects.exclude(pk__in=known.values("pk"))
    assert hidden.filter(organisation__code="KT").exists()
    query = "app_label=council&model_name=seat&field_name=person&term="
    for address in (f"/admin/autocomplete/?{query}", "/admin/council/person/", "/admin/council/user/"):
        response = client.get(address, follow=True)
        assert response.status_code == 403
        assert not [person for person in hidden if person.email and person.email in response.text]
    for pk in Person.objects.values_list("pk", flat=True):
        for model in ("person", "user"):
            assert client.get(f"/admin/council/{model}/{pk}/change/", follow=True).status_code in {403, 404}


def test_pretalx_970_hidden_fields_are_not_searchable_or_sortable(cast: Cast, as_user: SignIn, clerk: User) -> None:
    """Neither what is found, nor how many, nor in which order tells anything of a row that is not seen."""
    client = as_user(clerk)
    an_action("SKT", label="TLP:AMBER", title="seen by the clerk")
    before = {query: client.get(f"/admin/council/actionitem/?{query}").text for query in QUERIES}
    assert "seen by the clerk" in before[QUERIES[-1]]
    for title in ("AAA-CANARY", "ZZZ-CANARY"):
        an_action("KT", label="TLP:AMBER+STRICT", title=title, description="CANARY-description")
    for query in QUERIES:
        after = client.get(f"/admin/council/actionitem/?{query}").text
        assert _without_noise(after) == _without_noise(before[query]), query
    secretary = as_user(cast.secretary)
    assert "AAA-CANARY" in secretary.get("/admin/council/actionitem/?q=CANARY").text
    for lookup in ("updates__text__contains", "owner__people__email__startswith", "readers__user__password__regex"):
        assert secretary.get(f"/admin/council/actionitem/?{lookup}=a").status_code in {302, 400}


QUERIES = ["q=CANARY", "q=CANARY-description", "q=", *(f"o={n}" for n in range(-9, 10)), "o=3.-1.2"]


def _without_noise(page: str) -> str:
    """A page but for what is new each time: nonces and tokens."""
    lines = [line for line in page.splitlines() if "nonce=" not in line and "csrfmiddlewaretoken" not in line]
    return "\n".join(lines)


# --- What was typed ---------------------------------------------------------------------------------------------------


def test_cve_2026_22604_no_answer_tells_whether_there_is_such_an_account(cast: Cast) -> None:
    User.objects.filter(pk=cast.kt_ceo.pk).update(is_active=False)
    answers: dict[str, set[object]] = {"sign-in": set(), "forgotten": set()}
    for address, password in (
        ("stranger@skt.test", PASSWORD), (cast.skt_liaison.email, "wrong"), (cast.kt_ceo.email, PASSWORD),
    ):  # fmt: skip
        client = Client()
        form = client.get(reverse("account_login")).context["form"]
        given = dict(zip([name for name in form.fields if name != "remember"], (address, password), strict=True))
        response = client.post(reverse("account_login"), given)
        assert SESSION_KEY not in client.session
        answers["sign-in"].add((response.status_code, _said(response)))
        response = client.post(reverse("access_forgotten"), {"email": address}, follow=True)
        answers["forgotten"].add((response.status_code, _said(response), tuple(map(str, response.context["messages"]))))
    assert {where: len(said) for where, said in answers.items()} == {"sign-in": 1, "forgotten": 1}


def _said(response: Any) -> str:
    return str(response.context["form"].errors.as_json())


def as_a_browser_reads(location: str) -> str:
    """The host it leads to: tabs and line ends count for nothing, a backslash is a slash."""
    read = re.sub(r"[\t\r\n]", "", location).lstrip("".join(map(chr, range(33)))).replace("\\", "/")
    return urlsplit(urljoin("http://testserver/login/", read)).netloc


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("/x", "testserver"),
        ("/%09/evil.test", "testserver"),
        ("//evil.test", "evil.test"),
        ("/\\evil.test", "evil.test"),
        ("/\t/evil.test", "evil.test"),
        (" //evil.test", "evil.test"),
        ("https://evil.test", "evil.test"),
    ],
)
def test_an_address_is_read_as_a_browser_reads_it(location: str, host: str) -> None:
    assert as_a_browser_reads(location) == host


@pytest.mark.parametrize("door", ["sign-in", "sign-in page", "language", "administration"])
def test_cve_2024_45399_next_is_local_only(cast: Cast, as_user: SignIn, door: str) -> None:
    assert len(FAMILIES["redirects"]) >= 60
    abroad = []
    for target in FAMILIES["redirects"]:
        if door == "language":
            response = as_user(cast.skt_liaison).post("/language/", {"language": "ko", "next": target})
        elif door == "administration":
            response = Client().get("/admin/login/", {"next": target})
        elif door == "sign-in":
            response = Client().post("/login/", {"login": cast.nobody.email, "password": PASSWORD, "next": target})
        else:
            response = as_user(cast.skt_liaison).get("/login/", {"next": target})
        where = response.headers.get("Location", "/")
        if response.status_code not in {200, 302, 400} or as_a_browser_reads(where) != "testserver":
            abroad.append((target, response.status_code, where))
    assert abroad == []


def test_cve_2023_37901_a_page_that_asks_whether_to_delete_shows_text(cast: Cast, as_user: SignIn) -> None:
    client, shown = as_user(cast.secretary), 0
    closure = Closure.objects.create(date=TODAY, name="x")
    for payload in FAMILIES["markup"][::7]:
        Closure.objects.filter(pk=closure.pk).update(name=str(payload).replace("\0", "")[:100])
        page = client.get(f"/admin/council/closure/{closure.pk}/delete/")
        assert page.status_code == 200
        assert leaks(page.text) == [], payload
        shown += MARK in page.text
    assert shown > 40


DUNDERS = [
    f"{start}__{name}__{end}"
    for start in ("", "owner", "owner__", "self.", "pk")
    for name in (
        "class", "init", "globals", "dict", "subclasses", "mro", "bases", "doc", "module", "getattribute", "reduce",
        "reduce_ex", "builtins", "import", "code", "func", "self", "call", "del", "delattr",
    )
    for end in ("", "()", "__name", ".__globals__", "__exact")
]  # fmt: skip


def test_ghsa_pggp_no_name_of_an_attribute_reaches_an_object(cast: Cast, as_user: SignIn) -> None:
    """Names of methods and of what lies beneath them, where a list is told by what to sort, narrow and search."""
    assert len(DUNDERS) == len(set(DUNDERS)) == 500
    an_action()
    client = as_user(cast.secretary)
    client.raise_request_exception = False
    ways = ("o={}", "q={}", "{}=1", "_to_field={}", "_changelist_filters={}", "state={}")
    faults = []
    for number, name in enumerate(DUNDERS):
        query = ways[number % len(ways)].format(name)
        response = client.get(f"/admin/council/actionitem/?{query}")
        text = response.text
        if response.status_code not in {200, 302, 400} or "object at 0x" in text or "<class" in text:
            faults.append((query, response.status_code))
    assert faults == []
    assert ActionItem.objects.count() == 1


def test_cve_2024_32469_numbers_of_pages_are_numbers(cast: Cast, as_user: SignIn) -> None:
    an_action()
    client = as_user(cast.secretary)
    client.raise_request_exception = False
    for name in ("p", "per_page", "page", "limit", "all"):
        for given in FAMILIES["ids"][::3] + FAMILIES["markup"][::20]:
            response = client.get("/admin/council/actionitem/", {name: given})
            assert response.status_code in {200, 302, 400}, (name, given)
            assert leaks(response.text) == [], (name, given)
    page = client.get("/admin/council/actionitem/", {"per_page": "1000000"}, follow=True)
    assert page.context["cl"].list_per_page <= 100


def test_nothing_else_is_published_under_a_name_a_visitor_chooses() -> None:
    """No model keeps a host, a server or a template that somebody types in."""
    names = {
        f"{model.__name__}.{column.name}"
        for model in apps.get_app_config("council").get_models()
        for column in model._meta.get_fields()
        if isinstance(column, models.Field)
        and any(word in column.name for word in ("host", "smtp", "webhook", "template"))
    }
    assert names == set()
