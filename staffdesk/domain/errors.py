"""Everything that can go wrong, each with a sentence for the person and the next step, and no personal data."""

from __future__ import annotations


class StaffdeskError(Exception):
    """The root of all errors meant for a person: ``str(error)`` is safe to show, ``hint`` says what to do next."""

    exit_code = 1

    def __init__(self, sentence: str, hint: str = "") -> None:
        """Keep the sentence and the hint apart, so that a screen can place them."""
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


class BadInput(StaffdeskError):
    """What was typed or given cannot be taken; nothing was changed. ``field`` names the one of a form, where known."""

    exit_code = 6
    field = ""


class MustNotBeHeld(BadInput):
    """The text holds something the policy forbids to hold; the text itself is neither kept nor logged."""


class NotFound(StaffdeskError):
    """No such record, case, account or request."""

    exit_code = 7


class NoSuchRecord(NotFound):
    """A record is not there that was asked for by its own number."""


class Conflict(StaffdeskError):
    """Somebody else moved first: the guarded update changed no row."""

    exit_code = 8


class WasErased(Conflict):
    """Somebody with this address or telephone was erased: that he is a customer again is decided, with a reason."""


class Denied(StaffdeskError):
    """The policy refuses this access; a ``denied`` entry was committed before this was raised."""

    exit_code = 3


class SignInFailed(StaffdeskError):
    """User name and password do not match, or the account may not sign in now."""

    exit_code = 4


class SessionEnded(SignInFailed):
    """The session is locked, ended, revoked or too old; sign in again."""


class LogUnavailable(StaffdeskError):
    """The log could not be written in time, so nothing was shown."""

    exit_code = 5


class StorageUnavailable(StaffdeskError):
    """The database cannot be opened, reached or trusted."""

    exit_code = 5


class LogBusy(LogUnavailable):
    """Others held the log until the time was over."""


class StorageBusy(StorageUnavailable):
    """Others held the database until the time was over."""


class DiskFull(LogUnavailable, StorageUnavailable):
    """The database's disk is full or cannot be written to: nothing was shown or changed, and waiting does not help."""


class NotSent(StaffdeskError):
    """The mail server did not take a letter, so far as the desk knows."""

    exit_code = 5


class PerhapsSent(NotSent):
    """The mail server broke off, so that a letter may have gone out; sent again by itself it could go out twice."""


class SchemaOutOfDate(StorageUnavailable):
    """The database was made by another version; ``hint`` names the command to run."""


class Misconfigured(StaffdeskError):
    """A settings or parameter file cannot be used: an unknown key, a wrong type, a value out of range."""

    exit_code = 9


class NotSound(StaffdeskError):
    """A log, a checkpoint or a proof does not hold: something was altered, cut off, rewritten or signed twice over."""

    exit_code = 20
