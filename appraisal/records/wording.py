"""What the labels of entries are called."""

from collections.abc import Mapping

from django.utils.functional import Promise

from appraisal.records.facets import NOMINEE, UNIT_FACETS

LABEL_WORDS: Mapping[str, str | Promise] = {
    label: word_of
    for facet in (*UNIT_FACETS, NOMINEE)
    for label, word_of in zip(facet.labels, facet.values.values(), strict=True)
}
"""How the labels "facet:value" of an entry are called."""
