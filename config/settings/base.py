"""Settings that hold everywhere. `prod` only tightens; see config/env.py for how variables are read."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from config import env

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

# Known to everybody who reads this file. `prod` refuses to start with it.
DEVELOPMENT_SECRET_KEY = "development-only-" + "not-a-secret-" * 4

DEBUG = False
SECRET_KEY = DEVELOPMENT_SECRET_KEY
ALLOWED_HOSTS: list[str] = []

# --- what is installed -------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "quotas.apps.QuotasConfig",
    "appraisal.apps.AppraisalConfig",
    "workflows.apps.WorkflowsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "viewflow",
    "viewflow.workflow",
    "guardian",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "axes",
]

# An index of PostgreSQL carries a column besides; SQLite leaves it out and answers the same.
SILENCED_SYSTEM_CHECKS = ["models.W040"]

MIDDLEWARE = [
    # First: it answers without session, host name and redirect.
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.SignInMiddleware",
    "config.middleware.OwnPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # After all others but one, so that it sees the answer of the sign-in page.
    "axes.middleware.AxesMiddleware",
    # Last: it calls the page.
    "config.busy.BusyDatabaseMiddleware",
]

# Otherwise viewflow appends its middlewares. They serve its own pages, none of which is mounted.
VIEWFLOW = {"AUTOREGISTER": False}

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.shell",
                "appraisal.context_processors.navigation",
                "workflows.context_processors.navigation",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database ----------------------------------------------------------------------------------------------

DATABASES = {
    "default": env.database(
        env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'pingxuan.sqlite3'}"),
        base_dir=BASE_DIR,
    ),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "quotas.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    # Only for what chance has made; whoever signs in with it is stored by the first one.
    "quotas.people.services.one_time.OneTimePasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "quotas.people.services.passwords.NotGuessed"},
]
LOGIN_URL = "quotas:login"
LOGIN_REDIRECT_URL = "workflows:home"
LOGOUT_REDIRECT_URL = "quotas:login"

# Five wrong passwords for one name from one place lock that pair for a quarter of an hour. Locking the name
# alone would let anybody lock a reviewer out on the day of the deadline.
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "quotas/people/locked_out.html"
AXES_CLIENT_IP_CALLABLE = "config.client_address.client_address"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
BEHIND_PROXY = False

# --- language and time -------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- files -------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "config.staticfiles.UsedAppsFinder",
]

# Evidence is personal data: no address leads to this directory, pages hand out its files after asking who asks.
MEDIA_ROOT = VAR_DIR / "uploads"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "config.storage.WholeFileStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# A slate of a thousand entries is one form with a few fields an entry.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- what the browser is told ------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY: dict[str, dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "media-src": ["'none'"],
        "manifest-src": ["'self'"],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
# Whoever works stays signed in; after two hours without a request, and after twelve in any case, one signs in again.
# `config.middleware.SignInMiddleware` holds to both. The cookie outlives them, so that what was typed finds its owner.
SESSION_IDLE = timedelta(hours=2)
SESSION_LASTS = timedelta(hours=12)
# So often the last visit is written; a page in between writes nothing.
SESSION_SEEN_EVERY = timedelta(minutes=1)
SESSION_COOKIE_AGE = 3 * 24 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- work that can wait ------------------------------------------------------------------------------------

# In the database: enqueued in the transaction of the act, so that nothing is sent that did not happen.
TASKS: dict[str, dict[str, Any]] = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- logs --------------------------------------------------------------------------------------------------

# To the console, where systemd or a container collects it. Paths and tracebacks, never bodies; Django's own
# mail to administrators would carry the whole form, so it is not among the handlers.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Its lines carry names and addresses; the table of attempts has them, with rights.
        "axes": {"handlers": ["console"], "level": "CRITICAL", "propagate": False},
    },
}
