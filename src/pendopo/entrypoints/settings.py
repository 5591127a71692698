"""Django's settings, derived from the one typed settings object; nothing here is edited by operators."""

import hashlib
import hmac
from pathlib import Path

from django.utils.csp import CSP

from pendopo.foundation.database import django_options, still_open
from pendopo.foundation.logs import configure
from pendopo.foundation.settings import current

PENDOPO = current()
SRC = Path(__file__).parents[2]

# The derived key never leaves the process; the root key itself is not handed to Django.
SECRET_KEY = hmac.digest(PENDOPO.root_key_file.read_bytes(), b"pendopo/django", hashlib.sha256).hex()
DEBUG = False
ALLOWED_HOSTS = [PENDOPO.host, "127.0.0.1"]
ROOT_URLCONF = "pendopo.entrypoints.urls"
WSGI_APPLICATION = "pendopo.entrypoints.wsgi.application"

ROOMS = {
    "hall": (
        "foundation",
        "keys",
        "ledger",
        "ui",
        "agencies",
        "exchange",
        "identity",
        "inbox",
        "documents",
        "catalogue",
        "casework",
        "cabinet",
        "maturity",
        "desk",
        "portal",
    ),
    "register": ("foundation", "keys", "ledger", "ui", "registers"),
}
ROOMS["all"] = (*ROOMS["hall"], "registers")

INSTALLED_APPS = [
    "procrastinate.contrib.django",
    "django.contrib.postgres",
    *(f"pendopo.{room}" for room in ROOMS[PENDOPO.profile] if (SRC / "pendopo" / room / "apps.py").is_file()),
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

_HALL = PENDOPO.profile != "register"
MIDDLEWARE = [
    *(
        [
            "pendopo.ui.static_files.StaticFilesMiddleware",
            "pendopo.foundation.observing.ObservingMiddleware",
            "pendopo.foundation.tracing.TracingMiddleware",
            "pendopo.foundation.compression.PageCompression",
        ]
        if _HALL
        else [
            "pendopo.foundation.observing.ObservingMiddleware",
            "pendopo.foundation.tracing.TracingMiddleware",
        ]
    ),
    "pendopo.foundation.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    *(["django.middleware.csp.ContentSecurityPolicyMiddleware"] if _HALL else []),
    "pendopo.foundation.middleware.ProxyAddressMiddleware",
    "pendopo.foundation.middleware.LanguageMiddleware",
    "pendopo.foundation.middleware.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    *(["django.middleware.csrf.CsrfViewMiddleware"] if _HALL else []),
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pendopo.foundation.middleware.ProblemMiddleware",
    "pendopo.identity.middleware.EnforceAccess"
    if _HALL
    else "pendopo.foundation.middleware.ServiceOnlyMiddleware",
]

PREPARE_AFTER = 5
"""How often a connection sees a statement before it is prepared; psycopg's own default."""
_POOL = (
    # A pooled connection is looked at before it is handed out: nobody meets one that died with the server.
    {"pool": {"min_size": 1, "max_size": PENDOPO.database_pool, "timeout": 10, "check": still_open}}
    if PENDOPO.database_pool
    else {}
)
DATABASES = {
    "default": {
        **django_options(PENDOPO.database_url),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        # A statement that comes back is parsed once a connection: docs/decisions/0014-prepared-statements.md.
        "OPTIONS": {**_POOL, "server_side_binding": True, "prepare_threshold": PREPARE_AFTER},
        "TEST": {"NAME": f"test_{PENDOPO.instance}"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [str(SRC / "pendopo" / room / "templates") for room in ROOMS[PENDOPO.profile]],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "pendopo.foundation.pages.environment"},
    }
]

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

_NAME = PENDOPO.instance
CSRF_COOKIE_NAME = f"pendopo_{_NAME}_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PENDOPO.secure
CSRF_FAILURE_VIEW = "pendopo.entrypoints.failures.csrf"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if PENDOPO.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PENDOPO.secure
SECURE_HSTS_PRELOAD = PENDOPO.secure
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PENDOPO.trusted_proxies else None
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    # In production the proxy brings the live server below the hall's own address (docs/decisions/0015).
    "connect-src": [CSP.SELF, *([PENDOPO.live_url] if PENDOPO.live_url else [])],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
# Uploads: larger bodies are refused before they are read into memory (documents states the limit in words).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_PERMISSIONS = 0o600

MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": PENDOPO.smtp_host or "localhost", "port": PENDOPO.smtp_port, "timeout": 10},
    }
}
DEFAULT_FROM_EMAIL = PENDOPO.mail_from

LOGGING = configure(PENDOPO.log_format)
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # https is the proxy's work; base_url must be https in production
]
