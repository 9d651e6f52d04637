"""Every address of the site. All are behind sign-in but login, language, livez and readyz."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from council.web import session, status

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("council.portal.urls")),
    path("admin/login/", session.AdminSignInRedirect.as_view(), name="admin_login"),
    path("admin/", admin.site.urls),
    path("login/", session.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", session.set_language, name="set_language"),
    path("livez", status.livez, name="livez"),
    path("readyz", status.readyz, name="readyz"),
]

handler403 = "council.web.errors.forbidden"
handler404 = "council.web.errors.not_found"
