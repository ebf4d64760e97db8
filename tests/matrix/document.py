"""The tables of docs/permissions.md, made from what is in force: roles × acts, roles × roles, addresses × people."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

from quotas.base.states import Role
from quotas.tree.permissions import ACT_LABELS, ADMINISTRATORS, ROLE_ACTS, Act, apart
from tests.matrix.answers import PAGES, Ask

PATH = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
SECTION = re.compile(r"(?s)(<!-- (\w+): made by tests/matrix/document.py -->\n).*?(<!-- end -->)")


def renewed(text: str) -> str:
    """The page with all tables as they are now."""
    tables = {"roles": roles, "together": together, "addresses": addresses}
    with override("zh-hans"):
        return SECTION.sub(lambda found: f"{found[1]}\n{tables[found[2]]()}\n{found[3]}", text)


def roles() -> str:
    """A line per act, a column per role."""
    header = ["act", "", *(str(role.label) for role in Role)]
    lines = [
        [f"`{act.value}`", str(ACT_LABELS[act]), *("●" if act in ROLE_ACTS[role] else "" for role in Role)]
        for act in Act
    ]
    return _table(header, lines)


def together() -> str:
    """Which two posts one person may hold: ● everywhere, ○ at different bodies only, empty never."""
    unit = [*("" if role in ADMINISTRATORS else "○" for role in Role)]
    lines = [[str(one.label), *(_together(one, other) for other in Role)] for one in Role]
    return _table(["", *(str(role.label) for role in Role)], [*lines, ["申报人、单位审核人", *unit]])


def _together(one: Role, other: Role) -> str:
    if apart(one, other, same_body=False):
        return ""
    return "○" if one == other or apart(one, other, same_body=True) else "●"


def addresses() -> str:
    """A line per address and thing."""
    routes = dict(_routes(get_resolver()))
    header = ["address", "name", "about", "GET", "POST", "acts"]
    lines = [
        [f"`/{routes[name]}`", f"`{name}`", *_answers(ask)] for name, asks in PAGES.items() for ask in asks
    ]
    return _table(header, lines)


def _answers(ask: Ask) -> list[str]:
    get = "as above" if ask.get is None else _words(ask.get)
    return [ask.thing, get, _words(ask.post), ", ".join(ask.acts)]


def _words(answer: Mapping[str, int]) -> str:
    by_status: dict[int, list[str]] = {}
    for kind, status in answer.items():
        by_status.setdefault(status, []).append(kind)
    return "; ".join(f"{status} {', '.join(kinds)}" for status, kinds in sorted(by_status.items()))


def _routes(resolver: URLResolver, route: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        here = f"{route}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", here
        else:
            yield from _routes(entry, here, f"{space}{entry.namespace}:" if entry.namespace else space)


def _table(header: list[str], lines: Iterable[list[str]]) -> str:
    rows = [header, ["---"] * len(header), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"
