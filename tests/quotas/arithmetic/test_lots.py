"""Lots that follow from a code."""

from hashlib import sha256
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from quotas.arithmetic.lots import order

CODES = st.text(max_size=20)
KEYS = st.sets(st.text(max_size=8), max_size=30)


@given(CODES, KEYS, st.integers())
def test_the_order_in_which_keys_are_named_makes_no_difference(code, keys, seed):
    shuffled = sorted(keys)
    Random(seed).shuffle(shuffled)
    assert order(code, shuffled) == order(code, keys)


@given(CODES, KEYS, KEYS)
def test_others_that_join_change_nothing_between_two(code, keys, more):
    together = order(code, keys | more)
    assert [key for key in together if key in keys] == order(code, keys)


def test_anybody_can_draw_again_with_a_tool_that_hashes():
    keys = ["320100", "320200", "320300", "320400"]
    by_hand = sorted(keys, key=lambda key: sha256(("round code\n" + key).encode()).hexdigest())
    assert order("round code", keys) == by_hand != order("another code", keys)


def test_every_key_is_first_as_often_as_another():
    first = [order(str(number), "abcd")[0] for number in range(4000)]
    assert all(900 < first.count(key) < 1100 for key in "abcd")
