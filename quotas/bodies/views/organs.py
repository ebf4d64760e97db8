"""Organs: what stands under published papers, for those who keep it."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views import View

from quotas.base import outside
from quotas.base.pages import ActPage
from quotas.bodies.forms import OrganForm
from quotas.bodies.models import Organ
from quotas.bodies.services import organs
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn

PER_PAGE = 50


class OrgansPage(LoginRequiredMixin, View):
    """The organs which the user may write, those without a telephone marked."""

    def get(self, request: SignedIn) -> HttpResponse:
        """The list, found by ?q=."""
        if not grants_of(request.user).any(Act.KEEP_SLATE):
            raise Http404
        wanted = outside.word(request.GET, "q")
        paginator = Paginator(Organ.objects.edited_by(request.user).for_list(wanted), PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        context = {
            "rows": list(page),
            "page_obj": page,
            "pages": paginator.get_elided_page_range(page.number),
            "wanted": wanted,
            "breadcrumb": [{"label": _("机关信息"), "url": ""}],
        }
        return render(request, "quotas/bodies/organs.html", context)


class OrganPage(ActPage):
    """One organ: its name on papers, its telephone and address."""

    template_name = "quotas/bodies/organ.html"
    organ: Organ

    def prepare(self, pk: int) -> None:
        """An organ that the user may write."""
        self.organ = get_object_or_404(Organ.objects.edited_by(self.request.user).for_list(), pk=pk)

    def act(self) -> HttpResponse:
        """Write it."""
        form = self.bind(OrganForm(self.request.POST))
        organ = organs.update(organ_id=self.organ.pk, actor=self.request.user, **form.cleaned_data)
        return self.done(
            _("已保存%(organ)s的信息，以后发布的公示和命名决定按此署名。") % {"organ": organ.name},
            "quotas:organs",
        )

    def context(self) -> dict[str, Any]:
        """The form as the organ stands, or as it was sent."""
        names = ("version", "name", "telephone", "address")
        return {
            "organ": self.organ,
            "form": self.forms.get("form")
            or OrganForm(initial={name: getattr(self.organ, name) for name in names}),
            "breadcrumb": [{"label": _("机关信息"), "url": ".."}, {"label": self.organ.name, "url": ""}],
        }
