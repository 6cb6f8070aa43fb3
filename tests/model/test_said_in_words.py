"""What a user is told is a message in three languages, never a text of one."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

import admissions
from admissions.model.errors import AdmissionsError
from admissions.model.words import FOLDER

PACKAGE = FOLDER.parent
FAULTS = {
    *(name for name, value in vars(builtins).items() if isinstance(value, type)),
    "WordsError",
}
"""What a programmer is told of code that does wrong: the command line calls it a fault."""

ALLOWED: set[str] = set()
"""Where a plain text stands all the same, ``module.py: how it begins``."""


def _is_text(node: ast.expr) -> bool:
    """Whether ``node`` is a text put together in code: quoted, filled in, joined, added."""
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return isinstance(node.func.value, ast.Constant)
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
    )


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _said(tree: ast.AST) -> Iterator[ast.expr]:
    """The arguments of every error that is raised or made for a user, and of every finding."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = _name(node.func)
        is_error = name.endswith("Error") and name not in FAULTS
        if is_error or (name in ("error", "note") and len(node.args) > 1):
            yield from node.args[1:] if name in ("error", "note") else node.args


def _plain(source: str) -> list[str]:
    return [ast.unparse(found) for found in _said(ast.parse(source)) if _is_text(found)]


def test_every_error_and_note_is_said_in_words() -> None:
    found = {
        f"{path.relative_to(PACKAGE).as_posix()}: {text[:40]}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for text in _plain(path.read_text(encoding="utf-8"))
    }
    assert found - ALLOWED == set()
    assert ALLOWED - found == set(), "no longer there"


def test_the_search_finds_plain_texts_and_leaves_messages() -> None:
    assert _plain('raise UsageError(f"{out} exists.")') == ["f'{out} exists.'"]
    assert _plain('raise errors.DataError("no " + name)') == ["'no ' + name"]
    assert _plain('raise DataError("; ".join(lines))') == ["'; '.join(lines)"]
    assert _plain('raise NotProvenError("stopped", "It was stopped.")') == ["'It was stopped.'"]
    assert _plain('findings.error(file, "expected text")') == ["'expected text'"]
    assert _plain('raise UsageError(message("results.exists", out=out))') == []
    assert _plain('raise NotProvenError("stopped", message("solving.stopped"))') == []
    assert _plain('raise ValueError("a programmer is told")') == []


def test_all_errors_for_users_end_in_error() -> None:
    """So that the search knows them by name."""
    kinds = [AdmissionsError]
    while kinds:
        kind = kinds.pop()
        assert kind.__name__.endswith("Error")
        kinds += kind.__subclasses__()
    assert Path(admissions.__file__).parent == PACKAGE
