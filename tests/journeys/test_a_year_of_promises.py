"""Four quarters on the founding commitments: reports, judgements, frozen scorecards, a trend, an escalation to the
agenda, and what the public is told; each step by the door that people use, the clock moving on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils.http import urlencode
from time_machine import Traveller

from council.access.roles import standing
from council.actions.models import AgendaLink, Escalation
from council.core.quarters import Quarter
from council.declaration.models import Commitment
from council.meetings.models import Meeting
from council.meetings.operations.schedule import convene_meeting
from council.overview.scorecard import scorecard_page
from council.parties.models import Body, User
from council.release.models import ReleaseRequest
from council.reports.models import Report, ReportingRound
from council.scorecard.models import FrozenScorecard, PublicQuarter
from council.workflows.carry_over import carry_over
from council.workflows.tick import tick
from tests.factories import Cast, a_meeting, actor_of, an_account, an_action, link, moment, pdf, seat
from tests.factories.founding import clock
from tests.factories.rows import TESTER

type SignIn = Callable[[User], Client]

__all__ = ["clock"]
# Of each quarter: when its round can be opened, when everybody reports, the meeting, and when the round is closed.
YEAR = (
    ("2026-Q4", "2027-01-04 09:00", "2027-01-20 10:00", "2027-02-25 10:00", "2027-03-05 10:00"),
    ("2027-Q1", "2027-04-05 09:00", "2027-04-20 10:00", "2027-05-20 10:00", "2027-06-04 10:00"),
    ("2027-Q2", "2027-07-05 09:00", "2027-07-20 10:00", "2027-08-19 10:00", "2027-09-03 10:00"),
    ("2027-Q3", "2027-10-05 09:00", "2027-10-20 10:00", "2027-11-18 10:00", "2027-12-03 10:00"),
)
# How the ministry judges in each quarter, and the figure that SKT reports on C13: never seen by a rival.
RATINGS = ("review", "attention", "on_track", "done")
FIGURES = ("1301.5", "1402.5", "1503.5", "1604.5")


class Year:
    """Everybody at their own browser; the clock stands where ``at`` puts it."""

    def __init__(self, cast: Cast, clock: Traveller, as_user: SignIn) -> None:
        self.cast, self.clock, self.sign_in = cast, clock, as_user
        # Writes for the ministry: nobody judges what they handed in themselves.
        self.colleague = an_account("colleague@msit.test", "MSIT", is_staff=True)
        seat(self.colleague, "council", "secretary")
        self.council = Body.objects.get(code="council")
        self.meetings: dict[str, Meeting] = {}

    def at(self, text: str) -> datetime:
        now = moment(text)
        self.clock.move_to(now, tick=False)
        return now

    def do(self, row: Any, verb: str, *, expect: int = 302, **data: Any) -> None:
        client = self.sign_in(self.cast.secretary)
        answer = client.post(f"/admin/council/{row._meta.model_name}/{row.pk}/do/{verb}/", data)
        assert answer.status_code == expect, re.sub("<[^>]+>", " ", answer.text)[-2000:]

    def plan(self) -> None:
        """The first meeting is seeded; the others are planned and announced ahead."""
        self.at("2026-11-24 09:00")
        for covers, _opens, _reports, day, _closes in YEAR:
            quarter = Quarter.parse(covers).next()
            found = Meeting.objects.filter(body=self.council, quarter=quarter, kind="regular").first()
            made = found or a_meeting(quarter=str(quarter), starts_at=moment(day))
            convene_meeting(made, by=TESTER, now=moment("2026-11-24 09:00"), quiet=True)
            carry_over(made, by=TESTER)
            self.meetings[covers] = made

    def report(self, number: int, late: set[str]) -> None:
        """Every liaison, and a colleague for the ministry, writes and submits what is owed; ``late`` ones nothing."""
        people = {"SKT": self.cast.skt_liaison, "KT": self.cast.kt_liaison, "LGU": self.cast.lgu_liaison}
        for owner, user in (people | {"MSIT": self.colleague}).items():
            client = self.sign_in(user)
            for report in Report.objects.owed().filter(organisation__code=owner).select_related("commitment"):
                if f"{owner} {report.commitment.code}" in late:
                    continue
                figure = FIGURES[number] if (owner, report.commitment.code) == ("SKT", "C13") else ""
                sent = {"narrative": f"{owner} {report.commitment.code} Q{number}", "self_rating": "on_track"}
                sent |= {"value_1": figure, "seen": "", "submit_report": "1"}
                answer = client.post(link("report_write", report.pk), sent)
                assert answer.status_code == 302, re.sub("<[^>]+>", " ", answer.text)[-2000:]

        client = self.sign_in(self.colleague)
        for report in Report.objects.owed().filter(organisation__code="GOV"):
            # Nobody of the government as a whole has an account: what it writes comes by letter.
            sent = {"narrative": "정부 공문", "self_rating": "on_track"}
            letter = f"/admin/council/report/{report.pk}/do/enter/"
            assert client.post(letter, sent | {"uploads": pdf()}).status_code == 302

    def accept_all(self, rating: str) -> int:
        """By the list of the administration, a hundred at a time."""
        rows = list(Report.objects.filter(state="submitted").values_list("pk", flat=True))
        client = self.sign_in(self.cast.secretary)
        query = urlencode({"row": rows}, doseq=True)
        where = f"/admin/council/report/several/accept/?{query}"
        versions = re.findall(r'name="(version-[^"]*)" value="([^"]*)"', client.get(where).text)
        answer = client.post(where, {"rating": rating, "comment": "", "row": rows} | dict(versions))
        assert answer.status_code == 302, re.sub("<[^>]+>", " ", answer.text)[-2000:]
        return len(rows)


def test_a_year_of_promises(cast: Cast, clock: Traveller, as_user: SignIn) -> None:
    year = Year(cast, clock, as_user)
    year.plan()
    stuck = an_action("SKT", title="기지국 점검 결과 제출", due_on=moment("2026-12-10 09:00").date())
    accepted: list[int] = []

    for number, (covers, opens, reports, meets, closes) in enumerate(YEAR):
        tick(now=year.at(opens))
        one = ReportingRound.objects.get(covers=covers)
        assert one.meeting == year.meetings[covers]
        owed = one.reports.count()
        assert owed > 30
        year.at(reports)
        year.report(number, {"KT C14"} if number == 1 else set())
        accepted.append(year.accept_all(RATINGS[number]))
        assert accepted[-1] == owed - (number == 1)

        if number == 0:  # what nobody handed in has reached the council by then
            tick(now=year.at("2027-01-20 11:00"))
            assert set(Escalation.objects.filter(action=stuck).values_list("step", flat=True)) == {"lead", "council"}
            on_agenda = AgendaLink.objects.get(action=stuck, agenda_item__meeting=year.meetings[covers])
            assert on_agenda.reason == "escalated"
            year.do(stuck, "stop_escalation", reason="회의에서 일정을 다시 정하기로 함")

        year.at(meets)
        meeting = Meeting.objects.get(pk=year.meetings[covers].pk)
        year.do(meeting, "begin")
        year.at(closes)
        year.do(ReportingRound.objects.get(pk=one.pk), "close")
        stages = FrozenScorecard.objects.filter(quarter=covers).order_by("pk").values_list("stage", flat=True)
        assert list(stages) == ["tabled", "closed"]

    missed = Report.objects.get(state="missed")
    assert (missed.organisation.code, missed.commitment.code, str(missed.round.covers)) == ("KT", "C14", "2027-Q1")
    the_trend_tells_the_year(cast, year, accepted)
    nobody_reads_a_rivals_figures(cast, year)
    the_public_is_told_what_was_cleared(cast, year)


def the_trend_tells_the_year(cast: Cast, year: Year, accepted: list[int]) -> None:
    """The page of the secretary: four quarters, each with the statuses that were given in it."""
    client = year.sign_in(cast.secretary)
    page = client.get(link("scorecard", cast.council.pk)).context["page"]
    assert [str(quarter) for quarter in page.quarters] == [covers for covers, *_rest in reversed(YEAR)]
    table = {row[0]: row[1:] for row in page.total.trend.rows}
    assert len(table) == 4
    who = standing(actor_of(cast.secretary))
    for covers, rating, number in zip([one[0] for one in YEAR], RATINGS, accepted, strict=True):
        card = scorecard_page(who, cast.council, quarter=Quarter.parse(covers))
        assert card is not None
        counted = Counter({str(status): count for status, count, _percent in card.total.counts})
        assert counted[rating] == number
        assert counted["missed"] == (covers == "2027-Q1")


def nobody_reads_a_rivals_figures(cast: Cast, year: Year) -> None:
    own = year.sign_in(cast.skt_liaison).get(link("scorecard_party", cast.council.pk, organisation="SKT")).text
    shown = [figure for figure in FIGURES if f"{float(figure):,}" in own]
    assert shown == list(FIGURES)
    rival = year.sign_in(cast.kt_liaison)
    for covers, *_rest in YEAR:
        pages = [f"{link('scorecard', cast.council.pk)}?quarter={covers}", link("commitment", _commitment("C13"))]
        pages.append(link("scorecard_file", cast.council.pk, form="html") + f"?quarter={covers}")
        for page in pages:
            answer = rival.get(page)
            text = answer.text if not answer.streaming else b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
            assert [figure for figure in FIGURES if figure in text or f"{float(figure):,}" in text] == []
    assert rival.get(link("scorecard_party", cast.council.pk, organisation="SKT")).status_code == 404


def _commitment(code: str) -> int:
    return Commitment.objects.get(code=code).pk


def the_public_is_told_what_was_cleared(cast: Cast, year: Year) -> None:
    """One report of SKT's is cleared by both; the carriers see it first, and three business days later everybody."""
    report = Report.objects.get(organisation=cast.skt, commitment__code="C13", round__covers="2027-Q3")
    year.at("2027-12-06 10:00")
    year.do(report, "release", to="TLP:CLEAR", reason="국민에게 알림")
    asked = ReleaseRequest.objects.get()
    page = year.sign_in(cast.skt_liaison).get(link("release", asked.pk)).text
    seen = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page))
    answer = year.sign_in(cast.skt_liaison).post(link("release", asked.pk), seen | {"answer": "", "agree": "1"})
    assert answer.status_code == 302, re.sub("<[^>]+>", " ", answer.text)[-1500:]
    assert Report.objects.get(pk=report.pk).label == "TLP:CLEAR"
    year.do(report.round, "show_public")
    told = PublicQuarter.objects.get()
    year.do(told, "release", expect=422)
    shown = moment("2027-12-06 10:00") + timedelta(days=3)
    year.clock.move_to(shown, tick=False)
    year.do(told, "release")
    Body.objects.filter(pk=cast.council.pk).update(public_progress=True)
    public = Client().get("/progress/ko/council/").text
    assert "C13" in public
    assert "완료" in public
    assert [figure for figure in FIGURES if figure in public or f"{float(figure):,}" in public] == []
    assert "C12" not in public
