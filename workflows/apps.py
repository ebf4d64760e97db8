"""The choreography: whose turn it is."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    """The choreography: whose turn it is."""

    name = "workflows"
    label = "workflows"
    verbose_name = _("流程")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from workflows import checks  # noqa: F401, PLC0415 -- flows need models, which are ready only now
