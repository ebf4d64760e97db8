"""How the ledger of requests for more time is read."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from quotas.base.states import RequestState, Stage
from quotas.ledger.tellings import StreamWords, Telling

STREAMS: Mapping[str, StreamWords] = {
    "extension": StreamWords(
        _("延期申请"),
        {
            "ask_extension": _("申请延期"),
            "withdraw_extension": _("撤回延期申请"),
            "grant_extension": _("批准延期申请"),
            "refuse_extension": _("不批准延期申请"),
        },
        {
            "stage": _("层级"),
            "due_at": _("截止时间"),
            "wanted": _("申请延至"),
            "state": _("状态"),
        },
        {
            "stage": {stage.value: stage.label for stage in Stage},
            "state": {state.value: state.label for state in RequestState},
        },
        tellings={
            "ask_extension": Telling(_("%(who)s为%(body)s申请%(stage)s延期至 %(wanted)s"), None),
            "withdraw_extension": Telling(_("%(who)s撤回了%(body)s的%(stage)s延期申请"), None),
            "grant_extension": Telling(_("%(who)s批准了%(body)s的%(stage)s延期申请，延至 %(due_at)s"), None),
            "refuse_extension": Telling(_("%(who)s没有批准%(body)s的%(stage)s延期申请"), None),
        },
    ),
}
