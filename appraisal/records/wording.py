"""The words of the conduct: what rules count, what mends a list, what is left to do, how its ledger is read."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext

from appraisal.records.facets import FACETS

# What rules count

LABEL_WORDS: dict[str, str | Promise] = {
    label: word_of
    for facet in FACETS.values()
    for label, word_of in zip(facet.labels, facet.values.values(), strict=True)
}
"""How the labels "facet:value" of an entry are called."""

_OPPOSITES = {
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
    words = gettext("或").join(str(LABEL_WORDS.get(label, label.partition(":")[2])) for label in labels)
    return words if carried else gettext("%(words)s以外") % {"words": words}


# What is left to do at a body, for the quota board


# The ledger


# The recount
