"""Seats reserved for regions: which exchanges they forbid, and P7, that they are kept.

At an offering with reserved seats, a region's best applicants take them as far as there are any,
then all others by rank (``limits.RegionMinimum``). So a holder is *protected* while their region
holds no more than its reserve, and an applicant is *entitled* while it holds less.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from admissions.facts import Flags, Numbers
from admissions.verification.case import REGIONS, Case
from admissions.verification.property import Property, judged


def protected(case: Case) -> NDArray[np.bool_]:
    """Where nobody entitled to less may take a holder's seat, shaped like ``case.reserved``."""
    return (case.reserved > 0) & (case.used_by_region <= case.reserved)


def entitled(case: Case) -> NDArray[np.bool_]:
    """Where a region holds less than its reserve, shaped like ``case.reserved``."""
    return case.used_by_region < case.reserved


def forbidden(case: Case, row: int, holders: NDArray[np.int64]) -> Flags:
    """Whether a reserve forbids that the applicant ``row`` takes the seat of each holder there.

    It does when the holder is protected, of another region, and the applicant not entitled.
    """
    offering, region = case.offering[row], case.region[row]
    if entitled(case)[offering, region]:
        return np.zeros(len(holders), dtype=np.bool_)
    kept = protected(case)[offering, case.region[holders]]
    safe: Flags = kept & (case.region[holders] != region)
    return safe


def last_to_displace(
    case: Case, rows: NDArray[np.int64], holders: NDArray[np.int64]
) -> tuple[Numbers, Numbers]:
    """For each of ``rows``, the lowest place (highest number) among ``holders`` of its offering.

    First among those whose seat no reserve forbids it to take, then among all; 0 where there is
    none. Shapes (rows,). Linear: holders are scattered by offering and region.
    """
    shape = case.reserved.shape
    by_region = np.zeros(case.reserved.size, dtype=np.int64)
    cell = case.offering * shape[1] + case.region
    np.maximum.at(by_region, cell[holders], case.place[holders])
    table = by_region.reshape(shape)
    everyone = table.max(axis=1)[case.offering[rows]]
    if not case.reserved.any():
        return everyone, everyone
    exposed = np.where(protected(case), 0, table).max(axis=1)[case.offering[rows]]
    free = np.maximum(exposed, by_region[cell[rows]])
    return np.where(entitled(case).reshape(-1)[cell[rows]], everyone, free), everyone


def unmet(case: Case) -> NDArray[np.bool_]:
    """Where a reserve is not filled though it could be, shaped like ``case.reserved``.

    A region's applicant waits, the region holds less than its reserve, and a seat is empty or
    held by somebody not protected. Under the independent mechanism empty seats excuse as many:
    they were released after the last call.
    """
    short = np.maximum(case.reserved - case.used_by_region, 0)
    waits = np.zeros_like(short)
    waits[case.offering[case.wanted], case.region[case.wanted]] = 1
    short = short * waits
    taken = ((case.used_by_region > 0) & ~protected(case)).any(axis=1)
    empty = case.offers - case.used
    if case.mechanism == "independent":
        could = taken & (short.sum(axis=1) > np.maximum(empty, 0))
    else:
        could = taken | (empty > 0)
    found: NDArray[np.bool_] = (short > 0) & could[:, None]
    return found


def reserves_kept(case: Case) -> Property:
    """P7: every limit is kept. A reserve is filled as far as qualified applicants want its seats.

    A service limit of a rulebook is a column of the ranking table (P8), not a limit on plans.
    """
    wrong = np.argwhere(unmet(case))

    def lines() -> Iterator[str]:
        for offering, region in wrong:
            yield (
                f"{case.offerings[offering]}: {case.used_by_region[offering, region]} from "
                f"{REGIONS[region - 1]} hold offers, and others from there wait; the limit "
                f"{case.limits[offering]} reserves {case.reserved[offering, region]}"
            )

    return judged(
        "P7",
        "Every limit is kept.",
        broken=len(wrong),
        lines=lines(),
        reserves=int(np.count_nonzero(case.reserved)),
    )
