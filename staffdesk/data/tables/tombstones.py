"""Who was erased and must not come back: asked whenever a desk is opened, apart from what erasing needs."""

from staffdesk.data.tables.declaration import Record, derived, not_personal
from staffdesk.data.tables.types import BigInt, Code
from staffdesk.domain.classes import Erasure, PrivacyClass


class Tombstone(Record, table=True):
    """The audit id of somebody who was erased, so that a restored backup and the ledger can be compared."""

    __tablename__ = "tombstone"
    __table_args__ = ({"info": {"keep": "suppression"}},)

    aid: str = not_personal("Subject", key=True)
    request: Code | None = not_personal("Request number", default=None)
    erased_at: int = not_personal("Erased", sa_type=BigInt)
    seq: int = not_personal("Entry", sa_type=BigInt)


class ErasedAs(Record, table=True):
    """As which keyed digests an erasure's people were known: what a law keeps since is found when they ask anew.

    One address may be of several erasures; ``seq`` is the entry of each, as on its tombstones and its holds.
    """

    __tablename__ = "erased_as"
    __table_args__ = ({"info": {"keep": "suppression"}},)

    digest: str = derived(PrivacyClass.MARKETING, default=..., erasure=Erasure.KEEP, key=True)
    seq: int = not_personal("Entry", key=True, sa_type=BigInt)
