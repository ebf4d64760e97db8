"""One-time passwords: whole and in halves, read from paper, worth nothing by halves."""

import pytest
from django.contrib.auth.hashers import check_password, get_hasher

from quotas.people.services import one_time
from quotas.people.services.one_time import OneTimePasswordHasher


def test_a_whole_one_opens_and_no_other():
    made, other = one_time.whole(), one_time.whole()
    assert check_password(made.text, made.encoded)
    assert not check_password(other.text, made.encoded)
    assert not check_password(made.text[:-1], made.encoded)
    assert not check_password("", made.encoded)
    assert made.text not in repr(made)


@pytest.mark.parametrize("write", [str.upper, lambda text: text.replace("-", ""), lambda text: f" {text} "])
def test_it_is_read_as_people_copy_it(write):
    made = one_time.whole()
    assert check_password(write(made.text), made.encoded)


def test_neither_half_opens_alone_and_both_do_in_either_order():
    first = one_time.first_half()
    for tried in (first.text, first.text * 2, "-", "", first.text + "-"):
        assert not check_password(tried, first.encoded)
    second = one_time.second_half(first.encoded)
    for tried in (first.text, second.text, first.text * 2, second.text * 2):
        assert not check_password(tried, second.encoded)
    assert check_password(f"{first.text}-{second.text}", second.encoded)
    assert check_password(f"{second.text} {first.text}", second.encoded)


def test_a_lost_half_is_made_anew_and_the_other_stays_good():
    first = one_time.first_half()
    both = one_time.second_half(first.encoded)
    new_first = one_time.first_half(both.encoded)
    assert check_password(f"{new_first.text}{both.text}", new_first.encoded)
    assert not check_password(f"{first.text}{both.text}", new_first.encoded)
    new_second = one_time.second_half(new_first.encoded)
    assert check_password(f"{new_first.text}{new_second.text}", new_second.encoded)
    assert not check_password(f"{new_first.text}{both.text}", new_second.encoded)


def test_a_second_half_makes_a_whole_one_of_somebody_else_worthless():
    made = one_time.whole()
    both = one_time.second_half(made.encoded)
    assert not check_password(made.text, both.encoded)


def test_a_half_that_is_derived_is_the_same_again_and_another_for_another():
    half = one_time.derived_half("reset:1")
    assert half == one_time.derived_half("reset:1")
    assert half not in {one_time.derived_half("reset:2"), one_time.derived_half("reset:11")}
    assert len(half) == len(one_time.first_half().text)
    assert set(half) <= {*one_time.LETTERS, "-"}
    assert not set(one_time.LETTERS) & set("01lio")


def test_a_completed_one_opens_as_a_whole_and_no_half_of_it_is_made_anew():
    first = one_time.derived_half("reset:1")
    second, whole = one_time.completed(first)
    assert check_password(f"{first}-{second}", whole.encoded)
    assert not any(check_password(tried, whole.encoded) for tried in (first, second, f"{second}-{first}"))
    assert not one_time.is_halved(whole.encoded)


def test_it_fits_the_column_and_is_upgraded_at_once():
    both = one_time.second_half(one_time.first_half().encoded)
    assert len(both.encoded) <= 128
    assert OneTimePasswordHasher().must_update(both.encoded)
    upgraded = []
    made = one_time.whole()
    assert check_password(made.text, made.encoded, setter=upgraded.append)
    assert upgraded == [made.text]


def test_a_wrong_one_takes_as_long_as_that_of_any_account(monkeypatch):
    asked = []
    default = type(get_hasher("default"))
    encode = default.encode
    monkeypatch.setattr(default, "encode", lambda self, *given: asked.append(1) or encode(self, *given))
    made = one_time.whole()
    assert not check_password("wrong", made.encoded)
    assert asked
