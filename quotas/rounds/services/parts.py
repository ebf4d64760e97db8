"""Parts 分解数: what each body has of the figure that a rule asks of the whole, and where parts no longer sum to it.

A minimum is rounded up once and a ceiling down once, and shared out over the bodies (`quotas.arithmetic.parts`), so that
nobody rounds its own part once more. Here is what can be handed down, what it costs, and what has drifted apart.
Nothing is written here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from quotas.arithmetic import lots, shares
from quotas.arithmetic.parts import PartCell, PartedLabel, PartsProblem, share_out
from quotas.arithmetic.parts import Parts as Shared
from quotas.arithmetic.refusals import PartsAskedTooMany, PartsHeldTooMany
from quotas.base.errors import Reason, RuleViolation
from quotas.base.querysets import among
from quotas.base.states import KeptBy, Level, RoundState, Sense
from quotas.editions.models import ShareRule
from quotas.editions.services import fields, rules
from quotas.rounds.models import Allotment, RoundAward
from quotas.rounds.refusals import PartsCrossed, PartsLoose, PartsMissing, PartsStrict
from quotas.rounds.services import plans
from quotas.rounds.services.plans import AwardDesk
from quotas.selection.labels import Entry, FacetValues, Label, Predicate, facet_of, kinds
from quotas.selection.plan import REGULAR, WHOLE_LIST, Plan, Rule, Slot, part_of
from quotas.tree.models import Body


@dataclass(frozen=True, slots=True)
class Reserved:
    """Places of a body that are kept for entries which meet a predicate: a slot, or its part of a minimum."""

    name: str
    kind: Predicate
    places: int
    exclusive: bool
    """It shares no place with another one that is exclusive, whatever they are kept for."""


def too_many(
    slots: Iterable[Slot], parts: Mapping[str, int], places: int, held: Mapping[str, Rule]
) -> tuple[Reserved, ...]:
    """The fewest slots and parts of minima that no entry fills two of and that ask for more than the places; else nothing.

    As for slots alone, every set of them is looked at (`quotas.selection.plan`): two fit in each by itself, and three
    may not together. Of those whose predicates one entry can meet, the larger one alone counts.
    """
    minima = {code: rule for code, rule in held.items() if rule.sense == "min" and parts.get(code)}
    kept = [Reserved(rule.label or code, rule.counted, parts[code], False) for code, rule in minima.items()]
    stated = {one.kind for one in kept}
    # A slot of the very predicate is that part, not another one beside it.
    kept += [
        Reserved(slot.name, slot.kind, slot.places, slot.within == "")
        for slot in slots
        if slot.places and slot.within in ("", WHOLE_LIST) and slot.kind not in stated
    ]
    if sum(one.places for one in kept) <= places:
        return ()
    apart = [[_apart(one, other) for other in kept] for one in kept]
    found: list[tuple[Reserved, ...]] = []
    waiting: list[tuple[tuple[int, ...], int]] = [((), 0)]
    while waiting:
        chosen, together = waiting.pop()
        if together > places:
            found.append(tuple(kept[each] for each in chosen))
            continue
        behind = range(chosen[-1] + 1 if chosen else 0, len(kept))
        waiting += [
            ((*chosen, each), together + kept[each].places)
            for each in behind
            if all(apart[each][other] for other in chosen)
        ]
    return min(found, key=len, default=())


def _apart(one: Reserved, other: Reserved) -> bool:
    """Whether no entry can fill both."""
    if one.exclusive and other.exclusive:
        return True
    return not any(map(one.kind.holds, _kinds_of(one.kind, other.kind, meeting=other.kind)))


def _kinds_of(*predicates: Predicate, meeting: Predicate) -> Iterator[Entry]:
    """Every kind of entry that meets one of the predicates, as far as their labels tell kinds apart."""
    values: dict[str, set[Label]] = defaultdict(set)
    for predicate in predicates:
        for one in predicate.labels:
            values[facet_of(one)].add(one)
    domain = tuple(FacetValues(facet, tuple(sorted(each)), optional=True) for facet, each in values.items())
    return filter(meeting.holds, kinds(domain, values))


Placed = Mapping[int, Mapping[str, int]]
"""The parts of bodies: body → code of the rule → how many."""
Steps = Mapping[int, Mapping[str, PartCell[int]]]
"""The same with how each part came about."""


def of_award(round_award: RoundAward) -> list[Rule]:
    """The shares of the slate that gives the award which can be handed down in parts. One statement."""
    held_to = rules.of(round_award_id=round_award.pk, stage=round_award.award.final_stage)
    return [rule for rule in held_to if rule.shared]


def asked(rule: Rule, places: int) -> int:
    """What the rule asks of so many places, all filled: at least so many of a minimum, at most of a ceiling."""
    return min(shares.required(rule.figures, places), places)


def parts_of(*, round_award_id: int, tree: Sequence[Body], places: Mapping[int, int]) -> Placed:
    """
    All shares of the award as parts of the bodies below each body; two statements.

    The parts of the bodies below one body sum to what the rule asks of their places together, or to what that body's own
    part comes to on them where it asks less: no body rounds its own part again, and no level does. Minima of one facet
    are parts of the same places: one two-way table of bodies and labels. The largest remainder decides, and of equal
    remainders the lots of the round. The body that gives the award has no part: it is held to the share. RuleViolation
    where the margins cannot meet.
    """
    round_award = RoundAward.objects.select_related("award", "round").get(pk=round_award_id)
    return given(split(of_award(round_award), round_award, tree, places))


def split(
    held: Iterable[Rule], round_award: RoundAward, tree: Sequence[Body], places: Mapping[int, int]
) -> Steps:
    """The same for some rules of the award, whose places are not written yet, step by step. No statement."""
    held = list(held)
    codes = {body.pk: body.code for body in tree}
    names = {body.pk: body.short_name for body in tree}
    # From above: the tree comes in the order of its paths.
    below: dict[int | None, dict[int, int]] = defaultdict(dict)
    for body in tree:
        if places.get(body.pk) and body.stage != round_award.award.final_stage:
            below[body.parent_id][body.pk] = places[body.pk]
    steps: dict[int, dict[str, PartCell[int]]] = defaultdict(dict)
    for parent, children in below.items():
        total, own = sum(children.values()), steps.get(parent or 0, {})
        above = {code: cell.given for code, cell in own.items()}
        shared = table(
            [
                (rule, asked_below(rule, total, part=above.get(rule.code), places=places.get(parent or 0)))
                for rule in held
            ],
            places=children,
            lot=drawn(round_award, {pk: codes[pk] for pk in children}),
            names=names,
        )
        for cell in shared.cells:
            steps[cell.body][cell.label] = cell
    return steps


def table(
    figures: Iterable[tuple[Rule, int]],
    *,
    places: Mapping[int, int],
    lot: Sequence[int],
    names: Mapping[int, str],
    by_hand: Mapping[tuple[int, str], int] | None = None,
) -> Shared[int]:
    """
    Figures of rules shared out over bodies: the one two-way table by which all parts are computed. No statement.

    Minima of one facet are parts of the same places and stand together. `by_hand` fixes parts, by body and code, and all
    others are shared out anew. RuleViolation with the `names` of the bodies and the rules where the margins cannot meet.
    """
    figures = list(figures)
    problem = PartsProblem(
        places=places,
        labels=[PartedLabel(rule.code, figure, _group(rule)) for rule, figure in figures],
        lot=lot,
        by_hand=by_hand or {},
    )
    called = {rule.code: rule.label or rule.code for rule, _figure in figures}
    try:
        return share_out(problem)
    except RuleViolation as refusal:
        raise RuleViolation(
            *(
                reason.changed(
                    labels=[name for code, name in called.items() if code in reason.labels],
                    bodies=[names[pk] for pk in reason.bodies if isinstance(pk, int)],
                )
                for reason in refusal.reasons
                if isinstance(reason, PartsAskedTooMany | PartsHeldTooMany)
            )
        ) from refusal


def given(steps: Steps) -> Placed:
    """The parts alone."""
    return {pk: {code: cell.given for code, cell in cells.items()} for pk, cells in steps.items()}


def drawn(round_award: RoundAward, codes: Mapping[int, str]) -> list[int]:
    """Bodies in the order of their lots in the award, which follow from the round's code and the bodies' codes."""
    bodies = {code: pk for pk, code in codes.items()}
    return [
        bodies[code] for code in lots.order(f"{round_award.round.lots_code} {round_award.award.code}", bodies)
    ]


def both_ways(
    held: Iterable[Rule], round_award: RoundAward, tree: Sequence[Body], places: Mapping[int, int]
) -> tuple[Steps, Placed]:
    """The parts of the rules that are kept in parts, and what parts of all rules would be: of the others each alone."""
    held = list(held)
    chosen = split([rule for rule in held if rule.in_parts], round_award, tree, places)
    found: dict[int, dict[str, int]] = {pk: dict(parts) for pk, parts in given(chosen).items()}
    for rule in held:
        if not rule.in_parts:
            for pk, parts in given(split([rule], round_award, tree, places)).items():
                found.setdefault(pk, {}).update(parts)
    return chosen, found


def asked_below(rule: Rule, total: int, *, part: int | None, places: int | None) -> int:
    """What the bodies below one have of the rule together, on `total` places; it has `part` of its own `places`.

    What the body above was let off is not asked of those below it, and what it may not have they may not have either.
    """
    figure = asked(rule, total)
    if part is None or not places:
        return figure
    least, most = -(-part * total // places), part * total // places
    return min(figure, least if rule.sense == "min" else most)


def _group(rule: Rule) -> str | None:
    """Of one facet an entry bears one label, so minima on it take each other's room; a ceiling takes none."""
    only = rule.counted.only
    return facet_of(only) if only and rule.sense == "min" else None


@dataclass(frozen=True)
class Compared:
    """A share on the places of one level, in both ways: of each slate by itself, and in parts of all slates together.

    `shut_out` bodies have no place for anybody else when each slate keeps the share by itself; of a ceiling, they have
    none for the kind. `shut_out_in_parts` are those of the other way.
    """

    level: Level
    rule: Rule
    bodies: int
    places: int
    by_itself: int
    in_parts: int
    shut_out: int
    shut_out_in_parts: int


def compared(
    held: Iterable[Rule], tree: Iterable[Body], places: Mapping[int, int], parts: Placed
) -> Iterator[Compared]:
    """Each share on each level that can have parts: what it comes to in both ways. No statement."""
    bodies = list(tree)
    for rule in held:
        for level in (Level.CITY, Level.INDUSTRY, Level.COUNTY):
            there = [
                body.pk for body in bodies if body.level == level and rule.code in parts.get(body.pk, {})
            ]
            ways = [
                [asked(rule, places[pk]) for pk in there],
                [parts[pk][rule.code] for pk in there],
            ]
            shut = [
                sum(
                    number == (places[pk] if rule.sense == "min" else 0)
                    for pk, number in zip(there, way, strict=True)
                )
                for way in ways
            ]
            if there:
                yield Compared(
                    level=level,
                    rule=rule,
                    bodies=len(there),
                    places=sum(places[pk] for pk in there),
                    by_itself=sum(ways[0]),
                    in_parts=sum(ways[1]),
                    shut_out=shut[0],
                    shut_out_in_parts=shut[1],
                )


@dataclass(frozen=True)
class Price:
    """What a share comes to in both ways on the places of a round that is being planned."""

    round: str
    lines: tuple[Compared, ...]


def prices(*, award_id: int, rule: Rule) -> list[Price]:
    """What the share would come to in each planned round of the award that has places below; three statements, two without."""
    planned = RoundAward.objects.filter(award=award_id, round__state=RoundState.PLANNED)
    there: dict[int, dict[int, int]] = defaultdict(dict)
    below = Allotment.objects.filter(round_award__in=planned, places__gt=0, body__parent__isnull=False)
    for round_award_id, body_id, places in below.values_list("round_award", "body", "places"):
        there[round_award_id][body_id] = places
    if not there:
        return []
    tree = list(
        Body.objects.filter(pk__in=among({pk for each in there.values() for pk in each})).order_by("path")
    )
    return [
        Price(
            each.round.name, tuple(compared([rule], tree, places, given(split([rule], each, tree, places))))
        )
        for each in planned.select_related("round", "award").order_by("pk")
        if (places := there.get(each.pk))
    ]


def drift(*, round_award_id: int, parents: Collection[int] | None = None) -> list[Reason]:
    """
    Where parts no longer sum to what the rule asks of all places below a body; five statements, one without parts.

    Below some `parents`, or all. What a parent was let off by its own part is not asked below it. Bodies without a part
    keep the share by themselves, with what that rounds to. Said is
    PartsLoose where the slates together can break the share, PartsStrict where every body has a part and these ask
    for more than it does, PartsCrossed where the parts of a minimum and of the ceiling on everybody else fell to different
    bodies, so that both together ask for more, and PartsMissing where the rule is to be kept in parts and nobody has one.
    Otherwise there is nothing to drift where nobody has a part.
    """
    return drift_of([round_award_id], parents=parents)


def drift_of(round_award_ids: Collection[int], *, parents: Collection[int] | None = None) -> list[Reason]:
    """The same of several awards, in as many statements."""
    given = Allotment.objects.filter(
        round_award__in=round_award_ids, places__gt=0, body__parent__isnull=False
    )
    if parents is not None:
        given = given.filter(Q(body__parent__in=parents) | Q(body__in=parents))
    chosen = ShareRule.objects.filter(version__rounds=OuterRef("round_award"), kept=KeptBy.PARTS)
    if not given.filter(Q(lines__isnull=False) | Exists(chosen)).exists():
        return []
    rows = list(
        given.select_related("body__parent", "round_award__award").order_by(
            "round_award__award__order", "round_award", "body__path"
        )
    )
    desks = [AwardDesk.at(row.round_award, row.body) for row in rows]
    known = plans.of(desk for desk in desks if desk.stage != desk.round_award.award.final_stage)
    awards = {row.round_award_id: row.round_award for row in rows}
    held = _held(awards.values())
    below: dict[tuple[int, Body], list[tuple[str, Plan]]] = defaultdict(list)
    above: dict[tuple[int, Body], Plan] = {}
    for row, desk in zip(rows, desks, strict=True):
        if desk.key not in known:
            continue
        above[row.round_award_id, row.body] = known[desk.key]
        if row.body.parent is not None and (parents is None or row.body.parent_id in parents):
            below[row.round_award_id, row.body.parent].append((row.body.short_name, known[desk.key]))
    parted = {pk for (pk, _parent), children in below.items() if any(plan.parts for _name, plan in children)}
    crossed = {pk: _complements(held[pk], awards[pk]) for pk in parted}
    found: list[Reason | None] = []
    for (pk, parent), children in below.items():
        award, name, plan = awards[pk].award.name, parent.short_name, above.get((pk, parent))
        own = [each for _name, each in children]
        found += [_drifted(rule, name, plan, own, award) for rule in held[pk]]
        found += [_crossed(*pair, name, plan, children, award) for pair in crossed.get(pk, ())]
    return [reason for reason in found if reason is not None]


def _held(round_awards: Iterable[RoundAward]) -> dict[int, list[Rule]]:
    """What `of_award` says of each. One statement."""
    awards = list(round_awards)
    rows: dict[int, list[ShareRule]] = defaultdict(list)
    for rule in ShareRule.objects.filter(version__in={each.rule_version_id for each in awards}).order_by(
        "pk"
    ):
        rows[rule.version_id].append(rule)
    return {
        each.pk: [
            rule
            for rule in rules.in_force(
                rows[each.rule_version_id],
                stage=each.award.final_stage,
                award=each.award,
                previous=rules.previous_of(each),
            )
            if rule.shared
        ]
        for each in awards
    }


def _complements(held: Sequence[Rule], round_award: RoundAward) -> list[tuple[Rule, Rule]]:
    """The minima with the ceilings on everybody else: both say the same of a list, and their parts need not."""
    pairs = [(least, most) for least in held for most in held if (least.sense, most.sense) == ("min", "max")]
    if not pairs:
        return []
    domain = fields.domain_of(round_award.rule_version_id, round_award.award.nominee_kind)
    return [
        (least, most)
        for least, most in pairs
        if all(
            least.counted.holds(kind) != most.counted.holds(kind)
            for kind in kinds(domain, least.facets | most.facets)
        )
    ]


def _asked_of(rule: Rule, total: int, above: Plan | None) -> int:
    """What is asked of all places below a body that has this plan itself; of the whole it has none."""
    if above is None:
        return asked(rule, total)
    return asked_below(rule, total, part=part_of(above, rule), places=above.places[REGULAR])


def _crossed(
    least: Rule,
    most: Rule,
    parent: str,
    above: Plan | None,
    children: Sequence[tuple[str, Plan]],
    award: str,
) -> Reason | None:
    """What the part of the ceiling leaves to the kind of the minimum is more than the minimum's own part, summed over
    the bodies: the lots fell otherwise.
    """
    stricter = []
    asked_for = together = 0
    for name, plan in children:
        low, high = part_of(plan, least), part_of(plan, most)
        if low is None or high is None:
            return None
        left = plan.places[REGULAR] - high
        asked_for += max(low, left)
        together += plan.places[REGULAR]
        if left > low:
            stricter.append(name)
    required = max(_asked_of(least, together, above), together - _asked_of(most, together, above))
    if asked_for <= required:
        return None
    return PartsCrossed(
        body=parent,
        award=award,
        minimum=least.label or least.code,
        ceiling=most.label or most.code,
        bodies=stricter[:NAMED],
        number=len(stricter),
        places=together,
        required=required,
        asked=asked_for,
    )


NAMED = 10
"""So many bodies are named at most."""


def _drifted(
    rule: Rule, parent: str, above: Plan | None, children: Sequence[Plan], award: str
) -> Reason | None:
    parts = [part_of(plan, rule) for plan in children]
    if all(part is None for part in parts):
        return PartsMissing(body=parent, award=award, rule=rule.label or rule.code) if rule.in_parts else None
    places = sum(plan.places[REGULAR] for plan in children)
    required = _asked_of(rule, places, above)
    brought = sum(
        asked(rule, plan.places[REGULAR]) if part is None else part
        for plan, part in zip(children, parts, strict=True)
    )
    loose = brought < required if rule.sense == "min" else brought > required
    if brought == required or (None in parts and not loose):
        return None
    return (PartsLoose if loose else PartsStrict)(
        body=parent,
        award=award,
        rule=rule.label or rule.code,
        places=places,
        sense=Sense(rule.sense),
        required=required,
        parts=brought,
    )
