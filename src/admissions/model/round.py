"""A round: one year's applicants and applications, checked and in canonical form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from admissions.model.errors import Finding
from admissions.model.policy import Policy

COMMITMENT = "commitment.json"
SALT = "commitment.salt"
"""The file in a round's folder that says what was committed to; no table of the round."""


class RoundSettings(BaseModel):
    """What ``round.toml`` (or the sheet ``round``) says; all optional."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: int | None = None
    rules_on: dt.date | None = None
    institution: str | None = None
    case: str | None = None
    decided_on: dt.date | None = None
    signatory: str | None = None
    answer_deadline: dt.date | None = None
    appeal_body: str | None = None
    offerings: tuple[str, ...] | None = None


class OfferingSettings(BaseModel):
    """What ``offerings.csv`` says of one offering; it wins over the round and the scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seats: int | None = None
    offers: int | None = None
    institution: str | None = None
    case: str | None = None
    answer_deadline: dt.date | None = None
    appeal_body: str | None = None
    contact: str | None = None
    rules_url: str | None = None


@dataclass(frozen=True, eq=False)
class Round:
    """One admission round. Frames have a fresh 0-based index and are never altered.

    Columns are the contract's. Numbers are int64 (grades, years, ECTS, posts, employees and need
    in hundredths; counts, centrality, ranks and maxima as they are), -1 where not documented;
    dates int64 as yyyymmdd, -1 where not documented; closed lists int8, the position in
    ``vocabulary.VOCABULARIES``, -1 where not documented; yes/no bool; texts str, "" where empty.

    - ``applicants``: a row a person with at least one application, by ``person_id``;
      ``bachelor_passed`` (bool) stands besides ``bachelor_grade`` (then -1), and so does
      ``bachelor_grade_rest``, what the file states beyond hundredths (``hundredths.REST``), and
      ``bachelor_grade_old``, the mark on the old scale that it was converted from (-1 for none);
      ``grade_scale`` is resolved and gone; ``municipality_no`` is filled in from the service.
    - ``given``: the same shape as ``applicants``, bool: True where the files state the value,
      False where the contract's default stands.
    - ``applications``: by ``person_id``, ``preference``; ``employer_recommended`` (bool),
      ``recommendation_date``; besides the contract's columns ``person`` (int64), the row in
      ``applicants``. Where the offices assessed facts of applicants for their own offerings there
      is a column for each of these, resolved: the application's fact, or else the applicant's;
      and one called ``assessed_`` and its name, bool, True where it is the application's own.
    - ``services``: by ``service_id``; ``max_students`` -1 = no limit.
    - ``municipalities``: by ``municipality_no``.
    - ``leader_preferences``: by ``service_id``, ``offering_id`` ("" = any), ``rank``.
    - ``leader_groups``: by ``service_id``, ``offering_id``.

    ``own`` has what an offering states for itself, by its id. ``sha256`` has the hash of each input
    file by name; ``notes`` what the reader should know but need not mend. ``offerings`` are those
    in the round, by id. ``policy`` is what the season after it shall be run by, None where the
    round states none. ``extra`` are the office's own columns, by header: a text an application,
    read by nothing and told in ``decisions.xlsx``.
    """

    settings: RoundSettings
    offerings: tuple[str, ...]
    applicants: pd.DataFrame
    given: pd.DataFrame
    applications: pd.DataFrame
    services: pd.DataFrame
    municipalities: pd.DataFrame
    leader_preferences: pd.DataFrame
    leader_groups: pd.DataFrame
    own: Mapping[str, OfferingSettings] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()
    sha256: Mapping[str, str] = field(default_factory=dict)
    policy: Policy | None = None
    extra: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def settings_of(self, offering: str) -> RoundSettings:
        """The round's settings with what is the offering's own in their place."""
        own = self.own.get(offering, OfferingSettings()).model_dump(exclude_none=True)
        fields = RoundSettings.model_fields
        return self.settings.model_copy(update={k: v for k, v in own.items() if k in fields})

    def of_applications(self, fact: str) -> NDArray[Any]:
        """A column of ``applicants`` for each application: as its office assessed it, or else so.

        Shape (applications,).
        """
        if fact in self.applications.columns:
            own: NDArray[Any] = self.applications[fact].to_numpy()
            return own
        person = self.applications["person"].to_numpy()
        of_person: NDArray[Any] = self.applicants[fact].to_numpy()[person]
        return of_person


ASSESSED = "assessed_"
"""Before the name of a fact: the column that says where an application states it for itself."""


def assessed(applications: pd.DataFrame, fact: str) -> NDArray[np.bool_]:
    """Where an application of ``Round.applications`` states ``fact`` for itself, shape (n,)."""
    if ASSESSED + fact in applications.columns:
        own: NDArray[np.bool_] = applications[ASSESSED + fact].to_numpy()
        return own
    return np.full(len(applications), fact in applications.columns)
