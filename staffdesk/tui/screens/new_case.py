"""A new case in one form, also while something is being typed: it lies over the screen, nothing else moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.containers import Grid, Vertical, VerticalGroup
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.classes import Exposure
from staffdesk.domain.errors import StaffdeskError
from staffdesk.domain.matters import CaseRow, NewCase
from staffdesk.domain.products import OTHER, alike, as_other, as_shown, is_other
from staffdesk.domain.records import Record
from staffdesk.domain.screening import FieldKind
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import BAD, MUTED, NOTHING, WARN, joined, plain
from staffdesk.tui.screened import ScreenedDialog
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field, at_enter

_HIS, _ANOTHER = "this customer", "somebody else"
_WHICH = "Which one? "


class NewCaseDialog(ScreenedDialog[CaseRow], inherit_bindings=False):
    """Answers the case that was opened; Enter opens it from any field."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.CASES, "New case")
    CSS_PATH = ["../styles/dialog.tcss", "../styles/new_case.tcss"]  # noqa: RUF012 - the framework's type

    def __init__(self, record: Record | None = None, *, over: bool = False) -> None:
        """Start a case; beside the ``record`` of a customer it is his, and begins with the product of his newest one.

        Where a case of his is in hand already, or his call is ``over``, the one that comes now is rather somebody
        else's.
        """
        super().__init__()
        self._over = over
        self._customer = None if record is None else record.customer
        self._newest = next(iter(record.rows("support_case")), None) if record is not None else None
        self._products: tuple[str, ...] | None = None

    def body(self) -> Iterable[Widget]:
        """Heads over one line of fields."""
        from staffdesk.services.cases import CHANNELS, KINDS, RECOGNISED  # noqa: PLC0415 - brings the data layer

        kinds = [kind for kind in KINDS if kind in self.session.purposes()]
        before = "" if self._is_second else self._before("product_name")
        with Vertical(id="box", classes="case alone" if self._customer is None else "case beside") as box:
            box.border_title = plain("New case")
            box.border_subtitle = plain("tab next · ←→ chooses · enter opens it · esc leaves it")
            with Grid(id="case-form"):
                for head, widget in (
                    *([] if self._customer is None else [("Whose", Choice((_HIS, _ANOTHER), id="whose"))]),
                    ("Kind", Choice(kinds, id="kind")),
                    ("Channel", Choice(CHANNELS, id="channel")),
                    ("Product", Field(before, id="product", longest=200)),
                    ("Caller", Field(id="caller", longest=200)),
                    ("Recognised by", Choice(RECOGNISED, id="recognised")),
                    ("Summary", Field(id="summary", longest=500)),
                ):
                    with VerticalGroup(id=f"{widget.id}-cell", classes="cell"):
                        yield Static(plain(head, MUTED))
                        yield widget
            for field in self.screened():
                yield self.reason_line(field)
            yield Static(id="note")

    def screened(self) -> Mapping[str, FieldKind]:
        """Screen what is asked as written about somebody."""
        return {"product": FieldKind.TEXT, "caller": FieldKind.TEXT, "summary": FieldKind.NOTE}

    def on_mount(self) -> None:
        """Begin with the product: kind and channel are mostly right."""
        if self.session.purpose is not None:
            self.query_one("#kind", Choice).choose(self.session.purpose.value)
        if self._is_second:
            self.query_one("#whose", Choice).choose(_ANOTHER)
        self.query_one("#product", Field).focus()
        self._learn_products()

    def notice(self) -> Content:
        """Say which products are meant by what is typed."""
        box = self.query_one("#product", Field)
        if not (box.has_focus and box.value.strip()) or self._products is None:
            waits = self.session.other if self.session.case is not None else None
            gone = (
                f"Two calls are in hand: {waits.reference} waits no more once a third is opened, but stays in My cases."
                if waits
                else ""
            )
            return plain(gone, WARN) if gone else NOTHING
        if is_other(box.value):
            return plain("Taken as a product that is none of ours.", MUTED)
        found = alike(box.value, self._products)
        if not found:
            return plain(f"None of our products. {OTHER}NAME takes it all the same.", MUTED)
        return plain(self._named(found), MUTED)

    @on(Field.Changed, "#product")
    def tell_of_products(self) -> None:
        """Say which products are meant by now."""
        self.rest_unless_said()

    @on(Field.Blurred, "#product")
    def complete_product(self, event: Field.Blurred) -> None:
        """Write the one product that is meant in full."""
        found = alike(event.value, self._products or ())
        if len(found) == 1:
            event.input.value = found[0]
            event.input.cursor_position = len(found[0])
        self.rest_unless_said()

    @on(Choice.Chosen)
    @on(Field.Submitted)
    def open(self, event: Choice.Chosen | Field.Submitted) -> None:
        """Open the case, once; one about nothing and nobody is not opened."""
        if self.waiting:
            return
        text = {
            field: at_enter(event, self.query_one(f"#{field}", Field)).strip() or None
            for field in ("product", "caller", "summary")
        }
        chosen = {field: self.query_one(f"#{field}", Choice).value for field in ("kind", "channel", "recognised")}
        new = NewCase(
            kind=chosen["kind"],
            channel=chosen["channel"],
            recognised=chosen["recognised"],
            product=text["product"],
            caller=text["caller"],
            summary=text["summary"],
            customer=self._customer if self._is_his() else None,
        )
        if new.product is None:
            self._open(new)
        elif self._products is None:
            # Whoever types faster than the products come is asked all the same.
            job = partial(self.desk.catalogue.names, self.session.desk_access)
            self.ask(job, partial(self._offer_and_open, new), "reading")
        else:
            self._open_about(new, new.product, self._products)

    def _offer_and_open(self, new: NewCase, names: tuple[str, ...]) -> None:
        self._offer(names)
        self._open_about(new, new.product or "", self._products or ())

    def _open_about(self, new: NewCase, typed: str, products: tuple[str, ...]) -> None:
        """Open the case about the product that is meant, about another one only knowingly, where there are any."""
        found = alike(typed, products)
        if not products:
            self._open(new)
        elif len(found) == 1:
            self._open(replace(new, product=found[0]))
        elif is_other(typed):
            self._open(replace(new, product=as_other(typed)))
        elif found:
            self.say(joined(plain(_WHICH, BAD), plain(self._named(found, len(_WHICH)))))
            self.query_one("#product", Field).focus()
        else:
            question = f"“{typed}” is none of our products. Open the case all the same?"
            self.confirm(question, "opens it", partial(self._open, replace(new, product=as_other(typed))))

    def _named(self, found: Sequence[str], before: int = 0) -> str:
        """Return as many names as stand on one line, and how many more there are."""
        names = [*map(as_shown, found)]
        room = self.query_one("#note").content_size.width - before
        for shown in range(len(names), 1, -1):
            more = f" · {len(names) - shown} more" if shown < len(names) else ""
            line = " · ".join(names[:shown]) + more
            if len(line) <= room:
                return line
        return f"{names[0]} · {len(names) - 1} more" if len(names) > 1 else names[0]

    def _open(self, new: NewCase) -> None:
        caller = new.caller or ""
        job = partial(self.desk.cases.open, self.session.desk_access, new)
        self.ask(job, partial(self._opened, caller if new.customer is None else ""))

    @work(thread=True, exit_on_error=False, group="products")
    def _learn_products(self) -> None:
        """Read the products beside what is typed; where that cannot be, Enter asks again and says why."""
        try:
            names = self.desk.catalogue.names(self.session.desk_access)
        except StaffdeskError:
            return
        self.app.call_from_thread(self._offer, names)

    def _offer(self, names: tuple[str, ...]) -> None:
        # What a case of this customer was about before is known too, whatever it is called today.
        before = self._before("product_name")
        self._products = names if not before or before in names else (*names, before)
        for box in self.query("#product").results(Field):
            box.suggester = SuggestFromList(names, case_sensitive=False)
            self.rest_unless_said()

    @property
    def _is_second(self) -> bool:
        """Whether the call in hand, or just over, is his, or nobody's by name: the next one is somebody else's."""
        case = self.session.case
        his = self._over if case is None else case.customer in {None, self._customer}
        return self._customer is not None and his

    def _is_his(self) -> bool:
        return self._customer is not None and self.query_one("#whose", Choice).value == _HIS

    def _before(self, column: str) -> str:
        """Return what the customer's newest case says, where this role may see it."""
        cell = None if self._newest is None else self._newest.cells.get(column)
        return "" if cell is None or cell.exposure is not Exposure.SHOWN else cell.text or ""

    def _opened(self, caller: str, case: CaseRow) -> None:
        self.session.take(case, caller)
        self.dismiss(case)
