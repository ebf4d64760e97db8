"""Rules, targets and conditions as values: as the catalogue or a composer states them, and as rows of an edition hold them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Protocol, TypedDict

from quotas.base.states import Basis, KeptBy
from quotas.editions.models import NomineeCondition, RuleVersion, ShareRule, Target
from quotas.selection.labels import (
    facet_of,
    predicate_of,
)


@dataclass(frozen=True)
class RuleEntry:
    """One rule as the catalogue or a composer states it; see `ShareRule`."""

    code: str
    label: str
    counted: list[dict[str, list[str]]]
    sense: str
    kind: str
    clause: str
    numerator: int = 0
    denominator: int = 1
    base: list[dict[str, list[str]]] = field(default_factory=list)
    each: str = ""
    basis: str = Basis.LISTED.value
    stages: list[str] = field(default_factory=list)
    advisory: bool = False
    kept: str = KeptBy.ITSELF.value

    def row(self, version: RuleVersion | None = None) -> ShareRule:
        """The row of this rule, not saved."""
        return ShareRule(version=version, **asdict(self))

    @property
    def facets(self) -> frozenset[str]:
        """The facets by which the rule tells entries apart."""
        named = map(facet_of, (*predicate_of(self.counted).labels, *predicate_of(self.base).labels))
        return frozenset((*named, *([self.each] if self.each else [])))


RULE_FIELDS = tuple(RuleEntry.__dataclass_fields__)
"""The fields of a rule, in the order in which they are shown."""


@dataclass(frozen=True)
class TargetEntry:
    """One target as the catalogue or a composer states it; see `Target`."""

    code: str
    label: str
    stage: str
    number: int
    due_on: date
    clause: str

    def row(self, version: RuleVersion | None = None) -> Target:
        """The row of this target, not saved."""
        return Target(version=version, **asdict(self))


TARGET_FIELDS = tuple(TargetEntry.__dataclass_fields__)
"""The fields of a target, in the order in which they are shown."""


@dataclass(frozen=True)
class ConditionEntry:
    """One condition as the catalogue or a composer states it; see `NomineeCondition`."""

    code: str
    label: str
    kind: str
    clause: str
    awards: list[str] = field(default_factory=list)
    years: int | None = None
    field_key: str = ""
    least: int | None = None
    most: int | None = None
    refuses: bool = True

    def row(self, version: RuleVersion | None = None) -> NomineeCondition:
        """The row of this condition, not saved."""
        return NomineeCondition(version=version, **asdict(self))


CONDITION_FIELDS = tuple(ConditionEntry.__dataclass_fields__)
"""The fields of a condition, in the order in which they are shown."""


class ConditionFields(TypedDict, total=False):
    """What `put_condition` takes of a condition besides its code."""

    label: str
    kind: str
    awards: Sequence[str]
    years: int | None
    field_key: str
    least: int | None
    most: int | None
    refuses: bool
    clause: str


class TargetFields(TypedDict, total=False):
    """What `put_target` takes of a target besides its code."""

    label: str
    stage: str
    number: int
    due_on: date
    clause: str


class RuleFields(TypedDict, total=False):
    """What `put_rule` takes of a rule besides its code. Predicates are two lists each, as `labels.chosen` takes them."""

    label: str
    counted: Sequence[str]
    counted_not: Sequence[str]
    base: Sequence[str]
    base_not: Sequence[str]
    each: str
    sense: str
    kind: str
    basis: str
    numerator: int
    denominator: int
    stages: Sequence[str]
    clause: str
    advisory: bool
    kept: str


class OfAward(Protocol):
    """What of an award its rules have to fit: `quotas.models.Award`, or as the catalogue states it."""

    @property
    def nominee_kind(self) -> str: ...
    @property
    def final_stage(self) -> str: ...


def entry_of(rule: ShareRule) -> RuleEntry:
    """A stored rule as the catalogue would state it."""
    return RuleEntry(**{name: getattr(rule, name) for name in RULE_FIELDS})


def target_entry_of(target: Target) -> TargetEntry:
    """A stored target as the catalogue would state it."""
    return TargetEntry(**{name: getattr(target, name) for name in TARGET_FIELDS})


def condition_entry_of(condition: NomineeCondition) -> ConditionEntry:
    """A stored condition as the catalogue would state it."""
    return ConditionEntry(**{name: getattr(condition, name) for name in CONDITION_FIELDS})


def conditions_of(version: RuleVersion) -> list[ConditionEntry]:
    """The conditions of an edition in their order, as the catalogue would state them."""
    return [condition_entry_of(condition) for condition in version.conditions.all()]


def targets_of(version: RuleVersion) -> list[TargetEntry]:
    """The targets of an edition in their order, as the catalogue would state them."""
    return [target_entry_of(target) for target in version.targets.all()]


def rules_of(version: RuleVersion) -> list[RuleEntry]:
    """The rules of an edition in their order, as the catalogue would state them."""
    return [entry_of(rule) for rule in version.rules.all()]
