"""What people write in a simulated round: dossiers, honours, opinions. Drawn from the seed alone."""

from collections.abc import Mapping, Sequence
from random import Random

from appraisal.nominations.services.nominations import NominationFields
from quotas.base.states import NomineeKind, Office, Stage
from workflows.simulation.units import Unit

_PARTY = (
    "坚持党建带工建、工建服务党建，党组织与工会“双向进入、交叉任职”，每季度召开一次党工联席会议",
    "党支部书记兼任工会主席，党员活动室与职工之家共建共用，党建经费和工会经费按规定列支",
    "把党组织意见写入公司章程，重大事项先经党组织研究，党员骨干占班组长的三成以上",
)
_UNION = (
    "职工代表大会每年召开两次，集体合同、工资专项集体合同、女职工权益保护专项集体合同全覆盖",
    "厂务公开栏每月更新，职工代表大会审议通过规章制度{few}项，提案办结率百分之百",
    "建立工会小家{few}个，工会主席直接选举，工会经费独立核算，按时足额上缴",
)
_GROWTH = (
    "近三年营业收入年均增长{low}%，研发投入占比超过{few}%，获授权专利{many}件",
    "建成市级工程技术研究中心，劳模创新工作室每年完成攻关课题{few}项，节约成本{many}0余万元",
    "组织“五小”活动，征集合理化建议{many}0余条，采纳实施率超过{low}0%",
)
_HONEST = (
    "连续三年纳税信用A级，未列入经营异常名录，未发生产品质量责任事故",
    "依法诚信经营，按期履约，无行政处罚和司法失信记录，主要产品合格率保持在{high}.{low}%以上",
    "环保、税收、社会保险、住房公积金均按规定足额缴纳，供应商付款周期不超过六十日",
)
_LABOUR = (
    "劳动合同签订率、社会保险参保率均为百分之百，近三年未发生生产安全责任事故和劳动争议群体性事件",
    "劳动争议调解委员会受理事项{few}件，全部在企业内部化解；职工平均工资三年增长{high}%",
    "安全生产标准化达到二级，每年组织安全技能培训{many}场，职工体检全覆盖",
)
_CARE = (
    "设立困难职工帮扶基金，三年走访慰问{many}0人次，发放助学金{few}万元",
    "建成爱心托管班、爱心妈妈小屋和职工书屋，高温季节“送清凉”、年终岁末“送温暖”不间断",
    "参与乡村振兴结对帮扶，组织志愿服务{many}次，累计捐款捐物{many}余万元",
)
_SECTIONS: Mapping[NomineeKind, Sequence[tuple[str, Sequence[str]]]] = {
    NomineeKind.UNIT: (
        ("党工工作好", (*_PARTY, *_UNION)),
        ("企业发展好", _GROWTH),
        ("诚信守法好", _HONEST),
        ("劳动关系好", _LABOUR),
        ("社会形象好", _CARE),
    ),
    NomineeKind.PARTY_ORG: (("组织建设", (*_PARTY, *_UNION)), ("作用发挥", _GROWTH), ("服务群众", _CARE)),
    NomineeKind.TEAM: (
        (
            "思想引领",
            (
                "班组每周一次班前学习，党员责任区、工人先锋岗挂牌上岗",
                "坚持“一班一品”，班组愿景、公约由全体成员讨论通过，连续{few}年被评为先进班组",
            ),
        ),
        (
            "技能创新",
            (
                "开展“师带徒”{few}对，{many}人次取得高级工以上职业资格，自主改进工装夹具{few}套",
                "完成技术攻关{few}项，设备综合效率提高{low}%，一次交验合格率{high}.{low}%",
            ),
        ),
        ("安全质量", _LABOUR),
        ("民主管理", (*_CARE, "班组长由民主推荐产生，奖金分配、评先评优每月公开")),
    ),
    NomineeKind.PERSON: (
        (
            "立足岗位",
            (
                "参加工作以来一直在生产和服务一线，累计带班{many}0余个，无一差错",
                "刻苦钻研业务，取得高级技师资格，在市级以上职业技能竞赛中获奖{few}次",
            ),
        ),
        (
            "创新创效",
            (
                "主持完成技术革新{few}项，其中{few}项获国家专利，为单位创造效益{many}0余万元",
                "总结的操作法在全公司推广，单班产量提高{low}%",
            ),
        ),
        ("带动他人", ("带徒{few}人，其中{few}人成长为技术骨干", *_CARE)),
    ),
}

_HONOURS = (
    "{year}年 市级模范职工之家（市总工会）",
    "{year}年 市五一劳动奖状（市总工会）",
    "{year}年 和谐劳动关系企业（市协调劳动关系三方委员会）",
    "{year}年 先进基层党组织（中共市委组织部）",
    "{year}年 安全生产先进单位（市应急管理局）",
    "{year}年 工人先锋号（市总工会）",
)

_APPROVALS: Mapping[Office, Sequence[str]] = {
    Office.UNION: (
        "材料齐全，民主程序规范，工会经费足额拨缴，同意推荐。",
        "经查阅职代会记录和集体合同，情况属实，同意推荐。",
        "实地走访了该单位，职工反映良好，同意推荐。",
        "工会组织健全，作用发挥明显，符合推荐条件，同意。",
    ),
    Office.PARTY: (
        "党组织健全，未发现违规违纪问题，同意推荐。",
        "经征求有关部门意见，无不良反映，同意推荐。",
        "政治表现、遵纪守法情况良好，同意推荐。",
        "党组织意见明确，程序符合要求，同意。",
    ),
}
_SEEN_AGAIN: Mapping[Stage, str] = {
    Stage.CITY: "市级复核：",
    Stage.PROVINCE: "省级复审：",
}


def dossier(seed: int, unit: Unit, nominee: str, year: int) -> NominationFields:
    """The texts of an application: main deeds, short deeds and the honours of the years before `year`."""
    random = Random(f"dossier:{seed}:{unit.index}")
    return NominationFields(
        deeds=_deeds(unit, nominee, random),
        summary=_summary(unit, nominee, random),
        honours=_honours(random, year),
    )


def _deeds(unit: Unit, nominee: str, random: Random) -> str:
    """The main deeds 主要事迹: an opening and a section for each thing that the kind of nominee is judged by."""
    opening = (
        f"{unit.name}现有职工{unit.employees}人，其中工会会员{unit.employees * 9 // 10}人。"
        f"近年来，{nominee}紧紧围绕中心工作，在以下方面取得明显成效。"
    )
    sections = [
        f"{'一二三四五六'[number]}、{title}。{_paragraph(random, pieces)}"
        for number, (title, pieces) in enumerate(_SECTIONS[unit.award.nominee_kind])
    ]
    return "\n".join([opening, *sections])


def _summary(unit: Unit, nominee: str, random: Random) -> str:
    """The short deeds 简要事迹: one paragraph for those who compare many."""
    pieces = [random.choice(pieces) for _title, pieces in _SECTIONS[unit.award.nominee_kind]]
    return f"{nominee}{_who(unit)}" + "；".join(_filled(random, piece) for piece in pieces) + "。"


def _honours(random: Random, year: int) -> str:
    """Two or three honours of the last years, the newest first."""
    chosen = random.sample(_HONOURS, random.randrange(2, 4))
    years = sorted(random.sample(range(year - 6, year), len(chosen)), reverse=True)
    return "\n".join(text.format(year=when) for text, when in zip(chosen, years, strict=True))


def approval(unit: Unit, stage: Stage, office: Office) -> str:
    """The opinion in words with which an office approves."""
    said = _APPROVALS[office]
    return _SEEN_AGAIN.get(stage, "") + said[(unit.index + len(stage)) % len(said)]


def _who(unit: Unit) -> str:
    return "" if unit.award.nominee_kind == NomineeKind.UNIT else f"（{unit.name}）"


def _paragraph(random: Random, pieces: Sequence[str]) -> str:
    chosen = random.sample(pieces, min(3, len(pieces)))
    return "；".join(_filled(random, piece) for piece in chosen) + "。"


def _filled(random: Random, piece: str) -> str:
    return piece.format(
        few=random.randrange(3, 9),
        low=random.randrange(5, 10),
        high=random.randrange(92, 100),
        many=random.randrange(12, 48),
    )
