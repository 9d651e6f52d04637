"""What everybody may read without signing in. Nothing here knows who asks."""

from django.urls import path, register_converter

from council.public import views


class QuarterConverter:
    """A quarter as 2026-Q4."""

    regex = r"\d{4}-Q[1-4]"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(QuarterConverter, "quarter")

app_name = "public"

urlpatterns = [
    path("", views.StartView.as_view(), name="start"),
    path("schema.json", views.SchemaView.as_view(), name="schema"),
    path("<slug:code>.csv", views.CsvView.as_view(), name="csv"),
    path("<slug:code>.json", views.JsonView.as_view(), name="json"),
    path("<slug:language>/", views.BodiesView.as_view(), name="bodies"),
    path("<slug:language>/<slug:code>/", views.ProgressView.as_view(), name="progress"),
    path("<slug:language>/<slug:code>/<quarter:quarter>/", views.ProgressView.as_view(), name="quarter"),
]
