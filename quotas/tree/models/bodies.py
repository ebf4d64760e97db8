"""Recommending bodies and the posts at them."""

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from quotas.base.columns import EnumField, one_of
from quotas.base.states import STAGE_OF_LEVEL, Level, Role, Stage
from quotas.tree.permissions import ACT_LABELS
from quotas.tree.querysets import BodyQuerySet, PostQuerySet


class Body(models.Model):
    """A recommending body 推荐单位: one node of the one tree that territorial and industry channel share.

    `path` holds the codes from the province down, each closed by a slash ("320000/320500/320581/"), so that
    "in my area" is a prefix. Bodies are closed, never deleted: grants point at them by number.
    """

    code = models.CharField(_("代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=20)
    level = EnumField(_("层级"), max_length=10, of=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=80, unique=True)
    has_party_office = models.BooleanField(
        _("设组织部"), default=True, help_text=_("产业工会没有同级组织部，联合审核时只需工会意见。")
    )
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("推荐单位")
        verbose_name_plural = _("推荐单位")
        ordering = ["code"]
        default_permissions = ()
        permissions = [(act.value, label) for act, label in ACT_LABELS.items()]
        constraints = [one_of("level", Level.choices, "body_level_valid")]

    def __str__(self) -> str:
        return self.name

    @property
    def stage(self) -> Stage:
        """The stage at which this body acts."""
        return STAGE_OF_LEVEL[self.level]


class Post(models.Model):
    """A post 岗位: one role at one body. People join its group; the group holds the guardian grants."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="posts")
    role = EnumField(_("角色"), max_length=20, of=Role)
    group = models.OneToOneField(Group, models.PROTECT, related_name="post")

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = _("岗位")
        constraints = [
            models.UniqueConstraint(fields=["body", "role"], name="post_once_per_body_and_role"),
            one_of("role", Role.choices, "post_role_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.body.short_name} {self.get_role_display()}"
