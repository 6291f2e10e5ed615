"""How an employee stands to a person, from keyed digests alone: no name is read, so the door may stay closed.

The digests are HMACs under a key that never lies in the database; they are erased with the person.
"""

import hmac
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from staffdesk.domain.access import Relation
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.mail_domains import shared_domains
from staffdesk.domain.words import sort_name

_SAME: Final = {"e": Relation.SELF, "n": Relation.SAME_NAME, "a": Relation.SAME_ADDRESS, "d": Relation.SAME_DOMAIN}


def relation_keys(
    secret: bytes,
    *,
    email: str | None,
    family_name: str | None,
    street: str | None,
    postal_code: str | None,
) -> str:
    """Return the digests of a person's (or an employee's) e-mail, family name, address and mail domain."""
    found: list[str] = []

    def add(letter: str, text: str) -> None:
        digest = _keyed(secret).copy()
        digest.update(f"{letter} {text}".encode())
        found.append(f"{letter}:{digest.hexdigest()[:16]}")

    if email:
        normal = normal_email(email)
        add("e", normal)
        domain = normal.rpartition("@")[2]
        if domain and domain not in shared_domains():
            add("d", domain)
    if family_name and (folded := sort_name(family_name)):
        add("n", folded)
    if street and postal_code:
        add("a", f"{sort_name(street)} {sort_name(postal_code)}")
    return " ".join(found)


@lru_cache(maxsize=1)
def _keyed(secret: bytes) -> hmac.HMAC:
    """Return a digest begun with the key: to begin it anew takes longer than all the rest."""
    return hmac.new(secret, digestmod="sha256")


def own_address(keys: str) -> tuple[str, ...]:
    """Return, of somebody's digests, that of the e-mail address by which he is himself; nothing where he has none."""
    return tuple(key for key in keys.split() if _SAME.get(key[0]) is Relation.SELF)


def relations(actor: str, others: Iterable[str], person: str) -> tuple[Relation, ...]:
    """Compare the actor's digests, and the other employees', with a person's; returns relations in a fixed order."""
    theirs = set(person.split())
    if not theirs:
        return ()
    found = {_SAME[key[0]] for key in actor.split() if key in theirs}
    if any(key in theirs for other in others for key in own_address(other)):
        found.add(Relation.COLLEAGUE)
    return tuple(relation for relation in Relation if relation in found)
