"""What the types, states, letters and moves of a request are called, wherever a person reads of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from staffdesk.domain.erasure import Action
from staffdesk.domain.grounds import ExemptionGround, ExtensionGround, ProofFault, RefusalGround
from staffdesk.domain.likely_same import Likeness
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.request_moves import Letter, moves
from staffdesk.domain.request_work import Way, places
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

ASKED: Final = {
    "access": "Access", "rectify": "Correction", "erase": "Deletion", "restrict": "Restriction",
    "port": "Portability", "object": "Objection", "object_mkt": "No mail",
}  # fmt: skip
"""What a request of each type is called."""

CHANNELS: Final = {
    "email": "e-mail", "phone": "telephone", "web_form": "web form", "post": "post", "in_person": "in person",
    "event": "event",
}  # fmt: skip
"""How a request came in."""

GROUNDS: Final = {
    RefusalGround.OTHERS: "others' rights: redaction was tried",
    RefusalGround.EXCESSIVE: "manifestly excessive",
    RefusalGround.LAW: "a law forbids it or asks otherwise",
    RefusalGround.UNIDENTIFIED: "not identified, in spite of tries",
    RefusalGround.COMPELLING: "our compelling grounds prevail",
    RefusalGround.LEGAL_CLAIMS: "needed for a legal claim",
    RefusalGround.ACCURATE: "what is held is right as it stands",
}
"""What a ground of refusal is called."""

FAULTS: Final = {
    ProofFault.UNREADABLE: "it cannot be read", ProofFault.NO_NAME: "its name is covered or cut off",
    ProofFault.NO_DOCUMENT: "it is no identity document", ProofFault.EXPIRED: "it is no longer valid",
    ProofFault.BACK_ONLY: "the back of the card alone", ProofFault.SURPLUS: "more than may be looked at",
}  # fmt: skip
"""What is wrong with a proof, or too much of it."""

EXTENSIONS: Final = {
    ExtensionGround.COMPLEXITY: "it is complex", ExtensionGround.NUMBER_OF_REQUESTS: "there are many requests",
}  # fmt: skip
"""On what ground a period is extended."""

EXEMPTIONS: Final[Mapping[str, str]] = {
    ExemptionGround.IMPOSSIBLE: "it is impossible", ExemptionGround.DISPROPORTIONATE: "it takes too much effort",
}  # fmt: skip
"""On what ground a recipient need not be told."""

WENT: Final[Mapping[str, str]] = {Way.MAIL: "sent", Way.HAND: "saved to be sent by hand"}
"""What is said of a letter by the way it went: what was saved has not left the house by the desk's doing."""

FATES: Final = {Action.ERASE: "deleted", Action.ANONYMISE: "without the person", Action.RESTRICT: "kept"}
"""What becomes of a row by the plan of an erasure."""

LIKENESSES: Final = {
    Likeness.EMAIL: "e-mail", Likeness.PHONE: "telephone", Likeness.NAME: "name", Likeness.COMPANY: "company",
}  # fmt: skip
"""What two records have in common."""

TOLD: Final[Mapping[str, str]] = {
    TaskState.OPEN: "not yet", TaskState.SENT: "told", TaskState.CONFIRMED: "confirmed",
    TaskState.EXEMPT: "need not be told",
}  # fmt: skip
"""How far a recipient outside the house is told."""

LANGUAGES: Final = {"en": "English", "fr": "French", "nl": "Dutch"}
"""The languages of letters."""

REACHED: Final = {
    **STATES, "identity": "identity shown", "assessment": "collected", "decision": "decided", "approval": "approved",
    "executing": "carried out", "notifying": "recipients told", "replying": "answered",
}  # fmt: skip
"""What it is called once it lies behind."""

_ROWS: Final = {
    "person": ("person", "people"), "sales_order": ("order",), "order_line": ("line of an order", "lines of orders"),
    "invoice": ("invoice",), "shipment": ("shipment",), "licence": ("licence",), "activation": ("activation",),
    "support_case": ("case",), "contact_report": ("report",), "subscription": ("mail list",),
    "product_subscription": ("subscription",), "disclosure": ("disclosure",),
    "field_status": ("note on a single field", "notes on single fields"), "request": ("request",),
    "request_move": ("move of a request", "moves of requests"), "organisation": ("company", "companies"),
    "request_letter": ("letter of a request", "letters of requests"), "request_check": ("search", "searches"),
    "request_progress": ("state of a request", "states of requests"), "request_decision": ("decision",),
    "request_person": ("answer on who he is", "answers on who he is"), "request_change": ("correction",),
    "request_reveal": ("name asked for", "names asked for"), "recipient_task": ("recipient",),
    "declared_relation": ("declaration of an employee", "declarations of employees"),
    "person_pair": ("answer on two records", "answers on two records"),
    "order_before": ("earlier state of an order", "earlier states of orders"),
    "merged_row": ("row that was moved", "rows that were moved"),
}  # fmt: skip
"""What one row of a table is called, and several where an s does not make it so."""


def title_of_move(name: str) -> str:
    """Return what a move is called; one of an older table that is none any more by the name it was kept under."""
    return next((each.title for each in moves() if each.name == name), name.replace("_", " "))


def name_of_proof(code: str) -> str:
    """Return what proved who asks is called; of another request's proof, taken over, that request's number."""
    listed = (*places().documents, *places().methods)
    return next((each.name for each in listed if each.code == code), code)


def rows_of(table: str, n: int) -> str:
    """Return so many rows of a table by what they are called: ``1 invoice``, ``1,204 lines of orders``."""
    return f"{n:,} {words_of(table)[0] if n == 1 else several_of(table)}"


def several_of(table: str) -> str:
    """Return what several rows of a table are called: ``orders``."""
    one, *more = words_of(table)
    return more[0] if more else f"{one}s"


def row_of(table: str) -> str:
    """Return what one row of a table is called: ``order``."""
    return words_of(table)[0]


def words_of(table: str) -> tuple[str, ...]:
    """Return what one row of a table is called, and several where an s does not make it so."""
    return _ROWS.get(table, (table.replace("_", " "),))
