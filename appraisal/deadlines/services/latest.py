"""The latest moment of every step still ahead, counted backwards from the deadline of the stage.

For a slate: publish, notice over, send up; and what has to be done before it can be published. For a nomination: the
steps of the desk at which it lies. Any number of slates takes the same statements.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from appraisal.records.models import Nomination, Notice, Slate
from appraisal.records.states import NominationState, SlateState, TimedStep
from quotas.arithmetic.backwards import Backwards, NoticeTerms, before_endorsing, before_leaving
from quotas.arithmetic.workdays import Calendar, DayUnit, Unannounced, end_of_notice
from quotas.base import clock
from quotas.base.states import Stage
from quotas.calendar.services import calendar
from quotas.rounds.models import Round
from quotas.rounds.services import rounds

_ASK = object()
_LOOK_BACK = timedelta(days=400)
"""Further back than any notice can have begun that ends by a deadline."""

_SLATE_STEPS: dict[str, Sequence[TimedStep]] = {
    SlateState.COMPILING: (TimedStep.SUBMIT, TimedStep.SIGN, TimedStep.PUBLISH),
    SlateState.SIGNING: (TimedStep.SIGN, TimedStep.PUBLISH),
    SlateState.SIGNED: (TimedStep.PUBLISH,),
    SlateState.ON_NOTICE: (TimedStep.NOTICE_ENDS,),
    SlateState.SETTLING: (),
}
"""What lies before the last step, by the state of the slate; the end of the notice follows its publication."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The last day of a step; of the last step the moment itself. `years`: not announced, the day is an estimate."""

    step: TimedStep
    day: date
    at: datetime | None = None
    years: tuple[int, ...] = ()

    @property
    def late(self) -> bool:
        """Whether it has passed."""
        return self.at < clock.now() if self.at else self.day < clock.today()

    @property
    def near(self) -> bool:
        """Whether it is near, and has not passed."""
        return clock.near(self.at or self.day)


@dataclass(frozen=True, slots=True)
class Latest:
    """The steps still ahead in their order, the next one first. `due_at` is the deadline they are counted from.

    `notice_too_long`: the last day of the notice that runs, where it is too late for the slate to leave in time.
    """

    round: Round
    stage: Stage
    body_id: int
    due_at: datetime
    steps: tuple[Moment, ...]
    notice_too_long: date | None = None

    @property
    def next(self) -> Moment:
        """What has to be done next."""
        return self.steps[0]

    @property
    def final(self) -> bool:
        """Whether it is a final slate: at the end it is settled, and not sent up."""
        return self.steps[-1].step == TimedStep.FINALISE

    @property
    def over(self) -> bool:
        """Whether the deadline itself has passed."""
        return self.due_at < clock.now()

    @property
    def late(self) -> bool:
        """Whether the last step can no longer be reached in time: one before it has passed its last day."""
        return self.notice_too_long is not None or any(step.late for step in self.steps)

    @property
    def near(self) -> bool:
        """Whether the next step is near."""
        return any(step.near for step in self.steps)

    @property
    def years(self) -> tuple[int, ...]:
        """The years that nobody has announced, where the days shown are estimates."""
        return tuple(sorted({year for step in self.steps for year in step.years}))

    @property
    def years_note(self) -> str:
        """Those years as a note beside the estimates names them."""
        return "、".join(map(str, self.years))


def of_list(round_: Round) -> NoticeTerms:
    """How the round counts the notice of a slate."""
    return NoticeTerms(round_.notice_days, _unit(round_), round_.first_day_counts)


def of_unit(round_: Round) -> NoticeTerms:
    """How the round counts the notice of a unit."""
    return NoticeTerms(round_.unit_notice_days, _unit(round_), round_.first_day_counts)


def end_of(terms: NoticeTerms, starts_on: date) -> date | Unannounced:
    """The last day of a notice that begins on `starts_on`. One statement, none where days are not counted by work."""
    if terms.days < 1:
        return starts_on
    known = calendar.since(starts_on) if terms.unit == "workday" else Calendar()
    return end_of_notice(
        starts_on, terms.days, terms.unit, first_day_counts=terms.first_day_counts, calendar=known
    )


def of_slates(slates: Iterable[Slate]) -> dict[int, Latest]:
    """The latest days of each slate that has not left yet, keyed by primary key. Slates come with round and award
    loaded.

    At most three statements; one for lists that know their deadline (`with_figures`) and are not on notice.
    """
    waiting = [slate for slate in slates if slate.state in _SLATE_STEPS]
    due = _due_of(waiting)
    if not due:
        return {}
    known = _calendar((slate.round_award.round for slate in waiting), due.values())
    on_notice = [slate.pk for slate in waiting if slate.state == SlateState.ON_NOTICE]
    notices = Notice.objects.filter(slate__in=on_notice, closed_at=None)
    running = dict(notices.values_list("slate_id", "ends_on")) if on_notice else {}
    found: dict[int, Latest] = {}
    for slate in waiting:
        due_at = due.get(slate.pk)
        if due_at is None:
            continue
        round_award = slate.round_award
        back = before_leaving(rounds.last_day(due_at), of_list(round_award.round), known)
        last = TimedStep.FINALISE if slate.stage == round_award.award.final_stage else TimedStep.SEND_UP
        ends_on = running.get(slate.pk)
        found[slate.pk] = Latest(
            round_award.round,
            slate.stage,
            slate.body_id,
            due_at,
            _of_list(_SLATE_STEPS[slate.state], back, last, due_at),
            ends_on if ends_on and ends_on > back.ends_on else None,
        )
    return found


def _due_of(slates: Sequence[Slate]) -> dict[int, datetime]:
    """The deadlines of slates by their number; one statement for those that do not know it themselves."""
    known = {slate.pk: getattr(slate, "holds_until", _ASK) for slate in slates}
    asked = [slate for slate in slates if known[slate.pk] is _ASK]
    due = {pk: due_at for pk, due_at in known.items() if isinstance(due_at, datetime)}
    if asked:
        dues = rounds.dues(
            round_ids=[slate.round_award.round_id for slate in asked],
            body_ids=[slate.body_id for slate in asked],
        )
        for slate in asked:
            due_at = dues.at(slate.round_award.round_id, slate.stage, slate.body_id)
            if due_at is not None:
                due[slate.pk] = due_at
    return due


def of_slate(slate: Slate) -> Latest | None:
    """The latest days of one slate; None once it has left, or where its stage has no window."""
    return of_slates([slate]).get(slate.pk)


def of_nominations(nominations: Iterable[Nomination]) -> dict[int, Latest]:
    """The latest days of each nomination under way, keyed by primary key. They come with round and award. One
    statement.
    """
    waiting = [one for one in nominations if one.status in _NOMINATION_STEPS]
    due = {one.pk: one.due_at for one in waiting if one.due_at}
    known = _calendar((one.round_award.round for one in waiting), due.values())
    found: dict[int, Latest] = {}
    for one in waiting:
        due_at = due.get(one.pk)
        if due_at is None:
            continue
        round_award, before, day = one.round_award, _NOMINATION_STEPS[one.status], rounds.last_day(due_at)
        if one.stage == Stage.UNIT:
            body_id = one.body_id
            steps = _of_unit(before, before_endorsing(day, of_unit(round_award.round), known), due_at)
        else:
            body_id = one.desk_id or one.body_id
            last = TimedStep.FINALISE if one.stage == round_award.award.final_stage else TimedStep.SEND_UP
            ahead = (*before, TimedStep.SUBMIT, TimedStep.SIGN, TimedStep.PUBLISH)
            steps = _of_list(ahead, before_leaving(day, of_list(round_award.round), known), last, due_at)
        found[one.pk] = Latest(round_award.round, one.stage, body_id, due_at, steps)
    return found


def of_nomination(nomination: Nomination) -> Latest | None:
    """The latest days of one nomination; None when it is not under way."""
    return of_nominations([nomination]).get(nomination.pk)


_NOMINATION_STEPS: dict[str, Sequence[TimedStep]] = {
    NominationState.DRAFT: (TimedStep.UNIT_NOTICE,),
    NominationState.ENDORSING: (TimedStep.UNIT_NOTICE,),
    NominationState.IN_REVIEW: (TimedStep.REVIEW,),
    NominationState.RETURNED: (TimedStep.CORRECT, TimedStep.REVIEW),
    NominationState.POOLED: (),
}


def _of_list(
    before: Sequence[TimedStep], back: Backwards, last: TimedStep, due_at: datetime
) -> tuple[Moment, ...]:
    """All that comes before the publication has its last day in common with it."""
    years = back.starts_on.years if isinstance(back.starts_on, Unannounced) else ()
    steps = [Moment(step, back.estimate, years=years) for step in before if step != TimedStep.NOTICE_ENDS]
    if before:
        steps.append(Moment(TimedStep.NOTICE_ENDS, back.ends_on))
    return (*steps, Moment(last, back.last_day, due_at))


def _of_unit(before: Sequence[TimedStep], back: Backwards, due_at: datetime) -> tuple[Moment, ...]:
    years = back.starts_on.years if isinstance(back.starts_on, Unannounced) else ()
    steps = (Moment(step, back.estimate, years=years) for step in before)
    return (*steps, Moment(TimedStep.ENDORSE, back.last_day, due_at))


def _calendar(of_rounds: Iterable[Round], due: Collection[datetime]) -> Calendar:
    """What is known of the days before these deadlines; not asked where days are not counted by work."""
    if not due or all(_unit(round_) == "calendar" for round_ in of_rounds):
        return Calendar()
    return calendar.since(clock.local_date(min(due)) - _LOOK_BACK)


def _unit(round_: Round) -> DayUnit:
    return cast("DayUnit", round_.notice_unit)
