"""What the labels and predicates of rules are called."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext

from appraisal.records.facets import FACETS
from quotas.selection.labels import Predicate, value_of

LABEL_WORDS: Mapping[str, str | Promise] = {
    label: word_of
    for facet in FACETS.values()
    for label, word_of in zip(facet.labels, facet.values.values(), strict=True)
}
"""How the labels "facet:value" of an entry are called."""

_OPPOSITES: Mapping[str, str] = {
    label: other
    for facet in FACETS.values()
    if len(facet.values) == 2
    for label, other in (facet.labels, facet.labels[::-1])
}
"""The other label of a facet with two values: an entry without the one carries the other."""


def label_word(labels: Sequence[str], *, carried: bool = True) -> str:
    """What an entry with one of the labels is called; with `carried` false, one that has none of them."""
    if not carried and len(labels) == 1 and labels[0] in _OPPOSITES:
        return str(LABEL_WORDS[_OPPOSITES[labels[0]]])
    words = gettext("或").join(str(LABEL_WORDS.get(label, value_of(label))) for label in labels)
    return words if carried else gettext("%(words)s以外") % {"words": words}


def predicate_word(kinds: Sequence[Predicate], *, carried: bool = True) -> str:
    """What an entry that meets one of the predicates is called; with `carried` false, one that meets none of them."""
    only = [kind.only for kind in kinds]
    if all(only):
        return label_word(sorted(filter(None, only)), carried=carried)
    words = gettext("或").join(map(_conditions_word, kinds))
    return words if carried else gettext("%(words)s以外") % {"words": words}


def _conditions_word(kind: Predicate) -> str:
    """All conditions of a predicate: 一线职工且产业工人以外."""
    if not kind.conditions:
        return gettext("全部")
    return gettext("且").join(
        label_word(sorted(condition.labels), carried=not condition.negated) for condition in kind.conditions
    )
