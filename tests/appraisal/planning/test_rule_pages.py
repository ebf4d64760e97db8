"""The rules of awards on their pages: composed, read side by side, tried on a list, published, taken up by a round."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from appraisal.boards.services import verification
from appraisal.gate.services import gate
from appraisal.planning.services import previous
from appraisal.records.models import Naming, Nomination, Slate, SlateEntry
from appraisal.records.states import EntryKind, SlateState
from appraisal.slates.spreadsheets import slate_workbook
from quotas.base import clock
from quotas.base.states import Basis, Level, NomineeKind, Role, RoundState, RuleKind, Sense, Stage
from quotas.editions.models import RuleVersion, ShareRule
from quotas.editions.services import catalogue, composing, rules
from quotas.ledger.models import LedgerEntry
from quotas.oversight.views import told
from quotas.rounds.models import RoundAward
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_official,
    make_round,
    make_round_award,
    make_rule_version,
    make_share_rule,
    make_slate,
    make_user,
)

pytestmark = pytest.mark.django_db

LIST = "/rules/"
A_RULE = {
    "act": "rule",
    "counted": ["front_line:yes"],
    "sense": "min",
    "kind": "share",
    "numerator": "2",
    "denominator": "5",
    "basis": "listed",
    "base": ["occupation:industrial_worker"],
    "stages": ["city"],
    "kept": "itself",
    "label": "一线产业工人",
    "clause": "苏工发〔2026〕3号 一.2",
}


@pytest.fixture(autouse=True)
def season():
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def province():
    return make_body(level=Level.PROVINCE)


@pytest.fixture
def planner(province):
    return of_role(province, Role.STAFF)


@pytest.fixture
def award():
    """With one published edition: at least half non-public."""
    made = make_award("medal", name="五一劳动奖章", nominee_kind=NomineeKind.PERSON)
    make_share_rule(make_rule_version(made), "half")
    return made


@pytest.fixture
def draft(award, planner):
    """A draft with the same rule."""
    return composing.compose(
        award_code="medal",
        actor=planner.user,
        source="苏工发〔2026〕3号",
        based_on=award.rule_versions.get().pk,
    )


def of_role(body, role):
    client = Client()
    client.user = make_official(body, role)
    client.force_login(client.user)
    return client


def page(edition, name="rule_edition"):
    return reverse(f"appraisal:{name}", args=[edition.award.code, edition.number])


def text(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


# --- composing and publishing --------------------------------------------------------------------------------


def test_an_edition_is_composed_published_and_taken_up(planner, award):
    said = text(planner.get(LIST))
    assert "非公有制 不低于 1/2（以全部名单为基数）" in said
    answer = planner.post(
        "/rules/medal/new/", {"source": "苏工发〔2026〕3号", "based_on": award.rule_versions.get().pk}
    )
    edit = "/rules/medal/2/edit/"
    assert (answer.status_code, answer.url) == (302, edit)
    assert "还没有规则" not in text(planner.get(edit))
    assert planner.post(edit, {**A_RULE, "version": 1}).url == f"{edit}#main"
    said = text(planner.get(edit))
    assert "一线职工 不低于 2/5（以产业工人为基数，仅市级）" in said

    assert 'value="half"' in text(planner.get(f"{edit}?rule=half"))
    changed = {
        **A_RULE,
        "counted": ["ownership:non_public"],
        "base": [],
        "stages": [],
        "replaces": "half",
        "code": "half",
    }
    assert planner.post(edit, {**changed, "version": 2}).url == f"{edit}#main"
    assert (
        planner.post(
            edit, {"act": "edition", "edition-version": 3, "edition-source": "4号", "edition-employer_cap": 3}
        ).url
        == f"{edit}#main"
    )
    assert planner.post(edit, {"act": "drop", "version": 4, "code": "rule_1"}).status_code == 302

    publish = "/rules/medal/2/publish/"
    said = text(planner.get(publish))
    assert "永不能修改" in said
    assert "不低于 2/5" in said
    assert planner.post(publish, {"version": 5}).url == "/rules/medal/2/"
    made = RuleVersion.objects.get(number=2)
    assert (made.published_at, made.employer_cap, made.source) == (IN_TIME, 3, "4号")

    said = text(planner.get("/rules/medal/2/?against=1"))
    for shown in (
        "从第 1 版到第 2 版",
        "不低于 1/2",
        "不低于 2/5",
        "苏工发〔2026〕3号 一.2",
        "改动：",
        "每单位限报",
    ):
        assert shown in said
    assert planner.get(edit).url == "/rules/medal/2/"

    round_ = make_round("2027", state=RoundState.PLANNED)
    plan = "/rounds/2027/plan/"
    assert planner.post(plan, {"act": "award", "award_code": "medal", "places": 5}).url == plan
    taking_part = RoundAward.objects.get(round=round_)
    assert (taking_part.rule_version, taking_part.employer_cap) == (made, 3)
    pin = {
        "act": "pin",
        "round_award": taking_part.pk,
        f"pin-{taking_part.pk}-rule_version": award.rule_versions.get(number=1).pk,
    }
    assert planner.post(plan, pin).url == plan
    taking_part.refresh_from_db()
    assert taking_part.rule_version.number == 1
    assert "规则第 1 版" in text(planner.get(plan))


def test_what_is_refused_stays_on_the_form(planner, draft):
    edit = page(draft, "rule_edit")
    answer = planner.post(edit, {**A_RULE, "version": 1, "numerator": "7", "base": ["front_line:no"]})
    said = text(answer, 422)
    assert "占比不能超过全部" in said
    assert "互相排斥" in said
    assert "一线产业工人" in said
    for wrong in (
        {"counted": ["team:shift"]},
        {"kind": "about"},
        {"numerator": ""},
        {"clause": ""},
        {"stages": ["unit"]},
    ):
        assert planner.post(edit, {**A_RULE, "version": 1, **wrong}).status_code == 422
    assert (
        planner.post(
            edit, {"act": "edition", "edition-version": 1, "edition-source": "", "edition-employer_cap": 0}
        ).status_code
        == 422
    )
    for unknown in ({"act": "burn"}, {}, {"act": "drop", "version": "x"}):
        assert planner.post(edit, unknown).status_code == 400
    draft.refresh_from_db()
    assert draft.version == 1


def test_who_is_counted_is_chosen_in_two_lists_and_read_back(planner, draft):
    """其他一线职工: front-line staff, and no industrial workers; the trial asks for both columns."""
    edit = page(draft, "rule_edit")
    others = {
        "counted": ["front_line:yes"],
        "counted_not": ["occupation:industrial_worker"],
        "base": [],
        "base_not": ["division:yes"],
        "stages": [],
        "label": "其他一线职工",
    }
    assert planner.post(edit, {**A_RULE, **others, "version": 1}).status_code == 302
    words = "一线职工（不含产业工人） 不低于 2/5（以县处级以下为基数）"
    said = text(planner.get(f"{edit}?rule=rule_1"))
    assert f"现在读作：{words}" in said
    shown = planner.get(f"{edit}?rule=rule_1").context["rule_form"]
    assert {name: list(shown[name].value()) for name in ("counted", "counted_not", "base", "base_not")} == {
        name: others[name] for name in ("counted", "counted_not", "base", "base_not")
    }
    rows = "姓名,所有制,一线职工,人员身份,县处级及以上\n甲,非公有制,是,产业工人,否\n乙,公有制,是,其他人员,否"
    answer = planner.post(page(draft, "rule_try"), {"text": rows, "stage": "province"})
    assert tried(answer)["其他一线职工"] == (2, 1, 1, 0, True)
    without = rows.replace(",人员身份", "").replace(",产业工人", "").replace(",其他人员", "")
    answer = planner.post(page(draft, "rule_try"), {"text": without, "stage": "province"})
    assert answer.status_code == 422
    (put,) = LedgerEntry.objects.filter(act="put_rule")
    (line,) = told.lines([put], planner.user)
    changes = {change.label: change.after for change in line.changes}
    assert changes["计数对象"] == "属于 一线职工；不含 产业工人"
    assert changes["基数范围"] == "不含 县处级及以上"


HALF_OF_ALL = {
    "act": "rule",
    "counted": ["ownership:non_public"],
    "sense": "min",
    "kind": "share",
    "numerator": "1",
    "denominator": "2",
    "basis": "listed",
    "label": "非公有制占比",
    "clause": "一",
}


def planned(draft, counties):
    """A planned round of the draft's award in which so many counties of a city have one place each."""
    round_award = make_round_award(make_round("planned", state=RoundState.PLANNED), draft.award)
    city = make_body(level=Level.CITY, parent=make_body(level=Level.PROVINCE))
    for _ in range(counties):
        make_allotment(round_award, make_body(parent=city), places=1)


def test_nobody_chooses_how_a_share_is_kept_by_saying_nothing(planner, draft):
    planned(draft, 5)
    edit = page(draft, "rule_edit")
    assert planner.get(edit).context["rule_form"]["kept"].value() is None
    asked = planner.post(edit, {**HALF_OF_ALL, "version": 1})
    said = text(asked, 422)
    assert "没有选择这条占比怎么落实" in said
    assert "各自达标：合计 5 个。5 个单位的全部名额只能报非公有制。" in said
    assert "分解：合计 3 个。3 个单位的全部名额只能报非公有制。" in said
    assert asked.context["rule_form"]["label"].value() == "非公有制占比"
    draft.refresh_from_db()
    assert (draft.version, draft.rules.count()) == (1, 1)
    assert planner.post(edit, {**HALF_OF_ALL, "kept": "parts", "version": 1}).status_code == 302
    made = draft.rules.latest("pk")
    assert made.kept == "parts"
    assert "分解到各单位" in text(planner.get(edit))
    shown = planner.get(f"{edit}?rule={made.code}")
    assert shown.context["rule_form"]["kept"].value() == "parts"
    assert "分解：合计 3 个" in text(shown)


def test_the_price_of_both_ways_is_shown_and_nothing_is_written(planner, draft):
    edit = page(draft, "rule_edit")
    price = {**HALF_OF_ALL, "act": "price", "version": 1}
    assert "算不出两种办法的代价" in text(planner.post(edit, price))
    planned(draft, 3)
    ceiling = {"sense": "max", "numerator": "1", "denominator": "2"}
    said = text(planner.post(edit, price | ceiling))
    assert "各自达标：合计 0 个。3 个单位不能报非公有制。" in said
    assert "分解：合计 1 个。2 个单位不能报非公有制。" in said
    assert "不能分解" in text(planner.post(edit, price | {"kind": "count", "denominator": ""}))
    draft.refresh_from_db()
    assert (draft.version, draft.rules.count()) == (1, 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "count", "denominator": ""},
        {"basis": "allotted"},
        {"base": ["division:yes"]},
        {"advisory": "on"},
        {"numerator": "2"},
    ],
)
def test_what_has_no_parts_is_not_kept_in_parts(planner, draft, changed):
    edit = page(draft, "rule_edit")
    said = text(planner.post(edit, {**HALF_OF_ALL, **changed, "kept": "parts", "version": 1}), 422)
    assert "不能分解" in said
    assert planner.post(edit, {**HALF_OF_ALL, **changed, "version": 1}).status_code == 302


def test_an_old_tab_changes_nothing_and_keeps_what_was_typed(planner, draft):
    edit = page(draft, "rule_edit")
    planner.post(edit, {**A_RULE, "version": 1})
    said = text(planner.post(edit, {**A_RULE, "label": "另一条", "version": 1}), 409)
    assert "刚有变化" in said
    assert "另一条" in said
    assert planner.post(edit, {"act": "drop", "version": 1, "code": "half"}).status_code == 409
    for name in ("rule_publish", "rule_discard"):
        assert planner.post(page(draft, name), {"version": 1}).status_code == 409
    assert draft.rules.count() == 2


def test_a_draft_that_was_published_meanwhile_is_not_edited(planner, draft):
    composing.publish(version_id=draft.pk, version=1, actor=planner.user)
    before = list(ShareRule.objects.values())
    for address, sent in (
        (page(draft, "rule_edit"), {**A_RULE, "version": 2}),
        (page(draft, "rule_publish"), {"version": 2}),
        (page(draft, "rule_discard"), {"version": 2}),
    ):
        assert "已发布" in text(planner.post(address, sent), 409)
    assert list(ShareRule.objects.values()) == before


def test_rules_that_contradict_are_said_while_composing_and_when_publishing(planner, draft):
    edit = page(draft, "rule_edit")
    contrary = {
        "counted": ["ownership:public"],
        "numerator": 3,
        "base": [],
        "stages": [],
        "label": "公有制占比",
    }
    planner.post(edit, {**A_RULE, **contrary, "version": 1})
    assert "没有任何名单能同时满足" in text(planner.get(edit))
    said = text(planner.post(page(draft, "rule_publish"), {"version": 2}), 422)
    assert "公有制占比" in said
    draft.refresh_from_db()
    assert draft.published_at is None


def test_a_draft_is_given_up(planner, draft):
    discard = page(draft, "rule_discard")
    assert "作废" in text(planner.get(discard))
    assert planner.post(discard, {"version": 1}).url == LIST
    assert planner.get(discard).status_code == 404


# --- who -----------------------------------------------------------------------------------------------------


def test_observers_of_the_province_read_what_is_published(province, draft):
    observer = of_role(province, Role.OBSERVER)
    said = text(observer.get(LIST))
    assert "/rules/medal/1/" in said
    assert "/rules/medal/2/" not in said
    assert "起草" not in said
    assert "苏工发〔2026〕3号" not in text(observer.get("/rules/medal/1/?against=2"))
    for address in (
        page(draft),
        *(page(draft, f"rule_{name}") for name in ("edit", "publish", "discard", "try")),
    ):
        assert observer.get(address).status_code == 404
        assert observer.post(address, {"version": 1}).status_code in {404, 405}


@pytest.mark.parametrize("role", [Role.KEEPER, Role.UNION_LEADER, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, None])
def test_to_others_the_rules_are_not_there(province, draft, role):
    city = make_body(level=Level.CITY)
    client = of_role(province, role) if role else of_role(city, Role.OBSERVER)
    addresses = [
        LIST,
        "/rules/medal/1/",
        "/rules/medal/1/try/",
        "/rules/medal/new/",
        page(draft, "rule_edit"),
    ]
    for address in addresses:
        assert client.get(address).status_code == 404
    assert client.post(page(draft, "rule_publish"), {"version": 1}).status_code == 404
    assert client.post("/rules/medal/new/", {"source": "x"}).status_code == 404
    draft.refresh_from_db()
    assert draft.published_at is None
    assert RuleVersion.objects.count() == 2


# --- trying --------------------------------------------------------------------------------------------------


def tried(answer):
    """Rule → base, count, required, margin, verdict."""
    return {
        line["label"]: (line["base"], line["count"], line["required"], line["margin"], line["holds"])
        for line in answer.context["trial"].lines
    }


def test_a_pasted_list_is_judged_rule_by_rule_and_nothing_is_stored(planner, draft):
    planner.post(page(draft, "rule_edit"), {**A_RULE, "stages": [], "version": 1})
    before = [model.objects.count() for model in (Nomination, Slate, SlateEntry, LedgerEntry)]
    rows = [
        "五一劳动奖章推荐名单",
        "姓名,所有制,一线职工,人员身份,类别",
        "甲,非公有制,是,产业工人,正选",
        "乙,公有制,否,产业工人,正选",
        "丙，公有制，非一线职工，企业负责人，",
        "丁,公有制,是,产业工人,单列",
        "戊,非公有制,是,产业工人,后备",
    ]
    answer = planner.post(page(draft, "rule_try"), {"text": "\n".join(rows), "stage": "province"})
    said = text(answer)
    assert tried(answer) == {"非公有制占比": (3, 1, 2, -1, False), "一线产业工人": (2, 1, 1, 0, True)}
    assert "用非公有制换下公有制 1 个" in said
    assert "读取 5 行，其中正选 3 个" in said
    assert [model.objects.count() for model in (Nomination, Slate, SlateEntry, LedgerEntry)] == before


@pytest.mark.parametrize("basis", list(Basis))
def test_a_trial_says_what_the_gate_says(planner, award, basis):
    """The same list on the same rules: tried from its own workbook, chosen among those of the past, and at the gate."""
    version = make_rule_version(award, number=2)
    make_share_rule(version, "third", numerator=2, denominator=3)
    make_share_rule(
        version, "few_public", label="ownership:public", sense=Sense.MAX, kind=RuleKind.COUNT, numerator=1
    )
    ShareRule.objects.filter(code="third").update(basis=basis)
    province = make_body(level=Level.PROVINCE)
    allotment = make_allotment(make_round_award(make_round(), award, places=9), province, places=9)
    slate = make_slate(allotment, non_public=4, public=3, reserves=1, state=SlateState.SENT_UP)
    at_the_gate = [
        (check.base, check.count, check.required, check.margin, check.holds)
        for check in gate.report(slate_id=slate.pk).checks
    ]
    workbook = SimpleUploadedFile("汇总表.xlsx", slate_workbook(slate.pk))
    for brought in ({"file": workbook}, {"slate": slate.pk}):
        answer = planner.post(page(version, "rule_try"), {**brought, "stage": "province", "places": 9})
        assert answer.status_code == 200
        told = answer.context["trial"].lines
        names = ("base", "count", "required", "margin", "holds")
        assert [tuple(line[name] for name in names) for line in told] == at_the_gate


@pytest.mark.parametrize(
    ("brought", "rows"),
    [
        ("推荐对象,所有制\n甲,民营\n\n乙,\n丙,非公有制", [2]),
        ("推荐对象\t所有制\n甲\t非公有制\n乙\t国有\n", [3]),
        ("推荐对象,性别\n甲,男", [None]),
        ("推荐对象,类别\n甲,正选", [1]),
        ("甲,非公有制\n乙,公有制", [None]),
        ("推荐对象,所有制\n", [None]),
        ("推荐对象,所有制,所有制\n甲,非公有制,公有制", [1]),
        ("推荐对象,所有制,类别\n甲,非公有制,候补", [2]),
        ('推荐对象,所有制\n"甲' + "长" * 140_000 + '",公有制', [None]),
    ],
)
def test_every_row_that_cannot_be_read_is_named(planner, draft, brought, rows):
    answer = planner.post(page(draft, "rule_try"), {"text": brought, "stage": "province"})
    assert answer.status_code == 422
    assert [problem["row"] for problem in answer.context["problems"]] == rows
    assert "trial" not in answer.context


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"text": "  \n"},
        {"stage": "unit", "text": "推荐对象,所有制\n甲,公有制"},
        {"places": "-1", "text": "推荐对象,所有制\n甲,公有制"},
        {"text": "推荐对象,所有制\n甲,公有制", "file": SimpleUploadedFile("a.xlsx", b"x")},
        {"slate": "999999"},
        {"file": SimpleUploadedFile("a.xlsx", b"not a workbook")},
        {"file": SimpleUploadedFile("a.xlsx", b"")},
    ],
)
def test_one_list_that_can_be_read_is_needed(planner, draft, sent):
    answer = planner.post(page(draft, "rule_try"), {"stage": "province", **sent})
    assert answer.status_code == 422
    assert "trial" not in answer.context


def test_a_list_that_is_still_compiled_elsewhere_cannot_be_tried(planner, award):
    county = make_slate(make_allotment(make_round_award(make_round(), award)), non_public=1)
    gone = make_slate(
        make_allotment(make_round_award(make_round(), award)), non_public=1, state=SlateState.SENT_UP
    )
    of_another = make_slate(non_public=1, state=SlateState.SENT_UP)
    edition = award.rule_versions.get()
    offered = [
        value
        for value, _words in planner.get(page(edition, "rule_try")).context["form"].fields["slate"].choices
    ]
    assert offered == ["", gone.pk]
    for slate in (county, of_another):
        sent = {"slate": slate.pk, "stage": "province"}
        assert planner.post(page(edition, "rule_try"), sent).status_code == 422


def test_a_rule_above_the_previous_round_is_tried_with_its_figures(planner, draft):
    planner.post(
        page(draft, "rule_edit"),
        {
            **A_RULE,
            "version": 1,
            "kind": "above",
            "counted": ["ownership:non_public"],
            "base": [],
            "stages": [],
            "basis": "awarded",
            "label": "提高",
        },
    )
    brought = {"text": "推荐对象,所有制\n甲,非公有制\n乙,公有制", "stage": "province"}
    answer = planner.post(page(draft, "rule_try"), brought)
    assert "提高" not in tried(answer)
    assert "未核验“提高”" in text(answer)
    answer = planner.post(page(draft, "rule_try"), {**brought, "previous_count": 1, "previous_base": 2})
    assert tried(answer)["提高"] == (2, 1, 2, -1, False)
    answer = planner.post(page(draft, "rule_try"), {**brought, "previous_count": 3, "previous_base": 2})
    assert answer.status_code == 422


# --- a round stays with its edition --------------------------------------------------------------------------


def test_nothing_that_is_made_of_rules_later_reaches_a_round_that_is_under_way(planner):
    home = next(entry for entry in catalogue.read() if entry.code == "model_home")
    catalogue.load(entries=[home])
    version = RuleVersion.objects.get()
    round_award = make_round_award(make_round(), version.award)
    slate = make_slate(make_allotment(round_award, places=4), non_public=2, public=2)

    def judged():
        return (
            gate.report(slate_id=slate.pk),
            verification.run(),
            list(ShareRule.objects.filter(version=version).values()),
        )

    before = judged()
    draft = composing.compose(award_code="model_home", actor=planner.user, source="2号", based_on=version.pk)
    stricter = {
        "counted": ["ownership:non_public"],
        "sense": "min",
        "kind": "share",
        "numerator": 1,
        "denominator": 1,
    }
    composing.put_rule(
        version_id=draft.pk,
        version=1,
        actor=planner.user,
        replaces="non_public_share",
        label="全部",
        clause="一",
        **stricter,
    )
    assert judged() == before
    composing.publish(version_id=draft.pk, version=2, actor=planner.user)
    assert judged() == before
    raised = replace(home.rules[0], numerator=9, denominator=10)
    catalogue.load(entries=[replace(home, edition=replace(home.edition, number=2), rules=(raised,))])
    assert RuleVersion.objects.count() == 3
    assert judged() == before


# --- the previous round --------------------------------------------------------------------------------------


def rising(award, round_, **rule):
    """The award in a round that is to rise above the one before."""
    version = award.rule_versions.order_by("number").last()
    if not version.rules.filter(kind=RuleKind.ABOVE).exists():
        version = make_rule_version(award, number=version.number + 1)
        make_share_rule(version, "above", kind=RuleKind.ABOVE, numerator=0, denominator=1, **rule)
    return make_round_award(round_, award)


def named(award, year, *, non_public, public, number="1号", body=None, **more):
    """A list of an earlier round, named."""
    round_ = make_round(f"{year}-{number}", state=RoundState.CLOSED)
    type(round_).objects.filter(pk=round_.pk).update(year=year)
    allotment = make_allotment(
        make_round_award(round_, award), body or make_body(level=Level.PROVINCE), places=99
    )
    slate = make_slate(allotment, non_public=non_public, public=public, state=SlateState.NAMED, **more)
    Naming.objects.create(
        slate=slate,
        round_award=slate.round_award,
        title="决定",
        document_number=number,
        decided_on=clock.today(),
        decided_by=make_user(),
        decided_at=clock.now(),
    )
    return slate


def test_the_figures_are_counted_from_the_newest_earlier_decision(award, django_assert_num_queries):
    named(award, 2022, non_public=9, public=1, number="旧")
    slate = named(award, 2024, non_public=3, public=4, reserves=2, number="苏工发〔2024〕8号")
    separate = slate.entries.filter(kind=EntryKind.REGULAR).last()
    SlateEntry.objects.filter(pk=separate.pk).update(kind=EntryKind.SEPARATE)
    removed = slate.entries.filter(kind=EntryKind.REGULAR).last()
    SlateEntry.objects.filter(pk=removed.pk).update(removed_at=clock.now())
    # What left the list with it counts, whatever was put right in the nomination since.
    left = slate.entries.filter(kind=EntryKind.REGULAR, removed_at=None).first()
    SlateEntry.objects.filter(pk=left.pk).update(frozen_labels=["ownership:public"])
    named(make_award(), 2025, non_public=5, public=0)
    named(award, 2027, non_public=5, public=0, number="后来")
    this = rising(award, make_round("2026", state=RoundState.PLANNED))
    with django_assert_num_queries(4):
        (proposal,) = previous.proposals(round_id=this.round_id).values()
    assert (proposal.count, proposal.base) == (2, 5)
    assert "苏工发〔2024〕8号" in proposal.source


def test_without_an_earlier_decision_or_such_a_rule_nothing_is_proposed(award):
    round_ = make_round("2026", state=RoundState.PLANNED)
    assert not previous.proposals(round_id=rising(award, round_).round_id)
    other = make_award()
    make_rule_version(other)
    named(other, 2024, non_public=1, public=1)
    make_round_award(round_, other)
    assert not previous.proposals(round_id=round_.pk)


def test_the_plan_page_proposes_the_figures_and_takes_them(planner, award):
    named(award, 2024, non_public=3, public=4, number="苏工发〔2024〕8号")
    this = rising(award, make_round("2026", state=RoundState.PLANNED))
    county = make_body()
    for body in (county.parent.parent, county.parent, county):
        make_allotment(this, body, places=10)
    plan = "/rounds/2026/plan/"
    said = text(planner.get(plan))
    assert "缺少上一周期的数字" in said
    assert "由系统按上一周期的命名名单统计" in said
    assert 'value="7"' in said
    prefix = f"previous-{this.pk}-"
    sent = {
        "act": "previous",
        "round_award": this.pk,
        f"{prefix}base": 7,
        f"{prefix}count": 8,
        f"{prefix}source": "8号",
    }
    assert "上一周期的数字不对" in text(planner.post(plan, sent), 422)
    assert planner.post(plan, {**sent, f"{prefix}count": 3}).url == plan
    said = text(planner.get(plan))
    assert "方案齐全" in said
    assert "由系统按" not in said
    (rule,) = rules.of(round_award_id=this.pk, stage=Stage.PROVINCE)
    assert (rule.kind, rule.numerator, rule.denominator) == ("above", 3, 7)


def test_an_award_without_a_rule_says_so_on_the_plan(planner):
    make_round_award(make_round("2026", state=RoundState.PLANNED), share=None)
    assert "本奖项没有占比规则" in text(planner.get("/rounds/2026/plan/"))
