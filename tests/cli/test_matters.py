"""Cases without a screen."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Commands


def test_a_new_case_is_a_reference_at_once_and_on_my_list(desk: Commands) -> None:
    number = desk.run("case", "new", as_="anna", caller="Somebody", product="Norvand Ingest", customer="2").out.strip()
    opened = desk.run("show", "2", "--json", as_="anna", purpose="support", reference=number)
    assert opened.code == 0, opened.err
    assert (opened.record["standing"], opened.record["basis"]) == ("claimed", "own")
    mine = desk.run("case", "list", "--json", as_="anna").rows
    assert mine[0]["number"] == number
    assert "Somebody" not in str(mine)


@pytest.mark.parametrize("option", [{"kind": "gossip"}, {"channel": "pigeon"}, {"recognised": "by voice"}])
def test_a_word_outside_the_closed_lists_exits_6(desk: Commands, option: dict[str, str]) -> None:
    assert desk.run("case", "new", as_="anna", **option).code == 6


def test_a_case_with_a_card_number_in_it_is_refused_and_not_repeated(desk: Commands) -> None:
    ran = desk.run("case", "new", as_="anna", summary="pays with 4111 1111 1111 1111")
    assert ran.code == 6
    assert "4111" not in ran.out + ran.err
    assert "4111 1111" not in str(desk.entries())


def test_an_admin_opens_no_case(desk: Commands) -> None:
    assert desk.run("case", "new", as_="frank", product="mr4").code == 3


def test_a_case_about_nothing_is_not_opened(desk: Commands) -> None:
    refused = desk.run("case", "new", as_="anna")
    assert (refused.code, refused.out) == (6, "")
    assert "Say which product, who is calling, or what it is about." in refused.err
