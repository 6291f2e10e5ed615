"""Long, not complicated; refused with a reason; the first one can be read out."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.errors import BadInput, Misconfigured
from staffdesk.domain.passwords import OneTime, PasswordContext, check, generate_one_time, normal, rules

ANNA = PasswordContext(user_name="anna.holm", full_name="Anna Maria Holm", company="Nordlys Post ApS")


@pytest.mark.parametrize(
    "password",
    [
        "tulip gravel quiet ladder",
        "zeven groene paraplus vliegen",
        "le chat de ma voisine dort",
        "мой кот спит на крыше",
        "私の猫は屋根の上で静かに眠っています",
        "🐈🐕🐎🐖🐄🐑🐐🐓🦆🦉🦅🐝🦋🐌🐞",
        "anna likes gravel and tulips",
        "482910573829104",
        "x" * 200 + "abcdefgh tulip",
    ],
)
def test_a_long_password_of_any_characters_is_taken(password: str) -> None:
    check(password, ANNA)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("gravel ladder7", "too short: it needs 15 characters"),
        ("tulip " * 200, "too long: at most 1024 bytes"),
        ("é" * 513, "too long"),
        ("aaaaaaaaaaaaaaaaaaaa", "repeats the same few characters"),
        ("abababababababab", "repeats the same few characters"),
        ("Password123456789", "stolen passwords"),
        ("qwertyuiopasdfghjkl", "stolen passwords"),
        ("azertyuiopqsdfghjklm", "stolen passwords"),
        ("correct horse battery staple", "stolen passwords"),
        ("p-a-s-s-w-o-r-d-1-2-3-4-5-6", "stolen passwords"),
        ("Anna-Maria-Holm-1984", "your own name or the company's"),
        ("anna.holm.anna.holm", "your own name or the company's"),
        ("NordlysPostApS!2026", "your own name or the company's"),
        ("AnnaHolmPassword1", "stolen passwords"),
        ("tulip gravel \ud800 quiet", "not a character"),
    ],
)
def test_a_password_others_would_try_is_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(BadInput) as refused:
        check(password, ANNA)
    assert reason in refused.value.sentence
    assert refused.value.hint
    assert password not in str(refused.value) + refused.value.hint
    assert "holm" not in str(refused.value).lower()


def test_what_is_typed_composed_or_decomposed_is_one_password() -> None:
    composed = "crème brûlée à la fin"
    assert normal(unicodedata.normalize("NFD", composed)) == normal(composed)
    # Fourteen letters do not become fifteen by writing the accent apart.
    with pytest.raises(BadInput):
        check(unicodedata.normalize("NFD", "crème tulip xy"))


def test_the_context_does_not_print_whom_it_is_about() -> None:
    assert "holm" not in repr(ANNA).lower()


def test_a_first_password_is_small_letters_and_dashes_and_hard_to_guess() -> None:
    made = {generate_one_time() for _ in range(500)}
    assert len(made) == 500
    for password in made:
        assert set(password) <= set("abcdefghijklmnopqrstuvwxyz-")
        check(password, ANNA)
    assert rules().one_time.bits >= 90


def test_an_alphabet_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(Misconfigured, match="bits"):
        OneTime(consonants="bd", vowels="ae", groups=6, least_bits=90)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=0, max_size=300))
def test_no_text_makes_the_check_fail_otherwise(password: str) -> None:
    try:
        check(password, ANNA)
    except BadInput as refused:
        assert refused.hint  # noqa: PT017 - either outcome is right
    else:
        assert len(normal(password)) >= 15
