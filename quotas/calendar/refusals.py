"""What is wrong with a year of the calendar."""

from datetime import date

from quotas.base.errors import FieldProblem, Wording
from quotas.base.errors import marked as _

Day = date
"""Where a figure is itself called `date`."""


class CalendarUnknown(FieldProblem):
    year: str
    first: str
    last: str
    words = Wording(
        _("没有 %(year)s 年的节假日安排。"),
        _("已收录的年份为 %(first)s 至 %(last)s 年；国务院办公厅公布后才能收录。"),
        _("请在“工作日历”中录入该年的放假和调休日期。"),
    )


class CalendarYearOutOfRange(FieldProblem):
    first: str
    last: str
    words = Wording(_("年份不对。"), _("可录入 %(first)s 至 %(last)s 年。"), _("请核对后重新填写。"))


class CalendarSourceRequired(FieldProblem):
    words = Wording(_("没有写明来源文件。"), "", _("请填写放假安排通知的发文机关和文号。"))


class CalendarTextLong(FieldProblem):
    length: int
    limit: int
    words = Wording(_("内容太长。"), _("现有 %(length)s 字，上限 %(limit)s 字。"), _("请缩短后保存。"))


class CalendarDaysMissing(FieldProblem):
    year: str
    days: int
    least: int
    words = Wording(
        _("%(year)s 年的放假日不全。"),
        _("列出 %(days)s 天，全年法定节假日不少于 %(least)s 天。"),
        _("请按放假安排通知逐项录入全年的放假和调休日期。"),
    )


class CalendarDaysMany(FieldProblem):
    days: int
    limit: int
    words = Wording(
        _("列出的日期太多。"), _("现有 %(days)s 天，上限 %(limit)s 天。"), _("只需录入放假日和调休上班日。")
    )


class CalendarDayElsewhere(FieldProblem):
    date: Day
    year: str
    words = Wording(
        _("%(date)s 不在本年。"),
        _("这里录入 %(year)s 年的日期；元旦假期可以从上年12月29日起。"),
        _("请核对日期。"),
    )


class CalendarDayTwice(FieldProblem):
    date: Day
    words = Wording(_("%(date)s 列了不止一次。"), _("每天只能有一种安排。"), _("请删去多余的一行。"))


class CalendarDayWorkedAnyhow(FieldProblem):
    date: Day
    words = Wording(
        _("%(date)s 本来就是工作日，不必列为调休上班。"),
        _("调休上班日在周六或周日。"),
        _("请核对是“休”还是“班”。"),
    )
