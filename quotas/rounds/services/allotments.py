"""Allotments 名额分配: how many each body may send up. The only writer of `Allotment.committed`.

An allotment's row is the serialisation point of everything that counts against it. Places are handed down level by
level: the province by its planners, everybody else by the body above. A body may be given more places than its
list will in the end have (差额推荐), but never fewer than its slate has taken already.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import F

from quotas.arithmetic import apportion
from quotas.arithmetic.parts import PartCell
from quotas.base.errors import FieldProblem, InvalidInput, Reason, RuleViolation
from quotas.base.refusals import ReasonRequired
from quotas.base.states import Level, RoundState, Stage
from quotas.base.text import required_text
from quotas.editions.models import Award
from quotas.editions.services import rules
from quotas.ledger.services import ledger
from quotas.rounds.models import Allotment, PlacesLine, RoundAward
from quotas.rounds.refusals import (
    BelowCommitted,
    BelowFinalStage,
    CitiesWithoutCounties,
    HandedDownBelow,
    HandedDownFarAbove,
    NegativePlaces,
    NotAChild,
    PartExceedsPlaces,
    PartsTogether,
    PartWithoutRule,
    PlacesChanged,
    PlacesExceeded,
    ReservedWord,
    RoundClosed,
    RoundNotPlanned,
)
from quotas.rounds.services import parts as parted
from quotas.rounds.services import separates
from quotas.rounds.services import slots as slots_
from quotas.selection.labels import predicate_of, told
from quotas.selection.plan import Rule, SeparateLine, Slot
from quotas.tree.models import Body, User
from quotas.tree.permissions import Act, require


@dataclass(frozen=True)
class AllPlaces:
    """All places of one body for one award: its slots, and its parts of rules by their codes, besides."""

    places: int = 0
    reserve_places: int = 0
    separate: tuple[SeparateLine, ...] = ()
    slots: tuple[Slot, ...] = ()
    parts: Mapping[str, int] = field(default_factory=dict)

    @property
    def separate_places(self) -> int:
        """All separate places, whatever for."""
        return sum(line.places for line in self.separate)

    def told(self, names: Mapping[str, str]) -> dict[str, Any]:
        """Each figure, as the ledger keeps it; rules by their names."""
        return {
            "places": self.places,
            "reserve_places": self.reserve_places,
            "separate_places": self.separate_places,
            **(
                {
                    "separate": [
                        {"name": line.purpose, "places": line.places, "owner": line.owner}
                        for line in self.separate
                    ]
                }
                if self.separate
                else {}
            ),
            "slots": _told_slots(self.slots),
            "parts": _told_parts(self.parts, names),
        }


NOTHING = AllPlaces()
"""What a body without an allotment has."""


@dataclass(frozen=True)
class HandedDown:
    """The allotments of the bodies below, and what the planner should look at once more."""

    allotments: tuple[Allotment, ...]
    warnings: tuple[Reason, ...]


@transaction.atomic
def set_places(
    *,
    round_award_id: int,
    body_id: int,
    places: int,
    actor: User | None,
    reserve_places: int = 0,
    separate: Sequence[SeparateLine] = (),
    slots: Sequence[Slot] = (),
    parts: Mapping[str, int] | None = None,
    reason: str = "",
    plan: str | None = None,
) -> Allotment:
    """
    Set all places of one body for one award. `slots` reserve some of them; `parts` are what the body has of the figures
    that rules ask of the whole, by code. A part of 0 says that a minimum asks nothing of this body; a rule that is left
    out is kept by its slate alone. Each line of `separate` places has a purpose and an owner, the body itself or one above
    it; without one it is whoever hands the places down.

    `plan` is the `digest` of the body's places as the form showed them; None where no form was drawn.

    The places of the province are those of the whole, and PLAN_ROUND there decides on them; everywhere else
    ALLOCATE_PLACES at the body above. While the round is open a reason is needed.

    Raises NotPermitted; PlacesChanged; RoundClosed; InvalidInput (NegativePlaces,
    ReasonRequired, BelowFinalStage for a body above the stage that gives the award, what `slots.faults` and
    `separates.faults` find, PartWithoutRule); RuleViolation (BelowCommitted, SlotsExceedPlaces, SlotOverfull, PartExceedsPlaces, PartsTogether).
    """
    round_award = lock_round_award(round_award_id=round_award_id)
    body = Body.objects.get(pk=body_id)
    there = lock(round_award_id=round_award_id, body_ids=[body_id])
    _require(actor, body)
    _require_same(plan, round_award_id, body=body_id)
    require_changeable(round_award, reason)
    parts = parts or {}
    _require_counts(
        {
            "places": places,
            "reserve_places": reserve_places,
            **{f"separate_{line.key}_places": line.places for line in separate},
            **{f"slot_{slot.key}_places": slot.places for slot in slots},
            **{f"part_{code}": number for code, number in parts.items()},
        }
    )
    before = _places_of(there)
    held = _partable(round_award, parts, before.values())
    names = _names(held)
    lines = separates.owned(separate, body)
    _require_sense(round_award, slots, parts, names, separates.faults(lines))
    after = AllPlaces(places, reserve_places, lines, tuple(slots), parts)
    (allotment,) = _write(round_award, {body_id: body}, there, before, {body_id: after}, held)
    if body.parent_id is None and round_award.places != places:
        round_award.places = places
        round_award.save(update_fields=["places"])
    ledger.append(
        stream=f"allotment:{allotment.pk}",
        act="set_places",
        actor=actor,
        body=body,
        before=before[body_id].told(names) if there else {},
        after={**after.told(names), "award": round_award.award.name},
        reason=reason,
    )
    return allotment


@transaction.atomic
def hand_down(
    *,
    round_award_id: int,
    parent_id: int,
    places_by_body: Mapping[int, int],
    actor: User | None,
    reason: str = "",
    plan: str | None = None,
) -> HandedDown:
    """
    Set the places of bodies directly below `parent_id`; reserve and separate places, slots and parts stay.

    `plan` is the `digest` of all bodies directly below as the form showed them. A fixed number of statements for any
    number of bodies. Giving more or fewer places than the parent has, and parts that no longer sum to the figure of
    the whole (`parts.drift`), are allowed and come back as warnings. Raises as `set_places` does, for all bodies at once, and
    InvalidInput(NotAChild("places_by_body")).
    """
    round_award = lock_round_award(round_award_id=round_award_id)
    parent = Body.objects.get(pk=parent_id)
    children = {body.pk: body for body in Body.objects.filter(pk__in=places_by_body)}
    there = lock(round_award_id=round_award_id, body_ids=[parent_id, *places_by_body])
    own = there.pop(parent_id, None)
    require(actor, Act.ALLOCATE_PLACES, parent_id)
    _require_same(plan, round_award_id, body__parent=parent_id)
    require_changeable(round_award, reason)
    _require_children(parent, children)
    _require_counts({children[pk].short_name: places for pk, places in places_by_body.items()})
    allotments = give(
        round_award=round_award,
        bodies=children,
        there=there,
        given={pk: Given(places, reason=reason) for pk, places in places_by_body.items()},
        act="hand_down",
        actor=actor,
    )
    own_places = own.places if own else None
    warnings = [
        *second_look(own_places, sum(places_by_body.values())),
        *parted.drift(round_award_id=round_award_id, parents=[parent_id]),
    ]
    return HandedDown(allotments, tuple(warnings))


def digest(*, round_award_id: int, body_id: int) -> str:
    """What a body has, as one word: equal as long as none of its places changes. Two statements.

    A form carries it and the service compares it under the lock, so that no older figures come back.
    """
    return _digest(round_award_id, body=body_id)


def digest_below(*, round_award_id: int, parent_id: int) -> str:
    """The `digest` of all bodies directly below one."""
    return _digest(round_award_id, body__parent=parent_id)


def digest_of_tree(*, round_award_id: int) -> str:
    """The `digest` of all bodies under the province."""
    return _digest(round_award_id, body__parent__isnull=False)


def _digest(round_award_id: int, **which: int | bool) -> str:
    there = Allotment.objects.filter(round_award=round_award_id, **which).order_by("body")
    places = list(there.values_list("body", "places", "reserve_places", "separate_places"))
    of_them = {f"allotment__{name}": value for name, value in which.items()}
    lines = PlacesLine.objects.filter(allotment__round_award=round_award_id, **of_them)
    values = lines.order_by("allotment__body", "key", "rule").values_list("allotment__body", *_LINE)
    return hashlib.sha256(repr((places, list(values))).encode()).hexdigest()


def _require_same(plan: str | None, round_award_id: int, **which: int | bool) -> None:
    """Raise PlacesChanged where the places are not those that the form showed."""
    if plan is not None and plan != _digest(round_award_id, **which):
        raise PlacesChanged


@dataclass(frozen=True)
class Given:
    """
    What one body is given. `parts` replace its parts of these rules, others stay. A 0 is written as well: it is this
    body's part, and its slate is not held to the whole's share.

    Reserve places stay where none are given. `facts` say in the ledger how the figures came about.
    """

    places: int
    parts: Mapping[str, int] = field(default_factory=dict)
    reserve_places: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""

    def over(self, before: AllPlaces, taken_back: Collection[str]) -> AllPlaces:
        """What the body has once this is given; the parts `taken_back` go, everything else that is not given stays."""
        kept = {code: number for code, number in before.parts.items() if code not in taken_back}
        reserves = before.reserve_places if self.reserve_places is None else self.reserve_places
        return replace(before, places=self.places, reserve_places=reserves, parts={**kept, **self.parts})


def give(
    *,
    round_award: RoundAward,
    bodies: Mapping[int, Body],
    there: Mapping[int, Allotment],
    given: Mapping[int, Given],
    act: str,
    actor: User | None,
    taken_back: Collection[str] = (),
    problems: Iterable[Reason] = (),
    tell_all: bool = False,
) -> tuple[Allotment, ...]:
    """
    Write what bodies are given, with one ledger row (`act`) for each that changes, or with `tell_all` for each.

    Parts of the rules `taken_back` go where a body is given none of them. Separate places and slots stay. The caller holds
    the locks of the round award and of the allotments `there`, has asked permission and state, and gives no figure below
    nought. Its own `problems` are refused together with those found here. A fixed number of statements. Raises
    InvalidInput(BelowFinalStage), RuleViolation (BelowCommitted, SlotsExceedPlaces, PartExceedsPlaces), for all bodies at
    once.
    """
    before = _places_of(there)
    after = {pk: each.over(before.get(pk, NOTHING), taken_back) for pk, each in given.items()}
    touched = _Touched.by(given.values(), taken_back)
    held = _partable(round_award, touched.codes, before.values())
    names = _names(held)
    allotments = _write(round_award, bodies, there, before, after, held, problems)
    ledger.append_many(
        rows=[
            ledger.LedgerDraft(
                stream=f"allotment:{allotment.pk}",
                act=act,
                actor=actor,
                body=pk,
                before=touched.told(before[pk], names) if pk in before else {},
                after={**touched.told(after[pk], names), **given[pk].facts, "award": round_award.award.name},
                reason=given[pk].reason,
            )
            for allotment in allotments
            for pk in (allotment.body_id,)
            if tell_all or before.get(pk) != after[pk]
        ]
    )
    return allotments


@dataclass(frozen=True)
class _Touched:
    """Which figures an act of giving can change, so that its ledger rows keep these alone."""

    reserves: bool
    codes: frozenset[str]

    @classmethod
    def by(cls, given: Collection[Given], taken_back: Collection[str]) -> "_Touched":
        reserves = any(each.reserve_places is not None for each in given)
        return cls(reserves, frozenset(taken_back).union(*(each.parts for each in given)))

    def told(self, figures: AllPlaces, names: Mapping[str, str]) -> dict[str, Any]:
        reserves = {"reserve_places": figures.reserve_places} if self.reserves else {}
        of_them = {code: number for code, number in figures.parts.items() if code in self.codes}
        parts = {"parts": _told_parts(of_them, names)} if of_them else {}
        return {"places": figures.places} | reserves | parts


def _write(
    round_award: RoundAward,
    bodies: Mapping[int, Body],
    there: Mapping[int, Allotment],
    before: Mapping[int, AllPlaces],
    after: Mapping[int, AllPlaces],
    held: Mapping[str, Rule],
    problems: Iterable[Reason] = (),
) -> tuple[Allotment, ...]:
    """
    Make the places of these bodies what `after` says; nothing else writes them. A fixed number of statements.

    Raises InvalidInput(BelowFinalStage); RuleViolation with `problems`, BelowCommitted and what does not fit the places.
    """
    _require_below_final(round_award.award, bodies.values())
    violations = [*problems]
    for pk, wanted in after.items():
        violations += _below_committed(bodies[pk], there.get(pk), wanted.places)
        violations += line_violations(bodies[pk], round_award.award, wanted, held)
    if violations:
        raise RuleViolation(*violations)

    new = [Allotment(round_award=round_award, body=bodies[pk]) for pk in after if pk not in there]
    allotments = (*there.values(), *new)
    for allotment in allotments:
        wanted = after[allotment.body_id]
        allotment.places = wanted.places
        allotment.reserve_places = wanted.reserve_places
        allotment.separate_places = wanted.separate_places
    Allotment.objects.bulk_update(there.values(), ["places", "reserve_places", "separate_places"])
    Allotment.objects.bulk_create(new)
    _write_lines(allotments, before, after)
    return allotments


def _write_lines(
    allotments: Iterable[Allotment], before: Mapping[int, AllPlaces], after: Mapping[int, AllPlaces]
) -> None:
    """Write slots and parts anew of every allotment in which one of them changes."""
    changed = [
        allotment
        for allotment in allotments
        for old in (before.get(allotment.body_id, NOTHING),)
        for new in (after[allotment.body_id],)
        if (new.slots, new.separate, new.parts) != (old.slots, old.separate, old.parts)
    ]
    PlacesLine.objects.filter(allotment__in=[each for each in changed if each.body_id in before]).delete()
    PlacesLine.objects.bulk_create(
        line for allotment in changed for line in lines_of(allotment, after[allotment.body_id])
    )


def lines_of(allotment: Allotment, figures: AllPlaces) -> Iterator[PlacesLine]:
    """The rows of its slots and parts, not saved."""
    for slot in figures.slots:
        yield PlacesLine(
            allotment=allotment,
            key=slot.key,
            name=slot.name,
            kind=told(slot.kind),
            within=slot.within,
            places=slot.places,
        )
    for line in figures.separate:
        yield PlacesLine(
            allotment=allotment, key=line.key, name=line.purpose, owner_id=line.owner_id, places=line.places
        )
    for code, number in figures.parts.items():
        yield PlacesLine(allotment=allotment, rule=code, places=number)


_LINE = ("key", "name", "kind", "within", "rule", "owner", "places")


def _places_of(there: Mapping[int, Allotment]) -> dict[int, AllPlaces]:
    """What the bodies have now. One statement."""
    rows = PlacesLine.objects.filter(allotment__in=there.values()).select_related("owner").order_by("pk")
    lines: dict[int, list[PlacesLine]] = {pk: [] for pk in there}
    for row in rows.annotate(body=F("allotment__body")):
        lines[row.body].append(row)
    return {pk: places_of(allotment, lines[pk]) for pk, allotment in there.items()}


def places_of(allotment: Allotment, lines: Iterable[PlacesLine]) -> AllPlaces:
    """All places of an allotment, from its row and those of its lines (with `owner`)."""
    lines = list(lines)
    return AllPlaces(
        allotment.places,
        allotment.reserve_places,
        separate=tuple(
            SeparateLine(line.key, line.name, line.places, line.owner.short_name, line.owner.pk)
            for line in lines
            if line.owner is not None
        ),
        slots=tuple(
            Slot(predicate_of(line.kind), line.places, line.key, line.name, line.within)
            for line in lines
            if line.key and line.owner_id is None
        ),
        parts={line.rule: line.places for line in lines if line.rule},
    )


def line_violations(
    body: Body, award: Award, figures: AllPlaces, held: Mapping[str, Rule]
) -> Iterator[Reason]:
    """Slots and parts that do not fit the places, each by itself or together; `held` are the rules by code."""
    yield from slots_.violations(body, award, figures.places, figures.slots)
    who = body.short_name
    over = {code: number for code, number in figures.parts.items() if number > figures.places}
    for code, number in over.items():
        yield PartExceedsPlaces(
            body=who,
            award=award.name,
            rule=_names(held).get(code, code),
            places=figures.places,
            part=number,
        )
    reserved = parted.too_many(figures.slots, figures.parts, figures.places, held)
    # Slots alone were looked at, and a part that is more than all places is said by itself.
    if not over and len(reserved) > 1 and any(not one.exclusive for one in reserved):
        yield PartsTogether(
            body=who,
            award=award.name,
            places=figures.places,
            lines=[ReservedWord(one.name, one.places) for one in reserved],
            together=sum(one.places for one in reserved),
        )


def _require_sense(
    round_award: RoundAward,
    slots: Sequence[Slot],
    parts: Collection[str],
    names: Mapping[str, str],
    more: Iterable[FieldProblem],
) -> None:
    problems = [
        *slots_.faults(slots, round_award),
        *more,
        *(
            PartWithoutRule(f"part_{code}", rule=code, award=round_award.award.name)
            for code in parts
            if code not in names
        ),
    ]
    if problems:
        raise InvalidInput(*problems)


def _partable(
    round_award: RoundAward, codes: Collection[str], before: Iterable[AllPlaces]
) -> dict[str, Rule]:
    """The rules, by code, of which bodies have parts or get some; one statement, none without parts."""
    if not codes and not any(each.parts for each in before):
        return {}
    return partable(round_award.pk)


def partable(round_award_id: int) -> dict[str, Rule]:
    """The rules of an award that bodies can have parts of, by code. One statement."""
    return {rule.code: rule for rule in rules.of(round_award_id=round_award_id, stage=None) if rule.partable}


def _names(held: Mapping[str, Rule]) -> dict[str, str]:
    return {code: rule.label or rule.code for code, rule in held.items()}


def _told_slots(slots: Sequence[Slot]) -> list[dict[str, Any]]:
    """As people read them: what a slot lies in by its name, the whole list as it is."""
    names = {slot.key: slot.name for slot in slots}
    return [
        {"name": slot.name, "places": slot.places, "kind": told(slot.kind)}
        | ({"within": names.get(slot.within, slot.within)} if slot.within else {})
        for slot in slots
    ]


def _told_parts(parts: Mapping[str, int], names: Mapping[str, str]) -> dict[str, int]:
    return {names.get(code, code): number for code, number in sorted(parts.items())}


@dataclass(frozen=True)
class Hand:
    """What a proposal gives one body. `step` shows the computation of a city's places.

    `parts` show how it came to what it has of each share that is kept in parts, by code of the rule. `by_itself` is what each share
    asks of a slate that fills these places.
    """

    body: Body
    places: int
    reserve_places: int
    before: int | None
    step: apportion.DivisionStep[int] | None = None
    parts: Mapping[str, PartCell[int]] = field(default_factory=dict)
    by_itself: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class PlacesProposal:
    """Places for the whole tree under the province, not written, and what the planner should look at once more."""

    hands: tuple[Hand, ...]
    warnings: tuple[Reason, ...]
    compared: tuple[parted.Compared, ...] = ()
    held: tuple[Rule, ...] = ()
    """The shares that can be handed down in parts."""

    def total(self, *levels: Level) -> int:
        """All places of the bodies of these levels."""
        return sum(hand.places for hand in self.hands if hand.body.level in levels)

    def number(self, *levels: Level) -> int:
        """How many bodies of these levels get any."""
        return sum(1 for hand in self.hands if hand.body.level in levels and hand.places)


def propose(
    *,
    round_award_id: int,
    city_total: int = 0,
    industry_each: int = 0,
    county_each: int = 0,
    reserve_percent: int = 0,
) -> PlacesProposal:
    """
    Places for every body under the province: the cities share `city_total` by the number of their counties.

    The largest remainder decides, and of equal remainders the lots of the round. Every industry union gets
    `industry_each`, every county `county_each`; reserves are `reserve_percent` of a body's places, rounded up.
    Bodies above the stage that gives the award get nothing. Shares that the edition keeps in parts come
    with the parts of each body; the others every slate keeps by itself. A fixed number of statements; nothing is written.
    Raises InvalidInput (NegativePlaces; "city_total", CitiesWithoutCounties).
    """
    round_award = RoundAward.objects.select_related("award", "round").get(pk=round_award_id)
    _require_counts(
        {
            "city_total": city_total,
            "industry_each": industry_each,
            "county_each": county_each,
            "reserve_percent": reserve_percent,
        }
    )
    tree = [
        body
        for body in Body.objects.filter(closed_on=None, parent__isnull=False).order_by("path")
        if body.stage <= round_award.award.final_stage
    ]
    given = dict(Allotment.objects.filter(round_award=round_award).values_list("body", "places"))
    shared = _by_counties(round_award, tree, city_total)
    each = {Level.INDUSTRY: industry_each, Level.COUNTY: county_each}
    places = {
        body.pk: shared[body.pk].given if body.pk in shared else each.get(body.level, 0) for body in tree
    }
    held = parted.of_award(round_award)
    split, instead = parted.both_ways(held, round_award, tree, places)
    hands = [
        Hand(
            body=body,
            places=places[body.pk],
            # Rounded up, in integers.
            reserve_places=-(-places[body.pk] * reserve_percent // 100),
            before=given.get(body.pk),
            step=shared.get(body.pk),
            parts=split.get(body.pk, {}),
            by_itself={rule.code: parted.asked(rule, places[body.pk]) for rule in held},
        )
        for body in tree
    ]
    # The stage that shares the whole: the one that gives the award, or the one below the province.
    top = min(round_award.award.final_stage, Stage.CITY)
    handed_down = sum(hand.places for hand in hands if hand.body.stage == top)
    return PlacesProposal(
        tuple(hands),
        tuple(second_look(round_award.places, handed_down)),
        tuple(parted.compared(held, tree, places, instead)),
        tuple(held),
    )


@transaction.atomic
def hand_out(
    *,
    round_award_id: int,
    actor: User | None,
    city_total: int = 0,
    industry_each: int = 0,
    county_each: int = 0,
    reserve_percent: int = 0,
    plan: str | None = None,
) -> PlacesProposal:
    """
    Write a proposal for the whole tree of a round that is still planned; separate places stay.

    Parts of the shares that the edition keeps in parts are set, and those of others taken back: these every slate keeps by
    itself. Slots stay. The plan is the province's, so PLAN_ROUND there is
    enough for the counties as well; from the opening on every body hands down its own (`hand_down`). A fixed number of
    statements; a body whose places stay leaves no row in the ledger. `plan` is the `digest_of_tree` as the preview showed it. Raises as `propose`, NotPermitted,
    RoundNotPlanned, PlacesChanged, RuleViolation(SlotsExceedPlaces).
    """
    round_award = lock_round_award(round_award_id=round_award_id)
    require(actor, Act.PLAN_ROUND, Body.objects.values_list("pk", flat=True).get(parent=None, closed_on=None))
    round_ = round_award.round
    if round_.state != RoundState.PLANNED:
        raise RoundNotPlanned(round=round_.name, state=round_.state)
    wanted = {
        "city_total": city_total,
        "industry_each": industry_each,
        "county_each": county_each,
        "reserve_percent": reserve_percent,
    }
    proposal = propose(round_award_id=round_award_id, **wanted)
    there = lock(round_award_id=round_award_id, body_ids=[hand.body.pk for hand in proposal.hands])
    _require_same(plan, round_award_id, body__parent__isnull=False)
    # A body that gets nothing and has nothing needs no row.
    hands = [hand for hand in proposal.hands if hand.places or hand.body.pk in there]
    names = {rule.code: rule.label or rule.code for rule in proposal.held}
    give(
        round_award=round_award,
        bodies={hand.body.pk: hand.body for hand in hands},
        there=there,
        given={
            hand.body.pk: Given(
                hand.places,
                {code: cell.given for code, cell in hand.parts.items()},
                hand.reserve_places,
                facts=_computed(hand.step) | parts_told(hand.parts, names),
            )
            for hand in hands
        },
        act="hand_out",
        actor=actor,
        taken_back={rule.code for rule in proposal.held},
    )
    return proposal


def lock(*, round_award_id: int, body_ids: Iterable[int]) -> dict[int, Allotment]:
    """The allotments of these bodies by body, their rows locked by primary key until the transaction ends."""
    rows = (
        Allotment.objects.select_for_update()
        .filter(round_award=round_award_id, body__in=list(body_ids))
        .order_by("pk")
    )
    return {allotment.body_id: allotment for allotment in rows}


def commit(*, allotment: Allotment, regular: int) -> None:
    """
    Write how many regular entries the body's slate has taken: set, never added. The caller holds the row's lock.

    Raises RuleViolation(PlacesExceeded); the check constraint of the table says the same.
    """
    if regular > allotment.places:
        raise RuleViolation(
            PlacesExceeded(places=allotment.places, regular=regular, over=regular - allotment.places)
        )
    allotment.committed = regular
    allotment.save(update_fields=["committed"])


def lock_round_award(*, round_award_id: int) -> RoundAward:
    """The award of the round with round and award, its row locked until the transaction ends."""
    rows = RoundAward.objects.select_for_update(of=("self",)).select_related("round", "award")
    found: RoundAward = rows.get(pk=round_award_id)
    # It was joined before we had the lock; the round may have ended while we waited.
    found.round.refresh_from_db(fields=["state"])
    return found


def _require(actor: User | None, body: Body) -> None:
    if body.parent_id is None:
        require(actor, Act.PLAN_ROUND, body.pk)
    else:
        require(actor, Act.ALLOCATE_PLACES, body.parent_id)


def require_changeable(round_award: RoundAward, reason: str) -> None:
    """Raise RoundClosed, or InvalidInput(ReasonRequired) without a reason while the round is open."""
    if round_award.round.state == RoundState.CLOSED:
        raise RoundClosed(round=round_award.round.name)
    if round_award.round.state == RoundState.OPEN:
        required_text(reason, ReasonRequired("reason"))


def _require_counts(counts: Mapping[str, int]) -> None:
    wrong = {name: number for name, number in counts.items() if number < 0}
    if wrong:
        raise InvalidInput(*(NegativePlaces(name, places=number) for name, number in wrong.items()))


def _require_below_final(award: Award, bodies: Iterable[Body]) -> None:
    final = award.final_stage
    above = [body for body in bodies if body.stage > final]
    if above:
        raise InvalidInput(
            *(BelowFinalStage("body", award=award.name, stage=final, body=body.short_name) for body in above)
        )


def _require_children(parent: Body, children: Mapping[int, Body]) -> None:
    strangers = [body for body in children.values() if body.parent_id != parent.pk]
    if strangers:
        raise InvalidInput(
            *(
                NotAChild("places_by_body", body=body.short_name, parent=parent.short_name)
                for body in strangers
            )
        )


def _below_committed(body: Body, allotment: Allotment | None, places: int) -> Iterator[Reason]:
    if allotment is not None and places < allotment.committed:
        yield BelowCommitted(body=body.short_name, places=places, committed=allotment.committed)


def second_look(own: int | None, handed_down: int) -> Iterator[Reason]:
    """What to point out when bodies below get far more than the body above has, or fewer."""
    if own is not None:
        if handed_down > 2 * own:
            yield HandedDownFarAbove(own=own, handed_down=handed_down)
        elif handed_down < own:
            yield HandedDownBelow(own=own, handed_down=handed_down)


def _by_counties(
    round_award: RoundAward, tree: Sequence[Body], total: int
) -> dict[int, apportion.DivisionStep[int]]:
    """City → how it came to its part of the total, in proportion to the counties it has."""
    counties = Counter(body.parent_id for body in tree if body.level == Level.COUNTY)
    cities = {body.pk: body.code for body in tree if body.level == Level.CITY}
    weights = {pk: counties[pk] for pk in cities}
    if total and not sum(weights.values()):
        raise InvalidInput(CitiesWithoutCounties("city_total", places=total))
    lot = parted.drawn(round_award, cities)
    return {step.key: step for step in apportion.apportion(total, weights, lot=lot).steps}


def parts_told(parts: Mapping[str, PartCell[int]], names: Mapping[str, str]) -> dict[str, Any]:
    """How the parts came about, as the ledger keeps it under the names of the rules."""
    if not parts:
        return {}
    return {
        "part_claim": {
            names[code]: f"{cell.fair.numerator}/{cell.fair.denominator}" for code, cell in parts.items()
        },
        "part_by_lot": [names[code] for code, cell in parts.items() if cell.why == "lot"],
    }


def _computed(step: apportion.DivisionStep[int] | None) -> dict[str, Any]:
    if step is None:
        return {}
    return {
        "claim": f"{step.claim.numerator}/{step.claim.denominator}",
        "lot": step.lot,
        "by_lot": step.by_lot,
    }
