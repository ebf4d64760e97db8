"""What benchmarks share: a scratch database, and the best of several runs."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from unittest import mock

import django
from django.conf import settings
from django.test.utils import get_runner, setup_test_environment, teardown_test_environment

from quotas.base import clock

_TICK = timedelta(microseconds=1)


def setup() -> None:
    """Load the apps. To be called before models are imported, hence at the head of every benchmark."""
    django.setup()


@contextmanager
def database() -> Iterator[None]:
    """An empty, migrated database that is gone afterwards."""
    setup_test_environment(debug=False)
    runner = get_runner(settings)(verbosity=0, interactive=False)
    created = runner.setup_databases()
    try:
        yield
    finally:
        runner.teardown_databases(created)
        teardown_test_environment()


@contextmanager
def ticking(moment: datetime) -> Iterator[None]:
    """A stay at a moment from which the clock goes on: rows grouped by moments do not look cheaper than they are."""
    with clock.travel(moment) as journey, mock.patch.object(clock, "now", partial(journey.advance, _TICK)):
        yield


def best(runs: int, work: Callable[[], Any]) -> float:
    """Seconds of the fastest of several runs: what the work takes when nothing disturbs it."""
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)
