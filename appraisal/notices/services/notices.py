"""Public notices 公示 of a signed slate: how long they run, what they show, when they end."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from appraisal.deadlines.services import latest
from appraisal.gate.services import gate
from appraisal.gate.services.slate_desk import begin, is_final, lock, require_apart, require_round_open
from appraisal.notices.refusals import (
    ContactRequired,
    ListNoticeLonger,
    ListNoticeTooShort,
    NoticeBackwards,
    NoticeClosed,
    NoticeEndsTooLate,
    NoticeEndsTooLateToName,
    NoticeEndUnannounced,
    NoticeInPast,
    NoticeReasonUnannounced,
    NoticeRunsUntil,
)
from appraisal.notices.services import public
from appraisal.notices.services.public import Masked, Row, issuers, projection, search_text
from appraisal.records.models import Nomination, Notice, Slate, SlateEntry
from appraisal.records.permissions import require
from appraisal.records.services import lifecycle
from appraisal.records.states import SlateAct, SlateState
from quotas.arithmetic.workdays import Unannounced
from quotas.base import clock, text
from quotas.base.errors import FieldProblem, InvalidInput
from quotas.base.states import NoticeUnit, RoundState
from quotas.bodies.services.organs import Issuer
from quotas.rounds.models import Round
from quotas.rounds.services import rounds
from quotas.tree.models import User
from quotas.tree.permissions import Act


def computed_end(round_: Round, starts_on: date) -> date | Unannounced:
    """The last day of a notice that begins on `starts_on`, as the round counts days (at most one statement)."""
    return latest.end_of(latest.of_list(round_), starts_on)


def preview(*, slate_id: int) -> list[Row]:
    """What a notice of the slate would show if it were published now (two statements). Raises Slate.DoesNotExist."""
    slate = Slate.objects.select_related("round_award__award").get(pk=slate_id)
    entries = SlateEntry.objects.filter(slate=slate, removed_at=None).select_related(
        "nomination__employer", "nomination__body"
    )
    return projection(entries, slate.round_award)


def issued_by(*, slate_id: int) -> list[Issuer]:
    """The organs that would issue a notice of the slate now, with their telephones (three statements)."""
    slate = Slate.objects.select_related("body__parent", "round_award__award").get(pk=slate_id)
    return issuers(slate)


def usual_contact(slate: Slate) -> str:
    """What stands under a notice besides the telephones of the organs: the round's, where the organiser publishes."""
    return str(slate.round_award.round.contact) if slate.body.parent_id is None else ""


def masked(*, slate_id: int) -> list[Masked]:
    """What a notice or a decision on the slate would not show of its entries (two statements)."""
    slate = Slate.objects.select_related("round_award__award").get(pk=slate_id)
    entries = SlateEntry.objects.filter(slate=slate, removed_at=None).select_related(
        "nomination__employer", "nomination__body"
    )
    return public.masked(entries, slate.round_award)


@transaction.atomic
def publish(
    *,
    slate_id: int,
    version: int,
    actor: User,
    starts_on: date,
    ends_on: date | None = None,
    override_reason: str = "",
    late_reason: str = "",
    contact: str = "",
) -> Notice:
    """Publish a signed slate: SIGNED to ON_NOTICE.

    Without `ends_on` the notice ends on the computed day; another day needs `override_reason`, and both days stay
    on record. Where a year in between is not announced nobody can compute it: then both are needed. A notice that ends
    too late for the slate to leave by its deadline needs `late_reason`. The organs of the body issue it under their own
    telephones; `contact` stands beside them, and must where none of them has a telephone.

    Raises InvalidInput with every wrong field (`NoticeInPast`, `NoticeBackwards`, `ListNoticeTooShort`,
    `ListNoticeLonger`, `NoticeEndUnannounced`, `NoticeReasonUnannounced`, `NoticeEndsTooLate` (of a final list
    `NoticeEndsTooLateToName`), `ContactRequired`) and RuleViolation(OwnUnitOnList) or with what the gate finds.
    """
    slate = begin(slate_id, version, actor, Act.KEEP_SLATE, SlateAct.PUBLISH).slate
    require_apart(slate, actor)
    terms = _agreed(
        slate,
        starts_on,
        ends_on,
        reason=text.block(override_reason),
        late_reason=text.line(late_reason),
        contact=text.line(contact) or usual_contact(slate),
    )
    entries = list(
        SlateEntry.objects.filter(slate=slate, removed_at=None).select_related(
            "nomination__employer", "nomination__body"
        )
    )
    lifecycle.lock_nominations(entry.nomination_id for entry in entries)
    gate.require(slate_id=slate.pk)
    _freeze_names(entries)
    title, rows = title_of(slate), projection(entries, slate.round_award)
    notice = Notice.objects.create(
        slate=slate,
        title=title,
        rows=rows,
        search_text=search_text(title, terms.issuers, rows),
        published_by=actor,
        published_at=clock.now(),
        **terms._asdict(),
    )
    told: dict[str, object] = {
        "starts_on": starts_on,
        "ends_on": terms.ends_on,
        "computed_ends_on": terms.computed_ends_on,
    }
    if terms.late_reason:
        told["late_reason"] = terms.late_reason
    lifecycle.move_slate(
        slate, SlateAct.PUBLISH, SlateState.ON_NOTICE, actor=actor, reason=terms.override_reason, after=told
    )
    return notice


class _Terms(NamedTuple):
    """What is agreed of a notice before its rows: columns of `Notice`."""

    starts_on: date
    ends_on: date
    computed_ends_on: date | None
    days: int
    unit: NoticeUnit
    override_reason: str
    late_reason: str
    contact: str
    issuers: list[Issuer]


def _agreed(
    slate: Slate, starts_on: date, ends_on: date | None, *, reason: str, late_reason: str, contact: str
) -> _Terms:
    """The days, reasons and telephones of a notice. Raises InvalidInput with everything that is wrong with them."""
    round_ = slate.round_award.round
    required_end = computed_end(round_, starts_on)
    computed = None if isinstance(required_end, Unannounced) else required_end
    end = ends_on or computed
    problems = _date_problems(round_, starts_on, end, required_end, reason)
    late = too_late(slate, end) if end else None
    if late and not late_reason:
        kind = NoticeEndsTooLateToName if is_final(slate) else NoticeEndsTooLate
        problems.append(kind("late_reason", ends_on=late.ends_on, due_at=late.due_at, by=late.by))
    issued = issuers(slate)
    if not contact and not any(issuer["telephone"] for issuer in issued):
        problems.append(ContactRequired("contact"))
    if problems or end is None:
        raise InvalidInput(*problems)
    return _Terms(
        starts_on=starts_on,
        ends_on=end,
        computed_ends_on=computed,
        days=round_.notice_days,
        unit=round_.notice_unit,
        override_reason=reason if end != computed else "",
        late_reason=late_reason if late else "",
        contact=contact,
        issuers=issued,
    )


def _freeze_names(entries: Iterable[SlateEntry]) -> None:
    """What the public has read is the name from now on, whatever the register says later."""
    first = [entry.nomination for entry in entries if not entry.nomination.unit_name]
    for nomination in first:
        nomination.unit_name = nomination.employer.name
    Nomination.objects.bulk_update(first, ["unit_name"])


@transaction.atomic
def close(*, slate_id: int, actor: User | None = None) -> Slate:
    """End the notice of a slate when its last day has passed: ON_NOTICE to SETTLING. `actor` None is the system.

    Raises NoticeRunsUntil up to and on the last day, NoticeClosed the second time,
    RoundNotOpen once the round has ended.
    """
    slate = lock(slate_id).slate
    if actor is not None:
        require(actor, Act.KEEP_SLATE, slate.body_id)
    notice = Notice.objects.filter(slate=slate).order_by("-pk").first()
    if slate.state == SlateState.SETTLING and notice is not None and notice.closed_at is not None:
        raise NoticeClosed(at=notice.closed_at)
    lifecycle.require_slate_step(slate, SlateAct.CLOSE_NOTICE)
    require_round_open(slate)
    if notice is None or clock.today() <= notice.ends_on:
        raise NoticeRunsUntil(until=notice and notice.ends_on)
    notice.closed_at = clock.now()
    notice.save(update_fields=["closed_at"])
    return lifecycle.move_slate(
        slate, SlateAct.CLOSE_NOTICE, SlateState.SETTLING, actor=actor, after={"ends_on": notice.ends_on}
    )


def closable(*, today: date) -> list[int]:
    """The slates of open rounds whose notice has run out before `today` and is not closed yet."""
    running = Notice.objects.filter(slate__round_award__round__state=RoundState.OPEN)
    return list(
        running.filter(closed_at=None, ends_on__lt=today).order_by("pk").values_list("slate_id", flat=True)
    )


def title_of(slate: Slate) -> str:
    """The title as such documents bear it. Chinese in every language: it is a document, not a page."""
    what = "拟命名对象" if is_final(slate) else "拟推荐对象"
    round_award = slate.round_award
    return f"关于{slate.body.name}{round_award.round.year}年{round_award.award.name}{what}的公示"


class Late(NamedTuple):
    """When a notice ends, until when its slate has to be gone, and the last day on which the notice can end."""

    ends_on: date
    due_at: datetime
    by: date


def too_late(slate: Slate, ends_on: date) -> Late | None:
    """The figures of a notice that ends too late for its slate to leave, or to be named, by the deadline; else None."""
    due_at = rounds.due_at(round_id=slate.round_award.round_id, stage=slate.stage, body_id=slate.body_id)
    last = rounds.last_day(due_at)
    if ends_on < last:
        return None
    return Late(ends_on, due_at, last - timedelta(days=1))


def _date_problems(
    round_: Round, starts_on: date, ends_on: date | None, required_end: date | Unannounced, reason: str
) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    today = clock.today()
    days, unit = round_.notice_days, round_.notice_unit
    if starts_on < today:
        problems.append(NoticeInPast("starts_on", starts_on=starts_on, today=today))
    if ends_on is not None and ends_on < starts_on:
        return [*problems, NoticeBackwards("ends_on", starts_on=starts_on, ends_on=ends_on)]
    if isinstance(required_end, Unannounced):
        years = tuple(map(str, required_end.years))
        if ends_on is None:
            problems.append(
                NoticeEndUnannounced(
                    "ends_on", days=days, unit=unit, years=years, estimate=required_end.estimate
                )
            )
        if not reason:
            problems.append(NoticeReasonUnannounced("override_reason", years=years))
    elif ends_on != required_end and not reason:
        kind = ListNoticeTooShort if ends_on and ends_on < required_end else ListNoticeLonger
        problems.append(
            kind(
                "override_reason",
                days=days,
                unit=unit,
                starts_on=starts_on,
                ends_on=ends_on,
                required=required_end,
            )
        )
    return problems
