"""The rules of awards: their editions in words and side by side, composed, tried on a list, published.

For those who hold PLAN_ROUND; observers of the province read what is published. To others these pages are not there.
A trial holds a list to an edition, a draft too, by the gate's own `judge`; nothing of it is stored.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from appraisal.gate.refusals import BrokenBound
from appraisal.gate.services import gate
from appraisal.gate.wording import kinds_word, ways
from appraisal.imports.lists import read_list
from appraisal.planning.forms.rules import (
    ComposeForm,
    ConditionForm,
    ConfirmDraftForm,
    DropRuleForm,
    EditionForm,
    RuleForm,
    TargetForm,
    TryForm,
)
from appraisal.planning.services import trials
from appraisal.planning.views.planning import compared_line, may_plan, may_read_rules
from appraisal.records import tones
from appraisal.records.facets import Facet, of_bodies, of_title, offered
from appraisal.records.models import Slate
from appraisal.workbooks.import_rows import RowProblem
from appraisal.workbooks.reader import MAX_BYTES
from quotas.arithmetic import shares
from quotas.base import answers, outside
from quotas.base.pages import ActPage, Acts
from quotas.base.states import RuleKind, Stage
from quotas.base.wording import Sentence, sentence, word
from quotas.bodies.services import names
from quotas.editions.asked import AskedField, words_of
from quotas.editions.models import Award, RuleVersion
from quotas.editions.refusals import EditionPublished
from quotas.editions.services import comparison, composing, drafts, faults, fields, rules
from quotas.editions.services.conditions import condition_words
from quotas.editions.services.entries import RuleEntry, entry_of
from quotas.editions.wording import (
    RULE_FIELD_WORDS,
    of_the_whole,
    predicate_word,
    rule_words,
    target_words,
)
from quotas.rounds.services import parts
from quotas.selection.judge import EntryRow, RuleCheck
from quotas.selection.labels import EVERY, HELD, ROUTE, Label, group_of, label
from quotas.selection.plan import REGULAR
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


def crumbs(edition: RuleVersion | None, *rest: str) -> list[dict[str, Any]]:
    """规则 › this edition › this page."""
    trail: list[dict[str, Any]] = [{"label": _("规则"), "url": reverse("appraisal:rules")}]
    if edition is not None:
        trail.append({"label": title_of(edition), "url": edition_url(edition)})
    trail += [{"label": label} for label in rest]
    trail[-1].pop("url", None)
    return trail


def title_of(edition: RuleVersion) -> str:
    """What an edition is called: its award and its number."""
    return _("%(award)s 第 %(number)s 版") % {"award": edition.award.name, "number": edition.number}


def standing(edition: RuleVersion) -> dict[str, str]:
    """Whether an edition is a draft or published, as word and tone."""
    if edition.published_at is None:
        return {"label": _("草稿"), "tone": tones.DRAFTED}
    return {"label": _("已发布"), "tone": tones.PUBLISHED}


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
        "breadcrumb": crumbs(None),
        "awards": [
            {"award": award, "editions": [_line(each) for each in editions.get(award.pk, [])]}
            for award in Award.objects.in_order()
        ],
        "may_compose": may_plan(request),
    }
    return render(request, "appraisal/planning/rules/list.html", context)


def _line(edition: RuleVersion) -> dict[str, Any]:
    entries = [entry_of(rule) for rule in edition.rules.all()]
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
        "heading": title_of(shown),
        "breadcrumb": crumbs(shown),
        "edition": shown,
        "status": standing(shown),
        "rules": _told(shown),
        "targets": _aimed(shown),
        "conditions": _posed(shown),
        "asked": asked_rows(fields.stated(shown)),
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


def asked_rows(asked: Iterable[AskedField]) -> list[dict[str, Any]]:
    """The fields of an edition as pages list them."""
    return [
        {
            "code": field.key,
            "label": _(field.label),
            "section": _(field.section) if field.section else _("推荐对象"),
            "words": words_of(field),
            "who": predicate_word([field.asked_of]) if field.asked_of != EVERY else "",
            "help": _(field.help) if field.help else "",
        }
        for field in asked
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


def _posed(shown: RuleVersion) -> list[dict[str, Any]]:
    """The conditions of an edition as pages list them."""
    return [
        {
            "code": condition.code,
            "label": condition.label,
            "words": condition_told(condition),
            "clause": condition.clause,
        }
        for condition in shown.conditions.all()
    ]


def condition_told(condition: Any) -> str:
    """What a condition asks, and what follows where it is not met."""
    words = condition_words(condition)
    return words if condition.refuses else _("%(words)s；不符合的只作提示") % {"words": words}


def _difference(against: RuleVersion, shown: RuleVersion) -> dict[str, Any]:
    """What differs, the older edition first, whichever of the two is looked at."""
    older, newer = sorted((against, shown), key=lambda each: each.number)
    found = comparison.difference(older_id=older.pk, newer_id=newer.pk)
    edition_words = {
        "source": _("来源文件"),
        "employer_cap": _("每单位限报"),
        "most_named": _("几年内至多命名"),
        "most_years": _("几年"),
    }
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
            *(_condition_change(change) for change in found.conditions),
            *(_field_change(change) for change in found.fields),
        ],
    }


def _rule_change(change: comparison.RuleChange) -> dict[str, Any]:
    now = change.after or change.before
    return {
        "label": now.label if now else change.code,
        **_change(change.before, change.after, rule_words),
        "fields": [str(RULE_FIELD_WORDS[each.name]) for each in change.changes],
    }


def _target_change(change: comparison.TargetChange) -> dict[str, Any]:
    now = change.after or change.before
    return {
        "label": _("目标：%(label)s") % {"label": now.label if now else ""},
        **_change(change.before, change.after, target_words),
        "fields": [],
    }


def _condition_change(change: comparison.ConditionChange) -> dict[str, Any]:
    now = change.after or change.before
    return {
        "label": _("申报条件：%(label)s") % {"label": now.label if now else ""},
        **_change(change.before, change.after, condition_told),
        "fields": [],
    }


def _field_change(change: comparison.AskedChange) -> dict[str, Any]:
    now = change.after or change.before
    return {
        "label": _("申报字段：%(label)s") % {"label": _(now.label) if now else ""},
        **_change(change.before, change.after, _asked_words),
        "fields": [],
    }


def _asked_words(field: AskedField) -> str:
    (row,) = asked_rows([field])
    return _("；").join(filter(None, (row["section"], row["words"], row["who"], row["help"])))


def _change(before: Any, after: Any, words: Callable[[Any], str]) -> dict[str, Any]:
    """A rule or a target in both editions, in words and with its clause; None where an edition has none."""
    if before is None:
        status = {"label": _("新增"), "tone": tones.ADDED}
    elif after is None:
        status = {"label": _("删除"), "tone": tones.REMOVED}
    else:
        status = {"label": _("修改"), "tone": tones.CHANGED}
    clause_before, clause_after = (getattr(each, "clause", "") for each in (before, after))
    return {
        "status": status,
        "before": words(before) if before else "",
        "after": words(after) if after else "",
        "clause_before": clause_before,
        "clause_after": clause_after,
        "clause_differs": bool(before and after) and clause_before != clause_after,
    }


# --- composing -----------------------------------------------------------------------------------------------


class RuleNew(ActPage):
    """Begin a draft."""

    template_name = "appraisal/planning/rules/new.html"
    award: Award

    def prepare(self, award: str) -> None:
        """The award, for those who compose."""
        _require_composer(self.request)
        self.award = get_object_or_404(Award.objects.in_order(), code=award)

    @property
    def again_url(self) -> str:
        """The rules of all awards."""
        return reverse("appraisal:rules")

    def _form(self, *sent: Any) -> ComposeForm:
        visible = RuleVersion.objects.visible_to(self.request.user).for_list()
        editions = [(each.pk, title_of(each)) for each in visible]
        # The award's own first.
        editions.sort(key=lambda pair: not pair[1].startswith(self.award.name))
        based_on = outside.row(self.request.GET.get("based_on"))
        return ComposeForm(*sent, editions=editions, initial={"based_on": based_on})

    def act(self) -> HttpResponse:
        """Begin it."""
        form = self.bind(self._form(self.request.POST))
        made = composing.compose(award_code=self.award.code, actor=self.request.user, **form.cleaned_data)
        return self.done(_("已起草%(title)s。") % {"title": title_of(made)}, edition_url(made, "rule_edit"))

    def context(self) -> dict[str, Any]:
        """The editions on which it can be based."""
        return {
            "heading": _("起草规则：%(award)s") % {"award": self.award.name},
            "breadcrumb": crumbs(None, self.award.name, _("起草规则")),
            "form": self.forms.get("form") or self._form(),
            "back_url": reverse("appraisal:rules"),
        }


class DraftPage(ActPage):
    """A draft, for those who compose."""

    draft: RuleVersion

    def prepare(self, award: str, number: int) -> None:
        """The edition of the address."""
        self.draft = _draft(self.request, award, number)


class RuleEdit(DraftPage):
    """A draft: its source and cap, its rules, and a form for one of them (?rule=code, or a new one)."""

    template_name = "appraisal/planning/rules/edit.html"

    @property
    def address(self) -> str:
        """The form of a rule was sent with the place of that form, where nothing of this is to be seen."""
        return f"{edition_url(self.draft, 'rule_edit')}#main"

    @property
    def again_url(self) -> str:
        """The draft as it is now."""
        return edition_url(self.draft, "rule_edit")

    def look(self) -> HttpResponse:
        """The draft, as long as it is one."""
        return self.draw() if self.draft.published_at is None else redirect(edition_url(self.draft))

    def _set_edition(self) -> HttpResponse:
        form = self.bind(EditionForm(self.request.POST), "edition_form")
        composing.set_edition(version_id=self.draft.pk, actor=self.request.user, **form.cleaned_data)
        return self.done(_("已保存。"))

    def _put_rule(self) -> HttpResponse:
        form = self.bind(RuleForm(self.request.POST, draft=self.draft), "rule_form")
        composing.put_rule(version_id=self.draft.pk, actor=self.request.user, **form.rule())
        return self.done(_("规则已写入草稿。"))

    def _put_target(self) -> HttpResponse:
        form = self.bind(TargetForm(self.request.POST, draft=self.draft), "target_form")
        composing.put_target(version_id=self.draft.pk, actor=self.request.user, **form.cleaned_data)
        return self.done(_("目标已写入草稿。"))

    def _put_condition(self) -> HttpResponse:
        form = self.bind(ConditionForm(self.request.POST, draft=self.draft), "condition_form")
        composing.put_condition(version_id=self.draft.pk, actor=self.request.user, **form.cleaned_data)
        return self.done(_("申报条件已写入草稿。"))

    def _drop_condition(self) -> HttpResponse:
        form = self.pressed(DropRuleForm(self.request.POST))
        composing.drop_condition(version_id=self.draft.pk, actor=self.request.user, **form.cleaned_data)
        return self.done(_("申报条件已从草稿中删除。"))

    def _drop_rule(self) -> HttpResponse:
        form = self.pressed(DropRuleForm(self.request.POST))
        composing.drop_rule(version_id=self.draft.pk, actor=self.request.user, **form.cleaned_data)
        return self.done(_("规则已从草稿中删除。"))

    def _drop_target(self) -> HttpResponse:
        form = self.pressed(DropRuleForm(self.request.POST))
        composing.drop_target(version_id=self.draft.pk, actor=self.request.user, **form.cleaned_data)
        return self.done(_("目标已从草稿中删除。"))

    def _price(self) -> HttpResponse:
        """What both ways would come to, for the rule as it is typed; nothing is written."""
        self.bind(RuleForm(self.request.POST, draft=self.draft), "rule_form")
        return self.draw()

    acts: ClassVar[Acts] = {
        "edition": _set_edition,
        "rule": _put_rule,
        "price": _price,
        "target": _put_target,
        "condition": _put_condition,
        "drop": _drop_rule,
        "drop_target": _drop_target,
        "drop_condition": _drop_condition,
    }

    def context(self) -> dict[str, Any]:
        """The draft in words, and its three forms."""
        draft, sent = self.draft, self.forms
        told = _told(draft)
        entries = {rule.code: entry_of(rule) for rule in draft.rules.all()}
        chosen = entries.get(outside.word(self.request.GET, "rule"))
        initial = {"version": draft.version, **(RuleForm.initial_of(chosen) if chosen else {})}
        rule_form = sent.get("rule_form") or RuleForm(draft=draft, initial=initial)
        changing = entries.get(str(rule_form["replaces"].value() or ""))
        aims = {target.code: target for target in draft.targets.all()}
        aimed = aims.get(outside.word(self.request.GET, "target"))
        initial = {"version": draft.version, **(TargetForm.initial_of(aimed) if aimed else {})}
        target_form = sent.get("target_form") or TargetForm(draft=draft, initial=initial)
        posed = {condition.code: condition for condition in draft.conditions.all()}
        asked = posed.get(outside.word(self.request.GET, "condition"))
        initial = {"version": draft.version, "refuses": True}
        if asked:
            initial |= ConditionForm.initial_of(asked)
        condition_form = sent.get("condition_form") or ConditionForm(draft=draft, initial=initial)
        edition = {
            "version": draft.version,
            **{name: getattr(draft, name) for name in drafts.EDITION_COLUMNS},
        }
        return {
            "heading": title_of(draft),
            "breadcrumb": crumbs(draft, _("修改草稿")),
            "edition": draft,
            "edition_form": sent.get("edition_form") or EditionForm(initial=edition),
            "rules": told,
            "rule_form": rule_form,
            "prices": self._prices(rule_form, changing),
            "changing": changing,
            "changing_words": rule_words(changing) if changing else "",
            "targets": _aimed(draft),
            "target_form": target_form,
            "aiming": aims.get(str(target_form["replaces"].value() or "")),
            "conditions": _posed(draft),
            "condition_form": condition_form,
            "posing": posed.get(str(condition_form["replaces"].value() or "")),
            "warnings": [sentence(violation) for violation in faults.warnings(draft)],
            "url": edition_url(draft),
            "edit_url": edition_url(draft, "rule_edit"),
            "asked": fields.stated(draft),
            "fields_url": edition_url(draft, "rule_fields"),
            "try_url": edition_url(draft, "rule_try"),
            "publish_url": edition_url(draft, "rule_publish"),
            "discard_url": edition_url(draft, "rule_discard"),
        }

    def _prices(self, form: Any, changing: RuleEntry | None) -> dict[str, Any] | None:
        """The rule of the form in both ways, in each planned round; none where nothing is typed or it has no parts."""
        if form.is_bound:
            rule = composing.stated(self.draft, form.rule()) if hasattr(form, "cleaned_data") else None
        else:
            rule = rules.as_rule(changing.row()) if changing and changing.kind != RuleKind.ABOVE else None
        if rule is None:
            return None
        said = bool(form["kept"].value())
        found = parts.prices(award_id=self.draft.award_id, rule=rule) if rule.shared else []
        return {
            "shared": rule.shared,
            "whole": of_the_whole(rule.clause) if rule.shared else "",
            "rounds": [
                {"name": price.round, "lines": [compared_line(line, chosen=said) for line in price.lines]}
                for price in found
            ],
        }


class _ConfirmDraft(DraftPage):
    """The question before a draft is no draft any more, and the answer."""

    template_name = "confirm.html"
    verb: Any

    def prepare(self, award: str, number: int) -> None:
        """What is published is no draft."""
        super().prepare(award, number)
        if self.draft.published_at is not None:
            raise EditionPublished(award=self.draft.award.name, number=self.draft.number)

    @property
    def again_url(self) -> str:
        """The draft, or the edition when it is none."""
        return edition_url(self.draft, "rule_edit" if self.draft.published_at is None else "rule_edition")

    def version(self) -> int:
        """The version of the draft that was asked about."""
        form = self.pressed(ConfirmDraftForm(self.request.POST))
        version: int = form.cleaned_data["version"]
        return version

    def question(self) -> str:
        """What is asked."""
        raise NotImplementedError

    def consequences(self) -> list[str]:
        """What follows."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """The question."""
        return {
            "heading": self.question(),
            "breadcrumb": crumbs(self.draft, self.verb),
            "question": self.question(),
            "consequences": self.consequences(),
            "act": self.verb,
            "back_url": edition_url(self.draft, "rule_edit"),
            "fields": [{"name": "version", "value": self.draft.version}],
        }


class RulePublish(_ConfirmDraft):
    """A draft is fixed for good."""

    verb = gettext_lazy("发布规则")

    def question(self) -> str:
        return _("发布%(title)s？") % {"title": title_of(self.draft)}

    def consequences(self) -> list[str]:
        told = [f"{rule['label']}：{rule['words']}" for rule in (*_told(self.draft), *_aimed(self.draft))]
        return [
            _("发布后永不能修改，也不能撤回；需要调整时另起草新的一版。"),
            _("此后加入评选周期的该奖项默认采用这一版；已有周期不变。"),
            *(told or [_("这一版没有占比规则：采用它的名单只核验名额。")]),
        ]

    def act(self) -> HttpResponse:
        """Publish."""
        composing.publish(version_id=self.draft.pk, version=self.version(), actor=self.request.user)
        return self.done(_("已发布，可以用于评选周期。"), edition_url(self.draft))


class RuleDiscard(_ConfirmDraft):
    """A draft is given up."""

    verb = gettext_lazy("作废草稿")

    def question(self) -> str:
        return _("作废%(title)s的草稿？") % {"title": title_of(self.draft)}

    def consequences(self) -> list[str]:
        return [_("草稿中的规则一并删除，不能恢复；台账留有记录。")]

    def act(self) -> HttpResponse:
        """Discard."""
        composing.discard(version_id=self.draft.pk, version=self.version(), actor=self.request.user)
        return self.done(_("草稿已作废。"), "appraisal:rules")


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
        return not self.others and all(line["holds"] or line["advised"] for line in self.lines)


class RuleTrial(ActPage):
    """Hold a list to the rules of an edition, a draft too, as the gate would. Nothing is stored."""

    template_name = "appraisal/planning/rules/trial.html"

    def prepare(self, award: str, number: int) -> None:
        """An edition that the user may read."""
        _require_reader(self.request)
        self.edition = _edition(self.request, award, number)
        self.entries = [entry_of(rule) for rule in self.edition.rules.all()]
        self.facets = _facets(self.entries, self.edition)

    def _form(self, *sent: Any) -> TryForm:
        slates = Slate.objects.visible_to(self.request.user).gone_of(self.edition.award_id)[:SLATES_SHOWN]
        return TryForm(
            *sent,
            edition=self.edition,
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
            above=any(entry.kind == RuleKind.ABOVE for entry in self.entries),
            columns=[str(facet.label) for facet in self.facets],
        )

    def act(self) -> HttpResponse:
        """The verdict, or what cannot be read of the list."""
        form = self.bind(self._form(self.request.POST, self.request.FILES))
        rows, problems, notices = _rows(form, self.facets, self.edition)
        found: dict[str, Any] = {
            "notices": notices,
            "problems": problems[:PROBLEMS_SHOWN],
            "hidden": max(len(problems) - PROBLEMS_SHOWN, 0),
        }
        if problems:
            return self.draw(status=answers.UNPROCESSABLE, **found)
        return self.draw(**found, trial=_trial(self.edition, rows, form.cleaned_data))

    def context(self) -> dict[str, Any]:
        """The rules, and the form that brings a list."""
        return {
            "heading": _("试算：%(title)s") % {"title": title_of(self.edition)},
            "breadcrumb": crumbs(self.edition, _("试算")),
            "edition": self.edition,
            "status": standing(self.edition),
            "rules": _told(self.edition),
            "form": self.forms.get("form") or self._form(),
            "url": edition_url(self.edition),
        }


def _facets(entries: Sequence[RuleEntry], shown: RuleVersion) -> tuple[Facet, ...]:
    """What a list must tell of its entries; the kind of nominee is the award's."""
    named = {name for entry in entries for name in entry.facets}
    known = tuple(facet for facet in offered(fields.stated(shown)) if facet.name in named)
    bodies = names.most_below().get(Stage.PROVINCE, {}) if named & {*ROUTE} else {}
    routes = (of_bodies(facet, bodies.get(facet, ())) for facet in ROUTE if facet in named)
    titles = (of_title(Label(name)) for name in sorted(named) if group_of(name) == HELD)
    return (*known, *routes, *titles)


def _rows(
    form: TryForm, facets: Collection[Facet], shown: RuleVersion
) -> tuple[list[EntryRow], list[dict[str, Any]], list[dict[str, Any]]]:
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
    nominee = label("nominee", shown.award.nominee_kind)
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


def _with_label(row: EntryRow, one: Label) -> EntryRow:
    return replace(row, labels=row.labels | {one})


def _trial(shown: RuleVersion, rows: Sequence[EntryRow], given: Mapping[str, Any]) -> Trial:
    """The answer of the gate, rule by rule."""
    stage = Stage(given["stage"])
    count, base = given.get("previous_count"), given.get("previous_base")
    previous = None if count is None or base is None else (count, base)
    report = trials.judged(version=shown, rows=rows, stage=stage, places=given["places"], previous=previous)
    by_code = {rule.code: rule for rule in shown.rules.all()}
    asked = {rules.row_code(check.code) for check in report.checks}
    return Trial(
        entries=len(rows),
        counted=report.places[REGULAR].used,
        lines=[
            {
                "label": check.bound.label,
                "words": rule_words(by_code[rules.row_code(check.code)]),
                "clause": check.clause,
                "base": check.base,
                "count": check.count,
                "least": check.sense == "min",
                "required": check.required,
                "margin": check.margin,
                "holds": check.holds,
                "advised": check.advised,
                "remedy": "" if check.repair is None else _remedy(check),
            }
            for check in report.checks
        ],
        others=[sentence(each) for each in report.violations if not isinstance(each, BrokenBound)],
        left_out=[
            {"label": rule.label, "why": _why_left_out(rule.kind, stage)}
            for rule in by_code.values()
            if rule.code not in asked
        ],
    )


def _why_left_out(kind: str, stage: Stage) -> str:
    if kind == RuleKind.ABOVE:
        return _("没有填写上一周期的数字，或不在所选层级核验。")
    return _("不在%(stage)s核验。") % {"stage": stage.label}


def _remedy(check: RuleCheck) -> str:
    """The smallest change that repairs this rule, each way by itself, whoever can be had."""
    bound = check.bound
    changes = shares.smallest_changes(bound.figures, max(check.base, check.count), check.count)
    minimum = bound.figures.sense == "min"
    return ways(
        wanted=kinds_word(bound, carried=minimum),
        unwanted=kinds_word(bound, carried=not minimum),
        add=changes.add_matching if minimum else changes.add_other,
        drop=changes.drop_other if minimum else changes.drop_matching,
        exchange=changes.exchange,
        candidates=(),
    )
