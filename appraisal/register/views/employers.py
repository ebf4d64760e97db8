"""The register of units: the list, one unit, and what officials and its own people do with it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views import View
from django.views.decorators.http import require_GET, require_http_methods

from appraisal.nominations.views import dossier
from appraisal.records import filters
from appraisal.records.models import Employer, Nomination
from appraisal.records.states import Control, UnitRole
from appraisal.register.forms import (
    AppointForUnitForm,
    EmployerForm,
    OpenAccountForm,
    OwnershipForm,
    RegisterForm,
)
from appraisal.register.services import employers as service
from quotas.base import answers, outside
from quotas.base.errors import DomainError
from quotas.base.paging import newest_first
from quotas.people.services import accounts
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn


@require_GET
@login_required
def employers(request: SignedIn) -> HttpResponse:
    """The units the person may see, the newest first, narrowed by the address."""
    visible = Employer.objects.visible_to(request.user).for_list()
    chosen = filters.EmployerFilter(request.GET, queryset=visible)
    page = newest_first(chosen.qs, request.GET)
    groups = [
        {
            "label": _("所有制已核验"),
            "name": "verified",
            "single": True,
            "options": filters.options(filters.YES_NO),
        },
        {"label": _("核定控股"), "name": "control", "options": filters.options(Control.choices)},
    ]
    bodies = filters.body_options(request.user)
    if bodies:
        groups.append({"label": _("地区"), "name": "body", "single": True, "options": bodies})
    context = {
        "heading": pgettext("列表", "单位"),
        "rows": [{"employer": row, "ownership": dossier.ownership(row)} for row in page.rows],
        "page": page,
        "filtered": any(value for key, value in request.GET.items() if key not in {"after", "before"}),
        "groups": groups,
        "search": {
            "name": "q",
            "label": _("按单位名称、工会名称或统一社会信用代码查找"),
            "placeholder": _("单位名称或信用代码"),
        },
        "may_register": grants_of(request.user).any(Act.VERIFY_OWNERSHIP),
    }
    return render(request, "appraisal/register/list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def register(request: SignedIn) -> HttpResponse:
    """Enter a new unit; for those who verify ownership somewhere."""
    if not grants_of(request.user).any(Act.VERIFY_OWNERSHIP):
        return render(request, "errors/403.html", status=403)
    form = RegisterForm(request.user, request.POST or None)
    status = 200
    if request.method == "POST":
        status = answers.UNPROCESSABLE
        if form.is_valid():
            try:
                employer = service.register(actor=request.user, **form.values)
            except DomainError as error:
                status = answers.show(form, error)
            else:
                messages.success(request, _("已登记%(name)s。") % {"name": employer.name})
                return redirect("appraisal:employer", pk=employer.pk)
    context = {
        "heading": _("登记单位"),
        "form": form,
        "breadcrumb": [
            {"label": pgettext("列表", "单位"), "url": reverse("appraisal:employers")},
            {"label": _("登记单位")},
        ],
    }
    return render(request, "appraisal/register/new.html", context, status=status)


class EmployerPage(LoginRequiredMixin, View):
    """One unit: its facts, who verified its ownership on what proof, its nominations, and the acts on it."""

    request: SignedIn
    employer: Employer

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            visible = Employer.objects.visible_to(request.user).for_list()
            self.employer = get_object_or_404(visible, pk=kwargs["pk"])

    def get(self, _request: SignedIn, **_kwargs: Any) -> HttpResponse:
        """The page."""
        return self.draw()

    def post(self, request: SignedIn, **_kwargs: Any) -> HttpResponse:
        """One of the acts, by the button that was pressed."""
        acts = {
            "update": self._update,
            "verify": self._verify,
            "appoint": self._appoint,
            "dismiss": self._dismiss,
            "open_account": self._open_account,
            "reset": self._reset,
        }
        act = acts.get(request.POST.get("act", ""))
        return act() if act else self.draw()

    @property
    def official(self) -> bool:
        """Whether the person verifies ownership at exactly the unit's county or industry union."""
        bodies = grants_of(self.request.user).bodies(Act.VERIFY_OWNERSHIP)
        return self.employer.body_id in bodies or self.employer.industry_body_id in bodies

    def _update(self) -> HttpResponse:
        form = EmployerForm(self.employer, self.request.POST, prefix="facts")
        if not form.is_valid():
            return self.draw(answers.UNPROCESSABLE, facts=form)
        try:
            service.update(
                employer_id=self.employer.pk,
                version=form.cleaned_data["version"] or 0,
                actor=self.request.user,
                **form.values,
            )
        except DomainError as error:
            return self.draw(answers.show(form, error), facts=form)
        return self._done(_("单位信息已保存。"))

    def _verify(self) -> HttpResponse:
        form = OwnershipForm(self.employer, self.request.POST, prefix="ownership")
        if not form.is_valid():
            return self.draw(answers.UNPROCESSABLE, ownership=form)
        try:
            service.verify_ownership(
                employer_id=self.employer.pk,
                version=form.cleaned_data["version"],
                actor=self.request.user,
                control=Control(form.cleaned_data["control"]),
                state_capital_permille=form.cleaned_data["state_capital_permille"],
                proof=form.cleaned_data["proof"],
            )
        except DomainError as error:
            return self.draw(answers.show(form, error), ownership=form)
        return self._done(_("所有制核验已登记。"))

    def _appoint(self) -> HttpResponse:
        form = AppointForUnitForm(self.request.POST, prefix="post")
        if not form.is_valid():
            return self.draw(answers.UNPROCESSABLE, post=form)
        try:
            user = service.person(
                employer_id=self.employer.pk, username=form.cleaned_data["username"], actor=self.request.user
            )
            role = UnitRole(form.cleaned_data["role"])
            service.appoint(employer_id=self.employer.pk, user_id=user.pk, role=role, actor=self.request.user)
        except DomainError as error:
            return self.draw(answers.show(form, error), post=form)
        return self._done(_("%(name)s已设为%(role)s。") % {"name": user.name, "role": role.label})

    def _dismiss(self) -> HttpResponse:
        wanted = outside.row(self.request.POST.get("post"))
        post = get_object_or_404(self.employer.posts.all(), pk=wanted or 0)
        try:
            service.dismiss(
                employer_id=self.employer.pk,
                user_id=post.user_id,
                role=post.role,
                actor=self.request.user,
            )
        except DomainError as error:
            return answers.page(self.request, error, again_url=self.address)
        return self._done(_("已撤销该单位岗位，其以前办理的事项仍有记录。"))

    def _open_account(self) -> HttpResponse:
        form = OpenAccountForm(self.request.POST, prefix="account")
        if not form.is_valid():
            return self.draw(answers.UNPROCESSABLE, account=form)
        try:
            issued = service.open_account(
                employer_id=self.employer.pk,
                role=UnitRole(form.cleaned_data["role"]),
                username=form.cleaned_data["username"],
                name=form.cleaned_data["name"],
                actor=self.request.user,
            )
        except DomainError as error:
            return self.draw(answers.show(form, error), account=form)
        # The password is nowhere but in this answer, so there is nothing to redirect to.
        response = self.draw(issued=issued)
        add_never_cache_headers(response)
        return response

    def _reset(self) -> HttpResponse:
        post = get_object_or_404(
            self.employer.posts.all(), pk=outside.row(self.request.POST.get("post")) or 0
        )
        try:
            issued = service.reset_password(
                employer_id=self.employer.pk, user_id=post.user_id, actor=self.request.user
            )
        except DomainError as error:
            return answers.page(self.request, error, again_url=self.address)
        response = self.draw(issued=issued)
        add_never_cache_headers(response)
        return response

    def _done(self, text: str) -> HttpResponse:
        messages.success(self.request, text)
        return redirect(self.address)

    @property
    def address(self) -> str:
        """The unit's page."""
        return reverse("appraisal:employer", args=[self.employer.pk])

    def draw(
        self, status: int = 200, *, issued: accounts.Issued | None = None, **forms: BaseForm
    ) -> HttpResponse:
        """The page; a form that was refused takes the place of the fresh one."""
        posts = list(self.employer.posts.select_related("user").order_by("role", "pk"))
        own = any(post.user_id == self.request.user.pk for post in posts)
        official = self.official
        visible = Nomination.objects.visible_to(self.request.user).for_list()
        page = newest_first(visible.filter(employer=self.employer), self.request.GET)
        context = {
            "employer": self.employer,
            "ownership": dossier.ownership(self.employer),
            "section": dossier.employer_section(self.employer, dossier.Viewer(own_unit=own, decides=False)),
            "heading": self.employer.name,
            "page": page,
            "rows": [{"nomination": row, "status": dossier.status(row)} for row in page.rows],
            "official": official,
            "editable": own or official,
            "posts": posts if own or official else [],
            "facts_form": forms.get("facts") or EmployerForm(self.employer, prefix="facts"),
            "ownership_form": forms.get("ownership") or OwnershipForm(self.employer, prefix="ownership"),
            "post_form": forms.get("post") or AppointForUnitForm(prefix="post"),
            "account_form": forms.get("account") or OpenAccountForm(prefix="account"),
            "issued": issued,
            "breadcrumb": [
                {"label": pgettext("列表", "单位"), "url": reverse("appraisal:employers")},
                {"label": self.employer.name},
            ],
        }
        return render(self.request, "appraisal/register/page.html", context, status=status)
