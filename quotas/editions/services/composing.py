"""How an edition is made: composed as a draft, filled, discarded or published. What is published is never edited.

An edition is composed as a draft by provincial staff, or loaded from the catalogue (`quotas.editions.services.catalogue`).
Rounds are pinned to published editions (`quotas.rounds.services.rounds`).

Locks: `Award` before `RuleVersion`, and a round before both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, TypeVar, Unpack

from django.db import transaction
from django.db.models import Max

from quotas.base import clock, text
from quotas.base.errors import InvalidInput, Reason, RuleViolation
from quotas.base.states import Basis, ConditionKind, KeptBy, RuleKind, Sense, Stage
from quotas.base.text import required_text
from quotas.bodies.services import bodies
from quotas.editions import standard
from quotas.editions.asked import AskedField, told_of
from quotas.editions.models import Award, EditionField, NomineeCondition, RuleVersion, ShareRule, Target
from quotas.editions.refusals import (
    AwardUnknown,
    EditionChanged,
    EditionSourceRequired,
    EditionUnknown,
    EmployerCapOutOfRange,
    FieldUnfit,
    RuleCodeTwice,
    RuleKeptRequired,
    RulesContradict,
    RuleUnfit,
)
from quotas.editions.services import drafts, fields, rules
from quotas.editions.services.entries import (
    ConditionEntry,
    ConditionFields,
    RuleEntry,
    RuleFields,
    TargetEntry,
    TargetFields,
    condition_entry_of,
    conditions_of,
    entry_of,
    rules_of,
    target_entry_of,
    targets_of,
)
from quotas.editions.services.faults import (
    condition_faults,
    contradictions,
    faults,
    is_shared,
    is_sound,
    target_faults,
    together,
)
from quotas.selection.labels import (
    ROUTE,
    Domain,
    chosen,
    told,
)
from quotas.selection.plan import Rule
from quotas.tree.models import User
from quotas.tree.permissions import Act, require

R = TypeVar("R", ShareRule, Target, NomineeCondition)


MOST_YEARS = 10

MOST_CAP = 100
"""The most that one unit may be let nominate; more is a slip of the pen."""


@transaction.atomic
def compose(*, award_code: str, actor: User | None, source: str, based_on: int | None = None) -> RuleVersion:
    """
    Begin a draft edition of an award, with a copy of the fields, the rules, the targets and the cap of the edition
    `based_on`; without one, or where its nominees are of another kind, with the fields that are usual for this kind.

    Raises InvalidInput for an award or an edition that is not there (AwardUnknown, EditionUnknown) and
    without a source (EditionSourceRequired).
    """
    award = Award.objects.select_for_update().filter(code=award_code).first()
    require(actor, Act.PLAN_ROUND, bodies.province().pk)
    if award is None:
        raise InvalidInput(AwardUnknown("award_code", award=award_code))
    pattern = None
    if based_on is not None:
        pattern = (
            RuleVersion.objects.select_related("award")
            .filter(pk=based_on)
            .prefetch_related("rules", "targets", "fields", "conditions")
            .first()
        )
        if pattern is None:
            raise InvalidInput(EditionUnknown("based_on", award=award.name))
    draft = RuleVersion.objects.create(
        award=award,
        number=next_numbers([award.pk])[award.pk],
        source=required_text(source, EditionSourceRequired("source")),
        **(
            {name: getattr(pattern, name) for name in drafts.EDITION_COLUMNS if name != "source"}
            if pattern
            else {}
        ),
        composed_by=actor,
        created_at=clock.now(),
    )
    copied = [entry_of(rule) for rule in pattern.rules.all()] if pattern else []
    ShareRule.objects.bulk_create(entry.row(draft) for entry in copied)
    targets = targets_of(pattern) if pattern else []
    Target.objects.bulk_create(entry.row(draft) for entry in targets)
    conditions = conditions_of(pattern) if pattern else []
    NomineeCondition.objects.bulk_create(entry.row(draft) for entry in conditions)
    same = pattern is not None and pattern.award.nominee_kind == award.nominee_kind
    asked = fields.stated(pattern) if pattern and same else standard.usual(award.nominee_kind)
    EditionField.objects.bulk_create(fields.rows_of(draft, asked))
    drafts.record(
        draft,
        "compose_edition",
        actor,
        after={
            "edition": draft.number,
            "source": draft.source,
            "employer_cap": draft.employer_cap,
            "based_on": pattern.number if pattern else None,
            "rules": [asdict(entry) for entry in copied],
            **_told("targets", targets),
            **_told("conditions", conditions),
            **_told_fields(asked),
        },
    )
    return draft


def next_numbers(award_ids: Iterable[int]) -> dict[int, int]:
    """The next free edition number of each award, over both origins. One statement; the awards are locked."""
    highest = dict(
        Award.objects.filter(pk__in=list(award_ids))
        .order_by()
        .annotate(highest=Max("rule_versions__number"))
        .values_list("pk", "highest")
    )
    return {pk: (number or 0) + 1 for pk, number in highest.items()}


@transaction.atomic
def put_rule(
    *,
    version_id: int,
    version: int,
    actor: User | None,
    code: str = "",
    replaces: str = "",
    **given: Unpack[RuleFields],
) -> RuleVersion:
    """
    Add a rule to a draft, or put it in the place of the rule with the code `replaces`. An empty code is given one.

    Of a share that can be handed down in parts it must be said how it is `kept`: nobody chooses by saying nothing. Raises
    EditionPublished, EditionChanged for a stale form, InvalidInput with every figure, label, stage or clause that makes no
    sense, each at its field.
    """
    draft = drafts.lock(version_id, version, actor)
    rows = {row.code: row for row in draft.rules.all()}
    there = _there(rows, replaces) if replaces else None
    entry = _entry(code or replaces or _free_code(rows), given)
    problems = list(faults(entry, draft.award.final_stage, _domain(draft)))
    if entry.code in rows and entry.code != replaces:
        problems.append(RuleCodeTwice("code", rule=entry.code, label=rows[entry.code].label))
    if not given.get("kept") and not problems and is_shared(entry):
        problems.append(RuleKeptRequired("kept"))
    if problems:
        raise InvalidInput(*problems)
    before = {} if there is None else asdict(entry_of(there))
    return _write(draft, entry, there, "put_rule", actor, before)


def stated(draft: RuleVersion, given: RuleFields) -> Rule | None:
    """The rule that these fields state, as the arithmetic takes it; None while they make no sense.

    Nothing is written. A rule above the previous round has no figures yet and one for each body is of no list yet, so
    these are none either.
    """
    entry = _entry("stated", given)
    whole = entry.kind != RuleKind.ABOVE and entry.each not in ROUTE
    return rules.as_rule(entry.row()) if whole and is_sound(entry, _domain(draft)) else None


@transaction.atomic
def drop_rule(*, version_id: int, version: int, actor: User | None, code: str) -> RuleVersion:
    """Take a rule out of a draft. Raises as `put_rule` does; EditionChanged when it is gone already."""
    draft = drafts.lock(version_id, version, actor)
    row = _there({row.code: row for row in draft.rules.all()}, code)
    before = asdict(entry_of(row))
    row.delete()
    return drafts.touch(draft, "drop_rule", actor, before=before, after={"edition": draft.number})


@transaction.atomic
def put_target(
    *,
    version_id: int,
    version: int,
    actor: User | None,
    replaces: str = "",
    **given: Unpack[TargetFields],
) -> RuleVersion:
    """
    Add a target to a draft, or put it in the place of the target with the code `replaces`. No slate is held to it.

    Raises as `put_rule` does.
    """
    draft = drafts.lock(version_id, version, actor)
    rows = {row.code: row for row in draft.targets.all()}
    there = _there(rows, replaces) if replaces else None
    entry = TargetEntry(
        code=replaces or _free_code(rows, "target"),
        label=text.line(given.get("label", "")),
        stage=str(given.get("stage", "")),
        number=given.get("number", 0),
        due_on=given.get("due_on", date.min),
        clause=text.line(given.get("clause", "")),
    )
    problems = list(target_faults(entry, draft.award))
    if problems:
        raise InvalidInput(*problems)
    before = {} if there is None else asdict(target_entry_of(there))
    return _write(draft, entry, there, "put_target", actor, before)


@transaction.atomic
def drop_target(*, version_id: int, version: int, actor: User | None, code: str) -> RuleVersion:
    """Take a target out of a draft. Raises as `drop_rule` does."""
    draft = drafts.lock(version_id, version, actor)
    row = _there({row.code: row for row in draft.targets.all()}, code)
    before = asdict(target_entry_of(row))
    row.delete()
    return drafts.touch(draft, "drop_target", actor, before=before, after={"edition": draft.number})


@transaction.atomic
def put_condition(
    *,
    version_id: int,
    version: int,
    actor: User | None,
    replaces: str = "",
    **given: Unpack[ConditionFields],
) -> RuleVersion:
    """
    Add a condition to a draft, or put it in the place of the condition with the code `replaces`.

    What the kind of the condition does not look at is left out. Raises as `put_rule` does.
    """
    draft = drafts.lock(version_id, version, actor)
    rows = {row.code: row for row in draft.conditions.all()}
    there = _there(rows, replaces) if replaces else None
    kind = str(given.get("kind", ""))
    counts = kind == ConditionKind.NUMBER
    entry = ConditionEntry(
        code=replaces or _free_code(rows, "condition"),
        label=text.line(given.get("label", "")),
        kind=kind,
        clause=text.line(given.get("clause", "")),
        awards=[] if counts else list(given.get("awards", ())),
        years=None if counts else given.get("years"),
        field_key=given.get("field_key", "") if counts else "",
        least=given.get("least") if counts else None,
        most=given.get("most") if counts else None,
        refuses=bool(given.get("refuses", True)),
    )
    problems = list(condition_faults(entry, _award_codes(), fields.of(draft.pk)))
    if problems:
        raise InvalidInput(*problems)
    before = {} if there is None else asdict(condition_entry_of(there))
    return _write(draft, entry, there, "put_condition", actor, before)


def _award_codes() -> frozenset[str]:
    return frozenset(Award.objects.values_list("code", flat=True))


@transaction.atomic
def drop_condition(*, version_id: int, version: int, actor: User | None, code: str) -> RuleVersion:
    """Take a condition out of a draft. Raises as `drop_rule` does."""
    draft = drafts.lock(version_id, version, actor)
    row = _there({row.code: row for row in draft.conditions.all()}, code)
    before = asdict(condition_entry_of(row))
    row.delete()
    return drafts.touch(draft, "drop_condition", actor, before=before, after={"edition": draft.number})


def _edition_told(draft: RuleVersion) -> dict[str, Any]:
    """What a draft says of the edition as a whole, as the ledger keeps it."""
    told_ = {name: getattr(draft, name) for name in drafts.EDITION_COLUMNS}
    return told_ if draft.most_named else {name: told_[name] for name in ("source", "employer_cap")}


@transaction.atomic
def set_edition(
    *,
    version_id: int,
    version: int,
    actor: User | None,
    source: str,
    employer_cap: int,
    most_named: int | None = None,
    most_years: int | None = None,
) -> RuleVersion:
    """
    The source document of a draft, how many nominations of one unit it proposes, and how many are named in how many years
    at most, beyond which planners are warned.

    Raises as `put_rule` does; InvalidInput(EditionSourceRequired | EmployerCapOutOfRange).
    """
    draft = drafts.lock(version_id, version, actor)
    before = _edition_told(draft)
    if not 1 <= employer_cap <= MOST_CAP:
        raise InvalidInput(EmployerCapOutOfRange("employer_cap", number=employer_cap, most=MOST_CAP))
    draft.source, draft.employer_cap = (
        required_text(source, EditionSourceRequired("source")),
        employer_cap,
    )
    draft.most_named, draft.most_years = most_named, min(max(most_years or 1, 1), MOST_YEARS)
    after = {"edition": draft.number, **_edition_told(draft)}
    return drafts.touch(draft, "set_edition", actor, before=before, after=after)


@transaction.atomic
def discard(*, version_id: int, version: int, actor: User | None) -> None:
    """Give a draft up; its number is free again. Raises as `put_rule` does."""
    draft = drafts.lock(version_id, version, actor)
    before = {
        "edition": draft.number,
        "source": draft.source,
        "rules": [asdict(entry) for entry in rules_of(draft)],
        **_told("targets", targets_of(draft)),
        **_told("conditions", conditions_of(draft)),
        **_told_fields(fields.of(draft.pk)),
    }
    draft.fields.all().delete()
    draft.rules.all().delete()
    draft.targets.all().delete()
    draft.conditions.all().delete()
    drafts.record(draft, "discard_edition", actor, before=before)
    draft.delete()


@transaction.atomic
def publish(*, version_id: int, version: int, actor: User | None) -> RuleVersion:
    """
    Fix a draft for good: from now on rounds can be pinned to it and nobody edits it any more.

    Raises EditionPublished, EditionChanged, and RuleViolation with every rule that
    makes no sense for this award and with the rules that no slate at all can keep together (RulesContradict).
    """
    draft = drafts.lock(version_id, version, actor)
    entries, targets, conditions = rules_of(draft), targets_of(draft), conditions_of(draft)
    asked, domain = fields.of(draft.pk), _domain(draft)
    wrong: list[Reason] = [
        FieldUnfit(label=each.label, problem=fault)
        for each in asked
        for fault in fields.faults(
            each, [other for other in asked if other is not each], draft.award.nominee_kind
        )
    ]
    wrong += [
        RuleUnfit(label=entry.label, problem=fault)
        for entry in entries
        for fault in faults(entry, draft.award.final_stage, domain)
    ]
    wrong += [
        RuleUnfit(label=entry.label, problem=fault)
        for entry in targets
        for fault in target_faults(entry, draft.award)
    ]
    awards = _award_codes() if conditions else frozenset()
    wrong += [
        RuleUnfit(label=entry.label, problem=fault)
        for entry in conditions
        for fault in condition_faults(entry, awards, asked)
    ]
    wrong += together(entries)
    wrong += [each for each in contradictions(draft, entries) if isinstance(each, RulesContradict)]
    if wrong:
        raise RuleViolation(*wrong)
    draft.published_at = clock.now()
    return drafts.touch(
        draft,
        "publish_edition",
        actor,
        after={
            "edition": draft.number,
            "source": draft.source,
            "employer_cap": draft.employer_cap,
            "rules": [asdict(entry) for entry in entries],
            **_told("targets", targets),
            **_told("conditions", conditions),
            **_told_fields(asked),
        },
    )


def _told(name: str, stated: Iterable[TargetEntry | ConditionEntry]) -> dict[str, Any]:
    """The values in the form that the ledger keeps; empty where there is none."""
    told = [asdict(entry) for entry in stated]
    return {name: told} if told else {}


def _told_fields(asked: Iterable[AskedField]) -> dict[str, Any]:
    told_ = [told_of(field) for field in asked]
    return {"fields": told_} if told_ else {}


def _domain(draft: RuleVersion) -> Domain:
    return fields.domain_of(draft.pk, draft.award.nominee_kind)


def _entry(code: str, given: RuleFields) -> RuleEntry:
    """What was stated, with what the kind of rule leaves no choice about."""
    kind = given.get("kind", RuleKind.SHARE.value)
    return RuleEntry(
        code=code,
        label=text.line(given.get("label", "")),
        counted=told(chosen(given.get("counted", ()), given.get("counted_not", ()))),
        base=told(chosen(given.get("base", ()), given.get("base_not", ()))),
        each=given.get("each", ""),
        sense=str(given.get("sense", Sense.MIN.value)),
        kind=str(kind),
        basis=str(given.get("basis", Basis.LISTED.value)),
        numerator=0 if kind == RuleKind.ABOVE else given.get("numerator", 0),
        denominator=given.get("denominator", 1) if kind == RuleKind.SHARE else 1,
        stages=[stage.value for stage in Stage if stage in given.get("stages", ())],
        clause=text.line(given.get("clause", "")),
        advisory=bool(given.get("advisory")),
        kept=str(given.get("kept") or KeptBy.ITSELF.value),
    )


def _free_code(taken: Iterable[str], word: str = "rule") -> str:
    there = set(taken)
    return next(code for number in range(1, len(there) + 2) if (code := f"{word}_{number}") not in there)


def _there(rows: Mapping[str, R], code: str) -> R:
    """The row of a draft with this code. Raises EditionChanged when it is gone."""
    if code not in rows:
        raise EditionChanged
    return rows[code]


def _write(
    draft: RuleVersion,
    entry: RuleEntry | TargetEntry | ConditionEntry,
    there: ShareRule | Target | NomineeCondition | None,
    act: str,
    actor: User | None,
    before: Mapping[str, Any],
) -> RuleVersion:
    """Put an entry into a draft, in the place of the row that is there."""
    row = entry.row(draft)
    if there is not None:
        row.pk = there.pk
    row.save()
    return drafts.touch(draft, act, actor, before=before, after={"edition": draft.number, **asdict(entry)})
