"""Which labels "facet:value" a nomination bears: from its unit, its award, its history, and from what it answers.

The one place that knows what units bring. What is asked is rows of the edition (`quotas.editions.asked`); whoever composes a
rule chooses from `offered`; `appraisal.records.wording` words what units bring.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal.records.states import Industry, Sector, SizeClass
from quotas.base.states import FieldType, NomineeKind
from quotas.editions import asked
from quotas.editions.asked import Answers, AskedField
from quotas.editions.label_words import facet_word, label_word
from quotas.selection.labels import HELD, Entry, Label, group_of, label, value_of


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that entries differ in: its name in words, and its values in words."""

    name: str
    label: str | Promise
    values: Mapping[str, str | Promise]
    """Value to its name in words; for a yes-or-no facet, yes comes first."""
    yes_no: bool = False
    optional: bool = False
    """An entry may bear none of them."""

    @property
    def labels(self) -> tuple[Label, ...]:
        """Its labels, as rules and slots name them."""
        return tuple(label(self.name, value) for value in self.values)

    def label_of(self, value: str) -> Label | None:
        """The label of one of its values; what was held is a label itself, and who has not got it bears none."""
        if group_of(self.name) == HELD:
            return Label(self.name) if value == "yes" else None
        return label(self.name, value)


class Classified(Protocol):
    """What of a unit decides the labels that nominees have from it: a nomination carries it as it was handed in.

    `UnitFacts` is the unit as it is now.
    """

    @property
    def non_public(self) -> bool: ...
    @property
    def sector(self) -> str: ...
    @property
    def industry(self) -> str: ...
    @property
    def size(self) -> str: ...


class UnitFacts(NamedTuple):
    """A unit as the register classifies it."""

    non_public: bool
    sector: str
    industry: str = ""
    size: str = ""


UNIT_FACETS: tuple[Facet, ...] = (
    Facet("ownership", _("所有制"), {"non_public": _("非公有制"), "public": _("公有制")}),
    Facet("sector", _("单位性质"), {sector.value: sector.label for sector in Sector}),
    Facet("size", _("企业规模"), {size.value: size.label for size in SizeClass}, optional=True),
    Facet("industry", _("行业"), {each.value: each.label for each in Industry}, optional=True),
)
"""What every nominee has from its unit."""

NOMINEE = Facet("nominee", _("推荐对象"), {kind.value: kind.label for kind in NomineeKind})
"""The kind of nominee, which the award decides: all entries of a list bear the same."""


def of_unit(unit: Classified, nominee_kind: str) -> Entry:
    """The labels that a nominee has from its unit and its award, whoever it is.

    What the register does not know of the unit gives no label.
    """
    borne = {
        "ownership": "non_public" if unit.non_public else "public",
        "sector": str(unit.sector),
        "size": unit.size,
        "industry": unit.industry,
        "nominee": nominee_kind,
    }
    return frozenset(label(facet, value) for facet, value in borne.items() if value)


def of_history(awards: Iterable[str]) -> Entry:
    """The labels that a nominee has from what it was named for before: the codes of the awards."""
    return frozenset(label(HELD, code) for code in awards)


def labels_of(fields: Iterable[AskedField], answers: Answers, unit: Entry) -> Entry:
    """The labels of a nomination with these answers to the fields of its edition; `unit` is what it bears besides.

    A field that is not answered yet gives no label.
    """
    return unit | asked.labels_of(fields, answers, unit)


def offered(fields: Iterable[AskedField]) -> tuple[Facet, ...]:
    """What a list that is brought can tell of its entries: what units bring, and the countable fields of the edition."""
    return (*UNIT_FACETS, *(facet_of_field(field) for field in fields if field.countable))


def of_bodies(facet: str, bodies: Iterable[tuple[Label, str]]) -> Facet:
    """The bodies of a level as a facet: which of them an entry came by, if any."""
    return Facet(facet, facet_word(facet), {value_of(one): name for one, name in bodies}, optional=True)


def of_title(one: Label) -> Facet:
    """Whether something was held before, as a facet."""
    return Facet(one, label_word(one), {"yes": _("是"), "no": _("否")}, yes_no=True, optional=True)


def facet_of_field(field: AskedField) -> Facet:
    """A countable field as a facet."""
    words = {value: field.value_word(value) for value in field.values}
    yes_no, optional = field.type == FieldType.YES_NO, field.facet.optional
    return Facet(field.key, gettext(field.label), words, yes_no, optional)
