"""Models of the conduct. One entity a file; import them from here."""

from appraisal.models.employers import Employer, UnitPost
from appraisal.models.namings import Naming
from appraisal.models.nominations import Evidence, Nomination, Procedure
from appraisal.models.notices import Notice, Objection
from appraisal.models.opinions import Opinion
from appraisal.models.readings import Reading, ReturnedVersion
from appraisal.models.slates import SignOff, Slate, SlateEntry

__all__ = [
    "Employer",
    "Evidence",
    "Naming",
    "Nomination",
    "Notice",
    "Objection",
    "Opinion",
    "Procedure",
    "Reading",
    "ReturnedVersion",
    "SignOff",
    "Slate",
    "SlateEntry",
    "UnitPost",
]
