"""How the ledger of nominations is read."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appraisal.records.states import (
    Channel,
    EvidenceKind,
    NominationAct,
    NominationNote,
    NominationState,
    Outcome,
)
from quotas.base.states import (
    Office,
    Stage,
)
from quotas.ledger.tellings import StreamWords, Telling

_REVIEWER = pgettext_lazy("台账署名", "审核人")


_NOMINATION_TELLINGS = {
    NominationNote.CREATE.value: Telling(_("%(who)s新建了%(thing)s")),
    NominationNote.SAVE.value: Telling(_("%(who)s修改了%(thing)s的申报表")),
    NominationNote.SAVE_PROCEDURE.value: Telling(
        _(
            "%(who)s登记了%(thing)s的民主程序：应到 %(entitled)s 人，实到 %(present)s 人，同意 %(votes_for)s 票"
        )
    ),
    NominationNote.ADD_EVIDENCE.value: Telling(_("%(who)s为%(thing)s上传了%(kind)s")),
    NominationNote.REMOVE_EVIDENCE.value: Telling(_("%(who)s删除了%(thing)s的%(kind)s")),
    NominationNote.SCORE.value: Telling(_("%(who)s记录了%(thing)s的评审得分 %(score)s 分")),
    NominationNote.TAKE_OVER.value: Telling(_("%(who)s接办了%(thing)s，原由%(held_by)s领取"), None),
    NominationAct.SUBMIT.value: Telling(_("%(who)s把%(thing)s提交单位审核")),
    NominationAct.SEND_BACK.value: Telling(_("%(who)s把%(thing)s退回申报人")),
    NominationAct.ENDORSE.value: Telling(_("%(who)s经单位审核通过，把%(thing)s报送%(desk)s"), None),
    NominationAct.APPROVE.value: Telling(_("%(who)s通过了%(thing)s"), _REVIEWER),
    NominationAct.RETURN.value: Telling(_("%(who)s把%(thing)s退回补正"), _REVIEWER),
    NominationAct.RESUBMIT.value: Telling(_("%(who)s补正后重新提交了%(thing)s"), None),
    NominationAct.DECLINE.value: Telling(_("%(who)s对%(thing)s不予推荐"), _REVIEWER),
    NominationAct.SEND_UP.value: Telling(_("%(who)s把%(thing)s列入名单，报送%(desk)s")),
    NominationAct.PASS_OVER.value: Telling(_("%(who)s办理名单，%(thing)s没有列入")),
    NominationAct.NAME.value: Telling(_("%(who)s命名了%(thing)s")),
    NominationAct.WITHDRAW.value: Telling(_("%(who)s撤回了%(thing)s"), None),
    NominationAct.DISQUALIFY.value: Telling(_("%(who)s取消了%(thing)s的资格")),
}


STREAMS: Mapping[str, StreamWords] = {
    "nomination": StreamWords(
        pgettext_lazy("事项", "申报"),
        {act.value: act.label for act in (*NominationAct, *NominationNote)},
        {
            "status": _("状态"),
            "state": _("状态"),
            "stage": _("层级"),
            "desk": pgettext_lazy("办理环节", "所在单位"),
            "due_at": _("办理期限"),
            "entered_at": _("到达时间"),
            "review_pass": _("审核轮次"),
            "version": _("版本"),
            "number": _("申报编号"),
            "award": _("奖项"),
            "employer": _("申报单位"),
            "nominee": _("推荐对象"),
            "channel": _("渠道"),
            "office": _("审核部门"),
            "outcome": _("结论"),
            "changed": _("修改的栏目"),
            "meeting_date": _("会议日期"),
            "entitled": _("应到人数"),
            "present": _("实到人数"),
            "votes_for": _("同意票"),
            "votes_against": _("反对票"),
            "votes_abstained": _("弃权票"),
            "notice_from": _("单位公示开始日期"),
            "notice_to": _("单位公示结束日期"),
            "evidence": _("材料编号"),
            "field": _("申报字段"),
            "sha256": _("文件校验值"),
            "kind": _("类别"),
            "score": _("得分"),
            "slate": _("推荐名单"),
            "held_by": _("原领取人"),
        },
        {
            "status": {state.value: state.label for state in NominationState},
            "state": {state.value: state.label for state in NominationState},
            "stage": {stage.value: stage.label for stage in Stage},
            "office": {office.value: office.label for office in Office},
            "outcome": {outcome.value: outcome.label for outcome in Outcome},
            "channel": {channel.value: channel.label for channel in Channel},
            "changed": {
                "nominee_name": _("推荐对象"),
                "leader_name": _("负责人"),
                "position": _("职务"),
                "identity_number": _("居民身份证号"),
                "phone": _("联系电话"),
                "deeds": _("主要事迹"),
                "summary": _("简要事迹"),
                "honours": _("荣誉基础"),
                "self_score": _("自评分"),
            },
            "kind": {kind.value: kind.label for kind in EvidenceKind},
        },
        drafted=True,
        tellings=_NOMINATION_TELLINGS,
        refers={
            "desk": "body",
            "award": "award_code",
            "employer": "credit_code",
            "slate": "slate",
            "held_by": "user",
        },
        hundredths=frozenset({"score"}),
    ),
}
