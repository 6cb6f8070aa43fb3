"""The ways into an offering that chooses by rank, within maxima of groups."""

from __future__ import annotations

from itertools import combinations

from ortools.sat.python.cp_model_helper import Literal

from admissions.allocation.cp_sat.offering import Offering


def constrain_by_rank(at: Offering, full: Literal) -> None:
    """Hard maxima: whoever shares every tight limit may be removed, if ranked behind.

    An offer unused is one more to remove, but where a quota can forbid it.
    """
    plans, sharing = at.plans, _Sharing(at)
    tight = (at.tight_services(), at.tight_regions(), at.tight_municipalities())
    anybody = at.behind(at.rows, unused=None if at.in_quota else ~full)
    for a in at.rows:
        own = sharing.groups_of(a)
        by_kind = [[held[g]] if g in held else [] for held, g in zip(tight, own, strict=True)]
        by_kind[0] = [*plans.forbidding(a), *by_kind[0]]
        if at.in_quota:
            every = [literal for one in by_kind for literal in one]
            plans.unless(a, [full, *every, *plans.full_quotas(a)])
        stated = [kind for kind, literals in enumerate(by_kind) if literals]
        for size in range(len(stated) + 1):
            for shared in combinations(stated, size):
                others = [x for k in stated if k not in shared for x in by_kind[k]]
                key = tuple(g if k in shared else None for k, g in enumerate(own))
                at.unless_nobody(a, sharing.behind(key) if shared else anybody, others)


class _Sharing:
    """Who is behind among those of one service, region or municipality, or of several of these."""

    def __init__(self, at: Offering) -> None:
        self._at = at
        self._kinds = (at.service, at.region, at.municipality)
        self._found: dict[tuple[int | None, ...], dict[int, Literal]] = {}

    def groups_of(self, a: int) -> tuple[int, ...]:
        """Its service, region and municipality."""
        return tuple(group[a] for group in self._kinds)

    def behind(self, key: tuple[int | None, ...]) -> dict[int, Literal]:
        """As ``Offering.behind``, of those who share what is not None; each worked out once."""
        if key not in self._found:
            members = [
                a
                for a in self._at.rows
                if all(own in (None, g) for own, g in zip(key, self.groups_of(a), strict=True))
            ]
            self._found[key] = self._at.behind(members)
        return self._found[key]
