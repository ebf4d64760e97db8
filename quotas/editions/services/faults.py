"""What makes no sense: a rule or a target by itself, and the rules of an edition together. Nothing is written."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from quotas.base import text
from quotas.base.errors import FieldProblem, Reason
from quotas.base.states import Basis, ConditionKind, FieldType, KeptBy, RuleKind, Sense, Stage
from quotas.bodies.services import names
from quotas.editions.asked import AskedField
from quotas.editions.label_words import LabelWord, label_word
from quotas.editions.models import RuleVersion
from quotas.editions.refusals import (
    AboveOnce,
    ConditionAwardsRequired,
    ConditionAwardUnknown,
    ConditionFieldUnknown,
    ConditionKindUnknown,
    ConditionLabelRequired,
    ConditionRangeWrong,
    ConditionYearsOutOfRange,
    RuleAboveIsMinimum,
    RuleAllottedHasNoBase,
    RuleAwardedElsewhere,
    RuleClauseRequired,
    RuleCountsAll,
    RuleCountsNobody,
    RuleCountsNone,
    RuleDenominatorOutOfRange,
    RuleEachNotAbove,
    RuleEachUnknown,
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
    TargetDayRequired,
    TargetLabelRequired,
    TargetNumberOutOfRange,
    TargetStageUnknown,
)
from quotas.editions.services import fields, rules
from quotas.editions.services.entries import ConditionEntry, OfAward, RuleEntry, TargetEntry, rules_of
from quotas.editions.wording import PredicateWord, Relaxed
from quotas.selection import reach
from quotas.selection.labels import (
    HELD,
    ROUTE,
    Domain,
    FacetValues,
    Predicate,
    bearing,
    group_of,
    kinds,
    label,
    predicate_of,
    taken_apart,
)
from quotas.selection.plan import bounds_of_rules
from quotas.selection.problem import EFFORT, Undecided, within

MOST_DENOMINATOR = 10_000

MOST_NUMBER = 100_000

USUAL_PLACES = 100
"""Places at which the rules of an award that was in no round yet are tried on one another."""


def is_shared(entry: RuleEntry) -> bool:
    """Whether the rule, which is sound, is a share that can be handed down in parts.

    What is asked of each body below is theirs already.
    """
    return entry.kind != RuleKind.ABOVE and entry.each not in ROUTE and rules.as_rule(entry.row()).shared


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
    elif not wrong and entry.kept == KeptBy.PARTS and not is_shared(entry):
        yield RuleKeptWhole("kept", label=entry.label)


def is_sound(entry: RuleEntry, domain: Domain) -> bool:
    """Whether what a rule counts and how much it asks make sense, whatever it is called and wherever it is asked."""
    return not [*_label_faults(entry, domain), *_figure_faults(entry)]


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


MOST_LOOK_BACK = 60
"""The most years that a condition looks back; nobody is asked about a title of longer ago."""


def condition_faults(
    entry: ConditionEntry, awards: Collection[str], asked: Iterable[AskedField]
) -> Iterator[FieldProblem]:
    """Everything that makes a condition senseless, given the codes of all awards and the fields of its edition."""
    if text.is_blank(entry.label):
        yield ConditionLabelRequired("label")
    if text.is_blank(entry.clause):
        yield RuleClauseRequired("clause", label=entry.label)
    match entry.kind:
        case ConditionKind.NUMBER:
            numbers = {field.key for field in asked if field.type == FieldType.NUMBER}
            if entry.field_key not in numbers:
                yield ConditionFieldUnknown("field_key", key=entry.field_key)
            if entry.least is None and entry.most is None:
                yield ConditionRangeWrong("least")
            elif entry.least is not None and entry.most is not None and entry.least > entry.most:
                yield ConditionRangeWrong("most")
        case ConditionKind.HELD | ConditionKind.NOT_HELD:
            if not entry.awards:
                yield ConditionAwardsRequired("awards")
            for code in entry.awards:
                if code not in awards:
                    yield ConditionAwardUnknown("awards", award=code)
            if entry.years is not None and not 1 <= entry.years <= MOST_LOOK_BACK:
                yield ConditionYearsOutOfRange("years", number=entry.years, most=MOST_LOOK_BACK)
        case _:
            yield ConditionKindUnknown("kind", kind=entry.kind)


_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def stages_with_lists(final_stage: str) -> tuple[Stage, ...]:
    """The stages at which a slate of the award is held to rules: from the county to the one that gives it."""
    return tuple(stage for stage in Stage if Stage.COUNTY <= stage <= final_stage)


def warnings(draft: RuleVersion) -> list[Reason]:
    """What `publish` would refuse of a draft's rules together, and what they ask of the places; nothing is written."""
    entries = rules_of(draft)
    return [*together(entries), *contradictions(draft, entries)]


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
        held = rules.in_force(rows, stage=stage, award=version.award, previous=None, below=below.get(stage))
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


def together(entries: Sequence[RuleEntry]) -> Iterator[Reason]:
    """A round states the figures of its previous round once for each award, hence for one rule."""
    above = [entry.label for entry in entries if entry.kind == RuleKind.ABOVE]
    if len(above) > 1:
        yield AboveOnce(labels=above)
