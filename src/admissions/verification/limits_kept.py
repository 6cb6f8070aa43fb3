"""P7: every limit is kept, counted from the offers that are held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from admissions.verification import bounds
from admissions.verification.case import Case
from admissions.verification.exchanges import Exchanges
from admissions.verification.grouping import Rows, count_in
from admissions.verification.limits import LAST
from admissions.verification.promises import Unsettling
from admissions.verification.property import Noted, Property, both, judged


def limits_kept(exchanges: Exchanges, unsettling: Sequence[Unsettling] = ()) -> Property:
    """P7: every limit is kept.

    At an offering: 1. no service and no region is above its maximum; 2. a reserve is filled as far
    as qualified applicants want its seats, and whoever is to come before others does. Over
    offerings, where the mechanism coordinates them (elsewhere such limits are counted, not
    promised): 3. no quota is exceeded; 4. no service has more away than it can spare; 5. an
    offering has its minimum class or nobody; 6. as many of a service as belong together are
    together, or none. A service limit that is a criterion is a column of the table (P8).

    A reserve is not promised beside the ``unsettling`` limits, where no plan need keep it; what
    forces it is named.
    """
    case = exchanges.case
    lacking, wrong = [*_reserves_not_filled(exchanges)], list[str]()
    for bound in bounds.maxima_at_offerings(case):
        wrong += bound.exceeded(case)
    over = [*_classes_too_small(case), *_groups_split(case)]
    everyone = np.ones(len(case.limits.services), dtype=np.bool_)
    for bound in (*bounds.quotas(case), *bounds.away(case, everyone)):
        over += bound.exceeded(case)
    counted = {} if case.coordinated else {"not_promised": len(over)}
    names = both(one.name for one in unsettling) if unsettling else ""
    if lacking and names:
        counted["forced"] = len(lacking)
        lacking = [Noted("forced-lack", line=line, limits=names) for line in lacking]
    else:
        wrong = [*lacking, *wrong]
    broken = len(wrong) + (len(over) if case.coordinated else 0)
    promised = case.coordinated or bool(wrong) or not over
    return judged(
        "P7",
        "Every limit is kept.",
        promised=promised and (bool(broken) or "forced" not in counted),
        broken=broken,
        lines=[*wrong, *over, *(lacking if "forced" in counted else ())],
        limits=_stated(case),
        **counted,
    )


def _reserves_not_filled(exchanges: Exchanges) -> Iterator[str]:
    yield from _passed_by(exchanges)
    case, reserve = exchanges.case, exchanges.reserve
    if reserve is None:
        return
    rows = unfilled(exchanges)
    used = count_in(reserve.key, case.holders, rows)
    for row, count in zip(rows.tolist(), used, strict=True):
        seats = reserve.seats[row]
        yield Noted(
            "not-first" if seats == LAST else "not-filled",
            n=count, whom=reserve.whom(row), limit=reserve.name(row), seats=seats,
        )  # fmt: skip


def _passed_by(exchanges: Exchanges) -> Iterator[str]:
    """Where several limits choose together: who waits though they put them before a holder.

    Not under the independent mechanism, where a seat can be released after the last call.
    """
    case = exchanges.case
    if case.mechanism == "independent" or not exchanges.together.any():
        return
    found = exchanges.together & exchanges.claims & ~case.passed_over[exchanges.rows]
    for at in np.flatnonzero(found).tolist():
        row, holder = int(exchanges.rows[at]), int(exchanges.goes[at])
        names = exchanges.all_names[int(case.offering[row])]
        yield Noted("passed-by", who=case.who(row), limits=names, holder=case.who(holder))


def unfilled(exchanges: Exchanges) -> Rows:
    """One waiting application for each reserve that is not filled though it could be.

    A seat of it is held by somebody in no reserve, or is unused. Under the independent mechanism
    unused offers excuse as many: they were released after the last call. Under the serial one only
    those count who had no seat when the offering's turn came.
    """
    case, reserve, rows = exchanges.case, exchanges.reserve, exchanges.rows
    if reserve is None:
        return rows[:0]
    lacking = exchanges.claims & ~case.passed_over[rows] & ~exchanges.together
    if case.coordinated:
        regional = case.limits.service_first[case.offering[rows]] == 0
        lacking = lacking | (exchanges.entitled & exchanges.admissible & regional)
    rows = rows[lacking]
    rows = rows[np.unique(reserve.key[rows], return_index=True)[1]]
    if case.mechanism != "independent":
        return rows
    offering = case.offering[rows]
    lacks = reserve.seats[rows] - count_in(reserve.key, case.holders, rows)
    short = np.zeros_like(case.offers)
    np.add.at(short, offering, np.minimum(lacks, case.offers[offering] + 1))
    unused = np.maximum(case.offers - case.used, 0)
    found: Rows = rows[(short > unused)[offering]]
    return found


def _classes_too_small(case: Case) -> Iterator[str]:
    least = case.limits.class_minimum
    for number in np.flatnonzero((case.used > 0) & (case.used < least)).tolist():
        yield Noted(
            "class-too-small",
            n=case.used[number], offering=case.offerings[number], least=least[number],
            limit=case.limits.names[number]["class-minimum"],
        )  # fmt: skip


def _groups_split(case: Case) -> Iterator[str]:
    if not case.limits.groups:
        return
    pairs = (case.service[case.holders].tolist(), case.offering[case.holders].tolist())
    holders = Counter(zip(*pairs, strict=True))
    for group in case.limits.groups:
        there = holders[group.service, group.offering]
        if 0 < there < group.at_least:
            name = case.limits.services[group.service]
            yield Noted(
                "group-split",
                n=there, service=name, offering=case.offerings[group.offering],
                least=group.at_least, limit=Noted("leader-groups", service=name),
            )  # fmt: skip


def _stated(case: Case) -> int:
    limits = case.limits
    at_offerings = sum(len(names) for names in limits.names)
    services = int(np.count_nonzero(limits.max_students < LAST))
    return at_offerings + len(limits.quotas) + len(limits.groups) + services
