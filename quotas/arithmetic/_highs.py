"""The seam to HiGHS, a solver of linear programs, which reckons in floating point and is therefore believed in
nothing.

Integers go in and integers come out: whole answers rounded, others in units of 1/`UNIT`. The caller proves the result
in integers. The solver is imported on the first question, since most processes never ask one; it works in one thread
and says nothing, and the same question always has the same answer.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

UNIT = 1 << 40
NOISE = 1 << 20
"""What is less than NOISE/UNIT from a whole number, about a millionth, is taken for that number."""

_MOST_NODES = 1_000

Range = tuple[int | None, int | None]
"""Lower and upper end; None: unlimited."""

Factors = Sequence[tuple[int, int]]
"""A row: each column that has a part in it, with its factor."""

_WHOLE_OPTIONS: tuple[tuple[str, Any], ...] = (
    # The best answer and nothing near it; a limit that is no clock, so that every machine gives up alike.
    ("mip_rel_gap", 0),
    ("mip_abs_gap", 0),
    ("mip_max_nodes", _MOST_NODES),
    ("mip_detect_symmetry", False),
)
_SECONDS = 5
"""So long is one search at most, however much is left: the best that it has found by then is hardly ever bettered."""

_until: ContextVar[int | None] = ContextVar("until", default=None)
_NANO = 10**9
# These problems are mostly so small that preparing the search takes longer than the search itself.
_SMALL_OPTIONS: tuple[tuple[str, Any], ...] = (
    ("presolve", "off"),
    ("mip_heuristic_effort", 0),
    ("mip_heuristic_run_feasibility_jump", False),
    ("mip_heuristic_run_root_reduced_cost", False),
)
_SMALL = 60

_EXACT_OPTIONS: tuple[tuple[str, Any], ...] = (
    ("presolve", "off"),
    ("primal_feasibility_tolerance", "1e-10"),
    ("dual_feasibility_tolerance", "1e-10"),
)


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """In this block the solver gives up after so many seconds; of blocks in one another the shorter one counts."""
    here, around = time.monotonic_ns() + seconds * _NANO, _until.get()
    token = _until.set(here if around is None else min(here, around))
    try:
        yield
    finally:
        _until.reset(token)


def left() -> int:
    """The seconds until the solver gives up, begun ones counted; 0 when it has."""
    until = _until.get()
    return _SECONDS if until is None else max(-((time.monotonic_ns() - until) // _NANO), 0)


def whole(
    boxes: Sequence[tuple[int, int]], rows: Sequence[Factors], ranges: Sequence[Range], cost: Sequence[int]
) -> list[int] | None:
    """Whole numbers within the boxes, with every row within its range, at the least cost; None where none was found."""
    if not left():
        return None
    import highspy  # noqa: PLC0415 -- see the module

    # What cannot move is left out.
    places = {
        column: place for place, column in enumerate(c for c, (low, high) in enumerate(boxes) if low != high)
    }
    fixed = [0 if column in places else low for column, (low, _) in enumerate(boxes)]
    rest = [[(places[column], factor) for column, factor in row if column in places] for row in rows]
    still = [sum(factor * fixed[column] for column, factor in row) for row in rows]
    ends = [
        (None if least is None else least - by, None if most is None else most - by)
        for (least, most), by in zip(ranges, still, strict=True)
    ]
    if not places:
        return fixed if all((least or 0) <= 0 <= (most or 0) for least, most in ends) else None
    model = _model([boxes[column] for column in places], rest, ends, [cost[column] for column in places])
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(places)
    solver = _solver(model)
    for name, value in (*_WHOLE_OPTIONS, *(_SMALL_OPTIONS if len(places) <= _SMALL else ())):
        solver.setOptionValue(name, value)
    solver.setOptionValue("time_limit", min(left(), _SECONDS))
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    found = _integers(solver.getSolution().col_value)
    return [
        nearest_whole(found[places[column]]) if column in places else low
        for column, (low, _) in enumerate(boxes)
    ]


class InFractions(NamedTuple):
    """Columns that need not be whole, and the weight of each row; in units of 1/UNIT."""

    columns: list[int]
    weights: list[int]


def relaxed(
    boxes: Sequence[tuple[int, int]], rows: Sequence[Factors], ranges: Sequence[Range], cost: Sequence[int]
) -> InFractions | None:
    """The columns at the least cost, if they need not be whole; None where there are none."""
    if not left():
        return None
    import highspy  # noqa: PLC0415 -- see the module

    solver = _solver(_model(boxes, rows, ranges, cost))
    solver.setOptionValue("presolve", "off")
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    return InFractions(_integers(solution.col_value), _integers(solution.row_dual))


def nearest_whole(value: int) -> int:
    """A figure in units of 1/UNIT, as the whole number nearest to it."""
    return (value + UNIT // 2) // UNIT


class Elastic:
    """A system whose rows may be missed, at a price: by how much it must be missed, and which rows are to blame.

    The ranges and boxes can be narrowed and widened again; the solver goes on from where it was.
    """

    def __init__(
        self, boxes: Sequence[tuple[int, int]], rows: Sequence[Factors], ranges: Sequence[Range]
    ) -> None:
        import highspy  # noqa: PLC0415 -- see the module

        self._infinite = highspy.kHighsInf
        self._width = width = len(boxes)
        self._height = height = len(rows)
        # Behind the columns, one for missing each row from below and one from above.
        self._solver = _solver(
            _model(
                [*boxes, *[(0, None)] * (2 * height)],
                [
                    [*row, (width + 2 * number, 1), (width + 2 * number + 1, -1)]
                    for number, row in enumerate(rows)
                ],
                ranges,
                [0] * width + [1] * (2 * height),
            )
        )
        for name, value in _EXACT_OPTIONS:
            self._solver.setOptionValue(name, value)

    def add_row(self, factors: Factors, least: int | None, most: int | None) -> None:
        """One more row, behind the others."""
        before = self._width + 2 * self._height
        for _ in range(2):
            self._solver.addCol(1, 0, self._infinite, 0, [], [])
        row = [*factors, (before, 1), (before + 1, -1)]
        columns, values = zip(*row, strict=True)
        self._solver.addRow(*_ends(least, most, self._infinite), len(row), columns, values)
        self._height += 1

    def drop_row(self) -> None:
        """Take the last row back."""
        self._height -= 1
        before = self._width + 2 * self._height
        self._solver.deleteRows(1, [self._height])
        self._solver.deleteCols(2, [before, before + 1])

    def set_box(self, column: int, least: int, most: int) -> None:
        """Hold a column to another box."""
        self._solver.changeColBounds(column, least, most)

    def solve(self) -> tuple[int, list[int], list[int]]:
        """By how much all rows together are missed, the columns, and the weight of each row; in units of 1/UNIT."""
        self._solver.run()
        solution = self._solver.getSolution()
        missed = self._solver.getInfo().objective_function_value
        return (
            _integers([missed])[0],
            _integers(solution.col_value[: self._width]),
            _integers(solution.row_dual),
        )


def _solver(model: Any) -> Any:
    import highspy  # noqa: PLC0415 -- see the module

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    return solver


def _model(
    boxes: Sequence[tuple[int, int | None]],
    rows: Sequence[Factors],
    ranges: Sequence[Range],
    cost: Sequence[int],
) -> Any:
    import highspy  # noqa: PLC0415 -- see the module

    model: Any = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(boxes), len(rows)
    model.col_cost_ = list(cost)
    box_ends = [_ends(*box, highspy.kHighsInf) for box in boxes]
    row_ends = [_ends(*row, highspy.kHighsInf) for row in ranges]
    model.col_lower_, model.col_upper_ = [low for low, _ in box_ends], [high for _, high in box_ends]
    model.row_lower_, model.row_upper_ = [low for low, _ in row_ends], [high for _, high in row_ends]
    starts, columns, values = [0], [], []
    for row in rows:
        columns += [column for column, _ in row]
        values += [value for _, value in row]
        starts.append(len(columns))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = starts, columns, values
    return model


def _ends(least: int | None, most: int | None, infinite: Any) -> tuple[Any, Any]:
    return (-infinite if least is None else least, infinite if most is None else most)


def _integers(values: Sequence[Any]) -> list[int]:
    return [int(value * UNIT) for value in values]
