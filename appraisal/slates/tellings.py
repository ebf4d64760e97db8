"""How the ledger of slates is read."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appraisal.records.states import EntryKind, Finding, SlateAct, SlateNote, SlateState
from quotas.base.states import (
    Office,
)
from quotas.ledger.tellings import StreamWords, Telling

_LEADER = pgettext_lazy("台账署名", "领导")


_SLATE_TELLINGS = {
    SlateNote.OPEN.value: Telling(_("%(who)s开设了%(thing)s"), None),
    SlateNote.SET_ENTRIES.value: Telling(
        _("%(who)s保存了%(thing)s：正选 %(regular)s 件，后备 %(reserve)s 件，单列 %(separate)s 件")
    ),
    SlateNote.REMOVE_ENTRY.value: Telling(_("%(who)s把%(nomination)s移出%(thing)s")),
    SlateNote.PROMOTE_RESERVE.value: Telling(_("%(who)s让%(nomination)s在%(thing)s中由后备递补为正选")),
    SlateNote.AFFIRM_OWNERSHIP.value: Telling(_("%(who)s维持了%(thing)s中%(nomination)s的所有制认定")),
    SlateNote.TAKE_OWNERSHIP.value: Telling(_("%(who)s对%(thing)s中%(nomination)s采用了新的所有制核验")),
    SlateNote.RECORD_OBJECTION.value: Telling(_("%(who)s登记了对%(thing)s中%(nomination)s的异议")),
    SlateNote.SETTLE_OBJECTION.value: Telling(
        _("%(who)s办结了对%(thing)s中%(nomination)s的异议：%(finding)s")
    ),
    SlateNote.TAKE_OVER.value: Telling(_("%(who)s接办了%(thing)s，原由%(held_by)s领取"), None),
    SlateAct.SUBMIT.value: Telling(_("%(who)s提交了%(thing)s，请领导签发")),
    SlateAct.TAKE_BACK.value: Telling(_("%(who)s拿回了%(thing)s")),
    SlateAct.SIGN.value: Telling(_("%(who)s签发了%(thing)s"), _LEADER),
    SlateAct.REFUSE.value: Telling(_("%(who)s把%(thing)s退回修改"), _LEADER),
    SlateAct.PUBLISH.value: Telling(_("%(who)s公示了%(thing)s，自 %(starts_on)s 至 %(ends_on)s")),
    SlateAct.CLOSE_NOTICE.value: Telling(_("%(who)s结束了%(thing)s的公示，公示至 %(ends_on)s 期满")),
    SlateAct.REOPEN.value: Telling(_("%(who)s重新编制%(thing)s")),
    SlateAct.SEND_UP.value: Telling(_("%(who)s上报了%(thing)s")),
    SlateAct.FINALISE.value: Telling(_("%(who)s审定了%(thing)s")),
    SlateAct.NAME.value: Telling(_("%(who)s对%(thing)s作出命名决定")),
}


STREAMS: Mapping[str, StreamWords] = {
    "slate": StreamWords(
        _("推荐名单"),
        {act.value: act.label for act in (*SlateAct, *SlateNote)},
        {
            "state": _("状态"),
            "version": _("版本"),
            "regular": _("正选"),
            "reserve": _("后备"),
            "separate": _("单列"),
            "entries": _("条目"),
            "nomination": pgettext_lazy("事项", "申报"),
            "office": _("部门"),
            "signed": _("同意"),
            "rank": _("推荐顺序"),
            "kind": _("类别"),
            "fills": _("补谁的缺"),
            "held_by": _("原领取人"),
            "notice": pgettext_lazy("事项", "公示"),
            "starts_on": _("开始日期"),
            "ends_on": _("结束日期"),
            "computed_ends_on": _("计算的结束日期"),
            "late_reason": _("公示晚于期限的理由"),
            "decided_on": _("决定日期"),
            "objection": _("异议"),
            "finding": _("结论"),
            "unreviewed": _("未审结而不列入"),
            "checks": _("占比核验"),
            "approval": _("报批"),
            "document": _("批准文件"),
            "given_by": _("批准人"),
            "given_on": _("批准日期"),
            "rules": _("不符合的规则"),
            "rule": _("规则"),
            "sense": _("方向"),
            "required": _("要求"),
            "base": _("基数"),
            "count": _("符合数"),
            "margin": _("余量"),
            "clause": _("依据"),
            "code": _("代码"),
        },
        {
            "state": {state.value: state.label for state in SlateState},
            "office": {office.value: office.label for office in Office},
            "kind": {kind.value: kind.label for kind in EntryKind},
            "finding": {finding.value: finding.label for finding in Finding},
            "sense": {"min": _("不少于"), "max": _("不超过")},
        },
        tellings=_SLATE_TELLINGS,
        refers={"nomination": "nomination", "held_by": "user"},
    ),
}
