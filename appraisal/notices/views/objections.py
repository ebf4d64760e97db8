"""Objections to a slate: read and recorded by those who keep it, and by nobody else."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from appraisal.notices.services import objections
from appraisal.records.models import Objection, Slate
from appraisal.records.tones import status
from appraisal.slates.forms import ObjectionForm
from appraisal.slates.views import slate_board, slate_page
from appraisal.slates.views.slates import slate_of
from quotas.base import clock
from quotas.base.pages import ActPage
from quotas.tree.models import User


def objections_of(slate: Slate) -> list[Objection]:
    """The objections to a slate with the word and tone of their finding, the open ones first; one statement."""
    found = list(Objection.objects.of_slate(slate.pk))
    for one in found:
        one.shown = status(one.finding)
    return sorted(found, key=lambda one: (one.closed_at is not None, one.pk))


def objection_of(user: Any, pk: int) -> Objection:
    """An objection to a slate that the user keeps; not found otherwise."""
    objection: Objection | None = Objection.objects.in_full().filter(pk=pk).first()
    if objection is None or not slate_page.keeps(user, objection.notice.slate):
        raise Http404
    return objection


def kept_slate(user: User, pk: int) -> Slate:
    """A slate that the user keeps; not found otherwise."""
    slate = slate_of(user, pk)
    if not slate_page.keeps(user, slate):
        raise Http404
    return slate


class SlateObjections(ActPage):
    """What came in against a slate, and the form for what comes in now."""

    template_name = "appraisal/notices/objections.html"
    slate: Slate

    def prepare(self, pk: int) -> None:
        """A slate that the user keeps, with its latest notice."""
        self.slate = kept_slate(self.request.user, pk)
        given = slate_page.notices(self.slate)
        self.notice = given[0] if given else None

    def _form(self, *sent: Any) -> ObjectionForm:
        entries = slate_board.standing_entries(self.slate)
        return ObjectionForm(*sent, initial={"received_on": clock.today()}, entries=entries)

    def act(self) -> HttpResponse:
        """Record one."""
        if self.notice is None:
            raise Http404
        values = dict(self.bind(self._form(self.request.POST)).cleaned_data)
        objections.record(
            notice_id=self.notice.pk, entry_id=values.pop("entry"), actor=self.request.user, **values
        )
        return self.done(_("异议已登记。办结之前，该对象冻结，名单不能上报。"))

    def context(self) -> dict[str, Any]:
        """The objections, and where the slate stands."""
        slate = self.slate
        return {
            "heading": _("异议"),
            "breadcrumb": slate_page.breadcrumb(slate, _("异议")),
            "slate": slate,
            "notice": self.notice,
            "open_to_new": slate.state in objections.OBJECTION_STATES,
            "standing": slate_page.standing(slate, self.notice),
            "objections": objections_of(slate),
            "form": self.forms.get("form") or self._form(),
        }
