"""Limits: bounds on who can hold seats together, as plain data (design §5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from admissions.rules.base import Assumption
from admissions.vocabulary import Region
from admissions.wording import Wording

Seats = Annotated[int, Field(ge=1)]


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
    seats: dict[Region, Seats] = Field(min_length=1)


class RegionMaximum(_Limit):
    """Hard maximum per region: at most ``seats[region]`` holders would join that group."""

    kind: Literal["region-maximum"] = "region-maximum"
    seats: dict[Region, Annotated[int, Field(ge=0)]] = Field(min_length=1)


class ServiceMaximum(_Limit):
    """Hard maximum per service: at most ``seats`` holders from one service at this offering."""

    kind: Literal["service-maximum"] = "service-maximum"
    seats: Seats


class ServiceFirst(_Limit):
    """Soft limit per service, counted among those considered together.

    The best ``seats`` of each service come before every service's others, whoever else was turned
    away before; ``service-limit`` (a criterion) counts among all applicants instead.
    """

    kind: Literal["service-first"] = "service-first"
    seats: Seats


class ClassMinimum(_Limit):
    """Minimum class size: the offering is closed rather than run with fewer than ``seats``."""

    kind: Literal["class-minimum"] = "class-minimum"
    seats: Seats


Limit = Annotated[
    RegionMinimum | RegionMaximum | ServiceMaximum | ServiceFirst | ClassMinimum,
    Field(discriminator="kind"),
]
"""A limit at one offering, as a rulebook or scenario states it."""


class Quota(BaseModel):
    """A common quota: at most ``seats`` offers over all of ``offerings`` together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Wording
    offerings: tuple[str, ...] = Field(min_length=1)
    seats: int = Field(ge=0)


def refuse_together(limits: Sequence[Limit]) -> None:
    """Raises ValueError for limits that cannot stand together at one offering.

    Each kind at most once; reserves (region-minimum, service-first) not with another limit on
    regions or services: which of the two yields would have to be stated, and is not.
    """
    kinds = [limit.kind for limit in limits]
    for kind in kinds:
        if kinds.count(kind) > 1:
            raise ValueError(f"two limits are of the kind {kind!r}; expected one")
    reserves = [kind for kind in kinds if kind in ("region-minimum", "service-first")]
    others = [kind for kind in kinds if kind not in ("class-minimum", *reserves[:1])]
    if reserves and others:
        raise ValueError(
            f"{reserves[0]} cannot stand together with {others[0]} at one offering. "
            "Maybe keep one of them."
        )
