"""What the states and the letters of a request are called, wherever a person reads of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from staffdesk.domain.request_moves import Letter
from staffdesk.domain.requests import RequestState

STATES: Final[Mapping[str, str]] = {
    RequestState.RECEIVED: "received", RequestState.ACKNOWLEDGED: "acknowledged",
    RequestState.IDENTITY: "showing identity", RequestState.ASSESSMENT: "collecting",
    RequestState.DECISION: "deciding", RequestState.APPROVAL: "approving", RequestState.EXECUTING: "carrying out",
    RequestState.NOTIFYING: "telling recipients", RequestState.REPLYING: "answering",
    RequestState.COMPLETED: "done", RequestState.REFUSED: "refused", RequestState.LAPSED: "lapsed",
    RequestState.WITHDRAWN: "withdrawn", RequestState.NO_DATA: "nothing else held",
    RequestState.ARCHIVED: "archived", RequestState.PURGED: "purged",
}  # fmt: skip
"""What a state of a request is called."""

LETTERS: Final[Mapping[Letter, str]] = {
    Letter.ACKNOWLEDGED: "acknowledgement", Letter.IDENTITY: "question for proof",
    Letter.INSUFFICIENT: "not enough proof", Letter.EXTENDED: "extension", Letter.ACCESS: "copy of the data",
    Letter.CORRECTED: "correction",
    Letter.ERASED: "deletion", Letter.PARTLY_ERASED: "deletion in part", Letter.REFUSED: "refusal",
    Letter.MARKETING_STOPPED: "mail stopped", Letter.RECIPIENT: "notice to a recipient",
    Letter.RESTRICTED: "restriction", Letter.NOT_IDENTIFIED: "not identified", Letter.NOTHING_HELD: "what is held",
    Letter.WITHDRAWN: "withdrawal",
}  # fmt: skip
"""What a letter is called."""
