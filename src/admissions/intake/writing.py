"""A round as canonical files: reading them gives an equal round."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import tomli_w
from numpy.typing import NDArray

from admissions.model import hundredths
from admissions.model.choices import PASSED
from admissions.model.columns import Column, Table
from admissions.model.fact import Fact
from admissions.model.output_table import csv_text
from admissions.model.policy import FILE as POLICY
from admissions.model.policy import policy_toml
from admissions.model.round import OfferingSettings, Round, assessed
from admissions.model.tables import APPLICANTS, APPLICATIONS, FRAMES, OFFERINGS


def round_texts(round: Round) -> dict[str, str]:  # noqa: A002 - the domain's word
    r"""The files of ``round`` by name: a CSV file a table, ``round.toml``, and its ``policy.toml``.

    UTF-8, comma, decimal point, ``\n``; a value that no file stated is left empty, and a table
    without rows is left out (applicants and applications never are). The applicants' own wishes
    are the preferences of their applications.
    """
    texts = {}
    for table in FRAMES:
        frame: pd.DataFrame = getattr(round, table.name)
        if len(frame) or table in (APPLICANTS, APPLICATIONS):
            texts[f"{table.name}.csv"] = _csv(table, frame, round)
    if round.own:
        texts[f"{OFFERINGS.name}.csv"] = _own_csv(round.own)
    settings = round.settings.model_dump(exclude_none=True)
    texts["round.toml"] = tomli_w.dumps(settings)
    if round.policy is not None:
        texts[POLICY] = policy_toml(round.policy)
    return texts


def _own_csv(own: Mapping[str, OfferingSettings]) -> str:
    """What offerings state for themselves, by id."""
    names = [column.name for column in OFFERINGS.columns]
    rows = [{"offering_id": id_, **dict(own[id_])} for id_ in sorted(own)]
    return csv_text(names, (["" if row[n] is None else str(row[n]) for n in names] for row in rows))


def table_csv(table: Table, frame: pd.DataFrame) -> str:
    """``frame`` as the canonical file of ``table``, which is none of persons."""
    columns = [column for column in table.columns if column.name in frame.columns]
    cells = [_texts(column, frame).tolist() for column in columns]
    return csv_text([column.name for column in columns], zip(*cells, strict=True))


def _csv(table: Table, frame: pd.DataFrame, round: Round) -> str:  # noqa: A002
    known = (*table.columns, *table.more)
    frame = _with_scales(frame, known)
    columns = [column for column in known if column.name in frame.columns]
    cells = []
    for column in columns:
        texts = _texts(column, frame)
        stated = column.explains or column.name
        if table is APPLICANTS:
            texts[~round.given[stated].to_numpy()] = ""
        if column in table.more:
            texts[~assessed(frame, stated)] = ""
        cells.append(texts.tolist())
    return csv_text([column.name for column in columns], zip(*cells, strict=True))


def _with_scales(frame: pd.DataFrame, known: Sequence[Column]) -> pd.DataFrame:
    """``frame`` with the scale of each grade beside it, where one was stated on the old scale."""
    facts = {column.name: column for column in known if isinstance(column, Fact)}
    for scale in (column for column in known if column.explains):
        old = facts[scale.explains].old
        if old in frame.columns and (frame[old] != hundredths.NOT_DOCUMENTED).any():
            frame = frame.assign(**{scale.name: (frame[old] != hundredths.NOT_DOCUMENTED) * 1})
    return frame


def _texts(column: Column, frame: pd.DataFrame) -> NDArray[np.object_]:
    values = frame[column.name].to_numpy()
    if column.kind in ("code", "text"):
        return np.array(values, dtype=object)
    texts = _by_value(values, _writer(column))
    if isinstance(column, Fact) and column.kind == "grade":
        return _grades(column, frame, texts)
    return texts


def _grades(fact: Fact, frame: pd.DataFrame, texts: NDArray[np.object_]) -> NDArray[np.object_]:
    """The grades as they were stated: beyond hundredths, on the old scale, or as passed."""
    if fact.rest in frame.columns:
        whole, rest = frame[fact.name].to_numpy(), frame[fact.rest].to_numpy()
        for place in np.flatnonzero(rest).tolist():
            texts[place] = hundredths.shortest(int(whole[place]), int(rest[place]))
    if fact.old in frame.columns:
        marks = frame[fact.old].to_numpy()
        for place in np.flatnonzero(marks != hundredths.NOT_DOCUMENTED).tolist():
            texts[place] = hundredths.shortest(int(marks[place]))
    texts[frame[fact.passed].to_numpy()] = PASSED
    return texts


def _by_value(values: NDArray[Any], write: Callable[[int], str]) -> NDArray[np.object_]:
    """Each value as text ("" where it is not documented), each different one written once."""
    distinct, places = np.unique(values, return_inverse=True)
    texts = [
        "" if value == hundredths.NOT_DOCUMENTED else write(value) for value in distinct.tolist()
    ]
    written: NDArray[np.object_] = np.array(texts, dtype=object)[places]
    return written


def _writer(column: Column) -> Callable[[int], str]:
    if column.kind == "yes-no":
        return lambda value: "yes" if value else "no"
    if column.kind == "list":
        return lambda value: column.values[value]
    if column.kind == "date":
        return lambda value: f"{value // 10_000:04d}-{value // 100 % 100:02d}-{value % 100:02d}"
    if column.kind == "whole":
        return str
    return hundredths.shortest
