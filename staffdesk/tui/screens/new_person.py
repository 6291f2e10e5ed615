"""Somebody new in one form: what is known of him, who he may be of those on file, then his record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.containers import Grid, Vertical, VerticalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain import written_reasons
from staffdesk.domain.errors import BadInput, StaffdeskError, WasErased
from staffdesk.domain.new_people import Added, Company, NewPerson, Twins, called
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.hit_lines import hit_line
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import failure
from staffdesk.tui.plain import HIDDEN, KEY, MUTED, WARN, fit, joined, plain
from staffdesk.tui.widgets.field import Field, at_enter
from staffdesk.tui.widgets.rows import Line, Rows, words

_FIELDS: Final = (
    ("given_name", "Given name", 200), ("family_name", "Family name", 200), ("company", "Company", 200),
    ("job_title", "Job title", 200), ("email", "E-mail", 500), ("phone", "Telephone", 80),
    ("country", "Country, two letters", 40), ("language", "Language, two letters", 40),
)  # fmt: skip
_EVENT: Final = ("event", "Event", 500)
_AT_EVENTS: Final = "event"
_ADD, _OPEN = "add", "open"
_RETURNING: Final = "returning"


@dataclass(frozen=True, slots=True)
class Taken:
    """What the form came to: a customer on file that was chosen, or what was added."""

    customer: int | None
    added: Added | None = None


class NewPersonDialog(DeskDialog[Taken], inherit_bindings=False):
    """Answers whom the call is with; Enter in any field looks first whether he is on file."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.CASES, "New person")
    CSS_PATH = ["../styles/dialog.tcss", "../styles/new_person.tcss"]  # noqa: RUF012 - the framework's type

    def __init__(self) -> None:
        """Start with nothing looked up."""
        super().__init__()
        self._new = NewPerson()
        self._begun: list[str] = []
        self._twins: Twins | None = None
        self._company: int | None = None
        self._was_erased = False

    def body(self) -> Iterable[Widget]:
        """Fields two by two, each with its name over it; below them what was found."""
        who = called(self.session.sought) or NewPerson()
        with Vertical(id="box", classes="person") as box:
            box.border_title = plain("New person")
            box.border_subtitle = plain("tab next · enter looks who is on file, adds · esc back")
            with Grid(id="person-form"):
                for name, label, longest in self._columns():
                    with VerticalGroup(classes="cell"):
                        yield Static(plain(label, MUTED))
                        yield Field(getattr(who, name) or "", id=name, longest=longest, edited=True)
                        yield Static(id=f"{name}-wrong", classes="wrong")
            with VerticalGroup(id="back", classes="cell"):
                yield Static(plain("Why he is a customer again", MUTED))
                yield Field(id=_RETURNING, longest=written_reasons.rules().longest, placeholder="in a sentence")
            yield Static(self.notice(), id="note")
            yield Rows(id="ways")

    def notice(self) -> Content:
        """Say under which number he is taken down, then who of those on file this may be."""
        if self._was_erased:
            return plain(
                "! Somebody with this address or telephone was erased at his own request. Where he is a customer again,"
                " say why: the log keeps it, and product news stays away from him. Enter adds him, Esc goes back.",
                WARN,
            )
        if self._twins is None:
            return plain(f"Under {self.session.reference}, which is where he comes from.", MUTED)
        if self._twins.page.hits:
            return plain("He may be on file already: Enter opens him. The last lines add somebody new.")
        if self._twins.companies:
            return plain("The company may be on file already.")
        return plain("Nobody on file is like this. Enter once more adds.")

    def put_notice(self, notice: Content) -> None:
        """Say it below the fields; what was wrong with one of them is taken back."""
        super().put_notice(notice)
        for wrong in self.query(".wrong"):
            wrong.display = False

    def on_mount(self) -> None:
        """Begin with the name; who called, or who was searched for, stands there."""
        self._clear()
        self._begun = self._typed()
        self.query_one("#given_name", Field).focus()

    def mask(self, hidden: bool) -> None:
        """Hide what was typed and found while nobody is there, or show it again."""
        super().mask(hidden)
        self._show_ways(hidden=hidden)

    def action_back(self) -> None:
        """Go back one step: from the reason to what was found, from that to the fields, else leave.

        What was typed is dropped after a question alone, and stands in the field of the reason when it is asked again.
        """
        if self._was_erased:
            self._was_erased = False
            self._offer_ways()
        elif self._twins is not None:
            self._clear()
            self.query_one("#given_name", Field).focus()
        elif self._typed() != self._begun:
            self.confirm("Drop what you wrote here?", "drops it", super().action_back)
        else:
            super().action_back()

    @on(Field.Submitted)
    def look_first(self, event: Field.Submitted) -> None:
        """Look who of those on file this may be, once."""
        if self.waiting:
            return
        if event.input.id == _RETURNING:
            self._add(self._company, at_enter(event, self.query_one(f"#{_RETURNING}", Field)))
            return
        typed = {
            name: at_enter(event, self.query_one(f"#{name}", Field)).strip() or None for name, _, _ in self._columns()
        }
        self._new = NewPerson(**typed)  # type: ignore[arg-type] # the form asks for texts alone
        self._clear()
        customers, access, new = self.desk.new_customers, self.session.access, self._new
        self.look(partial(customers.twins, access, new), self._found, "searching")

    @on(Field.Changed)
    def forget(self, event: Field.Changed) -> None:
        """Offer nothing any more that was found for another text."""
        if self._twins is not None and event.input.id != _RETURNING:
            self._clear()

    @on(Rows.Selected)
    def go_on(self, event: Rows.Selected) -> None:
        """Go to the one on file, or add the new one."""
        kind, _, number = event.key.partition(":")
        if kind == _OPEN:
            self.dismiss(Taken(int(number)))
        elif not self.waiting:
            self._add(int(number) if number else None)

    def failed(self, error: StaffdeskError) -> None:
        """Say under its field what is wrong with it, or below; all that was typed stays.

        Who was erased is added all the same, by a person's decision: its reason is asked for.
        """
        if isinstance(error, WasErased):
            self._ask_why()
            return
        name = error.field if isinstance(error, BadInput) else ""
        if name not in {each for each, _, _ in self._columns()}:
            super().failed(error)
            return
        self.say(self.notice())
        wrong = self.query_one(f"#{name}-wrong", Static)
        wrong.update(failure(error.sentence, error.hint))
        wrong.display = True
        self.query_one(f"#{name}", Field).focus()

    def _columns(self) -> Iterator[tuple[str, str, int]]:
        yield from _FIELDS
        case = self.session.case
        if case is not None and case.channel == _AT_EVENTS:
            yield _EVENT

    def _typed(self) -> list[str]:
        return [field.value for field in self.query(Field)]

    def _clear(self) -> None:
        self._twins, self._was_erased = None, False
        self.query_one("#ways").display = self.query_one("#back").display = False
        self.rest()

    def _ask_why(self) -> None:
        self._was_erased = True
        self.query_one("#ways").display, self.query_one("#back").display = False, True
        self.rest()
        self.query_one(f"#{_RETURNING}", Field).focus()

    def _found(self, twins: Twins) -> None:
        self.session.logged(twins.page.seq)
        self._twins = twins
        self._offer_ways()

    def _offer_ways(self) -> None:
        self.query_one("#back").display = False
        self.rest()
        self._show_ways(hidden=False)
        ways = self.query_one(Rows)
        ways.display = True
        ways.focus()

    def _show_ways(self, *, hidden: bool) -> None:
        if self._twins is None:
            return
        lines = [Line(f"{_OPEN}:{hit.id}", partial(hit_line, hit, hidden)) for hit in self._twins.page.hits]
        if self._twins.page.more:
            lines.append(words(plain("There are more: add what tells them apart.", MUTED)))
        lines += [Line(f"{_ADD}:{each.id}", partial(_at, each, hidden)) for each in self._twins.companies]
        lines.append(Line(_ADD, partial(_new, self._new_words())))
        self.query_one(Rows).put(lines, keep=True)

    def _new_words(self) -> str:
        """Return what adding comes to where nobody on file is chosen."""
        twins = self._twins
        if twins is not None and twins.companies:
            return f"at a new company of this name{', nevertheless' if twins.page.hits else ''}"
        if twins is not None and twins.page.hits:
            return "nevertheless"
        return "somebody new" if self._new.names_a_person else "a new company"

    def _add(self, company: int | None, returning: str | None = None) -> None:
        self._company = company
        job = partial(self.desk.new_customers.add, self.session.access, self._new, company, returning)
        self.ask(job, self._added)

    def _added(self, added: Added) -> None:
        self.dismiss(Taken(added.customer, added))


def _new(what: str, width: int) -> Content:
    return fit(joined(plain("add ", KEY), plain(what)), width)


def _at(company: Company, hidden: bool, width: int) -> Content:
    where = " · ".join(part for part in (HIDDEN if hidden else company.name, company.country) if part)
    return fit(joined(plain("add ", KEY), plain(f"at {where}"), plain("  on file", MUTED)), width)
