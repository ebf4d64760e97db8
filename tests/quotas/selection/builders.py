"""Rules, slots and domains in one line, for tests of lists and their bounds."""

from quotas.selection.labels import EVERY, FacetValues, Label, bearing, entry
from quotas.selection.plan import Rule, Slot


def rule(
    code,
    counted,
    sense="min",
    numerator=1,
    denominator=1,
    *,
    base=None,
    kind="share",
    basis="listed",
    clause="",
):
    """A rule over labels."""
    return Rule(
        code=code,
        label=f"规则{code}",
        counted=bearing(counted),
        base=bearing(base) if base else EVERY,
        sense=sense,
        kind=kind,
        numerator=numerator,
        denominator=denominator,
        basis=basis,
        clause=clause,
    )


def slot(label, places):
    """Places for a label."""
    return Slot(bearing(label), places, key=label)


def domain(values):
    """What entries can differ in: facet → values."""
    return tuple(
        FacetValues(facet, tuple(Label(f"{facet}:{value}") for value in each))
        for facet, each in values.items()
    )


__all__ = ["domain", "entry", "rule", "slot"]
