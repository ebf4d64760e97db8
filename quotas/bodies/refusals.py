"""What is wrong with bodies and organs."""

from quotas.base.errors import FieldProblem, Wording
from quotas.base.errors import marked as _


class BodyCodeTwice(FieldProblem):
    body_code: str
    words = Wording(
        _("代码 %(body_code)s 出现了两次。"), _("一个代码只能对应一个推荐单位。"), _("请改正名册后重新导入。")
    )


class BodyParentUnknown(FieldProblem):
    name: str
    body_code: str
    parent: str
    words = Wording(
        _("%(name)s（%(body_code)s）的上级单位不存在。"),
        _("名册中写的上级代码是 %(parent)s。"),
        _("请补上上级单位，或改正上级代码。"),
    )


class BodyMoved(FieldProblem):
    name: str
    body_code: str
    parent: str | None
    new_parent: str | None
    words = Wording(
        _("%(name)s（%(body_code)s）不能改换上级单位。"),
        _("现上级代码为 %(parent)s，名册中为 %(new_parent)s；改换上级会改变已有申报的路径。"),
        _("请撤销原单位，并以新代码建立新单位。"),
    )


class BodyLevelUnknown(FieldProblem):
    name: str
    body_code: str
    level: str
    words = Wording(
        _("%(name)s（%(body_code)s）的层级“%(level)s”无法识别。"),
        _("层级只有 province、city、industry、county 四种。"),
        _("请改正名册后重新导入。"),
    )


class OrganNameRequired(FieldProblem):
    words = Wording(_("没有填写机关名称。"), _("名称写在公示、命名决定和各类文书上。"), _("请填写机关全称。"))


class OrganTextTooLong(FieldProblem):
    length: int
    limit: int
    words = Wording(_("内容过长。"), _("现在 %(length)s 字，最多 %(limit)s 字。"), _("请缩短后再保存。"))
