"""The portal's addresses."""

from django.urls import path

from council.portal.views import actions, commitments, desk, files, meetings, readers, release, view_as

app_name = "portal"

urlpatterns = [
    path("", desk.DeskView.as_view(), name="desk"),
    path("actions/<int:pk>/", actions.ActionView.as_view(), name="action"),
    path("actions/<int:pk>/report/", actions.ReportView.as_view(), name="action_report"),
    path("actions/<int:pk>/submit/", actions.SubmitView.as_view(), name="action_submit"),
    path("evidence/<int:pk>/remove/", actions.RemoveEvidenceView.as_view(), name="evidence_remove"),
    path("commitments/", commitments.CommitmentsView.as_view(), name="commitments"),
    path("commitments/<int:pk>/", commitments.CommitmentView.as_view(), name="commitment"),
    path("meetings/", meetings.MeetingsView.as_view(), name="meetings"),
    path("meetings/<int:pk>/", meetings.MeetingView.as_view(), name="meeting"),
    path("readers/<slug:kind>/<int:pk>/", readers.ReadersView.as_view(), name="readers"),
    path("release/<int:pk>/", release.ReleaseView.as_view(), name="release"),
    path("view-as/", view_as.ViewAsView.as_view(), name="view_as"),
    path("view-as/end/", view_as.EndView.as_view(), name="view_as_end"),
    path("files/<int:pk>/", files.FileView.as_view(), name="file"),
]
