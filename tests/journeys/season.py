"""A round of 模范职工之家 in one county, its city and the province: real bodies and rules, everything done by the services."""

from datetime import date
from random import Random

from django.contrib.auth.hashers import make_password

from appraisal.records.models import Employer, Nomination, Slate
from appraisal.records.states import Control, Outcome, UnitRole
from appraisal.register.services import employers, unit_people
from quotas.base import clock
from quotas.base.states import Role, Stage
from quotas.bodies.services import bodies
from quotas.calendar.services import calendar
from quotas.editions.models import Award
from quotas.editions.services import catalogue
from quotas.people.services import posts
from quotas.rounds.models import Allotment
from quotas.rounds.services import allotments, rounds
from quotas.tree.models import Body, User
from tests.builders import PASSWORD, make_credit_code, make_user
from workflows import turns
from workflows.simulation import people, plan, units
from workflows.simulation.conduct import Case, Season
from workflows.simulation.plan import Timetable

OPENING = date(2026, 3, 2)
"""A Monday. The stages are due 18, 55, 95 and 140 days later, see plan.Timetable."""
PROVINCE, CITY, COUNTY = "320000", "320500", "320581"
AWARD = "model_home"
_SEED = 11


class Bodies:
    """A few real bodies with all their posts; every post signs in: "320581.keeper" keeps the list of the county."""

    def __init__(self, *codes: str) -> None:
        self.timetable = Timetable(OPENING)
        with clock.travel(self.timetable.at(-3)):
            rows = [row for row in bodies.read() if row.code in codes]
            self.bodies: dict[str, Body] = bodies.load(rows=rows)
            posts.create(bodies=self.bodies.values())
            catalogue.load()
            calendar.seed(years=calendar.known_years())
            self.crews = people.crews(self.bodies.values(), _naming)
            User.objects.update(password=make_password(PASSWORD))

    def slate(self, code: str) -> Slate:
        return Slate.objects.for_list().get(body=self.bodies[code])


class Selection(Bodies):
    """The round, open."""

    def __init__(self) -> None:
        super().__init__(PROVINCE, CITY, COUNTY)
        crews = self.crews
        with clock.travel(self.timetable.at(-3)):
            made, awards = plan.make(
                code="journey",
                name="2026年江苏省模范职工之家评选",
                timetable=self.timetable,
                awards=list(Award.objects.filter(code=AWARD)),
                tree=list(self.bodies.values()),
                staff=crews[self.bodies[PROVINCE].pk].keeper,
                keepers={pk: crew.keeper for pk, crew in crews.items()},
            )
            # Without typed places every list is held to the share itself.
            for allotment in Allotment.objects.filter(round_award__round=made):
                allotments.set_places(
                    round_award_id=allotment.round_award_id,
                    body_id=allotment.body_id,
                    places=allotment.places,
                    reserve_places=allotment.reserve_places,
                    actor=None,
                )
        with clock.travel(self.timetable.at(0)):
            rounds.open(round_id=made.pk, actor=crews[self.bodies[PROVINCE].pk].keeper)
            turns.open_slates(round_id=made.pk)
        self.season = Season(_SEED, made, awards, crews, self.timetable)

    def unit(self, name: str, *, control: Control = Control.PRIVATE, number: int = 1) -> Employer:
        """A unit of the county, registered and verified by its union, with the accounts `shenbao` and `danwei`."""
        union = User.objects.get(username=f"{COUNTY}.union_reviewer")
        employer = employers.register(
            actor=union,
            credit_code=make_credit_code(number),
            name=name,
            body=self.bodies[COUNTY],
            employees=120,
            union_members=110,
            party_members=9,
            control=control,
        )
        for username, role in (("shenbao", UnitRole.APPLICANT), ("danwei", UnitRole.ENDORSER)):
            user = make_user(username, name={"shenbao": "陈晓东", "danwei": "周文静"}[username])
            unit_people.appoint(employer_id=employer.pk, user_id=user.pk, role=role, actor=None)
        return employers.verify_ownership(
            employer_id=employer.pk,
            version=employer.version,
            actor=union,
            control=control,
            state_capital_permille=0,
            proof="公司章程和股东名册",
        )

    def in_pool(self, index: int, control: Control, *, until: Stage = Stage.COUNTY) -> Case:
        """The application of another unit of the county, by the services: applied on day 1, in the county's pool on day 10."""
        unit = units.invent(
            Random(index),
            seed=_SEED,
            index=index,
            county=self.bodies[COUNTY],
            award=self.season.awards[AWARD].award,
            control=control,
        )
        with clock.travel(self.timetable.at(1)):
            case = self.season.apply(unit)
            assert case is not None
            self.season.attach(case)
            self.season.submit(case)
        with clock.travel(self.timetable.at(10)):
            self.season.record_procedure(case)
            self.season.endorse(case)
            if until != Stage.UNIT:
                self.approve(case, COUNTY)
        return case

    def approve(self, case: Case, code: str) -> None:
        """Both offices of a body approve, and at the province the score is recorded."""
        body = self.bodies[code]
        for office in self.season.crews[body.pk].reviewers:
            self.season.opinion(case, body.stage, body, office, Outcome.APPROVE, "")
        if code == PROVINCE:
            self.season.score(case, body)

    @staticmethod
    def nomination(employer: Employer) -> Nomination:
        return Nomination.objects.get(employer=employer)


def _naming(body: Body, role: Role) -> tuple[str, str]:
    return f"{body.code}.{role.value}", f"{body.short_name}{role.label}"
