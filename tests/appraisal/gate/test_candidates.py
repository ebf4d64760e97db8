"""Whom the rules are asked about before an application is filled in: what is told is known, the rest is open."""

import pytest

from appraisal.gate.services.admissions import Candidate
from quotas.base.states import NomineeKind
from quotas.selection.labels import entry
from quotas.selection.plan import REGULAR, Plan, bounds_of
from tests.builders import make_award, make_employer, make_round_award
from tests.quotas.selection.builders import rule

pytestmark = pytest.mark.django_db


def asked(*labels):
    award = make_round_award(award=make_award(nominee_kind=NomineeKind.PERSON))
    unit = make_employer(non_public=True)
    return Candidate(award, unit.body, unit, entry(labels))


def bounds(*counted):
    rules = tuple(rule(f"r{place}", one) for place, one in enumerate(counted))
    return bounds_of(Plan(places={REGULAR: 1}, rules=rules))


def test_what_is_not_told_is_open_and_nothing_else():
    whole = asked("gender:female", "migrant:yes")
    found = whole.possible(bounds("gender:male", "occupation:official", "migrant:no"))
    assert len(found) == len(set(found)) == 5
    assert all(whole.entry < each for each in found)
    assert whole.possible(bounds("gender:male")) == [whole.entry]


def test_what_no_bound_looks_at_stays_open():
    assert asked("gender:female").possible(bounds("gender:male")) == [entry(["gender:female"])]


def test_whoever_a_unit_may_nominate_has_what_the_unit_is():
    award = make_round_award(award=make_award(nominee_kind=NomineeKind.PERSON))
    unit = make_employer(non_public=True)
    anybody = Candidate.anybody(award, unit.body, unit)
    route = {f"county:{unit.body.code}", f"city:{unit.body.parent.code}"}
    assert anybody.entry == {"ownership:non_public", "sector:enterprise", "nominee:person", *route}
    assert len(anybody.possible(bounds("front_line:yes", "ownership:public"))) == 2
