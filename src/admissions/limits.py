"""Limits: bounds on who can hold seats together at one offering, as plain data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from admissions.rules.base import Assumption
from admissions.vocabulary import Region
from admissions.wording import Wording


class _Limit(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Wording
    source: str | None = None
    assumptions: dict[str, Assumption] = Field(default_factory=dict)


class RegionMinimum(_Limit):
    """Soft minimum per region, reserves filled first.

    As far as qualified applicants wanting a region exist, its best ``seats[region]`` come before
    all others; the remaining seats go by rank. With oslo = 5 the first five who would join the
    group in Oslo are in, whoever else applies.
    """

    kind: Literal["region-minimum"] = "region-minimum"
    seats: dict[Region, Annotated[int, Field(ge=1)]] = Field(min_length=1)


Limit = RegionMinimum
