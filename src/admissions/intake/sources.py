"""Finds the tables of a round in a folder of CSV files or in one workbook."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from admissions.intake.csv_files import decoded, read_csv
from admissions.intake.excel_files import IGNORED, read_workbook
from admissions.intake.findings import Findings
from admissions.intake.names import table_called, table_meant
from admissions.intake.settings import settings_from_sheet, settings_from_toml
from admissions.intake.typed import Typed, absent, read_table
from admissions.model.columns import Table
from admissions.model.errors import DataError, UsageError, system_fault
from admissions.model.files import Files, MadeFiles, Place
from admissions.model.messages import Message, message
from admissions.model.policy import FILE as POLICY
from admissions.model.policy import Policy, read_policy
from admissions.model.round import COMMITMENT, SALT, RoundSettings
from admissions.model.tables import APPLICANTS, APPLICATIONS, CONTACTS, SETTINGS, TABLES

_EVERY = (*TABLES, CONTACTS, SETTINGS)
_NEEDED = (APPLICANTS.name, APPLICATIONS.name)

WORKBOOKS = (".xlsx", ".xlsm")
OTHER_WORKBOOKS = (".xls", ".xlsb", ".ods", ".fods", ".numbers")


@dataclass
class Source:
    """What the files of a round say: every table, typed (without rows if absent), and settings."""

    settings: RoundSettings = field(default_factory=RoundSettings)
    tables: dict[str, Typed] = field(default_factory=dict)
    sha256: dict[str, str] = field(default_factory=dict)
    policy: Policy | None = None
    contacts: Typed | None = None


def read_source(
    place: Place, offerings: Collection[str], findings: Findings, *, contacts: bool = False
) -> Source:
    """The tables of the round at ``place``, with its ``contacts`` if these are asked for.

    Raises UsageError when there is no such round.
    """
    if isinstance(place, Mapping):
        names = list(place)
        if len(names) == 1 and names[0].casefold().endswith(WORKBOOKS):
            return _read_workbook(place[names[0]], names[0], offerings, findings, contacts)
        return _read_files(place, offerings, findings, contacts)
    path = Path(place)
    if path.is_dir():
        return _read_files(_in_folder(path), offerings, findings, contacts)
    suffix = path.suffix.casefold()
    if path.is_file() and suffix in WORKBOOKS:
        return _read_workbook(_bytes(path), path.name, offerings, findings, contacts)
    if path.is_file() and suffix in OTHER_WORKBOOKS:
        raise UsageError(message("intake.save-as-xlsx", file=path.name))
    if path.exists():
        raise UsageError(message("intake.no-round", path=path))
    raise UsageError(message("intake.round-not-there", path=path))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            message("intake.cannot-be-read", file=path.name, why=system_fault(error))
        ) from None


def _in_folder(folder: Path) -> Files:
    """What lies in ``folder`` itself, each read when it is asked for."""
    try:
        listed = sorted(folder.iterdir())
    except OSError as error:
        raise UsageError(
            message("intake.cannot-be-read", file=folder, why=system_fault(error))
        ) from None
    return MadeFiles({path.name: partial(_bytes, path) for path in listed})


def _read_files(
    files: Files, offerings: Collection[str], findings: Findings, contacts: bool
) -> Source:
    source = Source()
    known = _known(files, findings)
    for table in TABLES:
        file = f"{table.name}.csv"
        if file not in known:
            needed = table.name in _NEEDED
            source.tables[table.name] = absent(table, file, broken=needed)
            if needed:
                findings.error(file, _expected_file(files))
            continue
        label = known[file]
        data = files[label]
        source.sha256[label] = hashlib.sha256(data).hexdigest()
        grid = read_csv(data, table, label, findings)
        source.tables[table.name] = (
            read_table(grid, table, findings) if grid else absent(table, label, broken=True)
        )
    if contacts and _file_name(CONTACTS) in known:
        label = known[_file_name(CONTACTS)]
        grid = read_csv(files[label], CONTACTS, label, findings)
        source.contacts = read_table(grid, CONTACTS, findings) if grid else None
    if "round.toml" in known:
        label = known["round.toml"]
        data = files[label]
        source.sha256[label] = hashlib.sha256(data).hexdigest()
        text = decoded(data, label, findings)
        if text is not None:
            source.settings = settings_from_toml(text, label, offerings, findings)
    if POLICY in known:
        label = known[POLICY]
        source.sha256[label] = hashlib.sha256(files[label]).hexdigest()
        text = decoded(files[label], label, findings)
        try:
            source.policy = None if text is None else read_policy(text, label)
        except DataError as error:
            findings.error(label, error.message)
    return source


def _expected_file(files: Files) -> Message:
    workbooks = sorted(name for name in files if name.endswith(".xlsx"))
    if workbooks:
        return message("intake.this-file-or-workbook", workbook=workbooks[0])
    return message("intake.this-file")


def _is_beside(name: str) -> bool:
    """Whether a file of that name may stand beside the tables, and is none."""
    return name in (COMMITMENT, SALT) or PurePosixPath(name).stem == IGNORED


def _known(files: Files, findings: Findings) -> dict[str, str]:
    """The names of known files by the contract's; others are noted."""
    found: dict[str, str] = {}
    unknown: list[str] = []
    for label in sorted(files):
        path = PurePosixPath(label)
        name = _known_name(path)
        if name is None:
            if not label.startswith((".", "~$")) and not _is_beside(label.casefold()):
                unknown.append(label)
        elif name in found:
            findings.error(label, message("intake.one-file", file=name, other=found[name]))
        else:
            found[name] = label
    _report_unknown(unknown, found, findings)
    return found


def _report_unknown(unknown: list[str], found: Collection[str], findings: Findings) -> None:
    """An error for a file that resembles one which is absent; any other is noted."""
    absent = [table for table in _EVERY if _file_name(table) not in found]
    known = ", ".join(_file_name(table) for table in _EVERY)
    for label in unknown:
        path = PurePosixPath(label)
        meant = table_meant(path.stem, absent) if path.suffix.casefold() in LIKE_TABLES else None
        if meant is not None:
            findings.error(label, message("intake.file-resembles", file=_file_name(meant)))
        else:
            findings.note(label, message("intake.file-unknown", known=known))


LIKE_TABLES = (".csv", ".txt", ".tsv", ".toml", *WORKBOOKS, *OTHER_WORKBOOKS)
"""The endings of files in which offices keep tables; what resembles one of ours may be meant."""


def _file_name(table: Table) -> str:
    return "round.toml" if table is SETTINGS else f"{table.name}.csv"


def _known_name(path: PurePosixPath) -> str | None:
    """The contract's name of the file ``path``, when it is one of a round's."""
    if path.name.casefold() == POLICY:
        return POLICY
    tables = {".csv": (*TABLES, CONTACTS), ".toml": (SETTINGS,)}.get(path.suffix.casefold(), ())
    table = table_called(path.stem, tables)
    return None if table is None else _file_name(table)


def _read_workbook(
    data: bytes, name: str, offerings: Collection[str], findings: Findings, contacts: bool
) -> Source:
    grids = read_workbook(data, name, _EVERY, findings, skipped=() if contacts else (CONTACTS,))
    source = Source(sha256={name: hashlib.sha256(data).hexdigest()})
    if grids is None:
        return source
    for table in TABLES:
        label = message("intake.sheet", file=name, sheet=table.name)
        if table.name not in grids:
            needed = table.name in _NEEDED
            source.tables[table.name] = absent(table, label, broken=needed)
            if needed:
                findings.error(label, message("intake.this-sheet"))
            continue
        grid = grids[table.name]
        source.tables[table.name] = (
            read_table(grid, table, findings) if grid else absent(table, label, broken=True)
        )
    people = grids.get(CONTACTS.name)
    if people:
        source.contacts = read_table(people, CONTACTS, findings)
    sheet = grids.get(SETTINGS.name)
    if sheet:
        source.settings = settings_from_sheet(sheet, offerings, findings)
    return source
