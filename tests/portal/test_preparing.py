"""Inside a carrier: departments' parts, the executive's clearance, handing in together. Nobody outside sees a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook
from time_machine import Traveller

from council.access.visibility import visible_to
from council.actions.models import ProgressUpdate
from council.actions.operations.progress import Progress
from council.actions.operations.progress import save_draft as save_progress
from council.clearance.models import Clearance
from council.clearance.operations import ClearanceRefused
from council.core.models import AuditEntry
from council.core.register import version_of
from council.declaration.models import Indicator
from council.files.models import StoredFile
from council.mail.models import Delivery, Notice
from council.mail.operations import compose
from council.parties.models import Person, User
from council.reports.models import Contribution, Report, ReportDraft, Submission
from council.reports.operations.contributing import ask_for_parts
from council.reports.operations.writing import save_draft, submit, withdraw
from council.workflows.hand_in_batch import BatchRefused, submit_batch
from council.workflows.succeed_seat import succeed_seat
from tests.factories import Cast, actor_of, an_account, an_action, link, pdf, seat
from tests.reports.steps import IN_TIME, LATER, a_report, a_text, indicator_of, kept

type SignIn = Callable[[User], Client]
type Counted = Callable[[int], AbstractContextManager[Any]]

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
PART = "CANARY-PART-OF-THE-NETWORK-DEPARTMENT"


@pytest.fixture(autouse=True)
def in_time(clock: Traveller) -> None:
    clock.move_to(IN_TIME, tick=False)


@pytest.fixture
def network(cast: Cast) -> User:
    """Somebody in a department of SKT's."""
    user = an_account("network@skt.test", "SKT")
    seat(user, "council", "contributor")
    return user


@pytest.fixture
def executive(cast: Cast) -> User:
    user = an_account("executive@skt.test", "SKT")
    seat(user, "council", "approver")
    return user


def person(user: User) -> Person:
    assert user.person is not None
    return user.person


def key_of(report: Report) -> str:
    return f"{report.commitment.code}@{report.round.covers}"


def asked(cast: Cast, network: User, *about: Any, **values: Any) -> Contribution:
    given: dict[str, Any] = {"due_on": LATER.date(), "asked": "Figures of the quarter"} | values
    by = actor_of(cast.skt_liaison)
    return ask_for_parts(about or [a_report()], contributor=person(network), by=by, now=IN_TIME, **given)[0]


def drafted(cast: Cast, report: Report, **values: Any) -> ReportDraft:
    return save_draft(report, by=actor_of(cast.skt_liaison), written=a_text(**values), now=IN_TIME)


def required(cast: Cast) -> None:
    type(cast.skt).objects.filter(code="SKT").update(clearance_required=True)


def put_forward(client: Client, cast: Cast, executive: User, *reports: Report, **values: Any) -> Any:
    given = {"things": [key_of(report) for report in reports], "approver": person(executive).pk, "in_system": "1"}
    return client.post(link("clearance_ask", cast.council.pk), given | values)


def answered(client: Client, row: Clearance, button: str = "clear", comment: str = "") -> Any:
    return client.post(link("clearance_answer", row.pk), {button: "1", "comment": comment})


def handed_in(client: Client, cast: Cast, *reports: Report) -> Any:
    return client.post(link("batch_submit", cast.council.pk), {"things": [key_of(report) for report in reports]})


# --- Departments' parts ---------------------------------------------------------------------------------------------


def test_a_department_is_asked_gives_its_part_and_the_liaison_takes_it_into_the_draft(
    cast: Cast, network: User, as_user: SignIn
) -> None:
    report, liaison = a_report(), as_user(cast.skt_liaison)
    form = {"things": [key_of(report)], "contributor": person(network).pk, "due_on": "2027-01-25", "asked": "Figures"}
    assert liaison.post(link("parts_ask", cast.council.pk), form).status_code == 302
    part = Contribution.objects.get()
    assert Notice.objects.filter(kind="contribution_asked", recipient=network.person).count() == 1

    department = as_user(network)
    assert link("contribution", part.pk) in department.get("/").text
    given = {"text": PART, "value_1": "1,234.5", "uploads": [pdf("측정.pdf")]}
    assert department.post(link("contribution_give", part.pk), given).status_code == 302
    assert Notice.objects.filter(kind="contribution_delivered", recipient=cast.skt_liaison.person).count() == 1

    liaison = as_user(cast.skt_liaison)
    assert PART in liaison.get(link("contribution", part.pk)).text
    assert liaison.post(link("contribution_take", part.pk)).status_code == 302
    draft = ReportDraft.objects.get()
    assert PART in draft.narrative
    assert draft.values == {str(indicator_of(report)): "1234.5"}
    assert [(piece.title, piece.submission) for piece in report.evidence.all()] == [("측정.pdf", None)]
    part.refresh_from_db()
    assert part.state == "taken"


def test_what_stood_in_the_draft_stays_above_the_part(cast: Cast, network: User, as_user: SignIn) -> None:
    report = a_report()
    part = asked(cast, network, report)
    drafted(cast, report, narrative="Ours", values={indicator_of(report): Decimal(7)})
    as_user(network).post(link("contribution_give", part.pk), {"text": PART})
    as_user(cast.skt_liaison).post(link("contribution_take", part.pk))
    draft = ReportDraft.objects.get()
    assert draft.narrative == f"Ours\n\n{PART}"
    assert (draft.self_rating, draft.values) == ("on_track", {str(indicator_of(report)): "7"})


def test_a_part_of_an_action_item_goes_into_the_draft_of_its_progress(
    cast: Cast, network: User, as_user: SignIn
) -> None:
    action = an_action("SKT", due_on=LATER.date())
    part = asked(cast, network, action)
    as_user(network).post(link("contribution_give", part.pk), {"text": PART, "uploads": [pdf("측정.pdf")]})
    as_user(cast.skt_liaison).post(link("contribution_take", part.pk))
    update = ProgressUpdate.objects.get()
    assert (update.state, update.text) == ("draft", PART)
    assert [piece.title for piece in update.evidence.all()] == ["측정.pdf"]


def test_a_contributor_sees_what_is_given_to_them_and_nothing_else(cast: Cast, network: User, as_user: SignIn) -> None:
    mine, other = a_report(commitment="C12"), a_report(commitment="C01")
    part = asked(cast, network, mine)
    drafted(cast, mine, narrative="CANARY-DRAFT")
    colleague = an_account("other@skt.test", "SKT")
    seat(colleague, "council", "contributor")
    others = asked(cast, colleague, other, asked="CANARY-OF-A-COLLEAGUE")
    client = as_user(network)
    assert client.get(link("contribution", part.pk)).status_code == 200
    assert client.get(link("commitment", mine.commitment_id)).status_code == 200
    for hidden in (
        link("contribution", others.pk), link("commitment", other.commitment_id), link("report", mine.pk),
        link("round", mine.round_id), link("prepare", cast.council.pk),
    ):  # fmt: skip
        assert client.get(hidden).status_code == 404, hidden
    everything = "".join(client.get(page).text for page in ("/", "/commitments/", "/reports/", "/search/?q=CANARY"))
    assert "CANARY" not in everything.replace("q=CANARY", "").replace('value="CANARY"', "").replace("“CANARY”", "")


def test_recalled_or_with_the_seat_ended_a_contributor_sees_it_no_more(
    cast: Cast, network: User, as_user: SignIn
) -> None:
    part = asked(cast, network)
    as_user(cast.skt_liaison).post(link("contribution_recall", part.pk))
    assert as_user(network).get(link("contribution", part.pk)).status_code == 404
    again = asked(cast, network)
    person(network).seats.update(ends_on=IN_TIME.date(), cut_short=True)
    assert as_user(network).get(link("contribution", again.pk)).status_code == 404


def test_nobody_outside_sees_a_word_before_it_is_submitted(
    cast: Cast, network: User, executive: User, as_user: SignIn
) -> None:
    report = a_report()
    part = asked(cast, network, report, asked=PART)
    as_user(network).post(link("contribution_give", part.pk), {"text": PART, "uploads": [pdf(f"{PART}.pdf")]})
    drafted(cast, report, narrative=PART)
    put_forward(as_user(cast.skt_liaison), cast, executive, report, note=PART)
    row = Clearance.objects.get()
    stored = StoredFile.objects.get(name=f"{PART}.pdf")
    compose(now=IN_TIME)
    kinds = ["contribution_asked", "contribution_delivered", "clearance_asked"]
    inside = set(Delivery.objects.filter(notices__kind__in=kinds).values_list("pk", flat=True))
    assert len(inside) == 2  # that a part is asked for is settled before it is told
    hidden = [link("contribution", part.pk), link("clearance", row.pk), link("file", stored.pk)]
    hidden += [f"/admin/council/delivery/{pk}/change/" for pk in inside]
    for user in (cast.secretary, *cast.outsiders):
        client = as_user(user)
        for page in hidden:
            assert client.get(page).status_code in {302, 403, 404}, (user, page)
        for page in ("/", "/reports/", link("round", report.round_id), "/search/?q=NETWORK"):
            assert PART not in client.get(page).text, (user, page)
    secretary = as_user(cast.secretary)
    for kind in ("auditentry", "delivery", "notice"):
        assert PART not in secretary.get(f"/admin/council/{kind}/?all=").text, kind
    inner = AuditEntry.objects.filter(
        target_type__in=["contribution", "clearance", "reportdraft"], organisation_id=cast.skt.pk
    )
    told = Notice.objects.filter(target_type__in=["contribution", "clearance"])
    for rows in (inner, told):
        assert rows.exists()
        assert not visible_to(actor_of(cast.secretary), rows).exists()


def test_whose_eyes_the_secretary_looks_through_shows_nothing_of_it(cast: Cast, network: User, as_user: SignIn) -> None:
    part = asked(cast, network, asked=PART)
    client = as_user(cast.secretary)
    client.post("/view-as/", {"person": person(cast.skt_liaison).pk})
    assert PART not in client.get(link("prepare", cast.council.pk)).text
    assert client.get(link("contribution", part.pk)).status_code == 404


def test_through_its_peoples_eyes_not_even_that_something_is_drafted_shows(
    cast: Cast, network: User, as_user: SignIn
) -> None:
    report, pages = a_report(), []
    client = as_user(cast.secretary)
    client.post("/view-as/", {"person": person(cast.skt_liaison).pk})
    for step in (lambda: None, lambda: drafted(cast, report), lambda: asked(cast, network, report)):
        step()
        pages.append(re.sub(r'(?:value|nonce)="[^"]+"', "", client.get(link("prepare", cast.council.pk)).text))
    assert pages[0] == pages[1] == pages[2]
    client.post("/view-as/end/")
    client.post("/view-as/", {"person": person(network).pk})
    assert "C12" not in client.get("/commitments/").text


def test_who_can_see_a_commitment_names_no_department_to_others(cast: Cast, network: User, as_user: SignIn) -> None:
    report = a_report()
    asked(cast, network, report)
    page = link("readers", report.commitment_id, kind="commitment")
    told = {user: as_user(user).get(page).text for user in (cast.kt_liaison, cast.secretary, cast.skt_liaison)}
    word = "network@skt.test"
    assert [word in text for text in told.values()] == [False, False, True]
    assert ["협조 부서 담당자" in text for text in told.values()] == [False, False, True]


def test_the_record_tells_others_nothing_of_it(cast: Cast, network: User, as_user: SignIn) -> None:
    report = a_report()
    part = asked(cast, network, report)
    client = as_user(network)
    client.post(link("contribution_give", part.pk), {"text": PART, "uploads": [pdf("측정.pdf")]})
    client.get(link("commitment", report.commitment_id))
    stored = StoredFile.objects.get(name="측정.pdf")
    assert b"".join(client.get(link("file", stored.pk)).streaming_content)  # type: ignore[attr-defined]
    liaison = as_user(cast.skt_liaison)
    liaison.post(link("contribution_take", part.pk))
    liaison.post(link("clearance_rule", cast.council.pk), {"required": "1"})
    liaison.post(link("report_write", report.pk), {"narrative": "N", "self_rating": "done", "submit_report": "1"})
    assert kept(report).state == "submitted"
    told = visible_to(actor_of(cast.secretary), AuditEntry.objects.filter(organisation_id=cast.skt.pk))
    verbs = set(told.values_list("verb", flat=True))
    assert verbs >= {"report.submitted"}
    assert verbs & {"file.downloaded", "commitment.read", "require_clearance", "contribution.asked"} == set()
    assert AuditEntry.objects.filter(verb="file.downloaded", target_type="contributionfile").exists()


def test_of_what_became_red_a_department_sees_nothing_any_more(cast: Cast, network: User, as_user: SignIn) -> None:
    action = an_action("SKT", due_on=LATER.date(), title="RED-TITLE")
    part = asked(cast, network, action)
    type(action).objects.filter(pk=action.pk).update(label="TLP:RED")
    assert as_user(network).get(link("contribution", part.pk)).status_code == 404
    assert "RED-TITLE" not in as_user(network).get("/").text


def test_what_is_red_goes_before_an_executive_who_is_named_on_it(cast: Cast, executive: User, as_user: SignIn) -> None:
    action = an_action("SKT", due_on=LATER.date(), label="TLP:RED")
    action.readers.set([person(cast.skt_liaison)])
    save_progress(action, by=actor_of(cast.skt_liaison), progress=Progress(percent=30, text="RED-TEXT"))
    form = {"things": [action.reference], "approver": person(executive).pk, "in_system": "1"}
    client = as_user(cast.skt_liaison)
    assert client.post(link("clearance_ask", cast.council.pk), form).status_code == 422
    action.readers.add(person(executive))
    assert client.post(link("clearance_ask", cast.council.pk), form).status_code == 302
    row = Clearance.objects.get()
    assert "RED-TEXT" in as_user(executive).get(link("clearance", row.pk)).text
    assert "RED-TEXT" not in as_user(cast.skt_ceo).get(link("clearance", row.pk)).text


def test_the_successor_takes_over_what_is_asked(cast: Cast, network: User, executive: User, as_user: SignIn) -> None:
    report = a_report()
    part = asked(cast, network, report)
    drafted(cast, report)
    put_forward(as_user(cast.skt_liaison), cast, executive, report)
    row = Clearance.objects.get()
    for user, page in ((network, link("contribution", part.pk)), (executive, link("clearance", row.pk))):
        new = an_account(f"new-{user.email}", "SKT")
        succeed_seat(
            person(user).seats.get(), successor=person(new), on=IN_TIME.date(), by=actor_of(cast.secretary),
            now=IN_TIME,
        )  # fmt: skip
        assert page in as_user(new).get("/").text


@pytest.mark.parametrize("who", ["skt_ceo", "skt_ciso", "secretary", "observer", "former_liaison", "chair"])
def test_only_its_liaisons_ask_and_take_over(cast: Cast, network: User, as_user: SignIn, who: str) -> None:
    part = asked(cast, network)
    client = as_user(getattr(cast, who))
    steps = [link("contribution_take", part.pk), link("contribution_recall", part.pk)]
    assert {client.post(step).status_code for step in steps} <= {403, 404}
    fresh = a_report(commitment="C01")
    drafted(cast, fresh)
    form = {"things": [key_of(fresh)], "contributor": person(network).pk, "due_on": "2027-01-25"}
    for page in ("parts_ask", "parts_import", "clearance_ask", "batch_submit"):
        answers = {client.get(link(page, cast.council.pk)).status_code}
        answers.add(client.post(link(page, cast.council.pk), form).status_code)
        # The ministry's secretary prepares what is the ministry's own: this is none of it.
        assert answers <= ({403, 404} if who != "secretary" else {200, 422}), (page, answers)
    assert (Contribution.objects.get().state, kept(fresh).state) == ("asked", "draft")


def test_a_rivals_department_cannot_be_asked(cast: Cast, network: User, as_user: SignIn) -> None:
    form = {"things": [key_of(a_report("KT"))], "contributor": person(network).pk, "due_on": "2027-01-25"}
    answer = as_user(cast.kt_liaison).post(link("parts_ask", cast.council.pk), form)
    assert (answer.status_code, Contribution.objects.count()) == (422, 0)


def test_asked_twice_or_for_yesterday_it_is_said_so(cast: Cast, network: User, as_user: SignIn) -> None:
    report, client = a_report(), as_user(cast.skt_liaison)
    form = {"things": [key_of(report)], "contributor": person(network).pk, "due_on": "2027-01-19"}
    assert client.post(link("parts_ask", cast.council.pk), form).status_code == 422
    form["due_on"] = "2027-01-25"
    codes = [client.post(link("parts_ask", cast.council.pk), form).status_code for _turn in range(2)]
    assert (codes, Contribution.objects.count()) == ([302, 422], 1)


@pytest.mark.parametrize("typed", ["약 30%", "=1+1"])
def test_words_are_no_figure_in_a_part_either(cast: Cast, network: User, as_user: SignIn, typed: str) -> None:
    part = asked(cast, network)
    answer = as_user(network).post(link("contribution_give", part.pk), {"text": PART, "value_1": typed})
    assert (answer.status_code, PART in answer.text) == (422, True)
    assert Contribution.objects.get().state == "asked"


def test_whose_form_is_older_than_what_was_given_is_told(
    cast: Cast, network: User, as_user: SignIn, clock: Traveller
) -> None:
    part = asked(cast, network)
    older = version_of(Contribution.objects.get())
    clock.move_to(IN_TIME + timedelta(minutes=1), tick=False)
    client = as_user(cast.skt_liaison)
    client.post(link("contribution_give", part.pk), {"text": "By telephone", "seen": older})
    answer = as_user(network).post(link("contribution_give", part.pk), {"text": PART, "seen": older})
    assert (answer.status_code, Contribution.objects.get().text) == (422, "By telephone")
    client = as_user(cast.skt_liaison)
    client.post(link("contribution_take", part.pk), {"seen": older})
    assert (Contribution.objects.get().state, ReportDraft.objects.count()) == ("delivered", 0)


def test_a_figure_that_differs_from_the_drafts_is_not_taken_over_unsaid(
    cast: Cast, network: User, as_user: SignIn
) -> None:
    report = a_report()
    part = asked(cast, network, report)
    drafted(cast, report, values={indicator_of(report): Decimal(7)})
    as_user(network).post(link("contribution_give", part.pk), {"text": PART, "value_1": "9"})
    as_user(cast.skt_liaison).post(link("contribution_take", part.pk))
    assert ReportDraft.objects.get().values == {str(indicator_of(report)): "7"}
    assert Contribution.objects.get().state == "delivered"


def test_once_the_report_is_handed_in_nothing_is_asked_any_more(cast: Cast, network: User, as_user: SignIn) -> None:
    report = a_report()
    part = asked(cast, network, report)
    submit(report, by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text())
    client = as_user(network)
    assert link("contribution", part.pk) not in client.get("/").text
    assert client.post(link("contribution_give", part.pk), {"text": PART}).status_code == 422
    assert Contribution.objects.get().state == "asked"


def test_refused_and_put_forward_once_more_it_waits_again(cast: Cast, executive: User, as_user: SignIn) -> None:
    report = a_report()
    drafted(cast, report)
    put_forward(as_user(cast.skt_liaison), cast, executive, report)
    answered(as_user(executive), Clearance.objects.get(), "refuse", "Not yet")
    client = as_user(cast.skt_liaison)
    put_forward(client, cast, executive, report)
    found = next(one for one in client.get(link("prepare", cast.council.pk)).context["prepared"].rows if one.draft)
    assert (found.stands, found.clearance) == ("asked", Clearance.objects.order_by("-pk")[0])


# --- The table of a department --------------------------------------------------------------------------------------


def sheet_of(client: Client, part: Contribution) -> list[list[str]]:
    answer = client.get(link("parts_sheet", part.pk))
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    return [[str(cell.value or "") for cell in row] for row in book.worksheets[0].iter_rows()]


def as_upload(rows: Sequence[Sequence[Any]]) -> SimpleUploadedFile:
    book, out = Workbook(), BytesIO()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(out)
    return SimpleUploadedFile("parts.xlsx", out.getvalue())


def test_a_department_fills_in_one_table_for_all_that_is_asked_of_it(
    cast: Cast, network: User, as_user: SignIn
) -> None:
    one, two = a_report(commitment="C12"), a_report(commitment="C01")
    part = asked(cast, network, one, two)
    client = as_user(cast.skt_liaison)
    rows = sheet_of(client, part)
    heads = rows[0]
    text, value, indicator = heads.index("작성 내용"), heads.index("값"), heads.index("지표")
    for row in rows[1:]:
        if row[indicator]:
            row[value] = "12.5" if row[0] == "C12" else ""
        else:
            row[text] = f"{row[0]}: {PART}"
    assert client.post(link("parts_import", cast.council.pk), {"upload": as_upload(rows)}).status_code == 302
    stored = {part.report.commitment.code: part for part in Contribution.objects.all() if part.report}
    assert {code: part.text for code, part in stored.items()} == {"C12": f"C12: {PART}", "C01": f"C01: {PART}"}
    assert str(indicator_of(one)) in stored["C12"].values
    assert {part.state for part in stored.values()} == {"delivered"}


def test_one_wrong_line_and_nothing_of_the_table_is_taken_in(cast: Cast, network: User, as_user: SignIn) -> None:
    one, two = a_report(commitment="C12"), a_report(commitment="C01")
    part = asked(cast, network, one, two)
    client = as_user(cast.skt_liaison)
    rows = sheet_of(client, part)
    text, value, indicator = rows[0].index("작성 내용"), rows[0].index("값"), rows[0].index("지표")
    for row in rows[1:]:
        row[value if row[indicator] else text] = "약 30%" if row[indicator] else PART
    answer = client.post(link("parts_import", cast.council.pk), {"upload": as_upload(rows)})
    assert answer.status_code == 422
    assert "약 30%" in answer.text
    assert {part.state for part in Contribution.objects.all()} == {"asked"}


def test_an_untouched_table_gives_nothing(cast: Cast, network: User, as_user: SignIn) -> None:
    part = asked(cast, network)
    client = as_user(cast.skt_liaison)
    rows = sheet_of(client, part)
    assert client.post(link("parts_import", cast.council.pk), {"upload": as_upload(rows)}).status_code == 422
    assert not AuditEntry.objects.filter(verb="contributions.imported").exists()


def test_per_cents_of_a_spreadsheet_are_read_as_they_are_shown(cast: Cast, network: User, as_user: SignIn) -> None:
    report = a_report()
    Indicator.objects.filter(commitment=report.commitment_id).update(unit_ko="%", unit_en="%")
    part = asked(cast, network, report)
    client = as_user(cast.skt_liaison)
    book, out = Workbook(), BytesIO()
    rows = sheet_of(client, part)
    for row in rows:
        book.worksheets[0].append(list(row))
    line = next(at for at, row in enumerate(rows, 1) if at > 1 and row[rows[0].index("지표")])
    cell = book.worksheets[0].cell(line, rows[0].index("값") + 1)
    cell.value, cell.number_format = 0.305, "0.0%"
    book.save(out)
    upload = SimpleUploadedFile("parts.xlsx", out.getvalue())
    assert client.post(link("parts_import", cast.council.pk), {"upload": upload}).status_code == 302
    assert "30.5" in Contribution.objects.get().values.values()


def test_a_formula_or_a_line_about_what_was_not_asked_is_refused(cast: Cast, network: User, as_user: SignIn) -> None:
    part = asked(cast, network)
    client = as_user(cast.skt_liaison)
    rows = sheet_of(client, part)
    strange = [rows[0], ["C13", *rows[1][1:]]]
    rows[1][rows[0].index("작성 내용")] = "=1+1"
    for wrong in (rows, strange):
        assert client.post(link("parts_import", cast.council.pk), {"upload": as_upload(wrong)}).status_code == 422
    assert Contribution.objects.get().state == "asked"


# --- Clearance ------------------------------------------------------------------------------------------------------


def test_what_the_executive_cleared_is_handed_in_word_for_word(cast: Cast, executive: User, as_user: SignIn) -> None:
    required(cast)
    one, two = a_report(commitment="C12"), a_report(commitment="C01")
    for report in (one, two):
        drafted(cast, report, narrative=f"On {report.commitment.code}")
    assert put_forward(as_user(cast.skt_liaison), cast, executive, one, two).status_code == 302
    row = Clearance.objects.get()
    client = as_user(executive)
    assert link("clearance", row.pk) in client.get("/").text
    page = client.get(link("clearance", row.pk)).text
    assert ("On C12" in page, "On C01" in page) == (True, True)
    assert answered(client, row).status_code == 302
    client = as_user(cast.skt_liaison)
    assert handed_in(client, cast, one, two).status_code == 302
    assert {kept(report).state for report in (one, two)} == {"submitted"}
    hashes = set(row.pieces.values_list("sha256", flat=True))
    assert set(Submission.objects.values_list("sha256", flat=True)) == hashes


def test_nothing_leaves_uncleared_by_any_door(cast: Cast, executive: User, as_user: SignIn) -> None:
    required(cast)
    report, client = a_report(), as_user(cast.skt_liaison)
    by_form = {"narrative": "N", "self_rating": "on_track", "submit_report": "1"}
    assert client.post(link("report_write", report.pk), by_form).status_code == 422
    assert ReportDraft.objects.count() == 0
    drafted(cast, report)
    assert handed_in(client, cast, report).status_code == 422
    action = an_action("SKT", due_on=LATER.date())
    progress = {"percent": "40", "text": "T", "label": "TLP:AMBER+STRICT", "submit_progress": "1"}
    assert client.post(link("action_report", action.pk), progress).status_code == 422
    assert (Submission.objects.count(), ProgressUpdate.objects.filter(state="submitted").count()) == (0, 0)
    assert "submit_report" not in client.get(link("report_write", report.pk)).text


def test_changed_after_it_was_cleared_it_does_not_leave(cast: Cast, executive: User, as_user: SignIn) -> None:
    required(cast)
    report = a_report()
    drafted(cast, report)
    put_forward(as_user(cast.skt_liaison), cast, executive, report)
    answered(as_user(executive), Clearance.objects.get())
    drafted(cast, report, narrative="Something else")
    client = as_user(cast.skt_liaison)
    assert "승인 요청 후 변경됨" in client.get(link("prepare", cast.council.pk)).text
    assert handed_in(client, cast, report).status_code == 422
    with pytest.raises(ClearanceRefused):
        submit(report, by=actor_of(cast.skt_liaison), now=IN_TIME)
    # As it was cleared it leaves.
    drafted(cast, report)
    assert handed_in(client, cast, report).status_code == 302


def test_not_cleared_or_taken_back_it_does_not_leave(cast: Cast, executive: User, as_user: SignIn) -> None:
    required(cast)
    report = a_report()
    drafted(cast, report)
    put_forward(as_user(cast.skt_liaison), cast, executive, report)
    row = Clearance.objects.get()
    assert answered(as_user(executive), row, "refuse").status_code == 422
    assert answered(as_user(executive), row, "refuse", "Too early").status_code == 302
    client = as_user(cast.skt_liaison)
    assert handed_in(client, cast, report).status_code == 422
    put_forward(client, cast, executive, report)
    again = Clearance.objects.order_by("-pk")[0]
    answered(as_user(executive), again)
    client = as_user(cast.skt_liaison)
    assert client.post(link("clearance_withdraw", again.pk)).status_code == 302
    assert handed_in(client, cast, report).status_code == 422
    assert kept(report).state == "draft"


def test_signed_on_paper_it_leaves_as_well(cast: Cast, executive: User, as_user: SignIn) -> None:
    required(cast)
    report, client = a_report(), as_user(cast.skt_liaison)
    drafted(cast, report)
    form = {"things": [key_of(report)], "approver": person(executive).pk, "on_paper": "1"}
    address = link("clearance_ask", cast.council.pk)
    assert client.post(address, form).status_code == 422
    other_button = form | {"on_paper": "", "in_system": "1", "document": "전략-2027-3"}
    del other_button["on_paper"]
    assert (client.post(address, other_button).status_code, Clearance.objects.count()) == (422, 0)
    assert client.post(address, form | {"document": "전략-2027-3", "scan": pdf("결재.pdf")}).status_code == 302
    row = Clearance.objects.get()
    assert (row.state, row.on_paper) == ("cleared", "전략-2027-3")
    assert Notice.objects.filter(kind="clearance_entered", recipient=executive.person).count() == 1
    assert handed_in(client, cast, report).status_code == 302
    assert row.pieces.get().sha256 == Submission.objects.get().sha256


def test_the_executive_withdraws_what_was_entered_in_their_name_until_it_was_handed_in(
    cast: Cast, executive: User, as_user: SignIn
) -> None:
    required(cast)
    report, client = a_report(), as_user(cast.skt_liaison)
    drafted(cast, report)
    paper = {"on_paper": "1", "document": "전략-2027-3"}
    put_forward(client, cast, executive, report, **paper)
    assert as_user(executive).post(link("clearance_withdraw", Clearance.objects.get().pk)).status_code == 302
    client = as_user(cast.skt_liaison)
    assert handed_in(client, cast, report).status_code == 422
    put_forward(client, cast, executive, report, **paper)
    assert handed_in(client, cast, report).status_code == 302
    again = Clearance.objects.order_by("-pk")[0]
    client.post(link("clearance_withdraw", again.pk))
    again.refresh_from_db()
    assert again.state == "cleared"


def test_what_the_ministry_attached_to_a_letter_changes_nothing_of_what_was_cleared(
    cast: Cast, executive: User, as_user: SignIn
) -> None:
    required(cast)
    report = a_report()
    drafted(cast, report, url=f"https://skt.test/{'x' * 300}")
    put_forward(as_user(cast.skt_liaison), cast, executive, report)
    row = Clearance.objects.get()
    assert "x" * 300 in as_user(executive).get(link("clearance", row.pk)).text
    answered(as_user(executive), row)
    by_letter = a_text(narrative="From a letter", url="https://msit.test/letter")
    submit(report, by=actor_of(cast.secretary), now=IN_TIME, written=by_letter, on_behalf=True)
    withdraw(report, by=actor_of(cast.skt_liaison), now=IN_TIME)
    assert handed_in(as_user(cast.skt_liaison), cast, report).status_code == 302


def test_progress_on_an_action_item_is_cleared_and_handed_in_with_the_reports(
    cast: Cast, executive: User, as_user: SignIn
) -> None:
    required(cast)
    report, action = a_report(), an_action("SKT", due_on=LATER.date())
    drafted(cast, report)
    save_progress(action, by=actor_of(cast.skt_liaison), progress=Progress(percent=30, text="So far"))
    client = as_user(cast.skt_liaison)
    both = {"things": [key_of(report), action.reference], "approver": person(executive).pk, "in_system": "1"}
    assert client.post(link("clearance_ask", cast.council.pk), both).status_code == 302
    answered(as_user(executive), Clearance.objects.get())
    client = as_user(cast.skt_liaison)
    assert client.post(link("batch_submit", cast.council.pk), both).status_code == 302
    assert (ProgressUpdate.objects.get().state, kept(report).state) == ("submitted", "submitted")


@pytest.mark.parametrize("who", ["skt_liaison", "skt_ceo", "kt_ceo", "secretary", "chair"])
def test_nobody_answers_in_the_executives_place(cast: Cast, executive: User, as_user: SignIn, who: str) -> None:
    report = a_report()
    drafted(cast, report)
    put_forward(as_user(cast.skt_liaison), cast, executive, report)
    row = Clearance.objects.get()
    assert answered(as_user(getattr(cast, who)), row).status_code in {403, 404}
    row.refresh_from_db()
    assert row.state == "asked"


def test_a_rivals_executive_cannot_be_asked(cast: Cast, as_user: SignIn) -> None:
    report = a_report()
    drafted(cast, report)
    answer = put_forward(as_user(cast.skt_liaison), cast, cast.kt_ceo, report)
    assert (answer.status_code, Clearance.objects.count()) == (422, 0)


def test_answered_twice_the_first_answer_stands(cast: Cast, executive: User, as_user: SignIn) -> None:
    report = a_report()
    drafted(cast, report)
    put_forward(as_user(cast.skt_liaison), cast, executive, report)
    row, client = Clearance.objects.get(), as_user(executive)
    answered(client, row)
    assert answered(client, row, "refuse", "No").status_code == 422
    row.refresh_from_db()
    assert row.state == "cleared"


def test_an_executive_switches_it_on_and_off_and_the_liaison_does_not(
    cast: Cast, executive: User, as_user: SignIn
) -> None:
    address = link("clearance_rule", cast.council.pk)
    for who in (cast.skt_liaison, cast.secretary, cast.observer, cast.chair):
        assert as_user(who).post(address, {"required": "1"}).status_code in {403, 404}
    assert not cast.skt.clearance_required
    as_user(executive).post(address, {"required": "1"})
    assert (cast.skt.clearance_required, cast.kt.clearance_required) == (True, False)
    as_user(cast.skt_ceo).post(address, {})
    assert not cast.skt.clearance_required
    assert AuditEntry.objects.filter(verb__startswith="organisation.clearance").count() == 2


def test_all_of_a_batch_is_handed_in_or_none(cast: Cast) -> None:
    one, two = a_report(commitment="C12"), a_report(commitment="C01")
    assert two.pk < one.pk
    drafted(cast, one)
    drafted(cast, two)
    ReportDraft.objects.filter(report=one).update(self_rating="")
    drafts = list(ReportDraft.objects.select_related("report__round").order_by("-pk"))
    with pytest.raises(BatchRefused, match="C12"):
        submit_batch(drafts, by=actor_of(cast.skt_liaison), now=IN_TIME)
    assert (Submission.objects.count(), kept(two).state) == (0, "draft")


@pytest.mark.parametrize("rows", [1, 20])
def test_the_page_asks_as_many_questions_for_twenty_as_for_one(
    cast: Cast, network: User, executive: User, as_user: SignIn, django_assert_num_queries: Counted, rows: int
) -> None:
    a_report()
    reports = list(Report.objects.filter(organisation=cast.skt)[:rows])
    for report in reports:
        drafted(cast, report)
        asked(cast, network, report)
    for n in range(rows):
        action = an_action("SKT", title=f"ROW-{n}", due_on=LATER.date())
        save_progress(action, by=actor_of(cast.skt_liaison), progress=Progress(percent=30, text="So far"))
    client = as_user(cast.skt_liaison)
    put_forward(client, cast, executive, *reports)
    address = link("prepare", cast.council.pk)
    client.get(address)
    with django_assert_num_queries(QUERIES):
        assert client.get(address).status_code == 200


QUERIES = 17
