"""Models of the conduct. One entity a file; import them from here."""

from appraisal.records.models.employers import Employer, UnitPost
from appraisal.records.models.honours import Honour
from appraisal.records.models.namings import Naming
from appraisal.records.models.nominations import Evidence, Nomination, Procedure
from appraisal.records.models.notices import Notice, Objection
from appraisal.records.models.opinions import Opinion
from appraisal.records.models.readings import Reading, ReturnedVersion
from appraisal.records.models.slates import SignOff, Slate, SlateEntry

__all__ = [
    "Employer",
    "Evidence",
    "Honour",
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
