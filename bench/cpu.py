"""Processor time of a piece of work: Python's, and that of the database's process where it runs on this machine."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Spent:
    """Seconds and statements, summed over many runs."""

    wall: float = 0
    python: float = 0
    database: float = 0
    statements: int = 0
    runs: int = 0

    @property
    def processor(self) -> float:
        """Milliseconds of processor time for one run."""
        return (self.python + self.database) / self.runs * 1000

    def __str__(self) -> str:
        return (
            f"{self.processor:.2f} ms of processor ({self.python / self.runs * 1000:.2f} Python, "
            f"{self.database / self.runs * 1000:.2f} database), {self.wall / self.runs * 1000:.2f} ms, "
            f"{self.statements / self.runs:.1f} statements"
        )


def measure(spent: Spent, work: Callable[[], Any]) -> None:
    """Run the work once and add what it took. The database's clock ticks slowly: sum over many runs."""
    counted = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal counted
        counted += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        wall, python, database = time.perf_counter(), time.process_time(), _database()
        work()
        spent.wall += time.perf_counter() - wall
        spent.python += time.process_time() - python
        spent.database += _database() - database
    spent.statements += counted
    spent.runs += 1


def _database() -> float:
    """Seconds that the connection's process has used; 0 for SQLite, which is part of ours, and for a distant server."""
    if connection.vendor != "postgresql":
        return 0
    try:
        numbers = Path(f"/proc/{_backend()}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(numbers[11]) + int(numbers[12])) / _TICK


def _backend() -> int:
    connection.ensure_connection()
    number: int = connection.connection.info.backend_pid
    return number
