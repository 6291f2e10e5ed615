"""The simulated company writes what the desk could have written, says what of it was misuse, and knows no rule."""

from __future__ import annotations

import ast
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest

from staffdesk.audit.entry import Core
from staffdesk.domain.access import Act, Basis, Level, Outcome, Purpose, Relation, Role, Standing
from tests.bench import simulated_company
from tests.bench.simulated_company import Misuse, Simulated, simulate

_LOOKS = ("customer.", "request.received")
_WORDS: dict[str, type[StrEnum]] = {
    "act": Act,
    "out": Outcome,
    "role": Role,
    "purpose": Purpose,
    "standing": Standing,
    "basis": Basis,
    "level": Level,
}


@cache
def _month() -> Simulated:
    return simulate(months=1, staff=5, seed=1)


def test_the_same_seed_makes_the_same_bytes_and_another_one_others() -> None:

    first, second = _month(), simulate(months=1, staff=5, seed=1)
    assert [each.encode() for each in first.entries] == [each.encode() for each in second.entries]
    assert (first.incidents, first.explained) == (second.incidents, second.explained)
    assert simulate(months=1, staff=5, seed=2).entries[:50] != first.entries[:50]


def test_every_entry_is_one_that_the_log_takes_in_its_order() -> None:
    entries = _month().entries
    assert all(Core.decode(each.encode()) == each for each in entries)
    assert [each.seq for each in entries] == list(range(1, len(entries) + 1))
    assert [each.t for each in entries] == sorted(each.t for each in entries)


def test_every_word_is_one_of_the_closed_lists() -> None:
    entries = _month().entries
    for field, words in _WORDS.items():
        assert {getattr(each, field) for each in entries} - {None} <= set(words), field
    assert {word for each in entries for word in each.rel} <= set(Relation)


def test_every_act_is_in_a_session_that_was_open_and_not_locked() -> None:
    open_now: dict[str | None, str | None] = {}
    locked: set[str | None] = set()
    for each in _month().entries:
        match each.act:
            case "session.signed_in":
                open_now[each.sid] = each.actor
            case "session.refused":
                assert each.sid is None
            case "session.locked":
                locked.add(each.sid)
            case "session.unlocked":
                locked.remove(each.sid)
            case "session.ended":
                del open_now[each.sid]
            case _:
                assert open_now[each.sid] == each.actor, each
                assert each.sid not in locked, each


def test_a_case_is_worth_what_the_desk_would_say() -> None:
    opened: dict[str, str | None] = {}
    about: dict[str, str] = {}
    closed: set[str] = set()
    for each in _month().entries:
        if each.out == "ok" and each.act in {"case.opened", "case.tied", "case.closed"}:
            (case,) = (aid for aid in each.obj if aid.startswith("c_"))
            if each.act == "case.opened":
                opened[case] = each.actor
            if each.act == "case.closed":
                assert case not in closed
                closed.add(case)
            elif len(each.obj) > 1:
                about[case] = each.obj[0]
        elif each.act == "case.noted":
            assert each.ref not in closed
        elif each.act == "customer.opened" and each.basis == "ticket" and each.ref in closed:
            assert each.standing == "claimed"
        elif each.act == "customer.opened" and each.ref in opened:
            own = opened[each.ref] == each.actor
            assert each.basis == ("own" if own else "case")
            verified = not own and each.ref not in closed and about.get(each.ref) == each.obj[0]
            assert each.standing == ("verified" if verified else "claimed")


def test_a_look_outside_somebodys_hours_is_misuse_or_says_why() -> None:
    month = _month()
    said = {seq for each in month.incidents for seq in each.seqs}
    said |= {seq for each in month.explained for seq in each.seqs}
    silent = [
        each
        for each in month.entries
        if each.act.startswith(_LOOKS)
        and each.seq not in said
        and not any(begin <= each.t <= end for begin, end in month.hours[each.actor or ""])
    ]
    assert silent == []


@pytest.mark.parametrize("staff", [5, 15, 40])
def test_every_kind_of_misuse_is_done_in_three_months(staff: int) -> None:
    company = simulate(months=3, staff=staff, seed=3)
    assert {each.kind for each in company.incidents} == set(Misuse)
    accounts = {each.staff_id for each in company.staff}
    for each in company.incidents:
        assert each.actor in accounts
        assert {company.entries[seq - 1].actor for seq in each.seqs} == {each.actor}


def test_what_is_explained_is_no_misuse() -> None:
    month = _month()
    misuse = {seq for each in month.incidents for seq in each.seqs}
    assert misuse.isdisjoint(seq for each in month.explained for seq in each.seqs)


def test_it_imports_nothing_of_the_rules() -> None:
    files = sorted(Path(str(simulated_company.__file__)).parent.rglob("*.py"))
    imported = {
        name
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "", *(alias.name for alias in node.names)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert [name for name in imported if "flag" in name.lower() or "review" in name.lower()] == []
    ours = {name for name in imported if name.startswith("staffdesk")}
    assert ours == {"staffdesk.audit.entry", "staffdesk.domain.access"}
