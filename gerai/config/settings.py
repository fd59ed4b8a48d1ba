"""All settings, read from the environment. A missing value that matters fails loudly; nothing is guessed."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from gerai.core import encryption


def text(name: str, default: str | None = None) -> str:
    """A setting from the environment. Without a default it must be there."""
    value = os.environ.get(name, default)
    if value is None:
        raise SystemExit(f"Setelan {name} belum ada; jalankan ./start. / {name} is missing; run ./start.")
    return value


def number(name: str, default: int) -> int:
    """A whole number from the environment."""
    value = os.environ.get(name, "")
    if value and not value.isdigit():
        raise SystemExit(f"{name}={value!r} harus berupa angka. / {name} must be a whole number.")
    return int(value) if value else default


def flag(name: str, default: bool = False) -> bool:
    """yes or no from the environment."""
    return os.environ.get(name, "yes" if default else "no") == "yes"


def database(url: str) -> dict[str, Any]:
    """Django's settings for a PostgreSQL URL; a socket folder goes in ?host=."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or unquote(query.get("host", "")),
        "PORT": parts.port or query.get("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Used by core.sql alone. ?prepare=no for a pooler that gives each transaction another connection.
        "OPTIONS": {
            "options": "-c timezone=UTC",
            "prepare_threshold": None if query.get("prepare") == "no" else 1,
        },
    }


PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(text("GERAI_DATA"))
PORT = number("GERAI_PORT", 8000)
DEMO = flag("GERAI_DEMO")
os.environ.setdefault("GERAI_KEYS", str(DATA / "keys" / "gerai.json"))
encryption.make_keys(Path(os.environ["GERAI_KEYS"]))

SECRET_KEY = encryption.key("secret").hex()
DEBUG = flag("GERAI_DEBUG")
BASE_URL = text("GERAI_URL", f"http://127.0.0.1:{PORT}")
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "", "127.0.0.1", "localhost", "testserver"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 10 * 60 * 60
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# The web and the worker connect as a role that owns no table (ruling "Ledger"); migrations as the owner.
DATABASES: dict[str, dict[str, Any]] = {
    "default": database(text("DATABASE_OWNER_URL" if flag("GERAI_AS_OWNER") else "DATABASE_URL"))
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_cotton",
    "django_htmx",
    "procrastinate.contrib.django",
    *(
        f"gerai.{room}"
        for room in (
            "ledger",
            "accounts",
            "notices",
            "agencies",
            "catalogue",
            "documents",
            "applications",
            "visits",
            "permits",
            "payments",
            "floor",
            "reviews",
            "feedback",
            "insight",
            "privacy",
            "integrations",
            "portal",
            "api",
        )
    ),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gerai.portal.middleware.NotKept",
    "gerai.portal.middleware.Refusals",
]
# The public API needs no session, language or form protection: measured 1.4 to 2 times faster without.
API_MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'", "blob:"],
        "frame-ancestors": ["'none'"],
        # A form that leads on to the payment provider needs the provider's origin too.
        "form-action": ["'self'", text("GERAI_PAYMENT_PAGE", f"http://127.0.0.1:{PORT + 3}")],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
    }
}

ROOT_URLCONF = "gerai.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "portal" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gerai.portal.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "gerai.portal.templatetags.words",
            ],
        },
    }
]
COTTON_DIR = "cotton"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["gerai.accounts.backends.ContactBackend"]
# Lower rooms reach these by dotted path: they may not import upward.
SECOND_FACTOR_CHECK = "gerai.agencies.queries.needs_second_factor"
CODE_SENDER = "gerai.notices.services.send_code"
MALL_CODE = text("GERAI_MALL", "1771")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/masuk/"
LOGIN_REDIRECT_URL = "/saya/"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "config" / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
FILES_ROOT = DATA / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if flag("GERAI_COLLECTED")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not flag("GERAI_COLLECTED")
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024

EMAIL_HOST = text("GERAI_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = number("GERAI_SMTP_PORT", PORT + 2)
EMAIL_HOST_USER = text("GERAI_SMTP_USER", "")
EMAIL_HOST_PASSWORD = text("GERAI_SMTP_PASSWORD", "")
EMAIL_USE_TLS = flag("GERAI_SMTP_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = text("GERAI_MAIL_FROM", "Mal Pelayanan Publik <jangan-balas@mpp.localhost>")

# Adapters behind ports, by dotted path. The development default is a real separate HTTP double.
MESSAGE_GATEWAY = "gerai.integrations.messaging.adapter.HttpGateway"
MESSAGE_GATEWAY_URL = text("GERAI_SMS_URL", f"http://127.0.0.1:{PORT + 4}")
MESSAGE_GATEWAY_TOKEN = text("GERAI_SMS_TOKEN", "demo")
PAYMENT_PROVIDER = "gerai.integrations.payment.adapter.HttpProvider"
PAYMENT_PROVIDER_URL = text("GERAI_PAYMENT_URL", f"http://127.0.0.1:{PORT + 3}")
TICKET_PRINTER = "gerai.integrations.printer.escpos.EscposPrinter"
TICKET_PRINTER_PROFILE = text("GERAI_PRINTER_PROFILE", "default")  # a name that python-escpos knows
SIGNER = "gerai.integrations.esign.software.SoftwareSigner"

# Consumers of the ledger: name -> function(entry). Each acts in its own transaction, idempotently.
LEDGER_CONSUMERS = {
    "reviews.follow": "gerai.reviews.tasks.follow",
    "notices.applications": "gerai.applications.tasks.tell",
    "notices.permits": "gerai.permits.tasks.tell",
    "visits.follow": "gerai.visits.tasks.follow",
    "notices.visits": "gerai.visits.tasks.tell",
}

SILENCED_SYSTEM_CHECKS = ["security.W019"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO" if DEBUG else "WARNING"},
}
