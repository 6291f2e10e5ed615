"""The support logs of a case: each zip with what was found in it, and what it holds; no text of a log is shown here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from staffdesk.domain.support_logs import HELD, LogBundle, LogFile, LogState, Manifest, rules
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import count, moment
from staffdesk.tui.plain import DASH, GOOD, MUTED, STRONG, WARN, column, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, Rows, words

if TYPE_CHECKING:
    from staffdesk.domain.access import Access

_ZIP, _STATE, _AT, _FILES, _BYTES, _DIGEST = 6, 15, 18, 7, 13, 18
_WIDE = 100
_SHORT_DIGEST = 16
_ADDED = "staffdesk case logs add NUMBER FILE takes one in."


class SupportLogsScreen(DeskScreen[None], inherit_bindings=False):
    """Enter unfolds what a zip holds; the file's SHA-256 begins as the customer's own does."""

    PLACE: ClassVar[Place] = Place.SUPPORT_LOGS
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.SUPPORT_LOGS)

    def __init__(self, number: str) -> None:
        """Show the logs of the case with this number."""
        super().__init__(plain("My cases", MUTED), plain(number))
        self._number = number
        self._bundles: dict[str, LogBundle] = {}
        self._manifest: Manifest | None = None

    def body(self) -> Iterable[Widget]:
        """One list."""
        rows = Rows(id="support-logs")
        rows.border_title = plain(f"Support logs of {self._number}")
        yield rows

    def notice(self) -> Content:
        """Say where one is taken in."""
        return plain(_ADDED, MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer what a zip allows, where there is one."""
        match command.id:
            case "list.open":
                return bool(self._bundles)
            case "logs.destroy":
                return any(each.state in HELD for each in self._bundles.values())
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

    @on(Rows.Selected)
    def open(self, event: Rows.Selected) -> None:
        """Unfold the manifest of a zip, which is an entry, or fold it up again."""
        bundle = self._bundles.get(event.key)
        if bundle is None:
            return
        if self._manifest is not None and self._manifest.bundle.id == bundle.id:
            self._manifest = None
            self._draw()
            return
        job = partial(self.desk.support_logs.manifest, self._access, self._number, bundle.id)
        self.ask(job, self.unfold, "reading")

    def unfold(self, manifest: Manifest) -> None:
        """Show what a zip holds below its line."""
        self._manifest = manifest
        self._draw()

    def action_destroy(self) -> None:
        """Destroy the bytes of the zip under the cursor, once that is confirmed."""
        bundle = self._bundles.get(self.query_one(Rows).current)
        if bundle is None:
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
            rows.put([Line("", _heads, stays=True), *self._lines()], keep=True)
        else:
            rows.put([words(plain("No logs were asked for in this case.")), words(plain(_ADDED, MUTED))])
        self.refresh_keys()

    def _lines(self) -> Iterator[Line]:
        for key, each in self._bundles.items():
            yield Line(key, partial(_line, each))
            for found in _found(each):
                yield words(found)
            if self._manifest is not None and self._manifest.bundle.id == each.id:
                for file in self._manifest.files:
                    yield Line(f"{key}:{file.place}", partial(_file, file))


def _heads(width: int) -> Content:
    return _columns([plain(head, MUTED) for head in ("Zip", "State", "Received", "Files", "Bytes")], width)


def _line(each: LogBundle, width: int) -> Content:
    at = each.received_at or each.asked_at
    cells = [
        plain(str(each.id), STRONG),
        _state(each),
        plain(DASH if at is None else moment(at)),
        plain(DASH if each.files is None else str(each.files)),
        plain(DASH if each.size is None else f"{each.size:,}"),
    ]
    return _columns(cells, width)


def _columns(cells: Sequence[Content], width: int) -> Content:
    return fit(joined(*map(column, cells, (_ZIP, _STATE, _AT, _FILES, _BYTES))), width)


def _state(each: LogBundle) -> Content:
    if each.state is LogState.QUARANTINED:
        return plain(f"! {each.state.value}", WARN)
    return plain(each.state.value, MUTED if each.state is LogState.DESTROYED else GOOD)


def _found(each: LogBundle) -> Iterator[Content]:
    from staffdesk.domain.log_scan import told  # noqa: PLC0415 - brings the screening, which few lists need

    if each.why:
        yield plain(f"      asked: {each.why}", MUTED)
    if each.ended is not None:
        yield plain(f"      destroyed: {each.ended.value}", MUTED)
    for said in told(each.found, rules()):
        yield plain(f"      {said}", MUTED)


def _file(file: LogFile, width: int) -> Content:
    digest = file.digest if width >= _WIDE + len(file.digest) else f"{file.digest[:_SHORT_DIGEST]}…"
    sizes = (_ZIP, _BYTES, max(_DIGEST, len(digest) + 1))
    cells = (plain(f"  {file.place}", MUTED), plain(f"{file.size:,}"), plain(digest, MUTED))
    return fit(joined(*map(column, cells, sizes), plain(file.name)), width)
