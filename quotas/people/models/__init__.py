"""The models of this subject; import them from here."""

from quotas.people.models.kept_forms import KeptForm
from quotas.people.models.proposals import Proposal
from quotas.people.models.resets import PasswordReset, PastPassword

__all__ = ["KeptForm", "PasswordReset", "PastPassword", "Proposal"]
