"""Naming decisions 命名决定: the final slate of an award becomes public under its document number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from appraisal.gate.services import conditions, gate, slate_entries
from appraisal.gate.services.slate_desk import (
    admit,
    checked,
    figures,
    final_act,
    lock,
    require_apart,
    require_no_open_objection,
    require_ownership_settled,
)
from appraisal.namings.refusals import (
    DecidedInFuture,
    DocumentNumberRequired,
    DocumentNumberTaken,
    TitleRequired,
)
from appraisal.notices.services.public import Row, issuers, projection, search_text
from appraisal.records.models import Naming, Slate, SlateEntry
from appraisal.records.services import lifecycle, titles
from appraisal.records.states import NominationAct, NominationState, SlateAct, SlateState
from appraisal.slates.services import deviations
from appraisal.slates.services.slates import lock_desk, pass_over
from appraisal.slates.services.unreviewed import require_known
from quotas.base import clock, text
from quotas.base.errors import FieldProblem, InvalidInput
from quotas.selection.plan import COUNTED, frozen
from quotas.tree.models import User


@dataclass(frozen=True)
class NamingRelease:
    """What became of the nominations at the desk: named, and passed over, by number of the nomination."""

    named: tuple[int, ...]
    closed: tuple[int, ...]


def preview(*, slate_id: int) -> list[Row]:
    """Whom a decision on the slate would name now (two statements). Raises Slate.DoesNotExist."""
    slate = Slate.objects.select_related("round_award__award").get(pk=slate_id)
    entries = SlateEntry.objects.filter(slate=slate, removed_at=None, kind__in=COUNTED).select_related(
        "nomination__employer", "nomination__body"
    )
    return projection(entries, slate.round_award)


@transaction.atomic
def decide(
    *,
    slate_id: int,
    version: int,
    actor: User,
    title: str,
    document_number: str,
    decided_on: date,
    unreviewed: str = "",
) -> NamingRelease:
    """Name the regular and the separately listed entries of a final slate: FINALISED to NAMED.

    Everybody else at the desk, reserves included, is passed over; `unreviewed` as in `slates.submit`. The person who
    finalises a slate also decides on it. Raises InvalidInput with every wrong field (`TitleRequired`,
    `DocumentNumberRequired`, `DocumentNumberTaken`, `DecidedInFuture`), RuleViolation with what the gate finds.
    """
    slate = lock(slate_id).slate
    admit(slate, version, actor, final_act(slate), SlateAct.NAME)
    title, document_number = text.line(title), text.code(document_number)
    problems = _problems(slate, title, document_number, decided_on)
    if problems:
        raise InvalidInput(*problems)
    require_no_open_objection(slate)
    require_apart(slate, actor)
    entries = list(
        SlateEntry.objects.filter(slate=slate, removed_at=None).select_related(
            "nomination__employer", "nomination__body"
        )
    )
    at_desk = lock_desk(slate)
    require_ownership_settled(slate)
    conditions.require_met(slate)
    passed = gate.require(slate_id=slate.pk)
    deviations.require_covered(slate, passed.report)
    left = require_known(slate, unreviewed)
    chosen = [entry for entry in entries if entry.kind in COUNTED]
    winners = {entry.nomination_id for entry in chosen}
    named = [nomination for nomination in at_desk if nomination.pk in winners]
    rest = [nomination for nomination in at_desk if nomination.pk not in winners]
    lifecycle.move_nominations(
        named, NominationAct.NAME, NominationState.NAMED, actor=actor, body=slate.body, reason=document_number
    )
    pass_over(rest, slate, actor)
    naming = _write(slate, chosen, title, document_number, decided_on, actor)
    titles.enter(naming, [entry.nomination for entry in chosen], actor)
    slate_entries.freeze(slate, passed.rows)
    lifecycle.move_slate(
        slate,
        SlateAct.NAME,
        SlateState.NAMED,
        actor=actor,
        reason=document_number,
        after={**figures(entries), **left, "decided_on": decided_on, "checks": checked(passed.report)},
        frozen_plan=frozen(passed.plan),
    )
    return NamingRelease(
        named=tuple(nomination.pk for nomination in named), closed=tuple(nomination.pk for nomination in rest)
    )


def _write(
    slate: Slate,
    chosen: Sequence[SlateEntry],
    title: str,
    document_number: str,
    decided_on: date,
    actor: User,
) -> Naming:
    """The decision as the public reads it. Raises InvalidInput(DocumentNumberTaken)."""
    issued, rows = issuers(slate), projection(chosen, slate.round_award)
    try:
        with transaction.atomic():
            naming: Naming = Naming.objects.create(
                slate=slate,
                round_award=slate.round_award,
                title=title,
                document_number=document_number,
                decided_on=decided_on,
                issuers=issued,
                rows=rows,
                search_text=search_text(title, issued, rows, document_number),
                decided_by=actor,
                decided_at=clock.now(),
            )
    except IntegrityError:
        # The slate of another body has taken the number since it was asked for: the constraint has the last word.
        taken = _number_taken(slate, document_number)
        if taken is None:
            raise
        raise InvalidInput(taken) from None
    return naming


def revoked(naming: Naming) -> frozenset[tuple[str, str]]:
    """Those who have lost the title again, as (nominee, unit) of the decision's rows. One statement.

    The decision itself is never rewritten; pages that show it mark those who no longer bear the title.
    """
    found = SlateEntry.objects.filter(
        slate=naming.slate_id, nomination__status=NominationState.DISQUALIFIED
    ).select_related("nomination__employer", "nomination__body")
    rows = projection(found, naming.slate.round_award)
    return frozenset((str(row["nominee"]), str(row["unit"])) for row in rows)


def title_of(slate: Slate) -> str:
    """The title that is proposed for the decision. Chinese in every language: it is a document, not a page."""
    round_award = slate.round_award
    place = "" if round_award.award.name.startswith(slate.body.name) else slate.body.name
    return f"关于命名{round_award.round.year}年{place}{round_award.award.name}的决定"


def _problems(slate: Slate, title: str, document_number: str, decided_on: date) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    if not title:
        problems.append(TitleRequired("title"))
    if not document_number:
        problems.append(DocumentNumberRequired("document_number"))
    taken = _number_taken(slate, document_number)
    if taken is not None:
        problems.append(taken)
    today = clock.today()
    if decided_on > today:
        problems.append(DecidedInFuture("decided_on", decided_on=decided_on, today=today))
    return problems


def _number_taken(slate: Slate, document_number: str) -> FieldProblem | None:
    """The decision of the award that bears the number already, as a problem of the field."""
    taken = (
        Naming.objects.filter(round_award=slate.round_award_id, document_number=document_number)
        .select_related("slate__body")
        .first()
    )
    if taken is None:
        return None
    return DocumentNumberTaken("document_number", document_number=document_number, body=taken.slate.body.name)
