"""Forms of the plan and of accounts: what may be typed. What is allowed, the services say."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from quotas import text
from quotas.clock import SHANGHAI
from quotas.outside import BlockField, LineField, LoginField, WholeField
from quotas.services import calendar
from quotas.states import Role
from quotas.wording import label_word, streams


class SignInForm(AuthenticationForm):
    """Django's own, in the words that every other page uses for the same thing."""

    username = LoginField(
        label=_("登录名"), widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django writes the length of its column into the widget, and browsers cut what is longer.
        self.fields["username"].widget.attrs.pop("maxlength", None)


class LedgerFilter(forms.Form):
    """What to show of the ledger. Every field may be empty."""

    q = LineField(
        label=_("查找"),
        required=False,
        max_length=60,
        help_text=_("姓名、单位、推荐对象、申报编号或理由中的字句。"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    act = forms.ChoiceField(label=_("行为"), required=False)
    kind = LineField(required=False, max_length=20, widget=forms.HiddenInput)
    stream = LineField(required=False, max_length=60, widget=forms.HiddenInput)
    since = forms.DateField(
        label=_("自"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("至"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        act: Any = self.fields["act"]
        act.choices = [
            ("", _("全部")),
            *(
                (words.name, [(f"{kind}/{code}", name) for code, name in words.acts.items()])
                for kind, words in streams().items()
                if words.acts
            ),
        ]

    def chosen(self) -> dict[str, Any]:
        """The choices, as arguments of `LedgerQuerySet.told`; an invalid field counts as empty."""
        self.is_valid()
        chosen = self.cleaned_data
        kind, _slash, act = chosen.get("act", "").partition("/")
        kind = kind or chosen.get("kind", "")
        since, until = chosen.get("since"), chosen.get("until")
        return {
            "kind": kind,
            "act": act,
            "stream": chosen.get("stream", ""),
            "words": chosen.get("q", ""),
            "since": since and datetime.combine(since, time.min, SHANGHAI),
            "until": until and datetime.combine(until + timedelta(days=1), time.min, SHANGHAI),
        }


class SetPlacesForm(forms.Form):
    """Places of one body for one award; one more field for each kind ("ownership:non_public") that rules name."""

    plan = LineField(widget=forms.HiddenInput, max_length=64)
    places = WholeField(label=_("名额"), min_value=0)
    reserve_places = WholeField(label=_("后备名额"), min_value=0, initial=0)
    separate_places = WholeField(
        label=_("单列名额"), min_value=0, initial=0, help_text=_("单列名额不计入占比的基数。")
    )
    reason = BlockField(
        label=_("理由"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("评选进行中调整名额必须写明理由，记入台账。"),
    )

    def __init__(self, *args: Any, labels: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels = {f"typed_{number}": label for number, label in enumerate(labels)}
        for name, label in self.labels.items():
            self.fields[name] = WholeField(
                label=_("其中%(kind)s") % {"kind": label_word(label)},
                min_value=0,
                required=False,
                help_text=_(
                    "上述名额中只能用于这一类的个数；填 0 即本单位不作要求，不填即按占比规则核对名单。"
                ),
            )
        self.order_fields(["places", *self.labels, "reserve_places", "separate_places", "reason"])

    def wanted(self) -> dict[str, Any]:
        """The cleaned values as `allotments.set_places` takes them."""
        values = self.cleaned_data
        return {
            "places": values["places"],
            "reserve_places": values["reserve_places"],
            "separate_places": values["separate_places"],
            "typed": {label: values[name] for name, label in self.labels.items() if values[name] is not None},
            "reason": values["reason"],
            "plan": values["plan"],
        }


class AccountSearch(forms.Form):
    """Which accounts to show. Every field may be empty."""

    STATES = (
        ("active", _("启用")),
        ("waiting", _("未设密码")),
        ("inactive", _("已停用")),
        ("without_password", _("不能登录")),
    )

    q = LineField(required=False, max_length=60)
    state = forms.ChoiceField(required=False, choices=STATES)

    def chosen(self) -> dict[str, str]:
        """What was chosen, as `UserQuerySet.managed` takes it; what makes no sense counts as empty."""
        self.is_valid()
        return {"text": self.cleaned_data.get("q", ""), "state": self.cleaned_data.get("state", "")}


class AccountForm(forms.Form):
    """A new account; the service says what a login name may be."""

    username = LineField(
        label=_("登录名"),
        max_length=60,
        help_text=_("3 至 60 位英文字母、数字和 . _ -，不分大小写，开设后不能更改。"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    name = LineField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = LineField(
        label=_("电子邮箱"),
        max_length=254,
        required=False,
        help_text=_("可不填。"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    use_required_attribute = False


class AppointForm(forms.Form):
    """Give a post of one body to somebody who has an account."""

    role = forms.ChoiceField(label=_("岗位"))
    username = LineField(
        label=_("登录名"),
        max_length=150,
        help_text=_("须已有账号；没有账号的，请系统管理员先开设。"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    use_required_attribute = False

    def __init__(self, rows: Iterable[Any], data: Any = None) -> None:
        super().__init__(data)
        role: Any = self.fields["role"]
        role.choices = [("", _("请选择")), *((row.post.role, row.post.get_role_display()) for row in rows)]


class OrganForm(forms.Form):
    """What stands of an organ on published papers."""

    version = WholeField(widget=forms.HiddenInput)
    name = LineField(
        label=_("机关名称"), max_length=100, help_text=_("全称，写在公示、命名决定和各类文书上。")
    )
    telephone = LineField(
        label=_("电话"),
        max_length=60,
        required=False,
        help_text=_("向社会公开，用于受理异议。写区号，例如 0512-00000000。"),
    )
    address = LineField(label=_("地址"), max_length=120, required=False, help_text=_("书面异议寄送的地址。"))

    use_required_attribute = False


class DismissForm(forms.Form):
    """Take a post of one body from the person of the row."""

    user = WholeField(widget=forms.HiddenInput)
    role = forms.ChoiceField(choices=Role.choices, widget=forms.HiddenInput)
    reason = LineField(
        label=_("免职理由"), max_length=200, error_messages={"required": _("请写明免职理由，理由记入台账。")}
    )

    use_required_attribute = False


class OwnPasswordForm(PasswordChangeForm):
    """One's own password: the present one, and the new one twice. The service says what is too weak or was used."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        if user.must_change_password:
            self.fields["old_password"].label = _("一次性密码")

    def validate_password_for_user(self, user: Any, *args: Any, **kwargs: Any) -> None:
        """Nothing: hashes are compared once, by the service."""


class HandDownForm(forms.Form):
    """Places of all bodies directly below one, "body_12" for each; an empty field leaves that body as it is."""

    plan = LineField(widget=forms.HiddenInput, max_length=64)
    reason = BlockField(
        label=_("理由"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("评选进行中调整名额必须写明理由，记入台账。"),
    )

    def __init__(self, *args: Any, children: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.children = {f"body_{body.pk}": body for body in children}
        for name, body in self.children.items():
            self.fields[name] = WholeField(label=body.name, min_value=0, max_value=100_000, required=False)
        self.order_fields([*self.children, "reason"])

    def places_by_body(self) -> dict[int, int]:
        """The cleaned numbers as `allotments.hand_down` takes them."""
        given = {body.pk: self.cleaned_data[name] for name, body in self.children.items()}
        return {pk: places for pk, places in given.items() if places is not None}


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
