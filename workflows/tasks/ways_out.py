"""The two ways out of a selection, each asked on a page that names what it means."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from appraisal.nominations.forms.nominations import WayOutForm
from appraisal.nominations.views.nominations import nomination_of
from quotas.base.pages import ActPage
from workflows import turns


class _WayOut(ActPage):
    """The question, with the reason; afterwards the nomination as it is then."""

    template_name = "confirm.html"

    def prepare(self, pk: int) -> None:
        """A nomination that the user may see."""
        self.nomination = nomination_of(self.request, pk)

    @property
    def again_url(self) -> str:
        """The nomination."""
        return reverse("appraisal:nomination", args=[self.nomination.pk])

    def reason(self) -> str:
        """What was typed."""
        reason: str = self.bind(WayOutForm(self.request.POST)).cleaned_data["reason"]
        return reason

    def texts(self) -> dict[str, Any]:
        """What is asked and what follows."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """The question."""
        texts = self.texts()
        return {
            **texts,
            "standing": str(self.nomination),
            "form": self.forms.get("form") or WayOutForm(),
            "back_url": self.again_url,
            "breadcrumb": [
                {"label": _("申报"), "url": reverse("appraisal:nominations")},
                {"label": self.nomination.number, "url": self.again_url},
                {"label": texts["heading"]},
            ],
        }


class WithdrawPage(_WayOut):
    """The unit takes its nomination back."""

    def act(self) -> HttpResponse:
        """Take it back."""
        turns.withdraw(nomination_id=self.nomination.pk, actor=self.request.user, reason=self.reason())
        return self.done(_("申报已撤回。"), self.again_url)

    def texts(self) -> dict[str, Any]:
        return {
            "heading": _("撤回申报"),
            "question": _("撤回这份申报？"),
            "consequences": [
                _("撤回后不能恢复；申报期限内可以重新申报。"),
                _("申报已列入推荐名单的，同时移出名单，名单重新核验占比。"),
            ],
            "act": _("撤回申报"),
        }


class DisqualifyPage(_WayOut):
    """An official ends a nomination for a reason that rules the nominee out."""

    def act(self) -> HttpResponse:
        """End it."""
        turns.disqualify(nomination_id=self.nomination.pk, actor=self.request.user, reason=self.reason())
        return self.done(_("已取消资格。"), self.again_url)

    def texts(self) -> dict[str, Any]:
        return {
            "heading": _("取消资格"),
            "question": _("取消这份申报的资格？"),
            "consequences": [
                _("取消后不能恢复，申报单位会看到理由。"),
                _("申报已列入推荐名单的，同时移出名单，名单重新核验占比。"),
            ],
            "act": _("取消资格"),
        }
