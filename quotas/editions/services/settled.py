"""What stands in the rows of editions, read once for those that an opened round is pinned to: they never change."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Exists, F, OuterRef

from quotas.base.states import RoundState
from quotas.editions.models import RuleVersion

T = TypeVar("T")


class Settled(Generic[T]):
    """The rows of one kind of many editions, as values, in their order.

    `related` leads to the rows, `key` is a column that every row has, `build` makes the value of its `columns`.
    """

    _all: ClassVar[list["Settled[Any]"]] = []

    def __init__(
        self,
        related: str,
        *,
        key: str,
        order: str,
        columns: Sequence[str],
        build: Callable[[dict[str, Any]], T],
    ) -> None:
        self._related, self._key, self._order = related, key, order
        self._columns, self._build = tuple(columns), build
        self._known: dict[int, tuple[T, ...]] = {}
        Settled._all.append(self)

    def of(self, version_id: int) -> tuple[T, ...]:
        """Those of one edition. One statement; none for an edition in use that was asked before."""
        return self.of_many([version_id]).get(version_id, ())

    def of_many(self, version_ids: Iterable[int]) -> dict[int, tuple[T, ...]]:
        """Those of several editions. One statement; none where all are in use and were asked before."""
        wanted = set(version_ids)
        unknown = wanted - self._known.keys()
        found: dict[int, list[T]] = {}
        in_use: set[int] = set()
        for row in self._rows(unknown) if unknown else ():
            values = found.setdefault(row["pk"], [])
            if row[self._key] is not None:
                values.append(self._build({name: row[name] for name in self._columns}))
            if row["in_use"]:
                in_use.add(row["pk"])
        read = {pk: tuple(values) for pk, values in found.items()}
        self._known.update({pk: read[pk] for pk in in_use})
        return {pk: self._known[pk] for pk in wanted & self._known.keys()} | read

    def _rows(self, version_ids: set[int]) -> Iterable[dict[str, Any]]:
        opened = RuleVersion.objects.filter(
            pk=OuterRef("pk"), rounds__round__state__in=[RoundState.OPEN, RoundState.CLOSED]
        )
        rows: Iterable[dict[str, Any]] = (
            RuleVersion.objects.filter(pk__in=version_ids)
            .order_by("pk", f"{self._related}__{self._order}")
            .annotate(in_use=Exists(opened))
            .values("pk", "in_use", **{name: F(f"{self._related}__{name}") for name in self._columns})
        )
        return rows

    @classmethod
    def forget(cls) -> None:
        """Ask again for everything: after rows went away that no service takes away."""
        for each in cls._all:
            each._known.clear()  # noqa: SLF001 -- its own class
