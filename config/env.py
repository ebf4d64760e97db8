"""The one reader of environment variables. Every complaint names the variable and says what it should hold."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})

POSTGRES_SCHEMES = frozenset({"postgres", "postgresql"})

# JIT compiles longer than our queries run. A lock that is not had within five seconds is reported to the
# user as "somebody else is at it" instead of holding a worker.
POSTGRES_OPTIONS = "-c jit=off -c lock_timeout=5000 -c statement_timeout=30000"

# Planning took PostgreSQL four times as long as executing. PgBouncer before 1.21 cannot take prepared statements.
PREPARED: dict[str, Any] = {"server_side_binding": True, "prepare_threshold": 2}

# WAL lets readers read while one writes; NORMAL is safe with WAL; the cache stays small (KiB when negative).
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-8000"
)


def text(name: str, default: str = "") -> str:
    """The variable as it stands, stripped; `default` when unset or blank."""
    return os.environ.get(name, "").strip() or default


def required(name: str, meaning: str) -> str:
    """The variable, or ImproperlyConfigured that names it and says what it means."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. It must hold {meaning}.")
    return value


def flag(name: str, *, default: bool) -> bool:
    """A yes or no: 1/true/yes/on or 0/false/no/off."""
    value = text(name, "1" if default else "0").lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. It must be 1 or 0.")


def integer(name: str, default: int) -> int:
    """A whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}. It must be a whole number.") from error


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A comma-separated list without blanks."""
    value = text(name)
    return [word.strip() for word in value.split(",") if word.strip()] if value else list(default)


def database(url: str, *, base_dir: Path) -> dict[str, Any]:
    """
    Django's database dictionary for `postgres://user:password@host:port/name?sslmode=…` or `sqlite:///file`.

    A relative SQLite file lies under `base_dir`; `sqlite:////var/x.sqlite3` is absolute; `sqlite://:memory:`
    is kept in memory. Raises ImproperlyConfigured for anything else.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(parts.netloc, unquote(parts.path), base_dir)
    if parts.scheme in POSTGRES_SCHEMES:
        return _postgres(url)
    raise ImproperlyConfigured(
        f"DATABASE_URL begins with {parts.scheme!r}. It must be postgres://… or sqlite:///…"
    )


def _sqlite(netloc: str, path: str, base_dir: Path) -> dict[str, Any]:
    in_memory = netloc == ":memory:"
    if not in_memory and (netloc or len(path) < 2):
        raise ImproperlyConfigured(
            "DATABASE_URL names no file. Write sqlite:///relative or sqlite:////absolute."
        )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ":memory:" if in_memory else str(base_dir / path[1:]),
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            # A transaction that reads first and writes later would otherwise fail at once under load.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": SQLITE_PRAGMAS,
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    name = unquote(parts.path[1:])
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database. Write postgres://user@host:5432/name.")
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured("DATABASE_URL has a port that is not a number.") from error
    extra = dict(parse_qsl(parts.query))
    # A socket directory does not fit into the host part of an address, so libpq's ?host=/run/… is honoured.
    host = extra.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": integer("CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **extra,
            **(PREPARED if flag("PREPARED_STATEMENTS", default=True) else {}),
            "options": f"{POSTGRES_OPTIONS} {extra.get('options', '')}".strip(),
        },
    }
