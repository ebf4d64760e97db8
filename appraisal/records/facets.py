"""What of an entry the rules and the typed places can count: the labels "facet:value", and which of them there are.

The one place that knows them. A nomination keeps its labels in one column, which `labels_of` fills; whoever composes a rule
chooses from `offered`; `appraisal.records.wording` words them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appraisal.records.states import Gender, Occupation, Sector, TeamKind
from quotas.base.states import NomineeKind
from quotas.selection.labels import Entry, Label, facet_of, label


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that entries differ in: its name in words, its values in words, and the kinds of nominee that have it."""

    name: str
    label: str | Promise
    values: Mapping[str, str | Promise]
    """Value to its name in words; for a yes-or-no facet, yes comes first."""
    nominee_kinds: frozenset[NomineeKind]
    column: str
    """The column of a nomination that decides it; none for the kind of nominee, which the award decides."""

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
        Facet("nominee", _("推荐对象"), {kind.value: kind.label for kind in NomineeKind}, _ALL, ""),
    )
}
"""Every facet by its name. A rule may name one for what it counts, and one for its base."""

_OF_KIND: Mapping[str, tuple[Facet, ...]] = {
    kind.value: tuple(facet for facet in FACETS.values() if kind in facet.nominee_kinds)
    for kind in NomineeKind
}


def labels_of(told: object, nominee_kind: str) -> Entry:
    """The labels of a nomination whose award is for `nominee_kind`, from its columns. `told` has those of `Nomination`.

    A facet that this kind of nominee does not have, and one that is not filled in yet, give no label.
    """
    return _labels(nominee_kind, lambda facet: getattr(told, facet.column))


def of_unit(*, non_public: bool, sector: str, nominee_kind: str) -> Entry:
    """The labels that a nominee has from its unit and its award, whoever it is."""
    known = {"non_public": non_public, "sector": sector}
    return _labels(nominee_kind, lambda facet: known.get(facet.column, ""))


def _labels(nominee_kind: str, value: Callable[[Facet], object]) -> Entry:
    return frozenset(
        label(facet.name, one)
        for facet in _OF_KIND[nominee_kind]
        if (one := nominee_kind if not facet.column else _value(facet, value(facet)))
    )


def _value(facet: Facet, told: object) -> str:
    if isinstance(told, bool):
        carried, otherwise = facet.values
        return carried if told else otherwise
    return str(told)


def offered(nominee_kind: str) -> tuple[Facet, ...]:
    """What a rule of an award for `nominee_kind` can count: what its entries can differ in."""
    return tuple(facet for facet in _OF_KIND[nominee_kind] if facet.column)


def reclassified(entry: Entry, *, non_public: bool, sector: str, nominee_kind: str) -> Entry:
    """The entry as it counts with the unit classified otherwise."""
    unit = of_unit(non_public=non_public, sector=sector, nominee_kind=nominee_kind)
    changed = {facet_of(one) for one in unit}
    return unit | {one for one in entry if facet_of(one) not in changed}
