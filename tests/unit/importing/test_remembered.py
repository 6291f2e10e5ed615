"""What a run remembers in a few bytes each is what a dictionary would remember."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from staffdesk.services.importing.remembered import Dreamt, Numbers, Said, Serials


@given(st.lists(st.tuples(st.text(max_size=2), st.integers(1, 10**6)), max_size=60))
def test_numbers_are_found_by_their_keys(told: list[tuple[str, int]]) -> None:
    numbers, expected = Numbers(), defaultdict[str, list[int]](list)
    for key, number in told:
        numbers.add(key, number)
        expected[key].append(number)
    assert all(numbers.of(key) == sorted(found) for key, found in expected.items())
    assert numbers.of("a key that nobody told") == []


def test_nothing_is_lost_when_the_table_grows() -> None:
    numbers = Numbers()
    for number in range(1, 5_001):
        numbers.add(f"key {number % 2_500}", number)
    assert all(numbers.of(f"key {number % 2_500}") == [number, number + 2_500] for number in range(1, 2_500))


def test_somebody_is_found_by_what_was_told_of_him_first() -> None:
    dreamt = Dreamt()
    number = dreamt.add()
    dreamt.tell(number, "", None, frozenset({"email a@b.example"}))
    dreamt.tell(number, "lund mette", "account 1", frozenset({"email other@b.example"}))
    (him,) = dreamt.of("account 1")
    assert (him.number, him.name, him.has_account, him.has_email) == (1, hash("lund mette"), True, True)
    assert dreamt.knows("email a@b.example")
    assert not dreamt.knows("email other@b.example"), "the first address stands"


def test_a_licence_told_twice_is_told_again_or_otherwise_and_a_batch_may_be_tried_again() -> None:
    serials = Serials()
    said = [serials.tell("SN-1", "4 seats", "line 2"), serials.tell("SN-1", "4 seats", "line 2")]
    said += [serials.tell("SN-1", "4 seats", "line 3"), serials.tell("SN-1", "5 seats", "line 4")]
    assert said == [Said.FIRST, Said.FIRST, Said.AGAIN, Said.OTHERWISE]
    assert (serials.knows("SN-1"), serials.knows("SN-2")) == (True, False)
