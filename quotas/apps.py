"""The plan: who takes part and how many may go up."""

from django.apps import AppConfig
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _

from quotas.base.outside import RowConverter


class QuotasConfig(AppConfig):
    """The plan: who takes part and how many may go up."""

    name = "quotas"
    label = "quotas"
    verbose_name = _("名额与计划")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The numbers of rows in addresses are bounded on every floor; what every request knows of its user."""
        from quotas.rounds import viewer  # noqa: PLC0415 -- it imports models, which are there only now

        register_converter(RowConverter, "row")
        viewer.register()
