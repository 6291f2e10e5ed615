"""What only looks like a reason explains nothing, and the honest work beside it is left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.flags.stories import ANN, BOB, MONDAY, Story

DAY = 42
WORKDAY = tuple(9 + quarter / 2 for quarter in range(16))
SALE = {"role": "sales", "purpose": "sale"}
ORDER = {"role": "finance", "purpose": "legal", "basis": "order"}
Teller = Callable[[Story], None]


def _ticket(relation: str, whom: str) -> Teller:
    """Look at somebody under a ticket in which a colleague notes about ``whom``."""

    def tell(story: Story) -> None:
        story.look(DAY, 10, "s_1", ref="c_t", basis="ticket", rel=(relation,))
        story.note(DAY, 12.1, "c_t", whom, actor=BOB)

    return tell


def _case(relation: str, *, noted: bool, read_over: bool, **fields: str) -> Teller:
    def tell(story: Story) -> None:
        story.case(DAY, 10, "c_1", **fields)
        story.look(DAY, 10.1, "s_1", ref="c_1", rel=(relation,), **fields)
        story.tell(DAY, 10.2, "case.tied", obj=("s_1", "c_1"), ref="c_1", **fields)
        if noted:
            story.note(DAY, 10.3, "c_1", "s_1", **fields)
        if read_over:
            story.note(DAY + 2, 10, "c_1", "s_1", actor=BOB, **fields)
        story.tell(DAY + 3, 10, "case.closed", obj=("s_1", "c_1"))

    return tell


def _record(relation: str, kind: str) -> Teller:
    return lambda story: story.verified(DAY, 11, "s_1", rel=(relation,), ref="o_1", kinds=(kind,), **ORDER)


def _debts(story: Story, days: range, kind: str = "order", numbers: int = 12) -> None:
    for day in days:
        for number in range(12):
            ref = f"o_{day}_{number % numbers}"
            story.look(day, 9.1 + number / 2, f"s_{day}_{number}", ref=ref, kinds=(kind,), **ORDER)


def _whatever_the_habit(story: Story) -> None:
    """Ten people a day under others' old numbers are his habit; then one under no number that the desk knows."""
    _debts(story, range(DAY), kind="person")
    story.look(DAY, 11, "s_1")


def _old_number(story: Story, minutes: float, *, known: bool = True, read_over: bool = True) -> None:
    story.case(DAY - 20, 10, "c_1", "s_1")
    story.tell(DAY - 10, 10, "case.closed", obj=("s_1", "c_1"))
    story.look(DAY, 10, "s_1", ref="c_1" if known else None)
    story.case(DAY, 10 + minutes / 60, "c_2", "s_1")
    story.look(DAY, 10 + minutes / 60, "s_1", ref="c_2")
    story.note(DAY + 2, 10, "c_2", "s_1", actor=BOB if read_over else ANN)


def _erased(story: Story, *, read_over: bool) -> None:
    _case("", noted=True, read_over=read_over)(story)
    story.tell(DAY, 11, "request.received", obj=("s_1", "r_1"), kinds=("request", "erase"), ref="c_1")
    story.tell(DAY + 1, 9, "request.moved", obj=("s_1", "r_1"), ref="r_1", kinds=("request", "erase"), actor=BOB)


def _refused(story: Story, *, read_over: bool) -> None:
    story.tell(DAY, 9.8, "denied", obj=("s_1",), kinds=("customer.opened",), out="denied")
    _case("", noted=True, read_over=read_over)(story)


def _request(*, by: str = ANN, then: bool = False) -> Teller:
    """Somebody takes down what a person asks, and Ann looks at him under it; then a colleague goes on with it."""

    def tell(story: Story) -> None:
        story.tell(DAY, 10, "request.received", obj=("s_1", "r_1"), kinds=("request", "rectify"), actor=by)
        rights = {"role": "privacy", "purpose": "rights", "basis": "request", "ref": "r_1"}
        story.verified(DAY, 10.2, "s_1", **rights)
        if then:
            story.tell(DAY + 2, 9, "request.moved", obj=("s_1", "r_1"), ref="r_1", actor=BOB)

    return tell


def _sale_with_a_request(story: Story) -> None:
    """An empty case of a sale in which he takes down what nobody asked."""
    story.case(DAY, 10, "c_1", "s_1", **SALE)
    story.look(DAY, 10.1, "s_1", ref="c_1", **SALE)
    story.tell(DAY, 10.3, "request.received", obj=("s_1", "r_1"), kinds=("request", "rectify"), ref="c_1", **SALE)


_EMAIL = ("contact", "person.email")


def _value(story: Story, day: int, rel: str, kinds: tuple[str, ...] = _EMAIL) -> None:
    """Reveal a value under the number of a recent order."""
    story.verified(day, 11, "s_1", act="customer.revealed", rel=(rel,), ref="o_1", kinds=kinds, **ORDER)


def _met_by_a_value(story: Story, kinds: tuple[str, ...]) -> None:
    """A value of a neighbour under an order's number; weeks after it a call nobody read over."""
    _value(story, DAY - 20, "same_address", kinds)
    _case("same_address", noted=True, read_over=False)(story)


def _buyer(story: Story) -> None:
    """Open the person under the number of his recent order."""
    story.verified(DAY, 10, "s_1", ref="o_1", kinds=("person",), basis="order", **SALE)


def _buyer_erased(story: Story) -> None:
    _buyer(story)
    story.tell(DAY, 10.5, "request.received", obj=("s_1", "r_1"), kinds=("request", "erase"), ref="o_1", **SALE)


def _buyer_refused(story: Story) -> None:
    story.tell(DAY, 9.8, "denied", obj=("s_1",), kinds=("customer.opened",), out="denied")
    _buyer(story)


FOUND: dict[str, tuple[str, Teller]] = {
    "a colleague under another's ticket": ("colleague", _ticket("colleague", "s_2")),
    "a neighbour under another's ticket": ("street", _ticket("same_address", "s_2")),
    "a club under another's ticket": ("mail_domain", _ticket("same_domain", "s_2")),
    "a surname under a case he alone noted in": ("surname", _case("same_name", noted=True, read_over=False)),
    "a club under a case he alone noted in": ("mail_domain", _case("same_domain", noted=True, read_over=False)),
    "a surname in a sale of his own": ("surname", _case("same_name", noted=True, read_over=False, **SALE)),
    "a colleague in a sale of his own": ("colleague", _case("colleague", noted=True, read_over=False, **SALE)),
    "a colleague's record under his order": ("colleague", _record("colleague", "person")),
    "a neighbour's record under his order": ("street", _record("same_address", "person")),
    "a number nobody knows": ("unverified", _whatever_the_habit),
    "one order's number for many": ("unverified", lambda story: _debts(story, range(DAY, DAY + 1), numbers=1)),
    "an empty case": ("unverified", _case("", noted=False, read_over=False)),
    "an empty case of a sale": ("unverified", _case("", noted=False, read_over=False, **SALE)),
    "a closed case, put right too late": ("closed", lambda story: _old_number(story, 61)),
    "a closed case, then one of his alone": ("closed", lambda story: _old_number(story, 5, read_over=False)),
    "a number nobody knows, put right": ("unverified", lambda story: _old_number(story, 5, known=False)),
    "an erasure after a call nobody read over": ("removal", lambda story: _erased(story, read_over=False)),
    "a refusal, then a case of his alone": ("denied", lambda story: _refused(story, read_over=False)),
    "a request he took down himself": ("unverified", _request()),
    "a sale in which he took a request down": ("unverified", _sale_with_a_request),
    "a colleague's address under his order": ("colleague", lambda story: _value(story, DAY, "colleague")),
    "a neighbour met by a value under his order": ("street", lambda story: _met_by_a_value(story, _EMAIL)),
    "the buyer of an order, then erased": ("removal", _buyer_erased),
    "a refusal, then the number of his order": ("denied", _buyer_refused),
}

LEFT_ALONE: dict[str, tuple[str, Teller]] = {
    "a colleague whose ticket another goes on with": ("colleague", _ticket("colleague", "s_1")),
    "a club on a call that was read over": ("mail_domain", _case("same_domain", noted=True, read_over=True)),
    "a surname in a sale that was read over": ("surname", _case("same_name", noted=True, read_over=True, **SALE)),
    "a colleague's order that is invoiced": ("colleague", _record("colleague", "order")),
    "a neighbour's order that is invoiced": ("street", _record("same_address", "order")),
    "debtors under the numbers of old orders": ("unverified", lambda story: _debts(story, range(DAY, DAY + 1))),
    "one call he noted in": ("unverified", _case("", noted=True, read_over=False)),
    "a sale he noted in": ("unverified", _case("", noted=True, read_over=False, **SALE)),
    "an old number put right": ("closed", lambda story: _old_number(story, 5)),
    "an old number put right, as a number": ("unverified", lambda story: _old_number(story, 5)),
    "an erasure after a call": ("removal", lambda story: _erased(story, read_over=True)),
    "a refusal, then a call": ("denied", lambda story: _refused(story, read_over=True)),
    "a request a colleague took down": ("unverified", _request(by=BOB)),
    "a request of his own that another goes on with": ("unverified", _request(then=True)),
    "a neighbour met by his order": ("street", lambda story: _met_by_a_value(story, ("purchase", "sales_order.total"))),
    "the buyer of an order": ("removal", _buyer),
}


def _found(rule: str, tell: Teller) -> list[str]:
    story = Story().weeks(range(DAY), WORKDAY)
    tell(story)
    since = MONDAY.toordinal() + DAY
    return [each.actor for each in story.flags(rule) if each.day.toordinal() >= since]


@pytest.mark.parametrize("misuse", FOUND)
def test_what_only_looks_explained_is_found(misuse: str) -> None:
    assert _found(*FOUND[misuse]) == [ANN]


@pytest.mark.parametrize("honest", LEFT_ALONE)
def test_the_honest_work_beside_it_is_left_alone(honest: str) -> None:
    assert _found(*LEFT_ALONE[honest]) == []


def test_a_refusal_told_of_before_its_time_waits_for_whoever_wrote_down_why() -> None:
    story = Story().weeks(range(DAY), WORKDAY)
    _refused(story, read_over=False)
    assert story.flags("denied", later=2) == []
    assert [each.early for each in story.flags("denied")] == [False]
