"""How a cell of the terminal looks, and what is to be said to it to go from one look to another."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

_PLAIN: Final = Style.null()
_ENDS: Final = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "9": "29"}
"""What ends each attribute: bold, dim, italic, underline, blink, reverse, strike."""
_SEEN_ON_BLANKS: Final = frozenset(("4", "7", "8", "9", "21", "51", "52", "53"))
"""Attributes under which a blank shows more than its ground: lines, frames, reverse."""


class Look(NamedTuple):
    """Attributes, colour and ground, as the terminal is told of them."""

    attributes: str
    colour: str
    ground: str


@lru_cache(maxsize=4096)
def look_of(style: Style | None, system: ColorSystem | None) -> Look:
    """Return how a style looks on a terminal that knows the colours of ``system``, or is to be told of none."""
    style = style or _PLAIN
    if system is None:
        return Look(Strip.render_ansi(style.without_color, ColorSystem.TRUECOLOR), "", "")
    colour, ground = style.color, style.bgcolor
    return Look(
        Strip.render_ansi(style.without_color, system),
        ";".join(colour.downgrade(system).get_ansi_codes()) if colour is not None else "",
        ";".join(ground.downgrade(system).get_ansi_codes(foreground=False)) if ground is not None else "",
    )


@lru_cache(maxsize=4096)
def shows_ground_alone(look: Look) -> bool:
    """Say whether a blank of this look shows its ground and nothing else."""
    return not _SEEN_ON_BLANKS & set(look.attributes.split(";"))


@lru_cache(maxsize=4096)
def alike_where_blank(one: Look, other: Look) -> bool:
    """Say whether two blanks look the same."""
    return one == other or (one.ground == other.ground and shows_ground_alone(one) and shows_ground_alone(other))


@lru_cache(maxsize=4096)
def to_say(before: Look | None, look: Look) -> str:
    """Return what takes a terminal from one look to another; from one of which nothing is known it is said whole."""
    old, new = (set(filter(None, each.split(";"))) for each in ("" if before is None else before[0], look.attributes))
    if before is None or not old | new <= _ENDS.keys():
        codes = ["0", *filter(None, look)]
    else:
        ends = {_ENDS[each] for each in old - new}
        # Bold and dim end together: what stays of the two is begun anew.
        codes = [*sorted(ends), *sorted(each for each in new if each not in old or _ENDS[each] in ends)]
        codes += [look.colour or "39"] if look.colour != before.colour else []
        codes += [look.ground or "49"] if look.ground != before.ground else []
    return f"\x1b[{';'.join(codes)}m"
