"""The organs that issue papers at a body."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from quotas.base.columns import EnumField, one_of
from quotas.base.states import OrganKind
from quotas.bodies.querysets import OrganQuerySet
from quotas.tree.models.bodies import Body


class Organ(models.Model):
    """An organ 机关 of a body, as it stands on papers: 江苏省总工会, 中共江苏省委组织部.

    A body is a place in the tree; what it publishes is issued by its organs, each with its own telephone.
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="organs")
    kind = EnumField(_("类别"), max_length=20, of=OrganKind)
    name = models.CharField(_("机关名称"), max_length=100)
    telephone = models.CharField(_("电话"), max_length=60, blank=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OrganQuerySet.as_manager()

    class Meta:
        verbose_name = _("机关")
        verbose_name_plural = _("机关")
        ordering = ["body__path", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["body", "kind"], name="organ_once_per_body_and_kind"),
            one_of("kind", OrganKind.choices, "organ_kind_valid"),
        ]

    def __str__(self) -> str:
        return self.name
