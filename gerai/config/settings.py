"""All settings, read from the environment. A missing value that matters fails loudly; nothing is guessed."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gerai.config.reading import chosen, database, files, flag, number, text, together
from gerai.core import encryption

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
SIGN_IN_WORD = "gerai.notices.returning.word_at_sign_in"  # a sentence for who comes in, or none
BROWSER_USED = "gerai.notices.devices.browser_used"  # somebody signed in or out in it
BROWSER_COOKIE = "gerai_browser"  # by which a browser is known that has pushed messages switched on
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
# Where mail comes back to, with +TOKEN before the @: a mailbox that `gerai notices bounces` reads. Empty: nobody does.
BOUNCE_ADDRESS = text("GERAI_BOUNCE_ADDRESS", "pantulan@mpp.localhost" if DEMO else "")

# Adapters behind ports, by dotted path. The development default is a real separate HTTP double.
MESSAGE_GATEWAY = "gerai.integrations.messaging.adapter.HttpGateway"
MESSAGE_GATEWAY_URL = text("GERAI_SMS_URL", f"http://127.0.0.1:{PORT + 4}")
MESSAGE_GATEWAY_TOKEN = text("GERAI_SMS_TOKEN", "demo")
PUSH_SERVICE = "gerai.integrations.push.adapter.WebPush"
PUSH_KEY = "gerai.integrations.push.adapter.public_key"
PUSH_LOCAL = DEMO  # whether addresses of this machine may be called: for trials only
# Whom a push service asks when something is wrong: a mailto: or https: address.
PUSH_CONTACT = text("GERAI_PUSH_CONTACT", BASE_URL if SECURE else "mailto:mpp@localhost")
PAYMENT_PROVIDER = "gerai.integrations.payment.adapter.HttpProvider"
PAYMENT_PROVIDER_URL = text("GERAI_PAYMENT_URL", f"http://127.0.0.1:{PORT + 3}")
PAYMENT_PROVIDER_KEY = text("GERAI_PAYMENT_KEY", "")  # what the provider knows us by
TICKET_PRINTER = "gerai.integrations.printer.escpos.EscposPrinter"
TICKET_PRINTER_PROFILE = text("GERAI_PRINTER_PROFILE", "default")  # a name that python-escpos knows
MALL_ZONE = "gerai.agencies.queries.zone"  # whose night it is when a message would be sent
CALL_STANDS = "gerai.visits.telling.stands"  # whether a call that goes out is still so
KEEP_HOURS = not DEMO  # numbers only while an agency is open; in the demo people look at any hour
QUIET_HOURS = not DEMO  # in the demo people look at any hour
CREDENTIAL_KEYS = "gerai.integrations.esign.credential.SoftwareCredentialKeys"
# Civil registry and licensing system. Without an address the city is not connected and goes on by hand.
REGISTERS_URL = text("GERAI_REGISTERS_URL", f"http://127.0.0.1:{PORT + 6}" if DEMO else "")
REGISTERS_TOKEN = text("GERAI_REGISTERS_TOKEN", "demo")
REGISTERS = "gerai.integrations.registers.adapter.HttpRegisters" if REGISTERS_URL else ""

# Who signs: SIGNER what an official decides, SEAL what is approved by law in silence (the institution's own).
SIGNERS = {
    "software": "gerai.integrations.esign.software.SoftwareSigner",
    "token": "gerai.integrations.esign.token.TokenSigner",
    "national": "gerai.integrations.esign.national.NationalSigner",
}
SIGNER_NAME = chosen("GERAI_SIGNER", ("software", "token", "national"), "software")
SEAL_NAME = chosen("GERAI_SEAL", ("software", "token"), "token" if SIGNER_NAME == "token" else "software")
SIGNER, SEAL = SIGNERS[SIGNER_NAME], SIGNERS[SEAL_NAME]
TOKEN_LIBRARY, TOKEN_LABEL, TOKEN_KEY, TOKEN_PIN, TOKEN_CHAIN = together(
    "GERAI_TOKEN_LIBRARY", "GERAI_TOKEN_LABEL", "GERAI_TOKEN_KEY", "GERAI_TOKEN_PIN", "GERAI_TOKEN_CHAIN",
    needed="token" in (SIGNER_NAME, SEAL_NAME),
)  # fmt: skip
TOKEN_CRL = text(
    "GERAI_TOKEN_CRL", ""
)  # a file that the city renews; without it no revocation data in the signature
TOKEN_CERTIFIED = flag("GERAI_TOKEN_CERTIFIED")  # its certificate is of a recognised provider
TSA_URL = text("GERAI_TSA_URL", "")  # without it the token's signatures carry time stamps of our own clock
_double = DEMO and SIGNER_NAME == "national" and "GERAI_NATIONAL_URL" not in os.environ
if _double:  # the demo brings its own service, which nobody outside recognises
    os.environ |= {
        "GERAI_NATIONAL_URL": f"http://127.0.0.1:{PORT + 7}",
        "GERAI_NATIONAL_USER": "demo",
        "GERAI_NATIONAL_PASSWORD": "demo",
        "GERAI_NATIONAL_ROOT": str(DATA / "national-double" / "root.pem"),
    }
NATIONAL_URL, NATIONAL_USER, NATIONAL_PASSWORD, NATIONAL_ROOT = together(
    "GERAI_NATIONAL_URL", "GERAI_NATIONAL_USER", "GERAI_NATIONAL_PASSWORD", "GERAI_NATIONAL_ROOT",
    needed=SIGNER_NAME == "national",
)  # fmt: skip
NATIONAL_CERTIFIED = flag("GERAI_NATIONAL_CERTIFIED")
NATIONAL_TIMEOUT = number("GERAI_NATIONAL_TIMEOUT", 30)  # seconds
if not _double:
    files("GERAI_TOKEN_LIBRARY", "GERAI_TOKEN_CHAIN", "GERAI_TOKEN_CRL", "GERAI_NATIONAL_ROOT")
# Whose signatures we know at the public check: of every signer that is set up, and of the trial key for ever.
SIGNERS_CHECKED = [
    SIGNERS["software"],
    *([SIGNERS["token"]] if TOKEN_CHAIN else []),
    *([SIGNERS["national"]] if NATIONAL_ROOT else []),
]

# Consumers of the ledger: name -> function(entry). Each acts in its own transaction, idempotently.
LEDGER_CONSUMERS = {
    "reviews.follow": "gerai.reviews.tasks.follow",
    "reviews.tell": "gerai.reviews.tasks.tell",
    "reviews.visits": "gerai.reviews.tasks.visits",
    "reviews.leavers": "gerai.reviews.tasks.leavers",
    "reviews.came": "gerai.reviews.tasks.came",
    "notices.accounts": "gerai.notices.following.follow",
    "notices.applications": "gerai.applications.tasks.tell",
    "notices.mandates": "gerai.applications.tasks.tell_of_mandates",
    "notices.payments": "gerai.payments.tasks.tell",
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
