"""The letters of one person, from a result alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from admissions.allocation.run import Run, allocate_fast
from admissions.explanation import Explanation, FactChange, explain
from admissions.explanation.counterfactuals import what_would_have_changed
from admissions.explanation.decisions import decide_outcomes
from admissions.explanation.words import letter
from admissions.model.errors import PromiseBrokenError, UsageError
from admissions.model.files import Files, Place, files_at, said_place
from admissions.model.vocabulary import Language
from admissions.results.folder import read_inputs, read_scenario
from admissions.verification import read_published


@dataclass(frozen=True)
class Letter:
    """One application's decision: as typed reasons, and as the text the applicant reads."""

    explanation: Explanation
    changes: tuple[FactChange, ...]
    text: str

    def table(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return {
            "explanation": asdict(self.explanation),
            "changes": [asdict(change) for change in self.changes],
            "text": self.text,
        }


def letters(result: Place, person: str, offering: str | None, language: Language) -> list[Letter]:
    """The letters of ``person``, one an application (or that for ``offering`` alone).

    The run is decided again from what ``result`` (a folder's path, or its files) has of the round
    and the rules. Raises UsageError for an unknown person or offering, and PromiseBrokenError when
    its decisions differ from what its inputs give.
    """
    files = files_at(result)
    run = allocate_fast(read_inputs(files), read_scenario(files))
    rows = rows_of(run, person, offering, f"in {said_place(files)}")
    _refuse_altered(run, files, rows)
    return [_letter(run, row, language) for row in rows]


def letters_of(run: Run, person: str, offering: str | None, language: Language) -> list[Letter]:
    """The letters of ``person`` under ``run``, as ``letters`` of its result."""
    rows = rows_of(run, person, offering, "in the round")
    return [_letter(run, row, language) for row in rows]


def rows_of(run: Run, person: str, offering: str | None, where: str) -> list[int]:
    """The applications of ``person``, or that for ``offering``. Raises UsageError for no such."""
    person = unicodedata.normalize("NFC", person.strip())
    applications = run.round.applications
    own = (applications["person_id"] == person).to_numpy()
    if not own.any():
        raise UsageError(f"no person {person!r} applied {where}. Maybe check the spelling.")
    wished = applications["offering_id"].to_numpy()
    if offering is not None:
        if offering not in wished[own]:
            known = ", ".join(wished[own])
            raise UsageError(f"{person} did not apply for {offering!r}; expected one of: {known}")
        own = own & (wished == offering)
    found: list[int] = np.flatnonzero(own).tolist()
    return found


def _letter(run: Run, row: int, language: Language) -> Letter:
    explanation = explain(run, row)
    changes = what_would_have_changed(run, row)
    return Letter(explanation, changes, letter(explanation, changes, language))


def _refuse_altered(run: Run, files: Files, rows: Sequence[int]) -> None:
    published = read_published(files).decisions
    decided = decide_outcomes(run)
    for row in rows:
        there = published.iloc[row] if row < len(published) else None
        for name in ("person_id", "offering_id", "outcome", "points"):
            if there is None or there[name] != decided[name].iloc[row]:
                place = said_place(files)
                raise PromiseBrokenError(
                    f"{place}/decisions.csv does not say what its inputs give (column {name}). "
                    f"Maybe somebody changed it: admissions verify {place} --round ROUND"
                )
