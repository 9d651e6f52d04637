"""A real installation: PostgreSQL, Redis, a mail relay. It refuses to start on a missing or a default secret."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import SECOND_FACTOR_REQUIRED, database, env, smtp_mailer

SECRET_KEY = env.str("SECRET_KEY")
if len(SECRET_KEY) < 50 or "demonstration" in SECRET_KEY:
    msg = "SECRET_KEY must be a secret of your own with at least 50 characters."
    raise ImproperlyConfigured(msg)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

if not SECOND_FACTOR_REQUIRED:
    msg = "SECOND_FACTOR_REQUIRED cannot be switched off: only a demonstration may do without a second factor."
    raise ImproperlyConfigured(msg)

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL")

DATABASES = {"default": database()}
MAILERS = {"default": smtp_mailer()}

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_SECURE = True
if env.bool("BEHIND_TLS_PROXY", default=False):
    # Only where the proxy sets the header itself and discards what the visitor sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
