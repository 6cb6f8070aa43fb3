"""Reads a published result back, strictly: the text that people and programs will read."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from admissions.model.errors import DataError, UsageError, library_fault
from admissions.model.files import Files, FolderFiles, Place, files_at, said_place
from admissions.model.messages import message

CERTIFICATE = "certificate.json"
DECISIONS = "decisions.csv"
SUMMARY = "summary.json"
RANKINGS = "rankings"
_RANKING = re.compile(f"{RANKINGS}/([^/]+)\\.csv")

DECISION_COLUMNS = (
    "person_id", "offering_id", "preference", "qualified", "points", "rank", "outcome",
    "waiting_number", "reason", "explanation",
)  # fmt: skip


class UnreadableResultError(DataError):
    """A file of a result folder that is not what a run writes: the result is not verified."""

    exit_code = 1


@dataclass(frozen=True, eq=False)
class Published:
    """A result folder as it was read; every cell of a frame is text.

    ``decisions`` has the columns ``DECISION_COLUMNS``; ``rankings`` a frame by offering, with the
    columns that the file has; ``files`` the SHA-256 of every file but the certificate, by its path
    in the folder with ``/``.
    """

    decisions: pd.DataFrame
    rankings: Mapping[str, pd.DataFrame]
    summary: Mapping[str, Any]
    certificate: Mapping[str, Any]
    files: Mapping[str, str] = field(default_factory=dict)


def read_published(place: Place) -> Published:
    """The result at ``place``: a folder's path, or its files.

    Raises UsageError when it is no folder, and UnreadableResultError, naming file and row, for a
    file that is missing, is not UTF-8, has other columns, or has a row of another length.
    """
    files = files_at(place)
    if isinstance(files, FolderFiles) and not files.folder.is_dir():
        raise UsageError(message("verification.no-folder", place=str(files)))
    names = sorted(files)
    rankings = {
        match[1]: _table(files, name)
        for name in names
        if (match := _RANKING.fullmatch(name)) is not None
    }
    decisions = _table(files, DECISIONS)
    if tuple(decisions.columns) != DECISION_COLUMNS:
        raise UnreadableResultError(
            message(
                "verification.columns",
                file=DECISIONS,
                found=list(decisions.columns),
                expected=DECISION_COLUMNS,
            )
        )
    return Published(
        decisions=decisions,
        rankings=rankings,
        summary=_object(files, SUMMARY),
        certificate=_object(files, CERTIFICATE),
        files={
            name: hashlib.sha256(files[name]).hexdigest() for name in names if name != CERTIFICATE
        },
    )


def _bytes(files: Files, name: str) -> bytes:
    try:
        return files[name]
    except KeyError:
        raise UnreadableResultError(
            message("verification.missing", file=name, place=said_place(files))
        ) from None


def _text(files: Files, name: str) -> str:
    try:
        return _bytes(files, name).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableResultError(
            message("verification.no-utf-8", file=name, byte=error.start)
        ) from None


def _table(files: Files, name: str) -> pd.DataFrame:
    reader = csv.reader(io.StringIO(_text(files, name), newline=""), strict=True)
    try:
        header, *rows = list(reader) or [[]]
    except csv.Error as error:
        raise UnreadableResultError(
            message(
                "verification.line", file=name, line=reader.line_num, fault=library_fault(error)
            )
        ) from None
    if not header or len(set(header)) < len(header):
        raise UnreadableResultError(
            message(
                "verification.header", file=name, found=header or message("verification.nothing")
            )
        )
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise UnreadableResultError(
                message(
                    "verification.row-length",
                    file=name,
                    row=number,
                    found=len(row),
                    expected=len(header),
                )
            )
    return pd.DataFrame(rows, columns=header, dtype=object)


def _object(files: Files, name: str) -> dict[str, Any]:
    try:
        found = json.loads(_text(files, name))
    except (ValueError, RecursionError) as error:
        raise UnreadableResultError(
            message("verification.no-json", file=name, fault=library_fault(error))
        ) from None
    if not isinstance(found, dict):
        raise UnreadableResultError(
            message("verification.no-object", file=name, kind=type(found).__name__)
        )
    return found
