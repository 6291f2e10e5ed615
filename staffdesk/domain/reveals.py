"""Naming an employee to who asks for access: the exception, for a reason and with a second person (CJEU, C-579/21)."""

from __future__ import annotations

from dataclasses import dataclass

from staffdesk.domain.requests import RequestState

ASKABLE = frozenset({RequestState.ASSESSMENT, RequestState.DECISION})
"""Before it is submitted: what is approved is what is named."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reveal:
    """A consultation, by its entry, of which a package is to name the employee; with ``every_one``, of all of his.

    ``asked_at`` is UTC milliseconds.
    """

    seq: int
    every_one: bool
    employee: str
    name: str
    reason: str
    asked_at: int

    def __repr__(self) -> str:
        return f"<Reveal {self.seq}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Asked:
    """What is asked to be named, as its request's page tells it: which consultation, and why; never who it was."""

    seq: int
    at: int | None
    department: str
    every_one: bool
    reason: str

    def __repr__(self) -> str:
        return f"<Asked {self.seq}>"
