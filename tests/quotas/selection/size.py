"""A list at size: 300 places, 113 bounds over 13 cities and 20 industries, and so many candidates for it."""

from dataclasses import replace
from random import Random

from quotas.selection.judge import EntryRow
from quotas.selection.labels import EVERY, Label, bearing, entry
from quotas.selection.plan import REGULAR, RESERVE, SEPARATE, Plan, Rule

CITIES = [Label(f"city:{number:02}") for number in range(13)]
INDUSTRIES = [Label(f"industry:{number:02}") for number in range(20)]
NON_PUBLIC, HEAD, WOMAN = Label("ownership:non_public"), Label("occupation:head"), Label("gender:female")


def plan(places=300):
    """At least and at most so many of each city and industry, and a share within each of them."""
    rules = []

    def add(counted, sense, numerator, denominator, base=EVERY):
        rules.append(Rule(str(len(rules)), counted, sense, "share", numerator, denominator, base=base))

    add(bearing(NON_PUBLIC), "min", 1, 2)
    for city in map(bearing, CITIES):
        add(city, "min", 1, 20)
        add(city, "max", 15, 100)
        add(city & bearing(NON_PUBLIC), "min", 1, 3, base=city)
        add(city & bearing(HEAD), "max", 1, 5, base=city)
    for industry in map(bearing, INDUSTRIES):
        add(industry, "min", 1, 50)
        add(industry, "max", 1, 10)
        add(industry & bearing(WOMAN), "min", 1, 5, base=industry)
    return Plan(places={REGULAR: places, RESERVE: 0, SEPARATE: 0}, rules=tuple(rules), awarding=True)


def candidates(number=10_000, *, non_public=0.4, women=0.25, heads=0.3):
    """As unevenly spread over cities and industries as such pools are; few of those whom the bounds ask for."""
    random = Random(2)
    found = []
    for each in range(number):
        labels = [
            random.choices(CITIES, range(3, 16))[0],
            random.choices(INDUSTRIES, range(1, 21))[0],
            NON_PUBLIC if random.random() < non_public else "ownership:public",
            WOMAN if random.random() < women else "gender:male",
            HEAD if random.random() < heads else random.choice(["occupation:worker", "occupation:other"]),
            random.choice(["size:small", "size:large"]),
        ]
        found.append(EntryRow(each, f"{each:05}", f"{each}", entry(labels), score=random.randrange(100)))
    return found


def best(people, number=300):
    """A list of those with the best scores, which breaks many of the bounds."""
    first = sorted(people, key=lambda row: (-row.score, row.number))[:number]
    return [replace(row, kind=REGULAR, rank=rank) for rank, row in enumerate(first, start=1)]
