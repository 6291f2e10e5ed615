"""The letters of a request: written when it moves, kept as they were written, sent by mail or saved for the post."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from staffdesk.data.customers.request_files import RequestFiles
from staffdesk.data.customers.request_letters import RequestLetters, WritingLetters
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.errors import Conflict, StaffdeskError
from staffdesk.domain.request_effects import Moment
from staffdesk.domain.request_moves import Guard, Letter, Move
from staffdesk.domain.request_progress import Progress
from staffdesk.domain.request_work import Answers, Way
from staffdesk.services import letters
from staffdesk.services.carrying_out import Done, left_of
from staffdesk.services.letters import AccessReply, Language, check, kept_since, language_of
from staffdesk.services.post import Attachment, Message, Post, Sent, is_address, keep, save, save_paper
from staffdesk.services.request_answers import facts_of_letter, letter_of
from staffdesk.services.told_of import outside_of, told_of

_SAYS_WHO_WAS_TOLD: Final = frozenset({Letter.CORRECTED, Letter.ERASED, Letter.PARTLY_ERASED, Letter.RESTRICTED})
_SAYS_WHAT_IS_OUTSIDE: Final = frozenset({Letter.ERASED, Letter.PARTLY_ERASED})


@dataclass(frozen=True, slots=True)
class Written:
    """A move, for the letter it writes: where the request stood and stands, what was told, what was done."""

    before: Progress
    after: Progress
    move: Move
    told: Answers
    moment: Moment
    done: Done = field(default_factory=Done)
    access: AccessReply | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Drafted:
    """A letter as it is shown before it goes, and where the answer to its request is sent.

    ``turn`` is how many moves the request had made when it was written, ``recipient`` the code of whom it is for where
    it is not for the person, and ``kept`` whether its text stays with the request.
    """

    number: str
    request_id: int
    kind: Letter
    language: Language
    written: letters.Written
    replies_to: str
    turn: int = 0
    recipient: str = ""
    kept: bool = True

    def __repr__(self) -> str:
        return f"<Drafted {self.kind} {self.number}>"


def language_for(tx: Read, progress: Progress) -> Language:
    """Return the language a request is answered in: its own, else that of the person, else English."""
    known = progress.language
    if known is None and progress.person is not None:
        known = RequestFiles(tx).language(progress.person)
    return language_of(known)


def letter_for(tx: Read, made: Written, language: Language | None = None) -> Drafted | None:
    """Return the letter that a move writes to whoever asks, checked against what it must contain; None for none.

    Raises :class:`BadInput` for a fact that is not known, or for what no letter may hold.
    """
    kind = letter_of(made.move, made.done)
    if kind is None:
        return None
    spoken = language or language_for(tx, made.before)
    facts = facts_of_letter(tx, made.before, made.after, made.told, made.done, made.moment, made.access)
    if kind is Letter.NOTHING_HELD and Guard.LEFT in made.move.guards:
        facts = replace(facts, kept=kept_since(left_of(tx, made.before)))
    elif kind is Letter.ACCESS:
        facts = replace(facts, kept_before=kept_since(left_of(tx, made.before)))
    written = letters.write(kind, spoken, facts)
    check(written, kind, spoken, RequestFiles(tx).employees())
    replies_to = RequestLetters(tx).replies_to(made.after.id)
    return Drafted(made.after.number, made.after.id, kind, spoken, written, replies_to, made.before.turn)


def keep_letter(tx: Change, drafted: Drafted | None, now: int, sent: Sent | None = None) -> None:
    """Keep a letter as it was written, and how it went out where it did."""
    if drafted is None:
        return
    writing, written = WritingLetters(tx), drafted.written
    number = writing.add(
        drafted.request_id,
        drafted.kind,
        drafted.language.value,
        written.subject,
        written.text if drafted.kept else None,
        written.digest,
        now,
        drafted.recipient,
    )
    if sent is not None:
        writing.sent(number, sent.way.value, sent.at)


def retell(tx: Change, request_id: int) -> None:
    """Say anew in the answer that waits who was told and what became of what is outside, once that has changed."""
    kept = RequestLetters(tx).answer(request_id)
    if kept is None or kept.sent_at is not None or kept.kind not in _SAYS_WHO_WAS_TOLD:
        return
    before, told = letters.Written(kept.subject, kept.body), told_of(tx, request_id)
    outside = outside_of(tx, request_id) if kept.kind in _SAYS_WHAT_IS_OUTSIDE else ()
    again = letters.retold(before, Language(kept.language), told.told, told.exempt, outside)
    if again != before and WritingLetters(tx).rewrite(kept.id, again.text, again.digest) != 1:
        raise Conflict("The answer went out meanwhile.", "Open the request again.")


def gone_out(error: StaffdeskError) -> StaffdeskError:
    """Return an error that came after its letter had gone out, and says so."""
    return type(error)(f"{error.sentence} The letter had gone out by then.", error.hint)


class Delivery:
    """Sends letters by mail where a server is named, and saves them for sending by hand otherwise."""

    def __init__(self, post: Post, folder: Path, *, paper: bool = False) -> None:
        """Send by ``post``; letters for the post are saved in ``folder``, on ``paper`` too where that can be made."""
        self._post = post
        self._folder = folder
        self._paper = paper

    def way_of(self, drafted: Drafted) -> Way:
        """Return how a letter goes where nobody asks for another way: by mail where that can be."""
        return Way.MAIL if self._post.active and is_address(drafted.replies_to) else Way.HAND

    def deliver(
        self,
        drafted: Drafted,
        way: Way | None = None,
        attachments: tuple[Attachment, ...] = (),
        *,
        confirmed: bool = False,
    ) -> Sent:
        """Send a letter, by mail where that can be and no other ``way`` is asked for; return the record of it.

        Raises :class:`BadInput`, :class:`Misconfigured`, :class:`NotSent`, :class:`StorageUnavailable`; nothing went
        out then, but perhaps where it is :class:`PerhapsSent`.
        """
        message = Message(
            number=drafted.number,
            letter=drafted.kind,
            language=drafted.language,
            written=drafted.written,
            recipient=drafted.replies_to,
            attachments=attachments,
        )
        if (way or self.way_of(drafted)) is Way.MAIL:
            return self._post.send(message, confirmed=confirmed)
        sent = save(message, self._folder)
        if self._paper:
            save_paper(message, sent.reference, self._folder)
        for each in attachments:
            keep(each, self._folder)
        return sent
