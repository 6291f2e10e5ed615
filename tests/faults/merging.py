"""How records are put together and taken apart in a run with faults."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from staffdesk.domain.access import Role
from staffdesk.domain.twin_pairs import BEGINNING, PairsAfter
from tests.faults.arranging import At

MERGING: Final[dict[str, Callable[[At], Callable[[], object]]]] = {
    "merging.twins": lambda at: partial(at.desk.merging.twins, at.by(Role.SUPPORT), at.demo.person),
    "pairs.page": lambda at: partial(at.desk.pairs.page, at.by(Role.PRIVACY), _twice(at)),
    "merging.merge": lambda at: partial(at.desk.merging.merge, at.by(Role.SUPPORT), *_two(at)),
    "merging.unmerge": lambda at: partial(at.desk.merging.unmerge, at.by(Role.SUPPORT), *_merged(at)),
    "merging.tell_apart": lambda at: partial(at.desk.merging.tell_apart, at.by(Role.SUPPORT), *_two(at)),
}


def _twice(at: At) -> PairsAfter:
    """Return where everybody on file begins, with one who stands there twice."""
    at.twin()
    return BEGINNING


def _two(at: At) -> tuple[int, int]:
    """Return the demo's person and a record with his address."""
    return at.demo.person, at.twin()


def _merged(at: At) -> tuple[int, int]:
    two = _two(at)
    at.desk.merging.merge(at.by(Role.SUPPORT), *two)
    return two
