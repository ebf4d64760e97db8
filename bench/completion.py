"""Bounds on a list: the closed form against one look at a bound, the exact program against the bare solver.

Goals: a single share in 1 ms; eight overlapping bounds, 100 places and 40 types in 20 ms, whatever is asked. Only the
first question waits for the solver to be imported.
"""

import subprocess
import sys
import time
from collections.abc import Callable

from bench import scratch
from quotas.arithmetic import _highs, completion, shares
from quotas.arithmetic.completion import CompletionProblem, Stock, Verdict
from tests.quotas.arithmetic.notices import KINDS, notice

RUNS = 50
MOST_SINGLE = 0.001
MOST_SEVERAL = 0.020


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
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
