"""What mends a slate is looked for when nothing is locked any more."""

import pytest

from appraisal.records.states import EntryKind
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.errors import RuleViolation
from quotas.base.states import Sense
from quotas.base.wording import sentences
from tests.appraisal.desks import make_desk
from tests.builders import IN_TIME, make_award, make_round_award, make_rule_version, make_share_rule
from tests.solver import questions

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_refused_slate_holds_no_lock_while_the_solver_looks_for_what_mends_it():
    award = make_award()
    version = make_rule_version(award)
    make_share_rule(version)
    make_share_rule(version, "not_all", sense=Sense.MAX, numerator=4, denominator=5)
    with clock.travel(IN_TIME):
        desk = make_desk(make_round_award(award=award), places=6)
        chosen = desk.fill(non_public=1, public=3)
        desk.fill(non_public=3)
        desk.set([(one.pk, EntryKind.REGULAR) for one in chosen])
        slate = desk.slate
        with questions() as asked:
            with pytest.raises(RuleViolation) as refusal:
                desk.act(slates.submit)
            assert "share_too_low" in str(refusal.value)
            assert not asked
            codes = [reason.code for reason in refusal.value.reasons]
            lines = [str(line) for line in sentences(refusal.value)]
            assert desk.slate.version == slate.version
    assert codes[-1] == "slate_remedy"
    assert "非公有制" in lines[-1]
    assert asked
    assert not any(asked)
