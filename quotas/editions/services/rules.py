"""The rules to which a slate is held: those of the edition that the round is pinned to, and how editions are made.

An edition is composed as a draft by provincial staff, or loaded from the catalogue (`quotas.editions.services.catalogue`), and
is never edited once it is published. Rounds are pinned to published editions (`quotas.rounds.services.rounds`).

Locks: `Award` before `RuleVersion`, and a round before both.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Protocol, TypedDict, TypeVar, Unpack

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from quotas.arithmetic import shares
from quotas.base import clock, text
from quotas.base.errors import FieldProblem, InvalidInput, Reason, RuleViolation
from quotas.base.states import Basis, KeptBy, RuleKind, Sense, Stage
from quotas.base.text import required_text
from quotas.bodies.services import bodies, names
from quotas.editions import standard
from quotas.editions.asked import AskedField, told_of
from quotas.editions.label_words import LabelWord, label_word
from quotas.editions.models import Award, EditionField, RuleVersion, ShareRule, Target
from quotas.editions.refusals import (
    AboveOnce,
    AwardUnknown,
    EditionChanged,
    EditionSourceRequired,
    EditionUnknown,
    EmployerCapOutOfRange,
    FieldUnfit,
    RuleAboveIsMinimum,
    RuleAllottedHasNoBase,
    RuleAwardedElsewhere,
    RuleClauseRequired,
    RuleCodeTwice,
    RuleCountsAll,
    RuleCountsNobody,
    RuleCountsNone,
    RuleDenominatorOutOfRange,
    RuleEachNotAbove,
    RuleEachUnknown,
    RuleKeptRequired,
    RuleKeptWhole,
    RuleKindUnknown,
    RuleLabelInBoth,
    RuleLabelRequired,
    RuleLabelUnknown,
    RuleNumberOfPlaces,
    RuleNumberOutOfRange,
    RulesContradict,
    RuleShareOutOfRange,
    RulesNeedPlaces,
    RuleStageWithoutList,
    RulesUndecided,
    RuleUnfit,
    TargetDayRequired,
    TargetLabelRequired,
    TargetNumberOutOfRange,
    TargetStageUnknown,
)
from quotas.editions.services import drafts, fields
from quotas.editions.wording import PredicateWord, Relaxed
from quotas.selection import reach
from quotas.selection.labels import (
    HELD,
    ROUTE,
    Domain,
    FacetValues,
    Label,
    Predicate,
    bearing,
    chosen,
    facet_of,
    group_of,
    kinds,
    label,
    predicate_of,
    taken_apart,
    told,
)
from quotas.selection.plan import Basis as BasisWord
from quotas.selection.plan import Rule, bounds_of_rules, for_each, for_value
from quotas.selection.problem import EFFORT, Undecided, within
from quotas.tree.models import User
from quotas.tree.permissions import Act, require

R = TypeVar("R", ShareRule, Target)

MOST_DENOMINATOR = 10_000
MOST_NUMBER = 100_000
USUAL_PLACES = 100
"""Places at which the rules of an award that was in no round yet are tried on one another."""
EDITION_COLUMNS = drafts.EDITION_COLUMNS
MOST_YEARS = 10
MOST_CAP = 100
"""The most that one unit may be let nominate; more is a slip of the pen."""

Previous = tuple[int, int]
"""How many of the previous round's entries a rule counts, and of how many: count and base."""


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


# --- the rules of a round ------------------------------------------------------------------------------------


Below = Mapping[str, Sequence[tuple[Label, str]]]
"""The bodies below the one whose list is judged, by facet: the label of each and what it is called."""

FEWEST_BODIES = 2
"""A rule for each city or county asks nothing of a list under which there is but one: that is a rule of the whole."""


def counted_bodies(version_id: int) -> frozenset[str]:
    """The facets of bodies for each value of which the edition has a rule: entries are told apart by these.

    One statement; none for an edition that was asked before, since what a round is pinned to never changes. Nobody
    else bears such labels, or the pool of a province would fall into a hundred times as many kinds.
    """
    if version_id not in _counted_bodies:
        each = ShareRule.objects.filter(version=version_id, each__in=ROUTE).values_list("each", flat=True)
        _counted_bodies[version_id] = frozenset(each)
    return _counted_bodies[version_id]


_counted_bodies: dict[int, frozenset[str]] = {}


def forget() -> None:
    """Ask again for everything: after rows went away that no service takes away."""
    _counted_bodies.clear()


def of(*, round_award_id: int, stage: Stage | None) -> list[Rule]:
    """The rules which hold at this stage, or at any (None), in the order of the edition. One statement, asked every time.

    Without those for each body, which are of one list alone.
    """
    rows = list(
        ShareRule.objects.filter(version__rounds=round_award_id)
        .annotate(
            nominee_kind=F("version__award__nominee_kind"),
            final_stage=F("version__award__final_stage"),
            previous_count=F("version__rounds__previous_count"),
            previous_base=F("version__rounds__previous_base"),
        )
        .order_by("pk")
    )
    if not rows:
        return []
    first: Any = rows[0]
    return in_force(rows, stage=stage, award=first, previous=previous_of(first))


def in_force(
    rows: Iterable[ShareRule],
    *,
    stage: str | None,
    award: "OfAward",
    previous: Previous | None,
    below: Below | None = None,
) -> list[Rule]:
    """
    Those rules of an edition that hold at a stage, or at any (None), as the arithmetic takes them; one for each value of a facet as so many.

    What is asked of the awarded ones is asked at the stage that gives the award only. A rule above the previous
    round whose figures nobody has stated yet is left out: it asks nothing that could be counted, and no round opens
    with one (`rounds.missing`). One for each city or county holds over those `below` the body of the list, where there
    are several.
    """
    return [
        rule
        for row in rows
        if (stage is None or not row.stages or stage in row.stages)
        and (row.basis != Basis.AWARDED or stage in (None, award.final_stage))
        and (row.kind != RuleKind.ABOVE or previous is not None)
        for rule in _each(row, as_rule(row, previous), award, below or {})
    ]


def _each(row: ShareRule, rule: Rule, award: "OfAward", below: Below) -> Iterator[Rule]:
    if not row.each:
        yield rule
        return
    # It is kept with lists that leave, as the name of the rule is: both stand in the language of the source.
    with override(settings.LANGUAGE_CODE):
        if row.each in ROUTE:
            there = below.get(row.each, ())
            named = [(name, for_value(rule, one)) for one, name in there if len(there) >= FEWEST_BODIES]
        else:
            domain = fields.domain_of(row.version_id, award.nominee_kind)
            named = [(label_word(one), each) for one, each in for_each(rule, row.each, domain)]
        for value, one in named:
            yield replace(one, label=_("%(rule)s（%(value)s）") % {"rule": rule.label, "value": value})


def row_code(code: str) -> str:
    """The code of the row that a rule came from, whichever value it is for."""
    return code.partition(".")[0]


def previous_of(round_award: Any) -> Previous | None:
    """The figures of the previous round that a `RoundAward` carries; None while nobody has stated them."""
    if round_award.previous_count is None or round_award.previous_base is None:
        return None
    return round_award.previous_count, round_award.previous_base


def as_rule(row: ShareRule, previous: Previous | None = None) -> Rule:
    """
    A stored rule as the arithmetic takes it.

    A rule above the previous round takes its figures from there. Raises ValueError for figures that make no sense,
    and for such a rule without them.
    """
    numerator, denominator = row.numerator, row.denominator
    if row.kind == RuleKind.ABOVE:
        if previous is None:
            raise ValueError("a rule above the previous round needs the figures of that round")
        numerator, denominator = previous
    return Rule(
        code=row.code,
        label=row.label,
        counted=predicate_of(row.counted),
        base=predicate_of(row.base),
        sense="min" if row.sense == Sense.MIN else "max",
        kind=_KINDS[row.kind],
        numerator=numerator,
        denominator=denominator,
        clause=row.clause,
        basis=_BASES[row.basis],
        advisory=row.advisory,
        in_parts=row.kept == KeptBy.PARTS,
    )


_KINDS: Mapping[RuleKind, shares.Kind] = {
    RuleKind.SHARE: "share",
    RuleKind.COUNT: "count",
    RuleKind.ABOVE: "above",
}
_BASES: Mapping[Basis, BasisWord] = {
    Basis.LISTED: "listed",
    Basis.ALLOTTED: "allotted",
    Basis.AWARDED: "awarded",
}


# --- composing an edition ------------------------------------------------------------------------------------


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
            .prefetch_related("rules", "targets", "fields")
            .first()
        )
        if pattern is None:
            raise InvalidInput(EditionUnknown("based_on", award=award.name))
    draft = RuleVersion.objects.create(
        award=award,
        number=next_numbers([award.pk])[award.pk],
        source=required_text(source, EditionSourceRequired("source")),
        **({name: getattr(pattern, name) for name in EDITION_COLUMNS if name != "source"} if pattern else {}),
        composed_by=actor,
        created_at=clock.now(),
    )
    copied = [entry_of(rule) for rule in pattern.rules.all()] if pattern else []
    ShareRule.objects.bulk_create(entry.row(draft) for entry in copied)
    targets = targets_of(pattern) if pattern else []
    Target.objects.bulk_create(entry.row(draft) for entry in targets)
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
            **_told_targets(targets),
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
    if not given.get("kept") and not problems and _is_shared(entry):
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
    wrong = not whole or [*_label_faults(entry, _domain(draft)), *_figure_faults(entry)]
    return None if wrong else as_rule(entry.row())


def _is_shared(entry: RuleEntry) -> bool:
    """Whether the rule, which is sound, is a share that can be handed down in parts.

    What is asked of each body below is theirs already.
    """
    return entry.kind != RuleKind.ABOVE and entry.each not in ROUTE and as_rule(entry.row()).shared


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


def _edition_told(draft: RuleVersion) -> dict[str, Any]:
    """What a draft says of the edition as a whole, as the ledger keeps it."""
    told_ = {name: getattr(draft, name) for name in EDITION_COLUMNS}
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
        **_told_targets(targets_of(draft)),
        **_told_fields(fields.of(draft.pk)),
    }
    draft.fields.all().delete()
    draft.rules.all().delete()
    draft.targets.all().delete()
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
    entries, targets = rules_of(draft), targets_of(draft)
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
    wrong += _together(entries)
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
            **_told_targets(targets),
            **_told_fields(asked),
        },
    )


# --- what makes no sense -------------------------------------------------------------------------------------


class OfAward(Protocol):
    """What of an award its rules have to fit: `quotas.models.Award`, or as the catalogue states it."""

    @property
    def nominee_kind(self) -> str: ...
    @property
    def final_stage(self) -> str: ...


def faults(entry: RuleEntry, final_stage: str, domain: Domain) -> Iterator[FieldProblem]:
    """Everything that makes a rule senseless by itself, or for an award whose entries differ in `domain`."""
    if text.is_blank(entry.label):
        yield RuleLabelRequired("label")
    if text.is_blank(entry.clause):
        yield RuleClauseRequired("clause", label=entry.label)
    wrong = [*_label_faults(entry, domain), *_figure_faults(entry), *_stage_faults(entry, final_stage)]
    yield from wrong
    if entry.kept not in KeptBy.values:
        yield RuleKindUnknown("kept", kind=entry.kept)
    elif not wrong and entry.kept == KeptBy.PARTS and not _is_shared(entry):
        yield RuleKeptWhole("kept", label=entry.label)


def _label_faults(entry: RuleEntry, domain: Domain) -> Iterator[FieldProblem]:
    """What is wrong with whom the rule counts and among whom; whether they fit together is asked of sound ones only."""
    counted, base = predicate_of(entry.counted), predicate_of(entry.base)
    wrong = [
        *([] if counted.conditions or entry.each else [RuleCountsNobody("counted")]),
        *(
            []
            if entry.each in {"", *ROUTE, *(values.facet for values in domain)}
            else [RuleEachUnknown("each")]
        ),
        *([RuleEachNotAbove("each")] if entry.each and entry.kind == RuleKind.ABOVE else []),
        *predicate_faults("counted", counted, domain),
        *predicate_faults("base", base, domain),
    ]
    yield from wrong or _fit_faults(entry, counted, base, domain)


def predicate_faults(name: str, predicate: Predicate, domain: Domain) -> Iterator[FieldProblem]:
    """Labels of a predicate that the domain does not know, or that it names on both of its lists; at `name` and `name_not`."""
    vocabulary = {one for values in domain for one in values.labels}
    wanted, left_out = taken_apart(predicate)
    for field_name, labels in ((name, wanted), (f"{name}_not", left_out)):
        for one in labels:
            known = one in vocabulary or (group_of(one) == HELD and label_word(one) != one)
            if not known:
                yield RuleLabelUnknown(field_name, name=LabelWord(one))
    for one in sorted({*wanted} & {*left_out}):
        yield RuleLabelInBoth(f"{name}_not", name=LabelWord(one))


def _fit_faults(
    entry: RuleEntry, counted: Predicate, base: Predicate, domain: Domain
) -> Iterator[FieldProblem]:
    """A rule that counts none of its base, or each of them, asks nothing that a list could be held to."""
    if entry.each in ROUTE:
        # Bodies differ from list to list; two stand for them.
        domain = (*domain, FacetValues(entry.each, (label(entry.each, "1"), label(entry.each, "2"))))
    among = [kind for kind in kinds(domain, entry.facets) if base.holds(kind)]
    by_value = [values.labels for values in domain if values.facet == entry.each]
    asked = [counted & bearing(one) for one in by_value[0]] if by_value else [counted]
    numbers = [sum(map(one.holds, among)) for one in asked]
    words = {"counted": PredicateWord(counted), "base": PredicateWord(base)}
    if not any(numbers):
        yield RuleCountsNone("base" if base.conditions else "counted", **words)
    elif len(among) in numbers and entry.kind != RuleKind.COUNT:
        yield RuleCountsAll("base" if base.conditions else "counted", **words)


def _figure_faults(entry: RuleEntry) -> Iterator[FieldProblem]:
    match entry.kind:
        case RuleKind.SHARE:
            if not 1 <= entry.denominator <= MOST_DENOMINATOR:
                yield RuleDenominatorOutOfRange(
                    "denominator", denominator=entry.denominator, most=MOST_DENOMINATOR
                )
            elif not 0 <= entry.numerator <= entry.denominator:
                yield RuleShareOutOfRange(
                    "numerator", numerator=entry.numerator, denominator=entry.denominator
                )
        case RuleKind.COUNT:
            if entry.denominator != 1 or not 0 <= entry.numerator <= MOST_NUMBER:
                yield RuleNumberOutOfRange("numerator", number=entry.numerator, most=MOST_NUMBER)
            if entry.basis == Basis.ALLOTTED:
                yield RuleNumberOfPlaces("basis")
        case RuleKind.ABOVE:
            if entry.sense != Sense.MIN:
                yield RuleAboveIsMinimum("sense")
        case _:
            yield RuleKindUnknown("kind", kind=entry.kind)
    if entry.sense not in Sense.values:
        yield RuleKindUnknown("sense", kind=entry.sense)
    if entry.basis not in Basis.values:
        yield RuleKindUnknown("basis", kind=entry.basis)
    if entry.basis == Basis.ALLOTTED and entry.base:
        yield RuleAllottedHasNoBase("base", base=PredicateWord(predicate_of(entry.base)))


def _stage_faults(entry: RuleEntry, final_stage: str) -> Iterator[FieldProblem]:
    lists = stages_with_lists(final_stage)
    never = [stage for stage in entry.stages if stage not in lists]
    if never:
        words = [Stage(stage) if stage in Stage.values else stage for stage in never]
        yield RuleStageWithoutList("stages", stages=words, final=Stage(final_stage))
    elif entry.basis == Basis.AWARDED and entry.stages and final_stage not in entry.stages:
        yield RuleAwardedElsewhere("stages", final=Stage(final_stage))


def target_faults(entry: TargetEntry, award: OfAward) -> Iterator[FieldProblem]:
    """Everything that makes a target senseless by itself, or for this award."""
    if text.is_blank(entry.label):
        yield TargetLabelRequired("label")
    if text.is_blank(entry.clause):
        yield RuleClauseRequired("clause", label=entry.label)
    if not 1 <= entry.number <= MOST_NUMBER:
        yield TargetNumberOutOfRange("number", number=entry.number, most=MOST_NUMBER)
    if not _FIRST_YEAR <= entry.due_on.year <= _LAST_YEAR:
        yield TargetDayRequired("due_on")
    if entry.stage not in stages_with_lists(award.final_stage):
        yield TargetStageUnknown("stage", final=Stage(award.final_stage))


_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def stages_with_lists(final_stage: str) -> tuple[Stage, ...]:
    """The stages at which a slate of the award is held to rules: from the county to the one that gives it."""
    return tuple(stage for stage in Stage if Stage.COUNTY <= stage <= final_stage)


def warnings(draft: RuleVersion) -> list[Reason]:
    """What `publish` would refuse of a draft's rules together, and what they ask of the places; nothing is written."""
    entries = rules_of(draft)
    return [*_together(entries), *contradictions(draft, entries)]


def contradictions(version: RuleVersion, entries: Sequence[RuleEntry]) -> list[Reason]:
    """
    The rules of an edition that no slate at all can keep together (RulesContradict), and those that want more
    places than the award has had last (RulesNeedPlaces), at any stage where they are asked; or that this could not be
    found out in the time that somebody waits (RulesUndecided).

    A rule above the previous round is left out: what it asks is not known before a round states its figures.
    """
    places = (
        version.award.rounds.order_by("-round__year", "-pk").values_list("places", flat=True).first()
        or USUAL_PLACES
    )
    rows = [entry.row(version) for entry in entries]
    final_stage, domain = version.award.final_stage, fields.domain_of(version.pk, version.award.nominee_kind)
    below = names.most_below() if any(entry.each in ROUTE for entry in entries) else {}
    found: dict[tuple[str, ...], Reason] = {}
    for stage in stages_with_lists(final_stage):
        held = in_force(rows, stage=stage, award=version.award, previous=None, below=below.get(stage))
        try:
            with within(EFFORT):
                clash = reach.contradiction(bounds_of_rules(held, places), domain, places)
        except Undecided:
            found.setdefault((), RulesUndecided(places=places))
            continue
        if clash is not None:
            codes = tuple(bound.code for bound in clash.bounds)
            found.setdefault(codes, _contradicted(clash, places))
    return list(found.values())


def _contradicted(clash: reach.RuleClash, places: int) -> Reason:
    # A set that names the places is kept once there are more of them: nothing is wrong with the rules.
    return (RulesNeedPlaces if clash.places else RulesContradict)(
        labels=[bound.label for bound in clash.bounds],
        places=places,
        ways=[Relaxed(None if bound is None else bound.label, by) for bound, by in clash.reliefs] or None,
    )


def _together(entries: Sequence[RuleEntry]) -> Iterator[Reason]:
    """A round states the figures of its previous round once for each award, hence for one rule."""
    above = [entry.label for entry in entries if entry.kind == RuleKind.ABOVE]
    if len(above) > 1:
        yield AboveOnce(labels=above)


# -------------------------------------------------------------------------------------------------------------


def entry_of(rule: ShareRule) -> RuleEntry:
    """A stored rule as the catalogue would state it."""
    return RuleEntry(**{name: getattr(rule, name) for name in RULE_FIELDS})


def target_entry_of(target: Target) -> TargetEntry:
    """A stored target as the catalogue would state it."""
    return TargetEntry(**{name: getattr(target, name) for name in TARGET_FIELDS})


def targets_of(version: RuleVersion) -> list[TargetEntry]:
    """The targets of an edition in their order, as the catalogue would state them."""
    return [target_entry_of(target) for target in version.targets.all()]


def _told_targets(targets: Iterable[TargetEntry]) -> dict[str, Any]:
    """The values in the form that the ledger keeps; empty where there is none."""
    told = [asdict(entry) for entry in targets]
    return {"targets": told} if told else {}


def _told_fields(asked: Iterable[AskedField]) -> dict[str, Any]:
    told_ = [told_of(field) for field in asked]
    return {"fields": told_} if told_ else {}


def _domain(draft: RuleVersion) -> Domain:
    return fields.domain_of(draft.pk, draft.award.nominee_kind)


def rules_of(version: RuleVersion) -> list[RuleEntry]:
    """The rules of an edition in their order, as the catalogue would state them."""
    return [entry_of(rule) for rule in version.rules.all()]


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
    entry: RuleEntry | TargetEntry,
    there: ShareRule | Target | None,
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
