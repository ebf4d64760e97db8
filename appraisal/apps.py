"""The conduct: who is nominated, what was found, which list goes up."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppraisalConfig(AppConfig):
    """The conduct: who is nominated, what was found, which list goes up."""

    name = "appraisal"
    label = "appraisal"
    verbose_name = _("评选办理")
    default_auto_field = "django.db.models.BigAutoField"
