"""The portal's addresses."""

from django.urls import path

from council.access.readers import KINDS
from council.portal.views import (
    action_list,
    actions,
    agenda,
    calendar,
    calendars,
    commitments,
    decisions,
    desk,
    documents,
    files,
    meetings,
    minutes,
    packs,
    papers,
    participation,
    publications,
    readers,
    records,
    release,
    reply,
    reports,
    room,
    scorecard,
    search,
    trace,
    view_as,
)
from council.web import addresses

app_name = "portal"

addresses.register(
    [
        *KINDS, "body", "evidence", "extension", "minutes-version", "participation", "publication", "records",
        "public-quarter", "release", "reply", "report-evidence", "round",
    ]
)  # fmt: skip

urlpatterns = [
    path("", desk.DeskView.as_view(), name="desk"),
    path("actions/", action_list.ActionsView.as_view(), name="actions"),
    path("actions/<action:pk>/", actions.ActionView.as_view(), name="action"),
    path("actions/<action:pk>/report/", actions.ReportView.as_view(), name="action_report"),
    path("actions/<action:pk>/submit/", actions.SubmitView.as_view(), name="action_submit"),
    path("actions/<action:pk>/take-back/", actions.TakeBackView.as_view(), name="action_take_back"),
    path("actions/<action:pk>/extension/", actions.ExtensionView.as_view(), name="action_extension"),
    path("actions/<action:pk>/assign/", actions.ReassignView.as_view(), name="action_assign"),
    path("actions/<action:pk>/comment/", actions.CommentView.as_view(), name="action_comment"),
    path("updates/<update:pk>/withdraw/", actions.WithdrawProgressView.as_view(), name="progress_withdraw"),
    path("extensions/<extension:pk>/withdraw/", actions.WithdrawExtensionView.as_view(), name="extension_withdraw"),
    path("evidence/<evidence:pk>/remove/", actions.RemoveEvidenceView.as_view(), name="evidence_remove"),
    path("commitments/", commitments.CommitmentsView.as_view(), name="commitments"),
    path("commitments/<commitment:pk>/", commitments.CommitmentView.as_view(), name="commitment"),
    path("meetings/", meetings.MeetingsView.as_view(), name="meetings"),
    path("meetings/calendar/", calendar.CalendarView.as_view(), name="calendar"),
    path("search/", search.SearchView.as_view(), name="search"),
    path("meetings/<meeting:pk>/", meetings.MeetingView.as_view(), name="meeting"),
    path("meetings/<meeting:pk>/calendar.ics", calendars.MeetingCalendarView.as_view(), name="meeting_calendar"),
    path("calendar/subscribe/", calendars.SubscribeView.as_view(), name="subscribe"),
    path("calendar/<str:secret>.ics", calendars.FeedView.as_view(), name="feed"),
    path("reply/<reply:pk>/", reply.ReplyView.as_view(), name="reply"),
    path("meetings/<meeting:pk>/room/", room.RoomView.as_view(), name="room"),
    path("meetings/<meeting:pk>/propose/", agenda.ProposeView.as_view(), name="propose"),
    path("meetings/<meeting:pk>/pack/", packs.PackView.as_view(), name="pack"),
    path("meetings/<meeting:pk>/pack.pdf", packs.PackFileView.as_view(), name="pack_file"),
    path("minutes/<minutes:pk>/", minutes.MinutesView.as_view(), name="minutes"),
    path("minutes/versions/<minutes-version:pk>/", minutes.VersionView.as_view(), name="minutes_version"),
    path("minutes/versions/<minutes-version:pk>/comment/", minutes.CommentView.as_view(), name="minutes_comment"),
    path("minutes/versions/<minutes-version:pk>/answer/", minutes.AnswerView.as_view(), name="minutes_answer"),
    path(
        "minutes/versions/<minutes-version:pk>/minutes.<slug:form>",
        documents.MinutesFileView.as_view(),
        name="minutes_file",
    ),
    path("publications/<publication:pk>/", publications.PublicationView.as_view(), name="publication"),
    path("publications/<publication:pk>/answer/", publications.AnswerView.as_view(), name="publication_answer"),
    path(
        "publications/<publication:pk>/publication.<slug:form>",
        publications.PublicationFileView.as_view(),
        name="publication_file",
    ),
    path("records/<records:pk>/", records.RecordsView.as_view(), name="records"),
    path("records/<records:pk>/answer/", records.AnswerView.as_view(), name="records_answer"),
    path("decisions/", decisions.DecisionsView.as_view(), name="decisions"),
    path("decisions/<decision:pk>/", decisions.DecisionView.as_view(), name="decision"),
    path("decisions/register.<slug:form>", documents.DecisionsFileView.as_view(), name="decisions_file"),
    path("actions/<action:pk>/letter.<slug:form>", documents.FormLetterView.as_view(), name="action_letter"),
    path("actions/list.<slug:form>", documents.ActionsFileView.as_view(), name="actions_file"),
    path("reports/", reports.ReportsView.as_view(), name="reports"),
    path("reports/rounds/<round:pk>/", reports.RoundView.as_view(), name="round"),
    path("reports/rounds/<round:pk>/paper.<slug:form>", documents.RoundPaperView.as_view(), name="round_paper"),
    path("reports/<report:pk>/", reports.ReportView.as_view(), name="report"),
    path("reports/<report:pk>/write/", reports.WriteView.as_view(), name="report_write"),
    path("reports/<report:pk>/judge/", reports.JudgeView.as_view(), name="report_judge"),
    path("reports/<report:pk>/withdraw/", reports.WithdrawView.as_view(), name="report_withdraw"),
    path("reports/<report:pk>/discard/", reports.DiscardView.as_view(), name="report_discard"),
    path(
        "reports/evidence/<report-evidence:pk>/remove/",
        reports.RemoveReportEvidenceView.as_view(),
        name="report_evidence_remove",
    ),
    path("scorecard/", scorecard.ScorecardsView.as_view(), name="scorecards"),
    path("scorecard/<body:pk>/", scorecard.ScorecardView.as_view(), name="scorecard"),
    path("scorecard/<body:pk>/scorecard.<slug:form>", documents.ScorecardFileView.as_view(), name="scorecard_file"),
    path(
        "scorecard/<body:pk>/pillars/<slug:pillar>.<slug:form>",
        documents.PillarBriefView.as_view(),
        name="pillar_brief",
    ),
    path("scorecard/<body:pk>/<slug:organisation>/", scorecard.PartyView.as_view(), name="scorecard_party"),
    path("published/<public-quarter:pk>/", scorecard.PublicQuarterView.as_view(), name="public_quarter"),
    path("verify/", documents.VerifyView.as_view(), name="verify"),
    path("agenda/<agenda-item:pk>/", agenda.ItemView.as_view(), name="agenda_item"),
    path(
        "meetings/<meeting:pk>/documents/<slug:what>.<slug:form>",
        documents.MeetingFileView.as_view(),
        name="meeting_file",
    ),
    path("agenda/<agenda-item:pk>/revise/", agenda.ReviseView.as_view(), name="agenda_revise"),
    path("agenda/<agenda-item:pk>/take-back/", agenda.TakeBackView.as_view(), name="agenda_take_back"),
    path("agenda/<agenda-item:pk>/papers/add/", papers.AddPaperView.as_view(), name="paper_add"),
    path("papers/<paper:pk>/supersede/", papers.SupersedeView.as_view(), name="paper_supersede"),
    path("papers/<paper:pk>/withdraw/", papers.WithdrawPaperView.as_view(), name="paper_withdraw"),
    path("participation/<participation:pk>/answer/", participation.AnswerView.as_view(), name="participation_answer"),
    path("participation/<participation:pk>/delegate/", participation.DelegateView.as_view(), name="delegate"),
    path(
        "participation/<participation:pk>/delegate/withdraw/",
        participation.WithdrawDelegateView.as_view(),
        name="delegate_withdraw",
    ),
    *[path(f"readers/{kind}/<{kind}:pk>/", readers.ReadersView.as_view(), {"kind": kind}, "readers") for kind in KINDS],
    *[
        path(f"trace/{kind}/<{kind}:pk>/", trace.TraceView.as_view(), {"kind": kind}, f"{kind}_trace")
        for kind in trace.KINDS
    ],
    *[
        path(
            f"trace/{kind}/<{kind}:pk>/trace.<slug:form>",
            trace.TraceFileView.as_view(),
            {"kind": kind},
            f"{kind}_trace_file",
        )
        for kind in trace.KINDS
    ],
    path("release/<release:pk>/", release.ReleaseView.as_view(), name="release"),
    path("view-as/", view_as.ViewAsView.as_view(), name="view_as"),
    path("view-as/end/", view_as.EndView.as_view(), name="view_as_end"),
    path("files/<file:pk>/", files.FileView.as_view(), name="file"),
]
