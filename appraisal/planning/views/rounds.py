"""A round as it stands: timetable, how far each award has come, where the applications come from.

Readers see their own area; what each body has still to do stands on the quota board (`boards`). Counts are grouped in
the database; the page reads the same number of statements for a county and for the province.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from appraisal.deadlines.services import extensions
from appraisal.planning.forms.rounds import ExtensionForm
from appraisal.planning.services import targets
from appraisal.planning.views.targets import told as told_targets
from appraisal.records.models import Nomination, Slate
from appraisal.records.states import NominationState, SlateState
from quotas.base import outside
from quotas.base.pages import ActPage
from quotas.base.states import Level, RoundState, Stage
from quotas.rounds.models import Allotment, Round, RoundAward
from quotas.tree.models import Body
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn

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


def round_of(request: SignedIn, code: str) -> Round:
    """The round, for anybody who sees a body; others look at it from their own nominations."""
    if not Body.objects.visible_ids(request.user):
        raise Http404
    found: Round = get_object_or_404(Round.objects.visible_to(request.user), code=code)
    return found


def award_chips(awards: Iterable[RoundAward]) -> dict[str, Any]:
    """The awards of a round to choose one from, for partials/lists/filter_chips.html."""
    return {
        "label": _("奖项"),
        "name": "award",
        "single": True,
        "options": [{"value": each.award.code, "label": each.award.name} for each in awards],
    }


def chosen_of(awards: Iterable[RoundAward], code: str) -> RoundAward | None:
    """The award of this code among those of a round."""
    return next((each for each in awards if each.award.code == code), None)


@login_required
@require_safe
def overview(request: SignedIn, code: str) -> HttpResponse:
    """The round on one page."""
    round_ = round_of(request, code)
    awards = list(round_.awards.select_related("award"))
    chosen = chosen_of(awards, outside.word(request.GET, "award"))
    tally = list(Nomination.objects.visible_to(request.user).tally(round_.pk))
    lines = {each.pk: AwardLine(each) for each in awards}
    for row in tally:
        lines[row["round_award_id"]].add(row)
    context = {
        "heading": round_.name,
        "breadcrumb": [
            {"label": pgettext("列表", "评选周期"), "url": reverse("appraisal:rounds")},
            {"label": round_.name},
        ],
        "round": round_,
        "moments": timetable(round_),
        "awards": list(lines.values()),
        "targets": _targets(request, awards),
        "stages": [stage.label for stage in _REVIEW_STAGES],
        "tiles": _tiles(request, tally, chosen),
        "groups": [award_chips(awards)],
        "may_plan": grants_of(request.user).any(Act.PLAN_ROUND),
        "planned": round_.state == RoundState.PLANNED,
        "running": round_.state == RoundState.OPEN,
        "extensions": list(
            round_.extensions.filter(body__in=Body.objects.visible_ids(request.user)).select_related("body")
        ),
    }
    return render(request, "appraisal/planning/rounds/overview.html", context)


def _targets(request: SignedIn, awards: list[RoundAward]) -> list[dict[str, Any]]:
    """How far the targets of the awards have come in the area of the reader. Three statements, one without targets."""
    found = targets.progress(
        round_awards=awards, bodies=Body.objects.visible_to(request.user).order_by("path")
    )
    return [each for award in awards for each in told_targets(found.get(award.pk, ()))]


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
        stage = window.stage.label
        moments.append({"label": _("%(stage)s开始") % {"stage": stage}, "at": window.opens_at})
        moments.append({"label": _("%(stage)s截止") % {"stage": stage}, "at": window.due_at})
    return sorted(moments, key=lambda moment: moment["at"])


def _tiles(request: SignedIn, tally: list[dict[str, Any]], chosen: RoundAward | None) -> list[dict[str, Any]]:
    """Nominations by city, with how many of them are non-public; one statement. Nothing before there are any."""
    bodies = list(Body.objects.visible_to(request.user).order_by("path"))
    city_of = {body.pk: body.pk if body.level == Level.CITY else body.parent_id for body in bodies}
    number: Counter[int | None] = Counter()
    non_public: Counter[int | None] = Counter()
    for row in tally:
        if chosen is None or row["round_award_id"] == chosen.pk:
            city = city_of.get(row["body_id"])
            number[city] += row["number"]
            non_public[city] += row["number"] if row["non_public"] else 0
    if not number:
        return []
    return [
        {
            "code": body.code,
            "name": body.short_name,
            "value": number[body.pk],
            "note": _("非公有制 %(number)s") % {"number": non_public[body.pk]},
            "url": "",
        }
        for body in bodies
        if body.level == Level.CITY
    ]


class RoundExtend(ActPage):
    """More time for one body, with the reason; for those who plan the round."""

    template_name = "appraisal/planning/rounds/extend.html"
    round: Round

    def prepare(self, code: str) -> None:
        """The round; not there for others."""
        self.round = round_of(self.request, code)
        if not grants_of(self.request.user).any(Act.PLAN_ROUND):
            raise Http404

    def _form(self, *sent: Any) -> ExtensionForm:
        bodies = [
            (body.pk, f"{body.parent.short_name} {body.short_name}" if body.parent else body.short_name)
            for body in Body.objects.visible_to(self.request.user).select_related("parent").order_by("path")
        ]
        return ExtensionForm(*sent, bodies=bodies)

    def act(self) -> HttpResponse:
        """Give it."""
        given = dict(self.bind(self._form(self.request.POST)).cleaned_data)
        extension = extensions.extend(
            round_id=self.round.pk, body_id=given.pop("body"), actor=self.request.user, **given
        )
        return self.done(
            _("已为%(body)s延长时间，理由已记入台账。") % {"body": extension.body.short_name},
            "appraisal:round",
            self.round.code,
        )

    def context(self) -> dict[str, Any]:
        """The timetable, and whose time can be extended."""
        back = reverse("appraisal:round", args=[self.round.code])
        return {
            "heading": _("延长办理时间"),
            "breadcrumb": [{"label": self.round.name, "url": back}, {"label": _("延长办理时间")}],
            "round": self.round,
            "moments": timetable(self.round),
            "form": self.forms.get("form") or self._form(),
            "back_url": back,
        }
