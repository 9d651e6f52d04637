"""Every address of the site. Who may open which: council.web.routes."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from council.api.site import api
from council.web import session, status

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("council.portal.urls")),
    path("progress/", include("council.public.urls")),
    path("api/v1/", api.urls),
    path("admin/login/", session.AdminSignInRedirect.as_view(), name="admin_login"),
    path("admin/", admin.site.urls),
    path("", include("council.web.account_urls")),
    path("language/", session.set_language, name="set_language"),
    path("livez", status.livez, name="livez"),
    path("readyz", status.readyz, name="readyz"),
]

handler403 = "council.web.errors.forbidden"
handler404 = "council.web.errors.not_found"
