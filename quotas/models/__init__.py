"""Models of the plan. One entity a file; import them from here."""

from quotas.models.apportionments import Apportionment, ApportionmentRow
from quotas.models.awards import Award, RuleVersion, ShareRule, Target
from quotas.models.bodies import Body, Post
from quotas.models.calendar import CalendarDay, CalendarYear
from quotas.models.kept_forms import KeptForm
from quotas.models.ledger import LedgerEntry, LedgerSeal
from quotas.models.organs import Organ
from quotas.models.proposals import Proposal
from quotas.models.resets import PasswordReset, PastPassword
from quotas.models.rounds import (
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
from quotas.models.users import User

__all__ = [
    "Allotment",
    "Apportionment",
    "ApportionmentRow",
    "Award",
    "Body",
    "CalendarDay",
    "CalendarYear",
    "Extension",
    "ExtensionRequest",
    "KeptForm",
    "LedgerEntry",
    "LedgerSeal",
    "NumberSeries",
    "Organ",
    "PasswordReset",
    "PastPassword",
    "Post",
    "Proposal",
    "Round",
    "RoundAward",
    "RuleVersion",
    "Serial",
    "ShareRule",
    "StageWindow",
    "Target",
    "TypedPlace",
    "User",
]
