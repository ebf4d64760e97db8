"""Whether a list can hold an entry: held against every list there is, for stocks small enough to write them all down."""

from collections import Counter
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from appraisal.records.states import EntryKind
from quotas.editions import standard
from quotas.editions.services.fields import domain
from quotas.selection.plan import Plan, bounds_of
from quotas.selection.reach import DeskStock, Hindrance, best_kinds, findings
from tests.quotas.selection.builders import rule, slot


def domain_of(kind):
    """What nominees of a kind differ in with the usual fields."""
    return domain(kind, standard.usual(kind))


N, P = "ownership:non_public", "ownership:public"
ATOMS = tuple(
    frozenset({owner, line, gender})
    for owner in (N, P)
    for line in ("front_line:yes", "front_line:no")
    for gender in ("gender:female", "gender:male")
)


def plan(places, *rules, separate=0, typed=(), awarding=False):
    return Plan(
        places={EntryKind.REGULAR: places, EntryKind.RESERVE: 0, EntryKind.SEPARATE: separate},
        slots=tuple(slot(label, number) for label, number in typed),
        rules=rules,
        awarding=awarding,
    )


def legal(entries, held_to, places):
    """The rules written down once more, in fractions and without any of the code under test."""
    size = sum(entries.values())
    if not 1 <= size <= places:
        return False
    for each in held_to.rules:
        counted, among = each.counted.only, each.base.only
        base = sum(times for entry, times in entries.items() if among is None or among in entry)
        count = sum(
            times
            for entry, times in entries.items()
            if counted in entry and (among is None or among in entry)
        )
        if each.basis == "allotted":
            base = places
        share = Fraction(each.numerator, each.denominator)
        asked = share if each.kind == "count" else share * base
        if each.sense == "max":
            kept = count <= asked
        elif each.kind == "above":
            kept = count > asked or (each.basis != "allotted" and not base) or (share == 1 and count >= base)
        else:
            kept = count >= asked
        if not kept:
            return False
    for label, reserved in ((each.kind.only, each.places) for each in held_to.slots):
        others = sum(times for entry, times in entries.items() if label not in entry)
        if others > max(places - reserved, 0):
            return False
    return True


def every_list(stock, places):
    """Every list out of a counted stock."""
    kinds = list(stock)
    for chosen in product(*(range(min(stock[kind], places) + 1) for kind in kinds)):
        if sum(chosen) <= places:
            yield Counter(dict(zip(kinds, chosen, strict=True)))


def on_some_list(entry, stock, held_to, places):
    return any(found[entry] and legal(found, held_to, places) for found in every_list(stock, places))


@st.composite
def rules(draw, *, most=4):
    made = []
    for number in range(draw(st.integers(1, most))):
        facet, base = draw(
            st.sampled_from(
                [
                    (N, None),
                    ("front_line:yes", None),
                    ("gender:female", None),
                    ("front_line:yes", N),
                    (N, "front_line:yes"),
                    ("gender:female", "front_line:yes"),
                    ("gender:male", P),
                ]
            )
        )
        kind = draw(st.sampled_from(["share", "share", "share", "count", "above"]))
        sense = "min" if kind == "above" else draw(st.sampled_from(["min", "max"]))
        denominator = 1 if kind == "count" else draw(st.integers(1, 5))
        numerator = draw(st.integers(0, 2 if kind == "count" else denominator))
        basis = "listed" if base else draw(st.sampled_from(["listed", "listed", "allotted"]))
        made.append(
            rule(f"r{number}", facet, sense, numerator, denominator, base=base, kind=kind, basis=basis)
        )
    return tuple(made)


class TestOfAStock:
    @settings(deadline=None, max_examples=150)
    @given(rules(), st.integers(1, 4), st.dictionaries(st.sampled_from(ATOMS), st.integers(1, 2), max_size=5))
    def test_refuses_exactly_what_is_on_no_legal_list(self, held_to, places, stock):
        assume(stock)
        counted = Counter(stock)
        held = plan(places, *held_to)
        approved = Counter({entry: times // 2 for entry, times in counted.items()})
        known = DeskStock(approved, counted - approved)
        for entry in counted:
            found = findings(held, domain_of("person"), entry, known)
            assert bool(found) != on_some_list(entry, counted, held, places)
            if [finding.why for finding in found] == [Hindrance.CLASH]:
                self.cannot_be_kept_together(held_to, found[0].bounds, entry, counted, places)

    @staticmethod
    def cannot_be_kept_together(held_to, clash, entry, counted, places):
        """What is named cannot be kept together, and would without any one of them."""
        codes = {bound.code for bound in clash}
        assert not on_some_list(
            entry, counted, plan(places, *(each for each in held_to if each.code in codes)), places
        )
        for left_out in codes:
            rest = plan(places, *(each for each in held_to if each.code in codes - {left_out}))
            assert on_some_list(entry, counted, rest, places)

    @settings(deadline=None)
    @given(rules(), st.integers(1, 3), st.sampled_from(ATOMS))
    def test_while_units_apply_everything_may_still_come(self, held_to, places, entry):
        """Of the plan alone: against all lists out of as many of every kind as there are places."""
        held = plan(places, *held_to)
        everything = Counter(dict.fromkeys(ATOMS, places))
        expected = on_some_list(entry, everything, held, places)
        assert bool(findings(held, domain_of("person"), entry)) != expected
        assert findings(held, domain_of("person"), entry) == findings(
            held, domain_of("person"), entry, DeskStock(open=True)
        )

    @given(
        st.integers(1, 4), st.integers(0, 4), st.integers(0, 3), st.integers(0, 3), st.sampled_from([N, P])
    )
    def test_typed_places(self, places, reserved, non_public, public, label):
        held = plan(places, typed=[(label, reserved)])
        stock = Counter({frozenset({N}): non_public, frozenset({P}): public})
        for entry in +stock:
            found = findings(held, domain_of("unit"), entry, DeskStock(stock))
            assert bool(found) != on_some_list(entry, stock, held, places)

    def test_typed_places_of_two_kinds_and_a_share_on_another_facet(self):
        """Two of three places are for non-public ones, and half the list are women: one man who is public is one too many."""
        held = plan(2, rule("women", "gender:female", "min", 1, 2), typed=[(N, 1)])
        man, woman = frozenset({P, "gender:male"}), frozenset({P, "gender:female"})
        lacking = DeskStock(Counter({man: 1, woman: 3, frozenset({N, "gender:male"}): 2}))
        (clash,) = findings(held, domain_of("person"), man, lacking)
        assert clash.why == Hindrance.CLASH
        assert {bound.code for bound in clash.bounds} == {"women", f"slot:{N}"}
        assert (
            findings(
                held,
                domain_of("person"),
                man,
                DeskStock(lacking.approved, Counter({frozenset({N, "gender:female"}): 1})),
            )
            == []
        )

    def test_a_separate_place_is_outside_every_share(self):
        """Only what is closed altogether stays closed."""
        half, whole = rule("half", N, "min", 1, 2), rule("whole", N, "min", 1, 1)
        alone = DeskStock(Counter({frozenset({P}): 1}))
        assert findings(plan(1, half), domain_of("unit"), frozenset({P}), alone) != []
        assert findings(plan(1, half, separate=1), domain_of("unit"), frozenset({P}), alone) == []
        assert [
            found.why
            for found in findings(plan(0, whole, separate=1), domain_of("unit"), frozenset({P}), alone)
        ] == [Hindrance.CLOSED]

    @pytest.mark.parametrize(
        ("places", "stock", "expected"),
        [
            (0, {N: 1}, Hindrance.NO_PLACES),
            (1, {P: 1, N: 1}, Hindrance.PLAN),
            (2, {P: 1}, Hindrance.SHORT),
            (2, {P: 1, N: 1}, None),
        ],
    )
    def test_says_what_is_in_the_way(self, places, stock, expected):
        entry = frozenset({P if P in stock else N})
        known = DeskStock(pending=Counter({frozenset({label}): number for label, number in stock.items()}))
        found = [
            finding.why
            for finding in findings(
                plan(places, rule("half", N, "min", 1, 2)), domain_of("unit"), entry, known
            )
        ]
        assert found == ([] if expected is None else [expected])


class TestWhatMayStillCome:
    def test_facets_that_no_bound_ties_together_are_no_product(self):
        bounds = tuple(
            bounds_of(
                plan(
                    9,
                    rule("a", N, "min", 1, 2),
                    rule("b", "front_line:yes", "min", 1, 3),
                    rule("c", "gender:female", "min", 1, 4),
                    rule("d", "occupation:official", "max", 1, 5),
                    rule("e", "migrant:yes", "min", 1, 6),
                )
            )
        )
        (best,) = best_kinds(bounds, domain_of("person"))
        assert {N, "front_line:yes", "gender:female", "migrant:yes"} <= best
        assert "occupation:official" not in best

    def test_a_facet_that_such_nominees_have_not_counts_for_none(self):
        bounds = tuple(bounds_of(plan(3, rule("women", "gender:female", "min", 1, 2))))
        assert best_kinds(bounds, domain_of("team")) == (frozenset(),)
