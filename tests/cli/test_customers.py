"""What is written during a call, without a screen: somebody new, a field, a note; each as the screen does it.

Seen to fail: with the look at possible twins left out of ``add``, and with ``repair`` not asking what stood there.
"""

from __future__ import annotations

import pytest

from tests.cli.conftest import Commands, Ran


def _case(desk: Commands, **options: str) -> str:
    ran = desk.run("case", "new", as_="anna", product="Norvand Ingest", **options)
    assert ran.code == 0, ran.err
    return ran.out.strip()


def _run(desk: Commands, number: str, *arguments: str, **options: str) -> Ran:
    return desk.run(*arguments, as_="anna", purpose="support", reference=number, **options)


def test_somebody_new_is_added_once_and_the_second_time_shown(desk: Commands) -> None:
    number = _case(desk)
    who = {"given_name": "Zephyrine", "family_name": "Holm", "email": "z@holm.example", "country": "BE"}
    added = _run(desk, number, "customers", "add", "--json", **who)
    assert added.code == 0, added.err
    assert added.record["tied"] is True
    again = _run(desk, number, "customers", "add", **who)
    assert again.code == 6
    assert "Zephyrine Holm" in again.out
    assert "--nevertheless" in again.err
    assert desk.run("case", "list", "--json", as_="anna").rows[0]["customer"] == added.record["customer"]
    nevertheless = _run(desk, _case(desk), "customers", "add", "--nevertheless", **who)
    assert nevertheless.out.startswith("customer ")


def test_a_field_is_repaired_against_evidence_and_confirmed(desk: Commands) -> None:
    number = _case(desk, customer="1")
    shown = _run(desk, number, "show", "1", "--json").record
    sections = shown["sections"]
    assert isinstance(sections, dict)
    name = sections["person"][0]["cells"]["family_name"]
    repair = ("customers", "repair", "1", name["key"], "Zephyr")
    assert _run(desk, number, *repair, evidence=number, was=name["value"]).code == 3
    assert _run(desk, number, *repair, evidence=desk.demo.case, was="something else").code == 8
    done = _run(desk, number, *repair, "--json", evidence=desk.demo.case, was=name["value"])
    assert done.code == 0, done.err
    assert done.record == {"customer": 1, "field": name["key"], "evidence": desk.demo.case}
    assert "Zephyr" in _run(desk, number, "show", "1").out
    confirmed = _run(desk, number, "customers", "confirm", "1", f"{name['key']}=Zephyr", "--json")
    assert (confirmed.code, confirmed.record) == (0, {"customer": 1, "confirmed": 1})
    assert _run(desk, number, "customers", "confirm", "1", name["key"]).code == 6
    assert {"customer.changed", "customer.confirmed"} <= {str(entry["act"]) for entry in desk.entries()}


@pytest.mark.parametrize("group", ["case"])
def test_a_case_is_noted_tied_and_closed(desk: Commands, group: str) -> None:
    number = _case(desk)
    noted = desk.run(group, "note", number, "--json", as_="anna", topic="asked for a seat", text="Freed one.")
    assert (noted.code, noted.record) == (0, {"case": number, "noted": True})
    tied = desk.run(group, "tie", number, "--json", as_="anna", customer="1")
    assert (tied.code, tied.record) == (0, {"case": number, "customer": 1})
    assert desk.run(group, "tie", number, as_="anna", customer="2").code == 8
    assert "Freed one." in _run(desk, number, "show", "1").out
    closed = desk.run(group, "close", number, "--json", as_="anna", resolution="seat freed")
    assert (closed.code, closed.record) == (0, {"case": number, "open": False})
    assert desk.run(group, "note", number, as_="anna", topic="too late").code == 7


def test_colleagues_are_listed_and_logged(desk: Commands) -> None:
    number = _case(desk)
    ran = _run(desk, number, "customers", "colleagues", "1", "--json")
    assert ran.code == 0, ran.err
    assert any(entry["act"] == "customer.listed" for entry in desk.entries())
