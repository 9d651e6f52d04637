"""What the tests run on: the database and services named by the environment, fast hashing, letters kept in memory."""

import os
from typing import Any

from config.settings.base import *  # noqa: F403
from config.settings.base import INSTALLED_APPS, VAR_DIR, database, env

SECRET_KEY = "tests-only"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
SITE_URL = "https://council.test"

INSTALLED_APPS = [*INSTALLED_APPS, "django_linear_migrations"]

(VAR_DIR / "static").mkdir(parents=True, exist_ok=True)
DATABASES: dict[str, dict[str, Any]] = {"default": database(f"sqlite:///{VAR_DIR / 'test.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the tests start worker processes that open the same database.
    DATABASES["default"]["TEST"] = {"NAME": os.fspath(VAR_DIR / "test-run.sqlite3")}

SECOND_FACTOR_REQUIRED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the browser tests have no TLS
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS: dict[str, dict[str, Any]] = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
if smtp_port := env.int("TEST_SMTP_PORT", default=0):
    MAILERS = {
        "default": {
            "BACKEND": "council.mail.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": smtp_port, "timeout": 10},
        }
    }
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
