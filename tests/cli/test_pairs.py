"""Privacy goes through who stands twice by commands: page after page, until it is decided.

Seen to fail: with ``--after`` left out of what is asked, with a company told of two who have none, and with empty pages
printed.
"""

from __future__ import annotations

from tests.cli.conftest import Commands, Ran


def _pairs(desk: Commands, *more: str) -> Ran:
    return desk.run("customers", "pairs", *more, as_="david", purpose="rights")


def test_pairs_are_listed_page_after_page_until_they_are_decided(desk: Commands) -> None:
    who = {"given_name": "Zephyrine", "family_name": "Holm", "email": "z@holm.example", "country": "BE"}
    for _ in range(2):
        case = desk.run("case", "new", as_="anna", product="Norvand Ingest").out.strip()
        added = desk.run(
            "customers", "add", "--nevertheless", as_="anna", purpose="support", reference=case, **who
        )  # fmt: skip
        assert added.code == 0, added.err
    first = _pairs(desk, "--json")
    assert first.code == 0, first.err
    found = first.record["pairs"]
    assert isinstance(found, list)
    (pair,) = found
    assert (pair["alike"], pair["customer"]["title"]) == ("e-mail, name", "Zephyrine Holm")
    after = str(first.record["after"])
    last = _pairs(desk, "--json", "--after", after).record
    assert (last["pairs"], last["after"]) == ([], None), "no page is empty but the last"
    assert "No further pair is left." in _pairs(desk, "--after", after).err
    shown = _pairs(desk)
    assert "Zephyrine Holm" in shown.out
    assert f"The next page: --after {after}" in shown.err
    two = (str(pair["customer"]["id"]), str(pair["other"]["id"]))
    assert desk.run("customers", "not-same", *two, as_="david", purpose="rights", reference="T-1182").code == 0
    assert "Zephyrine" not in _pairs(desk).out
    assert _pairs(desk, "--after", "email:z@holm.example").code == 6
    assert desk.run("customers", "pairs", as_="anna", purpose="support").code == 3
