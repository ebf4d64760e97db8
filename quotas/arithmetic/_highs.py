"""The seam to HiGHS, a solver of linear programs, which reckons in floating point and is therefore believed in
nothing.

Integers go in and integers come out: whole answers rounded, others in units of 1/`UNIT`. The caller proves the result
in integers. The solver is imported on the first question, since most processes never ask one; it works in one thread
and says nothing, and the same question always has the same answer.
"""

from collections.abc import Sequence
from typing import Any

UNIT = 1 << 40
NOISE = 1 << 20
"""What is less than NOISE/UNIT from a whole number, about a millionth, is taken for that number."""

_MOST_NODES = 1_000

Range = tuple[int | None, int | None]
"""Lower and upper end; None: unlimited."""

_WHOLE_OPTIONS: tuple[tuple[str, Any], ...] = (
    # These problems are so small that preparing the search takes longer than the search itself.
    ("presolve", "off"),
    ("mip_heuristic_effort", 0),
    ("mip_heuristic_run_feasibility_jump", False),
    ("mip_heuristic_run_root_reduced_cost", False),
    ("mip_detect_symmetry", False),
    # The best answer and nothing near it; a limit that is no clock, so that every machine gives up alike.
    ("mip_rel_gap", 0),
    ("mip_abs_gap", 0),
    ("mip_max_nodes", _MOST_NODES),
)


def whole(
    boxes: Sequence[tuple[int, int]],
    rows: Sequence[Sequence[int]],
    ranges: Sequence[Range],
    cost: Sequence[int],
) -> list[int] | None:
    """Whole numbers within the boxes, with every row within its range, at the least cost; None where none was found."""
    import highspy  # noqa: PLC0415 -- see the module

    model = _model(boxes, rows, ranges, cost)
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(boxes)
    solver = _solver(model)
    for name, value in _WHOLE_OPTIONS:
        solver.setOptionValue(name, value)
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return [nearest_whole(value) for value in _integers(solver.getSolution().col_value)]


def nearest_whole(value: int) -> int:
    """A figure in units of 1/UNIT, as the whole number nearest to it."""
    return (value + UNIT // 2) // UNIT


class Elastic:
    """A system whose rows may be missed, at a price: by how much it must be missed, and which rows are to blame.

    The ranges and boxes can be narrowed and widened again; the solver goes on from where it was.
    """

    def __init__(
        self, boxes: Sequence[tuple[int, int]], rows: Sequence[Sequence[int]], ranges: Sequence[Range]
    ) -> None:
        import highspy  # noqa: PLC0415 -- see the module

        self._infinite = highspy.kHighsInf
        self._width = len(boxes)
        count = len(rows)
        # Behind the columns, one for missing each row from below and one from above.
        apart = [[int(other == row) for other in range(count)] for row in range(count)]
        self._solver = _solver(
            _model(
                [*boxes, *[(0, None)] * (2 * count)],
                [[*row, *unit, *(-part for part in unit)] for row, unit in zip(rows, apart, strict=True)],
                ranges,
                [0] * self._width + [1] * (2 * count),
            )
        )
        self._solver.setOptionValue("presolve", "off")

    def set_range(self, row: int, least: int | None, most: int | None) -> None:
        """Hold a row to another range."""
        self._solver.changeRowBounds(row, *_ends(least, most, self._infinite))

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
    rows: Sequence[Sequence[int]],
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
        used = [column for column, value in enumerate(row) if value]
        columns += used
        values += [row[column] for column in used]
        starts.append(len(columns))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = starts, columns, values
    return model


def _ends(least: int | None, most: int | None, infinite: Any) -> tuple[Any, Any]:
    return (-infinite if least is None else least, infinite if most is None else most)


def _integers(values: Sequence[Any]) -> list[int]:
    return [int(value * UNIT) for value in values]
