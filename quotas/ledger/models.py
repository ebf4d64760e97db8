"""The append-only ledger and its seals."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quotas.ledger.querysets import LedgerQuerySet
from quotas.tree.models.bodies import Body


class LedgerEntry(models.Model):
    """One act, written in the transaction of the act (台账). Append-only; each row seals the one before it.

    Rows form one chain per `stream` (a nomination, a slate, an employer, a round), so that acts on different
    things never wait for each other; `LedgerSeal` binds all streams together.
    """

    stream = models.CharField(max_length=60)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField(_("时间"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="ledger_entries"
    )
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # No index of its own: `ledger_body_at` begins with it.
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="ledger_entries", db_index=False)
    act = models.CharField(_("行为"), max_length=40)
    before = models.JSONField(_("变更前"), default=dict)
    after = models.JSONField(_("变更后"), default=dict)
    reason = models.TextField(_("理由"), blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("台账")
        verbose_name_plural = _("台账")
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="ledger_stream_seq")]
        indexes = [models.Index(fields=["body", "-at"], name="ledger_body_at")]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.act}"


class LedgerSeal(models.Model):
    """A digest over every ledger row up to `last_entry_id`: shows a removed tail or a removed stream."""

    at = models.DateTimeField(_("封存时间"))
    last_entry_id = models.PositiveBigIntegerField()
    entries = models.PositiveBigIntegerField(_("条数"))
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("台账封存")
        verbose_name_plural = _("台账封存")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.digest[:12]
