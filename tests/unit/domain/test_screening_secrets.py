"""Passwords and keys are refused as people tell them, and what is said of passwords every day is not."""

from __future__ import annotations

import pytest

from staffdesk.domain.screening import FieldKind, screen
from tests.bench.screening import SECRETS, is_refused, measured, written

TEXTS = list(written(SECRETS))


def test_of_what_people_write_nearly_all_that_must_not_be_held_is_found_and_nothing_else() -> None:
    assert measured(TEXTS)["recall"] >= 0.98
    assert [text.text for text in TEXTS if not text.held and is_refused(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "hf_AbCdEfGhIjKlMnOpQrStUvWxYzabcdefgh", "sk-AbCdEfGhIjKlMnOpQrStT3BlbkFJuVwXyZ0123456789",
        "GOCSPX-AbCdEfGhIjKlMnOpQrStUvWx", "0123456789abcdef0123456789abcdef-us21", "wachtw: zonnebloem",
        "WIFI:S:Church;T:WPA;P:amazing grace;H:false;;", "curl -u admin:studio77 http://10.0.0.4/api",
        "$2b$12$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234", "le mdp c'est Soleil77",
    ],
)  # fmt: skip
def test_keys_and_passwords_are_refused_in_every_text(text: str) -> None:
    found = screen(text)
    assert found is not None
    assert text.rpartition(" ")[2] not in f"{found.what} {found.reason} {found.next}"


@pytest.mark.parametrize("text", ["password: required", "Passwort: %s", "mot de passe : oublié", "password: 12 signs"])
def test_what_is_said_of_a_password_after_a_colon_may_be_held(text: str) -> None:
    assert screen(text) is None
    assert screen(text, FieldKind.NOTE) is None


@pytest.mark.parametrize("text", ["password - hunter2", "his password is sunshine", "wachtwoord is zonneschijn"])
def test_one_word_told_as_a_password_is_asked_of_notes_alone(text: str) -> None:
    """In an import such words stand in products and in messages of programs."""
    assert screen(text) is None
    found = screen(text, FieldKind.NOTE)
    assert found is not None
    assert found.what == "a password"
