"""What is wrong with the number of an application."""

from quotas.base.errors import FieldProblem, Wording
from quotas.base.errors import marked as _


class NumberMalformed(FieldProblem):
    text: str
    words = Wording(
        _("这不是一个申报编号。"),
        _("申报编号由两位年份、流水号和一位校验码组成，例如 26-00123-0。"),
        _("请核对后重新输入。"),
    )


class NumberCheckDigit(FieldProblem):
    text: str
    words = Wording(
        _("申报编号的校验码不符。"), _("可能有一位数字输错，或相邻两位颠倒。"), _("请对照申报表重新输入。")
    )
