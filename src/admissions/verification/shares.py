"""P14: minimum shares, counted along the order of calls that was published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from admissions.rules.base import Rule
from admissions.verification.case import Case
from admissions.verification.property import ByLimit, Noted, Property, judged
from admissions.verification.published import Published
from admissions.verification.ranked import Ranked
from admissions.verification.tables import published_order

KIND = "minimum-share"


@dataclass(frozen=True)
class _Called:
    """One place in an order of calls: who has it, and to which shares (ids) they belong."""

    person: str
    shares: frozenset[str]


def shares_counted(ranked: Mapping[str, Ranked], case: Case, published: Published) -> Property:
    """P14: minimum shares counted.

    Down the published ranking, and within each sector tier unless shares go across tiers: after
    every call each share has at least its per cent of those called, as long as it has members left.
    Where two are short at one place, whoever is called counts for both; where nobody does, for the
    first named, and the other is counted as excused. Shares order calls, not admissions: how many
    of those with an offer are members is counted, and promised to nobody.

    Promised wherever a rulebook has a minimum share: leaders move the own service's people only,
    and they have one centrality.
    """
    statement = (
        "After every call each minimum share is met, as long as it has members left; of two that "
        "are short the first named goes before."
    )
    wrong: list[str] = []
    counts: Counter[str] = Counter()
    admitted: Counter[str] = Counter()
    for number, (offering, one) in enumerate(ranked.items()):
        shares = [rule for rule in one.version.criteria if rule.kind == KIND]
        if not shares:
            continue
        for line in _lists(one, shares, published):
            counts["places"] += len(line)
            excused, found = _misses(line, shares)
            counts["excused"] += excused
            wrong += [
                Noted("in-file", file=f"rankings/{offering}.csv", line=fault) for fault in found
            ]
        holders = [at for at, row in enumerate(one.application.tolist()) if case.held[row]]
        counts["admitted"] += int(case.used[number])
        for share in shares:
            members = sum(share.id in _membership(one, at, shares) for at in holders)
            admitted[ByLimit("admitted", share.id)] += members
    found_out: dict[str, int] = {}
    if counts:
        found_out = {name: counts[name] for name in ("excused", "places", "admitted")} | admitted
    return judged(
        "P14",
        statement,
        promised=any(rule.kind == KIND for one in ranked.values() for rule in one.version.criteria),
        broken=len(wrong),
        lines=wrong,
        **found_out,
    )


def _membership(one: Ranked, at: int, shares: Sequence[Rule]) -> frozenset[str]:
    """The ids of the shares to whose centrality classes the row belongs."""
    own = one.rows[at]["centrality"]
    return frozenset(rule.id for rule in shares if own in rule.parameters()["centralities"])


def _lists(
    one: Ranked, shares: Sequence[Rule], published: Published
) -> Iterator[Sequence[_Called]]:
    """The published orders of calls: one a sector tier, or one across them."""
    position = {row["person_id"]: at for at, row in enumerate(one.rows)}
    order = published_order(published.rankings.get(one.offering))["person_id"].tolist()
    across = bool(shares[0].parameters()["across_tiers"])
    by_tier: dict[int, list[_Called]] = {}
    for person in order:
        if person in position:
            at = position[person]
            tier = 0 if across else int(one.tier[at])
            by_tier.setdefault(tier, []).append(_Called(person, _membership(one, at, shares)))
    yield from by_tier.values()


def _misses(line: Sequence[_Called], shares: Sequence[Rule]) -> tuple[int, list[str]]:
    """How often a share had to yield to one named before it, and each place that breaks a share."""
    excused = 0
    faults: list[str] = []
    left = Counter(called.shares for called in line)
    so_far: Counter[str] = Counter()
    for place, called in enumerate(line, start=1):
        needed: frozenset[str] = frozenset()
        for share in shares:
            if 100 * so_far[share.id] >= share.parameters()["percent"] * place:
                continue
            if any(count and share.id in ways for ways, count in left.items()):
                both = needed | {share.id}
                possible = any(count and both <= ways for ways, count in left.items())
                excused += not possible
                needed = both if possible else needed
        faults += [
            Noted("share-missed", place=place, person=called.person, share=name)
            for name in sorted(needed - called.shares)
        ]
        left[called.shares] -= 1
        so_far.update(called.shares)
    return excused, faults
