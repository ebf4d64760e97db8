"""Which bodies, posts and persons a user sees and acts at. Decided here and nowhere else."""

from collections.abc import Iterable
from typing import Any, Self

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Count, Q, Value
from django.db.models.functions import Lower, Replace

from quotas.base.querysets import KeyedQuerySet
from quotas.base.text import compact, key, login
from quotas.tree.permissions import Act, grants_of
from quotas.tree.reader import reader_of


class BodyQuerySet(KeyedQuerySet):
    """Which bodies a user sees or acts at."""

    def granted_to(self, user: Any, act: Act) -> Self:
        """Bodies at which the user holds the act. Acting does not inherit."""
        return self.filter(pk__in=grants_of(user).bodies(act))

    def visible_to(self, user: Any) -> Self:
        """Bodies where the user may view, and everything under them."""
        return self.at_or_below(self._roots_of(user))

    def at_or_below(self, paths: Iterable[str]) -> Self:
        """The bodies with these paths and everything under them; an index finds those under one, many are one value."""
        roots = list(paths)
        if len(roots) == 1:
            return self.filter(path__startswith=roots[0])
        return self.filter(path__startswith_any=roots) if roots else self.filter(pk__in=())

    def _roots_of(self, user: Any) -> list[str]:
        """The paths at which the user may view: those of the posts, which the request knows."""
        granted = grants_of(user).bodies(Act.VIEW_AREA)
        known = {fact.body: str(fact.key) for fact in reader_of(user).facts("post") if fact.body in granted}
        if len(known) < len(granted):
            return list(self.model.objects.filter(pk__in=granted).values_list("path", flat=True))
        return list(known.values())

    def visible_ids(self, user: Any) -> list[int]:
        """The numbers of the visible bodies, read once a request.

        Lists filter by these numbers: an IN list is faster than a sub-select and needs no join.
        """
        return reader_of(user).kept(
            "visible_ids", lambda: list(self.model.objects.visible_to(user).values_list("pk", flat=True))
        )

    def observed_by(self, user: Any) -> Self:
        """Bodies whose observer the user is: who looks at them and reads their ledger."""
        grants = grants_of(user)
        return self.filter(pk__in=grants.bodies(Act.VIEW_AREA) & grants.bodies(Act.READ_LEDGER))

    def under(self, body: Any) -> Self:
        """The body itself and everything below it."""
        return self.filter(path__startswith=body.path)

    def open(self) -> Self:
        return self.filter(closed_on=None)

    def within(self, roots: Iterable[Any]) -> Self:
        """These bodies and everything below them."""
        return self.at_or_below(root.path for root in roots)

    def on_path(self, body: Any) -> Self:
        """The bodies from the province down to this one."""
        return self.filter(code__in=body.path.strip("/").split("/")).order_by("path")

    def children_of(self, body: Any) -> Self:
        """The bodies directly below one."""
        return self.filter(parent=body.pk).order_by("code")

    def with_children(self, numbers: Iterable[int]) -> list[int]:
        """The numbers of these bodies and of those directly below them: a filter by numbers finds its index."""
        of = list(numbers)
        return list(self.filter(Q(pk__in=of) | Q(parent__in=of)).values_list("pk", flat=True))

    def with_posts_filled(self) -> Self:
        """`posts_all` and `posts_filled`: how many posts a body has, and how many have an active holder."""
        return self.annotate(
            posts_all=Count("posts", distinct=True),
            posts_filled=Count("posts", filter=Q(posts__group__user__is_active=True), distinct=True),
        )

    def just_below(self, user: Any) -> Self:
        """The bodies directly under those where the user may view: what a list of the area is narrowed by."""
        return self.filter(parent__in=grants_of(user).bodies(Act.VIEW_AREA)).order_by("code")

    def below(self, body: Any) -> Self:
        """The bodies directly under a body that still exist, by their codes."""
        return self.filter(parent=body, closed_on=None).order_by("code")

    def holding(self, words: str) -> list[int]:
        """The numbers of those whose name or code holds the words. There are hundreds: one statement reads them all."""
        sought = compact(words)
        known = self.values_list("pk", "name", "short_name", "code")
        return [pk for pk, *names in known if sought and any(sought in compact(name) for name in names)]

    def of_level(self, level: str) -> Self:
        """Those of one level, by their codes."""
        return self.filter(level=level).order_by("code")


class UserQuerySet(KeyedQuerySet):
    """Accounts as those who manage them look for them."""

    def of_login(self, logins: Iterable[str]) -> Self:
        """The accounts with these login names, in any case; the index is over the lower case."""
        wanted = {login(name) for name in logins}
        return self.alias(its_login=Lower("username")).filter(its_login__in=wanted)

    def managed(self, *, text: str = "", state: str = "") -> Self:
        """
        Accounts whose login name or name contains `text`, with the posts they hold; three statements.

        `state`: "active", "waiting" (the one-time password was not changed yet), "inactive", "without_password" (nobody can
        sign in with it, as with the simulated people of the demo); empty means any.
        """
        rows = self.prefetch_related("groups__post__body")
        if text:
            unspaced = Replace("name", Value(" "), Value(""))
            rows = rows.alias(unspaced=unspaced).filter(
                Q(username__icontains=login(text)) | Q(unspaced__icontains=key(text))
            )
        match state:
            case "active":
                rows = rows.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
            case "waiting":
                rows = rows.filter(is_active=True, must_change_password=True)
            case "inactive":
                rows = rows.filter(is_active=False)
            case "without_password":
                rows = rows.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        return rows.order_by("-pk")


class PostQuerySet(models.QuerySet[Any]):
    """Posts by who holds them."""

    def of_body(self, body: Any) -> Self:
        """The posts of one body with everybody who holds them. Two statements."""
        return self.filter(body=body.pk).prefetch_related("group__user_set")

    def held_by(self, user: Any) -> Self:
        """The posts of a person, with their bodies, from the province down."""
        return self.filter(group__user=user.pk).select_related("body").order_by("body__path", "pk")
