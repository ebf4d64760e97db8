"""Starting and ending a round, each asked on a page that names what it means."""

from functools import cached_property
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from appraisal.planning.forms.rounds import OpenRoundForm
from appraisal.planning.views.planning import plan_url, round_to_plan, unannounced
from appraisal.planning.views.rounds import figures
from appraisal.vacancies.views import vacancies as vacancy_words
from quotas.base.pages import ActPage
from quotas.base.states import RoundState
from quotas.rounds.services import feasibility, rounds, vacancies
from quotas.rounds.services.feasibility import Feasibility
from quotas.rounds.services.vacancies import Vacancies
from workflows import turns


class _RoundTurn(ActPage):
    """The question about a round, for those who plan it; afterwards the round as it is then."""

    template_name = "confirm.html"

    def prepare(self, code: str) -> None:
        """The round."""
        self.round = round_to_plan(self.request, code)

    @property
    def round_url(self) -> str:
        """The page of the round."""
        return reverse("appraisal:round", args=[self.round.code])

    def texts(self) -> dict[str, Any]:
        """What is asked and what follows, with `heading` and `back_url`."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """The question."""
        texts = self.texts()
        return {
            **texts,
            "standing": "",
            "breadcrumb": [
                {"label": self.round.name, "url": texts["back_url"]},
                {"label": texts["heading"]},
            ],
        }


class OpenRoundPage(_RoundTurn):
    """The plan becomes a round: units can apply, and every body with places has its slate."""

    @property
    def address(self) -> str:
        """With what the address says besides."""
        return str(self.request.get_full_path())

    def look(self) -> HttpResponse:
        """The question, when nothing is missing."""
        prefetch_related_objects([self.round], "windows")
        if self.round.state != RoundState.PLANNED or rounds.missing(self.round, self.feasible):
            # The plan says what is missing.
            return redirect(plan_url(self.round))
        return self.draw()

    def act(self) -> HttpResponse:
        """Start it."""
        form = self._form(self.request.POST)
        self.show_on(form)
        turns.open_round(
            round_id=self.round.pk,
            actor=self.request.user,
            known_vacancies=form.known_vacancies(),
            accepted=form.taken(),
        )
        told = _("“%(round)s”已启动，各级推荐名单已建立。") % {"round": self.round.name}
        return self.done(told, self.round_url)

    def _form(self, *sent: Any) -> OpenRoundForm:
        return OpenRoundForm(*sent, lines=self.feasible.lines, vacant=len(self.vacant.stopping))

    @cached_property
    def vacant(self) -> Vacancies:
        """The posts that nobody holds."""
        return vacancies.of_round(round_id=self.round.pk)

    @cached_property
    def feasible(self) -> Feasibility:
        """What the plan leaves to bodies."""
        return feasibility.of_round(round_id=self.round.pk)

    def texts(self) -> dict[str, Any]:
        round_, vacant = self.round, self.vacant
        counted = figures(round_)
        stopping = len(vacant.stopping)
        return {
            "heading": _("启动评选"),
            "question": _("启动“%(round)s”？") % {"round": round_.name},
            "consequences": [
                _("%(awards)s 个奖项开始接受申报，同时建立 %(lists)s 份推荐名单。") % counted,
                _("奖项和规则版次从此不能更改；截止时间只能延后，调整名额须写明理由。"),
                _("启动后不能退回筹备。"),
                *([vacancy_words.sentence_of(vacant), vacancy_words.whom_to_ask()] if stopping else []),
                *filter(None, [unannounced(round_)]),
                *(
                    [_("方案中有下列后果，请逐条看过并勾选；不同意的，先回去调整。")]
                    if self.feasible.lines
                    else []
                ),
            ],
            "form": self.forms.get("form") or (self._form() if stopping or self.feasible.lines else None),
            "act": _("启动评选"),
            "back_url": plan_url(round_),
        }


class CloseRoundPage(_RoundTurn):
    """The round ends; what is still at a desk is over with it, and nobody has a task of it any more."""

    @property
    def again_url(self) -> str:
        """The page of the round."""
        return self.round_url

    def look(self) -> HttpResponse:
        """The question, as long as the round runs."""
        return self.draw() if self.round.state == RoundState.OPEN else redirect(self.round_url)

    def act(self) -> HttpResponse:
        """End it."""
        turns.close_round(round_id=self.round.pk, actor=self.request.user)
        told = _("“%(round)s”已结束，只能查阅。") % {"round": self.round.name}
        return self.done(told, self.round_url)

    def texts(self) -> dict[str, Any]:
        counted = figures(self.round)
        unfinished = counted["under_way"] or counted["lists_under_way"]
        return {
            "heading": _("结束评选"),
            "question": _("结束“%(round)s”？") % {"round": self.round.name},
            "consequences": [
                _(
                    "还有 %(under_way)s 件申报和 %(lists_under_way)s 份名单没有办结。结束后不能再办理，"
                    "已上报的申报一律记为“未入选”，各级待办任务同时撤销。"
                )
                % counted
                if unfinished
                else _("申报和名单已全部办结。"),
                _("结束后只能查阅，不能重新启动。"),
            ],
            "act": _("结束评选"),
            "back_url": self.round_url,
        }
