"""What bodies are held to for awards: the one reader of allotments and rules, as `quotas.selection.plan` takes them.

Nothing is locked: places that change meanwhile are as good before an act as after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.db.models import DateTimeField, Max, OuterRef, Q, QuerySet, Subquery, Value

from quotas.base.querysets import Blank, Statement
from quotas.base.states import Level, Stage
from quotas.bodies.services import names
from quotas.editions.models import ShareRule
from quotas.editions.services import rules
from quotas.rounds.models import Allotment, Extension, RoundAward, StageWindow
from quotas.selection.labels import ROUTE, Routes, predicate_of
from quotas.selection.plan import KINDS, REGULAR, RESERVE, SEPARATE, Plan, SeparateLine, Slot
from quotas.tree.models import Body

Key = tuple[int, int]
"""A round award and a body, by their numbers."""

FIRST_LEVELS = (Level.COUNTY, Level.INDUSTRY)
"""The levels at which an application arrives first."""


class AwardDesk(NamedTuple):
    """A body at its stage, for an award of a round (with `award` loaded)."""

    round_award: RoundAward
    body_id: int
    stage: Stage

    @classmethod
    def at(cls, round_award: RoundAward, body: Body) -> "AwardDesk":
        """That of a body."""
        return cls(round_award, body.pk, body.stage)

    @property
    def key(self) -> Key:
        """By which its plan is found."""
        return self.round_award.pk, self.body_id


def of(desks: Iterable[AwardDesk], *, until: bool = False) -> dict[Key, Plan]:
    """The plan of each desk. One statement, however many there are, and one for rules that are not known yet; one more
    where a rule is for each body below, and another one where there are some for each city and for each county of a list.

    Without an allotment there are neither places nor rules, and the plan says that none were given. With `until`, each plan says how
    long units under its body can apply, extensions among them.
    """
    wanted = {desk.key: desk for desk in desks}
    if not wanted:
        return {}
    allotted: dict[Key, list[Sequence[Any]]] = {}
    marks: dict[int, Mark] = {}
    alone_in: dict[int, bool] = {}
    for award, body, edition, version, newest, alone, *row in (_UNTIL if until else _ALLOTTED).ask(
        awards=sorted({award for award, _body in wanted}), bodies=sorted({body for _award, body in wanted})
    ):
        allotted.setdefault((award, body), []).append(row)
        alone_in[award] = alone
        marks[edition] = (version, newest)
    held = _rules(
        {desk.round_award.rule_version_id for key, desk in wanted.items() if key in allotted}, marks
    )
    below = _below(desk for key, desk in wanted.items() if key in allotted and _asks_of_bodies(desk, held))
    found = {
        key: replace(
            _plan(desk, allotted[key], held.get(desk.round_award.rule_version_id, ()), below.get(key)),
            reserves_alone=alone_in[desk.round_award.pk],
        )
        if key in allotted
        else _without_places(desk)
        for key, desk in wanted.items()
    }
    both = [key for key, plan in found.items() if key in below and _tells_both_apart(plan)]
    return found | {
        key: replace(found[key], routes=routes) for key, routes in zip(both, _routes(both), strict=True)
    }


def one(desk: AwardDesk, *, until: bool = False) -> Plan:
    """The plan of one desk. Statements as `of`."""
    return of([desk], until=until)[desk.key]


_MOMENTS = ("window_until", "extended_until")


def _moments() -> dict[str, Subquery]:
    """The end of the units' window of the round, and of the latest extension of it under the body of an allotment."""
    of_units = {"round": OuterRef("round_award__round"), "stage": Stage.UNIT}
    extended = Extension.objects.filter(**of_units, body__path__startswith=OuterRef("body__path"))
    last = extended.order_by().values("round").annotate(last=Max("due_at")).values("last")
    ends = (Subquery(StageWindow.objects.filter(**of_units).values("due_at")), Subquery(last))
    return dict(zip(_MOMENTS, ends, strict=True))


def _allotted(moments: Mapping[str, Any]) -> QuerySet[Any, Any]:
    newest = ShareRule.objects.filter(version=OuterRef("round_award__rule_version")).order_by("-pk")
    found: QuerySet[Any, Any] = (
        Allotment.objects.filter(round_award__pk__among=Blank("awards"), body__pk__among=Blank("bodies"))
        .order_by("lines__pk")
        .annotate(**moments, newest_rule=Subquery(newest.values("pk")[:1]))
        .values_list(
            "round_award_id",
            "body_id",
            "round_award__rule_version_id",
            "round_award__rule_version__version",
            "newest_rule",
            "round_award__round__reserves_alone",
            *_MOMENTS,
            "places",
            "reserve_places",
            "separate_places",
            "lines__key",
            "lines__name",
            "lines__kind",
            "lines__within",
            "lines__rule",
            "lines__owner_id",
            "lines__owner__short_name",
            "lines__places",
        )
    )
    return found


_ALLOTTED = Statement(lambda: _allotted(dict.fromkeys(_MOMENTS, Value(None, DateTimeField()))))
_UNTIL = Statement(lambda: _allotted(_moments()))

Mark = tuple[Any, ...]
"""By which the rules of an edition are known again: its version and the number of its newest rule.

Every change of a draft raises the one. What the catalogue replaces, in an edition that no round uses, has new numbers.
The database refuses any other change of rules in use.
"""

_known: dict[int, tuple[Mark, tuple[ShareRule, ...]]] = {}


def _rules(editions: Iterable[int], marks: Mapping[int, Mark]) -> dict[int, tuple[ShareRule, ...]]:
    """The rules of these editions, from memory where it has them with their mark. At most one statement."""
    known = {each: kept for each in editions if (kept := _known.get(each)) and kept[0] == marks.get(each)}
    held = {each: rules_ for each, (_mark, rules_) in known.items()}
    missing = [each for each in editions if each not in held]
    if missing:
        read: dict[int, list[ShareRule]] = {each: [] for each in missing}
        for rule in ShareRule.objects.filter(version__in=missing).order_by("pk"):
            read[rule.version_id].append(rule)
        for each, found in read.items():
            held[each] = tuple(found)
            if each in marks:
                _known[each] = marks[each], held[each]
    return held


def forget() -> None:
    """Read all rules anew. For tests, whose databases give the same numbers again."""
    _known.clear()


def _asks_of_bodies(desk: AwardDesk, held: Mapping[int, tuple[ShareRule, ...]]) -> bool:
    return any(rule.each in ROUTE for rule in held.get(desk.round_award.rule_version_id, ()))


def _below(desks: Iterable[AwardDesk]) -> dict[Key, rules.Below]:
    """The cities and counties with places below each of these desks. One statement; none for no desk.

    A body without places sends nobody up, so nothing is asked of it.
    """
    wanted = list(desks)
    if not wanted:
        return {}
    paths: dict[Key, str] = {}
    taking_part: dict[int, list[tuple[str, str, str, str]]] = {}
    rows = Allotment.objects.filter(round_award__in={desk.round_award.pk for desk in wanted})
    columns = (f"body__{name}" for name in names.COLUMNS)
    for award, body, places, *named in rows.order_by("body__path").values_list(
        "round_award_id", "body_id", "places", *columns
    ):
        path, level, code, short_name = named
        paths[award, body] = path
        if places:
            taking_part.setdefault(award, []).append((path, level, code, short_name))
    return {
        desk.key: names.by_facet(
            names.named(
                row
                for row in taking_part.get(desk.round_award.pk, ())
                if row[0].startswith(paths[desk.key]) and row[0] != paths[desk.key]
            )
        )
        for desk in wanted
    }


def _tells_both_apart(plan: Plan) -> bool:
    return {*ROUTE} <= {facet for rule in plan.rules for facet in rule.facets}


def _routes(keys: Sequence[Key]) -> list[Routes]:
    """On which ways entries reach each of these desks. One statement; none for no desk.

    From every body where applications arrive first, whether it has places or not: they may still be handed down to it,
    and what is impossible without them alone refuses nobody.
    """
    if not keys:
        return []
    bodies = {body for _award, body in keys}
    tree = list(
        Body.objects.filter(Q(level__in=FIRST_LEVELS) | Q(pk__in=bodies)).values_list("pk", "path", "level")
    )
    paths = {pk: path for pk, path, _level in tree if pk in bodies}
    return [
        frozenset(
            frozenset(names.of_route(path, level).values())
            for _pk, path, level in tree
            if level in FIRST_LEVELS and path.startswith(paths[body])
        )
        for _award, body in keys
    ]


def _plan(
    desk: AwardDesk,
    allotted: Sequence[Sequence[Any]],
    held: Iterable[ShareRule],
    below: rules.Below | None,
) -> Plan:
    """From the rows of the allotment, one for each of its lines, and the rules of the edition."""
    window, extended, regular, reserve, separate = allotted[0][:5]
    return Plan(
        places={REGULAR: regular, RESERVE: reserve, SEPARATE: separate},
        slots=tuple(
            Slot(predicate_of(kind), places, key, name, within)
            for *_places, key, name, kind, within, _rule, owner, _owner, places in allotted
            if key and owner is None
        ),
        separate=tuple(
            SeparateLine(key, name, places, owned_by, owner)
            for *_places, key, name, _kind, _within, _rule, owner, owned_by, places in allotted
            if owner is not None
        ),
        parts={rule: places for *_places, rule, _owner, _name, places in allotted if rule},
        rules=tuple(
            rules.in_force(
                held,
                stage=desk.stage,
                award=desk.round_award.award,
                previous=rules.previous_of(desk.round_award),
                below=below,
            )
        ),
        awarding=_is_awarding(desk),
        units_until=max((moment for moment in (window, extended) if moment is not None), default=None),
    )


def _without_places(desk: AwardDesk) -> Plan:
    return Plan(places=dict.fromkeys(KINDS, 0), awarding=_is_awarding(desk), given=False)


def _is_awarding(desk: AwardDesk) -> bool:
    return desk.stage == desk.round_award.award.final_stage
