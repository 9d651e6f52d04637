"""Settings shared by every way of running. Each NAME read from the environment may also be given as NAME_FILE."""

from email.utils import parseaddr
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from celery.schedules import schedule
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.FileAwareEnv()

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
NODE_MODULES = Path(env.str("NODE_MODULES", default=str(BASE_DIR / "node_modules")))

DEBUG = False
DEMO = False
ALLOWED_HOSTS: list[str] = []
SITE_URL = "http://127.0.0.1:8000"

INSTALLED_APPS = [
    "config.apps.SecretariatAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "council",
]

MIDDLEWARE = [
    "council.web.errors.SoundRequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "council.web.middleware.SharedResponseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "council.web.idle.SessionClockMiddleware",
    "council.web.middleware.LanguageMiddleware",
    "council.web.routes.DoorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "council.web.middleware.PrivateResponseMiddleware",
    "council.web.middleware.PermissionsPolicyMiddleware",
    "council.web.middleware.ActorMiddleware",
    "council.web.second_factor.SecondFactorMiddleware",
    "council.web.view_as.ReadOnlyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "council.web.context.site",
            ],
        },
    },
]

# --- Data ---------------------------------------------------------------------------------------------------------


def database(url_default: str | None = None) -> dict[str, Any]:
    """One connection's settings, from DATABASE_URL or from its parts (so that a password can come as a file)."""
    if host := env.str("DATABASE_HOST", default=""):
        config: dict[str, Any] = {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": host,
            "PORT": env.str("DATABASE_PORT", default="5432"),
            "NAME": env.str("DATABASE_NAME", default="council"),
            "USER": env.str("DATABASE_USER", default="council"),
            "PASSWORD": env.str("DATABASE_PASSWORD", default=""),
        }
    else:
        config = dict(env.db_url("DATABASE_URL", default=url_default or environ.Env.NOTSET))
    config["ATOMIC_REQUESTS"] = False
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return config


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = VAR_DIR / "files"
MAX_FILE_BYTES = 30 * 1024 * 1024
# A page of the pieces of a records request has a box for each: five years of records are some thousands.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# A text far too long is still read, so that its page can say so and give it back.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
# Where clamd listens: tcp://host:3310 or unix:///run/clamd; empty: files are not scanned for viruses.
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")
# Said out loud: this installation does without a scanner (another one looks at the files, or nobody does).
WITHOUT_SCANNER = env.bool("WITHOUT_SCANNER", default=False)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- People -------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "council.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:desk"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# How many proxies of our own stand before the server; each adds one address to X-Forwarded-For, from the right.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# A session ends after so many minutes without a request, and after eight hours whatever happens.
IDLE_MINUTES = env.int("IDLE_MINUTES", default=30)
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# A link to choose a password is of use once, for seven days.
PASSWORD_RESET_TIMEOUT = 7 * 24 * 60 * 60
# Of staff and of whoever holds a seat.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=True)

ACCOUNT_ADAPTER = "council.web.account.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {
    "login": "council.web.account_forms.SignInForm",
    "reauthenticate": "council.web.account_forms.ReauthenticateForm",
    "change_password": "council.web.account_forms.ChangePasswordForm",
}
AUTHENTICATION_BACKENDS = ["council.web.account.AccountBackend"]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_RATE_LIMITS = False  # they count in a cache; ours count in the database (council.parties.attempts)
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
MFA_ADAPTER = "council.web.second_factor.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are given by whoever issues the account
MFA_FORMS = {
    "authenticate": "council.web.account_forms.CodeForm",
    "reauthenticate": "council.web.account_forms.FreshCodeForm",
    "activate_totp": "council.web.account_forms.ActivateAppForm",
    "add_webauthn": "council.web.account_forms.AddPasskeyForm",
    "edit_webauthn": "council.web.account_forms.RenamePasskeyForm",
    "login_webauthn": "council.web.account_forms.SignInPasskeyForm",
    "reauthenticate_webauthn": "council.web.account_forms.FreshPasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = False
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
# Nothing is kept in a cache: a code that was used is noted with its authenticator, a failure in the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

# --- Language, time, words ----------------------------------------------------------------------------------------

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [BASE_DIR / "council" / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]

SITE_NAME = _("Quarterly Council of the Mobile Carriers")
CONTACT = env.str("CONTACT", default="")
OFFICIAL_BANNER = env.bool("OFFICIAL_BANNER", default=False)

# --- Pages --------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [
    ("bootstrap/css", NODE_MODULES / "bootstrap" / "dist" / "css"),
    ("bootstrap/js", NODE_MODULES / "bootstrap" / "dist" / "js"),
    ("pretendard", NODE_MODULES / "pretendard" / "dist" / "web" / "static" / "woff2-subset"),
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Mail and background work -------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="council@localhost")
# Whom calendar entries name as the organizer: mail programs send acceptances there.
ORGANIZER_EMAIL = env.str("ORGANIZER_EMAIL", default="") or parseaddr(DEFAULT_FROM_EMAIL)[1]
MAIL_DOMAIN = env.str("MAIL_DOMAIN", default="council.localhost")
LETTERS_DIR = VAR_DIR / "letters"


def smtp_mailer() -> dict[str, Any]:
    """The relay, from SMTP_HOST, SMTP_PORT, SMTP_USER, SMTP_PASSWORD and SMTP_TLS (starttls, tls or none)."""
    tls = env.str("SMTP_TLS", default="starttls")
    return {
        "BACKEND": "council.mail.smtp.EmailBackend",
        "OPTIONS": {
            "host": env.str("SMTP_HOST"),
            "port": env.int("SMTP_PORT", default=587),
            "username": env.str("SMTP_USER", default=""),
            "password": env.str("SMTP_PASSWORD", default=""),
            "use_tls": tls == "starttls",
            "use_ssl": tls == "tls",
            "timeout": 20,
        },
    }


REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
TICK_SECONDS = env.float("TICK_SECONDS", default=60.0)

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_keepalive": True, "health_check_interval": 25}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", default="council")
# Whether a worker listens at the broker, so that what people wait for is done at once and not with the next turn.
RING_THE_WORKER = env.bool("RING_THE_WORKER", default=False)
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "council.tasks.tick", "schedule": schedule(TICK_SECONDS), "options": {"expires": 50}},
    "archive": {"task": "council.tasks.archive", "schedule": schedule(TICK_SECONDS), "options": {"expires": 50}},
}

# --- Logs ---------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # They tell of every step of drawing a page.
    "loggers": {name: {"level": "WARNING"} for name in ("fontTools", "pikepdf", "weasyprint")},
}
