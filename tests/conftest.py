"""What every test may use: Chromium where there is one, and an honest word at the end where there is not."""

import os
import shutil

import pytest
from coverage import Coverage
from django.core.cache import cache
from django.db import connection
from hypothesis import settings
from playwright.sync_api import sync_playwright

import config.middleware  # noqa: F401 -- a sign-in by a test begins a session as on the site
from quotas.bodies.services import names
from quotas.editions.services import fields, honours, rules
from quotas.rounds.services import plans

# How long a case takes is measured in bench/; a busy machine is no fault of the arithmetic.
settings.register_profile("pingxuan", deadline=None)
settings.load_profile("pingxuan")

UNCOUNTED = ("browser", "slow")
"""Marks of tests by which no coverage is counted."""
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str | None:
    """The Chromium of CHROMIUM=…, or the first one installed on this machine."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """PostgreSQL does not drop a database that a late thread of the live server is still connected to.

    SQLite empties its tables by DELETE, which the triggers on rules in use must not see: the rounds go first.
    """
    with pytest.MonkeyPatch.context() as patches:
        if connection.vendor == "sqlite":
            empty = type(connection.ops).sql_flush
            patches.setattr(
                type(connection.ops),
                "sql_flush",
                lambda ops, style, tables, **options: empty(
                    ops, style, sorted(tables, key=lambda name: name != "quotas_roundaward"), **options
                ),
            )
        yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Another test's edition or bodies may have had the same numbers."""
    plans.forget()
    fields.forget()
    for remembering in (rules, names, honours):
        remembering.forget()
    cache.clear()


@pytest.fixture(scope="session")
def chromium(django_db_setup):
    """The one browser of a test process: playwright runs once in a thread.

    It keeps an event loop in the tests' thread; Django would take the test itself for asynchronous. It is closed
    before the database goes, since what it keeps alive at the live server may hold a connection.
    """
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def pytest_collection_modifyitems(items):
    """Mark what this machine cannot run, so that it is counted and named at the end."""
    no_browser = pytest.mark.skip(
        reason="no Chromium on this machine (apt-get install chromium, or CHROMIUM=/path)"
    )
    no_postgres = pytest.mark.skip(reason="not on PostgreSQL (DATABASE_URL=postgres://…)")
    for item in items:
        if item.get_closest_marker("browser") and chromium_path() is None:
            item.add_marker(no_browser)
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(no_postgres)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    """Count coverage by the tests of a room alone.

    Tracing doubles what a test takes. What goes through many rooms, or tries very many cases, says little of a line
    that it happens to run; a line that only such a test runs has no test of its own, and the gate is to say so.
    """
    running = Coverage.current()
    if running is None or not any(map(item.get_closest_marker, UNCOUNTED)):
        return (yield)
    running.stop()
    try:
        return (yield)
    finally:
        running.start()


def pytest_terminal_summary(terminalreporter):
    """Say what was skipped and why, once per reason."""
    counts: dict[str, int] = {}
    for report in terminalreporter.getreports("skipped"):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        counts[reason] = counts.get(reason, 0) + 1
    for reason, count in counts.items():
        terminalreporter.write_line(f"skipped {count}: {reason}")
