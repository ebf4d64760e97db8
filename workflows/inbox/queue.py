"""The list from which a task was opened, as its address says it: what it leaves out, what comes before and after."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from quotas import addresses
from quotas.base import outside
from workflows.inbox import waiting, worklist
from workflows.inbox.waiting import Choice, DeskPlace

NAME = "queue"
"""The part of a task's address that says from which list it was opened."""

MOST = 500
"""A list is written into addresses up to this length; what is longer is not a list of this program."""


def choice(query: QueryDict) -> Choice:
    """What the address of a list asks for. Anything it cannot mean is left out, so that no address breaks the page."""
    return Choice(
        awards=tuple(outside.rows(query.getlist("award"))),
        nodes=tuple(name for name in query.getlist("node") if name in waiting.STEPS),
        bodies=tuple(outside.rows(query.getlist("body"))),
        due=_one_of(query.get("due", ""), (waiting.LATE, waiting.TODAY, waiting.WEEK)),
        ownership=_one_of(query.get("ownership", ""), waiting.OWNERSHIPS),
        claimed=_one_of(query.get("claimed", ""), ("yes", "no")),
        text=outside.word(query, "q"),
    )


def place(query: QueryDict) -> DeskPlace | None:
    """The place behind which the address lets the list begin."""
    return DeskPlace.read(outside.word(query, "after"))


def _one_of(value: str, known: Any) -> str:
    return value if value in known else ""


def of_list(query: QueryDict) -> str:
    """A list as it is written into the addresses of its tasks: its filters, not its page."""
    kept = query.copy()
    kept.pop("page", None)
    written = kept.urlencode()
    return written if len(written) <= MOST else ""


@dataclass(frozen=True, slots=True)
class Queue:
    """Where a task stands in the list from which it was opened; `ahead` are those to go on with, the next one first."""

    written: str
    place: int
    total: int
    before: int | None
    ahead: tuple[int, ...]

    @property
    def after(self) -> int | None:
        """The next one of the list."""
        return self.ahead[0] if self.place < self.total and self.ahead else None

    @property
    def previous_url(self) -> str:
        """The page of the one before; empty at the beginning."""
        return self.address(self.before) if self.before else ""

    @property
    def next_url(self) -> str:
        """The page of the next one; empty at the end."""
        return self.address(self.after) if self.after else ""

    @property
    def list_url(self) -> str:
        """The list itself, as it was."""
        return f"{addresses.of('workflows:inbox')}{'?' if self.written else ''}{self.written}"

    def address(self, pk: int) -> str:
        """The page of a task of the list, which knows where it was opened from."""
        return address(pk, self.written)


def address(pk: int, written: str) -> str:
    """The page of a task that is opened from a list."""
    page = addresses.of_row("workflows:task", pk)
    return f"{page}?{urlencode({NAME: written})}" if written else page


def of(request: HttpRequest, user: Any, pk: int) -> Queue:
    """
    The list that the address names, with what comes before and after the task; the statements of `waiting.first`.

    A task that is not on it, or no longer, stands before all.
    """
    written = request.GET.get(NAME, "")[:MOST]
    query = QueryDict(written)
    found = waiting.first(user, query.get("tab", waiting.OPEN), choice(query), place(query))
    numbers = found.numbers
    here = numbers.index(pk) if pk in numbers else -1
    return Queue(
        written=written,
        place=here + 1,
        total=found.total,
        before=numbers[here - 1] if here > 0 else None,
        ahead=tuple(number for number in (*numbers[here + 1 :], *numbers[: max(here, 0)]) if number != pk),
    )


def going_on(queue: Queue, user: Any) -> str:
    """Where to go when the task is done: to the next one that is still to be done, else back to the list."""
    following = worklist.first_still_open(user, queue.ahead)
    return queue.list_url if following is None else queue.address(following)


def here(request: HttpRequest, *, drop: tuple[str, ...] = (), **given: str) -> str:
    """The present page with other words in its address."""
    query = request.GET.copy()
    for name in (*drop, *given):
        query.pop(name, None)
    query.update(given)
    written = query.urlencode()
    return f"{request.path}{'?' if written else ''}{written}"
