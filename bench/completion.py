"""Bounds on a list: the closed form against one look at a bound, the exact program against the bare solver.

Goals: a single share in 1 ms; eight overlapping bounds, 100 places and 40 types in 20 ms, whatever is asked. At size
(10,000 candidates, 300 places, 113 bounds over 13 cities and 20 industries; once with a pool that has enough of
everybody, once with one that is short of women and of non-public enterprises): a list judged in 0.1 s, an approval's
question in 50 ms, the nearest list in 3 s. Of 700 problems with narrow windows at most 0.5 % stay open. Processor time.
Only the first question waits for the solver to be imported.
"""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable

from bench import scratch
from quotas.arithmetic import _highs, completion, shares
from quotas.arithmetic.completion import CompletionProblem, Stock, Verdict
from quotas.selection import judge
from quotas.selection.plan import bounds_of
from quotas.selection.problem import Question, sorts_of
from tests.quotas.arithmetic.notices import KINDS, notice
from tests.quotas.arithmetic.windows import windows
from tests.quotas.selection import size

RUNS = 50
MOST_SINGLE = 0.001
MOST_SEVERAL = 0.020
MOST_JUDGED, MOST_COMPLETION, MOST_NEAREST = 0.1, 0.050, 3.0
WINDOWS = 700
MOST_OPEN = 0.005


def bare(problem: CompletionProblem) -> Callable[[], object]:
    """The solver on the model of the problem, and nothing else."""
    asked = []
    whole = _highs.whole
    try:
        _highs.whole = lambda *model: asked.append(model) or whole(*model)
        completion.completion(problem)
    finally:
        _highs.whole = whole
    return lambda: whole(*asked[0])


def first_entries(problem: CompletionProblem) -> tuple[int, ...]:
    """A list filled from the first type on, which keeps few bounds."""
    left, counts = problem.places, []
    for stock in problem.stock:
        counts.append(min(left, stock.most or 0))
        left -= counts[-1]
    return tuple(counts)


def line(name: str, seconds: float, floor: float, most: float) -> bool:
    """Print one figure; whether it is within its goal."""
    print(f"{name:<36} {seconds * 1000:8.3f} ms   {seconds / floor:6.1f} x floor   goal {most * 1000:g} ms")
    return seconds <= most


def processor(runs: int, work: Callable[[], object]) -> float:
    """Seconds of processor time of the quickest of so many runs."""
    taken = []
    for _ in range(runs):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return min(taken)


def at_size(name: str, people: list[judge.EntryRow]) -> list[bool]:
    """The lines of a list at size; the floor is the same question about people who need not be whole."""
    plan, listed = size.plan(), size.best(people)
    question = Question.of(bounds_of(plan), [(row.labels, 1) for row in people], plan.places["regular"])
    problem = question.problem
    sorts = sorts_of(question.bounds, (row.labels for row in listed))
    counts = Counter(sorts[row.labels] for row in listed)
    start = tuple(counts[sort] for sort in question.sorts)
    asked = []
    relaxed = _highs.relaxed
    try:
        _highs.relaxed = lambda *model: asked.append(model) or relaxed(*model)
        assert completion.completion(problem).verdict is Verdict.POSSIBLE
    finally:
        _highs.relaxed = relaxed
    floor = processor(5, lambda: relaxed(*asked[0]))
    print(
        f"floor: {name} pool of {len(people)}, {len(problem.stock)} types, {len(problem.limits)} bounds, "
        f"in fractions {floor * 1000:.1f} ms"
    )
    questions = {
        "judge": (5, MOST_JUDGED, lambda: judge.judge(plan, listed, people)),
        "completion": (5, MOST_COMPLETION, lambda: completion.completion(problem)),
        "nearest": (2, MOST_NEAREST, lambda: completion.nearest(problem, start)),
    }
    return [
        line(f"{name}: {asked_for}", processor(runs, ask), floor, most)
        for asked_for, (runs, most, ask) in questions.items()
    ]


def windows_open() -> bool:
    """How many problems with narrow windows stay open."""
    begun = time.process_time()
    verdicts = Counter(completion.completion(windows(seed)).verdict for seed in range(WINDOWS))
    taken = time.process_time() - begun
    share = verdicts[Verdict.UNPROVEN] / WINDOWS
    print(
        f"{WINDOWS} problems with narrow windows: {verdicts[Verdict.UNPROVEN]} open, {verdicts[Verdict.IMPOSSIBLE]} "
        f"refuted, {taken / WINDOWS * 1000:.1f} ms each   goal {MOST_OPEN:.1%} open"
    )
    return share <= MOST_OPEN


def main() -> int:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import highspy"], check=True)
    imported = time.perf_counter() - started - (started - begun)
    print(f"import of the solver, once per process: {imported * 1000:.0f} ms")

    share = shares.Bound("half", "min", "share", 1, 2)
    check = scratch.best(RUNS, lambda: shares.check(share, 100, 50))
    print(f"floor: one shares.check {check * 1000:.4f} ms")
    open_form = {"matching_available": 20, "others_available": 70, "must_include_others": 1}
    full = notice()
    single = CompletionProblem(full.limits[:1], full.stock, full.places, full.at_least)
    good = [
        line(
            "single share, closed form",
            scratch.best(RUNS, lambda: shares.can_still_hold(share, 100, **open_form)),
            check,
            MOST_SINGLE,
        ),
        line(
            "reach of a single share",
            scratch.best(RUNS, lambda: shares.reach(share, 100, approved=(20, 40), pending=(30, 30))),
            check,
            MOST_SINGLE,
        ),
        line(
            "single share over 40 types",
            scratch.best(RUNS, lambda: completion.completion(single)),
            check,
            MOST_SINGLE,
        ),
    ]

    solver = scratch.best(RUNS, bare(full))
    print(f"floor: the bare solver on {len(KINDS)} types, 8 bounds, 100 places {solver * 1000:.3f} ms")
    wanted = tuple(Stock(0, None) for _ in KINDS)
    cases = {
        "the notice": (full, Verdict.POSSIBLE),
        "two shares above the whole": (notice(stock=wanted, 科教=70), Verdict.IMPOSSIBLE),
        "too few women in the pool": (notice(女=80), Verdict.IMPOSSIBLE),
        "120 places, 142 people": (notice(places=120), Verdict.IMPOSSIBLE),
    }
    for name, (problem, verdict) in cases.items():
        assert completion.completion(problem).verdict is verdict
        start = first_entries(problem)
        for question, ask in {
            "completion": lambda problem=problem: completion.completion(problem),
            "nearest": lambda problem=problem, start=start: completion.nearest(problem, start),
            "conflict": lambda problem=problem: completion.conflict(problem),
        }.items():
            good.append(line(f"{name}: {question}", scratch.best(RUNS, ask), solver, MOST_SEVERAL))
    good += at_size("ample", size.candidates())
    good += at_size("scarce", size.candidates(non_public=0.2, women=0.1, heads=0.5))
    good.append(windows_open())
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
