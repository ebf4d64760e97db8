"""Calculations of places: what they rest on, the draw, the result step by step, changes by hand, applying.

For those who hand places down at the body; to others these pages are not there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BoundField, Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from appraisal.imports.spreadsheets import read_weights, weights_template
from appraisal.planning.forms.apportionments import (
    AdjustForm,
    ApplyCalculationForm,
    CalculationReasonForm,
    CountForm,
    InputsForm,
    WeightsUploadForm,
)
from appraisal.planning.services import weights
from appraisal.planning.spreadsheets import calculation_workbook
from appraisal.records.states import WeightCount
from appraisal.workbooks.import_rows import RowProblem
from appraisal.workbooks.reader import MAX_BYTES
from appraisal.workbooks.refusals import ColumnsAbsent
from quotas.base import answers, outside
from quotas.base.errors import DomainError, NotPermitted, WrongState
from quotas.base.states import ApportionmentState, RoundState, WeightKind
from quotas.base.wording import label_word, sentence, word
from quotas.rounds.models import Apportionment, RoundAward
from quotas.rounds.services import apportionments
from quotas.rounds.services.apportionments import CalculationLine
from quotas.tree.models import Body
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

STATE_TONES = {
    ApportionmentState.DRAFT: "todo",
    ApportionmentState.DRAWN: "current",
    ApportionmentState.APPLIED: "done",
    ApportionmentState.DROPPED: "declined",
}
"""How each state of a calculation is drawn."""


# --- all of one body -----------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def calculations(request: SignedIn, round_award_id: int, body_id: int) -> HttpResponse:
    """The calculations of one body for one award; a new one is begun here."""
    if body_id not in grants_of(request.user).bodies(Act.ALLOCATE_PLACES):
        raise Http404
    body = get_object_or_404(Body.objects.visible_to(request.user), pk=body_id)
    round_award = get_object_or_404(RoundAward.objects.running(), pk=round_award_id)
    if request.method == "POST":
        try:
            made = apportionments.begin(round_award_id=round_award_id, parent_id=body_id, actor=request.user)
        except DomainError as error:
            return answers.page(request, error, again_url=_list_url(round_award_id, body_id))
        messages.success(request, _("已建立测算。请确定名额总数、办法和权数，然后抽签。"))
        return redirect("appraisal:calculation", pk=made.pk)
    found = list(Apportionment.objects.of_body(round_award_id, body_id))
    context = {
        "heading": _("%(body)s下级名额测算 · %(award)s")
        % {"body": body.short_name, "award": round_award.award.name},
        "breadcrumb": [
            {"label": _("名额"), "url": _board_url(round_award_id)},
            {"label": _("名额测算"), "url": ""},
        ],
        "calculations": [{"made": made, "tone": STATE_TONES[made.state]} for made in found],
        "open": next((made for made in found if made.state in {"draft", "drawn"}), None),
        "board_url": _board_url(round_award_id),
    }
    return render(request, "appraisal/planning/apportionments/list.html", context)


# --- one -----------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def calculation(request: SignedIn, pk: int) -> HttpResponse:
    """One calculation in its four steps. `act` of the form says which of them is done."""
    made = _calculation(request, pk)
    if request.method == "GET":
        return _draw(request, made)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    return act(request, made)


def _set_inputs(request: SignedIn, made: Apportionment) -> HttpResponse:
    form = InputsForm(request.POST, rows=_rows(made), labels=apportionments.labels(made))

    def act() -> None:
        apportionments.set_inputs(
            apportionment_id=made.pk,
            version=form.cleaned_data["version"],
            actor=request.user,
            inputs=form.inputs(),
            rows=form.weights(),
        )
        messages.success(request, _("测算依据已保存。"))

    return _try(request, made, form, act, inputs=form)


def _count(request: SignedIn, made: Apportionment) -> HttpResponse:
    form = CountForm(request.POST)

    def act() -> None:
        what = WeightCount(form.cleaned_data["what"])
        weights.count(
            apportionment_id=made.pk, version=form.cleaned_data["version"], actor=request.user, what=what
        )
        messages.success(request, _("权数已按“%(what)s”统计，请核对后抽签。") % {"what": word(what)})

    return _try(request, made, form, act, count=form)


def _upload(request: SignedIn, made: Apportionment) -> HttpResponse:
    form = WeightsUploadForm(request.POST, request.FILES)
    problems: list[RowProblem] = []

    def act() -> None:
        upload = form.cleaned_data["file"]
        # One byte more than is taken shows that it is too large; the rest need not be read.
        table = read_weights(upload.read(MAX_BYTES + 1))
        loaded = weights.load(
            apportionment_id=made.pk,
            version=form.cleaned_data["version"],
            actor=request.user,
            kind=WeightKind(form.cleaned_data["kind"]),
            source=upload.name,
            rows=table.rows,
            problems=table.problems,
        )
        problems.extend(loaded.problems)
        if loaded.rows:
            messages.success(
                request,
                _("已从工作簿读入 %(rows)s 个单位的权数，请核对后抽签。") % {"rows": word(loaded.rows)},
            )
            for notice in table.notices:
                # Floors and caps stay as they are where the workbook has no column for them.
                if not isinstance(notice.reason, ColumnsAbsent):
                    messages.warning(request, str(sentence(notice.reason)))

    answer = _try(request, made, form, act, upload=form)
    if problems:
        return _draw(request, made, status=answers.UNPROCESSABLE, upload=form, problems=problems)
    return answer


def _draw_lots(request: SignedIn, made: Apportionment) -> HttpResponse:
    form = CalculationReasonForm(request.POST)

    def act() -> None:
        apportionments.draw(
            apportionment_id=made.pk, version=form.cleaned_data["version"], actor=request.user
        )
        messages.success(request, _("已抽签，测算依据和签号记入台账，不再改变。"))

    return _try(request, made, form, act, draw=form)


def _adjust(request: SignedIn, made: Apportionment) -> HttpResponse:
    form = AdjustForm(request.POST)

    def act() -> None:
        values = form.cleaned_data
        apportionments.adjust(
            apportionment_id=made.pk,
            body_id=values["body"],
            version=values["version"],
            actor=request.user,
            places=values["places"],
            typed=values["typed"],
            reason=values["reason"],
        )
        messages.success(request, _("调整已保存，合计已重新核对。"))

    return _try(request, made, form, act, adjust=form)


def _apply(request: SignedIn, made: Apportionment) -> HttpResponse:
    form = ApplyCalculationForm(request.POST)

    def act() -> None:
        done = apportionments.apply(
            apportionment_id=made.pk,
            version=form.cleaned_data["version"],
            plan=form.cleaned_data["plan"],
            actor=request.user,
            reason=form.cleaned_data["reason"],
        )
        messages.success(
            request,
            _("已向 %(number)s 个单位下达名额，记入台账。") % {"number": word(len(done.allotments))},
        )
        for warning in done.warnings:
            messages.warning(request, str(sentence(warning)))

    return _try(request, made, form, act, apply=form)


def _drop(request: SignedIn, made: Apportionment) -> HttpResponse:
    form = CalculationReasonForm(request.POST)

    def act() -> None:
        apportionments.drop(
            apportionment_id=made.pk,
            version=form.cleaned_data["version"],
            actor=request.user,
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, _("测算已作废，台账中保留其依据和签号。"))

    return _try(request, made, form, act, drop=form)


_ACTS: dict[str, Callable[[SignedIn, Apportionment], HttpResponse]] = {
    "inputs": _set_inputs,
    "count": _count,
    "upload": _upload,
    "draw": _draw_lots,
    "adjust": _adjust,
    "apply": _apply,
    "drop": _drop,
}


def _try(
    request: SignedIn, made: Apportionment, form: Form, act: Callable[[], None], **forms: Form
) -> HttpResponse:
    """The act when the form is whole, and the page anew; otherwise the page with what was typed."""
    status = answers.UNPROCESSABLE
    if form.is_valid():
        try:
            act()
        except (NotPermitted, WrongState) as error:
            return answers.page(request, error, again_url=_url(made))
        except DomainError as error:
            status = answers.show(form, error)
        else:
            return redirect(_url(made))
    return _draw(request, made, status=status, **forms)


# --- the page ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class InputLine:
    """A body while the inputs are open: its three fields."""

    body: Body
    weight: BoundField
    floor: BoundField
    cap: BoundField


@dataclass(frozen=True)
class ResultLine:
    """A body of the result: its steps, what it has now, and the form when it is being changed."""

    line: CalculationLine
    now: int | None
    now_typed: int
    form: AdjustForm | None


def _draw(request: SignedIn, made: Apportionment, *, status: int = 200, **forms: Any) -> HttpResponse:
    now = apportionments.standing(made)
    ended = made.round_award.round.state == RoundState.CLOSED
    running = made.state in {"draft", "drawn"} and not ended
    context: dict[str, Any] = {
        "heading": _("%(body)s下级名额测算 · %(award)s")
        % {"body": made.parent.short_name, "award": made.round_award.award.name},
        "breadcrumb": [
            {"label": _("名额"), "url": _board_url(made.round_award_id)},
            {"label": _("名额测算"), "url": _list_url(made.round_award_id, made.parent_id)},
            {"label": made.get_state_display(), "url": ""},
        ],
        "made": made,
        "tone": STATE_TONES[made.state],
        "label": label_word(made.typed_label) if made.typed_label else "",
        "own": now.own,
        "running": running,
        "reason_needed": made.round_award.round.state == RoundState.OPEN,
        "drop": forms.get("drop")
        or CalculationReasonForm(initial={"version": made.version}, auto_id="drop_%s"),
        "board_url": _board_url(made.round_award_id),
    }
    rows = _rows(made)
    if any(row.lot is None for row in rows):
        context |= _draft_context(made, rows, now, forms)
        template = "appraisal/planning/apportionments/inputs.html"
    else:
        context |= _result_context(request, made, rows, now, forms)
        template = "appraisal/planning/apportionments/result.html"
    return render(request, template, context, status=status)


def _draft_context(
    made: Apportionment, rows: list[Any], now: apportionments.CalculationStanding, forms: dict[str, Any]
) -> dict[str, Any]:
    labels = apportionments.labels(made)
    form = forms.get("inputs") or InputsForm.of(
        apportionments.inputs_of(made), made.version, rows=rows, labels=labels
    )
    version = {"version": made.version}
    return {
        "form": form,
        "lines": [
            InputLine(row.body, *(form[f"{part}_{row.body_id}"] for part in ("weight", "floor", "cap")))
            for row in rows
        ],
        "weight_sum": sum(row.weight for row in rows),
        "count": forms.get("count") or CountForm(initial=version, auto_id="count_%s"),
        "upload": forms.get("upload") or WeightsUploadForm(initial=version, auto_id="upload_%s"),
        "problems": [
            {
                "sheet": problem.sheet,
                "row": problem.row,
                "column": " ".join(filter(None, (problem.letter, problem.heading))),
                "sentence": sentence(problem.reason),
            }
            for problem in forms.get("problems", ())
        ],
        "draw": forms.get("draw") or CalculationReasonForm(initial=version, auto_id="draw_%s"),
        "obstacles": [sentence(one) for one in apportionments.obstacles(made, rows)],
        "warnings": [sentence(one) for one in apportionments.second_look(made, rows, now)],
        "minima": [
            _("%(label)s至少 %(number)s 个") % {"label": label_word(label), "number": word(number)}
            for label, number in labels.items()
        ],
    }


def _result_context(
    request: SignedIn,
    made: Apportionment,
    rows: list[Any],
    now: apportionments.CalculationStanding,
    forms: dict[str, Any],
) -> dict[str, Any]:
    result = apportionments.computed(made, rows)
    sent: AdjustForm | None = forms.get("adjust")
    chosen = str(sent["body"].value()) if sent else outside.word(request.GET, "adjust")
    adjusting = made.state == ApportionmentState.DRAWN
    return {
        "result": result,
        "divisor": made.method != "largest_remainder",
        "adjusting": adjusting,
        "lines": [
            ResultLine(
                line,
                now.places.get(line.row.body_id),
                now.typed.get(line.row.body_id, 0),
                (sent or _adjust_form(made, line)) if adjusting and str(line.row.body_id) == chosen else None,
            )
            for line in result.lines
        ],
        "changes": sum(now.places.get(line.row.body_id, 0) != line.places for line in result.lines),
        "problems": [sentence(problem) for problem in result.problems],
        "taken": [sentence(one) for one in apportionments.below_committed(result, now)] if adjusting else [],
        "apply": forms.get("apply")
        or ApplyCalculationForm(initial={"version": made.version, "plan": now.digest}, auto_id="apply_%s"),
    }


def _adjust_form(made: Apportionment, line: CalculationLine) -> AdjustForm:
    row = line.row
    return AdjustForm(
        initial={
            "version": made.version,
            "body": row.body_id,
            "places": row.adjusted_places,
            "typed": row.adjusted_typed,
            "reason": row.reason,
        }
    )


def _calculation(request: SignedIn, pk: int) -> Apportionment:
    found: Apportionment = get_object_or_404(
        Apportionment.objects.worked_on_by(request.user).in_full(), pk=pk
    )
    return found


def _rows(made: Apportionment) -> list[Any]:
    return apportionments.rows_of(made)


def _url(made: Apportionment) -> str:
    return reverse("appraisal:calculation", args=[made.pk])


def _list_url(round_award_id: int, body_id: int) -> str:
    return reverse("appraisal:calculations", args=[round_award_id, body_id])


def _board_url(round_award_id: int) -> str:
    return f"{reverse('quotas:places')}?award={round_award_id}"


# --- files ---------------------------------------------------------------------------------------------------


@login_required
@require_safe
def weights_form(request: SignedIn, pk: int) -> HttpResponse:
    """The form for weights, filled in with the bodies of the calculation and their weights as they stand."""
    made = _calculation(request, pk)
    content = weights_template(
        [(row.body.code, row.body.name, row.weight, row.floor or None, row.cap) for row in _rows(made)]
    )
    return _file(content, f"weights-{made.pk}.xlsx")


@login_required
@require_safe
def workbook(request: SignedIn, pk: int) -> HttpResponse:
    """The whole calculation as a workbook, once lots were drawn."""
    made = _calculation(request, pk)
    try:
        content = calculation_workbook(made.pk)
    except WrongState as error:
        return answers.page(request, error, again_url=_url(made))
    return _file(content, f"places-{made.pk}.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
