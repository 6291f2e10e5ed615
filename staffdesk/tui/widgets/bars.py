"""The lines that frame every screen: where I am and for whom on top, what happened and which keys below."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from staffdesk.domain.products import as_shown
from staffdesk.tui.command import Command
from staffdesk.tui.phrases import PLACES, standing_word
from staffdesk.tui.plain import BAD, GOOD, KEY, MUTED, NOTHING, STRONG, WARN, apart, joined, plain
from staffdesk.tui.session import Session

_DOT = plain(" · ", MUTED)
_GAP = plain("   ")
_BETWEEN = "   "
_HELP = "app.help"
_INSIDE = " \u203a "
_APART = 3
_LEAST_PART_OF_HEIGHT = 3
_LONGEST_PRODUCT = 24
_ROOM_FOR_PRODUCT = 100
_ROOM_FOR_ENTITY = 100


class TopLine(Widget):
    """Where I am · which call, its product, purpose and standing, and which waits · who · that the log lives."""

    def __init__(self, *path: Content) -> None:
        """Name the place, outermost first."""
        super().__init__()
        self._path = path
        self.session: Session | None = None

    def name_place(self, *path: Content) -> None:
        """Name the place anew."""
        self._path = path
        self.refresh()

    def render(self) -> RenderResult:
        """Lay the line out for the width there is."""
        width = self.content_size.width
        right = NOTHING if self.session is None else _right(self.session, width)
        whole = (plain("staffdesk", STRONG), *self._path)
        for dropped in range(len(whole)):
            here = joined(*whole[dropped:], by=_INSIDE)
            if here.cell_length + right.cell_length + _APART <= width:
                break
        return apart(here, right, width)


def _right(session: Session, width: int) -> Content:
    matter, log = _matter(session, width), _log(session)
    whole = joined(*(part for part in (matter, _who(session, width), log) if part), by=_GAP.plain)
    if whole.cell_length <= width:
        return whole
    return joined(*(part for part in (matter, log) if part), by=_GAP.plain)


def _matter(session: Session, width: int) -> Content:
    parts: list[Content] = []
    if session.reference:
        parts.append(plain(f"{session.at + 1} {session.reference}", MUTED))
    if session.case is not None and session.case.product and width >= _ROOM_FOR_PRODUCT:
        parts.append(plain(as_shown(session.case.product), MUTED).truncate(_LONGEST_PRODUCT, ellipsis=True))
    if session.purpose is not None:
        standing = standing_word(session.standing)
        which = "" if session.reference else f"{session.at + 1} "
        purpose = plain(f"{which}{session.purpose.value}", MUTED)
        parts.append(joined(purpose, plain(" "), standing) if standing else purpose)
    if session.other is not None:
        parts.append(plain(f"{2 - session.at} waits", WARN))
    return joined(*parts, by=_DOT.plain) if parts else NOTHING


def _who(session: Session, width: int) -> Content:
    user = plain(session.signed_in.user_name, MUTED)
    if width < _ROOM_FOR_ENTITY:
        return user
    return joined(user, _DOT, plain(PLACES[session.signed_in.entity], MUTED))


def _log(session: Session) -> Content:
    if session.log_lost:
        return plain("✗ log lost", BAD)
    if session.unsealed:
        return plain("! log unsealed", WARN)
    return plain(f"● log {session.seq:,}" if session.seq else "● log", GOOD)


class NoticeLine(Widget):
    """What just happened or what to do next, and at its end the date of the privacy policy."""

    notice: reactive[Content] = reactive(NOTHING)

    def __init__(self, notice: Content = NOTHING, foot: Content = NOTHING) -> None:
        """Begin with ``notice``; ``foot`` stands at the end where there is room for both."""
        super().__init__()
        self.set_reactive(NoticeLine.notice, notice)
        self._foot = foot

    def on_resize(self) -> None:
        """Take the lines the notice needs at the new width."""
        self._fit()

    def watch_notice(self) -> None:
        """Take the lines the notice needs; only another number of lines moves anything else."""
        self._fit()

    def _fit(self) -> None:
        width = self.content_size.width
        most = self.app.size.height // _LEAST_PART_OF_HEIGHT
        lines = min(len(self.notice.wrap(width)), most) if width and self.notice else 1
        height = self.styles.height
        if height is None or height.value != lines:
            self.styles.height = max(lines, 1)

    def render(self) -> RenderResult:
        """Return the notice, and the foot where both fit on one line."""
        width = self.content_size.width
        if self.notice.cell_length + self._foot.cell_length + 2 > width:
            return self.notice
        return apart(self.notice, self._foot, width)


class KeyLine(Widget):
    """At most six keys, the most useful here first."""

    def __init__(self, commands: tuple[Command, ...]) -> None:
        """Show these commands."""
        super().__init__()
        self.commands = commands

    def show(self, commands: tuple[Command, ...]) -> None:
        """Show other commands; the same ones are not painted again."""
        if commands != self.commands:
            self.commands = commands
            self.refresh()

    def render(self) -> RenderResult:
        """Return as many keys and titles as stand whole on one line; what has no room is in the help."""
        commands = list(self.commands)
        line = _keys(commands)
        while commands and line.cell_length > self.content_size.width:
            commands.remove(next((each for each in reversed(commands) if each.id != _HELP), commands[-1]))
            line = _keys(commands)
        return line


def _keys(commands: Sequence[Command]) -> Content:
    shown = [joined(plain(each.key, KEY), plain(f" {each.title}")) for each in commands]
    return joined(*shown, by=_BETWEEN) if shown else NOTHING
