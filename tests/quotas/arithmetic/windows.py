"""Problems that people in fractions solve and whole people seldom do: shares in narrow windows around such a solution."""

from random import Random

from quotas.arithmetic.completion import CompletionProblem, Limit, Stock
from quotas.arithmetic.shares import Bound

DENOMINATORS = (7, 11, 20, 50, 100, 100, 1000)


def windows(seed, *, widest=14, longest=90):
    """A problem of up to so many types and places."""
    random = Random(seed)
    width = random.randint(min(4, widest), widest)
    places = random.randint(7, longest)
    parts = [random.random() ** 2 for _ in range(width)]
    parts = [part / sum(parts) for part in parts]
    limits = []
    for number in range(random.randint(2, 6)):
        marks = [random.choice(["counted", "base", "base", "out"]) for _ in range(width)]
        if random.random() < 0.5:
            marks = ["base" if mark == "out" else mark for mark in marks]
        if "counted" not in marks:
            marks[random.randrange(width)] = "counted"
        base, counted = tuple(mark != "out" for mark in marks), tuple(mark == "counted" for mark in marks)
        share = sum(part for part, one in zip(parts, counted, strict=True) if one) / sum(
            part for part, one in zip(parts, base, strict=True) if one
        )
        whole = random.choice(DENOMINATORS)
        low = min(int(share * whole), whole - 1)
        if low:
            limits.append(Limit(f"min{number}", Bound("", "min", "share", low, whole), base, counted))
        if random.random() < 0.95:
            limits.append(Limit(f"max{number}", Bound("", "max", "share", low + 1, whole), base, counted))
    stock = []
    for part in parts:
        expected = int(part * places)
        least = random.choice([0, 0, 0, expected])
        most = None if random.random() < 0.4 else max(least, expected + random.randint(0, 12))
        stock.append(Stock(least, most))
    at_least = random.choice([places, places, places, max(1, places - 2)])
    return CompletionProblem(tuple(limits), tuple(stock), places, at_least)
