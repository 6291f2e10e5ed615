"""Reviewing the log: pages, one entry, one's own entries, how far it is sealed; each reading is itself an entry."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from staffdesk.data.break_glass import Grants
from staffdesk.data.entries import Entries
from staffdesk.data.entry_pages import Selection
from staffdesk.data.references import LARGEST
from staffdesk.data.reviews import Reviews
from staffdesk.data.transaction import Append, Read
from staffdesk.domain.access import Access, Act, Role
from staffdesk.domain.access_table import Opening
from staffdesk.domain.entry_filter import EntryFilter, parse_filter
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound, SessionEnded
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.screening import refuse_forbidden, shipped
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.log_filters import Counted, LogFilters, checked, parts_of, selection, shipped_filters
from staffdesk.services.log_proof import LogProof
from staffdesk.services.log_rows import EntryRow, rows_of, without_relation
from staffdesk.services.redaction import identifiers_of, redacted, shown_beside
from staffdesk.services.reviewing import items_in
from staffdesk.services.sealing import Sealer
from staffdesk.services.sessions import utc_ms
from staffdesk.services.verification import LogOpener

PAGE: Final = 50
LONGEST_PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Entries, newest first; ``next_before`` asks for the page after this one, None at the end.

    There may be fewer than were asked for, or none, while ``next_before`` says that older ones were not looked at yet.
    """

    entries: tuple[EntryRow, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """One entry in full, with the openings the reader may read, by field."""

    row: EntryRow
    openings: Mapping[str, str] = field(repr=False)
    withheld: tuple[str, ...]


class AuditReview(LogProof):
    """The log, for admins and auditors; for everybody what it holds about himself, for privacy a person's entries."""

    def __init__(
        self,
        door: Door,
        matrix: AccessMatrix,
        sealer: Sealer,
        open_log: LogOpener,
        folder: Path,
        verifier_keys: str,
        exports: Path | None = None,
    ) -> None:
        """Read through ``door``; the rest as :class:`LogProof` takes it, exports beside ``folder`` unless said."""
        super().__init__(door, sealer, open_log, folder, verifier_keys, exports or folder.parent / "exports")
        self._matrix = matrix
        self.filters = LogFilters(door)

    def list(self, access: Access, wanted: EntryFilter, before: int | None = None, limit: int = PAGE) -> EntryPage:
        """Return a page of entries, newest first; raises :class:`NotFound` for an unknown name or number."""
        wanted, before = checked(wanted), _place(before, limit)
        draft = Draft(wanted=Wanted(act=Act.AUDIT_LISTED), kinds=parts_of(wanted))

        def read(tx: Append, cleared: Clearance) -> tuple[EntryPage, Result]:
            page = _page(tx, selection(tx, wanted, cleared), before, limit)
            # The name is one of an account by now: anything else that was typed must not stand in the log.
            who = () if wanted.who is None else (f"who:{wanted.who}",)
            return page, Result(act=Act.AUDIT_LISTED, kinds=(*who, *parts_of(wanted)), n=len(page.entries))

        return self._door.act(access, draft, read, intent=False)

    def review(self, access: Access) -> tuple[Counted, ...]:
        """Return how many entries of the last days each filter of the review selects; one entry for all of them."""
        shipped = shipped_filters()
        texts = {name: f"{text} since:{shipped.review_days}d" for name, text in shipped.review.items()}

        def read(tx: Append, cleared: Clearance) -> tuple[tuple[Counted, ...], Result]:
            found = []
            for name, text in texts.items():
                page = Entries(tx).page(selection(tx, parse_filter(text), cleared), None, PAGE)
                found.append(Counted(name, text, len(page.cores), page.looked_to > 0))
            return tuple(found), Result(act=Act.AUDIT_LISTED, kinds=("filter", "review"), n=len(found))

        draft = Draft(wanted=Wanted(act=Act.AUDIT_LISTED), kinds=("filter", "review"))
        return self._door.act(access, draft, read, intent=False)

    def own(self, access: Access, before: int | None = None, limit: int = PAGE) -> EntryPage:
        """Return a page of what the log holds about who asks, whatever he may read else; newest first.

        How he stands to the people is left out: it would tell whose number he typed bears his name, address or domain.
        """
        before = _place(before, limit)

        def read(tx: Append, cleared: Clearance) -> tuple[EntryPage, Result]:
            if cleared.actor is None:
                return EntryPage((), None), Result(act=Act.AUDIT_OWN)
            page = _page(tx, Selection(actor=cleared.actor.staff_id), before, limit)
            page = replace(page, entries=tuple(without_relation(row) for row in page.entries))
            return page, Result(act=Act.AUDIT_OWN, n=len(page.entries))

        return self._door.act(access, Draft(wanted=Wanted(act=Act.AUDIT_OWN)), read, intent=False)

    def entry(self, access: Access, seq: int) -> EntryDetail:
        """Return one entry in full, with the openings these roles may read; the reading is an entry that names it.

        An admin who reads the reason of a break-glass has reviewed it, and it leaves his list; that is an entry too.
        For who reviews the log: privacy opens an entry of one person, from his record (:meth:`entry_about`).
        """
        draft = Draft(wanted=Wanted(act=Act.AUDIT_OPENED), kinds=self._named(access, seq), n=1)

        def read(tx: Read, cleared: Clearance, _ticket: object) -> tuple[EntryDetail, bool]:
            if cleared.role is Role.PRIVACY:
                raise Denied("Privacy opens an entry from the record of the person it is about.", "Open the record, w.")
            return self._detail(tx, cleared.role, seq), self._to_review(tx, cleared, seq)

        detail, to_review = self._door.look(access, draft, read)
        if to_review:
            # Whoever else read it in the same moment has reviewed it.
            with suppress(Conflict):
                self._review(access, seq)
        return detail

    def entry_about(self, access: Access, customer: int, seq: int) -> EntryDetail:
        """Return one entry about a customer with the values it commits to, for privacy; any other is not found."""
        wanted = Wanted(act=Act.AUDIT_OPENED, record=("person", customer))
        draft = Draft(wanted=wanted, kinds=self._named(access, seq), n=1)

        def read(tx: Read, cleared: Clearance, _ticket: object) -> EntryDetail:
            detail = self._detail(tx, cleared.role, seq)
            if customer not in detail.row.customers:
                raise _no_entry()
            return detail

        return self._door.look(access, draft, read)

    def _named(self, access: Access, seq: int) -> tuple[str, ...]:
        """Name an entry for the entry of its reading, which keeps no other number that was typed for one."""
        refuse_forbidden(str(seq))
        if not 0 < seq <= self._door.peek(access, lambda tx: Entries(tx).state().size):
            raise _no_entry()
        return (f"entry:{seq}",)

    def _to_review(self, tx: Read, cleared: Clearance, seq: int) -> bool:
        roles = frozenset() if cleared.actor is None else cleared.actor.roles
        may = self._matrix.role_in_force(roles, cleared.purpose, Act.AUDIT_REVIEWED) is not None
        return may and seq in Grants(tx).to_review().values()

    def _review(self, access: Access, seq: int) -> None:
        draft = Draft(wanted=Wanted(act=Act.AUDIT_REVIEWED), kinds=(f"entry:{seq}",), n=1)

        def write(tx: Append, cleared: Clearance) -> tuple[None, Result]:
            if cleared.actor is None:
                raise SessionEnded("You are not signed in.", "Sign in again.")
            if Grants(tx).review(seq, cleared.actor.staff_id, utc_ms()) == 0:
                raise Conflict("This break-glass was reviewed meanwhile.", "Read its entry again.")
            return None, Result(act=Act.AUDIT_REVIEWED, kinds=(f"entry:{seq}",), n=1)

        self._door.act(access, draft, write)

    def _detail(self, tx: Read, role: Role | None, seq: int) -> EntryDetail:
        core = Entries(tx).entry(seq) if 0 < seq <= LARGEST else None
        if core is None or role is None:
            raise _no_entry()
        kinds = [kind.value for kind in Opening if self._matrix.reads_opening(role, kind)]
        found = dict(Entries(tx).openings(seq, kinds))
        row = rows_of(tx, (core,))[0]
        if not self._matrix.reads_opening(role, Opening.VALUE):
            rests = [seq for item in items_in(core.kinds) for seq in Reviews(tx).seqs(item)]
            others = shown_beside(tx, (core, *Entries(tx).some(rests)), row.customers) if found else {}
            known = {**identifiers_of(tx, row.customers), **others}
            found = {name: shipped().without_contacts(redacted(text, known)) for name, text in found.items()}
        return EntryDetail(row, found, tuple(name for name in core.sec if name not in found))


def _place(before: int | None, limit: int) -> int | None:
    if not 0 < limit <= LONGEST_PAGE:
        raise BadInput(f"A page holds 1 to {LONGEST_PAGE} entries.", "Ask for fewer.")
    return None if before is None else max(0, min(before, LARGEST))


def _page(tx: Append, wanted: Selection, before: int | None, limit: int) -> EntryPage:
    found = Entries(tx).page(wanted, before, limit)
    return EntryPage(rows_of(tx, found.cores), found.looked_to or None)


def _no_entry() -> NotFound:
    return NotFound("There is no such entry, or it was pruned.", "Look at the list of entries.")
