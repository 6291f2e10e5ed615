"""Which product is meant by a few letters; seen to fail with a name taken that only holds what was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.products import alike, as_other, is_other

NAMES = ("Norvand Caption", "Norvand Playout", "Norvand Playout Express", "Sync Box")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cap", NAMES[:1]), ("play nor", NAMES[1:3]), ("NORVAND PLAYOUT", NAMES[1:2]), ("ox", ()), ("", ()),
        ("sync  box", NAMES[3:]),
    ],
)  # fmt: skip
def test_each_word_typed_begins_a_word_of_the_name(typed: str, meant: tuple[str, ...]) -> None:
    assert alike(typed, NAMES) == meant


@given(st.text(max_size=40).filter(lambda text: text.strip() not in {"", "other:"}))
def test_another_product_is_kept_as_such_however_it_was_said(typed: str) -> None:
    kept = as_other(typed)
    assert kept.startswith("other:")
    assert as_other(kept) == kept
    assert is_other(kept)
