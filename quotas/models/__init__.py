"""Models of the plan. One entity a file; import them from here."""

from quotas.models.apportionments import Apportionment, ApportionmentRow
from quotas.models.awards import Award, RuleVersion, ShareRule
from quotas.models.bodies import Body, Post
from quotas.models.calendar import CalendarDay
from quotas.models.ledger import LedgerEntry, LedgerSeal
from quotas.models.organs import Organ
from quotas.models.resets import PasswordReset, PastPassword
from quotas.models.rounds import Allotment, Extension, Round, RoundAward, StageWindow, TypedPlace
from quotas.models.users import User

__all__ = [
    "Allotment",
    "Apportionment",
    "ApportionmentRow",
    "Award",
    "Body",
    "CalendarDay",
    "Extension",
    "LedgerEntry",
    "LedgerSeal",
    "Organ",
    "PasswordReset",
    "PastPassword",
    "Post",
    "Round",
    "RoundAward",
    "RuleVersion",
    "ShareRule",
    "StageWindow",
    "TypedPlace",
    "User",
]
