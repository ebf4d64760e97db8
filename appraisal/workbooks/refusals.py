"""What is wrong with a workbook: the file, the sheet, the row, the cell."""

from quotas.base.errors import FieldProblem, Violation, Wording
from quotas.base.errors import marked as _


class FileEmpty(Violation):
    words = Wording(_("这是一个空文件。"), _("文件大小为 0。"), _("请重新选择填好的工作簿。"))


class FileTooLarge(Violation):
    size: str
    limit: str
    words = Wording(
        _("文件太大，不能导入。"),
        _("文件 %(size)s，上限 %(limit)s。"),
        _("请删去图片和无关的工作表，或分成几个文件导入。"),
    )


class FileOldOrProtected(Violation):
    words = Wording(
        _("这个文件不能读取。"),
        _("它是旧版 Excel 文件（.xls），或设有打开密码。"),
        _("请用 Excel 或 WPS 打开，取消密码，另存为“Excel 工作簿（*.xlsx）”后再导入。"),
    )


class FileNotWorkbook(Violation):
    words = Wording(
        _("这不是 Excel 工作簿（.xlsx）。"),
        _("文件的内容是另一种格式，例如 CSV、含宏的工作簿，或只改了扩展名。"),
        _("请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再导入。"),
    )


class FileIsDocument(Violation):
    words = Wording(
        _("这是 Word 文档，不是 Excel 工作簿。"),
        _("改扩展名不会改变文件的格式。"),
        _("请下载空白表，把内容填入表中后再导入。"),
    )


class FileDamaged(Violation):
    words = Wording(
        _("文件已损坏，不能读取。"),
        _("可能在传送中缺失了一部分。"),
        _("请用 Excel 或 WPS 打开检查，重新保存后再导入。"),
    )


class FileUnpacksTooLarge(Violation):
    limit: str
    words = Wording(
        _("文件展开后太大，不能导入。"),
        _("展开后的上限为 %(limit)s。"),
        _("请把有内容的行复制到新下载的空白表中再导入。"),
    )


class FileHasTooManyParts(Violation):
    limit: int
    words = Wording(
        _("文件由太多部分组成，不能导入。"),
        _("上限为 %(limit)s 个，图片和每张工作表各算一个。"),
        _("请把有内容的行复制到新下载的空白表中再导入。"),
    )


class FileHasTooManyCells(Violation):
    limit: int
    words = Wording(
        _("文件的单元格太多，不能导入。"),
        _("填有内容的单元格上限为 %(limit)s 个；设有格式的空单元格也占用读取时间。"),
        _("请把有内容的行复制到新下载的空白表中，或分成几个文件再导入。"),
    )


class FileHasTooMuchText(Violation):
    limit: int
    words = Wording(
        _("文件的文字太多，不能导入。"),
        _("各单元格的文字合计上限为 %(limit)s 字。"),
        _("请分成几个文件导入。"),
    )


class CellHasTooMuchText(Violation):
    limit: int
    words = Wording(
        _("文件里有一个单元格的文字太多，不能导入。"),
        _("一个单元格最多 %(limit)s 字。"),
        _("请缩短这个单元格的内容，长篇材料请作为证明材料上传。"),
    )


class FileTakesTooMuch(Violation):
    words = Wording(
        _("读取这个文件所需的时间或内存太多，已经停止。"),
        _("通常是表外有大量格式、图片或隐藏的内容。"),
        _("请把有内容的行复制到新下载的空白表中再导入。"),
    )


class SheetReachesTooFar(Violation):
    sheet: str
    address: str
    words = Wording(
        _("工作表“%(sheet)s”的内容范围过大，不能读取。"),
        _("最远的内容在 %(address)s。"),
        _("请删去表外的内容，或把有内容的行复制到新下载的空白表中再导入。"),
    )


class TextUnreadable(Violation):
    words = Wording(
        _("粘贴的内容读不出来。"), _("其中有无法识别的字符或过长的一格。"), _("请从工作簿重新复制后粘贴。")
    )


class RowsNone(Violation):
    words = Wording(_("表中没有可以导入的内容。"), _("表头下面没有填写任何一行。"), _("请填写后再导入。"))


class RowsTooMany(Violation):
    number: int
    limit: int
    words = Wording(
        _("行数太多，不能一次导入。"),
        _("填有内容的共 %(number)s 行，上限 %(limit)s 行。"),
        _("请分成几个文件导入。"),
    )


class HeaderMissing(Violation):
    columns: list[str]
    words = Wording(
        _("没有找到表头。"), _("前 10 行中应有一行写明：%(columns)s。"), _("请下载空白表，按其栏目填写。")
    )


class HeaderTwoRows(Violation):
    first: int
    last: int
    words = Wording(
        _("表头占了第 %(first)s 至 %(last)s 行，这张工作表没有读取。"),
        _("表头只能有一行，每一列一个栏目名称。"),
        _("请取消合并，只保留一行表头，如“职工人数”“党员人数”各占一列，不要上面的“人数”。"),
    )


class HeaderAgain(Violation):
    row: int
    first: int
    words = Wording(
        _("第 %(row)s 行又是表头，它和以下各行没有读取。"),
        _("表头已在第 %(first)s 行；一张工作表只能有一个表格。"),
        _("请删去重复的标题和表头，把各行接在一起，或者把第二个表格移到另一张工作表。"),
    )


class RowsHidden(Violation):
    number: int
    rows: list[str]
    words = Wording(
        _("有 %(number)s 行被隐藏或筛选掉，也会一并导入。"),
        _("被隐藏的是第 %(rows)s 行。"),
        _("不要导入的，请先从表中删除。"),
    )


class ColumnsHidden(Violation):
    columns: list[str]
    words = Wording(
        _("有的列被隐藏，其内容也会一并导入。"),
        _("被隐藏的是：%(columns)s。"),
        _("请取消隐藏，核对后再导入。"),
    )


class RowsPassedOver(Violation):
    number: int
    rows: list[str]
    words = Wording(
        _("有 %(number)s 行只填了一栏，没有读取。"),
        _("没有读取的是第 %(rows)s 行；必填各栏都填写，或者至少填写两栏的，才算一行内容。"),
        _("如是应当导入的内容，请补全后再上传。"),
    )


class ColumnsMissing(Violation):
    columns: list[str]
    words = Wording(
        _("缺少必填的栏目，这张工作表没有读取。"), _("缺少：%(columns)s。"), _("请补上这些栏目。")
    )


class ColumnTwice(Violation):
    heading: str
    columns: list[str]
    words = Wording(_("栏目“%(heading)s”出现了不止一次。"), _("分别在 %(columns)s 列。"), _("请只保留一列。"))


class CellMerged(Violation):
    address: str
    words = Wording(
        _("单元格 %(address)s 是合并的，无法判断内容属于哪一行。"),
        _("每行须各自填写。"),
        _("请取消合并，并在每一行填写内容。"),
    )


class CellFormula(Violation):
    address: str
    number: int
    words = Wording(
        _("单元格 %(address)s 是公式。"),
        _("这里共有 %(number)s 个公式，其结果可能过时。"),
        _("请复制后选择性粘贴为数值。"),
    )


class SheetHidden(Violation):
    words = Wording(_("隐藏的工作表没有读取。"), _("只读取看得见的工作表。"), _("如需导入，请取消隐藏。"))


class SheetSkipped(Violation):
    words = Wording(
        _("这张工作表没有读取。"), _("其中没有找到表头。"), _("如需导入，请加上与空白表相同的表头。")
    )


class ColumnsUnknown(Violation):
    columns: list[str]
    words = Wording(
        _("有不认识的栏目，没有读取。"), _("这些栏目是：%(columns)s。"), _("如有需要，请改为空白表中的名称。")
    )


class ColumnsAbsent(Violation):
    columns: list[str]
    words = Wording(
        _("有的栏目没有，按未填处理。"), _("没有的栏目是：%(columns)s。"), _("如有需要，请补上。")
    )


class CellRequired(FieldProblem):
    words = Wording(_("没有填写。"), _("这一栏为必填。"), _("请填写。"))


class CellTooLong(FieldProblem):
    length: int
    limit: int
    words = Wording(_("内容太长。"), _("共 %(length)s 字，上限 %(limit)s 字。"), _("请缩短。"))


class CellIsError(Violation):
    words = Wording(
        _("单元格里是错误值，如 #N/A、#REF!。"),
        _("公式没有算出结果，内容无法读取。"),
        _("请改填数值或文字。"),
    )


class CellIsDate(FieldProblem):
    value: str
    words = Wording(
        _("这里应填文字，Excel 中却是日期或时间（%(value)s）。"),
        _("Excel 会把“3-1”之类的内容自动变成日期。"),
        _("请把单元格设为文本格式后重新填写。"),
    )


class CellDigitsLost(FieldProblem):
    value: str
    words = Wording(
        _("号码已被 Excel 变成科学计数法（%(value)s），末几位已丢失。"),
        _("Excel 的数字只保留 15 位。"),
        _("请把这一列设为文本格式，再重新填写完整的号码。"),
    )


class CellNotWhole(FieldProblem):
    value: str
    words = Wording(_("“%(value)s”不是整数。"), _("这一栏只能填整数，不带单位。"), _("请改为整数。"))


class CellOutOfRange(FieldProblem):
    value: str
    minimum: int
    maximum: int
    words = Wording(
        _("“%(value)s”超出了范围。"), _("这一栏应在 %(minimum)s 至 %(maximum)s 之间。"), _("请核对后改正。")
    )


class CellNotPoints(FieldProblem):
    value: str
    most: int
    words = Wording(
        _("“%(value)s”不是有效的分数。"), _("分数为 0 至 %(most)s，最多两位小数。"), _("请改正，如 95.5。")
    )


class CellNotPercent(FieldProblem):
    value: str
    words = Wording(
        _("“%(value)s”不是有效的百分数。"),
        _("这一栏填 0 至 100 的百分数，最多一位小数。"),
        _("请改正，如 51 或 51%%。"),
    )


class CellPercentOutOfRange(FieldProblem):
    value: str
    words = Wording(_("“%(value)s”超出了范围。"), _("这一栏应在 0%% 至 100%% 之间。"), _("请核对后改正。"))


class CellPercentOrPermille(FieldProblem):
    value: str
    words = Wording(
        _("“%(value)s”是百分数还是千分数，无法判断。"),
        _("这一栏的旧表头是“‰”，现在一律填百分数。"),
        _("请把表头改为“国有资本占比（%%）”并核对各行，或者在数字后写上 %%。"),
    )


class CellPercentOrPart(FieldProblem):
    value: str
    words = Wording(
        _("“%(value)s”是百分之几还是占全部的几分之几，无法判断。"),
        _("这一栏填百分数：一半填 50 或 50%%，全部填 100 或 100%%。"),
        _("请改正；确实不到百分之一的，请在数字后写上 %%。"),
    )


class CellNotChoice(FieldProblem):
    value: str
    choices: list[str]
    words = Wording(_("“%(value)s”不在可填的内容之中。"), _("可填：%(choices)s。"), _("请从中选填一项。"))
