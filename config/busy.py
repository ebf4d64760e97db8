"""What becomes of a request that meets somebody else's work in the database, or a disk that is full.

One place for all pages. A row that stays locked, a cancelled statement and a deadlock are neither our fault nor the
person's: nothing of the act is kept, and the page says so. A deadlock is already resolved when it is reported, so the
request is tried once more after a short pause, unless a part of it has been kept already.
"""

import errno
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import uniform
from time import sleep
from typing import Any

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import server_error

from appraisal.nominations.refusals import StorageFull
from config.refusals import DatabaseBusy, DatabaseBusyPartly
from quotas.base import answers
from quotas.base.wording import sentence

_LOCK_TIMEOUT, _CANCELLED, _DEADLOCK, _SERIALIZATION = "55P03", "57014", "40P01", "40001"
_BUSY = frozenset({_LOCK_TIMEOUT, _CANCELLED, _DEADLOCK, _SERIALIZATION})
_AGAIN = frozenset({_DEADLOCK, _SERIALIZATION})
_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
INSUFFICIENT_STORAGE = 507
PAUSE = (0.02, 0.12)
"""Seconds, drawn by lot: the row that a deadlock sets free is anybody's, and whoever tries again at once can take it
before the survivor has woken up, and stand crosswise to it once more."""


class BusyDatabaseMiddleware:
    """Calls the page; last of all, so that what others do around it is done once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse:
        with _counted_commits() as commits:
            try:
                return view(request, *args, **kwargs)
            except OperationalError as error:
                if not _is_busy(error):
                    raise
                again = _state(error) in _AGAIN and not commits
            if again:
                for _name, uploads in request.FILES.lists() if request.method == "POST" else ():
                    for upload in uploads:
                        upload.seek(0)
                sleep(uniform(*PAUSE))  # noqa: S311 -- no secret
                try:
                    return view(request, *args, **kwargs)
                except OperationalError as error:
                    if not _is_busy(error):
                        raise
            return _busy_page(request, partly=bool(commits))


def failed(request: HttpRequest) -> HttpResponse:
    """The answer to an exception that nobody caught: a sentence where there is one, else the page of a fault."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError) and _is_busy(error):
        return _busy_page(request, partly=False)
    if isinstance(error, OSError) and error.errno in _FULL:
        refusal = sentence(StorageFull())
        context = {"code": INSUFFICIENT_STORAGE, "refusal": refusal}
        return render(request, "errors/refused.html", context, status=INSUFFICIENT_STORAGE)
    return server_error(request)


def _busy_page(request: HttpRequest, *, partly: bool) -> HttpResponse:
    return answers.page(
        request,
        DatabaseBusyPartly() if partly else DatabaseBusy(),
        again_url=request.get_full_path() if request.method == "GET" else "",
    )


def _state(error: OperationalError) -> str:
    return str(getattr(error.__cause__, "sqlstate", "") or "")


def _is_busy(error: OperationalError) -> bool:
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    # The extended code of SQLite holds the plain one in its lowest byte.
    return _state(error) in _BUSY or (code is not None and code & 0xFF in _SQLITE_BUSY)


@contextmanager
def _counted_commits() -> Iterator[list[None]]:
    """A mark for every transaction that is kept meanwhile on this thread's connection."""
    commits: list[None] = []
    commit = connection.commit

    def counted() -> None:
        commit()
        commits.append(None)

    connection.commit = counted  # type: ignore[method-assign]
    try:
        yield commits
    finally:
        del connection.commit
