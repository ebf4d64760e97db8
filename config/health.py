"""Whether this process lives, can serve, and is kept up: three addresses for whatever watches over it."""

import logging
from collections.abc import Callable

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from quotas.oversight.services import upkeep

_log = logging.getLogger(__name__)


class HealthMiddleware:
    """
    Answers `/livez`, `/readyz` and `/upkeepz` before anything else is asked: no session, no cookie, no redirect, no
    host name.

    `/livez` touches nothing: a database that is down is no reason to start this process anew. `/readyz` says 503
    while the database cannot be asked or lacks a migration. `/upkeepz` says 503 while the nightly recount or the
    backup is overdue or ended badly: a reason to call somebody, but not to take this process out of service. What is
    wrong stands in the log; the answers name no secret.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/livez":
            return _answer("ok", 200)
        if request.path == "/readyz":
            fault = self._fault()
            return _answer(fault or "ok", 503 if fault else 200)
        if request.path == "/upkeepz":
            fault = self._fault() or self._lapse()
            return _answer(fault or "ok", 503 if fault else 200)
        return self.get_response(request)

    @staticmethod
    def _lapse() -> str:
        try:
            runs = upkeep.latest().values()
        except DatabaseError:
            return "database"
        return " ".join(
            f"{run.kind} {'overdue' if run.overdue else 'failed'}" for run in runs if not run.holds
        )

    def _fault(self) -> str:
        connection = connections[DEFAULT_DB_ALIAS]
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            if not self._migrated:
                # Migrations are applied before a process of the new edition is started, and never taken back.
                executor = MigrationExecutor(connection)
                self._migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError:
            _log.warning("not ready: the database does not answer", exc_info=True)
            connection.close()
            return "database"
        return "" if self._migrated else "migrations"


def _answer(text: str, status: int) -> HttpResponse:
    answer = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
