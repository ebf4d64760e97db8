"""The plan: who takes part and how many may go up."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuotasConfig(AppConfig):
    """The plan: who takes part and how many may go up."""

    name = "quotas"
    label = "quotas"
    verbose_name = _("名额与计划")
    default_auto_field = "django.db.models.BigAutoField"
