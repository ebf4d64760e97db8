"""What several pages of a list show beside its entries: who signed, which notice runs, what happened, what may be done."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.records import tones
from appraisal.records.models import Notice, Slate
from appraisal.records.services.offices import offices
from appraisal.records.states import SlateState
from quotas.base import clock
from quotas.ledger.models import LedgerEntry
from quotas.oversight.views import told
from quotas.templatetags.px import day, moment
from quotas.tree.models import User
from quotas.tree.permissions import Act, grants_of

_STANDING: Mapping[str, Any] = {
    SlateState.COMPILING: gettext_lazy("名单负责人正在编制，提交后由领导签发。"),
    SlateState.SIGNING: gettext_lazy("已提交，待领导签发（已签发 %(signed)s / %(needed)s）。签发后公示。"),
    SlateState.SIGNED: gettext_lazy("已签发，待名单负责人发布公示。"),
    SlateState.ON_NOTICE: gettext_lazy("正在公示，至 %(end)s 止。期满并处理完异议后才能继续办理。"),
    SlateState.SETTLING: gettext_lazy("公示期满。处理完异议后上报%(parent)s。"),
    SlateState.SENT_UP: gettext_lazy("已于 %(sent_up)s 上报%(parent)s，本级不能再改动。"),
    SlateState.FINALISED: gettext_lazy("已审定，待作出命名决定。"),
    SlateState.NAMED: gettext_lazy("已作出命名决定并向社会公布。"),
}


def standing(slate: Slate, notice: Notice | None = None, signed: int = 0) -> str:
    """One sentence that says where the slate stands and what comes next. `signed`: offices that have signed."""
    text = _STANDING[slate.state]
    if slate.state == SlateState.ON_NOTICE and notice is not None and notice.ends_on < clock.today():
        text = _("公示已于 %(end)s 期满，待名单负责人进入异议处理。")
    if slate.state == SlateState.SETTLING and is_final(slate):
        text = _("公示期满。处理完异议后审定名单。")
    return str(text) % {
        "signed": signed,
        "needed": len(offices(slate.round_award.award, slate.body)),
        "end": day(notice.ends_on) if notice else "",
        "sent_up": moment(slate.sent_up_at),
        "parent": slate.body.parent or "",
    }


def is_final(slate: Slate) -> bool:
    """Whether the award is decided on this slate."""
    return bool(slate.stage == slate.round_award.award.final_stage)


def keeps(user: User, slate: Slate) -> bool:
    """Whether the user keeps the slate, by the grants of this request; for what a page offers, never for a decision."""
    return slate.body_id in grants_of(user).bodies(Act.KEEP_SLATE)


def sign_offs(slate: Slate) -> list[dict[str, Any]]:
    """The leaders' decisions, the newest first, as partials/dossier/opinions.html shows them; one statement."""
    return [
        {
            "body": f"{slate.body.short_name} · {one.office.label}",
            "post": ""
            if one.sign_pass == slate.sign_pass
            else _("第 %(number)s 次提交") % {"number": one.sign_pass},
            "by": one.actor,
            "at": one.at,
            "label": _("签发") if one.signed else _("退回修改"),
            "tone": tones.signed(signs=one.signed),
            "text": one.text or _("同意。"),
            "current": one.sign_pass == slate.sign_pass and one.signed,
        }
        for one in sorted(
            slate.sign_offs.select_related("actor"), key=lambda one: (one.at, one.pk), reverse=True
        )
    ]


def notices(slate: Slate) -> list[Notice]:
    """Its notices without their rows, the newest first; one statement."""
    return list(slate.notices.defer("rows"))


def history(slate: Slate, reader: User) -> list[dict[str, Any]]:
    """What was done with the slate, latest first, in the sentences of the ledger; a fixed number of statements."""
    entries = list(LedgerEntry.objects.of_stream(f"slate:{slate.pk}"))
    names = told.names_of(entries, reader)
    return [
        {
            "sentence": told.sentence(entry, names, thing=_("名单")),
            "tone": tones.of_act(entry.stream, entry.act),
            "at": entry.at,
            "text": entry.reason,
        }
        for entry in entries
    ]


def breadcrumb(slate: Slate, here: str = "") -> list[dict[str, Any]]:
    """名单 › this slate › this page."""
    trail = [{"label": _("名单"), "url": reverse("appraisal:slates")}]
    if not here:
        return [*trail, {"label": str(slate)}]
    return [
        *trail,
        {"label": str(slate), "url": reverse("appraisal:slate", args=[slate.pk])},
        {"label": here},
    ]
