"""A column of a vocabulary gives back its members, and says what they are called."""

from django.db.models import Model
from django.utils import translation

from appraisal.records.models import Nomination
from appraisal.records.states import NominationState


def test_the_word_of_a_member_is_the_one_that_django_would_show():
    status = Nomination._meta.get_field("status")
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for value in (*NominationState, *NominationState.values, "unknown", ""):
                row = Nomination(status=value)
                assert row.get_status_display() == Model._get_FIELD_display(row, status)
