"""Where a draw's people come from: a synthetic population, or a real round."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from admissions.intake.writing import round_texts
from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.model.vocabulary import VOCABULARIES
from admissions.pool.draws import Draws, ManyDraws
from admissions.pool.employers import Recommending, assumed_recommending
from admissions.pool.population import Population
from admissions.pool.synthetic import Pool
from admissions.ranking.rounds import RoundsAsOne, one_round
from admissions.ranking.running_index import running_index

_MUNICIPAL = VOCABULARIES["sector"].index("municipal")


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

    @property
    def recommending(self) -> Recommending:
        """How employers recommend, as the population assumes."""
        return assumed_recommending(self.population)

    def round(self, seed: int) -> Round:
        """The round of ``seed``."""
        return _pool(self.table).round(seed)

    limits_across = False
    """Whether the rounds state limits across offerings."""

    def rounds(self, seeds: Sequence[int]) -> RoundsAsOne:
        """The rounds of ``seeds`` as one."""
        return _pool(self.table).rounds(seeds)


def synthetic(population: Population) -> SyntheticPeople:
    """``population`` as a source of draws."""
    return SyntheticPeople(population.model_dump_json(by_alias=True))


@lru_cache(maxsize=256)
def _pool(table: str) -> Pool:
    return Pool(Population.model_validate_json(table))


@dataclass(frozen=True, eq=False)
class KeptPeople:
    """A real round's people, as they are in every draw: their answers and the lottery are drawn.

    ``left_out_percent``: the chance of each person not to have applied, as an option; of a leader's
    order those who are left out are taken out. ``alike_percent``: how many of the employers think
    alike of a person whatever the programme, which no round tells.
    """

    real: Round
    left_out_percent: int
    alike_percent: int

    @property
    def offerings(self) -> tuple[str, ...]:
        """The offerings of every round."""
        return self.real.offerings

    @property
    def name(self) -> str:
        """What the rounds are, in words."""
        case = self.real.settings.case or "a round"
        if not self.left_out_percent:
            return f"{case}, its own people"
        return f"{case}, each of its people left out with {self.left_out_percent} % chance"

    @property
    def sha256(self) -> str:
        """The hash of all that the rounds are drawn from."""
        return _hash_of(self.real, f"left out {self.left_out_percent}, alike {self.alike_percent}")

    @property
    def recommending(self) -> Recommending:
        """How employers recommend in the round: shares of what its municipal employees' say."""
        return _recommending_in(self.real, self.alike_percent)

    def rounds(self, seeds: Sequence[int]) -> RoundsAsOne:
        """The rounds of ``seeds`` as one: each the real one, without those who are left out."""
        rounds, n = self._one.repeated(len(seeds)), len(self.real.applicants)
        if not self.left_out_percent:
            return rounds
        draws = ManyDraws(seeds).split(np.full(len(seeds), n))
        return rounds.among(~draws.chance(self.left_out_percent, 100, n * len(seeds)))

    @property
    def limits_across(self) -> bool:
        """Whether the round states limits across offerings."""
        limited = (self.real.services["max_students"].to_numpy() >= 0).any()
        return bool(limited) or len(self.real.leader_groups) > 0

    @cached_property
    def _one(self) -> RoundsAsOne:
        return one_round(self.real)

    def round(self, seed: int) -> Round:
        """The round of ``seed``: the real one, without those who are left out."""
        if not self.left_out_percent:
            return self.real
        real = self.real
        out = Draws(seed).chance(self.left_out_percent, 100, len(real.applicants))
        who = np.flatnonzero(~out)
        ids = real.applicants["person_id"].to_numpy()[who].astype(object)
        return dataclasses.replace(
            real,
            applicants=real.applicants.iloc[who].reset_index(drop=True),
            given=real.given.iloc[who].reset_index(drop=True),
            applications=_applications(real, who, ids),
            leader_preferences=_preferences(real, who, np.ones(len(who), dtype=np.int64), ids),
        )


def kept(real: Round, left_out_percent: int, alike_percent: int) -> KeptPeople:
    """``real`` as a source of draws that keeps its people. Raises UsageError where it cannot be."""
    if not len(real.applications):
        raise UsageError(message("solving.no-applications"))
    if left_out_percent and len(real.leader_groups):
        raise UsageError(message("drawing.groups-left-out"))
    return KeptPeople(real, left_out_percent, alike_percent)


def _recommending_in(real: Round, alike: int) -> Recommending:
    applications, person = real.applications, real.applications["person"].to_numpy()
    municipal = (real.applicants["sector"].to_numpy() == _MUNICIPAL)[person]
    further = (real.applicants["further_education_count"].to_numpy() > 0)[person]
    yes = applications["employer_recommended"].to_numpy()
    year = applications["recommendation_date"].to_numpy() // 10_000
    return Recommending(
        (_percent(yes, municipal & ~further), _percent(yes, municipal & further)),
        alike,
        _percent(year < (real.settings.year or 0), yes & (year > 0)),
    )


def _percent(flags: Any, among: Any) -> int:
    whole = int(among.sum())
    return (200 * int((flags & among).sum()) + whole) // (2 * whole) if whole else 0


def _hash_of(real: Round, settings: str = "") -> str:
    texts = {**round_texts(real), "": settings} if settings else round_texts(real)
    return hashlib.sha256("".join(f"{n}\0{t}\0" for n, t in texts.items()).encode()).hexdigest()


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
        return _hash_of(self.real)

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
        raise UsageError(message("solving.no-applications"))
    if len(real.leader_groups):
        raise UsageError(message("drawing.groups-drawn"))
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
