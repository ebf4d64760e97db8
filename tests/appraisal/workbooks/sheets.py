"""Workbooks as people fill them in, for tests: made with openpyxl, some of them badly."""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from appraisal.workbooks.columns import EMPLOYER_COLUMNS, nomination_columns
from quotas.editions.standard import STANDARD
from tests.builders import make_credit_code

EMPLOYER = {
    "单位名称": "常熟市测试有限公司",
    "统一社会信用代码": make_credit_code(9_000_001),
    "所在县（市、区）代码": "320581",
    "控股情况": "私人控股",
    "国有资本占比（%）": 0,
    "职工人数": 120,
    "工会会员人数": 110,
    "党员人数": 8,
}
NOMINATION = {
    "奖项": "工人先锋号",
    "渠道": "地方渠道",
    "推荐对象": "总装车间一班",
    "集体类型": "班组",
    "集体人数": 12,
    "负责人": "李明",
    "联系电话": "0512-52770000",
    "主要事迹": "连续三年完成生产任务。",
    "简要事迹": "完成任务。",
    "工会经费足额拨缴": "是",
    "自评分": 95.5,
}

Spoil = Callable[[Any], None]


def workbook(
    headings: Sequence[str],
    *sheets: Sequence[Mapping[str, Any]],
    title: str = "",
    spoil: Spoil | None = None,
) -> bytes:
    """A workbook with one sheet for each list of rows; `spoil` gets the first sheet before it is saved."""
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"表{number}")
        if title:
            sheet.append([title])
        sheet.append(list(headings))
        for row in rows:
            sheet.append([row.get(heading) for heading in headings])
    if spoil is not None:
        spoil(book.worksheets[0])
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def employers(*sheets: Sequence[Mapping[str, Any]], **how: Any) -> bytes:
    return workbook([column.heading for column in EMPLOYER_COLUMNS], *sheets, **how)


def nominations(*sheets: Sequence[Mapping[str, Any]], **how: Any) -> bytes:
    return workbook([column.heading for column in nomination_columns(STANDARD.values())], *sheets, **how)


def opened(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def cells(data: bytes, sheet: str) -> list[list[Any]]:
    return [list(row) for row in opened(data)[sheet].iter_rows(values_only=True)]
