"""Planning a round: what it is, when its stages work, which awards take part, and how many places everybody has.

For those who hold PLAN_ROUND; to others these pages are not there. Only the list of rounds is for everybody who looks
at a body.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from appraisal.planning.forms.rounds import AddAwardForm, HandOutForm, RoundForm, TimetableForm
from appraisal.planning.forms.rules import PinForm, PreviousForm
from appraisal.planning.services import previous as previous_round
from appraisal.planning.services import targets
from appraisal.planning.views.targets import told as told_targets
from appraisal.vacancies.views.vacancies import told_of, who_enters_the_calendar, whom_to_ask
from quotas.base import answers, clock
from quotas.base.errors import Conflict, DomainError, NotPermitted, WrongState
from quotas.base.states import Level, RoundState, RuleKind, Stage
from quotas.base.wording import label_word, sentence
from quotas.calendar.services import calendar
from quotas.editions.models import Award, RuleVersion
from quotas.editions.wording import rule_words
from quotas.rounds.models import Round, RoundAward
from quotas.rounds.services import allotments, few_places, rounds, vacancies
from quotas.tree.models import Body
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn

ROUND_TONES: Mapping[str, str] = {
    RoundState.PLANNED: "todo",
    RoundState.OPEN: "current",
    RoundState.CLOSED: "done",
}
"""How each state of a round is drawn."""


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
                "tone": ROUND_TONES[each.state],
                "awards": [taking_part.award.short_name for taking_part in each.awards.all()],
                "planned": each.state == RoundState.PLANNED,
            }
            for each in found
        ],
        "may_plan": may_plan(request),
        "reads_rules": may_read_rules(request),
    }
    return render(request, "appraisal/planning/rounds/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """The settings of a new round; then its plan."""
    if not may_plan(request):
        raise Http404
    year = clock.today().year
    form = RoundForm(request.POST or None, initial={"year": year, "code": rounds.free_code(year=year)})
    status = 200
    if request.method == "POST":
        status = answers.UNPROCESSABLE
        if form.is_valid():
            try:
                made = rounds.create(actor=request.user, **form.cleaned_data)
            except NotPermitted as error:
                return answers.page(request, error, again_url=reverse("appraisal:rounds"))
            except DomainError as error:
                status = answers.show(form, error)
            else:
                messages.success(
                    request, _("已建立“%(name)s”。请安排时间、加入奖项并分配名额。") % {"name": made.name}
                )
                return redirect(plan_url(made))
    context = {
        "heading": _("新建评选周期"),
        "breadcrumb": [
            {"label": pgettext("列表", "评选周期"), "url": reverse("appraisal:rounds")},
            {"label": _("新建评选周期")},
        ],
        "form": form,
        "back_url": reverse("appraisal:rounds"),
    }
    return render(request, "appraisal/planning/rounds/new.html", context, status=status)


# --- the plan ------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def plan(request: SignedIn, code: str) -> HttpResponse:
    """What is still missing, and the four parts: timetable, awards, places, opening."""
    round_ = round_to_plan(request, code)
    if request.method == "POST":
        return _change(request, round_)
    if round_.state != RoundState.PLANNED:
        return redirect("appraisal:round", code=code)
    return _draw_plan(request, round_)


def _change(request: SignedIn, round_: Round) -> HttpResponse:
    """One of the forms of the page was sent."""
    match request.POST.get("act"):
        case "timetable":
            timetable = TimetableForm(request.POST)
            return _try(
                request,
                round_,
                timetable,
                lambda: rounds.set_timetable(
                    round_id=round_.pk, windows=timetable.windows(), actor=request.user
                ),
                done=_("时间安排已保存。"),
                timetable=timetable,
            )
        case "award":
            award = AddAwardForm(request.POST, awards=_addable(round_))
            return _try(
                request,
                round_,
                award,
                lambda: rounds.add_award(round_id=round_.pk, actor=request.user, **award.cleaned_data),
                done=_("奖项已加入，采用其最新发布的规则。"),
                award=award,
            )
        case "pin" | "previous":
            return _change_award(request, round_)
        case "drop":
            return _drop(request, round_)
        case _:
            raise Http404


def _try(
    request: SignedIn,
    round_: Round,
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
            return answers.page(request, error, again_url=plan_url(round_))
        except DomainError as error:
            status = answers.show(form, error)
        else:
            messages.success(request, done)
            return redirect(plan_url(round_))
    return _draw_plan(request, round_, status=status, **forms)


def _chosen(request: SignedIn, round_: Round) -> Any:
    """The award of the round that a form is about; None when it is not there."""
    wanted = request.POST.get("round_award", "")
    return next((each for each in RoundAward.objects.of_plan(round_.pk) if str(each.pk) == wanted), None)


def _change_award(request: SignedIn, round_: Round) -> HttpResponse:
    """Another edition of the rules for an award of the round, or the figures of its previous round."""
    chosen = _chosen(request, round_)
    if chosen is None:
        raise Http404
    if request.POST["act"] == "pin":
        pin = PinForm(
            request.POST, editions=_editions(request, [chosen])[chosen.award_id], prefix=f"pin-{chosen.pk}"
        )
        return _try(
            request,
            round_,
            pin,
            lambda: rounds.pin(
                round_award_id=chosen.pk, version_id=pin.cleaned_data["rule_version"], actor=request.user
            ),
            done=_("已改用所选的规则版本。"),
            pins={chosen.pk: pin},
        )
    previous = PreviousForm(request.POST, prefix=f"previous-{chosen.pk}")
    return _try(
        request,
        round_,
        previous,
        lambda: rounds.set_previous(round_award_id=chosen.pk, actor=request.user, **previous.cleaned_data),
        done=_("上一周期的数字已登记。"),
        previous={chosen.pk: previous},
    )


def _drop(request: SignedIn, round_: Round) -> HttpResponse:
    dropped = _chosen(request, round_)
    # Pressed twice: it is gone already.
    if dropped is not None:
        try:
            rounds.drop_award(round_award_id=dropped.pk, actor=request.user)
        except DomainError as error:
            return answers.page(request, error, again_url=plan_url(round_))
        messages.success(request, _("已移出奖项“%(award)s”及其名额。") % {"award": dropped.award.name})
    return redirect(plan_url(round_))


def _draw_plan(
    request: SignedIn,
    round_: Round,
    *,
    status: int = 200,
    timetable: TimetableForm | None = None,
    award: AddAwardForm | None = None,
    pins: Mapping[int, PinForm] | None = None,
    previous: Mapping[int, PreviousForm] | None = None,
) -> HttpResponse:
    prefetch_related_objects([round_], "windows")
    taking_part = list(RoundAward.objects.of_plan(round_.pk))
    editions = _editions(request, taking_part)
    proposals = previous_round.proposals(round_id=round_.pk)
    vacant = vacancies.of_round(round_id=round_.pk)
    aimed = targets.progress(round_awards=taking_part, bodies=Body.objects.visible_to(request.user))
    few = few_places.of(taking_part)
    context = {
        "heading": round_.name,
        "breadcrumb": [
            {"label": pgettext("列表", "评选周期"), "url": reverse("appraisal:rounds")},
            {"label": round_.name},
        ],
        "round": round_,
        "missing": [sentence(violation) for violation in rounds.missing(round_)],
        "unlistable": [sentence(violation) for violation in few.without_a_list],
        "shut_out": [sentence(violation) for violation in few.shut_out],
        "vacant": told_of(round_, vacant) if vacant.stopping else None,
        "fillers": whom_to_ask() if vacant.stopping else "",
        "unannounced": unannounced(round_),
        "timetable": timetable or TimetableForm(initial=_windows(round_)),
        "planning_bodies": grants_of(request.user).bodies(Act.ALLOCATE_PLACES),
        "award_form": award or AddAwardForm(awards=_addable(round_)),
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
                "pin": (pins or {}).get(each.pk) or _pin_form(each, editions.get(each.award_id, [])),
                "previous": (previous or {}).get(each.pk) or _previous_form(each, proposals.get(each.pk)),
                "proposed": each.previous_base is None and each.pk in proposals,
            }
            for each in taking_part
        ],
    }
    return render(request, "appraisal/planning/rounds/plan.html", context, status=status)


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


# --- places --------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def hand_out(request: SignedIn, code: str, pk: int) -> HttpResponse:
    """Places for the whole tree by the number of bodies below: first to look at (GET), then written (POST)."""
    round_ = round_to_plan(request, code)
    taking_part = get_object_or_404(RoundAward.objects.of_plan(round_.pk), pk=pk)
    if request.method == "GET" and round_.state != RoundState.PLANNED:
        return redirect("appraisal:round", code=code)
    sent = request.POST if request.method == "POST" else request.GET or None
    form = HandOutForm(sent, final_stage=Stage(taking_part.award.final_stage))
    proposal, status = None, 200
    if form.is_bound:
        status = answers.UNPROCESSABLE
        if form.is_valid():
            wanted = form.cleaned_data
            try:
                if request.method == "POST":
                    written = allotments.hand_out(
                        round_award_id=pk, actor=request.user, plan=request.POST.get("plan", ""), **wanted
                    )
                    messages.success(
                        request,
                        _("已为%(award)s分配名额，涉及 %(number)s 个单位，记入台账。")
                        % {"award": taking_part.award.name, "number": written.number(*Level)},
                    )
                    return redirect(plan_url(round_))
                proposal, status = allotments.propose(round_award_id=pk, **wanted), 200
            except (NotPermitted, WrongState) as error:
                return answers.page(request, error, again_url=plan_url(round_))
            except Conflict as error:
                return answers.page(request, error, again_url=request.path)
            except DomainError as error:
                status = answers.show(form, error)
    return _draw_hand_out(request, round_, taking_part, form, proposal, status)


def _draw_hand_out(
    request: SignedIn,
    round_: Round,
    taking_part: Any,
    form: HandOutForm,
    proposal: allotments.PlacesProposal | None,
    status: int,
) -> HttpResponse:
    context: dict[str, Any] = {
        "heading": _("按下级单位数分配"),
        "breadcrumb": [
            {"label": round_.name, "url": plan_url(round_)},
            {"label": _("按下级单位数分配")},
        ],
        "round": round_,
        "taking_part": taking_part,
        "form": form,
        "proposal": proposal,
        "back_url": plan_url(round_),
    }
    if proposal is not None:
        context |= {
            "sums": [
                {"label": level.label, "places": proposal.total(level), "number": proposal.number(level)}
                for level in (Level.CITY, Level.INDUSTRY, Level.COUNTY)
                if any(hand.body.level == level for hand in proposal.hands)
            ],
            "warnings": [sentence(warning) for warning in proposal.warnings],
            "fields": [
                *({"name": name, "value": value} for name, value in form.cleaned_data.items()),
                {"name": "plan", "value": allotments.digest_of_tree(round_award_id=taking_part.pk)},
            ],
            "compared": [{"line": line, "kind": label_word(line.label)} for line in proposal.compared],
            "hands": [
                {
                    "hand": hand,
                    "minima": [
                        {
                            "kind": label_word(label),
                            "number": hand.typed.get(label, least),
                            "shuts_out": not hand.typed and bool(hand.places) and least == hand.places,
                        }
                        for label, least in hand.least.items()
                    ],
                }
                for hand in proposal.hands
            ],
        }
    return render(request, "appraisal/planning/rounds/hand_out.html", context, status=status)
