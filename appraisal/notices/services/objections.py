"""Objections 异议 to an entry on a notice: real name, looked into by the recommending body, closed with a finding.

Only the slate keepers learn who objected: neither the ledger nor a notice says so.
"""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from appraisal.gate.services import slate_entries
from appraisal.gate.services.slate_desk import LockedSlate, lock, require_round_open
from appraisal.nominations.services.reviews import require_apart
from appraisal.notices.refusals import (
    FindingRequired,
    FindingTextRequired,
    ObjectionEntryGone,
    ObjectionOutOfTime,
    ObjectionSettled,
    ObjectionTextRequired,
    ObjectorContactRequired,
    ObjectorRequired,
    ReceivedBeforeNotice,
    ReceivedInFuture,
)
from appraisal.records.models import Notice, Objection, SlateEntry
from appraisal.records.permissions import require
from appraisal.records.services import lifecycle
from appraisal.records.states import (
    NOMINATION_TRANSITIONS,
    Finding,
    NominationAct,
    NominationState,
    SlateNote,
    SlateState,
)
from quotas.base import clock
from quotas.base.errors import FieldProblem, InvalidInput
from quotas.base.text import block, line, required_text
from quotas.tree.models import User
from quotas.tree.permissions import Act

OBJECTION_STATES = (SlateState.ON_NOTICE, SlateState.SETTLING)
"""While the slate is on notice, and until it leaves: a letter may arrive after the last day."""

CLOSING_FINDINGS = (Finding.UNFOUNDED, Finding.UPHELD, Finding.NOT_ACCEPTED)

_UPHELD = "异议核查成立，取消推荐资格"
"""The reason on record. The finding itself may name people, so it stays with the objection."""


@transaction.atomic
def record(
    *,
    notice_id: int,
    entry_id: int,
    actor: User,
    objector: str,
    objector_contact: str,
    text: str,
    received_on: date,
) -> Objection:
    """Record an objection to an entry of a notice; the entry cannot go up until it is settled.

    Raises ObjectionOutOfTime, InvalidInput with every wrong field: `ObjectorRequired`,
    `ObjectorContactRequired`, `ObjectionTextRequired`, `ReceivedInFuture`, `ReceivedBeforeNotice`,
    `ObjectionEntryGone`.
    """
    notice = Notice.objects.get(pk=notice_id)
    slate = _begin(notice.slate_id, actor).slate
    if slate.state not in OBJECTION_STATES:
        raise ObjectionOutOfTime(state=slate.state)
    entry = SlateEntry.objects.filter(pk=entry_id, slate=slate, removed_at=None).first()
    given = {
        "objector": line(objector),
        "objector_contact": line(objector_contact),
        "text": block(text),
    }
    problems = _missing(given) + _date_problems(notice, received_on)
    if entry is None:
        problems.append(ObjectionEntryGone("entry"))
    if problems or entry is None:
        raise InvalidInput(*problems)
    objection = Objection.objects.create(
        notice=notice,
        entry=entry,
        received_on=received_on,
        recorded_by=actor,
        recorded_at=clock.now(),
        **given,
    )
    lifecycle.touch_slate(
        slate,
        SlateNote.RECORD_OBJECTION.value,
        actor=actor,
        before={},
        after={"objection": objection.pk, "nomination": entry.nomination_id, "finding": Finding.OPEN.value},
    )
    return objection


@transaction.atomic
def settle(*, objection_id: int, actor: User, finding: str, text: str) -> Objection:
    """Close an objection with its finding. Upheld, it takes the entry off the slate and disqualifies the nomination.

    Refused to anybody who has a part in the nomination. Raises ObjectionSettled the second time,
    InvalidInput `FindingRequired`, `FindingTextRequired`.
    """
    slate_id = Objection.objects.values_list("notice__slate_id", flat=True).get(pk=objection_id)
    desk = _begin(slate_id, actor)
    objection: Objection = Objection.objects.select_related("entry__nomination").get(pk=objection_id)
    if objection.closed_at is not None:
        raise ObjectionSettled(finding=objection.finding, at=objection.closed_at)
    require_apart(objection.entry.nomination, actor)
    if finding not in CLOSING_FINDINGS:
        raise InvalidInput(FindingRequired("finding"))
    objection.finding = Finding(finding)
    objection.finding_text = required_text(text, FindingTextRequired("text"))
    objection.closed_by = actor
    objection.closed_at = clock.now()
    objection.save(update_fields=["finding", "finding_text", "closed_by", "closed_at"])
    lifecycle.touch_slate(
        desk.slate,
        SlateNote.SETTLE_OBJECTION.value,
        actor=actor,
        before={"finding": Finding.OPEN.value},
        after={"objection": objection.pk, "nomination": objection.entry.nomination_id, "finding": finding},
    )
    if finding == Finding.UPHELD:
        _disqualify(desk, objection.entry.nomination_id, actor)
    return objection


def _begin(slate_id: int, actor: User) -> LockedSlate:
    desk = lock(slate_id)
    require(actor, Act.KEEP_SLATE, desk.slate.body_id)
    require_round_open(desk.slate)
    return desk


def _disqualify(desk: LockedSlate, nomination_id: int, actor: User) -> None:
    """Take the nomination off the slate and out of the selection; what has left both already stays as it is."""
    slate_entries.remove_entry(desk.slate, desk.allotment, nomination_id, actor=actor, reason=_UPHELD)
    nomination = lifecycle.lock_nomination(nomination_id)
    if (nomination.status, NominationAct.DISQUALIFY) not in NOMINATION_TRANSITIONS:
        return
    lifecycle.move_nomination(
        nomination,
        NominationAct.DISQUALIFY,
        NominationState.DISQUALIFIED,
        actor=actor,
        body=desk.slate.body,
        reason=_UPHELD,
    )


def _missing(given: Mapping[str, str]) -> list[FieldProblem]:
    needed = (
        ObjectorRequired("objector"),
        ObjectorContactRequired("objector_contact"),
        ObjectionTextRequired("text"),
    )
    return [problem for problem in needed if not given[problem.field or ""]]


def _date_problems(notice: Notice, received_on: date) -> list[FieldProblem]:
    today = clock.today()
    if received_on > today:
        return [ReceivedInFuture("received_on", received_on=received_on, today=today)]
    if received_on < notice.starts_on:
        return [ReceivedBeforeNotice("received_on", received_on=received_on, starts_on=notice.starts_on)]
    return []
