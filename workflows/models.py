"""One process per nomination and one per slate: the engine's row plus a real key into the domain, nothing else.

Whatever was decided stands in the domain. A process and its tasks say only whose turn it is.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from appraisal.records.models import Nomination, Slate


class NominationProcess(Process):
    """The way of one nomination from application to naming."""

    nomination = models.OneToOneField(
        Nomination, models.PROTECT, related_name="process", verbose_name=_("申报")
    )

    class Meta:
        verbose_name = _("申报流程")
        verbose_name_plural = _("申报流程")
        default_permissions = ()


class SlateProcess(Process):
    """The way of one slate from compiling to sending up or naming."""

    slate = models.OneToOneField(Slate, models.PROTECT, related_name="process", verbose_name=_("推荐名单"))

    class Meta:
        verbose_name = _("名单流程")
        verbose_name_plural = _("名单流程")
        default_permissions = ()
