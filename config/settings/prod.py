"""Production: base, tightened. Refuses to start on anything left at its default."""

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.settings.base import *  # noqa: F403  # a settings module is its base plus a few lines
from config.settings.base import BASE_DIR, CONTENT_SECURITY_POLICY, DEVELOPMENT_SECRET_KEY, STORAGES

SECRET_KEY = env.required("SECRET_KEY", "at least 50 random characters")
if len(SECRET_KEY) < 50 or SECRET_KEY == DEVELOPMENT_SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY must be at least 50 random characters and not the one of development."
    )
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

ALLOWED_HOSTS = [
    host.strip() for host in env.required("ALLOWED_HOSTS", "the host names, comma-separated").split(",")
]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must list the host names; * would accept any.")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

_url = env.required("DATABASE_URL", "postgres://user:password@host:5432/name")
if not _url.startswith(("postgres://", "postgresql://")):
    raise ImproperlyConfigured("DATABASE_URL must begin with postgres://; SQLite is for the demo only.")
DATABASES = {"default": env.database(_url, base_dir=BASE_DIR)}

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

# The proxy of deploy/nginx.conf ends TLS and overwrites these two headers.
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=True)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_INCLUDE_SUBDOMAINS", default=True)
# Entering a domain into the browsers' preload lists is for the owner of the whole domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True
