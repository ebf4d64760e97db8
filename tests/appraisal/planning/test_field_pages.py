"""The application form of an edition, composed in the browser, and everything that is drawn from it."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from appraisal.imports.services import imports
from appraisal.imports.spreadsheets import nomination_template, read_nominations
from appraisal.nominations.forms.nominations import ApplicationForm
from appraisal.nominations.services import nominations, versions
from appraisal.nominations.views import dossier
from appraisal.nominations.views.dossier import Viewer
from appraisal.notices.services import public
from appraisal.records.models import Nomination, SlateEntry
from appraisal.slates.spreadsheets import slate_workbook
from quotas.base import clock
from quotas.base.errors import InvalidInput
from quotas.base.states import Level, NomineeKind, Role
from quotas.base.wording import sentence
from quotas.editions.models import EditionField
from quotas.editions.services import composing, fields
from quotas.ledger.models import LedgerEntry
from quotas.oversight.views import told
from quotas.rounds.services import rounds
from tests.appraisal.workbooks.sheets import workbook
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_employer,
    make_official,
    make_round,
    make_round_award,
    make_slate,
    make_unit_person,
)

pytestmark = pytest.mark.django_db

IDENTITY = "11010519491231002X"


@pytest.fixture(autouse=True)
def _in_time():
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def planner():
    client = Client()
    client.user = make_official(make_body(level=Level.PROVINCE), Role.STAFF)
    client.force_login(client.user)
    return client


@pytest.fixture
def draft(planner):
    award = make_award("medal", name="五一劳动奖章", nominee_kind=NomineeKind.PERSON)
    return composing.compose(award_code=award.code, actor=planner.user, source="苏工发〔2026〕3号")


INDUSTRY = {
    "act": "field",
    "label": "行业",
    "type": "choice",
    "options": "制造业\r\n物流业\r\n",
    "countable": "on",
    "listed": "on",
    "public": "on",
}
BANK = {"act": "field", "label": "银行账号", "type": "text", "most": "30", "personal": "on", "listed": "on"}
AWARDS = {
    "act": "field",
    "label": "获奖情况",
    "type": "table",
    "most": "4",
    "public": "on",
    "listed": "on",
    "columns-0-label": "荣誉名称",
    "columns-0-required": "yes",
    "columns-1-label": "级别",
    "columns-1-type": "choice",
    "columns-1-more": "国家级、省级",
    "columns-3-label": "次数",
    "columns-3-type": "number",
    "columns-3-more": "次",
    "columns-3-least": "1",
    "columns-3-most": "9",
}
CONTACT = {"act": "field", "label": "联系人", "type": "person", "parts": ["phone", "born"], "listed": "on"}
LEADER = {"act": "field", "label": "带头人", "type": "person", "parts": ["identity_number"]}
YEARS = {"act": "field", "label": "从业年限", "type": "number", "unit": "年", "least": "1", "most": "60"}


PROOF = {"act": "field", "label": "缴费证明", "type": "file", "required": "on", "listed": "on"}


def address(edition, name="rule_fields"):
    return reverse(f"appraisal:{name}", args=[edition.award.code, edition.number])


def text(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def put(planner, draft, **field):
    draft.refresh_from_db()
    return planner.post(address(draft), {**field, "version": draft.version})


def test_a_field_is_added_changed_moved_and_taken_out(planner, draft):
    assert put(planner, draft, **INDUSTRY).status_code == 302
    said = text(planner.get(address(draft)))
    assert "单选：制造业、物流业；用于计数；列入汇总表；可以公示" in said
    key = draft.fields.get(label="行业").key
    assert 'value="行业"' in text(planner.get(f"{address(draft)}?field={key}"))
    put(planner, draft, **INDUSTRY | {"options": "制造业\n物流业\n农业", "replaces": key, "required": "on"})
    assert draft.fields.get(key=key).required
    put(planner, draft, act="up", code=key)
    assert [field.label for field in fields.of(draft.pk)][-2:] == ["行业", "工会经费足额拨缴"]
    draft.refresh_from_db()
    planner.post(address(draft), {"act": "take", "take-key": "skill", "take-version": draft.version})
    put(planner, draft, act="drop", code=key)
    assert [field.label for field in fields.of(draft.pk)][-2:] == ["工会经费足额拨缴", "技能等级"]
    lines = told.lines(
        list(LedgerEntry.objects.filter(stream__startswith="award:").order_by("pk")), planner.user
    )
    assert "写入申报字段“行业”" in str(lines[1].sentence)
    assert {change.label: change.after for change in lines[1].changes}["类型"] == "单选"


def test_what_is_refused_comes_back_as_it_was_typed(planner, draft):
    said = text(put(planner, draft, **INDUSTRY | {"options": "制造业\n制造业", "help": "按主营业务"}), 422)
    assert "有两个相同的选项" in said
    assert "按主营业务" in said
    stale = planner.post(address(draft), {**INDUSTRY, "version": 7})
    assert "行业" in text(stale, 409)
    assert draft.fields.count() == 6


def test_a_published_edition_shows_its_form_and_keeps_it(planner, draft):
    put(planner, draft, **INDUSTRY)
    draft.refresh_from_db()
    composing.publish(version_id=draft.pk, version=draft.version, actor=planner.user)
    assert "制造业、物流业" in text(planner.get(address(draft, "rule_edition")))
    assert planner.get(address(draft)).status_code == 302
    assert "已发布" in text(put(planner, draft, **YEARS), 409)
    assert not EditionField.objects.filter(label="从业年限").exists()
    again = composing.compose(award_code="medal", actor=planner.user, source="2号", based_on=draft.pk)
    put(planner, again, **YEARS)
    said = text(planner.get(f"{address(again, 'rule_edition')}?against={draft.number}"))
    assert "申报字段：从业年限" in said
    assert "1 至 60 年" in said


def test_the_columns_of_a_table_are_composed_on_the_form_of_the_field(planner, draft):
    assert put(planner, draft, **AWARDS).status_code == 302
    said = text(planner.get(address(draft)))
    assert (
        "表格：荣誉名称（单行文字；不超过 100 字；必填）、级别（单选：国家级、省级）、次数（整数；1 至 9 次）；最多 4 行；"
        in said
    )
    key = draft.fields.get(label="获奖情况").key
    form = text(planner.get(f"{address(draft)}?field={key}"))
    assert 'name="columns-1-more" value="国家级、省级"' in form
    # What is there stands in front, with empty lines behind it.
    assert 'name="columns-5-label"' in form
    assert 'name="columns-6-label"' not in form
    fewer = {name: value for name, value in AWARDS.items() if not name.startswith("columns-1")}
    put(planner, draft, **fewer, replaces=key)
    assert [column["key"] for column in draft.fields.get(key=key).columns] == ["1", "3"]
    wrong = text(put(planner, draft, **fewer | {"columns-3-most": "很多"}, replaces=key), 422)
    # The lines close up: what is shown as the second is called so.
    assert "第 2 行“上限”" in wrong
    assert 'name="columns-1-most" value="很多"' in wrong
    assert put(planner, draft, **CONTACT).status_code == 302
    said = text(planner.get(address(draft)))
    assert (
        "出生年月（年月；必填）、联系电话（单行文字；不超过 30 字；必填）；列入汇总表；个人信息，遮盖显示"
        in said
    )
    lines = told.lines(
        list(LedgerEntry.objects.filter(stream__startswith="award:").order_by("pk")), planner.user
    )
    assert {change.label: change.after for change in lines[1].changes}["类型"] == "表格"


@pytest.fixture
def asked(planner, draft):
    """A published edition that asks for trade, account, years, awards and a contact, in a round with places."""
    for field in (INDUSTRY, BANK, YEARS, AWARDS, CONTACT, PROOF, LEADER):
        put(planner, draft, **field)
    draft.refresh_from_db()
    composing.publish(version_id=draft.pk, version=draft.version, actor=planner.user)
    award = make_round_award(make_round("2026"), draft.award, employer_cap=9)
    return make_allotment(award, places=5)


def key_of(label):
    return EditionField.objects.get(label=label).key


@pytest.fixture
def nomination(asked):
    employer = make_employer(asked.body)
    applicant = make_unit_person(employer)
    made = nominations.create(
        form_key=uuid4(),
        round_award_id=asked.round_award_id,
        employer_id=employer.pk,
        channel="territorial",
        actor=applicant,
        nominee_name="张三",
        identity_number=IDENTITY,
    )
    form = ApplicationForm(
        made,
        {
            "version": 1,
            "nominee_name": "张三",
            "identity_number": IDENTITY,
            key_of("行业"): "2",
            key_of("银行账号"): "6222021234567890123",
            key_of("从业年限"): "12",
            "gender": "female",
            f"{key_of('获奖情况')}-0-1": "劳动奖章",
            f"{key_of('获奖情况')}-0-2": "2",
            f"{key_of('获奖情况')}-2-1": "工人先锋",
            f"{key_of('获奖情况')}-2-3": "2",
            f"{key_of('联系人')}-0-name": "李联系",
            f"{key_of('联系人')}-0-born": "1980-01",
            f"{key_of('联系人')}-0-phone": "13912345678",
        },
    )
    assert form.is_valid(), form.errors
    return nominations.save(nomination_id=made.pk, version=1, actor=applicant, **form.values)


def test_answers_are_kept_by_key_and_what_is_countable_is_a_label(nomination):
    assert nomination.answers == {
        key_of("行业"): "2",
        key_of("银行账号"): "6222021234567890123",
        key_of("从业年限"): 12,
        "gender": "female",
        key_of("获奖情况"): [{"1": "劳动奖章", "2": "2"}, {"1": "工人先锋", "3": 2}],
        key_of("联系人"): [{"name": "李联系", "born": "1980-01", "phone": "13912345678"}],
    }
    assert f"{key_of('行业')}:2" in nomination.labels.split()
    saved = LedgerEntry.objects.get(act="save")
    assert saved.after["changed"] == ["性别", "行业", "银行账号", "从业年限", "获奖情况", "联系人"]
    assert "6222021234567890123" not in str(saved.after)
    assert "李联系" not in str(saved.after)


def test_the_dossier_shows_what_was_answered_and_masks_what_is_personal(nomination):
    def found(viewer):
        nomination.refresh_from_db()
        return {
            str(row.label): row for section in dossier.sections(nomination, viewer) for row in section.rows
        }

    def rows(viewer):
        return {label: str(row.value) for label, row in found(viewer).items()}

    official = rows(Viewer(own_unit=False, decides=False))
    assert (official["行业"], official["从业年限"]) == ("物流业", "12 年")
    assert official["银行账号"] == "622************0123"
    assert official["获奖情况"] == "劳动奖章；省级；\n工人先锋；；2 次"
    assert official["联系人"] == "***；*******；139****5678"
    decides = found(Viewer(own_unit=False, decides=True))
    assert decides["联系人"].cells.lines == [["李联系", "1980-01", "13912345678"]]
    assert decides["获奖情况"].cells.headings == ["荣誉名称", "级别", "次数"]
    assert rows(Viewer(own_unit=True, decides=False))["银行账号"] == "6222021234567890123"
    assert rows(Viewer(own_unit=False, decides=True))["银行账号"] == "6222021234567890123"


def test_workbook_and_notice_tell_what_the_edition_lets_them(nomination):
    slate = make_slate(make_allotment(nomination.round_award, make_body()))
    SlateEntry.objects.create(slate=slate, nomination=nomination, kind="regular", rank=1)
    sheet = load_workbook(BytesIO(slate_workbook(slate.pk)))["汇总表"]
    headings, row = ([cell.value for cell in line] for line in sheet.iter_rows(min_row=2, max_row=3))
    cells = dict(zip(headings, row, strict=True))
    awards, contact = "获奖情况（荣誉名称；级别；次数）", "联系人（姓名；出生年月；联系电话）"
    assert headings[16:] == ["状态", "行业", "银行账号", awards, contact]
    assert (cells["行业"], cells["银行账号"]) == ("物流业", "622************0123")
    assert (cells[awards], cells[contact]) == (
        "劳动奖章；省级；\n工人先锋；；2 次",
        "***；*******；139****5678",
    )
    entries = slate.entries.select_related("nomination__employer", "nomination__body")
    (published,) = public.projection(entries, slate.round_award)
    assert published["told"] == [
        ["性别", "女"],
        ["行业", "物流业"],
        ["获奖情况", "劳动奖章；省级；\n工人先锋；；2 次"],
    ]
    assert not re.findall("622|139|李联系", str(published))


def test_a_workbook_that_comes_in_is_read_by_the_fields_of_its_award(nomination):
    asked = rounds.asked_in(nomination.round_award.round_id)
    blank = load_workbook(BytesIO(nomination_template(asked))).worksheets[0]
    headings = [str(cell.value).rstrip("*") for cell in blank[1]]
    assert {"行业", "银行账号", "从业年限", "性别"} <= {*headings}
    assert "缴费证明" not in headings
    row = {
        "奖项": "五一劳动奖章",
        "统一社会信用代码": nomination.employer.credit_code,
        "推荐对象": "李四",
        "居民身份证号": "110105198001010032",
        "行业": "制造业",
        "从业年限": 7,
        "获奖情况": "劳动奖章；省级；2\n工人先锋",
        "联系人": "李联系；1980年1月；13912345678",
        "申报人账号": nomination.created_by.username,
    }

    def bring(**changes):
        table = read_nominations(workbook(headings, [row | changes]), asked)
        return imports.import_nominations(
            round_id=nomination.round_award.round_id, rows=table.rows, problems=table.problems, actor=None
        )

    wrong = bring(行业="渔业", 从业年限=99, 居民身份证号="110105198001010032")
    assert {(each.heading, each.reason.code) for each in wrong.problems} == {
        ("行业", "choice_unknown"),
        ("从业年限", "answer_out_of_range"),
    }
    wrong = bring(获奖情况="劳动奖章；省级；2\n工人先锋；乡级；3；多", 联系人="李联系；不详")
    assert {(each.heading, each.reason.code) for each in wrong.problems} == {
        ("获奖情况", "table_cell_wrong"),
        ("获奖情况", "table_line_too_wide"),
        ("联系人", "person_part_wrong"),
    }
    assert bring(居民身份证号="110105198001010032").created == 1
    made = Nomination.objects.get(nominee_name="李四")
    assert made.answers == {
        key_of("行业"): "1",
        key_of("从业年限"): 7,
        key_of("获奖情况"): [{"1": "劳动奖章", "2": "2", "3": 2}, {"1": "工人先锋"}],
        key_of("联系人"): [{"name": "李联系", "born": "1980-01", "phone": "13912345678"}],
    }


def test_a_table_is_drawn_with_empty_lines_and_keeps_what_was_typed(nomination):
    awards, contact = key_of("获奖情况"), key_of("联系人")
    assert key_of("缴费证明") not in ApplicationForm(nomination).fields
    drawn = str(ApplicationForm(nomination)[awards])
    # Two lines are filled in; the table has four at most.
    assert [f'name="{awards}-{line}-1"' in drawn for line in range(5)] == [True] * 4 + [False]
    assert str(ApplicationForm(nomination)[contact]).count("<tr>") == 2
    typed = {
        **dict.fromkeys(ApplicationForm(nomination).fields, ""),
        "version": nomination.version,
        "nominee_name": "张三",
        "identity_number": IDENTITY,
        f"{awards}-0-1": "劳动奖章",
        f"{awards}-0-3": "许多",
        f"{awards}-3-1": "工人先锋",
        f"{contact}-0-born": "八零年",
    }
    form = ApplicationForm(nomination, typed)
    assert list(form.errors) == [awards]
    assert form.errors[awards][0].startswith("第 1 行“次数”：")
    again = str(form[awards])
    assert 'value="许多"' in again
    assert f'name="{awards}-1-1" value="工人先锋"' in again
    form = ApplicationForm(nomination, typed | {f"{awards}-0-3": "2"})
    assert form.is_valid()
    with pytest.raises(InvalidInput) as refusal:
        nominations.save(
            nomination_id=nomination.pk,
            version=nomination.version,
            actor=nomination.created_by,
            **form.values,
        )
    assert [(each.field, each.code) for each in refusal.value.problems] == [(contact, "person_part_wrong")]
    assert 'value="八零年"' in str(form[contact])
    assert ApplicationForm(nomination, typed | {f"{awards}-0-3": ""}).has_changed()


def test_answers_take_so_much_room_and_no_more(nomination, monkeypatch):
    monkeypatch.setattr(nominations, "MOST_ANSWERS", 200)
    awards = {key_of("获奖情况"): [{"1": "一" * 20}] * 4}
    with pytest.raises(InvalidInput) as refusal:
        nominations.save(
            nomination_id=nomination.pk,
            version=nomination.version,
            actor=nomination.created_by,
            answers=awards,
        )
    assert [each.code for each in refusal.value.problems] == ["answers_too_long"]


@pytest.mark.parametrize(("number", "code"), [(IDENTITY.lower(), ""), ("110105194912310021", "check")])
def test_the_identity_number_of_a_person_is_checked(nomination, number, code):
    leader = key_of("带头人")
    given = {
        "nomination_id": nomination.pk,
        "version": nomination.version,
        "actor": nomination.created_by,
        "answers": {leader: [{"name": "李带头", "identity_number": number}]},
    }
    if not code:
        assert nominations.save(**given).answers[leader] == [{"name": "李带头", "identity_number": number}]
        return
    with pytest.raises(InvalidInput) as refusal:
        nominations.save(**given)
    (found,) = refusal.value.problems
    assert (found.field, found.code) == (leader, "person_part_wrong")
    assert str(sentence(found)).startswith("“带头人”的“居民身份证号”有误。")


def test_what_changed_in_a_table_is_marked_with_what_stood_there(nomination):
    version = versions.keep(nomination)
    awards = key_of("获奖情况")
    nomination.answers = {**nomination.answers, awards: [{"1": "劳动奖章", "2": "1"}]}
    viewer = Viewer(own_unit=False, decides=True)
    before = dossier.sections(versions.as_returned(nomination, version), viewer)
    changed = [
        row
        for section in dossier.only_changes(dossier.compared(dossier.sections(nomination, viewer), before))
        for row in section.rows
    ]
    assert [(str(row.label), row.was) for row in changed] == [
        ("获奖情况", "劳动奖章；省级；\n工人先锋；；2 次")
    ]
    assert changed[0].cells.lines == [["劳动奖章", "国家级", ""]]
