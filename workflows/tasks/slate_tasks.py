"""The tasks of a list: compile, sign, publish, settle, name; and the expert score of one nomination.

Each page draws the list as `appraisal.slates.views.slate_board` shows it and calls one service through a turn.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from appraisal.deadlines.views import timing
from appraisal.gate.services import gate
from appraisal.namings.services import namings
from appraisal.nominations.services import scores
from appraisal.nominations.views import dossier
from appraisal.notices.forms import PublishForm
from appraisal.notices.services import notices
from appraisal.notices.views.objections import objection_of, objections_of
from appraisal.records.services.offices import offices
from appraisal.records.states import EntryKind, SlateState
from appraisal.slates.forms import (
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
from appraisal.slates.services import classifications, slates, unreviewed
from appraisal.slates.views import slate_board, slate_page, workbench
from appraisal.slates.views.slates import slate_of
from quotas.arithmetic.workdays import Unannounced
from quotas.base import answers, clock, outside
from quotas.base.errors import DomainError, InvalidInput, RuleViolation
from quotas.base.fields import VersionForm
from quotas.base.refusals import Stale
from quotas.base.states import Office, ReservePolicy, Stage
from quotas.base.text import whole
from quotas.base.wording import sentence
from quotas.rounds.services import rounds
from quotas.templatetags.px import day
from quotas.tree.requests import SignedIn
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
    """What the task pages of a list share."""

    asked = False
    """Whether the keeper is asked for what lies unreviewed at the desk, before the list is handed in or leaves."""

    @property
    def seen(self) -> str:
        """What the page has shown of that, as the service compares it."""
        pressed = outside.word(self.request.POST, "act")
        return outside.word(self.request.POST, "unreviewed") or pressed.partition(":")[2]

    def refused(self, error: DomainError, form: BaseForm) -> HttpResponse:
        """Answers like every task page, but asks about unreviewed nominations on the page itself, with everything
        typed.
        """
        if not isinstance(error, UnreviewedAtDesk):
            return super().refused(error, form)
        self.asked = True
        return self.draw(form, status=409)

    @property
    def slate(self) -> Any:
        """The list, with award, round and body."""
        return self.turn.subject

    def context(self, form: BaseForm) -> dict[str, Any]:
        """The list's own breadcrumb and sentence besides what every task page has."""
        return {
            **super().context(form),
            **timing.of_slate(self.slate, self.request.user),
            "slate": self.slate,
            "flagged": len(classifications.waiting(self.slate)),
            "unreviewed": unreviewed.of_slate(self.slate) if self.asked else None,
            "action": self.address,
            "breadcrumb": slate_page.breadcrumb(self.slate, str(self.turn.title)),
        }

    def done(self, text: str) -> HttpResponse:
        """Say what was done, and show the list."""
        messages.success(self.request, text)
        return redirect(self.subject_url)


class CompileSlate(SlatePage):
    """
    The workbench. Every choice comes with the whole draft and is answered with what it changes: by htmx the meter and
    the rows concerned, or all of it where much has changed; nothing is stored until 保存 or 提交推荐名单.
    """

    template_name = "workflows/tasks/slate/compile_slate.html"
    partial_name = "appraisal/slates/workbench/form.html"
    parts_name = "appraisal/slates/workbench/parts.html"

    draft: SlateDraft
    pressed = ""
    before: workbench.BenchBefore | None = None
    refusal: RuleViolation | None = None

    def get(self, _request: SignedIn, **_turn: Any) -> HttpResponse:
        """The stored list and the pool."""
        self.draft = self._stored()
        return self.draw(VersionForm(initial={"version": self.slate.version}))

    def post(self, request: SignedIn, **_turn: Any) -> HttpResponse:
        """One press of a button."""
        form = VersionForm(request.POST)
        if not form.is_valid():
            raise BadRequest
        self.draft = SlateDraft.read(request.POST)
        act = request.POST.get("act", "")
        if act == "save":
            return self._save(form)
        if act.partition(":")[0] == "submit":
            return self._submit(form)
        self.pressed = act
        if self._by_htmx and act.partition(":")[0] in _OF_ONE_ROW:
            self.before = workbench.BenchBefore.read(request.POST)
        self.draft = self._after(act)
        return self.draw(form)

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
            pressed=self.pressed,
            before=self.before,
        )

    def _view(self) -> workbench.View:
        return workbench.View.read(self.request.POST, self.pressed)

    def _stored(self) -> SlateDraft:
        return workbench.stored(self.slate)

    @property
    def _by_htmx(self) -> bool:
        return "HX-Request" in self.request.headers

    def _set_entries(self, version: int) -> Any:
        return slates.set_entries(
            slate_id=self.slate.pk, version=version, actor=self.request.user, entries=self.draft.entries
        )

    def _save(self, form: BaseForm) -> HttpResponse:
        try:
            self._set_entries(form.cleaned_data["version"])
        except DomainError as error:
            return self.refused(error, form)
        messages.success(self.request, _("名单已保存，尚未提交。"))
        return redirect(self.address)

    def _submit(self, form: BaseForm) -> HttpResponse:
        version = form.cleaned_data["version"]

        def act() -> Any:
            changed = moved(self.draft, self._stored())
            now = self._set_entries(version).version if changed else version
            return slates.submit(
                slate_id=self.slate.pk, version=now, actor=self.request.user, unreviewed=self.seen
            )

        try:
            self.perform(act)
        except RuleViolation as error:
            self.refusal = error
            return self.draw(form, status=UNPROCESSABLE)
        except DomainError as error:
            return self.refused(error, form)
        return self.done(_("推荐名单已提交，待领导签发。"))

    def draw(self, form: BaseForm, *, status: int = 200, **_more: Any) -> HttpResponse:
        """The whole page; for a press made with htmx the parts that changed, or the workbench where much did."""
        context = self.context(form)
        if not self._by_htmx:
            return render(self.request, self.template_name, context, status=status)
        if context["board"].changes is None or context["stale"]:
            return render(self.request, self.partial_name, context, status=status)
        answer = render(self.request, self.parts_name, context, status=status)
        # Every part says itself where it belongs.
        answer["HX-Reswap"] = "none"
        return answer

    def context(self, form: BaseForm) -> dict[str, Any]:
        """The board for the draft, what is missing, what is still awaited."""
        slate = self.slate
        board = self._board()
        version = whole(form["version"].value())
        if version is None:
            raise BadRequest
        stale = version != slate.version
        if stale and not form.errors:
            form.add_error(None, str(sentence(Stale())))
        return {
            **super().context(form),
            "board": board,
            "version": version,
            "stale": stale,
            "changed": moved(self.draft, self._stored()),
            "refused": board.missing if self.refusal else [],
            "awaited": slate_board.awaited(slate),
            "reviewing": slate_board.reviewing(slate),
            "orders": ORDERS,
            "ownerships": OWNERSHIPS,
            "tiles": slate_board.city_tiles(self.request.user, board.chosen)
            if slate.stage == Stage.PROVINCE
            else [],
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

    def _note(self) -> str:
        number = len(offices(self.slate.round_award.award, self.slate.body))
        if number > 1:
            return _("提交后由总工会和组织部领导分别签发；签发前可以拿回。")
        return _("提交后由总工会领导签发；签发前可以拿回。")


class SignSlate(SlatePage):
    """A leader signs the list as it will be published, or sends it back with the reason."""

    template_name = "workflows/tasks/slate/sign_slate.html"
    office: Office

    def get(self, _request: SignedIn, **_turn: Any) -> HttpResponse:
        """The list and the decision."""
        return self.draw(SignForm(initial={"version": self.slate.version}))

    def post(self, request: SignedIn, **_turn: Any) -> HttpResponse:
        """The decision."""
        form = SignForm(request.POST)
        if not form.is_valid():
            return self.draw(form, status=UNPROCESSABLE)
        given = form.cleaned_data
        try:
            slate = self.perform(
                lambda: slates.sign(
                    slate_id=self.slate.pk,
                    version=given["version"],
                    office=self.office,
                    actor=request.user,
                    signed=form.signed,
                    text=given["opinion"],
                )
            )
        except DomainError as error:
            return self.refused(_with_fields(error, {"text": "opinion"}), form)
        if not form.signed:
            return self.done(_("名单已退回名单负责人修改。"))
        if slate.state == SlateState.SIGNED:
            return self.done(_("已签发。名单负责人现在可以发布公示。"))
        return self.done(_("已签发，还待另一部门领导签发。"))

    def context(self, form: BaseForm) -> dict[str, Any]:
        """The entries, the checks, earlier decisions, and what each choice leads to."""
        slate = self.slate
        report = gate.report(slate_id=slate.pk)
        opinions = slate_page.sign_offs(slate)
        rows, _removed = slate_board.entry_rows(slate)
        last = 1 + sum(1 for one in opinions if one["current"]) >= len(
            offices(slate.round_award.award, slate.body)
        )
        return {
            **super().context(form),
            "rows": rows,
            "scored": any(row.score for row in rows),
            **slate_board.gate_context(report),
            "missing": slate_board.missing(report),
            "opinions": opinions,
            "choices": [
                {
                    "value": SignForm.SIGN,
                    "label": _("签发"),
                    "tone": "done",
                    "key": "a",
                    "next": _("签发后由名单负责人发布公示。")
                    if last
                    else _("还待另一部门领导签发，两部门都签发后发布公示。"),
                },
                {
                    "value": SignForm.REFUSE,
                    "label": _("退回修改"),
                    "tone": "returned",
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

    def get(self, _request: SignedIn, **_turn: Any) -> HttpResponse:
        """From today, until the computed day."""
        initial = {
            "version": self.slate.version,
            "starts_on": clock.today(),
            "contact": notices.usual_contact(self.slate),
        }
        return self.draw(PublishForm(initial=initial))

    def post(self, request: SignedIn, **_turn: Any) -> HttpResponse:
        """Publish, or for `act=preview` compute the days again."""
        form = PublishForm(request.POST)
        if not form.is_valid():
            return self.draw(form, status=UNPROCESSABLE)
        if request.POST.get("act") == "preview":
            return self.draw(form)
        try:
            notice = self.perform(
                lambda: turns.publish(
                    slate_id=self.slate.pk,
                    version=form.cleaned_data["version"],
                    actor=request.user,
                    **form.values(),
                )
            )
        except DomainError as error:
            return self.refused(error, form)
        return self.done(
            _("公示已发布，到 %(end)s 结束，任何人不用登录即可查看。期满后处理异议，再继续办理。")
            % {"end": day(notice.ends_on)}
        )

    def context(self, form: BaseForm) -> dict[str, Any]:
        """The notice as the public will see it."""
        slate = self.slate
        given = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
        starts_on = given.get("starts_on") or clock.today()
        computed = notices.computed_end(slate.round_award.round, starts_on)
        unannounced = computed if isinstance(computed, Unannounced) else None
        computed_end = None if isinstance(computed, Unannounced) else computed
        ends_on = given.get("ends_on") or computed_end
        report = gate.report(slate_id=slate.pk)
        return {
            **super().context(form),
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
            "groups": slate_page.public_groups(notices.preview(slate_id=slate.pk)),
            "masked": notices.masked(slate_id=slate.pk),
            **slate_board.gate_context(report),
            "missing": slate_board.missing(report, advised=True),
        }


class SettleObjections(SlatePage):
    """After the notice: objections, vacancies, the gate once more, and the list goes on its way."""

    template_name = "workflows/tasks/slate/settle_objections.html"

    def get(self, _request: SignedIn, **_turn: Any) -> HttpResponse:
        """Where the list stands."""
        return self.draw(VersionForm(initial={"version": self.slate.version}))

    def post(self, request: SignedIn, **_turn: Any) -> HttpResponse:
        """One act: remove an entry, promote a reserve, send up or finalise."""
        act, _colon, number = request.POST.get("act", "").partition(":")
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
        form = EntryReasonForm(self.request.POST, entries=self._entries(), auto_id="remove_%s")
        if not form.is_valid():
            return self.draw(form, status=UNPROCESSABLE)
        given = form.cleaned_data
        try:
            slates.remove_entry(
                slate_id=self.slate.pk,
                version=given["version"],
                nomination_id=given["nomination"],
                actor=self.request.user,
                reason=given["reason"],
            )
        except DomainError as error:
            return self.refused(error, form)
        messages.success(self.request, _("已移出名单，其后的推荐顺序依次前移。"))
        return redirect(self.address)

    def _promote(self, nomination_id: int) -> HttpResponse:
        form = VersionForm(self.request.POST)
        if not form.is_valid():
            raise BadRequest
        try:
            slates.promote_reserve(
                slate_id=self.slate.pk,
                version=form.cleaned_data["version"],
                nomination_id=nomination_id,
                actor=self.request.user,
            )
        except DomainError as error:
            return self.refused(error, form)
        messages.success(self.request, _("后备已递补为正选。"))
        return redirect(self.address)

    def _go_on(self) -> HttpResponse:
        form = VersionForm(self.request.POST)
        if not form.is_valid():
            raise BadRequest
        version = form.cleaned_data["version"]
        final = slate_page.is_final(self.slate)
        try:
            if final:
                self.perform(
                    lambda: slates.finalise(
                        slate_id=self.slate.pk,
                        version=version,
                        actor=self.request.user,
                        unreviewed=self.seen,
                    )
                )
            else:
                turns.send_up(
                    task_id=self.turn.task.pk,
                    actor=self.request.user,
                    version=version,
                    unreviewed=self.seen,
                )
        except DomainError as error:
            return self.refused(error, form)
        if final:
            return self.done(_("名单已审定，可以作出命名决定。"))
        return self.done(_("名单已上报%(parent)s。") % {"parent": self.slate.body.parent})

    def context(self, form: BaseForm) -> dict[str, Any]:
        """The notice, the objections, the list, the gate."""
        slate = self.slate
        report = gate.report(slate_id=slate.pk)
        rows, removed = slate_board.entry_rows(slate)
        objections = objections_of(slate)
        ranked = slate.round_award.round.reserve_policy == ReservePolicy.RANKED
        broken = dict(gate.reserves(slate_id=slate.pk)) if ranked else {}
        given = slate_page.notices(slate)
        if isinstance(form, EntryReasonForm):
            remove = form
        else:
            remove = EntryReasonForm(
                initial={"version": slate.version},
                entries=[(row.nomination.pk, str(row.nomination)) for row in rows],
                auto_id="remove_%s",
            )
        return {
            **super().context(form),
            "rows": [(row, broken.get(row.nomination.pk)) for row in rows],
            "promotable": {number for number, violations in broken.items() if not violations},
            "ranked": ranked,
            "removed": removed,
            "objections": objections,
            "open_objections": sum(1 for one in objections if one.closed_at is None),
            "notice": given[0] if given else None,
            **slate_board.gate_context(report),
            "missing": slate_board.missing(report),
            "remove_form": remove,
            "final": slate_page.is_final(slate),
            "standing": slate_page.standing(slate, given[0] if given else None),
        }


class NamingDecision(SlatePage):
    """The decision that names: irrevocable, so the page names what it does."""

    template_name = "workflows/tasks/slate/naming_decision.html"

    def get(self, _request: SignedIn, **_turn: Any) -> HttpResponse:
        """A title is proposed, the number is the office's."""
        slate = self.slate
        title = namings.title_of(slate)
        initial = {"version": slate.version, "title": title, "decided_on": clock.today()}
        return self.draw(NamingForm(initial=initial))

    def post(self, request: SignedIn, **_turn: Any) -> HttpResponse:
        """Decide."""
        form = NamingForm(request.POST)
        if not form.is_valid():
            return self.draw(form, status=UNPROCESSABLE)
        try:
            turns.decide_naming(
                task_id=self.turn.task.pk, actor=request.user, unreviewed=self.seen, **form.cleaned_data
            )
        except DomainError as error:
            return self.refused(error, form)
        return self.done(_("命名决定已作出并公布。"))

    def context(self, form: BaseForm) -> dict[str, Any]:
        """The named, and the checks on the final list."""
        slate = self.slate
        report = gate.report(slate_id=slate.pk)
        groups = slate_page.public_groups(namings.preview(slate_id=slate.pk))
        return {
            **super().context(form),
            "groups": groups,
            "masked": notices.masked(slate_id=slate.pk),
            "number": sum(len(group.rows) for group in groups),
            "acts": [{"label": _("作出命名决定"), "tone": "danger"}],
            "keeps": slate_page.keeps(self.request.user, slate),
            **slate_board.gate_context(report),
            "missing": slate_board.missing(report),
        }


class ProvinceScoring(TaskPage):
    """The expert score of one nomination, beside its dossier."""

    template_name = "workflows/tasks/slate/province_scoring.html"

    @property
    def nomination(self) -> Any:
        """The nomination, with all that its dossier shows."""
        return self.turn.subject

    def get(self, _request: SignedIn, **_turn: Any) -> HttpResponse:
        """The dossier and one field."""
        nomination = self.nomination
        return self.draw(ScoreForm(initial={"version": nomination.version, "score": nomination.score}))

    def post(self, request: SignedIn, **_turn: Any) -> HttpResponse:
        """Record the score."""
        form = ScoreForm(request.POST)
        if not form.is_valid():
            return self.draw(form, status=UNPROCESSABLE)
        given = form.cleaned_data
        try:
            self.perform(
                lambda: scores.record(
                    nomination_id=self.nomination.pk,
                    version=given["version"],
                    actor=request.user,
                    score=given["score"],
                )
            )
        except DomainError as error:
            return self.refused(error, form)
        messages.success(request, _("得分已记录。"))
        return redirect("workflows:inbox")

    def context(self, form: BaseForm) -> dict[str, Any]:
        """The nomination as reviewers read it."""
        nomination = self.nomination
        viewer = dossier.viewer_of(nomination, self.request.user)
        return {
            **super().context(form),
            "nomination": nomination,
            "sections": dossier.sections(nomination, viewer),
            "stages": dossier.rail(nomination, viewer),
            "opinions": dossier.opinions(nomination, viewer),
            "evidence": dossier.evidence(nomination),
        }


# Acts on a list that no task asks for


def _own_slate(request: SignedIn, pk: int) -> Any:
    """The list, visible to the user; not found for anybody who does not keep it."""
    slate = slate_of(request.user, pk)
    if not slate_page.keeps(request.user, slate):
        raise Http404
    return slate


@login_required
@require_http_methods(["GET", "POST"])
def take_back(request: SignedIn, pk: int) -> HttpResponse:
    """The keeper takes a submitted list back, as long as nobody has signed it."""
    slate = _own_slate(request, pk)
    form = VersionForm(request.POST or None, initial={"version": slate.version})
    again = reverse("appraisal:slate", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            turns.take_back(slate_id=pk, version=form.cleaned_data["version"], actor=request.user)
        except DomainError as error:
            return answers.page(request, error, again_url=again)
        messages.success(request, _("名单已拿回，可以继续编制。"))
        return redirect(again)
    context = {
        "heading": _("拿回名单"),
        "breadcrumb": slate_page.breadcrumb(slate, _("拿回")),
        "question": _("拿回“%(slate)s”的推荐名单？") % {"slate": slate},
        "consequences": [
            _("领导的签发待办随即取消，名单回到编制，名额不再占用。"),
            _("已有领导签发的，不能拿回，只能由领导退回修改。"),
        ],
        "act": _("拿回名单"),
        "back_url": again,
        "form": form,
    }
    return render(request, "workflows/tasks/slate/confirm_slate.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def reopen(request: SignedIn, pk: int) -> HttpResponse:
    """A signed list is compiled again, with the reason on record."""
    slate = _own_slate(request, pk)
    form = ReasonForm(request.POST or None, initial={"version": slate.version})
    again = reverse("appraisal:slate", args=[pk])
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                turns.reopen(slate_id=pk, actor=request.user, **form.cleaned_data)
            except InvalidInput as error:
                answers.show(form, error)
            except DomainError as error:
                return answers.page(request, error, again_url=again)
            else:
                messages.success(request, _("名单已重新编制。"))
                return redirect(again)
    context = {
        "heading": _("重新编制"),
        "breadcrumb": slate_page.breadcrumb(slate, _("重新编制")),
        "question": _("重新编制“%(slate)s”的推荐名单？") % {"slate": slate},
        "consequences": [
            _("已有的签发和已结束的公示不再作数，修改后须重新提交、签发和公示。"),
            _("理由记入台账。"),
        ],
        "act": _("重新编制"),
        "back_url": again,
        "form": form,
    }
    return render(request, "workflows/tasks/slate/confirm_slate.html", context, status=status)


@login_required
@outside.post_only
def close_notice(request: SignedIn, pk: int) -> HttpResponse:
    """The notice is over: on to the objections."""
    slate = _own_slate(request, pk)
    again = reverse("appraisal:slate", args=[pk])
    try:
        turns.close_notice(slate_id=slate.pk, actor=request.user)
    except DomainError as error:
        return answers.page(request, error, again_url=again)
    messages.success(request, _("公示期满，可以处理异议。"))
    return redirect(again)


@login_required
@require_http_methods(["GET", "POST"])
def settle_objection(request: SignedIn, pk: int) -> HttpResponse:
    """Close an objection with its finding."""
    objection = objection_of(request.user, pk)
    slate = slate_of(request.user, objection.notice.slate_id)
    again = reverse("appraisal:objections", args=[slate.pk])
    form = FindingForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                turns.settle_objection(objection_id=pk, actor=request.user, **form.cleaned_data)
            except InvalidInput as error:
                answers.show(form, error)
            except DomainError as error:
                return answers.page(request, error, again_url=again)
            else:
                messages.success(request, _("异议已办结。"))
                return redirect(again)
    context = {
        "heading": _("异议办结"),
        "breadcrumb": slate_page.breadcrumb(slate, _("异议办结")),
        "objection": objection,
        "acts": [
            {"label": _("返回，不办理"), "url": again},
            {"label": _("异议办结"), "tone": "primary"},
        ],
        "slate": slate,
        "back_url": again,
        "form": form,
    }
    return render(request, "workflows/tasks/slate/settle_objection.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def slate_scores(request: SignedIn, pk: int) -> HttpResponse:
    """The expert scores of everything in the pool of the final list, on one page; what was not changed stays."""
    slate = _own_slate(request, pk)
    if not slate_page.is_final(slate):
        raise Http404
    rows = slate_board.pool_rows(slate)
    form = ScoresForm(request.POST or None, rows=[row.nomination for row in rows])
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            given = form.given()
            tasks = desk.scoring_tasks(nomination_ids=given, user=request.user)
            try:
                number = turns.record_scores(actor=request.user, given=given, tasks=tasks)
            except DomainError as error:
                status = answers.show(form, error)
            else:
                messages.success(request, _("已记录 %(number)s 件得分。") % {"number": number})
                return redirect("workflows:slate_scores", pk)
    context = {
        "heading": _("评审得分"),
        "breadcrumb": slate_page.breadcrumb(slate, _("评审得分")),
        "slate": slate,
        "form": form,
        "rows": [
            (row, form[f"score-{row.nomination.pk}"], form[f"version-{row.nomination.pk}"]) for row in rows
        ],
        "missing_scores": sum(1 for row in rows if row.nomination.score is None),
    }
    return render(request, "workflows/tasks/slate/slate_scores.html", context, status=status)
