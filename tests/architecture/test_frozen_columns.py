"""What a nomination and its unit looked like when it was returned is kept: no column is forgotten by chance."""

import pytest

from appraisal.nominations.services import versions
from appraisal.records.models import Employer, Nomination

KEEPING = {
    "id",
    "search",
    "version",
    "created_at",
    "created_by",
    "form_key",
    "number",
    "entered_at",
    "submitted_at",
}
"""How the row is kept and found, nothing that anybody compares."""
NOT_COMPARED = {
    Employer: {"body", "industry_body", "verified_by", "verified_control", "verified_on_proof"},
    Nomination: {
        *(
            "round_award",
            "employer",
            "body",
            "channel",
            "unit_name",
            "nominee_key",
        ),  # what it is the application of
        *("stage", "status", "desk", "due_at", "review_pass", "return_route", "score"),  # where it stands
        "ownership_affirmed",
        "held",  # what the history of awards says, not the unit
        "labels",  # what follows from columns that are compared
    },
}
"""What may change without the applicant: shown as it is now."""


@pytest.mark.parametrize(
    ("model", "kept"),
    [
        (Employer, versions.OF_EMPLOYER),
        (Nomination, (*versions.OF_NOMINATION, *versions.FROZEN)),
    ],
)
def test_every_column_is_kept_or_left_out_on_purpose(model, kept):
    columns = {field.name for field in model._meta.concrete_fields}
    assert columns - KEEPING - NOT_COMPARED[model] == set(kept)
