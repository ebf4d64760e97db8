"""What is wrong with a decision of naming."""

from datetime import date

from quotas.base.errors import FieldProblem, Wording
from quotas.base.errors import marked as _


class TitleRequired(FieldProblem):
    words = Wording(_("没有填写决定标题。"), "", _("请填写标题。"))


class DocumentNumberRequired(FieldProblem):
    words = Wording(
        _("没有填写文号。"), _("命名决定以文号为准对外公布。"), _("请填写文号，例如 苏工发〔2026〕12号。")
    )


class DocumentNumberTaken(FieldProblem):
    document_number: str
    body: str
    words = Wording(
        _("文号 %(document_number)s 已被使用。"),
        _("%(body)s的同一奖项命名决定已用这个文号。"),
        _("请核对文号。"),
    )


class DecidedInFuture(FieldProblem):
    decided_on: date
    today: date
    words = Wording(
        _("决定日期不能晚于今天。"), _("填写的是 %(decided_on)s，今天是 %(today)s。"), _("请改正日期。")
    )
