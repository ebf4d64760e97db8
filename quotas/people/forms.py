"""Forms of accounts and posts: what may be typed. What is allowed, the services say."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from quotas.base.outside import LineField, LoginField, WholeField
from quotas.base.states import Role


class SignInForm(AuthenticationForm):
    """Django's own, in the words that every other page uses for the same thing."""

    username = LoginField(
        label=_("登录名"), widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django writes the length of its column into the widget, and browsers cut what is longer.
        self.fields["username"].widget.attrs.pop("maxlength", None)


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


class DismissForm(forms.Form):
    """Take a post of one body from the person of the row."""

    user = WholeField(widget=forms.HiddenInput)
    role = forms.ChoiceField(choices=Role.choices, widget=forms.HiddenInput)
    reason = LineField(
        label=_("免职理由"), max_length=200, error_messages={"required": _("请写明免职理由，理由记入台账。")}
    )

    use_required_attribute = False


class DeclineForm(forms.Form):
    """Take back the reset of a row, or refuse it."""

    reset = WholeField(widget=forms.HiddenInput)
    reason = LineField(
        label=_("理由"), max_length=200, error_messages={"required": _("请写明理由，理由记入台账。")}
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
