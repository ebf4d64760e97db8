"""The application form of an edition, composed in the browser, and everything that is drawn from it."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from appraisal.imports.services import imports
from appraisal.imports.spreadsheets import nomination_template, read_nominations
from appraisal.nominations.forms.nominations import ApplicationForm
from appraisal.nominations.services import nominations
from appraisal.nominations.views import dossier
from appraisal.nominations.views.dossier import Viewer
from appraisal.notices.services import public
from appraisal.records.models import Nomination, SlateEntry
from appraisal.slates.spreadsheets import slate_workbook
from quotas.base import clock
from quotas.base.states import Level, NomineeKind, Role
from quotas.editions.models import EditionField
from quotas.editions.services import fields, rules
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
    return rules.compose(award_code=award.code, actor=planner.user, source="苏工发〔2026〕3号")


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
YEARS = {"act": "field", "label": "从业年限", "type": "number", "unit": "年", "least": "1", "most": "60"}


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
    put(planner, draft, act="take", key="skill")
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
    rules.publish(version_id=draft.pk, version=draft.version, actor=planner.user)
    assert "制造业、物流业" in text(planner.get(address(draft, "rule_edition")))
    assert planner.get(address(draft)).status_code == 302
    assert "已发布" in text(put(planner, draft, **YEARS), 409)
    assert not EditionField.objects.filter(label="从业年限").exists()
    again = rules.compose(award_code="medal", actor=planner.user, source="2号", based_on=draft.pk)
    put(planner, again, **YEARS)
    said = text(planner.get(f"{address(again, 'rule_edition')}?against={draft.number}"))
    assert "申报字段：从业年限" in said
    assert "1 至 60 年" in said


@pytest.fixture
def asked(planner, draft):
    """A published edition that asks for the trade, an account and years, in a round with places."""
    for field in (INDUSTRY, BANK, YEARS):
        put(planner, draft, **field)
    draft.refresh_from_db()
    rules.publish(version_id=draft.pk, version=draft.version, actor=planner.user)
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
    }
    assert f"{key_of('行业')}:2" in nomination.labels.split()
    saved = LedgerEntry.objects.get(act="save")
    assert saved.after["changed"] == ["性别", "行业", "银行账号", "从业年限"]
    assert "6222021234567890123" not in str(saved.after)


def test_the_dossier_shows_what_was_answered_and_masks_what_is_personal(nomination):
    def rows(viewer):
        nomination.refresh_from_db()
        return {
            str(row.label): str(row.value)
            for section in dossier.sections(nomination, viewer)
            for row in section.rows
        }

    official = rows(Viewer(own_unit=False, decides=False))
    assert (official["行业"], official["从业年限"]) == ("物流业", "12 年")
    assert official["银行账号"] == "622************0123"
    assert rows(Viewer(own_unit=True, decides=False))["银行账号"] == "6222021234567890123"
    assert rows(Viewer(own_unit=False, decides=True))["银行账号"] == "6222021234567890123"


def test_workbook_and_notice_tell_what_the_edition_lets_them(nomination):
    slate = make_slate(make_allotment(nomination.round_award, make_body()))
    SlateEntry.objects.create(slate=slate, nomination=nomination, kind="regular", rank=1)
    sheet = load_workbook(BytesIO(slate_workbook(slate.pk)))["汇总表"]
    headings, row = ([cell.value for cell in line] for line in sheet.iter_rows(min_row=2, max_row=3))
    cells = dict(zip(headings, row, strict=True))
    assert headings[16:] == ["状态", "行业", "银行账号"]
    assert (cells["行业"], cells["银行账号"]) == ("物流业", "622************0123")
    entries = slate.entries.select_related("nomination__employer", "nomination__body")
    (published,) = public.projection(entries, slate.round_award)
    assert published["told"] == [["性别", "女"], ["行业", "物流业"]]
    assert "622" not in str(published)


def test_a_workbook_that_comes_in_is_read_by_the_fields_of_its_award(nomination):
    asked = rounds.asked_in(nomination.round_award.round_id)
    blank = load_workbook(BytesIO(nomination_template(asked))).worksheets[0]
    headings = [str(cell.value).rstrip("*") for cell in blank[1]]
    assert {"行业", "银行账号", "从业年限", "性别"} <= {*headings}
    row = {
        "奖项": "五一劳动奖章",
        "统一社会信用代码": nomination.employer.credit_code,
        "推荐对象": "李四",
        "居民身份证号": "110105198001010032",
        "行业": "制造业",
        "从业年限": 7,
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
    assert bring(居民身份证号="110105198001010032").created == 1
    made = Nomination.objects.get(nominee_name="李四")
    assert made.answers == {key_of("行业"): "1", key_of("从业年限"): 7}
