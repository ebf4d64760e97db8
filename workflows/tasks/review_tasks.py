"""The review of a nomination by one office: the dossier, what others said, the checks, the decision."""

from typing import Any

from csp.decorators import csp_update
from django.forms import BaseForm
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.deadlines.views import timing
from appraisal.gate.services import conditions
from appraisal.nominations.forms.reviews import OpinionForm
from appraisal.nominations.services import readings, reviews, versions
from appraisal.nominations.services.nominations import asked_of
from appraisal.nominations.views import dossier, paper, procedure_checks
from appraisal.nominations.views.procedure_checks import ProcedureCheck
from appraisal.records import tones
from appraisal.records.refusals import NominationStateForbids
from appraisal.records.states import NominationAct, NominationState, Outcome
from quotas.base import answers
from quotas.base.errors import DomainError
from quotas.base.refusals import Stale
from quotas.base.states import FieldType, Office
from quotas.base.wording import sentence, word
from quotas.editions.services.conditions import condition_words
from workflows.flows import REVIEWS
from workflows.inbox import desk, forecast, lists_left, queue, worklist
from workflows.tasks import frame
from workflows.tasks.base import TaskPage

PHRASES = (
    gettext_lazy("材料齐全，同意推荐。"),
    gettext_lazy("事迹不够具体，请补充。"),
    gettext_lazy("证明材料不全，请补充。"),
    gettext_lazy("与会议纪要不符，请核对。"),
)


@method_decorator(csp_update({"frame-src": ["'self'"]}), name="dispatch")
class ReviewNomination(TaskPage):
    """One office decides on a nomination at its desk."""

    template_name = "workflows/tasks/review.html"

    @property
    def nomination(self) -> Any:
        """The nomination, with all that its page shows."""
        return self.turn.subject

    @property
    def office(self) -> Office:
        """The office for which this step decides."""
        return REVIEWS[self.turn.node]

    def fresh(self) -> BaseForm:
        """An empty decision, or the one with which the list opened it."""
        asked = self.request.GET.get("decision", "")
        initial = {"decision": asked} if asked in Outcome.values else {}
        return OpinionForm(initial={"version": self.nomination.version, **initial})

    def act(self) -> HttpResponse:
        """Decide."""
        given = self.bind(OpinionForm(self.request.POST)).cleaned_data
        opened_from = queue.of(self.request, self.request.user, self.turn.task.pk)
        before = self.nomination
        decided = self.perform(
            reviews.give_opinion,
            nomination_id=before.pk,
            version=given["version"],
            office=self.office,
            actor=self.request.user,
            outcome=Outcome(given["decision"]),
            text=given["text"],
            return_route=given["return_route"],
        )
        return self.done(
            _happened(decided, before, self.office), queue.going_on(opened_from, self.request.user)
        )

    def refused(self, error: DomainError) -> HttpResponse:
        """
        A nomination that changed while the page was open: the page as it is now, with what was typed.

        Where somebody else has decided there is nothing left to decide, and the answer is a page of its own.
        """
        if isinstance(error, Stale):
            turn = desk.turn(task_id=self.turn.task.pk, user=self.request.user)
            if turn is None or not turn.may:
                return answers.page(self.request, error, again_url=self.again_url)
            self.turn = turn
            self.show_on(OpinionForm(self.resent(version=self.nomination.version)))
        return super().refused(error)

    def draw(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page, which is noted as read; a refusal where the domain has moved on and the task has still to follow."""
        nomination, user = self.nomination, self.request.user
        if nomination.status != NominationState.IN_REVIEW:
            state = NominationState(nomination.status)
            error = NominationStateForbids(state=state, act=NominationAct.APPROVE)
            return answers.page(self.request, error, again_url=self.again_url)
        # Also where a decision was refused: the dossier stands there all the same.
        readings.note(nomination, user, unmasked=dossier.viewer_of(nomination, user).decides)
        return super().draw(status=status, **more)

    def context(self) -> dict[str, Any]:
        """The dossier in the order of the paper form, and all that the decision rests on."""
        nomination = self.nomination
        viewer = dossier.viewer_of(nomination, self.request.user)
        prospect = reviews.prospect(nomination)
        outlook = reviews.outlooks([nomination])[nomination.pk]
        unlisted = forecast.unlisted(nomination, prospect, outlook)
        entries = dossier.ledger_of(nomination)
        context = super().context()
        form = context["form"]
        return {
            **context,
            **timing.of_nomination(nomination, self.request.user),
            "nomination": nomination,
            **self._dossier(viewer),
            "paper": paper.of(nomination, viewer),
            "stages": dossier.rail(nomination, viewer),
            "opinions": dossier.opinions(nomination, viewer),
            "corrected": dossier.corrected(entries) if nomination.review_pass > 1 else None,
            "events": dossier.history(nomination, viewer, self.request.user, entries),
            "checks": [*procedure_checks.recorded(nomination), *self._checks()],
            "outlook": outlook,
            "list_left": lists_left.in_full(nomination, prospect),
            "unlisted": unlisted,
            "blockers": forecast.blockers(nomination, self.request.user, self.office, prospect, entries),
            "box": {"decision": form["decision"], "opinion": form["text"]},
            "choices": _choices(forecast.next_steps(nomination, self.office, prospect, unlisted)),
            "phrases": PHRASES,
            "office": dossier.office_name(nomination.desk, self.office),
            "queue": queue.of(self.request, self.request.user, self.turn.task.pk),
            "taken": self.turn.task.owner_id == self.request.user.pk,
        }

    def _dossier(self, viewer: dossier.Viewer) -> dict[str, Any]:
        """
        The sections and the files; of a nomination that came back, with what was changed since it was returned marked.

        `?changes=1` shows that alone.
        """
        nomination = self.nomination
        sections = dossier.all_sections(nomination, viewer)
        files = dossier.evidence(nomination)
        version = versions.last_returned(nomination) if nomination.review_pass > 1 else None
        if version is not None:
            then = versions.as_returned(nomination, version)
            sections = dossier.compared(sections, dossier.all_sections(then, viewer))
            files = dossier.evidence_compared(nomination, files, version.content["evidence"])
        changed = sum(row.changed for section in sections for row in section.rows)
        changed += sum(bool(item.get("changed")) for item in files)
        only = version is not None and self.request.GET.get("changes") == "1"
        if only:
            sections = dossier.only_changes(sections)
            files = [item for item in files if item.get("changed")]
        return {
            "sections": sections,
            "evidence": files,
            "frame": frame.of(self.request, files),
            "compared_with": version,
            "changed": changed,
            "only_changes": only,
            "all_url": queue.here(self.request, drop=("changes",)),
            "changes_url": queue.here(self.request, changes="1"),
        }

    def _checks(self) -> list[ProcedureCheck]:
        nomination = self.nomination
        return [
            *(
                ProcedureCheck(_(field.label), field.key in nomination.answers, "")
                for field in asked_of(nomination)
                if field.required and field.type == FieldType.YES_NO
            ),
            *(
                ProcedureCheck(
                    condition_words(condition),
                    True if reason is None else None if not condition.refuses else False,
                    "" if reason is None else sentence(reason).figures,
                )
                for condition, reason in conditions.checked(nomination)
            ),
            _ownership(nomination),
            _once(worklist.same_nominee(nomination, self.request.user)),
        ]


def _ownership(nomination: Any) -> ProcedureCheck:
    employer = nomination.employer
    label = _("所有制：%(word)s") % {"word": _("非公有制") if nomination.non_public else _("公有制")}
    if nomination.ownership_changed:
        return ProcedureCheck(label, False, _("申报后登记有变更，请先核对；计算占比仍以申报时为准。"))
    if not nomination.ownership_verified or not employer.is_verified:
        return ProcedureCheck(label, None, _("未核验，按公有制计。"))
    note = _("%(who)s 于 %(at)s 核验，依据：%(proof)s") % {
        "who": employer.verified_by.name if employer.verified_by else _("系统"),
        "at": word(employer.verified_at),
        "proof": employer.verified_on_proof,
    }
    return ProcedureCheck(label, True, note)


def _once(others: list[Any]) -> ProcedureCheck:
    label = _("本周期没有重复申报")
    if not others:
        return ProcedureCheck(label, True, "")
    live = any(other.status in _UNDER_WAY for other in others)
    note = _("同一推荐对象另有：%(others)s") % {
        "others": _("、").join(
            _("%(name)s（%(state)s）")
            % {
                "name": f"{other.number} {other.round_award.award.short_name}",
                "state": other.get_status_display(),
            }
            for other in others
        )
    }
    return ProcedureCheck(label, None if not live else False, note)


_UNDER_WAY = frozenset(
    {NominationState.IN_REVIEW, NominationState.POOLED, NominationState.RETURNED, NominationState.NAMED}
)


def _choices(following: dict[str, str]) -> list[dict[str, Any]]:
    keys = {Outcome.APPROVE: "a", Outcome.RETURN: "r"}
    return [
        {
            "value": outcome,
            **tones.status(outcome),
            "next": following[outcome],
            "key": keys.get(outcome, ""),
        }
        for outcome in (Outcome.APPROVE, Outcome.RETURN, Outcome.DECLINE)
    ]


def _happened(decided: Any, before: Any, office: Office) -> str:
    """What the decision led to, in one sentence; `before` is the nomination as it lay on the desk."""
    figures = {"subject": str(decided), "body": before.desk.name, "unit": before.employer.name}
    match decided.status:
        case NominationState.RETURNED:
            return _("%(subject)s 已退回%(unit)s补正。") % figures
        case NominationState.DECLINED:
            return _("%(subject)s 已作出不予推荐的结论。") % figures
        case NominationState.POOLED:
            return _("%(subject)s 已通过，进入%(body)s拟推荐库。") % figures
        case NominationState.NOT_SELECTED:
            return _("%(subject)s 已通过审核，但名单已经上报而未列入它，申报到此为止。") % figures
        case _ if decided.desk_id != before.desk_id:
            return _("%(subject)s 已通过，转入%(above)s审核。") % {**figures, "above": decided.desk.name}
        case _:
            waiting = forecast.waited_for(before, office)
            names = _("、").join(dossier.office_name(before.desk, each) for each in waiting)
            return _("%(subject)s 已通过，等待%(names)s审核。") % {**figures, "names": names}
