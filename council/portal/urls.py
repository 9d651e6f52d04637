"""The portal's addresses."""

from django.urls import path

from council.access.readers import KINDS
from council.portal.views import actions, commitments, desk, files, meetings, readers, release, view_as
from council.web import addresses

app_name = "portal"

addresses.register({*KINDS, "evidence", "release"})

urlpatterns = [
    path("", desk.DeskView.as_view(), name="desk"),
    path("actions/<action:pk>/", actions.ActionView.as_view(), name="action"),
    path("actions/<action:pk>/report/", actions.ReportView.as_view(), name="action_report"),
    path("actions/<action:pk>/submit/", actions.SubmitView.as_view(), name="action_submit"),
    path("evidence/<evidence:pk>/remove/", actions.RemoveEvidenceView.as_view(), name="evidence_remove"),
    path("commitments/", commitments.CommitmentsView.as_view(), name="commitments"),
    path("commitments/<commitment:pk>/", commitments.CommitmentView.as_view(), name="commitment"),
    path("meetings/", meetings.MeetingsView.as_view(), name="meetings"),
    path("meetings/<meeting:pk>/", meetings.MeetingView.as_view(), name="meeting"),
    *[path(f"readers/{kind}/<{kind}:pk>/", readers.ReadersView.as_view(), {"kind": kind}, "readers") for kind in KINDS],
    path("release/<release:pk>/", release.ReleaseView.as_view(), name="release"),
    path("view-as/", view_as.ViewAsView.as_view(), name="view_as"),
    path("view-as/end/", view_as.EndView.as_view(), name="view_as_end"),
    path("files/<file:pk>/", files.FileView.as_view(), name="file"),
]
