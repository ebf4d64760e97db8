"""A constant of the program that stands in the statement itself."""

from typing import Any

from django.db.models import Value


class Literal(Value):
    """A word or number of the program (a state, a kind), written into the statement instead of bound to it.

    PostgreSQL uses a partial index only where the statement says the condition: a prepared statement whose condition
    is a parameter is planned without the index from the sixth time on.
    """

    def __init__(self, word: str | int) -> None:
        if isinstance(word, str) and not (word.isidentifier() and word.isascii()):
            raise ValueError(word)
        super().__init__(word if isinstance(word, int) else str(word))

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return str(self.value) if isinstance(self.value, int) else f"'{self.value}'", ()


def literals(*words: str) -> list[Literal]:
    """Several of them, for a lookup `in`."""
    return [Literal(word) for word in words]
