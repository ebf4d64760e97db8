"""A rehearsal tells beforehand exactly what the acts will do, and leaves every row as it was."""

import random

import pytest
from django.core import serializers
from django.test import Client
from django.urls import reverse

from appraisal.gate.services import gate
from appraisal.nominations.services import nominations
from appraisal.records.models import Nomination, Slate, SlateEntry
from appraisal.records.states import SlateState
from appraisal.slates.services import rehearsals, slates
from quotas.base import clock
from quotas.base.errors import DomainError
from quotas.base.states import ReservePolicy, RuleKind
from quotas.ledger.models import LedgerEntry
from quotas.rounds.models import Allotment
from tests.appraisal.desks import make_desk
from tests.builders import IN_TIME, make_round_award, make_share_rule, relabel


@pytest.fixture(autouse=True)
def season(db):
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def half():
    """A round's award of whose list at least half are non-public."""
    return make_round_award()


def mixed(desk, kinds):
    """A signed list of these: "n" and "p" regular entries, "N" and "P" reserves, non-public and public."""
    made = desk.fill(
        non_public=kinds.count("n"), public=kinds.count("p"), reserves=sum(map(kinds.count, "NP"))
    )
    regular = sum(map(kinds.count, "np"))
    for nomination, kind in zip(made[regular:], [kind for kind in kinds if kind in "NP"], strict=True):
        relabel([nomination], non_public=kind == "N", ownership_verified=kind == "N")
    desk.advance(SlateState.SIGNED)
    return made


def everything():
    return serializers.serialize(
        "json",
        [
            row
            for model in (Nomination, Slate, SlateEntry, Allotment, LedgerEntry)
            for row in model.objects.order_by("pk")
        ],
    )


def shape(rows):
    return sorted((str(row.kind), row.rank, row.nomination_id) for row in rows)


def test_the_first_fitting_reserve_moves_up_and_who_cannot_is_told_why(half):
    desk = make_desk(half, places=4, reserve_places=3)
    made = mixed(desk, "nnppPN")
    before = everything()
    played = rehearsals.rehearse(slate_id=desk.slate.pk, leaving={made[0].pk})
    assert everything() == before
    assert not played.left.holds
    assert [(step.way, step.nomination_id) for step in played.steps] == [
        ("leaves", made[0].pk),
        ("moves_up", made[5].pk),
    ]
    assert played.after.holds
    assert (played.freed, played.vacant) == (1, 0)

    both = rehearsals.rehearse(slate_id=desk.slate.pk, leaving={made[0].pk, made[1].pk})
    assert [(step.way, step.nomination_id) for step in both.steps[2:]] == [
        ("moves_up", made[5].pk),
        ("stays_back", made[4].pk),
    ]
    assert [violation.code for violation in both.steps[-1].broken] == ["share_too_low"]
    assert both.vacant == 1
    assert not both.after.holds


@pytest.mark.parametrize("policy", ReservePolicy)
def test_nothing_moves_up_where_places_stay_vacant(half, policy):
    half.round.reserve_policy = policy
    half.round.save()
    desk = make_desk(half)
    made = mixed(desk, "nnpN")
    played = rehearsals.rehearse(slate_id=desk.slate.pk, leaving={made[2].pk})
    assert played.vacant == (1 if policy == ReservePolicy.VACANT else 0)
    assert played.fillable == (policy != ReservePolicy.VACANT)


def test_on_a_list_that_has_gone_the_place_stays_vacant(half):
    desk = make_desk(half)
    made = mixed(desk, "nnpN")
    Slate.objects.filter(pk=desk.slate.pk).update(state=SlateState.NAMED)
    played = rehearsals.rehearse(slate_id=desk.slate.pk, leaving={made[2].pk})
    assert (played.fillable, played.vacant) == (False, 1)


def test_what_would_mend_the_list_keeps_all_rules_and_is_not_said_of_one_that_has_gone(half):
    make_share_rule(
        half.rule_version, "of_bodies", label="sector:public_body", kind=RuleKind.COUNT, numerator=1
    )
    desk = make_desk(half, places=4)
    made = desk.fill(non_public=2, public=2)
    relabel(Nomination.objects.filter(pk=made[3].pk), sector="public_body")
    played = rehearsals.rehearse(slate_id=desk.slate.pk, leaving={made[0].pk})
    # Taking off any public one would mend the share; taking off this one would break the other rule.
    assert [named.nomination_id for change in played.after.remedy.drop for named in change.named] == [
        made[2].pk
    ]
    assert [reason.code for reason in played.after.reasons] == ["share_too_low", "slate_remedy"]
    Slate.objects.filter(pk=desk.slate.pk).update(state=SlateState.SENT_UP)
    played = rehearsals.rehearse(slate_id=desk.slate.pk, leaving={made[0].pk})
    assert (played.after.holds, played.after.remedy) == (False, None)


def test_other_places_are_judged_as_if_they_were_so(half):
    desk = make_desk(half, places=4)
    mixed(desk, "nnpp")
    played = rehearsals.rehearse(slate_id=desk.slate.pk, places=3)
    assert [violation.code for violation in played.after.violations] == ["slate_places_exceeded"]
    assert played.before.holds
    assert rehearsals.rehearse(slate_id=desk.slate.pk, places=9).after.holds


@pytest.mark.parametrize("seed", range(6))
def test_the_acts_then_do_what_was_rehearsed(half, seed):
    dice = random.Random(seed)
    make_share_rule(
        half.rule_version, "public_most", label="ownership:public", sense="max", kind="count", numerator=3
    )
    desk = make_desk(half, places=6, reserve_places=4)
    made = mixed(desk, "nnnpp" + "".join(dice.choice("NP") for _ in range(3)))
    leaving = dice.sample([nomination.pk for nomination in made[:6]], dice.randint(1, 3))
    played = rehearsals.rehearse(slate_id=desk.slate.pk, leaving=leaving)
    for number in leaving:
        desk.act(slates.remove_entry, nomination_id=number, reason="核查不实")
    for step in played.steps:
        if step.way == "moves_up":
            desk.act(slates.promote_reserve, nomination_id=step.nomination_id)
        elif step.way == "stays_back":
            with pytest.raises(DomainError):
                desk.act(slates.promote_reserve, nomination_id=step.nomination_id)
    now, rows, _pool = gate.snapshot(slate_id=desk.slate.pk)
    assert shape(rows) == shape(played.entries)
    assert [(check.code, check.count, check.base, check.holds) for check in gate.judge(now, rows).checks] == [
        (check.code, check.count, check.base, check.holds) for check in played.after.checks
    ]


def test_the_ledger_keeps_what_each_change_left(half):
    desk = make_desk(half, places=4)
    made = mixed(desk, "nnppN")
    desk.act(slates.remove_entry, nomination_id=made[0].pk, reason="核查不实")
    desk.act(slates.promote_reserve, nomination_id=made[4].pk)
    stream = LedgerEntry.objects.filter(stream=f"slate:{desk.slate.pk}").order_by("seq")
    told = {
        entry.act: entry.after["checks"][0]
        for entry in stream
        if entry.act in {"remove_entry", "promote_reserve"}
    }
    assert {act: (check["count"], check["base"], check["margin"]) for act, check in told.items()} == {
        "remove_entry": (1, 3, -1),
        "promote_reserve": (2, 4, 0),
    }


def test_a_withdrawal_is_rehearsed_like_a_removal(half):
    desk = make_desk(half, places=4)
    made = mixed(desk, "nnpp")
    played = rehearsals.rehearse(slate_id=desk.slate.pk, leaving={made[0].pk})
    nominations.disqualify(nomination_id=made[0].pk, actor=desk.keeper, reason="发生重大事故")
    assert gate.report(slate_id=desk.slate.pk).checks[0].count == played.left.checks[0].count


@pytest.fixture
def page(half):
    desk = make_desk(half, places=4)
    made = mixed(desk, "nnppP")
    client = Client()
    client.force_login(desk.keeper)
    return client, reverse("appraisal:slate_rehearsal", args=[desk.slate.pk]), made


def test_the_page_plays_what_is_ticked_and_changes_nothing(page):
    client, url, made = page
    assert "还没有演算" in client.get(url).content.decode()
    before = everything()
    answer = client.get(url, {"out": [made[0].pk]})
    text = answer.content.decode()
    assert everything() == before
    assert "空出正选 1 个，可递补 0 个，其余 1 个没有合适的后备。有规则不符合" in text
    assert f"{made[4].number} {made[4].nominee_name} 不能递补" in text
    assert "还差 1 个" in text


def test_bad_figures_are_told_and_a_stranger_on_the_list_is_passed_over(page):
    client, url, _made = page
    assert client.get(url, {"places": "-1"}).status_code == 422
    assert client.get(url, {"places": "many"}).status_code == 422
    answer = client.get(url, {"out": ["999999", "x"]})
    assert answer.status_code == 200
    assert not answer.context["leaving"]


def test_an_empty_list_says_so(half):
    desk = make_desk(half)
    client = Client()
    client.force_login(desk.keeper)
    url = reverse("appraisal:slate_rehearsal", args=[desk.slate.pk])
    assert "名单上还没有推荐对象" in client.get(url).content.decode()
