"""What a run decided, counted per offering and sector: ``summary.json`` and the tables people read.

Everything here is an aggregate: no row of it is a person's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.model.facts import Flags
from admissions.model.output_table import TOTAL
from admissions.model.vocabulary import VOCABULARIES
from admissions.model.wording import Wording
from admissions.rulebooks.scenario import ResolvedScenario

if TYPE_CHECKING:
    from admissions.allocation.run import Run

SECTORS = VOCABULARIES["sector"]
_OUTSIDE = "none"

SectorCounts = dict[str, int]


def summarise(run: Run, decisions: pd.DataFrame) -> dict[str, Any]:
    """The counts of ``summary.json``: per offering, each by sector and in total.

    ``decisions`` has a row an application, in the order of ``Round.applications``. Everyone is
    counted per application, so a person who is qualified at two offerings counts at both. The
    sector ``none`` stands only where the round has somebody in it. The last admitted's points are
    those of the one ranked last among the sector's offered, as decided there; None where nobody is
    offered or the offering counts no points.
    """
    applicants, applications = run.round.applicants, run.round.applications
    sector = applicants["sector"].to_numpy()[applications["person"].to_numpy()]
    outside = bool((applicants["sector"] == SECTORS.index(_OUTSIDE)).any())
    sectors = tuple(name for name in SECTORS if outside or name != _OUTSIDE)
    settings = run.scenario.scenario
    offerings = {}
    for offering in run.round.offerings:
        here = (decisions["offering_id"] == offering).to_numpy()
        outcome = decisions["outcome"].to_numpy()[here]
        own, offered = sector[here], outcome == "offered"
        offerings[offering] = {
            "seats": settings.seats.get(offering),
            "offers": run.scenario.offers_to_make(offering),
            "qualified": _by_sector(own[decisions["qualified"].to_numpy()[here]], sectors),
            "offered": _by_sector(own[offered], sectors),
            "waiting": _by_sector(own[outcome == "waiting"], sectors),
            "last_admitted_points": _last_points(decisions[here][offered], own[offered], sectors),
        }
    return {
        "scenario": settings.id,
        "rules_on": run.scenario.rules_on.isoformat(),
        "mechanism": settings.mechanism,
        "offerings": offerings,
    }


def _by_sector(codes: NDArray[np.int8], sectors: tuple[str, ...]) -> SectorCounts:
    counts = {name: int((codes == SECTORS.index(name)).sum()) for name in sectors}
    return {**counts, TOTAL: len(codes)}


def _last_points(
    offered: pd.DataFrame, codes: NDArray[np.int8], sectors: tuple[str, ...]
) -> dict[str, str | None]:
    rank, points = offered["rank"].to_numpy(), offered["points"].to_numpy()

    def last(among: Flags) -> str | None:
        if not among.any():
            return None
        return str(points[among][rank[among].argmax()]) or None

    by_sector = {name: last(codes == SECTORS.index(name)) for name in sectors}
    return {**by_sector, TOTAL: last(np.ones(len(codes), dtype=np.bool_))}


@dataclass(frozen=True)
class OfferingRow:
    """One offering's line in a table of results; counts by sector and in total.

    ``offers`` are those to make, ``offered`` those made and kept; ``seats`` is None where the
    scenario states offers alone.
    """

    offering: str
    programme: Wording
    site: str
    seats: int | None
    offers: int
    qualified: Mapping[str, int]
    offered: Mapping[str, int]
    waiting: Mapping[str, int]
    last_admitted_points: Mapping[str, str | None]


@dataclass(frozen=True)
class Totals:
    """The sums of the rows, each application counted once; ``qualified`` and so on by sector."""

    seats: int
    offers: int
    qualified: Mapping[str, int]
    offered: Mapping[str, int]
    waiting: Mapping[str, int]


def offering_rows(
    summary: Mapping[str, Any], scenario: ResolvedScenario
) -> tuple[OfferingRow, ...]:
    """The rows of ``summary`` with the names that ``scenario``'s rulebooks give the offerings."""
    return tuple(
        OfferingRow(
            offering=offering,
            programme=scenario.rulebooks[offering].programme,
            site=scenario.rulebooks[offering].site,
            **counts,
        )
        for offering, counts in summary["offerings"].items()
    )


def totals(rows: tuple[OfferingRow, ...]) -> Totals:
    """The line under the table."""
    return Totals(
        seats=sum(row.seats or 0 for row in rows),
        offers=sum(row.offers for row in rows),
        qualified=_summed([row.qualified for row in rows]),
        offered=_summed([row.offered for row in rows]),
        waiting=_summed([row.waiting for row in rows]),
    )


def _summed(counts: list[Mapping[str, int]]) -> SectorCounts:
    names = [name for name in (*SECTORS, TOTAL) if any(name in count for count in counts)]
    return {name: sum(count.get(name, 0) for count in counts) for name in names}


def sectors_present(rows: tuple[OfferingRow, ...]) -> tuple[str, ...]:
    """The sectors that have a qualified application anywhere, in the contract's order."""
    return tuple(name for name in SECTORS if any(row.qualified.get(name) for row in rows))
