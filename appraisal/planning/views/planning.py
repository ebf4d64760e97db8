"""Planning a round: what it is, when its stages work, which awards take part, and how many places everybody has.

For those who hold PLAN_ROUND; to others these pages are not there. Only the list of rounds is for everybody who looks
at a body.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, ClassVar

from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from appraisal.planning.forms.rounds import AddAwardForm, HandOutForm, RoundForm, TimetableForm
from appraisal.planning.forms.rules import PinForm, PreviousForm
from appraisal.planning.services import previous as previous_round
from appraisal.planning.services import targets
from appraisal.planning.views.targets import told as told_targets
from appraisal.records.tones import tone
from appraisal.vacancies.views.vacancies import told_of, who_enters_the_calendar, whom_to_ask
from quotas.arithmetic.parts import PartCell
from quotas.base import clock
from quotas.base.pages import ActPage, Acts
from quotas.base.states import KeptBy, Level, RoundState, RuleKind, Sense, Stage
from quotas.base.wording import sentence, word
from quotas.calendar.services import calendar
from quotas.editions.models import Award, RuleVersion
from quotas.editions.wording import of_the_whole, predicate_word, rule_words
from quotas.rounds.models import Round, RoundAward
from quotas.rounds.services import allotments, feasibility, parts, rounds, series, vacancies
from quotas.rounds.services.parts import Compared
from quotas.tree.models import Body
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn


def may_plan(request: SignedIn) -> bool:
    """By the grants of this request, for what a page offers; the service asks again."""
    return grants_of(request.user).any(Act.PLAN_ROUND)


def may_read_rules(request: SignedIn) -> bool:
    """Planners, and observers of the whole province."""
    return may_plan(request) or Body.objects.observed_by(request.user).filter(parent=None).exists()


def round_to_plan(request: SignedIn, code: str) -> Round:
    """The round, for its planners; to others it is not there."""
    if not may_plan(request):
        raise Http404
    return get_object_or_404(Round, code=code)


def plan_url(round_: Round) -> str:
    """Where the round is planned."""
    return reverse("appraisal:round_plan", args=[round_.code])


@login_required
@require_safe
def rounds_list(request: SignedIn) -> HttpResponse:
    """All rounds, the newest first; those still being planned only for their planners."""
    if not grants_of(request.user).any(Act.VIEW_AREA):
        raise Http404
    found = Round.objects.visible_to(request.user).for_list()
    context = {
        "heading": pgettext("列表", "评选周期"),
        "breadcrumb": [{"label": pgettext("列表", "评选周期")}],
        "rounds": [
            {
                "round": each,
                "tone": tone(each.state),
                "awards": [taking_part.award.short_name for taking_part in each.awards.all()],
                "planned": each.state == RoundState.PLANNED,
            }
            for each in found
        ],
        "may_plan": may_plan(request),
        "reads_rules": may_read_rules(request),
    }
    return render(request, "appraisal/planning/rounds/list.html", context)


class RoundNew(ActPage):
    """The settings of a new round; then its plan."""

    template_name = "appraisal/planning/rounds/new.html"

    def prepare(self) -> None:
        """Not there for those who do not plan."""
        if not may_plan(self.request):
            raise Http404

    @property
    def again_url(self) -> str:
        """The rounds."""
        return reverse("appraisal:rounds")

    def act(self) -> HttpResponse:
        """Make it."""
        form = self.bind(RoundForm(self.request.POST))
        made = rounds.create(actor=self.request.user, **form.cleaned_data)
        return self.done(
            _("已建立“%(name)s”。请安排时间、加入奖项并分配名额。") % {"name": made.name}, plan_url(made)
        )

    def context(self) -> dict[str, Any]:
        """A year and a code are proposed."""
        year = clock.today().year
        return {
            "heading": _("新建评选周期"),
            "breadcrumb": [
                {"label": pgettext("列表", "评选周期"), "url": reverse("appraisal:rounds")},
                {"label": _("新建评选周期")},
            ],
            "form": self.forms.get("form")
            or RoundForm(initial={"year": year, "code": rounds.free_code(year=year)}),
            "back_url": reverse("appraisal:rounds"),
        }


# --- the plan ------------------------------------------------------------------------------------------------


class RoundPlan(ActPage):
    """What is still missing, and the four parts: timetable, awards, places, opening."""

    template_name = "appraisal/planning/rounds/plan.html"
    round: Round

    def prepare(self, code: str) -> None:
        """The round, for its planners."""
        self.round = round_to_plan(self.request, code)

    def look(self) -> HttpResponse:
        """The plan, as long as it is one."""
        if self.round.state != RoundState.PLANNED:
            return redirect("appraisal:round", code=self.round.code)
        return self.draw()

    def _set_timetable(self) -> HttpResponse:
        form = self.bind(TimetableForm(self.request.POST), "timetable")
        rounds.set_timetable(round_id=self.round.pk, windows=form.windows(), actor=self.request.user)
        return self.done(_("时间安排已保存。"))

    def _add_award(self) -> HttpResponse:
        form = self.bind(AddAwardForm(self.request.POST, awards=_addable(self.round)), "award_form")
        rounds.add_award(round_id=self.round.pk, actor=self.request.user, **form.cleaned_data)
        return self.done(_("奖项已加入，采用其最新发布的规则。"))

    def _pin(self) -> HttpResponse:
        chosen = self._wanted()
        editions = _editions(self.request, [chosen])[chosen.award_id]
        name = f"pin-{chosen.pk}"
        form = self.bind(PinForm(self.request.POST, editions=editions, prefix=name), name)
        rounds.pin(
            round_award_id=chosen.pk,
            version_id=form.cleaned_data["rule_version"],
            actor=self.request.user,
        )
        return self.done(_("已改用所选的规则版本。"))

    def _set_previous(self) -> HttpResponse:
        chosen = self._wanted()
        name = f"previous-{chosen.pk}"
        form = self.bind(PreviousForm(self.request.POST, prefix=name), name)
        rounds.set_previous(round_award_id=chosen.pk, actor=self.request.user, **form.cleaned_data)
        return self.done(_("上一周期的数字已登记。"))

    def _drop(self) -> HttpResponse:
        dropped = self._chosen()
        if dropped is None:
            # Pressed twice: it is gone already.
            return redirect(self.address)
        rounds.drop_award(round_award_id=dropped.pk, actor=self.request.user)
        return self.done(_("已移出奖项“%(award)s”及其名额。") % {"award": dropped.award.name})

    acts: ClassVar[Acts] = {
        "timetable": _set_timetable,
        "award": _add_award,
        "pin": _pin,
        "previous": _set_previous,
        "drop": _drop,
    }

    def _chosen(self) -> Any:
        """The award of the round that a form is about; None when it is not there."""
        wanted = self.request.POST.get("round_award", "")
        taking_part = RoundAward.objects.of_plan(self.round.pk)
        return next((each for each in taking_part if str(each.pk) == wanted), None)

    def _wanted(self) -> Any:
        """The same; not found when it is not there."""
        chosen = self._chosen()
        if chosen is None:
            raise Http404
        return chosen

    def context(self) -> dict[str, Any]:
        """The plan; a form that was refused takes the place of the fresh one."""
        round_, sent = self.round, self.forms
        prefetch_related_objects([round_], "windows")
        taking_part = list(RoundAward.objects.of_plan(round_.pk))
        editions = _editions(self.request, taking_part)
        proposals = previous_round.proposals(round_id=round_.pk)
        vacant = vacancies.of_round(round_id=round_.pk)
        aimed = targets.progress(round_awards=taking_part, bodies=Body.objects.visible_to(self.request.user))
        feasible = feasibility.of(taking_part)
        return {
            "heading": round_.name,
            "breadcrumb": [
                {"label": pgettext("列表", "评选周期"), "url": reverse("appraisal:rounds")},
                {"label": round_.name},
            ],
            "round": round_,
            "missing": [sentence(violation) for violation in rounds.missing(round_, feasible)],
            "unlistable": [sentence(line.reason) for line in feasible.lines if line.unlistable],
            "undecided": [sentence(line.reason) for line in feasible.lines if line.undecided],
            "shut_out": [
                sentence(line.reason) for line in feasible.lines if not (line.unlistable or line.undecided)
            ],
            "warnings": [
                sentence(each)
                for each in (
                    *parts.drift_of([each.pk for each in taking_part]),
                    *series.over(taking_part),
                )
            ],
            "vacant": told_of(round_, vacant) if vacant.stopping else None,
            "fillers": whom_to_ask() if vacant.stopping else "",
            "unannounced": unannounced(round_),
            "timetable": sent.get("timetable") or TimetableForm(initial=_windows(round_)),
            "planning_bodies": grants_of(self.request.user).bodies(Act.ALLOCATE_PLACES),
            "award_form": sent.get("award_form") or AddAwardForm(awards=_addable(round_)),
            "awards": [
                {
                    "taking_part": each,
                    "rules": [
                        {"label": rule.label, "words": rule_words(rule), "clause": rule.clause}
                        for rule in each.rule_version.rules.all()
                    ],
                    "targets": told_targets(aimed.get(each.pk, ())),
                    "rules_url": reverse(
                        "appraisal:rule_edition", args=[each.award.code, each.rule_version.number]
                    ),
                    "pin": sent.get(f"pin-{each.pk}") or _pin_form(each, editions.get(each.award_id, [])),
                    "previous": sent.get(f"previous-{each.pk}")
                    or _previous_form(each, proposals.get(each.pk)),
                    "proposed": each.previous_base is None and each.pk in proposals,
                }
                for each in taking_part
            ],
        }


def _editions(request: SignedIn, taking_part: Iterable[RoundAward]) -> dict[int, list[tuple[Any, Any]]]:
    """The published editions of the awards, the newest first. One statement."""
    found: dict[int, list[tuple[Any, Any]]] = {}
    awards = [each.award_id for each in taking_part]
    for edition in RuleVersion.objects.visible_to(request.user).published().filter(award__in=awards):
        words = _("第 %(number)s 版：%(source)s") % {"number": edition.number, "source": edition.source}
        found.setdefault(edition.award_id, []).append((edition.pk, words))
    return found


def _pin_form(taking_part: RoundAward, editions: list[tuple[Any, Any]]) -> PinForm | None:
    """Where there is another edition to choose."""
    if len(editions) < 2:
        return None
    return PinForm(
        editions=editions,
        initial={"rule_version": taking_part.rule_version_id},
        prefix=f"pin-{taking_part.pk}",
    )


def _previous_form(
    taking_part: RoundAward, proposal: previous_round.PreviousFigures | None
) -> PreviousForm | None:
    """Where a rule wants more than in the previous round: its figures as stated, or as they are proposed."""
    if not any(rule.kind == RuleKind.ABOVE for rule in taking_part.rule_version.rules.all()):
        return None
    if taking_part.previous_base is not None:
        initial: dict[str, Any] = {
            "base": taking_part.previous_base,
            "count": taking_part.previous_count,
            "source": taking_part.previous_source,
        }
    else:
        initial = asdict(proposal) if proposal else {}
    return PreviousForm(initial=initial, prefix=f"previous-{taking_part.pk}")


def unannounced(round_: Round) -> str:
    """Which years of the timetable nobody has announced, what follows, and who can; nothing where all are known."""
    windows = list(round_.windows.all())
    if not windows:
        return ""
    years = calendar.unannounced(
        min(clock.local_date(window.opens_at) for window in windows),
        max(clock.local_date(window.due_at) for window in windows),
    )
    if not years:
        return ""
    words = _("%(years)s年的放假安排还没有录入，跨入其中的公示算不出最后一天，须逐份由人填写日期和依据。") % {
        "years": _("、").join(map(str, years))
    }
    return f"{words}{who_enters_the_calendar()}"


def _windows(round_: Round) -> dict[str, Any]:
    """The timetable as it stands, as the form takes it."""
    found: dict[str, Any] = {}
    for window in round_.windows.all():
        found |= {f"{window.stage}_opens_at": window.opens_at, f"{window.stage}_due_at": window.due_at}
    return found


def _addable(round_: Round) -> list[tuple[str, str]]:
    return [(award.code, award.name) for award in Award.objects.not_in(round_.pk)]


def compared_line(line: Compared, *, chosen: bool = True) -> dict[str, Any]:
    """A share in both ways, as pages tell it: the kind that it counts, what each way comes to, and whom it shuts out.

    Without `chosen` nobody has said yet which of the two it is.
    """
    kind, in_parts = predicate_word([line.rule.counted]), line.rule.in_parts
    ways = (
        (KeptBy.ITSELF, line.by_itself, line.shut_out, not in_parts),
        (KeptBy.PARTS, line.in_parts, line.shut_out_in_parts, in_parts),
    )
    return {
        "line": line,
        "kind": kind,
        "sense": Sense(line.rule.sense).label,
        "ways": [
            {
                "words": _("%(way)s：合计 %(number)s 个。") % {"way": way.label, "number": word(number)}
                + _shut_out(line, kind, shut),
                "chosen": chosen and taken,
            }
            for way, number, shut, taken in ways
        ],
    }


def _shut_out(line: Compared, kind: str, number: int) -> str:
    """How many bodies can list nobody else, or of a ceiling nobody of the kind."""
    if not number:
        return ""
    if line.rule.sense == "min":
        words = _("%(number)s 个单位的全部名额只能报%(kind)s。")
    else:
        words = _("%(number)s 个单位不能报%(kind)s。")
    return words % {"number": word(number), "kind": kind}


# --- places --------------------------------------------------------------------------------------------------


class HandOutPage(ActPage):
    """Places for the whole tree by the number of bodies below: first to look at (GET), then written (POST)."""

    template_name = "appraisal/planning/rounds/hand_out.html"
    round: Round
    taking_part: RoundAward
    proposal: allotments.PlacesProposal | None = None

    def prepare(self, code: str, pk: int) -> None:
        """An award of the round, for those who plan it."""
        self.round = round_to_plan(self.request, code)
        self.taking_part = get_object_or_404(RoundAward.objects.of_plan(self.round.pk), pk=pk)

    @property
    def again_url(self) -> str:
        """The plan."""
        return plan_url(self.round)

    def _form(self, sent: Any = None) -> HandOutForm:
        return HandOutForm(sent, final_stage=Stage(self.taking_part.award.final_stage))

    def look(self) -> HttpResponse:
        """What it would come to, as soon as the figures are there."""
        if self.round.state != RoundState.PLANNED:
            return redirect("appraisal:round", code=self.round.code)
        if self.request.GET:
            form = self.bind(self._form(self.request.GET))
            self.proposal = allotments.propose(round_award_id=self.taking_part.pk, **form.cleaned_data)
        return self.draw()

    def act(self) -> HttpResponse:
        """Write the places that were looked at."""
        form = self.bind(self._form(self.request.POST))
        written = allotments.hand_out(
            round_award_id=self.taking_part.pk,
            actor=self.request.user,
            plan=self.request.POST.get("plan", ""),
            **form.cleaned_data,
        )
        return self.done(
            _("已为%(award)s分配名额，涉及 %(number)s 个单位，记入台账。")
            % {"award": self.taking_part.award.name, "number": written.number(*Level)},
            plan_url(self.round),
        )

    def context(self) -> dict[str, Any]:
        """The figures, and the proposal where there is one."""
        form: Any = self.forms.get("form") or self._form()
        context: dict[str, Any] = {
            "heading": _("按下级单位数分配"),
            "breadcrumb": [
                {"label": self.round.name, "url": plan_url(self.round)},
                {"label": _("按下级单位数分配")},
            ],
            "round": self.round,
            "taking_part": self.taking_part,
            "form": form,
            "proposal": self.proposal,
            "back_url": plan_url(self.round),
        }
        return context | self._proposed(self.proposal, form) if self.proposal else context

    def _proposed(self, proposal: allotments.PlacesProposal, form: HandOutForm) -> dict[str, Any]:
        return {
            "sums": [
                {"label": level.label, "places": proposal.total(level), "number": proposal.number(level)}
                for level in (Level.CITY, Level.INDUSTRY, Level.COUNTY)
                if any(hand.body.level == level for hand in proposal.hands)
            ],
            "warnings": [sentence(warning) for warning in proposal.warnings],
            "fields": [
                *({"name": name, "value": value} for name, value in form.cleaned_data.items()),
                {"name": "plan", "value": allotments.digest_of_tree(round_award_id=self.taking_part.pk)},
            ],
            "compared": [compared_line(line) for line in proposal.compared],
            "of_the_whole": sorted(
                {
                    of_the_whole(line.rule.clause)
                    for line in proposal.compared
                    if not line.rule.in_parts and of_the_whole(line.rule.clause)
                }
            ),
            "edition_url": reverse(
                "appraisal:rule_edition",
                args=[self.taking_part.award.code, self.taking_part.rule_version.number],
            ),
            "hands": [
                {
                    "hand": hand,
                    "shares": [
                        {
                            "kind": predicate_word([rule.counted]),
                            "sense": Sense(rule.sense).label,
                            "number": hand.parts[rule.code].given if rule.code in hand.parts else alone,
                            "part": _part_words(hand.parts[rule.code]) if rule.code in hand.parts else "",
                            "shuts_out": not rule.in_parts
                            and bool(hand.places)
                            and alone == (hand.places if rule.sense == "min" else 0),
                            "least": rule.sense == "min",
                        }
                        for rule in proposal.held
                        for alone in (hand.by_itself[rule.code],)
                    ],
                }
                for hand in proposal.hands
            ],
        }


def _part_words(cell: PartCell[int]) -> str:
    """That the figure is a part; what was owed where it was rounded, and the lot where that decided."""
    if not cell.remainder:
        return _("分解")
    facts = {"fair": cell.fair, "lot": cell.lot}
    if cell.why == "lot":
        return _("分解，应得 %(fair)s，抽签第 %(lot)s") % facts
    return _("分解，应得 %(fair)s") % facts
