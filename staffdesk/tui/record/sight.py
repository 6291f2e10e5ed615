"""What of an opened record may be seen at this moment: masks, revealed values and how long they stay, the idle mask."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual.content import Content

from staffdesk.domain.classes import Exposure
from staffdesk.domain.records import CONTESTED, Cell, Revealed
from staffdesk.tui.idle import now
from staffdesk.tui.phrases import left, local
from staffdesk.tui.plain import DASH, HIDDEN, MUTED, NOTHING, WARN, joined, plain


@dataclass(frozen=True, slots=True, repr=False)
class _Shown:
    text: str
    until: float


@dataclass(slots=True, repr=False)
class Sight:
    """Which masked values are revealed and until when, which rows are unfolded, whether all is masked for now.

    ``elsewhere`` is the number of the case in hand where it is about somebody else: it opens no more than an outside
    number does.
    """

    shown: dict[str, _Shown] = field(default_factory=dict)
    unfolded: set[str] = field(default_factory=set)
    away: bool = False
    elsewhere: str = ""

    def reveal(self, revealed: Revealed) -> None:
        """Show a value for as long as it may stay."""
        self.shown[revealed.key] = _Shown(revealed.text, now() + revealed.seconds)

    def hide(self) -> tuple[str, ...]:
        """Hide every revealed value; return which they were."""
        keys = tuple(self.shown)
        self.shown.clear()
        return keys

    def expire(self) -> None:
        """Hide what has been shown long enough."""
        moment = now()
        for key in [key for key, value in self.shown.items() if value.until <= moment]:
            del self.shown[key]

    def toggle(self, key: str) -> None:
        """Unfold a row, or fold it up again."""
        self.unfolded ^= {key}

    def text(self, cell: Cell) -> str:
        """Return what stands for a value now; times in this terminal's zone, an em dash where nothing is held."""
        if self.away and cell.privacy_class is not None:
            return HIDDEN
        value = self.shown.get(cell.key)
        if value is not None:
            return value.text
        if cell.exposure is Exposure.NONE:
            return "not shown"
        if cell.contested and cell.text is None and cell.exposure is Exposure.MASKED:
            return f"! {CONTESTED}"
        return local(cell.text) if cell.text else DASH

    def clear(self, cell: Cell) -> str | None:
        """Return a value that stands in clear now, shown or revealed; nothing where it does not, or is not held."""
        value = self.shown.get(cell.key)
        if value is not None:
            return value.text
        return cell.text if cell.exposure is Exposure.SHOWN and not self.away else None

    def value(self, cell: Cell, style: str = "") -> Content:
        """Return a value as it is painted: muted while it is masked."""
        bare = cell.key not in self.shown and (cell.exposure is not Exposure.SHOWN or not cell.text)
        return plain(self.text(cell), MUTED if bare or self.away else style, lines=True)

    def note(self, cell: Cell) -> Content:
        """Return what is said beside a value: how long it stays, that it is masked, or what is missing."""
        value = self.shown.get(cell.key)
        if value is not None and not self.away:
            return plain(f"● shown {left(value.until - now())}", WARN)
        if cell.contested:
            return plain(f"! {CONTESTED}" if cell.exposure is Exposure.SHOWN else "not used until it is settled", WARN)
        doubted = plain(f"! {cell.doubt}", WARN) if cell.doubt and not self.away else NOTHING
        if cell.exposure is Exposure.SHOWN:
            return doubted
        if cell.revealable:
            return joined(*(each for each in (doubted, plain("masked", MUTED)) if each), by=" ")
        return plain(self.missing(cell) if cell.held or cell.exposure is Exposure.NONE else "", MUTED)

    def missing(self, cell: Cell) -> str:
        """Return why a value is not shown: what is missing, or that the case in hand is somebody else's."""
        if not cell.why:
            return ""
        return f"{self.elsewhere} is about somebody else" if self.elsewhere else f"needs a {cell.why}"
