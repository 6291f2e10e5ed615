"""An import, or its undoing, that a database stops on the way never says that nothing was changed.

Seen to fail: with what the database says passed on.
"""

from __future__ import annotations

import pytest

from staffdesk.domain.errors import LogUnavailable, StaffdeskError, StorageUnavailable
from staffdesk.services.importing.on_the_way import standing

NOTHING = "Nothing was changed: the database was busy."


@pytest.mark.parametrize("kind", [LogUnavailable, StorageUnavailable])
@pytest.mark.parametrize("began", [True, False])
def test_what_was_done_before_is_said_to_stand(kind: type[StaffdeskError], began: bool) -> None:
    with pytest.raises(kind) as caught, standing(lambda: began):
        raise kind(NOTHING, "Try again.")
    assert (caught.value.sentence == NOTHING) is not began
