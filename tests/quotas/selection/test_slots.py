"""Slots: predicates that exclude one another, nested ones, and ones of the whole list, against matching by trying."""

import os
import random
from collections.abc import Iterator

import pytest

from quotas.selection.judge import EntryRow, judge
from quotas.selection.labels import EVERY, Entry, Predicate, bearing, chosen, entry
from quotas.selection.plan import WHOLE_LIST, Plan, Slot, bounds_of, frozen, thawed
from tests.quotas.selection.builders import rule

WORKER, FRONT, SCIENTIST = "occupation:worker", "front_line:yes", "occupation:scientist"
HEAD, FARMER, NON_PUBLIC = "occupation:head", "migrant:yes", "ownership:non_public"


def plan(places: int, *slots: Slot, rules=(), **more) -> Plan:
    return Plan(places={"regular": places, "reserve": 0, "separate": 0}, slots=slots, rules=rules, **more)


def rows(*entries: Entry) -> list[EntryRow]:
    return [
        EntryRow(number, f"26-{number:05}-0", f"对象{number}", labels, kind="regular", rank=number)
        for number, labels in enumerate(entries, start=1)
    ]


def holds(held: Plan, *entries: Entry) -> bool:
    return judge(held, rows(*entries)).holds


def broken(held: Plan, *entries: Entry) -> list[str]:
    return [check.code for check in judge(held, rows(*entries)).checks if not check.holds]


# --- by hand -------------------------------------------------------------------------------------------------


@pytest.fixture
def foshan() -> Plan:
    """佛山 2023: of 19 places 7 for workers, 4 for others of the front line, 3 for scientists and teachers, 4 for farmers."""
    return plan(
        19,
        Slot(bearing(WORKER), 7, "1", "产业工人"),
        Slot(chosen([FRONT], [WORKER]), 4, "2", "其他一线职工"),
        Slot(bearing(SCIENTIST), 3, "3", "科教人员"),
        Slot(bearing(FARMER), 4, "4", "农民工"),
    )


def of(occupation: str, *more: str) -> Entry:
    return entry([occupation, *more])


def test_the_table_of_foshan(foshan):
    full = [
        *[of(WORKER)] * 7,
        *[of("occupation:clerk", FRONT)] * 4,
        *[of(SCIENTIST)] * 3,
        *[of("occupation:clerk", FARMER)] * 4,
    ]
    assert holds(foshan, *full, of(HEAD))
    assert broken(foshan, *full[1:], of(HEAD), of(HEAD)) == ["slot:1"]


def test_nobody_fills_two_slots_of_different_facets(foshan):
    """A farmer who is a worker takes one of the two: seven of them are not seven workers and four farmers."""
    both = of(WORKER, FARMER)
    others = [*[of("occupation:clerk", FRONT)] * 4, *[of(SCIENTIST)] * 3]
    assert holds(foshan, *[both] * 11, *others, of(HEAD))
    assert not holds(foshan, *[both] * 7, *others, *[of(HEAD)] * 5)
    assert broken(foshan, *[both] * 7, *others, *[of(HEAD)] * 5) == ["slot:1+4"]


def test_leshan_one_of_the_front_line_and_one_head_of_a_private_unit():
    held = plan(2, Slot(bearing(FRONT), 1, "1"), Slot(chosen([HEAD, NON_PUBLIC]), 1, "2"))
    head = of(HEAD, NON_PUBLIC)
    assert holds(held, of(WORKER, FRONT), head)
    assert not holds(held, head, head)
    # One who is both fills one of the two, and the other one is still kept.
    both = of(HEAD, NON_PUBLIC, FRONT)
    assert holds(held, both, head)
    assert holds(held, both, of(WORKER, FRONT))
    assert not holds(held, both, of(WORKER))


def test_a_slot_within_another_is_its_part_and_the_rest_around_it():
    held = plan(5, Slot(bearing(WORKER), 3, "1", "工人"), Slot(bearing(FARMER), 2, "2", "农民工", within="1"))
    farmer, clerk = of(WORKER, FARMER), of("occupation:clerk")
    assert holds(held, farmer, farmer, of(WORKER), clerk, clerk)
    # A third worker is not two farmers among the workers, and a farmer who is no worker does not count as one.
    assert broken(held, farmer, of(WORKER), of(WORKER), of(WORKER), clerk) == ["slot:2"]
    assert not holds(held, of(WORKER), of(WORKER), of(WORKER), entry([FARMER]), entry([FARMER]))


def test_a_slot_of_the_whole_list_takes_no_place_of_its_own():
    held = plan(3, Slot(bearing(WORKER), 2, "1"), Slot(bearing(NON_PUBLIC), 2, "2", within=WHOLE_LIST))
    assert holds(held, of(WORKER, NON_PUBLIC), of(WORKER, NON_PUBLIC), of(HEAD))
    assert not holds(held, of(WORKER, NON_PUBLIC), of(WORKER), of(HEAD))
    exclusive = plan(3, Slot(bearing(WORKER), 2, "1"), Slot(bearing(NON_PUBLIC), 1, "2"))
    assert not holds(exclusive, of(WORKER, NON_PUBLIC), of(WORKER), of(HEAD))


@pytest.mark.parametrize("within", ["", WHOLE_LIST])
def test_the_minimum_of_that_very_predicate_is_replaced_by_its_part(within):
    half = rule("half", NON_PUBLIC, "min", 1, 2)
    held = plan(3, Slot(bearing(NON_PUBLIC), 1, "1", within=within), rules=[half])
    assert [bound.code for bound in bounds_of(held)] == ["slot:1", "half"]
    assert bounds_of(held)[1].figures.slack == 1
    nested = plan(
        3, Slot(bearing(WORKER), 2, "1"), Slot(bearing(NON_PUBLIC), 1, "2", within="1"), rules=[half]
    )
    assert next(bound for bound in bounds_of(nested) if bound.code == "half").figures.slack == 0


def test_a_plan_is_kept_with_its_slots_and_parts():
    held = plan(
        5,
        Slot(bearing(WORKER), 3, "1", "工人"),
        Slot(chosen([FARMER], [HEAD]), 2, "2", "农民工", within="1"),
        parts={"half": 2},
    )
    assert thawed(frozen(held)) == held


# --- parts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sense", ["min", "max"])
@pytest.mark.parametrize(("p", "q"), [(1, 2), (2, 5), (13, 100), (1, 1), (0, 1)])
def test_a_part_is_kept_as_it_is_defined(sense, p, q):
    """n - k <= P - T and q*k >= p*n + min(q*T - p*P, 0) of a minimum; k <= T and q*k <= p*n + max(q*T - p*P, 0) of a ceiling."""
    held_to = rule("share", NON_PUBLIC, sense, p, q)
    nothing = p == (q if sense == "min" else 0)
    for places in range(1, 7):
        for part in range(places + 1):
            held = plan(places, rules=[held_to], parts={"share": part})
            for size in range(1, places + 1):
                for kind in range(size + 1):
                    got = holds(
                        held, *[entry([NON_PUBLIC])] * kind, *[entry(["ownership:public"])] * (size - kind)
                    )
                    eased = 0 if nothing else q * part - p * places
                    if sense == "min":
                        wanted = size - kind <= places - part and q * kind >= p * size + min(eased, 0)
                    else:
                        wanted = kind <= part and q * kind <= p * size + max(eased, 0)
                    assert got == wanted, (places, part, size, kind)


def test_the_awarding_body_has_no_parts():
    half = rule("half", NON_PUBLIC, "min", 1, 2)
    held = plan(1, rules=[half], parts={"half": 0}, awarding=True)
    assert not holds(held, entry(["ownership:public"]))


# --- against trying ------------------------------------------------------------------------------------------

CASES = 2_000
"""So many of the suite; SLOTS_CASES=20000 for more."""

VALUES = {"a": ("1", "2", "3"), "b": ("1", "2"), "c": ("1", "2")}
LABELS = [f"{facet}:{value}" for facet, values in VALUES.items() for value in values]


def test_bounds_say_what_matching_by_trying_does():
    dice = random.Random(20261128)
    for _case in range(int(os.environ.get("SLOTS_CASES", CASES))):
        places = dice.randint(1, 6)
        slots = _slots(dice, places)
        held = plan(places, *slots)
        for _list in range(2):
            entries = [_entry(dice) for _ in range(dice.randint(1, places))]
            assert holds(held, *entries) == _finds_places(places, slots, entries), (slots, entries)


def _slots(dice: random.Random, places: int) -> list[Slot]:
    """Up to five slots that fit: exclusive ones, ones of the whole list, and ones within both."""
    found: list[Slot] = []
    room = {"": places}
    for key in map(str, range(dice.randint(1, 5))):
        within = dice.choice(["", "", WHOLE_LIST, *(slot.key for slot in found)])
        number = dice.randint(0, places if within == WHOLE_LIST else room[within])
        if within != WHOLE_LIST:
            room[within] -= number
        room[key] = number
        found.append(Slot(_predicate(dice), number, key, within=within))
    return found


def _predicate(dice: random.Random) -> Predicate:
    return chosen(dice.sample(LABELS, dice.randint(1, 3)), dice.sample(LABELS, dice.randint(0, 1)))


def _entry(dice: random.Random) -> Entry:
    return entry(f"{facet}:{dice.choice(values)}" for facet, values in VALUES.items())


def _finds_places(places: int, slots: list[Slot], entries: list[Entry]) -> bool:
    """Whether the entries find a place each, in every family of slots."""
    outer = [slot for slot in slots if slot.within == ""]
    families = [outer, *([slot] for slot in slots if slot.within == WHOLE_LIST)]
    return all(_matched(entries, _kept(places, family, slots)) for family in families)


def _kept(places: int, family: list[Slot], slots: list[Slot]) -> list[Predicate]:
    """One predicate for each place: those of the slots, each less what lies in it, and the free ones."""
    kept = [one for slot in family for one in _of_slot(slot, slots, EVERY)]
    return kept + [EVERY] * (places - len(kept))


def _of_slot(slot: Slot, slots: list[Slot], around: Predicate) -> Iterator[Predicate]:
    own = around & slot.kind
    inner = [one for each in slots if each.within == slot.key for one in _of_slot(each, slots, own)]
    yield from inner
    yield from [own] * (slot.places - len(inner))


def _matched(entries: list[Entry], kept: list[Predicate]) -> bool:
    if not entries:
        return True
    first, *others = entries
    return any(
        one.holds(first) and _matched(others, [*kept[:place], *kept[place + 1 :]])
        for place, one in enumerate(kept)
        if one not in kept[:place]
    )
