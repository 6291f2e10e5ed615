"""What stands for the account of somebody whose list has no accounts."""

from __future__ import annotations

import hmac
from dataclasses import replace
from typing import Final

from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.imported import ImportedParty
from staffdesk.domain.imported_lists import ImportedContact, ImportedSubscriber
from staffdesk.domain.read_items import Imported
from staffdesk.domain.words import sort_name

_KEY: Final = "list "
_LENGTH: Final = 24


def key_of(secret: bytes, party: ImportedParty) -> str:
    """Return a keyed digest of who it is, which tells nothing of him.

    By it he is found again after his address or name was set right, and kept away after he was erased.
    """
    email = normal_email(party.email) if party.email else ""
    reached = email or sort_name(f"{party.phone or ''} {party.company or ''}")
    name = sort_name(f"{party.family_name or ''} {party.given_name or ''}")
    return f"{_KEY}{hmac.digest(secret, f'listed {reached} {name}'.encode(), 'sha256').hex()[:_LENGTH]}"


def is_key(account_id: str) -> bool:
    """Say whether an account id is such a key."""
    return account_id.startswith(_KEY)


def keyed(secret: bytes, item: Imported) -> Imported:
    """Give whom a list names a key, unless it has an account of his."""
    record = item.record
    if isinstance(record, ImportedContact | ImportedSubscriber) and record.party.account_id is None:
        party = replace(record.party, account_id=key_of(secret, record.party))
        return replace(item, record=replace(record, party=party))
    return item
