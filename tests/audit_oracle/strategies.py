"""Any value that the restricted canonical form admits, and patience for making it on a busy machine."""

from __future__ import annotations

import unicodedata

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.audit_oracle.canonical import Value


def _text(shortest: int) -> st.SearchStrategy[str]:
    characters = st.characters(exclude_categories=["Cc", "Cs"])
    return st.text(characters, min_size=shortest).map(lambda text: unicodedata.normalize("NFC", text))


TEXT = _text(0)
NOT_EMPTY = _text(1)
KEYS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E))
INTEGERS = st.integers(1 - 2**53, 2**53 - 1)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXT,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
