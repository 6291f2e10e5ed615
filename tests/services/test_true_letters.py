"""A letter says what is so: who was told, until when, since when, and what who asks may still do.

Seen to fail: with every recipient of a request named as told.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestState, RequestType
from tests.services.contested_case import Case, case_at, given
from tests.services.offices import PASSWORD, Office
from tests.services.workflows import workflow_of


@pytest.fixture
def it(office: Office, tmp_path: Path) -> Case:
    return replace(case_at(office, tmp_path), workflow=workflow_of(office, tmp_path, days_pass=True))


def said(it: Case, number: str, move: str, answers: Answers | None = None) -> str:
    drafted = it.workflow.draft(it.officer, number, move, answers)
    assert drafted is not None
    return " ".join(drafted.written.text.split())


def answered(it: Case, number: str) -> str:
    return " ".join(it.workflow.answer(it.officer, number).written.text.split())


def test_who_need_not_be_told_is_not_among_those_who_were(it: Case) -> None:
    given(it, CARRIER="identity, delivery", RESELLER="identity")
    number = it.asks(RequestType.ERASE)
    it.make(number, "decide")
    it.make(number, "submit")
    it.workflow.make(it.approver, number, "approve", password=PASSWORD)
    it.make(number, "erase")
    it.workflow.told(it.officer, number, "CARRIER", TaskState.SENT)
    gone = "The firm does not exist any more."
    assert it.workflow.told(it.officer, number, "RESELLER", TaskState.EXEMPT, gone).progress.state is (
        RequestState.REPLYING
    )
    whole = answered(it, number)
    assert "Who was told - Carrier SA - Reseller SA: not told, because that is impossible or would take" in whole
    assert whole.count("Carrier SA") == whole.count("Reseller SA") == 1
    it.workflow.told(it.officer, number, "RESELLER", TaskState.SENT)
    assert "Who was told - Carrier SA - Reseller SA If you do not agree" in answered(it, number)
    it.workflow.told(it.officer, number, "CARRIER", TaskState.EXEMPT, gone)
    it.workflow.told(it.officer, number, "RESELLER", TaskState.EXEMPT, gone)
    whole = answered(it, number)
    assert "Who was told - Carrier SA: not told, because" in whole
    assert "Nobody outside our house" not in whole
    assert it.workflow.send(it.officer, number).progress.state is RequestState.COMPLETED
