"""The support logs of a case: asked for, taken in, each with what was found in it, what it holds, read, destroyed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from staffdesk.domain.support_logs import HELD, READ, LogBundle, Manifest
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.log.bar import Progress
from staffdesk.tui.messages import Progressed
from staffdesk.tui.phrases import count
from staffdesk.tui.plain import GOOD, MUTED, plain
from staffdesk.tui.screens.support_log_lines import (
    came,
    file_line,
    found_lines,
    heads,
    is_scrubbed,
    line_of,
    told_lines,
    why_empty,
    why_not_read,
    why_not_scrubbed,
)
from staffdesk.tui.widgets.rows import Line, Rows, words

if TYPE_CHECKING:
    from staffdesk.domain.access import Access
    from staffdesk.services.support_logs.service import Text
    from staffdesk.services.support_logs.taking import Taken

_FIRST = "a asks the customer for them; t takes in a zip that came."
_BELOW = 3
"""Lines below a zip that one was led to: what was found in it, and when it ends."""
_BUSY = "looking through it"
_NO_ZIP = plain("No zip is under the cursor.")


class SupportLogsScreen(DeskScreen[None], inherit_bindings=False):
    """Enter unfolds what a zip holds, and reads a file of it; the SHA-256 begins as the customer's own does."""

    PLACE: ClassVar[Place] = Place.SUPPORT_LOGS
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.SUPPORT_LOGS)

    def __init__(self, number: str, first: str = "") -> None:
        """Show the logs of the case with this number, the cursor on the zip that is named ``first``."""
        super().__init__(plain("Support logs", MUTED), plain(number))
        self._number = number
        self._first = first
        self._bundles: dict[str, LogBundle] = {}
        self._manifest: Manifest | None = None
        self._came: Taken | None = None

    def body(self) -> Iterable[Widget]:
        """One list."""
        rows = Rows(id="support-logs")
        rows.border_title = plain(f"Support logs of {self._number}")
        yield rows

    def notice(self) -> Content:
        """Say what Enter does."""
        return plain("Enter unfolds a zip, and reads a file of one that is not in quarantine.", MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer what a zip allows, where there is one."""
        match command.id:
            case "list.open":
                return bool(self._bundles)
            case "logs.destroy":
                return any(each.state in HELD for each in self._bundles.values())
            case "logs.scrub":
                return any(map(is_scrubbed, self._bundles.values()))
            case _:
                return super().is_useful(command)

    def on_mount(self) -> None:
        """Read the list."""
        self.query_one(Rows).focus()
        self.read()

    def read(self) -> None:
        """Read the list; one entry."""
        self.ask(partial(self.desk.support_logs.of_case, self._access, self._number), self.show, "reading")

    def show(self, bundles: Sequence[LogBundle]) -> None:
        """List the zips, the newest first."""
        self._bundles = {str(each.id): each for each in reversed(bundles)}
        self._draw()
        if self._first:
            rows = self.query_one(Rows)
            rows.go_to(self._first)
            rows.show_below(_BELOW)
            self._first = ""
        if self._came is not None:
            taken, self._came = self._came, None
            self.query_one(Rows).go_to(str(taken.bundle.id))
            self.say(came(taken))

    @on(Rows.Selected)
    def open(self, event: Rows.Selected) -> None:
        """Unfold the manifest of a zip, which is an entry, or fold it up again; read a file, which is one too."""
        zip_of, _, place = event.key.partition(":")
        bundle = self._bundles.get(zip_of)
        if bundle is None:
            return
        if place and bundle.state not in READ:
            self.say(plain(why_not_read(bundle)))
        elif place:
            self._read(bundle, int(place))
        elif not bundle.files:
            self.say(plain(why_empty(bundle)))
        elif self._manifest is not None and self._manifest.bundle.id == bundle.id:
            self._manifest = None
            self._draw()
        else:
            job = partial(self.desk.support_logs.manifest, self._access, self._number, bundle.id)
            self.ask(job, self.unfold, "reading")

    def _read(self, bundle: LogBundle, place: int) -> None:
        from staffdesk.tui.screens.support_log_text import LogTextDialog  # noqa: PLC0415 - needed by few

        def read(part: int) -> Text:
            return self.desk.support_logs.read(self._access, self._number, bundle.id, place, part)

        def show(text: Text) -> None:
            self.app.push_screen(LogTextDialog(f"File {place} of zip {bundle.id}", text, read))

        self.ask(partial(read, 1), show, "reading")

    def action_ask_for(self) -> None:
        """Note that logs are asked for, then show the words to ask with."""
        from staffdesk.tui.screens.support_log_forms import AskLogsDialog  # noqa: PLC0415 - needed by few

        self.app.push_screen(AskLogsDialog(self._access, self._number), self._asked_for)

    def _asked_for(self, words: str | None) -> None:
        from staffdesk.services.support_logs.service import Text  # noqa: PLC0415 - needed by few
        from staffdesk.tui.screens.support_log_text import LogTextDialog  # noqa: PLC0415 - needed by few

        if words is not None:
            self.read()
            self.app.push_screen(LogTextDialog("To the customer", Text("Noted. Ask in these words", words, more=False)))

    def action_take(self) -> None:
        """Take in a zip that the customer sent."""
        from staffdesk.tui.screens.support_log_forms import TakeLogsDialog  # noqa: PLC0415 - needed by few

        self.app.push_screen(TakeLogsDialog(self._access, self._number), self._taken)

    def _taken(self, taken: Taken | None) -> None:
        self._came = taken
        self.read()

    def action_scrub(self) -> None:
        """Make a curated copy of the zip under the cursor, once that is confirmed."""
        bundle = self._under_cursor()
        if bundle is None:
            self.say(_NO_ZIP)
            return
        if not is_scrubbed(bundle):
            self.say(plain(why_not_scrubbed(bundle)))
            return
        job = partial(
            self.desk.support_logs.intake.scrub, self._access, self._number, bundle.id,
            step=Progress(self.post_message),
        )  # fmt: skip
        self.confirm(
            f"Make a copy of zip {bundle.id} that tells of nobody, and destroy the original?",
            "does it",
            lambda: self.ask(job, self._taken, _BUSY),
        )

    @on(Progressed)
    def tell(self, message: Progressed) -> None:
        """Say how far it is."""
        if self.waiting and message.total:
            self._say_busy(f"{_BUSY}: {message.done / message.total:.0%}")

    def _under_cursor(self) -> LogBundle | None:
        return self._bundles.get(self.query_one(Rows).current.partition(":")[0])

    def unfold(self, manifest: Manifest) -> None:
        """Show what a zip holds below its line."""
        self._manifest = manifest
        self._draw()

    def action_destroy(self) -> None:
        """Destroy the bytes of the zip under the cursor, once that is confirmed."""
        bundle = self._under_cursor()
        if bundle is None:
            self.say(_NO_ZIP)
            return
        if bundle.state not in HELD:
            self.say(plain(f"No bytes of zip {bundle.id} are held."))
            return
        job = partial(self.desk.support_logs.destroy, self._access, self._number, bundle.id)
        self.confirm(
            f"Destroy the bytes of zip {bundle.id}?",
            "destroys them",
            lambda: self.ask(job, partial(self._gone, bundle), "destroying"),
        )

    @property
    def _access(self) -> Access:
        return replace(self.session.desk_access, reference=self._number)

    def _gone(self, bundle: LogBundle, _left: int) -> None:
        self.read()
        self.say(plain(f"✓ The bytes of zip {bundle.id} are destroyed; its manifest stays.", GOOD))

    def _draw(self) -> None:
        rows = self.query_one(Rows)
        rows.border_subtitle = plain(count(len(self._bundles), "zip"))
        if self._bundles:
            rows.put([Line("", heads, stays=True), *self._lines()], keep=True)
        else:
            rows.put([words(plain(f"There are no support logs in {self._number}.")), words(plain(_FIRST, MUTED))])
        self.refresh_keys()

    def _lines(self) -> Iterator[Line]:
        for key, each in self._bundles.items():
            yield Line(key, partial(line_of, each))
            for found in found_lines(each):
                yield words(found)
            if self._manifest is not None and self._manifest.bundle.id == each.id:
                for file in self._manifest.files:
                    yield Line(f"{key}:{file.place}", partial(file_line, file))
                    yield from (words(plain(f"        {said}", MUTED)) for said in told_lines(file.found))
