"""The confirmation of an import of nominations, each of which begins its process."""

from appraisal.imports.views.imports import ImportConfirm
from workflows import turns


class NominationsConfirm(ImportConfirm):
    """As on the floor below, with the first task of every draft in its applicant's inbox."""

    import_nominations = staticmethod(turns.import_nominations)
