"""Sizes as people say them. Seen to fail: with every size in GB, where a small file was told to have 0.0 of them."""

from __future__ import annotations

import pytest

from staffdesk.domain.sizes import size_in_words


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "1 kB"), (4_096, "4 kB"), (999_400, "999 kB"), (20_700_000, "20.7 MB"), (1_400_000_000, "1.4 GB")],
)
def test_a_size_is_told_in_the_unit_that_tells_something(size: int, said: str) -> None:
    assert size_in_words(size) == said
