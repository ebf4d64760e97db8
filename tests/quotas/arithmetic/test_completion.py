"""Overlapping bounds against every list written out, and proofs against what is done to them."""

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations, permutations, product

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from quotas.arithmetic import _highs
from quotas.arithmetic import completion as module
from quotas.arithmetic.completion import (
    Completion,
    CompletionProblem,
    Contradiction,
    Limit,
    ModelRow,
    ProofFork,
    Relaxation,
    Stock,
    Verdict,
    Weights,
    broken,
    completion,
    conflict,
    nearest,
    proves,
)
from quotas.arithmetic.shares import Bound
from tests.quotas.arithmetic.notices import KINDS, notice
from tests.quotas.arithmetic.windows import windows

MOST_PLACES = 8
ONE = Limit("one", Bound("one", "min", "count", 1), (True,), (True,))


# The truth, written out


def gives_way(limit, counts):
    """By how many entries a list falls short of a limit, or goes beyond it; by the definition, in fractions."""
    count = sum(number for number, part in zip(counts, limit.counted, strict=True) if part)
    base = sum(number for number, part in zip(counts, limit.base, strict=True) if part)
    if limit.fixed_base is not None:
        base = limit.fixed_base
    bound = limit.bound
    exact = Fraction(bound.numerator, bound.denominator) * (1 if bound.kind == "count" else base)
    exact += (1 if bound.sense == "max" else -1) * Fraction(bound.slack, bound.denominator)

    def kept(figure):
        if bound.kind == "above":
            return figure > exact or figure >= base
        return figure >= exact if bound.sense == "min" else figure <= exact

    by = 0
    while not kept(count + by if bound.sense == "min" else count - by):
        by += 1
    return by


@cache
def lists(tops, most):
    """All lists of at most `most` entries with at most so many of each type."""
    return [counts for counts in product(*(range(min(top, most) + 1) for top in tops)) if sum(counts) <= most]


def every_list(problem):
    """Every list of so many entries as are asked, within the places."""
    tops = tuple(problem.places if one.most is None else one.most for one in problem.stock)
    return lists(tops, problem.places)


def possible(problem, without=()):
    """Every list out of the stock that keeps all bounds but those named, with what it breaks of these."""
    tops = tuple(MOST_PLACES if one.most is None else one.most for one in problem.stock)
    found = []
    for counts in lists(tops, sum(tops) if "places" in without else problem.places):
        if sum(counts) < problem.at_least:
            continue
        if any(number < one.least for number, one in zip(counts, problem.stock, strict=True)):
            continue
        broken = {limit.code: by for limit in problem.limits if (by := gives_way(limit, counts))}
        if sum(counts) > problem.places:
            broken["places"] = sum(counts) - problem.places
        if broken.keys() <= set(without):
            found.append((counts, broken))
    return found


# Problems


@st.composite
def limits(draw, width):
    kind = draw(st.sampled_from(["share", "share", "count", "above"]))
    sense = "min" if kind == "above" else draw(st.sampled_from(["min", "max"]))
    if kind == "count":
        figures = (draw(st.integers(0, 5)), 1)
    else:
        denominator = draw(st.integers(1, 7))
        figures = (draw(st.integers(0, denominator)), denominator)
    membership = draw(
        st.lists(st.sampled_from(["counted", "base", "base", "out"]), min_size=width, max_size=width)
    )
    everybody = draw(st.booleans())
    fixed_base = draw(st.none() | st.integers(0, 8)) if everybody else None
    # A part is of what is listed: a share of the places is a plain number before anything is eased.
    eased = kind == "share" and (sense == "min" or fixed_base is None)
    slack = draw(st.sampled_from([0, 0, 1, 3])) if eased else 0
    return Limit(
        draw(st.uuids()).hex,
        Bound("b", sense, kind, *figures, slack),
        base=tuple(everybody or one != "out" for one in membership),
        counted=tuple(one == "counted" for one in membership),
        fixed_base=fixed_base,
    )


@st.composite
def problems(draw, *, endless=True):
    width = draw(st.integers(1, 4))
    stock = []
    for _ in range(width):
        least = draw(st.sampled_from([0, 0, 0, 1, 2]))
        more = st.integers(0, 4)
        stock.append(
            Stock(least, draw(st.none() | more.map(least.__add__) if endless else more.map(least.__add__)))
        )
    places = draw(st.integers(0, MOST_PLACES))
    return CompletionProblem(
        tuple(draw(st.lists(limits(width), max_size=4))),
        tuple(stock),
        places,
        at_least=draw(st.integers(0, 3)),
    )


few = pytest.mark.parametrize("few", [module._FEW, 0], ids=["few columns", "many columns"])
"""All problems here are small; with 0 they are answered in the way of large ones."""


@few
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(problem=problems())
def test_a_verdict_is_what_all_lists_written_out_say(problem, few, monkeypatch):
    monkeypatch.setattr(module, "_FEW", few)
    answer = completion(problem)
    written_out = {counts for counts, _ in possible(problem)}
    assert answer.verdict is (Verdict.POSSIBLE if written_out else Verdict.IMPOSSIBLE)
    assert answer.example in written_out if written_out else answer.example is None


@few
def test_a_verdict_between_tight_windows_is_what_all_lists_written_out_say(few, monkeypatch):
    """Problems that fractions of people would solve; of many of them no list in whole numbers does."""
    monkeypatch.setattr(module, "_FEW", few)
    verdicts = Counter()
    for seed in range(120):
        problem = windows(seed, widest=4, longest=12)
        answer = completion(problem)
        with_one = any(not broken(problem, counts) for counts in every_list(problem))
        assert answer.verdict is (Verdict.POSSIBLE if with_one else Verdict.IMPOSSIBLE)
        verdicts[answer.verdict] += 1
    assert min(verdicts.values()) > 10


def test_tight_windows_are_decided():
    """Of 700 such problems with up to 14 types and 90 places 12 were open when forks went by counts alone."""
    undecided = [seed for seed in range(200) if completion(windows(seed)).verdict is Verdict.UNPROVEN]
    assert not undecided


@few
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(problem=problems(), data=st.data())
def test_the_nearest_list_has_the_fewest_changes_and_then_the_fewest_removals(
    problem, data, few, monkeypatch
):
    monkeypatch.setattr(module, "_FEW", few)
    start = tuple(data.draw(st.integers(0, 5)) for _ in problem.stock)

    def price(counts):
        removed = sum(max(old - new, 0) for old, new in zip(start, counts, strict=True))
        return sum(abs(old - new) for old, new in zip(start, counts, strict=True)), removed

    written_out = {counts for counts, _ in possible(problem)}
    found = nearest(problem, start)
    if written_out:
        assert found in written_out
        assert price(found) == min(map(price, written_out))
    else:
        assert found is None


@few
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(problem=problems(endless=False))
def test_a_conflict_is_smallest_and_its_relaxations_are_the_least_that_help(problem, few, monkeypatch):
    monkeypatch.setattr(module, "_FEW", few)
    found = conflict(problem)
    everything = {limit.code for limit in problem.limits} | {"places"}
    if possible(problem):
        assert found is None
        return
    seen_to_mend = [broken.keys() for _, broken in possible(problem, without=everything)]
    assert all(broken & set(found.codes) for broken in seen_to_mend)
    for code in found.codes:
        assert possible(problem, without=everything - set(found.codes) | {code})
    assert {relaxation.code: relaxation.by for relaxation in found.relaxations} == {
        code: min(broken[code] for _, broken in mended)
        for code in found.codes
        if (mended := possible(problem, without={code}))
    }


@settings(max_examples=200, deadline=None)
@given(problems(endless=False))
def test_on_the_places_that_are_given_a_conflict_is_smallest_among_the_rules(problem):
    assume(possible(problem, without={limit.code for limit in problem.limits}))
    found = conflict(problem, places_given=True)
    if possible(problem):
        assert found is None
        return
    rules = {limit.code for limit in problem.limits}
    assert set(found.codes) <= rules
    assert not possible(problem, without=rules - set(found.codes))
    for code in found.codes:
        assert possible(problem, without=rules - set(found.codes) | {code})


def one_of_two(code, sense, kind, *figures):
    """A bound on the first of two types."""
    return Limit(code, Bound(code, sense, kind, *figures), (True, True), (True, False))


def test_fewer_changes_count_before_fewer_removals():
    """Three others removed, or four added."""
    problem = CompletionProblem(
        (one_of_two("l", "min", "share", 4, 7),), (Stock(0, None), Stock(0, None)), 14
    )
    assert nearest(problem, (4, 6)) == (4, 3)
    assert nearest(problem, (8, 7)) == (8, 6)


def test_among_types_that_no_bound_tells_apart_the_last_one_goes_first():
    problem = CompletionProblem((), (Stock(0, 3),) * 3, places=4, at_least=3)
    assert nearest(problem, (2, 2, 2)) == (2, 2, 0)
    assert nearest(problem, (0, 1, 0)) == (2, 1, 0)


def test_places_that_are_too_few_for_a_number_are_named():
    limits_ = (one_of_two("five", "min", "count", 5), one_of_two("all", "max", "share", 1, 1))
    assert conflict(CompletionProblem(limits_, (Stock(0, None), Stock(0, None)), 3)) == Contradiction(
        ("five", "places"), (Relaxation("five", 2), Relaxation("places", 2))
    )


# One limit, and none: no solver is asked


@settings(max_examples=200, deadline=None)
@given(problems())
def test_one_limit_alone_is_answered_in_closed_form(problem):
    alone = replace(problem, limits=problem.limits[:1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_highs, "whole", None)
        patch.setattr(_highs, "Elastic", None)
        answer = completion(alone)
    written_out = {counts for counts, _ in possible(alone)}
    assert answer.example in written_out if written_out else answer == Completion(Verdict.IMPOSSIBLE, None)


def test_the_solver_is_imported_on_the_first_question_to_it():
    program = (
        "import sys\n"
        "from quotas.arithmetic.completion import CompletionProblem, Limit, Stock, completion\n"
        "from quotas.arithmetic.shares import Bound\n"
        "half = Limit('half', Bound('half', 'min', 'share', 1, 2), (True, True), (True, False))\n"
        "completion(CompletionProblem((half,), (Stock(0, None), Stock(1, 1)), 9))\n"
        "assert 'highspy' not in sys.modules and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


# Order


@settings(max_examples=100, deadline=None)
@given(problems(), st.randoms())
def test_the_order_of_types_and_of_limits_changes_no_verdict(problem, random):
    order = random.sample(range(len(problem.stock)), len(problem.stock))
    turned = CompletionProblem(
        tuple(
            replace(
                limit,
                base=tuple(limit.base[place] for place in order),
                counted=tuple(limit.counted[place] for place in order),
            )
            for limit in random.sample(problem.limits, len(problem.limits))
        ),
        tuple(problem.stock[place] for place in order),
        problem.places,
        problem.at_least,
    )
    assert completion(turned).verdict is completion(problem).verdict
    one, other = conflict(problem), conflict(turned)
    assert (one and len(one.codes)) == (other and len(other.codes))


@st.composite
def events(draw):
    """Limits, and up to three people of a type each: everybody applies, and is then approved or declined."""
    width = draw(st.integers(1, 3))
    bounds = tuple(draw(st.lists(limits(width), min_size=1, max_size=3)))
    people = draw(st.lists(st.tuples(st.integers(0, width - 1), st.booleans()), min_size=1, max_size=3))
    return CompletionProblem(bounds, (Stock(0, 0),) * width, draw(st.integers(1, 4))), people


def with_one(problem, type_, most):
    """The question whether somebody of this type can be listed."""
    return replace(
        problem,
        stock=tuple(
            Stock(int(place == type_), None if number is None else max(number, int(place == type_)))
            for place, number in enumerate(most)
        ),
    )


@settings(max_examples=60, deadline=None)
@given(events())
def test_admission_never_depends_on_order(case):
    problem, people = case
    width, everybody = len(problem.stock), range(len(people))

    def available(persons):
        return tuple(sum(people[one][0] == type_ for one in persons) for type_ in range(width))

    @cache
    def verdict(type_, most):
        return completion(with_one(problem, type_, most)).verdict

    @cache
    def listable(type_, most):
        return bool(possible(with_one(problem, type_, most)))

    finals = set()
    for order in set(permutations([*everybody, *everybody])):
        applied, approved, pending = set(), set(), set()
        for one in order:
            if one in applied:
                pending.discard(one)
                approved |= {one} if people[one][1] else set()
            else:
                applied.add(one)
                pending.add(one)
            # while somebody can still apply, anybody may still come
            open_to_all = applied != set(everybody)
            stock = (None,) * width if open_to_all else available(approved | pending)
            undecided = set(everybody) - applied | pending
            for entry in approved | pending:
                if verdict(people[entry][0], stock) is Verdict.IMPOSSIBLE:
                    assert not any(
                        listable(people[entry][0], available(approved | {entry} | set(outcome)))
                        for size in range(len(undecided) + 1)
                        for outcome in combinations(undecided, size)
                    )
        finals.add(tuple((one, verdict(people[one][0], available(approved))) for one in sorted(approved)))
    assert len(finals) == 1


# Proofs


def half_of_three():
    """At least and at most half of three places: no fractions of people, hence no list. Its boxes and rows."""
    everybody, some = (True, True), (True, False)
    problem = CompletionProblem(
        tuple(Limit(sense, Bound(sense, sense, "share", 1, 2), everybody, some) for sense in ("min", "max")),
        (Stock(0, None), Stock(0, None)),
        places=3,
        at_least=3,
    )
    system = module._System.of(problem, module._codes(problem))
    return problem, system.boxes, system.rows


def test_a_proof_forks_where_only_fractions_of_people_would_do():
    problem, boxes, rows = half_of_three()
    assert completion(problem) == Completion(Verdict.IMPOSSIBLE, None)
    proof = module._refute(boxes, rows).proof
    assert isinstance(proof, ProofFork)
    assert proves(boxes, rows, proof)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda fork: fork.low,
        lambda fork: fork.high,
        lambda fork: replace(fork, low=fork.high, high=fork.low),
        lambda fork: replace(fork, at=fork.at + 1),
        lambda fork: replace(fork, at=fork.at - 1),
        lambda fork: replace(fork, factors=((99, 1),)),
        lambda fork: replace(fork, factors=((-1, 1),)),
        lambda fork: replace(fork, factors=((*fork.factors, (0, 1)))),
        lambda fork: replace(fork, low=Weights(tuple(-weight for weight in fork.low.rows))),
        lambda fork: replace(fork, low=Weights((0,) * len(fork.low.rows))),
        lambda fork: replace(fork, high=Weights(fork.high.rows[:-1])),
        lambda fork: replace(fork, high=Weights((*fork.high.rows, 1))),
        lambda fork: replace(fork, high=Weights(tuple(map(abs, fork.high.rows)))),
    ],
)
def test_a_spoilt_proof_proves_nothing(spoil):
    _, boxes, rows = half_of_three()
    assert not proves(boxes, rows, spoil(module._refute(boxes, rows).proof))


@pytest.mark.parametrize(
    ("columns", "weights"), [((0,), [(1,), (-1,)]), ((0, 1), [(1, -2), (-1, 2)])], ids=["number", "sum"]
)
def test_a_fork_leaves_no_whole_number_out(columns, weights):
    """Twice a number is never one; a number may be. A fork narrows a number by itself, or is one more row."""
    fork = ProofFork(tuple((column, 1) for column in columns), 0, *map(Weights, weights))
    twice, once = (ModelRow("", tuple((column, by) for column in columns), 1, 1) for by in (2, 1))
    assert proves([(0, 2)] * 2, [twice], fork)
    assert not proves([(0, 2)] * 2, [once], fork)


def test_what_was_sought_as_a_proof_is_looked_at_again(monkeypatch):
    problem, _, rows = half_of_three()
    nothing = module._Search(Weights((0,) * len(rows)), None)
    monkeypatch.setattr(module, "_refute", lambda *_: nothing)
    assert completion(problem) == Completion(Verdict.UNPROVEN, None)


@settings(max_examples=200, deadline=None)
@given(problems(), st.data())
def test_nothing_proves_away_a_list_that_exists(problem, data):
    system = module._System.of(problem, module._codes(problem))
    columns = len(system.boxes)
    # A fork on a sum is one more row, so that weights may be more than rows.
    weights = st.builds(
        Weights,
        st.integers(0, 2).flatmap(lambda more: st.tuples(*[st.integers(-3, 3)] * (len(system.rows) + more))),
    )
    factors = st.tuples(st.integers(0, columns - 1), st.integers(-2, 2))
    sums = st.one_of(factors.map(lambda one: ((one[0], 1),)), st.tuples(factors, factors))
    proof = data.draw(
        st.recursive(
            weights,
            lambda parts: st.builds(ProofFork, sums, st.integers(-1, 9), parts, parts),
            max_leaves=4,
        )
    )
    if proves(system.boxes, system.rows, proof):
        assert not possible(problem)


def test_a_solver_that_errs_is_not_believed(monkeypatch):
    """Whether it sees a list that is none or misses one that there is."""
    problem, *_ = half_of_three()
    monkeypatch.setattr(_highs, "whole", lambda boxes, *_: [2] * len(boxes))
    assert completion(problem) == Completion(Verdict.UNPROVEN, None)
    assert conflict(problem) is None
    assert nearest(problem, (0, 0)) is None
    four = replace(problem, places=4, at_least=4)
    monkeypatch.setattr(_highs, "whole", lambda *_: None)
    assert completion(four) == Completion(Verdict.POSSIBLE, (2, 2))


def test_where_the_proof_gets_too_long_nothing_is_called_impossible(monkeypatch):
    problem, *_ = half_of_three()
    monkeypatch.setattr(module, "_MOST_LOOKS", 1)
    assert completion(problem) == Completion(Verdict.UNPROVEN, None)
    assert conflict(problem) is None


# A real notice


def test_a_notice_with_eight_overlapping_bounds_can_be_filled_and_repaired():
    problem = notice()
    answer = completion(problem)
    assert answer.verdict is Verdict.POSSIBLE
    assert not broken(problem, answer.example)
    # the best list less its women: as many changes as it takes to have them back
    exchanged = list(answer.example)
    for place, kind in enumerate(KINDS):
        if "女" in kind and exchanged[place]:
            exchanged[place] -= 1
    repaired = nearest(problem, tuple(exchanged))
    assert not broken(problem, repaired)
    short = problem.places - sum(exchanged)
    assert sum(abs(old - new) for old, new in zip(exchanged, repaired, strict=True)) == short
    assert nearest(problem, repaired) == repaired


def test_bounds_of_a_notice_that_contradict_one_another_are_named():
    """Nobody is both a worker and a scientist, and 35 and 70 are 5 too many."""
    as_many_as_wanted = tuple(Stock(0, None) for _ in KINDS)
    assert conflict(notice(stock=as_many_as_wanted, 科教=65)) is None
    assert conflict(notice(stock=as_many_as_wanted, 科教=70)) == Contradiction(
        ("产业工人", "科教"), (Relaxation("产业工人", 5), Relaxation("科教", 5))
    )


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"places": 144}, Contradiction((), ())),
        ({"places": 139}, Contradiction(("企业负责人",), ())),
        (
            {"places": 120},
            Contradiction(("企业负责人", "县处级"), (Relaxation("企业负责人", 3), Relaxation("县处级", 3))),
        ),
        ({"女": 80}, Contradiction(("企业负责人", "女"), (Relaxation("企业负责人", 3), Relaxation("女", 3)))),
    ],
)
def test_bounds_that_a_pool_is_too_small_for_are_named(changed, found):
    """Of 142 people 36 lead enterprises, and so on; where two things are wrong at once, nothing alone mends it."""
    assert conflict(notice(**changed)) == found


# What makes no sense


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Stock(-1, None), "at least 0"),
        (lambda: Stock(3, 2), "at least as many"),
        (lambda: Limit("l", Bound("l", "min", "count", 1), (False,), (True,)), "part of the base"),
        (lambda: Limit("l", Bound("l", "min", "count", 1), (True,), ()), "part of the base"),
        (lambda: Limit("places", Bound("l", "min", "count", 1), (True,), (True,)), "no code of a limit"),
        (lambda: CompletionProblem((ONE,), (), 3), "every type"),
        (lambda: CompletionProblem((ONE, ONE), (Stock(0, 1),), 3), "code of its own"),
        (lambda: CompletionProblem((ONE,), (Stock(0, 1),), -1), "from 0"),
        (lambda: nearest(CompletionProblem((ONE,), (Stock(0, 1),), 1), (1, 1)), "every type"),
        (lambda: nearest(CompletionProblem((ONE,), (Stock(0, 1),), 1), (-1,)), "from 0"),
    ],
)
def test_a_problem_without_sense_is_refused(build, message):
    with pytest.raises(ValueError, match=message):
        build()


@pytest.mark.parametrize(
    "limits",
    [
        [Bound("many", "min", "count", 20_000)],
        [Bound("many", "min", "count", 20), Bound("few", "max", "share", 1, 1000)],
        [Bound("many", "min", "count", 20), Bound("few", "max", "share", 1, 10_000)],
    ],
)
def test_what_longer_lists_would_keep_is_short_of_places_and_no_contradiction(limits):
    """However large the figures are: a set without "places" says that no list of any length would do."""
    problem = CompletionProblem(
        tuple(Limit(bound.code, bound, (True, True), (True, False)) for bound in limits),
        (Stock(0, None), Stock(0, None)),
        places=100,
    )
    assert conflict(problem).codes == (*(bound.code for bound in limits), "places")
