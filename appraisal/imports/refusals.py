"""What is wrong with a row of an import."""

from quotas.base.errors import FieldProblem, Wording, WrongState
from quotas.base.errors import marked as _
from quotas.tree.permissions import Act


class UnitPeopleDiffer(FieldProblem):
    name: str
    words = Wording(
        _("申报人和单位审核人是同一人（%(name)s）。"),
        _("同一件申报须由两人分别填写和审核。"),
        _("请另填一人，或留空一项。"),
    )


class ImportRowTwice(FieldProblem):
    sheet: str
    row: int
    words = Wording(
        _("同一内容出现了两次。"), _("另一处在工作表“%(sheet)s”第 %(row)s 行。"), _("请只保留一处。")
    )


class ImportEmployerDiffers(FieldProblem):
    name: str
    columns: list[str]
    words = Wording(
        _("“%(name)s”已经登记，内容与本行不同，不会被覆盖。"),
        _("不同的栏目：%(columns)s。"),
        _("请删去本行；如登记内容有误，请在单位页面更正。"),
    )


class ImportEmployerUnknown(FieldProblem):
    credit_code: str
    words = Wording(
        _("统一社会信用代码 %(credit_code)s 没有登记。"),
        _("申报的单位须先在单位登记中。"),
        _("请核对代码，或先导入该单位。"),
    )


class ImportBodyUnknown(FieldProblem):
    value: str
    words = Wording(
        _("没有名为“%(value)s”的推荐单位。"),
        _("可以填代码（如 320581）或名称（如 常熟市）。"),
        _("请核对后改正。"),
    )


class ImportBodyAmbiguous(FieldProblem):
    value: str
    codes: list[str]
    words = Wording(_("名为“%(value)s”的推荐单位不止一个。"), _("代码分别是 %(codes)s。"), _("请改填代码。"))


class ImportOutsideArea(FieldProblem):
    body: str
    act: Act
    words = Wording(
        _("%(body)s不在您的工作范围内，不能导入。"),
        _("这一步需要在%(body)s具有“%(act)s”的岗位权限。"),
        _("请删去本行，交由当地办理。"),
    )


class ImportAwardUnknown(FieldProblem):
    value: str
    awards: list[str]
    words = Wording(
        _("本周期没有名为“%(value)s”的奖项。"), _("本周期的奖项：%(awards)s。"), _("请改填其中之一。")
    )


class ImportNomineeNotUnit(FieldProblem):
    value: str
    name: str
    words = Wording(
        _("这个奖项授予单位，推荐对象“%(value)s”与单位名称不同。"),
        _("该单位登记的名称是“%(name)s”。"),
        _("请核对单位，或不填推荐对象。"),
    )


class ImportNotApplicant(FieldProblem):
    value: str
    unit: str
    words = Wording(
        _("账号“%(value)s”不是该单位的申报人。"),
        _("申报单位是“%(unit)s”；账号也可能有误或已停用。"),
        _("请改填该单位申报人的登录名，或先在单位页面设定申报人。"),
    )


class ImportGone(WrongState):
    words = Wording(
        _("待确认的文件已不在，没有再次导入。"),
        _("它已经导入过，或已被您后来上传的文件取代。"),
        _("请查看结果；如需导入，请重新上传。"),
    )


class ImportFieldNotAsked(FieldProblem):
    label: str
    award: str
    words = Wording(
        _("这个奖项不填这一栏。"), _("“%(award)s”的申报表中没有“%(label)s”。"), _("请清空这个单元格。")
    )
