"""What the two import commands share: their options, reading the file, the account of what was done."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from appraisal.workbooks.import_rows import Report, RowProblem
from quotas.base.errors import DomainError
from quotas.base.wording import sentence, sentences
from quotas.rounds.models import Round
from quotas.tree.models import User


def add_arguments(parser: CommandParser) -> None:
    """FILE.xlsx [--dry-run] [--actor USERNAME]."""
    parser.add_argument("file", type=Path, metavar="FILE.xlsx", help="the filled-in workbook")
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="do everything, then take it back; the answer is the one of the real run",
    )
    parser.add_argument("--actor", metavar="USERNAME", help="who imports (default: the system)")


def actor_of(username: str | None) -> User | None:
    """The account that imports; CommandError when there is none of that name."""
    if username is None:
        return None
    user: User | None = User.objects.of_login([username]).filter(is_active=True).first()
    if user is None:
        raise CommandError(_("没有账号“%(username)s”。") % {"username": username})
    return user


def round_of(code: str | None) -> Round:
    """The round with this code, or of the only open one; CommandError when that is nothing certain."""
    if code is not None:
        found: list[Round] = list(Round.objects.filter(code=code))
    else:
        found = list(Round.objects.open().order_by("code"))
    if len(found) == 1:
        return found[0]
    if code is not None:
        raise CommandError(_("没有代码为“%(code)s”的评选周期。") % {"code": code})
    names = "、".join(known.code for known in found) or _("无")
    raise CommandError(
        _("进行中的评选周期有 %(number)s 个（%(rounds)s），请用 --round 指明。")
        % {"number": len(found), "rounds": names}
    )


def content_of(path: Path) -> bytes:
    """The bytes of the file; CommandError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(
            _("不能读取文件 %(path)s：%(reason)s") % {"path": path, "reason": error.strerror}
        ) from error


@contextmanager
def refusals() -> Iterator[None]:
    """A refusal of the import as a whole, as CommandError with its sentences."""
    try:
        yield
    except DomainError as refusal:
        raise CommandError("".join(str(part) for part in sentences(refusal))) from refusal


def warn(command: BaseCommand, notices: Iterable[RowProblem]) -> None:
    """Write what is worth knowing before anything is imported, such as hidden rows."""
    for notice in notices:
        command.stderr.write(command.style.WARNING(_line(notice)))


def tell(command: BaseCommand, report: Report) -> None:
    """Write problems and the outcome. CommandError (exit status 1) when there are problems."""
    for problem in report.problems:
        command.stderr.write(_line(problem))
    figures = {
        "rows": report.rows,
        "created": report.created,
        "unchanged": report.unchanged,
        "problems": len(report.problems),
    }
    if report.problems:
        raise CommandError(_("有 %(problems)s 处需要改正，没有导入任何一行。") % figures)
    if report.saved:
        line = _("已导入 %(created)s 行；%(unchanged)s 行与已有内容相同，未作改变。")
    else:
        line = _("试运行：可以导入 %(created)s 行；%(unchanged)s 行与已有内容相同。没有保存。")
    command.stdout.write(command.style.SUCCESS(line % figures))
    # The only place where they are: whoever runs the command hands them out.
    for slip in report.slips:
        shown = (slip.place, slip.post, slip.name, slip.username, slip.phone or "—", slip.password)
        command.stdout.write("\t".join(shown))


def _line(problem: RowProblem) -> str:
    """Sheet, row, column and sentence, separated by tabs: reads well, and pastes into a spreadsheet."""
    column = f"{problem.letter} {problem.heading}".strip()
    row = str(problem.row or "")
    return "\t".join((problem.sheet or "—", row or "—", column or "—", str(sentence(problem.reason))))
