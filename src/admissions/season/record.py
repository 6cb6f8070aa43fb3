"""One thing that the office records, as it is stated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Record:
    """One thing that the office records.

    ``fact`` and ``value`` for a correction or an upheld appeal, at ``offering_id`` alone where the
    fact was assessed there; ``value`` None where none is stated. ``preference`` and, for somebody
    new, ``facts`` (the columns of applicants.csv as a file states them) for a late application.
    """

    event: str
    on: dt.date
    person_id: str = ""
    offering_id: str = ""
    fact: str = ""
    value: str | None = None
    reason: str = ""
    preference: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    by: str = "office"
