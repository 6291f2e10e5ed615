"""Say which ends of ``tasks.md`` the home of a demo has reached: ``python -m tests.tui.tasks HOME``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.services.home import Home

_OPENED: Final = """
    SELECT e.seq, e.ref FROM entry e JOIN entry_subject s ON s.seq = e.seq JOIN person p ON p.aid = s.aid
    WHERE e.act = 'customer.opened' AND e.out = 'ok' AND p.given_name = :given AND p.family_name = :family
"""
_ENDS: Final = {
    "1 first start": f"SELECT 1 FROM ({_OPENED})",
    "2 a call": f"""
        SELECT 1 FROM support_case c JOIN ({_OPENED}) o ON o.ref = c.aid WHERE c.product_name = 'Norvand Caption'
    """,
    "3 what was said": """
        SELECT 1 FROM support_case c JOIN contact_report r ON r.case_id = c.id
        JOIN person p ON p.id = r.person_id JOIN field_status f ON f.person_id = p.id AND f.field = 'phone'
        WHERE c.closed_at IS NOT NULL AND p.given_name = :given AND p.family_name = :family
          AND f.confirmed_on IS NOT NULL
    """,
    "4 two calls": f"""
        SELECT 1 FROM ({_OPENED}) o JOIN support_case c ON c.aid = o.ref AND c.closed_at IS NULL
        WHERE EXISTS (
          SELECT 1 FROM entry e JOIN entry_subject s ON s.seq = e.seq JOIN person p ON p.aid = s.aid
          JOIN support_case d ON d.aid = e.ref AND d.closed_at IS NULL AND d.id <> c.id
            AND (d.person_id IS NULL OR d.person_id = p.id)
          WHERE e.act = 'customer.opened' AND p.family_name = 'Jeppsson' AND e.seq < o.seq
        )
    """,
    "5 no more mail": """
        SELECT 1 FROM request r JOIN person p ON p.id = r.person_id
        WHERE r.kind = 'object_mkt' AND r.state <> 'received' AND p.given_name = :given AND p.family_name = :family
          AND EXISTS (SELECT 1 FROM suppression)
          AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.person_id = p.id AND s.status = 'subscribed')
    """,
    "6 delete me": """
        SELECT 1 FROM request r JOIN person p ON p.id = r.person_id
        WHERE r.kind = 'erase' AND r.state = 'received' AND p.given_name = :given AND p.family_name = :family
    """,
    "7 somebody new": """
        SELECT 1 FROM person p JOIN support_case c ON c.person_id = p.id
        WHERE p.given_name = :given AND p.family_name = :family AND p.email = 'nora.lund@fjord.example'
          AND p.source = 'EMAIL_IN' AND p.country = 'NO' AND c.kind = 'sale'
    """,
    "8 typed wrong": """
        SELECT 1 FROM person p JOIN field_status f ON f.person_id = p.id AND f.field = 'family_name'
        WHERE p.given_name = :given AND p.family_name = :family AND f.evidence IS NOT NULL
    """,
    "9 what is due": """
        SELECT 1 FROM entry page WHERE page.act = 'request.opened' AND page.out = 'ok'
          AND EXISTS (SELECT 1 FROM entry e WHERE e.act = 'customer.history' AND e.out = 'ok' AND e.seq > page.seq)
    """,
    "10 monday": """
        SELECT 1 FROM saved_filter WHERE EXISTS (SELECT 1 FROM entry e WHERE e.act = 'audit.exported' AND e.out = 'ok')
    """,
}  # fmt: skip
_WHO: Final = {
    "1 first start": ("Sung", "Terry"), "2 a call": ("Fiona", "Bleier"), "3 what was said": ("Fiona", "Bleier"),
    "4 two calls": ("Oren", "Woodward"), "5 no more mail": ("Ønd", "Arvidsson"), "6 delete me": ("Carl", "Habich"),
    "7 somebody new": ("Nora", "Lund"), "8 typed wrong": ("Maxime", "Pharant"),
}  # fmt: skip


def reached(connection: sa.Connection) -> Iterator[tuple[str, bool]]:
    """Yield each task and whether its end is reached."""
    for task, statement in _ENDS.items():
        given, family = _WHO.get(task, ("", ""))
        wanted = {"given": given, "family": family} if task in _WHO else {}
        yield task, connection.execute(sa.text(statement), wanted).first() is not None


def main() -> None:
    """Print a line for each task."""
    home = Home.locate(Path(sys.argv[1]), os.environ)
    with sqlite_owner(home.database_file, home.read_key()) as connection:
        for task, done in reached(connection):
            print("✓" if done else "·", task)  # noqa: T201 - a command


if __name__ == "__main__":
    main()
