"""Every draw of a simulation as one long file: a row a draw, scenario, measure, offering, group."""

from __future__ import annotations

import csv
import importlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.simulation.measures import UNDEFINED, Key, decimals
from admissions.simulation.statistics import decimal
from admissions.simulation.store import KeptDraws

COLUMNS = ("draw", "scenario", "measure", "offering", "group", "value")
_PARQUET = ".parquet"
_CSV = ".csv"


def refuse_draws_file(path: Path, *, overwrite: bool) -> None:
    """Raises UsageError where ``path`` can not be written: its kind, what is there, no pyarrow."""
    if path.suffix not in (_PARQUET, _CSV):
        raise UsageError(message("drawing.draws-file", path=path))
    if path.is_dir() or (path.exists() and not overwrite):
        raise UsageError(message("results.exists", out=path))
    if path.suffix == _PARQUET:
        _pyarrow()
    if path.exists() and not _ours(path):
        raise UsageError(message("results.not-ours", out=path, sign=",".join(COLUMNS)))


def _ours(path: Path) -> bool:
    """Whether the file there has the columns of draws."""
    if path.suffix == _CSV:
        return path.read_bytes()[:200].decode("utf-8-sig", "replace").startswith(",".join(COLUMNS))
    pa, parquet = _pyarrow()
    try:
        return tuple(parquet.read_schema(path).names) == COLUMNS
    except pa.ArrowInvalid:
        return False


def write_draws(
    path: Path, store: KeptDraws, scenarios: Sequence[str], keys: Sequence[Key]
) -> None:
    """Writes what ``store`` holds of ``scenarios`` and ``keys``, whole or not at all.

    Draws are numbered from 1, in order; within one stand the scenarios, within these the keys, in
    their own order. ``value`` is empty where a draw has none. A CSV file (UTF-8 with BOM) has each
    value exactly, with the decimals that its measure is stored with; a Parquet file has it as a
    double. Memory holds a few draws at a time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.parent / f".{path.name}.{os.getpid()}.partial"
    try:
        if path.suffix == _PARQUET:
            _write_parquet(partial, store, scenarios, keys)
        else:
            with partial.open("w", encoding="utf-8-sig", newline="") as file:
                _write_csv(file, store, scenarios, keys)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _write_csv(
    file: TextIO, store: KeptDraws, scenarios: Sequence[str], keys: Sequence[Key]
) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    steps = [decimals(key.measure) for key in keys]
    for first, values in store.each_chunk():
        for draw, cases in enumerate(values.tolist(), start=first + 1):
            for scenario, found in zip(scenarios, cases, strict=True):
                writer.writerows(
                    (draw, scenario, *key, _text(value, step))
                    for key, step, value in zip(keys, steps, found, strict=True)
                )


def _text(value: int, step: int) -> str:
    if value == UNDEFINED:
        return ""
    return decimal(value, step, step) if step else str(value)


def _write_parquet(
    path: Path, store: KeptDraws, scenarios: Sequence[str], keys: Sequence[Key]
) -> None:
    pa, parquet = _pyarrow()
    named = [pa.dictionary(pa.int32(), pa.string())] * (len(COLUMNS) - 2)
    types = (pa.int32(), *named, pa.float64())
    schema = pa.schema(list(zip(COLUMNS, types, strict=True)))
    with parquet.ParquetWriter(path, schema) as writer:
        for first, values in store.each_chunk():
            columns = [
                pa.array(column, type=kind, from_pandas=True)
                for column, kind in zip(
                    _columns(first, values, scenarios, keys), types, strict=True
                )
            ]
            writer.write_table(pa.table(columns, schema=schema))


def _columns(
    first: int, values: NDArray[np.int64], scenarios: Sequence[str], keys: Sequence[Key]
) -> Iterator[Any]:
    """The columns of one chunk's rows, in the order of ``COLUMNS``."""
    draws, cases, each = values.shape
    yield np.repeat(np.arange(first + 1, first + draws + 1, dtype=np.int32), cases * each)
    yield np.tile(np.repeat(np.array(scenarios, dtype=object), each), draws)
    for part in zip(*keys, strict=True):
        yield np.tile(np.array(part, dtype=object), draws * cases)
    yield shown(values, keys).ravel()


def shown(values: NDArray[np.int64], keys: Sequence[Key]) -> NDArray[np.float64]:
    """Stored ``values``, keys last, in the measures' own units; NaN where there is none."""
    steps = np.array([10.0 ** decimals(key.measure) for key in keys])
    found: NDArray[np.float64] = np.where(values == UNDEFINED, np.nan, values / steps)
    return found


def _pyarrow() -> tuple[Any, Any]:
    try:
        return importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise UsageError(message("drawing.needs-pyarrow")) from None
