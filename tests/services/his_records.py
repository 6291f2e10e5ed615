"""A request whose requester has proven who he is, as the tests of all his records work on it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyzipper

from staffdesk.domain.access import Access
from staffdesk.domain.likely_same import SamePerson
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestType
from staffdesk.services.duplicates import Duplicates
from staffdesk.services.moved import Moved
from staffdesk.services.reveals import StaffReveals
from staffdesk.services.workflow import Workflow
from tests.services.offices import PASSWORD, Office


@dataclass(frozen=True)
class File:
    """A request whose requester has proven who he is."""

    office: Office
    workflow: Workflow
    officer: Access
    number: str

    def make(self, name: str, answers: Answers | None = None) -> Moved:
        return self.workflow.make(self.officer, self.number, name, answers)

    @property
    def duplicates(self) -> Duplicates:
        return Duplicates(self.office.door, clock=self.office.clock)

    @property
    def reveals(self) -> StaffReveals:
        return StaffReveals(self.office.door, clock=self.office.clock)

    def answer(self, customer: int, answer: SamePerson) -> int:
        return self.duplicates.answer(self.officer, self.number, {customer: answer})

    def closed(self, name: str) -> str | None:
        offers = self.workflow.open_moves(self.officer, self.number).offers
        return next(each.closed for each in offers if each.move.name == name)


Ask = Callable[[int, RequestType], File]


def approved(it: File, approver: Access) -> None:
    it.make("decide")
    it.make("submit")
    it.workflow.make(approver, it.number, "approve", password=PASSWORD)


def access_to(it: File, moved: Moved, folder: Path) -> dict[str, Any]:
    """Return what the package that was made says, as it lies beside its letter."""
    it.workflow.send(it.officer, it.number)
    with pyzipper.AESZipFile(folder / "data" / "letters" / f"{it.number}.zip") as outer:
        outer.setpassword(moved.passphrase.encode())
        with zipfile.ZipFile(io.BytesIO(outer.read("package.zip"))) as inner:
            return dict(json.loads(inner.read("access.json")))
