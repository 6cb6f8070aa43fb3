"""The groups that people are counted in: who wins and who loses, by what they are."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Flags, Numbers
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.round import Round
from admissions.model.vocabulary import VOCABULARIES
from admissions.ranking.facts_of_round import person_facts

UNKNOWN = "unknown"

GROUPINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sector": VOCABULARIES["sector"],
        "centrality": ("1", "2", "3", "4", "5", "6", UNKNOWN),
        "experience": ("up-to-5", "6-10", "over-10"),
        "further-education": ("none", "one", "several"),
        "service-size": ("under-10", "10-24", "25-49", "50-or-more", UNKNOWN),
    }
)
"""Each grouping's groups, in order; everybody is in exactly one group of each.

- ``centrality``: SSB's class of the municipality, else of the service;
- ``experience``: years in municipal child welfare in the report's bands (statusmåling 2, §3.3.1):
  under 6 completed years, 6 to 10, more;
- ``further-education``: further educations taken before;
- ``service-size``: full-time positions of the service (the bands are an assumption); ``unknown``
  for who is in no service.
"""

_FIRST_YEARS = (600, 1100)
_FIRST_POSITIONS = (1000, 2500, 5000)


def group_codes(round_: Round) -> dict[str, Numbers]:
    """For each grouping every applicant's group: int64 (applicants,), a position in its list."""
    return codes_of(person_facts(round_))


def codes_of(facts: Mapping[str, NDArray[Any]]) -> dict[str, Numbers]:
    """The same from the facts of ``person_facts``."""
    size = facts["employees"]
    bands = np.searchsorted(_FIRST_POSITIONS, size, side="right")
    centrality = facts["centrality"]
    return {
        "sector": facts["sector"].astype(np.int64),
        "centrality": _or_unknown("centrality", centrality - 1, known=centrality >= 1),
        "experience": np.searchsorted(_FIRST_YEARS, facts["experience_municipal"], side="right"),
        "further-education": np.clip(facts["further_education_count"], 0, 2).astype(np.int64),
        "service-size": _or_unknown("service-size", bands, known=size != NOT_DOCUMENTED),
    }


def _or_unknown(grouping: str, codes: Numbers, *, known: Flags) -> Numbers:
    chosen: Numbers = np.where(known, codes, GROUPINGS[grouping].index(UNKNOWN))
    return chosen
