"""What was sealed under a passphrase stays readable, and costs whoever guesses what RFC 9106 asks for.

Seen to fail: with cheaper costs.
"""

from __future__ import annotations

import pytest

from staffdesk.domain.errors import BadInput
from staffdesk.services.sealed_box import open_box

PASSPHRASE = "seven brass kettles sing"
SEALED = bytes.fromhex(
    "73746166666465736b2d626f782d310a1976dadc751dc3c00fd56faa271718837405c5d715b2d4b6594db34a5382062eea56aecf563659fa"
    "22456ba44f0a27a10f"
)
"""Sealed once at the second option of RFC 9106: three passes over 64 MiB in four lanes."""


def test_what_was_sealed_earlier_is_opened_by_its_passphrase_alone() -> None:
    assert open_box(SEALED, PASSPHRASE) == b"a key"
    with pytest.raises(BadInput, match="does not open it"):
        open_box(SEALED, f"{PASSPHRASE}s")
