"""The answer to a request as it goes out: the package that is made for it, and the letter that waits with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from staffdesk.data.customers.log_bundles import HeldZip
from staffdesk.data.customers.request_letters import Kept, RequestLetters, WritingLetters
from staffdesk.data.customers.request_people import same_people
from staffdesk.data.customers.request_reveals import Reveals
from staffdesk.data.deadline import Deadline
from staffdesk.data.references import Reference
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.access import Access, Act, Level
from staffdesk.domain.errors import Conflict, NotFound
from staffdesk.domain.packages import Contents, Finding, Redaction
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.request_progress import Progress
from staffdesk.domain.requests import RequestType
from staffdesk.services import letters
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft
from staffdesk.services.letters import AccessReply, Language
from staffdesk.services.letters.reply import reply_of
from staffdesk.services.packages import Packages, collect
from staffdesk.services.post import Attachment, Sent
from staffdesk.services.request_letters import Drafted, language_for
from staffdesk.services.request_numbers import REQUEST, known_request
from staffdesk.services.request_sending import check_sends
from staffdesk.services.request_standing import check_officer, read
from staffdesk.services.support_logs.enclosing import LogEnclosing
from staffdesk.services.support_logs.log_spool import LogSpool

_SECONDS: float = 60
_ZIP = "application/zip"
_LOGS = "log_bundle"


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """A package that was made, for a request's number: what its letter tells, and what opens it, told once."""

    number: str
    access: AccessReply
    passphrase: str


@dataclass(frozen=True, slots=True, repr=False)
class Waiting:
    """An answer that waits to be sent."""

    kept: Kept
    drafted: Drafted
    attachments: tuple[Attachment, ...]

    def note_sent(self, tx: Change, sent: Sent) -> None:
        """Keep that it went out; raises :class:`Conflict` where it had gone before."""
        if WritingLetters(tx).sent(self.kept.id, sent.way.value, sent.at) != 1:
            raise Conflict("This letter went out before.", "Open the request again.")


class RequestPackages:
    """Makes packages for requests and hands them to whoever sends them."""

    def __init__(self, door: Door, packages: Packages, logs: LogSpool) -> None:
        """Collect through ``door``; ``packages`` seals what was made and keeps it; ``logs`` holds support logs."""
        self._door = door
        self._packages = packages
        self._logs = LogEnclosing(door, logs)

    def findings(self, access: Access, number: str) -> tuple[Finding, ...]:
        """Return the places in a package that may be about somebody else, to be decided one by one; a look."""
        known = known_request(self._door, access, number)
        contents, progress, _, _ = self._collected(access, known)
        left = self._packages.left(progress.number) if self._packages.holds(progress.number) else frozenset[str]()
        return tuple(replace(each, left=each.id in left) for each in contents.findings)

    def make(self, access: Access, known: Reference, leave: tuple[str, ...] = ()) -> Answer:
        """Make the package of a request, in which the places in ``leave`` are not hidden.

        Raises what :meth:`Packages.make` does.
        """
        contents, progress, language, zips = self._collected(access, known)
        decided: Mapping[str, Redaction] = dict.fromkeys(leave, Redaction.LEAVE)
        made = self._packages.make(
            contents, progress.kind, language=language, decided=decided,
            logs=partial(self._logs.enclosed, zips) if zips else None,
        )  # fmt: skip
        files, hidden = (each.name for each in made.manifest.files), sum(made.manifest.hidden.values())
        return Answer(progress.number, reply_of(contents, tuple(files), hidden=hidden), made.passphrase)

    def answer(self, access: Access, known: Reference) -> Waiting:
        """Return the answer that waits to be sent.

        Raises :class:`NotFound` where none does, :class:`Conflict` where it may not be sent yet.
        """

        def look(tx: Read, cleared: Clearance, _ticket: Ticket) -> tuple[Kept, str, Progress]:
            check_officer(cleared)
            kept, (progress, work) = RequestLetters(tx).answer(known.id), read(tx, known.id)
            if kept is None or kept.sent_at is not None:
                raise NotFound("No letter waits to be sent.", "It is written once the request is carried out.")
            check_sends(tx, progress, work)
            return kept, RequestLetters(tx).replies_to(known.id), progress

        kept, replies_to, progress = self._door.look(access, _looks(known, "letter"), look)
        language = Language(kept.language)
        written = letters.Written(kept.subject, kept.body)
        drafted = Drafted(progress.number, known.id, kept.kind, language, written, replies_to)
        attached: tuple[Attachment, ...] = ()
        if kept.kind is Letter.ACCESS:
            content = self._packages.take(progress.number)
            attached = (Attachment(name=f"{progress.number}.zip", content=content, media_type=_ZIP, is_package=True),)
        return Waiting(kept, drafted, attached)

    def forget(self, number: str) -> None:
        """Destroy the package of a request, where there is one."""
        self._packages.sent(number)

    def _collected(self, access: Access, known: Reference) -> tuple[Contents, Progress, Language, tuple[HeldZip, ...]]:
        expected = self._door.peek(access, lambda tx: same_people(tx, known.id))

        def look(
            tx: Read, cleared: Clearance, _ticket: Ticket
        ) -> tuple[Contents, Progress, Language, tuple[HeldZip, ...]]:
            check_officer(cleared)
            progress, work = read(tx, known.id)
            if set(work.same) - set(expected):
                raise Conflict("Another record was confirmed to be his meanwhile.", "Try again.")
            if progress.person is None:
                raise Conflict("This request names no customer.", "Say first whose data it is about.")
            # Who approved, approved these names: none is asked for once it is submitted.
            named = () if progress.approved_by is None else Reveals(tx).of(known.id)
            contents = collect(tx, progress.person, progress.number, same=work.same, named=named)
            bundles = [row.id for row in contents.held.get(_LOGS, ())] if progress.kind is RequestType.ACCESS else []
            return contents, progress, language_for(tx, progress), self._logs.held(tx, bundles)

        draft = _looks(known, "package", tuple(expected.values()))
        return self._door.look(access, draft, look, longer=Deadline(_SECONDS))


def _looks(known: Reference, what: str, aids: tuple[str, ...] = ()) -> Draft:
    wanted = Wanted(act=Act.REQUEST_OPENED, record=(REQUEST, known.id))
    return Draft(wanted=wanted, level=Level.OPENED, obj=(known.aid, *aids), kinds=(REQUEST, what), n=1)
