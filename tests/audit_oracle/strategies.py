"""Any value that the restricted canonical form admits."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

from tests.audit_oracle.canonical import Value

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"])).map(lambda text: unicodedata.normalize("NFC", text))
KEYS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E))
INTEGERS = st.integers(1 - 2**53, 2**53 - 1)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXT,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)
