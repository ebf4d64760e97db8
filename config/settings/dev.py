"""The demo and the developer's machine: `make run`. DEBUG=1 shows tracebacks in the browser."""

from config import env
from config.settings.base import *  # noqa: F403  # a settings module is its base plus a few lines
from config.settings.base import TEMPLATES, VAR_DIR

DEBUG = env.flag("DEBUG", default=False)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]", "testserver"))

# Static files straight from the source tree, also without DEBUG.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# Known to everybody who has read the README; `manage.py demo` takes no such password elsewhere.
DEMO_PASSWORD = "pingxuan-2026"  # noqa: S105 -- meant to be public
TEMPLATES[0]["OPTIONS"]["context_processors"].append("workflows.simulation.demo.at_sign_in")

VAR_DIR.mkdir(parents=True, exist_ok=True)
