"""What a decision would lead to: the sentence under each choice, and what would become of each row of a bulk approval."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from appraisal.gate.services.approvals import Outlook
from appraisal.nominations.services import readings, reviews
from appraisal.nominations.services.reviews import ApprovalProspect, Lead
from appraisal.nominations.views.dossier import office_name
from appraisal.records.services.offices import offices
from appraisal.records.states import NominationState, Outcome
from quotas.base.states import Office, Stage
from quotas.base.wording import Sentence, sentence, sentences
from quotas.rounds.services import rounds
from workflows.flows import REVIEWS
from workflows.inbox import lists_left, worklist


def next_steps(
    nomination: Any, office: Office, prospect: ApprovalProspect, unlisted: list[Sentence]
) -> dict[str, str]:
    """What will happen after each outcome; the nomination as read with `for_detail()`. `unlisted`: see there."""
    return {
        Outcome.APPROVE: unlisted[0].what if unlisted else _after_approval(nomination, office, prospect),
        Outcome.RETURN: _after_return(nomination, office),
        Outcome.DECLINE: _("申报到此为止，不能再补正或重新提交；申报单位会看到您的意见。"),
    }


def waited_for(nomination: Any, office: Office) -> list[Office]:
    """The other offices at the desk that have not spoken in this pass."""
    spoken = {
        opinion.office
        for opinion in nomination.opinions.all()
        if (opinion.stage, opinion.review_pass) == (nomination.stage, nomination.review_pass)
    }
    asked = offices(nomination.round_award.award, nomination.desk)
    return [each for each in asked if each != office and each not in spoken]


def _after_approval(nomination: Any, office: Office, prospect: ApprovalProspect) -> str:
    where = _destination(nomination, prospect)
    waiting = waited_for(nomination, office)
    if waiting:
        return _("还须%(office)s审核；也通过后，%(where)s") % {
            "office": office_name(nomination.desk, waiting[0]),
            "where": where,
        }
    return where


def _destination(nomination: Any, prospect: ApprovalProspect) -> str:
    destination = prospect.destination
    if destination is None:
        return _("名单已经上报而未列入它，申报到此为止（未入选）。")
    if destination.pk == nomination.desk_id:
        left = lists_left.in_full(nomination, prospect)
        if left:
            return _("进入%(body)s拟推荐库。%(list)s") % {"body": nomination.desk.name, "list": left}
        return _pool(nomination)
    return _("%(body)s的名单已经列入它上报，随即转入%(offices)s审核。") % {
        "body": nomination.desk.name,
        "offices": _offices(nomination, destination),
    }


def _offices(nomination: Any, body: Any) -> str:
    asked = offices(nomination.round_award.award, body)
    return _("、").join(office_name(body, each) for each in asked)


def _pool(nomination: Any) -> str:
    desk = nomination.desk
    if nomination.stage == nomination.round_award.award.final_stage:
        if nomination.stage == Stage.PROVINCE and nomination.score is None:
            return _("进入专家评分，评分后列入%(body)s名单，公示无异议的予以命名。") % {"body": desk.name}
        return _("进入%(body)s拟推荐库；列入名单并公示无异议的，予以命名。") % {"body": desk.name}
    above = _above(nomination)
    if above is None:
        return _("进入%(body)s拟推荐库。") % {"body": desk.name}
    figures = {"body": desk.name, "offices": _offices(nomination, above)}
    if len(offices(nomination.round_award.award, above)) > 1:
        return _("进入%(body)s拟推荐库；列入推荐名单上报后，进入%(offices)s联审。") % figures
    return _("进入%(body)s拟推荐库；列入推荐名单上报后，由%(offices)s审核。") % figures


def _above(nomination: Any) -> Any:
    """The body after the desk on the way up, from what `for_detail()` has read."""
    body: Any = nomination.body
    while body is not None and body.pk != nomination.desk_id:
        body = body.parent
    return body.parent if body is not None else None


def _after_return(nomination: Any, office: Office) -> str:
    figures = {"unit": nomination.employer.name}
    waiting = waited_for(nomination, office)
    if waiting:
        figures["office"] = office_name(nomination.desk, waiting[0])
        return _("退回%(unit)s补正，%(office)s的待办随即取消。") % figures
    return _("退回%(unit)s补正。") % figures


# A bulk approval before it is done


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """One ticked row: whether it could be approved now, what would follow, or why not."""

    task_id: int
    title: Any
    nomination: Any
    follows: str
    problems: list[str]
    look: list[str]

    @property
    def may(self) -> bool:
        """Nothing speaks against it as far as can be told now; the service asks again."""
        return not self.problems

    @property
    def ready(self) -> bool:
        """It can be approved with others: nothing about it needs a look of its own."""
        return self.may and not self.look


def of(user: Any, task_ids: Iterable[int]) -> list[ForecastLine]:
    """
    The rows among these that are on the user's desk, the most urgent first.

    Flat in the number of rows. What refuses an approval is asked of each row by itself. What needs a look is set apart
    with its reasons, and the places are counted together: what would come on top of them is set apart as well.
    """
    found = worklist.with_nominations(user, list(task_ids))
    bulk = _Bulk(found, user)
    return [bulk.line(task) for task in found]


class _Bulk:
    """What the rows of one bulk approval share: read once for all of them, and the free places taken in their order."""

    def __init__(self, tasks: Iterable[Any], user: Any) -> None:
        self._offices = {
            task.nomination: REVIEWS[task.node]
            for task in tasks
            if task.node in REVIEWS and task.nomination.status == NominationState.IN_REVIEW
        }
        self._prospects = reviews.prospects(self._offices)
        self._separation = reviews.separations(self._offices, user)
        self._outlooks = reviews.outlooks(self._offices)
        self._looks = _looks(self._offices, self._prospects, user)
        places = {_place(nomination, self._prospects[nomination.pk]) for nomination in self._offices}
        self._late = {place: _not_in_time(*place) for place in places}
        self._free = {
            _desk(nomination): _free(self._outlooks[nomination.pk])
            for nomination in self._offices
            if _into_pool(nomination, self._prospects[nomination.pk])
        }

    def line(self, task: Any) -> ForecastLine:
        """The row of a task. A row that can be approved takes a place from those that follow."""
        nomination = task.nomination
        if nomination not in self._offices:
            return ForecastLine(task.pk, task.title, nomination, "", [_why_not_in_bulk(task)], [])
        prospect = self._prospects[nomination.pk]
        problems = [str(problem) for problem in self._problems(nomination, prospect)]
        look = self._looks[nomination.pk]
        if not problems and not look and _into_pool(nomination, prospect):
            look = self._take_place(nomination)
        follows = _after_approval(nomination, self._offices[nomination], prospect)
        return ForecastLine(task.pk, task.title, nomination, follows, problems, look)

    def _problems(self, nomination: Any, prospect: ApprovalProspect) -> list[Sentence]:
        return [
            *(sentence(violation) for violation in self._separation[nomination.pk]),
            *self._late[_place(nomination, prospect)],
            *unlisted(nomination, prospect, self._outlooks[nomination.pk]),
        ]

    def _take_place(self, nomination: Any) -> list[str]:
        """Nothing where a place of the desk is free, which is taken; otherwise that the places are full."""
        free = self._free[_desk(nomination)]
        if free is None:
            return []
        if free <= 0:
            return [_over(self._outlooks[nomination.pk])]
        self._free[_desk(nomination)] = free - 1
        return []


def _why_not_in_bulk(task: Any) -> str:
    if task.node in REVIEWS:
        return _("这件申报已不在审核中，请打开查看最新情况。")
    return _("这一环节不能批量办理，请逐件打开办理。")


def _desk(nomination: Any) -> tuple[int, int]:
    return nomination.desk_id, nomination.round_award_id


def _into_pool(nomination: Any, prospect: ApprovalProspect) -> bool:
    return prospect.destination is not None and prospect.destination.pk == nomination.desk_id


def _free(outlook: Outlook) -> int | None:
    """How many more the places of the desk take, by what is approved there; None where no places are known."""
    return outlook.places + outlook.separate_places - outlook.approved if outlook.known else None


def _over(outlook: Outlook) -> str:
    return _(
        "%(body)s名额 %(places)s 个，已通过 %(approved)s 件，与前面勾选的合计已满；再通过的须择优列入，请先比较。"
    ) % {
        "body": outlook.body,
        "places": outlook.places + outlook.separate_places,
        "approved": outlook.approved,
    }


def _looks(
    nominations: Iterable[Any], prospects: Mapping[int, ApprovalProspect], user: Any
) -> dict[int, list[str]]:
    """Why each of these needs a look of its own before it is approved with others; two statements for all."""
    found = list(nominations)
    unread = readings.unread(found, user)
    objected = worklist.with_open_objections(nomination.pk for nomination in found)
    return {
        nomination.pk: [
            str(reason)
            for applies, reason in (
                (nomination.pk in unread, _("您还没有打开看过。")),
                (not nomination.ownership_verified, _("所有制未核验，按公有制计。")),
                (nomination.ownership_changed, _("申报后所有制登记有变更。")),
                (nomination.review_pass > 1, _("曾被退回，请核对补正的内容。")),
                (nomination.pk in objected, _("有尚未办结的异议。")),
                (
                    prospects[nomination.pk].lead != Lead.LIST,
                    _("%(list)s。") % {"list": lists_left.in_row(prospects[nomination.pk])},
                ),
            )
            if applies
        ]
        for nomination in found
    }


def _place(nomination: Any, prospect: ApprovalProspect) -> tuple[int, Stage, int]:
    """Round, stage and body whose time counts; few among many nominations."""
    desk = prospect.working_desk
    return nomination.round_award.round_id, desk.stage, desk.pk


def _not_in_time(round_id: int, stage: Stage, body_id: int) -> list[Sentence]:
    """Why nothing can be decided there now; empty in time."""
    refusal = rounds.out_of_time(round_id=round_id, stage=stage, body_id=body_id)
    return sentences(refusal) if refusal else []


def unlisted(nomination: Any, prospect: ApprovalProspect, outlook: Outlook) -> list[Sentence]:
    """Why an approval would be refused though the user may decide: no legal slate of the desk could hold the nomination."""
    if not _into_pool(nomination, prospect):
        return []
    return [sentence(violation) for violation in outlook.violations]


def blockers(
    nomination: Any, user: Any, office: Office, prospect: ApprovalProspect, entries: Iterable[Any]
) -> list[Sentence]:
    """Why this user cannot decide on the nomination, whose ledger says `entries`, now; empty when nothing is known."""
    found = [sentence(violation) for violation in reviews.separation(nomination, user, office, entries)]
    return found + _not_in_time(*_place(nomination, prospect))
