"""A package for programs: JSON whose keys never change their meaning under one ``format``.

``access.json`` (``staffdesk-access/1``)::

    format, request, made_at, policy, language, controller
    sections       a to h: {heading, sentences, tables: [{caption, head, rows}]}, as the document says them
    data           by table: [{column: value}]; dates and moments in ISO 8601, null where nothing is held
    labels         by table: {column: the word a person reads}
    consultations  [{at, act, level, purpose, department, kinds, times, old, new}], and employee where he is named
    hidden         {kind: how often it was hidden}

``portability.json`` (``staffdesk-portability/1``) has ``format``, ``request``, ``made_at``, ``policy``, ``language``,
``controller``, ``data`` and ``labels``, with what the person provided.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from staffdesk.data import register
from staffdesk.domain.packages import Consulted, Contents, Held
from staffdesk.domain.third_parties import ThirdKind
from staffdesk.parameters.shapes import policy
from staffdesk.services.cells import iso
from staffdesk.services.packages.document import Document, Part
from staffdesk.services.packages.reading_aloud import Plain, plain

ACCESS: Final = "staffdesk-access/1"
PORT: Final = "staffdesk-portability/1"
_OF_THE_LAW: Final = frozenset("abcdefgh")


def access_json(contents: Contents, document: Document, hidden: Mapping[ThirdKind, int]) -> bytes:
    """Return ``access.json``."""
    return _written(
        {
            **_head(ACCESS, contents, document),
            "sections": {part.name: _part(part) for part in document.parts if part.name in _OF_THE_LAW},
            **_data(contents.held),
            "consultations": [_consulted(each) for each in contents.consulted],
            "hidden": {kind.value: count for kind, count in sorted(hidden.items())},
        }
    )


def port_json(contents: Contents, document: Document) -> bytes:
    """Return ``portability.json``; the contents hold by now what the person provided alone."""
    return _written({**_head(PORT, contents, document), **_data(contents.held)})


def _head(form: str, contents: Contents, document: Document) -> dict[str, object]:
    return {
        "format": form,
        "request": contents.number,
        "made_at": iso(contents.collected_at),
        "policy": policy().version,
        "language": document.language,
        "controller": policy().controller.name,
    }


def _part(part: Part) -> dict[str, object]:
    tables = [{"caption": each.caption, "head": each.head, "rows": each.rows} for each in part.tables]
    return {"heading": part.heading, "sentences": part.sentences, "tables": tables}


def _data(held: Mapping[str, Sequence[Held]]) -> dict[str, object]:
    filled = {table: rows for table, rows in held.items() if rows}
    return {
        "data": {table: [_row(row) for row in rows] for table, rows in filled.items()},
        "labels": {
            table: {column: declaration.label for column, declaration in register.packaged(table).items()}
            for table in filled
        },
    }


def _row(row: Held) -> dict[str, Plain]:
    return {column: plain(column, value) for column, value in row.values.items()}


def _consulted(each: Consulted) -> dict[str, object]:
    return {
        "at": iso(each.at),
        "act": each.act,
        "level": each.level,
        "purpose": each.purpose,
        "department": each.role,
        "kinds": each.kinds,
        "times": each.times,
        "old": None if each.changed is None else each.changed.old,
        "new": None if each.changed is None else each.changed.new,
        **({"employee": each.employee} if each.employee else {}),
    }


def _written(value: Mapping[str, object]) -> bytes:
    """Return JSON in UTF-8; a lone surrogate, which UTF-8 cannot hold, stays an escape."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace") + b"\n"
