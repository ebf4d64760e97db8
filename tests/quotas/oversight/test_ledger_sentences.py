"""The ledger in sentences: every act has one, names stand for numbers, and links only where the reader may go."""

import ast
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from appraisal.nominations.services import nominations, reviews
from appraisal.records.states import (
    EmployerAct,
    NominationAct,
    NominationNote,
    Outcome,
    SlateAct,
    SlateNote,
    SlateState,
)
from quotas.base import clock
from quotas.base.states import Level, Office, Role
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.ledger.tellings import Telling, streams
from quotas.oversight.views import told
from tests.appraisal.desks import make_desk
from tests.architecture.source import parse, python_files
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_application,
    make_body,
    make_nomination,
    make_official,
    make_round_award,
    make_unit_person,
    make_user,
)

LEDGER = "/ledger/"


def told_acts() -> set[str]:
    return {act for words in streams().values() for act in words.tellings}


def written_acts() -> set[str]:
    """Every act that the code hands to the ledger by its word: `act="…"`, or through a `record` of its module."""
    found = set()
    for path in python_files("quotas", "appraisal", "workflows"):
        tree = parse(path)
        if "ledger" not in path.read_text(encoding="utf-8"):
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = [
                part.value
                for value in (
                    [keyword.value for keyword in node.keywords if keyword.arg == "act"]
                    if name in {"append", "Draft", "give", "_write_many"}
                    else [value for value in node.args if not isinstance(value, ast.Dict)]
                    if re.fullmatch(r"_?(record|tell|touch)\w*", name)
                    else []
                )
                for part in ast.walk(value)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
            found |= {text for text in texts if re.fullmatch(r"[a-z]+(_[a-z]+)+", text)}
    return found


def test_every_act_has_its_sentence():
    enums = {
        act.value
        for kind in (NominationAct, NominationNote, SlateAct, SlateNote, EmployerAct)
        for act in kind
    }
    written = written_acts()
    assert {"set_places", "open_round", "create_account", "appoint_nobody"} - written == {"appoint_nobody"}
    assert (enums | written) - told_acts() == set()


def test_every_word_of_an_act_has_a_sentence_and_the_other_way_round():
    for kind, words in streams().items():
        assert set(words.acts) == set(words.tellings), kind


def test_every_sentence_reads_in_both_languages():
    for words in streams().values():
        for act, telling in words.tellings.items():
            chinese = str(telling.sentence)
            with translation.override("en"):
                english = str(telling.sentence)
            assert english != chinese, act
            assert not re.search(r"[一-鿿]", english), english
            assert set(re.findall(r"%\((\w+)\)s", english)) == set(re.findall(r"%\((\w+)\)s", chinese)), act


def test_an_act_without_a_sentence_is_found(db):
    ledger.append(stream="nomination:1", act="of_nobody", actor=None)
    assert "of_nobody" in told.sentence(LedgerEntry.objects.get(), told.Names())


def test_a_sentence_can_tell_what_a_fact_was_before(db, monkeypatch):
    words = streams()["allotment"]
    telling = Telling("%(before_places)s 个改为 %(places)s 个，%(before_reserve)s%(nothing)s")
    monkeypatch.setitem(words.tellings, "set_places", telling)
    ledger.append(
        stream="allotment:1", act="set_places", actor=None, before={"places": 3}, after={"places": 5}
    )
    assert told.sentence(LedgerEntry.objects.get(), told.Names()) == "3 个改为 5 个，"


# As a reader sees it


@pytest.fixture
def season(db):
    with clock.travel(IN_TIME):
        yield


def read(reader, query="") -> str:
    client = Client()
    client.force_login(reader)
    answer = client.get(f"{LEDGER}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def approved(county, unit="恒源精密机械有限公司", reviewer="张明"):
    award = make_round_award()
    make_allotment(award, county, places=5)
    nomination = make_nomination(award, county, status="in_review")
    nomination.employer.name = unit
    nomination.employer.save()
    actor = make_official(county, Role.UNION_REVIEWER, name=reviewer)
    reviews.give_opinion(
        nomination_id=nomination.pk,
        version=nomination.version,
        office=Office.UNION,
        actor=actor,
        outcome=Outcome.APPROVE,
        text="材料齐全",
    )
    return nomination


def test_an_approval_names_who_as_what_and_of_what(season):
    county = make_body(name="常熟市")
    nomination = approved(county)
    html = read(make_official(county, Role.OBSERVER))
    text = plain(html)
    assert "张明（常熟市总工会审核人）通过了" in text
    assert f"{nomination.nominee_name}（恒源精密机械有限公司）" in text
    assert f"申报 {nomination.number}：材料齐全" in text
    assert f'href="{reverse("appraisal:nomination", args=[nomination.pk])}"' in html
    for code in (f"nomination:{nomination.pk}", "in_review", "sha256", county.code):
        assert code not in text


def test_who_may_not_open_a_thing_gets_its_name_without_a_link(season):
    county = make_body(name="常熟市")
    nomination = approved(county)
    auditor = make_official(make_body(level=Level.PROVINCE), Role.AUDIT_ADMIN)
    html = read(auditor)
    assert nomination.nominee_name in html
    assert reverse("appraisal:nomination", args=[nomination.pk]) not in html


def test_found_by_person_body_unit_nominee_and_number_in_the_own_area_only(season):
    county, other = make_body(name="常熟市"), make_body(name="昆山市")
    here, there = approved(county), approved(other, unit="昆山某某电子有限公司", reviewer="李强")
    observer = make_official(county, Role.OBSERVER)
    for word in ("张明", "常熟", "恒源精密", here.nominee_name, here.number, "材料齐"):
        assert "恒源精密机械有限公司" in plain(read(observer, f"q={word}")), word
    for word in ("李强", "昆山", "某某电子", there.number):
        text = plain(read(observer, f"q={word}"))
        assert "没有符合条件的记录" in text, word
        assert "某某电子" not in text
    whole = make_official(make_body(level=Level.PROVINCE), Role.OBSERVER)
    assert "某某电子" in plain(read(whole, "q=李强"))
    assert "恒源" not in plain(read(whole, "q=李强"))


def test_what_a_unit_has_not_handed_in_is_nobody_elses(season):
    nomination = make_application(nominee_name="尚未上报的班组")
    nominations.save(nomination_id=nomination.pk, version=1, actor=nomination.created_by, leader_name="王工")
    assert LedgerEntry.objects.filter(stream=f"nomination:{nomination.pk}").exists()
    province = make_body(level=Level.PROVINCE)
    for body in (province, nomination.body):
        observer = make_official(body, Role.OBSERVER)
        for query in ("", "q=尚未上报", f"q={nomination.number}", f"stream=nomination:{nomination.pk}"):
            assert "尚未上报的班组" not in plain(read(observer, query)), query
    # Who answers for the ledger as a whole reads it whole.
    assert "尚未上报的班组" in plain(read(make_official(province, Role.AUDIT_ADMIN)))


def test_names_are_escaped(season):
    county = make_body(name="常熟市")
    approved(county, unit="<b>甲</b>", reviewer="<i>乙</i>")
    html = read(make_official(county, Role.OBSERVER))
    assert "<b>甲" not in html
    assert "<i>乙" not in html
    assert "&lt;b&gt;甲" in html


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_names_of_a_page_are_read_at_once(season, rows, django_assert_max_num_queries):
    county = make_body(name="常熟市")
    for _each in range(rows):
        approved(county)
    observer = make_official(county, Role.OBSERVER)
    client = Client()
    client.force_login(observer)
    client.get(LEDGER)
    with django_assert_max_num_queries(17):
        client.get(LEDGER)


def test_a_whole_season_is_told_without_a_code(season):
    """A list from its opening to the naming: no number of a row, no code of a body, nothing left empty."""
    desk = make_desk(body=make_body("S7777", level=Level.PROVINCE, name="某省"))
    kept, lost = desk.fill(non_public=2, score=9000)
    desk.advance(SlateState.NAMED)
    nominations.disqualify(nomination_id=lost.pk, actor=desk.keeper, reason="查实弄虚作假")
    entries = list(LedgerEntry.objects.order_by("pk"))
    assert {entry.act for entry in entries} >= {"submit", "sign", "publish", "finalise", "name", "disqualify"}
    for line in told.lines(entries, make_user()):
        text = plain(line.sentence)
        assert not re.search(r"[a-z]+_[a-z]+|:\d|%\(|None", text), text
        assert "  " not in text
        assert desk.body.code not in text
    texts = [plain(line.sentence) for line in told.lines(entries, make_user())]
    organ = desk.body.organs.get(kind="union").name
    assert any(f"（{organ}领导）签发了" in text for text in texts)
    assert any(f"取消了{lost.nominee_name}" in text for text in texts)
    assert kept.nominee_name


def test_the_history_of_a_nomination_speaks_the_same_sentences(season):
    county = make_body(name="常熟市")
    nomination = approved(county)
    address = reverse("appraisal:nomination", args=[nomination.pk])
    official, person = Client(), Client()
    official.force_login(make_official(county, Role.KEEPER))
    person.force_login(make_unit_person(nomination.employer))
    assert "张明（常熟市总工会审核人）通过了申报" in plain(official.get(address).content.decode())
    inside = plain(person.get(address).content.decode())
    assert "常熟市通过了申报" in inside
    assert "张明" not in inside
