"""A demonstration on one machine: SQLite, letters into a folder, example accounts, no other service."""

import os

from config.settings.base import *  # noqa: F403
from config.settings.base import LETTERS_DIR, VAR_DIR, database, env

DEMO = True
SECRET_KEY = "demonstration-only-not-a-secret-and-refused-in-production"  # noqa: S105
PORT = env.int("PORT", default=8000)
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
SITE_URL = f"http://localhost:{PORT}"  # a passkey needs a name, not a number
CONTACT = "council-demo@msit.example"

# The example accounts open with a password alone, unless the second factor is to be shown.
SECOND_FACTOR_REQUIRED = env.bool("DEMO_SECOND_FACTOR", default=False)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # there is no TLS on this machine

(VAR_DIR / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise asks for it, though it serves from the sources
DATABASES = {"default": database(f"sqlite:///{VAR_DIR / 'demo.sqlite3'}")}

MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": os.fspath(LETTERS_DIR)},
    }
}
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
