"""The models of this subject; import them from here."""

from quotas.rounds.models.apportionments import Apportionment, ApportionmentRow
from quotas.rounds.models.rounds import (
    Allotment,
    Extension,
    ExtensionRequest,
    NumberSeries,
    Round,
    RoundAward,
    Serial,
    StageWindow,
    TypedPlace,
)

__all__ = [
    "Allotment",
    "Apportionment",
    "ApportionmentRow",
    "Extension",
    "ExtensionRequest",
    "NumberSeries",
    "Round",
    "RoundAward",
    "Serial",
    "StageWindow",
    "TypedPlace",
]
