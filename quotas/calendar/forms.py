"""The announcement of a year's days off, as it is pasted."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from quotas.base import text
from quotas.base.outside import BlockField, LineField, WholeField
from quotas.calendar.services import calendar


class AnnouncementForm(forms.Form):
    """The holidays of a year as the announcement lists them, one line a day or a stretch of days.

    "2027-02-06 至 2027-02-12 休 春节" or "2027-02-20 班 春节"; the dates also as 2027年2月6日 or 2027/2/6.
    """

    version = WholeField(widget=forms.HiddenInput)
    year = WholeField(label=_("年份"), min_value=calendar.FIRST_YEAR, max_value=calendar.LAST_YEAR)
    source = LineField(
        label=_("来源文件"),
        max_length=calendar.LONGEST_SOURCE,
        help_text=_(
            "发文机关、标题和文号，例如“国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕9号）”。"
        ),
    )
    days = BlockField(
        label=_("放假和调休日期"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        help_text=_("每行一天或一段：日期（或“日期 至 日期”）、“休”或“班”、节日名称，用空格隔开。"),
    )

    def clean_days(self) -> list[calendar.Day]:
        """The days, with every line that cannot be read."""
        days: list[calendar.Day] = []
        wrong: list[str] = []
        for number, written in enumerate(self.cleaned_data["days"].splitlines(), start=1):
            typed = text.line(written)
            if not typed:
                continue
            found = _LINE.fullmatch(typed)
            stretch = _stretch(found) if found else None
            if found is None or stretch is None:
                wrong.append(
                    _("第 %(number)s 行看不懂：%(line)s。请写成“2027-02-06 至 2027-02-12 休 春节”。")
                    % {"number": number, "line": typed[:40]}
                )
                continue
            days += [calendar.Day(day, found["kind"] == "班", found["name"] or "") for day in stretch]
        if wrong:
            raise forms.ValidationError(wrong[:_MOST_WRONG_LINES])
        return days


_DATE = r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?"


_LINE = re.compile(rf"{_DATE}(?:\s?(?:至|到|~|—)\s?{_DATE})?\s?(?P<kind>休|班)\s?(?P<name>.*)", re.ASCII)


_LONGEST_STRETCH = 20


_MOST_WRONG_LINES = 20


def _stretch(found: re.Match[str]) -> list[date] | None:
    """The days of a line; None where a date does not exist, or the stretch is backwards or longer than any holiday."""
    try:
        first = date(*(int(part) for part in found.groups()[:3]))
        last = date(*(int(part) for part in found.groups()[3:6])) if found[4] else first
    except ValueError:
        return None
    length = (last - first).days + 1
    if not 1 <= length <= _LONGEST_STRETCH:
        return None
    return [first + timedelta(days=number) for number in range(length)]


def written(days: Iterable[tuple[date, bool, str]]) -> str:
    """Days of the calendar as `AnnouncementForm` reads them, a line each."""
    lines = ((str(day), "班" if is_workday else "休", name) for day, is_workday, name in days)
    return "\n".join(" ".join(filter(None, line)) for line in lines)
