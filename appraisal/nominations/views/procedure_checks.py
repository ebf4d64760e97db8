"""The unit's procedure as a list of checks, each with its figures: while it is being typed, and as it was recorded.

The rules are those of `appraisal.records.rules`, which also refuse; here they are only shown one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from appraisal.deadlines.services import latest
from appraisal.records import rules
from appraisal.records.models import Nomination
from appraisal.records.refusals import (
    VoteDoesNotAddUp,
    VoteMorePresentThanEntitled,
    VoteNobodyEntitled,
    VoteNoMajority,
    VoteNoQuorum,
)
from quotas.arithmetic.workdays import Unannounced
from quotas.base import clock
from quotas.base.text import is_blank
from quotas.base.wording import word
from quotas.rounds.models import Round

_VOTE = ("entitled", "present", "votes_for", "votes_against", "votes_abstained")


@dataclass(frozen=True, slots=True)
class ProcedureCheck:
    """One check: `holds` is None while the answer is not known."""

    label: str
    holds: bool | None
    note: str


def recorded(nomination: Nomination) -> list[ProcedureCheck]:
    """The checks of the procedure as it was recorded; none when there is none. One statement."""
    procedure = getattr(nomination, "procedure", None)
    if procedure is None:
        return []
    names = (
        *_VOTE,
        "notice_from",
        "notice_to",
        "notice_reason",
        "notice_objections",
        "party_opinion",
        "party_opinion_date",
    )
    return of_values(nomination.round_award.round, {name: getattr(procedure, name) for name in names})


def of_values(round_: Round, values: Mapping[str, Any]) -> list[ProcedureCheck]:
    """The checks of what has been typed so far. One statement where the notice has a beginning."""
    return [*_vote(values), _notice(round_, values), _objections(values), _party(values)]


def _vote(values: Mapping[str, Any]) -> list[ProcedureCheck]:
    figures = {name: values.get(name) for name in _VOTE}
    if any(figure is None for figure in figures.values()):
        waiting = _("填好五个人数后显示。")
        return [
            ProcedureCheck(_("票数相符"), None, waiting),
            ProcedureCheck(_("到会人数"), None, waiting),
            ProcedureCheck(_("赞成过半"), None, waiting),
        ]
    vote = rules.Vote(**figures)  # type: ignore[arg-type]
    broken = {type(problem) for problem in rules.vote_problems(vote)}
    total = vote.votes_for + vote.votes_against + vote.votes_abstained
    return [
        ProcedureCheck(
            _("票数相符"),
            VoteDoesNotAddUp not in broken,
            _("同意、反对、弃权合计 %(total)s，实到 %(present)s。")
            % {"total": total, "present": vote.present},
        ),
        ProcedureCheck(
            _("到会人数"),
            not broken & {VoteNoQuorum, VoteMorePresentThanEntitled, VoteNobodyEntitled},
            _("应到 %(entitled)s，实到 %(present)s，至少 %(required)s（三分之二）。")
            % {
                "entitled": vote.entitled,
                "present": vote.present,
                "required": -(-2 * vote.entitled // 3),
            },
        ),
        ProcedureCheck(
            _("赞成过半"),
            VoteNoMajority not in broken,
            _("同意 %(votes_for)s，至少 %(required)s（应到人数的半数以上）。")
            % {"votes_for": vote.votes_for, "required": vote.entitled // 2 + 1},
        ),
    ]


def _notice(round_: Round, values: Mapping[str, Any]) -> ProcedureCheck:
    label = _("单位公示 %(days)s 个%(unit)s") % {
        "days": round_.unit_notice_days,
        "unit": round_.notice_unit.label,
    }
    start, end = values.get("notice_from"), values.get("notice_to")
    if start is None:
        return ProcedureCheck(label, None, _("填好开始日期后显示最早的结束日期。"))
    earliest = latest.end_of(latest.of_unit(round_), start)
    if isinstance(earliest, Unannounced):
        return _unannounced(label, earliest, end, values)
    note = _("自 %(start)s 起，最早 %(earliest)s 结束。") % {"start": word(start), "earliest": word(earliest)}
    if end is None:
        return ProcedureCheck(label, None, note)
    if end < earliest:
        return ProcedureCheck(label, False, note)
    if end > clock.today():
        return ProcedureCheck(label, False, _("公示到 %(end)s 才期满，期满后上报。") % {"end": word(end)})
    return ProcedureCheck(label, True, note)


def _unannounced(
    label: str, found: Unannounced, end: date | None, values: Mapping[str, Any]
) -> ProcedureCheck:
    """Nobody can count it; a person answers for the last day, with the reason, and those who review read both."""
    note = _("跨入 %(years)s 年，放假安排尚未录入，无法核算；结束日期须写明依据。") % {
        "years": word(tuple(map(str, found.years)))
    }
    reason = values.get("notice_reason") or ""
    if reason:
        note = _("跨入 %(years)s 年，放假安排尚未录入。依据：%(reason)s") % {
            "years": word(tuple(map(str, found.years))),
            "reason": reason,
        }
    over = end is not None and end <= clock.today()
    return ProcedureCheck(label, True if reason and over else None, note)


def _objections(values: Mapping[str, Any]) -> ProcedureCheck:
    if values.get("notice_objections"):
        return ProcedureCheck(_("公示无异议"), False, _("有未处理完毕的异议。"))
    return ProcedureCheck(_("公示无异议"), True, "")


def _party(values: Mapping[str, Any]) -> ProcedureCheck:
    opinion, day = values.get("party_opinion") or "", values.get("party_opinion_date")
    if is_blank(opinion) or day is None:
        return ProcedureCheck(_("党组织意见"), None, _("填写意见和日期。"))
    return ProcedureCheck(_("党组织意见"), day <= clock.today(), word(day))
