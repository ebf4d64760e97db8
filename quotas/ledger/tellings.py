"""How the ledger of one kind of thing is read: the words of its acts and facts, which every subject brings for its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from quotas.base.wording import Text


class Telling(NamedTuple):
    """
    The sentence of an act of the ledger, with named placeholders: `%(who)s`, `%(thing)s`, `%(body)s` and its facts.

    A fact is told as it became, one that only `before` has as it was. What it was before is `%(before_…)s`, for instance
    `%(before_places)s` beside `%(places)s`; empty where there was nothing.

    `seat` follows the name of who did it, behind the body or its office: None where the body is not whose behalf it
    was done on.
    """

    sentence: Text
    seat: Text | None = ""


@dataclass(frozen=True)
class StreamWords:
    """
    How the ledger of one kind of thing is read: its name, its acts, its facts, and values of facts by fact.

    `facts` are the keys of `before` and `after`; `values` gives words to coded values, {"state": {"open": …}}; `refers`
    says of which kind of thing a fact is the key; `hundredths` are figures that are kept in hundredths, `permilles` shares kept in
    thousandths and told in per cent.
    """

    name: Text
    acts: Mapping[str, Text]
    facts: Mapping[str, Text] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    drafted: bool = False
    """Whether a row without a body concerns a draft: only its writers and the audit administrator read it."""
    tellings: Mapping[str, Telling] = field(default_factory=dict)
    refers: Mapping[str, str] = field(default_factory=dict)
    hundredths: frozenset[str] = frozenset()
    permilles: frozenset[str] = frozenset()


_streams: dict[str, StreamWords] = {}


def register_streams(words: Mapping[str, StreamWords]) -> None:
    """Add the words for the ledger of a floor, by the part of the stream before the colon."""
    _streams.update(words)


def streams() -> Mapping[str, StreamWords]:
    """Every kind of stream that has words."""
    return _streams


def stream_words(stream: str) -> StreamWords:
    """The words for a stream ("nomination:12"); without any, its codes stand for themselves."""
    kind = stream.partition(":")[0]
    return _streams.get(kind, StreamWords(kind, {}))
