"""The round's settings: ``round.toml``, or the sheet ``round`` with its keys and values."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from admissions.intake import cells
from admissions.intake.findings import Findings
from admissions.intake.grid import UNREADABLE, Grid
from admissions.model.columns import Column, fold
from admissions.model.errors import library_fault
from admissions.model.messages import Message, message
from admissions.model.round import RoundSettings
from admissions.model.tables import SETTINGS

_KEY_HEADERS = {"key", "nokkel", "felt", "setting", "innstilling"}
_VALUE_HEADERS = {"value", "verdi"}


@dataclass(frozen=True)
class _Entry:
    key: str
    text: str
    row: int | None = None


def settings_from_toml(
    text: str, file: str | Message, offerings: Collection[str], findings: Findings
) -> RoundSettings:
    """The settings of ``round.toml``; everything wrong goes to ``findings``."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        findings.error(file, message("intake.toml", fault=library_fault(error)))
        return RoundSettings()
    except RecursionError:
        findings.error(file, message("intake.lists-in-lists"))
        return RoundSettings()
    return _settings(
        [_Entry(k, _toml_text(v)) for k, v in table.items()], file, offerings, findings
    )


def settings_from_sheet(
    grid: Grid, offerings: Collection[str], findings: Findings
) -> RoundSettings:
    """The settings of the sheet ``round`` (columns key and value); a row without value is unset."""
    places = {fold(header): index for index, header in enumerate(grid.header)}
    keys = [places[name] for name in sorted(_KEY_HEADERS & places.keys())]
    values = [places[name] for name in sorted(_VALUE_HEADERS & places.keys())]
    if len(keys) != 1 or len(values) != 1:
        findings.error(grid.file, message("intake.key-and-value"), row=grid.header_row)
        return RoundSettings()
    entries = [
        _Entry(key.strip(), value.strip(), row)
        for key, value, row in zip(
            grid.cells[keys[0]], grid.cells[values[0]], grid.rows.tolist(), strict=True
        )
        if UNREADABLE not in (key, value)
    ]
    return _settings(entries, grid.file, offerings, findings)


def _toml_text(value: Any) -> str:
    """A TOML value as a sheet would hold it; UNREADABLE for one that no setting can have."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return UNREADABLE


def _settings(
    entries: list[_Entry], file: str | Message, offerings: Collection[str], findings: Findings
) -> RoundSettings:
    known = SETTINGS.by_header
    found: dict[str, Any] = {}
    seen: set[str] = set()
    for entry in entries:
        column = known.get(fold(entry.key))
        names = [column.name for column in SETTINGS.columns]
        if column is None:
            expected = cells.one_of(entry.key, names)
            findings.error(file, expected, row=entry.row, column=entry.key)
            continue
        if column.name in seen:
            findings.error(
                file, message("intake.once", name=column.name), row=entry.row, column=entry.key
            )
        seen.add(column.name)
        try:
            if entry.text:
                found[column.name] = _value(column, entry.text, offerings)
        except cells.UnreadableError as error:
            value = "" if entry.text == UNREADABLE else entry.text
            findings.error(file, error.message, row=entry.row, column=entry.key, value=value)
    settings = RoundSettings(**found)
    if settings.year and settings.rules_on and settings.rules_on.year != settings.year:
        said = message("intake.year-of-rules", year=settings.year, rules_on=settings.rules_on)
        findings.note(file, said)
    return settings


def _value(column: Column, text: str, offerings: Collection[str]) -> object:
    if column.name == "offerings":
        return _offerings(text, offerings)
    if column.kind == "text":
        fault = cells.text_fault(text) if text != UNREADABLE else message("intake.text-number-date")
        if fault:
            raise cells.UnreadableError(fault)
        if text.startswith("="):
            raise cells.UnreadableError(message("intake.no-formula"))
        return text
    value = cells.reader(column)(text).value
    if column.kind == "date":
        return dt.date(value // 10_000, value // 100 % 100, value % 100)
    return value


def _offerings(text: str, known: Collection[str]) -> tuple[str, ...]:
    chosen = tuple(part for part in re.split(r"[,;\s]+", text) if part)
    for offering in chosen:
        if offering not in known:
            raise cells.UnreadableError(
                message("intake.list-of-offerings", known=sorted(known), found=offering)
            )
    if len(set(chosen)) < len(chosen):
        raise cells.UnreadableError(message("intake.each-offering-once"))
    if not chosen:
        raise cells.UnreadableError(message("intake.an-offering"))
    return chosen
