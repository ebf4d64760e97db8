"""A rule for each value of a facet, against counting value by value."""

from fractions import Fraction
from random import Random

from quotas.selection.judge import EntryRow, judge
from quotas.selection.labels import EVERY, FacetValues, Label, chosen, kinds, label
from quotas.selection.plan import REGULAR, RESERVE, SEPARATE, Plan, Rule, for_each, frozen, thawed

DOMAIN = tuple(
    FacetValues(facet, tuple(Label(f"{facet}:{value}") for value in range(size)))
    for facet, size in (("city", 4), ("kind", 3), ("woman", 2))
)
LABELS = [one for values in DOMAIN for one in values.labels]
EVERYBODY = list(kinds(DOMAIN, ("city", "kind", "woman")))


def test_each_value_is_held_to_the_rule_by_itself():
    """4,000 lists: kept is what is kept by every value, counted one by one."""
    random = Random(9)
    kept = 0
    for _case in range(4_000):
        facet, values = random.choice([("city", 4), ("kind", 3)])
        count, minimum = random.random() < 0.5, random.random() < 0.3
        counted = chosen(
            random.sample(LABELS, random.choice([0, 0, 1])), random.sample(LABELS, random.choice([0, 1]))
        )
        base = EVERY if count else chosen(random.sample(LABELS, random.choice([0, 0, 1])))
        rule = Rule(
            code="r",
            counted=counted,
            base=base,
            sense="min" if minimum else "max",
            kind="count" if count else "share",
            numerator=random.randint(0, 2),
            denominator=1 if count else random.randint(2, 5),
        )
        listed = random.choices(EVERYBODY, k=random.randint(1, 9))
        held = tuple(one for _value, one in for_each(rule, facet, DOMAIN))
        plan = Plan(places={REGULAR: 9, RESERVE: 0, SEPARATE: 0}, rules=held, awarding=True)
        assert thawed(frozen(plan)).rules == held
        rows = [
            EntryRow(n, str(n), str(n), one, kind=REGULAR, rank=n) for n, one in enumerate(listed, start=1)
        ]
        found = not judge(plan, rows).broken
        assert found == all(
            _kept(rule, label(facet, str(value)), listed)
            for value in range(values)
            if _can_be(rule, facet, value)
        )
        kept += found
    assert 800 < kept < 3_200


def _kept(rule, value, listed):
    among = [one for one in listed if rule.base.holds(one)]
    number = sum(value in one and rule.counted.holds(one) for one in among)
    asked = Fraction(rule.numerator, rule.denominator) * (1 if rule.kind == "count" else len(among))
    return number >= asked if rule.sense == "min" else number <= asked


def _can_be(rule, facet, value):
    return any(
        label(facet, str(value)) in one and rule.counted.holds(one) and rule.base.holds(one)
        for one in EVERYBODY
    )
