"""States of a nomination and of a slate, the acts on them, and the one table of what leads where.

A pair that is absent from a table is impossible. Only `appraisal.records.services.lifecycle` writes a state.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NominationState(models.TextChoices):
    """Where a nomination stands in its life."""

    DRAFT = "draft", _("草稿")
    ENDORSING = "endorsing", _("待单位审核")
    IN_REVIEW = "in_review", _("审核中")
    RETURNED = "returned", pgettext_lazy("申报状态", "退回补正")
    POOLED = "pooled", _("拟推荐")
    NAMED = "named", _("已命名")
    NOT_SELECTED = "not_selected", _("未入选")
    DECLINED = "declined", pgettext_lazy("申报状态", "不予推荐")
    WITHDRAWN = "withdrawn", _("已撤回")
    DISQUALIFIED = "disqualified", pgettext_lazy("申报状态", "取消资格")


class NominationAct(models.TextChoices):
    """What can be done to a nomination."""

    SUBMIT = "submit", _("提交单位审核")
    SEND_BACK = "send_back", _("退回申报人")
    ENDORSE = "endorse", _("单位审核通过并上报")
    APPROVE = "approve", _("审核通过")
    RETURN = "return", _("退回补正")
    RESUBMIT = "resubmit", _("补正后重新提交")
    DECLINE = "decline", _("不予推荐")
    SEND_UP = "send_up", _("列入名单上报")
    PASS_OVER = "pass_over", _("未列入名单")
    NAME = "name", _("命名")
    WITHDRAW = "withdraw", _("撤回申报")
    DISQUALIFY = "disqualify", _("取消资格")


LIVE_STATES = (
    NominationState.DRAFT,
    NominationState.ENDORSING,
    NominationState.IN_REVIEW,
    NominationState.RETURNED,
    NominationState.POOLED,
    NominationState.NAMED,
)
"""A nominee may have one nomination in these states per award and round, over both channels."""

UNDER_WAY_STATES = LIVE_STATES[:-1]
"""Live and not yet decided."""

_N, _A = NominationState, NominationAct
NOMINATION_TRANSITIONS: dict[tuple[NominationState, NominationAct], tuple[NominationState, ...]] = {
    (_N.DRAFT, _A.SUBMIT): (_N.ENDORSING,),
    (_N.ENDORSING, _A.SEND_BACK): (_N.DRAFT,),
    (_N.ENDORSING, _A.ENDORSE): (_N.IN_REVIEW,),
    # The first of two offices leaves it in review, the second takes it to the pool.
    (_N.IN_REVIEW, _A.APPROVE): (_N.IN_REVIEW, _N.POOLED),
    (_N.IN_REVIEW, _A.RETURN): (_N.RETURNED,),
    (_N.IN_REVIEW, _A.DECLINE): (_N.DECLINED,),
    # Straight back to the returner, or from the first review again: the returner chose.
    (_N.RETURNED, _A.RESUBMIT): (_N.IN_REVIEW,),
    (_N.POOLED, _A.SEND_UP): (_N.IN_REVIEW,),
    (_N.POOLED, _A.PASS_OVER): (_N.NOT_SELECTED,),
    (_N.IN_REVIEW, _A.PASS_OVER): (_N.NOT_SELECTED,),
    (_N.RETURNED, _A.PASS_OVER): (_N.NOT_SELECTED,),
    (_N.POOLED, _A.NAME): (_N.NAMED,),
    **{(state, _A.WITHDRAW): (_N.WITHDRAWN,) for state in UNDER_WAY_STATES},
    **{
        (state, _A.DISQUALIFY): (_N.DISQUALIFIED,)
        for state in (_N.ENDORSING, _N.IN_REVIEW, _N.RETURNED, _N.POOLED, _N.NAMED)
    },
}


class ReturnRoute(models.TextChoices):
    """Where a nomination goes after correction; the returner chooses."""

    RETURNER = "returner", _("补正后直接交回本级")
    FIRST = "first", _("补正后从第一级重新审核")


class Outcome(models.TextChoices):
    """What a reviewer decides."""

    APPROVE = "approve", _("通过")
    RETURN = "return", _("退回补正")
    DECLINE = "decline", _("不予推荐")


class SlateState(models.TextChoices):
    """Where a slate stands in its life."""

    COMPILING = "compiling", _("编制中")
    SIGNING = "signing", _("待签发")
    SIGNED = "signed", _("已签发待公示")
    ON_NOTICE = "on_notice", _("公示中")
    SETTLING = "settling", _("公示期满待上报")
    SENT_UP = "sent_up", _("已上报")
    FINALISED = "finalised", _("已审定")
    NAMED = "named", _("已命名")


class SlateAct(models.TextChoices):
    """What can be done to a slate."""

    SUBMIT = "submit", _("提交签发")
    TAKE_BACK = "take_back", _("拿回")
    SIGN = "sign", _("签发")
    REFUSE = "refuse", _("退回修改")
    PUBLISH = "publish", _("发布公示")
    CLOSE_NOTICE = "close_notice", _("公示期满")
    REOPEN = "reopen", _("重新编制")
    SEND_UP = "send_up", _("上报")
    FINALISE = "finalise", _("审定")
    NAME = "name", _("命名")


_S, _B = SlateState, SlateAct
SLATE_TRANSITIONS: dict[tuple[SlateState, SlateAct], tuple[SlateState, ...]] = {
    (_S.COMPILING, _B.SUBMIT): (_S.SIGNING,),
    (_S.SIGNING, _B.TAKE_BACK): (_S.COMPILING,),
    (_S.SIGNING, _B.SIGN): (_S.SIGNING, _S.SIGNED),
    (_S.SIGNING, _B.REFUSE): (_S.COMPILING,),
    (_S.SIGNED, _B.PUBLISH): (_S.ON_NOTICE,),
    (_S.SIGNED, _B.REOPEN): (_S.COMPILING,),
    (_S.ON_NOTICE, _B.CLOSE_NOTICE): (_S.SETTLING,),
    (_S.SETTLING, _B.REOPEN): (_S.COMPILING,),
    (_S.SETTLING, _B.SEND_UP): (_S.SENT_UP,),
    (_S.SETTLING, _B.FINALISE): (_S.FINALISED,),
    # Without it a final slate that lost its last entry could never be named, nor anything else.
    (_S.FINALISED, _B.REOPEN): (_S.COMPILING,),
    (_S.FINALISED, _B.NAME): (_S.NAMED,),
}

SUBMITTED_SLATE_STATES = tuple(s for s in SlateState if s != SlateState.COMPILING)


class Standing(models.TextChoices):
    """How a body stands with its slate: on the quota board, never stored."""

    HOLDS = "holds", pgettext_lazy("名单情况", "符合")
    BROKEN = "broken", pgettext_lazy("名单情况", "不符合")
    AWAITED = "awaited", pgettext_lazy("名单情况", "待报")
    LATE = "late", pgettext_lazy("名单情况", "逾期")
    EMPTY = "empty", pgettext_lazy("名单情况", "无申报")


class TimedStep(models.TextChoices):
    """A step that has a last day, counted backwards from a deadline; never stored."""

    UNIT_NOTICE = "unit_notice", pgettext_lazy("最迟", "单位公示开始")
    ENDORSE = "endorse", pgettext_lazy("最迟", "单位上报")
    CORRECT = "correct", pgettext_lazy("最迟", "单位补正")
    REVIEW = "review", pgettext_lazy("最迟", "审核")
    SUBMIT = "submit", pgettext_lazy("最迟", "提交名单")
    SIGN = "sign", pgettext_lazy("最迟", "签发")
    PUBLISH = "publish", pgettext_lazy("最迟", "发布公示")
    NOTICE_ENDS = "notice_ends", pgettext_lazy("最迟", "公示结束")
    SEND_UP = "send_up", pgettext_lazy("最迟", "上报")
    FINALISE = "finalise", pgettext_lazy("最迟", "审定")


class EntryKind(models.TextChoices):
    """The 类别 of an entry on a slate."""

    REGULAR = "regular", _("正选")
    RESERVE = "reserve", _("后备")
    SEPARATE = "separate", _("单列")


class Control(models.TextChoices):
    """Who controls an employer. Control decides ownership; the registration type is only a hint."""

    STATE = "state", _("国有控股")
    COLLECTIVE = "collective", _("集体控股")
    PRIVATE = "private", _("私人控股")
    HMT = "hmt", _("港澳台商控股")
    FOREIGN = "foreign", _("外商控股")
    NOT_ENTERPRISE = "not_enterprise", _("非企业单位")
    UNKNOWN = "unknown", _("待核定")


NON_PUBLIC_CONTROLS = (Control.PRIVATE, Control.HMT, Control.FOREIGN)


class UnitRole(models.TextChoices):
    """What a person does for their unit."""

    APPLICANT = "applicant", _("申报人")
    ENDORSER = "endorser", _("单位审核人")


class MeetingKind(models.TextChoices):
    """The form of the meeting that voted on the nomination."""

    STAFF_CONGRESS = "staff_congress", _("职工代表大会")
    STAFF_MEETING = "staff_meeting", _("职工大会")
    MEMBER_MEETING = "member_meeting", _("会员（代表）大会")
    PARTY_MEETING = "party_meeting", _("党员大会")


class EvidenceKind(models.TextChoices):
    """What an evidence file proves."""

    MINUTES = "minutes", _("会议纪要")
    UNIT_NOTICE = "unit_notice", _("单位公示证明")
    OWNERSHIP = "ownership", _("所有制证明")
    DEEDS = "deeds", _("事迹材料")
    HONOUR = "honour", _("荣誉证书")
    PHOTO = "photo", _("照片")
    OTHER = "other", _("其他")


class Channel(models.TextChoices):
    """The two channels to the province."""

    TERRITORIAL = "territorial", _("地方渠道")
    INDUSTRY = "industry", _("产业渠道")


class Finding(models.TextChoices):
    """The result of looking into an objection."""

    OPEN = "open", _("核查中")
    UNFOUNDED = "unfounded", _("异议不成立")
    UPHELD = "upheld", _("异议成立")
    NOT_ACCEPTED = "not_accepted", _("不予受理")


class NominationNote(models.TextChoices):
    """Acts on a nomination that leave it where it stands; together with `NominationAct`, all acts in its ledger."""

    CREATE = "create", _("新建申报")
    SAVE = "save", _("保存申报表")
    SAVE_PROCEDURE = "save_procedure", _("登记民主程序")
    ADD_EVIDENCE = "add_evidence", _("上传证明材料")
    REMOVE_EVIDENCE = "remove_evidence", _("删除证明材料")
    SCORE = "score", _("记录评审得分")
    TAKE_OVER = "take_over", _("接办")


class EmployerAct(models.TextChoices):
    """The acts in the ledger of a unit."""

    REGISTER = "register", _("登记单位")
    UPDATE = "update", _("修改单位信息")
    VERIFY_OWNERSHIP = "verify_ownership", _("核验所有制")
    APPOINT = "appoint", _("设置单位账号")
    DISMISS = "dismiss", _("撤销单位账号")


class Sector(models.TextChoices):
    """What kind of unit a unit is (单位性质): bounds on ranks are taken of the 机关事业 sub-group."""

    ENTERPRISE = "enterprise", _("企业")
    PUBLIC_BODY = "public_body", _("机关事业单位")
    OTHER = "other", _("其他组织")


class Industry(models.TextChoices):
    """The industry of a unit (行业): sections of GB/T 4754, divided where the limits of size classes are."""

    AGRICULTURE = "A", _("农、林、牧、渔业")
    MINING = "B", _("采矿业")
    MANUFACTURING = "C", _("制造业")
    UTILITIES = "D", _("电力、热力、燃气及水生产和供应业")
    CONSTRUCTION = "E", _("建筑业")
    WHOLESALE = "F51", _("批发业")
    RETAIL = "F52", _("零售业")
    TRANSPORT = "G", _("交通运输业")
    STORAGE = "G59", _("装卸搬运和仓储业")
    POST = "G60", _("邮政业")
    LODGING = "H61", _("住宿业")
    CATERING = "H62", _("餐饮业")
    TELECOM = "I63", _("信息传输业")
    SOFTWARE = "I65", _("软件和信息技术服务业")
    FINANCE = "J", _("金融业")
    REAL_ESTATE = "K701", _("房地产开发经营")
    PROPERTY = "K702", _("物业管理")
    LEASING = "L", _("租赁和商务服务业")
    SCIENCE = "M", _("科学研究和技术服务业")
    ENVIRONMENT = "N", _("水利、环境和公共设施管理业")
    SERVICES = "O", _("居民服务、修理和其他服务业")
    EDUCATION = "P", _("教育")
    HEALTH = "Q", _("卫生和社会工作")
    CULTURE = "R", _("文化、体育和娱乐业")
    PUBLIC = "S", _("公共管理、社会保障和社会组织")


class SizeClass(models.TextChoices):
    """The size class of an enterprise (企业规模), by `quotas.arithmetic.size_class`."""

    LARGE = "large", _("大型")
    MEDIUM = "medium", _("中型")
    SMALL = "small", _("小型")
    MICRO = "micro", _("微型")


class SlateNote(models.TextChoices):
    """Acts on a slate that leave its state as it is; together with `SlateAct`, all acts in its ledger."""

    OPEN = "open", _("开设名单")
    SET_ENTRIES = "set_entries", _("保存名单")
    REMOVE_ENTRY = "remove_entry", _("移出名单")
    PROMOTE_RESERVE = "promote_reserve", _("后备递补")
    RECORD_OBJECTION = "record_objection", _("登记异议")
    SETTLE_OBJECTION = "settle_objection", _("异议办结")
    AFFIRM_OWNERSHIP = "affirm_ownership", _("维持原所有制认定")
    TAKE_OWNERSHIP = "take_ownership", _("采用新的所有制核验")
    TAKE_OVER = "take_over", _("接办")


class WeightCount(models.TextChoices):
    """What can be counted as the weights of a calculation of places."""

    FLAT = "flat", _("平均分配（权数均为 1）")
    SUBORDINATES = "subordinates", _("下级单位数")
    EMPLOYERS = "employers", _("登记单位数")
    MEMBERS = "members", _("工会会员数")
    LAST_RESULTS = "last_results", _("上一周期命名数")
