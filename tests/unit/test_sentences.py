"""What a person reads when something cannot be done is words, never the codes by which the desk names things inside.

Seen to fail: with the name of the move and the code of the state in the sentence that refuses a move.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

import staffdesk
from staffdesk.domain import errors
from staffdesk.domain.errors import StaffdeskError
from staffdesk.domain.request_guards import sentence
from staffdesk.domain.request_moves import Guard, Letter, moves
from staffdesk.domain.request_words import LETTERS, STATES
from staffdesk.domain.requests import RequestState
from staffdesk.services.request_standing import not_here

CODE = re.compile(r"\b[a-z]+_[a-z_]+\b|\bL\d+\b|\bobject_mkt\b")
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, StaffdeskError)}
SERVICES = Path(staffdesk.__file__).parent / "services"
MODULES = sorted(
    path.name
    for pattern in (
        "workflow.py", "moving.py", "request_*.py", "duplicates.py", "notices.py", "deputies.py", "contesting.py",
        "corrections.py", "recipients.py", "carrying_out.py", "searches.py", "restricting.py", "reveals.py",
        "naming.py", "offer_notes.py",
    )
    for path in SERVICES.glob(pattern)
)  # fmt: skip


def test_a_move_that_is_not_open_where_a_request_stands_is_refused_in_words() -> None:
    for move, state in product(moves(), RequestState):
        error = not_here(move, state, moves())
        assert not CODE.search(f"{error.sentence} {error.hint}"), (move.name, state)
    assert not [each for each in Guard if CODE.search(sentence(each))]
    assert set(STATES) == set(RequestState)
    assert set(LETTERS) == set(Letter)


@pytest.mark.parametrize("module", MODULES)
def test_no_sentence_of_a_request_is_put_together_of_codes(module: str) -> None:
    """A sentence names no value of a closed list, neither written out nor as the attribute that holds it."""
    for told in _sentences(ast.parse((SERVICES / module).read_text(encoding="utf-8"))):
        inside = [part for part in ast.walk(told) if isinstance(part, ast.FormattedValue)]
        assert not [ast.unparse(part) for part in inside if re.search(r"\.(value|name|code)$", ast.unparse(part.value))]
        words = [part.value for part in ast.walk(told) if isinstance(part, ast.Constant)]
        assert not [text for text in words if isinstance(text, str) and CODE.search(text)]


def _sentences(tree: ast.Module) -> Iterator[ast.expr]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ERRORS and call.args:
            yield call.args[0]
