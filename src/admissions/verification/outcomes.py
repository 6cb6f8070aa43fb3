"""Which published row speaks of which application, and what it says of the plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.model.facts import Flags
from admissions.model.round import Round
from admissions.verification.property import Noted

OFFERED = "offered"
DECLINED = "declined"


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The rows of ``decisions.csv`` laid beside the applications of the round.

    With d rows and m applications: ``application`` int64 (d,), the row in ``Round.applications``,
    -1 where there is no such application; ``row`` int64 (m,), the first published row of each
    application, -1 where there is none; ``held`` and ``declined`` bool (m,), True where any of its
    rows says so; ``strays`` are offers to people who did not apply, in words.
    """

    application: NDArray[np.int64]
    row: NDArray[np.int64]
    held: Flags
    declined: Flags
    strays: tuple[str, ...]


def read_outcomes(round_: Round, decisions: pd.DataFrame) -> Outcomes:
    """``decisions`` read by the person and offering that each row names, whatever its place."""
    application = _applications(round_, decisions)
    count = len(round_.applications)
    known = np.flatnonzero(application >= 0)
    row = np.full(count, -1, dtype=np.int64)
    row[application[known[::-1]]] = known[::-1]
    outcome = decisions["outcome"].to_numpy()
    held, declined = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    held[application[known[outcome[known] == OFFERED]]] = True
    declined[application[known[outcome[known] == DECLINED]]] = True
    strays = decisions[(application < 0) & (outcome == OFFERED)]
    words = (
        Noted("did-not-apply", person=person, offering=offering)
        for person, offering in zip(strays["person_id"], strays["offering_id"], strict=True)
    )
    return Outcomes(application, row, held, declined & ~held, tuple(words))


def _applications(round_: Round, decisions: pd.DataFrame) -> NDArray[np.int64]:
    names = ("person_id", "offering_id")
    own = [round_.applications[name].to_numpy(dtype=object) for name in names]
    said = [decisions[name].to_numpy(dtype=object) for name in names]
    if all(np.array_equal(a, b) for a, b in zip(own, said, strict=True)):
        return np.arange(len(own[0]), dtype=np.int64)
    place = {key: number for number, key in enumerate(zip(*own, strict=True))}
    found = (place.get(key, -1) for key in zip(*said, strict=True))
    return np.fromiter(found, dtype=np.int64, count=len(decisions))
