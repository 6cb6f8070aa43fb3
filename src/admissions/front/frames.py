"""Tables of results as frames, for notebooks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from admissions.model.output_table import OutputColumn, OutputTable, Value


def frame_of(table: OutputTable) -> pd.DataFrame:
    """``table`` as a frame: counts as Int64, decimals as float, the rest as text.

    A cell in which there is nothing to say is missing.
    """
    names = [column.name for column in table.columns]
    cells = [[row[number] for row in table.rows] for number in range(len(names))]
    return pd.DataFrame(
        {
            name: _series(column, values)
            for name, column, values in zip(names, table.columns, cells, strict=True)
        }
    )


def _series(column: OutputColumn, values: Sequence[Value]) -> pd.Series:
    if column.kind == "count" and all(value is None or isinstance(value, int) for value in values):
        return pd.Series(values, dtype="Int64")
    if column.kind == "decimal" and not any(isinstance(value, str) for value in values):
        return pd.Series([None if value is None else float(value) for value in values], dtype=float)
    return pd.Series(values, dtype=object)
