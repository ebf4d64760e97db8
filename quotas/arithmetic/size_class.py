"""The size class 大中小微 of an enterprise, by the table of the statistics bureau of 2017 (统计上大中小微型企业划分办法).

Large, medium and small ask for the lower bound of every indicator of the industry; who misses one goes down a class, and
who misses a bound of "small" is micro. Sums are in 万元. What the table does not cover has no size.
"""

from collections.abc import Mapping
from typing import NamedTuple

SIZES = ("micro", "small", "medium", "large")
"""The classes, from the smallest."""


class Limits(NamedTuple):
    """The lower bounds of one industry, from small to large; None for an indicator that it does not ask."""

    employees: tuple[int, int, int] | None
    revenue: tuple[int, int, int] | None
    assets: tuple[int, int, int] | None = None


_INDUSTRIAL = Limits((20, 300, 1000), (300, 2_000, 40_000))
_LODGING = Limits((10, 100, 300), (100, 2_000, 10_000))
_UNLISTED = Limits((10, 100, 300), None)

LIMITS: Mapping[str, Limits] = {
    "A": Limits(None, (50, 500, 20_000)),
    "B": _INDUSTRIAL,
    "C": _INDUSTRIAL,
    "D": _INDUSTRIAL,
    "E": Limits(None, (300, 6_000, 80_000), (300, 5_000, 80_000)),
    "F51": Limits((5, 20, 200), (1_000, 5_000, 40_000)),
    "F52": Limits((10, 50, 300), (100, 500, 20_000)),
    "G": Limits((20, 300, 1000), (200, 3_000, 30_000)),
    "G59": Limits((20, 100, 200), (100, 1_000, 30_000)),
    "G60": Limits((20, 300, 1000), (100, 2_000, 30_000)),
    "H61": _LODGING,
    "H62": _LODGING,
    "I63": Limits((10, 100, 2000), (100, 1_000, 100_000)),
    "I65": Limits((10, 100, 300), (50, 1_000, 10_000)),
    "K701": Limits(None, (100, 1_000, 200_000), (2_000, 5_000, 10_000)),
    "K702": Limits((100, 300, 1000), (500, 1_000, 5_000)),
    "L": Limits((10, 100, 300), None, (100, 8_000, 120_000)),
    "M": _UNLISTED,
    "N": _UNLISTED,
    "O": _UNLISTED,
    "R": _UNLISTED,
}
"""By section or division of GB/T 4754. Finance, education, health and public bodies are not covered."""


def size_class(industry: str, *, employees: int, revenue: int | None, assets: int | None) -> str:
    """The size of an enterprise; empty where the industry is not covered or a figure that it asks is not known.

    `employees` 0 is not known.
    """
    limits = LIMITS.get(industry)
    if limits is None:
        return ""
    figures = zip(limits, (employees or None, revenue, assets), strict=True)
    reached = [
        None if figure is None else sum(figure >= bound for bound in bounds)
        for bounds, figure in figures
        if bounds is not None
    ]
    return "" if None in reached else SIZES[min(each for each in reached if each is not None)]
