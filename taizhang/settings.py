"""The one settings file: everything comes from the environment, a wrong value stops the program."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("TAIZHANG_HOME") or "data").resolve()


def _flag(name: str, default: bool) -> bool:
    text = os.environ.get(name, "").strip().lower()
    if text in {"", "0", "1", "true", "false", "yes", "no"}:
        return default if text == "" else text in {"1", "true", "yes"}
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {text!r}.")


def _secret_key() -> str:
    """The secret from the environment, or one made once and kept beside the ledger."""
    if given := os.environ.get("TAIZHANG_SECRET_KEY"):
        return given
    path = HOME / "secret-key"
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        HOME.mkdir(parents=True, exist_ok=True)
        fresh = secrets.token_urlsafe(50)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was faster
            return path.read_text("ascii").strip()
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(fresh)
        return fresh


def _database() -> dict[str, object]:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(HOME / "taizhang.sqlite3"),
            "OPTIONS": {
                # Django's defaults lose writes under load ("database is locked"); these do not.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://. "
            "Leave it empty for the embedded SQLite ledger."
        )
    options: dict[str, object] = dict(parse_qsl(parts.query))
    # PostgreSQL's own default thinks of spinning disks and shuns the indexes that figures need, and
    # it would wait for ever for a row that a long import holds: here as long as SQLite does. To
    # compile a query that is over in 50 ms takes another 50.
    settings = "-c random_page_cost=1.1 -c jit=off -c lock_timeout=20s"
    options.setdefault("options", settings)
    if _flag("TAIZHANG_POOL", True):
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 20}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


DEBUG = _flag("TAIZHANG_DEBUG", False)
SECRET_KEY = _secret_key()
# A signed-in office uses a name; the demo and a single desk use the loopback address.
ALLOWED_HOSTS = os.environ.get("TAIZHANG_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("TAIZHANG_ORIGINS", "").split(",") if o]
CSRF_FAILURE_VIEW = "taizhang.desk.draft_views.csrf_failure"
HTTPS = _flag("TAIZHANG_HTTPS", False)
DEMO = _flag("TAIZHANG_DEMO", False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "axes",
    "taizhang.jobs",
    "taizhang.search",
    "taizhang.ledger",
    "taizhang.goto",
    "taizhang.desk",
    "taizhang.evidence",
    "taizhang.exchange",
    "taizhang.watch",
    "taizhang.tokens",
    "taizhang.org",
    "taizhang.accounts",
    "taizhang.seals",
    "taizhang.closes",
    "taizhang.figures",
    "taizhang.activities",
    "taizhang.volunteers",
    "taizhang.places",
    "taizhang.outreach",
    "taizhang.projects",
    "taizhang.governance",
    "taizhang.outlines",
    "taizhang.submissions",
    "taizhang.checks",
    "taizhang.reports",
    "taizhang.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "taizhang.tokens.middleware.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "taizhang.tokens.middleware.TokenMiddleware",
    "taizhang.accounts.middleware.LanguageMiddleware",
    "taizhang.desk.middleware.DeskMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "taizhang.ledger.middleware.RememberingMiddleware",
    "taizhang.ledger.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "taizhang.urls"
WSGI_APPLICATION = "taizhang.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "taizhang.reports.shell.shell",
            ],
        },
    }
]

DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "taizhang.accounts.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "workbench"
LOGOUT_REDIRECT_URL = "sign_in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "taizhang.accounts.views.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
# The compiled words lie with the ledger: the package itself may be read-only.
LOCALE_PATHS = [HOME / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [PACKAGE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = True

EVIDENCE_ROOT = HOME / "evidence"
UPLOAD_ROOT = HOME / "uploads"
JOBS_ROOT = HOME / "jobs"
KEYS_ROOT = HOME / "keys"
"""The secret halves of the units' keys; back them up apart from the ledger."""
FROZEN_ROOT = HOME / "frozen"
"""Signed reports, each named by its root; nothing else can make them again."""
JOB_GRACE_SECONDS = 10  # in which a worker puts its job back when its server ends
JOB_STALE_SECONDS = 30  # of silence, after which a job's worker counts as lost
JOB_KEPT_DAYS = 30
UPLOAD_LIMIT_MB = 20
# Addresses where several files may come in one request.
BODY_LIMITS_MB = {r"/[\w-]+/[\w-]+/\d+/evidence/": 100}
IMPORT_ROWS = 100_000
"""Rows that one file may bring in; planning keeps them in memory."""
API_RATE = 600
"""Requests a minute for each token."""
API_FAILURES = 30
"""Wrong tokens a minute from one address, before it is told to wait."""
API_BODY_LIMIT_MB = 10
"""Of JSON: reading it takes many times as much memory."""
API_TOKEN_DAYS = 366
API_TOKENS_EACH = 20
BIN_DAYS = 30
"""How long a batch can be undone, and what was taken away is kept."""
LATE_DAYS = 14
"""After so many days without a step a record counts as late."""
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("TAIZHANG_LOG", "WARNING")},
    "loggers": {"axes": {"level": "ERROR"}},
}
