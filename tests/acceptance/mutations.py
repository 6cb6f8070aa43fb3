"""Every way to change one value or one row of a result folder, sealed again by whoever changed it.

To seal is to write the new SHA-256 of the changed file into the certificate, so that only what the
file says can give the change away.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Keys = tuple[Any, ...]


@dataclass(frozen=True)
class Mutation:
    """One changed file; ``place``: what a rejection must name."""

    what: str
    file: str
    data: bytes
    place: tuple[str, ...]


def sealed(folder: Path, mutation: Mutation) -> None:
    """Writes the mutation, and its SHA-256 into the certificate's list of files."""
    (folder / mutation.file).write_bytes(mutation.data)
    path = folder / "certificate.json"
    if mutation.file != path.name:
        certificate = json.loads(path.read_text(encoding="utf-8"))
        certificate["files"][mutation.file] = hashlib.sha256(mutation.data).hexdigest()
        path.write_text(json.dumps(certificate, ensure_ascii=False, indent=2) + "\n", "utf-8")


def every_mutation(folder: Path) -> Iterator[Mutation]:
    yield from of_tables(folder)
    yield from of_outcomes(folder)
    yield from of_values(folder, "summary.json")
    yield from of_values(folder, "certificate.json")


def of_tables(folder: Path) -> Iterator[Mutation]:
    """Each cell changed; each row left out, doubled, or changed for the next one."""
    rankings = sorted(path.name for path in (folder / "rankings").iterdir())
    for name in ("decisions.csv", *(f"rankings/{one}" for one in rankings)):
        header, *rows = _read(folder / name)
        for at, row in enumerate(rows):
            before, after, number = rows[:at], rows[at + 1 :], at + 2
            who = (row[header.index("person_id")],)
            for column, title in enumerate(header):
                for text in _other_texts(row[column], [other[column] for other in rows]):
                    changed = [*before, [*row[:column], text, *row[column + 1 :]], *after]
                    yield _table(f"{title} of row {number} is {text!r}", name, header, changed, who)
            yield _table(f"row {number} is left out", name, header, before + after)
            yield _table(f"row {number} is doubled", name, header, [*before, row, row, *after])
            if before:
                swapped = [*before[:-1], row, before[-1], *after]
                yield _table(f"rows {at + 1} and {number} change places", name, header, swapped)


def of_outcomes(folder: Path) -> Iterator[Mutation]:
    """Two people's decisions at one offering exchanged, all columns that tell the outcome."""
    header, *rows = _read(folder / "decisions.csv")
    told = [header.index(n) for n in ("outcome", "waiting_number", "reason", "explanation")]
    offering = header.index("offering_id")
    for at, row in enumerate(rows):
        for other in range(at + 1, len(rows)):
            if rows[other][offering] != row[offering] or row[told[0]] == rows[other][told[0]]:
                continue
            changed = [list(one) for one in rows]
            for column in told:
                changed[at][column], changed[other][column] = rows[other][column], row[column]
            what = f"rows {at + 2} and {other + 2} exchange their decisions"
            yield _table(what, "decisions.csv", header, changed)


def of_values(folder: Path, name: str) -> Iterator[Mutation]:
    """Each value of a JSON file changed or left out."""
    tree = json.loads((folder / name).read_text(encoding="utf-8"))
    for path in _leaves(tree):
        value = _at(tree, path)
        for other in _other_values(value):
            yield _json(f"{_name(path)} is {other!r}", name, tree, path, [other])
        yield _json(f"{_name(path)} is left out", name, tree, path, [])


def _read(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def _table(
    what: str, name: str, header: list[str], rows: list[list[str]], place: tuple[str, ...] = ()
) -> Mutation:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return Mutation(f"{name}: {what}", name, file.getvalue().encode("utf-8-sig"), place)


def _other_texts(text: str, column: list[str]) -> list[str]:
    """Another row's text, one more or less, nothing, and something odd."""
    others = [next((other for other in column if other != text), "0"), "", f"{text}1", f"{text} "]
    if text.lstrip("-").isdecimal():
        others += [str(int(text) + 1), str(int(text) - 1), f"0{text}"]
    return sorted({other for other in others if other != text})


def _leaves(tree: Any, path: Keys = ()) -> Iterator[Keys]:
    if isinstance(tree, dict | list) and tree:
        for key in tree if isinstance(tree, dict) else range(len(tree)):
            yield from _leaves(tree[key], (*path, key))
    else:
        yield path


def _at(tree: Any, path: Keys) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def _other_values(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value, None, "yes"]
    if isinstance(value, int):
        return [value + 1, -1, str(value), None]
    if isinstance(value, str):
        return [f"{value}x", "", None]
    return [1, True, "x"]


def _name(path: Keys) -> str:
    return ".".join(map(str, path))


def _json(what: str, name: str, tree: Any, path: Keys, value: list[Any]) -> Mutation:
    changed = json.loads(json.dumps(tree))
    parent = _at(changed, path[:-1])
    if value:
        parent[path[-1]] = value[0]
    else:
        del parent[path[-1]]
    data = json.dumps(changed, ensure_ascii=False, indent=2).encode() + b"\n"
    return Mutation(f"{name}: {what}", name, data, ())
