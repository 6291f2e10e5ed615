"""The certificate of a closed month, as it was given on the day the month was closed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.review_certificates import Certificate, digest_of
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import at_this_place
from staffdesk.tui.plain import GOOD, MUTED, NOTHING, joined, plain
from staffdesk.tui.review.facts import below

_LABEL: Final = 22
_LEAST: Final = 20


class CertificateScreen(DeskScreen[None], inherit_bindings=False):
    """Its facts over the signed note of its checkpoint."""

    PLACE: ClassVar[Place] = Place.CERTIFICATE
    BINDINGS = bindings_of(Place.CERTIFICATE)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REVIEW, "Closing a month")
    CSS_PATH = "../styles/log.tcss"

    def __init__(self, made: Certificate, *, closed: bool = False) -> None:
        """Show ``made``; ``closed`` says that its month was closed just now."""
        super().__init__(plain("Review", MUTED), plain("Months", MUTED), plain(made.month))
        self._made = made
        self._just_closed = closed

    def body(self) -> Iterable[Widget]:
        """Yield the facts, scrolled by the cursor keys."""
        with VerticalScroll(id="fields", classes="box") as box:
            box.border_title = plain(f"Certificate of {self._made.month}")
            yield Static(id="detail")

    def first_notice(self) -> Content:
        """Say that the month was closed, or where the digest stands."""
        return plain(f"✓ {self._made.month} is closed.", GOOD) if self._just_closed else self.notice()

    def notice(self) -> Content:
        """Say where the digest stands."""
        return plain("Its SHA-256 stands in the entry audit.closed of the log. s saves it to a file.", MUTED)

    def on_mount(self) -> None:
        """Lay it out once the width is known."""
        self.query_one("#fields", VerticalScroll).focus()
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        """Lay it out for the new width."""
        self.call_after_refresh(self._draw)

    def action_save(self) -> None:
        """Write it to a file, once that is confirmed."""
        job = partial(self.desk.months.save, self.session.desk_access, self._made.month)
        self.confirm("Save the certificate to a new file?", "saves it", lambda: self.ask(job, self._saved, "writing"))

    def _saved(self, file: Path) -> None:
        self.say(plain(f"✓ {file.name} is in {file.parent}.", GOOD))

    def _draw(self) -> None:
        for detail in self.query("#detail").results(Static):  # none, once the screen is going
            self._lay_out(detail)

    def _lay_out(self, detail: Static) -> None:
        made = self._made
        width = max(detail.content_size.width, _LEAST)
        facts = [(name, plain(at_this_place(text))) for name, text in made.facts().items()]
        facts.append(("SHA-256", plain(digest_of(made.to_json()))))
        note = plain(made.checkpoint.removesuffix("\n"), MUTED, lines=True)
        detail.update(joined(below(facts, width, _LABEL), NOTHING, note, by="\n"))
