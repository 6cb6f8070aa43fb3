"""The letters of one person, or of everybody, from a result alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from admissions.allocation.run import Run, allocate_fast
from admissions.explanation import Explainer, Explanation, FactChange
from admissions.explanation.counterfactuals import Counterfactuals
from admissions.explanation.decisions import decide_outcomes
from admissions.explanation.words import letter
from admissions.model.errors import PromiseBrokenError, UsageError
from admissions.model.files import Files, Place, files_at, said_place
from admissions.model.messages import Message, message
from admissions.model.vocabulary import Language
from admissions.results.folder import read_inputs, read_scenario
from admissions.verification import read_published


@dataclass(frozen=True)
class Letter:
    """One application's decision: as typed reasons, and as the text the applicant reads."""

    explanation: Explanation
    changes: tuple[FactChange, ...]
    text: str

    def __str__(self) -> str:
        return self.text

    def table(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return {
            "explanation": asdict(self.explanation),
            "changes": [asdict(change) for change in self.changes],
            "text": self.text,
        }


@dataclass(frozen=True)
class LettersOfRun:
    """Many letters, made one by one: how many, and each as it is asked for."""

    count: int
    letters: Iterator[Letter]


def decided_again(result: Place) -> tuple[Run, pd.DataFrame]:
    """The run of ``result``, decided again from what it has of round and rules; its decisions.

    Raises PromiseBrokenError when they differ from those that it holds.
    """
    files = files_at(result)
    scenario = read_scenario(files)
    run = allocate_fast(read_inputs(files), scenario)
    decisions = decide_outcomes(run)
    _refuse_altered(decisions, files, list(range(len(decisions))))
    return run, decisions


def letters(result: Place, person: str, offering: str | None, language: Language) -> list[Letter]:
    """The letters of ``person``, one an application (or that for ``offering`` alone).

    The run is decided again from what ``result`` (a folder's path, or its files) has of the round
    and the rules. Raises UsageError for an unknown person or offering, and PromiseBrokenError when
    its decisions differ from what its inputs give.
    """
    files = files_at(result)
    scenario = read_scenario(files)
    run = allocate_fast(read_inputs(files), scenario)
    rows = rows_of(run, person, offering, said_place(files))
    decisions = decide_outcomes(run)
    _refuse_altered(decisions, files, rows)
    return list(_letters(run, decisions, rows, language))


def all_letters(result: Place, offering: str | None, language: Language) -> LettersOfRun:
    """The letters of everybody (for ``offering`` alone), by ``person_id`` and preference.

    As ``letters``, but the run is decided once, and what its letters share is worked out once.
    """
    files = files_at(result)
    scenario = read_scenario(files)
    run = allocate_fast(read_inputs(files), scenario)
    wished = run.round.applications["offering_id"].to_numpy()
    if offering is not None and offering not in wished:
        known = ", ".join(run.round.offerings)
        raise UsageError(
            message(
                "results.nobody-applied", offering=offering, place=said_place(files), known=known
            )
        )
    chosen = np.ones(len(wished), dtype=np.bool_) if offering is None else wished == offering
    rows: list[int] = np.flatnonzero(chosen).tolist()
    decisions = decide_outcomes(run)
    _refuse_altered(decisions, files, rows)
    return LettersOfRun(len(rows), _letters(run, decisions, rows, language))


def letters_of(run: Run, person: str, offering: str | None, language: Language) -> list[Letter]:
    """The letters of ``person`` under ``run``, as ``letters`` of its result."""
    rows = rows_of(run, person, offering)
    return list(_letters(run, decide_outcomes(run), rows, language))


def rows_of(
    run: Run, person: str, offering: str | None, place: str | Message | None = None
) -> list[int]:
    """The applications of ``person``, or that for ``offering``. Raises UsageError for no such.

    ``place``: where the result is that they are asked of; None for a round that has none.
    """
    person = unicodedata.normalize("NFC", person.strip())
    applications = run.round.applications
    own = (applications["person_id"] == person).to_numpy()
    if not own.any():
        raise UsageError(
            message("results.no-person-in-round", person=person)
            if place is None
            else message("results.no-person-in", person=person, place=place)
        )
    wished = applications["offering_id"].to_numpy()
    if offering is not None:
        if offering not in wished[own]:
            known = ", ".join(wished[own])
            raise UsageError(
                message("results.not-applied-for", person=person, offering=offering, known=known)
            )
        own = own & (wished == offering)
    found: list[int] = np.flatnonzero(own).tolist()
    return found


def _letters(
    run: Run, decisions: pd.DataFrame, rows: Sequence[int], language: Language
) -> Iterator[Letter]:
    """The letters of the applications ``rows``, each made when it is asked for."""
    explainer, counterfactuals = Explainer(run, decisions), Counterfactuals(run)
    for row in rows:
        explanation, changes = explainer.explain(row), counterfactuals.changes(row)
        yield Letter(explanation, changes, letter(explanation, changes, language))


def _refuse_altered(decisions: pd.DataFrame, files: Files, rows: list[int]) -> None:
    published = read_published(files).decisions
    known = len(published) == len(decisions)
    for name in ("person_id", "offering_id", "outcome", "points"):
        if not known or published[name].iloc[rows].tolist() != decisions[name].iloc[rows].tolist():
            place = said_place(files)
            raise PromiseBrokenError(message("results.altered", place=place, column=name))
