"""What keeps an act out of the ledger, and what is found wrong with it."""

from datetime import datetime

from quotas.base.errors import Conflict, Violation, Wording
from quotas.base.errors import marked as _


class LedgerRaced(Conflict):
    words = Wording(
        _("刚才有人同时办理了同一事项，您的操作没有保存。"), "", _("请刷新页面，看过最新情况后再办理。")
    )


class LedgerRowChanged(Violation):
    stream: str
    seq: int
    words = Wording(
        _("台账“%(stream)s”第 %(seq)s 条被改动过。"),
        _("按内容重新计算的校验值与所存的不同。"),
        _("请保护现场，联系审计管理员比对备份。"),
    )


class LedgerRowMissing(Violation):
    stream: str
    seq: int
    words = Wording(
        _("台账“%(stream)s”在第 %(seq)s 条处缺失。"),
        _("编号不连续，应有的一条不在。"),
        _("请保护现场，联系审计管理员比对备份。"),
    )


class LedgerChainBroken(Violation):
    stream: str
    seq: int
    words = Wording(
        _("台账“%(stream)s”第 %(seq)s 条与上一条衔接不上。"),
        _("所存的上一条校验值与上一条不同。"),
        _("请保护现场，联系审计管理员比对备份。"),
    )


class LedgerSealBroken(Violation):
    at: datetime
    entries: int
    found: int
    words = Wording(
        _("台账与 %(at)s 的封存不符。"),
        _("封存时 %(entries)s 条，现在找到 %(found)s 条，或内容已不同。"),
        _("请保护现场，联系审计管理员比对备份。"),
    )


class LedgerMore(Violation):
    shown: int
    words = Wording(_("台账问题过多，只列出前 %(shown)s 处。"), "", _("请先处理以上各处，再重新核验。"))
