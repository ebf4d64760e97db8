"""The import page: upload a workbook, read what is wrong with it or what it would bring, confirm, done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
from appraisal.register.services import unit_people
from appraisal.workbooks.import_rows import ImportSlip, Report, RowProblem
from appraisal.workbooks.reader import MAX_BYTES
from quotas.base import answers
from quotas.base.errors import DomainError
from quotas.base.pages import PRESS, READ, ActPage
from quotas.base.wording import sentence
from quotas.people.views.slips import FIRST, WHOLE, slips_page
from quotas.rounds.services import rounds
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
            lambda: nomination_template(rounds.asked_in()),
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


class _ImportPage(ActPage):
    """What the pages of all imports share."""

    import_nominations = staticmethod(imports.import_nominations)
    """The floor above begins the process of each draft as well."""

    def run(self, kind: str, content: bytes, round_id: int | None, *, dry_run: bool) -> ImportOutcome:
        """Nominations come into a round, everything else into none."""
        desk = _desk(kind)
        given: dict[str, Any] = {"actor": self.request.user, "dry_run": dry_run}
        table: Any
        match desk.kind:
            case ImportKind.NOMINATIONS:
                table = read_nominations(content, rounds.asked_in(round_id), most=MOST_ROWS)
                bring_in: Callable[..., Report] = self.import_nominations
                given["round_id"] = round_id
            case ImportKind.POSTS:
                table, bring_in = read_posts(content, most=MOST_ROWS), imports.import_posts
            case _:
                table, bring_in = read_employers(content, most=MOST_ROWS), imports.import_employers
        return ImportOutcome(bring_in(rows=table.rows, problems=table.problems, **given), table.notices)

    template_name = "appraisal/imports/page.html"

    @property
    def again_url(self) -> str:
        """What can be imported."""
        return reverse("appraisal:imports")

    def context(self) -> dict[str, Any]:
        """An upload form for everything that this person may import."""
        desks = [
            {"desk": desk, "form": self.forms.get(desk.kind) or self.empty_form(desk)}
            for desk in DESKS.values()
            if desk.may(self.request.user)
        ]
        if not desks:
            raise ActNotHeld(act=Act.VERIFY_OWNERSHIP)
        return {
            "desks": desks,
            "heading": _("导入"),
            "breadcrumb": [
                self.above(),
                {"label": _("导入")},
            ],
        }

    def above(self) -> dict[str, Any]:
        """The page from which the person comes: administrators have no register of units."""
        if imports.may_import_posts(self.request.user):
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

    http_method_names = READ


class _Import(_ImportPage):
    """An import of one kind. Whoever may not do it is refused before the file is looked at."""

    import_desk: ImportDesk

    def prepare(self, kind: str) -> None:
        """The kind of the address."""
        self.import_desk = _desk(kind)
        if self.request.method == "POST" and not self.import_desk.may(self.request.user):
            raise ActNotHeld(act=self.import_desk.act)


class ImportCheck(_Import):
    """Check an uploaded workbook by a dry run. Nothing is saved but the workbook, until it is confirmed."""

    def look(self) -> HttpResponse:
        """The upload forms stand on a page of their own."""
        return redirect("appraisal:imports")

    def act(self) -> HttpResponse:
        """Check."""
        kind = self.import_desk.kind
        sent = UploadForm(kind, self.request.POST, self.request.FILES, auto_id=f"id_{kind.value}_%s")
        form = self.bind(sent, kind)
        # One byte more than is taken shows that it is too large; the rest need not be read.
        content = form.cleaned_data["file"].read(MAX_BYTES + 1)
        outcome = self.run(kind, content, form.round_id, dry_run=True)
        digest = ""
        if not outcome.report.problems and (outcome.report.created or outcome.report.accounts):
            digest = uploads.keep(kind=kind, actor=self.request.user, content=content)
        del self.forms[kind]
        return self.draw_outcome(self.import_desk, outcome, digest, form.round_id)


class ImportConfirm(_Import):
    """Import the workbook that was checked, or drop it."""

    http_method_names = PRESS

    def act(self) -> HttpResponse:
        """Import it."""
        kind, actor = self.import_desk.kind, self.request.user
        if "drop" in self.request.POST:
            uploads.drop(kind=kind, actor=actor)
            return redirect("appraisal:imports")
        form = self.bind(ConfirmForm(kind, self.request.POST), "confirm")
        content = uploads.kept(kind=kind, actor=actor, digest=form.cleaned_data["digest"])
        outcome = self.run(kind, content, form.round_id, dry_run=False)
        uploads.drop(kind=kind, actor=actor)
        if outcome.report.problems:
            return self.draw_outcome(self.import_desk, outcome, "", form.round_id)
        return self.tell(self.import_desk, outcome.report)

    def refused(self, error: DomainError) -> HttpResponse:
        """Nobody types anything here."""
        return answers.page(self.request, error, again_url=self.again_url)


class ImportTemplate(ActPage):
    """The blank form of one kind."""

    http_method_names = READ

    def look(self) -> HttpResponse:
        """The file."""
        desk = _desk(self.kwargs["kind"])
        if not desk.may(self.request.user):
            raise ActNotHeld(act=desk.act)
        answer = HttpResponse(desk.template(), content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="{desk.filename}"'
        return answer


class UnitPasswords(ActPage):
    """New one-time passwords for people of units who have never signed in, when their sheet was lost."""

    template_name = "quotas/people/halves.html"

    def prepare(self) -> None:
        """Not there for those who open no accounts of units."""
        if not imports.may_import_employers(self.request.user):
            raise Http404

    def context(self) -> dict[str, Any]:
        """The question."""
        return {
            "half": WHOLE,
            "number": unit_people.number_never_signed_in(self.request.user),
            "breadcrumb": [
                {"label": _("导入"), "url": reverse("appraisal:imports")},
                {"label": _("补发一次性密码")},
            ],
        }

    def act(self) -> HttpResponse:
        """The sheet."""
        issued = unit_people.reissue(actor=self.request.user)
        if not issued:
            messages.info(self.request, _("没有需要补发的：各单位的人员都已登录过。"))
            return redirect(self.address)
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
        back_url = reverse("appraisal:imports")
        return slips_page(self.request, slips, told=told, half=WHOLE, back_url=back_url)
