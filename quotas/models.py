"""Models of the plan. One entity a file; import them from here."""

from quotas.bodies.models import Organ
from quotas.calendar.models import CalendarDay, CalendarYear
from quotas.editions.models import Award, NomineeCondition, RuleVersion, ShareRule, Target
from quotas.ledger.models import LedgerEntry, LedgerSeal
from quotas.people.models.kept_forms import KeptForm
from quotas.people.models.proposals import Proposal
from quotas.people.models.resets import PasswordReset, PastPassword
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
from quotas.tree.models.bodies import Body, Post
from quotas.tree.models.users import User

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
    "NomineeCondition",
    "NumberSeries",
    "Organ",
    "PasswordReset",
    "PastPassword",
    "PlacesLine",
    "Post",
    "Proposal",
    "Round",
    "RoundAward",
    "RuleVersion",
    "Serial",
    "ShareRule",
    "StageWindow",
    "Target",
    "User",
]
