"""Each rule finds what it is for, once, and leaves its honest look-alike alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from staffdesk.domain.flags import rules
from staffdesk.domain.flags.rules import NAMES
from tests.unit.flags.stories import ANN, BOB, Story

DAY = 42
WORKDAY = tuple(9 + quarter / 2 for quarter in range(16))
Teller = Callable[[Story], None]


def _strangers(story: Story) -> None:
    for number in range(3):
        story.look(DAY, 11 + number / 10, f"s_{number}")


def _some_unknown(story: Story) -> None:
    _strangers(story)
    for number in range(3, 5):
        story.look(DAY, 11 + number / 10, f"s_{number}", ref=f"c_unknown_{number}")


def _calls(story: Story) -> None:
    for number in range(8):
        case, who = f"c_{number}", f"s_{number}"
        story.case(DAY, 10 + number / 2, case, who)
        story.look(DAY, 10.1 + number / 2, who, ref=case)
        story.note(DAY + number % 7, 12 + number / 2, case, who, actor=BOB)


def _under_own_case(relation: str, *, worked: bool) -> Teller:
    def tell(story: Story) -> None:
        story.case(DAY, 10, "c_1", "s_1")
        story.look(DAY, 10.1, "s_1", ref="c_1", rel=(relation,))
        if worked:
            story.note(DAY, 10.3, "c_1", "s_1")

    return tell


def _corroborated(relation: str, days: float) -> Teller:
    def tell(story: Story) -> None:
        _under_own_case(relation, worked=False)(story)
        story.note(DAY, 10.1 + days * 24, "c_1", "s_1", actor=BOB)

    return tell


def _partner(story: Story) -> None:
    for number in range(12):
        story.verified(number, 10.2, f"s_p{number}", rel=("same_domain",))
    story.case(DAY, 10, "c_1", "s_1")
    story.look(DAY, 10.1, "s_1", ref="c_1", rel=("same_domain",))


def _many(story: Story) -> None:
    for number in range(90):
        story.look(DAY, 9 + number / 15, f"s_{number}")


def _month_end(story: Story) -> None:
    for number in range(250):
        finance = {"role": "finance", "purpose": "legal", "basis": "order"}
        story.tell(DAY, 9 + number / 60, "customer.search", kinds=("order",), standing="verified", **finance)
        story.verified(DAY, 9.005 + number / 60, f"s_{number}", **finance)


def _campaign(story: Story) -> None:
    story.case(DAY, 9, "c_sale", role="sales", purpose="sale")
    for number in range(100):
        story.look(DAY, 9 + number / 15, f"s_{number}", ref="c_sale", role="sales", purpose="sale")


def _lists(story: Story, *, opening: bool) -> None:
    for number in range(20):
        people = tuple(f"s_{number}_{place}" for place in range(20))
        story.tell(DAY, 9 + number / 3, "customer.listed", obj=people, n=20, level="listed")
        if opening:
            story.verified(DAY, 9.05 + number / 3, people[3])


def _numbers(story: Story, hours: float) -> None:
    for number in range(20):
        story.tell(DAY, 9 + number * hours, "customer.search", kinds=("order",), standing="claimed")
        story.look(DAY, 9.001 + number * hours, f"s_{number}")


def _on_call(story: Story) -> None:
    story.weeks(range(0, DAY, 3), (20.5, 21.5))
    story.look(DAY, 21.2, "s_1")


def _week_after_week(story: Story) -> None:
    for week in range(4):
        story.look(DAY + 7 * week, 11, "s_1")


def _long_case(story: Story) -> None:
    story.case(DAY, 9, "c_1", "s_1")
    story.note(DAY, 16, "c_1", "s_1", actor=BOB)
    for week in range(6):
        story.look(DAY + 7 * week, 11, "s_1", ref="c_1")


def _values(story: Story, hours: float) -> None:
    for number in range(20):
        story.look(DAY, 9 + number * hours, f"s_{number % 5}", act="customer.revealed", ref="c_of_others", basis="case")


def _closed(story: Story, hours: float) -> None:
    story.case(DAY - 9, 10, "c_1", "s_1")
    story.tell(DAY, 10, "case.closed", obj=("s_1", "c_1"))
    story.look(DAY, 10 + hours, "s_1", ref="c_1")


def _glass(story: Story, act: str, out: str) -> None:
    kinds = ("break-glass", "person") if out == "ok" else ("customer.break_glass", "break-glass", "person")
    story.tell(DAY, 11, act, obj=("s_1",), kinds=kinds, out=out)


def _erased(story: Story, *, called: bool, read_over: bool = True) -> None:
    if called:
        story.case(DAY, 9.9, "c_1", "s_1")
        story.note(DAY, 10.1, "c_1", "s_1")
    if called and read_over:
        story.note(DAY + 2, 10, "c_1", "s_1", actor=BOB)
    story.look(DAY, 10, "s_1", ref="c_1" if called else None)
    story.tell(DAY, 11, "request.received", obj=("s_1", "r_1"), kinds=("request", "erase"))
    story.tell(DAY + 1, 9, "request.moved", obj=("s_1", "r_1"), ref="r_1", kinds=("request", "erase"), actor=BOB)


def _refused(story: Story, *, called: bool, read_over: bool = True) -> None:
    story.tell(DAY, 10, "denied", obj=("s_1",), kinds=("customer.opened",), out="denied")
    if called:
        story.case(DAY, 10.1, "c_1", "s_1")
        story.note(DAY, 10.4, "c_1", "s_1")
    if called and read_over:
        story.note(DAY + 2, 10, "c_1", "s_1", actor=BOB)
    story.look(DAY, 10.2, "s_1", ref="c_1" if called else None, purpose="support" if called else "sale")


def _leaves(story: Story, *, taking: bool) -> None:
    for day in (DAY, DAY + 1, DAY + 2):
        for number in range(5):
            who = f"s_{day}_{number}"
            (story.look if taking else story.verified)(day, 10 + number, who, act="customer.copied")
    story.tell(DAY + 3, 18, "staff.disabled", actor="u_admin", role="admin", purpose=None, obj=(ANN,))


FOUND: dict[str, Teller] = {
    "unverified": _strangers,
    "own": lambda story: story.verified(DAY, 11, "s_1", rel=("self",)),
    "colleague": _under_own_case("colleague", worked=True),
    "declared": lambda story: story.verified(DAY, 11, "s_1", rel=("declared",)),
    "surname": _under_own_case("same_name", worked=False),
    "street": _under_own_case("same_address", worked=True),
    "mail_domain": _under_own_case("same_domain", worked=False),
    "volume": _many,
    "listed": lambda story: _lists(story, opening=False),
    "crawling": lambda story: _numbers(story, 0.01),
    "hours": lambda story: story.look(DAY, 23, "s_1"),
    "repeated": _week_after_week,
    "reveals": lambda story: _values(story, 0.02),
    "closed": lambda story: _closed(story, 72),
    "break_glass": lambda story: _glass(story, "customer.break_glass", "ok"),
    "removal": lambda story: _erased(story, called=False),
    "denied": lambda story: _refused(story, called=False),
    "leaver": lambda story: _leaves(story, taking=True),
}

LOOK_ALIKES: dict[str, tuple[str, Teller]] = {
    "calls that a colleague went on with": ("unverified", _calls),
    "his own name on a list": (
        "own",
        lambda story: story.tell(DAY, 11, "customer.listed", obj=("s_1", "s_2"), n=2, rel=("self",)),
    ),
    "a colleague who called, as another noted on the seventh day": ("colleague", _corroborated("colleague", 6.9)),
    "a refused look at a friend": (
        "declared",
        lambda story: story.tell(
            DAY, 11, "denied", out="denied", obj=("s_1",), kinds=("customer.opened",), rel=("declared",)
        ),
    ),
    "a surname by chance, on a call that a colleague read over": ("surname", _corroborated("same_name", 3)),
    "a neighbour with a ticket": ("street", lambda story: story.verified(DAY, 11, "s_1", rel=("same_address",))),
    "the partner one works with every week": ("mail_domain", _partner),
    "finance at the end of a month": ("volume", _month_end),
    "finance walking the numbers of orders": ("crawling", _month_end),
    "a campaign of a hundred": ("volume", _campaign),
    "lists of which one is opened": ("listed", lambda story: _lists(story, opening=True)),
    "numbers typed call by call": ("crawling", lambda story: _numbers(story, 0.1)),
    "an evening of somebody on call": ("hours", _on_call),
    "one person for weeks under one open case": ("repeated", _long_case),
    "values over a whole day": ("reveals", lambda story: _values(story, 0.4)),
    "a word more within the hour after closing": ("closed", lambda story: _closed(story, 1)),
    "a break-glass that was refused": ("break_glass", lambda story: _glass(story, "denied", "denied")),
    "a caller who wants to be erased": ("removal", lambda story: _erased(story, called=True)),
    "a number that had been forgotten": ("denied", lambda story: _refused(story, called=True)),
    "a last week like every other": ("leaver", lambda story: _leaves(story, taking=False)),
}


def _told(tell: Teller) -> Story:
    story = Story().weeks(range(DAY), WORKDAY)
    tell(story)
    return story


def test_each_rule_has_a_story_and_a_look_alike() -> None:
    assert tuple(FOUND) == NAMES
    assert {rule for rule, _ in LOOK_ALIKES.values()} == set(NAMES)


@pytest.mark.parametrize("rule", FOUND)
def test_it_is_found_once_with_its_entries_and_its_reason(rule: str) -> None:
    story = _told(FOUND[rule])
    (found,) = story.flags(rule)
    entries = {each.seq: each for each in story.entries()}
    assert found.actor == ANN
    assert found.seqs
    assert {entries[seq].actor for seq in found.seqs} == {ANN}
    assert found.title == rules().rules.of(rule).title
    assert found.words.endswith(".")
    assert not any(id_ in found.words for each in entries.values() for id_ in (*each.obj, ANN))
    assert not found.early


@pytest.mark.parametrize("honest", LOOK_ALIKES)
def test_its_honest_look_alike_is_left_alone(honest: str) -> None:
    rule, tell = LOOK_ALIKES[honest]
    assert _told(tell).flags(rule) == []


def test_a_day_after_its_time_a_colleagues_note_corroborates_nothing() -> None:
    assert len(_told(_corroborated("colleague", 7.1)).flags("colleague")) == 1


@pytest.mark.parametrize(
    ("rule", "tell", "words"),
    [
        ("hours", lambda story: story.look(DAY + 5, 11, "s_1"),
         "Looked at 1 person on a Saturday, a day on which he does not usually work."),
        ("unverified", _some_unknown,
         "Looked at 5 people under numbers that nothing corroborated, 3 of them under no number that the desk knows."),
    ],
)  # fmt: skip
def test_the_reason_is_about_the_entries_it_rests_on(rule: str, tell: Teller, words: str) -> None:
    (found,) = _told(tell).flags(rule)
    assert found.words == words


def test_of_months_of_explained_days_nothing_is_told() -> None:
    assert Story().weeks(range(200), WORKDAY).flags() == []
