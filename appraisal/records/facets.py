"""What of an entry the rules and the typed places can count: the labels "facet:value", and which of them there are.

The one place that knows them. The gate, the admission and the prospects read `Traits` and ask `labels_of`; whoever
composes a rule chooses from `offered`; `appraisal.records.wording` words them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appraisal.records.states import Gender, Occupation, Sector, TeamKind
from quotas.base.states import NomineeKind
from quotas.selection.labels import Entry, Label, label


class CountedLabels(Protocol):
    """What of a nomination the rules can count; `appraisal.models.Nomination` has it, and so has `Traits`."""

    @property
    def non_public(self) -> bool: ...
    @property
    def sector(self) -> str: ...
    @property
    def team_kind(self) -> str: ...
    @property
    def gender(self) -> str: ...
    @property
    def occupation(self) -> str: ...
    @property
    def front_line(self) -> bool: ...
    @property
    def migrant_worker(self) -> bool: ...
    @property
    def division_level(self) -> bool: ...


class Traits(NamedTuple):
    """The same as plain values, named and ordered as the columns of a nomination; `FIELDS` reads them."""

    non_public: bool = False
    sector: str = Sector.ENTERPRISE.value
    team_kind: str = ""
    gender: str = ""
    occupation: str = ""
    front_line: bool = False
    migrant_worker: bool = False
    division_level: bool = False

    @classmethod
    def of(cls, counted: CountedLabels) -> "Traits":
        """The traits of a nomination, apart from it."""
        return cls._make(getattr(counted, field) for field in cls._fields)


FIELDS: tuple[str, ...] = Traits._fields
"""The columns of a nomination that must be read to know its labels, in the order of `Traits`."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that entries differ in: its name in words, its values in words, and the kinds of nominee that have it."""

    name: str
    label: str | Promise
    values: Mapping[str, str | Promise]
    """Value to its name in words; for a yes-or-no facet, yes comes first."""
    nominee_kinds: frozenset[NomineeKind]
    trait: str | None
    """The field of `Traits` that decides it; none for the kind of nominee, which the award decides."""

    @property
    def labels(self) -> tuple[Label, ...]:
        """Its labels, as rules and slots name them."""
        return tuple(label(self.name, value) for value in self.values)


_ALL = frozenset(NomineeKind)
_PERSON = frozenset({NomineeKind.PERSON})

FACETS: Mapping[str, Facet] = {
    facet.name: facet
    for facet in (
        Facet(
            "ownership",
            _("所有制"),
            {"non_public": _("非公有制"), "public": _("公有制")},
            _ALL,
            "non_public",
        ),
        Facet("sector", _("单位性质"), {sector.value: sector.label for sector in Sector}, _ALL, "sector"),
        Facet(
            "team",
            _("集体类型"),
            {kind.value: kind.label for kind in TeamKind},
            frozenset({NomineeKind.TEAM}),
            "team_kind",
        ),
        Facet("gender", _("性别"), {gender.value: gender.label for gender in Gender}, _PERSON, "gender"),
        Facet(
            "occupation",
            _("人员身份"),
            {occupation.value: occupation.label for occupation in Occupation},
            _PERSON,
            "occupation",
        ),
        Facet(
            "front_line",
            _("是否一线职工"),
            {"yes": _("一线职工"), "no": _("非一线职工")},
            _PERSON,
            "front_line",
        ),
        Facet(
            "migrant",
            _("是否农民工"),
            {"yes": _("农民工"), "no": _("非农民工")},
            _PERSON,
            "migrant_worker",
        ),
        Facet(
            "division",
            _("职务层次"),
            {"yes": _("县处级及以上"), "no": _("县处级以下")},
            _PERSON,
            "division_level",
        ),
        Facet("nominee", _("推荐对象"), {kind.value: kind.label for kind in NomineeKind}, _ALL, None),
    )
}
"""Every facet by its name. A rule may name one for what it counts, and one for its base."""

_OF_KIND: Mapping[str, tuple[Facet, ...]] = {
    kind.value: tuple(facet for facet in FACETS.values() if kind in facet.nominee_kinds)
    for kind in NomineeKind
}
_OF_UNIT = frozenset({"non_public", "sector"})
"""The traits that a nominee has from the unit."""


def labels_of(nomination: CountedLabels, nominee_kind: str) -> Entry:
    """The labels of a nomination whose award is for `nominee_kind`, as share rules and typed places name them.

    A facet that this kind of nominee does not have, and one that is not filled in yet, give no label.
    """
    return frozenset(
        label(facet.name, value)
        for facet in _OF_KIND[nominee_kind]
        if (value := nominee_kind if facet.trait is None else _value(facet, getattr(nomination, facet.trait)))
    )


def _value(facet: Facet, trait: object) -> str:
    if isinstance(trait, bool):
        carried, otherwise = facet.values
        return carried if trait else otherwise
    return str(trait)


def offered(nominee_kind: str) -> tuple[Facet, ...]:
    """What a rule of an award for `nominee_kind` can count: what its entries can differ in."""
    return tuple(facet for facet in _OF_KIND[nominee_kind] if facet.trait is not None)


def variants(nominee_kind: str, named: Collection[str], of: Traits | None = None) -> Iterator[Traits]:
    """Every nominee whom a unit could have, as far as the facets `named` tell them apart.

    What the nominee has from the unit is left as it is by default: the unit is known. Given the traits `of` a nominee,
    who it may turn out to be: what is not filled in yet is open, and nothing else.
    """
    told_apart = {
        facet.trait: facet
        for facet in offered(nominee_kind)
        if facet.name in named and facet.trait not in _OF_UNIT
        if of is None or not _is_filled(getattr(of, str(facet.trait)))
    }
    given = of or Traits()
    choices = (_choices(told_apart.get(field), value) for field, value in given._asdict().items())
    yield from map(Traits._make, product(*choices))


def _is_filled(value: object) -> bool:
    """A box says no when it is not ticked; a choice that is not made says nothing."""
    return value != ""


def _choices(facet: Facet | None, default: object) -> tuple[object, ...]:
    if facet is None:
        return (default,)
    return (True, False) if isinstance(default, bool) else tuple(facet.values)
