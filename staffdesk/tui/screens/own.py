"""What the log holds about oneself, and where one is signed in; for everybody, and no customer's name in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from staffdesk.domain.declared import Declaration
from staffdesk.domain.matters import OpenSession
from staffdesk.services.audit_review import EntryDetail, EntryPage
from staffdesk.services.log_rows import EntryRow
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.log.entries import entry_lines
from staffdesk.tui.phrases import count, second_of
from staffdesk.tui.plain import DASH, GOOD, MUTED, fit, plain
from staffdesk.tui.staff.accounts import session_text
from staffdesk.tui.widgets.rows import Line, Rows, words


class OwnScreen(DeskScreen[None], inherit_bindings=False):
    """Sessions over entries; the reading is itself an entry, and stands there the next time."""

    PLACE: ClassVar[Place] = Place.OWN
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.OWN)
    CSS_PATH = "../styles/staff.tcss"

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Own entries"))
        self._sessions: dict[str, OpenSession] = {}
        self._rows: dict[str, EntryRow] = {}
        self._befores: list[int | None] = [None]
        self._next: int | None = None

    def body(self) -> Iterable[Widget]:
        """Yield two lists."""
        for name, title in (("sessions", "Your sessions"), ("entries", "Your entries")):
            rows = Rows(id=name)
            rows.border_title = plain(title)
            yield rows

    def notice(self) -> Content:
        """Say whose log this is."""
        return plain("Everything you do here is logged; this is what the log holds about you.", MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer older entries, and the end of another session, where there are some."""
        match command.id:
            case "log.older":
                return self._next is not None
            case "log.newer":
                return len(self._befores) > 1
            case "own.end":
                return self._among_sessions and any(not session.current for session in self._sessions.values())
            case "list.open":
                return bool(self._rows) and not self._among_sessions
            case _:
                return super().is_useful(command)

    def on_mount(self) -> None:
        """Read both."""
        self._list("entries").focus()
        self._read_sessions()

    def on_descendant_focus(self) -> None:
        """Show the keys of the list that has the focus."""
        self.refresh_keys()

    @on(Rows.Selected, "#entries")
    def open(self, event: Rows.Selected) -> None:
        """Show the fields of one entry, which were read with the list."""
        from staffdesk.tui.screens.entry import EntryScreen  # noqa: PLC0415 - rarely needed

        row = self._rows.get(event.key)
        if row is not None:
            self.app.push_screen(EntryScreen(EntryDetail(row, {}, ()), "Own entries"))

    def action_older(self) -> None:
        """Show the entries before these."""
        if self._next is None:
            self.say(plain("These are your oldest entries.", MUTED))
        else:
            self._befores.append(self._next)
            self._read()

    def action_newer(self) -> None:
        """Go back to the entries after these."""
        if len(self._befores) > 1:
            self._befores.pop()
        self._read()

    def action_end_session(self) -> None:
        """End another session of one's own, the one under the cursor, once that is confirmed."""
        sid = self._list("sessions").current
        session = self._sessions.get(sid)
        if not self._among_sessions:
            self.say(plain("Go to your sessions first (tab); s ends the one under the cursor."))
        elif session is None or session.current:
            self.say(plain("This is the session you are in; leaving the desk ends it."))
        else:
            job = partial(self.desk.staff.end_one, self.session.desk_access, sid)
            question = f"End your session at {session.host or DASH}, begun {second_of(session.started_at)}?"
            self.confirm(question, "ends it", lambda: self.ask(job, self._ended, "writing"))

    def action_declared(self) -> None:
        """List whom one declared to be close to."""
        job = partial(self.desk.declaring.own, self.session.desk_access)
        self.ask(job, self._show_declared, "reading")

    def _show_declared(self, found: Sequence[Declaration]) -> None:
        from staffdesk.tui.screens.declare import DeclarationsDialog  # noqa: PLC0415 - rarely needed

        self.app.push_screen(DeclarationsDialog(found))

    def _ended(self, _done: None) -> None:
        self.say(plain("✓ That session has ended.", GOOD))
        self._read_sessions()

    def _read_sessions(self) -> None:
        self.ask(partial(self.desk.staff.own_sessions, self.session.desk_access), self._show_sessions, "reading")

    def _show_sessions(self, sessions: Sequence[OpenSession]) -> None:
        self._sessions = {session.sid: session for session in sessions}
        rows = self._list("sessions")
        rows.border_subtitle = plain(count(len(sessions), "session"))
        rows.put([Line(session.sid, partial(_session_line, session)) for session in sessions], keep=True)
        self._read()

    def _read(self) -> None:
        self.ask(partial(self.desk.audit.own, self.session.desk_access, self._befores[-1]), self._show, "reading")

    def _show(self, page: EntryPage) -> None:
        self._next = page.next_before
        self._rows = {str(row.seq): row for row in page.entries}
        rows = self._list("entries")
        more = " · o older" if page.next_before is not None else ""
        back = " · b newer" if len(self._befores) > 1 else ""
        rows.border_subtitle = plain(f"newest first · {count(len(page.entries), 'entry', 'entries')}{more}{back}")
        self.refresh_keys()
        if page.entries:
            rows.put(entry_lines(page.entries))
        else:
            rows.put([words(plain("The log holds nothing about you yet."))])

    @property
    def _among_sessions(self) -> bool:
        return self.focused is not None and self.focused.id == "sessions"

    def _list(self, name: str) -> Rows:
        return self.query_one(f"#{name}", Rows)


def _session_line(session: OpenSession, width: int) -> Content:
    return fit(session_text(session), width)
