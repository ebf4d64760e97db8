"""Who is proposed for which post."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quotas.base.columns import EnumField, one_of
from quotas.base.states import ProposalState
from quotas.people.querysets import ProposalQuerySet
from quotas.tree.models.bodies import Post


class Proposal(models.Model):
    """A person whom the system administrator proposes for a post, and what the security administrator made of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposals")
    post = models.ForeignKey(Post, models.PROTECT, related_name="proposals")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人")
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    state = EnumField(_("状态"), max_length=10, of=ProposalState, default=ProposalState.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("办理时间"), null=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位人选")
        verbose_name_plural = _("岗位人选")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "post"], condition=models.Q(state="waiting"), name="proposal_waits_once"
            ),
            one_of("state", ProposalState.choices, "proposal_state_valid"),
            models.CheckConstraint(
                condition=models.Q(state="waiting", decided_at=None)
                | (~models.Q(state="waiting") & models.Q(decided_at__isnull=False)),
                name="proposal_decided_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="refused") | ~models.Q(reason=""),
                name="proposal_refused_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.post}"
