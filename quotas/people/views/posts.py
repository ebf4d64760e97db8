"""Posts 岗位: who holds which, body by body, for those who appoint and dismiss."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from quotas.base import outside
from quotas.base.pages import ActPage, Acts
from quotas.base.states import Role
from quotas.people.forms import AppointForm, DismissForm
from quotas.people.models import Proposal
from quotas.people.services import accounts, posts
from quotas.tree.models import Body, Post, User
from quotas.tree.permissions import Act
from quotas.tree.requests import SignedIn


@dataclass(frozen=True)
class HeldPostRow:
    """A post with everybody who holds it, the deactivated as well."""

    post: Post
    holders: tuple[User, ...]


class PostsPage(ActPage):
    """The posts of one body (?body=, at first the province) and the bodies below it with what is not filled."""

    template_name = "quotas/people/posts.html"
    body: Body

    def prepare(self) -> None:
        """The body of the address."""
        self.body = _body(self.request)

    @property
    def address(self) -> str:
        """The page of the body."""
        return _address(self.body)

    def _appoint(self) -> HttpResponse:
        body, form = self.body, self.bind(AppointForm(_rows(self.body), self.request.POST), "appoint_form")
        role = Role(form.cleaned_data["role"])
        user = accounts.named(username=form.cleaned_data["username"])
        appointed = posts.appoint(user_id=user.pk, body_id=body.pk, role=role, actor=self.request.user)
        if appointed.half:
            answer = self.draw(
                appointed=appointed, appointed_user=user, appoint_form=AppointForm(_rows(body))
            )
            add_never_cache_headers(answer)
            return answer
        return self.done(
            _("%(name)s已任%(body)s%(role)s。")
            % {"name": user.name, "body": body.short_name, "role": role.label}
        )

    def _dismiss(self) -> HttpResponse:
        form = self.bind(DismissForm(self.request.POST), "dismiss_form")
        held = {(row.post.role, user.pk): user for row in _rows(self.body) for user in row.holders}
        role, user_id = form.cleaned_data["role"], form.cleaned_data["user"]
        if (role, user_id) not in held:
            # Somebody else was faster; the page shows how it stands.
            messages.info(self.request, _("此人已不担任这个岗位。"))
            return redirect(self.address)
        posts.dismiss(
            user_id=user_id,
            body_id=self.body.pk,
            role=Role(role),
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
        )
        return self.done(
            _("已免去%(name)s的%(body)s%(role)s岗位，其以前办理的事项仍有记录。")
            % {
                "name": held[role, user_id].name,
                "body": self.body.short_name,
                "role": Role(role).label,
            }
        )

    acts: ClassVar[Acts] = {"appoint": _appoint, "dismiss": _dismiss}

    def context(self) -> dict[str, Any]:
        """The posts with who holds them, and the bodies below."""
        rows = _rows(self.body)
        return {
            "body": self.body,
            "rows": rows,
            "vacant": sum(not any(user.is_active for user in row.holders) for row in rows),
            "children": list(Body.objects.children_of(self.body).open().with_posts_filled()),
            "appoint_form": self.forms.get("appoint_form") or AppointForm(rows),
            "appointed": None,
            "appointed_user": None,
            "dismiss_form": self.forms.get("dismiss_form") or DismissForm(),
            "proposals": Proposal.objects.waiting().count(),
            "breadcrumb": _breadcrumb(self.body),
        }


def _body(request: SignedIn) -> Body:
    """The body of the address, in the area of those who manage posts; 404 for everybody else."""
    roots: list[Body] = list(Body.objects.granted_to(request.user, Act.MANAGE_POSTS))
    if not roots:
        raise Http404
    text = request.GET.get("body")
    if not text:
        return roots[0]
    found: Body = get_object_or_404(Body.objects.within(roots), pk=outside.row(text) or 0)
    return found


def _address(body: Body) -> str:
    return f"{reverse('quotas:posts')}?body={body.pk}"


def _rows(body: Body) -> list[HeldPostRow]:
    order = list(Role)
    found = sorted(Post.objects.of_body(body), key=lambda post: order.index(Role(post.role)))
    return [
        HeldPostRow(post, tuple(sorted(post.group.user_set.all(), key=lambda user: user.username)))
        for post in found
    ]


def _breadcrumb(body: Body) -> list[dict[str, str]]:
    """From the province down to the body; at most three levels, one statement."""
    above = Body.objects.on_path(body)
    return [
        {"label": _("岗位管理"), "url": reverse("quotas:posts")},
        *({"label": one.short_name, "url": _address(one) if one.pk != body.pk else ""} for one in above),
    ]
