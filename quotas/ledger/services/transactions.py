"""Transactions of acts: each by itself, or one for a whole turn."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
T = TypeVar("T")

_in_turn: ContextVar[bool] = ContextVar("in_turn", default=False)


@contextmanager
def turn() -> Iterator[None]:
    """One transaction for everything in here: what is refused inside takes all of it back."""
    with transaction.atomic():
        token = _in_turn.set(True)
        try:
            yield
        finally:
            _in_turn.reset(token)


def joining(act: Callable[P, T]) -> Callable[P, T]:
    """Decorate an act that is atomic by itself, and a part of the turn in which it is called.

    As part of a turn it needs no savepoint of its own. A turn that went on after its refusal would be stopped by
    the next statement.
    """

    @wraps(act)
    def atomic(*args: P.args, **kwargs: P.kwargs) -> T:
        with transaction.atomic(savepoint=not _in_turn.get()):
            return act(*args, **kwargs)

    return atomic
