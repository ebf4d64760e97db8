"""The two flows: a nomination's way from application to naming, a slate's way from compiling to sending up.

Node names, class names and the name of this module are stored in every task row: a rename ships with a data
migration (docs/flows.md). Titles have at most 12 characters, so that they fit the diagram.

A way's key is the value the domain has after the act: `.On(NominationState.RETURNED, this.correction)` is taken when
the nomination is returned, whoever returned it and whatever page was used.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from viewflow import this
from viewflow.workflow.base import Flow
from viewflow.workflow.lock import SelectForUpdateLock

from appraisal.records.states import NominationState, SlateState, UnitRole
from quotas.base.states import Office, Stage
from quotas.tree.permissions import Act
from workflows import readers
from workflows.models import NominationProcess, SlateProcess
from workflows.nodes import (
    AwaitSlate,
    Begin,
    BodyTask,
    Finish,
    Fork,
    Gate,
    JointOutcome,
    NoticeTimer,
    UnitTask,
)

REVIEWS: Mapping[str, Office] = {
    f"{stage}_{office.value}": office for stage in ("county", "city", "province") for office in Office
}
"""The nodes at which an office gives its opinion."""

WAITING_LOCK = SelectForUpdateLock(nowait=False, attempts=1)
"""Waits for the row; the connection's lock_timeout bounds the wait. NOWAIT with sleeps is thirty times slower."""


def _review(title: object, act: Act, outcome: object) -> BodyTask:
    """One office's review of a nomination at its desk."""
    return BodyTask(title=title, act=act, body=readers.desk_of_nomination).Next(outcome)


def _joint_review(union: object, party: object, title: object) -> Fork:
    """The offices of a desk review side by side."""
    fork = Fork().Branch(Office.UNION, union).Branch(Office.PARTY, party)
    return fork.Annotation(title=title)


def _outcome(stage: Stage, pool: object, above: object, title: object) -> JointOutcome:
    """What the offices decided together: any return or refusal counts at once.

    A nomination that was returned from above and is on the slate that has left goes on to the next desk.
    """
    return (
        JointOutcome(reader=readers.after_review(stage), open_while=NominationState.IN_REVIEW)
        .On(NominationState.POOLED, pool, _("通过"))
        .On(readers.FORWARDED, above, _("已在上报名单"))
        .On(NominationState.RETURNED, this.correction, _("退回补正"))
        .On(NominationState.DECLINED, this.declined, _("不予推荐"))
        .On(NominationState.NOT_SELECTED, this.not_selected, _("未列入名单"))
        .Annotation(title=title)
    )


class NominationFlow(Flow):
    """One process per nomination; the stages stand side by side, a stage that is not on the route is skipped."""

    process_class = NominationProcess
    process_title = _("申报流程")
    process_description = _("申报从填写到命名：单位、县级、市级、省级逐级审核，逐级列入名单上报。")
    lock_impl = WAITING_LOCK

    start = Begin().Annotation(title=_("开始申报")).Next(this.complete_application)

    complete_application = UnitTask(title=_("填写申报材料"), role=UnitRole.APPLICANT).Next(
        this.unit_endorsement
    )
    unit_endorsement = (
        UnitTask(title=_("单位审核"), role=UnitRole.ENDORSER, reader=readers.status_of_nomination)
        .On(NominationState.IN_REVIEW, this.admission, _("审核上报"))
        .On(NominationState.DRAFT, this.complete_application, _("退回申报人"))
    )
    admission = (
        Gate(reader=readers.stage_of_nomination)
        .On(Stage.COUNTY, this.county_review, _("地方渠道"))
        .On(Stage.CITY, this.city_review, _("产业渠道"))
        .On(Stage.PROVINCE, this.province_review, _("省直单位"))
        .Annotation(title=_("准入核验"))
    )

    county_review = _joint_review(this.county_union, this.county_party, _("县级联合审核"))
    county_union = _review(_("县级工会审核"), Act.REVIEW_UNION, this.county_outcome)
    county_party = _review(_("县级组织部审核"), Act.REVIEW_PARTY, this.county_outcome)
    county_outcome = _outcome(Stage.COUNTY, this.county_pool, this.city_review, _("县级审核结论"))
    county_pool = (
        AwaitSlate(reader=readers.after_pool)
        .On(Stage.CITY, this.city_review, _("列入名单上报"))
        .On(Stage.PROVINCE, this.province_review, _("直报省级"))
        .On(NominationState.NAMED, this.named, _("命名"))
        .On(NominationState.NOT_SELECTED, this.not_selected, _("未列入名单"))
        .Annotation(title=_("等待县级名单"))
    )

    city_review = _joint_review(this.city_union, this.city_party, _("市级联合审核"))
    city_union = _review(_("市级工会审核"), Act.REVIEW_UNION, this.city_outcome)
    city_party = _review(_("市级组织部审核"), Act.REVIEW_PARTY, this.city_outcome)
    city_outcome = _outcome(Stage.CITY, this.city_pool, this.province_review, _("市级审核结论"))
    city_pool = (
        AwaitSlate(reader=readers.after_pool)
        .On(Stage.PROVINCE, this.province_review, _("列入名单上报"))
        .On(NominationState.NAMED, this.named, _("命名"))
        .On(NominationState.NOT_SELECTED, this.not_selected, _("未列入名单"))
        .Annotation(title=_("等待市级名单"))
    )

    province_review = _joint_review(this.province_union, this.province_party, _("省级联合审核"))
    province_union = _review(_("省级工会审核"), Act.REVIEW_UNION, this.province_outcome)
    province_party = _review(_("省级组织部审核"), Act.REVIEW_PARTY, this.province_outcome)
    province_outcome = (
        JointOutcome(reader=readers.after_province_review, open_while=NominationState.IN_REVIEW)
        .On(readers.SCORING, this.province_scoring, _("通过"))
        .On(NominationState.POOLED, this.province_pool, _("通过且已评分"))
        .On(NominationState.RETURNED, this.correction, _("退回补正"))
        .On(NominationState.DECLINED, this.declined, _("不予推荐"))
        .Annotation(title=_("省级审核结论"))
    )
    province_scoring = BodyTask(
        title=_("专家评分"), act=Act.KEEP_SLATE, body=readers.desk_of_nomination
    ).Next(this.province_pool)
    province_pool = (
        AwaitSlate(reader=readers.after_pool)
        .On(NominationState.NAMED, this.named, _("命名"))
        .On(NominationState.NOT_SELECTED, this.not_selected, _("未列入名单"))
        .Annotation(title=_("等待命名决定"))
    )

    correction = UnitTask(title=_("补正材料"), role=UnitRole.APPLICANT).Next(this.resume)
    resume = (
        Gate(reader=readers.stage_of_nomination)
        .On(Stage.COUNTY, this.county_review, _("交县级"))
        .On(Stage.CITY, this.city_review, _("交市级"))
        .On(Stage.PROVINCE, this.province_review, _("交省级"))
        .Annotation(title=_("补正后去向"))
    )

    named = Finish().Annotation(title=_("已命名"))
    not_selected = Finish().Annotation(title=_("未入选"))
    declined = Finish().Annotation(title=pgettext_lazy("申报状态", "不予推荐"))


class SlateFlow(Flow):
    """One process per round, award and body: compile, sign, publish, settle, send up or name."""

    process_class = SlateProcess
    process_title = _("名单流程")
    process_description = _("推荐名单从编制到上报：占比核验、签发、公示、处理异议、再次核验、上报或命名。")
    lock_impl = WAITING_LOCK

    start = Begin().Annotation(title=_("启动编制")).Next(this.compile_slate)

    compile_slate = BodyTask(title=_("编制推荐名单"), act=Act.KEEP_SLATE, body=readers.body_of_slate).Next(
        this.quota_gate
    )
    quota_gate = (
        Gate(reader=readers.state_of_slate)
        .On(SlateState.SIGNING, this.sign, _("符合名额与占比"))
        .On(SlateState.COMPILING, this.compile_slate, _("不符合"), default=True)
        .Annotation(title=_("名额占比核验"))
    )

    sign = (
        Fork()
        .Branch(Office.UNION, this.union_sign)
        .Branch(Office.PARTY, this.party_sign)
        .Annotation(title=_("联合签发"))
    )
    union_sign = BodyTask(title=_("总工会签发"), act=Act.SIGN_UNION, body=readers.body_of_slate).Next(
        this.sign_outcome
    )
    party_sign = BodyTask(title=_("组织部签发"), act=Act.SIGN_PARTY, body=readers.body_of_slate).Next(
        this.sign_outcome
    )
    sign_outcome = (
        JointOutcome(reader=readers.state_of_slate, open_while=SlateState.SIGNING)
        .On(SlateState.SIGNED, this.publish_notice, _("已签发"))
        .On(SlateState.COMPILING, this.compile_slate, _("退回修改"))
        .Annotation(title=_("签发结论"))
    )

    publish_notice = (
        BodyTask(
            title=_("发布公示"), act=Act.KEEP_SLATE, body=readers.body_of_slate, reader=readers.state_of_slate
        )
        .On(SlateState.ON_NOTICE, this.notice_runs, _("发布"))
        .On(SlateState.COMPILING, this.compile_slate, _("重新编制"))
    )
    notice_runs = (
        NoticeTimer(readers.notice_over_at).Annotation(title=_("公示期")).Next(this.settle_objections)
    )
    settle_objections = BodyTask(
        title=_("处理异议并上报"), act=Act.KEEP_SLATE, body=readers.body_of_slate
    ).Next(this.second_gate)
    second_gate = (
        Gate(reader=readers.state_of_slate)
        .On(SlateState.SENT_UP, this.sent_up, _("上报"))
        .On(SlateState.FINALISED, this.naming_decision, _("审定"))
        .On(SlateState.COMPILING, this.compile_slate, _("重新编制"))
        .On(SlateState.SETTLING, this.settle_objections, _("不符合"), default=True)
        .Annotation(title=_("再次核验"))
    )
    naming_decision = (
        BodyTask(
            title=_("作出命名决定"),
            act=readers.act_of_naming,
            body=readers.body_of_slate,
            reader=readers.state_of_slate,
        )
        .On(SlateState.NAMED, this.named, _("命名"))
        .On(SlateState.COMPILING, this.compile_slate, _("重新编制"))
    )

    sent_up = Finish().Annotation(title=_("已上报"))
    named = Finish().Annotation(title=_("已命名"))
