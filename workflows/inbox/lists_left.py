"""What an approval can still lead to once the slate of the desk is no longer being compiled, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.nominations.services.reviews import ApprovalProspect, Lead
from appraisal.records.states import SlateState

_IN_ROWS: Mapping[SlateState, Any] = {
    SlateState.SIGNING: gettext_lazy("名单已提交签发，通过后须拿回名单才能列入"),
    SlateState.SIGNED: gettext_lazy("名单已签发，通过后须重新编制才能列入"),
    SlateState.ON_NOTICE: gettext_lazy("名单正在公示，通过后须重新编制才能列入"),
    SlateState.SETTLING: gettext_lazy("名单公示期满，通过后须重新编制才能列入"),
    SlateState.FINALISED: gettext_lazy("名单已审定，通过后须重新编制才能列入"),
}

_IN_FULL: Mapping[SlateState, Any] = {
    SlateState.SIGNING: gettext_lazy(
        "%(body)s的名单已经提交签发，没有列入它：签发前由名单负责人拿回、或由领导退回修改后才能列入。"
    ),
    SlateState.SIGNED: gettext_lazy("%(body)s的名单已经签发，没有列入它：名单重新编制后才能列入。"),
    SlateState.ON_NOTICE: gettext_lazy(
        "%(body)s的名单正在公示，没有列入它：名单重新编制、重新公示后才能列入。"
    ),
    SlateState.SETTLING: gettext_lazy(
        "%(body)s的名单已经公示期满，没有列入它：名单重新编制、重新公示后才能列入。"
    ),
    SlateState.FINALISED: gettext_lazy("%(body)s的名单已经审定，没有列入它：名单重新编制后才能列入。"),
}


def in_row(prospect: ApprovalProspect) -> str:
    """For a row of a slate of work; empty while an approval leads where it always leads."""
    match prospect.lead:
        case Lead.OVER:
            return _("名单已经上报，通过后申报也到此为止")
        case Lead.ONWARD if prospect.destination is not None:
            return _("名单已列入它上报，通过后转入%(body)s") % {"body": prospect.destination.short_name}
        case Lead.REOPENED if prospect.list_state is not None:
            return str(_IN_ROWS.get(prospect.list_state, ""))
        case _:
            return ""


def in_full(nomination: Any, prospect: ApprovalProspect) -> str:
    """For the page of the decision: an approval into a pool whose slate is on its way; empty where it leads on as usual."""
    state = prospect.list_state
    if prospect.lead != Lead.REOPENED or state is None or state not in _IN_FULL:
        return ""
    words = _IN_FULL[state]
    end = _("名单不再改动的，上报或命名时申报到此为止（未入选）。")
    return f"{words % {'body': nomination.desk.name}}{end}"
