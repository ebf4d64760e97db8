"""The models of this subject; import them from here."""

from quotas.rounds.models.apportionments import Apportionment, ApportionmentRow
from quotas.rounds.models.rounds import (
    Allotment,
    Extension,
    ExtensionRequest,
    NumberSeries,
    PlacesLine,
    Round,
    RoundAward,
    Serial,
    StageWindow,
)

__all__ = [
    "Allotment",
    "Apportionment",
    "ApportionmentRow",
    "Extension",
    "ExtensionRequest",
    "NumberSeries",
    "PlacesLine",
    "Round",
    "RoundAward",
    "Serial",
    "StageWindow",
]
