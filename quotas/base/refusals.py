"""Refusals that any subject may have. This room imports no framework: pure rules have them, too."""

from quotas.base.errors import Conflict, FieldProblem, Wording
from quotas.base.errors import marked as _


class ReasonRequired(FieldProblem):
    words = Wording(
        _("没有填写理由，不能保存。"), _("这项变更会记入台账，理由是台账的一部分。"), _("请填写理由。")
    )


class PrivateUse(FieldProblem):
    place: int
    words = Wording(
        _("第 %(place)s 个字是自造字，别的电脑上看不到。"),
        _("有的输入法用自造字代替生僻字，系统不能替您去掉或换成别的字。"),
        _("请换用支持生僻字的输入法重新输入这个字；打不出的，用同音或通用的字代替并在说明中写明。"),
    )


class Stale(Conflict):
    """Nothing is decided yet, the form is merely older than the data: to be read again and sent."""

    words = Wording(
        _("内容已有变化，您的操作没有保存。"),
        _("您打开页面之后，这份材料又有人办理或修改过。"),
        _("请刷新页面，看过最新情况后再办理。"),
    )


class ValueRequired(FieldProblem, code="required"):
    words = Wording(_("没有填写。"), _("这一项为必填。"), _("请填写后再提交。"))


class ChoiceUnknown(FieldProblem):
    words = Wording(_("所选内容不在可选范围内。"), "", _("请重新选择。"))


class TextTooLong(FieldProblem):
    length: int
    limit: int
    words = Wording(
        _("内容太长。"), _("现有 %(length)s 字（不计空格），上限 %(limit)s 字。"), _("请缩短后保存。")
    )
