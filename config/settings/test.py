"""Tests: the database of DATABASE_URL, or an SQLite file of this process. Nothing outlives the run."""

import atexit
import tempfile
from datetime import timedelta
from pathlib import Path

from config import env
from config.settings.base import *  # noqa: F403  # a settings module is its base plus a few lines
from config.settings.base import DATABASES

# Removed when the interpreter ends. Per process, so that two runs at a time do not meet.
_scratch = tempfile.TemporaryDirectory(prefix="pingxuan-test-")
atexit.register(_scratch.cleanup)
_SCRATCH = Path(_scratch.name)

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
MEDIA_ROOT = _SCRATCH / "uploads"

if not env.text("DATABASE_URL"):
    DATABASES["default"]["NAME"] = str(_SCRATCH / "pingxuan.sqlite3")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, because in memory every thread of a race would share one connection's locks.
    DATABASES["default"]["TEST"] = {"NAME": str(_SCRATCH / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"
DATABASES["default"]["CONN_MAX_AGE"] = 0

# Tests travel through whole seasons with one sign-in; those of the session itself set their own.
SESSION_IDLE = SESSION_LASTS = SESSION_SEEN_EVERY = timedelta(days=10_000)

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "quotas.people.services.one_time.OneTimePasswordHasher",
]
AXES_ENABLED = False
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
