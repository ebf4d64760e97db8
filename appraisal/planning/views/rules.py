"""The rules of awards: their editions in words and side by side, composed, tried on a list, published.

For those who hold PLAN_ROUND; observers of the province read what is published. To others these pages are not there.
A trial holds a list to an edition, a draft too, by the gate's own `judge`; nothing of it is stored.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from appraisal.gate.refusals import BrokenBound
from appraisal.gate.services import gate
from appraisal.gate.wording import ways
from appraisal.imports.lists import list_columns, read_list
from appraisal.planning.forms.rules import (
    ComposeForm,
    ConfirmDraftForm,
    DropRuleForm,
    EditionForm,
    RuleForm,
    TargetForm,
    TryForm,
)
from appraisal.planning.views.planning import may_plan, may_read_rules
from appraisal.records.facets import FACETS
from appraisal.records.models import Slate
from appraisal.records.states import EntryKind
from appraisal.records.wording import label_word
from appraisal.workbooks.import_rows import RowProblem
from appraisal.workbooks.reader import MAX_BYTES
from quotas.arithmetic import shares
from quotas.base import answers, outside
from quotas.base.errors import Conflict, DomainError, NotPermitted, WrongState
from quotas.base.states import RuleKind, Stage
from quotas.base.wording import Sentence, sentence, word
from quotas.editions.models import Award, RuleVersion
from quotas.editions.refusals import EditionPublished
from quotas.editions.services import rules
from quotas.editions.services.rules import RuleEntry
from quotas.editions.wording import RULE_FIELD_WORDS, rule_words, target_words
from quotas.tree.requests import SignedIn

PROBLEMS_SHOWN = 200
"""The most problems listed at once, more than anybody corrects before trying again; the page shows the full number.
"""
SLATES_SHOWN = 300
"""Lists of the past among which one is chosen, the newest first."""


def edition_url(edition: RuleVersion, page: str = "rule_edition") -> str:
    """The page of an edition, or what is done with it."""
    return reverse(f"appraisal:{page}", args=[edition.award.code, edition.number])


def _require_reader(request: SignedIn) -> None:
    if not may_read_rules(request):
        raise Http404


def _require_composer(request: SignedIn) -> None:
    if not may_plan(request):
        raise Http404


def _edition(request: SignedIn, award: str, number: int) -> RuleVersion:
    editions = RuleVersion.objects.visible_to(request.user).for_list()
    found: RuleVersion = get_object_or_404(editions, award__code=award, number=number)
    return found


def _draft(request: SignedIn, award: str, number: int) -> RuleVersion:
    _require_composer(request)
    return _edition(request, award, number)


def _crumbs(edition: RuleVersion | None, *rest: str) -> list[dict[str, Any]]:
    crumbs: list[dict[str, Any]] = [{"label": _("规则"), "url": reverse("appraisal:rules")}]
    if edition is not None:
        crumbs.append({"label": _title(edition), "url": edition_url(edition)})
    crumbs += [{"label": label} for label in rest]
    crumbs[-1].pop("url", None)
    return crumbs


def _title(edition: RuleVersion) -> str:
    return _("%(award)s 第 %(number)s 版") % {"award": edition.award.name, "number": edition.number}


def standing(edition: RuleVersion) -> dict[str, str]:
    """Whether an edition is a draft or published, as word and tone."""
    if edition.published_at is None:
        return {"label": _("草稿"), "tone": "todo"}
    return {"label": _("已发布"), "tone": "done"}


# --- what there is -------------------------------------------------------------------------------------------


@login_required
@require_safe
def rules_list(request: SignedIn) -> HttpResponse:
    """All awards with their editions, the newest first, and the rounds that use them."""
    _require_reader(request)
    editions: dict[int, list[RuleVersion]] = {}
    for edition in RuleVersion.objects.visible_to(request.user).for_list():
        editions.setdefault(edition.award_id, []).append(edition)
    context = {
        "heading": _("规则"),
        "breadcrumb": _crumbs(None),
        "awards": [
            {"award": award, "editions": [_line(each) for each in editions.get(award.pk, [])]}
            for award in Award.objects.in_order()
        ],
        "may_compose": may_plan(request),
    }
    return render(request, "appraisal/planning/rules/list.html", context)


def _line(edition: RuleVersion) -> dict[str, Any]:
    entries = [rules.entry_of(rule) for rule in edition.rules.all()]
    return {
        "edition": edition,
        "url": edition_url(edition),
        "status": standing(edition),
        "rules": [rule_words(entry) for entry in entries],
        "rounds": [taking_part.round for taking_part in edition.rounds.all()],
    }


@login_required
@require_safe
def edition(request: SignedIn, award: str, number: int) -> HttpResponse:
    """One edition in words, who uses it, and what another edition of the award says otherwise."""
    _require_reader(request)
    shown = _edition(request, award, number)
    others = [
        each
        for each in RuleVersion.objects.visible_to(request.user).for_list().filter(award=shown.award_id)
        if each.pk != shown.pk
    ]
    against = next(
        (each for each in others if str(each.number) == outside.word(request.GET, "against")), None
    )
    context = {
        "heading": _title(shown),
        "breadcrumb": _crumbs(shown),
        "edition": shown,
        "status": standing(shown),
        "rules": _told(shown),
        "targets": _aimed(shown),
        "rounds": [taking_part.round for taking_part in shown.rounds.all()],
        "others": others,
        "against": against,
        "difference": _difference(against, shown) if against else None,
        "draft": shown.published_at is None,
        "may_compose": may_plan(request),
        "edit_url": edition_url(shown, "rule_edit"),
        "try_url": edition_url(shown, "rule_try"),
        "publish_url": edition_url(shown, "rule_publish"),
        "discard_url": edition_url(shown, "rule_discard"),
        "compose_url": f"{reverse('appraisal:rule_new', args=[shown.award.code])}?based_on={shown.pk}",
    }
    return render(request, "appraisal/planning/rules/edition.html", context)


def _told(shown: RuleVersion) -> list[dict[str, Any]]:
    """The rules of an edition as pages list them."""
    return [
        {"code": rule.code, "label": rule.label, "words": rule_words(rule), "clause": rule.clause}
        for rule in shown.rules.all()
    ]


def _aimed(shown: RuleVersion) -> list[dict[str, Any]]:
    """The targets of an edition as pages list them."""
    return [
        {
            "code": target.code,
            "label": target.label,
            "words": target_words(target),
            "clause": target.clause,
        }
        for target in shown.targets.all()
    ]


def _difference(against: RuleVersion, shown: RuleVersion) -> dict[str, Any]:
    """What differs, the older edition first, whichever of the two is looked at."""
    older, newer = sorted((against, shown), key=lambda each: each.number)
    found = rules.difference(older_id=older.pk, newer_id=newer.pk)
    edition_words = {"source": _("来源文件"), "employer_cap": _("每单位限报")}
    return {
        "older": older,
        "newer": newer,
        "edition": [
            {"name": edition_words[change.name], "before": word(change.before), "after": word(change.after)}
            for change in found.edition
        ],
        "rules": [
            *(_rule_change(change) for change in found.rules),
            *(_target_change(change) for change in found.targets),
        ],
    }


_CHANGE_TONES = {"added": "done", "removed": "declined", "changed": "current"}


def _rule_change(change: rules.RuleChange) -> dict[str, Any]:
    kind = "added" if change.before is None else "removed" if change.after is None else "changed"
    words = {"added": _("新增"), "removed": _("删除"), "changed": _("修改")}
    now = change.after or change.before
    return {
        "label": now.label if now else change.code,
        "status": {"label": words[kind], "tone": _CHANGE_TONES[kind]},
        "before": rule_words(change.before) if change.before else "",
        "after": rule_words(change.after) if change.after else "",
        "clause_before": change.before.clause if change.before else "",
        "clause_after": change.after.clause if change.after else "",
        "clause_differs": any(each.name == "clause" for each in change.changes),
        "fields": [str(RULE_FIELD_WORDS[each.name]) for each in change.changes],
    }


def _target_change(change: rules.TargetChange) -> dict[str, Any]:
    kind = "added" if change.before is None else "removed" if change.after is None else "changed"
    words = {"added": _("新增"), "removed": _("删除"), "changed": _("修改")}
    now = change.after or change.before
    return {
        "label": _("目标：%(label)s") % {"label": now.label if now else ""},
        "status": {"label": words[kind], "tone": _CHANGE_TONES[kind]},
        "before": target_words(change.before) if change.before else "",
        "after": target_words(change.after) if change.after else "",
        "clause_before": change.before.clause if change.before else "",
        "clause_after": change.after.clause if change.after else "",
        "clause_differs": bool(
            change.before and change.after and change.before.clause != change.after.clause
        ),
        "fields": [],
    }


# --- composing -----------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def new(request: SignedIn, award: str) -> HttpResponse:
    """Begin a draft."""
    _require_composer(request)
    its = get_object_or_404(Award.objects.in_order(), code=award)
    editions = [(each.pk, _title(each)) for each in RuleVersion.objects.visible_to(request.user).for_list()]
    # The award's own first.
    editions.sort(key=lambda pair: not pair[1].startswith(its.name))
    form = ComposeForm(
        request.POST or None,
        editions=editions,
        initial={"based_on": outside.row(request.GET.get("based_on"))},
    )
    status = 200
    if request.method == "POST":
        status = answers.UNPROCESSABLE
        if form.is_valid():
            try:
                made = rules.compose(award_code=award, actor=request.user, **form.cleaned_data)
            except NotPermitted as error:
                return answers.page(request, error, again_url=reverse("appraisal:rules"))
            except DomainError as error:
                status = answers.show(form, error)
            else:
                messages.success(request, _("已起草%(title)s。") % {"title": _title(made)})
                return redirect(edition_url(made, "rule_edit"))
    context = {
        "heading": _("起草规则：%(award)s") % {"award": its.name},
        "breadcrumb": _crumbs(None, its.name, _("起草规则")),
        "form": form,
        "back_url": reverse("appraisal:rules"),
    }
    return render(request, "appraisal/planning/rules/new.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, award: str, number: int) -> HttpResponse:
    """A draft: its source and cap, its rules, and a form for one of them (?rule=code, or a new one)."""
    draft = _draft(request, award, number)
    if request.method == "POST":
        return _change(request, draft)
    if draft.published_at is not None:
        return redirect(edition_url(draft))
    return _draw_draft(request, draft)


def _change(request: SignedIn, draft: RuleVersion) -> HttpResponse:
    """One of the forms of the page was sent."""
    match request.POST.get("act"):
        case "edition":
            head = EditionForm(request.POST)
            return _try(
                request,
                draft,
                head,
                lambda: rules.set_edition(version_id=draft.pk, actor=request.user, **head.cleaned_data),
                done=_("已保存。"),
                edition_form=head,
            )
        case "rule":
            rule = RuleForm(request.POST, draft=draft)
            return _try(
                request,
                draft,
                rule,
                lambda: rules.put_rule(version_id=draft.pk, actor=request.user, **rule.rule()),
                done=_("规则已写入草稿。"),
                rule_form=rule,
            )
        case "target":
            target = TargetForm(request.POST, draft=draft)
            return _try(
                request,
                draft,
                target,
                lambda: rules.put_target(version_id=draft.pk, actor=request.user, **target.cleaned_data),
                done=_("目标已写入草稿。"),
                target_form=target,
            )
        case "drop" | "drop_target" as act:
            drop = DropRuleForm(request.POST)
            if not drop.is_valid():
                raise Http404
            take_out = rules.drop_rule if act == "drop" else rules.drop_target
            return _try(
                request,
                draft,
                drop,
                lambda: take_out(version_id=draft.pk, actor=request.user, **drop.cleaned_data),
                done=_("规则已从草稿中删除。") if act == "drop" else _("目标已从草稿中删除。"),
            )
        case _:
            raise Http404


def _try(
    request: SignedIn,
    draft: RuleVersion,
    form: Any,
    act: Callable[[], Any],
    *,
    done: str,
    **forms: Any,
) -> HttpResponse:
    """The act when the form is whole; otherwise the page again with what was typed."""
    status = answers.UNPROCESSABLE
    if form.is_valid():
        try:
            act()
        except (NotPermitted, WrongState) as error:
            return answers.page(request, error, again_url=edition_url(draft))
        except Conflict as error:
            if not forms:
                return answers.page(request, error, again_url=edition_url(draft, "rule_edit"))
            status = answers.show(form, error)
        except DomainError as error:
            status = answers.show(form, error)
        else:
            messages.success(request, done)
            # The form of a rule was sent with the place of that form, where nothing of this is to be seen.
            return redirect(f"{edition_url(draft, 'rule_edit')}#main")
    return _draw_draft(request, draft, status=status, **forms)


def _draw_draft(
    request: SignedIn,
    draft: RuleVersion,
    *,
    status: int = 200,
    edition_form: EditionForm | None = None,
    rule_form: RuleForm | None = None,
    target_form: TargetForm | None = None,
) -> HttpResponse:
    told = _told(draft)
    entries = {rule.code: rules.entry_of(rule) for rule in draft.rules.all()}
    chosen = entries.get(outside.word(request.GET, "rule"))
    if rule_form is None:
        initial = {"version": draft.version, **(RuleForm.initial_of(chosen) if chosen else {})}
        rule_form = RuleForm(draft=draft, initial=initial)
    aims = {target.code: target for target in draft.targets.all()}
    aimed = aims.get(outside.word(request.GET, "target"))
    if target_form is None:
        initial = {"version": draft.version, **(TargetForm.initial_of(aimed) if aimed else {})}
        target_form = TargetForm(draft=draft, initial=initial)
    context = {
        "heading": _title(draft),
        "breadcrumb": _crumbs(draft, _("修改草稿")),
        "edition": draft,
        "edition_form": edition_form
        or EditionForm(
            initial={"version": draft.version, "source": draft.source, "employer_cap": draft.employer_cap}
        ),
        "rules": told,
        "rule_form": rule_form,
        "changing": entries.get(str(rule_form["replaces"].value() or "")),
        "targets": _aimed(draft),
        "target_form": target_form,
        "aiming": aims.get(str(target_form["replaces"].value() or "")),
        "warnings": [sentence(violation) for violation in rules.warnings(draft)],
        "url": edition_url(draft),
        "edit_url": edition_url(draft, "rule_edit"),
        "try_url": edition_url(draft, "rule_try"),
        "publish_url": edition_url(draft, "rule_publish"),
        "discard_url": edition_url(draft, "rule_discard"),
    }
    return render(request, "appraisal/planning/rules/edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: SignedIn, award: str, number: int) -> HttpResponse:
    """The question before a draft is fixed for good, and the answer."""
    draft = _draft(request, award, number)
    told = [f"{rule['label']}：{rule['words']}" for rule in (*_told(draft), *_aimed(draft))]
    return _confirm(
        request,
        draft,
        lambda version: rules.publish(version_id=draft.pk, version=version, actor=request.user),
        question=_("发布%(title)s？") % {"title": _title(draft)},
        consequences=[
            _("发布后永不能修改，也不能撤回；需要调整时另起草新的一版。"),
            _("此后加入评选周期的该奖项默认采用这一版；已有周期不变。"),
            *(told or [_("这一版没有占比规则：采用它的名单只核验名额。")]),
        ],
        verb=_("发布规则"),
        done=_("已发布，可以用于评选周期。"),
        after_url=edition_url(draft),
    )


@login_required
@require_http_methods(["GET", "POST"])
def discard(request: SignedIn, award: str, number: int) -> HttpResponse:
    """The question before a draft is given up, and the answer."""
    draft = _draft(request, award, number)
    return _confirm(
        request,
        draft,
        lambda version: rules.discard(version_id=draft.pk, version=version, actor=request.user),
        question=_("作废%(title)s的草稿？") % {"title": _title(draft)},
        consequences=[_("草稿中的规则一并删除，不能恢复；台账留有记录。")],
        verb=_("作废草稿"),
        done=_("草稿已作废。"),
        after_url=reverse("appraisal:rules"),
    )


def _confirm(
    request: SignedIn,
    draft: RuleVersion,
    act: Callable[[int], Any],
    *,
    question: str,
    consequences: Sequence[str],
    verb: str,
    done: str,
    after_url: str,
) -> HttpResponse:
    if draft.published_at is not None:
        refused = EditionPublished(award=draft.award.name, number=draft.number)
        return answers.page(request, refused, again_url=edition_url(draft))
    if request.method == "POST":
        form = ConfirmDraftForm(request.POST)
        if not form.is_valid():
            raise Http404
        try:
            act(form.cleaned_data["version"])
        except DomainError as error:
            return answers.page(request, error, again_url=edition_url(draft, "rule_edit"))
        messages.success(request, done)
        return redirect(after_url)
    context = {
        "heading": question,
        "breadcrumb": _crumbs(draft, verb),
        "question": question,
        "consequences": consequences,
        "act": verb,
        "back_url": edition_url(draft, "rule_edit"),
        "fields": [{"name": "version", "value": draft.version}],
    }
    return render(request, "confirm.html", context)


# --- trying on a list ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """A list held to an edition: one line a rule, what else is wrong, and the rules that could not be judged."""

    entries: int
    counted: int
    lines: Sequence[Mapping[str, Any]]
    others: Sequence[Sentence]
    left_out: Sequence[Mapping[str, str]]

    @property
    def holds(self) -> bool:
        """Whether every rule that could be judged holds, and places and list as well."""
        return not self.others and all(line["holds"] for line in self.lines)


@login_required
@require_http_methods(["GET", "POST"])
def trial(request: SignedIn, award: str, number: int) -> HttpResponse:
    """Hold a list to the rules of an edition, a draft too, as the gate would. Nothing is stored."""
    _require_reader(request)
    shown = _edition(request, award, number)
    entries = [rules.entry_of(rule) for rule in shown.rules.all()]
    facets = _facets(entries)
    slates = list(Slate.objects.visible_to(request.user).gone_of(shown.award_id)[:SLATES_SHOWN])
    form = TryForm(
        request.POST or None,
        request.FILES or None,
        edition=shown,
        slates=[
            (
                each.pk,
                _("%(name)s（%(state)s）")
                % {
                    "name": f"{each.round_award.round.name} {each.body.name}",
                    "state": each.get_state_display(),
                },
            )
            for each in slates
        ],
        above=any(entry.kind == RuleKind.ABOVE for entry in entries),
        columns=[column.heading for column in list_columns(facets) if column.required],
    )
    context: dict[str, Any] = {
        "heading": _("试算：%(title)s") % {"title": _title(shown)},
        "breadcrumb": _crumbs(shown, _("试算")),
        "edition": shown,
        "status": standing(shown),
        "rules": _told(shown),
        "form": form,
        "url": edition_url(shown),
    }
    status = 200
    if request.method == "POST":
        status = answers.UNPROCESSABLE
        if form.is_valid():
            rows, problems, notices = _rows(form, facets, shown)
            context |= {
                "notices": notices,
                "problems": problems[:PROBLEMS_SHOWN],
                "hidden": max(len(problems) - PROBLEMS_SHOWN, 0),
            }
            if not problems:
                status = 200
                context["trial"] = _judged(shown, rows, form.cleaned_data)
    return render(request, "appraisal/planning/rules/trial.html", context, status=status)


def _facets(entries: Sequence[RuleEntry]) -> frozenset[str]:
    """What a list must tell of its entries; the kind of nominee is the award's."""
    named = {name for entry in entries for name in (entry.facet, entry.base_facet)}
    return frozenset(name for name in named if name in FACETS and FACETS[name].trait is not None)


def _rows(
    form: TryForm, facets: frozenset[str], shown: RuleVersion
) -> tuple[list[gate.EntryRow], list[dict[str, Any]], list[dict[str, Any]]]:
    """The entries of the list that was brought, everything of it that cannot be read, and what is worth knowing."""
    given = form.cleaned_data
    if given["slate"]:
        _plan, rows, _pool = gate.snapshot(slate_id=given["slate"])
        return rows, [], []
    if given["file"] is not None:
        # One byte more than is taken shows that it is too large; the rest need not be read.
        table = read_list(given["file"].read(MAX_BYTES + 1), facets)
    else:
        table = read_list(given["text"], facets)
    nominee = f"nominee:{shown.award.nominee_kind}"
    rows = [_with_label(row, nominee) for row in table.rows]
    return rows, [_shown(problem) for problem in table.problems], [_shown(notice) for notice in table.notices]


def _shown(problem: RowProblem) -> dict[str, Any]:
    """A problem or a notice as the page lists it."""
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": " ".join(filter(None, (problem.letter, problem.heading))),
        "sentence": sentence(problem.reason),
    }


def _with_label(row: gate.EntryRow, label: str) -> gate.EntryRow:
    return gate.EntryRow(
        row.nomination_id, row.number, row.name, row.labels | {label}, kind=row.kind, rank=row.rank
    )


def _judged(shown: RuleVersion, rows: Sequence[gate.EntryRow], given: Mapping[str, Any]) -> Trial:
    """The answer of the gate, rule by rule."""
    stage, final_stage = Stage(given["stage"]), shown.award.final_stage
    count, base = given.get("previous_count"), given.get("previous_base")
    previous = None if count is None or base is None else (count, base)
    held = rules.in_force(shown.rules.all(), stage=stage, final_stage=final_stage, previous=previous)
    used = {kind: sum(1 for row in rows if row.kind == kind) for kind in EntryKind}
    if given["places"] is not None:
        used[EntryKind.REGULAR] = given["places"]
    plan = gate.Plan(
        places=used,
        rules=tuple(rule for rule, _label in held),
        rule_labels={rule.code: label for rule, label in held},
        awarding=stage == final_stage,
    )
    report = gate.judge(plan, rows)
    by_code = {rule.code: rule for rule in shown.rules.all()}
    asked = {rule.code: rule for rule, _label in held}
    return Trial(
        entries=len(rows),
        counted=sum(1 for row in rows if row.kind == EntryKind.REGULAR),
        lines=[
            {
                "label": check.label,
                "words": rule_words(by_code[check.code]),
                "clause": check.clause,
                "base": check.base,
                "count": check.count,
                "least": check.sense == "min",
                "required": check.required,
                "margin": check.margin,
                "holds": check.holds,
                "remedy": "" if check.holds else _remedy(asked[check.code], check),
            }
            for check in report.checks
        ],
        others=[sentence(each) for each in report.violations if not isinstance(each, BrokenBound)],
        left_out=[
            {"label": rule.label, "why": _why_left_out(rule.kind, stage)}
            for rule in shown.rules.all()
            if rule.code not in asked
        ],
    )


def _why_left_out(kind: str, stage: Stage) -> str:
    if kind == RuleKind.ABOVE:
        return _("没有填写上一周期的数字，或不在所选层级核验。")
    return _("不在%(stage)s核验。") % {"stage": stage.label}


def _remedy(rule: shares.Rule, check: gate.RuleCheck) -> str:
    """The smallest change that repairs this rule, each way by itself."""
    bound = rule.bound
    if rule.basis == "allotted":
        # The base does not move with the list: what is asked is a plain number.
        bound = shares.Bound(rule.code, rule.sense, "count", check.required)
    changes = shares.smallest_changes(bound, max(check.base, check.count), check.count)
    wants_matching = rule.sense == "min"
    return ways(
        wanted=label_word([rule.facet], carried=wants_matching),
        unwanted=label_word([rule.facet], carried=not wants_matching),
        add=changes.add_matching if wants_matching else changes.add_other,
        drop=changes.drop_other if wants_matching else changes.drop_matching,
        exchange=changes.exchange,
        candidates=(),
    )


__all__ = ["discard", "edit", "edition", "edition_url", "new", "publish", "rules_list", "trial"]
