"""Rounds 评选周期: the plan, its timetable and its numbers. The only writer of `Round.state`."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.db import transaction
from django.db.models import BigIntegerField, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.utils.translation import override

from quotas.arithmetic.application_number import number
from quotas.arithmetic.workdays import DayUnit, Unannounced, end_of_notice
from quotas.base import clock, text
from quotas.base.errors import DomainError, FieldProblem, InvalidInput, Reason, RuleViolation, answer_of
from quotas.base.querysets import Blank, Statement
from quotas.base.refusals import ReasonRequired
from quotas.base.states import NoticeUnit, ReservePolicy, RoundState, RuleKind, Stage
from quotas.base.text import required_text
from quotas.base.wording import sentence
from quotas.bodies.services import bodies
from quotas.calendar.services import calendar
from quotas.editions.asked import AskedField
from quotas.editions.models import Award, RuleVersion, ShareRule
from quotas.editions.refusals import AwardUnknown, EditionUnknown
from quotas.editions.services import fields as edition_fields
from quotas.ledger.services import ledger
from quotas.rounds.models import (
    Allotment,
    Apportionment,
    Extension,
    NumberSeries,
    PlacesLine,
    Round,
    RoundAward,
    Serial,
    StageWindow,
)
from quotas.rounds.refusals import (
    AllotmentDiffers,
    AllotmentMissing,
    AwardAlreadyInRound,
    AwardWithoutRules,
    EditionNotPublished,
    EditionOfOtherAward,
    ExtensionNotLater,
    NobodyCanApply,
    PlanMoved,
    PlanNotAccepted,
    PostsVacant,
    PreviousMissing,
    PreviousNotAShare,
    PreviousSourceRequired,
    RoundCodeTaken,
    RoundNotOpen,
    RoundNotPlanned,
    RoundWithoutAwards,
    StageClosed,
    StageNotOfBody,
    StageNotOpen,
    StageShorterThanNotice,
    StageWithoutWindow,
    WindowBackwards,
    WindowMissing,
    WindowShortened,
    WindowsOutOfOrder,
)
from quotas.rounds.services import feasibility, vacancies
from quotas.rounds.services.allotments import line_violations, partable, places_of
from quotas.rounds.services.feasibility import Feasibility
from quotas.tree.models import Body, User
from quotas.tree.permissions import Act, require

"""From the unit to the province."""

Windows = Mapping[Stage, tuple[datetime, datetime]]


class RoundSettings(TypedDict, total=False):
    """What a round may set; see `Round`."""

    unit_notice_days: int
    notice_days: int
    notice_unit: NoticeUnit
    first_day_counts: bool
    reserve_policy: ReservePolicy
    reserves_alone: bool
    contact: str


# --- the plan ------------------------------------------------------------------------------------------------


@transaction.atomic
def create(
    *,
    code: str,
    name: str,
    year: int,
    source: str,
    actor: User | None,
    lots_code: str = "",
    **settings: Unpack[RoundSettings],
) -> Round:
    """
    A round to be planned. Raises NotPermitted, and InvalidInput(RoundCodeTaken("code")).

    Its lots are drawn at random. A `lots_code` repeats those of another round, as a rehearsal does.
    """
    require(actor, Act.PLAN_ROUND, bodies.province().pk)
    if Round.objects.filter(code=code).exists():
        raise InvalidInput(RoundCodeTaken("code", taken=code))
    lots = {"lots_code": lots_code} if lots_code else {}
    made = Round.objects.create(code=code, name=name, year=year, source=source, **lots, **settings)
    told = {"code": code, "year": year, "source": source, "lots_code": made.lots_code, **settings}
    _record(made, "create_round", actor, after=told)
    return made


def free_code(*, year: int) -> str:
    """A code for a new round of the year that no round has yet: "2026", then "2026-2". One statement."""
    taken = set(Round.objects.filter(code__startswith=str(year)).values_list("code", flat=True))
    numbered = (f"{year}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (str(year), *numbered) if code not in taken)


@transaction.atomic
def add_award(
    *, round_id: int, award_code: str, places: int, actor: User | None, employer_cap: int | None = None
) -> RoundAward:
    """
    Let an award take part, pinned to the newest published edition of its rules, with the places of the whole.

    Without an `employer_cap` the one that the edition proposes holds. An award that the province gives gets its
    allotment there as well. Raises WrongState when the round is no
    longer planned (RoundNotPlanned) or has the award already (AwardAlreadyInRound); InvalidInput for
    an unknown award; RuleViolation(AwardWithoutRules).
    """
    round_ = _lock(round_id)
    province = bodies.province()
    require(actor, Act.PLAN_ROUND, province.pk)
    _require_planned(round_)
    # The catalogue and those who compose lock an award before its editions, too.
    award = Award.objects.select_for_update().filter(code=award_code).first()
    if award is None:
        raise InvalidInput(AwardUnknown("award_code", award=award_code))
    there = RoundAward.objects.filter(round=round_, award=award).first()
    if there is not None:
        raise AwardAlreadyInRound(award=award.name, places=there.places)
    # Locked, so that the catalogue does not correct it while it becomes one that a round uses.
    version = (
        RuleVersion.objects.select_for_update()
        .filter(award=award, published_at__isnull=False)
        .order_by("-published_at", "-number")
        .first()
    )
    if version is None:
        raise RuleViolation(AwardWithoutRules(award=award.name))
    added = RoundAward.objects.create(
        round=round_,
        award=award,
        rule_version=version,
        places=places,
        employer_cap=version.employer_cap if employer_cap is None else employer_cap,
    )
    if award.final_stage == Stage.PROVINCE:
        Allotment.objects.create(round_award=added, body=province, places=places)
    _record(
        round_,
        "add_award",
        actor,
        after={
            "award": award.name,
            "rules": version.number,
            "places": places,
            "employer_cap": added.employer_cap,
        },
    )
    return added


@transaction.atomic
def pin(*, round_award_id: int, version_id: int, actor: User | None) -> RoundAward:
    """
    Hold an award of a planned round to another published edition of its rules; its cap stays as the round has it.
    Figures of the previous round that were stated for another kind of entry go: they would be taken for those of the new one.

    Raises RoundNotPlanned once the round has been opened, and InvalidInput for an edition that is
    not there, not of this award, or not published (EditionUnknown, EditionOfOtherAward,
    EditionNotPublished).
    """
    round_ = _lock_round_of(round_award_id)
    require(actor, Act.PLAN_ROUND, bodies.province().pk)
    _require_planned(round_)
    Award.objects.select_for_update().get(rounds=round_award_id)
    version = RuleVersion.objects.select_for_update().filter(pk=version_id).first()
    pinned = _lock_award(round_award_id)
    award = pinned.award.name
    if version is None:
        raise InvalidInput(EditionUnknown("rule_version", award=award))
    if version.award_id != pinned.award_id:
        raise InvalidInput(EditionOfOtherAward("rule_version", award=award))
    if version.published_at is None:
        raise InvalidInput(EditionNotPublished("rule_version", award=award, number=version.number))
    if pinned.rule_version_id == version.pk:
        return pinned
    before = {"award": award, "rules": pinned.rule_version.number}
    if _counted_above(version.pk) != _counted_above(pinned.rule_version_id):
        before |= _previous(pinned)
        pinned.previous_count, pinned.previous_base, pinned.previous_source = None, None, ""
    pinned.rule_version = version
    pinned.save(update_fields=["rule_version", "previous_count", "previous_base", "previous_source"])
    _record(round_, "pin_rules", actor, before=before, after={"award": award, "rules": version.number})
    return pinned


def _counted_above(version_id: int) -> list[tuple[Any, ...]]:
    """What the rule "above the previous round" of an edition counts, and of what."""
    above = ShareRule.objects.filter(version=version_id, kind=RuleKind.ABOVE).order_by("pk")
    return list(above.values_list("counted", "base", "basis"))


@transaction.atomic
def set_previous(
    *, round_award_id: int, count: int, base: int, source: str, actor: User | None
) -> RoundAward:
    """
    What the award came to in the previous round: `count` of `base` named ones are of the kind that the rule "above
    the previous round" counts, and the document that says so.

    Raises RoundNotPlanned; InvalidInput(PreviousNotAShare | PreviousSourceRequired).
    """
    round_ = _lock_round_of(round_award_id)
    require(actor, Act.PLAN_ROUND, bodies.province().pk)
    _require_planned(round_)
    source = text.line(source)
    problems: list[FieldProblem] = []
    if base < 1 or not 0 <= count <= base:
        problems.append(PreviousNotAShare("count", count=count, base=base))
    if not source:
        problems.append(PreviousSourceRequired("source"))
    if problems:
        raise InvalidInput(*problems)
    stated = _lock_award(round_award_id)
    before = _previous(stated)
    stated.previous_count, stated.previous_base, stated.previous_source = count, base, source
    stated.save(update_fields=["previous_count", "previous_base", "previous_source"])
    _record(
        round_, "set_previous", actor, before=before, after={"award": stated.award.name, **_previous(stated)}
    )
    return stated


@transaction.atomic
def drop_award(*, round_award_id: int, actor: User | None) -> None:
    """
    Take an award out of a planned round again, with the places that were given for it and their calculations; the
    ledger keeps how often lots were drawn, and the lots.

    Raises RoundNotPlanned once the round has been opened: then nothing is taken back any more.
    """
    round_ = _lock_round_of(round_award_id)
    require(actor, Act.PLAN_ROUND, bodies.province().pk)
    _require_planned(round_)
    dropped = _lock_award(round_award_id)
    given = Allotment.objects.filter(round_award=dropped)
    number = given.count()
    PlacesLine.objects.filter(allotment__round_award=dropped).delete()
    given.delete()
    before = {"award": dropped.award.name, "places": dropped.places, "allotments": number}
    calculations = Apportionment.objects.filter(round_award=dropped)
    if drawn := calculations.filter(drawn_at__isnull=False).count():
        before["draws"] = drawn
    calculations.delete()
    dropped.delete()
    _record(round_, "drop_award", actor, before=before)


@transaction.atomic
def set_timetable(*, round_id: int, windows: Windows, actor: User | None) -> list[StageWindow]:
    """
    Set the windows of several stages of a planned round at once; one that stays as it is leaves no row in the ledger.

    Raises RoundNotPlanned; InvalidInput with everything that is out of order, at the fields
    "county_opens_at" and "county_due_at" of the stage (WindowBackwards, WindowsOutOfOrder).
    """
    round_ = _lock(round_id)
    require(actor, Act.PLAN_ROUND, bodies.province().pk)
    _require_planned(round_)
    problems = [*_backwards(windows), *_out_of_order(windows)]
    if problems:
        raise InvalidInput(*problems)
    there = {window.stage: window for window in round_.windows.all()}
    return [
        _write_window(round_, stage, opens_at, due_at, there.get(stage), actor)
        for stage, (opens_at, due_at) in windows.items()
    ]


@transaction.atomic
def set_window(
    *, round_id: int, stage: Stage, opens_at: datetime, due_at: datetime, actor: User | None
) -> StageWindow:
    """
    When a stage works, for everybody. Both are moments; `due_at` itself is still in time.

    While the round is open a window can only be given more time. An extension that does not go further than the
    new window ends with it, so that nobody has less time than all others. Raises WrongState once it is closed,
    InvalidInput(WindowBackwards("due_at")), RuleViolation(WindowShortened).
    """
    round_ = _lock(round_id)
    require(actor, Act.PLAN_ROUND, bodies.province().pk)
    if round_.state == RoundState.CLOSED:
        raise _not_planned(round_)
    if due_at <= opens_at:
        raise InvalidInput(WindowBackwards("due_at", stage=Stage(stage), opens_at=opens_at, due_at=due_at))
    there = StageWindow.objects.filter(round=round_, stage=stage).first()
    if there is not None and round_.state == RoundState.OPEN and due_at < there.due_at:
        raise RuleViolation(WindowShortened(stage=Stage(stage), due_at=there.due_at, wanted=due_at))
    return _write_window(round_, stage, opens_at, due_at, there, actor)


def missing(round_: Round, feasible: Feasibility | None = None) -> list[Reason]:
    """
    Everything that keeps a planned round from being opened, as `open` would refuse it. Eleven statements at most.

    One fewer where the windows of the round are prefetched, four where its feasibility is known.
    """
    return _missing(round_, feasible or feasibility.of_round(round_id=round_.pk))


def open(  # noqa: A001 -- rounds.open(…), never imported by itself
    *,
    round_id: int,
    actor: User | None,
    known_vacancies: int | None = None,
    accepted: Collection[str] | None = None,
    feasible: Feasibility | None = None,
) -> Round:
    """
    Start the round. Raises WrongState unless it is planned, and RuleViolation with everything that is missing.

    `known_vacancies` is how many vacant posts that stop the round the person has been told of and starts it all the
    same; RuleViolation(PostsVacant) when there are more by now. None: a command that asks nobody. A vacant post
    does not forbid the start, not even at the level that names: it is needed weeks later, and people are appointed
    meanwhile.

    `accepted` are the keys of the lines (`feasibility.PlanLine`) which the organiser has taken on his word; RuleViolation
    (PlanNotAccepted) where there is another line by now. None: a command that asks nobody.

    `feasible` is what the plan leaves to each body. It is found before the round is locked, since that may take seconds;
    whoever opens the round within a transaction of his own finds it before that. Under the lock it is only compared
    with the plan: PlanMoved where somebody has changed places or rules in between.

    Needed: an award, and some body at which a unit can apply for one; a window for each of the four stages, each beginning
    and ending after the one below; for
    every award places at the stage that gives it, together as many as the whole has; slots within the
    places they are part of; the figures of the previous round where a rule wants more than those.
    """
    return _open(
        round_id, actor, known_vacancies, accepted, feasible or feasibility.of_round(round_id=round_id)
    )


@transaction.atomic
def _open(
    round_id: int,
    actor: User | None,
    known_vacancies: int | None,
    accepted: Collection[str] | None,
    feasible: Feasibility,
) -> Round:
    round_ = _lock(round_id)
    require(actor, Act.PLAN_ROUND, bodies.province().pk)
    _require_planned(round_)
    if feasibility.stand(round_id=round_.pk) != feasible.rests_on:
        raise PlanMoved
    lacking = _missing(round_, feasible)
    if lacking:
        raise RuleViolation(*lacking)
    if accepted is not None and (unaccepted := feasible.unaccepted(accepted)):
        raise RuleViolation(PlanNotAccepted(number=len(unaccepted)), *unaccepted)
    stopping = len(vacancies.of_round(round_id=round_.pk).stopping)
    if known_vacancies is not None and stopping > known_vacancies:
        raise RuleViolation(PostsVacant(number=stopping, known=known_vacancies))
    round_.state = RoundState.OPEN
    round_.opened_at = clock.now()
    round_.save(update_fields=["state", "opened_at"])
    _record(
        round_,
        "open_round",
        actor,
        before={"state": RoundState.PLANNED},
        after={
            "state": RoundState.OPEN,
            "vacant_posts": stopping,
            "plan_lines": _told(feasible),
        },
    )
    return round_


def _told(feasible: Feasibility) -> list[str]:
    """The lines of a plan as the ledger keeps them: in the language of the office, whoever acts."""
    with override(settings.LANGUAGE_CODE):
        return [sentence(line.reason).what for line in feasible.lines]


@transaction.atomic
def close(*, round_id: int, actor: User | None) -> Round:
    """End the round: nothing moves in it any more. Raises WrongState unless it is open.

    The plan's part of it; `appraisal.planning.services.closings` ends what is under way in the same transaction.
    """
    round_ = _lock(round_id)
    require(actor, Act.PLAN_ROUND, bodies.province().pk)
    if round_.state != RoundState.OPEN:
        raise _not_open(round_)
    round_.state = RoundState.CLOSED
    round_.closed_at = clock.now()
    round_.save(update_fields=["state", "closed_at"])
    _record(
        round_,
        "close_round",
        actor,
        before={"state": RoundState.OPEN},
        after={"state": RoundState.CLOSED},
    )
    return round_


# --- time ----------------------------------------------------------------------------------------------------


@transaction.atomic
def extend(
    *, round_id: int, stage: Stage, body_id: int, due_at: datetime, reason: str, actor: User
) -> Extension:
    """
    More time for one body; at the unit stage for the units whose first body it is.

    Raises InvalidInput without a reason (ReasonRequired) or for a body that does not act at the stage
    (StageNotOfBody); WrongState unless the round is open; RuleViolation(ExtensionNotLater) unless it is
    later than what holds now, an earlier extension included.
    """
    round_ = _lock(round_id)
    require(actor, Act.PLAN_ROUND, bodies.province().pk)
    if round_.state != RoundState.OPEN:
        raise _not_open(round_)
    reason = required_text(reason, ReasonRequired("reason"))
    body = Body.objects.get(pk=body_id)
    if not acts_at(body, stage):
        raise InvalidInput(
            StageNotOfBody("body", body=body.short_name, stage=Stage(stage), own_stage=body.stage)
        )
    holds_now = _window(round_id, stage, body_id).due_at
    if due_at <= holds_now:
        raise RuleViolation(ExtensionNotLater(due_at=holds_now, wanted=due_at))
    extension, _created = Extension.objects.update_or_create(
        round=round_,
        stage=stage,
        body=body,
        defaults={
            "due_at": due_at,
            "reason": reason,
            "granted_by": actor,
            "granted_at": clock.now(),
        },
    )
    _record(
        round_,
        "extend",
        actor,
        body=body,
        before={"due_at": holds_now},
        after={"stage": stage, "due_at": due_at},
        reason=reason,
    )
    return extension


def acts_at(body: Body, stage: str) -> bool:
    """Whether the deadline of a stage can be another for this body: its own, and that of the units below it."""
    # Units lie under counties and industry unions, so every body but the province can be a first body.
    return bool(body.stage != Stage.PROVINCE if stage == Stage.UNIT else body.stage == stage)


def due_at(*, round_id: int, stage: Stage, body_id: int) -> datetime:
    """
    When a stage closes for a body (aware); at the unit stage, for the units whose first body it is.

    One statement. Raises StageWithoutWindow when the stage has no window.
    """
    return _window(round_id, stage, body_id).due_at


@dataclass(frozen=True)
class Dues:
    """When stages close: of each round by stage, and of the bodies that were given more time."""

    by_stage: Mapping[tuple[int, str, int | None], datetime]

    def at(self, round_id: int, stage: str, body_id: int) -> datetime | None:
        """The deadline of a stage as it holds for a body; None where the stage has no window."""
        return self.by_stage.get((round_id, stage, body_id)) or self.by_stage.get((round_id, stage, None))


def dues(*, round_ids: Iterable[int], body_ids: Iterable[int]) -> Dues:
    """The deadlines of these rounds, and the extensions of these bodies in them; one statement."""
    nobody = Value(None, output_field=BigIntegerField())
    round_ids = set(round_ids)
    windows = StageWindow.objects.filter(round__in=round_ids).order_by()
    extensions = Extension.objects.filter(round__in=round_ids, body__in=set(body_ids)).order_by()
    rows = windows.values_list("round_id", "stage", nobody, "due_at").union(
        extensions.values_list("round_id", "stage", "body_id", "due_at"), all=True
    )
    return Dues({(round_id, stage, body): due_at for round_id, stage, body, due_at in rows})


def last_day(due_at: datetime) -> date:
    """The last day on which something can still be done by a deadline: at midnight, the day before."""
    return clock.local_date(due_at - timedelta(microseconds=1))


def require_in_time(*, round_id: int, stage: Stage, body_id: int) -> None:
    """
    Raise unless the stage works now for the body. One statement, to be asked under the lock.

    Raises WrongState(RoundNotOpen | StageNotOpen | StageWithoutWindow) or
    StageClosed. The deadline itself is still in time.
    """
    _require_works(_window(round_id, stage, body_id), stage)


def out_of_time(*, round_id: int, stage: Stage, body_id: int) -> DomainError | None:
    """What `require_in_time` would refuse with, for pages that say so beforehand; None in time."""
    return answer_of(require_in_time, round_id=round_id, stage=stage, body_id=body_id)


class Times:
    """When a stage of several rounds works for these bodies. Two statements; `require_in_time` and `due_at` of many."""

    def __init__(self, *, round_ids: Collection[int], stage: Stage, body_ids: Collection[int]) -> None:
        self._stage = stage
        windows = StageWindow.objects.filter(round__in=round_ids, stage=stage).select_related("round")
        self._windows = {window.round_id: window for window in windows}
        extensions = Extension.objects.filter(round__in=round_ids, stage=stage, body__in=body_ids)
        self._extended: dict[tuple[int, int], datetime] = {
            (round_id, body_id): due_at
            for round_id, body_id, due_at in extensions.values_list("round_id", "body_id", "due_at")
        }

    def of(self, round_id: int, body_id: int) -> tuple[datetime, datetime] | None:
        """Beginning and deadline of the stage for a body; None where the round has no window for it."""
        window = self._at(round_id, body_id)
        return None if window is None else (window.opens_at, window.due_at)

    def require(self, round_id: int, body_id: int) -> datetime:
        """The deadline, where the stage works now for the body. Raises as `require_in_time`."""
        window = self._at(round_id, body_id)
        if window is None:
            raise StageWithoutWindow(stage=self._stage)
        _require_works(window, self._stage)
        return window.due_at

    def _at(self, round_id: int, body_id: int) -> "_Window | None":
        window = self._windows.get(round_id)
        if window is None:
            return None
        extended = self._extended.get((round_id, body_id))
        return _Window(window.round, window.opens_at, extended or window.due_at)


# --- numbers -------------------------------------------------------------------------------------------------


@transaction.atomic
def draw_numbers(*, round_id: int, count: int) -> list[str]:
    """
    Draw application numbers of the round's year, "26-00123-0"; each is given once for ever, whatever the round.

    Nobody waits for anybody: numbers drawn by an act that is taken back are gaps. Raises RoundNotOpen.
    """
    round_ = Round.objects.get(pk=round_id)
    if round_.state != RoundState.OPEN:
        raise _not_open(round_)
    base = _base(round_.year)
    drawn = Serial.objects.bulk_create(Serial() for _place in range(count))
    return [number(round_.year, serial.pk - base) for serial in drawn]


def next_number(*, round_id: int) -> str:
    """Draw one number, as `draw_numbers` does."""
    return draw_numbers(round_id=round_id, count=1)[0]


def _base(year: int) -> int:
    """The serial from which the year counts. The first application of a year draws it, and others wait for that one act."""
    known = NumberSeries.objects.filter(year=year).values_list("base", flat=True)
    base = known.first()
    if base is None:
        # Drawn before others can read it, so every serial of the year lies above it.
        first = NumberSeries(year=year, base=Serial.objects.create().pk)
        NumberSeries.objects.bulk_create([first], ignore_conflicts=True)
        base = known.get()
    return base


# -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Window:
    """A window as it holds for one body."""

    round: Round
    opens_at: datetime
    due_at: datetime


def _lock(round_id: int) -> Round:
    found: Round = Round.objects.select_for_update().get(pk=round_id)
    return found


def _lock_round_of(round_award_id: int) -> Round:
    return _lock(RoundAward.objects.values_list("round", flat=True).get(pk=round_award_id))


def _lock_award(round_award_id: int) -> RoundAward:
    found: RoundAward = (
        RoundAward.objects.select_for_update(of=("self",))
        .select_related("award", "rule_version")
        .get(pk=round_award_id)
    )
    return found


def _previous(round_award: RoundAward) -> dict[str, Any]:
    if round_award.previous_base is None:
        return {}
    return {
        "previous_count": round_award.previous_count,
        "previous_base": round_award.previous_base,
        "previous_source": round_award.previous_source,
    }


def _window(round_id: int, stage: Stage, body_id: int) -> _Window:
    found = _WINDOW.ask(round=round_id, stage=str(stage), body=body_id)
    if not found:
        raise StageWithoutWindow(stage=Stage(stage))
    (window,) = found
    return _Window(window.round, window.opens_at, window.extended_to or window.due_at)


def _window_of_body() -> QuerySet[StageWindow]:
    extension = Extension.objects.filter(round=OuterRef("round"), stage=OuterRef("stage"), body=Blank("body"))
    return (
        StageWindow.objects.filter(round=Blank("round"), stage=Blank("stage"))
        .order_by()
        .select_related("round")
        .annotate(extended_to=Subquery(extension.values("due_at")))
    )


_WINDOW = Statement(_window_of_body)


def _require_works(window: _Window, stage: Stage) -> None:
    now = clock.now()
    if window.round.state != RoundState.OPEN:
        raise _not_open(window.round)
    if now < window.opens_at:
        raise StageNotOpen(stage=Stage(stage), opens_at=window.opens_at)
    if now > window.due_at:
        raise StageClosed(stage=Stage(stage), due_at=window.due_at)


def _require_planned(round_: Round) -> None:
    if round_.state != RoundState.PLANNED:
        raise _not_planned(round_)


def _not_planned(round_: Round) -> RoundNotPlanned:
    return RoundNotPlanned(round=round_.name, state=round_.state)


def _not_open(round_: Round) -> RoundNotOpen:
    return RoundNotOpen(round=round_.name, state=round_.state)


def _missing(round_: Round, feasible: Feasibility) -> list[Reason]:
    return [*_missing_windows(round_), *_missing_places(round_, feasible)]


def _missing_windows(round_: Round) -> Iterator[Reason]:
    windows = {window.stage: (window.opens_at, window.due_at) for window in round_.windows.all()}
    for stage in Stage:
        if stage not in windows:
            yield WindowMissing(stage=stage)
    yield from _out_of_order(windows)
    yield from _too_short(round_, windows)


def _too_short(round_: Round, windows: Windows) -> Iterator[Reason]:
    """
    Stages that are shorter than their notice, so that no slate (and no unit) could keep the deadline.

    Where a year in between is not announced, only what cannot hold even if every day were worked is refused.
    """
    if not windows:
        return
    unit: DayUnit = "workday" if round_.notice_unit == NoticeUnit.WORKDAY else "calendar"
    known = calendar.since(clock.local_date(min(opens_at for opens_at, _due_at in windows.values())))
    counts = round_.first_day_counts
    for stage, (opens_at, due_at) in windows.items():
        begins = clock.local_date(opens_at)
        days = round_.unit_notice_days if stage == Stage.UNIT else round_.notice_days
        if days < 1:
            continue
        end = end_of_notice(begins, days, unit, first_day_counts=counts, calendar=known)
        if isinstance(end, Unannounced):
            end = end_of_notice(begins, days, "calendar", first_day_counts=counts, calendar=known)
        last = last_day(due_at) - timedelta(days=0 if stage == Stage.UNIT else 1)
        if isinstance(end, date) and end > last:
            yield StageShorterThanNotice(
                stage=stage, days=days, unit=NoticeUnit(unit), begins=begins, due_at=due_at, ends_on=end
            )


def _backwards(windows: Windows) -> Iterator[FieldProblem]:
    for stage, (opens_at, due_at) in windows.items():
        if due_at <= opens_at:
            yield WindowBackwards(f"{stage.value}_due_at", stage=stage, opens_at=opens_at, due_at=due_at)


def _out_of_order(windows: Windows) -> Iterator[FieldProblem]:
    """A stage begins no earlier than the one below and ends after it; at the field of the upper one."""
    for stage, following in pairwise(stage for stage in Stage if stage in windows):
        (opens_at, due_at), (next_opens_at, next_due_at) = windows[stage], windows[following]
        if opens_at > next_opens_at or due_at >= next_due_at:
            field = "opens_at" if due_at < next_due_at else "due_at"
            yield WindowsOutOfOrder(
                f"{following.value}_{field}",
                stage=stage,
                next_stage=following,
                due_at=due_at,
                next_due_at=next_due_at,
            )


def _write_window(
    round_: Round,
    stage: Stage,
    opens_at: datetime,
    due_at: datetime,
    there: StageWindow | None,
    actor: User | None,
) -> StageWindow:
    """Write a window that is in order, with its row in the ledger."""
    if there is not None and (there.opens_at, there.due_at) == (opens_at, due_at):
        return there
    window, _created = StageWindow.objects.update_or_create(
        round=round_, stage=stage, defaults={"opens_at": opens_at, "due_at": due_at}
    )
    overtaken = Extension.objects.filter(round=round_, stage=stage, due_at__lte=due_at)
    ended = list(overtaken.order_by("body__code").values_list("body__code", flat=True))
    overtaken.delete()
    _record(
        round_,
        "set_window",
        actor,
        before={"opens_at": there.opens_at, "due_at": there.due_at} if there else {},
        after={
            "stage": stage,
            "opens_at": opens_at,
            "due_at": due_at,
            **({"extensions_ended": ended} if ended else {}),
        },
    )
    return window


def _missing_places(round_: Round, feasible: Feasibility) -> Iterator[Reason]:
    allotments = Allotment.objects.select_related("body").prefetch_related(
        Prefetch("lines", queryset=PlacesLine.objects.select_related("owner").order_by("pk"))
    )
    above = ShareRule.objects.filter(version=OuterRef("rule_version"), kind=RuleKind.ABOVE).order_by("pk")
    awards = list(
        round_.awards.select_related("award", "rule_version")
        .annotate(above_clause=Subquery(above.values("clause")[:1]))
        .prefetch_related(Prefetch("allotments", queryset=allotments))
    )
    if not awards:
        yield RoundWithoutAwards()
    for round_award in awards:
        if round_award.above_clause is not None and round_award.previous_base is None:
            yield PreviousMissing(
                award=round_award.award.name,
                number=round_award.rule_version.number,
                clause=round_award.above_clause,
            )
        yield from _wrong_whole(round_award)
        given = [(each, places_of(each, each.lines.all())) for each in round_award.allotments.all()]
        held = partable(round_award.pk) if any(figures.parts for _each, figures in given) else {}
        for allotment, figures in given:
            yield from line_violations(allotment.body, round_award.award, figures, held)
    shut = feasible.without_applicants
    # Where no places were given at all this has been said already.
    if len(shut) == len(awards) and any(award.allotments.all() for award in awards):
        yield NobodyCanApply(awards=[each.award.name for each in shut])


def _wrong_whole(round_award: RoundAward) -> Iterator[Reason]:
    """The places at the stage that gives the award against the whole; cities and counties may leave some unused."""
    award = round_award.award
    awarding = [
        allotment.places
        for allotment in round_award.allotments.all()
        if allotment.body.stage == award.final_stage
    ]
    if not awarding:
        yield AllotmentMissing(award=award.name, places=round_award.places, stage=award.final_stage)
    elif sum(awarding) > round_award.places or (
        award.final_stage == Stage.PROVINCE and sum(awarding) != round_award.places
    ):
        yield AllotmentDiffers(award=award.name, places=round_award.places, allotted=sum(awarding))


def _record(
    round_: Round,
    act: str,
    actor: User | None,
    *,
    body: Body | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    ledger.append(
        stream=f"round:{round_.pk}",
        act=act,
        actor=actor,
        body=body,
        before=before,
        after=after,
        reason=reason,
    )


def asked_in(round_id: int | None = None) -> list[AskedField]:
    """The fields that the awards of a round ask, or those of every open round; each key once.

    One statement, and that of `fields.of_many`.
    """
    wanted = {"round": round_id} if round_id else {"round__state": RoundState.OPEN}
    awards = RoundAward.objects.filter(**wanted).order_by("award__order", "award", "-rule_version__number")
    versions = list(awards.values_list("rule_version", flat=True))
    asked = edition_fields.of_many(versions)
    found: dict[str, AskedField] = {}
    for version in versions:
        for field in asked.get(version, ()):
            found.setdefault(field.key, field)
    return list(found.values())
