"""The parts of a round: each institution's own, in canonical form, and all of them as one round."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import tomli_w

from admissions.intake.writing import round_texts
from admissions.model.errors import Finding, InputError
from admissions.model.output_table import csv_text
from admissions.model.round import Round, RoundSettings
from admissions.model.tables import (
    APPLICANTS,
    APPLICATIONS,
    LEADER_GROUPS,
    LEADER_PREFERENCES,
    MUNICIPALITIES,
    OFFERINGS,
    SERVICES,
)
from admissions.results.files import packed, unpacked
from admissions_api.institutions import own_offerings

_KEYS = {
    APPLICANTS.name: ("person_id",),
    APPLICATIONS.name: ("person_id", "offering_id"),
    SERVICES.name: ("service_id",),
    MUNICIPALITIES.name: ("municipality_no",),
    LEADER_PREFERENCES.name: ("service_id", "offering_id", "person_id"),
    LEADER_GROUPS.name: ("service_id", "offering_id"),
    OFFERINGS.name: ("offering_id",),
}

Row = dict[str, str]
Tables = dict[str, list[Row]]


def packed_part(part: Round) -> bytes:
    """A part as it is stored: its tables in canonical form, without settings of its own."""
    texts = round_texts(part)
    del texts["round.toml"]
    return packed(texts)


def part_of(whole: Round, institution: str) -> Round:
    """What ``institution`` would upload of ``whole``: its own offerings' applicants.

    Leaders' orders and groups are left out; leaders send them themselves.
    """
    own = whole.applications["offering_id"].isin(own_offerings(institution)).to_numpy()
    kept = np.unique(whole.applications["person"].to_numpy()[own])
    new_row = np.full(len(whole.applicants), -1, dtype=np.int64)
    new_row[kept] = np.arange(len(kept))
    applications = whole.applications[own].reset_index(drop=True)
    applicants = whole.applicants.iloc[kept].reset_index(drop=True)
    services = whole.services[whole.services["service_id"].isin(applicants["service_id"])]
    return replace(
        whole,
        applicants=applicants,
        given=whole.given.iloc[kept].reset_index(drop=True),
        applications=applications.assign(person=new_row[applications["person"].to_numpy()]),
        services=services.reset_index(drop=True),
        leader_preferences=_none(whole.leader_preferences),
        leader_groups=_none(whole.leader_groups),
    )


def _none(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[:0].reset_index(drop=True)


def merged_tables(parts: Mapping[str, bytes]) -> Tables:
    """The rows of all parts, by table; what several parts state about one thing once.

    Where one part leaves a cell empty the other's value stands. Raises InputError, naming the
    institutions, for each cell that two parts state differently.
    """
    merged: dict[str, dict[tuple[str, ...], Row]] = {name: {} for name in _KEYS}
    stated: dict[tuple[str, tuple[str, ...]], str] = {}
    problems: list[Finding] = []
    for institution in sorted(parts):
        for table, row in _rows(parts[institution]):
            key = tuple(row[name] for name in _KEYS[table])
            earlier = merged[table].setdefault(key, row)
            first = stated.setdefault((table, key), institution)
            if earlier is not row:
                problems += _conflicts(table, key, (first, earlier), (institution, row))
    if problems:
        raise InputError(problems)
    return {table: [rows[key] for key in sorted(rows)] for table, rows in merged.items()}


def _rows(part: bytes) -> Iterator[tuple[str, Row]]:
    files = unpacked(part)
    for table in _KEYS:
        text = files.get(f"{table}.csv", b"").decode()
        for row in csv.DictReader(io.StringIO(text, newline="")):
            yield table, row


def _conflicts(
    table: str, key: tuple[str, ...], first: tuple[str, Row], second: tuple[str, Row]
) -> Iterator[Finding]:
    """Fills the first row's empty cells from the second's, and names each cell that differs."""
    for name, value in second[1].items():
        if value and not first[1].get(name):
            first[1][name] = value
        elif value and first[1][name] != value:
            yield Finding(
                f"{table}.csv",
                None,
                name,
                ", ".join(filter(None, key)),
                f"expected the same in the parts of {first[0]} and {second[0]}; they differ",
            )


def texts_of(tables: Tables, settings: RoundSettings) -> dict[str, str]:
    """The files of the round that ``tables`` and ``settings`` are, by name."""
    texts = {"round.toml": tomli_w.dumps(settings.model_dump(exclude_none=True))}
    for table, rows in tables.items():
        if rows:
            head = list(dict.fromkeys(name for row in rows for name in row))
            cells = ([row.get(name, "") for name in head] for row in rows)
            texts[f"{table}.csv"] = csv_text(head, cells)
    return texts


def with_preferences(
    tables: Tables, sent: Mapping[str, tuple[Sequence[Row], int | None]]
) -> Tables:
    """``tables`` with what leaders sent in place of what the parts say of their services.

    ``sent`` has, by service, the rows of its order and how many may be away (None: no limit).
    """
    preferences = [r for r in tables["leader_preferences"] if r["service_id"] not in sent]
    services = [dict(row) for row in tables["services"]]
    for row in services:
        if row["service_id"] in sent:
            rows, away = sent[row["service_id"]]
            preferences += rows
            row["max_students"] = "" if away is None else str(away)
    return {**tables, "services": services, "leader_preferences": preferences}
