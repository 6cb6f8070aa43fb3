"""Where a draw's people come from: a synthetic population, or a real round resampled."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from admissions.intake.writing import round_texts
from admissions.model.errors import UsageError
from admissions.model.round import Round
from admissions.pool.draws import Draws
from admissions.pool.population import Population
from admissions.pool.synthetic import Pool
from admissions.ranking.leaders import running_index


@dataclass(frozen=True)
class SyntheticPeople:
    """People who do not exist, drawn from a population; ``table`` is that population as JSON."""

    table: str

    @property
    def population(self) -> Population:
        """What the people are drawn from."""
        return _pool(self.table).population

    @property
    def offerings(self) -> tuple[str, ...]:
        """The offerings of every round."""
        return tuple(self.population.counts.by_offering())

    @property
    def name(self) -> str:
        """What the rounds are, in words."""
        return f"synthetic {self.population.year}"

    @property
    def sha256(self) -> str:
        """The hash of all that the rounds are drawn from."""
        return hashlib.sha256(self.table.encode()).hexdigest()

    def round(self, seed: int) -> Round:
        """The round of ``seed``."""
        return _pool(self.table).round(seed)


def synthetic(population: Population) -> SyntheticPeople:
    """``population`` as a source of draws."""
    return SyntheticPeople(population.model_dump_json(by_alias=True))


@lru_cache(maxsize=256)
def _pool(table: str) -> Pool:
    return Pool(Population.model_validate_json(table))


@dataclass(frozen=True, eq=False)
class ResampledPeople:
    """A real round's people, drawn with replacement within each sector (a bootstrap of persons).

    The sectors' sizes stay, because they come first everywhere and a handful outside municipal
    child welfare would else come and go; all else varies as another year's applicants might. A
    person brings all own applications. A person drawn twice is two people, with lottery numbers of
    their own; the first of them has the id, the next ``id+2`` and so on, and a leader's order names
    them one after another.
    """

    real: Round

    @property
    def offerings(self) -> tuple[str, ...]:
        """The offerings of every round."""
        return self.real.offerings

    @property
    def name(self) -> str:
        """What the rounds are, in words."""
        return f"{self.real.settings.case or 'a round'}, resampled"

    @property
    def sha256(self) -> str:
        """The hash of all that the rounds are drawn from."""
        texts = round_texts(self.real)
        return hashlib.sha256("".join(f"{n}\0{t}\0" for n, t in texts.items()).encode()).hexdigest()

    def round(self, seed: int) -> Round:
        """The resampled round of ``seed``."""
        real, draws = self.real, Draws(seed)
        sector = real.applicants["sector"].to_numpy()
        drawn = [
            rows[draws.below(len(rows), len(rows))]
            for rows in (np.flatnonzero(sector == code) for code in np.unique(sector))
        ]
        who = np.sort(np.concatenate(drawn))
        copy = running_index(who, np.arange(len(who))) + 1
        ids = real.applicants["person_id"].to_numpy()[who].astype(object)
        ids[copy > 1] += np.array([f"+{n}" for n in copy[copy > 1]], dtype=object)
        by_id = np.argsort(ids, kind="stable")
        who, copy, ids = who[by_id], copy[by_id], ids[by_id]
        applicants = real.applicants.iloc[who].reset_index(drop=True)
        return dataclasses.replace(
            real,
            applicants=applicants.assign(person_id=pd.array(ids, dtype="str")),
            given=real.given.iloc[who].reset_index(drop=True),
            applications=_applications(real, who, ids),
            leader_preferences=_preferences(real, who, copy, ids),
        )


def resampled(real: Round) -> ResampledPeople:
    """``real`` as a source of draws. Raises UsageError where a resample makes no sense of it."""
    if not len(real.applications):
        raise UsageError("The round has no applications. Maybe fill in applications.csv first.")
    if len(real.leader_groups):
        raise UsageError(
            "leader_groups.csv: who must be together can be drawn or not, so such a round is not "
            "resampled. Maybe leave leader_groups.csv out for the simulation."
        )
    return ResampledPeople(real)


def _applications(real: Round, who: np.ndarray[Any, Any], ids: Any) -> pd.DataFrame:
    """The applications of ``who``, by person, then preference."""
    person = real.applications["person"].to_numpy()
    first = np.searchsorted(person, who, side="left")
    count = np.searchsorted(person, who, side="right") - first
    owner = np.repeat(np.arange(len(who)), count)
    rows = np.repeat(first - (np.cumsum(count) - count), count) + np.arange(len(owner))
    frame = real.applications.iloc[rows].reset_index(drop=True)
    return frame.assign(person_id=pd.array(ids[owner], dtype="str"), person=owner.astype(np.int64))


def _preferences(
    real: Round, who: np.ndarray[Any, Any], copy: np.ndarray[Any, Any], ids: Any
) -> pd.DataFrame:
    """The leaders' orders of who was drawn, with ranks 1, 2, 3 … anew."""
    stated = real.leader_preferences
    drawn = pd.DataFrame(
        {
            "person_id": real.applicants["person_id"].array.take(who),
            "copy": copy,
            "drawn_id": pd.array(ids, dtype="str"),
        }
    )
    joined = stated.merge(drawn, on="person_id", how="inner")
    joined = joined.sort_values(["service_id", "offering_id", "rank", "copy"], kind="stable")
    rank = joined.groupby(["service_id", "offering_id"]).cumcount().to_numpy(dtype=np.int64) + 1
    found = joined.assign(person_id=joined["drawn_id"], rank=rank)
    return found[list(stated.columns)].reset_index(drop=True)
