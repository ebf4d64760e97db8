"""The catalogue of awards: quotas/catalogue/*.toml, one file an award, each rule with its clause.

    code, name, short_name, order, nominee_kind, final_stage, joint, clause
    [edition]   number, source, employer_cap (1), most_named in most_years (warned of beyond), note (for planners; not stored)
    [[rules]]   code, label, counted, counted_not, base, base_not, each, sense, kind, basis, numerator, denominator, stages, clause,
                advisory
    fields      keys of standard fields (quotas/editions/standard.py), in the order of the form
    [[asked]]   fields of this award alone, after them: key, label, type, section, options (key and label of each), unit, least,
                most, columns (each with key, label, type, options, unit, least, most, required; of a person
                those of `PERSON` in quotas/editions/standard.py as they stand), required, countable, listed, public, personal, help
    [[conditions]] code, label, kind (not_held, held, number), awards (codes), years (none: ever), field_key, least, most, refuses
                (true; a warning otherwise), clause
    [[targets]] code, label, stage (of which bodies each has to reach it), number, due_on, clause; shown, never a gate

`counted` and `base` are lists of labels "facet:value": those of one facet are alternatives, facets are required together,
and `counted_not` and `base_not` name what is left out. Without a base, every entry of the list is in it.
`each` is a facet: the rule holds for each of its values by itself. An `advisory` rule refuses nothing; who breaks it needs an approval.

To change the rules of an award, raise `edition.number` and write the new rules. Rounds stay with the edition to which
they are pinned; an edition that a round uses is never edited. Editions are composed in the browser as well
(`quotas.editions.services.composing`): `RuleVersion.number` runs over both, `catalogue_edition` is the number in the file.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from quotas.base import clock
from quotas.base.errors import FieldProblem, InvalidInput, RuleViolation
from quotas.base.states import NomineeKind, Stage
from quotas.base.wording import sentence
from quotas.editions.asked import AskedField, field_of, told_of
from quotas.editions.models import Award, EditionField, NomineeCondition, RuleVersion, ShareRule, Target
from quotas.editions.refusals import CatalogueMalformed, RulesInUse
from quotas.editions.services import drafts, fields, honours
from quotas.editions.services.composing import MOST_CAP, MOST_YEARS, next_numbers
from quotas.editions.services.entries import (
    ConditionEntry,
    RuleEntry,
    TargetEntry,
    condition_entry_of,
    entry_of,
    target_entry_of,
)
from quotas.editions.services.faults import condition_faults, faults, target_faults
from quotas.editions.standard import STANDARD
from quotas.ledger.services import ledger
from quotas.selection.labels import HELD, FacetValues, chosen, label, told

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"


@dataclass(frozen=True)
class Edition:
    """A dated edition of an award's rules. `note` tells planners what the rules leave to them."""

    number: int
    source: str
    note: str = ""
    employer_cap: int = 1
    most_named: int | None = None
    most_years: int = 1

    @property
    def columns(self) -> dict[str, Any]:
        """What of it is stored with the edition."""
        return {name: getattr(self, name) for name in drafts.EDITION_COLUMNS}


@dataclass(frozen=True)
class AwardEntry:
    """One award as the catalogue states it; see `Award`."""

    code: str
    name: str
    short_name: str
    order: int
    nominee_kind: str
    final_stage: str
    joint: bool
    clause: str
    edition: Edition
    rules: tuple[RuleEntry, ...]
    targets: tuple[TargetEntry, ...] = ()
    fields: tuple[AskedField, ...] = ()
    conditions: tuple[ConditionEntry, ...] = ()

    def row(self) -> Award:
        """The row of this award, not saved. Raises ValueError for an unknown kind or stage."""
        return Award(
            code=self.code,
            name=self.name,
            short_name=self.short_name,
            order=self.order,
            nominee_kind=NomineeKind(self.nominee_kind),
            final_stage=Stage(self.final_stage),
            joint=self.joint,
            clause=self.clause,
        )


def read(directory: Path = CATALOGUE) -> list[AwardEntry]:
    """
    The awards of a directory in their order. Raises InvalidInput with every file that cannot be read
    (CatalogueMalformed): no TOML, a key too many or too few, a value that makes no sense.
    """
    entries: list[AwardEntry] = []
    problems: list[FieldProblem] = []
    files = sorted(directory.glob("*.toml"))
    # An award may count those who were named for another, whose file is called by its code.
    held = [path.stem for path in files]
    for path in files:
        try:
            entries.append(_entry(tomllib.loads(path.read_text(encoding="utf-8")), held))
        except (ValueError, TypeError, KeyError) as error:
            problems.append(CatalogueMalformed("catalogue", file=path.name, problem=str(error)))
    if problems:
        raise InvalidInput(*problems)
    return sorted(entries, key=lambda entry: (entry.order, entry.code))


@transaction.atomic
def load(*, entries: Iterable[AwardEntry] | None = None) -> list[Award]:
    """
    Take over the catalogue: awards, new editions, and corrections of editions that no round uses.

    Repeating it changes nothing; the number of statements does not grow with the number of awards. Raises
    RuleViolation(RulesInUse) for every edition in use that differs from its file, and as `read` does.
    """
    wanted = {entry.code: entry for entry in (read() if entries is None else entries)}
    there = Award.objects.select_for_update().filter(code__in=wanted).order_by("pk")
    before = {award.code: _facts(award) for award in there}
    Award.objects.bulk_create(
        [entry.row() for entry in wanted.values()],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*_AWARD_FIELDS],
    )
    awards = {award.code: award for award in Award.objects.filter(code__in=wanted)}
    editions = _editions(awards.values())
    changed = {
        code: editions.get((code, entry.edition.number))
        for code, entry in wanted.items()
        if _stated(editions.get((code, entry.edition.number))) != _wanted(entry)
    }
    _refuse_in_use(changed, wanted)
    _write_editions(changed, wanted, awards)
    _record(changed, wanted, before, awards)
    honours.forget()
    return [awards[code] for code in wanted]


_AWARD_FIELDS = ("name", "short_name", "order", "nominee_kind", "final_stage", "joint", "clause")
_EditionKey = tuple[str, int]
"""Award and number in its file."""


def _entry(data: dict[str, Any], held: Iterable[str] = ()) -> AwardEntry:
    rules = tuple(map(_rule, data.pop("rules", [])))
    targets = tuple(TargetEntry(**target) for target in data.pop("targets", []))
    conditions = tuple(ConditionEntry(**condition) for condition in data.pop("conditions", []))
    asked = (
        *(STANDARD[key] for key in data.pop("fields", [])),
        *map(_own_field, data.pop("asked", [])),
    )
    entry = AwardEntry(
        **{**data, "edition": Edition(**data["edition"])},
        rules=rules,
        targets=targets,
        fields=asked,
        conditions=conditions,
    )
    entry.row()
    if not 1 <= entry.edition.employer_cap <= MOST_CAP:
        raise ValueError(f"employer_cap is from 1 to {MOST_CAP}")
    if not 1 <= entry.edition.most_years <= MOST_YEARS:
        raise ValueError(f"most_years is from 1 to {MOST_YEARS}")
    if len({rule.code for rule in rules}) < len(rules):
        raise ValueError("two rules with one code")
    if len({target.code for target in targets}) < len(targets):
        raise ValueError("two targets with one code")
    for field in asked:
        for fault in fields.faults(field, [each for each in asked if each is not field], entry.nominee_kind):
            raise ValueError(f"{field.key}: {sentence(fault)}")
    awards = [label(HELD, code) for code in held]
    domain = (
        *fields.domain(entry.nominee_kind, asked),
        *(FacetValues(one, (one,), optional=True) for one in awards),
    )
    for rule in rules:
        for fault in faults(rule, entry.final_stage, domain):
            raise ValueError(f"{rule.code}: {sentence(fault)}")
    _refuse_senseless(conditions, frozenset(held), asked)
    for target in targets:
        if not isinstance(target.due_on, date):
            raise TypeError(f"{target.code}: due_on is a day")
        for fault in target_faults(target, entry):
            raise ValueError(f"{target.code}: {sentence(fault)}")
    return entry


def _refuse_senseless(
    conditions: Sequence[ConditionEntry], awards: frozenset[str], asked: Sequence[AskedField]
) -> None:
    if len({condition.code for condition in conditions}) < len(conditions):
        raise ValueError("two conditions with one code")
    for condition in conditions:
        for fault in condition_faults(condition, awards, asked):
            raise ValueError(f"{condition.code}: {sentence(fault)}")


def _rule(data: dict[str, Any]) -> RuleEntry:
    predicates: dict[str, Any] = {
        name: told(chosen(data.pop(name, ()), data.pop(f"{name}_not", ()))) for name in ("counted", "base")
    }
    return RuleEntry(**data, **predicates)


def _own_field(data: dict[str, Any]) -> AskedField:
    """A field of one award alone; its key is none of a standard one."""
    field = field_of(data)
    if field.key in STANDARD:
        raise ValueError(f"{field.key}: a standard field, list it under fields")
    return field


def _facts(award: Award) -> dict[str, Any]:
    return {name: getattr(award, name) for name in _AWARD_FIELDS}


def _editions(awards: Iterable[Award]) -> dict[_EditionKey, RuleVersion]:
    """The editions that came from files, locked: nobody pins a round to one while it is corrected."""
    versions = (
        RuleVersion.objects.select_for_update(of=("self",))
        .filter(award__in=list(awards), catalogue_edition__isnull=False)
        .select_related("award")
        .prefetch_related("rules", "targets", "fields", "conditions")
        .order_by("pk")
    )
    return {(version.award.code, version.catalogue_edition or 0): version for version in versions}


def _stated(version: RuleVersion | None) -> dict[str, Any] | None:
    """An edition as its file would state it; None when there is no such edition."""
    if version is None:
        return None
    return {
        **{name: getattr(version, name) for name in drafts.EDITION_COLUMNS},
        "rules": [asdict(entry_of(rule)) for rule in version.rules.all()],
        "targets": [asdict(target_entry_of(target)) for target in version.targets.all()],
        "fields": [told_of(field) for field in fields.stated(version)],
        "conditions": [asdict(condition_entry_of(condition)) for condition in version.conditions.all()],
    }


def _wanted(entry: AwardEntry) -> dict[str, Any]:
    return {
        **entry.edition.columns,
        "rules": [asdict(rule) for rule in entry.rules],
        "targets": [asdict(target) for target in entry.targets],
        "fields": [told_of(field) for field in entry.fields],
        "conditions": [asdict(condition) for condition in entry.conditions],
    }


def _refuse_in_use(changed: Mapping[str, RuleVersion | None], wanted: Mapping[str, AwardEntry]) -> None:
    versions = {version.pk: code for code, version in changed.items() if version is not None}
    users: dict[str, list[str]] = {}
    for version_id, name in (
        RuleVersion.objects.filter(pk__in=versions, rounds__isnull=False)
        .order_by("rounds")
        .values_list("pk", "rounds__round__name")
    ):
        users.setdefault(versions[version_id], []).append(name)
    if users:
        raise RuleViolation(
            *(
                RulesInUse(award=wanted[code].name, version=wanted[code].edition.number, rounds=rounds)
                for code, rounds in users.items()
            )
        )


def _write_editions(
    changed: Mapping[str, RuleVersion | None], wanted: Mapping[str, AwardEntry], awards: Mapping[str, Award]
) -> None:
    if not changed:
        return
    there = {code: version for code, version in changed.items() if version is not None}
    ShareRule.objects.filter(version__in=there.values()).delete()
    Target.objects.filter(version__in=there.values()).delete()
    EditionField.objects.filter(version__in=there.values()).delete()
    NomineeCondition.objects.filter(version__in=there.values()).delete()
    for code, version in there.items():
        for name, value in wanted[code].edition.columns.items():
            setattr(version, name, value)
    RuleVersion.objects.bulk_update(there.values(), drafts.EDITION_COLUMNS)
    new = RuleVersion.objects.bulk_create(_new_versions(changed, wanted, awards))
    versions = {**there, **{version.award.code: version for version in new}}
    ShareRule.objects.bulk_create(
        rule.row(version) for code, version in versions.items() for rule in wanted[code].rules
    )
    Target.objects.bulk_create(
        target.row(version) for code, version in versions.items() for target in wanted[code].targets
    )
    NomineeCondition.objects.bulk_create(
        condition.row(version) for code, version in versions.items() for condition in wanted[code].conditions
    )
    EditionField.objects.bulk_create(
        row for code, version in versions.items() for row in fields.rows_of(version, wanted[code].fields)
    )


def _new_versions(
    changed: Mapping[str, RuleVersion | None], wanted: Mapping[str, AwardEntry], awards: Mapping[str, Award]
) -> Iterator[RuleVersion]:
    new = [code for code, version in changed.items() if version is None]
    numbers = next_numbers([awards[code].pk for code in new])
    for code in new:
        edition = wanted[code].edition
        yield RuleVersion(
            award=awards[code],
            number=numbers[awards[code].pk],
            catalogue_edition=edition.number,
            **edition.columns,
            created_at=clock.now(),
            published_at=clock.now(),
        )


def _record(
    changed: Mapping[str, RuleVersion | None],
    wanted: Mapping[str, AwardEntry],
    before: Mapping[str, dict[str, Any]],
    awards: Mapping[str, Award],
) -> None:
    rows = [
        ledger.LedgerDraft(
            stream=f"award:{award.pk}",
            act="load_award",
            actor=None,
            before=before.get(code, {}),
            after={**_facts(award), "edition": wanted[code].edition.number, **_wanted(wanted[code])},
        )
        for code, award in awards.items()
        if code in changed or before.get(code) != _facts(award)
    ]
    ledger.append_many(rows=rows)
