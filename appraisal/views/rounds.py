"""A round as it stands: timetable, how far each award has come, and what each body has still to do by when.

Everybody sees the own area. Counts are grouped in the database; the page reads the same number of statements for a
county and for the province.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from appraisal.forms.rounds import ExtensionForm
from appraisal.models import Nomination, Slate
from appraisal.states import NominationState, SlateState
from appraisal.views.slate_page import STATE_TONES
from appraisal.wording import label_word
from quotas import refusals
from quotas.errors import DomainError
from quotas.models import Allotment, Body, Round, RoundAward
from quotas.permissions import Act, grants_of
from quotas.requests import SignedIn
from quotas.services import rounds
from quotas.states import Level, RoundState, Stage

_GONE = (SlateState.SENT_UP, SlateState.NAMED)
_REVIEW_STAGES = (Stage.COUNTY, Stage.CITY, Stage.PROVINCE)


@dataclass
class AwardLine:
    """How far the nominations of one award have come."""

    award: RoundAward
    applied: int = 0
    non_public: int = 0
    with_unit: int = 0
    in_review: Counter[str] = field(default_factory=Counter)
    returned: int = 0
    pooled: int = 0
    named: int = 0
    ended: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Take in one row of the tally."""
        number = row["number"]
        self.applied += number
        self.non_public += number if row["non_public"] else 0
        match row["status"]:
            case NominationState.DRAFT | NominationState.ENDORSING:
                self.with_unit += number
            case NominationState.IN_REVIEW:
                self.in_review[row["stage"]] += number
            case NominationState.RETURNED:
                self.returned += number
            case NominationState.POOLED:
                self.pooled += number
            case NominationState.NAMED:
                self.named += number
            case _:
                self.ended += number

    @property
    def by_stage(self) -> list[int]:
        """In review at county, city and province."""
        return [self.in_review[stage] for stage in _REVIEW_STAGES]


@dataclass
class BodyLine:
    """What one body has of the round, and what it has still to do."""

    body: Any
    places: int = 0
    used: int = 0
    non_public: int = 0
    reviewing: int = 0
    pooled: int = 0
    states: Counter[str] = field(default_factory=Counter)
    due_at: datetime | None = None
    slate_id: int | None = None

    @property
    def depth(self) -> str:
        """How deep in the tree, for the indentation."""
        return {Level.PROVINCE: "0", Level.COUNTY: "2"}.get(self.body.level, "1")

    @property
    def badges(self) -> list[dict[str, Any]]:
        """Its lists by state, in the order of the way."""
        return [
            {"label": state.label, "tone": STATE_TONES[state], "number": self.states[state]}
            for state in SlateState
            if self.states[state]
        ]

    @property
    def waits(self) -> bool:
        """Whether one of its lists has not gone yet, so that the deadline matters."""
        return any(number for state, number in self.states.items() if state not in _GONE)

    @property
    def to_do(self) -> str:
        """One sentence: what is still to be done here."""
        parts = []
        if self.reviewing:
            parts.append(_("审结 %(number)s 件申报") % {"number": self.reviewing})
        waiting = sum(number for state, number in self.states.items() if state not in _GONE)
        if waiting:
            parts.append(_("办完 %(number)s 份名单") % {"number": waiting})
        if parts:
            return _("、").join(parts)
        return _("已全部办结") if self.states else ""


def _round_of(request: SignedIn, code: str) -> Round:
    """The round, for anybody who sees a body; others look at it from their own nominations."""
    if not Body.objects.visible_ids(request.user):
        raise Http404
    found: Round = get_object_or_404(Round.objects.visible_to(request.user), code=code)
    return found


def _chosen(awards: Iterable[RoundAward], code: str) -> RoundAward | None:
    return next((each for each in awards if each.award.code == code), None)


@login_required
@require_safe
def overview(request: SignedIn, code: str) -> HttpResponse:
    """The round on one page."""
    round_ = _round_of(request, code)
    awards = list(round_.awards.select_related("award"))
    chosen = _chosen(awards, request.GET.get("award", ""))
    tally = list(Nomination.objects.visible_to(request.user).tally(round_.pk))
    lines = {each.pk: AwardLine(each) for each in awards}
    for row in tally:
        lines[row["round_award_id"]].add(row)
    bodies = _body_lines(request, round_, chosen, tally)
    context = {
        "heading": round_.name,
        "breadcrumb": [
            {"label": pgettext("列表", "评选周期"), "url": reverse("appraisal:rounds")},
            {"label": round_.name},
        ],
        "round": round_,
        "moments": timetable(round_),
        "awards": list(lines.values()),
        "stages": [stage.label for stage in _REVIEW_STAGES],
        "bodies": bodies,
        "tiles": _tiles(bodies, tally, chosen),
        "chosen": chosen,
        "groups": [
            {
                "label": _("奖项"),
                "name": "award",
                "single": True,
                "options": [{"value": each.award.code, "label": each.award.name} for each in awards],
            }
        ],
        "may_plan": grants_of(request.user).any(Act.PLAN_ROUND),
        "planned": round_.state == RoundState.PLANNED,
        "running": round_.state == RoundState.OPEN,
        "extensions": list(
            round_.extensions.filter(body__in=Body.objects.visible_ids(request.user)).select_related("body")
        ),
    }
    return render(request, "appraisal/rounds/overview.html", context)


def figures(round_: Round) -> dict[str, int]:
    """How large a round is and how much of it is under way, for the pages that start and end it. Four statements."""
    tally = Nomination.objects.under_way().tally(round_.pk)
    return {
        "awards": RoundAward.objects.of_plan(round_.pk).count(),
        "lists": Allotment.objects.of_round(round_.pk).count(),
        "under_way": sum(row["number"] for row in tally),
        "lists_under_way": Slate.objects.of_round(round_.pk).exclude(state__in=_GONE).count(),
    }


def timetable(round_: Round) -> list[dict[str, Any]]:
    """The round's moments in their order, for the strip; one statement."""
    moments = []
    for window in round_.windows.all():
        stage = Stage(window.stage).label
        moments.append({"label": _("%(stage)s开始") % {"stage": stage}, "at": window.opens_at})
        moments.append({"label": _("%(stage)s截止") % {"stage": stage}, "at": window.due_at})
    return sorted(moments, key=lambda moment: moment["at"])


def _body_lines(
    request: SignedIn, round_: Round, chosen: RoundAward | None, tally: list[dict[str, Any]]
) -> list[BodyLine]:
    ids = Body.objects.visible_ids(request.user)
    lines = {
        body.pk: BodyLine(body)
        for body in Body.objects.visible_to(request.user).select_related("parent").order_by("path")
    }
    slates = Slate.objects.of_round(round_.pk).with_figures().filter(body__in=ids)
    if chosen:
        slates = slates.filter(round_award=chosen)
    own = grants_of(request.user).bodies(Act.VIEW_AREA)
    rows = slates.values_list("pk", "body_id", "state", "places", "chosen", "chosen_non_public", "due_at")
    for pk, body_id, state, places, used, non_public, due_at in rows:
        line = lines[body_id]
        line.places += places
        line.states[state] += 1
        line.due_at = due_at
        # What is still being compiled is the body's own affair.
        if state != SlateState.COMPILING or body_id in own:
            line.used += used
            line.non_public += non_public
            line.slate_id = pk if chosen else None
    for row in tally:
        if row["desk_id"] in lines and (chosen is None or row["round_award_id"] == chosen.pk):
            if row["status"] in {NominationState.IN_REVIEW, NominationState.RETURNED}:
                lines[row["desk_id"]].reviewing += row["number"]
            elif row["status"] == NominationState.POOLED:
                lines[row["desk_id"]].pooled += row["number"]
    return [line for line in lines.values() if line.states or line.reviewing or line.pooled]


def _tiles(
    lines: list[BodyLine], tally: list[dict[str, Any]], chosen: RoundAward | None
) -> list[dict[str, Any]]:
    """Nominations by city, with how many of them are non-public."""
    cities = {line.body.pk: line.body for line in lines if line.body.level == Level.CITY}
    city_of = {pk: pk for pk in cities} | {
        line.body.pk: line.body.parent_id for line in lines if line.body.level == Level.COUNTY
    }
    number: Counter[int] = Counter()
    non_public: Counter[int] = Counter()
    for row in tally:
        city = city_of.get(row["body_id"])
        if city is not None and city in cities and (chosen is None or row["round_award_id"] == chosen.pk):
            number[city] += row["number"]
            non_public[city] += row["number"] if row["non_public"] else 0
    return [
        {
            "code": body.code,
            "name": body.short_name,
            "value": number[pk],
            "note": _("非公有制 %(number)s") % {"number": non_public[pk]},
            "url": "",
        }
        for pk, body in cities.items()
    ]


@login_required
@require_safe
def quotas(request: SignedIn, code: str) -> HttpResponse:
    """Places by award and body: given, typed, used."""
    round_ = _round_of(request, code)
    awards = list(round_.awards.select_related("award"))
    chosen = _chosen(awards, request.GET.get("award", "")) or (awards[0] if awards else None)
    ids = Body.objects.visible_ids(request.user)
    found = Allotment.objects.for_board().filter(round_award=chosen, body__in=ids).order_by("body__path")
    rows = [
        {
            "allotment": allotment,
            "depth": {Level.PROVINCE: "0", Level.COUNTY: "2"}.get(allotment.body.level, "1"),
            "typed": [
                {"label": label_word([f"{typed.facet}:{typed.value}"]), "places": typed.places}
                for typed in allotment.typed_places.all()
            ],
        }
        for allotment in found
    ]
    context = {
        "heading": _("名额分配"),
        "breadcrumb": [
            {"label": round_.name, "url": reverse("appraisal:round", args=[code])},
            {"label": _("名额分配")},
        ],
        "round": round_,
        "chosen": chosen,
        "rows": rows,
        "groups": [
            {
                "label": _("奖项"),
                "name": "award",
                "single": True,
                "options": [{"value": each.award.code, "label": each.award.name} for each in awards],
            }
        ],
    }
    return render(request, "appraisal/rounds/quotas.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def extend(request: SignedIn, code: str) -> HttpResponse:
    """More time for one body, with the reason; for those who plan the round."""
    round_ = _round_of(request, code)
    if not grants_of(request.user).any(Act.PLAN_ROUND):
        raise Http404
    bodies = [
        (body.pk, f"{body.parent.short_name} {body.short_name}" if body.parent else body.short_name)
        for body in Body.objects.visible_to(request.user).select_related("parent").order_by("path")
    ]
    form = ExtensionForm(request.POST or None, bodies=bodies)
    back = reverse("appraisal:round", args=[code])
    status = 200
    if request.method == "POST":
        status = refusals.UNPROCESSABLE
        if form.is_valid():
            given = dict(form.cleaned_data)
            try:
                extension = rounds.extend(
                    round_id=round_.pk, body_id=given.pop("body"), actor=request.user, **given
                )
            except DomainError as error:
                status = refusals.show(form, error)
            else:
                messages.success(
                    request, _("已为%(body)s延长时间，理由已记入台账。") % {"body": extension.body.short_name}
                )
                return redirect(back)
    context = {
        "heading": _("延长办理时间"),
        "breadcrumb": [{"label": round_.name, "url": back}, {"label": _("延长办理时间")}],
        "round": round_,
        "moments": timetable(round_),
        "form": form,
        "back_url": back,
    }
    return render(request, "appraisal/rounds/extend.html", context, status=status)
