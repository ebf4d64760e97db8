"""Plays a whole round of the bodies it is given (`play(tree=…)`), from application to naming, and reports what came of it."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from django.db import connection, connections
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from appraisal.boards.services import verification
from appraisal.boards.services.verification import VerificationLine
from appraisal.gate.services import gate
from appraisal.records.models import Nomination, Slate, SlateEntry
from appraisal.records.states import EntryKind, NominationState, SlateState
from appraisal.slates.spreadsheets import final_workbook, slate_workbook
from quotas.base import clock
from quotas.base.states import Level, Stage
from quotas.editions.models import Award
from quotas.rounds.models import Round
from quotas.rounds.services import rounds
from quotas.tree.models import Body
from workflows import turns
from workflows.models import NominationProcess, SlateProcess
from workflows.simulation import people, plan, units
from workflows.simulation.conduct import MISSED, WHY, Case, Season
from workflows.simulation.people import Crew
from workflows.simulation.plan import Timetable
from workflows.simulation.units import Unit

J = TypeVar("J")
R = TypeVar("R")

OPENING = date(2026, 3, 2)
"""When every simulated round begins, whatever today is: a seed gives the same days, holidays included."""

NOTICE_DAYS = 14
"""Calendar days after which five working days are over, whatever holidays lie between."""
ATTEMPT_DAYS = 15
"""When a list that a removal broke is compiled for the second and last time."""

SHARE = 40
"""How many units or nominations one process takes at a time."""

Progress = Callable[[str, int, int], None]
"""Told the phase, what is done of it and how much there is."""


@dataclass(frozen=True)
class SeasonResult:
    """What `manage.py simulate` reports, and whether every rule held."""

    report: dict[str, Any]
    broken: list[str]


def run(
    *,
    nominations: int,
    seed: int,
    out: Path,
    awards: Sequence[str],
    processes: int,
    progress: Progress,
    parts: bool = False,
) -> SeasonResult:
    """Play a round of its own with so many applications; workbooks and report.json below `out`.

    With `parts` the shares of the awards, minima and ceilings, are handed down in parts; otherwise every list keeps them by
    itself.
    """
    started = monotonic()
    timetable = Timetable(OPENING)
    with clock.travel(timetable.at(-5)):
        tree = plan.load()
        crews = people.crews(tree)
    season = play(
        code=_free_code(seed),
        name=f"模拟评选（种子 {seed}）",
        timetable=timetable,
        nominations=nominations,
        seed=seed,
        awards=list(Award.objects.filter(code__in=awards)),
        tree=tree,
        crews=crews,
        processes=processes,
        progress=progress,
        parts=parts,
    )
    lines = verification.run()
    broken = [f"{line.rule}: {line.detail}" for line in lines if not line.holds]
    broken += _broken_slates(season)
    broken += _unfilled(season)
    _write(season, out, progress)
    report = _report(season, seed, lines, broken)
    report["seconds"] = round(monotonic() - started, 1)
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.json").write_text(
        json.dumps(report, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8"
    )
    return SeasonResult(report, broken)


def play(
    *,
    code: str,
    name: str,
    timetable: Timetable,
    nominations: int,
    seed: int,
    awards: Sequence[Award],
    tree: Sequence[Body],
    crews: Mapping[int, Crew],
    processes: int,
    progress: Progress,
    parts: bool = False,
) -> Season:
    """Play a round of the bodies in `tree`, from its planning to the naming decisions."""
    season, drawn = _begin(code, name, timetable, nominations, seed, awards, tree, crews, parts=parts)
    cases = _apply(season, drawn, processes, progress)
    _play_areas(season, cases, [body for body in tree if body.level != Level.PROVINCE], processes, progress)
    _play_province(season, cases, processes, progress)
    return season


# The beginning


def _begin(
    code: str,
    name: str,
    timetable: Timetable,
    count: int,
    seed: int,
    awards: Sequence[Award],
    tree: Sequence[Body],
    crews: Mapping[int, Crew],
    *,
    parts: bool,
) -> tuple[Season, list[Unit]]:
    """The round, opened, and the units that will apply in it."""
    province = next(body for body in tree if body.level == Level.PROVINCE)
    with clock.travel(timetable.at(-5)):
        made, taking_part = plan.make(
            code=code,
            name=name,
            timetable=timetable,
            awards=awards,
            tree=tree,
            staff=crews[province.pk].keeper,
            keepers={pk: crew.keeper for pk, crew in crews.items()},
            parts=parts,
        )
    with clock.travel(timetable.at(0)):
        made = rounds.open(round_id=made.pk, actor=crews[province.pk].keeper)
        turns.open_slates(round_id=made.pk)
    season = Season(seed, made, taking_part, crews, timetable)
    drawn = units.draw(
        seed=seed,
        count=count,
        counties=[body for body in tree if body.level == Level.COUNTY],
        industries=[body for body in tree if body.level == Level.INDUSTRY],
        awards=awards,
    )
    return season, drawn


def _apply(season: Season, drawn: Sequence[Unit], processes: int, progress: Progress) -> list[Case]:
    """Units are registered side by side; applications begin one after the other, since their numbers count up."""
    done = 0
    for enrolled in _side_by_side(_Registrar(season), _shares(drawn), processes):
        done += enrolled
        progress("单位登记", done, len(drawn))
    cases = []
    with clock.travel(season.timetable.at(1)):
        for number, unit in enumerate(drawn, start=1):
            case = season.begin(unit)
            if case is not None:
                cases.append(case)
            progress("申报", number, len(drawn))
    _analyse()
    return cases


def _free_code(seed: int) -> str:
    taken = set(Round.objects.filter(code__startswith=f"simulate-{seed}-").values_list("code", flat=True))
    number = 1
    while f"simulate-{seed}-{number}" in taken:
        number += 1
    return f"simulate-{seed}-{number}"


def _analyse() -> None:
    """Fresh bulk data without statistics is planned badly (PostgreSQL). It waits for no other who does the same."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE (SKIP_LOCKED)")


# County and city, by area


@dataclass(frozen=True)
class Area:
    """A city with its counties, or an industry union: what happens in it concerns no other area."""

    top: Body
    counties: tuple[Body, ...]
    cases: tuple[Case, ...]


def _areas(cases: Iterable[Case], tree: Sequence[Body]) -> list[Area]:
    areas = []
    for top in sorted(tree, key=lambda body: body.code):
        if top.level == Level.COUNTY:
            continue
        counties = tuple(body for body in tree if body.parent_id == top.pk)
        inside = {top.pk, *(body.pk for body in counties)}
        own = tuple(case for case in cases if case.unit.first_body.pk in inside)
        areas.append(Area(top, counties, own))
    return sorted(areas, key=lambda area: -len(area.cases))


def _play_areas(
    season: Season, cases: list[Case], tree: Sequence[Body], processes: int, progress: Progress
) -> None:
    done = 0
    for counts, played in _side_by_side(_Player(season), _areas(cases, tree), processes):
        season.counts += counts
        done += played
        progress("单位、县级、市级", done, len(cases))
    _analyse()


def _side_by_side(work: Callable[[J], R], jobs: Sequence[J], processes: int) -> Iterator[R]:
    """The jobs one after the other, or in processes of their own with connections of their own."""
    if processes == 1 or connection.vendor == "sqlite":
        yield from map(work, jobs)
        return
    connections.close_all()
    with get_context("fork").Pool(processes) as pool:
        yield from pool.imap_unordered(work, jobs)


def _shares(things: Sequence[J]) -> list[Sequence[J]]:
    return [things[start : start + SHARE] for start in range(0, len(things), SHARE)]


@dataclass(frozen=True)
class _Registrar:
    """Registers a share of the units."""

    season: Season

    def __call__(self, share: Sequence[Unit]) -> int:
        with clock.travel(self.season.timetable.at(1)):
            for unit in share:
                self.season.enrol(unit)
        return len(share)


@dataclass(frozen=True)
class _Player:
    """Plays an area."""

    season: Season

    def __call__(self, area: Area) -> tuple[Counter[tuple[str, str]], int]:
        return _play_area(self.season, area)


def _play_area(season: Season, area: Area) -> tuple[Counter[Any], int]:
    """An area from the unit's papers to the city's list, on the round's own clock."""
    season = replace(season, counts=Counter())
    days = season.timetable
    with clock.travel(days.at(11)):
        ready = [case for case in area.cases if season.hand_in(case)]
    late = [case for case in ready if season.random("late", case.unit.index).random() < 0.02]
    with clock.travel(days.at(12)):
        at_desk = [case for case in ready if case not in late and season.endorse(case)]
    with clock.travel(days.at(18, 18)):
        at_desk += [case for case in late if season.endorse(case)]
    people_of = {case.nomination_id: case.applicant for case in area.cases}
    quality = {case.nomination_id: case.unit.quality for case in area.cases}
    for county in area.counties:
        with clock.travel(days.at(21)):
            for case in at_desk:
                if case.unit.first_body.pk == county.pk:
                    season.review(case, Stage.COUNTY, county)
        _play_slates(season, county, 25, quality, people_of)
    with clock.travel(days.at(56)):
        for case in season.in_review(at_desk, area.top):
            season.review(case, Stage.CITY, area.top)
    _play_slates(season, area.top, 60, quality, people_of)
    return season.counts, len(area.cases)


def _play_slates(
    season: Season, body: Body, day: int, quality: dict[int, int], people_of: dict[int, Any]
) -> None:
    """A body's lists: compiled, signed, on notice, sent up; once more from the start where a removal broke one."""
    days = season.timetable
    open_slates = list(
        Slate.objects.for_list().filter(
            round_award__in=[award.pk for award in season.awards.values()], body=body
        )
    )
    for start in (day, day + ATTEMPT_DAYS):
        with clock.travel(days.at(start)):
            pooled = _pooled(season, body)
            chosen = [_fresh(slate) for slate in open_slates if slate.round_award_id in pooled]
            open_slates = [slate for slate in chosen if season.compile(slate, quality)]
            for slate in open_slates:
                season.sign(slate)
                season.publish(slate)
        with clock.travel(days.at(start + 1)):
            for slate in open_slates:
                season.receive_objections(slate, people_of)
        with clock.travel(days.at(start + NOTICE_DAYS)):
            for slate in open_slates:
                season.close(slate)
            open_slates = [slate for slate in open_slates if not season.send_up(slate)]
        with clock.travel(days.at(start + NOTICE_DAYS, 16)):
            for slate in map(_fresh, _finalised(season, body)):
                season.name(slate)
        if not open_slates:
            return


def _pooled(season: Season, body: Body) -> set[int]:
    """The awards for which something waits for this body's list."""
    return set(
        Nomination.objects.filter(
            round_award__in=[award.pk for award in season.awards.values()],
            desk=body,
            status=NominationState.POOLED,
        ).values_list("round_award_id", flat=True)
    )


def _fresh(slate: Slate) -> Slate:
    fresh: Slate = Slate.objects.for_list().get(pk=slate.pk)
    return fresh


def _finalised(season: Season, body: Body) -> list[Slate]:
    return list(
        Slate.objects.filter(
            round_award__in=[award.pk for award in season.awards.values()],
            body=body,
            state=SlateState.FINALISED,
        )
    )


# The province


def _play_province(season: Season, cases: list[Case], processes: int, progress: Progress) -> None:
    province = Body.objects.get(level=Level.PROVINCE)
    here = season.in_review(cases, province)
    waiting: list[Case] = []
    for counts, passed in _side_by_side(_Sifter(season, province), _shares(here), processes):
        season.counts += counts
        waiting += passed
    # What can be approved depends on all that is left, so that every process sees the same.
    waiting.sort(key=lambda case: case.nomination_id)
    done = len(here) - len(waiting)
    progress("省级", done, len(here))
    for counts, reviewed in _side_by_side(_Examiner(season, province), _shares(waiting), processes):
        season.counts += counts
        done += reviewed
        progress("省级", done, len(here))
    people_of = {case.nomination_id: case.applicant for case in cases}
    quality = {case.nomination_id: case.unit.quality for case in cases}
    _play_slates(season, province, 103, quality, people_of)


@dataclass(frozen=True)
class _Sifter:
    """Withdrawals, returns and refusals among a share of the nominations at the province."""

    season: Season
    province: Body

    def __call__(self, share: Sequence[Case]) -> tuple[Counter[tuple[str, str]], list[Case]]:
        season = replace(self.season, counts=Counter())
        with clock.travel(season.timetable.at(98)):
            passed = [case for case in share if season.sift(case, Stage.PROVINCE, self.province)]
        return season.counts, passed


@dataclass(frozen=True)
class _Examiner:
    """Approves a share of the nominations at the province; the experts score what passes."""

    season: Season
    province: Body

    def __call__(self, share: Sequence[Case]) -> tuple[Counter[tuple[str, str]], int]:
        season = replace(self.season, counts=Counter())
        with clock.travel(season.timetable.at(98)):
            for case in share:
                season.recommend(case, Stage.PROVINCE, self.province)
        with clock.travel(season.timetable.at(101)):
            pooled = set(
                Nomination.objects.filter(
                    pk__in=[case.nomination_id for case in share], status=NominationState.POOLED
                ).values_list("pk", flat=True)
            )
            for case in share:
                if case.nomination_id in pooled:
                    season.score(case, self.province)
        return season.counts, len(share)


# The end


def _sent(season: Season) -> list[Slate]:
    return list(
        Slate.objects.for_list()
        .filter(
            round_award__in=[award.pk for award in season.awards.values()],
            state__in=[SlateState.SENT_UP, SlateState.NAMED],
        )
        .order_by("round_award__award__order", "body__code")
    )


def _broken_slates(season: Season) -> list[str]:
    """Every list that left a body, held against its shares once more from its rows."""
    return [
        f"{slate.round_award.award.code} {slate.body.code}: {check.code} {check.count}/{check.base}"
        for slate in _sent(season)
        for check in gate.report(slate_id=slate.pk).found.broken
    ]


def _unfilled(season: Season) -> Iterator[str]:
    """Awards that name nobody, or of which a final list leaves places empty that somebody of its pool could have."""
    for code, round_award in season.awards.items():
        if not Nomination.objects.filter(round_award=round_award, status=NominationState.NAMED).exists():
            yield "; ".join([f"{code}: nobody is named", *_why(season, code), *_became(season, code)])
        if missed := season.counts[code, MISSED]:
            yield f"{code}: {missed} final lists leave places empty that could be filled"


def _why(season: Season, code: str) -> list[str]:
    """Why bodies sent no list of the award."""
    events = sorted(event for award, event in season.counts if award == code)
    return [event.removeprefix(WHY) for event in events if event.startswith(WHY)]


def _became(season: Season, code: str) -> list[str]:
    """What became of the applications for the award."""
    events = sorted((event, number) for (award, event), number in season.counts.items() if award == code)
    return [f"{event} {number}" for event, number in events if not event.startswith(WHY)]


def _write(season: Season, out: Path, progress: Progress) -> None:
    sent = _sent(season)
    for number, slate in enumerate(sent, start=1):
        folder = out / slate.round_award.award.code / slate.stage
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{slate.body.code}.xlsx").write_bytes(slate_workbook(slate.pk))
        progress("工作簿", number, len(sent))
    for code, round_award in season.awards.items():
        folder = out / code
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "final.xlsx").write_bytes(final_workbook(round_award.pk))


def _report(
    season: Season, seed: int, lines: Sequence[VerificationLine], broken: Sequence[str]
) -> dict[str, Any]:
    processes = [
        *NominationProcess.objects.filter(nomination__round_award__round=season.round).values_list(
            "pk", flat=True
        ),
        *SlateProcess.objects.filter(slate__round_award__round=season.round).values_list("pk", flat=True),
    ]
    return {
        "seed": seed,
        "round": season.round.code,
        "transitions": Task.objects.filter(process_id__in=processes, status=STATUS.DONE).count(),
        "rules checked": len(lines),
        "broken": list(broken),
        "awards": {code: _award_report(season, code) for code in season.awards},
    }


def _award_report(season: Season, code: str) -> dict[str, Any]:
    round_award = season.awards[code]
    named = Nomination.objects.filter(round_award=round_award, status=NominationState.NAMED)
    final = SlateEntry.objects.filter(
        slate__round_award=round_award,
        slate__state=SlateState.NAMED,
        removed_at=None,
    )
    events = {
        event: number
        for (award, event), number in sorted(season.counts.items())
        if award == code and not event.startswith(WHY)
    }
    counted = {name: events.pop(name, 0) for name in ("applied", "admitted", "slates", "refused slates")}
    return {
        **{name.replace(" ", "_"): number for name, number in counted.items()},
        "named": named.count(),
        "reserves": final.filter(kind=EntryKind.RESERVE).count(),
        "share": [
            final.filter(kind=EntryKind.REGULAR, nomination__non_public=True).count(),
            final.filter(kind=EntryKind.REGULAR).count(),
        ],
        "events": events,
        "why": _why(season, code),
    }
