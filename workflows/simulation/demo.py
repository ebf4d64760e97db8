"""The demo: a round under way with something at every stage, a finished round before it, and people to sign in as.

Everything is done by the services and flows, on days counted back from today, so that a demo made on any day shows
windows that are open, dates that are near and notices that run. Nothing here is drawn by chance but the units' names.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import chain, cycle, islice
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from appraisal.deadlines.services import extensions
from appraisal.notices.services import objections
from appraisal.records.models import Employer, Notice, Slate, SlateEntry
from appraisal.records.states import Control, EntryKind, Outcome, ReturnRoute
from appraisal.register.services import employers
from appraisal.slates.services import slates
from quotas.arithmetic import apportion
from quotas.base import clock
from quotas.base.states import Level, Office, Role, Stage
from quotas.editions.models import Award
from quotas.rounds.models import Round, RoundAward
from quotas.rounds.services import allotments, rounds
from quotas.tree.models import Body, User
from workflows import turns
from workflows.simulation import people, plan, run, units
from workflows.simulation.accounts import (
    ACCOUNTS,
    CHANGSHU,
    INDUSTRY,
    JIANGSU,
    KUNSHAN,
    PRIVATE_UNIT,
    STATE_UNIT,
    SUZHOU,
    naming,
)
from workflows.simulation.conduct import Case, Season
from workflows.simulation.people import Crew
from workflows.simulation.plan import Timetable
from workflows.simulation.units import Unit

CODE = "demo"
EARLIER_CODE = "demo-2024"
_SEED = 65
_EARLIER_SEED = 286
"""Gives that round many units that may be named, and few that withdraw."""
_HOME, _TEAM, _UNIT = "model_home", "pioneer_team", "demonstration_unit"

LENGTH = 75
"""Days since the demo round was opened."""
_EARLIER_OPENING = date(2024, 3, 4)

NANJING, WUXI, NANTONG, XUZHOU = "320100", "320200", "320600", "320300"
XUANWU, JIANGNING, JIANGYIN, CHONGCHUAN, PEIXIAN = "320102", "320115", "320281", "320613", "320322"
ZHANGJIAGANG, TAICANG, WUJIANG, WUZHONG = "320582", "320585", "320509", "320506"
XIANGCHENG, GUSU, HUQIU = "320507", "320508", "320505"

AT_PROVINCE = {
    XUANWU: (_HOME, _TEAM),
    JIANGYIN: (_HOME,),
    CHONGCHUAN: (_TEAM,),
}
"""The counties whose lists have gone up to the city and on to the province, where they are being reviewed, and for what."""

NOBODY = ("320382", "320925")
"""Two counties where no post is held yet: 邳州市 and 建湖县."""

SCORED = 160
"""Units that stand scored at the province and wait for the list of the hundred."""

AT_CITY = {
    ZHANGJIAGANG: (_HOME, _TEAM, _UNIT),
    TAICANG: (_HOME, _UNIT),
    WUJIANG: (_HOME, _TEAM),
}
"""The counties whose lists lie at 苏州市, and for what."""


@dataclass(frozen=True)
class Size:
    """How much is made: applications of the earlier round, whose lists have gone how far, and how many are scored."""

    earlier: int = 14
    at_province: Mapping[str, Sequence[str]] = field(default_factory=lambda: AT_PROVINCE)
    at_city: Mapping[str, Sequence[str]] = field(default_factory=lambda: AT_CITY)
    scored: int = SCORED
    everywhere: bool = True
    """Whether every body but `NOBODY` has people, or only those where something is done."""


FULL = Size()
SMALL = Size(
    earlier=8,
    at_province={JIANGYIN: (_HOME,)},
    at_city={ZHANGJIAGANG: (_HOME, _TEAM, _UNIT)},
    scored=4,
    everywhere=False,
)
"""Something of everything, for tests."""

_NON_PUBLIC = (Control.PRIVATE, Control.FOREIGN, Control.HMT)
_MIXED = (Control.PRIVATE, Control.STATE, Control.PRIVATE, Control.COLLECTIVE, Control.FOREIGN, Control.STATE)


class _Windows(Timetable):
    """The timetable of the demo: unit and county stages have just ended, for the bodies that have no extension."""

    def windows(self) -> dict[Stage, tuple[datetime, datetime]]:
        """From when to when each stage works."""
        return {
            Stage.UNIT: (self.at(0), self.at(LENGTH - 3, 17, 30)),
            Stage.COUNTY: (self.at(1), self.at(LENGTH - 1, 17, 30)),
            Stage.CITY: (self.at(2), self.at(LENGTH + 20, 17, 30)),
            Stage.PROVINCE: (self.at(3), self.at(LENGTH + 50, 17, 30)),
        }


def exists() -> bool:
    """Whether the demo has been made here."""
    return Round.objects.filter(code=CODE).exists()


def at_sign_in(_request: HttpRequest) -> dict[str, Any]:
    """`demo_accounts` for the sign-in page, worked out only there: whom to sign in as where the password is public."""
    return {"demo_accounts": SimpleLazyObject(_public_accounts)}


def _public_accounts() -> dict[str, Any]:
    password = getattr(settings, "DEMO_PASSWORD", "")
    if not password or not exists():
        return {}
    places = dict(Body.objects.values_list("code", "short_name"))
    rows = [(account, places.get(account.place, account.place)) for account in ACCOUNTS]
    return {"password": password, "rows": rows}


@transaction.atomic
def make(*, password: str, size: Size = FULL) -> None:
    """Make both rounds and the accounts, or nothing at all."""
    with clock.travel(Timetable(_EARLIER_OPENING).at(-6)):
        tree = {body.code: body for body in plan.load()}
        plan.telephones()
        crews = people.crews(_with_people(tree, everywhere=size.everywhere), naming)
        for role in (Role.OBSERVER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
            people.official(tree[JIANGSU], role, naming)
    _play_earlier(tree, crews, size.earlier)
    shares = _scored_shares(tree, size.scored)
    demo = _open(tree, crews, shares)
    _scored(demo, shares)
    _lists_at_province(demo, size.at_province)
    _lists_at_city(demo, size.at_city)
    _changshu(demo)
    _units_with_accounts(demo)
    _other_counties(demo)
    _industry(demo)
    User.objects.filter(username__in=[account.username for account in ACCOUNTS]).update(
        password=make_password(password)
    )


def _with_people(tree: dict[str, Body], *, everywhere: bool) -> list[Body]:
    """All bodies but two, or those where something is done: the province, the cities, the industry unions, some counties."""
    if everywhere:
        return [body for body in tree.values() if body.code not in NOBODY]
    counties = {
        *chain.from_iterable(_scored_shares(tree, SCORED).values()),
        *AT_PROVINCE,
        JIANGNING,
        *AT_CITY,
        CHANGSHU,
        KUNSHAN,
        WUZHONG,
        XIANGCHENG,
        GUSU,
        HUQIU,
        PEIXIAN,
        INDUSTRY,
    }
    return [body for body in tree.values() if body.level != Level.COUNTY or body.code in counties]


# The finished round


def _play_earlier(tree: dict[str, Body], crews: dict[int, Crew], number: int) -> None:
    """A small round of two years ago, in three cities, named and closed."""
    taking_part = [JIANGSU, NANJING, WUXI, SUZHOU, XUANWU, JIANGYIN, CHANGSHU, KUNSHAN, ZHANGJIAGANG]
    timetable = Timetable(_EARLIER_OPENING)
    season = run.play(
        code=EARLIER_CODE,
        name="2024年江苏省“三创争两提升”示范单位评选",
        timetable=timetable,
        nominations=number,
        seed=_EARLIER_SEED,
        awards=list(Award.objects.filter(code=_UNIT)),
        tree=[tree[code] for code in taking_part],
        crews=crews,
        processes=1,
        progress=lambda *_told: None,
    )
    with clock.travel(timetable.at(150)):
        turns.close_round(round_id=season.round.pk, actor=crews[tree[JIANGSU].pk].keeper)


# The round under way


@dataclass
class _Demo:
    """The demo round, and what the steps below have in common."""

    season: Season
    tree: dict[str, Body]
    today: date
    quality: dict[int, int] = field(default_factory=dict)
    serial: int = 0
    minutes: Counter[int] = field(default_factory=Counter)
    """How far each day has come, in minutes after nine."""

    @contextmanager
    def on(self, days_ago: int) -> Iterator[None]:
        """The next moment of a day before today, some minutes after the step before it."""
        self.minutes[days_ago] += 2 + self.minutes[days_ago] % 5
        moment = datetime.combine(self.today - timedelta(days=days_ago), time(9), clock.SHANGHAI)
        with clock.travel(moment + timedelta(minutes=self.minutes[days_ago])):
            yield

    def unit(
        self, county: str, award: str, control: Control, *, verified: bool = True, industry: str = ""
    ) -> Unit:
        """A unit that does not exist yet."""
        self.serial += 1
        return units.invent(
            Random(f"demo:{self.serial}"),
            seed=_SEED,
            index=1000 + self.serial,
            county=self.tree[county],
            award=self.season.awards[award].award,
            control=control,
            verified=verified,
            industry=self.tree[industry] if industry else None,
        )

    def draft(self, unit: Unit, *, begun: int) -> Case:
        """An application that has been begun."""
        with self.on(begun):
            case = self.season.apply(unit)
        if case is None:
            raise ValueError(f"{unit.name} may not apply for {unit.award.code}")
        self.quality[case.nomination_id] = unit.quality
        return case

    def submitted(self, unit: Unit, *, begun: int, handed_in: int) -> Case:
        """An application that waits for the unit's endorser."""
        case = self.draft(unit, begun=begun)
        with self.on(handed_in):
            self.season.attach(case)
            self.season.submit(case)
        return case

    def at_desk(self, unit: Unit, *, begun: int = 34, arrived: int = 12) -> Case:
        """An application at the first body of its route. Between the two days lies the unit's own notice."""
        case = self.submitted(unit, begun=begun, handed_in=begun - 1)
        with self.on(arrived):
            self.season.record_procedure(case)
            self.season.endorse(case)
        return case

    def several(
        self, county: str, award: str, controls: Sequence[Control], *, begun: int = 34, arrived: int = 12
    ) -> list[Case]:
        """An application for each of the controls, all at the county's desk."""
        return [
            self.at_desk(self.unit(county, award, control), begun=begun, arrived=arrived)
            for control in controls
        ]

    def approve(
        self, cases: Sequence[Case], stage: Stage, body: str, *, ago: int, offices: Sequence[Office] = ()
    ) -> None:
        """These offices approve, or all that are asked."""
        for case in cases:
            for office in offices or self.season.crews[self.tree[body].pk].reviewers:
                with self.on(ago):
                    self.season.approve(case, stage, self.tree[body], office)

    def slate(self, award: str, body: str) -> Slate:
        """The list of a body as it is now."""
        found: Slate = Slate.objects.for_list().get(
            round_award=self.season.awards[award], body=self.tree[body]
        )
        return found

    def compile(self, award: str, body: str, *, ago: int) -> None:
        """The best list that holds is submitted to the leaders."""
        with self.on(ago):
            if not self.season.compile(self.slate(award, body), self.quality):
                raise ValueError(f"no list of {body} for {award} would hold")

    def sign(self, award: str, body: str, *, ago: int) -> None:
        """The leaders sign."""
        with self.on(ago):
            self.season.sign(self.slate(award, body))

    def publish(self, award: str, body: str, *, ago: int) -> None:
        """Compiled, signed and on notice on one day."""
        self.compile(award, body, ago=ago)
        self.sign(award, body, ago=ago)
        with self.on(ago):
            self.season.publish(self.slate(award, body))

    def close(self, award: str, body: str) -> None:
        """The notice is over: closed in the first minutes after its last day."""
        slate = self.slate(award, body)
        ended = Notice.objects.values_list("ends_on", flat=True).get(slate=slate, closed_at=None)
        midnight = datetime.combine(ended + timedelta(days=1), time(), clock.SHANGHAI)
        with clock.travel(midnight + timedelta(minutes=5)):
            self.season.close(slate)

    def send_up(self, award: str, body: str, *, published: int, sent: int) -> None:
        """The whole way of a list, from its compilation to the body above."""
        self.publish(award, body, ago=published)
        self.close(award, body)
        with self.on(sent):
            self.season.send_up(self.slate(award, body))


def _controls(award: str, number: int) -> list[Control]:
    return list(islice(cycle(_NON_PUBLIC if award == _UNIT else _MIXED), number))


def _scored_shares(tree: Mapping[str, Body], number: int) -> dict[str, dict[str, int]]:
    """How many of the scored units come from where, by the city or industry union that sends them to the province.

    Three in ten are sent by the industry unions, which receive them themselves. The cities but 苏州, whose list is being
    signed, share the others by the number of their counties, as with the places; the first two counties of each have half.
    """
    below: dict[str, list[str]] = {}
    for body in sorted(tree.values(), key=lambda body: body.code):
        if body.level == Level.INDUSTRY:
            below[body.code] = [body.code]
        elif body.level == Level.COUNTY and body.path.split("/")[1] != SUZHOU:
            below.setdefault(body.path.split("/")[1], []).append(body.code)
    industries = {code: 1 for code in below if tree[code].level == Level.INDUSTRY}
    cities = {code: len(counties) for code, counties in below.items() if code not in industries}
    parts = {
        **apportion.apportion(number * 3 // 10, industries, lot=sorted(industries)).parts,
        **apportion.apportion(number - number * 3 // 10, cities, lot=sorted(cities)).parts,
    }
    return {code: _halves(below[code], parts[code]) for code in below if parts[code]}


def _halves(codes: Sequence[str], number: int) -> dict[str, int]:
    """The number for the only one, or one half for each of the first two."""
    if len(codes) == 1:
        return {codes[0]: number}
    return {codes[0]: number - number // 2, codes[1]: number // 2} if number > 1 else {codes[0]: number}


def _open(tree: dict[str, Body], crews: dict[int, Crew], scored: Mapping[str, Mapping[str, int]]) -> _Demo:
    """The round, planned, opened and with its extensions."""
    today = clock.today()
    timetable = _Windows(today - timedelta(days=LENGTH))
    staff = crews[tree[JIANGSU].pk].keeper
    awards = list(Award.objects.filter(code__in=[_HOME, _TEAM, _UNIT]))
    with clock.travel(timetable.at(-9)):
        made, taking_part = plan.make(
            code=CODE,
            name=f"{today.year}年江苏省“三创争两提升”评选（演示）",
            timetable=timetable,
            awards=awards,
            tree=list(tree.values()),
            staff=staff,
            keepers={pk: crew.keeper for pk, crew in crews.items()},
        )
        allotments.set_places(
            round_award_id=taking_part[_HOME].pk,
            body_id=tree[CHANGSHU].pk,
            places=4,
            reserve_places=2,
            actor=crews[tree[SUZHOU].pk].keeper,
        )
        for sender, firsts in scored.items():
            _more_places(taking_part[_UNIT], tree, crews, sender, firsts)
    with clock.travel(timetable.at(0)):
        made = rounds.open(round_id=made.pk, actor=staff)
        turns.open_slates(round_id=made.pk)
    with clock.travel(timetable.at(6)):
        _extend(made, tree, timetable, staff)
    season = Season(_SEED, made, taking_part, crews, timetable, _unit_people(tree), own_papers=True)
    return _Demo(season, tree, today)


def _more_places(
    round_award: RoundAward,
    tree: Mapping[str, Body],
    crews: Mapping[int, Crew],
    sender: str,
    firsts: Mapping[str, int],
) -> None:
    """Places for the scored units: of who sends them to the province, and of the counties below."""
    for code, places in {sender: sum(firsts.values()), **firsts}.items():
        body = tree[code]
        if body.parent_id is None:
            raise ValueError(f"{code} gets its places from nobody")
        allotments.set_places(
            round_award_id=round_award.pk,
            body_id=body.pk,
            places=places,
            reserve_places=2,
            actor=crews[body.parent_id].keeper,
            reason="按基层申报情况调整",
        )


def _extend(made: Round, tree: dict[str, Body], timetable: Timetable, staff: User) -> None:
    """More time for two counties and the industry union; everywhere else the unit and county stages are over."""
    more = [
        (CHANGSHU, Stage.UNIT, 4),
        (WUZHONG, Stage.UNIT, 4),
        (INDUSTRY, Stage.UNIT, 4),
        (CHANGSHU, Stage.COUNTY, 6),
        (WUZHONG, Stage.COUNTY, 6),
    ]
    for code, stage, days in more:
        extensions.extend(
            round_id=made.pk,
            stage=stage,
            body_id=tree[code].pk,
            due_at=timetable.at(LENGTH + days, 17, 30),
            reason="承办全省职工职业技能竞赛，申报时间顺延",
            actor=staff,
        )


def _scored(demo: _Demo, shares: Mapping[str, Mapping[str, int]]) -> None:
    """Units from the whole province that have passed every review and been scored: the hundred are chosen from them."""
    for number, (sender, firsts) in enumerate(shares.items()):
        cases: list[Case] = []
        for first, count in firsts.items():
            cases += _recommended(demo, first, count, begun=74 - number % 3)
        demo.approve(cases, Stage.CITY, sender, ago=30)
        demo.send_up(_UNIT, sender, published=28, sent=13)
        demo.approve(cases, Stage.PROVINCE, JIANGSU, ago=9)
        for case in cases:
            with demo.on(3):
                demo.season.score(case, demo.tree[JIANGSU])


def _recommended(demo: _Demo, first: str, count: int, *, begun: int) -> list[Case]:
    """Applications that lie at the city, sent up by a county, or at an industry union, which was the first to get them."""
    if demo.tree[first].level == Level.COUNTY:
        own = demo.several(first, _UNIT, _controls(_UNIT, count), begun=begun, arrived=55)
        demo.approve(own, Stage.COUNTY, first, ago=52)
        demo.send_up(_UNIT, first, published=50, sent=35)
        return own
    counties = [
        body.code
        for body in demo.tree.values()
        if body.level == Level.COUNTY and body.pk in demo.season.crews
    ]
    return [
        demo.at_desk(
            demo.unit(counties[place * 7 % len(counties)], _UNIT, control, industry=first),
            begun=begun,
            arrived=55,
        )
        for place, control in enumerate(_controls(_UNIT, count), start=int(first[-1]) * 31)
    ]


def _lists_at_province(demo: _Demo, counties: Mapping[str, Sequence[str]]) -> None:
    """Lists that have passed county and city; the province reviews them, some wait for their score."""
    cases: dict[tuple[str, str], list[Case]] = {}
    for county, awards in counties.items():
        for award in awards:
            # More teams than the county has places and reserves: one ends here.
            number = 5 if award == _TEAM else 3
            own = demo.several(county, award, _controls(award, number), begun=74, arrived=54)
            demo.approve(own, Stage.COUNTY, county, ago=51)
            demo.send_up(award, county, published=49, sent=34)
            city = demo.tree[county].path.split("/")[1]
            cases.setdefault((city, award), []).extend(own)
    for (city, award), all_of_them in cases.items():
        here = _in_review(demo, all_of_them, city)
        demo.approve(here, Stage.CITY, city, ago=31)
        demo.send_up(award, city, published=29, sent=12)
        for number, case in enumerate(_in_review(demo, here, JIANGSU)):
            if number % 4 < 2:
                demo.approve([case], Stage.PROVINCE, JIANGSU, ago=8)
            if number % 4 == 0:
                with demo.on(3):
                    demo.season.score(case, demo.tree[JIANGSU])
            if number % 4 == 2:
                demo.approve([case], Stage.PROVINCE, JIANGSU, ago=7, offices=[Office.UNION])


def _lists_at_city(demo: _Demo, counties: Mapping[str, Sequence[str]]) -> None:
    """Lists of counties that lie at 苏州市: in review, in the pool, one list with the leaders."""
    cases: dict[str, list[Case]] = {_HOME: [], _TEAM: [], _UNIT: []}
    for county, awards in counties.items():
        for award in awards:
            own = demo.several(county, award, _controls(award, 3), begun=60, arrived=40)
            demo.approve(own, Stage.COUNTY, county, ago=37)
            demo.send_up(award, county, published=35, sent=18)
            cases[award] += _in_review(demo, own, SUZHOU)
    homes, teams = cases[_HOME], cases[_TEAM]
    _return(demo, homes.pop(), Stage.CITY, SUZHOU, Office.PARTY, ReturnRoute.FIRST, ago=4)
    demo.approve(homes[:2], Stage.CITY, SUZHOU, ago=9)
    demo.approve(homes[2:4], Stage.CITY, SUZHOU, ago=6, offices=[Office.UNION])
    demo.approve(teams[:3], Stage.CITY, SUZHOU, ago=8)
    demo.approve(teams[3:], Stage.CITY, SUZHOU, ago=3, offices=[Office.PARTY])
    demo.approve(cases[_UNIT], Stage.CITY, SUZHOU, ago=7)
    demo.compile(_UNIT, SUZHOU, ago=2)
    with demo.on(1):
        demo.season.sign_as(demo.slate(_UNIT, SUZHOU), Office.UNION)


def _changshu(demo: _Demo) -> None:
    """The county where most can be tried: a pool, a list that breaks its share, a list to be signed, reviews to do."""
    state, private, foreign = Control.STATE, Control.PRIVATE, Control.FOREIGN
    public = demo.several(CHANGSHU, _HOME, [state, state, Control.COLLECTIVE, state, Control.NOT_ENTERPRISE])
    non_public = demo.several(CHANGSHU, _HOME, [private, foreign, private])
    demo.approve([*public, *non_public], Stage.COUNTY, CHANGSHU, ago=8)
    slate = demo.slate(_HOME, CHANGSHU)
    chosen = [*public[:3], non_public[0]]
    with demo.on(2):
        slates.set_entries(
            slate_id=slate.pk,
            version=slate.version,
            actor=demo.season.crews[slate.body_id].keeper,
            entries=[
                (case.nomination_id, EntryKind.REGULAR.value, rank)
                for rank, case in enumerate(chosen, start=1)
            ],
        )
    more = demo.several(CHANGSHU, _HOME, [private, state, private, Control.HMT], arrived=5)
    demo.approve(more[:1], Stage.COUNTY, CHANGSHU, ago=2, offices=[Office.UNION])
    demo.at_desk(demo.unit(CHANGSHU, _HOME, private, verified=False), arrived=5)

    ready = demo.several(CHANGSHU, _UNIT, _controls(_UNIT, 3))
    demo.approve(ready, Stage.COUNTY, CHANGSHU, ago=7)
    demo.compile(_UNIT, CHANGSHU, ago=1)

    teams = demo.several(CHANGSHU, _TEAM, _controls(_TEAM, 14), arrived=9)
    demo.approve(teams[:3], Stage.COUNTY, CHANGSHU, ago=4, offices=[Office.UNION])
    demo.approve(teams[3:4], Stage.COUNTY, CHANGSHU, ago=4, offices=[Office.PARTY])
    _return(demo, teams[4], Stage.COUNTY, CHANGSHU, Office.UNION, ReturnRoute.RETURNER, ago=3)
    with demo.on(3):
        demo.season.opinion(
            teams[5],
            Stage.COUNTY,
            demo.tree[CHANGSHU],
            Office.UNION,
            Outcome.DECLINE,
            "班组成立不足两年，暂不推荐。",
        )
    with demo.on(6):
        demo.season.withdraw(teams[7], "班组整合调整，申请撤回")
    _change_ownership(demo, teams[6])


def _change_ownership(demo: _Demo, case: Case) -> None:
    """The unit was bought by a state-owned one after it had handed in: verified again, the nomination is flagged."""
    employer = Employer.objects.get(credit_code=case.unit.credit_code)
    with demo.on(2):
        employers.verify_ownership(
            employer_id=employer.pk,
            version=employer.version,
            actor=demo.season.crews[employer.body_id].verifier,
            control=Control.STATE,
            state_capital_permille=510,
            proof="股权变更登记，国有资本持股51%",
        )


def _units_with_accounts(demo: _Demo) -> None:
    """What the people of the two units find when they sign in."""
    private, state = _account_units(demo.tree)
    returned = demo.at_desk(_applying(demo, private, _HOME), begun=36, arrived=10)
    _return(demo, returned, Stage.COUNTY, CHANGSHU, Office.PARTY, ReturnRoute.RETURNER, ago=1)
    demo.submitted(_applying(demo, private, _UNIT), begun=20, handed_in=2)
    draft = demo.draft(_applying(demo, private, _TEAM), begun=20)
    with demo.on(2):
        demo.season.attach(draft)
    demo.at_desk(_applying(demo, state, _TEAM), begun=36, arrived=6)


def _account_units(tree: dict[str, Body]) -> tuple[Unit, Unit]:
    """The two units whose people have accounts, as applicants for any award."""
    award = Award.objects.get(code=_HOME)
    found = [
        replace(
            units.invent(
                Random(name), seed=_SEED, index=index, county=tree[CHANGSHU], award=award, control=control
            ),
            name=name,
            employees=employees,
        )
        for index, name, control, employees in (
            (901, PRIVATE_UNIT, Control.PRIVATE, 486),
            (902, STATE_UNIT, Control.STATE, 1320),
        )
    ]
    return found[0], found[1]


def _unit_people(tree: dict[str, Body]) -> dict[str, tuple[User, User]]:
    people_of: dict[str, tuple[User, User]] = {}
    for unit in _account_units(tree):
        applicant, endorser = (
            people.account(account.username, account.name)
            for account in ACCOUNTS
            if account.place == unit.name
        )
        people_of[unit.credit_code] = applicant, endorser
    return people_of


def _applying(demo: _Demo, unit: Unit, award: str) -> Unit:
    demo.serial += 1
    return replace(unit, index=1000 + demo.serial, award=demo.season.awards[award].award)


def _other_counties(demo: _Demo) -> None:
    """Lists at every step of their way, late reviews, and applications that are not handed in yet."""
    demo.several(KUNSHAN, _HOME, _controls(_HOME, 4))
    late = demo.several(KUNSHAN, _TEAM, _controls(_TEAM, 3))
    demo.approve(late[:1], Stage.COUNTY, KUNSHAN, ago=5, offices=[Office.PARTY])

    on_notice = demo.several(XIANGCHENG, _HOME, _controls(_HOME, 3))
    demo.approve(on_notice, Stage.COUNTY, XIANGCHENG, ago=6)
    demo.publish(_HOME, XIANGCHENG, ago=2)
    _object(demo, _HOME, XIANGCHENG)

    signed = demo.several(HUQIU, _TEAM, _controls(_TEAM, 2))
    demo.approve(signed, Stage.COUNTY, HUQIU, ago=6)
    demo.compile(_TEAM, HUQIU, ago=3)
    demo.sign(_TEAM, HUQIU, ago=2)

    settling = demo.several(GUSU, _TEAM, _controls(_TEAM, 3), begun=46, arrived=26)
    demo.approve(settling, Stage.COUNTY, GUSU, ago=23)
    demo.publish(_TEAM, GUSU, ago=20)
    demo.close(_TEAM, GUSU)

    for county, begun in ((WUZHONG, 9), (PEIXIAN, 15)):
        for award in (_HOME, _TEAM, _UNIT):
            demo.draft(demo.unit(county, award, Control.PRIVATE), begun=begun)
        demo.submitted(demo.unit(county, _TEAM, Control.STATE), begun=begun, handed_in=begun - 3)
    demo.submitted(demo.unit(WUZHONG, _HOME, Control.FOREIGN), begun=9, handed_in=5)


def _object(demo: _Demo, award: str, body: str) -> None:
    """A letter has arrived about the first of the list."""
    slate = demo.slate(award, body)
    with demo.on(1):
        objections.record(
            notice_id=Notice.objects.get(slate=slate, closed_at=None).pk,
            entry_id=SlateEntry.objects.get(slate=slate, kind=EntryKind.REGULAR, rank=1).pk,
            actor=demo.season.crews[slate.body_id].keeper,
            objector="职工代表",
            objector_contact="信函附联系方式",
            text="反映该单位存在未按时足额缴纳社会保险费的情况。",
            received_on=clock.today(),
        )


def _industry(demo: _Demo) -> None:
    """The other channel: units of an industry union, which has no organisation department beside it."""
    cases = [
        demo.at_desk(demo.unit(county, award, control, industry=INDUSTRY))
        for county, award, control in (
            (KUNSHAN, _HOME, Control.PRIVATE),
            (JIANGYIN, _HOME, Control.STATE),
            (JIANGNING, _TEAM, Control.PRIVATE),
            (CHONGCHUAN, _UNIT, Control.FOREIGN),
        )
    ]
    demo.approve(cases[:1], Stage.CITY, INDUSTRY, ago=4)
    demo.submitted(demo.unit(JIANGYIN, _TEAM, Control.STATE, industry=INDUSTRY), begun=8, handed_in=4)


# What the steps share


def _in_review(demo: _Demo, cases: Sequence[Case], body: str) -> list[Case]:
    return demo.season.in_review(cases, demo.tree[body])


def _return(
    demo: _Demo, case: Case, stage: Stage, body: str, office: Office, route: ReturnRoute, *, ago: int
) -> None:
    with demo.on(ago):
        demo.season.opinion(
            case,
            stage,
            demo.tree[body],
            office,
            Outcome.RETURN,
            "请补充工会经费拨缴凭证，核对职工人数。",
            route,
        )
