"""Organs: what stands under published papers, for those who keep it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from quotas.base import answers, outside
from quotas.base.errors import Conflict, DomainError, NotPermitted
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


class OrganPage(LoginRequiredMixin, View):
    """One organ: its name on papers, its telephone and address."""

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """The form as the organ stands."""
        organ = _organ(request, pk)
        names = ("version", "name", "telephone", "address")
        return _draw(request, organ, OrganForm(initial={name: getattr(organ, name) for name in names}))

    def post(self, request: SignedIn, pk: int) -> HttpResponse:
        """Write it."""
        organ = _organ(request, pk)
        form = OrganForm(request.POST)
        if not form.is_valid():
            return _draw(request, organ, form, status=answers.UNPROCESSABLE)
        try:
            organ = organs.update(organ_id=organ.pk, actor=request.user, **form.cleaned_data)
        except (Conflict, NotPermitted) as error:
            return answers.page(request, error, again_url=request.path)
        except DomainError as error:
            return _draw(request, organ, form, status=answers.show(form, error))
        messages.success(
            request, _("已保存%(organ)s的信息，以后发布的公示和命名决定按此署名。") % {"organ": organ.name}
        )
        return redirect("quotas:organs")


def _organ(request: SignedIn, pk: int) -> Organ:
    rows = Organ.objects.edited_by(request.user).for_list()
    found: Organ = get_object_or_404(rows, pk=pk)
    return found


def _draw(request: SignedIn, organ: Organ, form: OrganForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "organ": organ,
        "form": form,
        "breadcrumb": [{"label": _("机关信息"), "url": ".."}, {"label": organ.name, "url": ""}],
    }
    return render(request, "quotas/bodies/organ.html", context, status=status)
