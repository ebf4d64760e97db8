"""Allotments 名额分配: how many each body may send up. The only writer of `Allotment.committed`.

An allotment's row is the serialisation point of everything that counts against it. Places are handed down level by
level: the province by its planners, everybody else by the body above. A body may be given more places than its
list will in the end have (差额推荐), but never fewer than its slate has taken already.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.db import transaction

from quotas.arithmetic import apportion, shares
from quotas.arithmetic.parts import PartedLabel, Parts, PartsProblem, share_out
from quotas.arithmetic.refusals import PartsAskedTooMany, PartsHeldTooMany
from quotas.base.errors import InvalidInput, Reason, RuleViolation
from quotas.base.refusals import ReasonRequired
from quotas.base.states import Level, RoundState, Stage
from quotas.base.text import required_text
from quotas.base.wording import LabelWord
from quotas.editions.models import Award
from quotas.editions.services import rules
from quotas.ledger.services import ledger
from quotas.rounds.models import Allotment, RoundAward, TypedPlace
from quotas.rounds.refusals import (
    BelowCommitted,
    BelowFinalStage,
    CitiesWithoutCounties,
    HandedDownBelow,
    HandedDownFarAbove,
    NegativePlaces,
    NotAChild,
    PlacesChanged,
    PlacesExceeded,
    RoundClosed,
    RoundNotPlanned,
    TypedExceedPlaces,
    TypedPlacesOver,
    TypedPlacesShort,
)
from quotas.selection.labels import EVERY, facet_of
from quotas.tree.models import Body, User
from quotas.tree.permissions import Act, require

Label = tuple[str, str]
"""Facet and value of a kind of entry, ("ownership", "non_public")."""


class Minimum(NamedTuple):
    """A minimum that can be handed down in parts: the label that it counts, and its figures."""

    label: str
    figures: shares.Bound


@dataclass(frozen=True)
class AllPlaces:
    """All places of one body for one award."""

    places: int = 0
    reserve_places: int = 0
    separate_places: int = 0
    typed: Mapping[Label, int] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """Each figure, as the ledger keeps it."""
        return {
            "places": self.places,
            "reserve_places": self.reserve_places,
            "separate_places": self.separate_places,
            "typed": {text_of(label): number for label, number in self.typed.items()},
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
    separate_places: int = 0,
    typed: Mapping[str, int] | None = None,
    reason: str = "",
    plan: str | None = None,
) -> Allotment:
    """
    Set all places of one body for one award. `typed` reserves some of them: {"ownership:non_public": 2}; a 0 says that
    none is asked of this body, a label that is left out that its slate is held to the share rules.

    `plan` is the `digest` of the body's places as the form showed them; None where no form was drawn.

    The places of the province are those of the whole, and PLAN_ROUND there decides on them; everywhere else
    ALLOCATE_PLACES at the body above. While the round is open a reason is needed.

    Raises NotPermitted; PlacesChanged; RoundClosed; InvalidInput (NegativePlaces,
    ReasonRequired, BelowFinalStage for a body above the stage that gives the award); RuleViolation
    (BelowCommitted, TypedExceedPlaces).
    """
    round_award = lock_round_award(round_award_id=round_award_id)
    body = Body.objects.get(pk=body_id)
    there = lock(round_award_id=round_award_id, body_ids=[body_id])
    _require(actor, body)
    _require_same(plan, round_award_id, body=body_id)
    require_changeable(round_award, reason)
    typed = typed or {}
    _require_counts(
        {"places": places, "reserve_places": reserve_places, "separate_places": separate_places, **typed}
    )
    before = _places_of(there)
    after = AllPlaces(
        places, reserve_places, separate_places, {_label(text): number for text, number in typed.items()}
    )
    (allotment,) = _write(round_award, {body_id: body}, there, before, {body_id: after})
    if body.parent_id is None and round_award.places != places:
        round_award.places = places
        round_award.save(update_fields=["places"])
    ledger.append(
        stream=f"allotment:{allotment.pk}",
        act="set_places",
        actor=actor,
        body=body,
        before=before[body_id].told() if there else {},
        after={**after.told(), "award": round_award.award.name},
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
    Set the places of bodies directly below `parent_id`; their reserve, separate and typed places stay.

    `plan` is the `digest` of all bodies directly below as the form showed them. A fixed number of statements for any
    number of bodies. Giving more or fewer places than the parent has, and parts that no longer sum to the minimum of
    the whole (`drift`), are allowed and come back as warnings. Raises as `set_places` does, for all bodies at once, and
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
        *drift(round_award_id=round_award_id, parents=[parent_id]),
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
    typed = TypedPlace.objects.filter(allotment__round_award=round_award_id, **of_them)
    parts = sorted(typed.values_list("allotment__body", "facet", "value", "places"))
    return hashlib.sha256(repr((places, parts)).encode()).hexdigest()


def _require_same(plan: str | None, round_award_id: int, **which: int | bool) -> None:
    """Raise PlacesChanged where the places are not those that the form showed."""
    if plan is not None and plan != _digest(round_award_id, **which):
        raise PlacesChanged


@dataclass(frozen=True)
class _Part:
    """A body below another: its places and its typed places."""

    parent: str
    places: int
    typed: Mapping[str, int]


def drift(*, round_award_id: int, parents: Collection[int] | None = None) -> list[Reason]:
    """
    Where parts of a minimum no longer sum to the minimum on all places below a body; two statements, three with parts.

    Below some `parents`, or all. Bodies without a part keep the share by themselves, with what that rounds up to. Said
    is TypedPlacesShort where the slates together can fall short of the share, TypedPlacesOver where every body
    has a part and these ask for more. Where nobody has a part there is nothing to drift.
    """
    rows = Allotment.objects.filter(round_award=round_award_id, places__gt=0, body__parent__isnull=False)
    if parents is not None:
        rows = rows.filter(body__parent__in=parents)
    found = list(
        rows.select_related("body__parent", "round_award__award")
        .prefetch_related("typed_places")
        .order_by("body__path")
    )
    below: dict[int | None, list[_Part]] = defaultdict(list)
    for allotment in found:
        parent = allotment.body.parent
        if parent is not None and allotment.body.stage != allotment.round_award.award.final_stage:
            typed = {f"{each.facet}:{each.value}": each.places for each in allotment.typed_places.all()}
            below[parent.pk].append(_Part(parent.short_name, allotment.places, typed))
    if not any(each.typed for given in below.values() for each in given):
        return []
    round_award = found[0].round_award
    minima = share_minima(round_award)
    return [
        told
        for given in below.values()
        for rule in minima
        if (told := _drifted(rule, given, round_award.award)) is not None
    ]


def _drifted(rule: Minimum, given: Sequence[_Part], award: Award) -> Reason | None:
    parts = [each.typed[rule.label] for each in given if rule.label in each.typed]
    if not parts:
        return None
    places = sum(each.places for each in given)
    required = shares.required(rule.figures, places)
    by_themselves = [
        shares.required(rule.figures, each.places) for each in given if rule.label not in each.typed
    ]
    brought = sum(parts) + sum(by_themselves)
    if brought == required or (by_themselves and brought > required):
        return None
    return (TypedPlacesShort if brought < required else TypedPlacesOver)(
        body=given[0].parent,
        award=award.name,
        label=LabelWord(rule.label),
        places=places,
        required=required,
        typed=brought,
    )


@dataclass(frozen=True)
class Given:
    """
    What one body is given. `typed` replaces its typed places of these labels ("ownership:non_public"), others stay.
    A 0 is written as well: it is this body's part of the minimum, and its slate is not held to the whole's share.

    Reserve places stay where none are given. `facts` say in the ledger how the figures came about.
    """

    places: int
    typed: Mapping[str, int] = field(default_factory=dict)
    reserve_places: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""

    def over(self, before: AllPlaces, taken_back: Collection[str]) -> AllPlaces:
        """What the body has once this is given; the parts `taken_back` go, everything else that is not given stays."""
        kept = {label: n for label, n in before.typed.items() if text_of(label) not in taken_back}
        given = {_label(text): number for text, number in self.typed.items()}
        reserves = before.reserve_places if self.reserve_places is None else self.reserve_places
        return replace(before, places=self.places, reserve_places=reserves, typed=kept | given)


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

    Typed places of the labels `taken_back` go where a body is given none of them. Separate places stay. The caller holds
    the locks of the round award and of the allotments `there`, has asked permission and state, and gives no figure below
    nought. Its own `problems` are refused together with those found here. A fixed number of statements. Raises
    InvalidInput(BelowFinalStage), RuleViolation (BelowCommitted, TypedExceedPlaces), for all bodies at once.
    """
    before = _places_of(there)
    after = {pk: each.over(before.get(pk, NOTHING), taken_back) for pk, each in given.items()}
    allotments = _write(round_award, bodies, there, before, after, problems)
    touched = _Touched.by(given.values(), taken_back)
    ledger.append_many(
        rows=[
            ledger.LedgerDraft(
                stream=f"allotment:{allotment.pk}",
                act=act,
                actor=actor,
                body=pk,
                before=touched.told(before[pk]) if pk in before else {},
                after={**touched.told(after[pk]), **given[pk].facts, "award": round_award.award.name},
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
    labels: frozenset[str]

    @classmethod
    def by(cls, given: Collection[Given], taken_back: Collection[str]) -> "_Touched":
        reserves = any(each.reserve_places is not None for each in given)
        return cls(reserves, frozenset(taken_back).union(*(each.typed for each in given)))

    def told(self, figures: AllPlaces) -> dict[str, int]:
        everything = figures.told()
        reserves = {"reserve_places": figures.reserve_places} if self.reserves else {}
        typed = {text: n for text, n in sorted(everything["typed"].items()) if text in self.labels}
        return {"places": figures.places} | reserves | typed


def _write(
    round_award: RoundAward,
    bodies: Mapping[int, Body],
    there: Mapping[int, Allotment],
    before: Mapping[int, AllPlaces],
    after: Mapping[int, AllPlaces],
    problems: Iterable[Reason] = (),
) -> tuple[Allotment, ...]:
    """
    Make the places of these bodies what `after` says; nothing else writes them. A fixed number of statements.

    Raises InvalidInput(BelowFinalStage); RuleViolation with `problems`, BelowCommitted and TypedExceedPlaces.
    """
    _require_below_final(round_award.award, bodies.values())
    violations = [*problems]
    for pk, wanted in after.items():
        violations += _below_committed(bodies[pk], there.get(pk), wanted.places)
        violations += typed_violations(bodies[pk], round_award.award, wanted.places, wanted.typed)
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
    _write_typed(allotments, before, after)
    return allotments


def _write_typed(
    allotments: Iterable[Allotment], before: Mapping[int, AllPlaces], after: Mapping[int, AllPlaces]
) -> None:
    """Write the typed places anew of every allotment in which one of them changes."""
    changed = {
        allotment.body_id: allotment
        for allotment in allotments
        if after[allotment.body_id].typed != before.get(allotment.body_id, NOTHING).typed
    }
    stale = [allotment for pk, allotment in changed.items() if pk in before and before[pk].typed]
    TypedPlace.objects.filter(allotment__in=stale).delete()
    TypedPlace.objects.bulk_create(
        TypedPlace(allotment=allotment, facet=facet, value=value, places=number)
        for pk, allotment in changed.items()
        for (facet, value), number in after[pk].typed.items()
    )


def _places_of(there: Mapping[int, Allotment]) -> dict[int, AllPlaces]:
    """What the bodies have now. One statement."""
    typed: dict[int, dict[Label, int]] = {pk: {} for pk in there}
    rows = TypedPlace.objects.filter(allotment__in=there.values()).order_by("pk")
    for pk, facet, value, number in rows.values_list("allotment__body", "facet", "value", "places"):
        typed[pk][facet, value] = number
    return {
        pk: AllPlaces(allotment.places, allotment.reserve_places, allotment.separate_places, typed[pk])
        for pk, allotment in there.items()
    }


@dataclass(frozen=True)
class Hand:
    """What a proposal gives one body. `step` shows the computation of a city's places.

    `typed` is its part of each minimum ("ownership:non_public"), where parts were asked for. `least` is what each
    minimum asks of a slate that fills these places by itself.
    """

    body: Body
    places: int
    reserve_places: int
    before: int | None
    step: apportion.DivisionStep[int] | None = None
    typed: Mapping[str, int] = field(default_factory=dict)
    least: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Compared:
    """A minimum on the places of one level, in both ways: of each slate by itself, and in parts of all slates together.

    `shut_out` bodies have no place for anybody else when each slate keeps the share by itself.
    """

    level: Level
    label: str
    bodies: int
    places: int
    by_itself: int
    in_parts: int
    shut_out: int


@dataclass(frozen=True)
class PlacesProposal:
    """Places for the whole tree under the province, not written, and what the planner should look at once more."""

    hands: tuple[Hand, ...]
    warnings: tuple[Reason, ...]
    compared: tuple[Compared, ...] = ()

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
    parts: bool = False,
) -> PlacesProposal:
    """
    Places for every body under the province: the cities share `city_total` by the number of their counties.

    The largest remainder decides, and of equal remainders the lower code. Every industry union gets
    `industry_each`, every county `county_each`; reserves are `reserve_percent` of a body's places, rounded up.
    Bodies above the stage that gives the award get nothing. Every slate keeps the shares by itself unless `parts` are
    asked for (`parts_of`). A fixed number of statements; nothing is written.
    Raises InvalidInput (NegativePlaces; "city_total", CitiesWithoutCounties).
    """
    round_award = RoundAward.objects.select_related("award").get(pk=round_award_id)
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
    shared = _by_counties(tree, city_total)
    each = {Level.INDUSTRY: industry_each, Level.COUNTY: county_each}
    places = {
        body.pk: shared[body.pk].given if body.pk in shared else each.get(body.level, 0) for body in tree
    }
    minima = share_minima(round_award)
    typed = _split(minima, round_award, tree, places)
    hands = [
        Hand(
            body=body,
            places=places[body.pk],
            # Rounded up, in integers.
            reserve_places=-(-places[body.pk] * reserve_percent // 100),
            before=given.get(body.pk),
            step=shared.get(body.pk),
            typed=typed.get(body.pk, {}) if parts else {},
            least={rule.label: shares.required(rule.figures, places[body.pk]) for rule in minima},
        )
        for body in tree
    ]
    # The stage that shares the whole: the one that gives the award, or the one below the province.
    top = min(round_award.award.final_stage, Stage.CITY)
    handed_down = sum(hand.places for hand in hands if hand.body.stage == top)
    return PlacesProposal(
        tuple(hands),
        tuple(second_look(round_award.places, handed_down)),
        tuple(_compared(minima, hands, typed)),
    )


def share_minima(round_award: RoundAward) -> list[Minimum]:
    """The minima that can be handed down in parts: shares of the whole slate that gives the award. One statement.

    An award that only one kind may have needs no parts: every slate has it whole.
    """
    held_to = rules.of(round_award_id=round_award.pk, stage=round_award.award.final_stage)
    return [
        Minimum(counted, rule.figures)
        for rule in held_to
        if (rule.kind, rule.sense, rule.basis, rule.base) == ("share", "min", "listed", EVERY)
        and rule.numerator < rule.denominator
        and not rule.advisory
        and (counted := rule.counted.only) is not None
    ]


def parts_of(
    *, round_award_id: int, tree: Sequence[Body], places: Mapping[int, int]
) -> dict[int, dict[str, int]]:
    """
    The minima of the award as typed places of the bodies below each body, by body and label; two statements.

    The parts of the bodies below one body sum to the minimum on their places together, or to what that body's own part
    comes to on them where it is less: no body rounds its own part up, and no level does so again. Minima of one facet
    are parts of the same places: one two-way table of bodies and labels (`quotas.arithmetic.parts`). The largest
    remainder decides, and of equal remainders the order of `tree`. The body that gives the award has no part: it is
    held to the share. RuleViolation where the margins cannot meet.
    """
    round_award = RoundAward.objects.select_related("award").get(pk=round_award_id)
    return _split(share_minima(round_award), round_award, tree, places)


def _split(
    minima: Iterable[Minimum], round_award: RoundAward, tree: Sequence[Body], places: Mapping[int, int]
) -> dict[int, dict[str, int]]:
    # From above: the tree comes in the order of its paths.
    below: dict[int | None, dict[int, int]] = defaultdict(dict)
    for body in tree:
        if places.get(body.pk) and body.stage != round_award.award.final_stage:
            below[body.parent_id][body.pk] = places[body.pk]
    figures = {each.label: each.figures for each in minima}
    typed: dict[int, dict[str, int]] = defaultdict(dict)
    for parent, children in below.items():
        total = sum(children.values())
        above = parent or 0
        own = typed.get(above, {})
        problem = PartsProblem(
            places=children,
            # Of one facet an entry bears one label, so these parts take each other's room.
            labels=[
                PartedLabel(
                    label,
                    # What the body above was let off is not asked of those below it.
                    min(
                        shares.required(bound, total),
                        _in_proportion(own.get(label), places.get(above), total),
                    ),
                    group=facet_of(label),
                )
                for label, bound in figures.items()
            ],
            lot=list(children),
        )
        for (pk, label), number in _shared_out(problem, tree).given.items():
            typed[pk][label] = number
    return typed


def _in_proportion(part: int | None, places: int | None, total: int) -> int:
    """A body's part of its places, as a part of so many places below it, rounded up; all of them where it has none."""
    return total if part is None or not places else -(-part * total // places)


def _shared_out(problem: PartsProblem[int], tree: Iterable[Body]) -> Parts[int]:
    """`share_out`, refusing with the names of bodies and labels."""
    try:
        return share_out(problem)
    except RuleViolation as refusal:
        names: dict[Hashable, str] = {body.pk: body.short_name for body in tree}
        raise RuleViolation(
            *(
                reason.changed(
                    labels=[LabelWord(label) for label in reason.labels],
                    bodies=[names[pk] for pk in reason.bodies],
                )
                for reason in refusal.reasons
                if isinstance(reason, PartsAskedTooMany | PartsHeldTooMany)
            )
        ) from refusal


def _compared(
    minima: Iterable[Minimum], hands: Sequence[Hand], typed: Mapping[int, Mapping[str, int]]
) -> Iterator[Compared]:
    """Each minimum on each level that has parts: what it comes to in both ways."""
    for rule in minima:
        for level in (Level.CITY, Level.INDUSTRY, Level.COUNTY):
            there = [
                hand
                for hand in hands
                if hand.body.level == level and rule.label in typed.get(hand.body.pk, {})
            ]
            if there:
                yield Compared(
                    level=level,
                    label=rule.label,
                    bodies=len(there),
                    places=sum(hand.places for hand in there),
                    by_itself=sum(hand.least[rule.label] for hand in there),
                    in_parts=sum(typed[hand.body.pk][rule.label] for hand in there),
                    shut_out=sum(hand.least[rule.label] == hand.places for hand in there),
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
    parts: bool = False,
    plan: str | None = None,
) -> PlacesProposal:
    """
    Write a proposal for the whole tree of a round that is still planned; separate places stay.

    Typed places of the award's minima (`share_minima`) are set with `parts`, and taken back without: then every slate
    keeps the share by itself. Typed places of other kinds stay. The plan is the province's, so PLAN_ROUND there is
    enough for the counties as well; from the opening on every body hands down its own (`hand_down`). A fixed number of
    statements; a body whose places stay leaves no row in the ledger. `plan` is the `digest_of_tree` as the preview showed it. Raises as `propose`, NotPermitted,
    RoundNotPlanned, PlacesChanged, RuleViolation(TypedExceedPlaces).
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
    proposal = propose(round_award_id=round_award_id, parts=parts, **wanted)
    there = lock(round_award_id=round_award_id, body_ids=[hand.body.pk for hand in proposal.hands])
    _require_same(plan, round_award_id, body__parent__isnull=False)
    # A body that gets nothing and has nothing needs no row.
    hands = [hand for hand in proposal.hands if hand.places or hand.body.pk in there]
    give(
        round_award=round_award,
        bodies={hand.body.pk: hand.body for hand in hands},
        there=there,
        given={
            hand.body.pk: Given(hand.places, hand.typed, hand.reserve_places, facts=_computed(hand.step))
            for hand in hands
        },
        act="hand_out",
        actor=actor,
        taken_back={text for hand in proposal.hands for text in hand.least},
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


def typed_violations(body: Body, award: Award, places: int, typed: Mapping[Label, int]) -> Iterator[Reason]:
    """Typed places of one facet are parts of the same places, so together they are at most all of them."""
    by_facet: dict[str, int] = defaultdict(int)
    for (facet, _value), number in typed.items():
        by_facet[facet] += number
    for total in by_facet.values():
        if total > places:
            yield TypedExceedPlaces(body=body.short_name, award=award.name, places=places, typed=total)


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


def _by_counties(tree: Sequence[Body], total: int) -> dict[int, apportion.DivisionStep[int]]:
    """City → how it came to its part of the total, in proportion to the counties it has."""
    counties = Counter(body.parent_id for body in tree if body.level == Level.COUNTY)
    # `tree` is in the order of the codes, which settle equal remainders.
    cities = {body.pk: counties[body.pk] for body in tree if body.level == Level.CITY}
    if total and not sum(cities.values()):
        raise InvalidInput(CitiesWithoutCounties("city_total", places=total))
    return {step.key: step for step in apportion.apportion(total, cities, lot=list(cities)).steps}


def _computed(step: apportion.DivisionStep[int] | None) -> dict[str, Any]:
    if step is None:
        return {}
    return {
        "claim": f"{step.claim.numerator}/{step.claim.denominator}",
        "lot": step.lot,
        "by_lot": step.by_lot,
    }


def _label(text: str) -> Label:
    facet, _colon, value = text.partition(":")
    return facet, value


def text_of(label: Label) -> str:
    """A label as rules and forms write it, "facet:value"."""
    return ":".join(label)
