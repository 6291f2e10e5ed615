"""Who looked: a record that is opened again under the same reference within a quarter of an hour counts once."""

from __future__ import annotations

from dataclasses import replace

from staffdesk.domain.access import Level
from staffdesk.domain.looks import counted_once
from staffdesk.domain.records import MOST_LOOKS, Look
from staffdesk.tui.record.history import history_lines

MINUTE = 60_000


def _look(
    minute: float, act: str = "opened", *, role: str = "support", reference: str = "C-1", standing: str = "verified"
) -> Look:
    return Look(
        1000 + round(minute * 10), round(minute * MINUTE), role, Level(act) if act != "copied" else None,
        f"customer.{act}", role, reference, standing, ("person",),
    )  # fmt: skip


def _counted(*looks: Look) -> list[tuple[float, int]]:
    newest_first = sorted(looks, key=lambda look: -look.seq)
    return [(look.at / MINUTE, times) for look, times in counted_once(newest_first, 15)]


def test_openings_within_the_minutes_of_the_first_are_one_line_where_the_first_was() -> None:
    assert _counted(_look(0), _look(7), _look(15)) == [(0, 3)]


def test_the_minutes_are_counted_from_the_first_opening_not_from_the_one_before() -> None:
    assert _counted(_look(0), _look(10), _look(15.1), _look(30)) == [(15.1, 2), (0, 2)]


def test_another_role_or_another_reference_is_a_line_of_its_own() -> None:
    looks = (_look(0), _look(1, role="sales"), _look(2, reference="C-2"), _look(3))
    assert _counted(*looks) == [(2, 1), (1, 1), (0, 2)]


def test_what_was_revealed_or_copied_stays_one_by_one_and_parts_no_openings() -> None:
    looks = (_look(0), _look(1, "revealed"), _look(2, "revealed"), _look(3, "copied"), _look(4))
    assert _counted(*looks) == [(3, 1), (2, 1), (1, 1), (0, 2)]


def test_the_line_says_how_often_and_is_verified_only_if_each_opening_was() -> None:
    _, line = history_lines([_look(3, standing="claimed"), _look(0)], 15)
    assert "opened 2×" in line.draw(60).plain  # noqa: RUF001 - as it is shown
    assert "✓" not in line.draw(60).plain
    _, line = history_lines([_look(3), _look(0)], 15)
    assert "✓" in line.draw(60).plain


def test_what_was_revealed_takes_the_room_there_is() -> None:
    _, line = history_lines([replace(_look(0, "revealed"), kinds=("contact", "person.user_name"))], 15)
    assert "revealed user name" in line.draw(60).plain


def test_opened_revealed_copied_and_listed_are_counted_apart_on_the_first_line() -> None:
    """Seen to fail: with each opening counted, with listings among them, and with copies among what was revealed."""
    listed = replace(_look(20), level=Level.LISTED, act="customer.listed")
    grant = replace(_look(21), act="customer.break_glass")
    looks = [grant, listed, listed, _look(6, "copied"), _look(5), _look(4, "revealed"), _look(3), _look(0)]
    first, *lines = history_lines(looks, 15)
    assert first.draw(60).plain == "opened 1 · revealed 1 · copied 1 · listed 2"
    assert ["break-glass" in line.draw(60).plain for line in lines] == [True, False, False, False]
    (first, *_) = history_lines([listed] * MOST_LOOKS, 15)
    assert first.draw(80).plain.endswith("listed 200 · of the newest 200 entries")


def test_the_employee_stands_there_where_he_is_named_and_takes_no_room_where_not() -> None:
    _, named = history_lines([replace(_look(0), who="anna")], 15)
    _, unnamed = history_lines([_look(0)], 15)
    assert "support  anna       opened" in named.draw(60).plain
    assert "support  opened" in unnamed.draw(60).plain
