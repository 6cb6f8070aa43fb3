"""Finds the tables of a round in a folder of CSV files or in one workbook."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from admissions.intake.csv_files import decoded, read_csv
from admissions.intake.excel_files import IGNORED, read_workbook
from admissions.intake.findings import Findings
from admissions.intake.settings import settings_from_sheet, settings_from_toml
from admissions.intake.typed import Typed, absent, read_table
from admissions.model.errors import UsageError
from admissions.model.round import RoundSettings
from admissions.model.tables import APPLICANTS, APPLICATIONS, SETTINGS, TABLES

_NEEDED = (APPLICANTS.name, APPLICATIONS.name)


@dataclass
class Source:
    """What the files of a round say: every table, typed (without rows if absent), and settings."""

    settings: RoundSettings = field(default_factory=RoundSettings)
    tables: dict[str, Typed] = field(default_factory=dict)
    sha256: dict[str, str] = field(default_factory=dict)


def read_source(path: Path, offerings: Collection[str], findings: Findings) -> Source:
    """The tables of the round at ``path``. Raises UsageError when there is no such round."""
    if path.is_dir():
        return _read_folder(path, offerings, findings)
    if path.is_file() and path.suffix.casefold() == ".xlsx":
        return _read_file(path, offerings, findings)
    if path.exists():
        raise UsageError(f"{path} is no round; expected a folder of CSV files or an .xlsx workbook")
    raise UsageError(f"there is no round at {path}; expected a folder of CSV files or an .xlsx")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror}") from None


def _read_folder(folder: Path, offerings: Collection[str], findings: Findings) -> Source:
    source = Source()
    files = _files(folder, findings)
    for table in TABLES:
        file = f"{table.name}.csv"
        if file not in files:
            needed = table.name in _NEEDED
            source.tables[table.name] = absent(table, file, broken=needed)
            if needed:
                findings.error(file, _expected_file(folder))
            continue
        label = files[file].name
        data = _bytes(files[file])
        source.sha256[label] = hashlib.sha256(data).hexdigest()
        grid = read_csv(data, table, label, findings)
        source.tables[table.name] = (
            read_table(grid, table, findings) if grid else absent(table, label, broken=True)
        )
    if "round.toml" in files:
        label = files["round.toml"].name
        data = _bytes(files["round.toml"])
        source.sha256[label] = hashlib.sha256(data).hexdigest()
        text = decoded(data, label, findings)
        if text is not None:
            source.settings = settings_from_toml(text, label, offerings, findings)
    return source


def _expected_file(folder: Path) -> str:
    expected = "expected this file in the round folder"
    workbooks = sorted(folder.glob("*.xlsx"))
    if workbooks:
        return f"{expected}. Maybe give the path of the workbook {workbooks[0].name}"
    return f"{expected}. Maybe the folder is another one"


def _files(folder: Path, findings: Findings) -> dict[str, Path]:
    """The files of known names by their lower-case name; others are noted."""
    known = {f"{table.name}.csv" for table in TABLES} | {"round.toml"}
    files: dict[str, Path] = {}
    for path in sorted(_listed(folder)):
        name = path.name.casefold()
        if name in known and path.is_file():
            if name in files:
                findings.error(path.name, f"expected one file {name}, not {files[name].name} too")
            files.setdefault(name, path)
        elif not name.startswith((".", "~$")) and path.stem.casefold() != IGNORED:
            findings.note(
                path.name, f"unknown file, ignored; known are: {', '.join(sorted(known))}"
            )
    return files


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise UsageError(f"{folder} cannot be read: {error.strerror}") from None


def _read_file(path: Path, offerings: Collection[str], findings: Findings) -> Source:
    data = _bytes(path)
    grids = read_workbook(data, path.name, (*TABLES, SETTINGS), findings)
    source = Source(sha256={path.name: hashlib.sha256(data).hexdigest()})
    if grids is None:
        return source
    for table in TABLES:
        label = f"{path.name}, sheet {table.name}"
        if table.name not in grids:
            needed = table.name in _NEEDED
            source.tables[table.name] = absent(table, label, broken=needed)
            if needed:
                findings.error(label, "expected this sheet. Maybe it has another name")
            continue
        grid = grids[table.name]
        source.tables[table.name] = (
            read_table(grid, table, findings) if grid else absent(table, label, broken=True)
        )
    sheet = grids.get(SETTINGS.name)
    if sheet:
        source.settings = settings_from_sheet(sheet, offerings, findings)
    return source
