"""The ledger in sentences: one for each act, with the names of people, bodies and things in place of their numbers.

One mechanism for the ledger's page and for the history of one thing. A floor says by `register_things` how the things of
its streams are called and found; the sentences stand with the words of the streams (`quotas.base.wording.Telling`). The names
for all rows of a page are read at once, so the number of statements does not grow with the rows.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from quotas.base import outside
from quotas.base.states import Role
from quotas.base.wording import word
from quotas.bodies.models import Organ
from quotas.bodies.services.organs import KIND_OF_OFFICE
from quotas.editions.label_words import label_word
from quotas.editions.models import Award
from quotas.ledger.models import LedgerEntry
from quotas.ledger.tellings import StreamWords, stream_words
from quotas.rounds.models import Allotment, Apportionment
from quotas.templatetags.px import day, moment
from quotas.tree.models import Body, User

_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
FOUND_AT_MOST = 200
"""A search looks through the rows of so many things of one kind that bear the words."""


@dataclass(frozen=True, slots=True)
class NamedThing:
    """What a thing is called, and its page where the reader may open it."""

    text: str
    url: str = ""

    def __html__(self) -> str:
        if not self.url:
            return conditional_escape(self.text)
        return format_html('<a href="{}">{}</a>', self.url, self.text)


@dataclass(frozen=True, slots=True)
class Things:
    """How things of one kind are called, by the key that the ledger keeps of them, and which bear some words."""

    named: Callable[[User, Iterable[str]], Mapping[str, NamedThing]]
    found: Callable[[str], Iterable[object]] | None = None


_things: dict[str, Things] = {}


def register_things(things: Mapping[str, Things]) -> None:
    """Add the things of a floor, by the part of the stream before the colon."""
    _things.update(things)


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact of a row: what it is called, what it was and what it became."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A row of the ledger as it is read."""

    entry: LedgerEntry
    sentence: SafeString
    reason: str
    kind: str
    changes: tuple[FactChange, ...]


@dataclass(frozen=True)
class Names:
    """Everything that the rows of a page name, read at once; `named` by kind and key, `seats` by body and office."""

    named: Mapping[tuple[str, str], NamedThing] = field(default_factory=dict)
    seats: Mapping[tuple[int, str], str] = field(default_factory=dict)

    def of(self, kind: str, key: object) -> NamedThing | None:
        """The thing, where it is known."""
        return self.named.get((kind, str(key)))


def lines(entries: Sequence[LedgerEntry], reader: User) -> list[LedgerLine]:
    """The rows as they are read. A fixed number of statements for any number of rows."""
    names = names_of(entries, reader)
    return [line(entry, names) for entry in entries]


def line(entry: LedgerEntry, names: Names) -> LedgerLine:
    """One row, with the names that were read for it."""
    words = stream_words(entry.stream)
    changes = tuple(
        FactChange(
            str(words.facts.get(name) or label_word(name)),
            told(entry.before.get(name), name, words, names),
            told(entry.after.get(name), name, words, names),
        )
        for name in {**entry.before, **entry.after}
        if entry.before.get(name) != entry.after.get(name) or name not in entry.before
    )
    return LedgerLine(entry, sentence(entry, names), entry.reason, str(words.name), changes)


def sentence(
    entry: LedgerEntry, names: Names, *, who: str | None = None, thing: str | None = None
) -> SafeString:
    """
    Who did what to what. `who` instead of the name where the reader does not learn it, `thing` on the thing's own
    page.

    An act without a sentence shows its word; all our acts have one.
    """
    words = stream_words(entry.stream)
    kind, _colon, key = entry.stream.partition(":")
    telling = words.tellings.get(entry.act)
    facts = {**entry.before, **entry.after}
    values: dict[str, object] = {name: told(value, name, words, names) for name, value in facts.items()}
    values |= {f"before_{name}": told(value, name, words, names) for name, value in entry.before.items()}
    values["who"] = _who(entry, names, telling.seat if telling else None) if who is None else who
    values["body"] = values.get("body") or (entry.body.name if entry.body else "")
    values["thing"] = thing or names.of(kind, key) or words.name
    template = (
        str(telling.sentence) if telling else f"%(who)s：{words.acts.get(entry.act, entry.act)}　%(thing)s"
    )
    # The sentences are ours; what they name is not.
    return mark_safe(template % _Escaped(values))


class _Escaped(dict[str, object]):
    """Facts on their way into a sentence. A row from before a fact was kept leaves it out."""

    def __getitem__(self, name: str) -> str:
        return str(conditional_escape(cast(str, self.get(name, ""))))


def _who(entry: LedgerEntry, names: Names, seat: Any) -> str:
    """张明（常熟市总工会审核人）: the name, and for which body, or which of its offices, the person acted."""
    if entry.actor is None:
        return _("系统")
    name = str(entry.actor.name)
    if entry.on_behalf_of:
        name = _("%(name)s（代%(other)s）") % {"name": name, "other": entry.on_behalf_of.name}
    if seat is None or entry.body is None:
        return name
    office = str(entry.after.get("office", ""))
    where = names.seats.get((entry.body_id or 0, office), entry.body.name)
    return _("%(name)s（%(where)s%(seat)s）") % {"name": name, "where": where, "seat": seat}


# Values


def told(value: Any, name: str, words: StreamWords, names: Names) -> str:
    """The value of a fact as it is read: coded values by their word, things by their name, days and moments in full."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, dict):
        # A database may keep the parts of a value in an order of its own; they are read in that of the words.
        order = {part: place for place, part in enumerate(words.facts)}
        parts = sorted(value.items(), key=lambda item: order.get(item[0], len(order)))
        return _("、").join(
            f"{words.facts.get(part) or label_word(part)} {told(inner, part, words, names)}"
            for part, inner in parts
        )
    if isinstance(value, list):
        between = _("；") if isinstance(value[0], dict) else _("、")
        return between.join(told(part, name, words, names) for part in value)
    found = names.of(words.refers.get(name, ""), value)
    return found.text if found else _plain(value, name, words)


def _plain(value: Any, name: str, words: StreamWords) -> str:
    if name in words.hundredths and isinstance(value, int):
        return f"{value // 100}.{value % 100:02d}"
    if name in words.permilles and isinstance(value, int):
        return f"{value // 10}.{value % 10}".removesuffix(".0") + "%"
    if not isinstance(value, str):
        return word(value)
    if _MOMENT.match(value):
        return moment(datetime.fromisoformat(value))
    if _DAY.match(value):
        return day(date.fromisoformat(value))
    return str(words.values.get(name, {}).get(value) or label_word(value))


# Names


def names_of(entries: Iterable[LedgerEntry], reader: User, *, of_one: bool = False) -> Names:
    """What these rows name. One or two statements for each kind of thing, whatever the number of rows.

    `of_one`: they are the rows of one thing, shown on its own page, where its name is not read.
    """
    keys: dict[str, set[str]] = {}
    bodies = set()
    for entry in entries:
        kind, _colon, key = entry.stream.partition(":")
        if key and not of_one:
            keys.setdefault(kind, set()).add(key)
        if entry.body_id and (entry.after.get("office") or entry.before.get("office")):
            bodies.add(entry.body_id)
        refers = stream_words(entry.stream).refers
        for facts in (entry.before, entry.after):
            for name, value in facts.items():
                if name in refers:
                    some = value if isinstance(value, list) else [value]
                    keys.setdefault(refers[name], set()).update(str(one) for one in some if one is not None)
    named = {
        (kind, key): thing
        for kind, wanted in keys.items()
        if kind in _things
        for key, thing in _things[kind].named(reader, wanted).items()
    }
    return Names(named, _seats(bodies))


def called(kind: str, key: str, reader: User) -> str:
    """The name of one thing; empty where it is not known."""
    found = _things[kind].named(reader, [key]) if kind in _things and key else {}
    return found[key].text if key in found else ""


def _seats(bodies: Iterable[int]) -> dict[tuple[int, str], str]:
    offices = {kind: office for office, kind in KIND_OF_OFFICE.items()}
    wanted = list(bodies)
    if not wanted:
        return {}
    rows = Organ.objects.keyed("body", wanted).filter(kind__in=offices).values_list("body", "kind", "name")
    return {(body, str(offices[kind])): name for body, kind, name in rows}


def streams_of(words: str) -> list[str]:
    """The streams of things that bear the words, of every kind; a statement for each kind."""
    return [
        f"{kind}:{key}"
        for kind, things in _things.items()
        if things.found is not None
        for key in things.found(words)
    ]


def numbers(keys: Iterable[str]) -> list[int]:
    """Keys of rows as numbers; what is none names nothing."""
    return outside.rows(keys)


def _users(_reader: User, keys: Iterable[str]) -> dict[str, NamedThing]:
    rows = User.objects.keyed("pk", numbers(keys)).values_list("pk", "name")
    return {str(pk): NamedThing(name) for pk, name in rows}


def _found_users(words: str) -> Iterable[object]:
    return User.objects.managed(text=words).order_by("pk").values_list("pk", flat=True)[:FOUND_AT_MOST]


def _bodies(_reader: User, keys: Iterable[str]) -> dict[str, NamedThing]:
    return {
        code: NamedThing(name) for code, name in Body.objects.keyed("code", keys).values_list("code", "name")
    }


def _posts(_reader: User, keys: Iterable[str]) -> dict[str, NamedThing]:
    """Posts are kept as "320581:keeper"."""
    parts = {key: key.partition(":") for key in keys}
    names = dict(
        Body.objects.keyed("code", {code for code, _colon, _role in parts.values()}).values_list(
            "code", "name"
        )
    )
    roles = {str(role.value): role.label for role in Role}
    return {
        key: NamedThing(f"{names.get(code, code)}{roles.get(role, role)}")
        for key, (code, _colon, role) in parts.items()
    }


def _awards(_reader: User, keys: Iterable[str]) -> dict[str, NamedThing]:
    rows = Award.objects.keyed("code", keys).values_list("code", "name")
    return {code: NamedThing(name) for code, name in rows}


def _awards_by_number(_reader: User, keys: Iterable[str]) -> dict[str, NamedThing]:
    rows = Award.objects.keyed("pk", numbers(keys)).values_list("pk", "name")
    return {str(pk): NamedThing(name) for pk, name in rows}


def _organs(_reader: User, keys: Iterable[str]) -> dict[str, NamedThing]:
    rows = Organ.objects.keyed("pk", numbers(keys)).values_list("pk", "name")
    return {str(pk): NamedThing(name) for pk, name in rows}


def _allotments(_reader: User, keys: Iterable[str]) -> dict[str, NamedThing]:
    rows = Allotment.objects.keyed("pk", numbers(keys))
    return _of_body(rows.values_list("pk", "body__name", "round_award__award__name"))


def _apportionments(_reader: User, keys: Iterable[str]) -> dict[str, NamedThing]:
    rows = Apportionment.objects.keyed("pk", numbers(keys))
    return _of_body(rows.values_list("pk", "parent__name", "round_award__award__name"))


def _of_body(rows: Iterable[tuple[int, str, str]]) -> dict[str, NamedThing]:
    """Places and calculations are called by body and award."""
    return {
        str(pk): NamedThing(_("%(body)s%(award)s") % {"body": body, "award": award})
        for pk, body, award in rows
    }


register_things(
    {
        "user": Things(_users, _found_users),
        "account": Things(_users, _found_users),
        "body": Things(_bodies),
        "post": Things(_posts),
        "award_code": Things(_awards),
        "award": Things(_awards_by_number),
        "organ": Things(_organs),
        "allotment": Things(_allotments),
        "apportionment": Things(_apportionments),
    }
)
