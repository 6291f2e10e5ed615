"""Product news: why somebody gets it, what the campaign service is told, how its list differs from ours.

staffdesk sends nothing itself (privacy policy, D.4): a file goes to the folder an admin named, and nowhere else (A46).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from staffdesk.data.credentials import Credentials
from staffdesk.data.customers.campaign_given import CampaignGiven, CampaignGiving
from staffdesk.data.deadline import Deadline
from staffdesk.data.local_settings import LocalSettings
from staffdesk.data.tables.campaign import CampaignExport
from staffdesk.data.tables.sharing import Recipient
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Append, Change, Read
from staffdesk.domain import transfers
from staffdesk.domain.access import Access, Act, Level
from staffdesk.domain.campaign import CampaignRules, Explained, Told
from staffdesk.domain.campaign import rules as shipped
from staffdesk.domain.classes import PrivacyClass
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound, StaffdeskError, StorageUnavailable
from staffdesk.domain.marketing import CAMPAIGN_SERVICE, TaskState
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.uses import NEWS
from staffdesk.services.campaign import folder as files
from staffdesk.services.campaign.deciding import Deciding, Difference
from staffdesk.services.campaign.drifting import Compared, compare, read_list
from staffdesk.services.cells import Cells
from staffdesk.services.clearance import Clearance, Wanted, may_see_country
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.importing.profiles import profile
from staffdesk.services.sessions import Clock, day_in_brussels, utc_ms
from staffdesk.services.workflow import Workflow

_SERVICE: Final = "transpond"
_SECONDS: Final = 120.0
"""Everybody who may get news is looked through, in a reading that keeps nobody waiting."""
_WRITE_SECONDS: Final = 30.0
_GIVEN: Final = "-add.csv"
_WITHDRAWN: Final = "-remove.csv"
_NO_FOLDER: Final = (
    "No folder for the campaign service is named, so nothing is written.",
    "An admin names it: staffdesk campaign folder PATH --as ADMIN",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export told the service: how many addresses of each kind, in which files; ``dry_run`` wrote nothing.

    ``left_out`` are addresses that a spreadsheet would take for a formula, ``finished`` files of a run that was cut
    off. ``noted`` are the objections by number that count as passed on now, ``unnoted`` those of which that could not
    be noted, with why.
    """

    dry_run: bool
    told: Mapping[Told, int]
    files: tuple[str, ...] = ()
    left_out: int = 0
    finished: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()
    unnoted: Mapping[str, str] = field(default_factory=dict)


class Campaign:
    """Raises what :class:`staffdesk.services.door.Door` raises."""

    def __init__(
        self,
        door: Door,
        matrix: AccessMatrix,
        workflow: Callable[[], Workflow],
        *,
        clock: Clock = utc_ms,
        rules: CampaignRules | None = None,
    ) -> None:
        """Go through ``door``; ``workflow`` notes which objections were passed on, ``clock`` gives UTC milliseconds."""
        self._door = door
        self._matrix = matrix
        self._workflow = workflow
        self._clock = clock
        self._rules = rules or shipped()

    def why(self, access: Access, customer: int, deadline: Deadline | None = None) -> Explained:
        """Say why a customer gets product news, or why not; raises :class:`NotFound` where there is no such record."""
        draft = Draft(
            wanted=Wanted(act=Act.CUSTOMER_OPENED, record=("person", customer)),
            level=Level.OPENED,
            kinds=("person", "news"),
            n=1,
        )

        def read(tx: Read, cleared: Clearance, ticket: Ticket) -> Explained:
            glass = cleared.glass is not None
            if cleared.role is None or not self._matrix.sees_rows(cleared.role, NEWS, glass=glass):
                raise Denied("This role is not told who gets product news.", "Support, sales and privacy are.")
            person = customer if cleared.subject is None else cleared.subject.person_id
            seen = Cells(self._matrix, cleared).exposure(PrivacyClass.MARKETING)
            told = None if person is None else Deciding(tx, self._rules).explain(person, seen, ticket.seq)
            if told is None:
                raise NotFound("There is no such record.", "Search again: it may have been merged or erased.")
            return told

        return self._door.look(access, draft, read, deadline=deadline)

    def export(self, access: Access, *, dry_run: bool = False) -> Exported:
        """Write what the service is still to be told into its folder, and note it; twice in a row writes nothing.

        Killed in the middle, either the file and its record count or neither does: the next run sees to it. Raises
        :class:`BadInput` where no folder is named, :class:`Conflict` while another export is under way, :class:`Denied`
        where data may not go to the service.
        """
        if dry_run:
            planned, _ = self._plan(access, "dry_run")
            return Exported(dry_run=True, told=_counts(planned), left_out=planned.left_out)
        folder = self._folder(access)
        with files.at_work_in(folder):
            planned, recorded = self._plan(access, "plan")
            finished = (*files.finish(folder, recorded), *files.finish_elsewhere(folder, recorded))
            done = Exported(dry_run=False, told={}, left_out=planned.left_out, finished=finished)
            if planned:
                done = self._give(access, folder, planned, finished)
        return self._note(access, done)

    def drift(self, access: Access, paths: Sequence[Path], *, missing: bool = False) -> Compared:
        """Compare lists that a campaign service exported with ours; nothing of them is taken in.

        Who gets news and is not in them is counted, and named where ``missing`` asks for it; the entry names whom the
        answer does.

        Raises :class:`BadInput` where none of its tables is in a file.
        """
        if not paths:
            raise BadInput("No file was named.", "Run: staffdesk campaign drift FILE")
        listed = read_list(paths, self._rules.services)
        draft = Draft(wanted=Wanted(act=Act.CAMPAIGN_COMPARED), kinds=("plan",), n=listed.read)

        def read(tx: Read, cleared: Clearance, _ticket: Ticket) -> Compared:
            _check_receives(cleared)
            return compare(tx, self._rules, listed, missing=missing)

        def shown(found: Compared) -> Result:
            kinds = tuple(sorted(each.name.lower() for each in found.counts))
            return Result(
                act=Act.CAMPAIGN_COMPARED, level=Level.LISTED, obj=found.aids, kinds=kinds, n=len(found.drifted)
            )

        return self._door.look(access, draft, read, shown, longer=Deadline(_SECONDS))

    def _plan(self, access: Access, kind: str) -> tuple[Difference, Mapping[str, str]]:
        draft = Draft(wanted=Wanted(act=Act.CAMPAIGN_EXPORTED), kinds=(kind,))

        def read(tx: Read, cleared: Clearance, _ticket: Ticket) -> tuple[Difference, Mapping[str, str]]:
            _check_receives(cleared)
            _check_transfer(day_in_brussels(self._clock()))
            return Deciding(tx, self._rules).difference(), CampaignGiven(tx).names()

        return self._door.look(access, draft, read, longer=Deadline(_SECONDS))

    def _folder(self, access: Access) -> Path:
        def read(tx: Append, _cleared: Clearance) -> tuple[str | None, Result]:
            path = LocalSettings(tx).campaign_folder().path
            return path, Result(act=Act.CAMPAIGN_EXPORTED, kinds=("begin",))

        draft = Draft(wanted=Wanted(act=Act.CAMPAIGN_EXPORTED), kinds=("begin",))
        path = self._door.act(access, draft, read, intent=False)
        if path is None:
            raise BadInput(*_NO_FOLDER)
        return files.check(path)

    def _give(self, access: Access, folder: Path, planned: Difference, finished: tuple[str, ...]) -> Exported:
        """Write the files under hidden names, record them in one transaction, then let them be seen."""
        now = self._clock()
        name = files.new_name(now)
        draft = Draft(
            wanted=Wanted(act=Act.CAMPAIGN_EXPORTED), kinds=(CAMPAIGN_SERVICE,),
            n=len(planned.given) + len(planned.ended),
        )  # fmt: skip

        def write(tx: Change, cleared: Clearance) -> tuple[Exported, Result]:
            _check_receives(cleared)
            known = _check_transfer(day_in_brussels(now))
            if cleared.actor is None:
                raise Denied("You are not signed in.", "Sign in again.")
            Credentials(tx).queue()
            still = Deciding(tx, self._rules).again(planned)
            contents = _tables(still)
            giving = CampaignGiving(tx)
            record = CampaignExport.checked(
                {
                    "recipient_id": giving.recipient(_row(known)), "staff_id": cleared.actor.staff_id, "made_at": now,
                    "classes": PrivacyClass.CONTACT.value, "purpose": known.purpose, "given": len(still.given),
                    "withdrawn": len(still.ended), "folder": str(folder), "name": name,
                    "digest": _digest(tx.secret, contents),
                }
            )  # fmt: skip
            counts = _counts(still)
            kinds = (CAMPAIGN_SERVICE, *(f"{word}:{many}" for word, many in counts.items()))
            noted = len(still.given) + len(still.withdrawn)
            if still and giving.add(record, still.given, still.withdrawn) != noted:
                raise Conflict("The list was changed meanwhile.", "Export again.")
            files.put_by(folder, name, contents)
            names = tuple(f"{name}{ending}" for ending in contents)
            done = Exported(
                dry_run=False, told=counts, files=names, left_out=planned.left_out, finished=finished,
                noted=tuple(dict.fromkeys(still.erased.values())),
            )  # fmt: skip
            return done, Result(act=Act.CAMPAIGN_EXPORTED, kinds=kinds, n=noted + len(still.erased))

        try:
            done = self._door.change(access, draft, write, longer=Deadline(_WRITE_SECONDS))
        except StorageUnavailable:
            raise  # the record may stand, or not: the next run names what waits, or destroys it
        except StaffdeskError:
            files.put_away(folder, name)
            raise
        files.finish(folder, {name: str(folder)})
        return done

    def _note(self, access: Access, done: Exported) -> Exported:
        """Note of each objection and erasure that an export passed on that the service was told (GDPR Art. 19)."""
        draft = Draft(wanted=Wanted(act=Act.CAMPAIGN_EXPORTED), kinds=("passed_on",))
        objections = self._door.look(access, draft, lambda tx, _cleared, _ticket: CampaignGiven(tx).passed_on())
        numbers = (*done.noted, *objections)
        unnoted: dict[str, str] = {}
        for number in numbers:
            try:
                self._workflow().told(access, number, CAMPAIGN_SERVICE, TaskState.SENT)
            except (Conflict, Denied, NotFound) as error:
                unnoted[number] = error.sentence
        noted = tuple(number for number in numbers if number not in unnoted)
        return Exported(
            dry_run=False, told=done.told, files=done.files, left_out=done.left_out, finished=done.finished,
            noted=noted, unnoted=unnoted,
        )  # fmt: skip


def _check_receives(cleared: Clearance) -> None:
    """Raise :class:`Denied` for whoever works where no record of the EEA may go: the list is of everybody."""
    if cleared.actor is None or not (verdict := may_see_country(cleared.actor, None)).allowed:
        reason = "you are not signed in" if cleared.actor is None else verdict.reason
        raise Denied(f"The list may not leave the EEA: {reason}.", "Ask a colleague employed in Brussels.")


def _check_transfer(today: dt.date) -> transfers.KnownRecipient:
    """Return the campaign service; raises :class:`Denied` where nothing may be given to it (policy F; B.10)."""
    known = transfers.known_recipient(CAMPAIGN_SERVICE)
    if known is None or not known.confirmed:
        raise Denied("The campaign service is not confirmed as a recipient.", "Privacy enters who it is.")
    verdict = transfers.transfer_check(known.recipient(), today)
    if not verdict.allowed:
        raise Denied(f"Nothing may be given to the campaign service: {verdict.reason}.", "Privacy records a safeguard.")
    return known


def _row(known: transfers.KnownRecipient) -> Recipient:
    return Recipient.checked(
        {
            "code": known.code, "name": known.name, "country": known.country, "purpose": known.purpose,
            "mechanism": known.mechanism, "mechanism_until": known.valid_until,
        }
    )  # fmt: skip


def _tables(told: Difference) -> dict[str, bytes]:
    """Return the service's own tables, by the ending of their files; one of nobody is none."""
    table = profile(_SERVICE).tables[0]
    columns, words = (table.columns["email"][0], table.columns["status"][0]), table.written
    given = [(email, words[Told.GIVEN]) for email in sorted(told.given)]
    withdrawn = [(email, words[word]) for email, word in sorted(told.ended.items())]
    found = {_GIVEN: given, _WITHDRAWN: withdrawn}
    return {ending: files.table(columns, rows) for ending, rows in found.items() if rows}


def _counts(told: Difference) -> dict[Told, int]:
    words = Counter({Told.GIVEN: len(told.given)}) + Counter(told.ended.values())
    return {word: words[word] for word in Told if words[word]}


def _digest(secret: bytes, contents: Mapping[str, bytes]) -> str:
    """Return by what the files are known again: keyed, since of few addresses each could be tried."""
    whole = hmac.new(secret, b"campaign files", "sha256")
    for content in contents.values():
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()
