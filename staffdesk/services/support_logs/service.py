"""Zips of support logs in a case: asked for, listed, read, destroyed (privacy policy, D.6 to D.9).

No missing file is ever demanded: what the customer sends is all that there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from staffdesk.data.actors import Actors
from staffdesk.data.customers.log_bundles import HeldZip, KeepingLogBundles, LogBundles, in_quarantine
from staffdesk.data.customers.request_files import RequestFiles
from staffdesk.data.transaction import Append, Change, Read
from staffdesk.domain.access import Access, Act, Role
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound
from staffdesk.domain.log_scan import must_not_be_held
from staffdesk.domain.log_texts import pieces
from staffdesk.domain.screening import FieldKind, refuse_forbidden
from staffdesk.domain.support_log_rules import SupportLogRules, rules
from staffdesk.domain.support_logs import READ, LogBundle, LogsEnded, LogState, Manifest, Quarantined
from staffdesk.domain.text import clean_line
from staffdesk.parameters.shapes import retention
from staffdesk.services.clearance import Clearance
from staffdesk.services.door import Door, Result
from staffdesk.services.letters import language_of
from staffdesk.services.sessions import utc_ms
from staffdesk.services.support_logs.at_case import LOGS, AtCase, actor_of, check_open, draft_of, removed, there
from staffdesk.services.support_logs.checking import LogCheck, compare
from staffdesk.services.support_logs.examining import opened_zip
from staffdesk.services.support_logs.log_spool import LogSpool
from staffdesk.services.support_logs.printing import KEPT_BY, check_language, manifest_text
from staffdesk.services.support_logs.taking import LogIntake

_LONGEST_WHY: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """The zip that was asked for, and in which language the customer is asked as letters to him are written."""

    bundle: LogBundle
    language: str


@dataclass(frozen=True, slots=True, repr=False)
class Text:
    """A part of a file of a zip, as text; ``more`` says that another part follows."""

    name: str
    text: str
    more: bool


class SupportLogs:
    """The zips of cases at one home; ``intake`` takes them in."""

    def __init__(self, door: Door, spool: LogSpool, *, by: SupportLogRules | None = None) -> None:
        """Work through ``door``; sealed files lie in ``spool``."""
        self.intake = LogIntake(door, spool, by=by)
        self._at = AtCase(door)
        self._spool = spool
        self._by = by or rules()
        self._check = LogCheck(door, spool, self._by)

    def ask(self, access: Access, number: str, why: str) -> Asked:
        """Note in an open case that logs were asked for, and why, in one line; the row waits for the zip.

        The customer's language is read under the entry that says so: nobody looks for it before. Raises
        :class:`BadInput`, :class:`MustNotBeHeld`, :class:`NotFound` where no case of this number is open.
        """
        reason = clean_line(why, _LONGEST_WHY)
        refuse_forbidden(reason, FieldKind.NOTE)
        case = self._at.open_case(access, number)
        draft = draft_of(Act.CASE_LOGS_ASKED, case)

        def write(tx: Change, cleared: Clearance) -> tuple[Asked, Result]:
            keeping = KeepingLogBundles(tx)
            bundle = there(keeping.one(case.id, keeping.ask(case.id, actor_of(cleared), reason, utc_ms())))
            known = None if case.person_id is None else RequestFiles(tx).language(case.person_id)
            result = Result(act=Act.CASE_LOGS_ASKED, obj=(case.aid,), kinds=(LOGS,), n=1)
            return Asked(bundle, language_of(known).value), result

        return self._at.door.change(access, draft, write)

    def of_case(self, access: Access, number: str) -> tuple[LogBundle, ...]:
        """Return the zips of a case with what was found in each; support sees those of open cases, privacy all.

        Raises :class:`NotFound`, :class:`Denied`.
        """
        case = self._at.case(access, number)
        return self._at.look(access, case, Act.CASE_LOGS_LISTED, lambda tx: LogBundles(tx).of_case(case.id))

    def manifest(self, access: Access, number: str, bundle: int) -> Manifest:
        """Return what a zip holds, or held: each file with its size and SHA-256, as the customer may have it.

        Raises :class:`NotFound`, :class:`Denied`.
        """
        case = self._at.case(access, number)

        def read(tx: Read) -> Manifest:
            bundles = LogBundles(tx)
            return Manifest(number, there(bundles.one(case.id, bundle)), bundles.files(bundle))

        return self._at.look(access, case, Act.CASE_LOGS_LISTED, read)

    def told_to(self, access: Access, number: str, bundle: int, language: str) -> str:
        """Return the manifest of a zip as a text for the customer; raises :class:`BadInput` for a language."""
        check_language(language, self._by)
        return manifest_text(self.manifest(access, number, bundle), language, self._by)

    def not_to_be_held(self, access: Access) -> tuple[Quarantined, ...]:
        """Return which zips, of all cases, have what must not be held or are not what came; privacy is told of them.

        Nothing of it is about a person, so no entry is made. Raises :class:`SessionEnded`, :class:`Denied`.
        """

        def read(tx: Append) -> tuple[Quarantined, ...]:
            actor = Actors(tx).of_session(access.session)
            if actor is None or Role.PRIVACY not in actor.roles:
                raise Denied("This is told to privacy.", "Look at the logs of a case: staffdesk case logs list NUMBER")
            return tuple(each for each in in_quarantine(tx, self._by) if must_not_be_held(each.found, self._by))

        return self._at.door.peek(access, read)

    def read(self, access: Access, number: str, bundle: int, place: int, part: int = 1) -> Text:
        """Return a part of one file's text, counted from 1; nothing is unpacked but what is returned.

        Only of a zip in which nothing was found, or of a curated copy. Raises :class:`NotFound`, :class:`Denied`,
        :class:`BadInput` for what is no text, :class:`StorageUnavailable` for a sealed file that was altered.
        """
        case = self._at.open_case(access, number)

        def read(tx: Read) -> HeldZip:
            bundles = LogBundles(tx)
            held = there(bundles.one(case.id, bundle))
            zips = bundles.held([bundle])
            if not zips or held.state not in READ:
                raise _not_readable(held)
            if all(each.place != place for each in zips[0].files):
                raise NotFound("This zip has no such file.", "Look at its manifest: staffdesk case logs manifest")
            return zips[0]

        # The file is read once the transaction is over, which others may wait for; its entry stands by then.
        return self._text(self._at.look(access, case, Act.CASE_LOGS_READ, read), place, part)

    def destroy(self, access: Access, number: str, bundle: int) -> int:
        """Destroy the bytes of a zip: its key in one transaction, then its file; the manifest stays with the case.

        Returns how many files the disk did not let go, which ``run-due`` removes: 0, or 1. Raises :class:`NotFound`,
        :class:`Conflict` where they are destroyed already or never came, :class:`Denied`.
        """
        case = self._at.case(access, number)

        def write(tx: Change, cleared: Clearance) -> tuple[tuple[str, ...], Result]:
            check_open(case, cleared)
            keeping = KeepingLogBundles(tx)
            there(keeping.one(case.id, bundle))
            files = keeping.end([bundle], LogsEnded.BY_HAND, utc_ms())
            if not files:
                raise Conflict("No bytes of this zip are held.", "Look at the list of them.")
            return files, Result(act=Act.CASE_LOGS_DESTROYED, obj=(case.aid,), kinds=(LOGS, "by hand"), n=1)

        return removed(self._spool, self._at.door.change(access, draft_of(Act.CASE_LOGS_DESTROYED, case), write))

    def words_to_ask(self, language: str, product: str, number: str) -> str:
        """Return what may be written to a customer who is asked for logs; raises :class:`BadInput` for a language.

        Where ``product`` is empty, words in the same language stand for it.
        """
        check_language(language, self._by)
        of = product.strip() or self._by.whose[language]
        return self._by.asking[language].format(product=of, case=number, days=retention().kinds[KEPT_BY].days)

    def _text(self, held: HeldZip, place: int, part: int) -> Text:
        limits = self._by.limits
        first, last = (part - 1) * limits.shown_bytes, part * limits.shown_bytes
        shown: list[str] = []
        passed = 0
        name = next(each.name for each in held.files if each.place == place)
        with self._check.opened(held) as reader, opened_zip(reader, self._by) as whole:
            compare(whole, held, place)
            for piece in pieces(whole.chunks(place)):
                if passed >= last:
                    return Text(name, _shown(shown), more=True)
                if passed >= first:
                    shown.append(piece.text)
                passed += len(piece.text)
        if part < 1 or (part > 1 and passed <= first):
            raise NotFound("This file has no such part.", "Ask for part 1.")
        return Text(name, _shown(shown), more=False)


def _shown(parts: list[str]) -> str:
    """Return a text without the mark of UTF-16, which is no letter of it."""
    return "".join(parts).removeprefix("\ufeff")


def _not_readable(held: LogBundle) -> BadInput:
    if held.state is LogState.QUARANTINED:
        return BadInput(
            "This zip is in quarantine: nobody reads it.",
            "Make a curated copy: staffdesk case logs scrub; or ask the customer for another.",
        )
    return BadInput("No bytes of this zip are held.", "Look at its manifest, or ask the customer for it again.")
