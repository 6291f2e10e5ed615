"""How a company is looked at in a run with faults."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from staffdesk.domain.access import Role
from tests.faults.arranging import At

COMPANIES: Final[dict[str, Callable[[At], Callable[[], object]]]] = {
    "listings.people_of": lambda at: partial(at.desk.listings.people_of, at.by(Role.SUPPORT), _company(at)),
    "organisations.history": lambda at: partial(at.desk.organisations.history, at.by(Role.SUPPORT), _company(at)),
}


def _company(at: At) -> int:
    """Return the number of a company."""
    return int(at.owner.exec_driver_sql("SELECT min(id) FROM organisation").scalar_one())
