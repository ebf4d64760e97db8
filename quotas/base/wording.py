"""How a refusal, its figures and the ledger are read on screen, in the language of the reader.

A refusal brings its figures and its words (`quotas.base.errors`); both are translated here, when they are shown. Values
of a vocabulary (anything with a `label`) are shown by their word, moments and days in the time of China.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from functools import singledispatch
from typing import Any, NamedTuple, Protocol, TypeVar

from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.translation import gettext

from quotas.base.clock import SHANGHAI
from quotas.base.errors import DomainError, Reason
from quotas.base.states import NomineeKind

Text = str | Promise
T = TypeVar("T")


@dataclass(frozen=True)
class Sentence:
    """The three parts as they are read. `str()` joins them, for one line under a field."""

    what: str
    figures: str
    remedy: str

    def __str__(self) -> str:
        return "".join(part for part in (self.what, self.figures, self.remedy) if part)


def sentence(reason: Reason) -> Sentence:
    """The three parts of one reason, in the language of the reader."""
    figures = {name: word(getattr(reason, name)) for name in reason.words.placeholders}
    return Sentence(*(gettext(part) % figures if part else "" for part in reason.words))


def sentences(error: DomainError) -> list[Sentence]:
    """All reasons of a refusal, each as its three parts."""
    return [sentence(reason) for reason in error.reasons]


class Telling(NamedTuple):
    """
    The sentence of an act of the ledger, with named placeholders: `%(who)s`, `%(thing)s`, `%(body)s` and its facts.

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
_facets: dict[str, Text] = {}
_optional: set[str] = set()
_labels: dict[str, Text] = {}
_kinds_of_labels: dict[str, frozenset[str]] = {}


def register_streams(words: Mapping[str, StreamWords]) -> None:
    """Add the words for the ledger of a floor, by the part of the stream before the colon."""
    _streams.update(words)


def register_facets(words: Mapping[str, Text], optional: Iterable[str] = ()) -> None:
    """Add what the facets of labels are called, and of which of them an entry may bear none."""
    _facets.update(words)
    _optional.update(optional)


def is_optional(facet: str) -> bool:
    """Whether an entry may bear none of the labels of a facet."""
    return facet in _optional


def register_labels(words: Mapping[str, Text], kinds: Iterable[str] = NomineeKind.values) -> None:
    """Add what the labels "facet:value" of entries are called, and which kinds of nominee can carry them."""
    _labels.update(words)
    _kinds_of_labels.update(dict.fromkeys(words, frozenset(map(str, kinds))))


class MoreLabels(Protocol):
    """Labels that are rows: what they are called, and which there are of a facet."""

    def word_of(self, name: str) -> str | None:
        """What a label "facet:value", or a facet, is called; None for one that there is not."""

    def labels_of_facet(self, facet: str) -> Sequence[str]:
        """The labels of a facet; none for one that there is not."""


_more: list[MoreLabels] = []


def register_more(labels: MoreLabels) -> None:
    """Ask these as well for what no code has named."""
    _more.append(labels)


def _found(name: str) -> str | None:
    return next((word for labels in _more if (word := labels.word_of(name)) is not None), None)


def streams() -> Mapping[str, StreamWords]:
    """Every kind of stream that has words."""
    return _streams


def stream_words(stream: str) -> StreamWords:
    """The words for a stream ("nomination:12"); without any, its codes stand for themselves."""
    kind = stream.partition(":")[0]
    return _streams.get(kind, StreamWords(kind, {}))


def facet_word(facet: str) -> str:
    """What a facet is called; the facet itself when nobody has named it."""
    known = _facets.get(facet)
    return str(known) if known is not None else _found(facet) or facet


def label_word(label: str) -> str:
    """What a label "ownership:non_public" is called; the label itself when nobody has named it."""
    known = _labels.get(label)
    if known is not None or ":" not in label:
        return str(known or label)
    return _found(label) or label


def labels_word(labels: Sequence[str], *, carried: bool = True) -> str:
    """What an entry with one of the labels is called; with `carried` false, one that has none of them."""
    if not carried and len(labels) == 1:
        facet = labels[0].partition(":")[0]
        named: Sequence[str] = [one for one in _labels if one.partition(":")[0] == facet]
        named = named or [one for more in _more for one in more.labels_of_facet(facet)]
        others = [one for one in named if one != labels[0]]
        if len(others) == 1:
            # A facet of two values: an entry without the one carries the other.
            return label_word(others[0])
    words = gettext("或").join(map(label_word, labels))
    return words if carried else gettext("%(words)s以外") % {"words": words}


def known_labels(nominee_kind: str) -> tuple[str, ...]:
    """Every label that such a nominee can carry, in the order in which they are offered."""
    return tuple(label for label, kinds in _kinds_of_labels.items() if nominee_kind in kinds)


class LabelWord(str):
    """A label "facet:value" among the figures of a refusal: it is written by its word."""

    __slots__ = ()

    @property
    def label(self) -> str:
        """What it is called."""
        return label_word(self)


def word(value: Any) -> str:
    """How one figure is written: a label by its word, a moment as 2026年11月20日 17:30, a share as 2/5."""
    if value is None:
        return gettext("无")
    # A refusal within a refusal is its sentence, also where one of its figures is called label.
    worded = hasattr(value, "label") and not isinstance(value, Reason)
    return str(value.label) if worded else _written(value)


def mixed(value: Fraction) -> str:
    """A fraction with its whole part, for tables of claims: 3 又 5/13; 5/13; 3."""
    whole, rest = divmod(value.numerator, value.denominator)
    if not rest:
        return f"{whole:,}"
    part = f"{rest}/{value.denominator}"
    return gettext("%(whole)s 又 %(part)s") % {"whole": f"{whole:,}", "part": part} if whole else part


@singledispatch
def _written(value: object) -> str:
    return str(value)


def register_word(kind: type[T]) -> Callable[[Callable[[T], str]], Callable[[T], str]]:
    """Make the function write figures of a kind: values of pure rooms bring no word of their own."""
    return _written.register(kind)


@_written.register
def _written_enum(value: Enum) -> str:
    return str(value.value)


@_written.register(bool)
def _written_bool(value: object) -> str:
    return gettext("是") if value else gettext("否")


@_written.register
def _written_int(value: int) -> str:
    return f"{value:,}"


@_written.register
def _written_fraction(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


@_written.register
def _written_datetime(value: datetime) -> str:
    return format_date(value.astimezone(SHANGHAI), gettext("Y年n月j日 H:i"))


@_written.register
def _written_date(value: date) -> str:
    return format_date(value, gettext("Y年n月j日"))


@_written.register
def _written_reason(value: Reason) -> str:
    return str(sentence(value))


@_written.register(list | tuple | set | frozenset)
def _written_iterable(value: Iterable[object]) -> str:
    return gettext("、").join(word(item) for item in value)


_NUMBERED = re.compile(r"[^\s《》（）()，。；、“”]{1,20}[〔\[［(（]\d{4}[〕\]］)）]\s*\d+\s*号")
"""The number of a document: 苏组通〔2019〕65号."""


def cited(source: str) -> str:
    """How a sentence names the paper it rests on: a title stands in title marks, the number of a document does not.

    What has its title marks already stays as it is.
    """
    if "《" in source or not source:
        return source
    number = _NUMBERED.search(source)
    title = (source[: number.start()] + source[number.end() :] if number else source).strip(" 　，,（）()")
    if not number:
        return f"《{title}》"
    return f"{number[0]}《{title}》" if title else number[0]
