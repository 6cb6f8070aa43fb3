"""What the coordinator of a round states beside the offices' parts: a register, own wishes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path, PurePosixPath

import pandas as pd

from admissions.intake import checks
from admissions.intake.csv_files import read_csv
from admissions.intake.excel_files import read_workbook
from admissions.intake.findings import Findings
from admissions.intake.grid import Grid
from admissions.intake.merging import Row, Tables, tables_of
from admissions.intake.names import table_called
from admissions.intake.sources import WORKBOOKS
from admissions.intake.typed import Typed, absent, read_table
from admissions.intake.writing import table_csv
from admissions.model.columns import Table
from admissions.model.errors import UsageError, system_fault
from admissions.model.files import Files, Place
from admissions.model.messages import message
from admissions.model.tables import (
    CONTACTS,
    LEADER_GROUPS,
    MUNICIPALITIES,
    SERVICES,
    SETTINGS,
    TABLES,
    WISHES,
)

REGISTER = (SERVICES, MUNICIPALITIES, LEADER_GROUPS)
"""The tables of a register: services, municipalities, and who must go together or not at all."""


def read_register(place: Place, offerings: Collection[str]) -> Tables:
    """The register at ``place`` in canonical rows: services, and municipalities and groups if any.

    ``place``: a folder's or file's path, or files by name: CSV files or one workbook. Raises
    InputError with every error at once, and UsageError when there is no such file.
    """
    findings = Findings()
    tables = _read(place, REGISTER, findings)
    services, municipalities, groups = (tables[table.name] for table in REGISTER)
    checks.refuse_empty(services, findings)
    checks.check_key(services, "service_id", findings)
    checks.check_key(municipalities, "municipality_no", findings)
    checks.check_municipality_numbers((services, municipalities), findings)
    checks.check_municipalities_known(municipalities, (services,), findings)
    if len(groups):
        checks.check_services_known(services, (groups,), findings)
        checks.refuse_unknown_offerings(groups, offerings, None, findings)
        checks.check_leader_groups(groups, services, findings)
    findings.stop_if_any()
    return tables_of(
        {f"{t.name}.csv": table_csv(t, _frame(tables[t.name], t)).encode() for t in REGISTER}
    )


def read_wishes(place: Place, offerings: Collection[str]) -> list[Row]:
    """The applicants' own wishes at ``place``, in canonical rows.

    Each person's preferences differ, and no offering is wished for twice. Raises as
    ``read_register`` does.
    """
    findings = Findings()
    wishes = _read(place, (WISHES,), findings)[WISHES.name]
    checks.refuse_empty(wishes, findings)
    checks.check_applications(wishes, findings)
    checks.refuse_unknown_offerings(wishes, offerings, None, findings)
    findings.stop_if_any()
    names = [column.name for column in WISHES.columns]
    frame = _frame(wishes, WISHES)[names].sort_values(["person_id", "preference"])
    return [{name: str(row[name]) for name in names} for row in frame.to_dict("records")]


def _frame(typed: Typed, table: Table) -> pd.DataFrame:
    return pd.DataFrame({column.name: typed.columns[column.name] for column in table.columns})


def _read(place: Place, tables: Sequence[Table], findings: Findings) -> dict[str, Typed]:
    """The ``tables`` at ``place``, by name; the first of them must be there."""
    grids = _grids(_files(place), tables, findings)
    if tables[0].name not in grids:
        said = message("intake.this-file")
        findings.error(f"{tables[0].name}.csv", said)
    found = {}
    for table in tables:
        grid = grids.get(table.name)
        label = f"{table.name}.csv"
        needed = table is tables[0] or table.name in grids
        found[table.name] = (
            read_table(grid, table, findings) if grid else absent(table, label, broken=needed)
        )
    return found


def _files(place: Place) -> Files:
    if isinstance(place, Mapping):
        return place
    path = Path(place)
    paths = sorted(path.iterdir()) if path.is_dir() else [path]
    try:
        return {one.name: one.read_bytes() for one in paths if one.is_file()}
    except OSError as error:
        raise UsageError(
            message("intake.cannot-be-read", file=path.name, why=system_fault(error))
        ) from None


def _grids(files: Files, tables: Sequence[Table], findings: Findings) -> dict[str, Grid | None]:
    """The grids of ``tables`` by name; a single CSV file is the first, whatever it is called."""
    names = sorted(files)
    if len(names) == 1 and names[0].casefold().endswith(WORKBOOKS):
        every = (*TABLES, CONTACTS, SETTINGS)
        others = [table for table in every if table not in tables]
        return read_workbook(files[names[0]], names[0], every, findings, others) or {}
    found: dict[str, Grid | None] = {}
    for name in names:
        path = PurePosixPath(name)
        table = table_called(path.stem, tables) if path.suffix.casefold() == ".csv" else None
        if table is None and len(names) == 1:
            table = tables[0]
        if table is None:
            continue
        if table.name in found:
            said = message("intake.one-file", file=f"{table.name}.csv", other=table.name)
            findings.error(name, said)
            continue
        found[table.name] = read_csv(files[name], table, name, findings)
    return found
