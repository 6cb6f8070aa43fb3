"""The letters of one person, from a result folder alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from admissions.allocation.run import Run, allocate_fast
from admissions.explanation import Explanation, FactChange, explain
from admissions.explanation.counterfactuals import what_would_have_changed
from admissions.explanation.decisions import decide_outcomes
from admissions.explanation.words import letter
from admissions.model.errors import PromiseBrokenError, UsageError
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


def letters(out: Path, person: str, offering: str | None, language: Language) -> list[Letter]:
    """The letters of ``person``, one an application (or that for ``offering`` alone).

    The run is decided again from the folder's own copy of the round and the rules. Raises
    UsageError for an unknown person or offering, and PromiseBrokenError when the folder's decisions
    differ from what its inputs give.
    """
    scenario = read_scenario(out)
    run = allocate_fast(read_inputs(out), scenario)
    person = unicodedata.normalize("NFC", person.strip())
    applications = run.round.applications
    own = (applications["person_id"] == person).to_numpy()
    if not own.any():
        raise UsageError(f"no person {person!r} applied in {out}. Maybe check the spelling.")
    wished = applications["offering_id"].to_numpy()
    if offering is not None:
        if offering not in wished[own]:
            known = ", ".join(wished[own])
            raise UsageError(f"{person} did not apply for {offering!r}; expected one of: {known}")
        own = own & (wished == offering)
    rows = np.flatnonzero(own).tolist()
    _refuse_altered(run, out, rows)
    return [_letter(run, row, language) for row in rows]


def _letter(run: Run, row: int, language: Language) -> Letter:
    explanation = explain(run, row)
    changes = what_would_have_changed(run, row)
    return Letter(explanation, changes, letter(explanation, changes, language))


def _refuse_altered(run: Run, out: Path, rows: Sequence[int]) -> None:
    published = read_published(out).decisions
    decided = decide_outcomes(run)
    for row in rows:
        there = published.iloc[row] if row < len(published) else None
        for name in ("person_id", "offering_id", "outcome", "points"):
            if there is None or there[name] != decided[name].iloc[row]:
                raise PromiseBrokenError(
                    f"{out}/decisions.csv does not say what its inputs give (column {name}). "
                    f"Maybe somebody changed it: admissions verify {out} --round ROUND"
                )
