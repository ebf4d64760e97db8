"""What is wrong with the weights of a calculation."""

from quotas.base.errors import FieldProblem, Violation, Wording
from quotas.base.errors import marked as _


class WeightsBodyForeign(FieldProblem):
    value: str
    words = Wording(
        _("这份测算中没有“%(value)s”。"),
        _("测算只包括直接下级单位；可以填代码（如 320500）或名称（如 苏州市）。"),
        _("请改正，或删去本行。"),
    )


class WeightsBodyTwice(FieldProblem):
    body: str
    row: int
    words = Wording(_("%(body)s出现了两次。"), _("第一次在第 %(row)s 行。"), _("请只保留一行。"))


class WeightsNameDiffers(FieldProblem):
    value: str
    body: str
    words = Wording(
        _("单位名称“%(value)s”与代码不符。"), _("这个代码是%(body)s。"), _("请核对是否错行，改正后重新上传。")
    )


class WeightsBodyMissing(Violation):
    bodies: list[str]
    words = Wording(_("有单位没有列入。"), _("缺少：%(bodies)s。"), _("请补齐；权数为 0 的单位也须列入。"))


class ResultsNone(FieldProblem):
    award: str
    words = Wording(
        _("没有可以统计的上一周期命名结果。"),
        _("“%(award)s”在更早的周期中没有命名决定。"),
        _("请改用其他权数，或上传工作簿。"),
    )
