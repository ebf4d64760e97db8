"""The conduct: who is nominated, what was found, which list goes up."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from appraisal.records.facets import FACETS
from appraisal.records.wording import LABEL_WORDS
from quotas.base.wording import register_labels


class AppraisalConfig(AppConfig):
    """The conduct: who is nominated, what was found, which list goes up."""

    name = "appraisal"
    label = "appraisal"
    verbose_name = _("评选办理")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What the plan's services and commands ask from the start: the vocabulary of rules, and who acts for units."""
        from appraisal.records.services import unit_roles  # noqa: PLC0415 -- it imports models, which are there only now
        from quotas.people.services import posts  # noqa: PLC0415

        posts.register_units(unit_roles.paths_of)
        for facet in FACETS.values():
            for label, value in zip(facet.labels, facet.values, strict=True):
                # The kind of nominee is the award's: no entry carries another one.
                kinds = facet.nominee_kinds if facet.trait else {value}
                register_labels({label: LABEL_WORDS[label]}, kinds)
