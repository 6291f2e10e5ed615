"""The access table has no hole in it and no word that is not on its list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pytest

from staffdesk.domain.access import Role
from staffdesk.domain.access_table import Condition
from staffdesk.domain.classes import PrivacyClass
from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.policy import AccessMatrix, matrix
from staffdesk.parameters import load, shaped


def _table() -> dict[str, dict[str, dict[str, object]]]:
    return cast("dict[str, dict[str, dict[str, object]]]", load("access"))


def _refused(table: Mapping[str, object]) -> str:
    with pytest.raises(Misconfigured) as error:
        shaped("access", table, AccessMatrix)
    return error.value.sentence


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (("classes", "support"), "classes.support is missing"),
        (("classes", "support", "network"), "classes.support.network is missing"),
        (("acts", "customer.opened"), "acts.customer.opened is missing"),
        (("search", "auditor"), "search.auditor is missing"),
        (("keys", "mac"), "keys.mac is missing"),
        (("conditions", "verified"), "conditions.verified is missing"),
        (("purposes", "system"), "purposes.system is missing"),
        (("reveal", "admin"), "reveal.admin is missing"),
        (("openings", "value"), "openings.value is missing"),
        (("words", "audit.listed"), "words.audit.listed is missing"),
        (("break_glass", "minutes"), "break_glass.minutes is missing"),
        (("history", "names"), "history.names is missing"),
        (("cases", "close_others"), "cases.close_others is missing"),
    ],
)
def test_a_table_with_a_hole_is_refused(path: tuple[str, ...], said: str) -> None:
    table = _table()
    inner: dict[str, object] = cast("dict[str, object]", table)
    for key in path[:-1]:
        inner = cast("dict[str, object]", inner[key])
    del inner[path[-1]]
    assert said in _refused(table)


def test_a_word_that_is_not_on_its_list_is_refused() -> None:
    for path, value in (
        (("classes", "robot"), {}),
        (("classes", "support", "horoscope"), "shown"),
        (("classes", "support", "identity"), "partly"),
        (("acts", "customer.guessed"), {"roles": ["support"]}),
        (("acts", "customer.opened"), {"roles": ["robot"]}),
        (("acts", "customer.opened"), {"roles": ["support"], "referenze": "required"}),
        (("classes", "support", "network"), {"exposure": "masked", "wen": "verified"}),
        (("search", "support"), ["name", "shoe_size"]),
        (("limits", "columns"), 3),
    ):
        table = _table()
        inner: dict[str, object] = cast("dict[str, object]", table)
        for key in path[:-1]:
            inner = cast("dict[str, object]", inner[key])
        inner[path[-1]] = value
        assert _refused(table).startswith("access.toml: " + ".".join(path[:2])), path


def test_a_reveal_of_what_is_not_masked_is_a_mistake_in_the_table() -> None:
    table = _table()
    table["reveal"]["sales"] = ["network"]  # type: ignore[assignment] # a list stands there
    assert "reveal.sales names network" in _refused(table)


def test_every_condition_is_used_somewhere() -> None:
    used = {
        condition
        for role in Role
        for privacy_class in PrivacyClass
        for condition in (matrix().cell(role, privacy_class).when, matrix().cell(role, privacy_class).shown_when)
    }
    assert used - {None} == set(Condition)


@pytest.mark.parametrize(
    ("roles", "apart"),
    [
        *(({Role.ADMIN, role}, True) for role in Role if role is not Role.ADMIN),
        *(({Role.AUDITOR, role}, True) for role in (Role.SUPPORT, Role.SALES, Role.FINANCE)),
        ({Role.AUDITOR, Role.PRIVACY}, False),
        ({Role.SUPPORT, Role.SALES, Role.PRIVACY}, False),
        ({Role.SUPPORT, Role.SALES, Role.APPROVER}, False),
        ({Role.ADMIN}, False),
        (set[Role](), False),
    ],
)
def test_roles_that_watch_each_other_are_not_held_by_one_person(roles: set[Role], apart: bool) -> None:
    said = matrix().role_conflicts(roles)
    assert (said is not None) is apart
    if said is not None:
        assert all(role in said for role in roles)
