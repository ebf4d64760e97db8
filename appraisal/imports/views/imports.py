"""The import page: upload a workbook, read what is wrong with it or what it would bring, confirm, done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from appraisal.imports.forms import ConfirmForm, UploadForm
from appraisal.imports.services import imports, uploads
from appraisal.imports.services.uploads import ImportKind
from appraisal.imports.spreadsheets import (
    employer_template,
    nomination_template,
    post_template,
    read_employers,
    read_nominations,
    read_posts,
)
from appraisal.register.services import employers
from appraisal.workbooks.import_rows import ImportSlip, Report, RowProblem
from appraisal.workbooks.reader import MAX_BYTES
from quotas.base import answers
from quotas.base.errors import DomainError
from quotas.base.wording import sentence
from quotas.people.views.slips import FIRST, WHOLE, slips_page
from quotas.tree.models import User
from quotas.tree.permissions import Act
from quotas.tree.refusals import ActNotHeld

MOST_ROWS = 2_500
"""Rows that a page brings in while somebody waits for it; the commands take more."""

PROBLEMS_SHOWN = 500
"""The most problems listed at once, more than anybody corrects before checking again; the page shows the full number.
"""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class ImportDesk:
    """One kind of import as the page offers it."""

    kind: ImportKind
    title: Any
    help: Any
    act: Act
    may: Callable[[User], bool]
    template: Callable[[], bytes]
    filename: str
    lost: str = ""
    """Where a lost sheet of one-time passwords is made anew."""


def _posts_form() -> bytes:
    """The form with a row for each vacant post."""
    return post_template([(code, name, post, "", "", "", "") for code, name, post in imports.vacant_posts()])


DESKS: Mapping[str, ImportDesk] = {
    desk.kind.value: desk
    for desk in (
        ImportDesk(
            ImportKind.POSTS,
            gettext_lazy("导入岗位人员"),
            gettext_lazy(
                "空白表已列出各单位空缺的岗位，填写姓名即可。导入后开设账号，岗位由安全管理员授予；"
                "一次性密码分两半，您发放前一半，安全管理员发放后一半，两半合在一起才能登录。"
            ),
            Act.MANAGE_ACCOUNTS,
            imports.may_import_posts,
            _posts_form,
            "posts.xlsx",
            lost="quotas:halves",
        ),
        ImportDesk(
            ImportKind.EMPLOYERS,
            gettext_lazy("导入单位"),
            gettext_lazy(
                "登记本地的申报单位。已经登记的单位不会被覆盖；所有制仍须逐家核验。"
                "填写了申报人、单位审核人的，同时开设账号，一次性密码在导入后显示一次。"
            ),
            Act.VERIFY_OWNERSHIP,
            imports.may_import_employers,
            employer_template,
            "employers.xlsx",
            lost="appraisal:unit_passwords",
        ),
        ImportDesk(
            ImportKind.NOMINATIONS,
            gettext_lazy("导入申报"),
            gettext_lazy("为本地单位的申报人建立草稿，由申报人补齐材料后提交。"),
            Act.KEEP_SLATE,
            imports.may_import_nominations,
            nomination_template,
            "nominations.xlsx",
        ),
    )
}


@dataclass(frozen=True)
class ImportOutcome:
    """A run over a workbook: what it did or would do, and what is worth knowing."""

    report: Report
    notices: tuple[RowProblem, ...]


def _desk(kind: str) -> ImportDesk:
    desk = DESKS.get(kind)
    if desk is None:
        raise Http404
    return desk


def _shown(problem: RowProblem) -> dict[str, Any]:
    """A problem as the page lists it."""
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": " ".join(filter(None, (problem.letter, problem.heading))),
        "sentence": sentence(problem.reason),
    }


class _SignedIn(LoginRequiredMixin, View):
    """A page for people with an account."""

    @property
    def person(self) -> User:
        """The signed-in person; LoginRequiredMixin lets nobody else in."""
        return cast(User, self.request.user)


class _ImportPage(_SignedIn):
    """What the pages of all imports share."""

    import_nominations = staticmethod(imports.import_nominations)
    """The floor above begins the process of each draft as well."""

    def run(self, kind: str, content: bytes, round_id: int | None, *, dry_run: bool) -> ImportOutcome:
        """Nominations come into a round, everything else into none."""
        desk = _desk(kind)
        given: dict[str, Any] = {"actor": self.person, "dry_run": dry_run}
        table: Any
        match desk.kind:
            case ImportKind.NOMINATIONS:
                table = read_nominations(content, most=MOST_ROWS)
                bring_in: Callable[..., Report] = self.import_nominations
                given["round_id"] = round_id
            case ImportKind.POSTS:
                table, bring_in = read_posts(content, most=MOST_ROWS), imports.import_posts
            case _:
                table, bring_in = read_employers(content, most=MOST_ROWS), imports.import_employers
        return ImportOutcome(bring_in(rows=table.rows, problems=table.problems, **given), table.notices)

    def draw(
        self,
        forms: Mapping[ImportKind, UploadForm] | None = None,
        status: int = 200,
        **context: Any,
    ) -> HttpResponse:
        """The page with an upload form for everything that this person may import."""
        desks = [
            {"desk": desk, "form": (forms or {}).get(desk.kind) or self.empty_form(desk)}
            for desk in DESKS.values()
            if desk.may(self.person)
        ]
        if not desks:
            return answers.page(self.request, ActNotHeld(act=Act.VERIFY_OWNERSHIP))
        context |= {
            "desks": desks,
            "heading": _("导入"),
            "breadcrumb": [
                self.above(),
                {"label": _("导入")},
            ],
        }
        return render(self.request, "appraisal/imports/page.html", context, status=status)

    def above(self) -> dict[str, Any]:
        """The page from which the person comes: administrators have no register of units."""
        if imports.may_import_posts(self.person):
            return {"label": _("账号管理"), "url": reverse("quotas:accounts")}
        return {"label": _("单位资料"), "url": reverse("appraisal:employers")}

    @staticmethod
    def empty_form(desk: ImportDesk) -> UploadForm:
        """The upload form of a kind, with ids of its own: two of them stand on one page."""
        return UploadForm(desk.kind, auto_id=f"id_{desk.kind.value}_%s")

    def draw_outcome(
        self, desk: ImportDesk, outcome: ImportOutcome, digest: str, round_id: int | None
    ) -> HttpResponse:
        """The page with what the check found; with a digest, it can be confirmed."""
        problems = outcome.report.problems
        confirm = ConfirmForm(desk.kind, initial={"digest": digest, "round": round_id}) if digest else None
        return self.draw(
            status=answers.UNPROCESSABLE if problems else 200,
            checked=desk,
            report=outcome.report,
            problems=[_shown(problem) for problem in problems[:PROBLEMS_SHOWN]],
            hidden=max(len(problems) - PROBLEMS_SHOWN, 0),
            notices=[_shown(notice) for notice in outcome.notices],
            confirm=confirm,
        )

    def tell(self, desk: ImportDesk, report: Report) -> HttpResponse:
        """What was done; with the one-time passwords of new accounts, in this answer and nowhere else."""
        words = {
            "title": desk.title,
            "created": report.created,
            "unchanged": report.unchanged,
            "accounts": report.accounts,
        }
        if not report.slips:
            told = _("%(title)s：已导入 %(created)s 行，%(unchanged)s 行与已有内容相同。") % words
            messages.success(self.request, told)
            return redirect("appraisal:imports")
        return slips_page(
            self.request,
            report.slips,
            told=_("%(title)s：已导入 %(created)s 行，开设或更新账号 %(accounts)s 个。") % words,
            half=FIRST if desk.kind is ImportKind.POSTS else WHOLE,
            back_url=reverse("appraisal:imports"),
        )


class Imports(_ImportPage):
    """What can be imported."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        return self.draw()


class ImportCheck(_ImportPage):
    """Check an uploaded workbook by a dry run. Nothing is saved but the workbook, until it is confirmed."""

    def get(self, _request: HttpRequest, kind: str) -> HttpResponse:
        _desk(kind)
        return redirect("appraisal:imports")

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        desk = _desk(kind)
        if not desk.may(self.person):
            # Before the file is looked at: whoever may not import has no use of the reader.
            return answers.page(request, ActNotHeld(act=desk.act))
        form = UploadForm(desk.kind, request.POST, request.FILES, auto_id=f"id_{kind}_%s")
        if not form.is_valid():
            return self.draw({desk.kind: form}, status=answers.UNPROCESSABLE)
        # One byte more than is taken shows that it is too large; the rest need not be read.
        content = form.cleaned_data["file"].read(MAX_BYTES + 1)
        try:
            outcome = self.run(kind, content, form.round_id, dry_run=True)
            digest = ""
            if not outcome.report.problems and (outcome.report.created or outcome.report.accounts):
                digest = uploads.keep(kind=desk.kind, actor=self.person, content=content)
        except DomainError as error:
            return answers.page(request, error, again_url=reverse("appraisal:imports"))
        return self.draw_outcome(desk, outcome, digest, form.round_id)


class ImportConfirm(_ImportPage):
    """Import the workbook that was checked, or drop it."""

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        desk = _desk(kind)
        if not desk.may(self.person):
            return answers.page(request, ActNotHeld(act=desk.act))
        if "drop" in request.POST:
            uploads.drop(kind=desk.kind, actor=self.person)
            return redirect("appraisal:imports")
        form = ConfirmForm(desk.kind, request.POST)
        try:
            if not form.is_valid():
                return self.draw(status=answers.UNPROCESSABLE)
            content = uploads.kept(kind=desk.kind, actor=self.person, digest=form.cleaned_data["digest"])
            outcome = self.run(kind, content, form.round_id, dry_run=False)
        except DomainError as error:
            return answers.page(request, error, again_url=reverse("appraisal:imports"))
        uploads.drop(kind=desk.kind, actor=self.person)
        if outcome.report.problems:
            return self.draw_outcome(desk, outcome, "", form.round_id)
        return self.tell(desk, outcome.report)


class ImportTemplate(_SignedIn):
    """The blank form of one kind."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        desk = _desk(kind)
        if not desk.may(self.person):
            return answers.page(request, ActNotHeld(act=desk.act))
        answer = HttpResponse(desk.template(), content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="{desk.filename}"'
        return answer


class UnitPasswords(_SignedIn):
    """New one-time passwords for people of units who have never signed in, when their sheet was lost."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The question."""
        if not imports.may_import_employers(self.person):
            raise Http404
        context = {
            "half": WHOLE,
            "number": employers.number_never_signed_in(self.person),
            "breadcrumb": [
                {"label": _("导入"), "url": reverse("appraisal:imports")},
                {"label": _("补发一次性密码")},
            ],
        }
        return render(request, "quotas/people/halves.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """The sheet."""
        if not imports.may_import_employers(self.person):
            raise Http404
        try:
            issued = employers.reissue(actor=self.person)
        except DomainError as error:
            return answers.page(request, error, again_url=request.path)
        if not issued:
            messages.info(request, _("没有需要补发的：各单位的人员都已登录过。"))
            return redirect("appraisal:unit_passwords")
        slips = [
            ImportSlip(
                post.employer.name,
                post.get_role_display(),
                each.user.name,
                each.user.username,
                each.user.phone,
                each.password,
            )
            for post, each in issued
        ]
        told = _("已补发 %(number)s 份，以前那张发放单作废。") % {"number": len(slips)}
        return slips_page(request, slips, told=told, half=WHOLE, back_url=reverse("appraisal:imports"))
