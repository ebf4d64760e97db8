"""When the solver is asked: each question as whether a transaction was open."""

from contextlib import contextmanager
from unittest.mock import patch

from django.db import connection

from quotas.arithmetic import _highs
from quotas.selection import reach

DOORS = ("whole", "relaxed", "Elastic")


@contextmanager
def questions():
    """A list that grows by one entry for each question to the solver: whether it was asked in a transaction."""
    asked = []

    def noticed(door):
        def ask(*arguments):
            asked.append(connection.in_atomic_block)
            return door(*arguments)

        return ask

    for kept in (reach.contradiction, reach.shut_out):
        kept.cache_clear()
    with patch.multiple(_highs, **{name: noticed(getattr(_highs, name)) for name in DOORS}):
        yield asked
