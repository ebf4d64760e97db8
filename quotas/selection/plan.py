"""What a body is held to for one award: its places, its slots and its rules, and the bounds that follow from them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from quotas.arithmetic import shares
from quotas.selection.labels import (
    EVERY,
    Domain,
    Entry,
    Label,
    Predicate,
    Routes,
    bearing,
    facet_of,
    kinds,
    predicate_of,
    told,
    value_of,
)

REGULAR, RESERVE, SEPARATE = "regular", "reserve", "separate"
"""The kinds of places 正选 / 后备 / 单列. Only regular entries are in the base of a rule."""

KINDS = (REGULAR, RESERVE, SEPARATE)

COUNTED = (REGULAR, SEPARATE)
"""Entries that go up as winners to be; a reserve counts once it is promoted."""

Basis = Literal["listed", "allotted", "awarded"]
Source = Literal["share_rule", "part", "slot"]
"""Where a bound comes from: a share rule of the award, the body's part of one, or the slots of its allotment."""

WHOLE_LIST = "*"
"""What a slot lies in that is one of the whole list (其中 全体)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A bound on the entries which meet a predicate, as an award states it, with its name and its clause.

    `counted` says which entries are counted and `base` among which: "of the enterprises among the teams, at least 7/10 …"
    is a rule with a base. `basis` says what a share is taken of: the entries of the list ("listed"), the places that
    were given ("allotted"), or the entries of the list that is awarded ("awarded": as "listed", at that stage only).
    """

    code: str
    counted: Predicate
    sense: shares.Sense
    kind: shares.Kind
    numerator: int
    denominator: int = 1
    base: Predicate = EVERY
    basis: Basis = "listed"
    label: str = ""
    clause: str = ""
    advisory: bool = False
    """A broken one refuses nothing: the list is shown a warning and needs an approval."""
    in_parts: bool = False
    """Where places are handed out, each body is given its part of the whole's figure."""

    def __post_init__(self) -> None:
        if self.basis not in ("listed", "allotted", "awarded"):
            raise ValueError(f"unknown basis: {self.basis!r}")
        if self.basis == "allotted" and self.base != EVERY:
            raise ValueError("a share of the allotted places has no other base")
        _ = self.figures  # refuses figures that make no sense

    @property
    def figures(self) -> shares.Bound:
        """The figures of the rule alone."""
        return shares.Bound(self.code, self.sense, self.kind, self.numerator, self.denominator)

    @property
    def partable(self) -> bool:
        """Whether a body can have a part of what it asks: hard ones of the whole list.

        What is advised needs none, and what is asked of some entries among the list is not of its places.
        """
        return self.base == EVERY and not self.advisory

    @property
    def shared(self) -> bool:
        """Whether it is a share of the whole that can be handed down in parts.

        What all have to be, or nobody may be, every list keeps whole.
        """
        nothing = self.numerator == (self.denominator if self.sense == "min" else 0)
        return self.partable and (self.kind, self.basis) == ("share", "listed") and not nothing

    @property
    def facets(self) -> frozenset[str]:
        """The facets by which the rule tells entries apart."""
        return frozenset(map(facet_of, (*self.counted.labels, *self.base.labels)))


@lru_cache(maxsize=512)
def for_each(rule: Rule, facet: str, domain: Domain) -> tuple[tuple[Label, Rule], ...]:
    """The rule once for each value of the facet: counted are the entries that bear it as well.

    Left out are values that nobody bears who could be counted in the base: of "each occupation but officials" there is
    no rule on officials. A maximum over a value that the list has not got is kept by itself.
    """
    base = [kind for kind in kinds(domain, {*rule.facets, facet}) if rule.base.holds(kind)]
    values = (one for values in domain if values.facet == facet for one in values.labels)
    rules = ((one, for_value(rule, one)) for one in values)
    return tuple((one, each) for one, each in rules if any(map(each.counted.holds, base)))


def for_value(rule: Rule, one: Label) -> Rule:
    """The rule for one value of a facet: counted are the entries that bear it as well."""
    return replace(rule, code=f"{rule.code}.{value_of(one)}", counted=rule.counted & bearing(one))


@dataclass(frozen=True, slots=True)
class Slot:
    """A number of regular places that are kept for entries which meet a predicate (分类名额).

    Slots exclude one another: no entry fills two of them. A slot `within` another one (其中) is kept out of its places,
    for entries that meet both predicates; those within the same slot exclude one another. A slot within `WHOLE_LIST`
    takes no place of its own: whoever fills it may fill another one as well.
    """

    kind: Predicate
    places: int
    key: str
    name: str = ""
    within: str = ""
    """The key of the slot that it lies in, `WHOLE_LIST`, or nothing."""


@dataclass(frozen=True, slots=True)
class SeparateLine:
    """Separate places 单列 of a body with their purpose, and whose they are: the body that decides on them.

    They are outside every base. An entry in a separate place fills one of the lines.
    """

    key: str
    purpose: str
    places: int
    owner: str = ""
    """What the owner is called."""
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a body may send up for one award, as plain values."""

    places: Mapping[str, int]
    """By kind of places."""
    slots: tuple[Slot, ...] = ()
    rules: tuple[Rule, ...] = ()
    separate: tuple[SeparateLine, ...] = ()
    parts: Mapping[str, int] = field(default_factory=dict)
    """By code of a rule, how many places are the body's part of its figure of the whole."""
    awarding: bool = False
    """The award is given at this stage: every rule is held on the actual list, and no part replaces one."""
    edition: int | None = None
    """The number of the rule version, where it was asked for."""
    reserves_alone: bool = False
    """The round lets a list be of reserves alone, or of more of them than it has regular places."""
    given: bool = True
    """Whether places were ever given to the body; without them there is nothing yet to hold a list to."""
    units_until: datetime | None = None
    """The last moment at which a unit under the body can apply, where it was asked for."""
    routes: Routes = frozenset()
    """On which ways entries reach the list, where rules tell them apart by city and by county at once."""

    @property
    def takes_entries(self) -> bool:
        """Whether anybody can stand on the list at all."""
        return bool(self.places[REGULAR] or self.places[SEPARATE] or self.reserves_only)

    @property
    def reserves_only(self) -> bool:
        """Whether it has places for reserves and for nobody else, and may be of these."""
        return self.reserves_alone and not self.places[REGULAR] and bool(self.places[RESERVE])

    def with_places(self, regular: int) -> "Plan":
        """The same with another number of regular places."""
        return replace(self, places={**self.places, REGULAR: regular})


def frozen(plan: Plan) -> dict[str, object]:
    """The plan as data, to be kept with a slate that leaves; `thawed` gives it back."""
    return {
        "places": {str(kind): number for kind, number in plan.places.items()},
        "slots": [
            {
                "kind": told(slot.kind),
                "places": slot.places,
                "key": slot.key,
                "name": slot.name,
                "within": slot.within,
            }
            for slot in plan.slots
        ],
        "separate": [
            {"key": line.key, "purpose": line.purpose, "places": line.places, "owner": line.owner}
            for line in plan.separate
        ],
        "reserves_alone": plan.reserves_alone,
        "parts": dict(plan.parts),
        "edition": plan.edition,
        "rules": [
            {
                "code": rule.code,
                "label": rule.label,
                "clause": rule.clause,
                "counted": told(rule.counted),
                "base": told(rule.base),
                "basis": rule.basis,
                "sense": rule.sense,
                "kind": rule.kind,
                "numerator": rule.numerator,
                "denominator": rule.denominator,
                "advisory": rule.advisory,
            }
            for rule in plan.rules
        ],
        "awarding": plan.awarding,
    }


def thawed(data: Mapping[str, Any]) -> Plan:
    """The plan out of `frozen`, whatever has become of the allotment and the rules since."""
    return Plan(
        places=dict(data["places"]),
        slots=tuple(Slot(**{**slot, "kind": predicate_of(slot["kind"])}) for slot in data["slots"]),
        separate=tuple(SeparateLine(**line) for line in data["separate"]),
        reserves_alone=data["reserves_alone"],
        parts=dict(data["parts"]),
        rules=tuple(
            Rule(**{**rule, "counted": predicate_of(rule["counted"]), "base": predicate_of(rule["base"])})
            for rule in data["rules"]
        ),
        awarding=data["awarding"],
        edition=data["edition"],
    )


# Bounds


@dataclass(frozen=True, slots=True)
class SlateBound:
    """One bound that a list is held to: on the entries of its base which meet one of `kinds`, or none of them (`without`).

    `figures` is what entries are counted against. A share of the allotted places becomes a plain count, since the
    places are known: `stated` is the share as the rule says it and `allotted` are the places it is taken of.
    `parted`: a share less the rounding that the body was let off, whose part was handed down to it.
    """

    code: str
    label: str
    clause: str
    source: Source
    figures: shares.Bound
    kinds: tuple[Predicate, ...]
    base: Predicate = EVERY
    without: bool = False
    stated: shares.Bound | None = None
    allotted: int | None = None
    parted: bool = False
    advisory: bool = False

    @property
    def asked(self) -> shares.Bound:
        """What the bound asks as it is stated."""
        return self.stated or self.figures

    @property
    def of_places(self) -> bool:
        """Whether the base are the places allotted, not the entries listed."""
        return self.allotted is not None

    @property
    def has_base(self) -> bool:
        """Whether the length of the base matters: not to a number, which a share of the places given is as well."""
        return self.figures.kind != "count"

    @property
    def labels(self) -> frozenset[str]:
        """Every label that the bound names."""
        return frozenset((*(one for kind in self.kinds for one in kind.labels), *self.base.labels))

    @property
    def facets(self) -> frozenset[str]:
        """The facets by which this bound tells entries apart."""
        return frozenset(map(facet_of, self.labels))

    def covers(self, entry: Entry) -> bool:
        """Whether the entry is part of the base."""
        return self.base.holds(entry)

    def counts(self, entry: Entry) -> bool:
        """Whether the entry is part of the base and of the kind that is counted."""
        return any(kind.holds(entry) for kind in self.kinds) != self.without and self.covers(entry)

    def wants(self, entry: Entry) -> bool:
        """Whether one more entry of this kind moves the list towards the bound, or at least not away from it."""
        return self.counts(entry) == (self.figures.sense == "min")


def bounds_of(plan: Plan) -> list[SlateBound]:
    """What a list is held to: its slots, and the share rules. What is only advised stands in `advised_bounds_of`.

    Below the awarding body a part takes the place of its rule and of nothing else (`part_of`): nested bases and other
    rules stay in force. The awarding body keeps every rule on the actual list, and it alone those on what is awarded.
    """
    bounds = list(_slot_bounds(plan))
    for rule in plan.rules:
        if rule.advisory or not _is_asked(plan, rule):
            continue
        part = part_of(plan, rule)
        bounds += [_rule_bound(plan, rule)] if part is None else _part_bounds(plan, rule, part)
    return bounds


def part_of(plan: Plan, rule: Rule) -> int | None:
    """The body's part of the rule's figure of the whole; None where it keeps the rule by itself.

    A slot of the whole list is the part of the minimum of that very predicate: so many are reserved already.
    """
    if plan.awarding or rule.base != EVERY or rule.advisory:
        return None
    if rule.code in plan.parts:
        return plan.parts[rule.code]
    reserved = (slot.places for slot in plan.slots if slot.kind == rule.counted and _is_outer(slot))
    return next(reserved, None) if rule.sense == "min" else None


def advised_bounds_of(plan: Plan) -> list[SlateBound]:
    """What a list is advised to keep. Whoever looks for a legal list does without these."""
    return [_rule_bound(plan, rule) for rule in plan.rules if rule.advisory and _is_asked(plan, rule)]


def _is_asked(plan: Plan, rule: Rule) -> bool:
    """What is asked of the awarded ones is asked where the award is given."""
    return rule.basis != "awarded" or plan.awarding


def _part_bounds(plan: Plan, rule: Rule, part: int) -> Iterator[SlateBound]:
    """What a body answers for that has a part of the whole's figure (`quotas.arithmetic.parts`).

    Of a minimum the others take at most the places that are no part; of a ceiling the kind takes at most the part. The
    share itself is kept less the rounding in the body's favour. Left out is what the other bound says already.
    """
    places, whole = plan.places[REGULAR], _rule_bound(plan, rule)
    is_share = rule.basis != "allotted" and rule.kind != "count"
    figures = shares.part(rule.figures, places, part) if is_share else rule.figures
    if rule.sense == "max":
        tighter = not is_share or part < shares.required(figures, places)
        if tighter:
            yield _counted(rule, part)
        if is_share and (part or not tighter):
            yield replace(whole, figures=figures, parted=figures != rule.figures)
        return
    if not any(slot.kind == rule.counted and _is_outer(slot) for slot in plan.slots):
        yield replace(_counted(rule, max(places - part, 0)), without=True)
    if is_share and (part or figures == rule.figures):
        yield replace(whole, figures=figures, parted=figures != rule.figures)


def _counted(rule: Rule, most: int) -> SlateBound:
    """At most so many entries, by the part of a rule."""
    return SlateBound(
        code=f"part:{rule.code}",
        label=rule.label or rule.code,
        clause=rule.clause,
        source="part",
        figures=shares.Bound(rule.code, "max", "count", most),
        kinds=(rule.counted,),
    )


def _rule_bound(plan: Plan, rule: Rule) -> SlateBound:
    allotted = plan.places[REGULAR] if rule.basis == "allotted" else None
    figures = rule.figures
    if allotted is not None:
        figures = shares.Bound(rule.code, rule.sense, "count", shares.required(figures, allotted))
    return SlateBound(
        code=rule.code,
        label=rule.label or rule.code,
        clause=rule.clause,
        source="share_rule",
        figures=figures,
        kinds=(rule.counted,),
        base=rule.base,
        stated=rule.figures,
        allotted=allotted,
        advisory=rule.advisory,
    )


def _slot_bounds(plan: Plan) -> Iterator[SlateBound]:
    """Entries that fit none of some slots take at most the places that are not these slots'.

    No entry fills two places, so each finds one iff this holds for every set of slots of which none lies in another
    (Hall's theorem), not only for each by itself. A slot of the whole list and what lies in it are asked apart.
    """
    inner: dict[str, list[Slot]] = {}
    for slot in plan.slots:
        inner.setdefault(slot.within, []).append(slot)
    families = [inner.get("", []), *([slot] for slot in inner.get(WHOLE_LIST, []))]
    order = {slot.key: place for place, slot in enumerate(plan.slots)}
    for family in families:
        sets = _apart(family, inner, EVERY)
        for slots in sorted(sets, key=lambda each: (len(each), [order[slot.key] for slot in each])):
            if slots:
                others = plan.places[REGULAR] - sum(slot.places for slot in slots)
                code = "slot:" + "+".join(slot.key for slot in slots)
                yield SlateBound(
                    code=code,
                    label=slots[0].name if len(slots) == 1 else "",
                    clause="",
                    source="slot",
                    figures=shares.Bound(code, "max", "count", max(others, 0)),
                    kinds=tuple(slot.kind for slot in slots),
                    without=True,
                )


def _apart(
    slots: Iterable[Slot], inner: Mapping[str, Sequence[Slot]], around: Predicate
) -> list[tuple[Slot, ...]]:
    """Every set of these slots, or of what lies in them, of which none lies in another; each with what lies around it.

    A slot within another is for entries that meet both.
    """
    found: list[tuple[Slot, ...]] = [()]
    for slot in slots:
        own = replace(slot, kind=around & slot.kind)
        ways = [*_apart(inner.get(slot.key, ()), inner, own.kind), (own,)]
        found = [(*chosen, *way) for chosen in found for way in ways]
    return found


def _is_outer(slot: Slot) -> bool:
    """Whether it is kept out of the whole list, not out of the places of another slot."""
    return slot.within in ("", WHOLE_LIST)


def bounds_of_rules(rules: Iterable[Rule], places: int) -> tuple[SlateBound, ...]:
    """What the rules ask of a list on so many regular places, whoever is handed a part of them."""
    return tuple(bounds_of(Plan(places={REGULAR: places}, rules=tuple(rules), awarding=True)))
