"""Posts 岗位: who holds which, body by body, for those who appoint and dismiss."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views import View

from quotas.base import answers, outside
from quotas.base.errors import DomainError
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


class PostsPage(LoginRequiredMixin, View):
    """The posts of one body (?body=, at first the province) and the bodies below it with what is not filled."""

    def get(self, request: SignedIn) -> HttpResponse:
        """The page."""
        return _draw(request, _body(request))

    def post(self, request: SignedIn) -> HttpResponse:
        """Appoint or dismiss, by the button that was pressed."""
        body = _body(request)
        match request.POST.get("act"):
            case "appoint":
                return _appoint(request, body)
            case "dismiss":
                return _dismiss(request, body)
            case _:
                return _draw(request, body)


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


def _appoint(request: SignedIn, body: Body) -> HttpResponse:
    form = AppointForm(_rows(body), request.POST)
    if not form.is_valid():
        return _draw(request, body, appoint=form, status=answers.UNPROCESSABLE)
    role = Role(form.cleaned_data["role"])
    try:
        user = accounts.named(username=form.cleaned_data["username"])
        appointed = posts.appoint(user_id=user.pk, body_id=body.pk, role=role, actor=request.user)
    except DomainError as error:
        return _draw(request, body, appoint=form, status=answers.show(form, error))
    if appointed.half:
        answer = _draw(request, body, appointed=appointed, user=user)
        add_never_cache_headers(answer)
        return answer
    messages.success(
        request,
        _("%(name)s已任%(body)s%(role)s。")
        % {"name": user.name, "body": body.short_name, "role": role.label},
    )
    return redirect(_address(body))


def _dismiss(request: SignedIn, body: Body) -> HttpResponse:
    form = DismissForm(request.POST)
    if not form.is_valid():
        return _draw(request, body, dismiss=form, status=answers.UNPROCESSABLE)
    held = {(row.post.role, user.pk): user for row in _rows(body) for user in row.holders}
    role, user_id = form.cleaned_data["role"], form.cleaned_data["user"]
    if (role, user_id) not in held:
        # Somebody else was faster; the page shows how it stands.
        messages.info(request, _("此人已不担任这个岗位。"))
        return redirect(_address(body))
    try:
        posts.dismiss(
            user_id=user_id,
            body_id=body.pk,
            role=Role(role),
            actor=request.user,
            reason=form.cleaned_data["reason"],
        )
    except DomainError as error:
        return answers.page(request, error, again_url=_address(body))
    name = held[role, user_id].name
    messages.success(
        request,
        _("已免去%(name)s的%(body)s%(role)s岗位，其以前办理的事项仍有记录。")
        % {"name": name, "body": body.short_name, "role": Role(role).label},
    )
    return redirect(_address(body))


def _address(body: Body) -> str:
    return f"{reverse('quotas:posts')}?body={body.pk}"


def _rows(body: Body) -> list[HeldPostRow]:
    order = list(Role)
    found = sorted(Post.objects.of_body(body), key=lambda post: order.index(Role(post.role)))
    return [
        HeldPostRow(post, tuple(sorted(post.group.user_set.all(), key=lambda user: user.username)))
        for post in found
    ]


def _draw(
    request: SignedIn,
    body: Body,
    *,
    appoint: AppointForm | None = None,
    dismiss: DismissForm | None = None,
    appointed: posts.Appointed | None = None,
    user: User | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = _rows(body)
    context: dict[str, Any] = {
        "body": body,
        "rows": rows,
        "vacant": sum(not any(user.is_active for user in row.holders) for row in rows),
        "children": list(Body.objects.children_of(body).open().with_posts_filled()),
        "appoint_form": appoint or AppointForm(rows),
        "appointed": appointed,
        "appointed_user": user,
        "dismiss_form": dismiss or DismissForm(),
        "proposals": Proposal.objects.waiting().count(),
        "breadcrumb": _breadcrumb(body),
    }
    return render(request, "quotas/people/posts.html", context, status=status)


def _breadcrumb(body: Body) -> list[dict[str, str]]:
    """From the province down to the body; at most three levels, one statement."""
    above = Body.objects.on_path(body)
    return [
        {"label": _("岗位管理"), "url": reverse("quotas:posts")},
        *({"label": one.short_name, "url": _address(one) if one.pk != body.pk else ""} for one in above),
    ]
