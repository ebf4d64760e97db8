"""Our only source of time. Everything that asks for the time asks here, so that a selection can be replayed.

A journey moves the clock of the whole process, also for other threads: a test that travels sees the same time
as the live server beside it, and a simulation runs a season of several months in seconds.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Deadlines, notices and everything on screen are in the time of China, wherever the server stands."""
SOON = timedelta(days=3)
"""What falls due today or within so many calendar days is near (`near`): drawn so in every table, and shown so on home
pages and beside lists."""

REMEMBERED = timedelta(minutes=1)
"""What rows say that hardly ever change is read anew after so long at the latest, in every process."""


class Journey:
    """A stay at another moment: the clock stands still until it is advanced."""

    def __init__(self, moment: datetime) -> None:
        self._lock = Lock()
        self._moment = _aware(moment)

    @property
    def moment(self) -> datetime:
        """Where the journey is (aware, UTC)."""
        return self._moment

    def advance(self, step: timedelta) -> datetime:
        """Move on by `step`, never backwards (ValueError); the new moment."""
        if step < timedelta(0):
            raise ValueError("a clock does not run backwards; travel to the earlier moment instead")
        with self._lock:
            self._moment += step
            return self._moment


_lock = Lock()
_journeys: list[Journey] = []


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)


def now() -> datetime:
    """The present moment (aware, UTC)."""
    with _lock:
        journey = _journeys[-1] if _journeys else None
    return journey.moment if journey else timezone.now()  # noqa: TID251 -- the one place that asks the machine


def local_date(moment: datetime) -> date:
    """The day in China on which an aware moment lies."""
    return _aware(moment).astimezone(SHANGHAI).date()


def today() -> date:
    """The present day in China."""
    return local_date(now())


def years_after(day: date, years: int) -> date:
    """The same day so many years later; of 29 February the first of March where the year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def near_until() -> datetime:
    """When the last near day ends: what falls due before it is near or late."""
    return datetime.combine(today() + SOON + timedelta(days=1), time.min, SHANGHAI)


def near(due: datetime | date) -> bool:
    """Whether a moment, or the end of a day, has not passed and lies within `SOON`."""
    if isinstance(due, datetime):
        return now() <= due < near_until()
    return today() <= due <= today() + SOON


@contextmanager
def travel(moment: datetime) -> Iterator[Journey]:
    """Hold the clock of this process at `moment` (aware) until the block ends.

    Journeys nest: the youngest one counts, and leaving it goes back to the one around it. For tests and
    simulations; requests never travel.
    """
    journey = Journey(moment)
    with _lock:
        _journeys.append(journey)
    try:
        yield journey
    finally:
        with _lock:
            _journeys.remove(journey)


class Remembered:
    """Words by their keys, as this process has read them at most a minute ago (`REMEMBERED`).

    `read` gives all of them. They are read when the minute is over, and for a key that is not among them; so a change
    is seen by other processes within a minute, and a request asks nothing as a rule. Who changes the rows calls
    `forget`, and the own process sees it at once.
    """

    def __init__(self, read: Callable[[], Iterable[tuple[str, str]]]) -> None:
        self._read = read
        self._kept: tuple[datetime, dict[str, str]] | None = None

    def get(self, key: str) -> str | None:
        """The word of a key; None where there is none."""
        at, words = self._kept or (now(), {})
        if key not in words or not timedelta(0) <= now() - at < REMEMBERED:
            at, words = self._kept = now(), dict(self._read())
        return words.get(key)

    def forget(self) -> None:
        """Read them anew when they are asked for next."""
        self._kept = None
