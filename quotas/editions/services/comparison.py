"""Two editions of an award side by side: what the newer one says otherwise. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from quotas.editions.asked import AskedField
from quotas.editions.models import RuleVersion
from quotas.editions.services import drafts, entries, fields
from quotas.editions.services.entries import ConditionEntry, RuleEntry, TargetEntry


class FieldChange(NamedTuple):
    """A value that differs: the field's name, and how it stood before and stands now."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule that is not the same in two editions; `before` None: added, `after` None: removed."""

    code: str
    before: RuleEntry | None
    after: RuleEntry | None
    changes: tuple[FieldChange, ...]


class TargetChange(NamedTuple):
    """One target that is not the same in two editions; `before` None: added, `after` None: removed."""

    before: TargetEntry | None
    after: TargetEntry | None


class ConditionChange(NamedTuple):
    """One condition that is not the same in two editions; `before` None: added, `after` None: removed."""

    before: ConditionEntry | None
    after: ConditionEntry | None


class AskedChange(NamedTuple):
    """One field that is not the same in two editions; `before` None: added, `after` None: removed."""

    before: AskedField | None
    after: AskedField | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a newer edition of an award says otherwise than an older one: of itself, rule by rule, target by target,
    field by field, condition by condition.
    """

    edition: tuple[FieldChange, ...]
    rules: tuple[RuleChange, ...]
    targets: tuple[TargetChange, ...] = ()
    fields: tuple[AskedChange, ...] = ()
    conditions: tuple[ConditionChange, ...] = ()


def difference(*, older_id: int, newer_id: int) -> Difference:
    """
    What changed between two editions, rule by rule (told apart by their codes), in the order of the newer one; what
    was removed comes last. Two editions are equal when the difference is empty. Five statements.
    """
    both = RuleVersion.objects.prefetch_related("rules", "targets", "fields", "conditions").in_bulk(
        [older_id, newer_id]
    )
    older, newer = both[older_id], both[newer_id]
    before, after = ({entry.code: entry for entry in entries.rules_of(each)} for each in (older, newer))
    changed_rules = [
        RuleChange(
            code, before.get(code), after.get(code), tuple(_changes(before.get(code), after.get(code)))
        )
        for code in [*after, *(code for code in before if code not in after)]
        if before.get(code) != after.get(code)
    ]
    edition = [
        FieldChange(name, getattr(older, name), getattr(newer, name))
        for name in drafts.EDITION_COLUMNS
        if getattr(older, name) != getattr(newer, name)
    ]
    aimed = [{target.code: target for target in entries.targets_of(each)} for each in (older, newer)]
    changed_targets = [
        TargetChange(aimed[0].get(code), aimed[1].get(code))
        for code in dict.fromkeys([*aimed[1], *aimed[0]])
        if aimed[0].get(code) != aimed[1].get(code)
    ]
    posed = [{one.code: one for one in entries.conditions_of(each)} for each in (older, newer)]
    changed_conditions = [
        ConditionChange(posed[0].get(code), posed[1].get(code))
        for code in dict.fromkeys([*posed[1], *posed[0]])
        if posed[0].get(code) != posed[1].get(code)
    ]
    asked = [{field.key: field for field in fields.stated(each)} for each in (older, newer)]
    changed = [
        AskedChange(asked[0].get(key), asked[1].get(key))
        for key in dict.fromkeys([*asked[1], *asked[0]])
        if asked[0].get(key) != asked[1].get(key)
    ]
    return Difference(
        tuple(edition),
        tuple(changed_rules),
        tuple(changed_targets),
        tuple(changed),
        tuple(changed_conditions),
    )


def _changes(before: RuleEntry | None, after: RuleEntry | None) -> Iterator[FieldChange]:
    if before is None or after is None:
        return
    for name in entries.RULE_FIELDS:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield FieldChange(name, old, new)
