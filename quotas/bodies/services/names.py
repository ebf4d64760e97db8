"""What bodies are called as values of rules, and which of them lie below another: "city:320500" is 苏州市.

Names are remembered for a minute: after a rename another process says the old one no longer than that.
"""

from collections.abc import Iterable, Mapping, Sequence

from quotas.base.clock import Remembered
from quotas.base.states import Level, Stage
from quotas.selection.labels import ROUTE, Label, group_of, label, value_of
from quotas.tree.models import Body

Named = tuple[Label, str]
"""A body as a label, and what it is called."""

_LEVELS = (Level.PROVINCE, Level.CITY, Level.COUNTY)
"""By the number of codes on a path, as far as the territory goes."""


def word_of(name: str) -> str | None:
    """What the label of a body is called; None for no such label. No statement as a rule, see `Remembered`."""
    group, code = group_of(name), value_of(name)
    if group not in ROUTE or not code:
        return None
    return _names.get(code)


def _of_all() -> Iterable[tuple[str, str]]:
    rows = Body.objects.filter(level__in=ROUTE).order_by("path").values_list(*COLUMNS)
    return ((value_of(one), word) for one, word in named(rows))


_names = Remembered(_of_all)


def labels_of_facet(_facet: str) -> Sequence[str]:
    """None: which bodies there are depends on whose list is asked about."""
    return ()


def forget() -> None:
    """Read the names anew: bodies are called otherwise."""
    _names.forget()


COLUMNS = ("path", "level", "code", "short_name")
"""What `named` takes of each body."""


def named(rows: Iterable[tuple[str, str, str, str]]) -> list[Named]:
    """Cities and counties (see `COLUMNS`), those above before those below, as labels with their names.

    A county bears the name of its city where that stands among them: several have a 鼓楼区.
    """
    found, above = [], {}
    for path, level, code, short_name in rows:
        above[path] = short_name
        if level in ROUTE:
            city = above.get(path.removesuffix(f"{code}/"), "") if level == Level.COUNTY else ""
            found.append((label(level, code), f"{city}{short_name}"))
    return found


def of_route(path: str, level: str) -> dict[str, Label]:
    """The bodies on the way up from one that has this path, by facet; an industry union has none but the province."""
    codes = path.strip("/").split("/")
    if level not in _LEVELS[: len(codes)]:
        return {}
    return {at: label(at, code) for at, code in zip(_LEVELS, codes, strict=False) if at in ROUTE}


def most_below() -> dict[Stage, Mapping[str, list[Named]]]:
    """What a list of each stage can have below it at most: the province everything, a city the most counties of one.

    One statement. For rules that are tried before any round has places.
    """
    rows = list(Body.objects.open().filter(level__in=ROUTE).order_by("path").values_list(*COLUMNS))
    every = named(rows)
    of_city: dict[str, list[Named]] = {}
    for (path, level, code, _name), one in zip(rows, every, strict=True):
        if level == Level.COUNTY:
            of_city.setdefault(path.removesuffix(f"{code}/"), []).append(one)
    most = max(of_city.values(), key=len, default=[])
    return {Stage.PROVINCE: by_facet(every), Stage.CITY: by_facet(most)}


def beside(counties: Iterable[Label]) -> list[Named]:
    """All counties of the one city that these counties are of; none where they are of several. One statement."""
    there = Body.objects.filter(code__in=[value_of(one) for one in counties])
    of_city = Body.objects.open().filter(level=Level.COUNTY, parent__in=there.values("parent"))
    rows = list(of_city.order_by("path").values_list("parent", *COLUMNS))
    return named(row[1:] for row in rows) if len({row[0] for row in rows}) == 1 else []


def by_facet(bodies: Iterable[Named]) -> dict[str, list[Named]]:
    """The bodies by what they are."""
    found: dict[str, list[Named]] = {}
    for one, word in bodies:
        found.setdefault(group_of(one), []).append((one, word))
    return found
