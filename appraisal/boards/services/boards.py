"""The quota board of an award: for every body that somebody sees its places, what its slate has of them, and what is left to do.

Counted from the rows each time, by the code that refuses and that `verify` recounts with (`gate.reports`); nothing is
stored, nothing is written. What is still being compiled at a body is that body's own affair: others read its places,
not its slate.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal.deadlines.services import latest
from appraisal.deadlines.services.latest import Latest
from appraisal.gate.services import gate
from appraisal.gate.services.gate import GateReport
from appraisal.planning.services import targets
from appraisal.planning.services.targets import Progress
from appraisal.records.models import Nomination, Slate
from appraisal.records.states import EntryKind, NominationState, SlateState, Standing
from quotas.base import clock
from quotas.base.errors import Reason
from quotas.base.states import Level, RoundState, Stage
from quotas.base.wording import word
from quotas.rounds.models import Round, RoundAward
from quotas.rounds.services import parts, plans, rounds
from quotas.rounds.services.plans import AwardDesk
from quotas.selection.judge import RuleCheck
from quotas.selection.plan import COUNTED, KINDS, Plan
from quotas.tree.models import Body, User
from quotas.tree.permissions import Act, grants_of

NON_PUBLIC = "ownership:non_public"

GONE = (SlateState.SENT_UP, SlateState.NAMED)
"""The states of a slate with which nothing is left to do."""

_WORST_FIRST = (Standing.LATE, Standing.BROKEN, Standing.AWAITED, Standing.HOLDS, Standing.EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyOnBoard:
    """A body. `report` is the gate's on its slate; None where there is no slate, or none that the reader may see.

    `places` are those of each kind, as the gate judges the slate by them, or as the plan gives them; `allotted` is false
    where none were given. `slate_id` stands where the reader may open the slate. `due_at` is the deadline of the
    body's stage with its extension; `to_do` one sentence, empty when nothing is left; `late`: something is left and
    the deadline has passed. `standing` is None for a body that has no slate to make.
    """

    body: Body
    allotted: bool
    places: Mapping[str, int]
    plan: Plan
    state: SlateState | None
    slate_id: int | None
    report: GateReport | None
    reviewing: int
    pooled: int
    due_at: datetime | None
    to_do: str
    late: bool
    standing: Standing | None
    latest: Latest | None = None

    def used(self, kind: EntryKind = EntryKind.REGULAR) -> int | None:
        """The number of entries of a kind on the slate; None where the reader may not see the slate."""
        return self.report.places[kind].used if self.report else None

    @property
    def non_public(self) -> int | None:
        """The number of regular non-public entries; None where the reader may not see the slate."""
        return self.report.carried.get(NON_PUBLIC, 0) if self.report else None

    @property
    def checks(self) -> tuple[RuleCheck, ...]:
        """Each rule of the slate with its requirement and margin; empty where the reader may not see the slate."""
        return self.report.checks if self.report else ()

    @property
    def gone(self) -> bool:
        """Whether the slate has left: sent up, or its entries named."""
        return self.state in GONE

    @property
    def broken(self) -> bool:
        """Whether the slate as it stands has too many entries or breaks a rule; an empty one has not begun."""
        return self.report is not None and _is_begun(self.report) and not _fits(self.report)

    @property
    def problem(self) -> bool:
        """Whether somebody should look: it is late or breaks a rule."""
        return self.late or self.broken


@dataclass(frozen=True, slots=True)
class Sums:
    """Several bodies together. Entries are summed over the slates that the reader may see; `untold` counts the others.

    `used` and `non_public` are None where the reader may see no slate.
    """

    bodies: int
    places: Mapping[str, int]
    used: Mapping[str, int | None]
    non_public: int | None
    reviewing: int
    pooled: int
    lists: int
    untold: int
    gone: int
    late: int
    broken: int

    @classmethod
    def of(cls, rows: Iterable[BodyOnBoard]) -> "Sums":
        """The sums of these bodies."""
        rows = list(rows)
        reports = [row.report for row in rows if row.report is not None]
        used: dict[str, int | None] = {
            kind: sum(report.places[kind].used for report in reports) for kind in KINDS
        }
        non_public = sum(report.carried.get(NON_PUBLIC, 0) for report in reports)
        return cls(
            bodies=len(rows),
            places={kind: sum(row.places[kind] for row in rows) for kind in KINDS},
            used=used if reports else dict.fromkeys(KINDS),
            non_public=non_public if reports else None,
            reviewing=sum(row.reviewing for row in rows),
            pooled=sum(row.pooled for row in rows),
            lists=sum(row.standing is not None for row in rows),
            untold=sum(
                row.state is not None and row.report is None and row.standing is not None for row in rows
            ),
            gone=sum(row.gone for row in rows),
            late=sum(row.late for row in rows),
            broken=sum(row.broken for row in rows),
        )


@dataclass(frozen=True, slots=True)
class BodyGroup:
    """A city or an industry union with its own slate (`own`; None where the award ends below it) and its counties.

    For somebody who sees a county without its city, the county.
    """

    body: Body
    own: BodyOnBoard | None
    below: tuple[BodyOnBoard, ...]

    @property
    def rows(self) -> list[BodyOnBoard]:
        """The own slate and those below."""
        return [*([self.own] if self.own else []), *self.below]

    @property
    def sums(self) -> Sums:
        """The counties together, without the body's own slate, since that slate chooses from what the counties send up."""
        return Sums.of(self.below)

    @property
    def standing(self) -> Standing | None:
        """The worst of its slates; None where there is none to make."""
        found = {row.standing for row in self.rows}
        return next((standing for standing in _WORST_FIRST if standing in found), None)


@dataclass(frozen=True, slots=True)
class QuotaBoard:
    """The rows of one award in the order of the tree: the province's own, and the groups below it."""

    round_award: RoundAward
    province: BodyOnBoard | None
    groups: tuple[BodyGroup, ...]
    drift: tuple[Reason, ...] = ()
    """Where parts of a minimum, handed down, no longer fit the places."""
    targets: tuple[Progress, ...] = ()
    """How far the targets of the edition have come at the bodies in sight; they refuse nothing."""

    @property
    def rows(self) -> list[BodyOnBoard]:
        """All of them, from above."""
        return [
            *([self.province] if self.province else []),
            *(row for group in self.groups for row in group.rows),
        ]

    @property
    def highest(self) -> list[BodyOnBoard]:
        """The slates of the highest stage in sight: for the province those which give the award."""
        rows = self.rows
        top = max((row.body.stage for row in rows), default=Stage.UNIT)
        return [row for row in rows if row.body.stage == top]

    @property
    def by_stage(self) -> list[tuple[Stage, Sums]]:
        """Each stage in sight with its slates together, the highest first. Stages are never added up with each other."""
        rows = self.rows
        return [
            (stage, Sums.of(of_stage))
            for stage in reversed(Stage)
            if (of_stage := [row for row in rows if row.body.stage == stage])
        ]


def _is_begun(report: GateReport) -> bool:
    return any(line.used for line in report.places.values())


def _fits(report: GateReport) -> bool:
    return report.found.fits


@dataclass(slots=True)
class _Facts:
    """What was read, by body."""

    round_award: RoundAward
    plans: Mapping[int, Plan]
    slates: dict[int, Slate]
    reports: dict[int, GateReport]
    nominations: Counter[tuple[int, str]]
    due: rounds.Dues
    latest: Mapping[int, Latest]
    now: datetime

    def row(self, body: Body) -> BodyOnBoard:
        """A body's row."""
        slate = self.slates.get(body.pk)
        report = self.reports.get(slate.pk) if slate else None
        plan = self.plans[body.pk]
        places = {kind: line.available for kind, line in report.places.items()} if report else plan.places
        reviewing = sum(
            self.nominations[body.pk, status]
            for status in (NominationState.IN_REVIEW, NominationState.RETURNED)
        )
        state = slate.state if slate else None
        makes_list = any(places[kind] for kind in COUNTED)
        waits = makes_list and state is not None and state not in GONE
        running = self.round_award.round.state == RoundState.OPEN
        due_at = self.due.at(self.round_award.round_id, body.stage, body.pk)
        pooled = self.nominations[body.pk, NominationState.POOLED]
        # Where nobody has applied there is nothing to send up, so nothing is late either.
        idle = waits and state == SlateState.COMPILING and not reviewing and not pooled
        over = due_at is not None and due_at < self.now
        late = running and over and not idle and (waits or reviewing > 0)
        return BodyOnBoard(
            body=body,
            allotted=plan.given,
            places=places,
            plan=plan,
            state=state,
            slate_id=slate.pk if slate and report else None,
            report=report,
            reviewing=reviewing,
            pooled=pooled,
            due_at=due_at,
            to_do=self._to_do(slate if waits else None, reviewing, idle=idle) if running else "",
            late=late,
            standing=Standing.EMPTY if idle and over else _standing(report, makes_list=makes_list, late=late),
            latest=self.latest.get(slate.pk) if slate and waits and running and not idle else None,
        )

    def _to_do(self, slate: Slate | None, reviewing: int, *, idle: bool) -> str:
        if slate is not None and idle:
            return _nothing_to_list()
        ends_on = getattr(slate, "ends_on", None)
        return _left_to_do(
            reviewing=reviewing,
            state=slate.state if slate else None,
            final=slate is not None and slate.stage == self.round_award.award.final_stage,
            ends_on=ends_on,
            over=ends_on is not None and ends_on < clock.local_date(self.now),
        )


def _standing(report: GateReport | None, *, makes_list: bool, late: bool) -> Standing | None:
    """Late comes before broken, since a late body has to act in any case."""
    if late:
        return Standing.LATE
    if not makes_list:
        return None
    if report is None or not _is_begun(report):
        return Standing.AWAITED
    return Standing.HOLDS if _fits(report) else Standing.BROKEN


def board(*, round_award_id: int, user: User) -> QuotaBoard:
    """The board of one award for the bodies which the user sees, at the stages of the award.

    As many statements for one body as for all of them: nine (ten where there is a target), three for the drift, and the grants and bodies of the
    user where the request has not read them yet. Raises RoundAward.DoesNotExist where there is no such award in a
    round that the user sees.
    """
    round_award = RoundAward.objects.select_related("award", "round").get(
        pk=round_award_id, round__in=Round.objects.visible_to(user)
    )
    final = round_award.award.final_stage
    visible = list(Body.objects.filter(pk__in=Body.objects.visible_ids(user)).order_by("path"))
    facts = _facts(round_award, user, visible)
    bodies = {
        body.pk: body
        for body in visible
        if body.closed_on is None or facts.plans[body.pk].given or body.pk in facts.slates
    }
    rows = {pk: facts.row(body) for pk, body in bodies.items() if body.stage <= final}
    return QuotaBoard(
        round_award,
        next((row for row in rows.values() if row.body.level == Level.PROVINCE), None),
        _grouped(bodies, list(rows.values())),
        tuple(parts.drift(round_award_id=round_award_id, parents=bodies)),
        targets.progress(round_awards=[round_award], bodies=[rows[pk].body for pk in rows]).get(
            round_award.pk, ()
        ),
    )


def _grouped(bodies: dict[int, Body], rows: Sequence[BodyOnBoard]) -> tuple[BodyGroup, ...]:
    own: dict[int, BodyOnBoard | None] = {}
    below: dict[int, list[BodyOnBoard]] = {}
    for row in rows:
        parent = row.body.parent_id
        if row.body.level == Level.COUNTY and parent in bodies:
            own.setdefault(parent, None)
            below.setdefault(parent, []).append(row)
        elif row.body.level != Level.PROVINCE:
            own[row.body.pk] = row
    return tuple(BodyGroup(bodies[pk], row, tuple(below.get(pk, ()))) for pk, row in own.items())


def _facts(round_award: RoundAward, user: User, visible: Sequence[Body]) -> _Facts:
    ids = [body.pk for body in visible]
    known = plans.of(AwardDesk.at(round_award, body) for body in visible)
    slates = {
        slate.body_id: slate
        for slate in Slate.objects.of_award(round_award.pk).with_notice_end().filter(body__in=ids)
    }
    told = [slate for slate in slates.values() if _is_told(slate, grants_of(user).bodies(Act.VIEW_AREA))]
    for slate in slates.values():
        slate.round_award = round_award
    tally = Nomination.objects.at_desks(round_award.pk, ids)
    return _Facts(
        round_award=round_award,
        plans={body: plan for (_award, body), plan in known.items()},
        slates=slates,
        reports=gate.reports(slates=told, known=known),
        nominations=Counter({(desk, status): number for desk, status, number in tally}),
        latest=latest.of_slates(slates.values()),
        due=rounds.dues(round_ids=[round_award.round_id], body_ids=ids),
        now=clock.now(),
    )


def _is_told(slate: Slate, own: frozenset[int]) -> bool:
    """The rule of `Slate.objects.visible_to`, for a slate of a body in the user's area."""
    return slate.state != SlateState.COMPILING or slate.body_id in own


# --- what is left to do, in words ----------------------------------------------------------------------------

_STEPS: dict[str, str | Promise] = {
    SlateState.COMPILING: _("编制并提交名单"),
    SlateState.SIGNING: _("领导签发名单"),
    SlateState.SIGNED: _("发布名单公示"),
    SlateState.ON_NOTICE: _("名单公示至 %(ends_on)s，期满后处理异议"),
    SlateState.SETTLING: _("处理异议后上报名单"),
    SlateState.FINALISED: _("作出命名决定"),
}


_NOTICE_OVER = _("名单公示已于 %(ends_on)s 期满，请转入异议处理")


_FINAL_SETTLING = _("处理异议后审定名单")


def _left_to_do(
    *, reviewing: int, state: SlateState | None, final: bool, ends_on: date | None, over: bool
) -> str:
    """One sentence: nominations to decide, and the next step of a list in `state` (None: no list to see to).

    `final`: at the awarding stage. `ends_on` is the last day of the notice, `over` whether it has passed. Empty when
    nothing is left.
    """
    parts = [gettext("审结 %(number)s 件申报") % {"number": word(reviewing)}] if reviewing else []
    if state in _STEPS:
        step = _STEPS[state]
        if state == SlateState.ON_NOTICE and over:
            step = _NOTICE_OVER
        elif state == SlateState.SETTLING and final:
            step = _FINAL_SETTLING
        parts.append(str(step) % {"ends_on": word(ends_on) if ends_on else ""})
    return gettext("；").join(parts)


def _nothing_to_list() -> str:
    """What stands where nothing has been applied for, so that there is nothing to compile."""
    return gettext("暂无申报，没有名单可编")
