"""The tasks of a slate: compile, sign, publish, settle, name; and the expert score of one nomination.

Each page draws the slate as `appraisal.slates.views.slate_board` shows it and calls one service through a turn.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import BadRequest
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.deadlines.views import timing
from appraisal.gate.services import gate
from appraisal.namings.services import namings
from appraisal.nominations.services import scores
from appraisal.nominations.views import dossier
from appraisal.notices.forms import PublishForm
from appraisal.notices.services import notices
from appraisal.notices.views import public_tables
from appraisal.notices.views.objections import objection_of, objections_of
from appraisal.records import rules, tones
from appraisal.records.services.offices import offices
from appraisal.records.states import EntryKind, SlateState
from appraisal.slates.forms import (
    ApprovalForm,
    EntryReasonForm,
    FindingForm,
    NamingForm,
    ReasonForm,
    ScoreForm,
    ScoresForm,
    SignForm,
    SlateDraft,
    act_on,
    moved,
)
from appraisal.slates.refusals import UnreviewedAtDesk
from appraisal.slates.services import classifications, deviations, slates, succession, unreviewed
from appraisal.slates.services.deviations import Approval
from appraisal.slates.views import slate_board, slate_page, workbench
from appraisal.slates.views.slates import slate_of
from quotas.arithmetic.workdays import Unannounced
from quotas.base import answers, clock, outside
from quotas.base.errors import DomainError, InvalidInput, RuleViolation
from quotas.base.fields import VersionForm
from quotas.base.pages import PRESS, ActPage, Acts
from quotas.base.refusals import Stale
from quotas.base.states import Office, ReservePolicy, Stage
from quotas.base.text import whole
from quotas.base.wording import sentence
from quotas.rounds.services import rounds
from quotas.templatetags.px import day
from workflows import turns
from workflows.inbox import desk
from workflows.tasks.base import TaskPage

UNPROCESSABLE = answers.UNPROCESSABLE

ORDERS = (
    ("number", gettext_lazy("按申报编号")),
    ("score", gettext_lazy("按得分")),
    ("rank", gettext_lazy("按下级推荐顺序")),
)
OWNERSHIPS = (
    ("", gettext_lazy("全部")),
    ("non_public", gettext_lazy("非公有制")),
    ("public", gettext_lazy("公有制及未核验")),
)


_OF_ONE_ROW = frozenset({*EntryKind.values, "up", "down", "drop"})
"""The buttons of the workbench that put one row somewhere else."""


def _with_fields(error: DomainError, names: Mapping[str, str]) -> DomainError:
    """The refusal with its fields named as the form names them."""
    if not isinstance(error, InvalidInput):
        return error
    return InvalidInput(
        *(problem.at(names.get(problem.field or "", problem.field)) for problem in error.problems)
    )


class SlatePage(TaskPage):
    """What the task pages of a slate share."""

    asked = False
    """Whether the keeper is asked for what lies unreviewed at the desk, before the slate is handed in or leaves."""

    @property
    def seen(self) -> str:
        """What the page has shown of that, as the service compares it."""
        pressed = outside.word(self.request.POST, "act")
        return outside.word(self.request.POST, "unreviewed") or pressed.partition(":")[2]

    def refused(self, error: DomainError) -> HttpResponse:
        """Answers like every task page, but asks about unreviewed nominations on the page itself, with everything
        typed.
        """
        if not isinstance(error, UnreviewedAtDesk):
            return super().refused(error)
        self.asked = True
        return self.draw(status=answers.status_of(error))

    @property
    def slate(self) -> Any:
        """The slate, with award, round and body."""
        return self.turn.subject

    def fresh(self) -> BaseForm:
        """Where nothing is typed: only the version that is shown."""
        return VersionForm(initial={"version": self.slate.version})

    def context(self) -> dict[str, Any]:
        """The slate's own breadcrumb and sentence besides what every task page has."""
        return {
            **super().context(),
            **timing.of_slate(self.slate, self.request.user),
            "slate": self.slate,
            "flagged": len(classifications.waiting(self.slate)),
            "unreviewed": unreviewed.of_slate(self.slate) if self.asked else None,
            "action": self.address,
            "breadcrumb": slate_page.breadcrumb(self.slate, str(self.turn.title)),
        }


class CompileSlate(SlatePage):
    """
    The workbench. Every choice comes with the whole draft and is answered with what it changes: by htmx the meter and
    the rows concerned, or all of it where much has changed; nothing is stored until 保存 or 提交推荐名单.
    """

    template_name = "workflows/tasks/slate/compile_slate.html"
    partial_name = "appraisal/slates/workbench/form.html"
    parts_name = "appraisal/slates/workbench/parts.html"

    draft: SlateDraft
    choice = ""
    before: workbench.BenchBefore | None = None
    handing_in = False
    broken = False
    """Whether the rules refused what was handed in: the board says which."""

    def look(self) -> HttpResponse:
        """The stored slate and the pool."""
        self.draft = self._stored()
        return self.draw()

    def act(self) -> HttpResponse:
        """One press of a button."""
        form = self.pressed(VersionForm(self.request.POST))
        self.forms["approval_form"] = ApprovalForm(self.request.POST)
        self.show_on(form)
        self.draft = SlateDraft.read(self.request.POST)
        act = self.request.POST.get("act", "")
        if act == "save":
            self._set_entries(form.cleaned_data["version"])
            return self.done(_("名单已保存，尚未提交。"))
        if act.partition(":")[0] == "submit":
            self.handing_in = True
            paper = self.bind(ApprovalForm(self.request.POST), "approval_form")
            self.show_on(form)
            self.perform(self._hand_in, form.cleaned_data["version"], Approval(**paper.cleaned_data))
            return self.done(_("推荐名单已提交，待领导签发。"), self.subject_url)
        self.choice = act
        if self._by_htmx and act.partition(":")[0] in _OF_ONE_ROW:
            self.before = workbench.BenchBefore.read(self.request.POST)
        self.draft = self._after(act)
        return self.draw()

    def refused(self, error: DomainError) -> HttpResponse:
        """What keeps it from being handed in stands on the board itself, and what its approval lacks at its fields."""
        if isinstance(error, InvalidInput) and error.field in ApprovalForm.base_fields:
            self.show_on(self.forms["approval_form"], "approval_form")
        if not (self.handing_in and isinstance(error, RuleViolation)):
            return super().refused(error)
        self.broken = True
        return self.draw(status=UNPROCESSABLE)

    def _after(self, act: str) -> SlateDraft:
        verb, _colon, kind = act.partition(":")
        if verb in {"view", "page"}:
            return self.draft
        if verb == "fill":
            return self._filled()
        if verb == "by_score" and kind in EntryKind.values:
            return self.draft.ordered_by(self._board().by_score(), kind)
        return act_on(self.draft, act)

    def _filled(self) -> SlateDraft:
        """The free regular places filled from the pool, in the order in which it is shown."""
        draft = self.draft
        for number in workbench.first_free(self.slate, draft, self._view()):
            draft = draft.put(number, EntryKind.REGULAR)
        return draft

    def _board(self) -> workbench.SlateBoard:
        return workbench.board(
            slate=self.slate,
            user=self.request.user,
            draft=self.draft,
            view=self._view(),
            pressed=self.choice,
            before=self.before,
        )

    def _view(self) -> workbench.View:
        return workbench.View.read(self.request.POST, self.choice)

    def _stored(self) -> SlateDraft:
        return workbench.stored(self.slate)

    @property
    def _by_htmx(self) -> bool:
        return "HX-Request" in self.request.headers

    def _set_entries(self, version: int) -> Any:
        return slates.set_entries(
            slate_id=self.slate.pk,
            version=version,
            actor=self.request.user,
            entries=self.draft.entries,
            lines=self.draft.lines,
        )

    def _hand_in(self, version: int, approval: Approval) -> Any:
        """Set the entries where they differ from what is stored, and submit, in one turn."""
        changed = moved(self.draft, self._stored())
        now = self._set_entries(version).version if changed else version
        return slates.submit(
            slate_id=self.slate.pk,
            version=now,
            actor=self.request.user,
            unreviewed=self.seen,
            approval=approval,
        )

    def draw(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """The whole page; for a press made with htmx the parts that changed, or the workbench where much did."""
        board = self._board()
        context = self._pressed(board) | more
        if board.changes is None or board.changes.pool or context["stale"]:
            context = self.context() | context
        if not self._by_htmx:
            return render(self.request, self.template_name, context, status=status)
        if board.changes is None or context["stale"]:
            return render(self.request, self.partial_name, context, status=status)
        answer = render(self.request, self.parts_name, context, status=status)
        # What templates are indented by is a quarter of so small an answer.
        answer.content = re.sub(rb"\n\s*", b"\n", answer.content)
        # Every part says itself where it belongs.
        answer["HX-Reswap"] = "none"
        return answer

    def _pressed(self, board: workbench.SlateBoard) -> dict[str, Any]:
        """The board for the draft, what is missing: all that a press of a button can change."""
        slate = self.slate
        form = self.forms.get("form") or self.fresh()
        version = whole(form["version"].value())
        if version is None:
            raise BadRequest
        stale = version != slate.version
        if stale and not form.errors:
            form.add_error(None, str(sentence(Stale())))
        return {
            "board": board,
            "form": form,
            "action": self.address,
            "approval_form": self.forms.get("approval_form") or self._paper(board),
            "version": version,
            "stale": stale,
            "changed": moved(self.draft, self._stored()),
            "refused": board.missing if self.broken else [],
            "tiles": slate_board.city_tiles(self.request.user, board.chosen)
            if slate.stage == Stage.PROVINCE
            else [],
        }

    def context(self) -> dict[str, Any]:
        """What stands on the page whatever is pressed: how the pool is ordered, what is still awaited."""
        slate = self.slate
        return {
            **super().context(),
            "awaited": slate_board.awaited(slate),
            "reviewing": slate_board.reviewing(slate),
            "orders": ORDERS,
            "ownerships": OWNERSHIPS,
            "due_at": rounds.due_at(
                round_id=slate.round_award.round_id, stage=slate.stage, body_id=slate.body_id
            ),
            "submit_note": self._note(),
            "acts": [
                {"label": _("保存"), "name": "act", "value": "save"},
                {"label": _("提交推荐名单"), "name": "act", "value": "submit", "tone": "primary"},
            ],
            "final": slate_page.is_final(slate),
        }

    def _paper(self, board: workbench.SlateBoard) -> ApprovalForm:
        """The approval that was recorded, as long as it is of this very list."""
        known = bool(board.report.advised) and deviations.covers(self.slate, board.report)
        return ApprovalForm(initial=slate_board.approval_of(self.slate) if known else None)

    def _note(self) -> str:
        number = len(offices(self.slate.round_award.award, self.slate.body))
        if number > 1:
            return _("提交后由总工会和组织部领导分别签发；签发前可以拿回。")
        return _("提交后由总工会领导签发；签发前可以拿回。")


class SignSlate(SlatePage):
    """A leader signs the slate as it will be published, or sends it back with the reason."""

    template_name = "workflows/tasks/slate/sign_slate.html"
    office: Office

    def fresh(self) -> BaseForm:
        """The decision."""
        return SignForm(initial={"version": self.slate.version})

    def act(self) -> HttpResponse:
        """Decide."""
        form = self.bind(SignForm(self.request.POST))
        slate = self.perform(
            slates.sign,
            slate_id=self.slate.pk,
            version=form.cleaned_data["version"],
            office=self.office,
            actor=self.request.user,
            signed=form.signed,
            text=form.cleaned_data["opinion"],
        )
        if not form.signed:
            return self.done(_("名单已退回名单负责人修改。"), self.subject_url)
        if slate.state == SlateState.SIGNED:
            return self.done(_("已签发。名单负责人现在可以发布公示。"), self.subject_url)
        return self.done(_("已签发，还待另一部门领导签发。"), self.subject_url)

    def refused(self, error: DomainError) -> HttpResponse:
        """What is wrong with the text stands at the field, which the form calls the opinion."""
        return super().refused(_with_fields(error, {"text": "opinion"}))

    def context(self) -> dict[str, Any]:
        """The entries, the checks, earlier decisions, and what each choice leads to."""
        slate = self.slate
        report = gate.report(slate_id=slate.pk)
        opinions = slate_page.sign_offs(slate)
        rows, _removed = slate_board.entry_rows(slate)
        last = 1 + sum(1 for one in opinions if one["current"]) >= len(
            offices(slate.round_award.award, slate.body)
        )
        return {
            **super().context(),
            "rows": rows,
            "scored": any(row.score for row in rows),
            **slate_board.gate_context(report, slate),
            "missing": slate_board.missing(report),
            "opinions": opinions,
            "choices": [
                {
                    "value": SignForm.SIGN,
                    "label": _("签发"),
                    "tone": tones.signed(signs=True),
                    "key": "a",
                    "next": _("签发后由名单负责人发布公示。")
                    if last
                    else _("还待另一部门领导签发，两部门都签发后发布公示。"),
                },
                {
                    "value": SignForm.REFUSE,
                    "label": _("退回修改"),
                    "tone": tones.signed(signs=False),
                    "key": "r",
                    "help": _("须写明理由。"),
                    "next": _("名单回到编制，修改后须重新提交，由各部门重新签发。"),
                },
            ],
            "phrases": [_("同意。"), _("请核对推荐顺序后重新提交。"), _("请补充说明推荐理由。")],
        }


class UnionSign(SignSlate):
    """For the trade union."""

    office = Office.UNION


class PartySign(SignSlate):
    """For the organisation department."""

    office = Office.PARTY


class PublishNotice(SlatePage):
    """When the notice runs and who hears objections, above exactly what the public will read."""

    template_name = "workflows/tasks/slate/publish_notice.html"

    def fresh(self) -> BaseForm:
        """From today, until the computed day."""
        initial = {
            "version": self.slate.version,
            "starts_on": clock.today(),
            "contact": notices.usual_contact(self.slate),
        }
        return PublishForm(initial=initial)

    def _preview(self) -> HttpResponse:
        """Compute the days again."""
        self.bind(PublishForm(self.request.POST))
        return self.draw()

    def _publish(self) -> HttpResponse:
        form = self.bind(PublishForm(self.request.POST))
        notice = self.perform(
            turns.publish,
            slate_id=self.slate.pk,
            version=form.cleaned_data["version"],
            actor=self.request.user,
            **form.values(),
        )
        return self.done(
            _("公示已发布，到 %(end)s 结束，任何人不用登录即可查看。期满后处理异议，再继续办理。")
            % {"end": day(notice.ends_on)},
            self.subject_url,
        )

    acts: ClassVar[Acts] = {"preview": _preview, "publish": _publish, "": _publish}

    def context(self) -> dict[str, Any]:
        """The notice as the public will see it."""
        slate, context = self.slate, super().context()
        form = context["form"]
        given = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
        starts_on = given.get("starts_on") or clock.today()
        computed = notices.computed_end(slate.round_award.round, starts_on)
        unannounced = computed if isinstance(computed, Unannounced) else None
        computed_end = None if isinstance(computed, Unannounced) else computed
        ends_on = given.get("ends_on") or computed_end
        report = gate.report(slate_id=slate.pk)
        return {
            **context,
            "title": notices.title_of(slate),
            "starts_on": starts_on,
            "computed_end": computed_end,
            "unannounced": unannounced,
            "ends_on": ends_on,
            "too_late": notices.too_late(slate, ends_on) if ends_on else None,
            "final": slate_page.is_final(slate),
            "contact": given.get("contact", ""),
            "issuers": notices.issued_by(slate_id=slate.pk),
            "round": slate.round_award.round,
            "acts": [
                {"label": _("重新计算日期"), "name": "act", "value": "preview"},
                {
                    "label": _("发布公示"),
                    "name": "act",
                    "value": "publish",
                    "tone": "primary",
                    "question": _("发布“%(slate)s”的公示？") % {"slate": slate},
                    "consequence": _("公示内容随即向社会公开，发布后不能改动，也不能收回。"),
                },
            ],
            "groups": public_tables.public_groups(notices.preview(slate_id=slate.pk)),
            "masked": notices.masked(slate_id=slate.pk),
            **slate_board.gate_context(report, slate),
            "missing": slate_board.missing(report, advised=True),
        }


class SettleObjections(SlatePage):
    """After the notice: objections, vacancies, the gate once more, and the slate goes on its way."""

    template_name = "workflows/tasks/slate/settle_objections.html"

    def act(self) -> HttpResponse:
        """One act: remove an entry, promote a reserve, send up or finalise."""
        act, _colon, number = self.request.POST.get("act", "").partition(":")
        match act:
            case "remove":
                return self._remove()
            case "promote":
                return self._promote(outside.required_row(number))
            case "send_up":
                return self._go_on()
            case _:
                raise BadRequest

    def _entries(self) -> list[tuple[int, str]]:
        rows, _removed = slate_board.entry_rows(self.slate)
        return [(row.nomination.pk, str(row.nomination)) for row in rows]

    def _remove(self) -> HttpResponse:
        sent = EntryReasonForm(self.request.POST, entries=self._entries(), auto_id="remove_%s")
        given = self.bind(sent, "remove_form").cleaned_data
        slates.remove_entry(
            slate_id=self.slate.pk,
            version=given["version"],
            nomination_id=given["nomination"],
            actor=self.request.user,
            reason=given["reason"],
        )
        return self.done(_("已移出名单，其后的推荐顺序依次前移。"))

    def _promote(self, nomination_id: int) -> HttpResponse:
        form = self.pressed(VersionForm(self.request.POST))
        self.show_on(form)
        slates.promote_reserve(
            slate_id=self.slate.pk,
            version=form.cleaned_data["version"],
            nomination_id=nomination_id,
            actor=self.request.user,
        )
        return self.done(_("后备已递补为正选。"))

    def _go_on(self) -> HttpResponse:
        form = self.pressed(VersionForm(self.request.POST))
        self.show_on(form)
        final = slate_page.is_final(self.slate)
        self.perform(
            slates.finalise if final else slates.send_up,
            slate_id=self.slate.pk,
            version=form.cleaned_data["version"],
            actor=self.request.user,
            unreviewed=self.seen,
        )
        told = (
            _("名单已审定，可以作出命名决定。")
            if final
            else _("名单已上报%(parent)s。") % {"parent": self.slate.body.parent}
        )
        return self.done(told, self.subject_url)

    def context(self) -> dict[str, Any]:
        """The notice, the objections, the slate, the gate."""
        slate = self.slate
        report = gate.report(slate_id=slate.pk)
        rows, removed = slate_board.entry_rows(slate)
        objections = objections_of(slate)
        ranked = slate.round_award.round.reserve_policy != ReservePolicy.VACANT
        line = succession.of_slate(slate) if ranked else None
        reserves = [row.nomination.pk for row in rows if row.kind == EntryKind.RESERVE] if line else []
        why = {
            number: sentence(line.reasons(number)[0])
            for number in reserves
            if line is not None and line.place_for(number) is None
        }
        given = slate_page.notices(slate)
        remove = self.forms.get("remove_form") or EntryReasonForm(
            initial={"version": slate.version},
            entries=[(row.nomination.pk, str(row.nomination)) for row in rows],
            auto_id="remove_%s",
        )
        return {
            **super().context(),
            "rows": [(row, why.get(row.nomination.pk)) for row in rows],
            "ranked": ranked,
            "removed": removed,
            "removed_tone": tones.REMOVED,
            "objections": objections,
            "open_objections": sum(1 for one in objections if one.closed_at is None),
            "notice": given[0] if given else None,
            **slate_board.gate_context(report, slate),
            "missing": slate_board.missing(report),
            "remove_form": remove,
            "final": slate_page.is_final(slate),
            "standing": slate_page.standing(slate, given[0] if given else None),
        }


class NamingDecision(SlatePage):
    """The decision that names: irrevocable, so the page names what it does."""

    template_name = "workflows/tasks/slate/naming_decision.html"

    def fresh(self) -> BaseForm:
        """A title is proposed, the number is the office's."""
        slate = self.slate
        title = namings.title_of(slate)
        initial = {"version": slate.version, "title": title, "decided_on": clock.today()}
        return NamingForm(initial=initial)

    def act(self) -> HttpResponse:
        """Decide."""
        form = self.bind(NamingForm(self.request.POST))
        self.perform(
            namings.decide,
            slate_id=self.slate.pk,
            actor=self.request.user,
            unreviewed=self.seen,
            **form.cleaned_data,
        )
        return self.done(_("命名决定已作出并公布。"), self.subject_url)

    def context(self) -> dict[str, Any]:
        """The named, and the checks on the final slate."""
        slate = self.slate
        report = gate.report(slate_id=slate.pk)
        groups = public_tables.public_groups(namings.preview(slate_id=slate.pk))
        return {
            **super().context(),
            "groups": groups,
            "masked": notices.masked(slate_id=slate.pk),
            "number": sum(len(group.rows) for group in groups),
            "acts": [{"label": _("作出命名决定"), "tone": "danger"}],
            "keeps": slate_page.keeps(self.request.user, slate),
            **slate_board.gate_context(report, slate),
            "missing": slate_board.missing(report),
        }


class ProvinceScoring(TaskPage):
    """The expert score of one nomination, beside its dossier."""

    template_name = "workflows/tasks/slate/province_scoring.html"

    @property
    def nomination(self) -> Any:
        """The nomination, with all that its dossier shows."""
        return self.turn.subject

    def fresh(self) -> BaseForm:
        """One field."""
        nomination = self.nomination
        return ScoreForm(initial={"version": nomination.version, "score": nomination.score})

    def act(self) -> HttpResponse:
        """Record the score."""
        given = self.bind(ScoreForm(self.request.POST)).cleaned_data
        self.perform(
            scores.record,
            nomination_id=self.nomination.pk,
            version=given["version"],
            actor=self.request.user,
            score=given["score"],
        )
        return self.done(_("得分已记录。"), "workflows:inbox")

    def context(self) -> dict[str, Any]:
        """The nomination as reviewers read it."""
        nomination = self.nomination
        viewer = dossier.viewer_of(nomination, self.request.user)
        return {
            **super().context(),
            "nomination": nomination,
            "sections": dossier.sections(nomination, viewer),
            "stages": dossier.rail(nomination, viewer),
            "opinions": dossier.opinions(nomination, viewer),
            "evidence": dossier.evidence(nomination),
        }


# Acts on a slate that no task asks for


class _SlateQuestion(ActPage):
    """A question about a slate that the user keeps; afterwards the slate as it is then."""

    template_name = "workflows/tasks/slate/confirm_slate.html"

    def prepare(self, pk: int) -> None:
        """The slate; not found for anybody who does not keep it."""
        self.slate = slate_of(self.request.user, pk)
        if not slate_page.keeps(self.request.user, self.slate):
            raise Http404

    @property
    def again_url(self) -> str:
        """The slate."""
        return reverse("appraisal:slate", args=[self.slate.pk])


class TakeBackPage(_SlateQuestion):
    """The keeper takes a submitted list back, as long as nobody has signed it."""

    def act(self) -> HttpResponse:
        """Take it back."""
        form = self.bind(VersionForm(self.request.POST))
        turns.take_back(slate_id=self.slate.pk, version=form.cleaned_data["version"], actor=self.request.user)
        return self.done(_("名单已拿回，可以继续编制。"), self.again_url)

    def context(self) -> dict[str, Any]:
        """What follows."""
        return {
            "heading": _("拿回名单"),
            "breadcrumb": slate_page.breadcrumb(self.slate, _("拿回")),
            "question": _("拿回“%(slate)s”的推荐名单？") % {"slate": self.slate},
            "consequences": [
                _("领导的签发待办随即取消，名单回到编制，名额不再占用。"),
                _("已有领导签发的，不能拿回，只能由领导退回修改。"),
            ],
            "act": _("拿回名单"),
            "back_url": self.again_url,
            "form": self.forms.get("form") or VersionForm(initial={"version": self.slate.version}),
        }


class ReopenPage(_SlateQuestion):
    """A signed slate is compiled again, with the reason on record."""

    def act(self) -> HttpResponse:
        """Open it again."""
        form = self.bind(ReasonForm(self.request.POST))
        turns.reopen(slate_id=self.slate.pk, actor=self.request.user, **form.cleaned_data)
        return self.done(_("名单已重新编制。"), self.again_url)

    def context(self) -> dict[str, Any]:
        """What follows."""
        return {
            "heading": _("重新编制"),
            "breadcrumb": slate_page.breadcrumb(self.slate, _("重新编制")),
            "question": _("重新编制“%(slate)s”的推荐名单？") % {"slate": self.slate},
            "consequences": [
                _("已有的签发和已结束的公示不再作数，修改后须重新提交、签发和公示。"),
                _("理由记入台账。"),
            ],
            "act": _("重新编制"),
            "back_url": self.again_url,
            "form": self.forms.get("form") or ReasonForm(initial={"version": self.slate.version}),
        }


class CloseNotice(_SlateQuestion):
    """The notice is over: on to the objections."""

    http_method_names = PRESS

    def act(self) -> HttpResponse:
        """Close it."""
        turns.close_notice(slate_id=self.slate.pk, actor=self.request.user)
        return self.done(_("公示期满，可以处理异议。"), self.again_url)


class SettleObjectionPage(ActPage):
    """Close an objection with its finding."""

    template_name = "workflows/tasks/slate/settle_objection.html"

    def prepare(self, pk: int) -> None:
        """An objection to a slate that the user keeps."""
        self.objection = objection_of(self.request.user, pk)
        self.slate = slate_of(self.request.user, self.objection.notice.slate_id)

    @property
    def again_url(self) -> str:
        """The objections to the slate."""
        return reverse("appraisal:objections", args=[self.slate.pk])

    def act(self) -> HttpResponse:
        """Close it."""
        form = self.bind(FindingForm(self.request.POST))
        turns.settle_objection(objection_id=self.objection.pk, actor=self.request.user, **form.cleaned_data)
        return self.done(_("异议已办结。"), self.again_url)

    def context(self) -> dict[str, Any]:
        """The objection."""
        return {
            "heading": _("异议办结"),
            "breadcrumb": slate_page.breadcrumb(self.slate, _("异议办结")),
            "objection": self.objection,
            "acts": [
                {"label": _("返回，不办理"), "url": self.again_url},
                {"label": _("异议办结"), "tone": "primary"},
            ],
            "slate": self.slate,
            "back_url": self.again_url,
            "form": self.forms.get("form") or FindingForm(),
        }


class SlateScoresPage(_SlateQuestion):
    """The expert scores of everything in the pool of the final slate, on one page; what was not changed stays."""

    template_name = "workflows/tasks/slate/slate_scores.html"

    def prepare(self, pk: int) -> None:
        """A final slate with its pool."""
        super().prepare(pk)
        if not slate_page.is_final(self.slate):
            raise Http404
        self.rows = slate_board.pool_rows(self.slate)

    def _form(self, *sent: Any) -> ScoresForm:
        return ScoresForm(*sent, rows=[row.nomination for row in self.rows])

    def act(self) -> HttpResponse:
        """Record those that were changed, all or none."""
        given = self.bind(self._form(self.request.POST)).given()
        tasks = desk.scoring_tasks(nomination_ids=given, user=self.request.user)
        number = turns.record_scores(actor=self.request.user, given=given, tasks=tasks)
        return self.done(_("已记录 %(number)s 件得分。") % {"number": number})

    def context(self) -> dict[str, Any]:
        """The pool, each with its field."""
        form: Any = self.forms.get("form") or self._form()
        return {
            "heading": _("评审得分"),
            "breadcrumb": slate_page.breadcrumb(self.slate, _("评审得分")),
            "slate": self.slate,
            "form": form,
            "rows": [
                (row, form[f"score-{row.nomination.pk}"], form[f"version-{row.nomination.pk}"])
                for row in self.rows
            ],
            "most_score": dossier.points(rules.MOST_SCORE),
            "missing_scores": sum(1 for row in self.rows if row.nomination.score is None),
        }
