"""What a person can do for a nomination now, so that pages of a lower floor need not know tasks or their addresses."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from appraisal.records.models import Employer
from appraisal.records.states import NOMINATION_TRANSITIONS, NominationAct, UnitRole
from quotas.tree.permissions import Act, grants_of
from workflows.inbox import desk

register = template.Library()


@register.simple_tag
def open_tasks_of(nomination: Any, user: Any) -> list[dict[str, Any]]:
    """`{% open_tasks_of nomination user as tasks %}`: title and address of each open task of the user."""
    return [
        {"title": task.flow_task.task_title, "url": reverse("workflows:task", args=[task.pk])}
        for task in desk.open_tasks(nomination_id=nomination.pk, user=user)
    ]


@register.simple_tag
def apply_url_of(user: Any) -> str:
    """`{% apply_url_of user as apply_url %}`: where a person who applies for some unit begins; empty for others."""
    return reverse("workflows:apply") if UnitRole.APPLICANT in Employer.objects.roles_of(user) else ""


@register.simple_tag
def ways_out_of(nomination: Any, user: Any, own_unit: bool) -> list[dict[str, Any]]:  # noqa: FBT001 -- a template passes it
    """`{% ways_out_of nomination user viewer.own_unit as ways %}`: withdrawal and disqualification, for whom they are."""
    ways = []
    if own_unit and (nomination.status, NominationAct.WITHDRAW) in NOMINATION_TRANSITIONS:
        ways.append({"label": _("撤回申报"), "url": reverse("workflows:withdraw", args=[nomination.pk])})
    grants = grants_of(user)
    decides = nomination.desk_id in grants.bodies(Act.KEEP_SLATE) or grants.any(Act.FINALISE_LIST)
    if decides and not own_unit and (nomination.status, NominationAct.DISQUALIFY) in NOMINATION_TRANSITIONS:
        ways.append({"label": _("取消资格"), "url": reverse("workflows:disqualify", args=[nomination.pk])})
    return ways
