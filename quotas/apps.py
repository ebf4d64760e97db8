"""The plan: who takes part and how many may go up."""

from django.apps import AppConfig
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _

from quotas.base.outside import RowConverter
from quotas.base.states import Level
from quotas.bodies.tellings import STREAMS as OF_BODIES
from quotas.calendar.tellings import STREAMS as OF_THE_CALENDAR
from quotas.editions.label_words import register_facets, register_more
from quotas.editions.tellings import STREAMS as OF_EDITIONS
from quotas.ledger.tellings import register_streams
from quotas.oversight.tellings import STREAMS as OF_UPKEEP
from quotas.people.tellings import STREAMS as OF_PEOPLE
from quotas.rounds.tellings import STREAMS as OF_ROUNDS


class QuotasConfig(AppConfig):
    """The plan: who takes part and how many may go up."""

    name = "quotas"
    label = "quotas"
    verbose_name = _("名额与计划")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What every floor uses: numbers of rows in addresses are bounded, the ledger of the plan has its words, and
        what every request knows of its user.
        """
        from quotas.bodies.services import names  # noqa: PLC0415
        from quotas.editions.services import fields, honours  # noqa: PLC0415
        from quotas.rounds import viewer  # noqa: PLC0415 -- it imports models, which are there only now

        register_converter(RowConverter, "row")
        viewer.register()
        for labels in (names, honours, fields):
            register_more(labels)
        register_facets({Level.CITY.value: Level.CITY.label, Level.COUNTY.value: Level.COUNTY.label})
        for words in (OF_BODIES, OF_PEOPLE, OF_THE_CALENDAR, OF_EDITIONS, OF_ROUNDS, OF_UPKEEP):
            register_streams(words)
