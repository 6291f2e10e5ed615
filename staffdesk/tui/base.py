"""What every screen of the desk does alike: frame, keys, notices, what is hidden while nobody is there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.errors import SessionEnded
from staffdesk.tui.asking import AskingScreen
from staffdesk.tui.calm import is_calm, over_ssh
from staffdesk.tui.command import DESK, Command, Place
from staffdesk.tui.commands import SHOWN_AT_MOST, at, by_id, given_by
from staffdesk.tui.messages import PastedTooMuch, TurnOver
from staffdesk.tui.phrases import at_this_place
from staffdesk.tui.plain import MUTED, WARN, plain
from staffdesk.tui.widgets.bars import KeyLine, NoticeLine, TopLine
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.too_small import TooSmall

R = TypeVar("R")

_ANSWERS: Final = {"enter": True, "escape": False}
"""What a key says to a question, on every screen."""
_MOVES: Final = frozenset(key for each in ("focus.next", "focus.previous") for key in by_id(each).keys)


class DeskScreen(AskingScreen[R], inherit_bindings=False):
    """A screen of the desk.

    ``PLACE`` says which commands hold here, ``EXPLAINED`` which page tells of it and, where it is one part of it, under
    which head. Screens get services and the session from the application, ask them with ``ask`` and build their middle
    in ``body``.
    """

    EXPLAINED: ClassVar[tuple[Place, str] | None] = None
    AUTO_FOCUS: ClassVar[str | None] = "*"
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (76, "-narrow"), (100, "-wide")]  # noqa: RUF012 - the framework's
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012 - the framework's name and type

    def __init__(self, *path: Content) -> None:
        """Name the place for the top line, outermost first."""
        super().__init__()
        self.ready = False
        self._top = TopLine(*path)

    def compose(self) -> ComposeResult:
        """Frame what ``body`` yields."""
        self._wear_size()
        yield self._top
        yield from self.body()
        yield NoticeLine(self.first_notice(), plain(self.desk_app.policy_foot, MUTED))
        yield KeyLine(self.shown_commands())
        yield TooSmall(self.app.size)

    def _wear_size(self) -> None:
        """Lay the screen out for the size of the window at once: the framework would, after it was painted for none."""
        width, height = self.app.size
        for size, breakpoints in ((width, self.HORIZONTAL_BREAKPOINTS), (height, self.VERTICAL_BREAKPOINTS)):
            fitting = [name for least, name in breakpoints if least <= size]
            for _, name in breakpoints:
                self.set_class(name == fitting[-1], name)

    def body(self) -> Iterable[Widget]:
        """Yield the widgets between the top line and the notice."""
        return ()

    def first_notice(self) -> Content:
        """Return what the notice line says at first: on the first screen what the sign-in had to tell."""
        told = self._news()
        return plain(" ".join(told)) if told else self.notice()

    def _news(self) -> tuple[str, ...]:
        """Return, once, what the sign-in had to tell besides the notice that stood on its own screen."""
        session = self.desk_app.session
        if session is None or session.told or self.PLACE not in DESK:
            return ()
        session.told = True
        told = [at_this_place(each) for each in session.signed_in.notices if each != self.desk_app.policy_notice]
        if over_ssh() and is_calm() and not self.app.native_ansi_color:
            told.append("On a slow line, Own colours (ctrl+p) sends less.")
        return tuple(told)

    def shown_commands(self) -> tuple[Command, ...]:
        """Return the commands of the key line: the six with the smallest rank, the help among them."""
        here = [each for each in at(self.PLACE) if self.rank(each) and each.keys and self.offers(each)]
        if self.HAS_LIST:
            here.append(by_id("list.open"))
        here = sorted(filter(self.is_useful, here), key=self.rank)
        chosen = here[:SHOWN_AT_MOST]
        aid = by_id("app.help")
        if aid in here and aid not in chosen:
            chosen[-1] = aid
        return tuple(chosen)

    def rank(self, command: Command) -> int:
        """Return the rank of a command in the key line at this moment; 0 keeps it out."""
        return command.foot

    def commands(self) -> tuple[Command, ...]:
        """Return every command that holds here for these roles, for the help and the palette."""
        return tuple(each for each in at(self.PLACE) if self.offers(each))

    async def run_command(self, command_id: str | None) -> None:
        """Give a command by its id, as if its key had been pressed here."""
        if command_id is None:
            return
        command = by_id(command_id)
        target = self.focused if Place.LIST in command.places else None
        await (target or self).run_action(command.action)

    def offers(self, command: Command) -> bool:
        """Say whether this person's roles make a command worth offering."""
        return self.desk_app.offers(command)

    def is_useful(self, command: Command) -> bool:
        """Say whether a command would do something at this moment, for key line and palette."""
        match command.id:
            case "case.switch":
                return self.session.other is not None
            case "record.earlier" | "record.later":
                step = -1 if command.id == "record.earlier" else 1
                return self.session.trail.next(step, on_record=self.PLACE is Place.RECORD) is not None
            case "app.retry":
                return self.can_retry
            case "app.back":
                return self.desk_app.leads_back()
            case "focus.next" | "focus.previous":
                return len(self.focus_chain) > 1
            case _:
                return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a key only to whom its command is open."""
        return all(map(self.offers, given_by(action, parameters, self.PLACE)))

    def on_mount(self) -> None:
        """Show who is signed in, take keys; a screen that comes while all are masked is masked too."""
        self.refresh_top()
        if self.desk_app.sentinel.masked:
            self.mask(hidden=True)
        # In the application's own turn: a focus asked for while mounting is set there, and first.
        self.app.call_later(self._take_keys)

    async def _take_keys(self) -> None:
        self.ready = True
        await self.desk_app.hand_out_keys()

    @on(TurnOver)
    def _end_turn(self, message: TurnOver) -> None:
        """Let the next key come: all that the one before caused has been answered here."""
        message.stop()
        self.app.call_later(self.desk_app.end_turn, message.number)

    @on(PastedTooMuch)
    def _say_what_was_cut(self, message: PastedTooMuch) -> None:
        message.stop()
        self.say(plain(message.said, WARN))

    def on_screen_resume(self) -> None:
        """Show what changed while another screen was on top; the accent is here again."""
        self._wear_accent(worn=True)
        self.refresh_top()
        self.app.call_later(self.desk_app.hand_out_keys)

    def on_screen_suspend(self) -> None:
        """Give the accent to the screen on top: only one pane wears it; what was asked here is asked no more."""
        self._wear_accent(worn=False)
        if self.asks:
            self.rest()

    def before(self, event: events.Event) -> bool:
        """Take back what was said, where a key or a click is about to do something.

        Return whether the key was the answer to a question, and has done all it does.
        """
        key = event.key if isinstance(event, events.Key) else ""
        if self.asks and key in _ANSWERS:
            self.answer_question(yes=_ANSWERS[key])
            return True
        if not isinstance(event, events.Key):
            self.take_back()
        elif self._passing and self._does_something(event):
            self.take_back(moves=key in _MOVES)
        return False

    def _does_something(self, event: events.Key) -> bool:
        focused = self.focused
        types = focused is not None and focused.check_consume_key(event.key, event.character)
        return types or event.key in self.active_bindings

    def _wear_accent(self, *, worn: bool) -> None:
        """Mark the pane or box with the focus alone: a class on the screen would paint all of it anew."""
        focused = self.focused
        if focused is not None:
            for widget in (focused, focused.parent):
                if isinstance(widget, Widget) and widget is not self:
                    widget.set_class(not worn, "under")

    def refresh_top(self) -> None:
        """Draw the top line again, and the key line where other keys are of use now."""
        self._top.session = self.desk_app.session
        self._top.refresh()
        self.refresh_keys()

    def refresh_keys(self) -> None:
        """Show the keys that are of use now: under a dialog those of the dialog, since no others act."""
        above = self.app.screen
        shown = above if isinstance(above, DeskDialog) else self
        for line in self.query(KeyLine):
            line.show(shown.shown_commands())

    def begin_call(self) -> None:
        """Go to where one goes on with a case that was just begun here, where that is not where one was."""

    def mask(self, hidden: bool) -> None:
        """Hide what is personal after a while without a key, or show it again; reveals do not come back.

        What was typed and the widgets of the class ``personal`` are hidden here; a screen that shows more adds to it.
        """
        for field in self.query(Field):
            field.masked = hidden
        for widget in self.query(".personal"):
            widget.visible = not hidden
        if self.PLACE not in DESK:
            return
        if hidden and (why := self.desk_app.sentinel.why_masked(self)):
            self.say(why)
        else:
            self.rest()

    def action_next_field(self) -> None:
        """Go to the next field or pane."""
        self.focus_next()

    def action_previous_field(self) -> None:
        """Go to the field or pane before."""
        self.focus_previous()

    def action_back(self) -> None:
        """Go back one level."""
        self.abandon()
        self.desk_app.back()

    async def _dispatch_message(self, message: Message) -> None:
        """Take a session that is over for what it is, in whichever handler it is found out: no incident."""
        try:
            await super()._dispatch_message(message)
        except SessionEnded as error:
            self.desk_app.session_over(error)


class DeskDialog(DeskScreen[R], ModalScreen[R], inherit_bindings=False):
    """A question over a screen: Enter answers, Esc leaves everything as it was."""

    PLACE: ClassVar[Place] = Place.DIALOG
    BESIDE_QUESTION: ClassVar[str] = "\n"
    BUSY: ClassVar[str] = "writing"

    def compose(self) -> ComposeResult:
        """Show the body alone: the screen beneath keeps its frame."""
        self._wear_size()
        yield from self.body()
        yield TooSmall(self.app.size)

    def refresh_keys(self) -> None:
        """Show the keys that are of use now, in the line of the screen beneath."""
        for screen in reversed(self.app.screen_stack):
            if isinstance(screen, DeskScreen) and not isinstance(screen, DeskDialog):
                screen.refresh_keys()
                return

    def put_notice(self, notice: Content) -> None:
        """Say it below the form."""
        for note in self.query("#note").results(Static):
            note.update(notice)

    def say(self, notice: Content) -> None:
        """Say it where it can be read, also where the window is too small for the form and for it."""
        super().say(notice)
        for note in self.query("#note"):
            note.call_after_refresh(note.scroll_visible, animate=False)

    def take_back(self, *, moves: bool = False) -> None:
        """Take back what was said once something is mended, not on the way to the field that is to be mended."""
        if not moves or self.asks:
            super().take_back()

    def action_back(self) -> None:
        """Leave without an answer."""
        self.abandon()
        self.dismiss(None)
