"""The bounds of real notices: composed in the browser, read as docs/quotas.md says, kept by one list and broken by one entry."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appraisal.planning.services import trials
from quotas.base.states import Level, NomineeKind, Role, Stage
from quotas.editions.services import composing, fields
from quotas.editions.wording import rule_words
from quotas.selection.judge import EntryRow
from quotas.selection.labels import entry
from tests.builders import make_award, make_body, make_official

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "quotas.md").read_text(encoding="utf-8")
TABLE = {
    tuple(cell.strip() for cell in line.strip("|").split("|")[:2]): line.strip("|").split("|")[2].strip()
    for line in PAGE.splitlines()
    if line.count("|") == 4
}
"""What the page says of each bound, by the notice and its words."""

WORKER, SCIENCE, HEAD, OFFICIAL = (
    f"occupation:{each}" for each in ("industrial_worker", "science_education", "enterprise_head", "official")
)
NON_PUBLIC, PUBLIC = "ownership:non_public", "ownership:public"
ENTERPRISE, PUBLIC_BODY = "sector:enterprise", "sector:public_body"
FRONT, NOT_FRONT = "front_line:yes", "front_line:no"
MIGRANT, DIVISION = "migrant:yes", "division:yes"
SMALL, LARGE = "规模:小微", "规模:大中型"
FARMER, ONE = "行业身份:农民", "行业身份:其他"
COMMUNITY = "行业身份:社区工作者"


@dataclass(frozen=True)
class Case:
    """A bound of a notice: how it is composed; of `base` entries `required` are like `counted`, the others like `other`."""

    notice: str
    words: str
    rule: dict[str, Any]
    counted: tuple[str, ...]
    other: tuple[str, ...]
    base: int
    required: int
    outside: tuple[tuple[str, ...], int] = field(default=((), 0))
    places: int | None = None
    kind: NomineeKind = NomineeKind.PERSON


def share(counted, per_cent, sense="min", **more):
    named = {
        name: [labels] if isinstance(labels, str) else labels
        for name, labels in more.items()
        if name != "basis"
    }
    return {
        "counted": [counted] if isinstance(counted, str) else counted,
        "sense": sense,
        "numerator": per_cent,
        "denominator": 100,
        "basis": more.get("basis", "listed"),
        **named,
        **({"basis": more["basis"]} if "basis" in more else {}),
    }


CASES = (
    Case("宁夏 2022", "产业工人不低于 35%", share(WORKER, 35), (WORKER,), (SCIENCE,), 70, 25),
    Case(
        "宁夏 2022",
        "其他一线职工不低于 20%",
        share(FRONT, 20, counted_not=WORKER),
        (FRONT, SCIENCE),
        (FRONT, WORKER),
        70,
        14,
    ),
    Case("宁夏 2022", "科教人员不低于 20%", share(SCIENCE, 20), (SCIENCE,), (WORKER,), 70, 14),
    Case("宁夏 2022", "农民工不低于 10%", share(MIGRANT, 10), (MIGRANT,), ("migrant:no",), 70, 7),
    Case("宁夏 2022", "企业负责人不超过 13%", share(HEAD, 13, "max"), (HEAD,), (WORKER,), 70, 9),
    Case(
        "宁夏 2022",
        "企业负责人中小微企业不低于 5%",
        share(SMALL, 5, base=HEAD),
        (SMALL, HEAD),
        (LARGE, HEAD),
        9,
        1,
        ((SMALL, WORKER), 30),
    ),
    Case(
        "宁夏 2022",
        "县处级不超过机关事业单位的 20%",
        share(DIVISION, 20, "max", base=PUBLIC_BODY),
        (DIVISION, PUBLIC_BODY),
        ("division:no", PUBLIC_BODY),
        12,
        2,
        ((DIVISION, ENTERPRISE), 8),
    ),
    Case(
        "宁夏 2022",
        "非公有制不低于 35%",
        share(NON_PUBLIC, 35),
        (NON_PUBLIC,),
        (PUBLIC,),
        20,
        7,
        kind=NomineeKind.UNIT,
    ),
    Case(
        "广东 2023",
        "企业班组不少于 7 个",
        {
            "counted": ["team:shift", ENTERPRISE],
            "kind": "count",
            "numerator": 7,
            "sense": "min",
            "basis": "listed",
        },
        ("team:shift", ENTERPRISE),
        ("team:shift", PUBLIC_BODY),
        9,
        7,
        kind=NomineeKind.TEAM,
    ),
    Case("广东 2023", "非公有制不低于 35%", share(NON_PUBLIC, 35), (NON_PUBLIC,), (PUBLIC,), 19, 7),
    Case(
        "广东 2023", "女性不低于 20%", share("gender:female", 20), ("gender:female",), ("gender:male",), 19, 4
    ),
    Case("重庆 2021", "企业职工不低于 50%", share(ENTERPRISE, 50), (ENTERPRISE,), (PUBLIC_BODY,), 322, 161),
    Case(
        "重庆 2021",
        "企业负责人不超过企业的 20%",
        share(HEAD, 20, "max", base=ENTERPRISE),
        (HEAD, ENTERPRISE),
        (WORKER, ENTERPRISE),
        161,
        32,
        ((HEAD, PUBLIC_BODY), 40),
    ),
    Case("重庆 2021", "农民不低于 20%", share(FARMER, 20), (FARMER,), (ONE,), 322, 65),
    Case(
        "重庆 2021",
        "除农民外，一线不低于 70%",
        share(FRONT, 70, base_not=FARMER),
        (FRONT, ONE),
        (NOT_FRONT, ONE),
        257,
        180,
        ((NOT_FRONT, FARMER), 65),
    ),
    Case("全国 2024", "产业工人不低于 40%", share(WORKER, 40), (WORKER,), (OFFICIAL,), 30, 12),
    Case("厦门 2016", "企业负责人不超过 15%", share(HEAD, 15, "max"), (HEAD,), (WORKER,), 100, 15),
    Case("厦门 2016", "社区工作者不超过 10%", share(COMMUNITY, 10, "max"), (COMMUNITY,), (ONE,), 100, 10),
    Case("宁波 2016", "县处级不超过 3%", share(DIVISION, 3, "max"), (DIVISION,), ("division:no",), 100, 3),
    Case(
        "陕西 2019",
        "非公有制不低于分配名额的 60%",
        share(NON_PUBLIC, 60, basis="allotted"),
        (NON_PUBLIC,),
        (PUBLIC,),
        78,
        48,
        places=80,
        kind=NomineeKind.UNIT,
    ),
)

OWN = {"规模": ("大中型", "小微"), "行业身份": ("农民", "社区工作者", "其他")}
"""What these notices count and no standard field asks: composed as fields of the edition."""


def composed(case, planner):
    """A draft with the rule, made as a person makes it: the fields first, then the rule; and the labels by their names."""
    award = make_award(nominee_kind=case.kind)
    draft = composing.compose(award_code=award.code, actor=planner.user, source=case.notice)
    named: dict[str, str] = {}
    for name, options in OWN.items():
        address = reverse("appraisal:rule_fields", args=[award.code, draft.number])
        given = {
            "act": "field",
            "label": name,
            "type": "choice",
            "countable": "on",
            "options": "\n".join(options),
        }
        draft.refresh_from_db()
        assert planner.post(address, {**given, "version": draft.version}).status_code == 302
    for asked in fields.of(draft.pk):
        named |= {f"{asked.label}:{each.label}": f"{asked.key}:{each.key}" for each in asked.options}
    draft.refresh_from_db()
    sent = {
        name: [named.get(one, one) for one in given] if isinstance(given, list) else given
        for name, given in case.rule.items()
    }
    address = reverse("appraisal:rule_edit", args=[award.code, draft.number])
    about = {
        "act": "rule",
        "kind": "share",
        "kept": "itself",
        "label": case.words,
        "clause": case.notice,
        "version": draft.version,
    }
    answer = planner.post(address, {**about, **sent})
    assert answer.status_code == 302, answer.content.decode()
    draft.refresh_from_db()
    return draft, named


def listed(case, counted, named):
    """A list with so many that are counted among those of its base."""
    everybody = [case.counted] * counted + [case.other] * (case.base - counted)
    everybody += [case.outside[0]] * case.outside[1]
    return [
        EntryRow(place, "", "", entry(named.get(one, one) for one in labels), kind="regular", rank=place)
        for place, labels in enumerate(everybody, start=1)
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.notice} {case.words}")
def test_a_bound_reads_and_holds_as_its_notice_has_it(case):
    planner = Client()
    planner.user = make_official(make_body(level=Level.PROVINCE), Role.STAFF)
    planner.force_login(planner.user)
    draft, named = composed(case, planner)
    rule = draft.rules.get()
    assert rule_words(rule) == TABLE[case.notice, case.words]

    def check(counted):
        report = trials.judged(
            version=draft,
            rows=listed(case, counted, named),
            stage=Stage.PROVINCE,
            places=case.places,
            previous=None,
        )
        (found,) = report.checks
        return found

    legal = check(case.required)
    assert (legal.holds, legal.count, legal.required) == (True, case.required, case.required)
    worse = case.required + (1 if rule.sense == "max" else -1)
    broken = check(worse)
    assert (broken.holds, broken.count, broken.required, broken.margin) == (False, worse, case.required, -1)
