"""What is wrong with the number of an application, and why parts cannot be shared out.

The arithmetic names bodies and labels by their keys; whoever shows a refusal gives them their names (`changed`).
"""

from collections.abc import Hashable, Sequence

from quotas.base.errors import FieldProblem, Violation, Wording
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


class PartsAskedTooMany(Violation):
    labels: Sequence[str]
    bodies: Sequence[Hashable]
    asked: int
    most: int
    words = Wording(
        _("分解不下去：%(labels)s合计要 %(asked)s 个，各单位合计至多能有 %(most)s 个。"),
        _("能有的单位 %(number)s 个：%(bodies)s。"),
        _("请减少这几类的合计，放宽各单位的最多数，或者收回手工调整。"),
    )

    @property
    def number(self) -> int:
        """How many bodies can take any of these labels."""
        return len(self.bodies)


class PartsHeldTooMany(Violation):
    labels: Sequence[str]
    bodies: Sequence[Hashable]
    least: int
    most: int
    words = Wording(
        _("分解数定得太多：%(bodies)s的%(labels)s至少 %(least)s 个，而至多只能有 %(most)s 个。"),
        _("至少数来自最少数和手工调整，至多数来自合计、名额和最多数。"),
        _("请降低最少数，或者收回手工调整。"),
    )
