"""Invented units and what they apply with, drawn from the seed alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from random import Random

from stdnum.cn import ric, uscc

from appraisal.nominations.services.nominations import NominationFields
from appraisal.records import rules
from appraisal.records.states import Channel, Control, Industry, Sector
from quotas.base.states import FieldType, NomineeKind, Stage
from quotas.editions.asked import Answer, AskedField, Line
from quotas.editions.models import Award
from quotas.tree.models import Body

_FIRST = "华 恒 中 金 新 天 东 江 海 瑞 宏 嘉 永 德 盛 科 智 远 同 国 广 泰 兴 正 信 博 昌 润 丰 宁".split()
_SECOND = "达 泰 隆 源 信 盛 辉 瑞 发 润 诚 创 力 通 安 特 能 邦 凯 联 成 腾 景 业 和 康 林 宇 飞 星".split()
_TRADE = (
    "精密机械 电子科技 新材料 生物医药 纺织 化工 汽车零部件 智能装备 食品 物流 建筑工程 环保科技 信息技术 光电 "
    "船舶配套 电缆 特钢 家居 服饰 现代农业"
).split()
_SURNAME = "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧".split()
_GIVEN = "建国 秀英 志强 丽华 海燕 国庆 晓东 文静 立新 桂芳 永康 雪梅 春生 凤兰 卫东 爱民 玉珍 少华 明辉 佳怡".split()
_TEAM = "总装班 焊接班 质检班 维修班 数控加工班 配电班 包装班 研发一组 客服班 物流班".split()

OWNERSHIP: tuple[tuple[Control, int], ...] = (
    (Control.PRIVATE, 52),
    (Control.FOREIGN, 6),
    (Control.HMT, 5),
    (Control.STATE, 22),
    (Control.COLLECTIVE, 8),
    (Control.NOT_ENTERPRISE, 7),
)
"""Who controls the units, in per cent."""

OCCUPATIONS: Mapping[Sector, tuple[tuple[str, int], ...]] = {
    Sector.ENTERPRISE: (
        ("industrial_worker", 55),
        ("science_education", 15),
        ("enterprise_head", 12),
        ("other", 18),
    ),
    Sector.PUBLIC_BODY: (
        ("science_education", 50),
        ("official", 35),
        ("other", 15),
    ),
    Sector.OTHER: (("science_education", 40), ("other", 60)),
}
"""What the persons are whom a unit nominates, in per cent."""
_POSITIONS: Mapping[str, str] = {
    "industrial_worker": "班组长 焊工 数控操作工 维修电工 装配钳工",
    "science_education": "工程师 高级工程师 教师 研究员",
    "enterprise_head": "总经理 董事长 副总经理",
    "official": "科长 副科长 主任科员",
    "other": "工会主席 客服专员 车间主任 行政主管",
}
_ON_THE_FRONT_LINE: Mapping[str, int] = {
    "industrial_worker": 85,
    "science_education": 20,
    "other": 50,
}
_MIGRANTS: Mapping[str, int] = {"industrial_worker": 25, "other": 10}
_DIVISION_LEVEL: Mapping[str, int] = {"official": 20, "enterprise_head": 4}
"""Per cent of each kind of person, none where it is not named."""
_WOMEN = 40


@dataclass(frozen=True)
class Unit:
    """A unit of the register with what one of its applications says."""

    index: int
    credit_code: str
    name: str
    control: Control
    verified: bool
    body: Body
    industry_body: Body | None
    employees: int
    award: Award
    quality: int
    """How good the application is, 0 to 10,000; scores are near it."""

    @property
    def trade(self) -> tuple[Industry | None, int | None]:
        """The industry of an enterprise and its revenue in 万元; of others nothing is asked."""
        if self.sector != Sector.ENTERPRISE:
            return None, None
        random = Random(f"trade:{self.credit_code}")
        industry = random.choices(
            (Industry.MANUFACTURING, Industry.WHOLESALE, Industry.SOFTWARE), (70, 15, 15)
        )[0]
        return industry, self.employees * random.randrange(8, 160)

    @property
    def sector(self) -> Sector:
        """An enterprise unless nobody controls it; of the others one in four is an organisation of society."""
        if self.control != Control.NOT_ENTERPRISE:
            return Sector.ENTERPRISE
        return Sector.OTHER if self.index % 4 == 3 else Sector.PUBLIC_BODY

    @property
    def channel(self) -> Channel:
        """The industry channel where the unit has one."""
        return Channel.INDUSTRY if self.industry_body else Channel.TERRITORIAL

    @property
    def first_body(self) -> Body:
        """The body that receives the application first."""
        return self.industry_body or self.body


def draw(
    *,
    seed: int,
    count: int,
    counties: Sequence[Body],
    industries: Sequence[Body],
    awards: Sequence[Award],
) -> list[Unit]:
    """`count` units with one application each, spread over all counties and awards; one in twenty by an industry union.

    The first rounds of the draw go through every county for every award, so that a small number of nominations
    still reaches as many counties as it can.
    """
    random = Random(f"pingxuan:{seed}")
    slots = [(county, award) for award in awards for county in counties]
    random.shuffle(slots)
    units = []
    for index in range(count):
        if index < len(slots):
            county, award = slots[index]
        else:
            county, award = random.choice(counties), random.choice(awards)
        industry = random.choice(industries) if industries and random.random() < 0.05 else None
        if award.final_stage == Stage.COUNTY:
            industry = None
        controls, weights = zip(*OWNERSHIP, strict=True)
        control = random.choices(controls, weights)[0]
        verified = random.random() > 0.04
        units.append(
            invent(
                random,
                seed=seed,
                index=index,
                county=county,
                award=award,
                control=control,
                verified=verified,
                industry=industry,
            )
        )
    return units


def invent(
    random: Random,
    *,
    seed: int,
    index: int,
    county: Body,
    award: Award,
    control: Control,
    verified: bool = True,
    industry: Body | None = None,
) -> Unit:
    """A unit in a county that applies for an award; its name, size and quality by the dice."""
    return Unit(
        index=index,
        credit_code=_credit_code(seed, index, county.code),
        name=_name(random, county, control),
        control=control,
        verified=verified,
        body=county,
        industry_body=industry,
        employees=random.randrange(30, 4000),
        award=award,
        quality=random.randrange(4000, 9900),
    )


def _name(random: Random, county: Body, control: Control) -> str:
    first, second, trade = random.choice(_FIRST), random.choice(_SECOND), random.choice(_TRADE)
    group = random.random() < 0.15
    if control == Control.NOT_ENTERPRISE:
        return f"{county.short_name}{first}{second}{trade}{'服务中心' if group else '研究所'}"
    return f"{county.short_name}{first}{second}{trade}{'集团' if group else ''}有限公司"


def person_name(random: Random) -> str:
    """A name that many people bear."""
    return f"{random.choice(_SURNAME)}{random.choice(_GIVEN)}"


def application(seed: int, unit: Unit, asked: Iterable[AskedField]) -> NominationFields:
    """What the unit's application says, in the shape that the award's kind of nominee and its edition ask for."""
    random = Random(f"application:{seed}:{unit.index}")
    person = person_name(random)
    fields = NominationFields(
        leader_name=person,
        phone=f"025-8{random.randrange(1000000, 9999999)}",
        self_score=min(rules.MOST_SELF_SCORE, unit.quality + random.randrange(0, 300)),
    )
    told: dict[str, Answer] = {}
    match unit.award.nominee_kind:
        case NomineeKind.UNIT:
            fields["nominee_name"] = unit.name
        case NomineeKind.PARTY_ORG:
            fields["nominee_name"] = f"中共{unit.name}支部委员会"
        case NomineeKind.TEAM:
            fields["nominee_name"] = f"{unit.name}{random.choice(_TEAM)}"
            told = {"team": "shift", "team_size": random.randrange(8, 60)}
        case NomineeKind.PERSON:
            fields["nominee_name"] = person
            fields["identity_number"] = _identity_number(unit.body.code, random)
            fields["position"], told = _characterised(unit.sector, random)
    fields["answers"] = _answers(asked, told, random)
    return fields


def _characterised(sector: Sector, random: Random) -> tuple[str, dict[str, Answer]]:
    """The position of a person, and what the person is as far as standard fields ask it."""
    kinds, weights = zip(*OCCUPATIONS[sector], strict=True)
    occupation = random.choices(kinds, weights)[0]

    def one_of(per_cent: int) -> bool:
        return random.randrange(100) < per_cent

    told: dict[str, Answer] = {
        "occupation": occupation,
        "gender": "female" if one_of(_WOMEN) else "male",
        "front_line": one_of(_ON_THE_FRONT_LINE.get(occupation, 0)),
        "migrant": one_of(_MIGRANTS.get(occupation, 0)),
        "division": one_of(_DIVISION_LEVEL.get(occupation, 0)),
    }
    position = random.choice(_POSITIONS[occupation].split())
    return ("处长" if told["division"] and occupation == "official" else position), told


_SOMETIMES = 30
"""Of a hundred, so many are what a yes-or-no asks that nothing else decides."""


def _answers(asked: Iterable[AskedField], told: Mapping[str, Answer], random: Random) -> dict[str, Answer]:
    """An answer to every field that the edition asks: what is told, what it takes to be admitted, otherwise the dice."""
    return {
        field.key: told[field.key] if field.key in told else _answer(field, random)
        for field in asked
        if field.type != FieldType.FILE
    }


def _answer(field: AskedField, random: Random) -> Answer:
    month = f"20{random.randrange(10, 25)}-{random.randrange(1, 13):02d}"
    least = field.least or 0
    by_type: Mapping[FieldType, Callable[[], Answer]] = {
        FieldType.TEXT: lambda: f"{field.label}情况属实"[: field.limit],
        FieldType.LONG_TEXT: lambda: f"{field.label}情况属实"[: field.limit],
        FieldType.YES_NO: lambda: field.required or random.randrange(100) < _SOMETIMES,
        FieldType.CHOICE: lambda: random.choice(field.options).key,
        FieldType.CHOICES: lambda: [random.choice(field.options).key],
        FieldType.NUMBER: lambda: random.randint(least, min(field.most or least + 1000, least + 1000)),
        FieldType.DATE: lambda: f"{month}-{random.randrange(1, 29):02d}",
        FieldType.MONTH: lambda: month,
        FieldType.TABLE: lambda: [_line(field, random)],
        FieldType.PERSON: lambda: [_line(field, random)],
    }
    return by_type[field.type]()


def _line(field: AskedField, random: Random) -> Line:
    cells = {column.key: _answer(column, random) for column in field.columns}
    return {key: cell for key, cell in cells.items() if isinstance(cell, str | int)}


def _credit_code(seed: int, index: int, region: str) -> str:
    digest = int.from_bytes(blake2b(f"{seed}:{index}".encode(), digest_size=8).digest())
    number = f"91{region}{digest % 1_000_000_000:09d}"
    return number + uscc.calc_check_digit(number)


def _identity_number(region: str, random: Random) -> str:
    born = date.fromordinal(random.randrange(date(1966, 1, 1).toordinal(), date(2000, 12, 31).toordinal()))
    number = f"{region}{born:%Y%m%d}{random.randrange(1, 999):03d}"
    return number + ric.calc_check_digit(f"{number}0")
