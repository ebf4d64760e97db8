"""The conduct: who is nominated, what was found, which list goes up."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from appraisal.deadlines.tellings import STREAMS as OF_EXTENSIONS
from appraisal.imports.tellings import STREAMS as OF_IMPORTS
from appraisal.nominations.tellings import STREAMS as OF_NOMINATIONS
from appraisal.records.facets import NOMINEE, UNIT_FACETS
from appraisal.records.wording import LABEL_WORDS
from appraisal.register.tellings import STREAMS as OF_UNITS
from appraisal.slates.tellings import STREAMS as OF_SLATES
from quotas.editions.label_words import register_facets, register_labels
from quotas.ledger.tellings import register_streams
from quotas.tree import reader


class AppraisalConfig(AppConfig):
    """The conduct: who is nominated, what was found, which list goes up."""

    name = "appraisal"
    label = "appraisal"
    verbose_name = _("评选办理")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What the plan's services, pages and commands ask from the start: the words of rules and of the ledger, and who
        acts for units.
        """
        from appraisal.records.models import UnitPost  # noqa: PLC0415
        from appraisal.records.services import unit_roles  # noqa: PLC0415 -- it imports models, which are there only now
        from quotas.people.services import posts  # noqa: PLC0415

        posts.register_units(unit_roles.paths_of)
        reader.register(
            "unit",
            lambda user: UnitPost.objects.filter(user=user.pk),
            word="role",
            number="employer_id",
            body="employer__body_id",
            other="employer__industry_body_id",
        )
        for words in (OF_NOMINATIONS, OF_EXTENSIONS, OF_UNITS, OF_SLATES, OF_IMPORTS):
            register_streams(words)
        register_facets(
            {facet.name: facet.label for facet in (*UNIT_FACETS, NOMINEE)},
            (facet.name for facet in UNIT_FACETS if facet.optional),
        )
        for facet in UNIT_FACETS:
            register_labels({one: LABEL_WORDS[one] for one in facet.labels})
        for one, kind in zip(NOMINEE.labels, NOMINEE.values, strict=True):
            # The kind of nominee is the award's: no entry carries another one.
            register_labels({one: LABEL_WORDS[one]}, {kind})
