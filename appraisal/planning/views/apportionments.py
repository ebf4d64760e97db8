"""Calculations of places: what they rest on, the draw, the result step by step, changes by hand, applying.

For those who hand places down at the body; to others these pages are not there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BoundField
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

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
from appraisal.planning.wording import DECIDED
from appraisal.records.states import WeightCount
from appraisal.records.tones import tone
from appraisal.workbooks.import_rows import RowProblem
from appraisal.workbooks.reader import MAX_BYTES
from appraisal.workbooks.refusals import ColumnsAbsent
from quotas.arithmetic.parts import PartCell
from quotas.base import answers, outside
from quotas.base.pages import READ, ActPage, Acts
from quotas.base.states import ApportionmentState, RoundState, WeightKind
from quotas.base.wording import sentence, word
from quotas.rounds.models import Apportionment, RoundAward
from quotas.rounds.services import apportionments
from quotas.rounds.services.apportionments import CalculationLine, CalculationResult, Offered
from quotas.tree.models import Body
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# --- all of one body -----------------------------------------------------------------------------------------


class CalculationsPage(ActPage):
    """The calculations of one body for one award; a new one is begun here."""

    template_name = "appraisal/planning/apportionments/list.html"
    body: Body
    round_award: RoundAward

    def prepare(self, round_award_id: int, body_id: int) -> None:
        """For those who hand places down at the body."""
        if body_id not in grants_of(self.request.user).bodies(Act.ALLOCATE_PLACES):
            raise Http404
        self.body = get_object_or_404(Body.objects.visible_to(self.request.user), pk=body_id)
        self.round_award = get_object_or_404(RoundAward.objects.running(), pk=round_award_id)

    def act(self) -> HttpResponse:
        """Begin one."""
        made = apportionments.begin(
            round_award_id=self.round_award.pk, parent_id=self.body.pk, actor=self.request.user
        )
        return self.done(_("已建立测算。请确定名额总数、办法和权数，然后抽签。"), _url(made))

    def context(self) -> dict[str, Any]:
        """What there is, and the one that is not finished."""
        found = list(Apportionment.objects.of_body(self.round_award.pk, self.body.pk))
        return {
            "heading": _("%(body)s下级名额测算 · %(award)s")
            % {"body": self.body.short_name, "award": self.round_award.award.name},
            "breadcrumb": [
                {"label": _("名额"), "url": _board_url(self.round_award.pk)},
                {"label": _("名额测算"), "url": ""},
            ],
            "calculations": [{"made": made, "tone": tone(made.state)} for made in found],
            "open": next((made for made in found if made.state in {"draft", "drawn"}), None),
            "board_url": _board_url(self.round_award.pk),
        }


# --- one -----------------------------------------------------------------------------------------------------


class CalculationPage(ActPage):
    """One calculation in its four steps."""

    made: Apportionment
    problems: Sequence[RowProblem] = ()

    def prepare(self, pk: int) -> None:
        """A calculation of a body at which the user hands places down."""
        self.made = _calculation(self.request, pk)

    def _set_inputs(self) -> HttpResponse:
        made = self.made
        form = self.bind(
            InputsForm(self.request.POST, rows=_rows(made), offers=apportionments.offers_of(made)), "form"
        )
        apportionments.set_inputs(
            apportionment_id=made.pk,
            version=form.cleaned_data["version"],
            actor=self.request.user,
            inputs=form.inputs(),
            rows=form.weights(),
        )
        return self.done(_("测算依据已保存。"))

    def _count(self) -> HttpResponse:
        given = self.bind(CountForm(self.request.POST), "count").cleaned_data
        what = WeightCount(given["what"])
        weights.count(
            apportionment_id=self.made.pk, version=given["version"], actor=self.request.user, what=what
        )
        return self.done(_("权数已按“%(what)s”统计，请核对后抽签。") % {"what": word(what)})

    def _upload(self) -> HttpResponse:
        given = self.bind(WeightsUploadForm(self.request.POST, self.request.FILES), "upload").cleaned_data
        # One byte more than is taken shows that it is too large; the rest need not be read.
        table = read_weights(given["file"].read(MAX_BYTES + 1))
        loaded = weights.load(
            apportionment_id=self.made.pk,
            version=given["version"],
            actor=self.request.user,
            kind=WeightKind(given["kind"]),
            source=given["file"].name,
            rows=table.rows,
            problems=table.problems,
        )
        if loaded.problems:
            self.problems = loaded.problems
            return self.draw(status=answers.UNPROCESSABLE)
        if not loaded.rows:
            return redirect(self.address)
        answer = self.done(
            _("已从工作簿读入 %(rows)s 个单位的权数，请核对后抽签。") % {"rows": word(loaded.rows)}
        )
        for notice in table.notices:
            # Floors and caps stay as they are where the workbook has no column for them.
            if not isinstance(notice.reason, ColumnsAbsent):
                messages.warning(self.request, str(sentence(notice.reason)))
        return answer

    def _draw_lots(self) -> HttpResponse:
        form = self.bind(CalculationReasonForm(self.request.POST), "draw")
        apportionments.draw(
            apportionment_id=self.made.pk,
            version=form.cleaned_data["version"],
            actor=self.request.user,
        )
        return self.done(_("已抽签，测算依据和签号记入台账，不再改变。"))

    def _adjust(self) -> HttpResponse:
        form = self.bind(AdjustForm(self.request.POST, handed_down=_handed_down(self.made)), "adjust")
        given = form.cleaned_data
        apportionments.adjust(
            apportionment_id=self.made.pk,
            body_id=given["body"],
            version=given["version"],
            actor=self.request.user,
            places=given["places"],
            parts=form.parts(),
            reason=given["reason"],
        )
        return self.done(_("调整已保存，合计已重新核对。"))

    def _apply(self) -> HttpResponse:
        given = self.bind(ApplyCalculationForm(self.request.POST), "apply").cleaned_data
        applied = apportionments.apply(
            apportionment_id=self.made.pk,
            version=given["version"],
            plan=given["plan"],
            actor=self.request.user,
            reason=given["reason"],
        )
        answer = self.done(
            _("已向 %(number)s 个单位下达名额，记入台账。") % {"number": word(len(applied.allotments))}
        )
        for warning in applied.warnings:
            messages.warning(self.request, str(sentence(warning)))
        return answer

    def _drop(self) -> HttpResponse:
        given = self.bind(CalculationReasonForm(self.request.POST), "drop").cleaned_data
        apportionments.drop(
            apportionment_id=self.made.pk,
            version=given["version"],
            actor=self.request.user,
            reason=given["reason"],
        )
        return self.done(_("测算已作废，台账中保留其依据和签号。"))

    acts: ClassVar[Acts] = {
        "inputs": _set_inputs,
        "count": _count,
        "upload": _upload,
        "draw": _draw_lots,
        "adjust": _adjust,
        "apply": _apply,
        "drop": _drop,
    }

    def draw(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """The inputs until lots are drawn, then the result."""
        made, rows, now = self.made, _rows(self.made), apportionments.standing(self.made)
        offers = apportionments.offers_of(made)
        context = self.context() | {"own": now.own, **more}
        if any(row.lot is None for row in rows):
            context |= _draft_context(made, rows, now, offers, self.forms, self.problems)
            template = "appraisal/planning/apportionments/inputs.html"
        else:
            context |= _result_context(self.request, made, rows, now, offers, self.forms)
            template = "appraisal/planning/apportionments/result.html"
        return render(self.request, template, context, status=status)

    def context(self) -> dict[str, Any]:
        """What both have."""
        made = self.made
        ended = made.round_award.round.state == RoundState.CLOSED
        return {
            "heading": _("%(body)s下级名额测算 · %(award)s")
            % {"body": made.parent.short_name, "award": made.round_award.award.name},
            "breadcrumb": [
                {"label": _("名额"), "url": _board_url(made.round_award_id)},
                {"label": _("名额测算"), "url": _list_url(made.round_award_id, made.parent_id)},
                {"label": made.get_state_display(), "url": ""},
            ],
            "made": made,
            "tone": tone(made.state),
            "running": made.state in {"draft", "drawn"} and not ended,
            "reason_needed": made.round_award.round.state == RoundState.OPEN,
            "drop": self.forms.get("drop")
            or CalculationReasonForm(initial={"version": made.version}, auto_id="drop_%s"),
            "board_url": _board_url(made.round_award_id),
        }


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
    """A body of the result: its steps, its parts, what it has now, and the form when it is being changed."""

    line: CalculationLine
    parts: list["ShownPart"]
    now: int | None
    now_parts: list[tuple[str, int]]
    form: AdjustForm | None


@dataclass(frozen=True)
class ShownPart:
    """A part of a body: `cell` is None where there is none, `computed` where the hand changed nothing about it."""

    label: str
    cell: PartCell[int] | None
    decided: str
    computed: int | None


def _draft_context(
    made: Apportionment,
    rows: list[Any],
    now: apportionments.CalculationStanding,
    offers: apportionments.Offers,
    forms: Mapping[str, Any],
    problems: Iterable[RowProblem],
) -> dict[str, Any]:
    form = forms.get("form") or InputsForm.of(
        apportionments.inputs_of(made), made.version, rows=rows, offers=offers
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
            for problem in problems
        ],
        "draw": forms.get("draw") or CalculationReasonForm(initial=version, auto_id="draw_%s"),
        "obstacles": [sentence(one) for one in apportionments.obstacles(made, rows, offers)],
        "warnings": [sentence(one) for one in apportionments.second_look(made, rows, now, offers)],
    }


def _result_context(
    request: SignedIn,
    made: Apportionment,
    rows: list[Any],
    now: apportionments.CalculationStanding,
    offers: apportionments.Offers,
    forms: Mapping[str, Any],
) -> dict[str, Any]:
    result = apportionments.computed(made, rows, offers)
    sent: AdjustForm | None = forms.get("adjust")
    chosen = str(sent["body"].value()) if sent else outside.word(request.GET, "adjust")
    adjusting = made.state == ApportionmentState.DRAWN
    return {
        "result": result,
        "rules": [
            {"label": offer.label, "figure": made.figures[offer.rule.code]} for offer in result.handed_down
        ],
        # Body and places with what leads to them, two for what is now and for what can be done, one for each rule.
        "width": 12 + len(result.handed_down),
        "divisor": made.method != "largest_remainder",
        "adjusting": adjusting,
        "lines": [
            ResultLine(
                line,
                [_shown(offer, line) for offer in result.handed_down],
                now.places.get(line.row.body_id),
                [
                    (offer.label, there[offer.rule.code])
                    for there in (now.parts.get(line.row.body_id, {}),)
                    for offer in result.handed_down
                    if offer.rule.code in there
                ],
                (sent or _adjust_form(result, line))
                if adjusting and str(line.row.body_id) == chosen
                else None,
            )
            for line in result.lines
        ],
        "changes": sum(now.places.get(line.row.body_id, 0) != line.places for line in result.lines),
        "problems": [sentence(problem) for problem in result.problems],
        "taken": [sentence(one) for one in apportionments.below_committed(result, now)] if adjusting else [],
        "apply": forms.get("apply")
        or ApplyCalculationForm(initial={"version": made.version, "plan": now.digest}, auto_id="apply_%s"),
    }


def _shown(offer: Offered, line: CalculationLine) -> ShownPart:
    cell = line.parts.get(offer.rule.code)
    if cell is None:
        return ShownPart(offer.label, None, "", None)
    computed = line.computed[offer.rule.code]
    return ShownPart(offer.label, cell, str(DECIDED[cell.why]), None if computed == cell.given else computed)


def _adjust_form(result: CalculationResult, line: CalculationLine) -> AdjustForm:
    row = line.row
    return AdjustForm(
        handed_down=result.handed_down,
        initial={
            "version": result.apportionment.version,
            "body": row.body_id,
            "places": row.adjusted_places,
            "reason": row.reason,
            **{f"part_{code}": part for code, part in row.adjusted_parts.items()},
        },
    )


def _handed_down(made: Apportionment) -> list[Offered]:
    offers = apportionments.offers_of(made)
    return [offer for offer, _figure in apportionments.handed_down(made, offers)]


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


class CalculationWorkbook(ActPage):
    """The whole calculation as a workbook, once lots were drawn."""

    http_method_names = READ
    made: Apportionment

    def prepare(self, pk: int) -> None:
        """As its page."""
        self.made = _calculation(self.request, pk)

    @property
    def again_url(self) -> str:
        """Its page."""
        return _url(self.made)

    def look(self) -> HttpResponse:
        """The file; refused before there is anything to tell."""
        return _file(calculation_workbook(self.made.pk), f"places-{self.made.pk}.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
