"""The register of units: the list, one unit, and what officials and its own people do with it."""

from typing import Any, ClassVar

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from appraisal.nominations.views import dossier
from appraisal.records import filters
from appraisal.records.models import Employer, Nomination
from appraisal.records.states import Control, UnitRole
from appraisal.records.tones import status
from appraisal.register.forms import (
    AppointForUnitForm,
    EmployerForm,
    OpenAccountForm,
    OwnershipForm,
    RegisterForm,
)
from appraisal.register.services import employers as service
from appraisal.register.services import unit_people
from quotas.base import outside
from quotas.base.pages import ActPage, Acts
from quotas.base.paging import newest_first
from quotas.people.services import accounts
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn


@require_safe
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


class EmployerNew(ActPage):
    """Enter a new unit; for those who verify ownership somewhere."""

    template_name = "appraisal/register/new.html"

    def prepare(self) -> HttpResponse | None:
        """Others are told that it is not for them: the register itself they may see."""
        if grants_of(self.request.user).any(Act.VERIFY_OWNERSHIP):
            return None
        return render(self.request, "errors/403.html", status=403)

    def act(self) -> HttpResponse:
        """Enter it."""
        form = self.bind(RegisterForm(self.request.user, self.request.POST))
        employer = service.register(actor=self.request.user, **form.values)
        return self.done(_("已登记%(name)s。") % {"name": employer.name}, "appraisal:employer", employer.pk)

    def context(self) -> dict[str, Any]:
        """The form."""
        return {
            "heading": _("登记单位"),
            "form": self.forms.get("form") or RegisterForm(self.request.user),
            "breadcrumb": [
                {"label": pgettext("列表", "单位"), "url": reverse("appraisal:employers")},
                {"label": _("登记单位")},
            ],
        }


class EmployerPage(ActPage):
    """One unit: its facts, who verified its ownership on what proof, its nominations, and the acts on it."""

    template_name = "appraisal/register/page.html"
    employer: Employer

    def prepare(self, pk: int) -> None:
        """A unit that the person may see."""
        self.employer = get_object_or_404(Employer.objects.visible_to(self.request.user).for_list(), pk=pk)

    @property
    def official(self) -> bool:
        """Whether the person verifies ownership at exactly the unit's county or industry union."""
        bodies = grants_of(self.request.user).bodies(Act.VERIFY_OWNERSHIP)
        return self.employer.body_id in bodies or self.employer.industry_body_id in bodies

    def _update(self) -> HttpResponse:
        form = self.bind(EmployerForm(self.employer, self.request.POST, prefix="facts"), "facts_form")
        service.update(
            employer_id=self.employer.pk,
            version=form.cleaned_data["version"] or 0,
            actor=self.request.user,
            **form.values,
        )
        return self.done(_("单位信息已保存。"))

    def _verify(self) -> HttpResponse:
        sent = OwnershipForm(self.employer, self.request.POST, prefix="ownership")
        given = self.bind(sent, "ownership_form").cleaned_data
        service.verify_ownership(
            employer_id=self.employer.pk,
            version=given["version"],
            actor=self.request.user,
            control=Control(given["control"]),
            state_capital_permille=given["state_capital_permille"],
            proof=given["proof"],
        )
        return self.done(_("所有制核验已登记。"))

    def _appoint(self) -> HttpResponse:
        given = self.bind(AppointForUnitForm(self.request.POST, prefix="post"), "post_form").cleaned_data
        user = unit_people.person(
            employer_id=self.employer.pk, username=given["username"], actor=self.request.user
        )
        role = UnitRole(given["role"])
        unit_people.appoint(employer_id=self.employer.pk, user_id=user.pk, role=role, actor=self.request.user)
        return self.done(_("%(name)s已设为%(role)s。") % {"name": user.name, "role": role.label})

    def _dismiss(self) -> HttpResponse:
        post = self._post()
        unit_people.dismiss(
            employer_id=self.employer.pk,
            user_id=post.user_id,
            role=post.role,
            actor=self.request.user,
        )
        return self.done(_("已撤销该单位岗位，其以前办理的事项仍有记录。"))

    def _open_account(self) -> HttpResponse:
        given = self.bind(OpenAccountForm(self.request.POST, prefix="account"), "account_form").cleaned_data
        issued = unit_people.open_account(
            employer_id=self.employer.pk,
            role=UnitRole(given["role"]),
            username=given["username"],
            name=given["name"],
            actor=self.request.user,
        )
        return self._once(issued, account_form=OpenAccountForm(prefix="account"))

    def _reset(self) -> HttpResponse:
        return self._once(
            unit_people.reset_password(
                employer_id=self.employer.pk, user_id=self._post().user_id, actor=self.request.user
            )
        )

    acts: ClassVar[Acts] = {
        "update": _update,
        "verify": _verify,
        "appoint": _appoint,
        "dismiss": _dismiss,
        "open_account": _open_account,
        "reset": _reset,
    }

    def _post(self) -> Any:
        """The post of the row."""
        wanted = outside.row(self.request.POST.get("post")) or 0
        return get_object_or_404(self.employer.posts.all(), pk=wanted)

    def _once(self, issued: accounts.Issued, **shown: Any) -> HttpResponse:
        """The password is nowhere but in this answer, so there is nothing to redirect to."""
        answer = self.draw(issued=issued, **shown)
        add_never_cache_headers(answer)
        return answer

    def context(self) -> dict[str, Any]:
        """The unit; a form that was refused takes the place of the fresh one."""
        employer, sent = self.employer, self.forms
        posts = list(employer.posts.select_related("user").order_by("role", "pk"))
        own = any(post.user_id == self.request.user.pk for post in posts)
        official = self.official
        visible = Nomination.objects.visible_to(self.request.user).for_rows()
        page = newest_first(visible.filter(employer=employer), self.request.GET)
        viewer = dossier.Viewer(own_unit=own, decides=False)
        return {
            "employer": employer,
            "ownership": dossier.ownership(employer),
            "section": dossier.employer_section(employer, viewer),
            "heading": employer.name,
            "page": page,
            "rows": [{"nomination": row, "status": status(row.status)} for row in page.rows],
            "official": official,
            "editable": own or official,
            "posts": posts if own or official else [],
            "facts_form": sent.get("facts_form") or EmployerForm(employer, prefix="facts"),
            "ownership_form": sent.get("ownership_form") or OwnershipForm(employer, prefix="ownership"),
            "post_form": sent.get("post_form") or AppointForUnitForm(prefix="post"),
            "account_form": sent.get("account_form") or OpenAccountForm(prefix="account"),
            "issued": None,
            "breadcrumb": [
                {"label": pgettext("列表", "单位"), "url": reverse("appraisal:employers")},
                {"label": employer.name},
            ],
        }
