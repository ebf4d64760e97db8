"""What people paste: login names in any case, shares in per cent, unlikely identity numbers, codes with blanks."""

from datetime import date

import pytest
from django import forms
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from appraisal.management._importing import actor_of
from appraisal.nominations.forms.apply import ApplyForm
from appraisal.nominations.forms.nominations import WayOutForm
from appraisal.nominations.services import nominations
from appraisal.records import rules
from appraisal.register.forms import EmployerForm, OwnershipForm, RegisterForm
from appraisal.register.services import employers
from quotas.base import clock
from quotas.base.errors import InvalidInput
from quotas.base.fields import PointsField, ShareField
from quotas.base.outside import BlockField, LineField
from quotas.base.states import Role
from quotas.people.forms import AppointForm, DismissForm, SignInForm
from quotas.people.services import accounts
from tests.builders import (
    IN_TIME,
    make_application,
    make_body,
    make_credit_code,
    make_employer,
    make_official,
    make_user,
)

TODAY = date(2026, 5, 15)


def test_a_rare_character_of_the_writers_own_machine_is_refused_in_a_name_and_dropped_in_a_text():
    """Dropped from a name it would leave another name; a text of many lines bears the bullets of Word."""
    with pytest.raises(forms.ValidationError) as refused:
        LineField().clean("王\ue863军")
    assert "第 2 个字是自造字" in refused.value.messages[0]
    assert LineField().clean("王𠮷军") == "王𠮷军"
    assert BlockField().clean("\uf0b7 事迹一") == "事迹一"


@pytest.mark.django_db
def test_a_rare_character_is_refused_by_the_services_with_its_field_and_place():
    """Imports come through no form."""
    body = make_body()
    official = make_official(body, Role.UNION_REVIEWER)
    fields = {"name": "江苏\ue863源有限公司", "credit_code": make_credit_code(7), "body": body}
    with pytest.raises(InvalidInput) as refused:
        employers.register(actor=official, **fields)
    (problem,) = refused.value.problems
    assert (problem.field, problem.code, problem.params) == ("name", "private_use", {"place": 3})
    nomination = make_application()
    with clock.travel(IN_TIME), pytest.raises(InvalidInput) as refused:
        nominations.save(
            nomination_id=nomination.pk,
            version=1,
            actor=nomination.created_by,
            leader_name="王\ue863",
            summary="\uf0b7 一",
        )
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("leader_name", "private_use")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["Changshu.Gonghui", "changshu.gonghui", "CHANGSHU.GONGHUI ", "\u202dchangshu．gonghui\u202c"]
)
def test_one_meaning_of_a_login_name(typed):
    user = make_user(username="Changshu.Gonghui")
    user.set_password("一二三四五六七八九十-Ab1")
    user.save()
    assert accounts.named(username=typed) == user
    assert actor_of(typed) == user
    client = Client()
    answer = client.post(reverse("quotas:login"), {"username": typed, "password": "一二三四五六七八九十-Ab1"})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.django_db
def test_another_login_name_is_nobody():
    make_user(username="Changshu.Gonghui")
    with pytest.raises(CommandError):
        actor_of("changshu.gonghu")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("100", 1000),
        ("100%", 1000),
        ("51.5", 515),
        ("５１．５％", 515),
        ("0", 0),
        ("", None),
        ("\u200b", None),
    ],
)
def test_a_share_is_typed_in_per_cent(typed, kept):
    assert ShareField(required=False).clean(typed) == kept
    if kept is not None:
        assert ShareField(required=False).clean(ShareField().prepare_value(kept)) == kept


@pytest.mark.parametrize("typed", ["101", "-1", "51.55", "abc", "1000", "9" * 5000, "‰"])
def test_what_is_no_share(typed):
    with pytest.raises(forms.ValidationError):
        ShareField(required=False).clean(typed)


@pytest.mark.django_db
def test_the_screen_knows_no_thousandths():
    unit = make_employer(state_capital_permille=515)
    for form in (EmployerForm(unit), OwnershipForm(unit)):
        assert "‰" not in form.as_div()
        assert 'value="51.5"' in form.as_div()


@pytest.mark.parametrize("typed", ["95.550000000000011", "95.55", "９５．５５", " 95.55\u200b"])
def test_points_are_what_a_spreadsheet_shows(typed):
    assert PointsField(most=10_000).clean(typed) == 9555


def number_of(born, order):
    head = f"320501{born}{order:03d}"
    return head + rules.ric.calc_check_digit(head + "0")


@pytest.mark.parametrize(
    ("born", "order", "gender", "codes"),
    [
        ("19800101", 1, "male", []),
        ("19800101", 2, "female", []),
        ("19800101", 1, "", []),
        ("19800101", 1, "female", ["identity_of_male"]),
        ("19800101", 2, "male", ["identity_of_female"]),
        ("20200101", 1, "male", ["identity_age"]),
        ("19300101", 1, "male", ["identity_age"]),
        ("20100515", 1, "male", []),
        ("20100516", 1, "male", ["identity_age"]),
        ("19300101", 2, "male", ["identity_age", "identity_of_female"]),
    ],
)
def test_an_unlikely_number_is_a_doubt_and_no_refusal(born, order, gender, codes):
    number = number_of(born, order)
    assert rules.identity_number_problem(number, TODAY) is None
    assert [doubt.code for doubt in rules.identity_doubts(number, gender, TODAY)] == codes


@pytest.mark.parametrize("form", [EmployerForm(), WayOutForm(), DismissForm(), AppointForm([]), SignInForm()])
def test_the_browser_cuts_nothing(form):
    assert "maxlength" not in form.as_div()


def test_a_code_with_blanks_is_that_code():
    field = RegisterForm.base_fields["credit_code"]
    assert field.clean(" 8132 0581 ＭＦ12-3456 7a\u202c") == "81320581MF1234567A"
    assert ApplyForm.base_fields["identity_number"].clean("320501 19800101 001x") == "32050119800101001X"
