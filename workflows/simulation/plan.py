"""The plan of a simulated round: timetable, and places of the bodies that take part; the whole tree for the demo too."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from quotas.arithmetic import apportion
from quotas.base import clock
from quotas.base.states import Level, NoticeUnit, ReservePolicy, RuleKind, Stage
from quotas.bodies.models import Organ
from quotas.bodies.services import bodies, organs
from quotas.calendar.services import calendar
from quotas.editions.models import Award
from quotas.editions.services import catalogue
from quotas.people.services import posts
from quotas.rounds.models import Round, RoundAward
from quotas.rounds.services import allotments, rounds
from quotas.rounds.services import parts as parts_
from quotas.tree.models import Body, User


@dataclass(frozen=True)
class Timetable:
    """The days on which things happen. The windows of the stages overlap where that is usual."""

    opening: date

    def at(self, days: int, hour: int = 9, minute: int = 0) -> datetime:
        """The moment a number of days after the opening, at this time of day in China."""
        return datetime.combine(self.opening + timedelta(days=days), time(hour, minute), clock.SHANGHAI)

    def windows(self) -> dict[Stage, tuple[datetime, datetime]]:
        """From when to when each stage works."""
        return {
            Stage.UNIT: (self.at(0), self.at(18, 17, 30)),
            Stage.COUNTY: (self.at(1), self.at(55, 17, 30)),
            Stage.CITY: (self.at(2), self.at(95, 17, 30)),
            Stage.PROVINCE: (self.at(3), self.at(140, 17, 30)),
        }


PLACES: Mapping[str, int] = {"demonstration_unit": 100}
"""Places of the whole that an award has by its source: 100 demonstration units every two years (苏组通〔2019〕65号 二.6)."""
USUAL_PLACES = 120
LAST_TIME = (48, USUAL_PLACES)
"""What the simulated previous round came to, for awards that are to rise above it: non-public ones, of all."""
PLACES_OF_A_COUNTY = 15
"""Places of each county for an award that ends there (双强六好 aims at 10 of a county in all, seed 002 一)."""


def load() -> list[Body]:
    """Bodies, posts, awards and calendar, as far as they are not there; the bodies."""
    loaded = bodies.load(rows=bodies.read())
    posts.create(bodies=loaded.values())
    organs.seed(bodies=loaded.values())
    catalogue.load()
    calendar.seed(years=calendar.known_years())
    return sorted(loaded.values(), key=lambda body: body.code)


AREA_CODES: Mapping[str, str] = {
    "3200": "025", "3201": "025", "3202": "0510", "3203": "0516", "3204": "0519", "3205": "0512", "3206": "0513",
    "3207": "0518", "3208": "0517", "3209": "0515", "3210": "0514", "3211": "0511", "3212": "0523", "3213": "0527",
}  # fmt: skip
"""By the first digits of the body's code."""


def telephones() -> None:
    """Invented telephones and addresses for the organs of a demo: behind the area code no real number begins with 0."""
    for organ in Organ.objects.filter(telephone="").select_related("body"):
        digits = "".join(sign for sign in organ.body.code if sign.isdigit())[-6:]
        organs.update(
            organ_id=organ.pk,
            version=organ.version,
            actor=None,
            name=organ.name,
            telephone=f"{AREA_CODES.get(organ.body.code[:4], '025')}-00{digits.zfill(6)}",
            address=f"{organ.body.name}演示路 1 号",
        )


def make(
    *,
    code: str,
    name: str,
    timetable: Timetable,
    awards: Sequence[Award],
    tree: Sequence[Body],
    staff: User,
    keepers: Mapping[int, User],
    parts: bool = False,
) -> tuple[Round, dict[str, RoundAward]]:
    """The planned round with everything handed down, still to be opened.

    Every list keeps the shares by itself, unless the shares are handed down in `parts`.
    """
    made = rounds.create(
        code=code,
        name=name,
        year=timetable.opening.year,
        source="苏组通〔2019〕65号",
        actor=staff,
        notice_days=5,
        unit_notice_days=5,
        notice_unit=NoticeUnit.WORKDAY,
        first_day_counts=True,
        reserve_policy=ReservePolicy.RANKED,
        contact="江苏省总工会基层工作部，南京市中山北路202号",
        # A rehearsal draws the same lots every time.
        lots_code=code,
    )
    for stage, (opens_at, due_at) in timetable.windows().items():
        rounds.set_window(round_id=made.pk, stage=stage, opens_at=opens_at, due_at=due_at, actor=staff)
    taking_part = {}
    for award in awards:
        places = _places(award, tree)
        final = [body for body in tree if places.get(body.pk) and body.stage == award.final_stage]
        round_award = rounds.add_award(
            round_id=made.pk,
            award_code=award.code,
            places=sum(places[body.pk] for body in final if body.level != Level.INDUSTRY),
            actor=staff,
        )
        _state_previous(round_award, staff)
        parted = parts_.parts_of(round_award_id=round_award.pk, tree=tree, places=places) if parts else {}
        for body in sorted(tree, key=lambda body: len(body.path)):
            if places.get(body.pk):
                allotments.set_places(
                    round_award_id=round_award.pk,
                    body_id=body.pk,
                    places=places[body.pk],
                    reserve_places=max(1, places[body.pk] // 5),
                    parts=parted.get(body.pk),
                    actor=staff if body.parent_id is None else keepers[body.parent_id],
                )
        taking_part[award.code] = round_award
    return made, taking_part


def _state_previous(round_award: RoundAward, staff: User) -> None:
    """Figures of a previous round, where a rule wants more than those."""
    if round_award.rule_version.rules.filter(kind=RuleKind.ABOVE).exists():
        count, base = LAST_TIME
        rounds.set_previous(
            round_award_id=round_award.pk, count=count, base=base, source="模拟的上一周期", actor=staff
        )


def _places(award: Award, tree: Sequence[Body]) -> dict[int, int]:
    """Places by the body's number. More below than above (差额推荐): the cities together half as many again."""
    final = award.final_stage
    if final == Stage.COUNTY:
        return {body.pk: PLACES_OF_A_COUNTY for body in tree if body.level == Level.COUNTY}
    places = {body.pk: 3 for body in tree if body.level == Level.COUNTY}
    whole = PLACES.get(award.code, USUAL_PLACES)
    counties = Counter(body.parent_id for body in tree if body.level == Level.COUNTY)
    cities = {body.pk: counties[body.pk] for body in tree if body.level == Level.CITY}
    places |= apportion.apportion(whole * 3 // 2, cities, lot=sorted(cities)).parts
    if final == Stage.PROVINCE:
        places |= {body.pk: 4 for body in tree if body.level == Level.INDUSTRY}
        places |= {body.pk: whole for body in tree if body.level == Level.PROVINCE}
    return places
