"""Advisory rules that a slate does not keep: they refuse nothing, and take an approval with its document, name and day.

An approval is of one list: it covers the regular entries and the rules of the moment when the slate was handed in. When
either has changed it covers nothing, and the slate is compiled again with a new one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from appraisal.gate.services.gate import GateReport
from appraisal.gate.wording import name_of
from appraisal.records.models import Slate, SlateEntry
from appraisal.records.states import EntryKind
from appraisal.slates.refusals import (
    ApprovalDayRequired,
    ApprovalDocumentRequired,
    ApprovalGiverRequired,
    ApprovalOutdated,
)
from quotas.base import clock, text
from quotas.base.errors import FieldProblem, InvalidInput, RuleViolation


@dataclass(frozen=True, slots=True)
class Approval:
    """The paper that lets a slate break what it is only advised to keep: its number, who gave it, and when."""

    document: str = ""
    given_by: str = ""
    given_on: date | None = None


def recorded(slate: Slate, report: GateReport, given: Approval | None) -> dict[str, Any] | None:
    """What is kept with a slate that is handed in: the approval of everything that it breaks, None where that is nothing.

    An approval that was recorded before still covers the same list. Raises InvalidInput with every field that is missing
    (ApprovalDocumentRequired, ApprovalGiverRequired, ApprovalDayRequired).
    """
    if not report.advised:
        return None
    paper = given or Approval()
    if paper == Approval() and covers(slate, report):
        return dict(slate.approval or {})
    document, given_by = text.code(paper.document), text.line(paper.given_by)
    problems = list(_problems(Approval(document, given_by, paper.given_on), _names(report)))
    if problems:
        raise InvalidInput(*problems)
    return {
        "document": document,
        "given_by": given_by,
        "given_on": str(paper.given_on),
        "rules": _names(report),
        "codes": _codes(report),
        "entries": _regular(slate),
    }


def _problems(paper: Approval, rules: list[str]) -> Iterator[FieldProblem]:
    if not paper.document:
        yield ApprovalDocumentRequired("document", rules=rules)
    if not paper.given_by:
        yield ApprovalGiverRequired("given_by")
    if paper.given_on is None or paper.given_on > clock.today():
        yield ApprovalDayRequired("given_on")


def told(kept: Mapping[str, Any] | None) -> dict[str, object]:
    """What the ledger tells of the approval of a slate; nothing where it needs none."""
    if kept is None:
        return {}
    return {"approval": {name: kept[name] for name in ("document", "given_by", "given_on", "rules")}}


def covers(slate: Slate, report: GateReport) -> bool:
    """Whether the approval that was recorded is of the slate as it stands. One statement where there is one."""
    kept = slate.approval
    return (
        kept is not None
        and set(_codes(report)) <= set(kept["codes"])
        and bool(kept["entries"] == _regular(slate))
    )


def require_covered(slate: Slate, report: GateReport) -> None:
    """Raise RuleViolation(ApprovalOutdated) where a slate that was handed in breaks what nobody approved."""
    if report.advised and not covers(slate, report):
        raise RuleViolation(ApprovalOutdated(rules=_names(report)))


def _names(report: GateReport) -> list[str]:
    return [str(name_of(check.bound)) for check in report.advised]


def _codes(report: GateReport) -> list[str]:
    return [check.code for check in report.advised]


def _regular(slate: Slate) -> list[int]:
    standing = SlateEntry.objects.filter(slate=slate, removed_at=None, kind=EntryKind.REGULAR)
    return list(standing.order_by("nomination").values_list("nomination", flat=True))
