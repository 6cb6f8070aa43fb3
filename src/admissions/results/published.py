"""Reads public comparisons back: what was published of a round before another report of it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from admissions.allocation.run import allocate_fast
from admissions.comparison.public import Ledger, publication
from admissions.comparison.reader import Place, Publication
from admissions.comparison.runs import ComparedRun, Comparison
from admissions.model.errors import UsageError
from admissions.model.files import Files, FolderFiles, below
from admissions.model.messages import Message, message
from admissions.model.output_table import HIDDEN, OutputTable
from admissions.model.round import Round
from admissions.results.comparison import SIGN
from admissions.rulebooks.scenario import ResolvedScenario, resolve
from admissions.rulebooks.scenario_files import scenario_of_toml


def read_ledger(round_: Round, folders: Sequence[Path] | Mapping[str, Files]) -> Ledger:
    """The public comparisons of ``round_`` in ``folders``: paths, or files by the folder's name.

    Their scenarios are decided again on the round, to know what their hidden counts were. Raises
    UsageError for a folder that is none, that tells other numbers than the round has, that is named
    twice, or that was made knowing of a folder which is not named.
    """
    found: dict[str, str] = {}
    publications = []
    needed: dict[str, str] = {}
    for name, place, files in _places(folders):
        told = _told(files, place)
        digest = folder_sha256(files)
        if digest in found.values() or name in found:
            raise UsageError(message("results.published-twice", place=place))
        found[name] = digest
        needed |= dict.fromkeys(told.get("published", {}).values(), name)
        publications.append(_publication(round_, files, told, place))
    for sha256, name in needed.items():
        if sha256 not in found.values():
            raise UsageError(message("results.published-lacking", name=name, sha256=sha256))
    return Ledger(tuple(publications), found)


def _places(
    folders: Sequence[Path] | Mapping[str, Files],
) -> Iterator[tuple[str, Path, Files]]:
    """Name, place and files of each folder."""
    if isinstance(folders, Mapping):
        yield from ((name, Path(name), files) for name, files in folders.items())
    else:
        yield from ((place.resolve().name, place, FolderFiles(place)) for place in folders)


def folder_sha256(files: Files) -> str:
    """The SHA-256 of a folder, in hex: of a line a file, by path: its SHA-256, two spaces, path."""
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _told(files: Files, place: Path) -> dict[str, Any]:
    try:
        told = json.loads(files[SIGN]) if SIGN in files else {}
    except ValueError:
        told = {}
    if not isinstance(told, dict) or not told.get("public"):
        raise UsageError(message("results.published-none", place=place, sign=SIGN))
    return told


def _publication(round_: Round, files: Files, told: Mapping[str, Any], place: Path) -> Publication:
    scenarios = [_scenario(files, one["id"], place) for one in told["scenarios"]]
    unknown = {o for s in scenarios for o in round_.offerings if o not in s.versions}
    if unknown:
        raise _other_round(place, message("results.no-rules-for", offering=sorted(unknown)[0]))
    base, *others = (ComparedRun(allocate_fast(round_, scenario)) for scenario in scenarios)
    against = {base.id: base.id, **told["against"]}
    found = publication(Comparison(round_, base, tuple(others), against))
    hidden = frozenset(
        count for table in found.tables.values() for count in _hidden(table, files, place)
    )
    return Publication(found.comparison, found.tables, found.by_offering, hidden)


def _scenario(files: Files, name: str, place: Path) -> ResolvedScenario:
    own = below(files, f"scenarios/{name}")
    if "scenario.toml" not in own:
        raise _other_round(place, message("results.no-scenario-in", name=name))
    scenario = scenario_of_toml(own["scenario.toml"], "scenario.toml")
    return resolve(scenario, rules=below(own, "rules"))


def _hidden(table: OutputTable, files: Files, place: Path) -> list[Place]:
    """Where the published file of ``table`` hides a count. What it shows must be the round's."""
    name = f"{table.id}.csv"
    text = files[name].decode("utf-8-sig") if name in files else ""
    head, *rows = [*csv.reader(io.StringIO(text))] or [[]]
    names = [column.name for column in table.columns]
    expected = table.texts()
    if head != names or len(rows) != len(expected):
        raise _other_round(place, message("results.other-rows", file=name))
    hidden: list[Place] = []
    for number, (row, own) in enumerate(zip(rows, expected, strict=True)):
        for column, cell, true in zip(names, row, own, strict=True):
            if cell == HIDDEN:
                hidden.append((table.id, number, column))
            elif cell != true:
                raise _other_round(
                    place,
                    message(
                        "results.other-cell",
                        file=name,
                        row=number + 2,
                        column=column,
                        cell=cell,
                        own=true,
                    ),
                )
    return hidden


def _other_round(place: Path, why: Message) -> UsageError:
    return UsageError(message("results.published-of-other", place=place, why=why))
