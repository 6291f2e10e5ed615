"""Who outside the house is told what a request changed: everybody who was given it, and nobody else (GDPR Art. 19)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from staffdesk.data import register
from staffdesk.data.customers.recipient_tasks import RecipientTasks, TellingRecipients
from staffdesk.data.customers.request_files import RequestFiles
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.errors import NotFound
from staffdesk.domain.marketing import CAMPAIGN_SERVICE
from staffdesk.domain.transfers import was_given

EMPTIED: Final = "-"
"""What stands for the new value of a field that is to hold nothing."""

Column = tuple[str, str]
"""The names of a table and of a column of it."""


def given(tx: Read, person: int, columns: Collection[Column] | None = None) -> Mapping[str, tuple[str, ...]]:
    """Return the recipients of a person's data by code, each with the orders by which he knows the person.

    The campaign service knows him by the addresses it was given.

    Of those ``columns`` alone, where they are named: a recipient who never had them is left out.
    """
    tasks = RecipientTasks(tx)
    found = {each.code: (frozenset(each.classes), tuple(each.orders)) for each in tasks.given(person)}
    if tasks.is_mailed(person):
        classes, _ = found.get(CAMPAIGN_SERVICE, (frozenset(), ()))
        found[CAMPAIGN_SERVICE] = classes, tasks.given_addresses(person)
    return {
        code: orders for code, (classes, orders) in found.items() if columns is None or _has(code, classes, columns)
    }


def code_of(tx: Read, request_id: int, named: str) -> str:
    """Return the code of a recipient of a request that is named by it, by his name, or by how that alone begins.

    However it is cased. Raises :class:`NotFound`, which lists whom the request has.
    """
    tasks = RequestFiles(tx).told(request_id)
    wanted = named.strip().casefold()
    found = [each for each in tasks if each.code.casefold() == wanted]
    found = found or [each for each in tasks if each.recipient.casefold() == wanted]
    found = found or [each for each in tasks if wanted and each.recipient.casefold().startswith(wanted)]
    if len(found) == 1:
        return found[0].code
    who = ", ".join(f"{each.recipient} ({each.code})" for each in found or tasks)
    if found:
        raise NotFound("More than one recipient is called so.", f"Take one of {who}.")
    raise NotFound("Nobody of this name is to be told.", f"Take one of {who}." if who else "Nobody at all is.")


def tell(
    tx: Change,
    request_id: int,
    person: int,
    now: int,
    columns: Collection[Column] | None = None,
    *,
    erases: bool = False,
) -> int:
    """Let everybody be told who was given a person's data, or these ``columns`` of it; return how many came to it.

    The addresses that the campaign service was given are kept for it where it ``erases`` him: they are on file else.
    """
    known = dict(given(tx, person, columns))
    if CAMPAIGN_SERVICE in known and not erases:
        known[CAMPAIGN_SERVICE] = ()
    return TellingRecipients(tx).tell(request_id, known, now)


def _has(code: str, classes: Collection[str], columns: Collection[Column]) -> bool:
    return any(was_given(code, classes, f"{table}.{column}", _class_of(table, column)) for table, column in columns)


def _class_of(table: str, column: str) -> str | None:
    privacy_class = register.of_table(table)[column].privacy_class
    return None if privacy_class is None else privacy_class.value
