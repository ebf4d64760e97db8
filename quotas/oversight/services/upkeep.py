"""The upkeep of the installation 维护: when all data were last recounted and backed up, and how it ended.

Each run is a row of the ledger, written by the system itself: nobody takes back that a recount found a difference.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from quotas.base import clock
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger

STREAM = "upkeep"
"""One chain for all runs."""
WITHIN = timedelta(days=2)
"""A run each night; what is older is overdue, so that one night may fail without an alarm."""


class Upkeep(StrEnum):
    """What is run every night; the value is the act in the ledger."""

    VERIFY = "verify"
    BACK_UP = "back_up"


@dataclass(frozen=True, slots=True)
class Run:
    """The latest run of one kind; `at` is None when there was none. `wrong` counts what it found or could not do."""

    kind: Upkeep
    at: datetime | None = None
    wrong: int = 0

    @property
    def overdue(self) -> bool:
        """Whether it has not run for longer than WITHIN, or never."""
        return self.at is None or clock.now() - self.at > WITHIN

    @property
    def holds(self) -> bool:
        """Whether it ran lately and ended well."""
        return not self.overdue and not self.wrong


def record(kind: Upkeep, *, wrong: int) -> None:
    """Write that a run has ended, with how many rules it found broken or how many things it could not do."""
    ledger.append(stream=STREAM, act=kind.value, actor=None, after={"wrong": wrong})


def latest() -> dict[Upkeep, Run]:
    """The latest run of each kind. One statement a kind."""
    found = {}
    for kind in Upkeep:
        row = LedgerEntry.objects.filter(stream=STREAM, act=kind).order_by("-seq").first()
        found[kind] = Run(kind, row.at, int(row.after["wrong"])) if row else Run(kind)
    return found
