"""P4-P6: municipal first, no justified envy, no wanted offer unused.

Each check scatters the holders by offering and by what limits count, then holds every waiting
application against one number of its group: linear, no sort.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from admissions.model.facts import Flags
from admissions.verification.case import Case
from admissions.verification.exchanges import Bar, Exchanges
from admissions.verification.grouping import Rows
from admissions.verification.promises import Unsettling
from admissions.verification.property import ByLimit, Noted, Property, both, judged


def municipal_first(
    exchanges: Exchanges, *, promised: bool, unsettling: Sequence[Unsettling] = ()
) -> Property:
    """P4: municipal employees first.

    Nobody outside municipal child welfare holds an offer that a qualified municipal applicant wants
    more than what they have, unless a named limit forbids the exchange.
    """
    case = exchanges.case
    outside = case.holders[~case.municipal[case.holders]]
    municipal = case.municipal[exchanges.rows]
    free, forbidden = exchanges.ahead_of(outside, 1)
    return _judged(
        "P4",
        "Nobody outside municipal child welfare holds an offer that a qualified municipal "
        "applicant wants more than what they have, unless a named limit forbids the exchange.",
        exchanges,
        (municipal & free, municipal & forbidden),
        outside,
        promised=promised,
        unsettling=unsettling,
    )


def no_justified_envy(
    exchanges: Exchanges, *, promised: bool, unsettling: Sequence[Unsettling] = ()
) -> Property:
    """P5: no justified envy.

    Nobody waiting for an offering they want more than what they have is ranked ahead of somebody
    holding an offer there, or equal to them where equals are treated together, unless a named limit
    forbids the exchange. Somebody who holds an offer without being qualified stands behind
    everyone.
    """
    return _judged(
        "P5",
        "Nobody waiting for an offering they want more than what they have is ranked ahead of "
        "somebody holding an offer there, unless a named limit forbids the exchange.",
        exchanges,
        exchanges.envy,
        exchanges.case.holders,
        promised=promised,
        unsettling=unsettling,
    )


def no_offer_unused(
    exchanges: Exchanges, *, promised: bool, unsettling: Sequence[Unsettling] = ()
) -> Property:
    """P6: no offer is unused that a qualified applicant wants more than what they have.

    Unless a named limit forbids it. No reserve does: one without applicants goes to others. Where
    equals are turned away together, that forbids it where the offers unused are fewer than those
    who wait ahead of the applicant, equals and the applicant included.
    """
    case = exchanges.case
    broken = np.flatnonzero(exchanges.admissible)
    forced = _Forced(exchanges, unsettling)
    excused = np.flatnonzero(exchanges.unused & ~exchanges.admissible)

    def lines() -> Iterator[str]:
        for at in broken.tolist():
            who = case.who(exchanges.rows[at])
            yield forced.with_limits(Noted("waits-while-unused", who=who), at)
        for at in excused.tolist():
            names = _names(exchanges.barring(np.array([at])))
            who = case.who(exchanges.rows[at])
            yield Noted("unused-forbidden", who=who, limits=names)

    return judged(
        "P6",
        "No offer is unused that a qualified applicant wants more than what they have, "
        "unless a named limit forbids it.",
        promised=promised and not (unsettling and len(broken)),
        broken=len(broken),
        lines=lines(),
        excused=len(excused),
        **_by_limit(exchanges.barring(excused)),
        **forced.counted(broken),
        unused=int(np.maximum(case.offers - case.used, 0).sum()),
    )


def blocking_pairs(exchanges: Exchanges) -> int:
    """How many waiting applications block the plan: by envy, waste or a reserve's claim."""
    blocks = exchanges.envy[0] | exchanges.admissible | exchanges.claims
    return int(np.count_nonzero(blocks))


def _judged(
    name: str,
    statement: str,
    exchanges: Exchanges,
    flags: tuple[Flags, Flags],
    holders: Rows,
    *,
    promised: bool,
    unsettling: Sequence[Unsettling],
) -> Property:
    """The property, given whose envy of ``holders`` is justified and whose excused."""
    case, rows = exchanges.case, exchanges.rows
    broken, excused = (np.flatnonzero(one) for one in flags)
    forced = _Forced(exchanges, unsettling)
    rivals = _last_at(case, holders)[exchanges.offering[excused]] if len(excused) else excused

    def lines() -> Iterator[str]:
        for at in broken.tolist():
            there = holders[case.offering[holders] == case.offering[rows[at]]]
            forbidden = np.zeros(len(there), dtype=np.bool_)
            for bar in exchanges.forbidding(np.full(len(there), at), there):
                forbidden |= bar.flags
            free = there[~forbidden]
            rival = free[np.argmax(case.place[free])]
            envy = Noted("waits-and-holds", who=case.who(rows[at]), holder=case.who(rival))
            yield forced.with_limits(envy, at)
        for at, rival in zip(excused.tolist(), rivals.tolist(), strict=True):
            names = _names(exchanges.forbidding(np.array([at]), np.array([rival])))
            yield Noted(
                "exchange-forbidden",
                who=case.who(rows[at]), holder=case.who(rival), limits=names,
            )  # fmt: skip

    return judged(
        name,
        statement,
        promised=promised and not (unsettling and len(broken)),
        broken=len(broken),
        lines=lines(),
        excused=len(excused),
        **_by_limit(exchanges.forbidding(excused, rivals)),
        **forced.counted(broken),
    )


class _Forced:
    """Which limits force the pairs that remain where no plan without any may exist."""

    def __init__(self, exchanges: Exchanges, unsettling: Sequence[Unsettling]) -> None:
        self._offering = exchanges.offering
        self._unsettling = unsettling

    def names(self, at: int) -> list[str]:
        """Those that bear on the offering where ``at`` waits; all where none does."""
        there = int(self._offering[at])
        near = [one.name for one in self._unsettling if one.bears[there]]
        return near or [one.name for one in self._unsettling]

    def with_limits(self, line: str, at: int) -> str:
        """``line``, and by which of them such a pair is forced, in words."""
        names = self.names(at)
        return Noted("forced-pair", line=line, limits=both(names)) if names else line

    def counted(self, broken: Rows) -> dict[ByLimit, int]:
        """How many remaining pairs each limit forces, by its name."""
        counts = Counter(name for at in broken.tolist() for name in self.names(at))
        return {ByLimit("forced", name): count for name, count in sorted(counts.items())}


def _last_at(case: Case, holders: Rows) -> Rows:
    """The last of ``holders`` at each offering, -1 where there is none, (k,).

    Of several who are not qualified, and so stand behind everyone, one.
    """
    last, offering = np.full(len(case.offerings), -1), case.offering[holders]
    there = case.place[holders] == case.last_at(holders)[offering]
    last[offering[there]] = holders[there]
    return last


def _names(bars: Iterable[Bar]) -> str:
    """The limits that forbid the one exchange that ``bars`` are about."""
    names = [bar.names[int(bar.named[0])] for bar in bars if bar.flags[0]]
    return both(names)


def _by_limit(bars: Iterable[Bar]) -> dict[ByLimit, int]:
    """How many each limit excuses, by its name; whom two limits forbid it counts under both."""
    counts: dict[ByLimit, int] = {}
    for bar in bars:
        number = np.bincount(bar.named[bar.flags], minlength=len(bar.names))
        for at in np.flatnonzero(number).tolist():
            name = ByLimit("excused", bar.names[at])
            counts[name] = counts.get(name, 0) + int(number[at])
    return counts
