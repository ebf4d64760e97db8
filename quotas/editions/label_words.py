"""What labels "facet:value" of entries, and their facets, are called.

Those that code knows are registered by the subjects; those that are rows are asked for (`MoreLabels`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from django.utils.translation import gettext

from quotas.base.states import NomineeKind
from quotas.base.wording import Text

_facets: dict[str, Text] = {}
_optional: set[str] = set()
_labels: dict[str, Text] = {}
_kinds_of_labels: dict[str, frozenset[str]] = {}


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
