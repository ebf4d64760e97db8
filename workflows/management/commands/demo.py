"""manage.py demo"""

from typing import Any
from unicodedata import east_asian_width

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from quotas.rounds.models import Round
from quotas.tree.models import Body, User
from workflows.simulation import demo
from workflows.simulation.accounts import ACCOUNTS, Account


class Command(BaseCommand):
    help = (
        "Make the Jiangsu demo: a round with something at every stage, a finished round, and one account per role. "
        "Made once; a second call only shows the accounts. Elsewhere than on the developer's machine --password is needed."
    )

    # How much is made; tests make less.
    stealth_options = ("size",)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there is a round already"
        )
        parser.add_argument("--password", default="", help="the password of all demo accounts")

    def handle(self, *_args: Any, **options: Any) -> None:
        if demo.exists():
            self._show(_("演示数据已经装好，未作改动。"), self._still_usual())
            return
        if options["if_empty"] and Round.objects.exists():
            self.stdout.write(_("已有评选周期，不装入演示数据。"))
            return
        password = self._password(options["password"])
        self.stdout.write(
            _("正在装入演示数据：全省 109 个推荐单位、一轮进行中的评选、一轮已结束的评选，约需一分钟……")
        )
        self.stdout.flush()
        demo.make(password=password, size=options.get("size", demo.FULL))
        self._show(_("演示数据已装入。"), _("所有账号的密码：%(password)s") % {"password": password})

    def _still_usual(self) -> str:
        """The password that everybody knows, as long as it has not been changed."""
        usual = _usual_password()
        first = User.objects.filter(username=ACCOUNTS[0].username).first()
        if usual and first is not None and first.check_password(usual):
            return _("所有账号的密码：%(password)s") % {"password": usual}
        return ""

    def _password(self, given: str) -> str:
        if not given:
            usual = _usual_password()
            if not usual:
                raise CommandError(
                    _("本机不是演示环境，不能使用公开的默认密码。请用 --password 指定演示账号的密码。")
                )
            return usual
        try:
            validate_password(given)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        return given

    def _show(self, *lines: str) -> None:
        for line in filter(None, lines):
            self.stdout.write(line)
        places = dict(Body.objects.values_list("code", "short_name"))
        rows = [
            (_("账号"), _("姓名"), _("身份"), _("先试什么")),
            *(
                (account.username, account.name, _post(account, places), str(account.hint))
                for account in ACCOUNTS
            ),
        ]
        widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


def _usual_password() -> str:
    """Only the settings of the developer's machine have one."""
    usual: str = getattr(settings, "DEMO_PASSWORD", "")
    return usual


def _post(account: Account, places: dict[str, str]) -> str:
    place = places.get(account.place, account.place)
    return f"{place} {account.role.label}" if account.role else place


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
