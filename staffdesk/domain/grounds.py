"""Why a request is put off or refused, why data are restricted, what a proof of identity lacks: closed lists.

Each word is told in a letter, in the words of its language. By what an erasure leaves a row is
:class:`staffdesk.domain.holds.Ground`.
"""

from __future__ import annotations

from enum import StrEnum


class ProofFault(StrEnum):
    """Why what was sent as proof of identity is not sufficient (GDPR Art. 12(6); privacy policy, H.4)."""

    UNREADABLE = "unreadable"
    NO_NAME = "no_name"
    NO_DOCUMENT = "no_document"
    EXPIRED = "expired"
    BACK_ONLY = "back_only"
    SURPLUS = "surplus"


class ExtensionGround(StrEnum):
    """The two reasons for which a period may be extended, once (GDPR Art. 12(3))."""

    COMPLEXITY = "complexity"
    NUMBER_OF_REQUESTS = "number_of_requests"


class RefusalGround(StrEnum):
    """Why what somebody asks is refused; ``refusals.toml`` says which types each refuses, and what it must show."""

    OTHERS = "others"
    EXCESSIVE = "excessive"
    LAW = "law"
    UNIDENTIFIED = "unidentified"
    COMPELLING = "compelling"
    LEGAL_CLAIMS = "legal_claims"
    ACCURATE = "accurate"


class ExemptionGround(StrEnum):
    """The two reasons for which a recipient need not be told (GDPR Art. 19)."""

    IMPOSSIBLE = "impossible"
    DISPROPORTIONATE = "disproportionate"


class RestrictionStep(StrEnum):
    """Whether a restriction was set or is about to be lifted (GDPR Art. 18(1) and (3))."""

    SET = "set"
    LIFTING = "lifting"


class RestrictionGround(StrEnum):
    """Why the use of data is restricted (GDPR Art. 18(1) and 21(1)), or why it will no longer be."""

    ASKED_FOR = "asked_for"
    ACCURACY_CONTESTED = "accuracy_contested"
    UNLAWFUL = "unlawful"
    CLAIMS = "claims"
    OBJECTION_PENDING = "objection_pending"
    OBJECTION_UPHELD = "objection_upheld"
    ACCURACY_SETTLED = "accuracy_settled"
    CLAIMS_ENDED = "claims_ended"
    OBJECTION_DECIDED = "objection_decided"
    OBJECTION_WITHDRAWN = "objection_withdrawn"
    NOT_IDENTIFIED = "not_identified"
    HOLD_ENDED = "hold_ended"


class Unproven(StrEnum):
    """How it came that who asks is not known: no sufficient proof in time, or proof of somebody else."""

    LATE = "late"
    OTHER_PERSON = "other_person"
